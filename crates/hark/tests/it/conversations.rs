//! The messenger's conversations: what a contact writes and reads, what reaches its pages, and what
//! nobody but agents sees.

use axum::http::Method;
use hark_test::{Device, Project, TestApp, both, eventually};
use serde_json::{Value as Json, json};

use crate::files::{PNG, addresses, form, ios, upload};
use crate::live_agents::follow_as;
use crate::people::{Person, member, text};
use crate::pusher::Pusher;
use crate::sdk_socket::{listen, open, update};

/// A contact's call, answered with 200.
pub(crate) async fn post(app: &TestApp, device: &Device, path: &str, body: Json) -> Json {
    device.post(app, path, body).await.expect(200)
}

pub(crate) async fn get(app: &TestApp, device: &Device, path: &str) -> Json {
    let answer = device.request(app, Method::GET, path).send().await;
    answer.readable_by_sdks();
    answer.expect(200)
}

/// Begins a conversation; returns its share token and the id of its ticket.
pub(crate) async fn begin(
    app: &TestApp,
    project: &Project,
    device: &Device,
    words: &str,
) -> (String, String) {
    let id = format!("begin-{}", words.len());
    let opened = post(app, device, "/conversations", json!({"id": id, "comment": words})).await;
    let token = text(&opened["conversation"], "shareToken");
    let list = app.get(project, &format!("/v3/tickets?shareToken={token}")).send().await.expect(200);
    (token, text(&list["tickets"][0], "id"))
}

/// A message of an agent.
async fn reply(app: &TestApp, project: &Project, agent: &Person, ticket: &str, words: &str) -> String {
    let body = json!({"ticket": ticket, "comment": words});
    let request = agent.call_in(app, project, Method::POST, "/v3/messages");
    text(&request.json(body).send().await.expect(200), "id")
}

both! {
    async fn a_contact_begins_a_conversation_and_goes_on_with_it(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let device = Device::start(&app, &project).await;
        let long = format!("My invoice is wrong, {}\nsecond line", "and ".repeat(40));
        let form = form(&[ios("a.png", "image/png", PNG)]);
        let file = addresses(&upload(&app, &device, "/uploads/attachments", form).await.expect(200)).remove(0);
        let first = json!({"id": "m1", "comment": long, "attachments": [{"name": "a.png", "url": file, "type": "image/png"}]});
        let opened = post(&app, &device, "/conversations", first.clone()).await;
        let conversation = &opened["conversation"];
        assert_eq!((&conversation["type"], &conversation["status"], &conversation["unread"]), (&json!("INQUIRY"), &json!("OPEN"), &json!(0)));
        assert!(text(conversation, "title").starts_with("My invoice is wrong, and") && text(conversation, "title").ends_with('…'));
        assert_eq!((&opened["message"]["ref"], &opened["message"]["senderType"]), (&json!("m1"), &json!("user")));
        assert_eq!(opened["message"]["attachments"], first["attachments"]);
        let token = text(conversation, "shareToken");

        let path = format!("/conversations/{token}/messages");
        let rich = json!({"type": "doc", "content": [{"type": "paragraph", "content": [
            {"type": "text", "text": "It says "}, {"type": "text", "text": "<b>12</b>", "marks": [{"type": "bold"}]}]}]});
        let sent = post(&app, &device, &path, json!({"id": "m2", "comment": rich})).await;
        assert_eq!(sent["message"]["text"], json!("It says <b>12</b>"));
        assert_eq!(sent["message"]["html"], json!("<p>It says <strong>&lt;b&gt;12&lt;/b&gt;</strong></p>"));
        for n in 3..8 {
            post(&app, &device, &path, json!({"id": format!("m{n}"), "comment": format!("more {n}")})).await;
        }
        let whole = get(&app, &device, &format!("/conversations/{token}")).await;
        let refs: Vec<String> = whole["messages"].as_array().expect("a list").iter().map(|message| text(message, "ref")).collect();
        assert_eq!(refs, ["m1", "m2", "m3", "m4", "m5", "m6", "m7"]);
        let page = get(&app, &device, &format!("/conversations/{token}?before=5&limit=2")).await;
        assert_eq!((&page["messages"][0]["ref"], &page["messages"][1]["ref"]), (&json!("m4"), &json!("m5")));

        app.clock.advance(1_000);
        let other = post(&app, &device, "/conversations", json!({"id": "o1", "comment": "x", "title": "Another", "type": "BUG"})).await;
        let list = get(&app, &device, "/conversations").await;
        let titles: Vec<String> = list.as_array().expect("a list").iter().map(|one| text(one, "title")).collect();
        assert_eq!((titles.len(), titles[0].as_str()), (2, "Another"), "the latest first");
        assert_eq!(list[1]["latestMessage"]["ref"], json!("m7"));
        let bugs = get(&app, &device, "/conversations?type=BUG").await;
        assert_eq!((bugs.as_array().map(Vec::len), &bugs[0]["shareToken"]), (Some(1), &other["conversation"]["shareToken"]));
        let paged = device.request(&app, Method::GET, "/conversations?limit=1").send().await;
        let next = paged.header("x-next-cursor").to_owned();
        let rest = get(&app, &device, &format!("/conversations?limit=1&cursor={next}")).await;
        assert_eq!(rest[0]["shareToken"], json!(token));

        for wrong in [json!({"comment": "x"}), json!({"id": "a b", "comment": "x"}), json!({"id": "x".repeat(65), "comment": "x"}),
            json!({"id": "w1"}), json!({"id": "w2", "comment": ""}), json!({"id": "w3", "comment": 7})] {
            for path in ["/conversations", path.as_str()] {
                device.post(&app, path, wrong.clone()).await.expect(400);
            }
        }
    }

    async fn attachments_of_a_contact_are_files_of_the_project(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let (project, other) = (app.project().await, app.project().await);
        let (device, foreign) = (Device::start(&app, &project).await, Device::start(&app, &other).await);
        let send = async |device: &Device| {
            addresses(&upload(&app, device, "/uploads/attachments", form(&[ios("a.png", "image/png", PNG)])).await.expect(200)).remove(0)
        };
        let (own, of_other) = (send(&device).await, send(&foreign).await);
        let (_, path) = own.split_once("/media/").expect("a path");
        let token = begin(&app, &project, &device, "Hello").await.0;
        let comment = |url: &str| json!({"id": "a", "comment": "x", "attachments": [{"name": "a.png", "url": own}, {"name": "a.png", "url": url}]});
        for url in ["javascript:alert(1)", "", "https://tracker.invalid/pixel.png", &of_other, "http://media.localhost:8080/media/", &format!("/media/{path}"),
            &format!("javascript:/media/{path}"), &format!("http://media.localhost:8080/media/{}/a.png", "A".repeat(43))] {
            app.clock.advance(60_000);
            for path in ["/conversations".to_owned(), format!("/conversations/{token}/messages")] {
                let refused = device.post(&app, &path, comment(url)).await.expect(400);
                assert!(refused.to_string().contains("/uploads/attachments"), "{refused}");
            }
        }
        app.clock.advance(60_000);
        let sent = post(&app, &device, "/conversations", comment(&own)).await;
        assert_eq!(sent["message"]["attachments"].as_array().map(Vec::len), Some(2));
        // With whatever host a page remembers it: what is kept and told leads to ours.
        for (id, host) in ["http://media.localhost:81", "https://media.localhost:8080.former.example"].into_iter().enumerate() {
            app.clock.advance(60_000);
            let said = json!({"id": format!("c{id}"), "comment": "x", "attachments": [{"name": "a.png", "url": format!("{host}/media/{path}?a=b")}]});
            let sent = post(&app, &device, &format!("/conversations/{token}/messages"), said).await;
            assert_eq!(sent["message"]["attachments"][0]["url"], json!(own), "{sent}");
        }
        let many = json!({"id": "b", "comment": "x", "attachments": vec![json!({"name": "a", "url": own}); 51]});
        device.post(&app, "/conversations", many).await.expect(400);
    }

    async fn a_contact_is_told_when_an_answer_was_edited(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let device = Device::start(&app, &project).await;
        let token = begin(&app, &project, &device, "Hello").await.0;
        let ticket = app.get(&project, "/v3/tickets?limit=1").send().await.expect(200)["tickets"][0]["id"].clone();
        let said = app.post(&project, "/v3/messages", json!({"ticket": ticket, "comment": "Godo day"})).send().await.expect(200);
        let one = format!("/v3/messages/{}", said["id"].as_str().expect("an id"));
        app.clock.advance(60_000);
        let seen = async || get(&app, &device, &format!("/conversations/{token}")).await["messages"][1].clone();
        // Neither what agents note of it nor the same words again is an edit.
        for change in [json!({"status": {"sent": true}}), json!({"comment": "Godo day"})] {
            let same = app.put(&project, &one, change).send().await.expect(200);
            assert_eq!((same.get("editedAt"), seen().await.get("editedAt")), (None, None));
        }
        let edited = app.put(&project, &one, json!({"comment": "Good day", "editedAt": "2020-01-01T00:00:00.000Z"})).send().await.expect(200);
        let now = json!(hark_query::dates::format_date(app.clock.now()));
        assert_eq!((&edited["editedAt"], &seen().await["editedAt"], &seen().await["text"]), (&now, &now, &json!("Good day")));
    }

    async fn what_is_sent_again_is_written_once(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let device = Device::start(&app, &project).await;
        let opening = json!({"id": "first", "comment": "Hello"});
        let sends = (0..6).map(|_| device.post(&app, "/conversations", opening.clone()));
        let tokens: Vec<String> = futures_util::future::join_all(sends).await.iter().map(|answer| text(&answer.expect(200)["conversation"], "shareToken")).collect();
        assert!(tokens.iter().all(|token| *token == tokens[0]), "{tokens:?}");
        let path = format!("/conversations/{}/messages", tokens[0]);
        let sends = (0..6).map(|_| device.post(&app, &path, json!({"id": "second", "comment": "Again"})));
        let ids: Vec<String> = futures_util::future::join_all(sends).await.iter().map(|answer| text(&answer.expect(200)["message"], "id")).collect();
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
        let whole = get(&app, &device, &format!("/conversations/{}", tokens[0])).await;
        assert_eq!(whole["messages"].as_array().map(Vec::len), Some(2));
        let count = app.get(&project, "/v3/tickets").send().await.expect(200)["totalCount"].clone();
        assert_eq!(count, json!(1));

        let other = post(&app, &device, "/conversations", json!({"id": "third", "comment": "Other"})).await;
        let elsewhere = format!("/conversations/{}/messages", text(&other["conversation"], "shareToken"));
        device.post(&app, &elsewhere, json!({"id": "second", "comment": "Again"})).await.expect(400);
        let stranger = Device::start(&app, &project).await;
        post(&app, &stranger, "/conversations", json!({"id": "first", "comment": "ids are each contact's own"})).await;
    }

    async fn nobody_reaches_what_is_not_theirs(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let (ada, eve) = (Device::start(&app, &project).await, Device::start(&app, &project).await);
        ada.identify(&app, json!({"userId": "ada", "email": "ada@customer.example", "name": "Ada"})).await.expect(200);
        let agent = member(&app, &project, "agent@example.com", "DEFAULT").await;
        let (token, ticket) = begin(&app, &project, &ada, "A secret question").await;
        let note = json!({"ticket": ticket, "comment": "an internal remark", "isNote": true});
        agent.call_in(&app, &project, Method::POST, "/v3/messages").json(note).send().await.expect(200);
        reply(&app, &project, &agent, &ticket, "An answer").await;

        let ways = [(Method::GET, ""), (Method::POST, "/messages"), (Method::POST, "/read"), (Method::POST, "/typing"), (Method::POST, "/rating")];
        for (method, way) in ways {
            let body = json!({"id": "x1", "comment": "x", "typing": true, "rating": 5});
            let path = format!("/conversations/{token}{way}");
            eve.request(&app, method, &path).json(body).send().await.expect(404);
        }
        assert_eq!(get(&app, &eve, "/conversations").await, json!([]));
        for path in [format!("/conversations/{token}"), "/conversations".to_owned()] {
            let answer = ada.request(&app, Method::GET, &path).send().await;
            answer.expect(200);
            for hidden in ["internal remark", "secretShareToken", "agent@example.com", "ada@customer.example", "gleapHash", "processingUser"] {
                assert!(!answer.body.contains(hidden), "{hidden}: {}", answer.body);
            }
        }
        let whole = get(&app, &ada, &format!("/conversations/{token}")).await;
        assert_eq!(whole["messages"].as_array().map(Vec::len), Some(2), "the note is no message");
        assert_eq!((&whole["messages"][1]["sender"]["name"], &whole["conversation"]["unread"]), (&json!("Ada Lovelace"), &json!(1)));
        let picture = text(&whole["messages"][1]["sender"], "profileImageUrl");
        let path = picture.strip_prefix("http://localhost:8080").expect("an address of ours");
        let image = app.request(Method::GET, path).send().await;
        assert_eq!((image.status.as_u16(), image.header("content-type")), (200, "image/png"));

        let foreign = app.project().await;
        let stranger = Device::start(&app, &foreign).await;
        stranger.request(&app, Method::GET, &format!("/conversations/{token}")).send().await.expect(404);
    }

    async fn an_answer_reaches_every_page_and_reading_it_clears_them(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let address = listen(app.router.clone()).await;
        let agent = member(&app, &project, "agent@example.com", "DEFAULT").await;
        let device = Device::start(&app, &project).await;
        let (token, ticket) = begin(&app, &project, &device, "A question").await;
        let mut tabs = [open(address, &device).await, open(address, &device).await];
        for tab in &mut tabs {
            assert_eq!(update(tab).await["data"], json!({"a": [], "u": 0}));
        }
        let message = reply(&app, &project, &agent, &ticket, "Try <this> & that").await;
        for tab in &mut tabs {
            let data = update(tab).await["data"].clone();
            assert_eq!(data["u"], json!(1));
            let action = &data["a"][0];
            assert_eq!((&action["actionType"], &action["outbound"]), (&json!("notification"), &json!(message)));
            assert!(action["createdAt"].is_string() && action["sound"].is_boolean());
            assert_eq!(action["data"]["text"], json!("<p>Try &lt;this&gt; &amp; that</p>"));
            assert_eq!(action["data"]["sender"], json!({"name": "Ada Lovelace", "profileImageUrl": "http://localhost:8080/shared/avatar.png", "isBot": false}));
            assert_eq!(action["data"]["conversation"], json!({"shareToken": token}));
        }
        let read = post(&app, &device, &format!("/conversations/{token}/read"), json!({})).await;
        assert_eq!(read, json!({"unread": 0}));
        for tab in &mut tabs {
            assert_eq!(update(tab).await["data"], json!({"u": 0, "rc": token, "a": []}));
        }
        assert_eq!(get(&app, &device, "/conversations").await[0]["unread"], json!(0));
        let again = post(&app, &device, &format!("/conversations/{token}/read"), json!({})).await;
        assert_eq!(again, json!({"unread": 0}));
        let rated = post(&app, &device, &format!("/conversations/{token}/rating"), json!({"rating": 4})).await;
        assert_eq!(rated["rating"], json!(4));
        for wrong in [0, 6, -1] {
            device.post(&app, &format!("/conversations/{token}/rating"), json!({"rating": wrong})).await.expect(400);
        }
    }

    async fn a_message_that_is_deleted_unread_counts_no_more(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let agent = member(&app, &project, "agent@example.com", "DEFAULT").await;
        let device = Device::start(&app, &project).await;
        let (token, ticket) = begin(&app, &project, &device, "A question").await;
        let unread = async || get(&app, &device, "/conversations").await[0]["unread"].clone();
        let delete = async |message: &str| app.delete(&project, &format!("/v3/messages/{message}")).send().await;
        let read = reply(&app, &project, &agent, &ticket, "One").await;
        post(&app, &device, &format!("/conversations/{token}/read"), json!({})).await;
        let (second, third) = (reply(&app, &project, &agent, &ticket, "Two").await, reply(&app, &project, &agent, &ticket, "Three").await);
        assert_eq!(unread().await, json!(2));
        delete(&second).await;
        assert_eq!(unread().await, json!(1));
        // One that was read is no part of the count.
        delete(&read).await;
        assert_eq!(unread().await, json!(1));
        delete(&third).await;
        assert_eq!(unread().await, json!(0));
        let ping = device.post(&app, "/sessions/ping", json!({"events": []})).await.expect(200);
        assert_eq!(ping["u"], json!(0));
    }

    async fn who_was_away_is_shown_once_what_came_meanwhile(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let address = listen(app.router.clone()).await;
        let agent = member(&app, &project, "agent@example.com", "DEFAULT").await;
        let device = Device::start(&app, &project).await;
        let (token, ticket) = begin(&app, &project, &device, "A question").await;
        reply(&app, &project, &agent, &ticket, "too long ago").await;
        app.clock.advance(61 * 60 * 1_000);
        let missed = [reply(&app, &project, &agent, &ticket, "one").await, reply(&app, &project, &agent, &ticket, "two").await];
        let mut page = open(address, &device).await;
        assert_eq!(update(&mut page).await["data"], json!({"a": [], "u": 3}));
        for message in &missed {
            assert_eq!(update(&mut page).await["data"]["a"][0]["outbound"], json!(message));
        }
        // It is noted behind the sending, not before.
        let id = device.gleap_id.clone();
        let scope = app.app.store.operator_of(project.id.parse().expect("an id")).await.expect("a scope");
        eventually("it is noted that they were shown", || async {
            let id = id.clone();
            let pending = move |tx: &hark_store::ReadTx<'_>| {
                let contact = tx.find_by(&hark_core::contacts::CONTACT, "gleapId", &id)?.expect("the contact");
                hark_core::updates::pending(tx, contact.id)
            };
            app.app.store.read(&scope, pending).await.expect("a read").0.is_empty()
        }).await;
        let mut next = open(address, &device).await;
        assert_eq!(update(&mut next).await["data"], json!({"a": [], "u": 3}), "the next page has nothing more to show");
        let third = reply(&app, &project, &agent, &ticket, "three").await;
        for page in [&mut page, &mut next] {
            assert_eq!(update(page).await["data"]["a"][0]["outbound"], json!(third));
        }
        drop((page, next));

        reply(&app, &project, &agent, &ticket, "four").await;
        post(&app, &device, &format!("/conversations/{token}/read"), json!({})).await;
        let mut last = open(address, &device).await;
        assert_eq!(update(&mut last).await["data"], json!({"a": [], "u": 0}), "what was read is not shown");
        let fifth = reply(&app, &project, &agent, &ticket, "five").await;
        assert_eq!(update(&mut last).await["data"]["a"][0]["outbound"], json!(fifth));
    }

    async fn devices_without_a_socket_ask_and_are_told_once(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let agent = member(&app, &project, "agent@example.com", "DEFAULT").await;
        let device = Device::start(&app, &project).await;
        let (_, ticket) = begin(&app, &project, &device, "A question").await;
        let ping = async |ws: bool| post(&app, &device, "/sessions/ping", json!({"events": [], "ws": ws})).await;
        assert_eq!(ping(false).await, json!({"a": [], "u": 0}));
        let message = reply(&app, &project, &agent, &ticket, "An answer").await;
        assert_eq!(ping(true).await, json!({"a": [], "u": 1}), "it has a socket for that");
        let told = ping(false).await;
        assert_eq!((&told["u"], &told["a"][0]["outbound"], &told["a"][0]["data"]["sender"]["name"]), (&json!(1), &json!(message), &json!("Ada Lovelace")));
        assert_eq!(ping(false).await, json!({"a": [], "u": 1}));
    }

    async fn agents_see_a_contact_type(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let address = listen(app.router.clone()).await;
        let agent = member(&app, &project, "agent@example.com", "DEFAULT").await;
        let device = Device::start(&app, &project).await;
        let (token, ticket) = begin(&app, &project, &device, "A question").await;
        let mut pusher = Pusher::connect(&address.to_string(), &project.keys.sdk_key).await;
        follow_as(&app, &agent, &mut pusher, &format!("presence-project-{}", project.id)).await;
        let channel = format!("presence-ticket-{ticket}");
        let ask = json!({"socket_id": pusher.id, "channel_name": channel});
        let seal = agent.call_in(&app, &project, Method::POST, "/v3/users/me/session-channel-auth").json(ask).send().await.expect(200);
        pusher.subscribe(&channel, &seal, None).await;
        pusher.event("pusher_internal:subscription_succeeded").await;
        post(&app, &device, &format!("/conversations/{token}/typing"), json!({"typing": true})).await;
        assert_eq!(pusher.event("client-typing").await, json!({"typing": true}));
    }

    async fn a_link_shows_a_ticket_and_the_secret_one_writes_in_it(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let agent = member(&app, &project, "agent@example.com", "DEFAULT").await;
        let device = Device::start(&app, &project).await;
        device.identify(&app, json!({"userId": "ada", "email": "ada@customer.example", "name": "Ada Example"})).await.expect(200);
        let (token, ticket) = begin(&app, &project, &device, "A question").await;
        let note = json!({"ticket": ticket, "comment": "an internal remark", "isNote": true});
        agent.call_in(&app, &project, Method::POST, "/v3/messages").json(note).send().await.expect(200);
        reply(&app, &project, &agent, &ticket, "An answer").await;
        let secret = text(&app.get(&project, &format!("/v3/tickets/{ticket}")).send().await.expect(200), "secretShareToken");
        let call = |method: Method, path: String| app.request(method, &path).header("Api-Token", &project.keys.sdk_key);
        for (link, may_comment) in [(&token, false), (&secret, true)] {
            let answer = call(Method::GET, format!("/shared/tickets/{link}")).send().await;
            answer.readable_by_sdks();
            let seen = answer.expect(200);
            assert_eq!((&seen["mayComment"], seen["messages"].as_array().map(Vec::len)), (&json!(may_comment), Some(2)));
            for hidden in ["internal remark", "Ada Example", "ada@customer.example", "agent@example.com", &secret, "gleap"] {
                assert!(!answer.body.contains(hidden), "{hidden}: {}", answer.body);
            }
        }
        let comment = json!({"id": "c1", "comment": "Thank you"});
        call(Method::POST, format!("/shared/tickets/{token}/comments")).json(comment.clone()).send().await.expect(403);
        for _ in 0..2 {
            let seen = call(Method::POST, format!("/shared/tickets/{secret}/comments")).json(comment.clone()).send().await.expect(200);
            assert_eq!(seen["messages"].as_array().map(Vec::len), Some(3), "once");
        }
        assert_eq!(get(&app, &device, &format!("/conversations/{token}")).await["messages"][2]["text"], json!("Thank you"));
        call(Method::GET, "/shared/tickets/nothing".to_owned()).send().await.expect(404);
        let foreign = app.project().await;
        app.request(Method::GET, &format!("/shared/tickets/{token}")).header("Api-Token", &foreign.keys.sdk_key).send().await.expect(404);
        let page = call(Method::GET, format!("/shared/tickets/{token}?before=3&limit=1")).send().await.expect(200);
        assert_eq!((page["messages"].as_array().map(Vec::len), &page["messages"][0]["text"]), (Some(1), &json!("An answer")));
        app.put(&project, &format!("/v3/tickets/{ticket}"), json!({"hideContent": true})).send().await.expect(200);
        let seen = call(Method::GET, format!("/shared/tickets/{token}")).send().await.expect(200);
        assert_eq!(seen["messages"], json!([]));
        app.put(&project, &format!("/v3/tickets/{ticket}"), json!({"conversationClosed": true})).send().await.expect(200);
        call(Method::POST, format!("/shared/tickets/{secret}/comments")).json(json!({"id": "c2", "comment": "x"})).send().await.expect(400);
        device.post(&app, &format!("/conversations/{token}/messages"), json!({"id": "c3", "comment": "x"})).await.expect(400);
    }
}
