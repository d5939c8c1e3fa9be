//! Signing up, and what somebody sees and changes of the own account.

use std::sync::{Arc, Mutex};

use hark_api::Settings;
use hark_store::access::USER;
use hark_store::{Doc, Id};

use hark_test::{Engine, Method, Scratch, TestApp, both};
use serde_json::{Value as Json, json};

use crate::people::{PASSWORD, code, last_mail, mails, member, owner, person, post, sign_in, sign_up, text};

both! {
    async fn a_new_user_confirms_the_address_and_is_signed_in(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let body = json!({"name": "Win http://evil.example", "email": "Ada@Example.com", "password": PASSWORD, "type": "x", "confirmed": true});
        let answer = post(&app, "/v3/users", body).await;
        assert_eq!(answer.header("hark-ignored-fields"), "type, confirmed");
        let signed_up = answer.expect(200);
        assert_eq!((&signed_up["email"], &signed_up["confirmed"], &signed_up["_id"]), (&json!("Ada@Example.com"), &json!(false), &signed_up["id"]));
        let mail = last_mail(&app, "Ada@Example.com").await;
        assert!(!mail.raw.contains("evil"), "{}", mail.raw);

        let login = json!({"email": "ada@example.com", "password": PASSWORD});
        post(&app, "/v3/users/login", login).await.expect(403);
        post(&app, "/v3/users/verify", json!({"email": "ada@example.com", "code": "000000x"})).await.expect(401);
        let right = json!({"email": "ada@example.com", "code": code(&mail)});
        let signed_in = post(&app, "/v3/users/verify", right.clone()).await.expect(200);
        post(&app, "/v3/users/verify", right).await.expect(401);

        let me = app.request(Method::GET, "/v3/users/me").bearer(&text(&signed_in, "token")).send().await.expect(200);
        assert_eq!((&me["firstName"], &me["userType"], &me["confirmed"]), (&json!("Win"), &json!("default"), &json!(true)));
        for hidden in ["passwordHash", "emailKey", "verification", "passwordReset", "password"] {
            assert_eq!(me.get(hidden), None, "{hidden}");
        }
    }

    async fn no_answer_tells_whether_an_address_is_known(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let known = project.owner.email.clone();
        let shape = |answer: &Json, email: &str| answer.to_string().replace(email, "").replace(&text(answer, "id"), "");
        let (first, second) = (sign_up(&app, &known, PASSWORD).await, sign_up(&app, "new@example.com", PASSWORD).await);
        assert_eq!(shape(&first, &known), shape(&second, "new@example.com"));
        assert_eq!(sign_up(&app, &known, PASSWORD).await["id"], first["id"]);
        assert_eq!(sign_up(&app, "new@example.com", PASSWORD).await["id"], second["id"]);
        assert!(last_mail(&app, &known).await.body().contains("an account there already"));
        for id in [&first["id"], &second["id"], &json!("ffffffffffffffffffffffff")] {
            assert_eq!(post(&app, "/v3/users/resend", json!({"id": id})).await.expect(200), json!(true));
        }
        let mut refusals = Vec::new();
        for email in [known.as_str(), "new@example.com", "nobody@example.com"] {
            assert_eq!(post(&app, "/v3/users/forgot-password", json!({"email": email})).await.expect(200), json!(true));
            refusals.push(post(&app, "/v3/users/login", json!({"email": email, "password": "not the password"})).await.expect(401));
            refusals.push(post(&app, "/v3/users/verify", json!({"email": email, "code": "nonsense"})).await.expect(401));
        }
        assert!(refusals.chunks(2).all(|pair| pair == &refusals[..2]), "{refusals:?}");
        // The owner's password still is the owner's.
        owner(&app, &project).await;
    }

    async fn nobody_plants_a_password_in_somebody_elses_account(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let email = "victim@example.com";
        sign_up(&app, email, "the attacker's password").await;
        last_mail(&app, email).await;
        sign_up(&app, email, PASSWORD).await;
        sign_up(&app, email, "the attacker's password").await;
        let code = code(&last_mail(&app, email).await);
        let confirmed = post(&app, "/v3/users/verify", json!({"email": email, "code": code})).await.expect(200);
        assert_eq!(confirmed["user"]["hasPassword"], json!(false));
        for password in ["the attacker's password", PASSWORD] {
            post(&app, "/v3/users/login", json!({"email": email, "password": password})).await.expect(401);
        }
        post(&app, "/v3/users/forgot-password", json!({"email": email})).await.expect(200);
        let reset = json!({"email": email, "code": crate::people::code(&last_mail(&app, email).await), "password": PASSWORD});
        post(&app, "/v3/users/reset-password", reset).await.expect(200);
        sign_in(&app, email, PASSWORD).await;
    }

    async fn signing_up_twice_with_one_password_keeps_it(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        sign_up(&app, "ada@example.com", PASSWORD).await;
        person(&app, "ada@example.com").await;
        sign_in(&app, "ADA@example.com", PASSWORD).await;
    }

    async fn a_code_ends_with_its_tries_and_its_time(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        for email in ["guessed@example.com", "late@example.com"] {
            sign_up(&app, email, PASSWORD).await;
        }
        let verify = |email: &'static str, code: String| {
            let app = &app;
            async move { post(app, "/v3/users/verify", json!({"email": email, "code": code})).await.status.as_u16() }
        };
        let guessed = code(&last_mail(&app, "guessed@example.com").await);
        for _ in 0..5 {
            assert_eq!(verify("guessed@example.com", "wrong".into()).await, 401);
        }
        assert_eq!(verify("guessed@example.com", guessed).await, 401);
        let late = code(&last_mail(&app, "late@example.com").await);
        app.clock.advance(15 * 60 * 1000);
        assert_eq!(verify("late@example.com", late).await, 401);
        // Another code helps.
        let id = sign_up(&app, "late@example.com", PASSWORD).await["id"].clone();
        post(&app, "/v3/users/resend", json!({"id": id})).await.expect(200);
        let code = code(&last_mail(&app, "late@example.com").await);
        assert_eq!(verify("late@example.com", code).await, 200);
    }

    async fn guessing_locks_an_account_for_a_while_on_every_node(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let ada = person(&app, "ada@example.com").await;
        let login = |password: &'static str| post(&app, "/v3/users/login", json!({"email": "ada@example.com", "password": password}));
        for _ in 0..10 {
            login("wrong password").await.expect(401);
        }
        let locked = login(PASSWORD).await;
        locked.expect(429);
        assert!(locked.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds <= 15 * 60));
        if app.scratch.engine == Engine::Postgres {
            let node = app.second_node().await;
            let body = json!({"email": "ada@example.com", "password": PASSWORD});
            node.request(Method::POST, "/v3/users/login").json(body).send().await.expect(429);
        }
        // Who is in stays in, and others sign in.
        ada.call(&app, Method::GET, "/v3/users/me").send().await.expect(200);
        app.clock.advance(15 * 60 * 1000);
        login(PASSWORD).await.expect(200);
    }

    async fn no_answer_shows_what_is_hidden_of_a_user(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let ada = member(&app, &project, "ada@example.com", "ADMIN").await;
        post(&app, "/v3/users/forgot-password", json!({"email": ada.email})).await.expect(200);
        last_mail(&app, &ada.email).await;
        // The same person confirms an address, too.
        let id: Id = ada.id.parse().expect("an id");
        let pending = move |tx: &mut hark_store::Tx<'_>| {
            let mut user = tx.get_locked(&USER, id)?;
            user.set("verification", json!({"hash": "c0de", "expiresAt": "2999-01-01T00:00:00.000Z", "tries": 0}));
            tx.save(&USER, user)
        };
        let user = app.app.store.write(&app.app.store.operator(), pending).await.expect("saved");
        let mut secrets: Vec<String> = ["verification", "passwordReset"].map(|name| text(&user.body[name], "hash")).to_vec();
        secrets.push(user.text("passwordHash").expect("a password").to_owned());

        let calls = [
            ada.call(&app, Method::GET, "/v3/users/me"),
            ada.call(&app, Method::PUT, &format!("/v3/users/{id}")).json(json!({"firstName": "Augusta"})),
            ada.call_in(&app, &project, Method::GET, "/v3/users/me/permissions"),
            ada.call(&app, Method::GET, "/v3/users/unified-inbox"),
            ada.call(&app, Method::POST, "/v3/users/me/session-auth").json(json!({"socket_id": "1.2"})),
            ada.call_in(&app, &project, Method::GET, "/v3/projects/users"),
            app.request(Method::POST, "/v3/users/login").json(json!({"email": ada.email, "password": PASSWORD})),
            app.request(Method::POST, "/v3/users").json(json!({"name": "x", "email": ada.email, "password": PASSWORD})),
        ];
        for call in calls {
            let answer = call.send().await;
            answer.expect(200);
            for name in USER.hidden.iter().map(|name| format!("\"{name}\"")).chain(secrets.iter().cloned()) {
                assert!(!answer.body.contains(&name), "{name}: {}", answer.body);
            }
        }
    }

    async fn the_code_for_a_new_password_is_long_works_once_and_is_spoiled_by_nobody(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let ada = person(&app, "ada@example.com").await;
        let forgot = || post(&app, "/v3/users/forgot-password", json!({"email": "ada@example.com"}));
        let reset = |code: &str| {
            let body = json!({"email": "ada@example.com", "code": code, "password": "another password"});
            post(&app, "/v3/users/reset-password", body)
        };
        forgot().await.expect(200);
        let late = code(&last_mail(&app, &ada.email).await);
        assert!(late.len() >= 32 && late.chars().all(|c| c.is_ascii_alphanumeric()), "{late}");
        app.clock.advance(60 * 60 * 1000);
        reset(&late).await.expect(401);

        forgot().await.expect(200);
        let good = code(&last_mail(&app, &ada.email).await);
        let revision = stored(&app, &ada.id).await.rev;
        for _ in 0..7 {
            reset("000000").await.expect(401);
            post(&app, "/v3/users/verify", json!({"email": ada.email, "code": "000000"})).await.expect(401);
        }
        assert_eq!(stored(&app, &ada.id).await.rev, revision);
        app.clock.advance(59 * 60 * 1000);
        reset(&good).await.expect(200);
        reset(&good).await.expect(401);
    }

    async fn a_forgotten_password_is_the_same_work_for_every_address(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let ada = person(&app, "ada@example.com").await;
        let before = mails(&app).await;
        for email in [ada.email.as_str(), "nobody@example.com"] {
            post(&app, "/v3/users/forgot-password", json!({"email": email})).await.expect(200);
            assert_eq!(app.run_jobs().await, 1, "{email}");
        }
        for id in [ada.id.as_str(), "ffffffffffffffffffffffff"] {
            post(&app, "/v3/users/resend", json!({"id": id})).await.expect(200);
            assert_eq!(app.run_jobs().await, 1, "{id}");
        }
        assert_eq!(mails(&app).await, before + 1);
    }

    async fn a_stranger_elsewhere_locks_nobody_out(scratch: Scratch) {
        let trusted_proxies = vec!["0.0.0.0/32".parse().expect("a network")];
        let app = TestApp::with(scratch, Settings { trusted_proxies, ..Settings::default() }).await;
        let owner = app.project().await.owner;
        let post = async |from: &str, path: &str, body: Json| {
            app.request(Method::POST, path).header("X-Forwarded-For", from).json(body).send().await.status.as_u16()
        };
        let login = async |from: &str, password: &str| {
            post(from, "/v3/users/login", json!({"email": owner.email, "password": password})).await
        };
        for n in 0..10 {
            // All of these are one customer.
            assert_eq!(login(&format!("2001:db8::{n}"), "a wrong password").await, 401);
        }
        assert_eq!(login("2001:db8::ffff", &owner.password).await, 429);
        assert_eq!(login("192.0.2.1", &owner.password).await, 200);

        let forgot = async |from: &str| post(from, "/v3/users/forgot-password", json!({"email": owner.email})).await;
        for _ in 0..5 {
            assert_eq!(forgot("198.51.100.1").await, 200);
        }
        assert_eq!((forgot("198.51.100.1").await, forgot("192.0.2.1").await), (429, 200));
        // All strangers together do not flood a mailbox either.
        for n in 2..20 {
            forgot(&format!("198.51.100.{n}")).await;
        }
        assert_eq!(forgot("192.0.2.99").await, 429);
    }

    async fn six_digits_are_guessed_a_hundred_times_a_day_at_most(scratch: Scratch) {
        let trusted_proxies = vec!["0.0.0.0/32".parse().expect("a network")];
        let app = TestApp::with(scratch, Settings { trusted_proxies, ..Settings::default() }).await;
        let guess = async |n: usize| {
            let body = json!({"email": "ada@example.com", "code": "000000"});
            let call = app.request(Method::POST, "/v3/users/verify").header("X-Forwarded-For", &format!("192.0.2.{n}"));
            call.json(body).send().await.status.as_u16()
        };
        for n in 0..100 {
            assert_eq!(guess(n / 15).await, 401, "{n}");
        }
        assert_eq!(guess(200).await, 429);
        app.clock.advance(24 * 60 * 60 * 1000);
        assert_eq!(guess(200).await, 401);
    }

    async fn forms_are_no_mail_bombs(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let body = json!({"name": "x", "email": "victim@example.com", "password": PASSWORD});
        for _ in 0..5 {
            post(&app, "/v3/users", body.clone()).await.expect(200);
        }
        post(&app, "/v3/users", body).await.expect(429);
        post(&app, "/v3/users/forgot-password", json!({"email": "victim@example.com"})).await.expect(429);
        // They waited together, and one letter says it all.
        assert_eq!(mails(&app).await, 1);
        for email in ["a@b@c", "a@example.com\r\nBcc: d@example.com", "a@example.com, b@example.com", ""] {
            post(&app, "/v3/users/forgot-password", json!({"email": email})).await.expect(400);
        }
    }

    async fn a_new_password_ends_every_session(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let first = person(&app, "ada@example.com").await;
        let second = sign_in(&app, "ada@example.com", PASSWORD).await;
        let path = format!("/v3/users/{}", first.id);
        let change = |old: &str, new: &str| {
            let body = json!({"oldpassword": old, "password": new, "firstName": "Changed"});
            first.call(&app, Method::PUT, &path).json(body).send()
        };
        change("wrong", "another password").await.expect(400);
        change(PASSWORD, "short").await.expect(400);
        let me = second.call(&app, Method::GET, "/v3/users/me").send().await.expect(200);
        assert_eq!(me["firstName"], "Ada");

        change(PASSWORD, "another password").await.expect(200);
        for session in [&first, &second] {
            session.call(&app, Method::GET, "/v3/users/me").send().await.expect(401);
        }
        post(&app, "/v3/users/login", json!({"email": "ada@example.com", "password": PASSWORD})).await.expect(401);
        let third = sign_in(&app, "ada@example.com", "another password").await;

        post(&app, "/v3/users/forgot-password", json!({"email": "ada@example.com"})).await.expect(200);
        let reset = json!({"email": "ada@example.com", "code": code(&last_mail(&app, "ada@example.com").await), "password": PASSWORD});
        post(&app, "/v3/users/reset-password", reset).await.expect(200);
        third.call(&app, Method::GET, "/v3/users/me").send().await.expect(401);
    }

    async fn signing_out_ends_one_session_or_all(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let first = person(&app, "ada@example.com").await;
        let second = sign_in(&app, "ada@example.com", PASSWORD).await;
        let third = sign_in(&app, "ada@example.com", PASSWORD).await;
        first.call(&app, Method::POST, "/v3/users/logout").send().await.expect(200);
        first.call(&app, Method::GET, "/v3/users/me").send().await.expect(401);
        second.call(&app, Method::POST, "/v3/users/logout-all").send().await.expect(200);
        for session in [&second, &third] {
            session.call(&app, Method::GET, "/v3/users/me").send().await.expect(401);
        }
        let fourth = sign_in(&app, "ada@example.com", PASSWORD).await;
        app.clock.advance(30 * 24 * 60 * 60 * 1000);
        fourth.call(&app, Method::GET, "/v3/users/me").send().await.expect(401);

        let project = app.project().await;
        app.post(&project, "/v3/users/logout-all", json!({})).send().await.expect(403);
    }

    async fn a_disabled_user_is_out_at_once(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let ada = person(&app, "ada@example.com").await;
        let id = ada.id.parse().expect("an id");
        let disable = move |tx: &mut hark_store::Tx<'_>| hark_core::access::users::set_disabled(tx, id, true);
        app.app.store.write(&app.app.store.operator(), disable).await.expect("disabled");
        ada.call(&app, Method::GET, "/v3/users/me").send().await.expect(401);
        post(&app, "/v3/users/login", json!({"email": ada.email, "password": PASSWORD})).await.expect(403);
        post(&app, "/v3/users/forgot-password", json!({"email": ada.email})).await.expect(200);
        let before = mails(&app).await;
        post(&app, "/v3/users", json!({"name": "x", "email": ada.email, "password": PASSWORD})).await.expect(200);
        assert_eq!(mails(&app).await, before);
    }

    async fn a_user_changes_what_is_allowed_and_nothing_else(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let ada = member(&app, &project, "ada@example.com", "DEFAULT").await;
        let path = format!("/v3/users/{}", ada.id);
        let before = ada.call(&app, Method::GET, "/v3/users/me").send().await.expect(200);
        let wide = json!({
            "_id": "x", "id": "x", "email": "other@example.com", "emailKey": "other@example.com", "type": "service_account",
            "userType": "sso", "confirmed": false, "disabled": true, "passwordHash": "x", "verification": {}, "passwordReset": {},
            "organisation": project.organisation, "createdAt": "2000-01-01", "permissions": ["users.manage"], "role": "OWNER",
        });
        let mut after = ada.call(&app, Method::PUT, &path).json(wide).send().await.expect(200);
        after["updatedAt"] = before["updatedAt"].clone();
        assert_eq!(after, before);

        let body = json!({
            "firstName": "Augusta", "available": false, "unavailableProjects": [project.id], "completedOnboarding": true,
            "profileImageUrl": "https://example.com/a.png",
            "notificationPreferences": {"personal-mention": {"push": true, "inApp": true, "email": false}, "x": {"push": true}},
            "notificationSettings": {"sendEmailOnlyWhenOffline": true, "x": 1},
        });
        let changed = ada.call(&app, Method::PUT, &path).json(body).send().await.expect(200);
        assert_eq!(changed["firstName"], "Augusta");
        let preferences = &changed["notificationPreferences"];
        assert_eq!(preferences["personal-mention"], json!({"push": true, "inApp": true, "email": false}));
        assert_eq!(preferences["personal-assignment"], json!({"push": false, "inApp": true, "email": true}), "what is usual");
        assert_eq!((preferences.as_object().map(serde_json::Map::len), preferences.get("x")), (Some(8), None));
        assert_eq!(changed["notificationSettings"].get("x"), None);
        let removed = ada.call(&app, Method::PUT, &path).json(json!({"notificationSettings": null})).send().await.expect(200);
        assert_eq!(removed.get("notificationSettings"), None);
        for wrong in [json!({"firstName": "x".repeat(1001)}), json!({"profileImageUrl": "javascript:alert(1)"}), json!({"available": "no"})] {
            ada.call(&app, Method::PUT, &path).json(wrong).send().await.expect(400);
        }
        let other = format!("/v3/users/{}", owner(&app, &project).await.id);
        ada.call(&app, Method::PUT, &other).json(json!({"firstName": "x"})).send().await.expect(404);
        ada.call(&app, Method::PUT, &other).json(json!({"password": "x", "oldpassword": "x"})).send().await.expect(403);
    }

    async fn who_manages_users_renames_service_accounts_of_the_organisation(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let (project, foreign) = (app.project().await, app.project().await);
        let account = app.get(&project, "/v3/users/me").send().await.expect(200);
        assert_eq!(account["userType"], "service_account");
        let path = format!("/v3/users/{}", text(&account, "id"));
        let body = json!({"firstName": "Robot"});
        owner(&app, &foreign).await.call(&app, Method::PUT, &path).json(body.clone()).send().await.expect(404);
        owner(&app, &project).await.call(&app, Method::PUT, &path).json(body).send().await.expect(200);
        assert_eq!(app.get(&project, "/v3/users/me").send().await.expect(200)["firstName"], "Robot");
    }

    async fn http_basic_signs_in_too(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let basic = |credentials: &str| format!("Basic {}", base64::Engine::encode(&base64::prelude::BASE64_STANDARD, credentials));
        let right = basic(&format!("{}:{}", project.owner.email, project.owner.password));
        let signed_in = app.request(Method::POST, "/auth").header("Authorization", &right).send().await.expect(200);
        app.request(Method::GET, "/v3/users/me").bearer(&text(&signed_in, "token")).send().await.expect(200);
        for wrong in [basic(&format!("{}:wrong", project.owner.email)), basic("nobody"), "Basic ???".to_owned(), "Bearer x".to_owned()] {
            app.request(Method::POST, "/auth").header("Authorization", &wrong).send().await.expect(401);
        }
    }

    async fn permissions_are_those_of_the_project(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let (project, foreign) = (app.project().await, app.project().await);
        let viewer = member(&app, &project, "viewer@example.com", "VIEWER").await;
        let mine = |project: &str| viewer.call(&app, Method::GET, "/v3/users/me/permissions").header("Project", project).send();
        let expected = json!({"permissions": ["contacts.read", "tickets.read", "team.read", "settings.read"], "roles": ["VIEWER"]});
        assert_eq!(mine(&project.id).await.expect(200), expected);
        mine(&foreign.id).await.expect(404);
        viewer.call(&app, Method::GET, "/v3/users/me/permissions").send().await.expect(400);
        let owner = owner(&app, &project).await;
        let all = owner.call_in(&app, &project, Method::GET, "/v3/users/me/permissions").send().await.expect(200);
        assert_eq!(all["roles"], json!(["OWNER"]));
    }

    async fn the_inbox_shows_the_tickets_of_all_projects_that_one_works_in(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let (sibling, foreign) = (app.sibling(&project).await, app.project().await);
        let owner = owner(&app, &project).await;
        for (of, title, more) in [
            (&project, "a", json!({"processingUser": owner.id})),
            (&sibling, "b", json!({"type": "INQUIRY"})),
            (&project, "c", json!({"archived": true})),
            (&project, "d", json!({"status": "DONE", "processingUser": owner.id})),
            (&foreign, "e", json!({})),
            (&project, "f", json!({"snoozed": true, "snoozedUntil": "2099-01-01T00:00:00.000Z"})),
        ] {
            let mut body = more;
            body["title"] = json!(title);
            // The sibling has no token of its own.
            let made = owner.call_in(&app, of, Method::POST, "/v3/tickets").json(body.clone()).send().await;
            if made.status == 404 {
                app.post(of, "/v3/tickets", body).send().await.expect(200);
            } else {
                made.expect(200);
            }
            app.clock.advance(1_000);
        }
        let inbox = async |query: &str| {
            let list = owner.call(&app, Method::GET, &format!("/v3/users/unified-inbox?{query}")).send().await.expect(200);
            let titles: String = list["tickets"].as_array().expect("tickets").iter().map(|one| one["title"].as_str().expect("a title")).collect();
            (titles, list["totalCount"].as_u64().expect("a count"))
        };
        assert_eq!(inbox("").await, ("ba".to_owned(), 2));
        assert_eq!(inbox("limit=1&page=2").await, ("a".to_owned(), 2));
        assert_eq!(inbox("type=INQUIRY").await, ("b".to_owned(), 1));
        assert_eq!(inbox(&format!("filteredProjectId={}", project.id)).await, ("a".to_owned(), 1));
        assert_eq!(inbox(&format!("filteredProjectId={}", foreign.id)).await, (String::new(), 0));
        owner.call(&app, Method::GET, "/v3/users/unified-inbox?page=0").send().await.expect(400);
        owner.call(&app, Method::GET, "/v3/users/unified-inbox?page=1000&limit=100").send().await.expect(400);

        let theirs = app.get(&foreign, "/v3/tickets").send().await.expect(200)["tickets"][0]["id"].clone();
        let own = app.get(&project, "/v3/tickets?bugId=1").send().await.expect(200)["tickets"][0]["id"].clone();
        let one = |id: &Json| owner.call(&app, Method::GET, &format!("/v3/users/unified-inbox/{}", id.as_str().expect("an id"))).send();
        assert_eq!(one(&own).await.expect(200)["title"], "a");
        one(&theirs).await.expect(404);

        owner.call(&app, Method::POST, "/v3/users/me/reassign-tickets").json(json!({})).send().await.expect(200);
        assert_eq!(one(&own).await.expect(200).get("processingUser"), None);
        let done = app.get(&project, "/v3/tickets?status=DONE").send().await.expect(200);
        assert_eq!(done["tickets"][0]["processingUser"]["id"], json!(owner.id));
    }

    async fn sockets_follow_the_channels_of_their_user_only(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let (project, foreign) = (app.project().await, app.project().await);
        let owner = owner(&app, &project).await;
        let ask = |channel: String| {
            let body = json!({"socket_id": "1234.5678", "channel_name": channel});
            owner.call(&app, Method::POST, "/v3/users/me/session-channel-auth").json(body).send()
        };
        let private = ask(format!("private-project-{}", project.id)).await.expect(200);
        assert!(text(&private, "channel_data").contains(&owner.id), "the socket has to know whose channel it is");
        let presence = ask(format!("presence-project-{}", project.id)).await.expect(200);
        assert!(text(&presence, "channel_data").contains(&owner.id));
        assert_eq!(text(&presence, "auth").split(':').next(), text(&private, "auth").split(':').next());
        ask(format!("private-user-{}", owner.id)).await.expect(200);
        for foreign in [format!("private-project-{}", foreign.id), format!("private-user-{}", project.id), "private-x".to_owned()] {
            ask(foreign).await.expect(403);
        }
        let form = format!("socket_id=1234.5678&channel_name=private-project-{}", project.id);
        let request = owner.call(&app, Method::POST, "/v3/users/me/session-channel-auth");
        assert_eq!(request.body("application/x-www-form-urlencoded", form).send().await.expect(200), private);

        let session = |socket: &str| owner.call(&app, Method::POST, "/v3/users/me/session-auth").json(json!({"socket_id": socket})).send();
        assert!(text(&session("1.2").await.expect(200), "user_data").contains(&owner.id));
        session("1.2:private-project-x").await.expect(400);
        app.request(Method::POST, "/v3/users/me/session-auth").send().await.expect(401);
    }
}

/// A user as it is stored.
async fn stored(app: &TestApp, id: &str) -> Doc {
    let id = id.parse().expect("an id");
    app.app.store.peek(&app.app.store.operator(), move |tx| tx.get(&USER, id)).await.expect("a user")
}

/// Without a mail server the operator reads the letter in the log.
#[tokio::test]
async fn without_a_mail_server_the_operator_sees_the_code() {
    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);
    impl std::io::Write for Log {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().expect("no panic").extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    let app = TestApp::new(Scratch::new(Engine::Sqlite).await).await;
    sign_up(&app, "ada@example.com", PASSWORD).await;
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    {
        let _guard = tracing::subscriber::set_default(subscriber);
        app.run_jobs().await;
    }
    let lines = String::from_utf8(log.0.lock().expect("no panic").clone()).expect("text");
    let line = lines.lines().find(|line| line.contains("hark::operator")).expect("a line for the operator");
    let (_, rest) = line.split_once("text=\"").expect("the letter");
    let body = json!({"email": "ada@example.com", "code": &rest[..6]});
    post(&app, "/v3/users/verify", body).await.expect(200);
}
