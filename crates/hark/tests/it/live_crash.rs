//! Servers and connections that die while changes flow: who follows them misses nothing, gets
//! nothing twice, and everything in order.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::StreamExt;
use hark_deliver::egress::{Method, OutgoingRequest};
use hark_test::{Engine, both};
use serde_json::{Value as Json, json};
use tokio_tungstenite::tungstenite::Message;

use crate::process::{Server, WAIT, json};
use crate::pusher::{Came, Pusher, data};

/// How often a server is killed.
const KILLS: usize = 4;
/// Changes that flow between two kills at least.
const BETWEEN_KILLS: usize = 60;
/// Callers that write at the same time.
const WRITERS: usize = 4;
/// A follower's own connection is dropped after so many events.
const DROP_AFTER: [usize; 3] = [7, 23, 41];

/// The servers that run; one that was killed is replaced.
struct Servers(Vec<Mutex<Arc<Server>>>);

impl Servers {
    fn get(&self, at: usize) -> Arc<Server> {
        self.0[at % self.0.len()].lock().expect("no panic").clone()
    }
}

/// What a follower got: number and id of each event.
type Got = Vec<(i64, String)>;

both! {
    async fn followers_survive_kills_without_loss_and_without_doubles(scratch: Scratch) {
        let keys = Arc::new(json(&scratch, &["init"]));
        // One process has an SQLite file; on PostgreSQL two nodes are one system.
        let count = if scratch.engine == Engine::Sqlite { 1 } else { 2 };
        let start = || Mutex::new(Arc::new(Server::start(&scratch)));
        let servers = Arc::new(Servers((0..count).map(|_| start()).collect()));
        let begin = changes(&servers, &keys, None).await.expect("a position");

        let stop = Arc::new(AtomicBool::new(false));
        let written = Arc::new(Mutex::new(Vec::new()));
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| tokio::spawn(write(servers.clone(), keys.clone(), written.clone(), stop.clone(), writer)))
            .collect();
        let done = Arc::new(Mutex::new(None));
        let followers: Vec<_> = DROP_AFTER
            .iter()
            .enumerate()
            .map(|(at, drop_after)| tokio::spawn(follow(servers.clone(), keys.clone(), at, *drop_after, begin.clone(), done.clone())))
            .collect();

        for kill in 0..KILLS {
            let before = written.lock().expect("no panic").len();
            let flowed = async {
                while written.lock().expect("no panic").len() < before + BETWEEN_KILLS {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            };
            tokio::time::timeout(WAIT, flowed).await.expect("changes flow");
            let place = &servers.0[kill % count];
            place.lock().expect("no panic").kill_now();
            let fresh = Arc::new(Server::start(&scratch));
            *place.lock().expect("no panic") = fresh;
        }
        stop.store(true, Ordering::SeqCst);
        for writer in writers {
            writer.await.expect("a writer");
        }
        let end = changes(&servers, &keys, None).await.expect("a position")["seq"].as_i64().expect("a number");
        *done.lock().expect("no panic") = Some(end);

        let acknowledged = written.lock().expect("no panic").clone();
        for follower in followers {
            let got: Got = tokio::time::timeout(WAIT, follower).await.expect("it catches up").expect("a follower");
            let numbers: Vec<i64> = got.iter().map(|(seq, _)| *seq).collect();
            let all: Vec<i64> = (begin["seq"].as_i64().expect("a number") + 1..=end).collect();
            assert_eq!(numbers, all, "every number once and in order");
            for id in &acknowledged {
                let times = got.iter().filter(|(_, event)| event == id).count();
                assert_eq!(times, 1, "the acknowledged change of {id} came {times} times");
            }
            assert_eq!(got, feed(&servers, &keys, &begin).await, "the feed says the same");
        }
    }
}

both! {
    async fn visitors_get_every_answer_although_servers_die(scratch: Scratch) {
        let keys = Arc::new(json(&scratch, &["init"]));
        let count = if scratch.engine == Engine::Sqlite { 1 } else { 2 };
        let start = || Mutex::new(Arc::new(Server::start(&scratch)));
        let servers = Arc::new(Servers((0..count).map(|_| start()).collect()));
        let visitor = Arc::new(Visitor::start(&servers.get(0), &keys).await);
        let shown = Arc::new(Mutex::new(Vec::new()));
        let done = Arc::new(AtomicBool::new(false));
        let page = tokio::spawn(visitor.clone().watch(servers.clone(), shown.clone(), done.clone()));

        let mut acknowledged = Vec::new();
        for kill in 0..KILLS {
            while acknowledged.len() < (kill + 1) * ANSWERS_BETWEEN_KILLS {
                let body = json!({"ticket": visitor.ticket, "comment": format!("answer {}", acknowledged.len())});
                let server = servers.get(acknowledged.len());
                match server.call(Method::POST, "/v3/messages", &keys, Some(&body)).await {
                    Ok((200, message)) => acknowledged.push(message["id"].as_str().expect("an id").to_owned()),
                    _ => tokio::time::sleep(Duration::from_millis(20)).await,
                }
            }
            // Every other time somebody is shown something first.
            while kill % 2 == 1 && shown.lock().expect("no panic").len() < acknowledged.len() / 2 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            let place = &servers.0[kill % count];
            place.lock().expect("no panic").kill_now();
            let fresh = Arc::new(Server::start(&scratch));
            *place.lock().expect("no panic") = fresh;
        }
        let all = async {
            while !acknowledged.iter().all(|id| shown.lock().expect("no panic").contains(id)) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(WAIT, all).await.expect("every answer is shown");
        done.store(true, Ordering::SeqCst);
        page.await.expect("a page");
        let shown = shown.lock().expect("no panic").clone();
        let in_order: Vec<&String> = shown.iter().filter(|id| acknowledged.contains(id)).collect();
        assert_eq!(in_order, acknowledged.iter().collect::<Vec<_>>(), "once and in order");
    }
}

/// Answers of an agent between two kills. A page that opens is shown the last 50 at most.
const ANSWERS_BETWEEN_KILLS: usize = 10;

/// A visitor's page: it keeps no numbers and knows what it has shown, as SDKs do.
struct Visitor {
    query: String,
    ticket: String,
}

impl Visitor {
    /// A visitor who has asked something.
    async fn start(server: &Server, keys: &Json) -> Visitor {
        let body = json!({"userId": "ada"});
        let contact = server.expect(Method::POST, "/v3/sessions", keys, Some(&body)).await;
        let ticket = json!({"title": "A question", "session": contact["id"]});
        let ticket = server.expect(Method::POST, "/v3/tickets", keys, Some(&ticket)).await;
        let key = keys["sdkKey"].as_str().expect("a key");
        let session = OutgoingRequest::new(Method::POST, format!("{}/sessions", server.url), "test")
            .header("Api-Token", key);
        let guest = server.answer(session.json(&json!({"lang": "en"}))).await;
        let text = |value: &Json, name: &str| value[name].as_str().expect("a text").to_owned();
        let identify =
            OutgoingRequest::new(Method::POST, format!("{}/sessions/identify", server.url), "test")
                .header("Api-Token", key)
                .header("Gleap-Id", text(&guest, "gleapId"))
                .header("Gleap-Hash", text(&guest, "gleapHash"));
        let known = server.answer(identify.json(&body)).await;
        let query = format!(
            "?gleapId={}&gleapHash={}&apiKey={key}&sdkVersion=16.4.0",
            text(&known, "gleapId"),
            text(&known, "gleapHash")
        );
        Visitor { query, ticket: text(&ticket, "id") }
    }

    /// Connects again and again, and notes what it shows.
    async fn watch(
        self: Arc<Self>,
        servers: Arc<Servers>,
        shown: Arc<Mutex<Vec<String>>>,
        done: Arc<AtomicBool>,
    ) {
        for attempt in 0.. {
            let url = format!("ws://{}/ws{}", servers.get(attempt).address(), self.query);
            let Ok((mut socket, _)) = tokio_tungstenite::connect_async(url).await else {
                tokio::time::sleep(Duration::from_millis(20)).await;
                continue;
            };
            loop {
                if done.load(Ordering::SeqCst) {
                    return;
                }
                let next = tokio::time::timeout(Duration::from_millis(200), socket.next()).await;
                let Ok(next) = next else { continue };
                let Some(Ok(message)) = next else { break };
                let Message::Text(text) = message else { continue };
                let update: Json = serde_json::from_str(&text).expect("JSON in a frame");
                for action in update["data"]["a"].as_array().into_iter().flatten() {
                    let id = action["outbound"].as_str().expect("an id").to_owned();
                    let mut shown = shown.lock().expect("no panic");
                    // While a bubble is shown, SDKs ignore another of the same name.
                    if !shown.contains(&id) {
                        shown.push(id);
                    }
                }
            }
        }
    }
}

/// Creates teams at any server until it is told to stop, and keeps the ids of the acknowledged ones.
async fn write(
    servers: Arc<Servers>,
    keys: Arc<Json>,
    written: Arc<Mutex<Vec<String>>>,
    stop: Arc<AtomicBool>,
    writer: usize,
) {
    for n in 0.. {
        if stop.load(Ordering::SeqCst) {
            return;
        }
        let body = json!({"name": format!("Team {writer}-{n}")});
        let server = servers.get(writer + n);
        if let Ok((200, team)) = server.call(Method::POST, "/v3/teams", &keys, Some(&body)).await {
            written.lock().expect("no panic").push(team["id"].as_str().expect("an id").to_owned());
        } else {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// Follows the project over connections that end again and again, until it got the last event.
async fn follow(
    servers: Arc<Servers>,
    keys: Arc<Json>,
    first: usize,
    drop_after: usize,
    begin: Json,
    done: Arc<Mutex<Option<i64>>>,
) -> Got {
    let (mut got, mut seen) = (Got::new(), json!({"epoch": begin["epoch"], "seq": begin["seq"]}));
    let is_done = |seen: &Json| *done.lock().expect("no panic") == seen["seq"].as_i64();
    for attempt in first.. {
        let Some(mut pusher) = subscribe(&servers.get(attempt), &keys, &seen).await else {
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        for _ in 0..drop_after {
            let came = tokio::time::timeout(Duration::from_millis(500), pusher.next()).await;
            if is_done(&seen) {
                return got;
            }
            let Ok(came) = came else { continue };
            let Came::Frame(frame) = came else { break };
            assert_ne!(frame["event"], "hark:reset", "nothing may be lost: {frame}");
            if frame["event"] == "team.created" {
                let event = data(&frame);
                seen = json!({"epoch": event["epoch"], "seq": event["seq"]});
                got.push((
                    event["seq"].as_i64().expect("a number"),
                    event["id"].as_str().expect("an id").to_owned(),
                ));
            }
        }
        if is_done(&seen) {
            return got;
        }
    }
    got
}

/// A connection that follows the project from a place on.
async fn subscribe(server: &Server, keys: &Json, seen: &Json) -> Option<Pusher> {
    let key = keys["sdkKey"].as_str().expect("a key");
    let channel = format!("private-project-{}", keys["project"]["id"].as_str().expect("an id"));
    let mut pusher = Pusher::try_connect(server.address(), key).await.ok()?;
    let ask = json!({"socket_id": pusher.id, "channel_name": channel});
    let path = "/v3/users/me/session-channel-auth";
    let (status, ticket) = server.call(Method::POST, path, keys, Some(&ask)).await.ok()?;
    assert_eq!(status, 200, "{ticket}");
    pusher.subscribe(&channel, &ticket, Some(seen.clone())).await;
    Some(pusher)
}

/// A page of the feed from any server that answers.
async fn changes(servers: &Servers, keys: &Json, after: Option<&Json>) -> Option<Json> {
    let query = after.map(|after| {
        format!("?limit=1000&after={}&epoch={}", after["seq"], after["epoch"].as_str().unwrap_or_default())
    });
    let path = format!("/v3/changes{}", query.unwrap_or_default());
    let (status, page) = servers.get(0).call(Method::GET, &path, keys, None).await.ok()?;
    (status == 200).then_some(page)
}

/// Everything that the feed has behind a place.
async fn feed(servers: &Servers, keys: &Json, begin: &Json) -> Got {
    let (mut got, mut at) = (Got::new(), begin.clone());
    loop {
        let page = changes(servers, keys, Some(&at)).await.expect("a page");
        assert_eq!(page["reset"], json!(false));
        for change in page["changes"].as_array().expect("a list") {
            got.push((
                change["seq"].as_i64().expect("a number"),
                change["id"].as_str().expect("an id").to_owned(),
            ));
        }
        if page["more"] == json!(false) {
            return got;
        }
        at = page;
    }
}
