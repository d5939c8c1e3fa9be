//! Films of apps: what their SDKs send into a conversation under the id that the messenger asked for.

use axum::http::Method;
use hark_test::{Device, Project, TestApp, both};
use serde_json::{Value as Json, json};

use crate::conversations::{begin, get, post};
use crate::files::{PNG, addresses, form, ios, upload};
use crate::people::text;

/// What an SDK says when it has uploaded a film.
fn film(url: &str) -> Json {
    json!({
        "files": [{"url": url, "name": "screen-recording.mp4", "type": "video/mp4", "size": 8, "width": 390, "height": 844, "durationMs": 4200}],
        "method": "frames", "platform": "ios", "sdkType": "NATIVE", "sdkVersion": "19.2.0", "deviceId": "d",
        "recordingStartedAt": "2026-11-20T10:00:00.000Z",
    })
}

async fn uploaded(app: &TestApp, device: &Device) -> String {
    let form = form(&[ios("screen-recording.mp4", "video/mp4", PNG)]);
    addresses(&upload(app, device, "/uploads/attachments", form).await.expect(200)).remove(0)
}

/// A device with a conversation; returns the share token and the ticket's id.
async fn talking(app: &TestApp, project: &Project) -> (Device, String, String) {
    let device = Device::start(app, project).await;
    let (token, ticket) = begin(app, project, &device, "The list jumps").await;
    (device, token, ticket)
}

both! {
    async fn a_film_arrives_in_its_conversation_once(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let (device, token, ticket) = talking(&app, &project).await;
        let capture = text(&post(&app, &device, &format!("/conversations/{token}/captures"), json!({})).await, "id");
        assert!(capture.len() <= 64 && capture.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'), "{capture}");
        let url = uploaded(&app, &device).await;
        let path = format!("/v3/shared/capture-requests/{capture}/complete");
        for _ in 0..2 {
            let sent = post(&app, &device, &path, film(&url)).await;
            assert_eq!((&sent["conversation"]["shareToken"], &sent["message"]["ref"]), (&json!(token), &json!(capture)));
        }
        let whole = get(&app, &device, &format!("/conversations/{token}")).await;
        assert_eq!(whole["messages"].as_array().map(Vec::len), Some(2));
        assert_eq!(whole["messages"][1]["attachments"], json!([{"name": "screen-recording.mp4", "url": url, "type": "video/mp4"}]));
        let seen = app.get(&project, &format!("/v3/messages?ticket={ticket}")).send().await.expect(200);
        assert_eq!(seen.as_array().map(Vec::len), Some(2));
    }

    async fn a_film_of_somebody_else_or_from_elsewhere_is_refused(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let (device, token, ticket) = talking(&app, &project).await;
        let stranger = Device::start(&app, &project).await;
        let begin = format!("/conversations/{token}/captures");
        stranger.post(&app, &begin, json!({})).await.expect(404);
        let capture = text(&post(&app, &device, &begin, json!({})).await, "id");
        let path = |id: &str| format!("/v3/shared/capture-requests/{id}/complete");
        let url = uploaded(&app, &stranger).await;
        // Somebody else's conversation is as unknown as one that does not exist.
        let unknown = "0123456789abcdef01234567-00000000000000ff";
        let sentence = async |id: &str| {
            let refused = stranger.post(&app, &path(id), film(&url)).await.expect(404);
            refused["message"].as_str().expect("a sentence").replace(id, "")
        };
        assert_eq!(sentence(&capture).await, sentence(unknown).await);
        assert!(!sentence(&capture).await.contains(&token));
        for odd in ["x", &ticket, "0123456789abcdef01234567-00000000000000ff"] {
            device.post(&app, &path(odd), film(&url)).await.expect(404);
        }
        device.post(&app, &path(&capture), film("https://cdn.example/a.mp4")).await.expect(400);
        device.post(&app, &path(&capture), json!({"files": []})).await.expect(400);
        let anonymous = app.request(Method::POST, &path(&capture)).json(film(&url)).send().await;
        anonymous.expect(401);
        let whole = get(&app, &device, &format!("/conversations/{token}")).await;
        assert_eq!(whole["messages"].as_array().map(Vec::len), Some(1));
    }
}
