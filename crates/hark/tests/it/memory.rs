//! Contact memory over REST v3.

use hark_test::{Project, TestApp, both};
use serde_json::{Value as Json, json};

use crate::contacts::guest;

async fn user(app: &TestApp, project: &Project) -> String {
    let contact = app.post(project, "/v3/sessions", json!({"userId": "u-1"})).send().await.expect(200);
    format!("/v3/sessions/{}/memory", contact["id"].as_str().expect("an id"))
}

fn stored(entries: usize) -> Json {
    json!({"ok": true, "consolidationEnqueued": false, "entries": entries})
}

both! {
    async fn entries_are_written_read_changed_and_deleted(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let path = user(&app, &project).await;
        let put = async |body: Json| app.post(&project, &path, body).send().await.expect(200);
        assert_eq!(put(json!({"name": "likes / dislikes?", "description": "taste", "content": "tea"})).await, stored(1));
        assert_eq!(put(json!({"name": "plan", "content": "pro"})).await, stored(2));
        assert_eq!(put(json!({"name": "plan", "content": "team"})).await, stored(2));

        let listed = app.get(&project, &path).send().await.expect(200);
        assert_eq!((&listed[0]["name"], &listed[0]["description"], &listed[0]["actor"]), (&json!("likes / dislikes?"), &json!("taste"), &json!("bot")));
        assert!(listed[0].get("content").is_none() && listed[0]["actorUserId"].is_string());

        let one = format!("{path}/likes%20%2F%20dislikes%3F");
        let entry = app.get(&project, &one).send().await.expect(200);
        assert_eq!((&entry["content"], &entry["createdAt"]), (&json!("tea"), &entry["updatedAt"]));
        app.clock.advance(1_000);
        assert_eq!(app.put(&project, &one, json!({"content": "coffee"})).send().await.expect(200), stored(2));
        let entry = app.get(&project, &one).send().await.expect(200);
        assert_eq!((&entry["content"], &entry["description"]), (&json!("coffee"), &json!("taste")));
        assert_ne!(entry["createdAt"], entry["updatedAt"]);

        assert_eq!(app.delete(&project, &one).send().await.expect(200), stored(1));
        for answer in [app.get(&project, &one), app.delete(&project, &one), app.put(&project, &one, json!({"content": "x"}))] {
            answer.send().await.expect(404);
        }
        assert_eq!(app.delete(&project, &path).send().await.expect(200), stored(1));
        assert_eq!(app.get(&project, &path).send().await.expect(200), json!([]));
    }

    async fn what_cannot_be_written_is_said(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let path = user(&app, &project).await;
        for (body, part) in [
            (json!({"content": "x"}), "name"),
            (json!({"name": " ", "content": "x"}), "`name` is missing or empty"),
            (json!({"name": "x".repeat(121), "content": "x"}), "`name` is longer"),
            (json!({"name": "a", "content": ""}), "`content` is missing or empty"),
            (json!({"name": "a", "content": "x".repeat(20_001)}), "`content` is longer"),
            (json!({"name": "a", "content": "x", "description": "x".repeat(501)}), "`description` is longer"),
        ] {
            let problem = app.post(&project, &path, body).send().await.expect(400);
            assert!(problem["message"].as_str().is_some_and(|text| text.contains(part)), "{part}: {problem}");
        }
        for n in 0..100 {
            app.post(&project, &path, json!({"name": format!("n{n}"), "content": "x"})).send().await.expect(200);
        }
        app.post(&project, &path, json!({"name": "one more", "content": "x"})).send().await.expect(400);
        assert_eq!(app.post(&project, &path, json!({"name": "n7", "content": "y"})).send().await.expect(200), stored(100));

        let path = format!("/v3/sessions/{}/memory", guest(&app, &project).await.id);
        let refused = app.post(&project, &path, json!({"name": "a", "content": "x"})).send().await.expect(200);
        assert_eq!(refused, json!({"ok": false, "reason": "no_userId", "consolidationEnqueued": false}));
        app.get(&project, "/v3/sessions/ffffffffffffffffffffffff/memory").send().await.expect(404);
    }
}
