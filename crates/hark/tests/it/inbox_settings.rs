//! Ticket views, segments, properties, channels and notes over REST v3.

use hark_test::{Answer, Method, Project, TestApp, both};
use serde_json::{Value as Json, json};

use crate::people;

/// A kind: its path, a document, a change, and input that breaks a rule with the sentence about it.
fn kinds() -> [(&'static str, Json, Json, Json, &'static str); 5] {
    [
        (
            "/v3/ticket-views",
            json!({"name": "Mine", "conditions": {"path": "status", "op": "is", "value": "OPEN"}, "sortBy": "-createdAt", "dataSources": ["BUG"]}),
            json!({"viewType": "board"}),
            json!({"name": "Mine", "conditions": {"path": "status", "op": "like", "value": 1}}),
            "`conditions/op` is not an operator",
        ),
        (
            "/v3/segments",
            json!({"name": "Paying", "conditions": {"path": "customData.plan", "op": "is", "value": "pro"}, "columns": ["email", "customData.plan"], "icon": "star"}),
            json!({"sortBy": "-lastActivity"}),
            json!({"name": "Paying", "conditions": {"path": "email", "op": "like", "value": 1}}),
            "`conditions/op` is not an operator",
        ),
        (
            "/v3/properties",
            json!({"type": "select", "label": "Browser", "fieldId": "browser", "targetSource": "BUG",
                   "options": [{"label": {"en": "Firefox"}, "value": "ff"}], "visability": {"sidebar": true}}),
            json!({"label": "Which browser"}),
            json!({"type": "text", "label": "x", "fieldId": "a b", "targetSource": "BUG"}),
            "`fieldId` is made of letters",
        ),
        (
            "/v3/channels",
            json!({"type": "TELEGRAM", "name": "Bot", "botToken": "t-1", "ticketCreationRules": {"timeBased": {"isActive": true, "timeBetweenTickets": 3600}}}),
            json!({"isEnabled": false}),
            json!({"type": "PIGEON"}),
            "`type` must be one of WIDGET",
        ),
        (
            "/v3/notes",
            json!({"title": "Call", "content": "said *hello*", "type": "phone_call"}),
            json!({"title": "Second call"}),
            json!({"title": "Call", "content": 5}),
            "content is a text or a document",
        ),
    ]
}

fn id(document: &Json) -> String {
    document["id"].as_str().expect("an id").to_owned()
}

fn says(answer: &Answer, status: u16, sentence: &str) {
    let message = answer.expect(status)["message"].as_str().expect("a sentence").to_owned();
    assert!(message.contains(sentence), "{message:?} does not say {sentence:?}");
}

async fn contact(app: &TestApp, project: &Project, body: Json) -> String {
    id(&app.post(project, "/v3/sessions", body).send().await.expect(200))
}

both! {
    async fn documents_are_created_changed_listed_and_deleted(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        for (all, body, change, wrong, sentence) in kinds() {
            let made = app.post(&project, all, body.clone()).send().await;
            let document = made.expect(200);
            for (name, value) in body.as_object().expect("an object") {
                let answered = &document[name];
                let is_subset = value.as_object().is_none_or(|value| value.iter().all(|(name, value)| &answered[name] == value));
                assert!(answered == value || is_subset, "{all}: {name} is {answered}");
            }
            let one = format!("{all}/{}", id(&document));
            let changed = app.put(&project, &one, change.clone()).send().await;
            let late = app.put(&project, &one, change.clone()).header("If-Match", made.header("etag")).send().await;
            late.expect(409);
            let (name, value) = change.as_object().and_then(|change| change.iter().next()).expect("a property");
            assert_eq!(&changed.expect(200)[name], value, "{all}");
            assert_eq!(&app.get(&project, &one).send().await.expect(200)[name], value, "{all}");
            let listed = app.get(&project, &format!("{all}?id={}", id(&document))).send().await;
            assert_eq!((listed.expect(200).as_array().map(Vec::len), listed.header("x-total-count")), (Some(1), "1"));
            says(&app.post(&project, all, wrong).send().await, 400, sentence);
            app.delete(&project, &one).send().await.expect(200);
            app.get(&project, &one).send().await.expect(404);
        }
    }

    async fn a_view_is_seen_by_whom_it_is_shared_with(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let (ada, bob) = (people::member(&app, &project, "ada@example.com", "DEFAULT").await, people::member(&app, &project, "bob@example.com", "DEFAULT").await);
        let call = |who: &people::Person, method: Method, path: &str, body: Json| who.call_in(&app, &project, method, path).json(body);
        let made = call(&ada, Method::POST, "/v3/ticket-views", json!({"name": "Ada's"})).send().await.expect(200);
        assert_eq!(made["createdBy"], json!(ada.id));
        let path = format!("/v3/ticket-views/{}", id(&made));
        call(&bob, Method::GET, &path, json!({})).send().await.expect(404);
        call(&bob, Method::PUT, &path, json!({"name": "Bob's"})).send().await.expect(404);
        call(&ada, Method::PUT, &path, json!({"users": [bob.id]})).send().await.expect(200);
        call(&bob, Method::GET, &path, json!({})).send().await.expect(200);
        call(&bob, Method::PUT, &path, json!({"name": "Bob's"})).send().await.expect(403);
        let listed = call(&bob, Method::GET, "/v3/ticket-views", json!({})).send().await.expect(200);
        assert_eq!(listed.as_array().map(Vec::len), Some(1));
        call(&ada, Method::PUT, &path, json!({"isPublic": true})).send().await.expect(200);
        call(&bob, Method::DELETE, &path, json!({})).send().await.expect(200);
    }

    async fn an_attribute_exists_once_for_each_source(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let body = |source: &str| json!({"type": "text", "label": "x", "fieldId": "browser", "targetSource": source});
        app.post(&project, "/v3/properties", body("BUG")).send().await.expect(200);
        app.post(&project, "/v3/properties", body("INQUIRY")).send().await.expect(200);
        says(&app.post(&project, "/v3/properties", body("BUG")).send().await, 409, "another property already has this fieldId");
    }

    async fn credentials_of_channels_are_for_those_who_may_change_them(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let agent = people::member(&app, &project, "agent@example.com", "DEFAULT").await;
        let made = app.post(&project, "/v3/channels", json!({"type": "SLACK", "accessToken": "xoxb-1"})).send().await.expect(200);
        assert_eq!(made["accessToken"], json!("xoxb-1"));
        for path in ["/v3/channels".to_owned(), format!("/v3/channels/{}", id(&made))] {
            let seen = agent.call_in(&app, &project, Method::GET, &path).send().await;
            assert!(seen.expect(200).to_string().contains("SLACK") && !seen.body.contains("xoxb-1"), "{}", seen.body);
        }
        let guessed = agent.call_in(&app, &project, Method::GET, "/v3/channels?accessToken=xoxb-1").send().await;
        guessed.expect(400);
    }

    async fn notes_go_with_their_contact(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let known = contact(&app, &project, json!({"userId": "u-1"})).await;
        let guest = contact(&app, &project, json!({"email": "guest@example.com"})).await;
        let content = json!({"type": "paragraph", "content": [{"type": "text", "text": "likes tea"}, {"type": "x", "text": "!"}]});
        let body = json!({"title": "Tea", "content": content, "associatedEntity": guest});
        let note = app.post(&project, "/v3/notes", body).send().await.expect(200);
        assert_eq!(note["plainContent"], json!("likes tea!"));
        assert_eq!(note["content"]["type"], json!("doc"));
        let about = async |contact: &str| {
            let notes = app.get(&project, &format!("/v3/notes?associatedEntity={contact}")).send().await.expect(200);
            notes.as_array().map(Vec::len).unwrap_or_default()
        };
        let merge = json!({"sourceId": guest, "targetId": known});
        app.post(&project, "/v3/sessions/merge", merge).send().await.expect(200);
        assert_eq!((about(&guest).await, about(&known).await), (0, 1));
        let history = app.get(&project, &format!("/v3/sessions/{known}/identity-history")).send().await.expect(200);
        let change = history["history"].as_array().and_then(|all| all.iter().find(|one| one["by"]["method"] == "merge")).expect("the merge");
        let undo = format!("/v3/sessions/{known}/identity-history/{}/undo", id(change));
        app.post(&project, &undo, json!({})).send().await.expect(200);
        assert_eq!((about(&guest).await, about(&known).await), (1, 0));
        app.delete(&project, &format!("/v3/sessions/{guest}")).send().await.expect(204);
        assert_eq!(about(&guest).await, 0);
        let nobody = json!({"title": "x", "content": "x", "associatedEntity": "ffffffffffffffffffffffff"});
        says(&app.post(&project, "/v3/notes", nobody).send().await, 400, "no contact or ticket of this project");
    }
}
