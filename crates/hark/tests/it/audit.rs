//! The audit log over REST v3.

use hark_test::{Device, Method, TestApp, both};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use crate::files::{form, ios, upload};
use crate::people::{member, owner, text};

both! {
    async fn administrative_actions_are_logged_where_they_count(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let (project, foreign) = (app.project().await, app.project().await);
        let owner_here = owner(&app, &project).await;
        let ada = member(&app, &project, "ada@example.com", "VIEWER").await;
        app.put(&project, &format!("/v3/projects/users/{}", ada.id), json!({"role": "DEFAULT"})).send().await.expect(200);
        let token = app.post(&project, "/v3/tokens", json!({"name": "CI"})).send().await.expect(200);
        app.delete(&project, &format!("/v3/tokens/{}", text(&token, "id"))).send().await.expect(200);
        app.delete(&project, &format!("/v3/projects/users/{}", ada.id)).send().await.expect(200);
        let role = json!({"name": "x", "alias": "x"});
        owner_here.call_in(&app, &project, Method::POST, "/v3/roles").json(role).send().await.expect(200);

        let log = app.get(&project, "/v3/audit-log").send().await.expect(200);
        let expected = ["member.added", "invitation.created", "member.added", "member.changed", "member.added", "token.created", "token.revoked", "member.removed"];
        assert_eq!(actions(&log), expected);
        assert_eq!((&log[3]["target"], &log[3]["detail"]), (&json!(ada.id), &json!({"before": "VIEWER", "role": "DEFAULT"})));
        assert_eq!(log[2]["actor"], json!(format!("user:{}", ada.id)));
        assert!(!log.to_string().contains(&text(&token, "token")));
        let path = format!("/v3/organisations/{}/audit-log", project.organisation);
        assert_eq!(actions(&owner_here.call(&app, Method::GET, &path).send().await.expect(200)), ["member.added", "role.created"]);
        owner(&app, &foreign).await.call(&app, Method::GET, &path).send().await.expect(404);
        assert_eq!(actions(&app.get(&foreign, "/v3/audit-log").send().await.expect(200)), ["member.added"]);
        let agent = member(&app, &project, "agent@example.com", "DEFAULT").await;
        agent.call_in(&app, &project, Method::GET, "/v3/audit-log").send().await.expect(403);
    }

    async fn changes_of_settings_and_looks_at_secrets_are_logged_without_values(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let body = json!({"flowConfig": {"color": "#010203"}, "allowedDomains": ["shop.example"]});
        app.put(&project, "/v3/projects/config", body).send().await.expect(200);
        app.put(&project, "/v3/projects/config", json!({"allowedDomains": "x"})).send().await.expect(400);
        let secret = app.get(&project, "/v3/projects/identity-secret").send().await.expect(200);
        assert_eq!(secret["identitySecret"], json!(project.keys.identity_secret));
        let log = app.get(&project, "/v3/audit-log").send().await.expect(200);
        assert_eq!(actions(&log), ["member.added", "project.config.changed", "project.identitySecret.shown"]);
        assert_eq!(log[1]["detail"], json!({"settings": ["flowConfig.color", "allowedDomains"]}));
        assert!(log[1]["actor"].as_str().is_some_and(|actor| actor != "operator") && log[1]["actor"] == log[2]["actor"]);
        for value in ["#010203", "shop.example", &project.keys.identity_secret] {
            assert!(!log.to_string().contains(value), "{value}");
        }
    }

    async fn the_log_is_looked_through(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let (project, foreign) = (app.project().await, app.project().await);
        let contact = text(&app.post(&project, "/v3/sessions", json!({"userId": "1"})).send().await.expect(200), "id");
        app.clock.advance(60_000);
        app.delete(&project, &format!("/v3/sessions/{contact}")).send().await;
        for n in 0..3 {
            app.put(&project, "/v3/projects/current", json!({"name": format!("Name {n}")})).send().await.expect(200);
        }
        let look = async |query: &str| app.get(&project, &format!("/v3/audit-log?{query}")).send().await;
        let newest = look("order=newest&limit=2").await;
        assert_eq!(actions(&newest.expect(200)), ["project.renamed", "project.renamed"]);
        let next = look(&format!("order=newest&limit=2&cursor={}", newest.header("x-next-cursor"))).await.expect(200);
        assert_eq!(actions(&next), ["project.renamed", "contact.deleted"]);
        // Who follows the log goes on behind the last entry that it knows.
        let first = look("order=oldest&limit=2").await;
        assert_eq!(actions(&first.expect(200)), ["member.added", "contact.deleted"]);
        let known = first.expect(200)[1].clone();
        assert_eq!(first.header("x-next-cursor"), format!("{}.{}", known["at"], known["seq"]));
        let rest = look(&format!("order=oldest&cursor={}.{}", known["at"], known["seq"])).await;
        assert_eq!(actions(&rest.expect(200)), ["project.renamed"; 3]);
        assert_eq!(rest.header("x-next-cursor"), "");
        // The receipt of a deletion.
        let receipt = look(&format!("action=contact.deleted&target={contact}")).await.expect(200);
        assert_eq!((actions(&receipt).len(), &receipt[0]["detail"]["tickets"]), (1, &json!(0)));
        assert_eq!(actions(&look("action=project.").await.expect(200)).len(), 3);
        assert_eq!(actions(&look("action=project._enamed").await.expect(200)).len(), 0);
        let who = receipt[0]["actor"].as_str().expect("an actor").replace("user:", "");
        assert_eq!(actions(&look(&format!("actor={who}")).await.expect(200)).len(), 4);
        let at = text(&receipt[0], "createdAt");
        assert_eq!(actions(&look(&format!("to={at}")).await.expect(200)), ["member.added"]);
        assert_eq!(actions(&look(&format!("from={at}&action=contact")).await.expect(200)).len(), 1);
        for wrong in ["order=up", "from=yesterday", "cursor=x", "sort=seq", "skip=1"] {
            look(wrong).await.expect(400);
        }
        let theirs = app.get(&foreign, &format!("/v3/audit-log?target={contact}")).send().await.expect(200);
        assert_eq!(actions(&theirs).len(), 0);
    }

    async fn entries_are_told_to_the_letter(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let device = Device::start(&app, &project).await;
        let uploaded = upload(&app, &device, "/uploads/attachments", form(&[ios("a.txt", "", b"words")])).await.expect(200);
        let former = uploaded["fileUrls"][0].as_str().expect("an address").replace("media.localhost:8080", "files.former.example");
        app.put(&project, "/v3/projects/current", json!({"name": former})).send().await.expect(200);
        let list = app.get(&project, "/v3/audit-log").send().await.expect(200);
        let export = app.get(&project, "/v3/audit-log/export").send().await;
        let of_organisation = owner(&app, &project).await.call(&app, Method::GET, &format!("/v3/organisations/{}/audit-log", project.organisation));
        of_organisation.send().await.expect(200);
        for line in list.as_array().expect("a list").iter().map(Json::to_string).chain(export.body.lines().map(str::to_owned)) {
            assert_eq!(line.contains("/media/"), line.contains(&former), "{line}");
        }
        assert!(list.to_string().contains(&former) && export.body.contains(&former), "{list}");
        let mut hash = String::new();
        for line in export.body.lines() {
            let line: Json = serde_json::from_str(line).expect("JSON");
            hash = hash_of(&hash, &project.id, &line);
            assert_eq!(line["hash"], json!(hash));
        }
        // Elsewhere the address is today's.
        let named = app.get(&project, "/v3/projects/current").send().await;
        assert!(named.body.contains("http://media.localhost:8080/media/"), "{}", named.body);
    }

    async fn the_log_is_paged_exported_and_checked(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        for n in 0..4 {
            app.put(&project, "/v3/projects/current", json!({"name": format!("Name {n}")})).send().await.expect(200);
        }
        let first = app.get(&project, "/v3/audit-log?limit=3").send().await;
        assert_eq!(first.expect(200).as_array().map(Vec::len), Some(3));
        let rest = app.get(&project, &format!("/v3/audit-log?limit=3&cursor={}", first.header("x-next-cursor"))).send().await;
        assert_eq!(rest.expect(200)[0]["seq"], 4);
        assert_eq!(rest.header("x-next-cursor"), "");
        app.get(&project, "/v3/audit-log?cursor=x").send().await.expect(400);

        let export = app.get(&project, "/v3/audit-log/export").send().await;
        assert_eq!((export.status.as_u16(), export.header("content-type")), (200, "application/x-ndjson"));
        let lines: Vec<Json> = export.body.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        assert_eq!(lines.len(), 5);
        let mut hash = String::new();
        for line in &lines {
            hash = hash_of(&hash, &project.id, line);
            assert_eq!(line["hash"], json!(hash));
        }
        let verified = app.get(&project, "/v3/audit-log/verify").send().await.expect(200);
        assert_eq!(verified, json!({"intact": true, "entries": 5}));
    }
}

/// The hash of an entry behind another, as an auditor makes it with the documentation in hand.
fn hash_of(before: &str, log: &str, line: &Json) -> String {
    let entry =
        json!([log, line["seq"], line["at"], line["actor"], line["action"], line["target"], line["detail"]]);
    hex::encode(Sha256::digest(format!("{before}\n{entry}")))
}

fn actions(log: &Json) -> Vec<&str> {
    log.as_array().into_iter().flatten().filter_map(|entry| entry["action"].as_str()).collect()
}
