//! Servers and connections that die while changes flow: who follows them misses nothing, gets
//! nothing twice, and everything in order.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hark_deliver::egress::Method;
use hark_test::{Engine, both};
use serde_json::{Value as Json, json};

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
