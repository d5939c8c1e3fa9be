//! Uploads as the SDKs write them, and files as browsers get them.

use hark_api::Settings;
use hark_core::files;
use hark_deliver::objects::{S3Settings, s3};
use hark_deliver::secret::Secret;
use hark_deliver::testing::{S3Access, S3Sink};
use hark_store::FileStore;
use hark_store::access::MEMBER;
use hark_test::{Answer, Device, Method, Project, TestApp, both};
use serde_json::{Value as Json, json};

use crate::people;

/// A picture, as far as anybody looks.
pub(crate) const PNG: &[u8] = b"\x89PNG\r\n\x1a\n some pixels";
const BOUNDARY: &str = "multipart/form-data;boundary=BBBOUNDARY";

/// A part as Android writes it.
fn android(name: &[u8], content_type: &str, content: &[u8]) -> Vec<u8> {
    let head = [b"--BBBOUNDARY\r\nContent-Disposition: form-data; name=\"file\";filename=\"", name].concat();
    [
        head,
        format!("\"\r\nContent-Type: {content_type}\r\n\r\n").into_bytes(),
        content.to_vec(),
        b"\r\n".to_vec(),
    ]
    .concat()
}

/// A part as iOS writes it.
pub(crate) fn ios(name: &str, content_type: &str, content: &[u8]) -> Vec<u8> {
    let head = format!(
        "--BBBOUNDARY\r\nContent-Disposition:form-data; name=file; filename={name}\r\nContent-Type: {content_type}\r\n\r\n"
    );
    [head.into_bytes(), content.to_vec(), b"\r\n".to_vec()].concat()
}

pub(crate) fn form(parts: &[Vec<u8>]) -> Vec<u8> {
    [parts.concat(), b"--BBBOUNDARY--\r\n".to_vec()].concat()
}

pub(crate) async fn upload(app: &TestApp, device: &Device, path: &str, body: Vec<u8>) -> Answer {
    device.request(app, Method::POST, path).body(BOUNDARY, body).send().await
}

/// The file under an address of the media host.
pub(crate) async fn fetch(app: &TestApp, address: &str) -> Answer {
    let path = address.strip_prefix("http://media.localhost:8080").expect("an address on the media host");
    app.request(Method::GET, path).header("Host", "media.localhost:8080").send().await
}

pub(crate) fn addresses(answer: &Json) -> Vec<String> {
    serde_json::from_value(answer["fileUrls"].clone()).expect("addresses")
}

/// The files in the store's folder.
fn stored(app: &TestApp) -> usize {
    fn count(folder: &std::path::Path) -> usize {
        let entries = std::fs::read_dir(folder).expect("a folder").flatten();
        entries.map(|entry| if entry.path().is_dir() { count(&entry.path()) } else { 1 }).sum()
    }
    count(&app.scratch.folder().join("files"))
}

both! {
    async fn files_are_told_with_the_present_media_host(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let (project, other) = (app.project().await, app.project().await);
        let address = async |project: &Project| {
            let device = Device::start(&app, project).await;
            addresses(&upload(&app, &device, "/uploads/attachments", form(&[ios("a.png", "image/png", PNG)])).await.expect(200)).remove(0)
        };
        let (own, foreign) = (address(&project).await, address(&other).await);
        let before = |address: &str| address.replace("http://media.localhost:8080", "https://files.former.example");
        let (old, stays) = (before(&own), before(&foreign));
        // As a server with another address stored it.
        let content = json!({"type": "doc", "content": [{"type": "image", "attrs": {"src": old}}]});
        let body = json!({"title": old, "type": "BUG", "attachments": [{"name": "a", "url": old}, {"name": "b", "url": stays}]});
        let made = app.post(&project, "/v3/tickets", body).send().await.expect(200);
        let id = made["id"].as_str().expect("an id").to_owned();
        let said = app.post(&project, "/v3/messages", json!({"ticket": id, "comment": content})).send().await.expect(200);
        assert_eq!(said["data"]["content"]["content"][0]["attrs"]["src"], json!(own), "{said}");
        for path in [format!("/v3/tickets/{id}"), "/v3/tickets".to_owned(), "/v3/tickets/export?fields=title".to_owned(), "/v3/tickets/csv-export?fields=title".to_owned()] {
            let answer = app.get(&project, &path).send().await;
            assert_eq!(answer.status, 200);
            assert!(answer.body.contains(&own) && !answer.body.contains(&old), "{path}: {}", answer.body);
        }
        assert_eq!((&made["attachments"][0]["url"], &made["attachments"][1]["url"]), (&json!(own), &json!(stays)));
        // Where the tickets of several projects are told, the caller's own are meant, and not those of other servers.
        let me = crate::people::owner(&app, &project).await;
        for path in ["/v3/users/unified-inbox".to_owned(), format!("/v3/users/unified-inbox/{id}")] {
            let answer = me.call(&app, Method::GET, &path).send().await;
            let told = answer.expect(200);
            let ticket = if told["tickets"].is_array() { &told["tickets"][0] } else { &told };
            assert_eq!((&ticket["title"], &ticket["attachments"][1]["url"]), (&json!(own), &json!(stays)), "{path}");
        }
        // Files themselves are sent as they are.
        let text = format!("{{\"url\":\"{old}\"}}");
        let device = Device::start(&app, &project).await;
        let part = ios("a.json", "application/json", text.as_bytes());
        let sent = addresses(&upload(&app, &device, "/uploads/attachments", form(&[part])).await.expect(200)).remove(0);
        assert_eq!(fetch(&app, &sent).await.body, text);
    }

    async fn the_forms_of_every_sdk_are_stored_and_come_back(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let device = Device::start(&app, &project).await;

        let browser = b"------WebKitFormBoundaryX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"screen-recording.webm\"\r\n\
            Content-Type: video/webm;codecs=vp9,opus\r\n\r\n\x1a\x45\xdf\xa3 film\r\n------WebKitFormBoundaryX--\r\n";
        let request = device.request(&app, Method::POST, "/uploads/sdk");
        let answer = request.body("multipart/form-data; boundary=----WebKitFormBoundaryX", browser.to_vec()).send().await;
        let film = answer.expect(200)["fileUrl"].as_str().expect("an address").to_owned();
        assert!(film.ends_with("/screen-recording.webm"), "{film}");
        let answer = fetch(&app, &film).await;
        assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "video/webm"));

        let answer = upload(&app, &device, "/uploads/sdk", form(&[android(b"shot.png", "null", PNG)])).await;
        let shot = answer.expect(200)["fileUrl"].as_str().expect("an address").to_owned();
        assert_eq!(fetch(&app, &shot).await.header("content-type"), "image/png");

        let steps: Vec<Vec<u8>> = (0..3).map(|n| ios(&format!("step_{n}"), "image/jpeg", b"\xff\xd8\xff frame")).collect();
        let answer = upload(&app, &device, "/uploads/sdksteps", form(&steps)).await.expect(200);
        assert_eq!(addresses(&answer).len(), 3);
        assert!(addresses(&answer)[1].ends_with("/step_1"), "{answer}");

        let attachments = [android(b"gr\xfc\xdfe.txt", "text/plain", "grüße".as_bytes()), ios("my notes.txt", "", b"a note")];
        let answer = upload(&app, &device, "/uploads/attachments", form(&attachments)).await.expect(200);
        let notes = addresses(&answer);
        let latin = fetch(&app, &notes[0]).await;
        assert_eq!(latin.body, "grüße");
        assert_eq!(latin.header("content-type"), "text/plain; charset=utf-8");
        assert!(latin.header("content-disposition").ends_with("''gr%C3%BC%C3%9Fe.txt"), "{latin:?}");
        let spaced = fetch(&app, &notes[1]).await;
        assert_eq!(spaced.header("content-disposition"), "inline; filename=\"my notes.txt\"; filename*=UTF-8''my%20notes.txt");
    }

    async fn an_empty_form_is_a_success_and_other_parts_are_no_files(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let device = Device::start(&app, &project).await;
        assert_eq!(upload(&app, &device, "/uploads/sdk", form(&[])).await.expect(200), json!({"fileUrl": ""}));
        for path in ["/uploads/sdksteps", "/uploads/attachments"] {
            assert_eq!(upload(&app, &device, path, form(&[])).await.expect(200), json!({"fileUrls": []}));
        }
        let other = b"--BBBOUNDARY\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhello\r\n".to_vec();
        let bare = b"--BBBOUNDARY\r\nContent-Disposition: form-data; name=file\r\n\r\nbare\r\n".to_vec();
        let answer = upload(&app, &device, "/uploads/attachments", form(&[other, bare])).await.expect(200);
        assert_eq!(addresses(&answer).len(), 1);
        assert_eq!(fetch(&app, &addresses(&answer)[0]).await.body, "bare");
    }

    async fn what_is_refused_is_told_in_plain_text_and_leaves_nothing(scratch: Scratch) {
        let settings = Settings { upload_bytes_max: 2_000, ..Settings::default() };
        let app = TestApp::with(scratch, settings).await;
        let project = app.project().await;
        let device = Device::start(&app, &project).await;
        let good = android(b"a.txt", "text/plain", b"fine");
        let cut = form(&[good.clone(), android(b"b.txt", "text/plain", b"cut off")]);
        let two = form(&[good.clone(), good.clone()]);
        for (path, body, status) in [
            ("/uploads/attachments", cut[..cut.len() - 20].to_vec(), 400),
            ("/uploads/attachments", form(&[good.clone(), android(b"b.txt", "x", &[b'x'; 3_000])]), 413),
            ("/uploads/attachments", b"no form".to_vec(), 400),
            ("/uploads/sdk", two, 400),
        ] {
            let answer = upload(&app, &device, path, body).await;
            assert_eq!(answer.status, status, "{answer:?}");
            assert!(answer.header("content-type").starts_with("text/plain"), "{answer:?}");
            assert!(!answer.body.is_empty() && !answer.body.starts_with('{'), "{answer:?}");
        }
        let json = device.request(&app, Method::POST, "/uploads/sdk").json(json!({})).send().await;
        assert_eq!(json.status, 400);
        let stranger = app.request(Method::POST, "/uploads/sdk").body(BOUNDARY, form(&[good])).send().await;
        assert_eq!((stranger.status.as_u16(), stranger.header("content-type")), (401, "text/plain; charset=utf-8"));
        app.run_jobs().await;
        assert_eq!(stored(&app), 0);
    }

    async fn nothing_that_is_stored_runs_in_an_origin_of_ours(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let device = Device::start(&app, &project).await;
        let hostile = [
            android(b"a.png", "image/png", b"<html><script>alert(1)</script>"),
            android(b"b.svg", "image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
            android(b"c.html", "text/html", b"  <!doctype html><script>alert(1)</script>"),
            android(b"d.js", "text/javascript", b"alert(1)"),
            android(b"e.pdf", "text/html", b"%PDF-1.7"),
        ];
        let answer = upload(&app, &device, "/uploads/attachments", form(&hostile)).await.expect(200);
        let expected = [
            ("application/octet-stream", "attachment"),
            ("image/svg+xml", "attachment"),
            ("application/octet-stream", "attachment"),
            ("text/plain; charset=utf-8", "inline"),
            ("application/pdf", "attachment"),
        ];
        for (address, (content_type, disposition)) in addresses(&answer).iter().zip(expected) {
            let file = fetch(&app, address).await;
            assert_eq!(file.header("content-type"), content_type, "{address}");
            assert!(file.header("content-disposition").starts_with(disposition), "{file:?}");
            assert_eq!(file.header("x-content-type-options"), "nosniff");
            assert_eq!(file.header("referrer-policy"), "no-referrer");
            let policy = file.header("content-security-policy");
            assert!(policy.starts_with("default-src 'none'") && policy.ends_with("sandbox"), "{policy}");
            // On the origins of people who are signed in, files are only somewhere else.
            let path = address.strip_prefix("http://media.localhost:8080").expect("a path");
            for host in ["localhost:8080", "messenger.localhost:8080"] {
                let elsewhere = app.request(Method::GET, path).header("Host", host).send().await;
                assert_eq!((elsewhere.status.as_u16(), elsewhere.header("location")), (307, address.as_str()));
                assert!(elsewhere.body.is_empty());
            }
        }
    }

    async fn parts_of_files_are_answered_as_players_ask_for_them(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let device = Device::start(&app, &project).await;
        let answer = upload(&app, &device, "/uploads/sdk", form(&[ios("a.txt", "text/plain", b"0123456789")])).await;
        let address = answer.expect(200)["fileUrl"].as_str().expect("an address").to_owned();
        let path = address.strip_prefix("http://media.localhost:8080").expect("a path");
        let get = async |name: &str, value: &str| {
            app.request(Method::GET, path).header("Host", "media.localhost:8080").header(name, value).send().await
        };
        let whole = get("Range", "pages=1").await;
        assert_eq!((whole.status.as_u16(), whole.body.as_str(), whole.header("accept-ranges")), (200, "0123456789", "bytes"));
        assert_eq!(whole.header("content-length"), "10");
        let part = get("Range", "bytes=2-4").await;
        assert_eq!((part.status.as_u16(), part.body.as_str()), (206, "234"));
        assert_eq!((part.header("content-range"), part.header("content-length")), ("bytes 2-4/10", "3"));
        assert_eq!(get("Range", "bytes=-3").await.body, "789");
        let beyond = get("Range", "bytes=10-").await;
        assert_eq!((beyond.status.as_u16(), beyond.header("content-range"), beyond.body.as_str()), (416, "bytes */10", ""));
        let known = get("If-None-Match", whole.header("etag")).await;
        assert_eq!((known.status.as_u16(), known.body.as_str()), (304, ""));
        let head = app.request(Method::HEAD, path).header("Host", "media.localhost:8080").send().await;
        assert_eq!((head.status.as_u16(), head.header("content-length"), head.body.as_str()), (200, "10", ""));
    }

    async fn addresses_cannot_be_guessed_or_made_up(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let (mine, other) = (app.project().await, app.project().await);
        let device = Device::start(&app, &mine).await;
        let answer = upload(&app, &device, "/uploads/sdk", form(&[ios("a.txt", "", b"mine")])).await;
        let address = answer.expect(200)["fileUrl"].as_str().expect("an address").to_owned();
        assert_eq!(fetch(&app, &address).await.body, "mine");
        let token = address.split('/').nth(4).expect("a token");
        assert_eq!(token.len(), 43);
        let foreign = Device::start(&app, &other).await;
        let theirs = upload(&app, &foreign, "/uploads/sdk", form(&[ios("b.txt", "", b"theirs")])).await.expect(200);
        let their_token = theirs["fileUrl"].as_str().and_then(|address| address.split('/').nth(4)).expect("a token");
        let mixed = format!("{}{}", &their_token[..16], &token[16..]);
        let flipped = format!("{}{}", &token[..42], if token.ends_with('A') { "Q" } else { "A" });
        for wrong in [mixed.as_str(), &flipped, "short", &"A".repeat(43)] {
            let answer = fetch(&app, &format!("http://media.localhost:8080/media/{wrong}/a.txt")).await;
            assert_eq!(answer.status, 404, "{wrong}");
            assert!(!answer.body.contains("mine"));
        }
    }

    async fn the_files_of_a_deleted_contact_are_gone_at_once_and_their_objects_soon(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let device = Device::start(&app, &project).await;
        let answer = upload(&app, &device, "/uploads/attachments", form(&[ios("a.txt", "", b"a"), ios("b.txt", "", b"b")])).await;
        let files = addresses(&answer.expect(200));
        let contacts = app.get(&project, &format!("/v3/sessions?gleapId={}", device.gleap_id)).send().await.expect(200);
        let id = contacts[0]["id"].as_str().expect("an id").to_owned();
        // Becoming somebody known takes the files along.
        let session = device.identify(&app, json!({"userId": "u1"})).await.expect(200);
        assert_eq!(session["gleapId"], device.gleap_id);
        assert_eq!(stored(&app), 2);
        app.delete(&project, &format!("/v3/sessions/{id}")).send().await.expect(204);
        assert_eq!(fetch(&app, &files[0]).await.status, 404);
        app.run_jobs().await;
        assert_eq!(stored(&app), 0);
        let log = app.get(&project, "/v3/audit-log?limit=1000").send().await;
        assert!(log.body.contains("\"files\":2"), "{}", log.body);
    }

    async fn what_a_dead_process_left_half_written_is_deleted_a_day_later(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let scope = app.app.store.operator_of(project.id.parse().expect("an id")).await.expect("a scope");
        let new = files::NewFile {
            name: "half.txt".to_owned(),
            purpose: files::Purpose::Upload,
            contact: None,
            compressed: false,
            details: Json::Null,
        };
        let row = app.app.store.write(&scope, move |tx| files::open(tx, &new)).await.expect("a row");
        let half = futures_util::stream::iter([Ok(bytes::Bytes::from_static(b"half"))]);
        app.app.files.put(row.text("key").expect("a key"), half, 10).await.expect("stored");
        let path = files::path_of(&row);
        assert_eq!(app.request(Method::GET, &path).send().await.status, 404);
        app.clock.advance(23 * 60 * 60_000);
        app.run_jobs().await;
        assert_eq!(stored(&app), 1);
        app.clock.advance(2 * 60 * 60_000);
        app.run_jobs().await;
        assert_eq!(stored(&app), 0);
        let gone = app.app.store.read(&scope, move |tx| tx.find(&files::FILE, row.id)).await.expect("an answer");
        assert_eq!(gone, None);
    }

    async fn what_a_visitor_uploaded_and_nothing_names_is_deleted_a_day_later(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let device = Device::start(&app, &project).await;
        let mut files = Vec::new();
        for words in ["loose", "attached", "in a form", "in a text", "a face"] {
            let answer = upload(&app, &device, "/uploads/sdk", form(&[ios("a.txt", "", words.as_bytes())])).await.expect(200);
            files.push(answer["fileUrl"].as_str().expect("an address").to_owned());
        }
        let own = form(&[ios("b.txt", "", b"of an agent")]);
        let own = app.request(Method::POST, "/v3/uploads").rest(&project).body(BOUNDARY, own).send().await.expect(200);
        files.push(own["fileUrl"].as_str().expect("an address").to_owned());
        let report = json!({"type": "BUG", "formData": {"description": "x", "shots": [{"name": "a.txt", "url": files[2]}]}});
        device.post(&app, "/bugs/v2", report).await.expect(201);
        let text = format!("see {} and {}", files[3], files[1]);
        let begun = device.post(&app, "/conversations", json!({"id": "c", "comment": text, "attachments": [{"name": "a.txt", "url": files[1]}]})).await.expect(200);
        device.identify(&app, json!({"userId": "u1", "avatar": files[4]})).await.expect(200);

        let there = async || {
            let mut there = Vec::new();
            for file in &files {
                there.push(fetch(&app, file).await.status.as_u16() == 200);
            }
            there
        };
        app.clock.advance(23 * 60 * 60_000);
        app.run_jobs().await;
        assert_eq!(there().await, [true; 6]);
        app.clock.advance(2 * 60 * 60_000);
        app.run_jobs().await;
        assert_eq!(there().await, [false, true, true, true, true, true]);
        assert_eq!((stored(&app), app.run_jobs().await), (5, 0));
        // What a message names in its text goes with it, too.
        let found = app.get(&project, &format!("/v3/tickets?shareToken={}", begun["conversation"]["shareToken"].as_str().expect("a token"))).send().await.expect(200);
        let ticket = found["tickets"][0]["id"].as_str().expect("an id").to_owned();
        app.delete(&project, &format!("/v3/tickets/{ticket}")).send().await.expect(200);
        assert_eq!(there().await, [false, false, true, false, true, true]);
    }

    async fn files_move_with_a_merge_and_back_with_its_undoing(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let known = app.post(&project, "/v3/sessions", json!({"userId": "u1"})).send().await.expect(200);
        let device = Device::start(&app, &project).await;
        let guests = app.get(&project, &format!("/v3/sessions?gleapId={}", device.gleap_id)).send().await.expect(200);
        let guest = guests[0]["id"].as_str().expect("an id").to_owned();
        let file = upload(&app, &device, "/uploads/sdk", form(&[ios("a.txt", "", b"a")])).await.expect(200);
        let file = file["fileUrl"].as_str().expect("an address").to_owned();
        device.identify(&app, json!({"userId": "u1"})).await.expect(200);
        let known = known["id"].as_str().expect("an id");
        let history = app.get(&project, &format!("/v3/sessions/{known}/identity-history")).send().await.expect(200);
        assert!(!history.to_string().contains("files"), "{history}");
        let change = history["history"][0]["id"].as_str().expect("an id").to_owned();
        let undo = format!("/v3/sessions/{known}/identity-history/{change}/undo");
        app.post(&project, &undo, json!({})).send().await.expect(200);
        // It is the guest's again: deleting the known contact leaves it, deleting the guest does not.
        app.delete(&project, &format!("/v3/sessions/{known}")).send().await.expect(204);
        assert_eq!(fetch(&app, &file).await.body, "a");
        app.delete(&project, &format!("/v3/sessions/{guest}")).send().await.expect(204);
        assert_eq!(fetch(&app, &file).await.status, 404);
    }

    async fn what_a_report_captured_is_found_among_many_frames(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let scope = app.app.store.operator_of(project.id.parse().expect("an id")).await.expect("a scope");
        let made = app.post(&project, "/v3/tickets", json!({"title": "A"})).send().await.expect(200);
        let ticket: hark_store::Id = made["id"].as_str().expect("an id").parse().expect("an id");
        let purposes = std::iter::repeat_n(files::Purpose::Upload, 505).chain([files::Purpose::ConsoleLog, files::Purpose::Upload]);
        let purposes: Vec<files::Purpose> = purposes.collect();
        let write = move |tx: &mut hark_store::Tx<'_>| {
            for purpose in &purposes {
                let new = files::NewFile { name: "a".to_owned(), purpose: *purpose, contact: None, compressed: false, details: Json::Null };
                let received = files::Received { size: 1, sha256: String::new(), content_type: "text/plain".to_owned() };
                let file = files::open(tx, &new)?;
                files::keep_as(tx, file.id, &received, Some(files::Owner::Ticket(ticket)))?;
            }
            Ok(())
        };
        app.app.store.write(&scope, write).await.expect("files");
        let find = move |tx: &hark_store::ReadTx<'_>| {
            let find = |purpose| files::of_ticket(tx, ticket, purpose);
            Ok((find(files::Purpose::ConsoleLog)?, find(files::Purpose::NetworkLogs)?))
        };
        let (console, network) = app.app.store.read(&scope, find).await.expect("files");
        assert_eq!((console.is_some(), network), (true, None));
    }

    async fn a_project_may_want_a_file_session(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        app.put(&project, "/v3/projects/config", json!({"authenticatedFiles": true})).send().await.expect(200);
        let device = Device::start(&app, &project).await;
        let session = identified(&app, &project, &device, "u1").await;
        let device = device.with(&session);
        let own = session["fileAccessToken"].as_str().expect("a token").to_owned();
        let other = Device::start(&app, &project).await;
        let others = identified(&app, &project, &other, "u2").await["fileAccessToken"].as_str().expect("a token").to_owned();
        let file = upload(&app, &device, "/uploads/sdk", form(&[ios("a.txt", "", b"private")])).await.expect(200);
        let path = file["fileUrl"].as_str().and_then(|url| url.strip_prefix("http://media.localhost:8080")).expect("a path").to_owned();
        let get = |path: &str| app.request(Method::GET, path).header("Host", "media.localhost:8080");
        for refused in [get(&path), get(&path).header("X-File-Session", &others), get(&path).header("X-File-Session", "x")] {
            assert_eq!(refused.send().await.status, 401);
        }
        assert_eq!(get(&path).header("X-File-Session", &own).send().await.body, "private");
        assert_eq!(get(&format!("{path}?fileSession={own}")).send().await.body, "private");
        assert_eq!(get(&path).bearer(&project.keys.api_token).send().await.body, "private");
        let stranger = app.project().await;
        let refused = get(&path).bearer(&stranger.keys.api_token).send().await;
        assert_eq!(refused.status, 404, "{refused:?}");
        app.clock.advance(16 * 60_000);
        assert_eq!(get(&path).header("X-File-Session", &own).send().await.status, 401);
        let new = identified(&app, &project, &device, "u1").await["fileAccessToken"].as_str().expect("a token").to_owned();
        let others = identified(&app, &project, &other, "u2").await["fileAccessToken"].as_str().expect("a token").to_owned();
        located(&app, &project, &device, &file, &new, &others).await;
        // What belongs to nobody, such as a picture of an article, is public.
        let public = app.request(Method::POST, "/uploads").rest(&project).body(BOUNDARY, form(&[ios("p.png", "", PNG)])).send().await;
        let public = public.expect(200)["fileUrl"].as_str().expect("an address").to_owned();
        assert_eq!(fetch(&app, &public).await.status, 200);
    }

    async fn pages_of_members_show_files_with_a_session_of_their_own(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let (project, stranger) = (app.project().await, app.project().await);
        let device = Device::start(&app, &project).await;
        let file = upload(&app, &device, "/uploads/sdk", form(&[ios("a.txt", "", b"private")])).await.expect(200);
        let path = file["fileUrl"].as_str().and_then(|url| url.strip_prefix("http://media.localhost:8080")).expect("a path").to_owned();
        let ada = people::owner(&app, &project).await;
        let begin = async |who: &people::Person, project: &Project| {
            who.call_in(&app, project, Method::POST, "/v3/files/session").send().await.expect(200)
        };
        let read = async |token: &str| {
            let read = app.request(Method::GET, &format!("{path}?fileSession={token}")).header("Host", "media.localhost:8080");
            read.send().await
        };
        // Where anybody with the address may read, no token is made.
        let open = begin(&ada, &project).await;
        assert_eq!(open, json!({"origin": "http://media.localhost:8080", "required": false}));
        for project in [&project, &stranger] {
            app.put(project, "/v3/projects/config", json!({"authenticatedFiles": true})).send().await.expect(200);
        }
        let session = begin(&ada, &project).await;
        let token = session["token"].as_str().expect("a token").to_owned();
        assert_eq!(session["required"], json!(true));
        assert_eq!(read(&token).await.body, "private");
        let by_header = app.request(Method::GET, &path).header("Host", "media.localhost:8080").header("X-File-Session", &token);
        assert_eq!(by_header.send().await.body, "private");

        // It is good for nothing else: no other project, no change, no call of the API.
        let other = people::owner(&app, &stranger).await;
        let others = begin(&other, &stranger).await["token"].as_str().expect("a token").to_owned();
        let mut changed = token.clone().into_bytes();
        changed[40] = if changed[40] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).expect("text");
        for refused in [others.as_str(), &changed, &token[..token.len() - 4], &ada.token] {
            assert_eq!(read(refused).await.status, 401, "{refused}");
        }
        app.request(Method::GET, "/v3/tickets").bearer(&token).header("Project", &project.id).send().await.expect(401);

        // It ends by itself, before an hour is over, and with the bearer token that it came of.
        app.clock.advance(46 * 60_000);
        assert_eq!(read(&token).await.status, 401, "it is over");
        let again = begin(&ada, &project).await["token"].as_str().expect("a token").to_owned();
        assert_eq!(read(&again).await.body, "private");
        ada.call(&app, Method::POST, "/v3/users/logout").send().await.expect(200);
        assert_eq!(read(&again).await.status, 401, "the member signed out");
    }

    async fn who_is_no_member_any_more_sees_no_files(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        app.put(&project, "/v3/projects/config", json!({"authenticatedFiles": true})).send().await.expect(200);
        let device = Device::start(&app, &project).await;
        let file = upload(&app, &device, "/uploads/sdk", form(&[ios("a.txt", "", b"private")])).await.expect(200);
        let path = file["fileUrl"].as_str().and_then(|url| url.strip_prefix("http://media.localhost:8080")).expect("a path").to_owned();
        let bob = people::owner(&app, &project).await;
        let session = bob.call_in(&app, &project, Method::POST, "/v3/files/session").send().await.expect(200);
        let path = format!("{path}?fileSession={}", session["token"].as_str().expect("a token"));
        let read = async || app.request(Method::GET, &path).header("Host", "media.localhost:8080").send().await;
        assert_eq!(read().await.body, "private");
        let id: hark_store::Id = bob.id.parse().expect("an id");
        let leave = move |tx: &mut hark_store::Tx<'_>| {
            for member in tx.all_by(&MEMBER, "user", &id.to_string(), 10)? {
                tx.delete(&MEMBER, member.id)?;
            }
            Ok(())
        };
        app.app.store.write(&app.app.store.operator(), leave).await.expect("no member");
        assert_eq!(read().await.status, 401);
    }

    async fn a_contact_reads_what_agents_send_it_but_no_notes(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        app.put(&project, "/v3/projects/config", json!({"authenticatedFiles": true})).send().await.expect(200);
        let device = Device::start(&app, &project).await;
        let own = identified(&app, &project, &device, "u1").await;
        let other = Device::start(&app, &project).await;
        let others = identified(&app, &project, &other, "u2").await;
        let found = app.get(&project, "/v3/sessions?userId=u1").send().await.expect(200);
        let ticket = json!({"title": "Broken", "session": found[0]["id"]});
        let ticket = app.post(&project, "/v3/tickets", ticket).send().await.expect(200);
        let sent = async |more: Json| {
            let file = app.request(Method::POST, "/uploads").rest(&project).body(BOUNDARY, form(&[ios("a.txt", "", b"for you")]));
            let url = file.send().await.expect(200)["fileUrl"].as_str().expect("an address").to_owned();
            let mut message = json!({"ticket": ticket["id"], "comment": "See this", "attachments": [{"url": url, "name": "a.txt"}]});
            message.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
            app.post(&project, "/v3/messages", message).send().await.expect(200);
            url.strip_prefix("http://media.localhost:8080").expect("a path").to_owned()
        };
        let (answer, note) = (sent(json!({})).await, sent(json!({"isNote": true})).await);
        let read = async |path: &str, session: &Json| {
            let token = session["fileAccessToken"].as_str().expect("a token");
            let read = app.request(Method::GET, path).header("Host", "media.localhost:8080");
            read.header("X-File-Session", token).send().await
        };
        assert_eq!(read(&answer, &own).await.body, "for you");
        assert_eq!(read(&answer, &others).await.status, 401);
        assert_eq!(read(&note, &own).await.status, 401, "a note is for agents");
        app.clock.advance(16 * 60_000);
        assert_eq!(read(&answer, &own).await.status, 401, "the session is over");
    }

    async fn files_live_in_a_bucket_too_and_wait_out_its_outage(scratch: Scratch) {
        let access = S3Access { bucket: "files".into(), region: "us-east-1".into(), access_key: "id".into(), secret_key: "key".into() };
        let sink = S3Sink::start(access.clone()).await.expect("a store");
        let settings = S3Settings {
            endpoint: Some(sink.endpoint()),
            bucket: access.bucket,
            region: access.region,
            access_key: access.access_key,
            secret_key: Secret::new(access.secret_key),
        };
        let files = FileStore::elsewhere(s3(&settings).expect("settings"), scratch.folder()).expect("a store");
        let app = TestApp::with_files(scratch, Settings::default(), files).await;
        let project = app.project().await;
        let device = Device::start(&app, &project).await;
        let large = vec![b'x'; 6 * 1024 * 1024];
        let answer = upload(&app, &device, "/uploads/attachments", form(&[ios("a.txt", "", b"small"), ios("b.txt", "", &large)])).await;
        let addresses = addresses(&answer.expect(200));
        assert_eq!(sink.objects().len(), 2);
        assert_eq!(fetch(&app, &addresses[0]).await.body, "small");
        assert_eq!(fetch(&app, &addresses[1]).await.body.len(), large.len());

        let contacts = app.get(&project, &format!("/v3/sessions?gleapId={}", device.gleap_id)).send().await.expect(200);
        let id = contacts[0]["id"].as_str().expect("an id").to_owned();
        sink.set_down(true);
        let failed = upload(&app, &device, "/uploads/sdk", form(&[ios("c.txt", "", b"c")])).await;
        assert_eq!(failed.status, 429, "{failed:?}");
        app.delete(&project, &format!("/v3/sessions/{id}")).send().await.expect(204);
        app.run_jobs().await;
        assert_eq!(sink.objects().len(), 2);
        sink.set_down(false);
        app.clock.advance(25 * 60 * 60_000);
        app.run_jobs().await;
        assert_eq!(sink.objects(), []);
    }
}

/// A session of a verified user.
pub(crate) async fn identified(app: &TestApp, project: &Project, device: &Device, user: &str) -> Json {
    let hash = crate::sdk_sessions::user_hash(project, user);
    device.identify(app, json!({"userId": user, "userHash": hash})).await.expect(200)
}

/// A file leads the contact that owns its conversation there, and nobody else.
async fn located(app: &TestApp, project: &Project, device: &Device, file: &Json, own: &str, others: &str) {
    let report = json!({"attachments": [{"url": file["fileUrl"], "name": "a.txt"}]});
    let created = device.post(app, "/bugs/v2", report).await.expect(201);
    let scope = app.app.store.operator_of(project.id.parse().expect("an id")).await.expect("a scope");
    let url = file["fileUrl"].as_str().expect("an address").to_owned();
    let row =
        app.app.store.read(&scope, move |tx| files::by_token(tx, files::token_in(&url).unwrap_or_default()));
    let id = row.await.expect("an answer").expect("a file").id;
    let locate = |token: &str| {
        app.request(Method::GET, &format!("/files/{id}/location")).header("X-File-Session", token).send()
    };
    assert_eq!(locate(own).await.expect(200), json!({"shareToken": created["shareToken"]}));
    for (token, status) in [(others, 404), ("x", 401)] {
        assert_eq!(locate(token).await.status, status);
    }
}
