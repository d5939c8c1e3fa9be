//! Server-side tracking, called the way known server libraries call it.

use axum::body::Body;
use axum::http::Method;
use futures_util::stream;
use hark_core::contacts::{CONTACT, find_by_user_id};
use hark_test::{Answer, Device, Project, TestApp, both};
use serde_json::{Value as Json, json};

both! {
    async fn only_the_secret_token_opens_it(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let auth = |token: &str| app.request(Method::GET, "/admin/auth").header("api-token", token).send();
        assert_eq!(auth(&project.keys.secret_api_token).await.expect(200)["project"], json!(project.id));
        auth(&project.keys.sdk_key).await.expect(401);
        auth(&project.keys.api_token).await.expect(401);
        app.request(Method::GET, "/admin/auth").send().await.expect(401);
    }

    async fn a_server_creates_changes_and_deletes_contacts(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let body = json!({
            "userId": "u 1/2", "name": "Ada", "email": "ada@example.com", "value": "12.5", "createdAt": "2020-02-03T04:05:06Z",
            "lastPageView": {"page": "https://example.com", "date": "2026-01-01T00:00:00.000Z"}, "seats": 7, "nested": {"a": 1},
        });
        call(&app, &project, Method::POST, "/admin/identify", body).await.expect(200);
        let ada = contact(&app, &project, "u 1/2").await.expect("a contact");
        assert_eq!((&ada["name"], &ada["value"]), (&json!("Ada"), &json!(12.5)));
        assert_eq!((&ada["createdAt"], &ada["customData"]["seats"]), (&json!("2020-02-03T04:05:06.000Z"), &json!(7)));

        // A device that identifies as the same user becomes this contact.
        let device = Device::start(&app, &project).await;
        let session = device.identify(&app, json!({"userId": "u 1/2"})).await.expect(200);
        assert_eq!((&session["gleapId"], &session["name"]), (&ada["gleapId"], &json!("Ada")));

        let path = "/admin/contacts/u%201%2F2";
        call(&app, &project, Method::DELETE, path, json!({})).await.expect(200);
        assert_eq!(contact(&app, &project, "u 1/2").await, None);
        call(&app, &project, Method::DELETE, path, json!({})).await.expect(404);
        device.with(&session).post(&app, "/sessions/events", json!({"events": []})).await.expect(401);
    }

    async fn the_last_activity_can_be_left_alone(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let last = || async { contact(&app, &project, "a").await.expect("a contact")["lastActivity"].clone() };
        call(&app, &project, Method::POST, "/admin/identify", json!({"userId": "a"})).await.expect(200);
        let before = last().await;
        app.clock.advance(3_600_000);
        let quiet = "/admin/identify?preventLastActivityUpdate=true";
        call(&app, &project, Method::POST, quiet, json!({"userId": "a", "name": "A"})).await.expect(200);
        assert_eq!(last().await, before);
        call(&app, &project, Method::POST, "/admin/identify", json!({"userId": "a", "name": "B"})).await.expect(200);
        assert_eq!(last().await, json!("2026-01-01T01:00:00.000Z"));
    }

    async fn events_of_many_users_come_in_one_call(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let batch = json!({"events": [
            {"userId": "b", "name": "order.paid", "date": "2026-01-01T00:00:00.000Z", "data": {"amount": 5}},
            {"userId": 7, "name": "pageView", "data": {"page": "https://example.com/a"}},
            {"userId": "b", "name": "order.paid", "date": "2025-12-31T00:00:00.000Z"},
            {"name": "nobody's"}, {"userId": "b"}, null, "text",
        ]});
        for _ in 0..2 {
            let answer = call(&app, &project, Method::POST, "/admin/track", batch.clone()).await.expect(200);
            assert_eq!(answer["accepted"], json!(3));
        }
        let b = contact(&app, &project, "b").await.expect("a contact");
        assert_eq!(b["eventData"]["order-paid"]["count"], json!(2));
        let seven = contact(&app, &project, "7").await.expect("a contact");
        assert_eq!(seven["lastPageView"]["page"], json!("https://example.com/a"));

        // The Node library sends chunks and no length.
        let body = json!({"events": [{"userId": "c", "name": "x"}]}).to_string();
        let halves = [body[..10].to_owned(), body[10..].to_owned()].map(Ok::<_, std::io::Error>);
        let request = app.request(Method::POST, "/admin/track").header("Api-Token", &project.keys.secret_api_token);
        request.body("application/json", Body::from_stream(stream::iter(halves))).send().await.expect(200);
        assert!(contact(&app, &project, "c").await.is_some());
    }

    async fn wrong_bodies_are_answered_with_what_to_change(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let token = &project.keys.secret_api_token;
        for path in ["/admin/identify", "/admin/track"] {
            for body in ["", "null", "[]", "{\"events\": 5}", "{", "{\"userId\": \"\"}"] {
                let request = app.request(Method::POST, path).header("Api-Token", token);
                let answer = request.body("application/json", body.to_owned()).send().await;
                assert!(answer.expect(400)["message"].is_string(), "{path} {body}");
            }
        }
        let events: Vec<Json> = (0..5_001).map(|n| json!({"userId": "a", "name": n.to_string()})).collect();
        call(&app, &project, Method::POST, "/admin/track", json!({"events": events})).await.expect(413);
    }
}

async fn call(app: &TestApp, project: &Project, method: Method, path: &str, body: Json) -> Answer {
    let request = app.request(method, path).header("Api-Token", &project.keys.secret_api_token);
    request.json(body).send().await
}

async fn contact(app: &TestApp, project: &Project, user_id: &str) -> Option<Json> {
    let scope = app.app.store.operator_of(project.id.parse().expect("an id")).await.expect("a scope");
    let user_id = user_id.to_owned();
    let found = app.app.store.read(&scope, move |tx| find_by_user_id(tx, &user_id)).await.expect("a read");
    found.map(|contact| contact.view(&CONTACT))
}
