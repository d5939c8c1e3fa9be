//! A visitor's device: calls the server the way an official SDK does.

use axum::http::Method;
use serde_json::{Value as Json, json};

use crate::{Answer, Project, Request, TestApp};

/// A device with the session that it keeps.
#[derive(Clone, Debug)]
pub struct Device {
    /// The project's SDK key.
    pub sdk_key: String,
    /// The contact's id for SDKs.
    pub gleap_id: String,
    /// The contact's secret.
    pub gleap_hash: String,
}

impl Device {
    /// A device that starts as a new guest.
    ///
    /// # Panics
    /// When it is not let in.
    pub async fn start(app: &TestApp, project: &Project) -> Device {
        let sdk_key = project.keys.sdk_key.clone();
        let nobody = Device { sdk_key, gleap_id: "null".into(), gleap_hash: "null".into() };
        let body = json!({"lang": "en", "deviceType": "desktop", "platform": "web"});
        let session = nobody.post(app, "/sessions", body).await.expect(200);
        nobody.with(&session)
    }

    /// The device after it took over a session of the server.
    ///
    /// # Panics
    /// When the session has no id or no hash.
    pub fn with(&self, session: &Json) -> Device {
        let text = |key: &str| session[key].as_str().expect("ids in a session").to_owned();
        Device { sdk_key: self.sdk_key.clone(), gleap_id: text("gleapId"), gleap_hash: text("gleapHash") }
    }

    /// A request with the device's headers.
    pub fn request(&self, app: &TestApp, method: Method, path: &str) -> Request {
        app.request(method, path)
            .header("Api-Token", &self.sdk_key)
            .header("Gleap-Id", &self.gleap_id)
            .header("Gleap-Hash", &self.gleap_hash)
    }

    /// A POST request as browsers send it, answered.
    ///
    /// # Panics
    /// When the answer cannot be read by a page of another origin, or holds null.
    pub async fn post(&self, app: &TestApp, path: &str, body: Json) -> Answer {
        let request = self.request(app, Method::POST, path);
        let answer = request.body("application/json;charset=UTF-8", body.to_string()).send().await;
        answer.readable_by_sdks();
        answer
    }

    /// An identify.
    ///
    /// # Panics
    /// Like [`Device::post`].
    pub async fn identify(&self, app: &TestApp, body: Json) -> Answer {
        self.post(app, "/sessions/identify", body).await
    }
}
