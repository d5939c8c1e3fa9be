//! API tokens, and bearer tokens that are none of ours.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use hark_test::{Engine, Method, Project, Scratch, TestApp, both, eventually};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value as Json, json};
use sha2::{Sha256, Sha512};

use crate::people::{member, owner, person, role, text};

both! {
    async fn a_token_is_made_used_replaced_and_revoked(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let made = app.post(&project, "/v3/tokens", json!({"name": "CI", "role": "VIEWER"})).send().await.expect(200);
        assert_eq!(made.get("hash"), None);
        let status = |token: String, method: Method| teams(&app, &project, token, method);
        assert_eq!(status(text(&made, "token"), Method::GET).await, 200);
        assert_eq!(status(text(&made, "token"), Method::POST).await, 403);

        let list = app.get(&project, "/v3/tokens").send().await.expect(200);
        assert_eq!(list.as_array().map(Vec::len), Some(2));
        assert!(list.as_array().into_iter().flatten().all(|token| token.get("token").is_none() && token.get("hash").is_none()));

        let path = format!("/v3/tokens/{}", text(&made, "id"));
        let other = app.post(&project, &format!("{path}/rotate"), json!({})).send().await.expect(200);
        assert_eq!(status(text(&made, "token"), Method::GET).await, 401);
        assert_eq!(status(text(&other, "token"), Method::GET).await, 200);
        app.delete(&project, &path).send().await.expect(404);
        app.delete(&project, &format!("/v3/tokens/{}", text(&other, "id"))).send().await.expect(200);
        assert_eq!(status(text(&other, "token"), Method::GET).await, 401);
        let users = app.get(&project, "/v3/projects/users").send().await.expect(200);
        assert!(users.as_array().into_iter().flatten().all(|user| user["id"] != made["user"]), "the account is gone");
    }

    async fn a_token_ends_with_its_time(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        for wrong in ["yesterday", "2025-12-31T00:00:00.000Z", "2036-12-31T00:00:00.000Z"] {
            app.post(&project, "/v3/tokens", json!({"name": "x", "expiresAt": wrong})).send().await.expect(400);
        }
        let body = json!({"name": "x", "expiresAt": "2026-01-02T00:00:00.000Z"});
        let made = app.post(&project, "/v3/tokens", body).send().await.expect(200);
        assert_eq!(teams(&app, &project, text(&made, "token"), Method::GET).await, 200);
        app.clock.advance(24 * 60 * 60 * 1000);
        assert_eq!(teams(&app, &project, text(&made, "token"), Method::GET).await, 401);
        let rotate = format!("/v3/tokens/{}/rotate", text(&made, "id"));
        app.post(&project, &rotate, json!({})).send().await.expect(400);
        let other = app.post(&project, &rotate, json!({"expiresAt": "2026-02-01T00:00:00.000Z"})).send().await.expect(200);
        assert_eq!(teams(&app, &project, text(&other, "token"), Method::GET).await, 200);
    }

    async fn nobody_makes_a_token_that_may_do_more(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let (project, foreign) = (app.project().await, app.project().await);
        role(&app, &project, "robots", &["tokens.manage", "team.read"]).await;
        let limited = member(&app, &project, "limited@example.com", "robots").await;
        let make = |role: &str| {
            limited.call_in(&app, &project, Method::POST, "/v3/tokens").json(json!({"name": "x", "role": role})).send()
        };
        for higher in ["ADMIN", "DEFAULT", "VIEWER"] {
            make(higher).await.expect(403);
        }
        make("OWNER").await.expect(400);
        make("nonsense").await.expect(400);
        let made = make("robots").await.expect(200);
        // The token of an administrator is out of reach, and so are those of other projects.
        let list = app.get(&project, "/v3/tokens").send().await.expect(200);
        let admin = format!("/v3/tokens/{}", text(&list[0], "id"));
        limited.call_in(&app, &project, Method::DELETE, &admin).send().await.expect(403);
        limited.call_in(&app, &project, Method::POST, &format!("{admin}/rotate")).send().await.expect(403);
        app.delete(&foreign, &format!("/v3/tokens/{}", text(&made, "id"))).send().await.expect(404);
        let answer = app.request(Method::GET, "/v3/teams").bearer(&text(&made, "token")).header("Project", &foreign.id);
        answer.send().await.expect(404);
    }

    async fn tokens_that_are_none_of_ours_are_refused(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let token = &project.keys.api_token;
        let key = app.app.store.read(&app.app.store.operator(), |tx| tx.instance_secret("token_key")).await.expect("a read");
        let key = hex::decode(key.expect("a key")).expect("hex");
        let parts: Vec<&str> = token.split('.').collect();
        let claims: Json = serde_json::from_slice(&BASE64.decode(parts[1]).expect("base64")).expect("claims");
        let changed = |property: &str, value: Json| {
            let mut claims = claims.clone();
            claims[property] = value;
            claims
        };
        let sign = |header: Json, claims: &Json, key: &[u8]| {
            let text = format!("{}.{}", BASE64.encode(header.to_string()), BASE64.encode(claims.to_string()));
            let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key");
            mac.update(text.as_bytes());
            format!("{text}.{}", BASE64.encode(mac.finalize().into_bytes()))
        };
        let hs256 = || json!({"alg": "HS256", "typ": "JWT"});
        let hs512 = {
            let text = format!("{}.{}", BASE64.encode(r#"{"alg":"HS512","typ":"JWT"}"#), parts[1]);
            let mut mac = Hmac::<Sha512>::new_from_slice(&key).expect("a key");
            mac.update(text.as_bytes());
            format!("{text}.{}", BASE64.encode(mac.finalize().into_bytes()))
        };
        let another_user = owner(&app, &project).await;
        let forged = [
            ("no algorithm", format!("{}.{}.", BASE64.encode(r#"{"alg":"none"}"#), parts[1])),
            ("no algorithm, old signature", format!("{}.{}.{}", BASE64.encode(r#"{"alg":"none"}"#), parts[1], parts[2])),
            ("another algorithm", hs512),
            ("another algorithm named", sign(json!({"alg": "RS256"}), &claims, &key)),
            ("another key", sign(hs256(), &claims, b"another key")),
            ("the empty key", sign(hs256(), &claims, b"")),
            ("another user, old signature", format!("{}.{}.{}", parts[0], BASE64.encode(changed("sub", json!(another_user.id)).to_string()), parts[2])),
            ("another user, signed", sign(hs256(), &changed("sub", json!(another_user.id)), &key)),
            ("an unknown token, signed", sign(hs256(), &changed("jti", json!("0123456789abcdef01234567")), &key)),
            ("a longer life, signed", sign(hs256(), &changed("exp", json!(4_000_000_000_u64)), &key)),
            ("a session, signed", sign(hs256(), &changed("type", json!("session")), &key)),
            ("a key in the header", sign(json!({"alg": "HS256", "kid": "../../dev/null", "jwk": {}}), &claims, &key)),
            ("no signature", format!("{}.{}", parts[0], parts[1])),
            ("more", format!("{token}x")),
            ("nothing", ".".to_owned()),
        ];
        for (what, forged) in forged {
            let status = app.request(Method::GET, "/v3/users/me").bearer(&forged).send().await.status.as_u16();
            assert_eq!(status, 401, "{what}");
        }
        app.request(Method::GET, "/v3/users/me").bearer(token).send().await.expect(200);
    }

    async fn a_token_of_another_instance_is_refused(scratch: Scratch) {
        let engine = scratch.engine;
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let other = TestApp::new(Scratch::new(engine).await).await;
        other.project().await;
        other.request(Method::GET, "/v3/users/me").bearer(&project.keys.api_token).send().await.expect(401);
    }

    async fn rights_end_on_every_node(scratch: Scratch) {
        if scratch.engine == Engine::Sqlite {
            return; // One process has the file.
        }
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let node = app.second_node().await;
        let ask = async |token: &str| {
            node.request(Method::GET, "/v3/teams").bearer(token).header("Project", &project.id).send().await.status.as_u16()
        };
        let until = async |token: &str, status: u16| {
            eventually("the other node hears of it", async || ask(token).await == status).await;
        };
        let service = app.post(&project, "/v3/tokens", json!({"name": "x"})).send().await.expect(200);
        let demoted = member(&app, &project, "demoted@example.com", "ADMIN").await;
        let removed = member(&app, &project, "removed@example.com", "ADMIN").await;
        let gone = member(&app, &project, "gone@example.com", "ADMIN").await;
        for token in [&text(&service, "token"), &demoted.token, &removed.token, &gone.token] {
            assert_eq!(ask(token).await, 200);
        }
        app.delete(&project, &format!("/v3/tokens/{}", text(&service, "id"))).send().await.expect(200);
        app.delete(&project, &format!("/v3/projects/users/{}", removed.id)).send().await.expect(200);
        gone.call(&app, Method::POST, "/v3/users/logout-all").send().await.expect(200);
        role(&app, &project, "nothing", &[]).await;
        app.put(&project, &format!("/v3/projects/users/{}", demoted.id), json!({"role": "nothing"})).send().await.expect(200);
        until(&text(&service, "token"), 401).await;
        until(&removed.token, 404).await;
        until(&gone.token, 401).await;
        until(&demoted.token, 403).await;
    }

    async fn a_stranger_has_no_projects(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let stranger = person(&app, "stranger@example.com").await;
        assert_eq!(stranger.call(&app, Method::GET, "/v3/projects").send().await.expect(200), json!([]));
        stranger.call_in(&app, &project, Method::GET, "/v3/tokens").send().await.expect(404);
    }
}

async fn teams(app: &TestApp, project: &Project, token: String, method: Method) -> u16 {
    let request = app.request(method, "/v3/teams").bearer(&token).header("Project", &project.id);
    request.json(json!({"name": "x"})).send().await.status.as_u16()
}
