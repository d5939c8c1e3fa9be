//! Teams over REST v3.

use hark_test::{TestApp, both};
use serde_json::json;

both! {
    async fn a_team_is_created_changed_listed_and_deleted(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let body = json!({"name": "Support", "assignmentMethod": "balanced", "members": [], "colour": "red"});
        let answer = app.post(&project, "/v3/teams", body).send().await;
        let team = answer.expect(200);
        assert_eq!(answer.header("hark-ignored-fields"), "colour");
        assert_eq!((&team["name"], &team["colour"]), (&json!("Support"), &json!(null)));
        let id = team["id"].as_str().expect("an id").to_owned();

        let path = format!("/v3/teams/{id}");
        let changed = app.put(&project, &path, json!({"ticketAmount": 5, "assignmentMethod": null})).send().await.expect(200);
        assert_eq!((&changed["name"], &changed["ticketAmount"]), (&json!("Support"), &json!(5)));
        assert_eq!(changed.get("assignmentMethod"), None);

        let answer = app.get(&project, "/v3/teams?name=Support").send().await;
        assert_eq!(answer.expect(200).as_array().map(Vec::len), Some(1));
        assert_eq!(answer.header("x-total-count"), "1");

        let one = app.get(&project, &path).send().await;
        assert_eq!(one.expect(200), changed);
        app.put(&project, &path, json!({"name": "Sales"})).header("If-Match", one.header("etag")).send().await.expect(200);
        app.put(&project, &path, json!({"name": "Care"})).header("If-Match", one.header("etag")).send().await.expect(409);

        app.delete(&project, &path).send().await.expect(200);
        app.delete(&project, &path).send().await.expect(404);
        app.get(&project, &path).send().await.expect(404);
    }

    async fn a_change_to_an_older_revision_is_refused(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        for (all, body, change) in [
            ("/v3/teams", json!({"name": "Support", "assignmentMethod": "manual"}), json!({"name": "Sales"})),
            ("/v3/message-templates", json!({"title": "Hi", "content": "Hi!"}), json!({"title": "Hello"})),
            ("/v3/sessions", json!({"userId": "u-1"}), json!({"name": "Ada"})),
        ] {
            let made = app.post(&project, all, body).send().await;
            let path = format!("{all}/{}", made.expect(200)["id"].as_str().expect("an id"));
            let old = made.header("etag");
            let changed = app.put(&project, &path, change).header("If-Match", old).send().await;
            changed.expect(200);
            let late = json!({"name": "Late", "title": "Late"});
            app.put(&project, &path, late.clone()).header("If-Match", old).send().await.expect(409);
            app.put(&project, &path, late.clone()).header("If-Match", "yesterday").send().await.expect(400);
            let fresh = changed.header("etag");
            app.put(&project, &path, late).header("If-Match", fresh).send().await.expect(200);
        }
    }

    async fn wrong_input_is_answered_with_what_to_change(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let answer = app.post(&project, "/v3/teams", json!({"assignmentMethod": "balanced"})).send().await.expect(400);
        assert_eq!(answer["message"], "`name` is missing or empty");
        let answer = app.post(&project, "/v3/teams", json!({"name": "A", "assignmentMethod": "dice"})).send().await;
        assert!(answer.expect(400)["message"].as_str().is_some_and(|text| text.contains("dice")));
    }
}
