//! Budgets of calls: overload is answered so that SDKs keep their visitors, and one face starves no other.

use axum::http::Method;
use hark_api::Settings;
use hark_test::{Device, TestApp, both, eventually};
use serde_json::json;

both! {
    async fn an_overloaded_sdk_face_costs_no_visitor_the_session(scratch: Scratch) {
        let app = TestApp::with(scratch, Settings { sdk_calls_per_minute: 5, ..Settings::default() }).await;
        let project = app.project().await;
        let device = Device::start(&app, &project).await;
        for left in (0..4).rev() {
            let answer = device.post(&app, "/sessions", json!({})).await;
            assert_eq!(answer.expect(200)["gleapId"], json!(device.gleap_id));
            assert_eq!((answer.header("ratelimit-limit"), answer.header("ratelimit-remaining")), ("5", left.to_string().as_str()));
        }
        for path in ["/sessions", "/sessions/identify", "/sessions/events"] {
            let refused = device.post(&app, path, json!({"userId": "1"})).await;
            let body = refused.expect(429);
            assert_eq!((&body["error"]["statusCode"], refused.header("retry-after")), (&json!(429), "60"));
            assert_eq!((refused.header("ratelimit-remaining"), refused.header("ratelimit-reset")), ("0", "60"));
        }
        let config = app.request(Method::GET, &format!("/config/{}?lang=en", project.keys.sdk_key)).send().await;
        config.expect(429);
        config.readable_by_sdks();

        // The other faces of the project, and other projects, go on.
        app.get(&project, "/v3/projects/config").send().await.expect(200);
        let token = &project.keys.secret_api_token;
        app.request(Method::GET, "/admin/auth").header("Api-Token", token).send().await.expect(200);
        let other = app.project().await;
        Device::start(&app, &other).await;

        app.clock.advance(60_000);
        let session = device.post(&app, "/sessions", json!({})).await.expect(200);
        assert_eq!(session["gleapId"], json!(device.gleap_id));
    }

    async fn one_token_cannot_spend_what_belongs_to_the_project(scratch: Scratch) {
        let settings = Settings { rest_calls_per_minute: 6, server_calls_per_minute: 2, ..Settings::default() };
        let app = TestApp::with(scratch, settings).await;
        let project = app.project().await;
        for left in ["2", "1", "0"] {
            let answer = app.get(&project, "/v3/projects/config").send().await;
            answer.expect(200);
            assert_eq!(answer.header("ratelimit-remaining"), left);
        }
        let refused = app.get(&project, "/v3/projects/config").send().await;
        refused.expect(429);
        assert_eq!((refused.header("ratelimit-limit"), refused.header("retry-after")), ("3", "60"));

        let auth = || app.request(Method::GET, "/admin/auth").header("Api-Token", &project.keys.secret_api_token).send();
        auth().await.expect(200);
        auth().await.expect(200);
        auth().await.expect(429);
        Device::start(&app, &project).await;
    }

    async fn a_project_takes_fewer_calls_when_it_wants_to(scratch: Scratch) {
        let settings = Settings { sdk_calls_per_minute: 5_000, server_calls_per_minute: 100, ..Settings::default() };
        let app = TestApp::with(scratch, settings).await;
        let project = app.project().await;
        let path = "/v3/projects/limits";
        let first = app.get(&project, path).send().await;
        let limits = first.expect(200);
        let sdk = json!({"perMinute": 5_000, "max": 5_000, "min": 600, "own": false, "remaining": 5_000, "resetAfterSeconds": 60});
        assert_eq!((&limits["sdk"], &limits["tracking"]["min"]), (&sdk, &json!(100)));
        assert_eq!(limits["rest"]["remaining"], json!(59_999), "this call was one");

        let put = |body| app.put(&project, path, body);
        let bounds = |name: &str, min: u32, max: u32| format!("`{name}` must be a whole number of calls a minute from {min} to {max}, or null for the server's limit");
        for wrong in [json!(599), json!(5_001), json!(1.5), json!("700"), json!(-1), json!(1e30), json!(true), json!([700]), json!({"perMinute": 700})] {
            let problem = put(json!({"sdk": wrong})).send().await.expect(400);
            assert_eq!(problem["message"], bounds("sdk", 600, 5_000), "{wrong}");
        }
        assert_eq!(put(json!({"tracking": 99})).send().await.expect(400)["message"], bounds("tracking", 100, 100));
        for nothing in [json!({}), json!({"SDK": 700})] {
            let problem = put(nothing).send().await.expect(400);
            assert_eq!(problem["message"], "nothing is set, send `rest`, `sdk` or `tracking` with calls a minute");
        }
        for wrong in [json!(700), json!([700])] {
            assert_eq!(put(wrong).send().await.expect(400)["message"], "the body must be a JSON object");
        }
        let body = json!({"sdk": 600, "rest": 700});
        let changed = put(body.clone()).header("If-Match", first.header("etag")).send().await;
        let sdk = &changed.expect(200)["sdk"];
        assert_eq!((&sdk["perMinute"], &sdk["own"], &sdk["remaining"]), (&json!(600), &json!(true), &json!(600)));
        put(json!({"sdk": 700})).header("If-Match", first.header("etag")).send().await.expect(409);
        assert_eq!(app.get(&project, path).send().await.header("ratelimit-limit"), "350", "a token has half of it");
        let device = Device::start(&app, &project).await;
        assert_eq!(device.post(&app, "/sessions", json!({})).await.header("ratelimit-limit"), "600");
        // The same again is no change, another project has its own.
        put(body).send().await.expect(200);
        let other = app.project().await;
        assert_eq!(app.get(&other, path).send().await.expect(200)["sdk"]["own"], json!(false));

        put(json!({"sdk": null, "rest": 60_000, "more": 1})).send().await.expect(200);
        assert_eq!(device.post(&app, "/sessions", json!({})).await.header("ratelimit-limit"), "5000");
        let log = app.get(&project, "/v3/audit-log?action=project.limits.changed").send().await.expect(200);
        let details: Vec<_> = log.as_array().expect("a list").iter().map(|entry| entry["detail"].clone()).collect();
        assert_eq!(details, [
            json!({"rest": {"from": null, "to": 700}, "sdk": {"from": null, "to": 600}}),
            json!({"rest": {"from": 700, "to": 60_000}, "sdk": {"from": 600, "to": null}}),
        ]);
        let made = app.post(&project, "/v3/tokens", json!({"name": "x", "role": "VIEWER"})).send().await.expect(200);
        let viewer = made["token"].as_str().expect("a token");
        let as_viewer = |method| app.request(method, path).bearer(viewer).header("Project", &project.id).json(json!({}));
        as_viewer(Method::GET).send().await.expect(200);
        as_viewer(Method::PUT).send().await.expect(403);
    }

    async fn the_operator_hears_of_a_proxy_that_nobody_trusts(scratch: Scratch) {
        let range = "10.0.0.0/8".parse().expect("a range");
        let trusting = TestApp::with(scratch, Settings { trusted_proxies: vec![range], ..Settings::default() }).await;
        let call = async |app: &TestApp| {
            app.request(Method::GET, "/v3/server").header("X-Forwarded-For", "192.0.2.1").send().await.expect(200);
        };
        call(&trusting).await;
        let app = TestApp::new(trusting.scratch).await;
        app.request(Method::GET, "/v3/server").send().await.expect(200);
        let finding = async || hark_store::examine_proxies(&app.app.store).await.expect("an examination");
        assert_eq!(finding().await, None);
        call(&app).await;
        eventually("the note", async || finding().await.is_some()).await;
        assert!(finding().await.is_some_and(|finding| finding.sentence.contains("`trusted_proxies` is empty")));
        app.clock.advance(8 * 24 * 60 * 60 * 1_000);
        assert_eq!(finding().await, None);
    }

    async fn calls_that_prove_nothing_have_a_budget_too(scratch: Scratch) {
        let proxy = "0.0.0.0/32".parse().expect("a range");
        let settings = Settings { failed_calls_per_minute: 4, trusted_proxies: vec![proxy], ..Settings::default() };
        let app = TestApp::with(scratch, settings).await;
        let project = app.project().await;
        let device = Device::start(&app, &project).await;
        let stranger = Device { gleap_hash: "0".repeat(64), ..device.clone() };
        let path = "/v3/projects/config";
        let other = app.project().await.id;
        app.request(Method::GET, path).bearer("wrong").send().await.expect(401);
        app.request(Method::GET, path).bearer(&project.keys.api_token).header("Project", &other).send().await.expect(404);
        app.request(Method::GET, "/admin/auth").header("Api-Token", "wrong").send().await.expect(401);
        stranger.post(&app, "/sessions/events", json!({})).await.expect(401);

        // Whatever comes from there now is refused before anything is looked up.
        let refused = stranger.post(&app, "/sessions/events", json!({})).await;
        refused.expect(429);
        assert_eq!(refused.header("retry-after"), "60");
        app.request(Method::GET, path).bearer("wrong").send().await.expect(429);
        app.get(&project, path).send().await.expect(429);
        // What needs no credentials goes on, and so do other networks.
        app.request(Method::POST, "/v3/users/login").json(json!({})).send().await.expect(400);
        app.get(&project, path).header("X-Forwarded-For", "192.0.2.1").send().await.expect(200);

        app.clock.advance(60_000);
        app.get(&project, path).send().await.expect(200);
    }

    async fn one_contact_cannot_flood_for_all(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let device = Device::start(&app, &project).await;
        let mut refused = 0;
        for _ in 0..6_010 {
            let answer = device.request(&app, Method::POST, "/sessions/events").json(json!({})).send().await;
            refused += usize::from(answer.status.as_u16() == 429);
        }
        assert_eq!(refused, 10);
        let other = Device::start(&app, &project).await;
        other.post(&app, "/sessions/events", json!({})).await.expect(200);
    }
}
