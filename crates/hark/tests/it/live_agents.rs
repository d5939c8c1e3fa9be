//! The agents' socket on a real port: who may follow what, what they are told, and how it ends.

use std::net::SocketAddr;
use std::time::Duration;

use axum::http::Method;
use hark_api::Timing;
use hark_test::{Engine, PATIENCE, Project, TestApp, both, eventually};
use serde_json::{Value as Json, json};

use crate::people::{Person, member, owner, role};
use crate::pusher::{Came, Pusher, data};
use crate::sdk_socket::listen;

both! {
    async fn a_client_is_told_what_changes_in_numbered_events(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let address = listen(app.router.clone()).await;
        let channel = format!("private-project-{}", project.id);
        let (mut first, _) = follow(&app, &project, address, &channel, None).await;
        let (mut second, _) = follow(&app, &project, address, &channel, None).await;
        let mut ids = Vec::new();
        for n in 0..300 {
            let team = app.post(&project, "/v3/teams", json!({"name": format!("Team {n}")})).send().await.expect(200);
            ids.push(team["id"].clone());
        }
        for pusher in [&mut first, &mut second] {
            for (n, id) in ids.iter().enumerate() {
                let event = pusher.event("team.created").await;
                assert_eq!((&event["id"], &event["seq"]), (id, &json!(n + 1)));
            }
        }
        let unsubscribe = json!({"event": "pusher:unsubscribe", "data": {"channel": channel}});
        first.send(unsubscribe).await;
        first.settle().await;
        app.post(&project, "/v3/teams", json!({"name": "x"})).send().await.expect(200);
        assert_eq!(second.event("team.created").await["seq"], json!(301));
        first.settle().await;
        first.send(json!({"event": "pusher:subscribe", "data": {"channel": channel}})).await;
        assert_eq!(first.event("pusher:subscription_error").await["status"], json!(401), "nothing came before");
    }

    async fn the_protocol_is_spoken_as_clients_expect(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let address = listen(app.router.clone()).await.to_string();
        let refused = Pusher::try_connect(&address, "no-key").await.err().expect("a refusal");
        assert!(matches!(&refused, Came::Frame(frame) if data(frame)["code"] == 4001), "{refused:?}");
        let mut pusher = Pusher::connect(&address, &project.keys.sdk_key).await;
        let halves: Vec<&str> = pusher.id.split('.').collect();
        assert!(halves.len() == 2 && halves.iter().all(|half| half.parse::<u64>().is_ok()), "{}", pusher.id);
        for odd in ["", "null", "[", "{\"event\":\"x\"}", "{\"event\":\"pusher:subscribe\",\"data\":\"{\"}"] {
            pusher.send_text(odd.to_owned()).await;
            let error = pusher.event("pusher:error").await;
            assert!(error["code"].is_null() && error["message"].is_string(), "{odd}: {error}");
        }
        pusher.send(json!({"event": "pusher:pong", "data": {}})).await;
        let (ticket, id) = (ticket(&app, &project, "session-auth", json!({"socket_id": pusher.id})).await, pusher.id.clone());
        let sign_in = json!({"event": "pusher:signin", "data": ticket});
        pusher.send(sign_in.clone()).await;
        let signed_in = pusher.event("pusher:signin_success").await;
        assert_eq!(signed_in["user_data"], ticket["user_data"]);
        let user: Json = serde_json::from_str(ticket["user_data"].as_str().expect("a text")).expect("JSON");
        let own = format!("#server-to-user-{}", user["id"].as_str().expect("an id"));
        pusher.send(json!({"event": "pusher:subscribe", "data": {"channel": own, "auth": ""}})).await;
        pusher.event("pusher_internal:subscription_succeeded").await;

        let mut other = Pusher::connect(&address, &project.keys.sdk_key).await;
        assert_ne!(other.id, id);
        other.send(sign_in).await;
        assert_eq!(other.event("pusher:error").await["code"], json!(4009), "a ticket is for one socket");
        other.send(json!({"event": "pusher:subscribe", "data": {"channel": own, "auth": ""}})).await;
        other.event("pusher:subscription_error").await;
        other.send_text("x".repeat(20_000)).await;
        assert_eq!(other.end().await, 0, "a frame that is too large ends the connection");
        app.request(Method::GET, &format!("/app/{}", project.keys.sdk_key)).send().await.expect(426);
    }

    async fn tickets_are_for_one_socket_one_channel_and_one_project(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let (mine, foreign) = (app.project().await, app.project().await);
        let address = listen(app.router.clone()).await.to_string();
        let mut pusher = Pusher::connect(&address, &mine.keys.sdk_key).await;
        let (channel, other) = (format!("private-project-{}", mine.id), format!("private-project-{}", foreign.id));
        let theirs = ticket_for(&app, &foreign, &pusher, &other).await;
        // The project of the connection is another one than that of the ticket.
        pusher.subscribe(&other, &theirs, None).await;
        assert_eq!(pusher.event("pusher:subscription_error").await["status"], json!(403));
        let own = ticket_for(&app, &mine, &pusher, &channel).await;
        for (name, ticket) in [(&channel, &theirs), (&other, &own), (&channel, &json!({"auth": ""}))] {
            pusher.subscribe(name, ticket, None).await;
            assert_eq!(pusher.event("pusher:subscription_error").await["status"], json!(401));
        }
        pusher.subscribe(&channel, &own, None).await;
        pusher.event("pusher_internal:subscription_succeeded").await;
        pusher.subscribe(&channel, &own, None).await;
        assert_eq!(pusher.event("pusher:subscription_error").await["status"], json!(400));
        app.post(&foreign, "/v3/teams", json!({"name": "x"})).send().await.expect(200);
        app.post(&mine, "/v3/teams", json!({"name": "x"})).send().await.expect(200);
        assert_eq!(pusher.event("team.created").await["seq"], json!(1));
    }

    async fn a_client_that_comes_back_goes_on_where_it_was(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let address = listen(app.router.clone()).await;
        let channel = format!("private-project-{}", project.id);
        let (_, at) = follow(&app, &project, address, &channel, None).await;
        assert_eq!(at, json!({"epoch": "", "seq": 0}));
        for n in 0..450 {
            app.post(&project, "/v3/teams", json!({"name": format!("Team {n}")})).send().await.expect(200);
        }
        let feed = app.get(&project, "/v3/changes?after=0&limit=1000").send().await.expect(200);
        let epoch = feed["epoch"].clone();
        for seen in [at, json!({"epoch": epoch, "seq": 7}), json!({"epoch": epoch, "seq": 449}), json!({"epoch": epoch, "seq": 450})] {
            let (mut pusher, begun) = follow(&app, &project, address, &channel, Some(seen.clone())).await;
            assert_eq!(begun, json!({"epoch": epoch, "seq": seen["seq"]}));
            for seq in seen["seq"].as_i64().expect("a number") + 1..=450 {
                let event = pusher.event("team.created").await;
                assert_eq!((&event["seq"], &event["epoch"]), (&json!(seq), &epoch));
                assert_eq!(event["id"], feed["changes"][seq as usize - 1]["id"]);
            }
        }
        // The ticket can carry the place too, for clients that cannot change what they send.
        let mut pusher = Pusher::connect(&address.to_string(), &project.keys.sdk_key).await;
        let ask = json!({"socket_id": pusher.id, "channel_name": channel, "resume": {"epoch": epoch, "seq": 440}});
        let ticket = ticket(&app, &project, "session-channel-auth", ask).await;
        pusher.subscribe(&channel, &ticket, None).await;
        for seq in 441..=450 {
            assert_eq!(pusher.event("team.created").await["seq"], json!(seq));
        }
        for odd in [json!({"epoch": "other", "seq": 7}), json!({"epoch": epoch, "seq": 451}), json!({"epoch": epoch, "seq": -1}), json!({"epoch": epoch, "seq": i64::MIN})] {
            let (mut pusher, begun) = follow(&app, &project, address, &channel, Some(odd.clone())).await;
            assert_eq!(begun, json!({"epoch": epoch, "seq": 450}), "{odd}");
            assert_eq!(pusher.event("hark:reset").await, begun);
        }
        trim(&app, &project, 5).await;
        for (seq, kept) in [(444, false), (445, true)] {
            let (mut pusher, _) = follow(&app, &project, address, &channel, Some(json!({"epoch": epoch, "seq": seq}))).await;
            let first = pusher.next().await;
            assert!(matches!(&first, Came::Frame(frame) if frame["event"] == if kept { "team.created" } else { "hark:reset" }), "{first:?}");
        }
    }

    async fn events_are_kept_for_a_week(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let team = async || app.post(&project, "/v3/teams", json!({"name": "x"})).send().await.expect(200);
        for _ in 0..3 {
            team().await;
        }
        app.clock.advance(6 * 24 * 60 * 60 * 1_000);
        team().await;
        app.clock.advance(2 * 24 * 60 * 60 * 1_000);
        hark_api::live::trim(&app.app.store).await.expect("a trimmed feed");
        let feed = async |after: i64| app.get(&project, &format!("/v3/changes?after={after}")).send().await.expect(200);
        assert_eq!((&feed(2).await["reset"], &feed(3).await["changes"][0]["seq"]), (&json!(true), &json!(4)));
        app.clock.advance(30 * 24 * 60 * 60 * 1_000);
        hark_api::live::trim(&app.app.store).await.expect("a trimmed feed");
        assert_eq!(feed(4).await["reset"], json!(false), "where the stream stands is known for ever");
        team().await;
        assert_eq!(feed(4).await["changes"][0]["seq"], json!(5));
    }

    async fn the_feed_over_http_has_the_same_numbers(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let get = async |query: &str| app.get(&project, &format!("/v3/changes{query}")).send().await;
        let nothing = get("").await.expect(200);
        assert_eq!(nothing, json!({"epoch": "", "seq": 0, "more": false, "reset": false, "changes": []}));
        for n in 0..5 {
            app.post(&project, "/v3/teams", json!({"name": format!("Team {n}")})).send().await.expect(200);
            app.post(&project, "/v3/sessions", json!({"userId": format!("{n}")})).send().await.expect(200);
        }
        let all = get("?after=0").await.expect(200);
        let names: Vec<&str> = all["changes"].as_array().expect("a list").iter().map(|change| change["event"].as_str().expect("a name")).collect();
        assert_eq!(names, ["team.created", "contact.created"].repeat(5));
        assert_eq!((&all["seq"], &all["more"], &all["reset"]), (&json!(10), &json!(false), &json!(false)));
        let page = get(&format!("?stream=project&after=2&limit=3&epoch={}", all["epoch"].as_str().expect("an epoch"))).await.expect(200);
        let seqs: Vec<i64> = page["changes"].as_array().expect("a list").iter().filter_map(|change| change["seq"].as_i64()).collect();
        assert_eq!((seqs, &page["seq"], &page["more"]), (vec![3, 4, 5], &json!(5), &json!(true)));
        for (query, lost) in [("?after=10", false), ("?after=11", true), ("?after=-1", true), ("?after=3&epoch=x", true)] {
            let answer = get(query).await.expect(200);
            assert_eq!((&answer["reset"], &answer["seq"]), (&json!(lost), &json!(10)), "{query}");
        }
        for odd in ["?after=x", "?stream=other", "?limit=many"] {
            get(odd).await.expect(400);
        }
        assert_eq!(get("?after=0&limit=0").await.expect(200)["changes"].as_array().map(Vec::len), Some(1));

        role(&app, &project, "CLERK", &["tickets.read", "contacts.read"]).await;
        let clerk = member(&app, &project, "clerk@example.com", "CLERK").await;
        let seen = clerk.call_in(&app, &project, Method::GET, "/v3/changes?after=0").send().await.expect(200);
        let names: Vec<&Json> = seen["changes"].as_array().expect("a list").iter().map(|change| &change["event"]).collect();
        assert_eq!((names, &seen["seq"]), (vec![&json!("contact.created"); 5], &json!(10)));
        let own = clerk.call_in(&app, &project, Method::GET, "/v3/changes?stream=user&after=0").send().await.expect(200);
        assert_eq!(own["seq"], json!(0));
    }

    async fn each_sees_what_its_role_shows(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let address = listen(app.router.clone()).await;
        let channel = format!("private-project-{}", project.id);
        role(&app, &project, "CLERK", &["tickets.read", "contacts.read"]).await;
        role(&app, &project, "GUEST", &["contacts.read"]).await;
        let clerk = member(&app, &project, "clerk@example.com", "CLERK").await;
        let guest = member(&app, &project, "guest@example.com", "GUEST").await;
        let ask = json!({"socket_id": "1.2", "channel_name": channel});
        guest.call(&app, Method::POST, "/v3/users/me/session-channel-auth").json(ask).send().await.expect(403);

        let mut pusher = Pusher::connect(&address.to_string(), &project.keys.sdk_key).await;
        follow_as(&app, &clerk, &mut pusher, &channel).await;
        app.post(&project, "/v3/teams", json!({"name": "x"})).send().await.expect(200);
        app.post(&project, "/v3/sessions", json!({"userId": "a"})).send().await.expect(200);
        let Came::Frame(first) = pusher.next().await else { panic!("an event") };
        assert_eq!((&first["event"], &data(&first)["seq"]), (&json!("contact.created"), &json!(2)));

        // The role changes while the socket is open, to one that may not follow at all.
        let chief = owner(&app, &project).await;
        let path = format!("/v3/projects/users/{}", clerk.id);
        chief.call_in(&app, &project, Method::PUT, &path).json(json!({"role": "VIEWER"})).send().await.expect(200);
        let shown = async {
            loop {
                app.post(&project, "/v3/teams", json!({"name": "y"})).send().await.expect(200);
                let came = tokio::time::timeout(Duration::from_millis(50), pusher.next()).await;
                if matches!(came, Ok(Came::Frame(frame)) if frame["event"] == "team.created") {
                    return;
                }
            }
        };
        tokio::time::timeout(PATIENCE, shown).await.expect("teams are shown to viewers");
        chief.call_in(&app, &project, Method::PUT, &path).json(json!({"role": "GUEST"})).send().await.expect(200);
        let lost = pusher.event("pusher:subscription_error").await;
        assert_eq!(lost["status"], json!(403));
        app.post(&project, "/v3/sessions", json!({"userId": "b"})).send().await.expect(200);
        pusher.settle().await;
        let quiet = tokio::time::timeout(Duration::from_millis(100), pusher.next()).await;
        assert!(quiet.is_err(), "{quiet:?}");
    }

    async fn a_socket_ends_with_its_credentials(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let node = if app.scratch.engine == Engine::Postgres { Some(app.second_node().await) } else { None };
        let router = node.as_ref().map_or_else(|| app.router.clone(), |node| node.router.clone());
        let address = listen(router).await;
        let channel = format!("private-project-{}", project.id);
        let ada = member(&app, &project, "ada@example.com", "DEFAULT").await;
        let eve = member(&app, &project, "eve@example.com", "DEFAULT").await;
        let mut open = Vec::new();
        for person in [&ada, &eve] {
            let mut pusher = Pusher::connect(&address.to_string(), &project.keys.sdk_key).await;
            follow_as(&app, person, &mut pusher, &channel).await;
            open.push(pusher);
        }
        ada.call(&app, Method::POST, "/v3/users/logout").send().await;
        assert_eq!(open[0].end().await, 4009, "she signed out");
        let chief = owner(&app, &project).await;
        let path = format!("/v3/projects/users/{}", eve.id);
        chief.call_in(&app, &project, Method::DELETE, &path).send().await.expect(200);
        assert_eq!(open[1].end().await, 4009, "she is no member any more");
        let (mut last, _) = follow(&app, &project, address, &channel, None).await;
        last.settle().await;
    }

    async fn who_proves_nothing_or_asks_too_much_is_cut(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let strict = Timing { authorise_max: Duration::from_millis(300), ..Timing::quick() };
        let node = app.node(app.app.store.clone(), strict);
        let address = listen(node.router).await.to_string();
        let mut idle = Pusher::connect(&address, &project.keys.sdk_key).await;
        assert_eq!(idle.end().await, 4009);
        let mut hasty = Pusher::connect(&address, &project.keys.sdk_key).await;
        for _ in 0..60 {
            hasty.send(json!({"event": "pusher:ping", "data": {}})).await;
        }
        assert_eq!(hasty.end().await, 4100);

        let address = listen(app.router.clone()).await;
        let user = format!("private-project-{}", project.id);
        let mut tabs = Vec::new();
        for _ in 0..50 {
            tabs.push(follow(&app, &project, address, &user, None).await);
        }
        let mut last = Pusher::connect(&address.to_string(), &project.keys.sdk_key).await;
        let ticket = ticket_for(&app, &project, &last, &user).await;
        last.subscribe(&user, &ticket, None).await;
        assert_eq!(last.end().await, 4004);
        drop(tabs);
        eventually("the places are free", || async { app.app.hub.agent_sockets() == 0 }).await;
        follow(&app, &project, address, &user, None).await;
    }

    async fn who_does_not_read_is_cut_and_can_go_on(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let impatient = Timing { send_max: Duration::from_millis(300), ..Timing::quick() };
        let node = app.node(app.app.store.clone(), impatient);
        let (router, hub) = (node.router, &node.app.hub);
        let address = listen(router).await;
        let channel = format!("private-project-{}", project.id);
        let (stuck, at) = follow(&app, &project, address, &channel, None).await;
        let (mut reader, _) = follow(&app, &project, address, &channel, None).await;
        let scope = app.app.store.operator_of(project.id.parse().expect("an id")).await.expect("a scope");
        let large = "x".repeat(200_000);
        for n in 1..=100 {
            let text = large.clone();
            let publish = move |tx: &mut hark_store::Tx<'_>| {
                tx.publish("project", "ticket.noted", json!({"text": text}));
                Ok(())
            };
            app.app.store.write(&scope, publish).await.expect("an event");
            assert_eq!(reader.event("ticket.noted").await["seq"], json!(n));
        }
        eventually("the one that does not read is cut", || async { hub.agent_sockets() == 1 }).await;
        drop(stuck);
        let (mut back, _) = follow(&app, &project, address, &channel, Some(at)).await;
        for n in 1..=100 {
            assert_eq!(back.event("ticket.noted").await["seq"], json!(n));
        }
    }

    async fn at_the_end_clients_are_told_to_come_back(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let address = listen(app.router.clone()).await;
        let (mut pusher, _) = follow(&app, &project, address, &format!("private-project-{}", project.id), None).await;
        app.app.hub.shutdown();
        assert_eq!(pusher.end().await, 4200);
        assert!(Pusher::try_connect(&address.to_string(), &project.keys.sdk_key).await.is_err());
        eventually("no socket is left", || async { app.app.hub.agent_sockets() == 0 }).await;
    }

    async fn silence_ends_a_connection_and_signs_of_life_do_not(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let strict = Timing { ping_every: Duration::from_millis(50), silence_max: Duration::from_millis(300), ..Timing::quick() };
        let node = app.node(app.app.store.clone(), strict);
        let (router, hub) = (node.router, &node.app.hub);
        let address = listen(router).await;
        let channel = format!("private-project-{}", project.id);
        // Its client is never polled, so it neither reads nor answers pings.
        let (silent, _) = follow(&app, &project, address, &channel, None).await;
        let (mut awake, _) = follow(&app, &project, address, &channel, None).await;
        let pinged = async {
            while hub.agent_sockets() > 1 {
                let came = tokio::time::timeout(Duration::from_millis(20), awake.next()).await;
                assert!(!matches!(came, Ok(Came::End(_))), "the one that answers pings stays");
            }
        };
        tokio::time::timeout(PATIENCE, pinged).await.expect("the silent one is cut");
        drop(silent);
    }
}

/// A connection that follows a channel with the project's service token, and where it begins.
pub(crate) async fn follow(
    app: &TestApp,
    project: &Project,
    address: SocketAddr,
    channel: &str,
    resume: Option<Json>,
) -> (Pusher, Json) {
    let mut pusher = Pusher::connect(&address.to_string(), &project.keys.sdk_key).await;
    let ticket = ticket_for(app, project, &pusher, channel).await;
    pusher.subscribe(channel, &ticket, resume).await;
    let begun = pusher.event("pusher_internal:subscription_succeeded").await;
    (pusher, begun)
}

/// Follows a channel as somebody.
pub(crate) async fn follow_as(app: &TestApp, person: &Person, pusher: &mut Pusher, channel: &str) -> Json {
    let ask = json!({"socket_id": pusher.id, "channel_name": channel});
    let request = person.call(app, Method::POST, "/v3/users/me/session-channel-auth");
    let ticket = request.json(ask).send().await.expect(200);
    pusher.subscribe(channel, &ticket, None).await;
    pusher.event("pusher_internal:subscription_succeeded").await
}

async fn ticket_for(app: &TestApp, project: &Project, pusher: &Pusher, channel: &str) -> Json {
    ticket(app, project, "session-channel-auth", json!({"socket_id": pusher.id, "channel_name": channel}))
        .await
}

async fn ticket(app: &TestApp, project: &Project, path: &str, ask: Json) -> Json {
    app.post(project, &format!("/v3/users/me/{path}"), ask).send().await.expect(200)
}

/// Deletes all events of the project's stream but the newest.
async fn trim(app: &TestApp, project: &Project, keep: u32) {
    let scope = app.app.store.operator_of(project.id.parse().expect("an id")).await.expect("a scope");
    let all = move |tx: &mut hark_store::Tx<'_>| tx.trim_feed(i64::MAX, keep);
    app.app.store.write(&scope, all).await.expect("a trimmed feed");
}
