//! Single sign-on at a provider of the organisation's: who comes in, as whom, and who does not.

use hark_core::access::sso::confirm_domain;
use hark_test::{Answer, Authenticator, Method, Project, Provider, TestApp, both, sso};
use serde_json::{Value as Json, json};

use crate::people::{Person, member, owner, person, post, text};

const MINUTE_MS: i64 = 60_000;

both! {
    async fn somebody_new_comes_in_with_the_default_role(scratch: Scratch) {
        let (app, project, provider) = set_up(scratch).await;
        let signed_in = come(&app, &provider, &ada()).await.expect(200);
        let user = &signed_in["user"];
        assert_eq!((&user["email"], &user["firstName"], &user["lastName"]), (&json!("ada@example.com"), &json!("Ada"), &json!("Lovelace")));
        assert_eq!((&user["userType"], &user["hasPassword"]), (&json!("sso"), &json!(false)));
        let token = text(&signed_in, "token");
        let organisations = app.request(Method::GET, "/v3/organisations").bearer(&token).send().await.expect(200);
        assert_eq!((&organisations[0]["id"], &organisations[0]["role"]), (&json!(project.organisation), &json!("ADMIN")));
        app.request(Method::GET, "/v3/teams").bearer(&token).header("Project", &project.id).send().await.expect(200);
        // The same person is the same account, whatever the address is now.
        let again = json!({"sub": "1", "email": "ada.king@example.com"});
        assert_eq!(come(&app, &provider, &again).await.expect(200)["user"]["id"], user["id"]);
        assert_eq!(provider.complaints(), Vec::<String>::new());
        let log = format!("/v3/organisations/{}/audit-log", project.organisation);
        let log = owner(&app, &project).await.call(&app, Method::GET, &log).send().await.expect(200).to_string();
        assert!(log.contains("organisation.ssoChanged") && log.contains("user.ssoConnected") && !log.contains(sso::CLIENT_SECRET));
    }

    async fn the_secret_is_never_answered_and_never_sent_elsewhere(scratch: Scratch) {
        let (app, project, provider) = set_up(scratch).await;
        let boss = owner(&app, &project).await;
        let path = settings(&project);
        let shown = boss.call(&app, Method::GET, &path).send().await;
        assert_eq!(shown.expect(200)["redirectUri"], json!(sso::redirect_uri(&project.organisation)));
        assert!(!shown.body.contains("ecret"), "{}", shown.body);
        let put = |body: Json| boss.call(&app, Method::PUT, &path).json(body).send();
        put(json!({"issuer": "https://evil.example"})).await.expect(400);
        put(json!({"clientId": "another"})).await.expect(400);
        put(json!({"enabled": true})).await.expect(200);
        for issuer in ["http://example.com", "ftp://x", "https://", "https://a@b", "https://x/?a", "http://127.0.0.1.evil.example", "javascript:x"] {
            put(json!({"issuer": issuer, "clientSecret": "x"})).await.expect(400);
        }
        // Whoever sits at a session that was left open does not change it.
        app.clock.advance(10 * MINUTE_MS);
        assert_eq!(put(json!({"enabled": true})).await.expect(403)["error"]["code"], json!("reauthenticate"));
        for who in [member(&app, &project, "agent@example.com", "DEFAULT").await, person(&app, "eve@example.com").await] {
            who.call(&app, Method::GET, &path).send().await.expect(404);
            who.call(&app, Method::PUT, &path).json(json!({})).send().await.expect(404);
        }
        assert_eq!(provider.asked(), Vec::<String>::new());
    }

    async fn a_domain_is_added_by_somebody_who_has_an_address_there(scratch: Scratch) {
        let (app, project, _) = set_up(scratch).await;
        let boss = owner(&app, &project).await;
        let put = |domains: Json| boss.call(&app, Method::PUT, &settings(&project)).json(json!({"domains": domains})).send();
        for domains in [json!(["gmail.com"]), json!(["example.com", "other.example"]), json!(["a b"]), json!(["com"]), json!(["x.."])] {
            put(domains).await.expect(400);
        }
        assert_eq!(put(json!(["Example.com"])).await.expect(200)["domains"], json!(["example.com"]));
        put(json!([])).await.expect(200);
        post(&app, "/v3/users/login/sso", json!({"email": "ada@example.com"})).await.expect(404);
    }

    async fn a_token_that_lies_about_anything_lets_nobody_in(scratch: Scratch) {
        let (app, _, provider) = set_up(scratch).await;
        let lies: &[(&str, hark_test::Lie)] = &[
            ("no signature", |header, _| header["alg"] = json!("none")),
            ("signed with our secret", |header, _| header["alg"] = json!("HS256")),
            ("another algorithm", |header, _| header["alg"] = json!("RS256")),
            ("an unknown key", |header, _| header["kid"] = json!("k2")),
            ("another provider", |_, claims| claims["iss"] = json!("https://evil.example")),
            ("another application", |_, claims| claims["aud"] = json!("another")),
            ("several applications", |_, claims| claims["aud"] = json!([sso::CLIENT_ID, "another"])),
            ("on behalf of another", |_, claims| claims["azp"] = json!("another")),
            ("over", |_, claims| claims["exp"] = json!(claims["iat"].as_i64().unwrap_or_default() - 61)),
            ("old", |_, claims| claims["iat"] = json!(claims["iat"].as_i64().unwrap_or_default() - 661)),
            ("not yet", |_, claims| claims["nbf"] = json!(claims["iat"].as_i64().unwrap_or_default() + 61)),
            ("from the future", |_, claims| claims["iat"] = json!(claims["iat"].as_i64().unwrap_or_default() + 61)),
            ("another sign-in", |_, claims| claims["nonce"] = json!("x")),
            ("no nonce", |_, claims| claims["nonce"] = json!(null)),
            ("nobody", |_, claims| claims["sub"] = json!("")),
        ];
        for (what, lie) in lies {
            provider.lie(*lie);
            assert_eq!(come(&app, &provider, &ada()).await.status.as_u16(), 401, "{what}");
        }
        let refusals: &[(&str, hark_test::Lie)] = &[
            ("not confirmed", |_, claims| claims["email_verified"] = json!(false)),
            ("not said to be confirmed", |_, claims| claims["email_verified"] = json!("no")),
            ("another domain", |_, claims| claims["email"] = json!("ada@other.example")),
            ("a domain below", |_, claims| claims["email"] = json!("ada@sub.example.com")),
        ];
        for (what, lie) in refusals {
            provider.lie(*lie);
            assert_eq!(come(&app, &provider, &ada()).await.status.as_u16(), 403, "{what}");
        }
        provider.lie(|_, _| ());
        provider.sign_as_stranger(true);
        come(&app, &provider, &ada()).await.expect(401);
        provider.sign_as_stranger(false);
        come(&app, &provider, &ada()).await.expect(200);
    }

    async fn what_comes_back_belongs_to_the_browser_that_went(scratch: Scratch) {
        let (app, _, provider) = set_up(scratch).await;
        let begun = begin(&app, json!({"email": "ada@example.com"})).await.expect(200);
        let other = begin(&app, json!({"email": "eve@example.com"})).await.expect(200);
        let (code, state) = provider.sign_in(&text(&begun, "url"), ada());
        let complete = |code: &str, state: &str, handle: &Json| post(&app, "/v3/users/login/sso/complete", json!({"code": code, "state": state, "handle": handle, "organisation": provider.organisation()}));
        complete(&code, &state, &other["handle"]).await.expect(401);
        complete(&code, &state, &json!("")).await.expect(401);
        complete(&code, "x.y", &begun["handle"]).await.expect(401);
        // Nothing of that reached the provider; a code of another sign-in does, and is refused there.
        assert!(!provider.asked().contains(&"/token".to_owned()));
        let (others, _) = provider.sign_in(&text(&other, "url"), json!({"sub": "2", "email": "eve@example.com"}));
        complete(&others, &state, &begun["handle"]).await.expect(502);
        assert_eq!(provider.complaints(), ["the verifier does not fit"]);
        complete(&code, &state, &begun["handle"]).await.expect(200);
        complete(&code, &state, &begun["handle"]).await.expect(502);
        let begun = begin(&app, json!({"email": "ada@example.com"})).await.expect(200);
        let (code, state) = provider.sign_in(&text(&begun, "url"), ada());
        app.clock.advance(5 * MINUTE_MS);
        complete(&code, &state, &begun["handle"]).await.expect(401);
    }

    async fn accounts_of_others_are_connected_only_by_their_owners(scratch: Scratch) {
        let (app, project, provider) = set_up(scratch).await;
        let elsewhere = app.project().await;
        // The same address is no proof, wherever the account works: here alone, elsewhere too, for nobody.
        let _bob = member(&app, &project, "bob@example.com", "DEFAULT").await;
        let refused = come(&app, &provider, &json!({"sub": "bob", "email": "Bob@example.com"})).await;
        assert_eq!(refused.expect(403)["error"]["code"], json!("connect_first"));
        let carol = member(&app, &project, "carol@example.com", "DEFAULT").await;
        join(&app, &elsewhere, &carol).await;
        let dave = person(&app, "dave@example.com").await;
        let as_carol = json!({"sub": "carol", "email": "carol@example.com"});
        come(&app, &provider, &as_carol).await.expect(403);
        come(&app, &provider, &json!({"sub": "dave", "email": "dave@example.com"})).await.expect(403);
        connect(&app, &provider, &project, &dave, &as_carol).await.expect(404);
        // Consent is given with a fresh session.
        app.clock.advance(10 * MINUTE_MS);
        connect(&app, &provider, &project, &carol, &as_carol).await.expect(403);
        let carol = crate::people::sign_in(&app, "carol@example.com", crate::people::PASSWORD).await;
        connect(&app, &provider, &project, &carol, &as_carol).await.expect(200);
        assert_eq!(come(&app, &provider, &as_carol).await.expect(200)["user"]["id"], json!(carol.id));
        // Once more changes nothing.
        connect(&app, &provider, &project, &carol, &as_carol).await.expect(200);
        let methods = carol.call(&app, Method::GET, "/v3/users/me/sign-in-methods").send().await.expect(200);
        assert_eq!(methods["sso"], json!([{"organisation": project.organisation, "name": "Test", "email": "carol@example.com"}]));
        // Nobody connects with somebody who is another account already.
        let bob = crate::people::sign_in(&app, "bob@example.com", crate::people::PASSWORD).await;
        connect(&app, &provider, &project, &bob, &as_carol).await.expect(409);
        let path = format!("/v3/users/me/sso/{}", project.organisation);
        carol.call(&app, Method::DELETE, &path).send().await.expect(200);
        carol.call(&app, Method::DELETE, &path).send().await.expect(404);
        come(&app, &provider, &as_carol).await.expect(403);
    }

    async fn an_unconfirmed_sign_up_does_not_stand_in_the_way(scratch: Scratch) {
        let (app, _, provider) = set_up(scratch).await;
        crate::people::sign_up(&app, "ada@example.com", "the squatter's password").await;
        let user = come(&app, &provider, &ada()).await.expect(200)["user"].clone();
        assert_eq!(user["userType"], json!("sso"));
        let login = json!({"email": "ada@example.com", "password": "the squatter's password"});
        post(&app, "/v3/users/login", login).await.expect(403);
        // And the account of the provider does not keep the address's owner out.
        let owner = person(&app, "ada@example.com").await;
        assert_ne!(json!(owner.id), user["id"]);
    }

    async fn an_account_of_a_provider_reaches_nothing_outside_its_organisation(scratch: Scratch) {
        let (app, project, provider) = set_up(scratch).await;
        let elsewhere = app.project().await;
        let signed_in = come(&app, &provider, &ada()).await.expect(200);
        let ada = Person { id: text(&signed_in["user"], "id"), email: "ada@example.com".into(), token: text(&signed_in, "token") };
        let invite = async |project: &Project, email: &str| {
            let body = json!({"emails": [email], "role": "DEFAULT"});
            app.post(project, "/v3/invitations/projects", body).send().await.expect(200)
        };
        // An invitation of others for the same address is for whoever reads its mail.
        let foreign = invite(&elsewhere, &ada.email).await;
        let mine = invite(&app.sibling(&project).await, &ada.email).await;
        let listed = ada.call(&app, Method::GET, "/v3/invitations").send().await.expect(200);
        assert_eq!(listed.as_array().map(|list| list.iter().map(|one| one["id"].clone()).collect::<Vec<_>>()), Some(vec![mine[0]["id"].clone()]));
        let path = format!("/v3/invitations/{}", text(&foreign[0], "id"));
        ada.call(&app, Method::PUT, &path).json(json!({"accept": true})).send().await.expect(404);
        crate::people::accept(&app, &ada, &text(&mine[0], "id")).await;
        // No mail gives it a password.
        let before = crate::people::mails(&app).await;
        post(&app, "/v3/users/forgot-password", json!({"email": "ada@example.com"})).await.expect(200);
        assert_eq!(crate::people::mails(&app).await, before);
    }

    async fn who_leaves_the_organisation_is_out_at_once(scratch: Scratch) {
        let (app, project, provider) = set_up(scratch).await;
        let signed_in = come(&app, &provider, &ada()).await.expect(200);
        let (id, token) = (text(&signed_in["user"], "id"), text(&signed_in, "token"));
        let path = format!("/v3/organisations/{}/users/{id}", project.organisation);
        owner(&app, &project).await.call(&app, Method::DELETE, &path).send().await.expect(200);
        app.request(Method::GET, "/v3/users/me").bearer(&token).send().await.expect(401);
        // The provider alone does not bring anybody back.
        come(&app, &provider, &ada()).await.expect(403);
        let invite = json!({"emails": ["ada@example.com"]});
        app.post(&project, "/v3/invitations/projects", invite).send().await.expect(200);
        let back = come(&app, &provider, &ada()).await.expect(200);
        assert_eq!(back["user"]["id"], json!(id));
        // Nor does it give somebody else's account to who gets the address later.
        come(&app, &provider, &json!({"sub": "2", "email": "ada@example.com"})).await.expect(403);
    }

    async fn another_provider_or_none_signs_everybody_out(scratch: Scratch) {
        let (app, project, provider) = set_up(scratch).await;
        let boss = owner(&app, &project).await;
        let token = async || text(&come(&app, &provider, &ada()).await.expect(200), "token");
        let me = async |token: &str| app.request(Method::GET, "/v3/users/me").bearer(token).send().await.status.as_u16();
        let first = token().await;
        let put = |body: Json| boss.call(&app, Method::PUT, &settings(&project)).json(body).send();
        put(json!({"defaultRole": "DEFAULT"})).await.expect(200);
        assert_eq!(me(&first).await, 200);
        put(json!({"enabled": false})).await.expect(200);
        assert_eq!(me(&first).await, 401);
        begin(&app, json!({"email": "ada@example.com"})).await.expect(404);
        put(json!({"enabled": true})).await.expect(200);
        let second = token().await;
        boss.call(&app, Method::DELETE, &settings(&project)).send().await.expect(200);
        assert_eq!((me(&second).await, me(&boss.token).await), (401, 200));
        begin(&app, json!({"organisation": project.organisation})).await.expect(404);
    }

    async fn an_own_second_factor_is_asked_for_here_too(scratch: Scratch) {
        let (app, project, provider) = set_up(scratch).await;
        let bob = member(&app, &project, "bob@example.com", "DEFAULT").await;
        connect(&app, &provider, &project, &bob, &json!({"sub": "bob", "email": "bob@example.com"})).await.expect(200);
        let (_, mut device): (String, Authenticator) = crate::second_factor::passkey(&app, &bob).await;
        let needed = come(&app, &provider, &json!({"sub": "bob", "email": "bob@example.com"})).await.expect(200);
        assert_eq!(needed.get("token"), None);
        let step = &needed["secondFactor"];
        let proof = json!({"challenge": step["challenge"], "passkey": device.get(&step["publicKey"])});
        post(&app, "/v3/users/login/second-factor", proof).await.expect(200);
        // Who was checked at the organisation's own provider has what the organisation wants.
        let boss = owner(&app, &project).await;
        crate::second_factor::passkey(&app, &boss).await;
        let path = format!("/v3/organisations/{}/security", project.organisation);
        boss.call(&app, Method::PUT, &path).json(json!({"requireSecondFactor": true})).send().await.expect(200);
        let token = text(&come(&app, &provider, &ada()).await.expect(200), "token");
        app.request(Method::GET, "/v3/teams").bearer(&token).header("Project", &project.id).send().await.expect(200);
    }

    async fn a_provider_off_the_public_internet_is_not_asked(scratch: Scratch) {
        let (app, project, _) = set_up(scratch).await;
        let boss = owner(&app, &project).await;
        for issuer in ["https://10.0.0.1", "https://[::1]", "https://169.254.169.254", "https://0x7f000002", "https://127.0.0.2"] {
            let body = json!({"issuer": issuer, "clientId": "x", "clientSecret": "x"});
            boss.call(&app, Method::PUT, &settings(&project)).json(body).send().await.expect(200);
            begin(&app, json!({"email": "ada@example.com"})).await.expect(502);
        }
    }
}

/// A project whose owner, with an address of example.com, set a provider up.
pub(crate) async fn set_up(scratch: hark_test::Scratch) -> (TestApp, Project, Provider) {
    let app = TestApp::with_mail(scratch).await;
    let project = app.project().await;
    let provider = Provider::start(app.clock.clone()).await;
    let body = json!({
        "issuer": provider.issuer(), "clientId": sso::CLIENT_ID, "clientSecret": sso::CLIENT_SECRET,
        "domains": ["example.com"], "defaultRole": "ADMIN",
    });
    provider.serves(&project.organisation);
    let boss = owner(&app, &project).await;
    boss.call(&app, Method::PUT, &settings(&project)).json(body).send().await.expect(200);
    confirm(&app, &project, "example.com").await;
    (app, project, provider)
}

/// Has the operator confirm that a domain is the organisation's.
pub(crate) async fn confirm(app: &TestApp, project: &Project, domain: &'static str) {
    let organisation = project.organisation.parse().expect("an id");
    let store = &app.app.store;
    let confirm = move |tx: &mut hark_store::Tx<'_>| confirm_domain(tx, domain, Some(organisation));
    store.write(&store.operator(), confirm).await.expect("a domain of the organisation");
}

pub(crate) fn settings(project: &Project) -> String {
    format!("/v3/organisations/{}/sso", project.organisation)
}

pub(crate) fn ada() -> Json {
    json!({"sub": "1", "email": "ada@example.com", "name": "Ada Lovelace"})
}

pub(crate) async fn begin(app: &TestApp, body: Json) -> Answer {
    post(app, "/v3/users/login/sso", body).await
}

/// What somebody brings back who went to the provider and signed in there.
pub(crate) fn back(provider: &Provider, begun: &Json, claims: &Json) -> Json {
    let (code, state) = provider.sign_in(&text(begun, "url"), claims.clone());
    json!({"code": code, "state": state, "handle": begun["handle"], "organisation": provider.organisation()})
}

/// Goes to the provider, signs in there and comes back.
pub(crate) async fn come(app: &TestApp, provider: &Provider, claims: &Json) -> Answer {
    let begun = begin(app, json!({"email": "somebody@example.com"})).await.expect(200);
    let back = back(provider, &begun, claims);
    post(app, "/v3/users/login/sso/complete", back).await
}

/// Connects a signed-in account with somebody at the provider.
pub(crate) async fn connect(
    app: &TestApp,
    provider: &Provider,
    project: &Project,
    person: &Person,
    claims: &Json,
) -> Answer {
    let body = json!({"organisation": project.organisation});
    let begun = person.call(app, Method::POST, "/v3/users/me/sso").json(body).send().await;
    if begun.status.as_u16() != 200 {
        return begun;
    }
    let back = back(provider, &begun.expect(200), claims);
    person.call(app, Method::POST, "/v3/users/me/sso/complete").json(back).send().await
}

/// Makes somebody a member of another project.
pub(crate) async fn join(app: &TestApp, project: &Project, person: &Person) {
    let invite = json!({"emails": [person.email]});
    let invited = app.post(project, "/v3/invitations/projects", invite).send().await.expect(200);
    crate::people::accept(app, person, &text(&invited[0], "id")).await;
}
