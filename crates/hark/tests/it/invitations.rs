//! Invitations to projects and organisations.

use hark_api::Settings;
use hark_test::{Method, Project, TestApp, both};
use serde_json::{Value as Json, json};

use crate::people::{PASSWORD, accept, body, last_mail, mails, member, owner, person, post, role, text};

both! {
    async fn an_invited_person_joins_with_the_role(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let invited = invite(&app, &project, "Ada@Example.com", "VIEWER").await;
        assert_eq!((&invited["type"], &invited["role"], &invited["project"]), (&json!("project"), &json!("VIEWER"), &json!(project.id)));
        for hidden in ["hash", "pair", "emailKey", "target", "link"] {
            assert_eq!(invited.get(hidden), None, "{hidden}");
        }
        let mail = last_mail(&app, "Ada@Example.com").await;
        let body = body(&mail);
        let (_, link) = body.split_once("/invitations/").expect("a link");
        let token: String = link.chars().take_while(char::is_ascii_hexdigit).collect();
        assert_eq!(token.len(), 64);
        let by_link = app.request(Method::GET, &format!("/v3/invitations/links/{token}")).send().await.expect(200);
        assert_eq!(by_link["id"], invited["id"]);
        app.request(Method::GET, &format!("/v3/invitations/links/{}", "0".repeat(64))).send().await.expect(404);

        let (ada, other) = (person(&app, "ada@example.com").await, person(&app, "other@example.com").await);
        let path = format!("/v3/invitations/{}", text(&invited, "id"));
        assert_eq!(other.call(&app, Method::GET, "/v3/invitations").send().await.expect(200), json!([]));
        other.call(&app, Method::PUT, &path).json(json!({"accept": true})).send().await.expect(404);
        let mine = ada.call(&app, Method::GET, "/v3/invitations").send().await.expect(200);
        assert_eq!(mine[0]["id"], invited["id"]);
        ada.call_in(&app, &project, Method::GET, "/v3/teams").send().await.expect(404);
        accept(&app, &ada, &text(&invited, "id")).await;
        ada.call_in(&app, &project, Method::GET, "/v3/teams").send().await.expect(200);
        ada.call_in(&app, &project, Method::POST, "/v3/teams").send().await.expect(403);
        ada.call(&app, Method::PUT, &path).json(json!({"accept": true})).send().await.expect(404);
        assert_eq!(app.get(&project, "/v3/invitations/projects").send().await.expect(200), json!([]));
        // Members are left out.
        let again = json!({"emails": ["ADA@example.com"]});
        assert_eq!(app.post(&project, "/v3/invitations/projects", again).send().await.expect(200), json!([]));
    }

    async fn an_invitation_ends_after_a_week_and_with_the_next_one(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let ada = person(&app, "ada@example.com").await;
        let first = invite(&app, &project, "ada@example.com", "ADMIN").await;
        let second = invite(&app, &project, "ada@example.com", "VIEWER").await;
        let answer = |invitation: &Json, accept: bool| {
            let path = format!("/v3/invitations/{}", text(invitation, "id"));
            ada.call(&app, Method::PUT, &path).json(json!({"accept": accept})).send()
        };
        answer(&first, true).await.expect(404);
        answer(&second, false).await.expect(200);
        answer(&second, true).await.expect(404);
        ada.call_in(&app, &project, Method::GET, "/v3/teams").send().await.expect(404);

        let third = invite(&app, &project, "ada@example.com", "VIEWER").await;
        app.clock.advance(7 * 24 * 60 * 60 * 1000);
        answer(&third, true).await.expect(404);
        assert_eq!(ada.call(&app, Method::GET, "/v3/invitations").send().await.expect(200), json!([]));
    }

    async fn invitations_end_with_the_rights_of_the_inviter(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let friend = person(&app, "friend@example.com").await;
        let by = async |inviter: &crate::people::Person, role: &str| {
            let body = json!({"emails": ["friend@example.com"], "role": role});
            let call = inviter.call_in(&app, &project, Method::POST, "/v3/invitations/projects").json(body);
            let invited = call.send().await.expect(200);
            format!("/v3/invitations/{}", text(&invited[0], "id"))
        };
        let waiting = async || {
            let list = app.get(&project, "/v3/invitations/projects").send().await.expect(200);
            list.as_array().map(Vec::len)
        };
        let join = async |path: &str| {
            friend.call(&app, Method::PUT, path).json(json!({"accept": true})).send().await.status.as_u16()
        };
        let first = member(&app, &project, "first@example.com", "ADMIN").await;
        let path = format!("/v3/projects/users/{}", first.id);

        let invitation = by(&first, "ADMIN").await;
        app.put(&project, &path, json!({"role": "DEFAULT"})).send().await.expect(200);
        assert_eq!((waiting().await, join(&invitation).await), (Some(0), 404));

        app.put(&project, &path, json!({"role": "ADMIN"})).send().await.expect(200);
        let invitation = by(&first, "VIEWER").await;
        app.delete(&project, &path).send().await.expect(200);
        assert_eq!((waiting().await, join(&invitation).await), (Some(0), 404));

        // Somebody whose role allows less since then, or who is locked out, is noticed at the door.
        role(&app, &project, "host", &["users.manage", "team.read"]).await;
        let host = member(&app, &project, "host@example.com", "host").await;
        let invitation = by(&host, "host").await;
        let id = host.id.parse().expect("an id");
        let disable = async |disabled: bool| {
            let work = move |tx: &mut hark_store::Tx<'_>| hark_core::access::users::set_disabled(tx, id, disabled);
            app.app.store.write(&app.app.store.operator(), work).await.expect("set");
        };
        disable(true).await;
        assert_eq!(join(&invitation).await, 404);
        disable(false).await;
        assert_eq!(join(&invitation).await, 200);
    }

    async fn who_leaves_an_organisation_takes_the_invitations_to_its_projects_along(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let owner = owner(&app, &project).await;
        let to_organisation = format!("/v3/invitations/organisations/{}", project.organisation);
        let body = json!({"emails": ["lead@example.com"], "role": "ADMIN"});
        let invited = owner.call(&app, Method::POST, &to_organisation).json(body).send().await.expect(200);
        let lead = person(&app, "lead@example.com").await;
        accept(&app, &lead, &text(&invited[0], "id")).await;

        let body = json!({"emails": ["friend@example.com"], "role": "ADMIN"});
        lead.call(&app, Method::POST, &to_organisation).json(body.clone()).send().await.expect(200);
        lead.call_in(&app, &project, Method::POST, "/v3/invitations/projects").json(body).send().await.expect(200);
        invite(&app, &project, "other@example.com", "VIEWER").await;
        let path = format!("/v3/organisations/{}/users/{}", project.organisation, lead.id);
        owner.call(&app, Method::DELETE, &path).send().await.expect(200);
        assert_eq!(owner.call(&app, Method::GET, &to_organisation).send().await.expect(200), json!([]));
        let left = app.get(&project, "/v3/invitations/projects").send().await.expect(200);
        assert_eq!((left.as_array().map(Vec::len), &left[0]["email"]), (Some(1), &json!("other@example.com")));
    }

    async fn without_mail_the_inviter_gets_the_link(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let invited = invite(&app, &project, "ada@example.com", "VIEWER").await;
        let link = text(&invited, "link");
        let token = link.strip_prefix("http://localhost:8080/invitations/").expect("the public address");
        let by_link = app.request(Method::GET, &format!("/v3/invitations/links/{token}")).send().await.expect(200);
        assert_eq!((&by_link["email"], by_link.get("link")), (&json!("ada@example.com"), None));
        let list = app.get(&project, "/v3/invitations/projects").send().await.expect(200);
        assert_eq!(list[0].get("link"), None);
        assert_eq!(app.run_jobs().await, 0);
    }

    async fn a_closed_server_takes_only_people_who_are_invited(scratch: Scratch) {
        let app = TestApp::with(scratch, Settings { open_sign_up: false, ..Settings::default() }).await;
        let project = app.project().await;
        let sign_up = async || post(&app, "/v3/users", json!({"name": "Ada", "email": "Ada@example.com", "password": PASSWORD})).await;
        let refused = sign_up().await.expect(403);
        assert!(text(&refused, "message").contains("by invitation only"), "{refused}");
        invite(&app, &project, "ada@example.com", "VIEWER").await;
        sign_up().await.expect(200);
        app.clock.advance(8 * 24 * 60 * 60 * 1_000);
        sign_up().await.expect(403);
    }

    async fn roles_change_and_invitations_are_taken_back(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let (project, foreign) = (app.project().await, app.project().await);
        let invited = invite(&app, &project, "ada@example.com", "VIEWER").await;
        let path = format!("/v3/invitations/{}", text(&invited, "id"));
        let role = format!("{path}/role");
        app.put(&foreign, &role, json!({"role": "ADMIN"})).send().await.expect(404);
        app.put(&project, &role, json!({"role": "OWNER"})).send().await.expect(400);
        app.put(&project, &role, json!({"role": "nonsense"})).send().await.expect(400);
        let changed = app.put(&project, &role, json!({"role": "DEFAULT"})).send().await.expect(200);
        assert_eq!((&changed["role"], &changed["id"]), (&json!("DEFAULT"), &invited["id"]));

        app.delete(&foreign, &path).send().await.expect(404);
        person(&app, "ada@example.com").await.call(&app, Method::DELETE, &path).send().await.expect(404);
        member(&app, &project, "agent@example.com", "DEFAULT").await.call(&app, Method::DELETE, &path).send().await.expect(403);
        assert_eq!(app.delete(&project, &path).send().await.expect(200), json!(true));
        app.delete(&project, &path).send().await.expect(404);
    }

    async fn nobody_invites_to_more_than_they_may(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        role(&app, &project, "host", &["users.manage", "team.read"]).await;
        let host = member(&app, &project, "host@example.com", "host").await;
        let invite = |role: &str| {
            let body = json!({"emails": ["friend@example.com"], "role": role});
            host.call_in(&app, &project, Method::POST, "/v3/invitations/projects").json(body).send()
        };
        let before = mails(&app).await;
        for higher in ["ADMIN", "DEFAULT", "VIEWER"] {
            invite(higher).await.expect(403);
        }
        assert_eq!(mails(&app).await, before);
        invite("host").await.expect(200);
    }

    async fn an_organisation_invites_its_leaders(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let sibling = app.sibling(&project).await;
        let path = format!("/v3/invitations/organisations/{}", project.organisation);
        let owner = owner(&app, &project).await;
        let body = |role: &str| json!({"emails": ["lead@example.com"], "role": role});
        app.post(&project, &path, body("ADMIN")).send().await.expect(404);
        let invited = owner.call(&app, Method::POST, &path).json(body("ADMIN")).send().await.expect(200);
        assert_eq!((&invited[0]["type"], invited[0].get("project")), (&json!("organisation"), None));
        assert_eq!(owner.call(&app, Method::GET, &path).send().await.expect(200).as_array().map(Vec::len), Some(1));
        let lead = person(&app, "lead@example.com").await;
        lead.call(&app, Method::GET, &path).send().await.expect(404);
        accept(&app, &lead, &text(&invited[0], "id")).await;
        for project in [&project, &sibling] {
            lead.call_in(&app, project, Method::GET, "/v3/teams").send().await.expect(200);
        }
        // An admin makes no owners.
        let another = json!({"emails": ["another@example.com"], "role": "OWNER"});
        lead.call(&app, Method::POST, &path).json(another.clone()).send().await.expect(403);
        owner.call(&app, Method::POST, &path).json(another).send().await.expect(200);
        // A plain member of the organisation invites nobody and enters nothing.
        let plain = owner.call(&app, Method::POST, &path).json(json!({"emails": ["plain@example.com"]})).send().await.expect(200);
        let plain_person = person(&app, "plain@example.com").await;
        accept(&app, &plain_person, &text(&plain[0], "id")).await;
        plain_person.call(&app, Method::POST, &path).json(body("VIEWER")).send().await.expect(403);
        plain_person.call_in(&app, &project, Method::GET, "/v3/teams").send().await.expect(404);
    }

    async fn what_is_no_list_of_addresses_is_refused(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let many: Vec<String> = (0..51).map(|n| format!("{n}@example.com")).collect();
        for emails in [json!([]), json!(["x"]), json!(many), json!("a@example.com"), json!(["a@example.com\nb@example.com"])] {
            app.post(&project, "/v3/invitations/projects", json!({"emails": emails})).send().await.expect(400);
        }
        // One address is not flooded, whoever asks.
        for _ in 0..10 {
            invite(&app, &project, "victim@example.com", "VIEWER").await;
        }
        let other = app.project().await;
        let body = json!({"emails": ["Victim@example.com"]});
        app.post(&other, "/v3/invitations/projects", body).send().await.expect(429);
    }
}

async fn invite(app: &TestApp, project: &Project, email: &str, role: &str) -> Json {
    let body = json!({"emails": [email], "role": role});
    let invited = app.post(project, "/v3/invitations/projects", body).send().await.expect(200);
    invited[0].clone()
}
