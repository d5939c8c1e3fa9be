//! What a visitor only says gives its device nothing of what the team knows or others have proven.

use axum::http::Method;
use hark_core::contacts::{self, Properties, Setter, Visit};
use hark_store::to_body;
use hark_test::{Answer, Device, Project, TestApp, both};
use serde_json::{Value as Json, json};

use crate::contacts::write;
use crate::sdk_sessions::user_hash;

const ADDRESS: &str = "Victim@example.com";

/// A device whose visitor says the address of somebody else.
async fn hijacker(app: &TestApp, project: &Project) -> Device {
    let device = Device::start(app, project).await;
    device.post(app, "/sessions/partialupdate", json!({"data": {"email": ADDRESS}})).await.expect(200);
    device
}

/// The device is still its guest, which has the address that it said and nothing of the team's data.
async fn is_its_guest(app: &TestApp, device: &Device) {
    device.post(app, "/sessions/events", json!({"events": []})).await.expect(200);
    let session = device.post(app, "/sessions", json!({})).await.expect(200);
    assert_eq!((&session["gleapId"], &session["email"]), (&json!(device.gleap_id), &json!(ADDRESS)));
    assert_eq!((session.get("userId"), session.get("plan")), (None, None));
}

async fn create(app: &TestApp, project: &Project, body: Json) -> Json {
    app.post(project, "/v3/sessions", body).send().await.expect(200)
}

async fn server_identify(app: &TestApp, project: &Project, body: Json) -> Answer {
    let request = app.request(Method::POST, "/admin/identify").json(body);
    request.header("Api-Token", &project.keys.secret_api_token).send().await
}

/// More guests say the address than are looked at when somebody asks for it.
async fn many_guests_say_it(app: &TestApp, project: &Project) {
    let email = || Properties::from_nested(&to_body(json!({"email": ADDRESS})), Setter::Visitor);
    let say = move |tx: &mut hark_store::Tx<'_>| {
        for _ in 0..120 {
            let guest = contacts::start(tx, &Visit::default())?;
            contacts::partial_update(tx, guest.id, &email())?;
        }
        Ok(())
    };
    write(app, project, say).await.expect("guests");
}

both! {
    async fn a_device_that_said_an_address_does_not_become_its_owner(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let first = app.project().await;
        let second = app.sibling(&first).await;
        for (project, body) in [(first, json!({"userId": "42"})), (second, json!({}))] {
            let device = hijacker(&app, &project).await;
            let mut body = hark_store::to_body(body);
            body.extend(hark_store::to_body(json!({"email": "victim@example.com", "plan": "secret"})));
            let contact = create(&app, &project, Json::Object(body.clone())).await;
            assert_ne!(contact["gleapId"], json!(device.gleap_id));
            is_its_guest(&app, &device).await;
            let again = create(&app, &project, Json::Object(body)).await;
            assert_eq!((&again["id"], &again["gleapId"]), (&contact["id"], &contact["gleapId"]));
            let composed = json!({"type": "INQUIRY", "title": "Your order", "email": "VICTIM@example.com"});
            let ticket = app.post(&project, "/v3/tickets/compose", composed).send().await.expect(200);
            assert_eq!(ticket["session"]["id"], contact["id"]);
        }
    }

    async fn an_import_takes_no_device_along(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let device = hijacker(&app, &project).await;
        let earlier = Device::start(&app, &project).await;
        let id_of = async |device: &Device| {
            app.get(&project, &format!("/v3/sessions?gleapId={}", device.gleap_id)).send().await.expect(200)[0]["id"].clone()
        };
        let merge = json!({"sourceId": id_of(&earlier).await, "targetId": id_of(&device).await});
        let merged = app.post(&project, "/v3/sessions/merge", merge).send().await.expect(200)["id"].clone();
        earlier.post(&app, "/sessions/events", json!({"events": []})).await.expect(200);
        let rows = json!([{"userId": "42", "email": ADDRESS, "plan": "secret"}]);
        app.post(&project, "/v3/sessions/importer", rows).send().await.expect(200);
        is_its_guest(&app, &device).await;
        assert_eq!(id_of(&device).await, merged, "the guest is what it was");
        let session = earlier.post(&app, "/sessions", json!({})).await.expect(200);
        assert_eq!((&session["gleapId"], session.get("userId")), (&json!(device.gleap_id), None));
        let found = create(&app, &project, json!({"email": ADDRESS})).await;
        assert_eq!((&found["userId"], &found["plan"]), (&json!("42"), &json!("secret")));
    }

    async fn the_owner_of_an_address_is_found_however_many_say_it(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        many_guests_say_it(&app, &project).await;
        let owner = create(&app, &project, json!({"email": ADDRESS})).await;
        let again = create(&app, &project, json!({"email": "victim@EXAMPLE.com", "userId": "42"})).await;
        assert_eq!((&again["id"], &again["userId"]), (&owner["id"], &json!("42")));
        // Who was given another address is not found by the former one.
        let path = format!("/v3/sessions/{}", owner["id"].as_str().expect("an id"));
        app.put(&project, &path, json!({"email": "new@example.com"})).send().await.expect(200);
        assert_ne!(create(&app, &project, json!({"email": ADDRESS})).await["id"], owner["id"]);
        assert_eq!(create(&app, &project, json!({"email": "new@example.com"})).await["id"], owner["id"]);
    }

    async fn trust_in_an_address_ends_when_the_contact_says_another(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let device = Device::start(&app, &project).await;
        device.identify(&app, json!({"userId": "42"})).await.expect(200);
        let says = async |email: &str| {
            device.post(&app, "/sessions/partialupdate", json!({"data": {"email": email}})).await.expect(200);
        };
        let identifies = async |email: &str| {
            device.identify(&app, json!({"userId": "42", "email": email})).await.expect(200);
        };
        for (number, by_identify) in [(1, false), (2, true)] {
            let address = format!("given-{number}@example.com");
            let given = create(&app, &project, json!({"userId": "42", "email": address})).await;
            let other = format!("other-{number}@example.com");
            if by_identify { identifies(&other).await } else { says(&other).await }
            let owner = create(&app, &project, json!({"email": address})).await;
            assert_ne!(owner["id"], given["id"]);
            if by_identify { identifies(&address).await } else { says(&address).await }
            assert_eq!(create(&app, &project, json!({"email": address})).await["id"], owner["id"]);
        }
        // Nor does it outlive an address that was taken away.
        let emptied = create(&app, &project, json!({"userId": "42", "email": ADDRESS})).await;
        create(&app, &project, json!({"userId": "42", "email": ""})).await;
        says(ADDRESS).await;
        assert_ne!(create(&app, &project, json!({"email": ADDRESS})).await["id"], emptied["id"]);
    }

    async fn whose_an_address_is_is_unsubscribed_however_many_say_it(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        many_guests_say_it(&app, &project).await;
        let given = create(&app, &project, json!({"userId": "6", "email": ADDRESS})).await;
        let proven = Device::start(&app, &project).await;
        let proof = json!({"userId": "7", "userHash": user_hash(&project, "7"), "email": ADDRESS});
        proven.identify(&app, proof).await.expect(200);
        let wish = json!({"sessions": [{"email": ADDRESS.to_uppercase()}]});
        app.post(&project, "/v3/sessions/unsubscribe", wish).send().await.expect(200);
        for user in ["6", "7"] {
            let contact = app.get(&project, &format!("/v3/sessions/by-user-id/{user}")).send().await.expect(200);
            assert_eq!(contact["unsubscribed"], true, "{contact}");
        }
        // Once nobody has it from somebody trusted, the one who has proven who it is is meant.
        let path = format!("/v3/sessions/{}", given["id"].as_str().expect("an id"));
        app.put(&project, &path, json!({"email": "new@example.com"})).send().await.expect(200);
        assert_eq!(create(&app, &project, json!({"email": ADDRESS})).await["userId"], "7");
    }

    async fn trust_in_an_address_goes_with_it_in_a_merge_and_comes_back(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let by_email = async || create(&app, &project, json!({"email": ADDRESS})).await["id"].clone();
        let (guest, user) = (by_email().await, create(&app, &project, json!({"userId": "42"})).await["id"].clone());
        app.post(&project, "/v3/sessions/merge", json!({"sourceId": guest, "targetId": user})).send().await.expect(200);
        assert_eq!(by_email().await, user, "the contact has the address of somebody known");
        let path = format!("/v3/sessions/{}", user.as_str().expect("an id"));
        let history = app.get(&project, &format!("{path}/identity-history")).send().await.expect(200);
        let merged = history["history"].as_array().expect("a list").iter().find(|change| change.get("merged").is_some());
        let merged = merged.expect("a merge")["id"].as_str().expect("an id");
        app.post(&project, &format!("{path}/identity-history/{merged}/undo"), json!({})).send().await.expect(200);
        assert_eq!(by_email().await, guest);
        // What a guest only said is no more trusted for being a user's now.
        let device = Device::start(&app, &project).await;
        device.post(&app, "/sessions/partialupdate", json!({"data": {"email": "said@example.com"}})).await.expect(200);
        device.identify(&app, json!({"userId": "43"})).await.expect(200);
        assert_eq!(create(&app, &project, json!({"email": "said@example.com"})).await.get("userId"), None);
    }

    async fn a_server_makes_a_contact_of_its_own(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let device = hijacker(&app, &project).await;
        server_identify(&app, &project, json!({"userId": "42", "email": ADDRESS, "plan": "secret"})).await.expect(200);
        let session = device.post(&app, "/sessions", json!({})).await.expect(200);
        assert_eq!((session.get("userId"), session.get("plan")), (None, None));
        let found = create(&app, &project, json!({"email": ADDRESS})).await;
        assert_eq!(found["userId"], json!("42"), "the server's word counts more than the visitor's");
        device.post(&app, "/sessions/events", json!({"events": []})).await.expect(200);
    }

    async fn a_made_up_user_is_not_found_by_its_address(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let device = Device::start(&app, &project).await;
        device.identify(&app, json!({"userId": "made-up", "email": ADDRESS})).await.expect(200);
        let contact = create(&app, &project, json!({"email": ADDRESS, "plan": "secret"})).await;
        assert_eq!(contact.get("userId"), None);
        let again = device.identify(&app, json!({"userId": "made-up"})).await.expect(200);
        assert_eq!(again.get("plan"), None);

        let proven = Device::start(&app, &project).await;
        let body = json!({"userId": "7", "userHash": user_hash(&project, "7"), "email": "seven@example.com"});
        proven.identify(&app, body).await.expect(200);
        let found = create(&app, &project, json!({"email": "seven@example.com", "plan": "pro"})).await;
        assert_eq!((&found["userId"], &found["gleapId"]), (&json!("7"), &json!(proven.gleap_id)));
    }

    async fn who_was_proven_once_has_to_be_proven_on_every_device(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let owner = Device::start(&app, &project).await;
        let proof = json!({"userId": "42", "userHash": user_hash(&project, "42")});
        owner.identify(&app, proof.clone()).await.expect(200);
        owner.identify(&app, json!({"userId": "42", "plan": "pro"})).await.expect(200);

        let stranger = Device::start(&app, &project).await;
        let known = Device::start(&app, &project).await;
        known.identify(&app, json!({"userId": "43"})).await.expect(200);
        for device in [&stranger, &known] {
            device.identify(&app, json!({"userId": "42", "name": "Eve"})).await.expect(401);
            let session = device.post(&app, "/sessions", json!({})).await.expect(200);
            assert_eq!((&session["gleapId"], session.get("name")), (&json!(device.gleap_id), None));
        }
        let session = owner.post(&app, "/sessions", json!({})).await.expect(200);
        assert_eq!((session.get("name"), &session["plan"]), (None, &json!("pro")));
        let second = stranger.identify(&app, proof).await.expect(200);
        assert_eq!(second["gleapId"], json!(owner.gleap_id));
        let listed = app.get(&project, "/v3/sessions?userId=42").send().await.expect(200);
        assert_eq!((listed[0].get("verified"), listed[0].get("emailKey")), (None, None), "the proof stays in the house");
        server_identify(&app, &project, json!({"userId": "44"})).await.expect(200);
        known.identify(&app, json!({"userId": "44"})).await.expect(200);
    }

    async fn dates_that_every_contact_has_stay(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let contact = create(&app, &project, json!({"userId": "1", "lang": "de"})).await;
        let path = format!("/v3/sessions/{}", contact["id"].as_str().expect("an id"));
        for name in ["createdAt", "lastActivity"] {
            let problem = app.put(&project, &path, json!({name: null})).send().await.expect(400);
            assert_eq!(problem["message"], format!("`{name}` cannot be taken away, send a date or leave it out"));
        }
        server_identify(&app, &project, json!({"userId": "1", "createdAt": null, "lastActivity": null})).await.expect(200);
        let changed = app.put(&project, &path, json!({"lang": null})).send().await.expect(200);
        assert_eq!((&changed["createdAt"], &changed["lang"]), (&contact["createdAt"], &json!("en")));
        assert!(changed["lastActivity"].is_string());
    }

    async fn unsubscribing_many_is_bounded_and_counts_each_once(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        create(&app, &project, json!({"userId": "1", "email": "a@example.com"})).await;
        create(&app, &project, json!({"userId": "2", "email": "A@example.com"})).await;
        let unsubscribe = |sessions: Json| app.post(&project, "/v3/sessions/unsubscribe", json!({"sessions": sessions})).send();
        let names = json!([{"userId": "1"}, {"userId": "1"}, {"email": "a@example.com"}, {"email": "A@EXAMPLE.com"}]);
        assert_eq!(unsubscribe(names).await.expect(200), json!({"success": true, "unsubscribed": 2}));
        let many: Vec<Json> = (0..501).map(|n| json!({"userId": n.to_string()})).collect();
        let problem = unsubscribe(Json::Array(many)).await.expect(400);
        assert_eq!(problem["message"], "`sessions` names more than 500 contacts, send them in parts");
    }

    async fn what_the_team_does_is_in_the_audit_log(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let target = create(&app, &project, json!({"userId": "1"})).await;
        let source = create(&app, &project, json!({"email": "a@example.com"})).await;
        app.post(&project, "/v3/sessions/merge", json!({"sourceId": source["id"], "targetId": target["id"]})).send().await.expect(200);
        let path = format!("/v3/sessions/{}/identity-history", target["id"].as_str().expect("an id"));
        let history = app.get(&project, &path).send().await.expect(200);
        let change = history["history"][0]["id"].as_str().expect("an id").to_owned();
        app.post(&project, &format!("{path}/{change}/undo"), json!({})).send().await.expect(200);
        app.post(&project, "/v3/sessions/unsubscribe", json!({"sessions": [{"userId": "1"}]})).send().await.expect(200);
        let team = app.post(&project, "/v3/teams", json!({"name": "a"})).send().await.expect(200);
        let path = format!("/v3/teams/{}", team["id"].as_str().expect("an id"));
        app.put(&project, &path, json!({"name": "b"})).send().await.expect(200);
        app.delete(&project, &path).send().await.expect(200);

        let log = crate::contacts::read(&app, &project, |tx| tx.audit_log(0, 100)).await;
        let text = |id: &Json| id.as_str().map(str::to_owned);
        let entries: Vec<_> = log.into_iter().map(|entry| (entry.action, entry.target, entry.detail)).collect();
        for expected in [
            ("contact.merged", text(&target["id"]), json!({"source": source["id"]})),
            ("contact.unmerged", text(&target["id"]), json!({"restored": source["id"], "change": change})),
            ("contacts.unsubscribed", None, json!({"contacts": 1, "unknown": 0})),
            ("team.created", text(&team["id"]), Json::Null),
            ("team.changed", text(&team["id"]), Json::Null),
            ("team.deleted", text(&team["id"]), Json::Null),
        ] {
            let expected = (expected.0.to_owned(), expected.1, expected.2);
            assert!(entries.contains(&expected), "{expected:?} in {entries:?}");
        }
    }
}
