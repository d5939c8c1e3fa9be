//! Project configuration: what SDKs are told, who may change it, and when a change is seen.

use axum::http::Method;
use hark_test::{Answer, Device, Engine, Project, TestApp, both};
use serde_json::{Value as Json, json};

both! {
    async fn an_sdk_gets_everything_it_needs_to_start(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let config = fetch(&app, &project, "?lang=en-us").await.expect(200);
        let flow = &config["flowConfig"];
        for color in ["color", "headerColor", "headerColor2", "headerColor3", "buttonColor", "backgroundColor"] {
            let value = flow[color].as_str().expect("a colour");
            assert!(value.len() == 7 && value.starts_with('#'), "{color} {value}");
        }
        assert_eq!(flow["feedbackButtonPosition"], json!("BOTTOM_RIGHT"));
        assert!(flow["replaysInterval"].as_i64().is_some_and(|seconds| (1..=60).contains(&seconds)));
        assert_eq!(config["projectActions"], json!({}));
        assert_eq!(flow["mediaUrl"], json!("http://media.localhost:8080"));
        assert!(flow["widgetButtonText"].is_string());
        for key in [
            "next", "done", "retry", "undo", "pickAColor", "mute", "unmute", "browserNotSupported", "startRecording",
            "stopRecording", "accessToScreenSharingDenied", "checklistDefaultTitle", "taskProgress", "aboutMinutes",
            "noStepsDefined", "stepDefaultTitle", "actionDefaultTitle", "markAsDone",
        ] {
            assert!(flow["staticTranslations"][key].as_str().is_some_and(|text| !text.is_empty()), "{key}");
        }
        let hosts = flow["networkLogBlacklist"].as_array().expect("a list");
        for host in ["localhost:8080", "ws.localhost:8080", "messenger.localhost:8080", "media.localhost:8080"] {
            assert!(hosts.contains(&json!(host)), "{host}");
        }
        // Android puts a slash in front of the query.
        assert_eq!(fetch(&app, &project, "/?lang=en").await.expect(200), config);
        assert_eq!(fetch(&app, &project, "").await.expect(200), config);
        assert_eq!(fetch(&app, &project, "?lang=%C3%A9&lang=x").await.expect(200), config);
        let words = fetch(&app, &project, "?lang=de-at").await.expect(200)["flowConfig"]["staticTranslations"].clone();
        assert_eq!(words["next"], json!("Weiter"));

        let tooltips = fetch(&app, &project, "/tooltips").await;
        assert_eq!((tooltips.status.as_u16(), tooltips.body.as_str()), (200, "[]"));
        let unknown = app.request(Method::GET, "/config/unknown?lang=en").send().await;
        unknown.expect(401);
        unknown.readable_by_sdks();
    }

    async fn whoever_installs_an_sdk_sees_that_it_arrived(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let (project, other) = (app.project().await, app.project().await);
        let seen = async |project: &Project| app.get(project, "/v3/projects/sdk").send().await.expect(200);
        assert_eq!(seen(&project).await, json!({"seen": false, "sdks": []}));
        let device = Device::start(&app, &project).await;
        let first = seen(&project).await;
        assert_eq!((&first["seen"], first["sdks"].as_array().map(Vec::len)), (&json!(true), Some(1)));
        let ping = async |version: &str, origin: &str| {
            let body = json!({"events": [], "type": "js", "sdkVersion": version, "ws": true});
            device.request(&app, Method::POST, "/sessions/ping").header("Origin", origin).json(body).send().await.expect(200);
        };
        app.clock.advance(1_000);
        ping("16.4.0", "https://shop.example").await;
        let second = seen(&project).await;
        let last = &second["sdks"][0];
        assert_eq!((&last["type"], &last["version"], &last["host"]), (&json!("js"), &json!("16.4.0"), &json!("shop.example")));
        assert_eq!(second["lastSeenAt"], last["lastSeenAt"]);
        // Not with every call, and not as many as somebody makes up.
        app.clock.advance(59_000);
        ping("16.4.0", "https://shop.example").await;
        assert_eq!(seen(&project).await, second);
        app.clock.advance(1_000);
        ping("16.4.0", "https://shop.example").await;
        assert_ne!(seen(&project).await["lastSeenAt"], second["lastSeenAt"]);
        for version in 0..200 {
            ping(&format!("0.{version}<script>"), "null").await;
        }
        let many = seen(&project).await;
        assert_eq!(many["sdks"].as_array().map(Vec::len), Some(50));
        assert!(!many.to_string().contains("<script"), "{many}");
        assert_eq!(seen(&other).await["seen"], json!(false));
    }

    async fn flows_reach_the_messenger_and_are_taken_back(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let flow = json!({"title": "Report a bug", "form": [{"key": "description", "type": "textarea", "title": "What happened?", "required": true}]});
        let survey = json!({"title": "How are we?", "kind": "survey", "form": [{"key": "nps", "type": "scale", "title": "Likely?", "min": 0, "max": 10}]});
        let answer = change(&app, &project, json!({"projectActions": {"bugreporting": flow, "nps": survey}})).await.expect(200);
        assert_eq!(answer["projectActions"]["bugreporting"], flow);
        let told = fetch(&app, &project, "").await;
        told.readable_by_sdks();
        assert_eq!(told.expect(200)["projectActions"]["nps"]["kind"], json!("survey"));
        change(&app, &project, json!({"projectActions": {"nps": null}})).await.expect(200);
        assert_eq!(fetch(&app, &project, "").await.expect(200)["projectActions"], json!({"bugreporting": flow}));
        let refused = change(&app, &project, json!({"projectActions": {"x": {"title": "<script>", "form": []}}})).await.expect(400);
        assert!(refused["message"].as_str().is_some_and(|text| text.contains("`projectActions.x`")), "{refused}");
        change(&app, &project, json!({"projectActions": null})).await.expect(200);
        assert_eq!(fetch(&app, &project, "").await.expect(200)["projectActions"], json!({}));
    }

    async fn a_change_is_seen_by_the_next_call(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        fetch(&app, &project, "?lang=fr-CA").await.expect(200);
        let changes = json!({
            "flowConfig": {"color": "#010203", "borderRadius": "8", "networkLogBlacklist": ["bank.example"], "myKey": {"a": [1]}, "mediaUrl": "https://evil.example"},
            "translations": {"FR": {"next": "Suite"}},
        });
        let answer = change(&app, &project, changes).await.expect(200);
        assert_eq!((&answer["flowConfig"]["color"], &answer["flowConfig"]["borderRadius"]), (&json!("#010203"), &json!(8)));
        assert_eq!(answer["enforceIdentityVerification"], json!(false));
        assert_eq!(app.get(&project, "/v3/projects/config").send().await.expect(200), answer);

        let flow = fetch(&app, &project, "?lang=fr-CA").await.expect(200)["flowConfig"].clone();
        assert_eq!(flow["mediaUrl"], json!("http://media.localhost:8080"));
        assert_eq!((&flow["color"], &flow["headerColor2"]), (&json!("#010203"), &flow["headerColor"]));
        assert_eq!((&flow["myKey"], &flow["staticTranslations"]["next"]), (&json!({"a": [1]}), &json!("Suite")));
        assert_eq!(flow["staticTranslations"]["done"], json!("Done"));
        assert!(flow["networkLogBlacklist"].as_array().is_some_and(|hosts| hosts.contains(&json!("bank.example")) && hosts.len() == 5));

        let taken_back = json!({"flowConfig": {"color": null}, "translations": {"fr": null}});
        change(&app, &project, taken_back).await.expect(200);
        let flow = fetch(&app, &project, "?lang=fr").await.expect(200)["flowConfig"].clone();
        assert_ne!(flow["color"], json!("#010203"));
        assert_eq!((&flow["borderRadius"], &flow["staticTranslations"]["next"]), (&json!(8), &json!("Next")));
    }

    async fn values_that_would_break_an_sdk_are_refused_with_their_name(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        for (changes, name) in [
            (json!({"flowConfig": {"color": "#fff"}}), "flowConfig.color"),
            (json!({"flowConfig": {"replaysInterval": 0}}), "flowConfig.replaysInterval"),
            (json!({"flowConfig": {"buttonLogo": "javascript:alert(1)"}}), "flowConfig.buttonLogo"),
            (json!({"flowConfig": {"other": "<script>"}}), "flowConfig.other"),
            (json!({"flowConfig": {"staticTranslations": {}}}), "translations"),
            (json!({"translations": {"de": {"next": "<b>x</b>"}}}), "translations.de.next"),
            (json!({"translations": {"not a language": {}}}), "translations"),
            (json!({"allowedDomains": ["https://example.com"]}), "allowedDomains"),
            (json!({"flowConfig": []}), "body"),
            (json!({"sdkDisabled": "yes"}), "body"),
        ] {
            let answer = change(&app, &project, changes).await.expect(400);
            assert!(answer["message"].as_str().is_some_and(|message| message.contains(name)), "{answer}");
        }
        assert_eq!(app.get(&project, "/v3/projects/config").send().await.expect(200)["translations"], json!({}));
    }

    async fn a_project_can_switch_its_sdk_off_and_bind_it_to_domains(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        change(&app, &project, json!({"allowedDomains": ["Shop.example", "*.shop.example"]})).await.expect(200);
        let from = |origin: &'static str| {
            let request = app.request(Method::GET, &format!("/config/{}?lang=en", project.keys.sdk_key));
            async move { request.header("Origin", origin).send().await }
        };
        from("https://shop.example").await.expect(200);
        from("https://www.shop.example:8443").await.expect(200);
        let refused = from("https://evil.example").await;
        refused.expect(403);
        refused.readable_by_sdks();
        fetch(&app, &project, "?lang=en").await.expect(200);

        change(&app, &project, json!({"sdkDisabled": true, "allowedDomains": null})).await.expect(200);
        fetch(&app, &project, "?lang=en").await.expect(403);
        Device::start(&app, &project).await;
        change(&app, &project, json!({"sdkDisabled": null})).await.expect(200);
        from("https://evil.example").await.expect(200);
    }

    async fn keys_are_replaced_at_once(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let secret = app.get(&project, "/v3/projects/identity-secret").send().await.expect(200);
        assert_eq!(secret["identitySecret"], json!(project.keys.identity_secret));
        let replace = |which: &str| app.post(&project, "/v3/projects/current/secrets", json!({"which": which})).send();
        let new = replace("identitySecret").await.expect(200)["secret"].clone();
        assert_ne!(new, secret["identitySecret"]);
        assert_eq!(app.get(&project, "/v3/projects/identity-secret").send().await.expect(200)["identitySecret"], new);

        let auth = |token: String| app.request(Method::GET, "/admin/auth").header("Api-Token", &token).send();
        auth(project.keys.secret_api_token.clone()).await.expect(200);
        let new = replace("secretApiToken").await.expect(200)["secret"].clone();
        auth(project.keys.secret_api_token.clone()).await.expect(401);
        auth(new.as_str().expect("a token").to_owned()).await.expect(200);
    }

    async fn another_node_sees_a_change_too(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        if app.scratch.engine == Engine::Sqlite {
            return; // One process has the file.
        }
        let project = app.project().await;
        let second = app.second_node().await;
        let path = format!("/config/{}?lang=en", project.keys.sdk_key);
        let color = || async {
            let config = second.request(Method::GET, &path).send().await.expect(200);
            config["flowConfig"]["color"].clone()
        };
        assert_ne!(color().await, json!("#010203"));
        change(&app, &project, json!({"flowConfig": {"color": "#010203"}})).await.expect(200);
        hark_test::eventually("the second node sees the change", || async { color().await == json!("#010203") }).await;
    }
}

async fn fetch(app: &TestApp, project: &Project, rest: &str) -> Answer {
    let path = format!("/config/{}{rest}", project.keys.sdk_key);
    let request = app.request(Method::GET, &path).header("Gleap-Id", "null").header("Gleap-Hash", "null");
    let answer = request.header("Content-Type", "application/json;charset=UTF-8").send().await;
    answer.readable_by_sdks();
    answer
}

async fn change(app: &TestApp, project: &Project, changes: Json) -> Answer {
    app.put(project, "/v3/projects/config", changes).send().await
}
