//! The server as pages see it before anybody is signed in: what is possible, and under which addresses.

use axum::http::Method;
use hark_store::Result;
use schemars::JsonSchema;
use serde::Serialize;

use super::second_factor::party;
use crate::answer::Reply;
use crate::call::Call;
use crate::operation::{Access, NoBody, Operation};

pub(crate) fn operations() -> Vec<Operation> {
    vec![
        Operation::new(Method::GET, "/v3/server", "GetServer", Access::Public, server)
            .summary("What this server offers, and the addresses that SDKs take"),
    ]
}

/// What a server offers.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct ServerView {
    /// Whether people sign up without an invitation.
    open_sign_up: bool,
    /// Whether there can be passkeys: they need a host name.
    passkeys: bool,
    /// Whether mail can be sent.
    mail: bool,
    /// The addresses that SDKs take.
    urls: Addresses,
}

/// The addresses that SDKs take, without a slash at the end.
#[derive(Serialize, JsonSchema)]
struct Addresses {
    /// For `setApiUrl`.
    api: String,
    /// For `setWSApiUrl`.
    socket: String,
    /// For `setFrameUrl`.
    messenger: String,
    /// For `setBannerUrl`.
    banner: String,
    /// For `setModalUrl`.
    modal: String,
}

async fn server(call: Call, _: NoBody) -> Result<Reply<ServerView>> {
    let settings = &call.app.settings;
    let public_url = &settings.public_url;
    let named = |name: &str| public_url.replacen("://", &format!("://{name}."), 1);
    let urls = Addresses {
        api: public_url.clone(),
        // The schemes of sockets are those of pages with other first letters.
        socket: format!("{}/ws", public_url.replacen("http", "ws", 1)),
        messenger: named("messenger"),
        banner: format!("{}/banner", settings.media_url()),
        modal: format!("{}/modal", settings.media_url()),
    };
    let (passkeys, mail) = (party(&call).is_some(), call.app.mailer.configured());
    Ok(Reply(ServerView { open_sign_up: settings.open_sign_up, passkeys, mail, urls }))
}
