//! The SDK socket on a real port: what it tolerates, what it delivers, and how it ends.

use std::net::SocketAddr;
use std::time::Duration;

use axum::http::Method;
use futures_util::{SinkExt, StreamExt};
use hark_api::Timing;
use hark_core::contacts::CONTACT;
use hark_core::updates;
use hark_store::{Id, Store, to_body};
use hark_test::{Device, Engine, PATIENCE, Project, TestApp, both, eventually};
use serde_json::{Value as Json, json};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message, Utf8Bytes};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

pub(crate) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

both! {
    async fn a_socket_gets_the_unread_count_and_what_is_published(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let address = listen(app.router.clone()).await;
        let device = Device::start(&app, &project).await;
        let (mut first, mut second) = (open(address, &device).await, open(address, &device).await);
        for socket in [&mut first, &mut second] {
            let hello = update(socket).await;
            assert_eq!((&hello["name"], &hello["data"]), (&json!("update"), &json!({"a": [], "u": 0})));
        }
        let other = Device::start(&app, &project).await;
        let mut others = open(address, &other).await;
        update(&mut others).await;

        for n in 1..=150 {
            publish(&app, &project, &device, json!({"u": n})).await;
        }
        for n in 1..=150 {
            for socket in [&mut first, &mut second] {
                let frame = update(socket).await;
                assert_eq!((&frame["data"], &frame["seq"]), (&json!({"u": n, "a": []}), &json!(n)));
            }
        }
        publish(&app, &project, &other, json!({"u": 1, "a": []})).await;
        assert_eq!(update(&mut others).await["seq"], json!(1), "nothing of another contact came");
    }

    async fn browsers_may_say_ping_and_nine_and_anything_else(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let address = listen(app.router.clone()).await;
        let device = Device::start(&app, &project).await;
        let mut socket = open(address, &device).await;
        let odd = [Message::text("PING"), Message::text("9"), Message::text("{\"name\":null}"), Message::binary(vec![0, 255]), Message::text("")];
        for message in odd {
            socket.send(message).await.expect("a frame");
        }
        socket.send(Message::Ping("x".into())).await.expect("a ping");
        update(&mut socket).await;
        publish(&app, &project, &device, json!({"u": 3})).await;
        assert_eq!(update(&mut socket).await["data"]["u"], json!(3));

        socket.send(Message::text("x".repeat(5_000))).await.expect("a large frame");
        assert!(ended(&mut socket).await.is_ok(), "a frame that is too large ends the connection");
        eventually("the socket's place is free", || async { app.app.hub.sockets() == 0 }).await;
    }

    async fn a_page_that_asks_whether_the_server_is_there_is_answered_and_nobody_else(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let address = listen(app.router.clone()).await;
        let device = Device::start(&app, &project).await;
        let (mut page, mut sdk) = (open(address, &device).await, open(address, &device).await);
        for socket in [&mut page, &mut sdk] {
            update(socket).await;
        }
        for _ in 0..3 {
            page.send(Message::text(r#"{"name":"ping"}"#)).await.expect("a ping");
            assert_eq!(update(&mut page).await, json!({"name": "pong"}));
        }
        sdk.send(Message::text("PING")).await.expect("a sign of life");
        publish(&app, &project, &device, json!({"u": 3})).await;
        for socket in [&mut page, &mut sdk] {
            assert_eq!(update(socket).await["data"]["u"], json!(3), "an SDK is sent no answer");
        }
    }

    async fn who_proves_nothing_is_refused_at_the_upgrade(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let address = listen(app.router.clone()).await;
        let device = Device::start(&app, &project).await;
        let strangers = [
            Device { gleap_id: "null".into(), gleap_hash: "null".into(), ..device.clone() },
            Device { gleap_hash: "0".repeat(64), ..device.clone() },
            Device { sdk_key: "wrong".into(), ..device.clone() },
            Device { sdk_key: String::new(), ..device.clone() },
        ];
        for stranger in strangers {
            assert_eq!(refusal(&format!("ws://{address}/ws{}", query(&stranger))).await, 401);
        }
        assert_eq!(refusal(&format!("ws://{address}/ws")).await, 401);
        assert_eq!(refusal(&format!("ws://{address}/sockets{}", query(&device))).await, 404, "not a socket's path");
        let plain = app.request(Method::GET, "/ws").send().await;
        plain.expect(426);
        plain.readable_by_sdks();
        for _ in 0..20 {
            std::mem::forget(open(address, &device).await);
        }
        assert_eq!(refusal(&format!("ws://{address}/ws{}", query(&device))).await, 429);
    }

    async fn a_host_of_its_own_needs_no_path(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let address = listen(app.router.clone()).await;
        let device = Device::start(&app, &project).await;
        let mut request = format!("ws://{address}/{}", query(&device)).into_client_request().expect("a request");
        let host = format!("ws.localhost:{}", address.port()).parse().expect("a host");
        request.headers_mut().insert("host", host);
        let (mut socket, _) = tokio_tungstenite::connect_async(request).await.expect("an open socket");
        assert_eq!(update(&mut socket).await["data"]["u"], json!(0));
    }

    async fn the_first_update_waits_until_the_sdk_has_started(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let never = Timing { ready_after: Duration::from_secs(3_600), ..Timing::quick() };
        let router = app.node(app.app.store.clone(), never).router;
        let address = listen(router.clone()).await;
        let device = Device::start(&app, &project).await;
        let mut socket = open(address, &device).await;
        publish(&app, &project, &device, json!({"a": [{"actionType": "notification"}], "u": 1})).await;
        let silence = tokio::time::timeout(Duration::from_millis(200), socket.next()).await;
        assert!(silence.is_err(), "an SDK that has not started drops what it is sent");

        let events = device.request(&app, Method::POST, "/sessions/events").json(json!({"events": []}));
        events.on(router).send().await.expect(200);
        assert_eq!(update(&mut socket).await["data"]["a"], json!([]));
        assert_eq!(update(&mut socket).await["data"]["a"][0]["actionType"], json!("notification"));
    }

    async fn a_client_that_names_its_last_event_misses_nothing(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let address = listen(app.router.clone()).await;
        let device = Device::start(&app, &project).await;
        for n in 1..=250 {
            publish(&app, &project, &device, json!({"u": n})).await;
        }
        let mut socket = open(address, &device).await;
        let hello = update(&mut socket).await;
        assert_eq!(hello["seq"], json!(250), "without a number, only what comes counts");
        let epoch = hello["epoch"].as_str().expect("an epoch");
        let resume = format!("ws://{address}/ws{}&epoch={epoch}&seq=120", query(&device));
        let (mut socket, _) = tokio_tungstenite::connect_async(resume).await.expect("an open socket");
        for seq in 120..=250 {
            assert_eq!(update(&mut socket).await["seq"], json!(seq));
        }
        for odd in ["&epoch=x&seq=3", "&seq=-1", "&seq=9999", "&epoch=&seq=zero"] {
            let resume = format!("ws://{address}/ws{}{odd}", query(&device));
            let (mut socket, _) = tokio_tungstenite::connect_async(resume).await.expect("an open socket");
            assert_eq!(update(&mut socket).await["seq"], json!(250), "{odd}");
        }
    }

    async fn at_the_end_the_line_breaks_without_a_farewell(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let address = listen(app.router.clone()).await;
        let device = Device::start(&app, &project).await;
        let mut socket = open(address, &device).await;
        update(&mut socket).await;
        app.app.hub.shutdown();
        assert!(ended(&mut socket).await.is_ok(), "a close frame would keep Android away for good");
        eventually("no socket is left", || async { app.app.hub.sockets() == 0 }).await;
        assert_eq!(refusal(&format!("ws://{address}/ws{}", query(&device))).await, 429);
    }

    async fn a_client_may_say_goodbye(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let address = listen(app.router.clone()).await;
        let mut socket = open(address, &Device::start(&app, &project).await).await;
        socket.close(None).await.expect("a close frame");
        assert!(ended(&mut socket).await.is_err(), "a farewell is answered");
        eventually("its place is free", || async { app.app.hub.sockets() == 0 }).await;
    }

    async fn who_is_silent_is_cut(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let strict = Timing {
            ping_every: Duration::from_millis(50),
            silence_max: Duration::from_millis(300),
            ..Timing::quick()
        };
        let node = app.node(app.app.store.clone(), strict);
        let (router, hub) = (node.router, &node.app.hub);
        let address = listen(router).await;
        let device = Device::start(&app, &project).await;
        // Its client is never polled, so it neither reads nor answers pings.
        let silent = open(address, &device).await;
        let mut awake = open(address, &device).await;
        update(&mut awake).await;
        let pinged = async {
            while hub.sockets() > 1 {
                let frame = tokio::time::timeout(Duration::from_millis(20), awake.next()).await;
                assert!(!matches!(frame, Ok(None | Some(Err(_)))), "the one that answers pings stays");
            }
        };
        tokio::time::timeout(PATIENCE, pinged).await.expect("the silent one is cut");
        drop(silent);
    }

    async fn who_does_not_read_is_cut_and_holds_nobody_up(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let node = app.node(app.app.store.clone(), Timing { send_max: Duration::from_millis(500), ..Timing::quick() });
        let (router, hub) = (node.router, &node.app.hub);
        let address = listen(router).await;
        let device = Device::start(&app, &project).await;
        let (stuck, mut reader) = (open(address, &device).await, open(address, &device).await);
        update(&mut reader).await;
        let updates = (1..=200).map(|n| json!({"u": n, "text": "x".repeat(100_000)})).collect();
        publish_all(&app, &project, &device, updates).await;
        for n in 1..=200 {
            assert_eq!(update(&mut reader).await["seq"], json!(n));
        }
        eventually("the one that does not read is cut", || async { hub.sockets() == 1 }).await;
        drop(stuck);
    }

    async fn a_contact_that_is_gone_has_no_socket(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let address = listen(app.router.clone()).await;
        let device = Device::start(&app, &project).await;
        let mut socket = open(address, &device).await;
        update(&mut socket).await;
        device.identify(&app, json!({"userId": "ada"})).await.expect(200);
        let tab = Device::start(&app, &project).await;
        let mut guest = open(address, &tab).await;
        update(&mut guest).await;
        tab.identify(&app, json!({"userId": "ada"})).await.expect(200);
        assert!(ended(&mut guest).await.is_ok(), "the guest became part of Ada");
        let mut merged = open(address, &tab).await;
        update(&mut merged).await;
        publish(&app, &project, &device, json!({"u": 4})).await;
        for socket in [&mut socket, &mut merged] {
            assert_eq!(update(socket).await["data"]["u"], json!(4));
        }
        let delete = app.request(Method::DELETE, "/admin/contacts/ada");
        delete.header("Api-Token", &project.keys.secret_api_token).send().await.expect(200);
        for mut socket in [socket, merged] {
            assert!(ended(&mut socket).await.is_ok());
        }
    }

    async fn what_one_node_publishes_reaches_the_sockets_of_another(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        if app.scratch.engine == Engine::Sqlite {
            return; // One process has the file.
        }
        let project = app.project().await;
        let router = app.second_node().await.router;
        let (here, there) = (listen(app.router.clone()).await, listen(router).await);
        let device = Device::start(&app, &project).await;
        let (mut near, mut far) = (open(here, &device).await, open(there, &device).await);
        update(&mut near).await;
        update(&mut far).await;
        publish(&app, &project, &device, json!({"u": 5})).await;
        assert_eq!(update(&mut near).await["data"]["u"], json!(5));
        assert_eq!(update(&mut far).await["data"]["u"], json!(5));
    }

    async fn the_poll_finds_what_no_bell_told(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        // A second store on the same database, whose bells this hub does not hear.
        let deaf = Store::open(&app.scratch.location, app.clock.clone(), &app.scratch.keys()).await;
        let Ok(deaf) = deaf else { return };
        if app.scratch.engine == Engine::Postgres {
            return; // There the nodes hear each other.
        }
        let poll = Timing { poll_every: Duration::from_millis(50), ..Timing::quick() };
        let router = app.node(deaf, poll).router;
        let address = listen(router).await;
        let device = Device::start(&app, &project).await;
        let mut socket = open(address, &device).await;
        update(&mut socket).await;
        publish(&app, &project, &device, json!({"u": 8})).await;
        assert_eq!(update(&mut socket).await["data"]["u"], json!(8));
    }
}

pub(crate) async fn listen(router: hark_api::Face) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(hark_api::server::serve(listener, router, 1_000, std::future::pending()));
    address
}

fn query(device: &Device) -> String {
    format!(
        "?gleapId={}&gleapHash={}&apiKey={}&sdkVersion=16.4.0",
        device.gleap_id, device.gleap_hash, device.sdk_key
    )
}

pub(crate) async fn open(address: SocketAddr, device: &Device) -> Socket {
    let url = format!("ws://{address}/ws{}", query(device));
    tokio_tungstenite::connect_async(url).await.expect("an open socket").0
}

/// The status with which an upgrade is refused.
async fn refusal(url: &str) -> u16 {
    match tokio_tungstenite::connect_async(url).await {
        Err(Error::Http(answer)) => {
            assert_eq!(answer.headers()["access-control-allow-origin"], "*");
            answer.status().as_u16()
        }
        other => panic!("no refusal: {other:?}"),
    }
}

/// The next frame, which must be JSON text; pings are answered on the way.
pub(crate) async fn update(socket: &mut Socket) -> Json {
    let next = async {
        loop {
            match socket.next().await.expect("an open socket").expect("a frame") {
                Message::Ping(_) | Message::Pong(_) => {}
                Message::Text(text) => return parse(&text),
                other => panic!("browsers take text frames of JSON alone, not {other:?}"),
            }
        }
    };
    tokio::time::timeout(PATIENCE, next).await.expect("a frame in time")
}

fn parse(text: &Utf8Bytes) -> Json {
    serde_json::from_str(text).expect("JSON in a frame")
}

/// Waits for the end of the connection: `Err` when the server said goodbye with a close frame.
pub(crate) async fn ended(socket: &mut Socket) -> Result<(), Message> {
    let next = async {
        loop {
            match socket.next().await {
                Some(Ok(close @ Message::Close(_))) => return Err(close),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Ok(()),
            }
        }
    };
    tokio::time::timeout(PATIENCE, next).await.expect("an end in time")
}

async fn contact(app: &TestApp, project: &Project, device: &Device) -> (hark_store::Scope, Id) {
    let scope = app.app.store.operator_of(project.id.parse().expect("an id")).await.expect("a scope");
    let gleap_id = device.gleap_id.clone();
    let find = move |tx: &hark_store::ReadTx<'_>| tx.find_by(&CONTACT, "gleapId", &gleap_id);
    let contact = app.app.store.read(&scope, find).await.expect("a read").expect("the contact");
    (scope, contact.id)
}

/// Publishes an update for the device's contact.
async fn publish(app: &TestApp, project: &Project, device: &Device, data: Json) {
    publish_all(app, project, device, vec![data]).await;
}

/// Publishes updates for the device's contact in one transaction.
async fn publish_all(app: &TestApp, project: &Project, device: &Device, updates: Vec<Json>) {
    let (scope, contact) = contact(app, project, device).await;
    let tell = move |tx: &mut hark_store::Tx<'_>| {
        updates.iter().for_each(|data| updates::tell(tx, contact, to_body(data.clone())));
        Ok(())
    };
    app.app.store.write(&scope, tell).await.expect("an event");
}
