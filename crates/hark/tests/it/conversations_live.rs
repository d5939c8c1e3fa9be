//! What the messenger hears of its conversations over the socket, and what it sees of how they began.

use hark_test::{Device, Method, Project, TestApp, both};
use serde_json::{Value as Json, json};

use crate::conversations::{begin, get, post};
use crate::files::{form, ios, upload};
use crate::people::{self, Person};
use crate::sdk_socket::{Socket, listen, open, update};
use crate::tickets::id;

/// A device in a conversation, with its socket past the first update.
async fn talking(app: &TestApp, project: &Project) -> (Device, String, String, Socket) {
    let device = Device::start(app, project).await;
    let (token, ticket) = begin(app, project, &device, "hello").await;
    let mut socket = open(listen(app.router.clone()).await, &device).await;
    update(&mut socket).await;
    (device, token, ticket, socket)
}

async fn types(app: &TestApp, project: &Project, agent: &Person, ticket: &str, typing: bool) {
    let path = format!("/v3/tickets/{ticket}/typing");
    let call = agent.call_in(app, project, Method::POST, &path);
    call.json(json!({"typing": typing})).send().await.expect(200);
}

both! {
    async fn a_contact_sees_an_agent_type(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let agent = people::owner(&app, &project).await;
        let name = json!({"firstName": "Ada", "lastName": "Byron"});
        agent.call(&app, Method::PUT, &format!("/v3/users/{}", agent.id)).json(name).send().await.expect(200);
        let (_, token, ticket, mut socket) = talking(&app, &project).await;
        let (_, other_token, other, mut others) = talking(&app, &project).await;
        for typing in [true, false] {
            types(&app, &project, &agent, &ticket, typing).await;
            let frame = update(&mut socket).await;
            assert_eq!((&frame["name"], &frame["data"]["shareToken"], &frame["data"]["typing"]), (&json!("typing"), &json!(token), &json!(typing)));
            assert_eq!(frame["data"]["sender"]["name"], "Ada Byron");
            assert!(frame["data"]["sender"]["profileImageUrl"].as_str().is_some_and(|url| url.starts_with("http")), "{frame}");
            assert_eq!((frame.get("seq"), frame.get("epoch")), (None, None), "nothing to resume behind");
        }
        // Nobody else heard of it, and nothing of it is kept.
        types(&app, &project, &agent, &other, true).await;
        assert_eq!(update(&mut others).await["data"]["shareToken"], json!(other_token));
        let spam = json!({"isSpam": true});
        app.put(&project, &format!("/v3/tickets/{ticket}"), spam).send().await.expect(200);
        types(&app, &project, &agent, &ticket, true).await;
        app.post(&project, "/v3/messages", json!({"ticket": ticket, "comment": "hi"})).send().await.expect(200);
        assert_eq!(update(&mut socket).await["data"]["u"], json!(1));
    }

    async fn what_changes_about_a_conversation_is_told(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let (device, token, ticket, mut socket) = talking(&app, &project).await;
        let mut told = async || {
            let data = update(&mut socket).await["data"].clone();
            (data["c"].clone(), data["a"].as_array().map(Vec::len))
        };
        let changed = (json!(token), Some(0));
        // Its other device writes.
        post(&app, &device, &format!("/conversations/{token}/messages"), json!({"id": "m", "comment": "more"})).await;
        assert_eq!(told().await, changed);
        let path = format!("/v3/tickets/{ticket}");
        app.post(&project, "/v3/messages", json!({"ticket": ticket, "comment": "hush", "isNote": true})).send().await.expect(200);
        app.put(&project, &path, json!({"priority": "HIGH", "tags": ["x"]})).send().await.expect(200);
        app.put(&project, &path, json!({"status": "DONE"})).send().await.expect(200);
        assert_eq!(told().await, changed, "of the note and the tag nobody was told");
        app.put(&project, &path, json!({"conversationClosed": true})).send().await.expect(200);
        assert_eq!(told().await, changed);
        let said = app.post(&project, "/v3/messages", json!({"ticket": ticket, "comment": "Hi"})).send().await.expect(200);
        assert_eq!(told().await, (Json::Null, Some(1)), "a message of an agent names its conversation anyway");
        let message = format!("/v3/messages/{}", id(&said));
        app.put(&project, &message, json!({"comment": "Hello"})).send().await.expect(200);
        assert_eq!(told().await, changed);
        app.delete(&project, &message).send().await.expect(204);
        assert_eq!(told().await, (Json::Null, Some(0)), "less is unread");
        assert_eq!(told().await, changed);
    }

    async fn a_conversation_that_began_as_a_report_shows_it(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let device = Device::start(&app, &project).await;
        let file = upload(&app, &device, "/uploads/attachments", form(&[ios("a.txt", "", b"a")])).await.expect(200);
        let file = json!({"name": "a.txt", "url": file["fileUrls"][0], "type": "text/plain"});
        let report = json!({"type": "BUG", "formData": {"description": "It broke\nbadly"}, "attachments": [file]});
        let made = device.post(&app, "/bugs/v2", report).await.expect(201);
        let (path, seen) = (format!("/v3/tickets/{}", id(&made)), format!("/conversations/{}", made["shareToken"].as_str().expect("a token")));
        let whole = get(&app, &device, &seen).await;
        assert_eq!((&whole["conversation"]["description"], &whole["conversation"]["attachments"]), (&json!("It broke\nbadly"), &json!([file])));
        // What agents write over it is not what was reported.
        let notes = json!({"description": "Customer is annoying", "attachments": [file, {"name": "b", "url": "https://x.example/internal"}]});
        app.put(&project, &path, notes).send().await.expect(200);
        let whole = get(&app, &device, &seen).await;
        assert_eq!((&whole["conversation"]["description"], &whole["conversation"]["attachments"]), (&json!("It broke\nbadly"), &json!([file])));
        let list = get(&app, &device, "/conversations").await;
        assert_eq!((&list[0]["description"], list[0].get("attachments")), (&json!("It broke\nbadly"), None));
        let contact = app.get(&project, &path).send().await.expect(200)["session"]["id"].clone();
        let body = json!({"title": "B", "description": "internal", "session": contact});
        let by_agent = app.post(&project, "/v3/tickets", body).send().await.expect(200);
        let whole = get(&app, &device, &format!("/conversations/{}", by_agent["shareToken"].as_str().expect("a token"))).await;
        assert_eq!(whole["conversation"].get("description"), None);
    }

    async fn a_conversation_brings_along_where_it_began(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let device = Device::start(&app, &project).await;
        let data = json!({
            "customData": {"cart": 3}, "metaData": {"currentUrl": "https://shop.example/cart"},
            "formData": {"plan": "pro"}, "tags": ["vip"], "status": "DONE", "priority": "HIGH", "secretShareToken": "x",
        });
        let opened = post(&app, &device, "/conversations", json!({"id": "a", "comment": "hello", "data": data})).await;
        let token = opened["conversation"]["shareToken"].as_str().expect("a token").to_owned();
        let found = app.get(&project, &format!("/v3/tickets?shareToken={token}")).send().await.expect(200);
        let ticket = &found["tickets"][0];
        assert_eq!((&ticket["customData"], &ticket["metaData"]["currentUrl"]), (&json!({"cart": 3}), &json!("https://shop.example/cart")));
        assert_eq!((&ticket["formData"]["plan"], &ticket["tags"]), (&json!("pro"), &json!(["vip"])));
        assert_eq!((&ticket["status"], &ticket["priority"], &ticket["title"]), (&json!("OPEN"), &json!("MEDIUM"), &json!("hello")));
        assert_eq!(opened["conversation"].get("description"), None);
        // What does not fit is left out, and the conversation begins.
        for (id, odd) in [("b", json!({"customData": 5, "tags": "x", "metaData": {"a": "x".repeat(200_000)}})), ("c", json!(null)), ("d", json!({}))] {
            let opened = post(&app, &device, "/conversations", json!({"id": id, "comment": "hello", "data": odd})).await;
            assert_eq!(opened["message"]["ref"], id);
        }
    }
}
