//! What the official SDKs call, with the status codes and shapes they test for.

use axum::http::HeaderMap;
use hark_core::contacts::CONTACT;
use hark_store::{Error, Result, Scope};

use crate::app::App;
use crate::dispatch::text;
use crate::operation::{Operation, group};

/// Every operation of the SDK face.
pub(crate) fn operations() -> Vec<Operation> {
    group("SDK", Vec::new())
}

/// The scope of the contact whose id and hash are in the headers.
pub(crate) async fn contact(app: &App, headers: &HeaderMap) -> Result<Scope> {
    let no_session = || Error::Unauthenticated("the session is not known, start a new one".to_owned());
    let sdk_key = text(headers, "api-token").ok_or_else(no_session)?;
    let gleap_id = text(headers, "gleap-id").ok_or_else(no_session)?.to_owned();
    let gleap_hash = text(headers, "gleap-hash").ok_or_else(no_session)?;
    let visitor = app.store.visitor(sdk_key).await?;
    let contact = app.store.peek(&visitor, move |tx| tx.find_by(&CONTACT, "gleapId", &gleap_id)).await?;
    contact.and_then(|contact| Scope::of_contact(&visitor, &contact, gleap_hash)).ok_or_else(no_session)
}
