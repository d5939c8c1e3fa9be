//! Who is there, who types and who looks at a ticket: across tabs, nodes and callers without a socket.

use std::time::Duration;

use axum::http::Method;
use hark_api::Timing;
use hark_test::{Engine, Project, TestApp, both, eventually};
use serde_json::{Value as Json, json};

use crate::live_agents::follow_as;
use crate::people::{Person, member};
use crate::pusher::{Came, Pusher, data};
use crate::sdk_socket::listen;

/// A node of the same system: the app itself on SQLite, where there is one process.
async fn other_node(app: &TestApp) -> (hark_api::Face, hark_api::App) {
    if app.scratch.engine == Engine::Sqlite {
        return (app.router.clone(), app.app.clone());
    }
    let node = app.second_node().await;
    (node.router, node.app)
}

async fn open(
    app: &TestApp,
    project: &Project,
    address: std::net::SocketAddr,
    who: &Person,
    channel: &str,
) -> (Pusher, Json) {
    let mut pusher = Pusher::connect(&address.to_string(), &project.keys.sdk_key).await;
    let body = json!({"socket_id": pusher.id, "channel_name": channel});
    let request = who.call_in(app, project, Method::POST, "/v3/users/me/session-channel-auth");
    let ticket = request.json(body).send().await.expect(200);
    pusher.subscribe(channel, &ticket, None).await;
    let there = pusher.event("pusher_internal:subscription_succeeded").await;
    (pusher, there["presence"].clone())
}

async fn ticket(app: &TestApp, project: &Project) -> String {
    let ticket = app.post(project, "/v3/tickets", json!({"title": "A question"})).send().await.expect(200);
    ticket["id"].as_str().expect("an id").to_owned()
}

/// The names and users of everything that came until now.
async fn came(pusher: &mut Pusher) -> Vec<String> {
    pusher.settle().await;
    let mut names = Vec::new();
    for frame in pusher.take() {
        let who = frame["user_id"]
            .as_str()
            .map_or_else(|| data(&frame)["user_id"].as_str().unwrap_or_default().to_owned(), str::to_owned);
        names.push(format!("{} {who}", frame["event"].as_str().unwrap_or_default()));
    }
    names
}

both! {
    async fn tabs_of_a_user_are_one_member_on_all_nodes(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let (there, _other) = other_node(&app).await;
        let (here, there) = (listen(app.router.clone()).await, listen(there).await);
        let ada = member(&app, &project, "ada@example.com", "DEFAULT").await;
        let eve = member(&app, &project, "eve@example.com", "DEFAULT").await;
        let channel = format!("presence-project-{}", project.id);
        let (mut first, alone) = open(&app, &project, here, &ada, &channel).await;
        assert_eq!(alone, json!({"count": 1, "ids": [ada.id], "hash": {ada.id.clone(): {"name": "Ada Lovelace"}}}));
        let (tab, _) = open(&app, &project, there, &ada, &channel).await;
        let (mut guest, both) = open(&app, &project, there, &eve, &channel).await;
        assert_eq!(both["count"], json!(2));
        let added = first.event("pusher_internal:member_added").await;
        assert_eq!((&added["user_id"], &added["user_info"]["name"]), (&json!(eve.id), &json!("Ada Lovelace")), "the own tab is no other member");
        drop(tab);
        let (again, _) = open(&app, &project, here, &eve, &channel).await;
        drop(again);
        // Both still have one tab; the next who leaves has none.
        drop(first);
        assert_eq!(guest.event("pusher_internal:member_removed").await["user_id"], json!(ada.id));
        let (mut last, _) = open(&app, &project, here, &ada, &channel).await;
        assert_eq!(guest.event("pusher_internal:member_added").await["user_id"], json!(ada.id));
        guest.send(json!({"event": "pusher:unsubscribe", "data": {"channel": channel}})).await;
        assert_eq!(last.event("pusher_internal:member_removed").await["user_id"], json!(eve.id));
    }

    async fn nobody_who_left_is_kept_there_by_a_renewal(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let restless = Timing { keep_every: Duration::from_millis(1), ..Timing::quick() };
        let node = listen(app.node(app.app.store.clone(), restless).router).await;
        let ada = member(&app, &project, "ada@example.com", "DEFAULT").await;
        let channel = format!("presence-project-{}", project.id);
        for _ in 0..30 {
            drop(open(&app, &project, node, &ada, &channel).await);
        }
        let store = &app.app.store;
        let scope = store.operator_of(project.id.parse().expect("an id")).await.expect("a scope");
        eventually("nobody is there", async || {
            store.read(&scope, |tx| tx.attendance("project")).await.expect("signs").is_empty()
        })
        .await;
    }

    async fn who_types_is_seen_by_the_others(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let (there, _other) = other_node(&app).await;
        let (here, there) = (listen(app.router.clone()).await, listen(there).await);
        let ticket = ticket(&app, &project).await;
        let channel = format!("presence-ticket-{ticket}");
        let ada = member(&app, &project, "ada@example.com", "DEFAULT").await;
        let eve = member(&app, &project, "eve@example.com", "VIEWER").await;
        let (mut first, _) = open(&app, &project, here, &ada, &channel).await;
        let (mut second, _) = open(&app, &project, there, &eve, &channel).await;
        first.event("pusher_internal:member_added").await;
        for typing in [true, false, true] {
            first.send(json!({"event": "client-typing", "channel": channel, "data": {"typing": typing, "in": "reply"}})).await;
            assert_eq!(second.event("client-typing").await, json!({"typing": typing, "in": "reply"}));
        }
        second.send(json!({"event": "client-viewing", "channel": channel, "data": {"viewing": true}})).await;
        let Came::Frame(seen) = first.next().await else { panic!("a frame") };
        assert_eq!((&seen["event"], &seen["user_id"]), (&json!("client-viewing"), &json!(eve.id)), "and nothing of one's own");

        second.send(json!({"event": "client-typing", "channel": channel, "data": {"typing": true}})).await;
        assert_eq!(second.event("pusher:error").await["code"], json!(4301), "viewers do not write");
        for wrong in [format!("presence-project-{}", project.id), "private-x".to_owned()] {
            first.send(json!({"event": "client-typing", "channel": wrong, "data": {}})).await;
            assert_eq!(first.event("pusher:error").await["code"], json!(4301));
        }
        for _ in 0..12 {
            first.send(json!({"event": "client-typing", "channel": channel, "data": {"typing": true}})).await;
        }
        assert_eq!(first.event("pusher:error").await["message"], json!("this client sends too many events"));
    }

    async fn callers_without_a_socket_type_and_view(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let (there, _other) = other_node(&app).await;
        let address = listen(there).await;
        let ticket = ticket(&app, &project).await;
        let ada = member(&app, &project, "ada@example.com", "DEFAULT").await;
        let eve = member(&app, &project, "eve@example.com", "DEFAULT").await;
        let (mut pusher, _) = open(&app, &project, address, &ada, &format!("presence-ticket-{ticket}")).await;
        let call = async |what: &str, is: bool| {
            let path = format!("/v3/tickets/{ticket}/{what}");
            eve.call_in(&app, &project, Method::POST, &path).json(json!({what: is})).send().await.expect(200);
        };
        call("viewing", true).await;
        assert_eq!(pusher.event("pusher_internal:member_added").await["user_id"], json!(eve.id));
        call("typing", true).await;
        assert_eq!(pusher.event("client-typing").await, json!({"typing": true}));
        call("viewing", false).await;
        assert_eq!(pusher.event("pusher_internal:member_removed").await["user_id"], json!(eve.id));
        call("viewing", true).await;
        pusher.event("pusher_internal:member_added").await;
        // No further sign comes from this caller.
        app.clock.advance(46_000);
        // Whoever has a socket may be gone as well, until its node says again that it is there.
        while pusher.event("pusher_internal:member_removed").await["user_id"] != json!(eve.id) {}

        for what in ["typing", "viewing"] {
            let path = format!("/v3/tickets/{}/{what}", project.id);
            eve.call_in(&app, &project, Method::POST, &path).json(json!({what: true})).send().await.expect(404);
            let path = format!("/v3/tickets/{ticket}/{what}");
            eve.call_in(&app, &project, Method::POST, &path).json(json!({})).send().await.expect(400);
        }
        let ask = json!({"socket_id": "1.2", "channel_name": format!("presence-ticket-{}", project.id)});
        let path = "/v3/users/me/session-channel-auth";
        eve.call_in(&app, &project, Method::POST, path).json(ask.clone()).send().await.expect(403);
        eve.call(&app, Method::POST, path).json(ask).send().await.expect(400);
    }

    async fn a_node_that_dies_leaves_nobody_behind(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let address = listen(app.router.clone()).await;
        let ada = member(&app, &project, "ada@example.com", "DEFAULT").await;
        let channel = format!("presence-project-{}", project.id);
        // What a node wrote that cannot take it back any more.
        let scope = app.app.store.operator_of(project.id.parse().expect("an id")).await.expect("a scope");
        let ghost = |tx: &mut hark_store::Tx<'_>| {
            let member = hark_core::presence::Member { who: "ghost".into(), info: json!({"name": "Ghost"}) };
            hark_core::presence::enter(tx, &hark_core::presence::here("project", "dead:1", &member))
        };
        app.app.store.write(&scope, ghost).await.expect("a sign");
        let (mut pusher, there) = open(&app, &project, address, &ada, &channel).await;
        assert_eq!(there["count"], json!(2));
        app.clock.advance(30_000);
        // The signs of those who live are renewed meanwhile.
        let renewed = || async {
            let read = |tx: &hark_store::ReadTx<'_>| tx.attendance("project");
            let signs = app.app.store.read(&scope, read).await.expect("signs");
            signs.iter().any(|sign| sign.attendance.who == ada.id && sign.stamp >= app.clock.now())
        };
        eventually("a renewed sign", renewed).await;
        app.clock.advance(20_000);
        assert_eq!(pusher.event("pusher_internal:member_removed").await["user_id"], json!("ghost"));
        assert_eq!(came(&mut pusher).await, [] as [String; 0], "whoever lives stays");
        let online = app.app.store.read(&scope, hark_core::presence::online).await.expect("users");
        assert_eq!(online.iter().map(ToString::to_string).collect::<Vec<_>>(), [ada.id]);
    }
}

/// Its name says which project it is about.
#[tokio::test]
async fn presence_of_a_project_needs_no_project_header() {
    let app = TestApp::with_mail(hark_test::Scratch::new(Engine::Sqlite).await).await;
    let project = app.project().await;
    let address = listen(app.router.clone()).await;
    let ada = member(&app, &project, "ada@example.com", "DEFAULT").await;
    let mut pusher = Pusher::connect(&address.to_string(), &project.keys.sdk_key).await;
    let there = follow_as(&app, &ada, &mut pusher, &format!("presence-project-{}", project.id)).await;
    assert_eq!(there["presence"]["ids"], json!([ada.id]));
}
