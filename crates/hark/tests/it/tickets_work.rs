//! Working on tickets over REST v3: snoozing, linking, archiving, tracking.

use hark_test::{Method, TestApp, both};
use serde_json::{Value as Json, json};

use crate::people::{self, Person};
use crate::tickets::{contact, id, path, ticket};

both! {
    async fn a_snoozed_ticket_wakes_exactly_on_time(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let made = ticket(&app, &project, json!({"title": "A"})).await;
        let snooze = format!("{}/snooze", path(&made));
        let asleep = app.put(&project, &snooze, json!({"duration": 1.5})).send().await.expect(200);
        assert_eq!(asleep["snoozed"], true);
        let until = hark_query::dates::parse_date(asleep["snoozedUntil"].as_str().expect("a moment")).expect("a date");
        assert_eq!(until - app.clock.now(), 5_400_000);
        // Longer than at first: the first plan must not wake it.
        let later = app.put(&project, &snooze, json!({"snoozedUntil": hark_query::dates::format_date(until + 1_000)})).send().await.expect(200);
        assert_eq!(later["snoozed"], true);
        app.clock.advance(5_400_000);
        app.run_jobs().await;
        assert_eq!(app.get(&project, &path(&made)).send().await.expect(200)["snoozed"], true);
        app.clock.advance(999);
        app.run_jobs().await;
        assert_eq!(app.get(&project, &path(&made)).send().await.expect(200)["snoozed"], true);
        app.clock.advance(1);
        assert_eq!(app.run_jobs().await, 1);
        let awake = app.get(&project, &path(&made)).send().await.expect(200);
        assert_eq!((&awake["snoozed"], awake.get("snoozedUntil")), (&json!(false), None));
        let timeline = app.get(&project, &format!("{}/activity-logs", path(&made))).send().await.expect(200);
        assert!(timeline.as_array().expect("a timeline").iter().any(|event| event["property"] == "snoozed" && event["actorType"] == "bot"));

        for wrong in [json!({"duration": -1}), json!({"duration": 1e9}), json!({"snoozedUntil": "2001-01-01"}), json!({"snoozedUntil": "soon"})] {
            app.put(&project, &snooze, wrong).send().await.expect(400);
        }
        app.put(&project, &snooze, json!({"duration": 2})).send().await.expect(200);
        let woken = app.put(&project, &snooze, json!({"duration": 0})).send().await.expect(200);
        assert_eq!((&woken["snoozed"], woken.get("snoozedUntil")), (&json!(false), None));
        app.clock.advance(3 * 3_600_000);
        app.run_jobs().await;
    }

    async fn links_are_on_both_sides(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let (a, b) = (ticket(&app, &project, json!({"title": "A"})).await, ticket(&app, &project, json!({"title": "B"})).await);
        let linked = app.put(&project, &format!("{}/link", path(&a)), json!({"targetTicketId": id(&b)})).send().await.expect(200);
        assert_eq!(linked["linkedTickets"][0]["title"], "B");
        app.put(&project, &format!("{}/link", path(&a)), json!({"targetTicketId": id(&b)})).send().await.expect(200);
        let other = app.get(&project, &path(&b)).send().await.expect(200);
        assert_eq!(other["linkedTickets"].as_array().map(Vec::len), Some(1));
        assert_eq!(other["linkedTickets"][0]["bugId"], 1);
        app.put(&project, &format!("{}/unlink", path(&b)), json!({"targetTicketId": id(&a)})).send().await.expect(200);
        for one in [&a, &b] {
            assert_eq!(app.get(&project, &path(one)).send().await.expect(200)["linkedTickets"], json!([]));
        }
        app.put(&project, &format!("{}/link", path(&a)), json!({"targetTicketId": id(&a)})).send().await.expect(400);
        app.put(&project, &format!("{}/link", path(&a)), json!({"targetTicketId": "ffffffffffffffffffffffff"})).send().await.expect(404);
    }

    async fn tickets_are_archived_one_and_all(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let one = ticket(&app, &project, json!({"title": "A", "type": "BUG"})).await;
        let archived = app.put(&project, &format!("{}/archive", path(&one)), json!({})).send().await.expect(200);
        assert!(archived["archived"] == true && archived["archivedAt"].is_string());
        let back = app.put(&project, &format!("{}/unarchive", path(&one)), json!({})).send().await.expect(200);
        assert_eq!((&back["archived"], back.get("archivedAt")), (&json!(false), None));
        for n in 0..120 {
            ticket(&app, &project, json!({"title": format!("t{n}"), "type": "BUG", "status": "DONE"})).await;
        }
        let answer = app.put(&project, "/v3/tickets/archive/all", json!({"type": "BUG", "status": "DONE"})).send().await.expect(200);
        assert_eq!(answer, json!({"success": true, "count": 120}));
        app.run_jobs().await;
        let count = app.get(&project, "/v3/tickets/ticketscount?archived=false").send().await.expect(200);
        assert_eq!(count, json!({"count": 1}));
        app.put(&project, "/v3/tickets/archive/all", json!({"type": "BUG"})).send().await.expect(400);
    }

    async fn tracker_tickets_are_made_of_tickets(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let session = contact(&app, &project, "ada").await;
        let source = ticket(&app, &project, json!({"title": "App crashes", "type": "INQUIRY", "session": session})).await;
        app.post(&project, "/v3/messages", json!({"ticket": id(&source), "session": session, "comment": "It crashes on save"})).send().await.expect(200);
        app.post(&project, "/v3/messages", json!({"ticket": id(&source), "comment": "internal", "isNote": true})).send().await.expect(200);
        let data = app.post(&project, "/v3/tickets/generate-data", json!({"sourceTicketId": id(&source), "type": "BUG"})).send().await.expect(200);
        assert_eq!((&data["title"], &data["description"], &data["type"]), (&json!("App crashes"), &json!("It crashes on save"), &json!("BUG")));
        assert_eq!(data["customerEmail"], "ada@example.com");
        let tracker = app.post(&project, "/v3/tickets/tracker-tickets", data).send().await.expect(200);
        assert_eq!((&tracker["trackerTicket"], &tracker["linkedTickets"][0]["id"]), (&json!(true), &source["id"]));
        assert_eq!(tracker["customData"], json!({"customerName": "ada", "customerEmail": "ada@example.com"}));
        let linked = app.get(&project, &path(&source)).send().await.expect(200);
        assert_eq!(linked["linkedTickets"][0]["trackerTicket"], true);
        for (query, count) in [("", 1), ("?searchTerm=crashes", 1), ("?searchTerm=billing", 0), ("?page=2", 0)] {
            let found = app.get(&project, &format!("/v3/tickets/tracker-tickets{query}")).send().await.expect(200);
            assert_eq!(found["tickets"].as_array().map(Vec::len), Some(count), "{query}");
        }
        for _ in 0..21 {
            app.post(&project, "/v3/tickets/tracker-tickets", json!({"title": "Billing is slow"})).send().await.expect(200);
        }
        let last = app.get(&project, "/v3/tickets/tracker-tickets?searchTerm=billing&page=2").send().await.expect(200);
        assert_eq!((&last["count"], &last["totalCount"]), (&json!(1), &json!(21)));
        app.get(&project, "/v3/tickets/tracker-tickets?page=0").send().await.expect(400);
        app.post(&project, "/v3/tickets/tracker-tickets", json!({"description": "x"})).send().await.expect(400);
    }

    async fn what_is_not_set_up_says_so(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let made = ticket(&app, &project, json!({"title": "A"})).await;
        let answer = app.post(&project, &format!("{}/draft-reply", path(&made)), json!({})).send().await.expect(400);
        assert_eq!(answer["message"], "no language model is configured, ask the operator of this server for one");
        let integration = json!({"integrationType": "jira", "integrationId": "1"});
        let answer = app.post(&project, &format!("{}/send-to-integration", path(&made)), integration).send().await.expect(400);
        assert_eq!(answer["message"], "this project has no integration 1 of the type jira, set one up first");
    }

    async fn a_message_answers_a_frequent_question(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let made = ticket(&app, &project, json!({"title": "A"})).await;
        let said = app.post(&project, "/v3/messages", json!({"ticket": id(&made), "comment": "Press F5"})).send().await.expect(200);
        app.post(&project, &format!("/v3/messages/{}/faq", id(&said)), json!({"accept": true})).send().await.expect(204);
        let messages = app.get(&project, &format!("/v3/messages?ticket={}&faq.accepted=true", id(&made))).send().await.expect(200);
        assert_eq!(messages.as_array().map(Vec::len), Some(1));
        assert_eq!(app.get(&project, &path(&made)).send().await.expect(200)["faqSuggested"], true);
        app.post(&project, &format!("/v3/messages/{}/faq", id(&said)), json!({})).send().await.expect(400);
    }

    async fn who_may_not_see_or_write_contacts_does_neither_through_tickets(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        people::role(&app, &project, "tickets", &["tickets.read", "tickets.write"]).await;
        people::role(&app, &project, "writer", &["tickets.read", "tickets.write", "contacts.read", "contacts.write"]).await;
        let limited = people::member(&app, &project, "limited@example.com", "tickets").await;
        let writer = people::member(&app, &project, "writer@example.com", "writer").await;
        let contacts: Vec<String> = {
            let named = json!({"userId": "u-1", "name": "Ada", "email": "ada@example.com"});
            let guest = json!({"email": "guest@example.com"});
            let mut made = Vec::new();
            for body in [named, guest] {
                made.push(id(&app.post(&project, "/v3/sessions", body).send().await.expect(200)).to_owned());
            }
            made
        };
        let known = ticket(&app, &project, json!({"title": "A", "session": contacts[0]})).await;
        let guests = ticket(&app, &project, json!({"title": "B", "session": contacts[1]})).await;
        let call = async |person: &Person, method: Method, path: &str, body: &Json| {
            person.call_in(&app, &project, method, path).json(body.clone()).send().await
        };
        let source = json!({"sourceTicketId": id(&known)});
        let path = "/v3/tickets/generate-data";
        let hidden = call(&limited, Method::POST, path, &source).await.expect(200);
        assert_eq!((hidden.get("customerName"), hidden.get("customerEmail")), (None, None));
        assert_eq!(call(&writer, Method::POST, path, &source).await.expect(200)["customerName"], "Ada");
        let composed = json!({"type": "BUG", "title": "C", "email": "new@example.com"});
        let path = "/v3/tickets/compose";
        let refused = call(&limited, Method::POST, path, &composed).await.expect(403);
        assert!(refused["message"].as_str().is_some_and(|text| text.contains("contacts.write")), "{refused}");
        let found = app.get(&project, "/v3/sessions?email=new@example.com").send().await.expect(200);
        assert_eq!(found.as_array().map(Vec::len), Some(0));
        call(&writer, Method::POST, path, &composed).await.expect(200);
        let merge = json!({
            "ticketsToMergeIds": [id(&guests)], "targetTicketId": id(&known), "shouldMergeContacts": true,
        });
        let path = "/v3/tickets/merge";
        call(&limited, Method::PUT, path, &merge).await.expect(403);
        app.get(&project, &format!("/v3/sessions/{}", contacts[1])).send().await.expect(200);
        call(&writer, Method::PUT, path, &merge).await.expect(200);
        let merges = app.get(&project, &format!("/v3/tickets/{}/merges", id(&known))).send().await.expect(200);
        let undo = format!("/v3/tickets/{}/merges/{}/undo", id(&known), id(&merges[0]));
        let refused = call(&limited, Method::POST, &undo, &json!({})).await.expect(403);
        assert!(refused["message"].as_str().is_some_and(|text| text.contains("contacts.write")), "{refused}");
        call(&writer, Method::POST, &undo, &json!({})).await.expect(200);
        app.get(&project, &format!("/v3/sessions/{}", contacts[1])).send().await.expect(200);
    }
}
