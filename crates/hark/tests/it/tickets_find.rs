//! Finding, counting and exporting tickets over REST v3.

use hark_core::contacts::CONTACT;
use hark_core::messages::MESSAGE;
use hark_core::tickets::TICKET;
use hark_store::to_body;
use hark_test::{Project, TestApp, both};
use serde_json::{Value as Json, json};

use crate::tickets::{contact, id, path, ticket};

/// Titles of the tickets that a path answers, bare or in an envelope.
async fn titles(app: &TestApp, project: &Project, path: &str) -> Vec<String> {
    let answer = app.get(project, path).send().await.expect(200);
    let tickets = answer.get("tickets").unwrap_or(&answer).as_array().expect("tickets").clone();
    tickets.iter().map(|ticket| ticket["title"].as_str().expect("a title").to_owned()).collect()
}

both! {
    async fn what_does_not_pass_a_filter_hides_nothing_that_does(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let quiet = ticket(&app, &project, json!({"title": "Hello from the crash", "type": "CRASH"})).await;
        let loud = ticket(&app, &project, json!({"title": "Loud"})).await;
        app.post(&project, "/v3/messages", json!({"ticket": id(&quiet), "comment": "hello there"})).send().await.expect(200);
        // Many newer ones that have the word and do not pass.
        let (scope, loud) = (app.app.store.operator_of(project.id.parse().expect("an id")).await.expect("a scope"), id(&loud).to_owned());
        app.app.store.write(&scope, move |tx| {
            for number in 0..700 {
                let message = json!({"ticket": loud, "text": format!("hello {number}"), "type": "TEXT", "senderType": "agent"});
                tx.insert(&MESSAGE, to_body(message))?;
                let ticket = json!({"title": format!("Hello {number}"), "type": "BUG", "bugId": 1_000 + number, "archived": false, "isSpam": false});
                tx.insert(&TICKET, to_body(ticket))?;
            }
            Ok(())
        }).await.expect("messages");
        let found = app.get(&project, &format!("/v3/messages/search?searchTerm=hello&ticket={}", id(&quiet))).send().await.expect(200);
        assert_eq!(found["hits"].as_array().map(Vec::len), Some(1), "{found}");
        let wanted = ["Hello from the crash"];
        assert_eq!(titles(&app, &project, "/v3/tickets/search?searchTerm=hello&type=CRASH").await, wanted);
        // Found in its message only.
        assert_eq!(titles(&app, &project, "/v3/tickets/extendedsearch?searchTerm=there&type=CRASH").await, wanted);
        let tracker = json!({"title": "Hello tracker"});
        app.post(&project, "/v3/tickets/tracker-tickets", tracker).send().await.expect(200);
        let request = json!({"title": "Hello idea", "type": "FEATURE_REQUEST"});
        ticket(&app, &project, request).await;
        app.app.store.write(&scope, |tx| {
            for number in 0..700 {
                let ticket = json!({"title": format!("Hello again {number}"), "type": "BUG", "bugId": 5_000 + number, "archived": false, "isSpam": false});
                tx.insert(&TICKET, to_body(ticket))?;
            }
            Ok(())
        }).await.expect("tickets");
        assert_eq!(titles(&app, &project, "/v3/tickets/tracker-tickets?searchTerm=hello").await, ["Hello tracker"]);
        assert_eq!(titles(&app, &project, "/v3/tickets/search-feature-requests?query=hello").await, ["Hello idea"]);
    }

    async fn tickets_of_more_than_a_thousand_contacts_are_all_listed(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let scope = app.app.store.operator_of(project.id.parse().expect("an id")).await.expect("a scope");
        app.app.store.write(&scope, |tx| {
            for number in 0..1_050 {
                let contact = json!({"gleapId": format!("g-{number}"), "userId": format!("u-{number}"), "companyId": "acme"});
                let contact = tx.insert(&CONTACT, to_body(contact))?;
                let ticket = json!({"title": "t", "type": "BUG", "session": contact.id, "bugId": number + 1, "archived": false, "isSpam": false});
                tx.insert(&TICKET, to_body(ticket))?;
            }
            Ok(())
        }).await.expect("contacts");
        let found = app.get(&project, "/v3/tickets/by-session-query?companyId=acme&limit=10").send().await.expect(200);
        assert_eq!(found["totalCount"], 1_050, "{found}");
    }

    async fn tickets_are_found_by_their_words_and_by_what_is_written_in_them(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let session = contact(&app, &project, "lovelace").await;
        let login = ticket(&app, &project, json!({"title": "Login broken", "session": session, "tags": ["zebra"]})).await;
        ticket(&app, &project, json!({"title": "Slow page", "type": "INQUIRY", "formData": {"where": "login screen"}})).await;
        let other = ticket(&app, &project, json!({"title": "Billing"})).await;
        let said = json!({"ticket": id(&other), "comment": {"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "The invoice mentions a login fee"}]}]}});
        let said = app.post(&project, "/v3/messages", said).send().await.expect(200);

        assert_eq!(titles(&app, &project, "/v3/tickets/search?searchTerm=login").await, ["Login broken", "Slow page"]);
        assert_eq!(titles(&app, &project, "/v3/tickets/search?searchTerm=lgoin").await, ["Login broken", "Slow page"]);
        assert_eq!(titles(&app, &project, "/v3/tickets/search?searchTerm=login&type=INQUIRY").await, ["Slow page"]);
        assert_eq!(titles(&app, &project, "/v3/tickets/search?searchTerm=zebra&limit=1").await, ["Login broken"]);
        assert_eq!(titles(&app, &project, "/v3/tickets/search?searchTerm=invoice").await, Vec::<String>::new());
        assert_eq!(titles(&app, &project, "/v3/tickets/extendedsearch?searchTerm=login").await, ["Login broken", "Slow page", "Billing"]);
        let found = app.get(&project, "/v3/tickets/extendedsearch?searchTerm=lovelace").send().await.expect(200);
        assert_eq!((&found[0]["id"], &found[0]["foundIn"]), (&login["id"], &json!("contact")));
        app.get(&project, "/v3/tickets/search?searchTerm=x&sort=title").send().await.expect(400);

        let hits = app.get(&project, "/v3/messages/search?searchTerm=invoice").send().await.expect(200);
        assert_eq!((hits["hits"].as_array().map(Vec::len), &hits["hits"][0]["id"]), (Some(1), &said["id"]));
        let none = format!("/v3/messages/search?searchTerm=invoice&ticket={}", id(&login));
        assert_eq!(app.get(&project, &none).send().await.expect(200), json!({"hits": []}));
        app.get(&project, "/v3/messages/search").send().await.expect(400);
        app.delete(&project, &path(&other)).send().await.expect(200);
        assert_eq!(app.get(&project, "/v3/messages/search?searchTerm=invoice").send().await.expect(200), json!({"hits": []}));
    }

    async fn tickets_are_found_by_their_contact(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let (ada, bob) = (contact(&app, &project, "ada").await, contact(&app, &project, "bob").await);
        app.put(&project, &format!("/v3/sessions/{ada}"), json!({"customData": {"TIN": "77"}, "phone": "123"})).send().await.expect(200);
        for (title, session, status) in [("a", &ada, "OPEN"), ("b", &ada, "DONE"), ("c", &bob, "OPEN")] {
            ticket(&app, &project, json!({"title": title, "session": session, "status": status})).await;
        }
        for (query, expected) in [
            ("email=ADA@example.com", "ba"),
            ("userId=ada,bob", "cba"),
            ("phone=123&status=OPEN", "a"),
            ("customData.TIN=77&sort=createdAt", "ab"),
            ("email=nobody@example.com", ""),
        ] {
            let found = titles(&app, &project, &format!("/v3/tickets/by-session-query?{query}")).await;
            assert_eq!(found.concat(), expected, "{query}");
        }
        app.get(&project, "/v3/tickets/by-session-query?status=OPEN").send().await.expect(400);
    }

    async fn tickets_are_filtered_by_what_their_contacts_are(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let (ada, bob) = (contact(&app, &project, "ada").await, contact(&app, &project, "bob").await);
        app.put(&project, &format!("/v3/sessions/{ada}"), json!({"plan": "pro", "value": 5})).send().await.expect(200);
        for (title, session, status) in [("a", Some(&ada), "OPEN"), ("b", Some(&ada), "DONE"), ("c", Some(&bob), "OPEN"), ("d", None, "OPEN")] {
            ticket(&app, &project, json!({"title": title, "session": session, "status": status})).await;
        }
        let either = r#"{"any":[{"path":"session.plan","op":"is","value":"pro"},{"path":"session.userId","op":"is","value":"bob"}]}"#;
        let either = format!("filter={either}&status=OPEN");
        let encoded = |query: &str| [('>', "%3E"), ('"', "%22"), ('{', "%7B"), ('}', "%7D"), ('[', "%5B"), (']', "%5D")].iter()
            .fold(query.to_owned(), |query, (from, to)| query.replace(*from, to));
        for (query, expected) in [
            ("session.plan=pro", "ab"),
            ("session.plan=pro&status=OPEN", "a"),
            ("session.plan=pro&session.value>5", ""),
            ("session.plan=pro,free&session.value>=5", "ab"),
            ("session.plan!=pro", "cd"),
            ("session.plan=null", "cd"),
            ("session.email=ADA@example.com", "ab"),
            (&format!("session.id={bob}"), "c"),
            (&format!("session={bob}"), "c"),
            (&either, "ac"),
        ] {
            let query = encoded(query);
            let found = titles(&app, &project, &format!("/v3/tickets?sort=createdAt&{query}")).await;
            assert_eq!(found.concat(), expected, "{query}");
            let count = app.get(&project, &format!("/v3/tickets/ticketscount?{query}")).send().await.expect(200);
            assert_eq!(count["count"], expected.len(), "{query}");
        }
        assert_eq!(titles(&app, &project, "/v3/tickets/export?session.plan=pro&fields=title").await.concat(), "ab");
        assert_eq!(titles(&app, &project, "/v3/tickets/search?searchTerm=c&session.userId=ada").await.concat(), "");
        assert_eq!(titles(&app, &project, "/v3/tickets/search?searchTerm=c&session.userId=bob").await.concat(), "c");
        let many: Vec<String> = (0..21).map(|n| format!("session.customData.p{n}=1")).collect();
        for (wrong, sentence) in [
            ("session.gleapHash=x", "is a secret"),
            ("sort=session.plan", "tickets cannot be sorted by `session.plan`"),
            (&many.join("&"), "20 times at most"),
        ] {
            let problem = app.get(&project, &format!("/v3/tickets?{wrong}")).send().await.expect(400);
            assert!(problem["message"].as_str().is_some_and(|message| message.contains(sentence)), "{problem}");
        }
    }

    async fn a_filter_lists_so_many_contacts_in_all(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let scope = app.app.store.operator_of(project.id.parse().expect("an id")).await.expect("a scope");
        app.app.store.write(&scope, |tx| {
            for number in 0..6_000 {
                let contact = json!({"gleapId": format!("g-{number}"), "plan": "free", "lang": if number < 5 { "de" } else { "en" }});
                tx.insert(&CONTACT, to_body(contact))?;
            }
            Ok(())
        }).await.expect("contacts");
        let ada = contact(&app, &project, "ada").await;
        app.put(&project, &format!("/v3/sessions/{ada}"), json!({"plan": "pro", "lang": "de"})).send().await.expect(200);
        for (title, session) in [("a", json!({"session": ada})), ("b", json!({}))] {
            let mut body = to_body(session);
            body.extend(to_body(json!({"title": title})));
            ticket(&app, &project, serde_json::Value::Object(body)).await;
        }
        let query = |parts: &str| {
            let encoded = [('"', "%22"), ('{', "%7B"), ('}', "%7D"), ('[', "%5B"), (']', "%5D")].iter()
                .fold(parts.to_owned(), |query, (from, to)| query.replace(*from, to));
            format!("/v3/tickets?sort=createdAt&{encoded}")
        };
        let free = r#"{"path":"session.plan","op":"is","value":"free"}"#;
        let of_type = r#"{"path":"type","op":"is","value":"BUG"}"#;
        // Together they are one look at the contacts, and list each once.
        let any = format!(r#"filter={{"any":[{}]}}"#, [free; 20].join(","));
        assert_eq!(titles(&app, &project, &query(&any)).await.concat(), "");
        for (parts, expected) in [
            ("session.plan!=free", "ab"),
            ("session.plan!=free&session.lang!=fr", "ab"),
            ("session.plan!=free&session.userId=ada", "a"),
        ] {
            assert_eq!(titles(&app, &project, &query(parts)).await.concat(), expected, "{parts}");
        }
        // Apart each lists its own, and all of them have one bound.
        let apart = format!(r#"{{"all":[{free},{of_type}]}}"#);
        let apart = format!(r#"filter={{"any":[{apart},{apart}]}}"#);
        let problem = app.get(&project, &query(&apart)).send().await.expect(400);
        assert_eq!(problem["message"], "more than 10000 contacts fit, add a property that fewer of them have");
        // What is kept out of more than can be listed is asked of those who are let in.
        app.app.store.write(&scope, |tx| {
            for number in 0..5_000 {
                let contact = json!({"gleapId": format!("h-{number}"), "plan": "free", "lang": "en"});
                tx.insert(&CONTACT, to_body(contact))?;
            }
            Ok(())
        }).await.expect("contacts");
        app.get(&project, &query("session.plan!=free")).send().await.expect(400);
        assert_eq!(titles(&app, &project, &query("session.plan!=free&session.lang=de")).await.concat(), "a");
        let similar = "/v3/tickets/search-feature-requests?query=hello&session.plan=free";
        app.get(&project, similar).send().await.expect(200);
    }

    async fn lists_are_in_order_whichever_way_they_are_read(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        for (title, priority) in [("a", "LOW"), ("b", "HIGH"), ("c", "LOW"), ("d", "MEDIUM"), ("e", "HIGH")] {
            ticket(&app, &project, json!({"title": title, "priority": priority})).await;
        }
        // Pages of one are so small beside what matches that SQLite reads them in order.
        for (sort, expected) in [("-priority", "ebdca"), ("lastNotification", "abcde"), ("-updatedAt", "edcba")] {
            for query in [format!("sort={sort}&limit=10"), format!("sort={sort}&status=OPEN&limit=10")] {
                assert_eq!(titles(&app, &project, &format!("/v3/tickets?{query}")).await.concat(), expected, "{query}");
            }
            let mut one_by_one = String::new();
            for skip in 0..5 {
                let query = format!("sort={sort}&status=OPEN&limit=1&skip={skip}");
                one_by_one += &titles(&app, &project, &format!("/v3/tickets?{query}")).await.concat();
            }
            assert_eq!(one_by_one, expected, "{sort}");
        }
    }

    async fn feature_requests_are_found_by_likeness(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        for (title, kind) in [("Add a dark mode", "FEATURE_REQUEST"), ("Export as CSV", "FEATURE_REQUEST"), ("Dark mode is broken", "BUG")] {
            ticket(&app, &project, json!({"title": title, "type": kind})).await;
        }
        let found = app.get(&project, "/v3/tickets/search-feature-requests?query=dark%20mode%20please").send().await.expect(200);
        assert_eq!(found.as_array().map(Vec::len), Some(1));
        let score = found[0]["score"].as_f64().expect("a score");
        assert!((0.4..=1.0).contains(&score), "{score}");
        assert_eq!(titles(&app, &project, "/v3/tickets/search-feature-requests?query=dark%20mode&minScore=0.99").await.len(), 0);
        app.get(&project, "/v3/tickets/search-feature-requests").send().await.expect(400);
        app.get(&project, "/v3/tickets/search-feature-requests?query=x&minScore=2").send().await.expect(400);
    }

    async fn tickets_are_counted_and_found_by_notification(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let made = ticket(&app, &project, json!({"title": "a", "type": "BUG"})).await;
        ticket(&app, &project, json!({"title": "b", "type": "INQUIRY", "archived": true})).await;
        for (query, count) in [("", 2), ("?type=BUG", 1), ("?ignoreArchived=true", 1), ("?type=CRASH", 0)] {
            assert_eq!(app.get(&project, &format!("/v3/tickets/ticketscount{query}")).send().await.expect(200), json!({"count": count}));
        }
        let token = made["shareToken"].as_str().expect("a token");
        let found = app.get(&project, &format!("/v3/tickets/notification/{token}")).send().await.expect(200);
        assert_eq!(found["id"], made["id"]);
        let other = app.project().await;
        app.get(&other, &format!("/v3/tickets/notification/{token}")).send().await.expect(404);
        let secret = made["secretShareToken"].as_str().expect("a token");
        app.get(&project, &format!("/v3/tickets/notification/{secret}")).send().await.expect(404);
    }

    async fn an_export_has_the_chosen_fields_and_no_formula(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let session = contact(&app, &project, "ada").await;
        ticket(&app, &project, json!({"title": "=1+1", "session": session, "formData": {"app.version": "2", "x": true}})).await;
        ticket(&app, &project, json!({"title": "b", "type": "INQUIRY"})).await;
        let fields = app.get(&project, "/v3/tickets/export-fields?type=BUG").send().await.expect(200);
        let keys: Vec<&str> = fields.as_array().expect("fields").iter().filter_map(|field| field["key"].as_str()).collect();
        assert!(keys.contains(&"bugId") && keys.contains(&"formData.app.version"), "{keys:?}");

        let csv = app.get(&project, "/v3/tickets/csv-export?fields=bugId,title,session.email,formData.app.version,formData.x").send().await;
        assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
        assert_eq!(csv.body, "bugId,title,session.email,formData.app.version,formData.x\r\n1,'=1+1,ada@example.com,2,true\r\n2,b,,,\r\n");
        let filtered = app.get(&project, "/v3/tickets/csv-export?fields=title&type=INQUIRY").send().await;
        assert_eq!(filtered.body, "title\r\nb\r\n");
        let whole = app.get(&project, "/v3/tickets/csv-export").send().await;
        assert!(whole.body.starts_with("bugId,id,title,") && whole.body.lines().count() == 3, "{}", whole.body);

        let json = app.get(&project, "/v3/tickets/export?fields=title,session.email").send().await.expect(200);
        assert_eq!(json, json!([{"title": "=1+1", "session.email": "ada@example.com"}, {"title": "b"}]));
        let json = app.get(&project, "/v3/tickets/export").send().await;
        assert_eq!(json.expect(200)[0]["session"]["id"], json!(session));
        assert!(!json.body.contains("secretShareToken"));
        assert_eq!(app.get(&project, "/v3/tickets/export?type=CRASH").send().await.expect(200), json!([]));
        for wrong in ["fields=secretShareToken", "limit=3", "sort=title", "createdAt%3E=x&secretShareToken=y"] {
            for kind in ["export", "csv-export"] {
                app.get(&project, &format!("/v3/tickets/{kind}?{wrong}")).send().await.expect(400);
            }
        }
    }

    async fn a_ticket_is_exported_whole_for_an_audit(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let made = ticket(&app, &project, json!({"title": "A"})).await;
        app.post(&project, "/v3/messages", json!({"ticket": id(&made), "comment": "note", "isNote": true})).send().await.expect(200);
        app.put(&project, &path(&made), json!({"status": "DONE", "title": "B"})).send().await.expect(200);
        let whole = app.get(&project, &format!("{}/audit-export", path(&made))).send().await.expect(200);
        assert_eq!((&whole["ticket"]["title"], &whole["messages"][0]["type"], &whole["isCut"]), (&json!("B"), &json!("NOTE"), &json!(false)));
        let actions: Vec<&Json> = whole["activities"].as_array().expect("a timeline").iter().map(|event| &event["action"]).collect();
        assert_eq!(actions[..2], [&json!("CREATE_TICKET"), &json!("NOTE_CREATED")]);

        let timeline = app.get(&project, &format!("{}/activity-logs", path(&made))).send().await.expect(200);
        assert_eq!(timeline.as_array().map(Vec::len), Some(4));
        let status = timeline.as_array().expect("a timeline").iter().find(|event| event["property"] == "status").expect("a change");
        assert_eq!((&status["action"], &status["before"], &status["after"]), (&json!("TICKET_STATUS_CHANGE"), &json!("OPEN"), &json!("DONE")));
        assert_eq!(status["data"], json!({"oldStatus": "OPEN", "newStatus": "DONE", "closed": true}));
        assert!(status["actionUser"]["id"].is_string() && status["createdAt"].is_string());
        let first = app.get(&project, &format!("{}/activity-logs?limit=3", path(&made))).send().await;
        assert_eq!(first.expect(200).as_array().map(Vec::len), Some(3));
        let rest = format!("{}/activity-logs?limit=3&cursor={}", path(&made), first.header("x-next-cursor"));
        assert_eq!(app.get(&project, &rest).send().await.expect(200)[0]["action"], "CREATE_TICKET");
    }
}
