//! What the official SDKs call, with the status codes and shapes they test for.

mod avatar;
mod bugs;
mod captures;
mod config;
mod conversations;
mod files;
mod project;
mod report;
mod seen;
mod sessions;
mod shared;
mod uploads;

use axum::http::HeaderMap;
use hark_core::contacts;
use hark_store::{Doc, Error, Result, Scope};

use crate::app::App;
use crate::dispatch::{present, text};
use crate::live::parameter;
use crate::operation::{Operation, group};

pub(crate) use avatar::PICTURE;
pub(crate) use project::KnownProject;
pub(crate) use seen::Noted;
pub(crate) use sessions::Person;

/// Every operation of the SDK face.
pub(crate) fn operations() -> Vec<Operation> {
    let all = [
        sessions::operations(),
        config::operations(),
        files::operations(),
        uploads::operations(),
        bugs::operations(),
        conversations::operations(),
        captures::operations(),
        shared::operations(),
        avatar::operations(),
    ];
    group("SDK", all.into_iter().flatten().collect())
}

/// What a device presents.
#[derive(Debug, Default)]
pub(crate) struct Credentials {
    pub(crate) sdk_key: Option<String>,
    pub(crate) gleap_id: Option<String>,
    pub(crate) gleap_hash: Option<String>,
}

impl Credentials {
    pub(crate) fn from_headers(headers: &HeaderMap) -> Credentials {
        let owned = |name| text(headers, name).map(str::to_owned);
        Credentials {
            sdk_key: owned("api-token"),
            gleap_id: owned("gleap-id"),
            gleap_hash: owned("gleap-hash"),
        }
    }

    pub(crate) fn from_query(query: &str) -> Credentials {
        let owned = |name| parameter(query, name).and_then(present).map(str::to_owned);
        Credentials { sdk_key: owned("apiKey"), gleap_id: owned("gleapId"), gleap_hash: owned("gleapHash") }
    }

    /// The contact's id and hash, when both are there.
    pub(crate) fn pair(self) -> Option<(String, String)> {
        Some((self.gleap_id?, self.gleap_hash?))
    }
}

/// The contact that a device proves to be, and its scope.
///
/// # Errors
/// [`Error::Unauthenticated`] when it proves nothing.
pub(crate) async fn prove(app: &App, credentials: Credentials) -> Result<(Scope, Doc)> {
    let no_session = || Error::Unauthenticated("the session is not known, start a new one".to_owned());
    let visitor = app.store.visitor(credentials.sdk_key.as_deref().ok_or_else(no_session)?).await?;
    let (id, hash) = credentials.pair().ok_or_else(no_session)?;
    let known = app.store.peek(&visitor, move |tx| contacts::known(tx, &id, &hash)).await?;
    let contact = known.ok_or_else(no_session)?;
    // A device may hold the id and hash of a guest that became part of this contact; that was
    // checked, so here the contact proves itself.
    let own_hash = contact.text("gleapHash").unwrap_or_default();
    let scope = Scope::of_contact(&visitor, &contact, own_hash).ok_or_else(no_session)?;
    Ok((scope, contact))
}

/// The scope of the contact whose id and hash are in the headers.
pub(crate) async fn contact(app: &App, headers: &HeaderMap) -> Result<Scope> {
    Ok(prove(app, Credentials::from_headers(headers)).await?.0)
}
