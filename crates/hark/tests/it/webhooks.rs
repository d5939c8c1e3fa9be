//! Webhooks: what happens reaches another server, signed, until it has taken it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use hark_api::work;
use hark_core::webhooks::sign;
use hark_deliver::testing::{HttpSink, ReceivedRequest, Reply};
use hark_store::Worker;
use hark_test::{Project, TestApp, both, eventually};
use serde_json::{Value as Json, json};

/// A server that answers with the status that a test set last.
struct Receiver {
    sink: HttpSink,
    status: Arc<AtomicU16>,
}

impl Receiver {
    async fn start() -> Receiver {
        let status = Arc::new(AtomicU16::new(200));
        let current = status.clone();
        let answer = move |_: &ReceivedRequest| match current.load(Ordering::SeqCst) {
            429 => Reply::new(429, "later").header("retry-after", "3600"),
            status => Reply::new(status, "noted"),
        };
        Receiver { sink: HttpSink::start(answer).await.expect("a server"), status }
    }

    fn answers(&self, status: u16) {
        self.status.store(status, Ordering::SeqCst);
    }

    fn received(&self) -> Vec<(Json, ReceivedRequest)> {
        let requests = self.sink.requests().into_iter();
        requests.map(|request| (serde_json::from_slice(&request.body).expect("JSON"), request)).collect()
    }
}

async fn webhook(app: &TestApp, project: &Project, receiver: &Receiver, more: Json) -> String {
    let mut body = json!({"name": "Ours", "url": receiver.sink.url("/hook")});
    body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    let made = app.post(project, "/v3/webhooks", body).send().await.expect(200);
    made["id"].as_str().expect("an id").to_owned()
}

async fn deliveries(app: &TestApp, project: &Project, webhook: &str) -> Vec<Json> {
    let listed =
        app.get(project, &format!("/v3/webhooks/{webhook}/deliveries?sort=id")).send().await.expect(200);
    listed.as_array().cloned().unwrap_or_default()
}

both! {
    async fn what_happens_to_a_ticket_is_told_with_a_signature(scratch: Scratch) {
        let (app, receiver) = (TestApp::new(scratch).await, Receiver::start().await);
        let project = app.project().await;
        // Before the webhook: nobody's news.
        app.post(&project, "/v3/tickets", json!({"title": "Old"})).send().await.expect(200);
        let more = json!({
            "events": ["ticket.created", "ticket.deleted", "message.created"],
            "headers": [{"key": "X-Token", "value": "t-1"}], "filters": {"ticketTypes": ["BUG"]},
        });
        let id = webhook(&app, &project, &receiver, more).await;
        let secret = app.get(&project, &format!("/v3/webhooks/{id}/secret")).send().await.expect(200);
        let secret = secret["secret"].as_str().expect("a secret");
        let session = app.post(&project, "/v3/sessions", json!({"userId": "u-1", "name": "Ada"})).send().await.expect(200);
        let bug = json!({"title": "Broken", "type": "BUG", "session": session["id"]});
        let bug = app.post(&project, "/v3/tickets", bug).send().await.expect(200);
        app.post(&project, "/v3/tickets", json!({"title": "Idea", "type": "FEATURE_REQUEST"})).send().await.expect(200);
        app.run_jobs().await;
        app.post(&project, "/v3/messages", json!({"ticket": bug["id"], "comment": "On it"})).send().await.expect(200);
        app.run_jobs().await;

        let received = receiver.received();
        let events: Vec<&str> = received.iter().filter_map(|(body, _)| body["event"].as_str()).collect();
        assert_eq!(events, ["ticket.created", "message.created"]);
        let (body, request) = &received[0];
        assert_eq!((&body["projectId"], &body["data"]["id"]), (&json!(project.id), &bug["id"]));
        assert_eq!(body["data"]["session"]["name"], json!("Ada"));
        assert_eq!(body["data"].get("secretShareToken"), None);
        assert_eq!((request.method.as_str(), request.header("x-token")), ("POST", Some("t-1")));
        let header = |name| request.header(name).expect("a header of the standard");
        let timestamp = header("webhook-timestamp").parse().expect("a time");
        let text = String::from_utf8(request.body.clone()).expect("text");
        assert_eq!(header("webhook-signature"), sign(secret, header("webhook-id"), timestamp, &text));

        let ledger = deliveries(&app, &project, &id).await;
        assert_eq!(ledger.len(), 2);
        assert_eq!((&ledger[0]["status"], &ledger[0]["attempts"][0]["status"]), (&json!("delivered"), &json!(200)));
        assert_eq!(ledger[0]["attempts"][0]["answer"], json!("noted"));
        assert_eq!(ledger[0].get("payload"), None);
        let path = format!("/v3/webhooks/{id}/deliveries/{}", ledger[0]["id"].as_str().expect("an id"));
        assert_eq!(&app.get(&project, &path).send().await.expect(200)["payload"], body);
    }

    async fn a_failed_delivery_is_tried_again_with_the_same_text(scratch: Scratch) {
        let (app, receiver) = (TestApp::new(scratch).await, Receiver::start().await);
        let project = app.project().await;
        let id = webhook(&app, &project, &receiver, json!({"events": ["contact.created"]})).await;
        receiver.answers(500);
        app.post(&project, "/v3/sessions", json!({"userId": "u-1", "name": "Before"})).send().await.expect(200);
        app.run_jobs().await;
        let pending = &deliveries(&app, &project, &id).await[0];
        assert_eq!((&pending["status"], &pending["attempts"][0]["status"]), (&json!("pending"), &json!(500)));
        app.clock.advance(4_000);
        app.run_jobs().await;
        assert_eq!(receiver.received().len(), 1, "before its time");
        receiver.answers(429);
        app.clock.advance(2_000);
        app.run_jobs().await;
        assert_eq!(receiver.received().len(), 2);
        // The server asked for an hour.
        receiver.answers(200);
        app.clock.advance(3_500_000);
        app.run_jobs().await;
        assert_eq!(receiver.received().len(), 2);
        app.clock.advance(200_000);
        app.run_jobs().await;
        let received = receiver.received();
        assert_eq!(received.len(), 3);
        assert_eq!(received[0].0, received[2].0);
        assert_eq!(received[0].1.header("webhook-id"), received[2].1.header("webhook-id"));
        let done = &deliveries(&app, &project, &id).await[0];
        assert_eq!((&done["status"], done["attempts"].as_array().map(Vec::len)), (&json!("delivered"), Some(3)));
        assert_eq!(done.get("nextAttemptAt"), None);
    }

    async fn a_delivery_is_given_up_after_eight_attempts_and_can_be_sent_again(scratch: Scratch) {
        let (app, receiver) = (TestApp::new(scratch).await, Receiver::start().await);
        let project = app.project().await;
        let id = webhook(&app, &project, &receiver, json!({"events": ["contact.created"]})).await;
        receiver.answers(503);
        app.post(&project, "/v3/sessions", json!({"userId": "u-1"})).send().await.expect(200);
        for _ in 0..12 {
            app.run_jobs().await;
            app.clock.advance(11 * 3_600_000);
        }
        assert_eq!(receiver.received().len(), 8);
        let failed = deliveries(&app, &project, &id).await.remove(0);
        assert_eq!(failed["status"], json!("failed"));
        receiver.answers(204);
        let again = format!("/v3/webhooks/{id}/deliveries/{}/resend", failed["id"].as_str().expect("an id"));
        app.post(&project, &again, json!({})).send().await.expect(200);
        app.run_jobs().await;
        assert_eq!(deliveries(&app, &project, &id).await[0]["status"], json!("delivered"));
    }

    async fn a_server_that_is_gone_is_not_asked_again(scratch: Scratch) {
        let (app, receiver) = (TestApp::new(scratch).await, Receiver::start().await);
        let project = app.project().await;
        let id = webhook(&app, &project, &receiver, json!({"events": ["contact.created"]})).await;
        receiver.answers(410);
        app.post(&project, "/v3/sessions", json!({"userId": "u-1"})).send().await.expect(200);
        app.run_jobs().await;
        let path = format!("/v3/webhooks/{id}");
        let off = app.get(&project, &path).send().await.expect(200);
        assert_eq!(off["enabled"], json!(false));
        app.post(&project, "/v3/sessions", json!({"userId": "u-2"})).send().await.expect(200);
        assert_eq!(app.run_jobs().await, 0, "nobody follows any more");
        app.put(&project, &path, json!({"enabled": true})).send().await.expect(200);
        receiver.answers(200);
        app.post(&project, "/v3/sessions", json!({"userId": "u-3"})).send().await.expect(200);
        app.run_jobs().await;
        let users: Vec<Json> = receiver.received().iter().map(|(body, _)| body["data"]["userId"].clone()).collect();
        assert_eq!(users, [json!("u-1"), json!("u-3")]);
    }

    async fn a_webhook_that_is_switched_off_or_deleted_gets_nothing_more(scratch: Scratch) {
        let (app, receiver) = (TestApp::new(scratch).await, Receiver::start().await);
        let project = app.project().await;
        let id = webhook(&app, &project, &receiver, json!({"events": ["contact.created"]})).await;
        let other = webhook(&app, &project, &receiver, json!({"events": ["contact.created"]})).await;
        receiver.answers(500);
        app.post(&project, "/v3/sessions", json!({"userId": "u-1"})).send().await.expect(200);
        app.run_jobs().await;
        assert_eq!(receiver.received().len(), 2);
        let path = format!("/v3/webhooks/{id}");
        app.put(&project, &path, json!({"enabled": false})).send().await.expect(200);
        app.delete(&project, &format!("/v3/webhooks/{other}")).send().await.expect(200);
        app.clock.advance(24 * 3_600_000);
        app.run_jobs().await;
        assert_eq!(receiver.received().len(), 2, "nothing more was sent");
        let ended = deliveries(&app, &project, &id).await.remove(0);
        assert_eq!((&ended["status"], &ended["nextAttemptAt"]), (&json!("failed"), &Json::Null));
        assert_eq!(ended["attempts"][1]["error"], json!("not sent, the webhook is switched off"));
        let again = format!("{path}/deliveries/{}/resend", ended["id"].as_str().expect("an id"));
        let refused = app.post(&project, &again, json!({})).send().await.expect(400);
        assert!(refused["message"].as_str().is_some_and(|text| text.contains("switched off")), "{refused}");
        receiver.answers(200);
        app.put(&project, &path, json!({"enabled": true})).send().await.expect(200);
        app.post(&project, &again, json!({})).send().await.expect(200);
        app.run_jobs().await;
        assert_eq!(deliveries(&app, &project, &id).await[0]["status"], json!("delivered"));
    }

    async fn a_server_that_does_not_answer_holds_up_nothing_else(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let silent = HttpSink::start(|_: &ReceivedRequest| Reply::silence()).await.expect("a server");
        let dead = json!({"name": "Dead", "url": silent.url("/"), "events": ["contact.created"]});
        app.post(&project, "/v3/webhooks", dead).send().await.expect(200);
        let flow = json!({
            "name": "Close", "status": "published", "automatic": true, "triggers": [{"type": "ticket_created"}],
            "actions": [{"type": "close"}],
        });
        app.post(&project, "/v3/workflows", flow).send().await.expect(200);
        for number in 0..40 {
            let contact = json!({"userId": format!("u-{number}")});
            app.post(&project, "/v3/sessions", contact).send().await.expect(200);
        }
        let worker = Worker::new(app.app.store.clone(), work::registry(&app.app)).start();
        eventually("the server keeps deliveries waiting", async || silent.requests().len() >= 4).await;
        let bug = app.post(&project, "/v3/tickets", json!({"title": "Broken"})).send().await.expect(200);
        let path = format!("/v3/tickets/{}", bug["id"].as_str().expect("an id"));
        let is_closed = async || app.get(&project, &path).send().await.expect(200)["status"] == "DONE";
        eventually("the workflow ran", is_closed).await;
        assert_eq!(silent.requests().len(), 4, "an eighth of the worker waits for the server");
        worker.stop(Duration::ZERO).await;
    }

    async fn a_webhook_is_tried_out_and_its_secret_changed(scratch: Scratch) {
        let (app, receiver) = (TestApp::new(scratch).await, Receiver::start().await);
        let project = app.project().await;
        let id = webhook(&app, &project, &receiver, json!({})).await;
        let path = format!("/v3/webhooks/{id}/secret");
        let old = app.get(&project, &path).send().await.expect(200);
        let new = app.post(&project, &path, json!({})).send().await.expect(200);
        assert_ne!(old, new);
        assert_eq!(app.get(&project, &path).send().await.expect(200), new);
        app.post(&project, &format!("/v3/webhooks/{id}/test"), json!({})).send().await.expect(200);
        app.run_jobs().await;
        let (body, request) = receiver.received().remove(0);
        assert_eq!(body["event"], json!("webhook.test"));
        assert!(!String::from_utf8_lossy(&request.body).contains("whsec_"));
        app.delete(&project, &format!("/v3/webhooks/{id}")).send().await.expect(200);
        app.get(&project, &format!("/v3/webhooks/{id}/deliveries")).send().await.expect(404);
    }

    async fn private_networks_and_wrong_settings_are_refused(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        for (wrong, sentence) in [
            (json!({"name": "x"}), "`url` must be a web address"),
            (json!({"name": "x", "url": "ftp://example.com"}), "`url` must be a web address"),
            (json!({"name": "x", "url": "https://example.com", "events": ["ticket.*"]}), "`events` has"),
            (json!({"name": "x", "url": "https://example.com", "headers": [{"key": "Host", "value": "a"}]}), "the `key` of a header"),
            (json!({"name": "x", "url": "https://example.com", "headers": [{"key": "Proxy-Authorization", "value": "a"}]}), "the `key` of a header"),
            (json!({"name": "x", "url": "https://example.com", "headers": [{"key": "A", "value": "a\r\nb: c"}]}), "the `value` of a header"),
        ] {
            let answer = app.post(&project, "/v3/webhooks", wrong).send().await.expect(400);
            assert!(answer["message"].as_str().is_some_and(|text| text.contains(sentence)), "{answer}");
        }
        let inside = json!({"name": "x", "url": "http://169.254.169.254/latest", "events": ["contact.created"]});
        let id = app.post(&project, "/v3/webhooks", inside).send().await.expect(200)["id"].clone();
        app.post(&project, "/v3/sessions", json!({"userId": "u-1"})).send().await.expect(200);
        app.run_jobs().await;
        let delivery = deliveries(&app, &project, id.as_str().expect("an id")).await.remove(0);
        assert!(delivery["attempts"][0]["error"].as_str().is_some_and(|text| text.contains("169.254.169.254")), "{delivery}");
    }

    async fn a_new_webhook_hears_of_nothing_old(scratch: Scratch) {
        let (app, receiver) = (TestApp::new(scratch).await, Receiver::start().await);
        let project = app.project().await;
        // Tickets are followed, contacts are not, so nobody reads on in the stream.
        webhook(&app, &project, &receiver, json!({"events": ["ticket.created"]})).await;
        app.post(&project, "/v3/sessions", json!({"userId": "old"})).send().await.expect(200);
        assert_eq!(app.run_jobs().await, 0);
        webhook(&app, &project, &receiver, json!({"events": ["contact.created"]})).await;
        app.post(&project, "/v3/sessions", json!({"userId": "new"})).send().await.expect(200);
        app.run_jobs().await;
        let users: Vec<Json> = receiver.received().iter().map(|(body, _)| body["data"]["userId"].clone()).collect();
        assert_eq!(users, [json!("new")]);
    }
}
