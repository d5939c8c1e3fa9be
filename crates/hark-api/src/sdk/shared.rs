//! Tickets by the links that lead to them.

use axum::http::Method;
use hark_core::conversations::{self, Input, SharedView, named, shared};
use hark_store::{ReadTx, Result};

use super::avatar::picture;
use super::conversations::{number, spend};
use crate::address::network;
use crate::answer::Reply;
use crate::call::Call;
use crate::operation::{Access, Body, NoBody, Operation};
use crate::people;

/// Comments that come through one link in a minute, and from one network.
const COMMENTS_PER_MINUTE_MAX: u32 = 20;

pub(crate) fn operations() -> Vec<Operation> {
    let visitor = Access::Visitor;
    vec![
        Operation::new(Method::GET, "/shared/tickets/{token}", "GetSharedTicket", visitor, get)
            .summary("The ticket that a link leads to, with what was last written in it")
            .parameters(&[
                ("before", "only messages before this place: the `index` of the first that is known"),
                ("limit", "how many messages, 100 at most"),
            ]),
        Operation::new(
            Method::POST,
            "/shared/tickets/{token}/comments",
            "CommentSharedTicket",
            visitor,
            comment,
        )
        .summary("Write in a ticket as its contact, with the secret link that the contact got"),
    ]
}

async fn get(call: Call, _: NoBody) -> Result<Reply<SharedView>> {
    seen(&call).await.map(Reply)
}

async fn comment(call: Call, Body(input): Body<Input>) -> Result<Reply<SharedView>> {
    let token = token(&call)?;
    spend(&call, "commented", &token, COMMENTS_PER_MINUTE_MAX).await?;
    spend(&call, "commented from", network(call.ip), COMMENTS_PER_MINUTE_MAX).await?;
    let media = call.app.settings.media_url();
    call.write(move |tx| conversations::comment(tx, &token, &input, &media)).await?;
    seen(&call).await.map(Reply)
}

async fn seen(call: &Call) -> Result<SharedView> {
    let token = token(call)?;
    let (before, limit) = (number(call, "before")?.map(i64::from), number(call, "limit")?);
    let read = move |tx: &ReadTx<'_>| {
        let found = conversations::find(tx, &token)?;
        let messages = conversations::messages(tx, found.ticket.id, before, limit)?;
        Ok((found, messages))
    };
    let (found, messages) = call.read(read).await?;
    let people = people::of(&call.app, &call.scope, &named(&messages)).await?;
    Ok(shared(&found.ticket, found.may_comment, &messages, &people, &picture(&call.app.settings)))
}

fn token(call: &Call) -> Result<String> {
    call.path("token").map(str::to_owned)
}
