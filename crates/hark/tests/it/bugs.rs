//! Bug reports in the shapes in which the web, iOS and Android SDKs send them.

use std::io::Write;
use std::path::PathBuf;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use hark_api::Settings;
use hark_deliver::egress::OutgoingRequest;
use hark_test::{Answer, Device, Method, Project, TestApp, both};
use serde_json::{Value as Json, json};

use crate::files::{PNG, form, ios, upload};

/// An event of a recording as the newer web SDK packs it.
fn packed(event: &Json) -> String {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(event.to_string().as_bytes()).expect("memory");
    encoder.finish().expect("memory").into_iter().map(char::from).collect()
}

fn web(more: Json) -> Json {
    let mut report = json!({
        "type": "BUG",
        "priority": "MEDIUM",
        "customData": {"cart": 3},
        "metaData": {"browserName": "Chrome(156.0.0.0)", "sessionDuration": 12, "devicePixelRatio": 1.5,
            "currentUrl": "https://shop.example/cart", "mobile": false, "sdkVersion": "16.4.0", "sdkType": "javascript"},
        "consoleLog": [
            {"log": "hello", "date": "2026-01-01T00:00:00.000Z", "priority": "INFO"},
            {"log": "boom", "date": "2026-01-01T00:00:01.000Z", "priority": "ERROR"},
        ],
        "networkLogs": [
            {"type": "POST", "url": "https://api.example/pay?token=1&gleapHash=SECRET1", "date": "2026-01-01T00:00:00.000Z",
             "duration": 12, "success": true,
             "request": {"payload": "{\"card\":\"ok\",\"password\":\"SECRET2\"}", "headers": {"Gleap-Hash": ["SECRET3"], "X-Pin": "SECRET4", "Accept": "a"}},
             "response": {"status": 200, "statusText": "OK", "responseText": "{\"gleapHash\":\"SECRET5\",\"total\":5}"}},
            {"type": "RESOURCE", "date": "2026-01-01T00:00:00.000Z", "url": "https://cdn.example/a.css", "duration": 3, "initiatorType": "link"},
        ],
        "customEventLog": [{"name": "pageView", "date": "2026-01-01T00:00:00.000Z", "data": {"page": "/cart"}}],
        "formData": {"description": "The cart is empty\nSecond line", "reportedBy": "ada@example.com"},
        "isSilent": false,
        "tags": ["checkout"],
        "spamToken": "passed on",
    });
    report.as_object_mut().expect("a report").extend(more.as_object().expect("more").clone());
    report
}

fn page() -> Json {
    json!({"html": "<html><head><base href=\"https://shop.example/\"></head><body><script>alert('SCRIPT')</script><p>Page \u{1F600}</p></body></html>",
        "baseUrl": "https://shop.example", "width": 800, "height": 600, "isMobile": false, "x": 0, "y": 120.5})
}

async fn report(app: &TestApp, device: &Device, body: &Json) -> Answer {
    device.post(app, "/bugs/v2", body.clone()).await
}

/// The ticket that a report became, as REST v3 has it.
async fn ticket(app: &TestApp, project: &Project, answer: &Answer) -> Json {
    let created = answer.expect(201);
    let id = created["id"].as_str().expect("an id");
    app.get(project, &format!("/v3/tickets/{id}")).send().await.expect(200)
}

async fn captured(app: &TestApp, project: &Project, ticket: &Json, what: &str) -> Json {
    let id = ticket["id"].as_str().expect("an id");
    app.get(project, &format!("/v3/tickets/{id}/{what}")).send().await.expect(200)
}

async fn view(app: &TestApp, address: &Json) -> Answer {
    let address = address.as_str().expect("an address");
    let path = address.strip_prefix("http://media.localhost:8080").expect("an address on the media host");
    app.request(Method::GET, path).send().await
}

both! {
    async fn a_guests_address_in_a_form_becomes_the_contacts(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let guest = Device::start(&app, &project).await;
        let said = |address: &str| web(json!({"formData": {"description": "broken", "reportedBy": address}}));
        let email = async |device: &Device, address: &str| {
            let ticket = ticket(&app, &project, &report(&app, device, &said(address)).await).await;
            let contact = ticket["session"]["id"].as_str().expect("a contact");
            app.get(&project, &format!("/v3/sessions/{contact}")).send().await.expect(200).get("email").cloned()
        };
        assert_eq!(email(&guest, "no address").await, None);
        assert_eq!(email(&guest, " ada@example.com ").await, Some(json!("ada@example.com")));
        assert_eq!(email(&guest, "eve@example.com").await, Some(json!("ada@example.com")), "the first stays");
        let known = app.post(&project, "/v3/sessions", json!({"email": "ada@example.com"})).send().await.expect(200);
        assert_ne!(known["gleapId"], json!(guest.gleap_id), "and proves nothing");
        let user = Device::start(&app, &project).await;
        user.post(&app, "/sessions/identify", json!({"userId": "u-1"})).await.expect(200);
        assert_eq!(email(&user, "eve@example.com").await, None, "a user is known by other means");
    }

    async fn a_report_of_the_web_sdk_becomes_a_ticket_with_all_of_it(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        app.put(&project, "/v3/projects/config", json!({"flowConfig": {"networkLogPropsToIgnore": ["x-pin"]}})).send().await.expect(200);
        let device = Device::start(&app, &project).await;
        let events = [json!({"type": 4, "data": {"href": "https://shop.example"}, "timestamp": 1, "v": "v1"}), json!({"type": 3, "timestamp": 2, "v": "v1"})];
        let packed: Vec<String> = events.iter().map(packed).collect();
        assert!(packed.iter().any(|event| event.contains('\0')), "nothing is tested without U+0000");
        let body = web(json!({
            "screenshotData": page(),
            "webReplay": {"startDate": 1_767_225_600_000_i64, "events": packed, "baseUrl": "https://shop.example",
                "width": 800, "height": 600, "isMobile": false, "type": "rrweb", "packed": true},
        }));
        let answer = report(&app, &device, &body).await;
        let created = answer.expect(201);
        assert_eq!(created["shareToken"].as_str().map(str::len), Some(70));
        assert_eq!((&created["bugId"], &created["type"]), (&json!(1), &json!("BUG")));
        assert!(!answer.body.contains("secretShareToken"), "{}", answer.body);

        let ticket = ticket(&app, &project, &answer).await;
        assert_eq!(ticket["title"], "The cart is empty");
        assert_eq!(ticket["description"], "The cart is empty\nSecond line");
        assert_eq!(ticket["formData"]["reportedBy"], "ada@example.com");
        assert_eq!(ticket["form"]["reportedBy"], json!({"name": "reportedBy", "title": "Reported by", "type": "text", "value": "ada@example.com"}));
        assert_eq!((&ticket["customData"], &ticket["tags"], &ticket["isSilent"]), (&json!({"cart": 3}), &json!(["checkout"]), &json!(false)));
        assert_eq!(ticket["metaData"]["currentUrl"], "https://shop.example/cart");
        assert_eq!(ticket["session"]["gleapId"], device.gleap_id.as_str());
        assert_eq!((&ticket["hasWebReplay"], &ticket["replayStartDate"]), (&json!(true), &json!("2026-01-01T00:00:00.000Z")));
        assert_eq!(ticket["generatingScreenshot"], json!(false));
        for absent in ["consoleLog", "networkLogs", "customEventLog", "webReplay", "screenshotData", "spamToken"] {
            assert_eq!(ticket.get(absent), None, "{absent}");
        }

        assert_eq!(captured(&app, &project, &ticket, "console-logs").await, body["consoleLog"]);
        assert_eq!(captured(&app, &project, &ticket, "event-logs").await, body["customEventLog"]);
        let network = captured(&app, &project, &ticket, "network-logs").await;
        assert_eq!(network[0]["url"], "https://api.example/pay?token=1&gleapHash=<removed>");
        assert_eq!(network[0]["request"]["headers"], json!({"Gleap-Hash": "<removed>", "X-Pin": "<removed>", "Accept": "a"}));
        assert_eq!(network[0]["response"]["responseText"], "{\"gleapHash\":\"<removed>\",\"total\":5}");
        assert_eq!(network[1], body["networkLogs"][1]);
        assert!(!network.to_string().contains("SECRET"), "{network}");
        let replay = captured(&app, &project, &ticket, "replay").await;
        assert_eq!(replay["events"], json!(events));
        assert_eq!((&replay["type"], &replay["width"], replay.get("packed")), (&json!("rrweb"), &json!(800), None));
        assert_eq!(view(&app, &ticket["replayDataUrl"]).await.expect(200), replay);

        let page = view(&app, &ticket["screenshotUrl"]).await;
        assert_eq!((page.status.as_u16(), page.header("content-type")), (200, "text/html; charset=utf-8"));
        assert!(page.body.starts_with("<!DOCTYPE html><html>") && page.body.contains("Page \u{1F600}"), "{}", page.body);
        assert!(page.body.contains("data-x=\"0\" data-y=\"121\""), "{}", page.body);
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'sha256-") && policy.contains("sandbox allow-scripts;"), "{policy}");
        assert!(policy.contains("img-src data: blob:; font-src data:;") && !policy.contains("https:"), "nothing is loaded from elsewhere: {policy}");
        let address = ticket["screenshotUrl"].as_str().expect("an address");
        let asked = view(&app, &json!(format!("{address}?remote=true"))).await;
        assert!(asked.header("content-security-policy").contains("img-src http: https:"));
        assert!(!policy.contains("allow-same-origin") && !policy.contains("script-src 'unsafe-inline'"), "{policy}");
    }

    async fn the_older_web_sdk_sends_events_as_they_are(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let device = Device::start(&app, &project).await;
        let events = json!([{"type": 2, "data": {"node": {"id": 1}}, "timestamp": 1}, {"type": 3, "timestamp": 2}]);
        let answer = report(&app, &device, &web(json!({"webReplay": {"startDate": 1, "events": events, "type": "rrweb"}}))).await;
        let first = ticket(&app, &project, &answer).await;
        assert_eq!(captured(&app, &project, &first, "replay").await["events"], events);
        // It also sends recordings of nothing.
        let answer = report(&app, &device, &web(json!({"webReplay": {"startDate": 1, "events": [], "type": "rrweb"}}))).await;
        let second = ticket(&app, &project, &answer).await;
        assert_eq!((second.get("hasWebReplay"), captured(&app, &project, &second, "replay").await), (None, json!({})));
        assert_eq!(second["bugId"], json!(2));
    }

    async fn a_report_of_android_has_texts_for_booleans_and_frames_in_any_order(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let device = Device::start(&app, &project).await;
        let form = b"--BBBOUNDARY\r\nContent-Disposition: form-data; name=\"file\";filename=\"a.png\"\r\nContent-Type: null\r\n\r\n\x89PNG\r\n\x1a\n\r\n--BBBOUNDARY--\r\n";
        let upload = async |path: &str| {
            let request = device.request(&app, Method::POST, path);
            request.body("multipart/form-data;boundary=BBBOUNDARY", form.to_vec()).send().await.expect(200)
        };
        let shot = upload("/uploads/sdk").await["fileUrl"].clone();
        let frame = upload("/uploads/sdksteps").await["fileUrls"][0].clone();
        let attachment = upload("/uploads/attachments").await["fileUrls"][0].clone();
        let frames = json!([
            {"url": frame, "screenname": "Cart", "date": "2026-01-01T00:00:05.000Z", "interactions": [{"x": 10, "y": 20.5, "date": "2026-01-01T00:00:05.000Z", "type": "TD"}]},
            {"url": frame, "screenname": "Start", "date": "2026-01-01T00:00:01.000Z", "interactions": []},
            {"screenname": "without an address"},
        ]);
        let answer = report(&app, &device, &json!({
            "type": "BUG", "isSilent": "false", "priority": "HIGH", "outbound": "bugreporting", "screenshotUrl": shot,
            "replay": {"interval": 5000, "frames": frames},
            "attachments": [{"url": attachment, "name": "my notes.txt"}, {"url": "javascript:alert(1)", "name": "x"}, "x"],
            "formData": {"description": "Crash on pay"},
            "metaData": {"sessionDuration": "12.5", "batteryLevel": 85, "batterySaveMode": false, "devicePixelRatio": "xxhdpi", "sdkType": "Android"},
            "consoleLog": [{"date": "2026-01-01 10:00", "log": "x", "priority": "INFO"}],
            "networkLogs": null, "customEventLog": [], "customData": null, "tags": null,
        })).await;
        let ticket = ticket(&app, &project, &answer).await;
        assert_eq!((&ticket["isSilent"], &ticket["priority"], ticket.get("outbound")), (&json!(false), &json!("HIGH"), None));
        assert_eq!((&ticket["screenshotUrl"], &ticket["metaData"]["devicePixelRatio"]), (&shot, &json!("xxhdpi")));
        assert_eq!(ticket["attachments"], json!([{"name": "my notes.txt", "url": attachment}]));
        assert_eq!(ticket["hasWebReplay"], json!(false));
        let replay = captured(&app, &project, &ticket, "replay").await;
        assert_eq!((&replay["type"], &replay["interval"]), (&json!("frames"), &json!(5000)));
        let screens: Vec<&Json> = replay["frames"].as_array().expect("frames").iter().map(|frame| &frame["screenname"]).collect();
        assert_eq!(screens, ["Start", "Cart"]);
        assert_eq!(captured(&app, &project, &ticket, "network-logs").await, json!([]));
        // Everything that was uploaded goes with the ticket.
        assert_eq!(view(&app, &frame).await.status, 200);
        let id = ticket["id"].as_str().expect("an id");
        app.delete(&project, &format!("/v3/tickets/{id}")).send().await.expect(200);
        for address in [&shot, &frame, &attachment] {
            assert_eq!(view(&app, address).await.status, 404);
        }
    }

    async fn a_report_of_ios_may_lack_almost_everything(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let device = Device::start(&app, &project).await;
        let answer = report(&app, &device, &json!({
            "type": "CRASH", "isSilent": true, "priority": "LOW", "screenshotUrl": null, "metaData": {},
            "networkLogs": [{"type": "GET", "url": "https://a.example", "date": "2026-01-01T00:00:00Z", "success": false, "response": {"errorText": "offline"}}],
            "formData": {"description": "EXC_BAD_ACCESS"},
        })).await;
        let crash = ticket(&app, &project, &answer).await;
        assert_eq!((&crash["type"], &crash["isSilent"], &crash["priority"], &crash["duplicatesCount"]), (&json!("CRASH"), &json!(true), &json!("LOW"), &json!(1)));
        let empty = report(&app, &device, &json!({})).await;
        let bare = ticket(&app, &project, &empty).await;
        assert_eq!((&bare["type"], &bare["priority"], &bare["title"]), (&json!("BUG"), &json!("MEDIUM"), &json!("")));
        assert_eq!(captured(&app, &project, &bare, "console-logs").await, json!([]));
    }

    async fn what_cannot_be_read_is_refused_and_what_does_not_fit_is_left_out(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let device = Device::start(&app, &project).await;
        let post = |body: &str| device.request(&app, Method::POST, "/bugs/v2").body("application/json", body.to_owned()).send();
        for broken in ["", "{", "[]", "null", "5", "{\"type\":\"BUG\"", "{\"consoleLog\":[{\"log\":\"x\"}", "{} {}", "\u{1}"] {
            let answer = post(broken).await;
            assert_eq!(answer.status, 400, "{broken}: {}", answer.body);
        }
        let deep = |entry: &str| format!("{{\"consoleLog\":[{entry}]}}").replace("DEEP", &format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000)));
        for entry in ["DEEP", "{\"log\":DEEP}"] {
            let answer = post(&deep(entry)).await;
            let ticket = ticket(&app, &project, &answer).await;
            assert_eq!(captured(&app, &project, &ticket, "console-logs").await, json!([]), "{entry}");
        }
        let odd = r#"{"type": 7, "priority": "URGENT", "tags": "x", "formData": [1], "consoleLog": {"a": 1}, "networkLogs": "x",
            "webReplay": {"events": ["not packed", 5, null]}, "screenshotData": {"html": 5}, "replay": 5, "isSilent": "maybe",
            "formData": {"description": "cut \ud83d", "zero": "a\u0000b"}, "unknown": {"a": [1]}}"#;
        let answer = post(odd).await;
        let ticket = ticket(&app, &project, &answer).await;
        assert_eq!((&ticket["priority"], &ticket["tags"], &ticket["title"]), (&json!("MEDIUM"), &json!([]), &json!("cut \u{fffd}")));
        assert_eq!(ticket["formData"]["zero"], "ab");
        assert_eq!(captured(&app, &project, &ticket, "replay").await, json!({}));
    }

    async fn what_is_packed_too_small_costs_no_more_than_a_large_recording(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let device = Device::start(&app, &project).await;
        // Each unpacks to 31 MB and is left out, because it is no event.
        let bomb = packed(&json!("x".repeat(31 * 1024 * 1024)));
        let good = packed(&json!({"type": 4, "timestamp": 1}));
        let mut events = vec![json!(good)];
        events.extend(vec![json!(bomb); 9]);
        events.push(json!(good));
        let answer = report(&app, &device, &web(json!({"webReplay": {"startDate": 1, "events": events, "type": "rrweb"}}))).await;
        let ticket = ticket(&app, &project, &answer).await;
        let replay = captured(&app, &project, &ticket, "replay").await;
        // What came behind 256 MB was not unpacked any more.
        assert_eq!((replay["events"].as_array().map(Vec::len), &replay["eventsLeftOut"]), (Some(1), &json!(10)));
    }

    async fn too_large_is_told_in_the_shape_that_each_sdk_understands(scratch: Scratch) {
        let settings = Settings { report_bytes_max: 100_000, ..Settings::default() };
        let app = TestApp::with(scratch, settings).await;
        let project = app.project().await;
        let device = Device::start(&app, &project).await;
        let large = web(json!({"padding": "x".repeat(200_000)}));
        let refused = report(&app, &device, &large).await;
        assert_eq!(refused.expect(413)["error"]["statusCode"], 413);
        assert_eq!(refused.header("access-control-allow-origin"), "*");
        let ios = device.request(&app, Method::POST, "/bugs/v2").header("User-Agent", "Shop/1 CFNetwork/1490.0.4 Darwin/23.2.0");
        let refused = ios.json(large).send().await;
        assert_eq!((refused.status.as_u16(), refused.header("content-type")), (413, "text/plain; charset=utf-8"));
        assert!(serde_json::from_str::<Json>(&refused.body).is_err(), "{}", refused.body);
        let tickets = app.get(&project, "/v3/tickets").send().await.expect(200);
        assert_eq!(tickets["totalCount"], 0);
    }

    async fn silent_crashes_that_are_the_same_are_counted(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let (ada, bob) = (Device::start(&app, &project).await, Device::start(&app, &project).await);
        let crash = |stack: &str| web(json!({"type": "CRASH", "isSilent": true, "formData": {"description": stack}}));
        let first = report(&app, &ada, &crash("TypeError: x\n at pay (https://a.example/main.8f3a2b1c.js:1:20)")).await;
        let main = ticket(&app, &project, &first).await;
        let other = report(&app, &ada, &crash("RangeError: y")).await;
        assert_eq!(ticket(&app, &project, &other).await["duplicatesCount"], 1);
        let again = report(&app, &bob, &crash("TypeError: x\n at pay (https://b.example/main.99aa11bb.js:7:4)")).await;
        let repeated = ticket(&app, &project, &again).await;
        assert_eq!((&repeated["duplicateOf"], &repeated["hidden"], &repeated["archived"]), (&main["id"], &json!(true), &json!(true)));
        assert_ne!(repeated["shareToken"], main["shareToken"], "a stranger got the token of another conversation");
        for _ in 0..25 {
            let token = report(&app, &bob, &crash("TypeError: x\n at pay (main.8f3a2b1c.js:1:1)")).await.expect(201)["shareToken"].clone();
            assert_eq!(token.as_str().map(str::len), Some(70));
        }
        let main = ticket(&app, &project, &first).await;
        assert_eq!(main["duplicatesCount"], 27);
        let kept = app.get(&project, &format!("/v3/tickets?duplicateOf={}&limit=1000", main["id"].as_str().expect("an id"))).send().await.expect(200);
        assert_eq!(kept["totalCount"], 20);
        let timeline = app.get(&project, &format!("/v3/tickets/{}/activity-logs", main["id"].as_str().expect("an id"))).send().await;
        assert!(!timeline.body.contains("duplicatesCount"), "one entry for each crash: {}", timeline.body);
        // A crash that comes back after it was dealt with is news.
        let id = main["id"].as_str().expect("an id");
        app.put(&project, &format!("/v3/tickets/{id}"), json!({"status": "DONE"})).send().await.expect(200);
        let news = report(&app, &bob, &crash("TypeError: x\n at pay (main.8f3a2b1c.js:1:1)")).await;
        let news = ticket(&app, &project, &news).await;
        assert_eq!((news.get("duplicateOf"), &news["duplicatesCount"], &news["archived"]), (None, &json!(1), &json!(false)));
        // What somebody says about a crash is a conversation of its own.
        let said = report(&app, &ada, &web(json!({"type": "CRASH", "formData": {"description": "TypeError: x\n at pay (main.8f3a2b1c.js:1:1)"}}))).await;
        assert_eq!(ticket(&app, &project, &said).await.get("duplicateOf"), None);
    }

    async fn a_crash_in_a_closed_lane_of_its_type_is_dealt_with(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let lanes = json!([{"id": "seen", "title": "Seen"}, {"id": "fixed", "title": "Fixed", "closed": true}]);
        app.post(&project, "/v3/ticket-types", json!({"type": "CRASH", "title": "Crash", "lanes": lanes})).send().await.expect(200);
        let ada = Device::start(&app, &project).await;
        let crash = web(json!({"type": "CRASH", "isSilent": true, "formData": {"description": "TypeError: x"}}));
        let first = ticket(&app, &project, &report(&app, &ada, &crash).await).await;
        let id = first["id"].as_str().expect("an id");
        app.put(&project, &format!("/v3/tickets/{id}"), json!({"status": "fixed"})).send().await.expect(200);
        let news = ticket(&app, &project, &report(&app, &ada, &crash).await).await;
        assert_eq!((news.get("duplicateOf"), &news["archived"]), (None, &json!(false)));
    }

    async fn crashes_that_come_at_once_are_all_counted(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let mut devices = Vec::new();
        for _ in 0..8 {
            devices.push(Device::start(&app, &project).await);
        }
        let crash = web(json!({"type": "CRASH", "isSilent": true, "formData": {"description": "boom"}}));
        let answers = futures_util::future::join_all(devices.iter().map(|device| report(&app, device, &crash))).await;
        answers.iter().for_each(|answer| drop(answer.expect(201)));
        let main = app.get(&project, "/v3/tickets?duplicatesCount%3E=2").send().await.expect(200);
        assert_eq!((&main["totalCount"], &main["tickets"][0]["duplicatesCount"]), (&json!(1), &json!(8)));
    }

    async fn reports_of_strangers_and_foreign_files_get_nothing(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let (ada, eve) = (Device::start(&app, &project).await, Device::start(&app, &project).await);
        let form = b"--BBBOUNDARY\r\nContent-Disposition: form-data; name=file; filename=a.txt\r\n\r\nmine\r\n--BBBOUNDARY--\r\n";
        let request = ada.request(&app, Method::POST, "/uploads/sdk");
        let file = request.body("multipart/form-data;boundary=BBBOUNDARY", form.to_vec()).send().await.expect(200)["fileUrl"].clone();
        let answer = report(&app, &eve, &web(json!({"attachments": [{"url": file, "name": "a"}], "screenRecordingUrl": file}))).await;
        let id = answer.expect(201)["id"].as_str().expect("an id").to_owned();
        app.delete(&project, &format!("/v3/tickets/{id}")).send().await.expect(200);
        assert_eq!(view(&app, &file).await.body, "mine", "somebody else's ticket took the file along");
        let stranger = Device { gleap_hash: "0".repeat(64), ..eve };
        assert_eq!(report(&app, &stranger, &web(json!({}))).await.status, 401);
    }

    async fn pictures_and_attachments_of_a_report_are_files_of_the_project(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let device = Device::start(&app, &project).await;
        let uploaded = upload(&app, &device, "/uploads/sdk", form(&[ios("a.png", "image/png", PNG)])).await.expect(200);
        let (own, foreign) = (&uploaded["fileUrl"], "https://tracker.invalid/pixel.png");
        let answer = report(&app, &device, &web(json!({
            "screenshotUrl": foreign, "screenRecordingUrl": foreign,
            "attachments": [{"url": foreign, "name": "b.png", "type": "image/png"}, {"url": own, "name": "a.png"}],
            "formData": {"description": "x", "files": [{"url": foreign, "name": "c.png"}, {"url": own, "name": "d.png"}]},
        }))).await;
        let ticket = ticket(&app, &project, &answer).await;
        assert_eq!(ticket["attachments"], json!([{"name": "a.png", "url": own}, {"name": "d.png", "url": own}]));
        for address in ["screenshotUrl", "screenRecordingUrl"] {
            assert!(!ticket[address].to_string().contains("tracker"), "{address} is {}", ticket[address]);
        }
        // What was answered stays to be read.
        assert_eq!(ticket["formData"]["files"][0]["url"], json!(foreign));
    }

    async fn a_picture_is_made_of_the_page_when_there_is_a_browser(scratch: Scratch) {
        let browser = browser(&scratch, "for word in \"$@\"; do case \"$word\" in --screenshot=*) printf '\\211PNG\\r\\n\\032\\npixels' > \"${word#--screenshot=}\";; esac; done");
        let app = TestApp::with(scratch, Settings { chromium: Some(browser), ..Settings::default() }).await;
        let project = app.project().await;
        let device = Device::start(&app, &project).await;
        let answer = report(&app, &device, &web(json!({"screenshotData": page()}))).await;
        let before = ticket(&app, &project, &answer).await;
        assert_eq!((&before["generatingScreenshot"], &before["screenshotUrl"]), (&json!(true), &before["screenshotDataUrl"]));
        app.run_jobs().await;
        let after = ticket(&app, &project, &answer).await;
        assert_eq!((&after["generatingScreenshot"], &after["screenshotDataUrl"]), (&json!(false), &before["screenshotDataUrl"]));
        let picture = view(&app, &after["screenshotUrl"]).await;
        assert_eq!((picture.status.as_u16(), picture.header("content-type")), (200, "image/png"));
        let spool = app.scratch.folder().join("spool");
        assert_eq!(std::fs::read_dir(spool).expect("a folder").count(), 0, "a scratch folder stayed");
    }

    async fn without_a_picture_the_page_stays(scratch: Scratch) {
        let browser = browser(&scratch, "exit 3");
        let app = TestApp::with(scratch, Settings { chromium: Some(browser), ..Settings::default() }).await;
        let project = app.project().await;
        let device = Device::start(&app, &project).await;
        let answer = report(&app, &device, &web(json!({"screenshotData": page()}))).await;
        for _ in 0..4 {
            app.run_jobs().await;
            app.clock.advance(60 * 60_000);
        }
        let ticket = ticket(&app, &project, &answer).await;
        assert_eq!((&ticket["generatingScreenshot"], &ticket["screenshotRenderingFailed"]), (&json!(false), &json!(true)));
        assert_eq!(view(&app, &ticket["screenshotUrl"]).await.header("content-type"), "text/html; charset=utf-8");
    }
}

/// Much more than fits into the memory that this may take arrives at once: the captures are on disk.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn large_reports_and_uploads_take_little_memory() {
    const MEGABYTE: usize = 1024 * 1024;
    let scratch = hark_test::Scratch::new(hark_test::Engine::Sqlite).await;
    let keys = crate::process::json(&scratch, &["init"]);
    let server = crate::process::Server::start(&scratch);
    let key = keys["sdkKey"].as_str().expect("a key");
    let post = |path: &str| {
        OutgoingRequest::post(format!("{}{path}", server.url), "test")
            .header("Api-Token", key)
            .timeout_ms(120_000)
    };
    let session = server.answer(post("/sessions").json(&json!({}))).await;
    let contact = |path: &str| {
        let text = |name: &str| session[name].as_str().expect("a text").to_owned();
        post(path).header("Gleap-Id", text("gleapId")).header("Gleap-Hash", text("gleapHash"))
    };
    let before = server.memory_peak();

    let event = json!({"type": 3, "timestamp": 1, "data": "x".repeat(8_000)});
    let events = vec![event; 20 * MEGABYTE / 8_000];
    let report = web(json!({"webReplay": {"startDate": 1, "events": events, "type": "rrweb"}}))
        .to_string()
        .into_bytes();
    assert!(report.len() > 20 * MEGABYTE);
    let answers = (0..5).map(|_| server.answer(contact("/bugs/v2").body("application/json", report.clone())));
    for answer in futures_util::future::join_all(answers).await {
        assert_eq!(answer["shareToken"].as_str().map(str::len), Some(70), "{answer}");
    }
    let film = [
        b"--B\r\nContent-Disposition: form-data; name=file\r\n\r\n\x1a\x45\xdf\xa3".to_vec(),
        vec![7; 60 * MEGABYTE],
        b"\r\n--B--\r\n".to_vec(),
    ]
    .concat();
    let uploads = (0..2).map(|_| {
        server.answer(contact("/uploads/sdk").body("multipart/form-data; boundary=B", film.clone()))
    });
    for answer in futures_util::future::join_all(uploads).await {
        assert!(answer["fileUrl"].as_str().is_some_and(|url| url.contains("/media/")), "{answer}");
    }
    let grown = server.memory_peak() - before;
    assert!(grown < 80 * MEGABYTE as u64, "the server took {} MB for it", grown / MEGABYTE as u64);

    // As values, this would be sixteen times as large as its text.
    for captures in ["consoleLog", "networkLogs", "customEventLog"] {
        let zeros = "0,".repeat(10 * MEGABYTE);
        let report =
            format!("{{\"{captures}\":[{{\"log\":[{zeros}0]}}],\"screenshotData\":{{\"html\":[0]}}}}");
        let answer = server.answer(contact("/bugs/v2").body("application/json", report.into_bytes())).await;
        assert_eq!(answer["shareToken"].as_str().map(str::len), Some(70), "{answer}");
    }
    let grown = server.memory_peak() - before;
    assert!(grown < 160 * MEGABYTE as u64, "the server took {} MB for it", grown / MEGABYTE as u64);
}

/// A program in place of a browser.
fn browser(scratch: &hark_test::Scratch, script: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let path = scratch.folder().join("browser");
    std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("a file");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).expect("its mode");
    path
}
