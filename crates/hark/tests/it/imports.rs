//! Imports: contacts from files and other products, with servers that are strict about their protocols.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use hark_api::Settings;
use hark_core::contacts::CONTACT;
use hark_core::imports::{IMPORT_PART, JOB};
use hark_deliver::egress::Method;
use hark_deliver::service::ServiceUrls;
use hark_deliver::testing::{Account, HttpSink, ReceivedRequest, Reply};
use hark_query::{Filter, Sort};
use hark_store::{Doc, Kind, Listing};
use hark_test::{Answer, Project, TestApp, both};
use serde_json::{Value as Json, json};

use crate::process::{Server, WAIT, hark, json};

/// A key that must never be seen again.
const KEY: &str = "verysecretkey";

both! {
    async fn a_short_list_is_written_at_once_and_again_without_doubles(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let list = json!([
            {"userId": "1", "email": "Ada@example.com", "name": "Ada", "customData": {"seats": 3}},
            {"email": "bob@example.com"},
            {"email": "ADA@example.com", "plan": "pro", "userId": "1"},
        ]);
        let ids = app.post(&project, "/v3/sessions/importer", list.clone()).send().await.expect(200);
        assert_eq!(ids.as_array().map(Vec::len), Some(3));
        assert_eq!(ids[0], ids[2]);
        let before = contacts(&app, &project).await;
        assert_eq!(before.len(), 2);
        let ada = by_email(&before, "ADA@example.com");
        assert_eq!((ada["name"].as_str(), ada["plan"].as_str()), (Some("Ada"), Some("pro")));

        let wrapped = json!({"sessions": list});
        let again = app.post(&project, "/v3/sessions/importer", wrapped).send().await.expect(200);
        assert_eq!(again, ids);
        assert_eq!(contacts(&app, &project).await.len(), 2);
        let one = json!({"userId": "1", "plan": "basic"});
        assert_eq!(app.post(&project, "/v3/sessions/importer", one).send().await.expect(200), json!([ids[0]]));
    }

    async fn a_short_list_with_a_wrong_row_changes_nothing(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let list = json!([{"email": "ada@example.com"}, {"name": "nobody"}, 7, {"email": "b@example.com", "value": "x"}]);
        let answer = app.post(&project, "/v3/sessions/importer", list).send().await.expect(400);
        let message = answer["message"].as_str().expect("a sentence");
        for part in ["nothing was imported", "row 2: ", "row 3: a contact must be an object", "row 4: `value`"] {
            assert!(message.contains(part), "{message}");
        }
        assert_eq!(contacts(&app, &project).await.len(), 0);
    }

    async fn a_csv_file_becomes_contacts_with_errors_by_row(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let mut file = b"Email,User ID,Name,Tags,Notes\n".to_vec();
        file.extend(b"ada@example.com,007,Ada,\"a,b\",\"=HYPERLINK(\"\"http://evil\"\")\"\n");
        file.extend(b",,nobody,,\n\xff@example.com,,,,\nx,y,z,t,n,more\n");
        for n in 0..600 {
            file.extend(format!("c{n}@example.com,,C{n},,\n").into_bytes());
        }
        let import = upload(&app, &project, "text/csv; charset=utf-8", file.clone()).await;
        assert_eq!((&import["status"], &import["total"], &import["source"]), (&json!("waiting"), &json!(604), &json!("csv")));
        app.run_jobs().await;

        let done = progress(&app, &project, &import).await;
        assert_eq!((&done["status"], &done["count"], &done["failed"]), (&json!("finished"), &json!(604), &json!(3)));
        assert_eq!((&done["created"], &done["updated"]), (&json!(601), &json!(0)));
        assert_eq!((&done["remaining"], done["startedAt"].is_string(), done["finishedAt"].is_string()), (&json!(0), true, true));
        let rows: Vec<_> = done["errors"].as_array().expect("errors").iter().map(|error| error["row"].as_u64()).collect();
        assert_eq!(rows, [Some(3), Some(4), Some(5)]);
        assert_eq!(done["errors"][1]["message"], "the row is not UTF-8 text");

        let before = contacts(&app, &project).await;
        assert_eq!(before.len(), 601);
        let ada = by_email(&before, "ada@example.com");
        assert_eq!((&ada["userId"], &ada["tags"]), (&json!("007"), &json!(["a", "b"])));
        assert_eq!(ada["customData"]["Notes"], "=HYPERLINK(\"http://evil\")");
        assert_eq!(parts(&app, &project).await.len(), 0);

        let again = upload(&app, &project, "text/csv", file).await;
        app.run_jobs().await;
        let done = progress(&app, &project, &again).await;
        assert_eq!((&done["status"], &done["created"], &done["updated"]), (&json!("finished"), &json!(0), &json!(601)));
        assert_eq!(contacts(&app, &project).await, before, "a second import changed something");
    }

    async fn lines_and_long_lists_are_imports_too(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let lines = "{\"email\":\"a@example.com\",\"name\":\"nul \\u0000\"}\nrubbish\n\n[1]\n{\"userId\":\"2\"}\n";
        let import = upload(&app, &project, "application/x-ndjson", lines).await;
        app.run_jobs().await;
        let done = progress(&app, &project, &import).await;
        assert_eq!((&done["count"], &done["failed"], &done["errors"][0]["row"]), (&json!(4), &json!(2), &json!(2)));

        let list: Vec<Json> = (0..501).map(|n| json!({"email": format!("l{n}@example.com")})).collect();
        let imports = app.post(&project, "/v3/sessions/importer", json!(list)).send().await.expect(200);
        app.run_jobs().await;
        let done = progress(&app, &project, &imports[0]).await;
        assert_eq!((&done["source"], &done["count"], &done["failed"]), (&json!("json"), &json!(501), &json!(0)));
        assert_eq!(contacts(&app, &project).await.len(), 503);
        let listed = app.get(&project, "/v3/imports?status=finished").send().await.expect(200);
        assert_eq!((listed.as_array().map(Vec::len), listed[0].get("errors")), (Some(2), None));
    }

    async fn files_that_cannot_be_used_leave_nothing_behind(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let many = format!("email,{}\n", (0..10_000).map(|n| n.to_string()).collect::<Vec<_>>().join(","));
        for (content_type, file, sentence) in [
            ("text/csv", many.as_str(), "at most 200 are allowed"),
            ("text/csv", "", "the file is empty"),
            ("text/csv", "email\n", "there is no row in the file"),
            ("application/x-ndjson", " \n\n", "there is no row in the file"),
            ("application/json", "[", "the body is not JSON"),
            ("application/json", "7", "the body must be a list of contacts"),
        ] {
            let answer = send_file(&app, &project, content_type, file).await;
            let message = answer.expect(400)["message"].to_string();
            assert!(message.contains(sentence), "{message}");
        }
        let huge = format!("email,name\na@example.com,\"{}\"\nb@example.com,B\n", "x".repeat(1_000_000));
        let import = upload(&app, &project, "text/csv", huge).await;
        app.run_jobs().await;
        let done = progress(&app, &project, &import).await;
        assert_eq!(done["errors"], json!([{"row": 2, "message": "the row has more than 65536 bytes"}]));
        let listed = app.get(&project, "/v3/imports").send().await.expect(200);
        assert_eq!(listed.as_array().map(Vec::len), Some(1));
    }

    async fn every_source_is_read_to_its_end_through_its_limits(scratch: Scratch) {
        let (sink, urls) = products(5, 2, |asked| (asked % 3 == 1).then_some(20)).await;
        let app = TestApp::with(scratch, Settings { services: urls, ..Settings::default() }).await;
        for (path, body, pauses) in [
            ("intercom", json!({"endpoint": sink.url("/intercom"), "apiKey": KEY}), 2),
            ("hubspot", json!({"apiKey": KEY}), 2),
            ("zendesk", json!({"subdomain": "acme", "email": "agent@example.com", "apiToken": KEY}), 2),
        ] {
            let project = app.project().await;
            let import = start(&app, &project, path, body).await;
            let mut waited = 0;
            app.run_jobs().await;
            while progress(&app, &project, &import).await["status"] == "waiting" {
                let waiting = progress(&app, &project, &import).await;
                assert_eq!(waiting["message"], "the source takes no more calls for now", "{path}");
                assert!(waiting["retryAt"].is_string());
                app.clock.advance(19_000);
                assert_eq!(app.run_jobs().await, 0, "{path} was asked before its pause was over");
                app.clock.advance(1_000);
                waited += 1;
                assert!(app.run_jobs().await > 0 && waited < 10, "{path}");
            }
            let done = progress(&app, &project, &import).await;
            assert_eq!((&done["status"], &done["count"], &done["failed"]), (&json!("finished"), &json!(5), &json!(0)), "{path}: {done}");
            assert!(done["rate"].as_f64().is_some_and(|rate| rate > 0.0), "{path}: {done}");
            assert!(waited >= pauses - 1, "{path} waited {waited} times");
            assert_eq!(done.get("retryAt").or(done.get("message")), None, "{path}");
            let all = contacts(&app, &project).await;
            assert_eq!(all.len(), 5, "{path}");
            assert_eq!(by_email(&all, "p3@example.com")["name"], "P 3", "{path}");
            nothing_secret_is_left(&app, &project).await;

            let again = start(&app, &project, path, source_body(path, &sink)).await;
            finish(&app, &project, &again).await;
            assert_eq!(contacts(&app, &project).await, all, "a second import from {path} changed something");
        }
    }

    async fn a_worker_that_dies_between_pages_loses_and_doubles_nothing(scratch: Scratch) {
        let (_sink, urls) = products(9, 2, |_| None).await;
        let app = TestApp::with(scratch, Settings { services: urls, ..Settings::default() }).await;
        let project = app.project().await;
        let import = start(&app, &project, "hubspot", json!({"apiKey": KEY})).await;
        let store = &app.app.store;
        let registry = hark_api::work::registry(&app.app);
        let mut deaths = 0;
        while progress(&app, &project, &import).await["status"] != "finished" {
            // One worker takes the job and is never heard of again.
            let leased = store.lease(&[JOB], 1, 60_000).await.expect("a lease");
            assert_eq!(leased.len(), 1);
            deaths += 1;
            assert_eq!(hark_store::run_due(store, &registry).await.expect("jobs run"), 0);
            app.clock.advance(60_001);
            // Another one gets it, does one page, and dies with the next.
            let second = store.lease(&[JOB], 1, 60_000).await.expect("a lease");
            assert_eq!((second.len(), second[0].attempt), (1, 2));
            store.fail(&second[0], &hark_store::JobError::retry("died")).await.expect("noted");
            app.clock.advance(60_000);
            one_job(&app).await;
            assert!(deaths < 20);
        }
        assert_eq!(deaths, 5, "nine records in pages of two");
        let done = progress(&app, &project, &import).await;
        assert_eq!((&done["count"], &done["failed"]), (&json!(9), &json!(0)));
        assert_eq!(contacts(&app, &project).await.len(), 9);
    }

    async fn a_worker_that_comes_back_from_the_dead_changes_nothing(scratch: Scratch) {
        let (_sink, urls) = products(9, 2, |_| None).await;
        let app = TestApp::with(scratch, Settings { services: urls, ..Settings::default() }).await;
        let project = app.project().await;
        let import = start(&app, &project, "hubspot", json!({"apiKey": KEY})).await;
        let late = app.app.store.lease(&[JOB], 1, 60_000).await.expect("a lease").remove(0);
        app.clock.advance(60_001);
        one_job(&app).await;
        let before = (progress(&app, &project, &import).await, contacts(&app, &project).await);
        assert_eq!(before.0["count"], 2);
        hark_api::work::imports::work(app.app.clone(), late).await.expect("nothing to do is no failure");
        assert_eq!((progress(&app, &project, &import).await, contacts(&app, &project).await), before);
        finish(&app, &project, &import).await;
        assert_eq!(contacts(&app, &project).await.len(), 9);
    }

    async fn an_import_goes_on_in_the_next_process(scratch: Scratch) {
        let account = account("hubspot", 9, 2);
        let hung = AtomicUsize::new(0);
        let sink = HttpSink::start(move |request| {
            let third = request.path.contains("after=a%2B%2F%3D4");
            if third && hung.fetch_add(1, Ordering::SeqCst) == 0 { Reply::silence() } else { account.hubspot(request) }
        })
        .await
        .expect("a server");
        let keys = json(&scratch, &["init"]);
        let serve = || {
            let mut command = hark(&scratch, &["serve", "--allow-private", "127.0.0.0/8"]);
            command.env("HARK_HUBSPOT_URL", sink.url(""));
            Server::spawn(command)
        };
        let server = serve();
        let body = json!({"apiKey": KEY});
        let imports = server.expect(Method::POST, "/v3/sessions/importer/hubspot", &keys, Some(&body)).await;
        let path = format!("/v3/imports/{}", imports[0]["id"].as_str().expect("an id"));
        let reads_third_page = async || sink.requests().len() == 3;
        until(reads_third_page).await;
        let log = server.stop();
        assert!(!log.contains(KEY), "{log}");
        assert_eq!(sink.requests().len(), 3);

        let server = serve();
        let get = async || server.expect(Method::GET, &path, &keys, None).await;
        until(async || get().await["status"] == "finished").await;
        let done = get().await;
        assert_eq!((&done["count"], &done["failed"]), (&json!(9), &json!(0)));
        let all = server.expect(Method::GET, "/v3/sessions", &keys, None).await;
        assert_eq!(all.as_array().map(Vec::len), Some(9));
    }

    async fn a_cancelled_import_stops_and_forgets(scratch: Scratch) {
        let (sink, urls) = products(9, 2, |_| None).await;
        let app = TestApp::with(scratch, Settings { services: urls, ..Settings::default() }).await;
        let project = app.project().await;
        let import = start(&app, &project, "hubspot", json!({"apiKey": KEY})).await;
        one_job(&app).await;
        let path = format!("/v3/imports/{}/cancel", import["id"].as_str().expect("an id"));
        let running = progress(&app, &project, &import).await;
        assert_eq!((&running["status"], &running["count"]), (&json!("running"), &json!(2)));
        let cancelled = app.post(&project, &path, Json::Null).send().await.expect(200);
        assert_eq!(cancelled["status"], "cancelled");
        assert_eq!(app.run_jobs().await, 0);
        assert_eq!((sink.requests().len(), contacts(&app, &project).await.len()), (1, 2));
        nothing_secret_is_left(&app, &project).await;
        app.post(&project, &path, Json::Null).send().await.expect(200);
        let resume = path.replace("cancel", "resume");
        let answer = app.post(&project, &resume, Json::Null).send().await.expect(400);
        assert_eq!(answer["message"], "the import was cancelled, start a new one");
    }

    async fn a_source_that_fails_is_asked_again_and_can_be_resumed(scratch: Scratch) {
        let broken = Arc::new(AtomicUsize::new(usize::MAX));
        let state = broken.clone();
        let account = account("hubspot", 3, 2);
        let sink = HttpSink::start(move |request| {
            if state.load(Ordering::SeqCst) > 0 && request.path.contains("after=") {
                return Reply::new(503, "");
            }
            account.hubspot(request)
        })
        .await
        .expect("a server");
        let services = ServiceUrls { hubspot: sink.url(""), ..ServiceUrls::default() };
        let app = TestApp::with(scratch, Settings { services, ..Settings::default() }).await;
        let project = app.project().await;
        let import = start(&app, &project, "hubspot", json!({"apiKey": KEY})).await;
        for _ in 0..20 {
            app.run_jobs().await;
            app.clock.advance(2 * 60 * 60 * 1_000);
        }
        let failed = progress(&app, &project, &import).await;
        assert_eq!((&failed["status"], &failed["count"]), (&json!("failed"), &json!(2)));
        assert_eq!(failed["message"], "HubSpot answered 503, a fault on its side");
        assert_eq!(sink.requests().len(), 1 + 8);

        broken.store(0, Ordering::SeqCst);
        let path = format!("/v3/imports/{}/resume", import["id"].as_str().expect("an id"));
        let resumed = app.post(&project, &path, Json::Null).send().await.expect(200);
        assert_eq!((&resumed["status"], resumed.get("message"), resumed.get("finishedAt")), (&json!("waiting"), None, None));
        app.run_jobs().await;
        let done = progress(&app, &project, &import).await;
        assert_eq!((&done["status"], &done["count"]), (&json!("finished"), &json!(3)));
        assert_eq!(contacts(&app, &project).await.len(), 3);
        let answer = app.post(&project, &path, Json::Null).send().await.expect(400);
        assert_eq!(answer["message"], "the import is finished, there is nothing to resume");
    }

    async fn what_a_failed_import_had_to_do_is_forgotten_after_a_week(scratch: Scratch) {
        let sink = HttpSink::start(|_| Reply::new(500, "")).await.expect("a server");
        let services = ServiceUrls { hubspot: sink.url(""), ..ServiceUrls::default() };
        let app = TestApp::with(scratch, Settings { services, ..Settings::default() }).await;
        let project = app.project().await;
        let import = start(&app, &project, "hubspot", json!({"apiKey": KEY})).await;
        for _ in 0..10 {
            app.run_jobs().await;
            app.clock.advance(60 * 60 * 1_000);
        }
        assert_eq!(progress(&app, &project, &import).await["status"], "failed");
        assert_eq!(parts(&app, &project).await.len(), 1);
        app.clock.advance(7 * 24 * 60 * 60 * 1_000);
        app.run_jobs().await;
        nothing_secret_is_left(&app, &project).await;
        let path = format!("/v3/imports/{}/resume", import["id"].as_str().expect("an id"));
        let answer = app.post(&project, &path, Json::Null).send().await.expect(400);
        assert!(answer["message"].as_str().is_some_and(|text| text.contains("start a new one")));
    }

    async fn refusals_end_an_import_with_a_sentence_and_without_secrets(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let sink = HttpSink::start(|_| Reply::new(401, "{}")).await.expect("a server");
        for (endpoint, sentence) in [
            ("http://169.254.169.254/latest", "a link-local address"),
            ("http://10.0.0.1", "a private address"),
            ("http://[::1]:8080", "a loopback address"),
            ("file:///etc/passwd", "must begin with http"),
            (sink.url("").as_str(), "Intercom answered 401: the credentials are not accepted, check them"),
        ] {
            let body = json!({"endpoint": endpoint, "apiKey": KEY});
            let import = start(&app, &project, "intercom", body).await;
            app.run_jobs().await;
            let failed = progress(&app, &project, &import).await;
            assert_eq!(failed["status"], "failed", "{endpoint}");
            let message = failed["message"].as_str().unwrap_or_default();
            assert!(message.contains(sentence), "{endpoint}: {message}");
            assert!(!failed.to_string().contains(KEY));
            nothing_secret_is_left(&app, &project).await;
        }
    }

    async fn input_that_cannot_be_right_starts_no_import(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        for (path, body, sentence) in [
            ("intercom", json!({"endpoint": "https://api.intercom.io"}), "apiKey"),
            ("intercom", json!({"endpoint": "https://api.intercom.io", "apiKey": " "}), "`apiKey` is empty"),
            ("hubspot", json!({"apiKey": "x".repeat(2_000)}), "longer than 1000 bytes"),
            ("zendesk", json!({"subdomain": "evil.example/", "email": "a@example.com", "apiToken": KEY}), "letters, digits and hyphens"),
        ] {
            let answer = app.post(&project, &format!("/v3/sessions/importer/{path}"), body).send().await.expect(400);
            assert!(answer["message"].as_str().is_some_and(|text| text.contains(sentence)), "{answer}");
        }
        assert_eq!(app.get(&project, "/v3/imports").send().await.expect(200), json!([]));
    }

    async fn a_project_has_twenty_imports_under_way_at_most(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        for _ in 0..20 {
            start(&app, &project, "hubspot", json!({"apiKey": KEY})).await;
        }
        let answer = app.post(&project, "/v3/sessions/importer/hubspot", json!({"apiKey": KEY})).send().await;
        assert!(answer.expect(429)["message"].as_str().is_some_and(|text| text.contains("under way")));
        assert_eq!(answer.header("retry-after"), "60");
    }

    async fn imports_that_begin_at_once_are_all_counted(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        for _ in 0..17 {
            start(&app, &project, "hubspot", json!({"apiKey": KEY})).await;
        }
        let begin = async || app.post(&project, "/v3/sessions/importer/hubspot", json!({"apiKey": KEY})).send().await.status;
        let all = futures_util::future::join_all((0..8).map(|_| begin())).await;
        assert_eq!(all.iter().filter(|status| **status != 429).count(), 3, "{all:?}");
    }

    async fn an_import_whose_workers_die_has_failed_and_can_be_resumed(scratch: Scratch) {
        let (_sink, urls) = products(3, 2, |_| None).await;
        let app = TestApp::with(scratch, Settings { services: urls, ..Settings::default() }).await;
        let project = app.project().await;
        let import = start(&app, &project, "hubspot", json!({"apiKey": KEY})).await;
        for attempt in 1..=8 {
            let leased = app.app.store.lease(&[JOB], 1, 60_000).await.expect("a lease");
            assert_eq!(leased.first().map(|job| job.attempt), Some(attempt));
            app.clock.advance(60_000);
        }
        app.run_jobs().await;
        let failed = progress(&app, &project, &import).await;
        assert_eq!((&failed["status"], failed["finishedAt"].is_string()), (&json!("failed"), true));
        assert!(failed["message"].as_str().is_some_and(|text| text.contains("resume it")), "{failed}");

        let path = format!("/v3/imports/{}/resume", import["id"].as_str().expect("an id"));
        app.post(&project, &path, Json::Null).send().await.expect(200);
        finish(&app, &project, &import).await;
        assert_eq!(contacts(&app, &project).await.len(), 3);
        nothing_secret_is_left(&app, &project).await;
    }

    async fn what_a_dead_import_had_to_do_is_forgotten_even_if_workers_die_again(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        start(&app, &project, "hubspot", json!({"apiKey": KEY})).await;
        for _ in 0..2 {
            // The second time it is the job that would forget.
            for _ in 1..=8 {
                assert_eq!(app.app.store.lease(&[JOB], 1, 60_000).await.expect("a lease").len(), 1);
                app.clock.advance(60_000);
            }
            app.run_jobs().await;
            app.clock.advance(7 * 24 * 60 * 60 * 1_000);
        }
        nothing_secret_is_left(&app, &project).await;
    }
}

/// Waits until something is true, which must not take long.
async fn until(is_true: impl AsyncFn() -> bool) {
    let begun = Instant::now();
    while !is_true().await {
        assert!(begun.elapsed() < WAIT, "what must come does not come");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Starts an import from a product.
async fn start(app: &TestApp, project: &Project, product: &str, body: Json) -> Json {
    let answer = app.post(project, &format!("/v3/sessions/importer/{product}"), body).send().await;
    let mut imports = answer.expect(200);
    assert!(!answer.body.contains(KEY), "{}", answer.body);
    assert_eq!(imports.as_array().map(Vec::len), Some(1));
    imports[0].take()
}

/// Starts an import from a file.
async fn upload(app: &TestApp, project: &Project, content_type: &str, file: impl Into<Vec<u8>>) -> Json {
    send_file(app, project, content_type, file).await.expect(200)[0].take()
}

async fn send_file(app: &TestApp, project: &Project, content_type: &str, file: impl Into<Vec<u8>>) -> Answer {
    let request = app.request(Method::POST, "/v3/sessions/importer").rest(project);
    request.body(content_type, file.into()).send().await
}

async fn progress(app: &TestApp, project: &Project, import: &Json) -> Json {
    let id = import["id"].as_str().expect("an import");
    app.get(project, &format!("/v3/imports/{id}")).send().await.expect(200)
}

/// Runs jobs and lets pauses pass until the import is over.
async fn finish(app: &TestApp, project: &Project, import: &Json) {
    for _ in 0..20 {
        app.run_jobs().await;
        match progress(app, project, import).await["status"].as_str() {
            Some("finished") => return,
            _ => app.clock.advance(20_000),
        }
    }
    panic!("the import does not end");
}

/// Runs the next job and no other.
async fn one_job(app: &TestApp) {
    let job = app.app.store.lease(&[JOB], 1, 60_000).await.expect("a lease").remove(0);
    hark_api::work::imports::work(app.app.clone(), job).await.expect("the job succeeds");
}

fn source_body(product: &str, sink: &HttpSink) -> Json {
    match product {
        "intercom" => json!({"endpoint": sink.url("/intercom"), "apiKey": KEY}),
        "hubspot" => json!({"apiKey": KEY}),
        _ => json!({"subdomain": "acme", "email": "agent@example.com", "apiToken": KEY}),
    }
}

/// A server that is all three products, under a path each. `busy` says for the how many-th request
/// it wants a pause of how many seconds.
async fn products(
    records: usize,
    page: usize,
    busy: impl Fn(usize) -> Option<u32> + Send + Sync + 'static,
) -> (HttpSink, ServiceUrls) {
    let accounts =
        ["intercom", "hubspot", "zendesk"].map(|product| (product, account(product, records, page)));
    let asked = AtomicUsize::new(0);
    let sink = HttpSink::start(move |request| {
        if let Some(pause_s) = busy(asked.fetch_add(1, Ordering::SeqCst)) {
            return Reply::new(429, "{}").header("retry-after", &pause_s.to_string());
        }
        let found = accounts.iter().find_map(|(product, account)| {
            let path = request.path.strip_prefix(&format!("/{product}"))?;
            Some((*product, account, ReceivedRequest { path: path.to_owned(), ..request.clone() }))
        });
        match found {
            Some(("intercom", account, request)) => account.intercom(&request),
            Some(("hubspot", account, request)) => account.hubspot(&request),
            Some((_, account, request)) => account.zendesk(&request),
            None => Reply::new(404, "{}"),
        }
    })
    .await
    .expect("a server");
    let urls = ServiceUrls {
        hubspot: sink.url("/hubspot"),
        zendesk: sink.url("/zendesk"),
        ..ServiceUrls::default()
    };
    (sink, urls)
}

/// An account with people called `P 0`, `P 1` and so on.
fn account(product: &str, records: usize, page: usize) -> Account {
    let record = |n: usize| {
        let (email, last) = (format!("p{n}@example.com"), n.to_string());
        match product {
            "hubspot" => {
                json!({"id": last, "properties": {"email": email, "firstname": "P", "lastname": last}})
            }
            _ => {
                json!({"id": n, "role": "user", "external_id": format!("u{n}"), "email": email, "name": format!("P {n}")})
            }
        }
    };
    let authorization = match product {
        // agent@example.com/token:verysecretkey
        "zendesk" => "Basic YWdlbnRAZXhhbXBsZS5jb20vdG9rZW46dmVyeXNlY3JldGtleQ==".to_owned(),
        _ => format!("Bearer {KEY}"),
    };
    Account { authorization, records: (0..records).map(record).collect(), page }
}

async fn contacts(app: &TestApp, project: &Project) -> Vec<Doc> {
    documents(app, project, &CONTACT).await
}

async fn parts(app: &TestApp, project: &Project) -> Vec<Doc> {
    documents(app, project, &IMPORT_PART).await
}

async fn documents(app: &TestApp, project: &Project, kind: &'static Kind) -> Vec<Doc> {
    let scope = app.app.store.operator_of(project.id.parse().expect("an id")).await.expect("a scope");
    let listing =
        Listing { filter: Filter::everything(), sort: Sort::default(), limit: 1_000, skip: 0, cursor: None };
    let mut docs = app.app.store.read(&scope, move |tx| tx.list(kind, &listing)).await.expect("a list").docs;
    docs.sort_by_key(|doc| doc.id);
    docs
}

fn by_email(contacts: &[Doc], email: &str) -> Json {
    let found = contacts.iter().find(|contact| contact.text("email") == Some(email));
    found.map(|contact| Json::Object(contact.body.clone())).unwrap_or_else(|| panic!("no {email}"))
}

/// No document of the project holds the key.
async fn nothing_secret_is_left(app: &TestApp, project: &Project) {
    assert_eq!(parts(app, project).await.len(), 0);
    for kind in hark_core::KINDS.iter().copied() {
        for doc in documents(app, project, kind).await {
            assert!(!Json::Object(doc.body).to_string().contains(KEY), "a {} keeps the key", kind.name);
        }
    }
}
