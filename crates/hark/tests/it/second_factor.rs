//! Second factors: codes of an app, passkeys, recovery codes, and what organisations want.

use hark_core::access::{Address, factors};
use hark_store::Id;
use hark_store::access::USER;
use hark_test::{Answer, Authenticator, Method, Project, TestApp, both};
use serde_json::{Value as Json, json};

use crate::people::{PASSWORD, Person, code, last_mail, member, owner, person, post, text};

const ORIGIN: &str = "http://localhost:8080";
const MINUTE_MS: i64 = 60_000;

both! {
    async fn a_code_of_the_app_completes_a_sign_in_once(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let ada = person(&app, "ada@example.com").await;
        let other = crate::people::sign_in(&app, "ada@example.com", PASSWORD).await;
        let begun = call(&app, &ada, Method::POST, "/v3/users/me/totp", json!({})).await.expect(200);
        let secret = text(&begun, "secret");
        assert!(text(&begun, "uri").starts_with("otpauth://totp/localhost%3A8080:ada%40example.com?secret="));
        // Nothing counts until a code was seen.
        login(&app).await.expect(200)["token"].as_str().expect("a session");
        call(&app, &ada, Method::POST, "/v3/users/me/totp/confirm", json!({"code": "000000x"})).await.expect(400);
        let right = json!({"code": totp(&app, &secret)});
        let confirmed = call(&app, &ada, Method::POST, "/v3/users/me/totp/confirm", right.clone()).await.expect(200);
        assert_eq!(confirmed["recoveryCodes"].as_array().map(Vec::len), Some(10));
        call(&app, &ada, Method::POST, "/v3/users/me/totp/confirm", right.clone()).await.expect(400);
        // The other sessions were opened without it.
        me(&app, &ada.token).await.expect(200);
        me(&app, &other.token).await.expect(401);

        let needed = login(&app).await.expect(200);
        assert_eq!((needed.get("token"), &needed["secondFactor"]["methods"]), (None, &json!(["totp", "recoveryCode"])));
        let challenge = needed["secondFactor"]["challenge"].clone();
        let step = |code: String| second(&app, json!({"challenge": challenge, "code": code}));
        // The code that confirmed the app is used up.
        step(text(&right, "code")).await.expect(401);
        step("123".into()).await.expect(401);
        app.clock.advance(MINUTE_MS);
        let good = totp(&app, &secret);
        let signed_in = step(good.clone()).await.expect(200);
        assert_eq!(signed_in["user"]["hasSecondFactor"], json!(true));
        me(&app, &text(&signed_in, "token")).await.expect(200);
        // Neither the code nor the challenge is good again.
        step(good.clone()).await.expect(401);
        let again = login(&app).await.expect(200)["secondFactor"]["challenge"].clone();
        second(&app, json!({"challenge": again, "code": good})).await.expect(401);
        app.clock.advance(MINUTE_MS);
        step(totp(&app, &secret)).await.expect(401);
        second(&app, json!({"challenge": again, "code": totp(&app, &secret)})).await.expect(200);
    }

    async fn a_challenge_is_ours_short_and_for_its_purpose(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let ada = person(&app, "ada@example.com").await;
        let (secret, _) = enable(&app, &ada).await;
        app.clock.advance(MINUTE_MS);
        let challenge = text(&login(&app).await.expect(200)["secondFactor"], "challenge");
        let (claims, signature) = challenge.split_once('.').expect("two parts");
        let again = call(&app, &ada, Method::POST, "/v3/users/me/reauthenticate/options", json!({})).await.expect(200);
        for wrong in [
            String::new(), ".".into(), claims.to_owned(), format!("{claims}."), format!("{claims}A.{signature}"),
            format!(".{signature}"), text(&again, "challenge"), ada.token.clone(), "x".repeat(100_000),
        ] {
            second(&app, json!({"challenge": wrong, "code": totp(&app, &secret)})).await.expect(401);
        }
        // A new password ends what was begun with the old one.
        let id = &ada.id;
        let change = json!({"oldpassword": PASSWORD, "password": "another password"});
        call(&app, &ada, Method::PUT, &format!("/v3/users/{id}"), change).await.expect(200);
        second(&app, json!({"challenge": challenge, "code": totp(&app, &secret)})).await.expect(401);
        let login = json!({"email": "ada@example.com", "password": "another password"});
        let challenge = post(&app, "/v3/users/login", login).await.expect(200)["secondFactor"]["challenge"].clone();
        app.clock.advance(5 * MINUTE_MS);
        second(&app, json!({"challenge": challenge, "code": totp(&app, &secret)})).await.expect(401);
    }

    async fn guesses_at_codes_and_passwords_are_counted_together(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let ada = person(&app, "ada@example.com").await;
        let (secret, _) = enable(&app, &ada).await;
        // Knowing the password gives no new guesses; the first code of the app was one, too.
        for _ in 0..4 {
            let challenge = login(&app).await.expect(200)["secondFactor"]["challenge"].clone();
            second(&app, json!({"challenge": challenge, "code": "000000x"})).await.expect(401);
        }
        login(&app).await.expect(200);
        login(&app).await.expect(429);
        app.clock.advance(15 * MINUTE_MS);
        let challenge = login(&app).await.expect(200)["secondFactor"]["challenge"].clone();
        for _ in 0..9 {
            second(&app, json!({"challenge": challenge, "recoveryCode": "AAAA"})).await.expect(401);
        }
        second(&app, json!({"challenge": challenge, "code": totp(&app, &secret)})).await.expect(429);
        // Success is forgiven.
        app.clock.advance(15 * MINUTE_MS);
        for _ in 0..12 {
            app.clock.advance(MINUTE_MS / 2);
            let challenge = login(&app).await.expect(200)["secondFactor"]["challenge"].clone();
            second(&app, json!({"challenge": challenge, "code": totp(&app, &secret)})).await.expect(200);
        }
    }

    async fn recovery_codes_work_once_and_are_kept_as_hashes(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let ada = person(&app, "ada@example.com").await;
        let (_, codes) = enable(&app, &ada).await;
        let id: Id = ada.id.parse().expect("an id");
        let stored = app.app.store.read(&app.app.store.operator(), move |tx| tx.get(&USER, id)).await.expect("a user");
        let stored = json!(stored.body).to_string();
        let sign_in = async |code: &str| {
            let challenge = login(&app).await.expect(200)["secondFactor"]["challenge"].clone();
            second(&app, json!({"challenge": challenge, "recoveryCode": code})).await.status.as_u16()
        };
        for code in &codes {
            assert!(!stored.contains(code.as_str()) && !stored.contains(&code.replace('-', "")), "{code}");
        }
        let typed = codes[0].to_lowercase().replace('-', " ");
        assert_eq!((sign_in(&typed).await, sign_in(&typed).await, sign_in("").await), (200, 401, 401));
        assert_eq!(methods(&app, &ada).await["recoveryCodesLeft"], json!(9));
        let renewed = call(&app, &ada, Method::POST, "/v3/users/me/recovery-codes", json!({})).await.expect(200);
        assert_eq!(sign_in(&codes[1]).await, 401);
        assert_eq!(sign_in(renewed["recoveryCodes"][0].as_str().expect("a code")).await, 200);
    }

    async fn a_mailed_code_does_not_replace_the_second_factor(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let ada = person(&app, "ada@example.com").await;
        let (secret, _) = enable(&app, &ada).await;
        post(&app, "/v3/users/forgot-password", json!({"email": ada.email})).await.expect(200);
        let code = code(&last_mail(&app, &ada.email).await);
        let reset = json!({"email": ada.email, "code": code, "password": "another password"});
        let needed = post(&app, "/v3/users/reset-password", reset).await.expect(200);
        assert_eq!(needed.get("token"), None);
        me(&app, &ada.token).await.expect(401);
        app.clock.advance(MINUTE_MS);
        let step = json!({"challenge": needed["secondFactor"]["challenge"], "code": totp(&app, &secret)});
        second(&app, step).await.expect(200);
        // HTTP Basic neither.
        let answer = app.request(Method::POST, "/auth").header("Authorization", "Basic YWRhQGV4YW1wbGUuY29tOmFub3RoZXIgcGFzc3dvcmQ=");
        assert_eq!(answer.send().await.expect(200).get("token"), None);
    }

    async fn passkeys_sign_in_as_second_and_as_only_factor(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let ada = person(&app, "ada@example.com").await;
        let (id, mut device) = passkey(&app, &ada).await;
        let needed = login(&app).await.expect(200)["secondFactor"].clone();
        assert_eq!((&needed["methods"], &needed["publicKey"]["rpId"]), (&json!(["passkey", "recoveryCode"]), &json!("localhost")));
        let used = device.get(&needed["publicKey"]);
        let step = json!({"challenge": needed["challenge"], "passkey": used});
        second(&app, step.clone()).await.expect(200);
        second(&app, step).await.expect(401);

        let options = post(&app, "/v3/users/login/passkey/options", json!({})).await.expect(200);
        assert_eq!((&options["publicKey"]["allowCredentials"], &options["publicKey"]["userVerification"]), (&json!([]), &json!("required")));
        let alone = json!({"challenge": options["challenge"], "passkey": device.get(&options["publicKey"])});
        let signed_in = post(&app, "/v3/users/login/passkey", alone.clone()).await.expect(200);
        assert_eq!(signed_in["user"]["email"], json!("ada@example.com"));
        post(&app, "/v3/users/login/passkey", alone).await.expect(401);

        let known = methods(&app, &ada).await;
        assert_eq!((&known["passkeys"][0]["name"], &known["passkeys"][0]["id"], known["passkeys"][0].get("key")), (&json!("Laptop"), &json!(id), None));
        assert!(known["passkeys"][0]["lastUsedAt"].is_string());
        let path = format!("/v3/users/me/passkeys/{id}");
        let renamed = call(&app, &ada, Method::PUT, &path, json!({"name": "Phone"})).await.expect(200);
        assert_eq!(renamed["name"], json!("Phone"));
        call(&app, &ada, Method::DELETE, &path, json!({})).await.expect(200);
        call(&app, &ada, Method::DELETE, &path, json!({})).await.expect(404);
        me(&app, &ada.token).await.expect(200);
        me(&app, &text(&signed_in, "token")).await.expect(401);
        let options = post(&app, "/v3/users/login/passkey/options", json!({})).await.expect(200);
        let alone = json!({"challenge": options["challenge"], "passkey": device.get(&options["publicKey"])});
        post(&app, "/v3/users/login/passkey", alone).await.expect(401);
        // Without a factor the recovery codes are gone, too.
        assert!(login(&app).await.expect(200)["token"].is_string());
    }

    async fn a_passkey_that_lies_about_anything_is_refused(scratch: Scratch) {
        type Lie = fn(&mut Authenticator);
        let app = TestApp::with_mail(scratch).await;
        let (ada, eve) = (person(&app, "ada@example.com").await, person(&app, "eve@example.com").await);
        let (_, mut device) = passkey(&app, &ada).await;
        let (_, mut foreign) = passkey(&app, &eve).await;
        let honest = |_: &mut Authenticator| ();
        let lies: &[(&str, Lie)] = &[
            ("origin", |device| device.origin = "http://localhost:8081".to_owned()),
            ("origin", |device| device.origin = "http://localhost:8080.evil.example".to_owned()),
            ("call", |device| device.call = Some("webauthn.create")),
            ("party", |device| device.party = Some("evil.example")),
            ("nobody there", |device| device.flags = 0),
            ("not verified", |device| device.flags = 1),
            ("backed up though it cannot", |device| device.flags |= 0b1_0000),
            ("counter", |device| device.uses = 6),
        ];
        let alone = async |device: &mut Authenticator, lie: Lie, spoil: fn(&mut Json)| {
            let options = post(&app, "/v3/users/login/passkey/options", json!({})).await.expect(200);
            let truth = (device.origin.clone(), device.flags, device.uses, device.call, device.party, device.user_handle.clone());
            lie(device);
            let mut body = json!({"challenge": options["challenge"], "passkey": device.get(&options["publicKey"])});
            (device.origin, device.flags, device.uses, device.call, device.party, device.user_handle) = truth;
            spoil(&mut body);
            post(&app, "/v3/users/login/passkey", body).await.status.as_u16()
        };
        device.uses = 7;
        assert_eq!(alone(&mut device, honest, |_| ()).await, 200);
        device.uses = 8;
        for (what, lie) in lies {
            assert_eq!(alone(&mut device, *lie, |_| ()).await, 401, "{what}");
        }
        let handle = device.user_handle.clone();
        foreign.user_handle = handle;
        assert_eq!(alone(&mut foreign, honest, |_| ()).await, 401, "another's passkey");
        foreign.user_handle = "////".to_owned();
        assert_eq!(alone(&mut foreign, honest, |_| ()).await, 401, "nobody's handle");
        let spoils: &[fn(&mut Json)] = &[
            |body| body["passkey"]["response"]["signature"] = json!("AAAA"),
            |body| body["passkey"]["response"]["signature"] = json!("x".repeat(300_000)),
            |body| body["passkey"]["response"]["authenticatorData"] = json!(""),
            |body| body["passkey"]["response"]["clientDataJSON"] = json!("e30"),
            |body| body["passkey"]["rawId"] = json!("AAAA"),
            |body| body["challenge"] = json!("AAAA.AAAA"),
        ];
        for (n, spoil) in spoils.iter().enumerate() {
            let status = alone(&mut device, honest, *spoil).await;
            assert!([400, 401].contains(&status), "{n}: {status}");
        }
        assert_eq!(alone(&mut device, honest, |_| ()).await, 200);

        // And so is one that is to be added.
        let add = async |lie: Lie, spoil: fn(&mut Json)| {
            let options = call(&app, &eve, Method::POST, "/v3/users/me/passkeys/options", json!({})).await.expect(200);
            let mut device = Authenticator::new(ORIGIN);
            lie(&mut device);
            let mut body = json!({"challenge": options["challenge"], "name": "x", "passkey": device.create(&options["publicKey"])});
            spoil(&mut body);
            call(&app, &eve, Method::POST, "/v3/users/me/passkeys", body).await.status.as_u16()
        };
        for (what, lie) in &lies[..7] {
            if *what != "call" && *what != "not verified" {
                assert_eq!(add(*lie, |_| ()).await, 400, "{what}");
            }
        }
        assert_eq!(add(|device| device.call = Some("webauthn.get"), |_| ()).await, 400);
        let spoils: &[fn(&mut Json)] = &[
            |body| body["passkey"]["response"]["attestationObject"] = json!("oA"),
            |body| body["passkey"]["rawId"] = json!("AAAA"),
            |body| body["name"] = json!(" "),
        ];
        for (n, spoil) in spoils.iter().enumerate() {
            assert_eq!(add(honest, *spoil).await, 400, "{n}");
        }
        assert_eq!(add(honest, |_| ()).await, 200);
    }

    async fn a_challenge_for_a_passkey_is_the_users_own_and_good_once(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let (ada, eve) = (person(&app, "ada@example.com").await, person(&app, "eve@example.com").await);
        let options = call(&app, &ada, Method::POST, "/v3/users/me/passkeys/options", json!({})).await.expect(200);
        let body = |name: &str| json!({"challenge": options["challenge"], "name": name, "passkey": Authenticator::new(ORIGIN).create(&options["publicKey"])});
        call(&app, &eve, Method::POST, "/v3/users/me/passkeys", body("x")).await.expect(401);
        let added = call(&app, &ada, Method::POST, "/v3/users/me/passkeys", body("x")).await.expect(200);
        assert_eq!(added["recoveryCodes"].as_array().map(Vec::len), Some(10));
        call(&app, &ada, Method::POST, "/v3/users/me/passkeys", body("y")).await.expect(401);
    }

    async fn only_a_fresh_session_changes_how_somebody_signs_in(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let ada = member(&app, &project, "ada@example.com", "ADMIN").await;
        let (secret, _) = enable(&app, &ada).await;
        let (id, mut device) = passkey(&app, &ada).await;
        app.clock.advance(10 * MINUTE_MS);
        assert_eq!(methods(&app, &ada).await["recent"], json!(false));
        let guarded = [
            (Method::POST, "/v3/users/me/totp".to_owned()),
            (Method::DELETE, "/v3/users/me/totp".to_owned()),
            (Method::POST, "/v3/users/me/recovery-codes".to_owned()),
            (Method::POST, "/v3/users/me/passkeys/options".to_owned()),
            (Method::DELETE, format!("/v3/users/me/passkeys/{id}")),
        ];
        for (method, path) in &guarded {
            let refused = call(&app, &ada, method.clone(), path, json!({})).await.expect(403);
            assert_eq!(refused["error"]["code"], json!("reauthenticate"), "{path}");
        }
        let again = |body: Json| call(&app, &ada, Method::POST, "/v3/users/me/reauthenticate", body);
        again(json!({})).await.expect(401);
        again(json!({"password": PASSWORD})).await.expect(400);
        again(json!({"password": "wrong password", "code": totp(&app, &secret)})).await.expect(401);
        again(json!({"code": totp(&app, &secret)})).await.expect(401);
        again(json!({"password": PASSWORD, "code": totp(&app, &secret)})).await.expect(200);
        assert_eq!(methods(&app, &ada).await["recent"], json!(true));
        app.clock.advance(10 * MINUTE_MS);
        let options = call(&app, &ada, Method::POST, "/v3/users/me/reauthenticate/options", json!({})).await.expect(200);
        let used = json!({"challenge": options["challenge"], "passkey": device.get(&options["publicKey"])});
        again(used.clone()).await.expect(200);
        again(used).await.expect(401);
        call(&app, &ada, Method::DELETE, "/v3/users/me/totp", json!({})).await.expect(200);
        assert_eq!(methods(&app, &ada).await.get("totp"), None);
        // An API key is nobody who signs in.
        for (method, path) in &guarded {
            let request = app.request(method.clone(), path).rest(&project).json(json!({}));
            request.send().await.expect(403);
        }
        let log = format!("/v3/organisations/{}/audit-log", project.organisation);
        let log = owner(&app, &project).await.call(&app, Method::GET, &log).send().await.expect(200);
        for action in ["user.secondFactorAdded", "user.secondFactorRemoved"] {
            assert!(log.to_string().contains(action), "{log}");
        }
        assert!(!log.to_string().contains(&secret));
    }

    async fn an_organisation_lets_in_only_people_with_a_second_factor(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let (project, other) = (app.project().await, app.project().await);
        let boss = owner(&app, &project).await;
        let ada = member(&app, &project, "ada@example.com", "ADMIN").await;
        let path = format!("/v3/organisations/{}/security", project.organisation);
        let wanted = json!({"requireSecondFactor": true});
        // Nobody locks themselves out.
        let refused = call(&app, &boss, Method::PUT, &path, wanted.clone()).await.expect(403);
        assert_eq!(refused["error"]["code"], json!("second_factor_required"));
        enable(&app, &boss).await;
        call(&app, &ada, Method::PUT, &path, wanted.clone()).await.expect(404);
        owner(&app, &other).await.call(&app, Method::PUT, &path).json(wanted.clone()).send().await.expect(404);
        teams(&app, &project, &ada).await.expect(200);
        assert_eq!(call(&app, &boss, Method::PUT, &path, wanted.clone()).await.expect(200), wanted);
        // It counts at once, in sessions that are open; programs and others go on.
        let refused = teams(&app, &project, &ada).await.expect(403);
        assert_eq!(refused["error"]["code"], json!("second_factor_required"));
        teams(&app, &project, &boss).await.expect(200);
        app.get(&project, "/v3/teams").send().await.expect(200);
        me(&app, &ada.token).await.expect(200);
        assert_eq!(methods(&app, &ada).await["requiredBy"][0]["id"], json!(project.organisation));
        enable(&app, &ada).await;
        teams(&app, &project, &ada).await.expect(200);
        call(&app, &boss, Method::PUT, &path, json!({"requireSecondFactor": false})).await.expect(200);
        assert_eq!(call(&app, &boss, Method::GET, &path, json!({})).await.expect(200), json!({"requireSecondFactor": false}));
    }

    async fn the_operator_helps_somebody_who_lost_everything(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let ada = person(&app, "ada@example.com").await;
        enable(&app, &ada).await;
        let reset = async |email: &str| {
            let address = Address::parse(email).expect("an address");
            app.app.store.write(&app.app.store.operator(), move |tx| factors::reset(tx, &address)).await
        };
        assert!(reset("eve@example.com").await.is_err());
        assert_eq!(reset("Ada@example.com").await.expect("reset").to_string(), ada.id);
        me(&app, &ada.token).await.expect(401);
        assert!(login(&app).await.expect(200)["token"].is_string());
    }
}

/// Sets an app up, and returns its secret and the recovery codes.
async fn enable(app: &TestApp, person: &Person) -> (String, Vec<String>) {
    let begun = call(app, person, Method::POST, "/v3/users/me/totp", json!({})).await.expect(200);
    let secret = text(&begun, "secret");
    let code = json!({"code": totp(app, &secret)});
    let confirmed = call(app, person, Method::POST, "/v3/users/me/totp/confirm", code).await.expect(200);
    let codes = confirmed["recoveryCodes"].as_array().cloned().unwrap_or_default();
    (secret, codes.iter().filter_map(Json::as_str).map(str::to_owned).collect())
}

/// Adds a passkey, and returns its id and the device that has it.
pub(crate) async fn passkey(app: &TestApp, person: &Person) -> (String, Authenticator) {
    let options =
        call(app, person, Method::POST, "/v3/users/me/passkeys/options", json!({})).await.expect(200);
    let mut device = Authenticator::new(ORIGIN);
    let made = device.create(&options["publicKey"]);
    let body = json!({"challenge": options["challenge"], "name": "Laptop", "passkey": made});
    let added = call(app, person, Method::POST, "/v3/users/me/passkeys", body).await.expect(200);
    (text(&added["passkey"], "id"), device)
}

/// The code that an app with this secret shows now (RFC 6238).
fn totp(app: &TestApp, secret: &str) -> String {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits = secret.chars().flat_map(|c| {
        let value = letters.find(c).expect("base32");
        (0..5).rev().map(move |bit| u8::from(value >> bit & 1 == 1))
    });
    let bits: Vec<u8> = bits.collect();
    let bytes: Vec<u8> =
        bits.chunks_exact(8).map(|bits| bits.iter().fold(0, |byte, bit| byte << 1 | bit)).collect();
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &bytes);
    let digest = ring::hmac::sign(&key, &(app.clock.now() / 30_000).to_be_bytes());
    let digest = digest.as_ref();
    let at = usize::from(digest[19] & 15);
    let number = digest[at..at + 4].iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
    format!("{:06}", (number & 0x7fff_ffff) % 1_000_000)
}

async fn call(app: &TestApp, person: &Person, method: Method, path: &str, body: Json) -> Answer {
    person.call(app, method, path).json(body).send().await
}

async fn login(app: &TestApp) -> Answer {
    post(app, "/v3/users/login", json!({"email": "ada@example.com", "password": PASSWORD})).await
}

async fn second(app: &TestApp, body: Json) -> Answer {
    post(app, "/v3/users/login/second-factor", body).await
}

async fn me(app: &TestApp, token: &str) -> Answer {
    app.request(Method::GET, "/v3/users/me").bearer(token).send().await
}

async fn methods(app: &TestApp, person: &Person) -> Json {
    call(app, person, Method::GET, "/v3/users/me/sign-in-methods", json!({})).await.expect(200)
}

async fn teams(app: &TestApp, project: &Project, person: &Person) -> Answer {
    person.call_in(app, project, Method::GET, "/v3/teams").send().await
}
