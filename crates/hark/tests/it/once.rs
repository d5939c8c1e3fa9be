//! `Idempotency-Key`: whatever is sent again is carried out once.

use hark_store::{OnceCall, Tx};
use hark_test::{Answer, Method, Project, TestApp, both};
use serde_json::{Value as Json, json};

use crate::people::owner;

async fn post(app: &TestApp, project: &Project, path: &str, key: &str, body: Json) -> Answer {
    app.post(project, path, body).header("Idempotency-Key", key).send().await
}

async fn count(app: &TestApp, project: &Project, path: &str) -> usize {
    app.get(project, path).send().await.expect(200).as_array().expect("a list").len()
}

both! {
    async fn a_call_that_is_sent_again_is_answered_again(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        for (path, body) in [
            ("/v3/teams", json!({"name": "Support"})),
            ("/v3/tickets", json!({"title": "It broke", "unknown": 1})),
            ("/v3/sessions", json!({"email": "ada@example.com"})),
            ("/v3/webhooks", json!({"name": "Ours", "url": "https://example.com"})),
            ("/v3/ticket-types", json!({"type": "RETURN", "title": "Returns"})),
        ] {
            let key = path.replace('/', "-");
            let first = post(&app, &project, path, &key, body.clone()).await;
            let made = first.expect(200);
            app.clock.advance(60_000);
            let again = post(&app, &project, path, &key, body.clone()).await;
            assert_eq!((again.expect(200), again.header("idempotency-replayed")), (made, "true"), "{path}");
            for header in ["etag", "hark-ignored-fields", "content-type"] {
                assert_eq!(first.header(header), again.header(header), "{path} {header}");
            }
            // Another body or another path is another call.
            let mut other = body.clone();
            other["name"] = json!("Other");
            post(&app, &project, path, &key, other).await.expect(422);
            post(&app, &project, "/v3/notes", &key, body).await.expect(422);
        }
        assert_eq!(count(&app, &project, "/v3/teams").await, 1);

        // Another user, project or day has keys of its own.
        let boss = owner(&app, &project).await;
        let call = boss.call_in(&app, &project, Method::POST, "/v3/teams").json(json!({"name": "Support"}));
        call.header("Idempotency-Key", "-v3-teams").send().await.expect(200);
        let other = app.project().await;
        post(&app, &other, "/v3/teams", "-v3-teams", json!({"name": "Sales"})).await.expect(200);
        assert_eq!(count(&app, &project, "/v3/teams").await, 2);
        app.clock.advance(24 * 60 * 60 * 1_000);
        post(&app, &project, "/v3/teams", "-v3-teams", json!({"name": "Sales"})).await.expect(200);
        assert_eq!(count(&app, &project, "/v3/teams").await, 3);
    }

    async fn what_failed_is_told_again_or_tried_again(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        // Nothing was written, so the call with the same key can be a better one.
        post(&app, &project, "/v3/teams", "a", json!({})).await.expect(400);
        post(&app, &project, "/v3/teams", "a", json!({"name": "Support"})).await.expect(200);
        for wrong in ["", " ", "a b", &"x".repeat(256)] {
            post(&app, &project, "/v3/teams", wrong, json!({"name": "B"})).await.expect(400);
        }
        // A call whose server ended before its answer was kept is not carried out a second time.
        let content = |tx: &mut Tx<'_>| tx.begin_once(&OnceCall::new(&tx.scope().actor().label(), "c", "another"));
        let caller = app.app.store.caller(&project.keys.api_token).await.expect("a caller");
        let scope = app.app.store.enter(&caller, hark_store::Id::parse(&project.id).expect("an id")).await.expect("a scope");
        app.app.store.write(&scope, content).await.expect("begun");
        post(&app, &project, "/v3/teams", "c", json!({"name": "C"})).await.expect(422);
        assert_eq!(count(&app, &project, "/v3/teams").await, 1);
    }

    async fn what_was_written_is_not_written_again_though_its_answer_was_not_kept(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let long = json!({"title": "Long", "description": "é".repeat(40_000)});
        post(&app, &project, "/v3/tickets", "l", long.clone()).await.expect(200);
        post(&app, &project, "/v3/tickets", "l", long).await.expect(409);
        assert_eq!(app.get(&project, "/v3/tickets").send().await.expect(200)["count"], 1);
    }

    async fn many_at_once_are_carried_out_once(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let calls = (0..8).map(|_| post(&app, &project, "/v3/teams", "k", json!({"name": "Support"})));
        let answers = futures_util::future::join_all(calls).await;
        assert!(answers.iter().any(|answer| answer.status == 200));
        assert!(answers.iter().all(|answer| [200, 409].contains(&answer.status.as_u16())));
        assert_eq!(count(&app, &project, "/v3/teams").await, 1);
    }

    async fn what_is_kept_of_answers_is_sealed_and_forgotten(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let made = post(&app, &project, "/v3/tokens", "k", json!({"name": "x", "role": "VIEWER"})).await.expect(200);
        let again = post(&app, &project, "/v3/tokens", "k", json!({"name": "x", "role": "VIEWER"})).await;
        assert_eq!((again.expect(200), again.header("idempotency-replayed")), (made.clone(), "true"));
        let secret = made["token"].as_str().expect("a token").to_lowercase();
        assert_eq!(app.scratch.traces(&secret).await, Vec::<String>::new());
        assert!(!app.scratch.traces("sealed:1:").await.iter().all(|place| place != "once_call.answer"));
        app.clock.advance(24 * 60 * 60 * 1_000 + 1);
        while app.run_jobs().await > 0 {}
        assert!(app.scratch.traces("sealed:1:").await.iter().all(|place| place != "once_call.answer"));
    }
}
