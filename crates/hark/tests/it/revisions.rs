//! Changes with `If-Match`: made only to what the caller has seen, wherever something is changed.

use hark_test::{Answer, Method, Project, TestApp, both};
use serde_json::{Value as Json, json};

use crate::people::{Person, owner};

/// Changes something with the tag of an answer that has been overtaken by now, and with the present one.
async fn check(app: &TestApp, project: &Project, who: &Person, path: &str, body: Json) {
    let put = async |tag: Option<&str>| -> Answer {
        let call = who.call_in(app, project, Method::PUT, path).json(body.clone());
        match tag {
            Some(tag) => call.header("If-Match", tag).send().await,
            None => call.send().await,
        }
    };
    let first = put(None).await;
    first.expect(200);
    assert!(first.header("etag").starts_with('"'), "{path} answers a revision");
    let second = put(Some(first.header("etag"))).await;
    second.expect(200);
    assert_ne!(first.header("etag"), second.header("etag"), "{path}");
    let late = put(Some(first.header("etag"))).await.expect(409);
    assert!(
        late["message"].as_str().expect("a sentence").contains("changed by someone else"),
        "{path}: {late}"
    );
    put(Some("*")).await.expect(200);
    put(Some("last")).await.expect(400);
}

both! {
    async fn nobody_overwrites_what_somebody_else_changed(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let boss = owner(&app, &project).await;
        let id = |made: &Json| made["id"].as_str().expect("an id").to_owned();
        let make = async |path: &str, body: Json| {
            let made = boss.call_in(&app, &project, Method::POST, path).json(body).send().await.expect(200);
            format!("{path}/{}", id(&made))
        };
        let role = make("/v3/roles", json!({"name": "Night", "alias": "night"})).await;
        let team = make("/v3/teams", json!({"name": "Night"})).await;
        let kind = make("/v3/ticket-types", json!({"type": "RETURN", "title": "Returns"})).await;
        let policy = make("/v3/sla-policies", json!({"name": "Fast", "resolution": 60})).await;
        for path in [&role, &team, &policy] {
            check(&app, &project, &boss, path, json!({"name": "Day"})).await;
        }
        check(&app, &project, &boss, &kind, json!({"title": "Back"})).await;
        check(&app, &project, &boss, "/v3/projects/config", json!({"flowConfig": {"color": "#010203"}})).await;
        check(&app, &project, &boss, &format!("/v3/users/{}", boss.id), json!({"firstName": "Ada"})).await;
        let config = app.get(&project, "/v3/projects/config").send().await;
        let body = json!({"flowConfig": {"color": "#040506"}});
        app.put(&project, "/v3/projects/config", body).header("If-Match", config.header("etag")).send().await.expect(200);
        // A change of the password with others at once makes two revisions, and is one change.
        let me = boss.call(&app, Method::GET, "/v3/users/me").send().await;
        let password = json!({"oldpassword": project.owner.password, "password": "another long one", "firstName": "B"});
        let path = format!("/v3/users/{}", boss.id);
        let put = |tag: &str| boss.call(&app, Method::PUT, &path).header("If-Match", tag).json(password.clone()).send();
        put("\"0\"").await.expect(409);
        put(me.header("etag")).await.expect(200);
    }

    async fn the_first_configuration_has_a_revision_too(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let path = "/v3/projects/config";
        let none = app.get(&project, path).send().await;
        assert_eq!(none.header("etag"), "\"0\"");
        let put = || app.put(&project, path, json!({"flowConfig": {"color": "#010203"}})).header("If-Match", "\"0\"").send();
        put().await.expect(200);
        put().await.expect(409);
    }
}
