//! Secrets at rest through the front door: they work, and nothing in the database shows them.

use std::path::Path;

use hark_core::secrets::{self, KINDS};
use hark_store::{Store, look_at_secrets};
use hark_test::{Method, TestApp, both};
use serde_json::{Value as Json, json};

use crate::people::owner;
use crate::process::{Server, errors, hark, json};

both! {
    async fn no_secret_that_somebody_sets_stands_in_the_database(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let boss = owner(&app, &project).await;
        let headers = json!([{"key": "X-Token", "value": "headermarker"}]);
        let body = json!({"name": "Ours", "url": "https://example.com/hook", "headers": headers});
        let hook = app.post(&project, "/v3/webhooks", body).send().await.expect(200);
        let secret = app.get(&project, &format!("/v3/webhooks/{}/secret", text(&hook["id"]))).send().await.expect(200);
        let body = json!({
            "stripe": {"apiKey": "stripemarker"}, "chargebee": {"site": "acme", "apiKey": "chargemarker"},
            "lemonSqueezy": {"apiKey": "lemonmarker"}, "shopify": {"shop": "acme", "accessToken": "shopmarker"},
        });
        app.put(&project, "/v3/projects/billing", body).send().await.expect(200);
        let body = json!({
            "type": "TELEGRAM", "apiKey": "apimarker", "accessToken": "accessmarker", "botToken": "botmarker",
            "webhookSecret": "channelmarker",
        });
        let channel = app.post(&project, "/v3/channels", body).send().await.expect(200);
        let body = json!({"issuer": "https://sso.example.com", "clientId": "hark", "clientSecret": "ssomarker"});
        let sso = format!("/v3/organisations/{}/sso", project.organisation);
        boss.call(&app, Method::PUT, &sso).json(body).send().await.expect(200);
        let totp = boss.call(&app, Method::POST, "/v3/users/me/totp").json(json!({})).send().await.expect(200);
        let body = json!({"apiKey": "importmarker"});
        app.post(&project, "/v3/sessions/importer/intercom", body).send().await.expect(200);

        let identity = project.keys.identity_secret.clone();
        for marker in [
            "headermarker", "stripemarker", "chargemarker", "lemonmarker", "shopmarker", "apimarker", "accessmarker",
            "botmarker", "channelmarker", "ssomarker", "importmarker", &identity,
        ] {
            assert_eq!(app.scratch.traces(marker).await, Vec::<String>::new(), "{marker}");
        }
        for secret in [text(&secret["secret"]), text(&totp["secret"])] {
            let found = app.scratch.traces(&secret.to_lowercase()).await;
            assert_eq!(found, Vec::<String>::new(), "{secret}");
        }
        let report = look_at_secrets(&app.app.store, KINDS).await.expect("a report");
        assert!(report.secrets >= 14 && report.plain == 0 && report.lost.is_empty(), "{report:?}");

        // Whoever may change them sees them as before, and keeps them by changing something else.
        let path = format!("/v3/webhooks/{}", text(&hook["id"]));
        let changed = app.put(&project, &path, json!({"name": "Theirs"})).send().await.expect(200);
        let listed = app.get(&project, "/v3/webhooks").send().await.expect(200);
        let one = app.get(&project, &path).send().await.expect(200);
        assert_eq!((&hook["headers"], &changed["headers"]), (&headers, &headers));
        assert_eq!((&listed[0]["headers"], &one["headers"]), (&headers, &headers));
        let again = app.get(&project, &format!("{path}/secret")).send().await.expect(200);
        assert_eq!(again, secret);
        let listed = app.get(&project, "/v3/channels").send().await.expect(200);
        assert_eq!((&listed[0]["botToken"], &channel["apiKey"]), (&json!("botmarker"), &json!("apimarker")));
        let billing = app.get(&project, "/v3/projects/billing").send().await.expect(200);
        assert_eq!(billing["chargebee"], json!({"configured": true, "site": "acme"}));
    }

    async fn whoever_lost_the_key_goes_on_without_the_secrets(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        app.put(&project, "/v3/projects/billing", json!({"stripe": {"apiKey": "x"}})).send().await.expect(200);
        let folder = tempfile::tempdir().expect("a folder");
        let keys = hark_store::SecretKeys::in_folder(folder.path());
        let open = async |keys| Store::open(&app.scratch.location, app.clock.clone(), &keys).await;
        let store = open(keys.clone().for_any_database()).await.expect("opens for the command");
        let lost = secrets::forget(&store).await.expect("given up").lost;
        let lost: Vec<&str> = lost.iter().map(|lost| lost.what.as_str()).collect();
        assert_eq!(lost, ["billing.stripe", "instance.token_key", "project.identitySecret"]);
        store.close().await;

        let node = app.node(open(keys).await.expect("opens"), hark_api::Timing::quick());
        let call = |path: &str| app.get(&project, path).on(node.router.clone());
        call("/v3/teams").send().await.expect(401);
        let store = node.app.store.clone();
        let id = hark_store::Id::parse(&project.id).expect("an id");
        let make = move |tx: &mut hark_store::Tx<'_>| hark_core::access::create_program_token(tx, id, "New", None);
        let token = store.write(&store.operator(), make).await.expect("a token");
        let token = text(&serde_json::to_value(&token).expect("JSON")["apiToken"]);
        let call = |path: &str| app.request(Method::GET, path).on(node.router.clone()).bearer(&token).header("Project", &project.id);
        assert_eq!(call("/v3/projects/billing").send().await.expect(200)["stripe"]["configured"], json!(false));
        let identity = call("/v3/projects/identity-secret").send().await.expect(200);
        assert_ne!(identity["identitySecret"], json!(project.keys.identity_secret));
    }

    async fn the_program_guards_the_key_and_changes_it(scratch: Scratch) {
        let keys = json(&scratch, &["init"]);
        let file = scratch.folder().join("secrets.key");
        assert!(file.exists());
        let new = "cd".repeat(32);
        let report = |scratch: &hark_test::Scratch| {
            let output = hark(scratch, &["secrets", "rotate", "--json"]).env("HARK_SECRETS_KEY", &new).output();
            serde_json::from_slice::<Json>(&output.expect("the program starts").stdout).expect("JSON")
        };
        let rotated = report(&scratch);
        assert_eq!((&rotated["withOlderKeys"], &rotated["lost"]), (&json!(0), &json!([])), "{rotated}");
        let alone = hark(&scratch, &["doctor"]).output().expect("the program starts");
        assert!(!alone.status.success() && errors(&alone).contains("were written with the key"), "{}", errors(&alone));
        let mut command = hark(&scratch, &["serve"]);
        command.env("HARK_SECRETS_KEY", &new);
        let server = Server::spawn(command);
        server.expect(Method::GET, "/v3/teams", &keys, None).await;
        server.stop();
    }

    async fn a_restore_without_the_key_says_what_is_lost(scratch: Scratch) {
        json(&scratch, &["init"]);
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("hark.backup");
        let backup = hark(&scratch, &["backup", path(&file)]).output().expect("the program starts");
        assert!(errors(&backup).contains("does not hold the key"), "{}", errors(&backup));
        let bytes = std::fs::read(&file).expect("the backup");
        let key = std::fs::read_to_string(scratch.folder().join("secrets.key")).expect("the key");
        assert!(!String::from_utf8_lossy(&bytes).contains(key.trim()));

        let target = folder.path().join("target");
        let restore = ["restore", path(&file), "--json", "--data", path(&target)];
        let output = crate::process::bare(&restore).output().expect("the program starts");
        let told: Json = serde_json::from_slice(&output.stdout).expect("JSON");
        let lost: Vec<&str> = told["lostSecrets"].as_array().expect("a list").iter()
            .map(|lost| lost["what"].as_str().expect("a name")).collect();
        assert_eq!(lost, ["instance.token_key", "project.identitySecret"], "{told}");
        assert!(errors(&output).contains("hark secrets forget"), "{}", errors(&output));
        let doctor = || crate::process::bare(&["doctor", "--json", "--data", path(&target)]).output().expect("starts");
        assert!(!doctor().status.success());
        // With the key all is well.
        std::fs::write(target.join("secrets.key"), key).expect("the key is back");
        let output = doctor();
        assert!(output.status.success(), "{}", errors(&output));
    }
}

fn path(path: &Path) -> &str {
    path.to_str().expect("a plain path")
}

fn text(value: &Json) -> String {
    value.as_str().expect("a text").to_owned()
}
