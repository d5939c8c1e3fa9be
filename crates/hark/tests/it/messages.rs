//! Messages over REST v3.

use hark_core::messages::{self, Author, NewMessage};
use hark_core::tickets::{self, NewTicket};
use hark_store::contact_stream;
use hark_test::{TestApp, both};
use serde_json::{Value as Json, json};

use crate::tickets::{contact, id, path, ticket};

both! {
    async fn addresses_that_are_none_of_the_web_are_refused(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let made = app.post(&project, "/v3/tickets", json!({"title": "A"})).send().await.expect(200);
        let message = |more: Json| {
            let mut body = json!({"ticket": made["id"], "comment": "See"});
            body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
            app.post(&project, "/v3/messages", body)
        };
        for url in ["javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "//evil.example", "https://a b", "http://"] {
            message(json!({"attachments": [{"name": "a", "url": url}]})).send().await.expect(400);
            message(json!({"fallbackUser": {"name": "B", "imageUrl": url}})).send().await.expect(400);
            let path = format!("/v3/tickets/{}", made["id"].as_str().expect("an id"));
            app.put(&project, &path, json!({"attachments": [{"url": url}]})).send().await.expect(400);
        }
        let good = json!({"attachments": [{"name": "a", "url": "HTTPS://example.com/a.png"}], "fallbackUser": {"name": "B", "imageUrl": ""}});
        message(good).send().await.expect(200);
    }

    async fn messages_are_answered_in_a_language_that_they_have(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let made = ticket(&app, &project, json!({"title": "A"})).await;
        let bold = json!({"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "Hola", "marks": [{"type": "bold"}]}]}]});
        let body = json!({"ticket": id(&made), "comment": "Hello", "translatedData": {"ES": bold, "de": "Hallo"}});
        let first = app.post(&project, "/v3/messages", body).send().await.expect(200);
        app.post(&project, "/v3/messages", json!({"ticket": id(&made), "comment": "Bye"})).send().await.expect(200);
        let said = async |more: &str| {
            let found = app.get(&project, &format!("/v3/messages?ticket={}{more}", id(&made))).send().await.expect(200);
            let items = if found.is_array() { found } else { found["items"].clone() };
            let each = |one: &Json| (one["text"].as_str().expect("a text").to_owned(), one.get("language").cloned());
            items.as_array().expect("a list").iter().map(each).collect::<Vec<_>>()
        };
        let plain = |text: &str| (text.to_owned(), None);
        let in_language = |text: &str, language: &str| (text.to_owned(), Some(json!(language)));
        assert_eq!(said("").await, [plain("Hello"), plain("Bye")]);
        assert_eq!(said("&language=es-MX").await, [in_language("Hola", "es"), plain("Bye")]);
        assert_eq!(said("&language=de&paginated=true").await, [in_language("Hallo", "de"), plain("Bye")]);
        assert_eq!(said("&language=fr").await, [plain("Hello"), plain("Bye")]);
        let whole = app.get(&project, &format!("/v3/messages?ticket={}&language=es", id(&made))).send().await.expect(200);
        assert_eq!(whole[0]["data"]["content"], bold);
        app.get(&project, "/v3/messages?language=no%20language").send().await.expect(400);

        let one = format!("/v3/messages/{}", id(&first));
        for wrong in [json!({"es": {"type": "nothing"}}), json!({"?": "x"})] {
            app.put(&project, &one, json!({"translatedData": wrong})).send().await.expect(400);
        }
        // Other words need another translation.
        app.put(&project, &one, json!({"comment": "Good day", "translatedData": {"es": "Buenos días"}})).send().await.expect(200);
        assert_eq!(said("&language=es").await[0], in_language("Buenos días", "es"));
        app.put(&project, &one, json!({"comment": "Good evening"})).send().await.expect(200);
        assert_eq!(said("&language=es").await[0], plain("Good evening"));
    }

    async fn a_message_is_posted_changed_and_deleted(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let made = ticket(&app, &project, json!({"title": "A"})).await;
        let comment = json!({"type": "paragraph", "content": [{"type": "text", "text": "We look into it"}]});
        let body = json!({"ticket": id(&made), "comment": comment, "attachments": [{"name": "a.png", "url": "https://example.com/a.png", "type": "image/png"}]});
        let answer = app.post(&project, "/v3/messages", body).send().await;
        let posted = answer.expect(200);
        assert_eq!(posted["data"]["content"], json!({"type": "doc", "content": [comment]}));
        assert_eq!((&posted["type"], &posted["senderType"], &posted["text"]), (&json!("TEXT"), &json!("agent"), &json!("We look into it")));
        assert_eq!((&posted["index"], &posted["ticket"]), (&json!(0), &made["id"]));
        assert_eq!((posted.get("comment"), posted.get("isNote")), (None, None));
        assert!(posted["user"]["id"].is_string());
        assert_eq!(posted["attachments"][0]["name"], "a.png");
        let now = app.get(&project, &path(&made)).send().await.expect(200);
        assert_eq!((&now["latestComment"]["id"], &now["latestPublicComment"]["id"]), (&posted["id"], &posted["id"]));
        assert_eq!((&now["hasAgentReply"], &now["noHumanInteraction"]), (&json!(true), &json!(false)));
        assert!(now["firstAgentReplyAt"].is_string());

        let note = json!({"ticket": id(&made), "comment": "secret", "isNote": true});
        let note = app.post(&project, "/v3/messages", note).send().await.expect(200);
        assert_eq!((&note["type"], &note["index"]), (&json!("NOTE"), &json!(1)));
        let now = app.get(&project, &path(&made)).send().await.expect(200);
        assert_eq!((&now["latestComment"]["id"], &now["latestPublicComment"]["id"]), (&note["id"], &posted["id"]));

        let one = format!("/v3/messages/{}", id(&note));
        let changed = app.put(&project, &one, json!({"comment": "still secret"})).send().await.expect(200);
        assert_eq!((&changed["data"]["content"], &changed["text"]), (&json!("still secret"), &json!("still secret")));
        app.put(&project, &one, json!({"type": "TEXT"})).send().await.expect(400);
        app.put(&project, &format!("/v3/messages/{}", id(&posted)), json!({"comment": "x"})).header("If-Match", answer.header("etag")).send().await.expect(200);
        app.put(&project, &format!("/v3/messages/{}", id(&posted)), json!({"comment": "y"})).header("If-Match", answer.header("etag")).send().await.expect(409);

        assert_eq!(app.delete(&project, &one).send().await.expect(204), Json::Null);
        app.delete(&project, &one).send().await.expect(404);
        let now = app.get(&project, &path(&made)).send().await.expect(200);
        assert_eq!(now["latestComment"]["id"], posted["id"]);
    }

    async fn messages_are_listed_in_order_by_ticket_and_type(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let session = contact(&app, &project, "ada").await;
        let (first, second) = (ticket(&app, &project, json!({"title": "A", "session": session})).await, ticket(&app, &project, json!({"title": "B"})).await);
        for (of, body) in [
            (&first, json!({"comment": "one", "session": session})),
            (&second, json!({"comment": "elsewhere"})),
            (&first, json!({"comment": "two"})),
            (&first, json!({"comment": "three", "isNote": true})),
            (&first, json!({"comment": "four", "bot": true})),
        ] {
            let mut body = body;
            body["ticket"] = of["id"].clone();
            app.post(&project, "/v3/messages", body).send().await.expect(200);
        }
        let texts = async |query: &str| -> Vec<String> {
            let list = app.get(&project, &format!("/v3/messages?{query}")).send().await.expect(200);
            list.as_array().expect("messages").iter().map(|one| one["text"].as_str().expect("a text").to_owned()).collect()
        };
        let of_first = format!("ticket={}", id(&first));
        assert_eq!(texts(&of_first).await, ["one", "two", "three", "four"]);
        assert_eq!(texts(&format!("{of_first}&sort=-createdAt&limit=2")).await, ["four", "three"]);
        assert_eq!(texts(&format!("{of_first}&type=COMMENT,NOTE")).await, ["two", "three"]);
        assert_eq!(texts("bot=true").await, ["four"]);
        assert_eq!(texts("").await.len(), 5);
        assert_eq!(texts("language=es&limit=1&skip=1").await, ["elsewhere"]);
    }

    async fn a_conversation_is_read_backwards_page_by_page(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let session = contact(&app, &project, "ada").await;
        let mut tickets = Vec::new();
        for (title, texts) in [("old", &["a", "b"][..]), ("new", &["c", "d", "e"])] {
            let made = ticket(&app, &project, json!({"title": title, "session": session})).await;
            for text in texts {
                app.post(&project, "/v3/messages", json!({"ticket": id(&made), "comment": text, "session": session})).send().await.expect(200);
                app.clock.advance(1_000);
            }
            tickets.push(made);
        }
        let page = async |query: String| {
            let page = app.get(&project, &format!("/v3/messages?paginated=true&{query}")).send().await.expect(200);
            let items: String = page["items"].as_array().expect("items").iter().map(|one| one["text"].as_str().expect("a text")).collect();
            assert_eq!(page["hasMore"], page["nextBefore"].is_string());
            (items, page["nextBefore"].as_str().map(str::to_owned))
        };
        for (query, pages) in [
            (format!("ticket={}&limit=2", id(&tickets[1])), vec!["de", "c"]),
            (format!("ticket={}&limit=2&showHistory=true", id(&tickets[1])), vec!["de", "bc", "a"]),
            (format!("ticket={}&showHistory=true", id(&tickets[0])), vec!["ab"]),
            ("limit=3".to_owned(), vec!["cde", "ab"]),
        ] {
            let mut before = String::new();
            for (at, expected) in pages.iter().enumerate() {
                let (items, next) = page(format!("{query}{before}")).await;
                assert_eq!(&items, expected, "{query}{before}");
                assert_eq!(next.is_some(), at + 1 < pages.len(), "{query}{before}");
                before = format!("&before={}", next.unwrap_or_default());
            }
        }
        let all = app.get(&project, &format!("/v3/messages?ticket={}&showHistory=true", id(&tickets[1]))).send().await.expect(200);
        assert_eq!(all.as_array().map(Vec::len), Some(5));
        let third = all[2]["createdAt"].as_str().expect("a date").to_owned();
        assert_eq!(page(format!("before={third}")).await.0, "ab");
        app.get(&project, "/v3/messages?paginated=true&before=x").send().await.expect(400);
        app.get(&project, "/v3/messages?paginated=true&sort=type").send().await.expect(400);
    }

    async fn a_contact_is_told_of_answers_and_of_no_notes(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let session = contact(&app, &project, "ada").await;
        let made = ticket(&app, &project, json!({"title": "A", "session": session})).await;
        for body in [json!({"comment": "a <b>bold</b> answer"}), json!({"comment": "hush", "isNote": true}), json!({"comment": "beep", "bot": true})] {
            let mut body = body;
            body["ticket"] = made["id"].clone();
            app.post(&project, "/v3/messages", body).send().await.expect(200);
        }
        let scope = app.app.store.operator_of(project.id.parse().expect("an id")).await.expect("a scope");
        let stream = contact_stream(session.parse().expect("an id"));
        let told = app.app.store.read(&scope, move |tx| tx.stream_after(&stream, 0, 10)).await.expect("events");
        assert_eq!(told.len(), 2, "{told:?}");
        assert_eq!((&told[0].data["u"], &told[1].data["u"]), (&json!(1), &json!(2)));
        let shown = &told[0].data["a"][0];
        assert_eq!(shown["actionType"], "notification");
        assert_eq!(shown["data"]["text"], "<p>a &lt;b&gt;bold&lt;/b&gt; answer</p>");
        assert_eq!(shown["data"]["conversation"]["shareToken"], made["shareToken"]);
        let all = serde_json::to_string(&told).expect("JSON");
        for secret in ["hush", made["secretShareToken"].as_str().expect("a token")] {
            assert!(!all.contains(secret), "{all}");
        }
        let contact = app.get(&project, &format!("/v3/sessions/{session}")).send().await.expect(200);
        assert_eq!(contact["notificationsUnread"], 2);
        app.delete(&project, &path(&made)).send().await.expect(200);
        let contact = app.get(&project, &format!("/v3/sessions/{session}")).send().await.expect(200);
        assert_eq!(contact["notificationsUnread"], 0);
    }

    async fn an_answer_of_the_contact_wakes_and_reopens_its_ticket(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let session = contact(&app, &project, "ada").await;
        let made = ticket(&app, &project, json!({"title": "A", "session": session})).await;
        let asleep = json!({"snoozed": true, "snoozedUntil": "2099-01-01", "archived": true, "status": "DONE", "notificationsUnread": false});
        app.put(&project, &path(&made), asleep).send().await.expect(200);
        let reply = json!({"ticket": id(&made), "session": session, "comment": "Are you there?"});
        let reply = app.post(&project, "/v3/messages", reply).send().await.expect(200);
        assert_eq!((&reply["type"], &reply["senderType"]), (&json!("USER_TEXT"), &json!("user")));
        let now = app.get(&project, &path(&made)).send().await.expect(200);
        assert_eq!((&now["snoozed"], &now["archived"], &now["status"]), (&json!(false), &json!(false), &json!("OPEN")));
        assert_eq!((now.get("snoozedUntil"), &now["notificationsUnread"]), (None, &json!(true)));
        app.put(&project, &path(&made), json!({"conversationClosed": true})).send().await.expect(200);
        let late = json!({"ticket": id(&made), "session": session, "comment": "Hello?"});
        app.post(&project, "/v3/messages", late).send().await.expect(400);
    }

    async fn what_a_blocked_contact_writes_is_turned_away(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let session = contact(&app, &project, "ada").await;
        let made = ticket(&app, &project, json!({"title": "A", "session": session})).await;
        app.put(&project, &format!("/v3/sessions/{session}"), json!({"blocked": true})).send().await.expect(200);
        let contact = app.get(&project, &format!("/v3/sessions/{session}")).send().await.expect(200);
        let device = hark_test::Device { sdk_key: project.keys.sdk_key.clone(), gleap_id: String::new(), gleap_hash: String::new() }.with(&contact);
        let visitor = app.app.store.visitor(&device.sdk_key).await.expect("a scope");
        let (gleap_id, gleap_hash) = (device.gleap_id.clone(), device.gleap_hash.clone());
        let known = app.app.store.peek(&visitor, move |tx| hark_core::contacts::known(tx, &gleap_id, &gleap_hash)).await.expect("a read").expect("a contact");
        let scope = hark_store::Scope::of_contact(&visitor, &known, &device.gleap_hash).expect("a scope");
        let ticket_id = id(&made).parse().expect("an id");
        let post = move |tx: &mut hark_store::Tx<'_>| messages::post(tx, NewMessage::new(ticket_id, Author::Contact(known.id), "Hi"));
        assert!(matches!(app.app.store.write(&scope, post).await, Err(hark_store::Error::Forbidden(_))));
        let create = move |tx: &mut hark_store::Tx<'_>| tickets::create(tx, NewTicket::default().of_contact(session.parse().expect("an id")));
        assert!(matches!(app.app.store.write(&scope, create).await, Err(hark_store::Error::Forbidden(_))));
        // An agent may still write for it.
        let reply = json!({"ticket": id(&made), "session": contact["id"], "comment": "on the phone"});
        app.post(&project, "/v3/messages", reply).send().await.expect(200);
    }

    async fn what_is_no_message_is_refused(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let made = ticket(&app, &project, json!({"title": "A"})).await;
        let session = contact(&app, &project, "ada").await;
        for (more, status) in [
            (json!({}), 400),
            (json!({"comment": ""}), 400),
            (json!({"comment": 7}), 400),
            (json!({"comment": "x", "session": "ffffffffffffffffffffffff"}), 404),
            (json!({"comment": "x", "ticket": "ffffffffffffffffffffffff"}), 404),
            (json!({"comment": "x", "ticket": null}), 400),
            (json!({"comment": "x", "isNote": true, "session": session}), 400),
            (json!({"comment": "x", "user": "ffffffffffffffffffffffff"}), 400),
            (json!({"comment": "x".repeat(300_000)}), 413),
            (json!({"comment": "x", "actions": (0..51).map(|_| json!({"type": "a"})).collect::<Vec<_>>()}), 400),
        ] {
            let mut body = json!({"ticket": made["id"]});
            body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
            app.post(&project, "/v3/messages", body).send().await.expect(status);
        }
        // Nor does one become none, or something else.
        let said = app.post(&project, "/v3/messages", json!({"ticket": id(&made), "comment": "x"})).send().await.expect(200);
        let one = format!("/v3/messages/{}", id(&said));
        for wrong in [json!({"comment": ""}), json!({"comment": " ", "attachments": []}), json!({"isNote": true})] {
            app.put(&project, &one, wrong).send().await.expect(400);
        }
        let files = json!({"comment": "", "isNote": false, "attachments": [{"name": "a", "url": "https://a.example/a"}]});
        app.put(&project, &one, files).send().await.expect(200);
        app.put(&project, &one, json!({"attachments": []})).send().await.expect(400);
        let owner = crate::people::owner(&app, &project).await;
        let posted = owner.call(&app, hark_test::Method::POST, "/v3/messages").header("Project", &project.id);
        let as_another = json!({"ticket": made["id"], "comment": "x", "user": "ffffffffffffffffffffffff"});
        posted.json(as_another).send().await.expect(403);
    }
}
