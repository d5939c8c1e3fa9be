//! Sessions of SDKs: status codes, echo rules, identity, and bodies as real SDKs send them.

use axum::body::Body;
use axum::http::Method;
use futures_util::stream;
use hark_test::{Device, Project, TestApp, both};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value as Json, json};
use sha2::Sha256;

both! {
    async fn a_device_starts_as_a_guest_and_comes_back_as_the_same(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let device = Device::start(&app, &project).await;
        assert_eq!(device.gleap_hash.len(), 64);

        let body = json!({"lang": "de-at", "deviceType": "mobile", "platform": "iOS"});
        let again = device.post(&app, "/sessions", body).await.expect(200);
        assert_eq!((&again["gleapId"], &again["lang"]), (&json!(device.gleap_id), &json!("de-at")));
        assert!(again.get("customData").is_none(), "an empty customData makes iOS identify at every start");

        let wrong = Device { gleap_hash: "0".repeat(64), ..device.clone() };
        let fresh = wrong.post(&app, "/sessions", json!({})).await.expect(200);
        assert_ne!(fresh["gleapId"], json!(device.gleap_id));

        for body in ["", "null", "[]", "{", "\"text\"", "\u{0}", "{\"lang\": {\"a\": 1}, \"platform\": 5, \"deviceType\": null}"] {
            let answer = device.request(&app, Method::POST, "/sessions").body("application/json", body.to_owned()).send().await;
            assert_eq!(answer.expect(200)["gleapId"], json!(device.gleap_id), "{body:?}");
        }
        let deep = format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000));
        device.request(&app, Method::POST, "/sessions").body("application/json", deep).send().await.expect(200);
    }

    async fn what_is_no_session_is_refused_and_stays_readable(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let device = Device::start(&app, &project).await;
        let strangers = [
            Device { sdk_key: "wrong".into(), ..device.clone() },
            Device { gleap_id: "null".into(), gleap_hash: "null".into(), ..device.clone() },
            Device { gleap_hash: "undefined".into(), ..device.clone() },
            Device { gleap_hash: device.gleap_hash.to_uppercase(), ..device.clone() },
            Device { gleap_hash: "\u{e9}".into(), ..device.clone() },
        ];
        for stranger in strangers {
            for path in ["/sessions/identify", "/sessions/partialupdate", "/sessions/events", "/sessions/ping"] {
                let answer = stranger.post(&app, path, json!({"userId": "1"})).await.expect(401);
                assert_eq!(answer["error"]["statusCode"], json!(401));
                assert!(answer["errors"][0]["message"].is_string(), "iOS looks for `errors`");
            }
        }
        let unknown_key = Device { sdk_key: "wrong".into(), ..device.clone() };
        unknown_key.post(&app, "/sessions", json!({})).await.expect(401);

        let get = device.request(&app, Method::GET, "/sessions").send().await;
        get.expect(405);
        get.readable_by_sdks();
        let nowhere = device.request(&app, Method::POST, "/sessions/nowhere").send().await;
        nowhere.expect(404);
        nowhere.readable_by_sdks();
        let huge = device.post(&app, "/sessions/events", json!({"events": [{"name": "x".repeat(2_000_000)}]})).await;
        assert_eq!(huge.expect(413)["error"]["statusCode"], json!(413));
        let preflight = app.request(Method::OPTIONS, "/sessions/identify").send().await;
        assert!(preflight.header("access-control-allow-headers").contains("gleap-hash"));
    }

    async fn an_identify_is_echoed_in_the_types_in_which_it_came(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let device = Device::start(&app, &project).await;
        let body = json!({
            "userId": 4711, "userHash": null, "name": "Ada  Lovelace", "email": "Ada@Example.com", "value": 5, "sla": 1.5,
            "createdAt": "1970-01-01T00:00:00.000Z", "zebra": true, "apple": 7, "lang": "en-us", "deviceType": "desktop",
            "platform": "web", "company": {"id": 3, "name": "Analytical"},
        });
        let session = device.identify(&app, body).await.expect(200);
        for (key, value) in [
            ("gleapId", json!(device.gleap_id)), ("userId", json!("4711")), ("name", json!("Ada  Lovelace")),
            ("email", json!("Ada@Example.com")), ("value", json!(5)), ("sla", json!(1.5)), ("lang", json!("en-us")),
            ("createdAt", json!("1970-01-01T00:00:00.000Z")),
        ] {
            assert_eq!(session[key], value, "{key}");
        }
        assert_eq!(session["customData"].to_string(), r#"{"zebra":true,"apple":7}"#, "SDKs compare the order too");
        assert!(session.get("userHash").is_none());

        let body = json!({"data": {"name": "Ada", "customData": {"zebra": false}, "lang": "de-ch"}, "type": "js", "ws": true});
        let session = device.with(&session).post(&app, "/sessions/partialupdate", body).await.expect(200);
        assert_eq!((&session["name"], &session["userId"], &session["lang"]), (&json!("Ada"), &json!("4711"), &json!("de-ch")));
        assert_eq!(session["customData"].to_string(), r#"{"zebra":false,"apple":7}"#);

        for body in [json!({}), json!({"data": null}), json!({"data": "text"}), json!([])] {
            assert_eq!(device.post(&app, "/sessions/partialupdate", body).await.expect(200)["name"], json!("Ada"));
        }
        for body in [json!({}), json!({"userId": ""}), json!({"userId": null}), json!({"userId": {}})] {
            let answer = device.identify(&app, body).await.expect(400);
            assert!(answer["errors"][0]["message"].as_str().is_some_and(|text| text.contains("userId")));
        }
    }

    async fn a_guest_becomes_part_of_the_user_that_another_device_knows(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let first = Device::start(&app, &project).await;
        let known = first.identify(&app, json!({"userId": "ada", "name": "Ada"})).await.expect(200);
        let second = Device::start(&app, &project).await;
        let merged = second.identify(&app, json!({"userId": "ada"})).await.expect(200);
        assert_eq!((&merged["gleapId"], &merged["name"]), (&known["gleapId"], &json!("Ada")));
        // Another tab of the second device still holds the guest's id and hash.
        let resumed = second.post(&app, "/sessions", json!({})).await.expect(200);
        assert_eq!(resumed["gleapId"], known["gleapId"]);
        second.post(&app, "/sessions/events", json!({"events": []})).await.expect(200);
    }

    async fn a_user_hash_is_checked_and_can_be_demanded(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let device = Device::start(&app, &project).await;
        let wrong = device.identify(&app, json!({"userId": "42", "userHash": "00"})).await.expect(401);
        assert_eq!(wrong["error"]["statusCode"], json!(401));
        device.identify(&app, json!({"userId": "42", "userHash": ""})).await.expect(200);

        app.put(&project, "/v3/projects/config", json!({"enforceIdentityVerification": true})).send().await.expect(200);
        let other = Device::start(&app, &project).await;
        for hash in [Json::Null, json!(""), json!(7), json!(user_hash(&project, "43"))] {
            other.identify(&app, json!({"userId": "42", "userHash": hash, "name": "Eve"})).await.expect(401);
        }
        let session = other.post(&app, "/sessions", json!({})).await.expect(200);
        assert_eq!((&session["gleapId"], session.get("userId"), session.get("name")), (&json!(other.gleap_id), None, None));
        let body = json!({"userId": 42, "userHash": user_hash(&project, "42")});
        assert_eq!(other.identify(&app, body).await.expect(200)["userId"], json!("42"));
    }

    async fn events_arrive_once_whatever_their_form(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let device = Device::start(&app, &project).await;
        let batch = json!({
            "time": 12, "opened": false, "type": "js", "sdkVersion": "16.4.0", "ws": true,
            "events": [
                {"name": "sessionStarted", "date": "2026-01-01T00:00:00.000Z"},
                {"name": "pageView", "date": "2026-01-01T01:00:00+01:00", "data": {"page": "https://example.com/"}},
                {"name": "odd", "date": "1 Muharram 1447 3:00 PM", "data": {"nul": "a\u{0}b"}},
                {"name": "", "date": null}, {"date": "x"}, null, 5, {"name": {"a": 1}},
            ],
        });
        for _ in 0..2 {
            assert_eq!(device.post(&app, "/sessions/events", batch.clone()).await.expect(200), json!({}));
        }
        assert_eq!(device.post(&app, "/sessions/ping", batch).await.expect(200), json!({"a": [], "u": 0}));
        for body in [json!({}), json!({"events": null}), json!({"events": {}}), json!({"events": []})] {
            device.post(&app, "/sessions/events", body.clone()).await.expect(200);
            device.post(&app, "/sessions/ping", body).await.expect(200);
        }
        let many: Vec<Json> = (0..500).map(|n| json!({"name": "many", "date": format!("2026-01-01T00:00:00.{n:03}Z")})).collect();
        device.post(&app, "/sessions/events", json!({"events": many})).await.expect(200);

        let scope = app.app.store.operator_of(project.id.parse().expect("an id")).await.expect("a scope");
        let id = device.gleap_id.clone();
        let contact = app.app.store.read(&scope, move |tx| tx.find_by(&hark_core::contacts::CONTACT, "gleapId", &id)).await;
        let counted = contact.expect("a read").expect("the contact").body["eventData"].clone();
        let count = |name: &str| counted[name]["count"].as_u64();
        assert_eq!((count("sessionStarted"), count("pageView"), count("odd"), count("many")), (Some(1), Some(1), Some(1), Some(500)));
    }

    async fn a_body_in_chunks_without_a_length_is_read(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let device = Device::start(&app, &project).await;
        let parts = ["{\"userId\":", "\"chunk", "ed\"}"].map(|part| Ok::<_, std::io::Error>(part.to_owned()));
        let request = device.request(&app, Method::POST, "/sessions/identify");
        let answer = request.body("application/json", Body::from_stream(stream::iter(parts))).send().await;
        assert_eq!(answer.expect(200)["userId"], json!("chunked"));
    }

    async fn a_text_that_was_cut_within_a_character_costs_nothing_else(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let device = Device::start(&app, &project).await;
        let post = async |path: &str, body: &str| {
            let request = device.request(&app, Method::POST, path).body("application/json", body.to_owned());
            request.send().await.expect(200)
        };
        let known = post("/sessions/identify", r#"{"userId": "cut", "name": "Ann \ud83d", "bio": "\ude00\u0000 \ud83d\ude00"}"#).await;
        assert_eq!((&known["userId"], &known["name"]), (&json!("cut"), &json!("Ann \u{fffd}")));
        assert_eq!(known["customData"]["bio"], json!("\u{fffd} 😀"));
        let changed = post("/sessions/partialupdate", r#"{"data": {"plan": "gold\ud83d"}}"#).await;
        assert_eq!(changed["plan"], json!("gold\u{fffd}"));
        post("/sessions/events", r#"{"events": [{"name": "bought", "data": {"what": "cut \ud83d"}}]}"#).await;
        let server = app.request(Method::POST, "/admin/track").header("Api-Token", &project.keys.secret_api_token);
        let events = r#"{"events": [{"userId": "cut", "name": "paid", "data": {"with": "\ud83d"}}]}"#;
        server.body("application/json", events).send().await.expect(200);
        let counted = app.get(&project, "/v3/sessions/by-user-id/cut").send().await.expect(200);
        assert_eq!(["bought", "paid"].map(|name| counted["eventData"][name]["count"].as_u64()), [Some(1); 2]);
    }

    async fn a_verified_user_gets_a_file_session_that_ends_at_logout(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        app.put(&project, "/v3/projects/config", json!({"authenticatedFiles": true})).send().await.expect(200);
        let device = Device::start(&app, &project).await;
        let session = device.identify(&app, json!({"userId": "42"})).await.expect(200);
        assert!(session.get("fileAccessToken").is_none(), "nobody vouched for the user");

        let session = device.identify(&app, json!({"userId": "42", "userHash": user_hash(&project, "42")})).await.expect(200);
        assert_eq!(session["authenticatedFilesRequired"], json!(true));
        assert_eq!(session["fileAccessExpiresAt"], json!("2026-01-01T00:15:00.000Z"));
        let token = session["fileAccessToken"].as_str().expect("a token").to_owned();
        assert_eq!(token.len(), 43);
        assert_eq!(file_sessions(&app, &project, &token).await, 1);

        for (token, left) in [("null", 1), ("A".repeat(43).as_str(), 1), (token.as_str(), 0), (token.as_str(), 0)] {
            let answer = app.request(Method::POST, "/files/session/revoke").header("X-File-Session", token).send().await;
            answer.expect(204);
            answer.readable_by_sdks();
            let token = session["fileAccessToken"].as_str().expect("a token");
            assert_eq!(file_sessions(&app, &project, token).await, left);
        }
    }
}

/// The hash with which a customer's server vouches for a user id.
pub(crate) fn user_hash(project: &Project, user_id: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(project.keys.identity_secret.as_bytes()).expect("any key");
    mac.update(user_id.as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

/// File sessions that are stored under the hash of this token.
async fn file_sessions(app: &TestApp, project: &Project, token: &str) -> usize {
    let scope = app.app.store.operator_of(project.id.parse().expect("an id")).await.expect("a scope");
    let hash = hark_store::credentials::hash(token);
    let find =
        move |tx: &hark_store::ReadTx<'_>| tx.all_by(&hark_core::files::FILE_SESSION, "hash", &hash, 10);
    app.app.store.read(&scope, find).await.expect("a read").len()
}
