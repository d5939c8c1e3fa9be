//! Drafts, and messages that are sent later.

use axum::http::Method;
use hark_core::messages::{self, DraftInput, MESSAGE_DRAFT, SCHEDULED_MESSAGE, ScheduledInput};
use hark_query::{Filter, Path};
use hark_store::{Id, Result};
use schemars::JsonSchema;
use serde::Serialize;

use super::resource::View;
use super::tickets::{READ, WRITE};
use crate::answer::{Document, Documents};
use crate::call::Call;
use crate::documents;
use crate::operation::{NoBody, Operation, Patch};

pub(crate) fn operations() -> Vec<Operation> {
    let draft = "/v3/tickets/{ticketId}/draft";
    let drafts = "/v3/message-drafts";
    let all = "/v3/scheduled-messages";
    let one = "/v3/scheduled-messages/{scheduledMessageId}";
    vec![
        Operation::new(Method::GET, draft, "GetMessageDraft", READ, get_draft)
            .summary("The user's own draft in a ticket"),
        Operation::new(Method::PUT, draft, "KeepMessageDraft", WRITE, keep_draft)
            .summary("Keep the user's draft in a ticket, in place of the one before"),
        Operation::new(Method::DELETE, draft, "DeleteMessageDraft", WRITE, drop_draft)
            .summary("Throw the user's draft in a ticket away"),
        Operation::new(Method::GET, drafts, "GetMessageDrafts", READ, own_drafts)
            .summary("List the user's own drafts; with `ticket`, that in one ticket, if there is one")
            .list(),
        Operation::new(Method::POST, all, "ScheduleMessage", WRITE, schedule)
            .summary("Send a message later; until then it can be taken back"),
        Operation::new(Method::GET, all, "GetScheduledMessages", READ, list)
            .summary("List the messages that wait to be sent")
            .list(),
        Operation::new(Method::GET, one, "GetScheduledMessage", READ, get)
            .summary("A message that waits to be sent"),
        Operation::new(Method::DELETE, one, "CancelScheduledMessage", WRITE, cancel)
            .summary("Take a message back before it is sent"),
    ]
}

/// A message that waits to be sent.
#[derive(Serialize, JsonSchema)]
struct ScheduledView {
    /// The user who wrote it, and who can take it back.
    user: Id,
    #[serde(flatten)]
    message: View<ScheduledInput>,
}

async fn get_draft(call: Call, _: NoBody) -> Result<Document<View<DraftInput>>> {
    let (ticket, user) = (super::tickets::ticket_id(&call)?, call.user()?);
    let draft = call.peek(move |tx| messages::draft(tx, ticket, user)).await?;
    Ok(documents::one(&MESSAGE_DRAFT, &draft))
}

async fn own_drafts(call: Call, _: NoBody) -> Result<Documents<View<DraftInput>>> {
    let mut query = call.query(&[])?;
    let own = Filter::equal(Path::known("user"), call.user()?.to_string());
    query.filter = query.filter.and(own);
    documents::list_by(&call, &MESSAGE_DRAFT, query).await
}

async fn keep_draft(call: Call, input: Patch<DraftInput>) -> Result<Document<View<DraftInput>>> {
    let (ticket, user) = (super::tickets::ticket_id(&call)?, call.user()?);
    let keep =
        move |tx: &mut hark_store::Tx<'_>| messages::keep_draft(tx, ticket, user, input.changes.clone());
    let draft = call.write(keep).await?;
    Ok(documents::one(&MESSAGE_DRAFT, &draft))
}

async fn drop_draft(call: Call, _: NoBody) -> Result<Document<View<DraftInput>>> {
    let (ticket, user) = (super::tickets::ticket_id(&call)?, call.user()?);
    let draft = call.write(move |tx| messages::drop_draft(tx, ticket, user)).await?;
    Ok(documents::one(&MESSAGE_DRAFT, &draft))
}

async fn schedule(call: Call, input: Patch<ScheduledInput>) -> Result<Document<ScheduledView>> {
    let user = call.user()?;
    let message = call.write(move |tx| messages::schedule(tx, user, input.changes.clone())).await?;
    Ok(documents::one(&SCHEDULED_MESSAGE, &message))
}

async fn list(call: Call, _: NoBody) -> Result<Documents<ScheduledView>> {
    documents::list(&call, &SCHEDULED_MESSAGE, &[]).await
}

async fn get(call: Call, _: NoBody) -> Result<Document<ScheduledView>> {
    let id = call.path_id("scheduledMessageId", SCHEDULED_MESSAGE.name)?;
    documents::get(&call, &SCHEDULED_MESSAGE, id).await
}

async fn cancel(call: Call, _: NoBody) -> Result<Document<ScheduledView>> {
    let (id, user) = (call.path_id("scheduledMessageId", SCHEDULED_MESSAGE.name)?, call.user()?);
    let message = call.write(move |tx| messages::cancel_scheduled(tx, user, id)).await?;
    Ok(documents::one(&SCHEDULED_MESSAGE, &message))
}
