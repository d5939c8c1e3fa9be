//! U+0000, which PostgreSQL cannot store: refused with a sentence, or left out where an error would
//! cost a visitor the session; never a failure of ours.

use axum::http::Method;
use hark_test::{Device, TestApp, both};
use serde_json::json;

both! {
    async fn programs_are_told(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let contact = app.post(&project, "/v3/sessions", json!({"userId": "1"})).send().await.expect(200);
        let session = format!("/v3/sessions/{}", contact["id"].as_str().expect("an id"));
        let nul = "a\u{0}b";
        for (method, path, body) in [
            (Method::POST, "/v3/teams", json!({"name": nul})),
            (Method::POST, "/v3/teams", json!({"name": "a", "operatingHours": {"replyTime": {nul: [nul]}}})),
            (Method::POST, "/v3/message-templates", json!({"title": nul, "content": "a"})),
            (Method::PUT, "/v3/projects/config", json!({"color": nul})),
            (Method::POST, &format!("{session}/memory"), json!({"name": nul, "content": nul})),
            (Method::POST, "/v3/sessions", json!({"userId": nul, "customData": {nul: nul}})),
            (Method::PUT, &session, json!({"location": {"city": nul}})),
            (Method::POST, "/v3/sessions/unsubscribe", json!({"sessions": [{"email": nul}], "reason": nul})),
        ] {
            let answer = app.request(method, path).rest(&project).json(body).send().await;
            let message = &answer.expect(400)["message"];
            assert!(message.as_str().is_some_and(|text| text.contains("U+0000")), "{path}: {message}");
        }
        app.get(&project, "/v3/sessions/by-user-id/a%00").send().await.expect(400);
        app.delete(&project, &format!("{session}/memory/%00")).send().await.expect(400);
        app.post(&project, "/v3/teams", json!({"name": "\\u0000"})).send().await.expect(200);
        app.post(&project, "/v3/sessions/importer", json!([{"userId": nul, "name": nul}])).send().await.expect(200);
    }

    async fn devices_and_servers_lose_the_character_alone(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let device = Device::start(&app, &project).await;
        let events = json!({"events": [{"name": "n\u{0}", "data": {"k\u{0}": {"x": ["\u{0}v"]}}}]});
        for (path, body) in [
            ("/sessions", json!({"lang": "\u{0}de", "platform": "\u{0}"})),
            ("/sessions/events", events.clone()),
            ("/sessions/ping", events),
            ("/sessions/partialupdate", json!({"data": {"name": "A\u{0}nn", "customData": {"k\u{0}": "\u{0}"}}})),
            ("/sessions/identify", json!({"userId": "u\u{0}1", "\u{0}": "\u{0}", "company": {"id": "\u{0}"}})),
        ] {
            device.post(&app, path, body).await.expect(200);
        }
        let session = device.post(&app, "/sessions", json!({})).await.expect(200);
        assert_eq!((&session["userId"], &session["name"], &session["lang"]), (&json!("u1"), &json!("Ann"), &json!("de")));
        let server = |path: &str| app.request(Method::POST, path).header("Api-Token", &project.keys.secret_api_token);
        server("/admin/identify").json(json!({"userId": "s\u{0}", "a\u{0}": "\u{0}", "lastPageView": {"page": "\u{0}"}})).send().await.expect(200);
        let events = json!({"events": [{"userId": "s\u{0}", "name": "n\u{0}", "data": {"\u{0}": "\u{0}"}}]});
        server("/admin/track").json(events).send().await.expect(200);
        assert_eq!(app.get(&project, "/v3/sessions/by-user-id/s").send().await.expect(200)["eventData"]["n"]["count"], json!(1));
        let delete = app.request(Method::DELETE, "/admin/contacts/%00").header("Api-Token", &project.keys.secret_api_token);
        delete.send().await.expect(400);
    }
}
