//! Single sign-on: what a provider does not decide, whoever set it and whatever it says.

use hark_core::access::sso::{confirm_domain, release_domain};
use hark_store::{Id, Tx};
use hark_test::{Authenticator, Method, Project, Provider, TestApp, both, sso as client};
use serde_json::{Value as Json, json};

use crate::people::{PASSWORD, Person, accept, member, owner, person, post, role, text};
use crate::sso::{ada, back, begin, come, confirm, connect, join, set_up, settings};

both! {
    async fn nobody_below_an_owner_sets_a_provider(scratch: Scratch) {
        let (app, project, provider) = set_up(scratch).await;
        role(&app, &project, "KEEPER", &["settings.manage", "users.manage", "settings.read"]).await;
        let body = json!({"issuer": provider.issuer(), "clientId": client::CLIENT_ID, "clientSecret": client::CLIENT_SECRET});
        for (name, role) in [("admin", "ADMIN"), ("keeper", "KEEPER")] {
            let who = colleague(&app, &project, &format!("{name}@example.com"), role).await;
            let shown = who.call(&app, Method::GET, &settings(&project)).send().await.expect(200);
            assert_eq!((&shown["configured"], &shown["changeable"]), (&json!(true), &json!(false)));
            for change in [body.clone(), json!({"enabled": false}), json!({"trustAddresses": true}), json!({"domains": []})] {
                who.call(&app, Method::PUT, &settings(&project)).json(change).send().await.expect(403);
            }
            who.call(&app, Method::DELETE, &settings(&project)).send().await.expect(403);
        }
        let boss = owner(&app, &project).await;
        let shown = boss.call(&app, Method::GET, &settings(&project)).send().await.expect(200);
        assert_eq!((&shown["changeable"], &shown["enabled"]), (&json!(true), &json!(true)));
        boss.call(&app, Method::PUT, &settings(&project)).json(json!({"defaultRole": "OWNER"})).send().await.expect(400);
    }

    async fn no_provider_signs_in_to_the_account_of_an_owner(scratch: Scratch) {
        let (app, project, provider) = set_up(scratch).await;
        let boss = owner(&app, &project).await;
        for sub in ["owner", "1"] {
            let refused = come(&app, &provider, &json!({"sub": sub, "email": boss.email})).await;
            assert_eq!(refused.expect(403)["error"]["code"], json!("connect_first"));
        }
        // Nor does somebody whom the provider made take the address over.
        come(&app, &provider, &ada()).await.expect(200);
        let as_ada = come(&app, &provider, &json!({"sub": "1", "email": boss.email})).await.expect(200);
        assert_eq!(as_ada["user"]["email"], json!("ada@example.com"));
        let offered = boss.call(&app, Method::GET, "/v3/users/me/sign-in-methods").send().await.expect(200);
        assert_eq!((&offered["sso"], &offered["ssoOffered"]), (&json!([]), &json!([{"id": project.organisation, "name": "Test"}])));
        let claims = json!({"sub": "owner", "email": boss.email});
        connect(&app, &provider, &project, &boss, &claims).await.expect(200);
        assert_eq!(come(&app, &provider, &claims).await.expect(200)["user"]["id"], json!(boss.id));
    }

    async fn a_session_through_a_provider_reaches_nothing_else(scratch: Scratch) {
        let (app, alpha, provider) = set_up(scratch).await;
        let beta = app.project().await;
        let (carol, claims) = connected(&app, &alpha, &provider).await;
        let own = carol.call(&app, Method::POST, "/v3/organisations").json(json!({"name": "Carol's"})).send().await.expect(200);
        join(&app, &beta, &carol).await;
        let beta_org = &beta.organisation;
        let invited = owner(&app, &beta).await.call(&app, Method::POST, &format!("/v3/invitations/organisations/{beta_org}"))
            .json(json!({"emails": [carol.email], "role": "ADMIN"})).send().await.expect(200);

        let through = through(&app, &provider, &claims, &carol).await;
        let get = async |path: &str| through.call(&app, Method::GET, path).send().await;
        let teams = async |project: &Project| through.call_in(&app, project, Method::GET, "/v3/teams").send().await.status.as_u16();
        assert_eq!((teams(&alpha).await, teams(&beta).await), (200, 404));
        let projects = get("/v3/projects").await.expect(200);
        assert_eq!(ids(&projects), std::slice::from_ref(&alpha.id));
        assert_eq!(get("/v3/organisations").await.expect(200), json!([]));
        assert_eq!(get("/v3/invitations").await.expect(200), json!([]));
        let answer = format!("/v3/invitations/{}", text(&invited[0], "id"));
        through.call(&app, Method::PUT, &answer).json(json!({"accept": true})).send().await.expect(404);
        let own = text(&own, "id");
        get(&format!("/v3/organisations/{own}/users")).await.expect(404);
        get(&format!("/v3/organisations/{own}/sso")).await.expect(404);
        let post_to = async |path: &str, body: Json| through.call(&app, Method::POST, path).json(body).send().await;
        post_to("/v3/projects", json!({"name": "x", "organisation": own})).await.expect(404);
        post_to("/v3/organisations", json!({"name": "x"})).await.expect(403);
        let channel = json!({"socket_id": "1.1", "channel_name": format!("private-project-{}", beta.id)});
        // The socket's name is a sound one, so that this is about the channel.
        let followed = post_to("/v3/users/me/session-channel-auth", channel).await.status.as_u16();
        assert_eq!(followed, 403);

        // Nor does it change how its holder signs in, or how others see them.
        for path in ["/v3/users/me/passkeys/options", "/v3/users/me/totp"] {
            assert_eq!(post_to(path, json!({})).await.expect(403)["error"]["code"], json!("reauthenticate"), "{path}");
        }
        let unlink = format!("/v3/users/me/sso/{}", alpha.organisation);
        through.call(&app, Method::DELETE, &unlink).send().await.expect(403);
        let me = format!("/v3/users/{}", carol.id);
        let change = async |body: Json| through.call(&app, Method::PUT, &me).json(body).send().await;
        change(json!({"firstName": "Mallory"})).await.expect(403);
        change(json!({"available": false})).await.expect(403);
        let available = through.call_in(&app, &alpha, Method::PUT, "/v3/users/me/availability").json(json!({"available": false})).send().await;
        available.expect(200);

        // It is its holder's own once the password was proved.
        post_to("/v3/users/me/reauthenticate", json!({"password": "wrong"})).await.expect(401);
        assert_eq!(teams(&beta).await, 404);
        post_to("/v3/users/me/reauthenticate", json!({"password": PASSWORD})).await.expect(200);
        assert_eq!((teams(&alpha).await, teams(&beta).await), (200, 200));
        assert_eq!(ids(&get("/v3/organisations").await.expect(200)), [own]);
        change(json!({"firstName": "Carol"})).await.expect(200);
    }

    async fn a_second_factor_widens_nothing_and_waits_for_no_other_provider(scratch: Scratch) {
        let (app, alpha, provider) = set_up(scratch).await;
        let beta = app.project().await;
        let (carol, claims) = connected(&app, &alpha, &provider).await;
        join(&app, &beta, &carol).await;
        let (_, mut device): (String, Authenticator) = crate::second_factor::passkey(&app, &carol).await;
        let mut steps = Vec::new();
        for _ in 0..2 {
            let step = come(&app, &provider, &claims).await.expect(200)["secondFactor"].clone();
            steps.push(json!({"challenge": step["challenge"], "passkey": device.get(&step["publicKey"])}));
        }
        let signed_in = post(&app, "/v3/users/login/second-factor", steps.remove(0)).await.expect(200);
        let token = text(&signed_in, "token");
        let teams = async |project: &Project| app.request(Method::GET, "/v3/teams").bearer(&token).header("Project", &project.id).send().await.status.as_u16();
        assert_eq!((teams(&alpha).await, teams(&beta).await), (200, 404));
        let off = owner(&app, &alpha).await.call(&app, Method::DELETE, &settings(&alpha)).send().await;
        off.expect(200);
        post(&app, "/v3/users/login/second-factor", steps.remove(0)).await.expect(401);
    }

    async fn another_provider_knows_nobody_of_before(scratch: Scratch) {
        let (app, project, provider) = set_up(scratch).await;
        let (carol, claims) = connected(&app, &project, &provider).await;
        let session = through(&app, &provider, &claims, &carol).await;
        let second = Provider::start(app.clock.clone()).await;
        second.serves(&project.organisation);
        let boss = owner(&app, &project).await;
        for provider in [&second, &provider] {
            let body = json!({"issuer": provider.issuer(), "clientSecret": client::CLIENT_SECRET});
            boss.call(&app, Method::PUT, &settings(&project)).json(body).send().await.expect(200);
            assert_eq!(come(&app, provider, &claims).await.expect(403)["error"]["code"], json!("connect_first"));
        }
        session.call(&app, Method::GET, "/v3/users/me").send().await.expect(401);
        // What its holder began with a password goes on.
        carol.call(&app, Method::GET, "/v3/users/me").send().await.expect(200);
    }

    async fn who_was_taken_out_connects_again(scratch: Scratch) {
        let (app, project, provider) = set_up(scratch).await;
        let (carol, claims) = connected(&app, &project, &provider).await;
        let session = through(&app, &provider, &claims, &carol).await;
        let path = format!("/v3/projects/users/{}", carol.id);
        app.delete(&project, &path).send().await.expect(200);
        session.call(&app, Method::GET, "/v3/users/me").send().await.expect(401);
        come(&app, &provider, &claims).await.expect(403);
        join(&app, &project, &carol).await;
        assert_eq!(come(&app, &provider, &claims).await.expect(403)["error"]["code"], json!("connect_first"));
    }

    async fn an_account_of_a_provider_has_no_way_in_beside_it(scratch: Scratch) {
        let (app, project, provider) = set_up(scratch).await;
        let signed_in = come(&app, &provider, &ada()).await.expect(200);
        let ada = Person { id: text(&signed_in["user"], "id"), email: "ada@example.com".into(), token: text(&signed_in, "token") };
        connect(&app, &provider, &project, &ada, &json!({"sub": "2", "email": "ada@example.com"})).await.expect(400);
        ada.call(&app, Method::POST, "/v3/organisations").json(json!({"name": "Ada's"})).send().await.expect(403);
        let (_, mut device) = crate::second_factor::passkey(&app, &ada).await;
        let options = post(&app, "/v3/users/login/passkey/options", json!({})).await.expect(200);
        let alone = json!({"challenge": options["challenge"], "passkey": device.get(&options["publicKey"])});
        post(&app, "/v3/users/login/passkey", alone).await.expect(403);
    }

    async fn a_code_does_not_get_to_another_organisations_provider(scratch: Scratch) {
        let (app, _, provider) = set_up(scratch).await;
        let other = app.project().await;
        let begun = begin(&app, json!({"email": "ada@example.com"})).await.expect(200);
        let mut brought = back(&provider, &begun, &ada());
        let right = brought["organisation"].clone();
        for wrong in [json!(other.organisation), json!("0123456789abcdef01234567")] {
            brought["organisation"] = wrong;
            post(&app, "/v3/users/login/sso/complete", brought.clone()).await.expect(401);
        }
        brought["organisation"] = json!(null);
        post(&app, "/v3/users/login/sso/complete", brought.clone()).await.expect(400);
        assert!(!provider.asked().contains(&"/token".to_owned()));
        brought["organisation"] = right;
        post(&app, "/v3/users/login/sso/complete", brought).await.expect(200);
    }

    async fn a_domain_counts_once_the_operator_confirmed_it_and_for_one_organisation(scratch: Scratch) {
        let (app, first, provider) = set_up(scratch).await;
        let second = app.project().await;
        let boss = owner(&app, &second).await;
        let rival = Provider::start(app.clock.clone()).await;
        rival.serves(&second.organisation);
        let body = json!({
            "issuer": rival.issuer(), "clientId": client::CLIENT_ID, "clientSecret": client::CLIENT_SECRET, "domains": ["example.com"],
        });
        let shown = boss.call(&app, Method::PUT, &settings(&second)).json(body).send().await.expect(200);
        assert_eq!(shown["unconfirmedDomains"], json!(["example.com"]));
        // An employee's claim catches nobody's sign-in, neither by the address nor by name.
        let begun = begin(&app, json!({"email": "ada@example.com"})).await.expect(200);
        assert!(text(&begun, "url").starts_with(&provider.issuer()));
        let begun = begin(&app, json!({"organisation": second.organisation})).await.expect(200);
        post(&app, "/v3/users/login/sso/complete", back(&rival, &begun, &ada())).await.expect(403);
        let store = &app.app.store;
        let (domain, id): (&str, Id) = ("example.com", second.organisation.parse().expect("an id"));
        let take = move |tx: &mut Tx<'_>| confirm_domain(tx, domain, Some(id)).map(|_| ());
        let refused = store.write(&store.operator(), take).await.expect_err("the domain is another's").to_string();
        assert!(refused.contains(&first.organisation), "{refused}");

        // The operator moves it on; who came through the provider of before is signed out.
        let token = text(&come(&app, &provider, &ada()).await.expect(200), "token");
        let release = move |tx: &mut Tx<'_>| release_domain(tx, domain).map(|_| ());
        store.write(&store.operator(), release).await.expect("a domain");
        app.request(Method::GET, "/v3/users/me").bearer(&token).send().await.expect(401);
        begin(&app, json!({"email": "ada@example.com"})).await.expect(404);
        confirm(&app, &second, "example.com").await;
        let begun = begin(&app, json!({"email": "ada@example.com"})).await.expect(200);
        post(&app, "/v3/users/login/sso/complete", back(&rival, &begun, &ada())).await.expect(200);
        // A domain that was taken off the list has to be confirmed again.
        for domains in [json!([]), json!(["example.com"])] {
            boss.call(&app, Method::PUT, &settings(&second)).json(json!({"domains": domains})).send().await.expect(200);
        }
        begin(&app, json!({"email": "ada@example.com"})).await.expect(404);
        let unnamed = move |tx: &mut Tx<'_>| confirm_domain(tx, "other.example", Some(id)).map(|_| ());
        store.write(&store.operator(), unnamed).await.expect_err("the organisation does not name it");
    }

    async fn nobody_owns_the_domain_of_a_public_mail_provider(scratch: Scratch) {
        let (app, _, provider) = set_up(scratch).await;
        for domain in ["hotmail.de", "bluewin.ch", "posteo.de"] {
            let eve = person(&app, &format!("eve@{domain}")).await;
            let made = eve.call(&app, Method::POST, "/v3/organisations").json(json!({"name": "Eve's"})).send().await.expect(200);
            let path = format!("/v3/organisations/{}/sso", text(&made, "id"));
            let body = json!({"issuer": provider.issuer(), "clientId": "x", "clientSecret": "x", "domains": [domain]});
            let refused = eve.call(&app, Method::PUT, &path).json(body).send().await;
            assert!(text(&refused.expect(400), "message").contains("anybody can have an address"), "{}", refused.body);
        }
    }

    async fn an_owner_may_trust_the_addresses_of_a_provider_that_confirms_none(scratch: Scratch) {
        let (app, project, provider) = set_up(scratch).await;
        let boss = owner(&app, &project).await;
        let silent: hark_test::Lie = |_, claims| {
            claims.as_object_mut().map(|claims| claims.remove("email_verified"));
        };
        provider.lie(silent);
        let refused = come(&app, &provider, &ada()).await.expect(403);
        assert!(text(&refused, "message").contains("email_verified"));
        let trust = async |trust: bool| {
            let body = json!({"trustAddresses": trust});
            let shown = boss.call(&app, Method::PUT, &settings(&project)).json(body).send().await.expect(200);
            assert_eq!(shown["trustAddresses"], json!(trust));
        };
        trust(true).await;
        come(&app, &provider, &ada()).await.expect(200);
        // For the organisation's domains alone, and never against the provider's word or without a holder's consent.
        come(&app, &provider, &json!({"sub": "2", "email": "ada@other.example"})).await.expect(403);
        come(&app, &provider, &json!({"sub": "3", "email": boss.email})).await.expect(403);
        provider.lie(|_, claims| claims["email_verified"] = json!(false));
        come(&app, &provider, &ada()).await.expect(403);
        provider.lie(silent);
        trust(false).await;
        come(&app, &provider, &ada()).await.expect(403);
    }
}

/// Somebody with a role in the whole organisation.
async fn colleague(app: &TestApp, project: &Project, email: &str, role: &str) -> Person {
    let path = format!("/v3/invitations/organisations/{}", project.organisation);
    let body = json!({"emails": [email], "role": role});
    let invited =
        owner(app, project).await.call(app, Method::POST, &path).json(body).send().await.expect(200);
    let person = person(app, email).await;
    accept(app, &person, &text(&invited[0], "id")).await;
    person
}

/// Carol, who works in the project and connected her account, and what the provider says of her.
async fn connected(app: &TestApp, project: &Project, provider: &Provider) -> (Person, Json) {
    let carol = member(app, project, "carol@example.com", "DEFAULT").await;
    let claims = json!({"sub": "carol", "email": "carol@example.com"});
    connect(app, provider, project, &carol, &claims).await.expect(200);
    (carol, claims)
}

/// The same person in a session that the provider began.
async fn through(app: &TestApp, provider: &Provider, claims: &Json, person: &Person) -> Person {
    let signed_in = come(app, provider, claims).await.expect(200);
    assert_eq!(signed_in["user"]["id"], json!(person.id));
    Person { id: person.id.clone(), email: person.email.clone(), token: text(&signed_in, "token") }
}

fn ids(list: &Json) -> Vec<String> {
    list.as_array().into_iter().flatten().map(|one| text(one, "id")).collect()
}
