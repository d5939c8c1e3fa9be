//! Calls of the server's own API without a socket, at any moment that the clock is set to.

use axum::Router;
use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, Request};
use hark_store::{Clock, Error, Id, Millis, Result};
use serde_json::Value as Json;
use tower::Service;

use crate::app::App;

/// Bytes of an answer that is read at most.
const ANSWER_MAX: usize = 4 * 1024 * 1024;
/// What stands between the parts of a form.
const BOUNDARY: &str = "----------------------------------------company";

/// Who calls.
#[derive(Clone, Debug)]
pub(super) enum Who {
    /// A member of the project with a token.
    Agent { token: String },
    /// A contact with what its device keeps.
    Contact { gleap_id: String, gleap_hash: String },
}

/// The server in this process, for one project.
pub(super) struct Client {
    routes: Router,
    clock: Clock,
    project: Id,
    sdk_key: String,
}

impl Client {
    /// A client of a server whose clock stands still.
    pub(super) fn new(app: &App, project: Id, sdk_key: &str) -> Client {
        // Not through the edge, which writes a line to the log for each call, and without the description of all.
        let routes = crate::operation_routes().with_state(app.clone());
        Client { routes, clock: app.store.clock().clone(), project, sdk_key: sdk_key.to_owned() }
    }

    /// Sets the clock, which never goes back.
    pub(super) fn at(&self, at: Millis) {
        set(&self.clock, at);
    }

    /// A call with a JSON body, which must succeed.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the answer of a call that does not.
    pub(super) async fn call(&self, who: &Who, method: Method, path: &str, body: &Json) -> Result<Json> {
        self.send(who, method, path, "application/json", body.to_string().into()).await
    }

    /// Uploads a file of a contact and returns its address.
    ///
    /// # Errors
    /// Like [`Client::call`].
    pub(super) async fn upload(
        &self,
        who: &Who,
        name: &str,
        media_type: &str,
        file: &[u8],
    ) -> Result<String> {
        let mut form = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: {media_type}\r\n\r\n"
        )
        .into_bytes();
        form.extend_from_slice(file);
        form.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
        let content_type = format!("multipart/form-data; boundary={BOUNDARY}");
        let answer = self.send(who, Method::POST, "/uploads/attachments", &content_type, form.into()).await?;
        let url = answer["fileUrls"][0].as_str().map(str::to_owned);
        url.ok_or_else(|| Error::internal("an upload without an address"))
    }

    async fn send(
        &self,
        who: &Who,
        method: Method,
        path: &str,
        content_type: &str,
        body: Body,
    ) -> Result<Json> {
        let request = Request::builder().method(&method).uri(path).header(CONTENT_TYPE, content_type);
        let request = match who {
            Who::Agent { token } => request
                .header("Authorization", format!("Bearer {token}"))
                .header("Project", self.project.to_string()),
            Who::Contact { gleap_id, gleap_hash } => request
                .header("Api-Token", &self.sdk_key)
                .header("Gleap-Id", gleap_id)
                .header("Gleap-Hash", gleap_hash),
        };
        let request = request.body(body).map_err(|error| Error::Internal(error.into()))?;
        let response = self.routes.clone().call(request).await.unwrap_or_else(|never| match never {});
        let status = response.status();
        let body = axum::body::to_bytes(response.into_body(), ANSWER_MAX).await;
        let body = body.map_err(|error| Error::Internal(error.into()))?;
        if !status.is_success() {
            let said = String::from_utf8_lossy(&body);
            return Err(Error::invalid(format!("{method} {path} was answered with {status}: {said}")));
        }
        if body.is_empty() { Ok(Json::Null) } else { Ok(serde_json::from_slice(&body)?) }
    }
}

/// Moves a clock that stands still forward to a moment.
pub(super) fn set(clock: &Clock, at: Millis) {
    let ahead = at - clock.now();
    if ahead > 0 {
        clock.advance(ahead);
    }
}
