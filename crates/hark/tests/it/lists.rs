//! The query language through the front door, on every list that the router has.
//!
//! The tests walk through the table of operations: a new list that can be paged needs a row in
//! `PAGED`, and says so.

use hark_api::{Listed, Operation};
use hark_test::{Answer, Project, TestApp, both};
use serde_json::{Value as Json, json};

use crate::people::{owner, text};
use crate::tenancy::{NOBODY, fill, samples};

/// How documents of a list come about.
struct Paged {
    /// The operation that lists them.
    list: &'static str,
    /// Where they are created.
    create: &'static str,
    /// What creates one that differs from the others in its name.
    body: fn(&str) -> Json,
    /// A property by which one is found.
    property: &'static str,
}

const PAGED: &[Paged] = &[
    Paged {
        list: "GetSessions",
        create: "/v3/sessions",
        body: |name| json!({"userId": name}),
        property: "userId",
    },
    Paged {
        list: "GetTickets",
        create: "/v3/tickets",
        body: |name| json!({"title": name, "type": "INQUIRY"}),
        property: "title",
    },
    Paged {
        list: "GetTeams",
        create: "/v3/teams",
        body: |name| json!({"name": name, "assignmentMethod": "manual"}),
        property: "name",
    },
    Paged {
        list: "FindTicketViews",
        create: "/v3/ticket-views",
        body: |name| json!({"name": name}),
        property: "name",
    },
    Paged {
        list: "FindSegments",
        create: "/v3/segments",
        body: |name| json!({"name": name}),
        property: "name",
    },
    Paged {
        list: "FindTicketTypes",
        create: "/v3/ticket-types",
        body: |name| json!({"type": name, "title": name}),
        property: "type",
    },
    Paged {
        list: "FindProperties",
        create: "/v3/properties",
        body: |name| json!({"type": "text", "label": name, "fieldId": name, "targetSource": "BUG"}),
        property: "label",
    },
    Paged {
        list: "FindMessageTemplates",
        create: "/v3/message-templates",
        body: |name| json!({"title": name, "content": name}),
        property: "title",
    },
    Paged {
        list: "GetImports",
        create: "/v3/sessions/importer/hubspot",
        body: |name| json!({"apiKey": name}),
        property: "id",
    },
    Paged {
        list: "FindChannels",
        create: "/v3/channels",
        body: |name| json!({"type": "API", "name": name}),
        property: "name",
    },
    Paged {
        list: "FindNotes",
        create: "/v3/notes",
        body: |name| json!({"title": name, "content": name}),
        property: "title",
    },
    Paged {
        list: "FindWebhooks",
        create: "/v3/webhooks",
        body: |name| json!({"name": name, "url": "https://example.com"}),
        property: "name",
    },
    Paged {
        list: "FindWorkflows",
        create: "/v3/workflows",
        body: |name| json!({"name": name}),
        property: "name",
    },
    Paged {
        list: "FindSlaPolicies",
        create: "/v3/sla-policies",
        body: |name| json!({"name": name, "resolution": 60}),
        property: "name",
    },
];

/// Lists of what needs more around it than a row can make; the tests of their areas filter and page them.
const ELSEWHERE: &[&str] = &[
    "GetMessageDrafts",
    "GetMessages",
    "GetScheduledMessages",
    "FindTicketsBySessionQuery",
    "FindWebhookDeliveries",
    "FindWorkflowRuns",
    "FindWorkflowRunsOfTicket",
];

both! {
    async fn every_paged_list_filters_sorts_and_pages(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        for operation in lists(Listed::Paged) {
            if ELSEWHERE.contains(&operation.id) {
                continue;
            }
            let row = PAGED.iter().find(|row| row.list == operation.id);
            let row = row.unwrap_or_else(|| panic!("{} is not tested, add a row to `PAGED`", operation.id));
            let project = app.project().await;
            let mut made = Vec::new();
            for name in ["n1", "n2", "n3", "n4", "n5"] {
                // So that each has a moment of its own.
                app.clock.advance(1_000);
                let created = app.post(&project, row.create, (row.body)(name)).send().await.expect(200);
                made.push(if created.is_array() { created[0].clone() } else { created });
            }
            let of = |indices: &[usize]| -> Vec<String> { indices.iter().map(|index| text(&made[*index], "id")).collect() };
            let found = async |query: &str| ids(&app.get(&project, &format!("{}?{query}", operation.path)).send().await);
            let id = operation.id;

            let one = format!("{}={}", row.property, text(&made[2], row.property));
            assert_eq!(found(&one).await, (of(&[2]), "1".to_owned()), "{id}?{one}");
            let later = format!("createdAt%3E{}&sort=createdAt", text(&made[2], "createdAt"));
            assert_eq!(found(&later).await, (of(&[3, 4]), "2".to_owned()), "{id}?{later}");
            assert_eq!(found("sort=-createdAt").await, (of(&[4, 3, 2, 1, 0]), "5".to_owned()), "{id}");
            assert_eq!(found("sort=-createdAt&skip=1&limit=2").await, (of(&[3, 2]), "5".to_owned()), "{id}");
            assert_eq!(walk(&app, &project, &operation, "sort=-createdAt&limit=2").await, [of(&[4, 3]), of(&[2, 1]), of(&[0])], "{id}");
        }
    }

    async fn every_short_list_filters_and_is_cut(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let (project, other) = (app.project().await, app.project().await);
        let samples = samples(&app, &project).await;
        let me = owner(&app, &project).await;
        let invite = json!({"emails": [me.email]});
        app.post(&other, "/v3/invitations/projects", invite).send().await.expect(200);
        let more = json!({"emails": ["more@example.com"]});
        let path = format!("/v3/invitations/organisations/{}", project.organisation);
        me.call_in(&app, &project, hark_test::Method::POST, &path).json(more).send().await.expect(200);
        for operation in lists(Listed::Short) {
            let path = fill(&operation, &samples);
            let get = async |query: &str| me.call_in(&app, &project, operation.method.clone(), &format!("{path}?{query}")).send().await;
            let none = get(&format!("id={NOBODY}")).await;
            assert_eq!((none.expect(200), none.header("x-total-count")), (json!([]), "0"), "{}", operation.id);
            let cut = get("limit=1").await;
            assert_eq!(cut.expect(200).as_array().map(Vec::len), Some(1), "{}", operation.id);
            assert_ne!(cut.header("x-total-count"), "0", "{}", operation.id);
            get("cursor=00").await.expect(400);
        }
    }
}

fn lists(listed: Listed) -> Vec<Operation> {
    let found: Vec<Operation> =
        hark_api::operations().into_iter().filter(|operation| operation.list == Some(listed)).collect();
    assert!(!found.is_empty(), "there is no such list");
    found
}

/// The ids of a list, and how many it has in all: in a bare array with headers, or in an envelope.
fn ids(answer: &Answer) -> (Vec<String>, String) {
    let found = answer.expect(200);
    let ids = |list: &Json| {
        list.as_array().into_iter().flatten().map(|document| text(document, "id")).collect::<Vec<_>>()
    };
    match found.get("totalCount") {
        Some(total) => (ids(&found["tickets"]), total.to_string()),
        None => (ids(&found), answer.header("x-total-count").to_owned()),
    }
}

/// The cursor of the next page, empty on the last one.
fn next_cursor(answer: &Answer) -> String {
    match answer.expect(200).get("nextCursor") {
        Some(next) => next.as_str().expect("a text").to_owned(),
        None => answer.header("x-next-cursor").to_owned(),
    }
}

/// The ids of each page, from the first to the last.
async fn walk(app: &TestApp, project: &Project, operation: &Operation, query: &str) -> Vec<Vec<String>> {
    let (mut pages, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("{}?{query}{cursor}", operation.path);
        let answer = app.get(project, &path).send().await;
        pages.push(ids(&answer).0);
        assert!(pages.len() <= 5, "the cursors of {} have no end", operation.id);
        match next_cursor(&answer).as_str() {
            "" => return pages,
            next => cursor = format!("&cursor={next}"),
        }
    }
}
