//! Notifications: who is told of what happens in tickets, and what is left of it.

use hark_core::notifications::NOTIFICATION;
use hark_query::Filter;
use hark_store::Listing;
use hark_test::{Device, Method, Project, TestApp, both};
use serde_json::{Value as Json, json};

use crate::people::{self, Person, text};

pub(crate) const MINUTE_MS: i64 = 60_000;
pub(crate) const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

/// A server with a mail server, and a project.
pub(crate) async fn start(scratch: hark_test::Scratch) -> (TestApp, Project) {
    let app = TestApp::with_mail(scratch).await;
    let project = app.project().await;
    (app, project)
}

pub(crate) async fn agent(app: &TestApp, project: &Project, name: &str) -> Person {
    people::member(app, project, &format!("{name}@example.com"), "DEFAULT").await
}

pub(crate) async fn made(app: &TestApp, project: &Project, path: &str, body: Json) -> String {
    text(&app.post(project, path, body).send().await.expect(200), "id")
}

/// A ticket of a contact that is called Grace.
pub(crate) async fn ticket(app: &TestApp, project: &Project, more: Json) -> (String, String) {
    let contact =
        made(app, project, "/v3/sessions", json!({"userId": "grace", "name": "Grace Hopper"})).await;
    let mut body = json!({"title": "The checkout fails", "session": contact});
    body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    (made(app, project, "/v3/tickets", body).await, contact)
}

/// Writes in a ticket as somebody.
pub(crate) async fn write(
    app: &TestApp,
    project: &Project,
    who: &Person,
    ticket: &str,
    comment: Json,
    note: bool,
) -> String {
    let body = json!({"ticket": ticket, "comment": comment, "isNote": note});
    let call = who.call_in(app, project, Method::POST, "/v3/messages").json(body);
    text(&call.send().await.expect(200), "id")
}

pub(crate) fn naming(who: &Person, words: &str) -> Json {
    let mention = json!({"type": "mention", "attrs": {"id": who.id, "label": "somebody"}});
    json!({"type": "doc", "content": [{"type": "paragraph", "content": [mention, {"type": "text", "text": words}]}]})
}

/// What somebody was told, after everything that waits was done.
pub(crate) async fn told(app: &TestApp, project: &Project, who: &Person) -> Json {
    app.run_jobs().await;
    who.call_in(app, project, Method::GET, "/v3/notifications").send().await.expect(200)
}

pub(crate) async fn reasons(app: &TestApp, project: &Project, who: &Person) -> Vec<String> {
    let told = told(app, project, who).await;
    told["notifications"].as_array().expect("a list").iter().map(|one| text(one, "reason")).collect()
}

pub(crate) async fn prefer(app: &TestApp, who: &Person, preferences: Json, settings: Json) {
    let body = json!({"notificationPreferences": preferences, "notificationSettings": settings});
    who.call(app, Method::PUT, &format!("/v3/users/{}", who.id)).json(body).send().await.expect(200);
}

pub(crate) async fn mark(app: &TestApp, project: &Project, who: &Person, which: Json) -> Json {
    who.call_in(app, project, Method::PUT, "/v3/notifications/read").json(which).send().await.expect(200)
}

/// How many notifications a project stores.
async fn stored(app: &TestApp, project: &Project) -> usize {
    let scope = app.app.store.operator_of(project.id.parse().expect("an id")).await.expect("a scope");
    let list =
        |tx: &hark_store::ReadTx<'_>| tx.list(&NOTIFICATION, &Listing::new(Filter::everything(), 1_000));
    app.app.store.read(&scope, list).await.expect("a list").docs.len()
}

/// Everything of every reason in the dashboard, nothing by mail.
fn everything() -> Json {
    let all = [
        "all-ticket-messages",
        "all-sla-breached",
        "personal-ticket-messages",
        "all-created-tickets",
        "personal-assignment",
        "personal-mention",
        "team-ticket-messages",
        "team-ticket-assignment",
    ];
    all.iter()
        .map(|reason| ((*reason).to_owned(), json!({"inApp": true})))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

both! {
    async fn who_is_named_in_a_note_is_told_and_nobody_else(scratch: Scratch) {
        let (app, project) = start(scratch).await;
        let (ada, bob, eve) = (agent(&app, &project, "ada").await, agent(&app, &project, "bob").await, agent(&app, &project, "eve").await);
        let (ticket, _) = ticket(&app, &project, json!({})).await;
        let message = write(&app, &project, &ada, &ticket, naming(&bob, " please look, it is <b>urgent</b>"), true).await;
        let news = told(&app, &project, &bob).await;
        assert_eq!((&news["unread"], news.get("next")), (&json!(1), None));
        let one = &news["notifications"][0];
        assert_eq!(
            (&one["reason"], &one["ticket"], &one["message"], &one["project"], &one["title"], &one["actor"], &one["read"], &one["count"]),
            (&json!("personal-mention"), &json!(ticket), &json!(message), &json!(project.id), &json!("The checkout fails"), &json!("Ada Lovelace"), &json!(false), &json!(1))
        );
        assert!(text(one, "excerpt").contains("please look, it is <b>urgent</b>"), "{one}");
        for other in [&ada, &eve] {
            assert_eq!(told(&app, &project, other).await["notifications"], json!([]));
        }
        // Who names itself knows that.
        write(&app, &project, &bob, &ticket, naming(&bob, " to myself"), true).await;
        assert_eq!(reasons(&app, &project, &bob).await, ["personal-mention"]);
    }

    async fn the_users_stream_tells_without_words(scratch: Scratch) {
        let (app, project) = start(scratch).await;
        let (ada, bob) = (agent(&app, &project, "ada").await, agent(&app, &project, "bob").await);
        let (ticket, _) = ticket(&app, &project, json!({})).await;
        write(&app, &project, &ada, &ticket, naming(&bob, " a secret word"), true).await;
        let id = told(&app, &project, &bob).await["notifications"][0]["id"].clone();
        let changes = async |who: &Person| who.call_in(&app, &project, Method::GET, "/v3/changes?stream=user&after=0").send().await.expect(200)["changes"].clone();
        let heard = changes(&bob).await;
        assert_eq!((&heard[0]["event"], &heard[0]["data"]), (&json!("notification"), &json!({"notification": id, "ticket": ticket, "reason": "personal-mention"})));
        assert_eq!(mark(&app, &project, &bob, json!({"ticket": ticket})).await, json!({"unread": 0}));
        assert_eq!(changes(&bob).await[1]["data"], json!({"unread": 0}));
        assert_eq!(changes(&ada).await, json!([]));
    }

    async fn preferences_decide_who_hears_of_what(scratch: Scratch) {
        let (app, project) = start(scratch).await;
        let (ada, bob, eve) = (agent(&app, &project, "ada").await, agent(&app, &project, "bob").await, agent(&app, &project, "eve").await);
        let team = made(&app, &project, "/v3/teams", json!({"name": "Support", "assignmentMethod": "manual", "members": [bob.id]})).await;
        prefer(&app, &eve, everything(), json!({})).await;
        let off: serde_json::Map<String, Json> = everything().as_object().expect("an object").keys().map(|name| (name.clone(), json!({}))).collect();
        let (ticket, _) = ticket(&app, &project, json!({"processingUser": ada.id, "processingTeam": team})).await;
        assert_eq!(reasons(&app, &project, &ada).await, ["personal-assignment"]);
        assert_eq!(reasons(&app, &project, &bob).await, ["team-ticket-assignment"]);
        assert_eq!(reasons(&app, &project, &eve).await, ["all-created-tickets"]);
        made(&app, &project, "/v3/messages", json!({"ticket": ticket, "comment": "x"})).await;
        assert_eq!(reasons(&app, &project, &ada).await, ["personal-ticket-messages", "personal-assignment"]);
        assert_eq!(reasons(&app, &project, &bob).await, ["team-ticket-messages", "team-ticket-assignment"]);
        assert_eq!(reasons(&app, &project, &eve).await, ["all-ticket-messages", "all-created-tickets"]);
        // More of the same in the same ticket is one line.
        let next = made(&app, &project, "/v3/messages", json!({"ticket": ticket, "comment": "the last"})).await;
        let line = told(&app, &project, &ada).await["notifications"][0].clone();
        assert_eq!((&line["count"], &line["message"], &line["excerpt"]), (&json!(2), &json!(next), &json!("the last")));

        for who in [&ada, &bob, &eve] {
            mark(&app, &project, who, json!({"all": true})).await;
            prefer(&app, who, Json::Object(off.clone()), json!({})).await;
        }
        write(&app, &project, &ada, &ticket, naming(&bob, " x"), true).await;
        app.put(&project, &format!("/v3/tickets/{ticket}"), json!({"processingUser": eve.id})).send().await.expect(200);
        for who in [&ada, &bob, &eve] {
            assert_eq!(told(&app, &project, who).await["unread"], json!(0));
        }
    }

    async fn a_late_ticket_is_told_and_spam_is_not(scratch: Scratch) {
        let (app, project) = start(scratch).await;
        let ada = agent(&app, &project, "ada").await;
        prefer(&app, &ada, json!({}), json!({})).await;
        made(&app, &project, "/v3/sla-policies", json!({"name": "Fast", "firstResponse": 60})).await;
        ticket(&app, &project, json!({})).await;
        let spam = made(&app, &project, "/v3/tickets", json!({"title": "x", "isSpam": true, "processingUser": ada.id})).await;
        app.run_jobs().await;
        app.clock.advance(2 * MINUTE_MS);
        assert_eq!(reasons(&app, &project, &ada).await, ["all-sla-breached"], "{spam}");
    }

    async fn what_somebody_created_is_left_out_by_wish(scratch: Scratch) {
        let (app, project) = start(scratch).await;
        let (ada, bob) = (agent(&app, &project, "ada").await, agent(&app, &project, "bob").await);
        for who in [&ada, &bob] {
            prefer(&app, who, everything(), json!({"preventNotificationsWhereICreator": true})).await;
        }
        let call = ada.call_in(&app, &project, Method::POST, "/v3/tickets").json(json!({"title": "By Ada"}));
        let ticket = text(&call.send().await.expect(200), "id");
        made(&app, &project, "/v3/messages", json!({"ticket": ticket, "comment": "x"})).await;
        assert_eq!(reasons(&app, &project, &ada).await, [""; 0]);
        assert_eq!(reasons(&app, &project, &bob).await, ["all-ticket-messages", "all-created-tickets"]);
    }

    async fn nobody_hears_what_it_may_not_read(scratch: Scratch) {
        let (app, project) = start(scratch).await;
        let (other, sibling) = (app.project().await, app.sibling(&project).await);
        let ada = agent(&app, &project, "ada").await;
        people::role(&app, &project, "CLERK", &["contacts.read", "team.read"]).await;
        let clerk = people::member(&app, &project, "clerk@example.com", "CLERK").await;
        people::role(&app, &project, "READER", &["tickets.read"]).await;
        let reader = people::member(&app, &project, "reader@example.com", "READER").await;
        let stranger = agent(&app, &other, "stranger").await;
        let next_door = agent(&app, &sibling, "next").await;
        for who in [&clerk, &stranger, &next_door, &reader] {
            prefer(&app, who, everything(), json!({})).await;
        }
        let (ticket, _) = ticket(&app, &project, json!({})).await;
        for who in [&clerk, &stranger, &next_door] {
            write(&app, &project, &ada, &ticket, naming(who, " a secret"), true).await;
        }
        app.run_jobs().await;
        clerk.call_in(&app, &project, Method::GET, "/v3/notifications").send().await.expect(403);
        clerk.call_in(&app, &project, Method::GET, "/v3/changes?stream=user&after=0").send().await.expect(403);
        assert_eq!(told(&app, &other, &stranger).await["notifications"], json!([]));
        assert_eq!(told(&app, &sibling, &next_door).await["notifications"], json!([]));
        stranger.call_in(&app, &project, Method::GET, "/v3/notifications").send().await.expect(404);
        let of_reader = told(&app, &project, &reader).await;
        assert_eq!(of_reader["unread"], json!(2));
        assert_eq!(stored(&app, &project).await, 2, "nothing is stored for others");
        // Nor may one mark what another was told.
        mark(&app, &project, &ada, json!({"ticket": ticket})).await;
        mark(&app, &project, &ada, json!({"ids": [of_reader["notifications"][0]["id"]]})).await;
        assert_eq!(told(&app, &project, &reader).await["unread"], json!(2));
        // Who does not see contacts does not learn their names here.
        let device = Device::start(&app, &project).await;
        let session = device.identify(&app, json!({"userId": "mary", "name": "Mary Shelley"})).await.expect(200);
        crate::conversations::begin(&app, &project, &device.with(&session), "it lives").await;
        prefer(&app, &ada, everything(), json!({})).await;
        let last = |news: Json| (news["notifications"][0]["excerpt"].clone(), news["notifications"][0].get("actor").cloned());
        assert_eq!(last(told(&app, &project, &reader).await), (json!("it lives"), None));
        crate::conversations::begin(&app, &project, &device.with(&session), "it lives still").await;
        assert_eq!(last(told(&app, &project, &ada).await), (json!("it lives still"), Some(json!("Mary Shelley"))));
    }

    async fn a_list_goes_on_and_is_read_in_parts(scratch: Scratch) {
        let (app, project) = start(scratch).await;
        let ada = agent(&app, &project, "ada").await;
        for number in 0..5 {
            made(&app, &project, "/v3/tickets", json!({"title": format!("Number {number}"), "processingUser": ada.id})).await;
        }
        app.run_jobs().await;
        let get = async |query: &str| ada.call_in(&app, &project, Method::GET, &format!("/v3/notifications{query}")).send().await;
        let titles = |page: &Json| page["notifications"].as_array().expect("a list").iter().map(|one| text(one, "title")).collect::<Vec<_>>();
        let first = get("?limit=2").await.expect(200);
        let second = get(&format!("?limit=2&cursor={}", text(&first, "next"))).await.expect(200);
        let third = get(&format!("?limit=2&cursor={}", text(&second, "next"))).await.expect(200);
        let all: Vec<String> = [&first, &second, &third].into_iter().flat_map(titles).collect();
        assert_eq!(all, ["Number 4", "Number 3", "Number 2", "Number 1", "Number 0"]);
        assert_eq!((third.get("next"), &third["unread"]), (None, &json!(5)));
        assert_eq!(mark(&app, &project, &ada, json!({"ids": [first["notifications"][0]["id"]]})).await, json!({"unread": 4}));
        assert_eq!(get("").await.expect(200)["notifications"][0]["read"], json!(true));
        assert_eq!(mark(&app, &project, &ada, json!({"all": true})).await, json!({"unread": 0}));
        for wrong in [json!({}), json!({"ids": vec![people::text(&first["notifications"][0], "id"); 501]})] {
            ada.call_in(&app, &project, Method::PUT, "/v3/notifications/read").json(wrong).send().await.expect(400);
        }
        get("?limit=x").await.expect(400);
        get("?cursor=x").await.expect(400);
    }

    async fn a_planned_reply_reads_nothing(scratch: Scratch) {
        let (app, project) = start(scratch).await;
        let (ada, bob) = (agent(&app, &project, "ada").await, agent(&app, &project, "bob").await);
        let (ticket, _) = ticket(&app, &project, json!({})).await;
        let later = json!({"ticket": ticket, "comment": "soon", "delay": 600});
        bob.call_in(&app, &project, Method::POST, "/v3/scheduled-messages").json(later).send().await.expect(200);
        write(&app, &project, &ada, &ticket, naming(&bob, "look"), true).await;
        assert_eq!(told(&app, &project, &bob).await["unread"], 1);
        app.clock.advance(10 * MINUTE_MS);
        assert_eq!(told(&app, &project, &bob).await["unread"], 1);
        write(&app, &project, &bob, &ticket, json!("seen"), true).await;
        assert_eq!(told(&app, &project, &bob).await["unread"], 0);
    }

    async fn a_line_stays_until_all_that_it_told_of_is_gone(scratch: Scratch) {
        let (app, project) = start(scratch).await;
        let (ada, bob) = (agent(&app, &project, "ada").await, agent(&app, &project, "bob").await);
        let (ticket, contact) = ticket(&app, &project, json!({"processingUser": bob.id})).await;
        let by_contact = json!({"ticket": ticket, "comment": "first", "session": contact});
        let first = made(&app, &project, "/v3/messages", by_contact).await;
        let mut said = vec![first];
        for words in ["second", "third"] {
            said.push(write(&app, &project, &ada, &ticket, json!(words), false).await);
        }
        let line = async || {
            let news = told(&app, &project, &bob).await;
            let line = news["notifications"].as_array().expect("a list").iter().find(|one| one["reason"] == "personal-ticket-messages").cloned();
            line.map(|line| (line["excerpt"].clone(), line["count"].clone(), line["actor"].clone()))
        };
        assert_eq!(line().await, Some((json!("third"), json!(3), json!("Ada Lovelace"))));
        app.delete(&project, &format!("/v3/messages/{}", said[1])).send().await.expect(204);
        assert_eq!(line().await.map(|line| line.0), Some(json!("third")));
        app.delete(&project, &format!("/v3/messages/{}", said[2])).send().await.expect(204);
        assert_eq!(line().await, Some((json!("first"), json!(1), json!("Grace Hopper"))));
        app.delete(&project, &format!("/v3/messages/{}", said[0])).send().await.expect(204);
        assert_eq!(line().await, None);
        let heard = bob.call_in(&app, &project, Method::GET, "/v3/changes?stream=user&after=0").send().await.expect(200);
        let unread = heard["changes"].as_array().expect("a list").last().map(|last| last["data"].clone());
        assert_eq!(unread, Some(json!({"unread": 1})), "the assignment");
    }

    async fn several_pages_mark_the_same_at_once(scratch: Scratch) {
        let (app, project) = start(scratch).await;
        let bob = agent(&app, &project, "bob").await;
        let (ticket, _) = ticket(&app, &project, json!({})).await;
        let scope = app.app.store.operator_of(project.id.parse().expect("an id")).await.expect("a scope");
        for _ in 0..3 {
            let one = json!({"user": bob.id, "ticket": ticket, "reason": "personal-mention", "read": false, "inApp": true, "count": 1});
            let many = move |tx: &mut hark_store::Tx<'_>| {
                (0..40).try_for_each(|_| tx.insert(&NOTIFICATION, hark_store::to_body(one.clone())).map(drop))
            };
            app.app.store.write(&scope, many).await.expect("notifications");
            let ways = [json!({"all": true}), json!({"ticket": ticket})];
            let pages = ways.iter().cycle().take(8).map(|which| {
                bob.call_in(&app, &project, Method::PUT, "/v3/notifications/read").json(which.clone()).send()
            });
            for answer in futures_util::future::join_all(pages).await {
                assert_eq!(answer.expect(200), json!({"unread": 0}));
            }
        }
    }

    async fn one_line_for_a_ticket_and_reason_however_many_others_have(scratch: Scratch) {
        let (app, project) = start(scratch).await;
        let (ada, bob) = (agent(&app, &project, "ada").await, agent(&app, &project, "bob").await);
        let (ticket, _) = ticket(&app, &project, json!({})).await;
        write(&app, &project, &ada, &ticket, naming(&bob, " first"), true).await;
        app.run_jobs().await;
        // A thousand others are told of the same ticket.
        let scope = app.app.store.operator_of(project.id.parse().expect("an id")).await.expect("a scope");
        let of = ticket.clone();
        let crowd = move |tx: &mut hark_store::Tx<'_>| {
            (0..1_001).try_for_each(|_| {
                let one = json!({"user": tx.new_id(), "ticket": of, "reason": "personal-mention", "read": false, "inApp": true, "count": 1});
                tx.insert(&NOTIFICATION, hark_store::to_body(one)).map(drop)
            })
        };
        app.app.store.write(&scope, crowd).await.expect("notifications");
        write(&app, &project, &ada, &ticket, naming(&bob, " second"), true).await;
        let news = told(&app, &project, &bob).await;
        assert_eq!(news["notifications"].as_array().map(Vec::len), Some(1), "{news}");
        assert_eq!((&news["unread"], &news["notifications"][0]["count"]), (&json!(1), &json!(2)));
    }

    async fn what_was_told_of_messages_goes_with_their_contact(scratch: Scratch) {
        let (app, project) = start(scratch).await;
        let bob = agent(&app, &project, "bob").await;
        prefer(&app, &bob, everything(), json!({})).await;
        let contact = async |name: &str| made(&app, &project, "/v3/sessions", json!({"userId": name, "name": name})).await;
        let (eve, mary) = (contact("eve").await, contact("mary").await);
        let of_eve = made(&app, &project, "/v3/tickets", json!({"title": "Of Eve", "session": eve})).await;
        let of_mary = made(&app, &project, "/v3/tickets", json!({"title": "Of Mary", "session": mary})).await;
        let merge = json!({"ticketsToMergeIds": [of_mary], "targetTicketId": of_eve, "shouldMergeContacts": false, "shouldMergeTasks": false, "shouldCreateNewTicket": false});
        app.put(&project, "/v3/tickets/merge", merge).send().await.expect(200);
        let by = |ticket: &str, who: &str, words: &str| json!({"ticket": ticket, "comment": words, "session": who});
        let first = made(&app, &project, "/v3/messages", by(&of_eve, &eve, "by Eve")).await;
        made(&app, &project, "/v3/messages", by(&of_mary, &mary, "a secret of Mary")).await;
        let latest = async || app.get(&project, &format!("/v3/tickets/{of_eve}")).send().await.expect(200)["latestComment"].clone();
        let excerpts = async || {
            let news = told(&app, &project, &bob).await;
            let of_messages = news["notifications"].as_array().expect("a list").iter().filter(|one| one["reason"] == "all-ticket-messages");
            of_messages.map(|one| (one["ticket"].clone(), one.get("excerpt").cloned())).collect::<Vec<_>>()
        };
        assert_eq!(excerpts().await, [(json!(of_eve), Some(json!("a secret of Mary")))]);
        app.delete(&project, &format!("/v3/sessions/{mary}")).send().await.expect(204);
        assert_eq!(excerpts().await, [(json!(of_eve), Some(json!("by Eve")))]);
        assert_eq!(latest().await["id"], json!(first));
    }

    async fn what_was_told_goes_with_what_it_was_about(scratch: Scratch) {
        let (app, project) = start(scratch).await;
        let (ada, bob) = (agent(&app, &project, "ada").await, agent(&app, &project, "bob").await);
        let (ticket, contact) = ticket(&app, &project, json!({"processingUser": bob.id})).await;
        let message = write(&app, &project, &ada, &ticket, naming(&bob, " x"), true).await;
        let other = made(&app, &project, "/v3/tickets", json!({"title": "Other", "processingUser": bob.id})).await;
        let last = made(&app, &project, "/v3/tickets", json!({"title": "Last", "processingUser": bob.id})).await;
        app.run_jobs().await;
        assert_eq!(stored(&app, &project).await, 4);
        app.delete(&project, &format!("/v3/messages/{message}")).send().await.expect(204);
        assert_eq!(stored(&app, &project).await, 3);
        app.delete(&project, &format!("/v3/tickets/{other}")).send().await.expect(200);
        assert_eq!(stored(&app, &project).await, 2);
        app.delete(&project, &format!("/v3/sessions/{contact}")).send().await.expect(204);
        assert_eq!(reasons(&app, &project, &bob).await, ["personal-assignment"]);
        assert_eq!(stored(&app, &project).await, 1);
        // A job that waited until its ticket was gone tells nobody.
        app.put(&project, &format!("/v3/tickets/{last}"), json!({"processingUser": ada.id})).send().await.expect(200);
        app.delete(&project, &format!("/v3/tickets/{last}")).send().await.expect(200);
        assert_eq!(told(&app, &project, &ada).await["notifications"], json!([]));
        // Nor is anything left of who left.
        made(&app, &project, "/v3/tickets", json!({"title": "x", "processingUser": bob.id})).await;
        app.run_jobs().await;
        assert_eq!(stored(&app, &project).await, 1);
        let path = format!("/v3/projects/users/{}", bob.id);
        people::owner(&app, &project).await.call_in(&app, &project, Method::DELETE, &path).send().await.expect(200);
        app.run_jobs().await;
        assert_eq!(stored(&app, &project).await, 0);
    }

    async fn old_notifications_go_and_new_ones_push_out_the_oldest(scratch: Scratch) {
        let (app, project) = start(scratch).await;
        let (ada, bob) = (agent(&app, &project, "ada").await, agent(&app, &project, "bob").await);
        let (first, _) = ticket(&app, &project, json!({})).await;
        let one = json!({"user": ada.id, "ticket": first, "reason": "personal-mention", "read": false, "inApp": true, "count": 1});
        let scope = app.app.store.operator_of(project.id.parse().expect("an id")).await.expect("a scope");
        let many = move |tx: &mut hark_store::Tx<'_>| {
            (0..505).try_for_each(|_| tx.insert(&NOTIFICATION, hark_store::to_body(one.clone())).map(drop))
        };
        app.app.store.write(&scope, many).await.expect("notifications");
        let last = made(&app, &project, "/v3/tickets", json!({"title": "x", "processingUser": ada.id})).await;
        let news = told(&app, &project, &ada).await;
        assert_eq!((&news["unread"], &news["notifications"][0]["ticket"]), (&json!(500), &json!(last)));
        app.clock.advance(60 * DAY_MS);
        made(&app, &project, "/v3/tickets", json!({"title": "new", "processingUser": bob.id})).await;
        app.run_jobs().await;
        assert_eq!(stored(&app, &project).await, 501);
        for _ in 0..3 {
            app.clock.advance(11 * DAY_MS);
            app.run_jobs().await;
        }
        assert_eq!(stored(&app, &project).await, 1, "what is older than three months is gone");
    }
}
