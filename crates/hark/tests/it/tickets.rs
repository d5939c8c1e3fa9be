//! Tickets over REST v3.

use std::collections::BTreeSet;

use hark_test::{Project, TestApp, both};
use serde_json::{Value as Json, json};

/// A ticket with these properties.
pub(crate) async fn ticket(app: &TestApp, project: &Project, body: Json) -> Json {
    app.post(project, "/v3/tickets", body).send().await.expect(200)
}

/// A contact with this user id.
pub(crate) async fn contact(app: &TestApp, project: &Project, user_id: &str) -> String {
    let body = json!({"userId": user_id, "email": format!("{user_id}@example.com"), "name": user_id});
    let contact = app.post(project, "/v3/sessions", body).send().await.expect(200);
    id(&contact).to_owned()
}

pub(crate) fn id(document: &Json) -> &str {
    document["id"].as_str().expect("an id")
}

pub(crate) fn path(ticket: &Json) -> String {
    format!("/v3/tickets/{}", id(ticket))
}

both! {
    async fn a_ticket_is_created_with_what_every_ticket_has(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let session = contact(&app, &project, "ada").await;
        let body = json!({
            "title": "Login button", "description": "It does nothing", "type": "BUG", "priority": "HIGH",
            "session": {"id": session}, "customData": {"browser": "Chrome"}, "attributes": {"version": 3},
            "bugId": 77, "shareToken": "mine", "upvotesCount": 9,
        });
        let answer = app.post(&project, "/v3/tickets", body).send().await;
        let made = answer.expect(200);
        assert_eq!(answer.header("hark-ignored-fields"), "bugId, shareToken, upvotesCount");
        assert!(!answer.header("etag").is_empty());
        assert_eq!((&made["bugId"], &made["status"], &made["archived"]), (&json!(1), &json!("OPEN"), &json!(false)));
        assert_eq!((&made["priorityOrder"], &made["duplicatesCount"]), (&json!(3), &json!(1)));
        assert_eq!(made["formData"], json!({"version": 3, "description": "It does nothing"}));
        assert_eq!((&made["session"]["_id"], &made["session"]["email"]), (&json!(session), &json!("ada@example.com")));
        assert_eq!(made["session"].get("gleapHash"), None);
        for token in ["shareToken", "secretShareToken"] {
            let text = made[token].as_str().expect("a token");
            assert!(text.len() == 70 && text.chars().all(|c| c.is_ascii_alphanumeric()), "{text}");
        }
        assert!(made["lexorank"].as_str().expect("a rank").starts_with("0|i0000"));
        let read = app.get(&project, &path(&made)).send().await;
        assert_eq!((read.expect(200), read.header("etag")), (made.clone(), answer.header("etag")));
        let contact = app.get(&project, &format!("/v3/sessions/{session}")).send().await.expect(200);
        assert_eq!(contact["countFeedbackReports"], 1);
        assert!(ticket(&app, &project, json!({"title": "Second"})).await["lexorank"].as_str() > made["lexorank"].as_str());
    }

    async fn a_list_is_no_body(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let made = ticket(&app, &project, json!({"title": "One"})).await;
        for request in [
            app.post(&project, "/v3/tickets", json!([])),
            app.put(&project, &path(&made), json!([])),
            app.post(&project, "/v3/messages", json!([])),
        ] {
            assert_eq!(request.send().await.expect(400)["message"], "the body must be a JSON object");
        }
    }

    async fn unread_is_right_when_a_ticket_changes_its_contact_while_agents_write(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let contacts = [contact(&app, &project, "ada").await, contact(&app, &project, "bob").await];
        let made = ticket(&app, &project, json!({"title": "One", "session": contacts[0]})).await;
        let other = ticket(&app, &project, json!({"title": "Two", "session": contacts[0]})).await;
        let changes = (0..24).map(|number| {
            let (app, project, made, other, contacts) = (&app, &project, &made, &other, &contacts);
            async move {
                let answer = match number % 4 {
                    0 => app.put(project, &path(made), json!({"session": contacts[number / 4 % 2]})).send().await,
                    _ => app.post(project, "/v3/messages", json!({"ticket": id(if number % 4 == 1 { other } else { made }), "comment": "hello"})).send().await,
                };
                answer.expect(200);
            }
        });
        futures_util::future::join_all(changes).await;
        app.delete(&project, &path(&other)).send().await.expect(200);
        let tickets = app.get(&project, "/v3/tickets").send().await.expect(200);
        let ticket = &tickets["tickets"][0];
        for contact in &contacts {
            let known = app.get(&project, &format!("/v3/sessions/{contact}")).send().await.expect(200);
            let theirs = ticket["session"]["id"] == json!(contact);
            let unread = if theirs { ticket["sessionUnreadCount"].as_i64().unwrap_or_default() } else { 0 };
            assert_eq!(known["notificationsUnread"].as_i64().unwrap_or_default(), unread, "{ticket}");
        }
    }

    async fn numbers_have_no_gaps_when_many_create_at_once(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let other = app.project().await;
        let create = |n: usize| {
            // Every fourth one fails behind the counter's back: nothing of it may stay.
            let body = if n % 4 == 3 { json!({"title": "x", "linkedTickets": ["ffffffffffffffffffffffff"]}) } else { json!({"title": format!("t{n}")}) };
            app.post(&project, "/v3/tickets", body).send()
        };
        let answers = futures_util::future::join_all((0..40).map(create)).await;
        let numbers: Vec<u64> = answers.iter().filter(|answer| answer.status == 200).map(|answer| answer.expect(200)["bugId"].as_u64().expect("a number")).collect();
        assert_eq!(numbers.len(), 30);
        assert_eq!(numbers.into_iter().collect::<BTreeSet<_>>(), (1..=30).collect());
        assert_eq!(ticket(&app, &other, json!({"title": "elsewhere"})).await["bugId"], 1);
    }

    async fn a_list_is_filtered_sorted_and_counted(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let session = contact(&app, &project, "ada").await;
        for (title, more) in [
            ("a", json!({"type": "BUG", "priority": "HIGH", "session": session})),
            ("b", json!({"type": "FEATURE_REQUEST", "priority": "LOW"})),
            ("c", json!({"type": "BUG", "status": "DONE"})),
            ("d", json!({"type": "INQUIRY", "archived": true})),
            ("e", json!({"type": "INQUIRY", "isSpam": true, "customData": {"tier": "gold"}})),
        ] {
            let mut body = more;
            body["title"] = json!(title);
            ticket(&app, &project, body).await;
        }
        let found = async |query: &str| {
            let list = app.get(&project, &format!("/v3/tickets?{query}")).send().await.expect(200);
            let titles: String = list["tickets"].as_array().expect("tickets").iter().map(|one| one["title"].as_str().expect("a title")).collect();
            assert_eq!(list["count"], titles.len());
            (titles, list["totalCount"].as_u64().expect("a count"))
        };
        for (query, titles, total) in [
            ("", "edcba", 5),
            ("type=BUG,FEATURE_REQUEST&sort=createdAt", "abc", 3),
            ("type[]=BUG&status=OPEN", "a", 1),
            ("priority=HIGH,LOW&sort=priority", "ba", 2),
            ("sort=-priority,createdAt&limit=2", "ac", 5),
            ("ignoreArchived=true&isSpam=false", "cba", 3),
            ("archived=true", "d", 1),
            ("isSpam=true&customData.tier=gold", "e", 1),
            ("bugId=2", "b", 1),
            ("limit=2&skip=1&sort=createdAt", "bc", 5),
            ("createdAt%3E=2020-01-01&createdAt%3C=2021-01-01", "", 0),
        ] {
            assert_eq!(found(query).await, (titles.to_owned(), total), "{query}");
        }
        assert_eq!(found(&format!("session={session}")).await.0, "a");
        let first = app.get(&project, "/v3/tickets?limit=3").send().await.expect(200);
        let next = first["nextCursor"].as_str().expect("a cursor");
        assert_eq!(found(&format!("limit=3&cursor={next}")).await.0, "ba");
        app.get(&project, "/v3/tickets?secretShareToken=x").send().await.expect(400);
        app.get(&project, "/v3/tickets?sessionHistory=x").send().await.expect(400);
    }

    async fn a_ticket_changes_and_its_timeline_says_how(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let made = app.post(&project, "/v3/tickets", json!({"title": "A", "formData": {"a": 1, "b": 2}})).send().await;
        let (old, path) = (made.header("etag").to_owned(), path(&made.expect(200)));
        let team = app.post(&project, "/v3/teams", json!({"name": "Support"})).send().await.expect(200);
        let owner = crate::people::owner(&app, &project).await.id;
        let change = json!({
            "status": "DONE", "priority": "LOW", "processingUser": owner, "processingTeam": id(&team),
            "formData": {"b": 3}, "dueDate": "2027-01-01", "tags": ["x", "x"], "archived": true,
        });
        let changed = app.put(&project, &path, change).header("If-Match", &old).send().await.expect(200);
        assert_eq!((&changed["status"], &changed["priorityOrder"]), (&json!("DONE"), &json!(1)));
        assert_eq!((&changed["formData"], &changed["tags"]), (&json!({"b": 3}), &json!(["x"])));
        assert_eq!(changed["processingUser"]["id"], json!(owner));
        assert!(changed["processingUser"]["email"].as_str().is_some_and(|email| email.contains('@')));
        assert_eq!(changed["processingTeam"]["name"], "Support");
        assert_eq!(changed["dueDate"], "2027-01-01T00:00:00.000Z");
        for set in ["archivedAt", "closedAt", "firstAssignmentAt"] {
            assert!(changed[set].is_string(), "{set}");
        }
        app.put(&project, &path, json!({"title": "late"})).header("If-Match", &old).send().await.expect(409);

        let same = app.put(&project, &path, json!({"status": "DONE", "tags": ["x"]})).send().await.expect(200);
        assert_eq!(same["updatedAt"], changed["updatedAt"]);
        let unset = app.put(&project, &path, json!({"processingUser": null, "status": "OPEN", "dueDate": null})).send().await.expect(200);
        assert_eq!((unset.get("processingUser"), unset.get("closedAt"), unset.get("dueDate")), (None, None, None));
    }

    async fn what_does_not_fit_is_refused_with_what_to_change(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let made = ticket(&app, &project, json!({"title": "A"})).await;
        let stranger = crate::people::owner(&app, &app.project().await).await.id;
        for (body, sentence) in [
            (json!({"priority": "URGENT"}), "`priority` is LOW, MEDIUM or HIGH"),
            (json!({"status": " "}), "`status` must be a name without control characters"),
            (json!({"title": "x".repeat(1_001)}), "`title` is longer than 1000 characters"),
            (json!({"session": "ffffffffffffffffffffffff"}), "`session` names a contact that this project does not have"),
            (json!({"session": "me"}), "`session` must be an id of 24 hex digits, or several in a list where it says so"),
            (json!({"processingTeam": "ffffffffffffffffffffffff"}), "`processingTeam` names a team that this project does not have"),
            (json!({"linkedTickets": [id(&made), "ffffffffffffffffffffffff"]}), "`linkedTickets` names a ticket that this project does not have"),
            (json!({"dueDate": "soon"}), "`dueDate` must be a date such as 2026-01-31T10:00:00.000Z"),
            (json!({"formData": {"x": "y".repeat(130 * 1024)}}), "`formData` is larger than 131072 bytes"),
            (json!({"sentiment": "angry"}), "`sentiment` is positive, negative or neutral"),
        ] {
            let answer = app.put(&project, &path(&made), body.clone()).send().await.expect(400);
            assert_eq!(answer["message"], sentence);
            assert_eq!(app.post(&project, "/v3/tickets", body).send().await.expect(400)["message"], sentence);
        }
        let answer = app.put(&project, &path(&made), json!({"processingUser": stranger})).send().await.expect(400);
        assert_eq!(answer["message"], format!("there is no user {stranger} in this project"));
        app.put(&project, &path(&made), json!({"linkedTickets": [id(&made)]})).send().await.expect(400);
        app.put(&project, &path(&made), json!({"title": null})).send().await.expect(400);
    }

    async fn a_deleted_ticket_takes_everything_along(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let (kept, gone) = (ticket(&app, &project, json!({"title": "A"})).await, ticket(&app, &project, json!({"title": "B"})).await);
        app.put(&project, &path(&gone), json!({"linkedTickets": [id(&kept)]})).send().await.expect(200);
        let linked = app.get(&project, &path(&kept)).send().await.expect(200);
        assert_eq!((&linked["linkedTickets"][0]["id"], &linked["linkedTickets"][0]["bugId"]), (&json!(id(&gone)), &json!(2)));
        app.post(&project, "/v3/messages", json!({"ticket": id(&gone), "comment": "Hi"})).send().await.expect(200);
        app.delete(&project, &path(&gone)).send().await.expect(200);
        app.get(&project, &path(&gone)).send().await.expect(404);
        assert_eq!(app.get(&project, &path(&kept)).send().await.expect(200)["linkedTickets"], json!([]));
        assert_eq!(app.get(&project, "/v3/messages").send().await.expect(200), json!([]));
        assert_eq!(ticket(&app, &project, json!({"title": "C"})).await["bugId"], 3);
    }

    async fn a_composed_ticket_has_its_contact_and_its_first_message(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let body = json!({"type": "INQUIRY", "title": "Welcome", "message": "Hello Ada", "email": "ada@example.com", "tags": ["new"]});
        let made = app.post(&project, "/v3/tickets/compose", body).send().await.expect(200);
        assert_eq!((&made["session"]["email"], &made["tags"]), (&json!("ada@example.com"), &json!(["new"])));
        assert_eq!((&made["latestComment"]["data"]["content"], &made["hasAgentReply"]), (&json!("Hello Ada"), &json!(true)));
        let again = json!({"type": "INQUIRY", "title": "Again", "email": "ADA@example.com"});
        let again = app.post(&project, "/v3/tickets/compose", again).send().await.expect(200);
        assert_eq!(again["session"]["id"], made["session"]["id"]);
        assert_eq!(again.get("latestComment"), None);
        for wrong in [json!({"type": "BUG"}), json!({"type": "BUG", "title": "A", "email": "nobody"})] {
            app.post(&project, "/v3/tickets/compose", wrong).send().await.expect(400);
        }
    }

    async fn tickets_go_and_come_with_their_contact(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let guest = hark_test::Device::start(&app, &project).await;
        let guests = app.get(&project, "/v3/sessions").send().await.expect(200);
        let guest_id = id(&guests[0]).to_owned();
        let made = ticket(&app, &project, json!({"title": "A", "session": guest_id})).await;
        let said = json!({"ticket": id(&made), "comment": "Help", "session": guest_id});
        let said = app.post(&project, "/v3/messages", said).send().await.expect(200);
        let known = contact(&app, &project, "ada").await;
        drop(guest);
        let merge = json!({"sourceId": guest_id, "targetId": known});
        app.post(&project, "/v3/sessions/merge", merge).send().await.expect(200);
        let moved = app.get(&project, &path(&made)).send().await.expect(200);
        assert_eq!((&moved["session"]["id"], moved.get("sessionHistory")), (&json!(known), None));
        let messages = app.get(&project, &format!("/v3/messages?ticket={}", id(&made))).send().await.expect(200);
        assert_eq!((&messages[0]["session"]["id"], &messages[0]["id"]), (&json!(known), &said["id"]));

        let history = app.get(&project, &format!("/v3/sessions/{known}/identity-history")).send().await.expect(200);
        let change = history["history"].as_array().expect("changes").iter().find(|change| change["merged"].is_object()).expect("a merge");
        let undo = format!("/v3/sessions/{known}/identity-history/{}/undo", id(change));
        app.post(&project, &undo, json!({})).send().await.expect(200);
        let back = app.get(&project, &path(&made)).send().await.expect(200);
        assert_eq!(back["session"]["id"], json!(guest_id));
        let own = ticket(&app, &project, json!({"title": "B", "session": known})).await;

        app.delete(&project, &format!("/v3/sessions/{guest_id}")).send().await.expect(204);
        app.get(&project, &path(&made)).send().await.expect(404);
        app.get(&project, &path(&own)).send().await.expect(200);
        assert_eq!(app.get(&project, "/v3/messages").send().await.expect(200), json!([]));
        let scope = app.app.store.operator_of(project.id.parse().expect("an id")).await.expect("a scope");
        let log = app.app.store.read(&scope, |tx| tx.audit_log(0, 100)).await.expect("a log");
        let receipt = log.iter().rfind(|entry| entry.action == "contact.deleted").expect("a receipt");
        assert_eq!((&receipt.detail["tickets"], &receipt.detail["messages"]), (&json!(1), &json!(1)));
    }
}
