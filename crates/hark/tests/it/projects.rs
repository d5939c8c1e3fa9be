//! Projects and organisations: who works there, with which role, and how that ends.

use hark_test::{Method, TestApp, both};
use serde_json::{Value as Json, json};

use crate::people::{Person, accept, member, owner, person, role, text};

both! {
    async fn everybody_in_the_project_is_listed_with_the_role(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let ada = member(&app, &project, "ada@example.com", "DEFAULT").await;
        let users = app.get(&project, "/v3/projects/users").send().await.expect(200);
        let of = |email: &str| users.as_array().into_iter().flatten().find(|user| user["email"] == email).expect("listed").clone();
        let listed = of("ada@example.com");
        assert_eq!((&listed["_id"], &listed["id"], &listed["role"]), (&json!(ada.id), &json!(ada.id), &json!("DEFAULT")));
        assert_eq!((&listed["firstName"], &listed["lastName"], &listed["type"]), (&json!("Ada"), &json!("Lovelace"), &json!("default")));
        assert_eq!(of(&project.owner.email)["organisationRole"], "OWNER");
        for hidden in ["passwordHash", "verification", "emailKey", "notificationPreferences"] {
            assert_eq!(listed.get(hidden), None, "{hidden}");
        }
    }

    async fn another_role_and_removal_count_on_the_next_call(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let ada = member(&app, &project, "ada@example.com", "ADMIN").await;
        let path = format!("/v3/projects/users/{}", ada.id);
        let create = || ada.call_in(&app, &project, Method::POST, "/v3/teams").json(json!({"name": "x"})).send();
        create().await.expect(200);
        assert_eq!(app.put(&project, &path, json!({"role": "VIEWER"})).send().await.expect(200), json!(true));
        create().await.expect(403);
        ada.call_in(&app, &project, Method::GET, "/v3/teams").send().await.expect(200);
        assert_eq!(app.delete(&project, &path).send().await.expect(200), json!(true));
        ada.call_in(&app, &project, Method::GET, "/v3/teams").send().await.expect(404);
        app.delete(&project, &path).send().await.expect(404);
        ada.call(&app, Method::GET, "/v3/users/me").send().await.expect(200);
    }

    async fn nobody_hands_on_or_takes_away_more_than_they_have(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        role(&app, &project, "host", &["users.manage", "team.read"]).await;
        let owner = owner(&app, &project).await;
        let host = member(&app, &project, "host@example.com", "host").await;
        let admin = member(&app, &project, "admin@example.com", "ADMIN").await;
        let put = |user: &str, role: &str| {
            let path = format!("/v3/projects/users/{user}");
            host.call_in(&app, &project, Method::PUT, &path).json(json!({"role": role})).send()
        };
        put(&host.id, "ADMIN").await.expect(403);
        put(&admin.id, "host").await.expect(403);
        host.call_in(&app, &project, Method::DELETE, &format!("/v3/projects/users/{}", admin.id)).send().await.expect(403);
        // Who is here through the organisation is changed there.
        put(&owner.id, "host").await.expect(404);
        app.put(&project, &format!("/v3/projects/users/{}", admin.id), json!({"role": "OWNER"})).send().await.expect(400);
    }

    async fn an_organisation_keeps_an_owner(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let owner = owner(&app, &project).await;
        let users = format!("/v3/organisations/{}/users", project.organisation);
        let of = |who: &str| format!("{users}/{who}");
        owner.call(&app, Method::DELETE, &of(&owner.id)).send().await.expect(400);
        owner.call(&app, Method::PUT, &of(&owner.id)).json(json!({"role": "ADMIN"})).send().await.expect(400);
        owner.call(&app, Method::PUT, &of(&owner.id)).json(json!({"role": "OWNER"})).send().await.expect(200);

        let second = leader(&app, &owner, &project.organisation, "second@example.com", "OWNER").await;
        let admin = leader(&app, &owner, &project.organisation, "admin@example.com", "ADMIN").await;
        admin.call(&app, Method::DELETE, &of(&second.id)).send().await.expect(403);
        admin.call(&app, Method::PUT, &of(&admin.id)).json(json!({"role": "OWNER"})).send().await.expect(403);
        // Two owners who remove each other at the same time: one stays.
        let (one, two) = (of(&owner.id), of(&second.id));
        let (one, two) = tokio::join!(
            second.call(&app, Method::DELETE, &one).send(),
            owner.call(&app, Method::DELETE, &two).send(),
        );
        let mut statuses = [one.status.as_u16(), two.status.as_u16()];
        statuses.sort_unstable();
        assert!(statuses[0] == 200 && statuses[1] >= 400, "{statuses:?}");
        let left = admin.call(&app, Method::GET, &users).send().await.expect(200);
        let owners = left.as_array().into_iter().flatten().filter(|user| user["role"] == "OWNER").count();
        assert_eq!(owners, 1);
    }

    async fn who_leaves_an_organisation_leaves_its_projects(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let owner = owner(&app, &project).await;
        let ada = member(&app, &project, "ada@example.com", "DEFAULT").await;
        let path = format!("/v3/invitations/organisations/{}", project.organisation);
        let invited = owner.call(&app, Method::POST, &path).json(json!({"emails": ["ada@example.com"], "role": "ADMIN"})).send().await.expect(200);
        accept(&app, &ada, &text(&invited[0], "id")).await;
        ada.call_in(&app, &project, Method::DELETE, "/v3/teams/0123456789abcdef01234567").send().await.expect(404);
        let path = format!("/v3/organisations/{}/users/{}", project.organisation, ada.id);
        owner.call(&app, Method::DELETE, &path).send().await.expect(200);
        ada.call_in(&app, &project, Method::GET, "/v3/teams").send().await.expect(404);
        assert_eq!(ada.call(&app, Method::GET, "/v3/organisations").send().await.expect(200), json!([]));
    }

    async fn a_new_user_founds_an_organisation_with_projects(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let foreign = app.project().await;
        let ada = person(&app, "ada@example.com").await;
        app.post(&foreign, "/v3/organisations", json!({"name": "x"})).send().await.expect(403);
        ada.call(&app, Method::POST, "/v3/organisations").json(json!({"name": " "})).send().await.expect(400);
        let mine = ada.call(&app, Method::POST, "/v3/organisations").json(json!({"name": "Engines"})).send().await.expect(200);
        assert_eq!((&mine["name"], &mine["role"]), (&json!("Engines"), &json!("OWNER")));
        let organisation = text(&mine, "id");
        let create = |organisation: &str| ada.call(&app, Method::POST, "/v3/projects").json(json!({"name": "Difference", "organisation": organisation})).send();
        create(&foreign.organisation).await.expect(404);
        let keys = create(&organisation).await.expect(200);
        let project = text(&keys["project"], "id");
        let get = |path: &str| ada.call(&app, Method::GET, path).header("Project", &project).send();
        let current = get("/v3/projects/current").await.expect(200);
        assert_eq!((&current["name"], &current["sdkKey"]), (&json!("Difference"), &keys["sdkKey"]));
        for hidden in ["secretHash", "identitySecret"] {
            assert_eq!(current.get(hidden), None, "{hidden}");
        }
        let listed = get("/v3/projects").await.expect(200);
        assert_eq!((listed.as_array().map(Vec::len), &listed[0]["_id"]), (Some(1), &json!(project)));
        let by_token = app.request(Method::GET, "/v3/projects").bearer(&text(&keys, "apiToken")).send().await.expect(200);
        assert_eq!(by_token, listed);

        let renamed = ada.call(&app, Method::PUT, "/v3/projects/current").header("Project", &project).json(json!({"name": "Analytical"})).send().await.expect(200);
        assert_eq!(renamed["name"], "Analytical");
        let path = format!("/v3/organisations/{organisation}");
        ada.call(&app, Method::PUT, &path).json(json!({"name": "Looms"})).send().await.expect(200);
        let organisations = ada.call(&app, Method::GET, "/v3/organisations").send().await.expect(200);
        assert_eq!(organisations[0]["name"], "Looms");
        ada.call(&app, Method::PUT, &format!("/v3/organisations/{}", foreign.organisation)).json(json!({"name": "x"})).send().await.expect(404);
    }

    async fn a_replaced_secret_stops_at_once(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let server = async |secret: &str| app.app.store.server(secret).await.is_ok();
        assert!(server(&project.keys.secret_api_token).await);
        let replace = |which: &str| app.post(&project, "/v3/projects/current/secrets", json!({"which": which})).send();
        let made = replace("secretApiToken").await.expect(200);
        assert!(!server(&project.keys.secret_api_token).await);
        assert!(server(&text(&made, "secret")).await);
        assert_ne!(replace("identitySecret").await.expect(200)["secret"], json!(project.keys.identity_secret));
        replace("sdkKey").await.expect(400);
        let agent = member(&app, &project, "agent@example.com", "DEFAULT").await;
        let body = json!({"which": "secretApiToken"});
        agent.call_in(&app, &project, Method::POST, "/v3/projects/current/secrets").json(body).send().await.expect(403);
    }
}

/// A new person with a role in the organisation.
async fn leader(app: &TestApp, owner: &Person, organisation: &str, email: &str, role: &str) -> Person {
    let path = format!("/v3/invitations/organisations/{organisation}");
    let body = json!({"emails": [email], "role": role});
    let invited: Json = owner.call(app, Method::POST, &path).json(body).send().await.expect(200);
    let person = person(app, email).await;
    accept(app, &person, &text(&invited[0], "id")).await;
    person
}
