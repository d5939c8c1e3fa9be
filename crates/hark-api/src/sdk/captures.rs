//! Films of an app that its contact sends into a conversation.
//!
//! The SDK records and uploads a film and knows nothing of it but an id that the messenger handed it. So
//! the id names the conversation, and what arrives under it is a message there, written once.

use axum::http::Method;
use hark_core::conversations::{self, Input, Reference};
use hark_core::tickets::Attachment;
use hark_store::{ReadTx, Result, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::conversations::{SENT_PER_MINUTE_MAX, Written, spend, whose, written};
use crate::answer::Reply;
use crate::call::Call;
use crate::operation::{Access, Body, NoBody, Operation};

pub(crate) fn operations() -> Vec<Operation> {
    let contact = Access::Contact;
    vec![
        Operation::new(Method::POST, "/conversations/{shareToken}/captures", "BeginCapture", contact, begin)
            .summary("An id under which the SDK may send a film of the app into a conversation"),
        Operation::new(
            Method::POST,
            "/v3/shared/capture-requests/{captureId}/complete",
            "CompleteCapture",
            contact,
            complete,
        )
        .summary("Send a film of the app, which was uploaded before, into the conversation of its id"),
    ]
}

/// A capture that begins.
#[derive(Serialize, JsonSchema)]
struct Begun {
    /// Its id.
    id: String,
}

/// What was captured. SDKs say more about it than is kept.
#[derive(Deserialize, JsonSchema)]
struct Captured {
    /// The files, under the addresses that the uploads answered.
    files: Vec<Attachment>,
}

async fn begin(call: Call, _: NoBody) -> Result<Reply<Begun>> {
    let (contact, token) = whose(&call)?;
    let begin = move |tx: &ReadTx<'_>| conversations::reference(tx, contact, &token);
    let reference = call.read(begin).await?;
    Ok(Reply(Begun { id: reference.to_string() }))
}

async fn complete(call: Call, Body(captured): Body<Captured>) -> Result<Reply<Written>> {
    let contact = call.contact()?;
    let reference = Reference::parse(call.path("captureId")?)?;
    spend(&call, "sent", contact, SENT_PER_MINUTE_MAX).await?;
    let input = Input { id: reference.to_string(), attachments: captured.files, ..Input::default() };
    let media = call.app.settings.media_url();
    let send = move |tx: &mut Tx<'_>| conversations::send_to(tx, contact, &reference, &input, &media);
    let (ticket, message) = call.write(send).await?;
    written(&call, &ticket, &message).await
}
