//! The transcript of a ticket, which an agent sends by mail.

use axum::http::Method;
use hark_core::tickets;
use hark_store::{Error, Result, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{WRITE, ticket_id};
use crate::answer::Reply;
use crate::call::Call;
use crate::operation::{Body, Operation};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::new(
            Method::POST,
            "/v3/tickets/{ticketId}/send-transcript",
            "SendTicketTranscript",
            WRITE,
            transcript,
        )
        .summary("Send what was said in a ticket by mail, without notes")
        .also_answers(&[(400, "An address is none, or no mail server is set up")]),
    ]
}

/// To whom.
#[derive(Deserialize, JsonSchema)]
struct Recipients {
    /// The mail addresses, 20 at most.
    emails: Vec<String>,
}

/// How many mails are on their way.
#[derive(Serialize, JsonSchema)]
struct Sent {
    /// True.
    success: bool,
    /// How many.
    count: usize,
}

async fn transcript(call: Call, Body(to): Body<Recipients>) -> Result<Reply<Sent>> {
    let id = ticket_id(&call)?;
    let configured = call.app.mailer.configured();
    let work = move |tx: &mut Tx<'_>| {
        let count = tickets::send_transcript(tx, id, &to.emails)?;
        if !configured {
            let sentence = "no mail server is configured, ask the operator of this server for one";
            return Err(Error::NotConfigured(sentence.to_owned()));
        }
        Ok(count)
    };
    let count = call.write(work).await?;
    Ok(Reply(Sent { success: true, count }))
}
