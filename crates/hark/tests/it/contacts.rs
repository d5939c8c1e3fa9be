//! Contacts over REST v3, and what SDKs and servers may set.

use axum::http::Method;
use hark_core::contacts::{self, CONTACT, Identity, PROPERTIES, Properties, Setter, Visit};
use hark_query::Filter;
use hark_store::{Doc, EventFilter, Id, Listing, Result, SearchRequest, Tx, contact_stream, to_body};
use hark_test::{Project, TestApp, both};
use serde_json::{Value as Json, json};

/// Runs a rule on a project, as the operator.
pub(crate) async fn write<T: Send + 'static>(
    app: &TestApp,
    project: &Project,
    work: impl FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
) -> Result<T> {
    let scope = app.app.store.operator_of(project.id.parse().expect("an id")).await?;
    app.app.store.write(&scope, work).await
}

/// Reads from a project, as the operator.
pub(crate) async fn read<T: Send + 'static>(
    app: &TestApp,
    project: &Project,
    work: impl FnOnce(&hark_store::ReadTx<'_>) -> Result<T> + Send + 'static,
) -> T {
    let scope = app.app.store.operator_of(project.id.parse().expect("an id")).await.expect("a scope");
    app.app.store.read(&scope, work).await.expect("a read")
}

/// A new guest.
pub(crate) async fn guest(app: &TestApp, project: &Project) -> Doc {
    write(app, project, |tx| contacts::start(tx, &Visit::default())).await.expect("a guest")
}

/// What an SDK's identify does.
pub(crate) async fn identify(app: &TestApp, project: &Project, device: Id, user_id: &str, body: Json) -> Doc {
    let properties = Properties::from_flat(&to_body(body), Setter::Visitor);
    let identity = Identity::new(user_id, properties, false).expect("an identity");
    write(app, project, move |tx| contacts::identify(tx, device, &identity)).await.expect("a contact")
}

/// Tracks events of a contact.
pub(crate) async fn track(app: &TestApp, project: &Project, contact: Id, events: Json) -> Doc {
    let events = contacts::read_events(events.as_array().expect("a list"), app.clock.now());
    write(app, project, move |tx| contacts::track(tx, contact, &events)).await.expect("a contact")
}

pub(crate) fn id_of(contact: &Json) -> Id {
    contact["id"].as_str().and_then(Id::parse).expect("an id")
}

both! {
    async fn a_contact_is_as_old_as_it_says(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        for (name, created) in [("b", Some("2024-03-01T00:00:00.000Z")), ("now", None), ("a", Some("2019-05-04T03:02:01.000Z"))] {
            let mut body = json!({"userId": name, "name": name});
            if let Some(created) = created {
                body["createdAt"] = json!(created);
            }
            app.post(&project, "/v3/sessions", body).send().await.expect(200);
        }
        let app = &app;
        let names = async |query: &str| {
            let found = app.get(&project, &format!("/v3/sessions?{query}")).send().await.expect(200);
            let names = found.as_array().expect("contacts").iter().map(|contact| contact["name"].as_str().expect("a name"));
            names.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(names("sort=createdAt").await, "a b now");
        assert_eq!(names("sort=-createdAt&limit=2").await, "now b");
        assert_eq!(names("createdAt%3E2024-01-01T00:00:00.000Z&sort=createdAt").await, "b now");
        assert_eq!(names("createdAt%3C2024-01-01").await, "a");
        assert_eq!(names("").await, "a now b");
    }

    async fn a_contact_is_created_found_changed_and_deleted(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let body = json!({"userId": "u-1", "email": "Ann@Example.com", "name": "Ann", "colour": "red", "customData": {"tier": 2}});
        let answer = app.post(&project, "/v3/sessions", body).send().await;
        let created = answer.expect(200);
        assert_eq!(answer.header("hark-ignored-fields"), "colour");
        let path = format!("/v3/sessions/{}", created["id"].as_str().expect("an id"));

        let answer = app.get(&project, &path).send().await;
        assert_eq!(answer.expect(200), created);
        let tag = answer.header("etag").to_owned();
        let changed = app.put(&project, &path, json!({"name": null, "customData": {"tier": null, "seats": 3}})).header("If-Match", &tag).send().await.expect(200);
        assert_eq!((changed.get("name"), &changed["customData"]), (None, &json!({"seats": 3})));
        app.put(&project, &path, json!({"name": "B"})).header("If-Match", &tag).send().await.expect(409);
        app.put(&project, &path, json!({"name": "B"})).header("If-Match", "soon").send().await.expect(400);

        let listed = app.get(&project, "/v3/sessions?customData.seats=3&email=Ann%40Example.com").send().await;
        assert_eq!((listed.expect(200)[0]["id"].clone(), listed.header("x-total-count")), (created["id"].clone(), "1"));
        assert_eq!(app.get(&project, "/v3/sessions?email=ann%40example.com").send().await.expect(200), json!([]));
        let found = app.get(&project, "/v3/sessions/search?searchTerm=ann").send().await.expect(200);
        assert_eq!(found[0]["id"], created["id"]);
        assert_eq!(app.get(&project, "/v3/sessions/by-user-id/u-1").send().await.expect(200)["id"], created["id"]);
        assert_eq!(app.post(&project, "/v3/sessions/warmup", json!({})).send().await.expect(200), json!({"ok": true}));

        app.delete(&project, &path).send().await.expect(204);
        app.get(&project, &path).send().await.expect(404);
        app.delete(&project, &path).send().await.expect(404);
    }

    async fn creating_finds_by_user_id_then_by_address(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let create = async |body: Json| app.post(&project, "/v3/sessions", body).send().await.expect(200);
        let by_mail = create(json!({"email": "Ann@Example.com"})).await;
        let adopted = create(json!({"email": "ann@example.COM", "userId": "u-1", "name": "Ann"})).await;
        assert_eq!((&adopted["id"], &adopted["userId"], &adopted["email"]), (&by_mail["id"], &json!("u-1"), &json!("ann@example.COM")));
        let other = create(json!({"email": "ann@example.com", "userId": "u-2"})).await;
        assert_ne!(other["id"], by_mail["id"]);
        assert_eq!(create(json!({"userId": "u-1", "email": "new@example.com"})).await["id"], by_mail["id"]);
        assert_eq!(create(json!({"userId": 7})).await["userId"], json!("7"));
        for body in [json!({}), json!({"name": "A"}), json!({"userId": "", "email": ""})] {
            let problem = app.post(&project, "/v3/sessions", body).send().await.expect(400);
            assert_eq!(problem["message"], "a contact needs a `userId` or an `email`");
        }
        let path = format!("/v3/sessions/{}", other["id"].as_str().expect("an id"));
        app.put(&project, &path, json!({"userId": "u-1"})).send().await.expect(409);
        app.put(&project, &path, json!({"userId": null})).send().await.expect(400);
    }

    async fn a_contact_has_every_property_with_its_default(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let contact = app.post(&project, "/v3/sessions", json!({"userId": "u"})).send().await.expect(200);
        let expected = json!({
            "organisation": project.organisation, "project": project.id, "lang": "en", "value": 0, "sessions": 0,
            "countFeedbackReports": 0, "countFeedbackComments": 0, "emailOnly": false, "blocked": false, "unsubscribed": false,
            "tags": [], "customData": {}, "eventData": {}, "checklistTasks": {}, "outboundHistory": {},
        });
        for (name, value) in to_body(expected) {
            assert_eq!(contact[&name], value, "{name}");
        }
        assert_eq!(contact["gleapHash"].as_str().map(str::len), Some(64));
        assert_eq!(contact["gleapId"].as_str().map(str::len), Some(36));
        assert_eq!(contact["_id"], contact["id"]);
        assert_eq!((&contact["firstActivity"], &contact["createdAt"]), (&contact["lastActivity"], &contact["updatedAt"]));
    }

    async fn the_secret_of_devices_is_seen_only_by_who_may_change_contacts(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let contact = app.post(&project, "/v3/sessions", json!({"userId": "u-1", "name": "Ada"})).send().await.expect(200);
        let made = app.post(&project, "/v3/tokens", json!({"name": "x", "role": "VIEWER"})).send().await.expect(200);
        let viewer = made["token"].as_str().expect("a token");
        let one = format!("/v3/sessions/{}", contact["id"].as_str().expect("an id"));
        for path in ["/v3/sessions", "/v3/sessions?name=Ada", "/v3/sessions/search?searchTerm=Ada", "/v3/sessions/by-user-id/u-1", &one] {
            let first = |body: Json| if body.is_array() { body[0].clone() } else { body };
            let whole = first(app.get(&project, path).send().await.expect(200));
            assert_eq!(whole["gleapHash"], contact["gleapHash"], "{path}");
            let request = app.request(Method::GET, path).bearer(viewer).header("Project", &project.id);
            let mut expected = to_body(whole);
            expected.shift_remove("gleapHash").expect("a hash");
            assert_eq!(first(request.send().await.expect(200)), Json::Object(expected), "{path}");
        }
        for query in ["gleapHash=a", "gleapHash%3E=a", "sort=gleapHash", "sort=name,-gleapHash"] {
            let problem = app.get(&project, &format!("/v3/sessions?{query}")).send().await.expect(400);
            assert_eq!(problem["message"], "`gleapHash` cannot be filtered or sorted by, it is a secret", "{query}");
        }
    }

    async fn rest_refuses_what_does_not_fit(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let many: serde_json::Map<String, Json> = (0..36).map(|n| (format!("k{n}"), json!(n))).collect();
        for (body, part) in [
            (json!({"name": "x".repeat(201)}), "`name` is longer than 200"),
            (json!({"name": 5}), "string"),
            (json!({"value": "much"}), "`value` must be a number"),
            (json!({"createdAt": "yesterday"}), "`createdAt` must be a date"),
            (json!({"customData": {"a": [1]}}), "`customData.a`"),
            (json!({"customData": {"$a": 1}}), "cannot name a custom property"),
            (json!({"customData": {"__proto__": 1}}), "cannot name a custom property"),
            (json!({"customData": {"a": "x".repeat(1_001)}}), "`customData.a`"),
            (json!({"customData": many}), "35 custom properties"),
            (json!({"location": {"a": "x".repeat(3_000)}}), "larger than"),
            (json!({"tags": (0..101).map(|n| n.to_string()).collect::<Vec<_>>()}), "more than 100"),
        ] {
            let mut body = to_body(body);
            body.insert("email".to_owned(), json!("a@example.com"));
            let problem = app.post(&project, "/v3/sessions", Json::Object(body)).send().await.expect(400);
            assert!(problem["message"].as_str().is_some_and(|text| text.contains(part)), "{part}: {problem}");
        }
        assert_eq!(app.get(&project, "/v3/sessions").send().await.expect(200), json!([]));
    }

    async fn nobody_sets_what_is_not_theirs(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let contact = app.post(&project, "/v3/sessions", everything()).send().await.expect(200);
        let id = id_of(&contact);
        track(&app, &project, id, json!([{"name": "pageView", "data": {"page": "/"}}])).await;
        let stored = read(&app, &project, move |tx| tx.get(&CONTACT, id)).await;
        let mut forged = stored.body.clone();
        for (name, value) in &mut forged {
            *value = forge(name, value);
        }
        forged.extend(to_body(json!({"__v": 9, "emailKey": "x", "rev": 9, "secret": "x", "role": "OWNER"})));

        let path = format!("/v3/sessions/{id}");
        let changed = app.put(&project, &path, Json::Object(forged.clone())).send().await.expect(200);
        let theirs = |setter| move |name: &str| PROPERTIES.iter().any(|property| property.name == name && property.setter <= setter);
        differs_only_in(&stored.body, &changed, theirs(Setter::Team));

        let fresh = write(&app, &project, { let body = stored.body.clone(); move |tx| { let mut doc = tx.get_locked(&CONTACT, id)?; doc.body = body.clone(); tx.save(&CONTACT, doc) } }).await.expect("a contact");
        for name in OURS {
            assert_eq!(changed.get(name), stored.body.get(name), "{name}");
        }
        let visitors: Vec<&str> = PROPERTIES.iter().filter(|property| property.setter == Setter::Visitor).map(|property| property.name).collect();
        assert_eq!(visitors, VISITORS);
        for setter in [Setter::Visitor, Setter::Server] {
            for properties in [Properties::from_flat(&forged, setter), Properties::from_nested(&forged, setter)] {
                let mut body = fresh.body.clone();
                properties.apply(&mut body).expect("lenient");
                differs_only_in(&fresh.body, &Json::Object(body), theirs(setter));
            }
        }
    }

    async fn what_an_sdk_sends_comes_back_as_it_was(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let guest = guest(&app, &project).await;
        let sent = json!({
            "name": " Ann  Lee ", "email": "Ann@Example.com", "phone": 43_123_456, "value": 5, "sla": 1.5, "plan": true,
            "companyId": "c-1", "lang": "De-AT", "createdAt": "1970-01-01T00:00:00.000Z", "avatar": "https://example.com/a.png",
            "zebra": 1, "apple": "two", "mango": false, "id": "own", "tags": "vip",
        });
        let contact = identify(&app, &project, guest.id, "u-1", sent.clone()).await;
        let session = contacts::sdk_view(&contact.body);
        for (name, value) in to_body(sent) {
            let texts = [session.get(&name), session.get("customData").and_then(|custom| custom.get(&name))];
            // The text counts, because SDKs compare the text.
            let wanted = value.to_string();
            assert!(texts.iter().flatten().any(|echo| echo.to_string() == wanted), "{name}: {session:?}");
        }
        assert_eq!(session["userId"], "u-1");
        assert_eq!((&session["phone"], &session["plan"]), (&json!("43123456"), &json!("true")));

        for order in [["b", "a", "zebra"], ["zebra", "b", "a"]] {
            let custom: serde_json::Map<String, Json> = order.iter().map(|name| ((*name).to_owned(), json!(1))).collect();
            let sent = json!({"customData": custom, "lang": "pt-br"});
            let properties = Properties::from_nested(&to_body(sent), Setter::Visitor);
            let contact = write(&app, &project, move |tx| contacts::partial_update(tx, guest.id, &properties)).await.expect("a contact");
            let echoed = contact.body["customData"].as_object().expect("an object");
            assert_eq!(echoed.keys().take(3).collect::<Vec<_>>(), order.iter().collect::<Vec<_>>());
            assert_eq!(contact.text("lang"), Some("pt-br"));
        }
        let again = identify(&app, &project, guest.id, "u-1", json!({"name": " Ann  Lee ", "phone": 43_123_456})).await;
        let rev = again.rev;
        let again = identify(&app, &project, guest.id, "u-1", json!({"name": " Ann  Lee ", "phone": 43_123_456, "email": "", "plan": null})).await;
        assert_eq!((again.rev, again.text("email")), (rev, Some("Ann@Example.com")));
    }

    async fn strange_input_of_sdks_is_cut_and_never_refused(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let guest = guest(&app, &project).await;
        let mut sent = to_body(json!({
            "name": "A\u{0}nn", "value": "12.50", "sla": "soon", "company": {"id": 7, "name": "Acme"}, "nested": {"a": 1},
            "__proto__": 1, "$where": "x", "userHash": null, "gleapHash": "mine", "long": "ü".repeat(2_000), "k\u{0}ey": "v\u{0}",
        }));
        sent.extend((0..60).map(|n| (format!("k{n}"), json!(n))));
        let contact = identify(&app, &project, guest.id, "u-1", Json::Object(sent)).await;
        let custom = contact.body["customData"].as_object().expect("an object");
        assert_eq!((contact.text("name"), &contact.body["value"], contact.text("companyId"), contact.text("companyName")), (Some("Ann"), &json!(12.5), Some("7"), Some("Acme")));
        assert_eq!((custom.len(), &custom["sla"], &custom["value"], &custom["key"]), (35, &json!("soon"), &json!("12.50"), &json!("v")));
        assert_eq!(custom["long"].as_str().map(|text| text.chars().count()), Some(1_000));
        assert!(!custom.contains_key("nested") && !custom.contains_key("__proto__") && !custom.contains_key("$where"));
        assert_ne!(contact.text("gleapHash"), Some("mine"));
        let session = contacts::sdk_view(&contact.body);
        let text = Json::Object(session.clone()).to_string();
        let encoded: usize = text.bytes().map(|byte| if byte.is_ascii_alphanumeric() { 1 } else { 3 }).sum();
        assert!(encoded <= 4_000, "{encoded}");
        assert_eq!(session["customData"]["k0"], 0);
        assert!(!text.contains("null"));
    }

    async fn visits_are_counted_and_activity_is_noted_coarsely(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let device = to_body(json!({"lang": "en-us", "deviceType": "desktop", "platform": "web", "email": "no@example.com"}));
        let first = Visit { known: None, device };
        let start = { let first = first.clone(); write(&app, &project, move |tx| contacts::start(tx, &first)).await.expect("a guest") };
        assert_eq!((start.text("lang"), start.text("email"), &start.body["sessions"]), (Some("en-us"), None, &json!(1)));
        let keys = |doc: &Doc| Some((doc.text("gleapId").unwrap_or_default().to_owned(), doc.text("gleapHash").unwrap_or_default().to_owned()));
        let visit = Visit { known: keys(&start), ..first };
        let resume = async || { let visit = visit.clone(); read(&app, &project, move |tx| contacts::resume(tx, &visit)).await };
        let again = async || { let visit = visit.clone(); write(&app, &project, move |tx| contacts::start(tx, &visit)).await.expect("a contact") };
        assert_eq!(resume().await, Some(start.clone()));
        assert_eq!(again().await.rev, start.rev);
        app.clock.advance(60_000);
        assert_eq!(resume().await, None);
        let later = again().await;
        assert_eq!((later.id, later.rev, &later.body["sessions"]), (start.id, start.rev + 1, &json!(1)));
        app.clock.advance(30 * 60_000);
        assert_eq!(again().await.body["sessions"], 2);
        let wrong = Visit { known: keys(&start).map(|(id, _)| (id, "0".repeat(64))), ..visit.clone() };
        let stranger = write(&app, &project, move |tx| contacts::start(tx, &wrong)).await.expect("a guest");
        assert_ne!((stranger.id, stranger.text("gleapId")), (start.id, start.text("gleapId")));
    }

    async fn events_are_kept_counted_and_listed(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let contact = guest(&app, &project).await;
        let path = format!("/v3/sessions/{}", contact.id);
        let batch = json!([
            {"name": "pageView", "date": "2025-12-31T23:00:00.000Z", "data": {"page": "https://example.com/a"}},
            {"name": "checkout", "date": "2025-12-31T23:30:00+01:00", "data": {"total": 5}},
            {"name": "checkout", "date": "2025-12-31T22:00:00.000Z"},
            {"name": "ahead", "date": "2031-01-01T00:00:00.000Z"}, {"name": ""}, {"nothing": 1}, 7,
            {"name": "big", "date": "2025-12-30T00:00:00.000Z", "data": {"text": "x".repeat(9_000)}},
            {"name": "nul\u{0}", "date": "no date", "data": {"a\u{0}": "b\u{0}"}},
        ]);
        let doc = track(&app, &project, contact.id, batch.clone()).await;
        assert_eq!(doc.body["eventData"]["checkout"], json!({"count": 2, "first": "2025-12-31T22:00:00.000Z", "last": "2025-12-31T22:30:00.000Z"}));
        assert_eq!(doc.body["lastPageView"], json!({"page": "https://example.com/a", "date": "2025-12-31T23:00:00.000Z"}));
        assert_eq!(doc.text("firstActivity"), Some("2025-12-30T00:00:00.000Z"));
        assert_eq!(track(&app, &project, contact.id, batch).await.rev, doc.rev, "a batch that arrives twice changes nothing");

        let events = app.get(&project, &format!("{path}/events")).send().await.expect(200);
        let names: Vec<&str> = events.as_array().into_iter().flatten().filter_map(|event| event["name"].as_str()).collect();
        assert_eq!(names.len(), 6);
        assert_eq!(names[2..], ["pageView", "checkout", "checkout", "big"]);
        assert!(names[..2].contains(&"ahead") && names[..2].contains(&"nul"));
        assert_eq!(events[5].get("data"), None);
        let one = app.get(&project, &format!("{path}/events?name=checkout&limit=1&before=2025-12-31T22:30:00Z")).send().await.expect(200);
        assert_eq!(one, json!([{"name": "checkout", "date": "2025-12-31T22:00:00.000Z"}]));
        app.get(&project, &format!("{path}/events?before=later")).send().await.expect(400);

        identify(&app, &project, contact.id, "u-1", json!({"email": "a@example.com"})).await;
        let activities = app.get(&project, &format!("{path}/activities?limit=20")).send().await.expect(200);
        let kinds: Vec<&str> = activities.as_array().into_iter().flatten().filter_map(|activity| activity["type"].as_str()).collect();
        assert_eq!(kinds, ["event", "event", "identity", "created", "event", "event", "event", "event"]);
        assert_eq!(activities[2]["data"]["changes"]["userId"], json!({"to": "u-1"}));
        assert_eq!(app.get(&project, &format!("{path}/checklists")).send().await.expect(200), json!([]));
    }

    async fn events_of_one_moment_are_paged_and_none_is_lost(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let contact = guest(&app, &project).await;
        let path = format!("/v3/sessions/{}", contact.id);
        let at = |number: usize| json!({"name": format!("e{number}"), "date": "2025-12-31T23:00:00.000Z"});
        track(&app, &project, contact.id, (0..7).map(at).collect()).await;
        let (mut seen, mut query) = (Vec::new(), "limit=3".to_owned());
        loop {
            let answer = app.get(&project, &format!("{path}/events?{query}")).send().await;
            let page = answer.expect(200);
            seen.extend(page.as_array().into_iter().flatten().map(|event| event["name"].to_string()));
            assert!(seen.len() <= 7, "a page came twice: {seen:?}");
            match answer.header("x-next-cursor") {
                "" => break,
                cursor => query = format!("limit=3&cursor={cursor}"),
            }
        }
        seen.sort();
        assert_eq!(seen, ["\"e0\"", "\"e1\"", "\"e2\"", "\"e3\"", "\"e4\"", "\"e5\"", "\"e6\""]);
        for query in ["events?plan=pro", "events?sort=name", "events?skip=1", "events?archived=true", "events?cursor=abc", "events?cursor=1",
            "activities?name=e1", "activities?sort=date", "activities?skip=1", "activities?cursor=1.1"] {
            let refused = app.get(&project, &format!("{path}/{query}")).send().await.expect(400);
            assert!(refused["message"].as_str().is_some_and(|text| text.contains("cursor") || text.contains("before")), "{query}: {refused}");
        }
    }

    async fn server_events_find_or_make_their_contact(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let many: serde_json::Map<String, Json> = (0..12).map(|n| (format!("k{n}"), json!(n))).collect();
        let event = contacts::read_server_event(&json!({"name": "a.b$c", "data": many}), app.clock.now()).expect("an event");
        assert_eq!((event.name.as_str(), event.data.as_ref().and_then(Json::as_object).map(serde_json::Map::len)), ("a-b-c", Some(10)));
        for _ in 0..2 {
            let events = vec![event.clone()];
            write(&app, &project, move |tx| contacts::track_user(tx, "u-9", &events)).await.expect("a contact");
        }
        let contact = app.get(&project, "/v3/sessions/by-user-id/u-9").send().await.expect(200);
        assert_eq!(contact["eventData"]["a-b-c"]["count"], 1);
    }

    async fn contacts_are_unsubscribed_and_subscribed_again(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        for body in [json!({"userId": "u/1 é"}), json!({"email": "B@example.com"}), json!({"email": "b@example.com", "userId": "u-3"})] {
            app.post(&project, "/v3/sessions", body).send().await.expect(200);
        }
        let wish = json!({"reason": "too many", "sessions": [{"userId": "u/1 é"}, {"email": "b@EXAMPLE.com"}]});
        let done = app.post(&project, "/v3/sessions/unsubscribe", wish).send().await.expect(200);
        assert_eq!(done, json!({"success": true, "unsubscribed": 2}));
        let one = app.get(&project, "/v3/sessions/by-user-id/u%2F1%20%C3%A9").send().await.expect(200);
        assert_eq!((&one["unsubscribed"], &one["unsubscribeReason"], &one["unsubscribedAt"]), (&json!(true), &json!("too many"), &one["updatedAt"]));
        let path = format!("/v3/sessions/{}", one["id"].as_str().expect("an id"));
        assert_eq!(app.put(&project, &format!("{path}/resubscribe"), json!({})).send().await.expect(200), json!(true));
        let one = app.get(&project, &path).send().await.expect(200);
        assert_eq!((&one["unsubscribed"], one.get("unsubscribedAt"), one.get("unsubscribeReason")), (&json!(false), None, None));
        let nobody = json!({"sessions": [{"userId": "nobody"}, {}]});
        assert_eq!(app.post(&project, "/v3/sessions/unsubscribe", nobody).send().await.expect(200), json!({"success": false, "unsubscribed": 0}));
    }

    async fn deleting_a_contact_leaves_a_receipt_and_nothing_else(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let secret = "zyzzyva";
        let other = guest(&app, &project).await;
        let known = identify(&app, &project, other.id, secret, json!({"name": secret, "email": format!("{secret}@example.com")})).await;
        let second = guest(&app, &project).await;
        track(&app, &project, second.id, json!([{"name": secret, "data": {"page": secret}}])).await;
        identify(&app, &project, second.id, secret, json!({})).await;
        let id = known.id;
        app.post(&project, &format!("/v3/sessions/{id}/memory"), json!({"name": secret, "content": secret})).send().await.expect(200);
        write(&app, &project, move |tx| { tx.publish(contact_stream(id), "update", json!({"text": "zyzzyva"})); Ok(()) }).await.expect("an event");

        app.delete(&project, &format!("/v3/sessions/{id}")).send().await.expect(204);
        let rest = read(&app, &project, move |tx| {
            let mut rest = Vec::new();
            for kind in hark_core::KINDS.iter().copied() {
                rest.extend(tx.list(kind, &Listing::new(Filter::everything(), 1_000))?.docs.iter().map(|doc| format!("{} {:?}", kind.name, doc.body)));
            }
            rest.extend(tx.contact_events(id, &EventFilter::default(), 100)?.iter().map(|event| format!("{event:?}")));
            rest.extend(tx.stream_after(&contact_stream(id), 0, 100)?.iter().map(|event| format!("{event:?}")));
            rest.extend(tx.stream_after(hark_store::PROJECT_STREAM, 0, 1_000)?.iter().map(|event| format!("{event:?}")));
            let request = SearchRequest { text: "zyzzyva".to_owned(), limit: 10, skip: 0 };
            rest.extend(tx.search(&CONTACT, &request)?.iter().map(|hit| format!("found zyzzyva {hit:?}")));
            Ok(rest)
        }).await;
        let traces: Vec<&String> = rest.iter().filter(|text| text.contains(secret)).collect();
        assert!(traces.is_empty(), "{traces:#?}");
        let log = read(&app, &project, |tx| tx.audit_log(0, 100)).await;
        let receipt = log.iter().find(|entry| entry.action == "contact.deleted").expect("a receipt");
        assert_eq!(receipt.target, Some(id.to_string()));
        assert_eq!(receipt.detail, json!({"events": 1, "memory": 1, "identityChanges": 2, "devices": 1, "files": 0, "tickets": 0, "messages": 0, "votes": 0, "notes": 0}));
    }
}

/// What nobody sets through a body.
const OURS: [&str; 15] = [
    "_id",
    "id",
    "project",
    "organisation",
    "gleapId",
    "gleapHash",
    "sessions",
    "countFeedbackReports",
    "countFeedbackComments",
    "firstActivity",
    "eventData",
    "checklistTasks",
    "outboundHistory",
    "emailKey",
    "role",
];
/// What a visitor's SDK sets.
const VISITORS: [&str; 13] = [
    "name",
    "email",
    "phone",
    "avatar",
    "lang",
    "companyId",
    "companyName",
    "plan",
    "value",
    "sla",
    "createdAt",
    "deviceType",
    "platform",
];

/// A body that sets whatever REST may set.
fn everything() -> Json {
    json!({
        "userId": "u-1", "name": "Ann", "email": "ann@example.com", "phone": "+43 1", "avatar": "https://example.com/a.png", "lang": "de",
        "companyId": "c", "companyName": "Acme", "plan": "pro", "value": 5, "sla": 60, "createdAt": "2020-01-01T00:00:00.000Z",
        "lastActivity": "2025-01-01T00:00:00.000Z", "lastPageView": {"page": "/", "date": "2020-01-01T00:00:00.000Z"}, "deviceType": "mobile", "platform": "ios",
        "tags": ["a"], "location": {"city": "Graz"}, "blocked": true, "emailOnly": true, "unsubscribed": true, "unsubscribeReason": "no",
        "facebookId": "f", "instagramId": "i", "instagramUsername": "iu", "telegramChatId": "t", "telegramUsername": "tu",
    })
}

/// Another value of the same type, so that it would be accepted if it were allowed.
fn forge(name: &str, value: &Json) -> Json {
    match value {
        Json::String(text) if hark_query::dates::is_canonical(text) => json!("2001-01-01T00:00:00.000Z"),
        Json::String(_) => json!(format!("forged {name}")),
        Json::Number(_) => json!(999),
        Json::Bool(value) => json!(!value),
        Json::Array(_) => json!(["forged"]),
        Json::Object(_) | Json::Null => json!({"forged": "yes"}),
    }
}

#[track_caller]
fn differs_only_in(before: &hark_store::Body, after: &Json, allowed: impl Fn(&str) -> bool) {
    let after = after.as_object().expect("an object");
    for name in before.keys().chain(after.keys()) {
        let free = allowed(name) || ["customData", "updatedAt", "unsubscribedAt"].contains(&name.as_str());
        assert!(free || before.get(name) == after.get(name), "{name} was set: {:?}", after.get(name));
        let set = before.get(name) != after.get(name);
        assert!(set || !allowed(name), "{name} may be set and was not");
    }
}
