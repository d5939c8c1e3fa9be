//! Who a contact is: identify, merges, their history, and how they are undone.

use hark_core::contacts::{self, CONTACT, CONTACT_ALIAS, Identity, Properties, Visit};
use hark_query::Filter;
use hark_store::{Doc, EventFilter, Id, Listing};
use hark_test::{Project, TestApp, both};
use serde_json::{Value as Json, json};

use crate::contacts::{guest, identify, read, track, write};

async fn all(app: &TestApp, project: &Project) -> Vec<Doc> {
    read(app, project, |tx| Ok(tx.list(&CONTACT, &Listing::new(Filter::everything(), 1_000))?.docs)).await
}

async fn get(app: &TestApp, project: &Project, id: Id) -> Doc {
    read(app, project, move |tx| tx.get(&CONTACT, id)).await
}

async fn history(app: &TestApp, project: &Project, id: Id) -> Vec<Json> {
    let answer = app.get(project, &format!("/v3/sessions/{id}/identity-history")).send().await.expect(200);
    answer["history"].as_array().expect("a list").clone()
}

async fn known(app: &TestApp, project: &Project, device: &Doc) -> Option<Id> {
    let keys =
        [device.text("gleapId"), device.text("gleapHash")].map(|text| text.unwrap_or_default().to_owned());
    read(app, project, move |tx| Ok(contacts::known(tx, &keys[0], &keys[1])?.map(|contact| contact.id))).await
}

/// A contact without what every save changes.
fn settled(doc: &Doc) -> Json {
    let mut body = doc.body.clone();
    body.shift_remove("updatedAt");
    Json::Object(body)
}

/// A guest with events, tags and properties, and a known contact with some of its own.
async fn couple(app: &TestApp, project: &Project) -> (Doc, Doc) {
    let user = guest(app, project).await;
    identify(app, project, user.id, "u-1", json!({"name": "Ann", "seats": 3})).await;
    track(app, project, user.id, json!([{"name": "login", "date": "2025-01-01T00:00:00.000Z"}, {"name": "same", "date": "2025-02-01T00:00:00.000Z"}])).await;
    app.put(project, &format!("/v3/sessions/{}", user.id), json!({"tags": ["vip"]})).send().await.expect(200);
    let other = guest(app, project).await;
    let body = json!({"name": "Anonymous", "email": "ann@example.com", "plan": "pro", "tags": ["lead", "vip"], "lang": "de", "customData": {"seats": 9, "source": "ad"}});
    app.put(project, &format!("/v3/sessions/{}", other.id), body).send().await.expect(200);
    track(app, project, other.id, json!([{"name": "login", "date": "2024-01-01T00:00:00.000Z"}, {"name": "same", "date": "2025-02-01T00:00:00.000Z"}, {"name": "trial"}])).await;
    (get(app, project, other.id).await, get(app, project, user.id).await)
}

both! {
    async fn a_guest_becomes_the_user_it_says_it_is(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let device = guest(&app, &project).await;
        let user = identify(&app, &project, device.id, "u-1", json!({"email": "a@example.com"})).await;
        assert_eq!((user.id, user.text("gleapHash")), (device.id, device.text("gleapHash")));
        let changes = history(&app, &project, user.id).await;
        assert_eq!(changes[0]["changes"], json!({"email": {"to": "a@example.com"}, "userId": {"to": "u-1"}}));
        assert_eq!(changes[0]["by"], json!({"source": "system", "method": "identify", "verified": false}));
        let again = identify(&app, &project, device.id, "u-1", json!({"email": "b@example.com"})).await;
        assert_eq!(again.id, user.id);
        let changes = history(&app, &project, user.id).await;
        assert_eq!((changes.len(), &changes[0]["changes"]), (2, &json!({"email": {"from": "a@example.com", "to": "b@example.com"}})));
        let answer = app.get(&project, &format!("/v3/sessions/{}", user.id)).send().await.expect(200);
        assert_eq!(answer.get("identityHistory"), None);
    }

    async fn a_guest_is_merged_into_the_known_contact(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let (device, user) = couple(&app, &project).await;
        let merged = identify(&app, &project, device.id, "u-1", json!({"phone": "1"})).await;
        assert_eq!((merged.id, merged.text("gleapHash")), (user.id, user.text("gleapHash")));
        let body = &merged.body;
        assert_eq!((merged.text("name"), merged.text("email"), merged.text("plan"), merged.text("phone"), merged.text("lang")), (Some("Ann"), Some("ann@example.com"), Some("pro"), Some("1"), Some("de")));
        assert_eq!((&body["tags"], &body["customData"]), (&json!(["vip", "lead"]), &json!({"seats": 3, "source": "ad"})));
        assert_eq!((&body["sessions"], body["eventData"]["login"]["count"].as_u64()), (&json!(2), Some(2)));
        assert_eq!(all(&app, &project).await.len(), 1);
        let events = read(&app, &project, move |tx| tx.contact_events(user.id, &EventFilter::default(), 10)).await;
        assert_eq!(events.iter().map(|event| event.name.as_str()).collect::<Vec<_>>(), ["trial", "same", "login", "login"]);

        assert_eq!(known(&app, &project, &device).await, Some(user.id), "the guest's device is the user now");
        let keys = (device.text("gleapId").unwrap_or_default().to_owned(), device.text("gleapHash").unwrap_or_default().to_owned());
        let resumed = write(&app, &project, move |tx| contacts::start(tx, &Visit { known: Some(keys.clone()), ..Visit::default() })).await.expect("a contact");
        assert_eq!(resumed.text("gleapId"), user.text("gleapId"));
    }

    async fn known_users_are_never_merged(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let device = guest(&app, &project).await;
        let first = identify(&app, &project, device.id, "u-1", json!({"name": "One"})).await;
        let second = identify(&app, &project, first.id, "u-2", json!({"name": "Two"})).await;
        assert_ne!((first.id, first.text("gleapId")), (second.id, second.text("gleapId")));
        let back = identify(&app, &project, second.id, "u-1", json!({})).await;
        assert_eq!((back.id, back.text("name")), (first.id, Some("One")));
        let names: Vec<Json> = all(&app, &project).await.iter().map(|doc| doc.body["name"].clone()).collect();
        assert_eq!(names.len(), 2);
        let merge = |source: Id, target: Id| app.post(&project, "/v3/sessions/merge", json!({"sourceId": source, "targetId": target}));
        merge(first.id, second.id).send().await.expect(400);
        merge(first.id, first.id).send().await.expect(400);
        let other = guest(&app, &project).await;
        assert_eq!(merge(other.id, second.id).send().await.expect(200)["id"], second.id.to_string());
        merge(other.id, second.id).send().await.expect(404);
        let gone = identify(&app, &project, other.id, "u-3", json!({})).await;
        assert_eq!(gone.text("userId"), Some("u-3"), "a device whose contact is gone gets a new one");
    }

    async fn devices_that_identify_at_once_become_one_contact(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let scope = app.app.store.operator_of(project.id.parse().expect("an id")).await.expect("a scope");
        for round in 0..25 {
            let mut tasks = Vec::new();
            for device in 0..3 {
                let device_id = guest(&app, &project).await.id;
                track(&app, &project, device_id, json!([{"name": format!("device-{device}")}])).await;
                let (store, scope) = (app.app.store.clone(), scope.clone());
                let identity = Identity::new(&format!("user-{round}"), Properties::default(), false).expect("an identity");
                tasks.push(tokio::spawn(async move {
                    store.write(&scope, move |tx| contacts::identify(tx, device_id, &identity)).await
                }));
            }
            let mut ids = Vec::new();
            for task in tasks {
                ids.push(task.await.expect("a task").expect("a contact").id);
            }
            assert!(ids.iter().all(|id| *id == ids[0]), "round {round}: {ids:?}");
            let contact = get(&app, &project, ids[0]).await;
            assert_eq!(contact.body["eventData"].as_object().map(serde_json::Map::len), Some(3));
            let events = read(&app, &project, move |tx| tx.contact_events(contact.id, &EventFilter::default(), 10)).await;
            assert_eq!(events.len(), 3);
        }
        assert_eq!(all(&app, &project).await.len(), 25);
    }

    async fn contacts_that_are_created_at_once_are_one(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        for round in 0..10 {
            for body in [json!({"userId": format!("u-{round}")}), json!({"email": format!("m-{round}@example.com")})] {
                let tasks: Vec<_> = (0..4).map(|_| tokio::spawn(app.post(&project, "/v3/sessions", body.clone()).send())).collect();
                let mut ids = Vec::new();
                for task in tasks {
                    ids.push(task.await.expect("a task").expect(200)["id"].clone());
                }
                assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
            }
        }
    }

    async fn a_merge_is_undone_to_the_last_property(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let (device, user) = couple(&app, &project).await;
        app.post(&project, "/v3/sessions/merge", json!({"sourceId": device.id, "targetId": user.id})).send().await.expect(200);
        assert_ne!(settled(&get(&app, &project, user.id).await), settled(&user));
        let changes = history(&app, &project, user.id).await;
        assert_eq!((&changes[0]["by"]["method"], &changes[0]["by"]["source"]), (&json!("merge"), &json!("api")));
        assert_eq!(changes[0]["merged"], json!({"contact": device.id, "name": "Anonymous", "email": "ann@example.com"}));
        assert!(changes[0].get("former").is_none());
        let undo = format!("/v3/sessions/{}/identity-history/{}/undo", user.id, changes[0]["id"].as_str().expect("an id"));

        let restored = app.post(&project, &undo, json!({})).send().await.expect(200);
        assert_eq!(restored["id"], device.id.to_string());
        assert_eq!(settled(&get(&app, &project, device.id).await), settled(&device));
        assert_eq!(settled(&get(&app, &project, user.id).await), settled(&user));
        assert_eq!(known(&app, &project, &device).await, Some(device.id));
        for (id, names) in [(device.id, vec!["trial", "login"]), (user.id, vec!["same", "login"])] {
            let events = read(&app, &project, move |tx| tx.contact_events(id, &EventFilter::default(), 10)).await;
            assert_eq!(events.iter().map(|event| event.name.as_str()).collect::<Vec<_>>(), names);
        }
        assert!(history(&app, &project, user.id).await[0]["undoneAt"].is_string());
        let refused = app.post(&project, &undo, json!({})).send().await.expect(400);
        assert_eq!(refused["message"], "this merge was undone already");
        let other = format!("/v3/sessions/{}/identity-history/{}/undo", device.id, changes[0]["id"].as_str().expect("an id"));
        app.post(&project, &other, json!({})).send().await.expect(404);
    }

    async fn nothing_stays_behind_under_the_id_of_a_merged_guest(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let (device, user) = couple(&app, &project).await;
        let earlier = guest(&app, &project).await;
        let merge = async |source: Id, target: Id| {
            app.post(&project, "/v3/sessions/merge", json!({"sourceId": source, "targetId": target})).send().await.expect(200);
        };
        merge(earlier.id, device.id).await;
        let first = history(&app, &project, device.id).await[0]["id"].as_str().expect("an id").to_owned();
        let of_guest = move |tx: &mut hark_store::Tx<'_>| {
            hark_core::updates::tell(tx, device.id, hark_store::to_body(json!({"u": 1})));
            Ok(())
        };
        write(&app, &project, of_guest).await.expect("news");
        let known = history(&app, &project, user.id).await.len();
        merge(device.id, user.id).await;

        let undo = |contact: Id, change: &str| app.post(&project, &format!("/v3/sessions/{contact}/identity-history/{change}/undo"), json!({}));
        let merged = history(&app, &project, user.id).await;
        assert!(merged.len() > known + 1, "{merged:?}");
        let refused = undo(user.id, &first).send().await.expect(400);
        assert!(refused["message"].as_str().is_some_and(|text| text.contains(&device.id.to_string())), "{refused}");
        let left = async |of: Id| {
            read(&app, &project, move |tx| {
                let rows = tx.all_by(&contacts::IDENTITY_CHANGE, "contact", &of.to_string(), 1_000)?.len();
                Ok((rows, tx.stream_position(&hark_store::contact_stream(of))?.seq))
            }).await
        };
        assert_eq!((left(device.id).await, left(earlier.id).await), ((0, 0), (0, 0)));

        // Undone, each has its own again, and the first merge can be undone, too.
        undo(user.id, merged[0]["id"].as_str().expect("an id")).send().await.expect(200);
        assert_eq!(history(&app, &project, user.id).await.len(), known + 1);
        undo(device.id, &first).send().await.expect(200);
        merge(earlier.id, device.id).await;
        merge(device.id, user.id).await;
        app.delete(&project, &format!("/v3/sessions/{}", user.id)).send().await.expect(204);
        let rows = read(&app, &project, |tx| Ok(tx.list(&contacts::IDENTITY_CHANGE, &Listing::new(Filter::everything(), 1_000))?.docs.len())).await;
        assert_eq!(rows, 0);
    }

    async fn who_wants_no_mail_gets_none_after_a_merge(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let (device, user) = couple(&app, &project).await;
        let no = json!({"unsubscribed": true, "unsubscribeReason": "too many"});
        app.put(&project, &format!("/v3/sessions/{}", device.id), no).send().await.expect(200);
        let since = get(&app, &project, device.id).await.body["unsubscribedAt"].clone();
        app.clock.advance(1_000);
        let merged = identify(&app, &project, device.id, "u-1", json!({})).await;
        let said = |doc: &Doc| ["unsubscribed", "unsubscribedAt", "unsubscribeReason"].map(|name| doc.body.get(name).cloned());
        assert_eq!((merged.id, said(&merged)), (user.id, [Some(json!(true)), Some(since.clone()), Some(json!("too many"))]));

        let undo = async || {
            let change = history(&app, &project, user.id).await.into_iter().find(|change| change.get("merged").is_some());
            let change = change.expect("a merge")["id"].as_str().expect("an id").to_owned();
            app.post(&project, &format!("/v3/sessions/{}/identity-history/{change}/undo", user.id), json!({})).send().await.expect(200);
        };
        undo().await;
        assert_eq!(said(&get(&app, &project, user.id).await), [Some(json!(false)), None, None]);
        assert_eq!(said(&get(&app, &project, device.id).await)[1], Some(since));

        // Nor is taken back what the contact said itself later, after it wanted mail again.
        app.clock.advance(1_000);
        identify(&app, &project, device.id, "u-1", json!({})).await;
        for wish in [false, true] {
            app.clock.advance(1_000);
            app.put(&project, &format!("/v3/sessions/{}", user.id), json!({"unsubscribed": wish})).send().await.expect(200);
        }
        let own = said(&get(&app, &project, user.id).await);
        undo().await;
        assert_eq!(said(&get(&app, &project, user.id).await), own);

        // What the contact said itself stays its own: its moment and its reason.
        app.put(&project, &format!("/v3/sessions/{}", user.id), json!({"unsubscribed": true})).send().await.expect(200);
        let own = said(&get(&app, &project, user.id).await);
        assert_eq!(said(&identify(&app, &project, device.id, "u-1", json!({})).await), own);
        undo().await;
        assert_eq!(said(&get(&app, &project, user.id).await), own);
    }

    async fn undoing_a_merge_keeps_what_happened_since(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let (device, user) = couple(&app, &project).await;
        let earlier = guest(&app, &project).await;
        let merge = async |source: Id, target: Id| {
            app.post(&project, "/v3/sessions/merge", json!({"sourceId": source, "targetId": target})).send().await.expect(200);
        };
        merge(earlier.id, device.id).await;
        let device = get(&app, &project, device.id).await;
        merge(device.id, user.id).await;
        assert_eq!(known(&app, &project, &earlier).await, Some(user.id));
        let path = format!("/v3/sessions/{}", user.id);
        app.put(&project, &path, json!({"plan": "team", "tags": ["vip", "lead", "new"], "customData": {"since": true}})).send().await.expect(200);
        track(&app, &project, user.id, json!([{"name": "login", "date": "2025-06-01T00:00:00.000Z"}])).await;

        let changes = history(&app, &project, user.id).await;
        let merged = changes.iter().find(|change| change.get("merged").is_some()).expect("a merge");
        app.post(&project, &format!("{path}/identity-history/{}/undo", merged["id"].as_str().expect("an id")), json!({})).send().await.expect(200);
        let after = get(&app, &project, user.id).await;
        assert_eq!((after.text("plan"), after.text("email"), &after.body["tags"]), (Some("team"), None, &json!(["vip", "new"])));
        assert_eq!(after.body["customData"], json!({"seats": 3, "since": true}));
        assert_eq!((&after.body["eventData"]["login"]["count"], after.body["eventData"].get("trial")), (&json!(2), None));
        assert_eq!(settled(&get(&app, &project, device.id).await), settled(&device));
        assert_eq!(known(&app, &project, &earlier).await, Some(device.id), "devices of the guest go with it");
    }

    async fn history_and_devices_of_a_contact_are_bounded(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let user = guest(&app, &project).await;
        identify(&app, &project, user.id, "u-1", json!({})).await;
        let first = guest(&app, &project).await;
        identify(&app, &project, first.id, "u-1", json!({})).await;
        write(&app, &project, move |tx| {
            let identity = Identity::new("u-1", Properties::default(), false)?;
            for _ in 0..210 {
                let device = contacts::start(tx, &Visit::default())?;
                contacts::identify(tx, device.id, &identity)?;
            }
            Ok(())
        }).await.expect("many devices");
        assert_eq!(history(&app, &project, user.id).await.len(), 200);
        let aliases = read(&app, &project, move |tx| tx.all_by(&CONTACT_ALIAS, "contact", &user.id.to_string(), 1_000)).await;
        assert_eq!(aliases.len(), 200);
        assert_eq!(known(&app, &project, &first).await, None);
    }
}
