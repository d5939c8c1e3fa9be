//! Power failures: every write that was acknowledged is there afterwards, and once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use hark_deliver::egress::Method;
use hark_test::both;
use serde_json::{Value as Json, json};

use crate::process::{Server, WAIT, json};

/// Callers that write at the same time.
const WRITERS: usize = 16;
/// Writes that are acknowledged before the power fails.
const ENOUGH: usize = 200;
/// Contacts on a page of the list.
const PAGE: usize = 50;

both! {
    async fn acknowledged_writes_survive_a_kill_and_exist_once(scratch: Scratch) {
        let keys = Arc::new(json(&scratch, &["init"]));
        let server = Arc::new(Server::start(&scratch));
        let acknowledged = Arc::new(AtomicUsize::new(0));
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| tokio::spawn(write(server.clone(), keys.clone(), acknowledged.clone(), writer)))
            .collect();
        let enough = async {
            while acknowledged.load(Ordering::SeqCst) < ENOUGH {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(WAIT, enough).await.expect("writes are acknowledged");
        // The writers go on meanwhile and end with the connections.
        server.kill_now();
        let mut written = Vec::new();
        for writer in writers {
            written.extend(writer.await.expect("a writer"));
        }
        assert!(written.len() >= ENOUGH);

        let server = Server::start(&scratch);
        let stored = all(&server, &keys).await;
        for (id, user_id) in &written {
            let found = stored.iter().filter(|contact| contact["id"] == json!(id)).count();
            assert_eq!(found, 1, "the acknowledged contact {id} is listed {found} times");
            let with_user_id = stored.iter().filter(|contact| contact["userId"] == json!(user_id)).count();
            assert_eq!(with_user_id, 1, "the user {user_id} is listed {with_user_id} times");
        }
        // What was not acknowledged may be there or not, but of each writer's calls only the last was open.
        assert!(stored.len() <= written.len() + WRITERS, "{} of {}", stored.len(), written.len());
        server.expect(Method::POST, "/v3/sessions", &keys, Some(&json!({"userId": "after"}))).await;
    }
}

/// Creates contacts until the server is gone; returns ids and user ids of the acknowledged ones.
async fn write(
    server: Arc<Server>,
    keys: Arc<Json>,
    acknowledged: Arc<AtomicUsize>,
    writer: usize,
) -> Vec<(String, String)> {
    let mut written = Vec::new();
    loop {
        let user_id = format!("user {writer}-{}", written.len());
        let body = json!({"userId": user_id, "name": "Ada Example"});
        let answer = server.call(Method::POST, "/v3/sessions", &keys, Some(&body)).await;
        let Ok((200, contact)) = answer else { return written };
        written.push((contact["id"].as_str().expect("an id").to_owned(), user_id));
        acknowledged.fetch_add(1, Ordering::SeqCst);
    }
}

/// Every contact, page by page.
async fn all(server: &Server, keys: &Json) -> Vec<Json> {
    let mut all = Vec::new();
    loop {
        let path = format!("/v3/sessions?sort=createdAt&limit={PAGE}&skip={}", all.len());
        let page = server.expect(Method::GET, &path, keys, None).await;
        let page = page.as_array().expect("a list");
        all.extend(page.iter().cloned());
        if page.len() < PAGE {
            return all;
        }
    }
}
