//! Roles of an organisation.

use hark_test::{Method, TestApp, both};
use serde_json::json;

use crate::people::{member, owner, text};

both! {
    async fn a_role_is_made_given_changed_and_deleted(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let owner = owner(&app, &project).await;
        let call = |method: Method, path: &str| owner.call_in(&app, &project, method, path);
        let body = json!({"name": "Support", "alias": "support", "description": "Answers", "permissionGroups": ["team.read"]});
        let made = call(Method::POST, "/v3/roles").json(body.clone()).send().await.expect(200);
        assert_eq!((&made["alias"], &made["builtIn"], made.get("pair")), (&json!("support"), &json!(false), None));
        call(Method::POST, "/v3/roles").json(body).send().await.expect(409);
        let roles = app.get(&project, "/v3/roles").send().await.expect(200);
        let aliases: Vec<&str> = roles.as_array().into_iter().flatten().filter_map(|role| role["alias"].as_str()).collect();
        assert_eq!(aliases, ["OWNER", "ADMIN", "DEFAULT", "VIEWER", "support"]);

        let ada = member(&app, &project, "ada@example.com", "support").await;
        let teams = |method: Method| ada.call_in(&app, &project, method, "/v3/teams").json(json!({"name": "x"})).send();
        teams(Method::GET).await.expect(200);
        teams(Method::POST).await.expect(403);
        let path = format!("/v3/roles/{}", text(&made, "id"));
        let more = json!({"permissionGroups": ["team.read", "team.manage"]});
        call(Method::PUT, &path).json(more).send().await.expect(200);
        teams(Method::POST).await.expect(200);
        call(Method::PUT, &path).json(json!({"permissionGroups": null})).send().await.expect(200);
        teams(Method::GET).await.expect(403);

        let one = app.get(&project, &path).send().await;
        assert_eq!((&one.expect(200)["alias"], &one.expect(200)["builtIn"]), (&json!("support"), &json!(false)));
        call(Method::PUT, &path).json(json!({"name": "Care"})).header("If-Match", one.header("etag")).send().await.expect(200);
        call(Method::PUT, &path).json(json!({"name": "Sales"})).header("If-Match", one.header("etag")).send().await.expect(409);
        call(Method::PUT, &path).json(json!({"alias": "other"})).send().await.expect(400);
        let refused = call(Method::DELETE, &path).send().await.expect(400);
        assert_eq!(refused["message"], "1 members have this role, give them another one first");
        app.delete(&project, &format!("/v3/projects/users/{}", ada.id)).send().await.expect(200);
        call(Method::DELETE, &path).send().await.expect(200);
        call(Method::DELETE, &path).send().await.expect(404);
    }

    async fn roles_are_the_organisations(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let (project, foreign) = (app.project().await, app.project().await);
        let body = json!({"name": "x", "alias": "x", "permissionGroups": ["contacts.read"]});
        // An administrator of one project could change what somebody may do in another.
        let admin = member(&app, &project, "admin@example.com", "ADMIN").await;
        admin.call_in(&app, &project, Method::POST, "/v3/roles").json(body.clone()).send().await.expect(403);
        let owner_here = owner(&app, &project).await;
        let made = owner_here.call_in(&app, &project, Method::POST, "/v3/roles").json(body).send().await.expect(200);
        let path = format!("/v3/roles/{}", text(&made, "id"));
        admin.call_in(&app, &project, Method::DELETE, &path).send().await.expect(403);
        let stranger = owner(&app, &foreign).await;
        stranger.call_in(&app, &foreign, Method::PUT, &path).json(json!({"name": "y"})).send().await.expect(404);
        stranger.call_in(&app, &foreign, Method::DELETE, &path).send().await.expect(404);
        stranger.call_in(&app, &foreign, Method::GET, &path).send().await.expect(404);
        assert_eq!(app.get(&foreign, "/v3/roles").send().await.expect(200).as_array().map(Vec::len), Some(4));
    }

    async fn a_role_that_somebody_is_invited_to_stays(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let (project, foreign) = (app.project().await, app.project().await);
        for project in [&project, &foreign] {
            crate::people::role(&app, project, "same", &["team.read"]).await;
        }
        // What others do with a role of the same name is theirs.
        member(&app, &foreign, "ada@example.com", "same").await;
        let body = json!({"emails": ["guest@example.com"], "role": "same"});
        let invited = app.post(&project, "/v3/invitations/projects", body).send().await.expect(200);
        let roles = app.get(&project, "/v3/roles").send().await.expect(200);
        let made = roles.as_array().and_then(|roles| roles.iter().find(|role| role["alias"] == "same")).expect("the role");
        let path = format!("/v3/roles/{}", text(made, "id"));
        let owner = owner(&app, &project).await;
        let delete = || owner.call_in(&app, &project, Method::DELETE, &path).send();
        let refused = delete().await.expect(400);
        assert_eq!(refused["message"], "1 invitations that wait carry this role, take them back first");
        app.delete(&project, &format!("/v3/invitations/{}", text(&invited[0], "id"))).send().await.expect(200);
        delete().await.expect(200);
    }

    async fn wrong_roles_are_refused(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let owner = owner(&app, &project).await;
        for wrong in [
            json!({"alias": "x"}),
            json!({"name": "x"}),
            json!({"name": "x", "alias": "a b"}),
            json!({"name": "x", "alias": "x".repeat(65)}),
            json!({"name": "x", "alias": "x", "permissionGroups": ["everything"]}),
            json!({"name": "x".repeat(1001), "alias": "x"}),
        ] {
            owner.call_in(&app, &project, Method::POST, "/v3/roles").json(wrong).send().await.expect(400);
        }
        for built_in in ["OWNER", "ADMIN", "DEFAULT", "VIEWER"] {
            let body = json!({"name": "x", "alias": built_in});
            owner.call_in(&app, &project, Method::POST, "/v3/roles").json(body).send().await.expect(409);
        }
    }
}
