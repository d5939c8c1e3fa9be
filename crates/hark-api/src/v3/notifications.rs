//! Notifications: what the caller is told about tickets of a project.

use axum::http::Method;
use hark_core::notifications::{self, NotificationsView, ReadInput};
use hark_store::{Error, Permission, Result};
use schemars::JsonSchema;
use serde::Serialize;

use crate::answer::Reply;
use crate::call::Call;
use crate::live::parameter;
use crate::operation::{Access, Body, NoBody, Operation};
use crate::people;

const READ: Access = Access::Project(Permission::TicketsRead);
/// Notifications of a page that names no limit, and of any.
const LIMIT_DEFAULT: u32 = 30;
const LIMIT_MAX: u32 = 100;

pub(crate) fn operations() -> Vec<Operation> {
    vec![
        Operation::new(Method::GET, "/v3/notifications", "FindNotifications", READ, list)
            .summary("The caller's own notifications in the project, the newest first")
            .parameters(&[
                ("limit", "notifications of a page, up to 100"),
                ("cursor", "`next` of the page before"),
            ]),
        Operation::new(Method::PUT, "/v3/notifications/read", "ReadNotifications", READ, read)
            .summary("Mark own notifications as read: some, those of a ticket, or all"),
    ]
}

/// What is left.
#[derive(Serialize, JsonSchema)]
struct Left {
    /// How many notifications are unread.
    unread: u64,
}

async fn list(call: Call, _: NoBody) -> Result<Reply<NotificationsView>> {
    let (user, project) = (call.user()?, call.project()?);
    let given = |name: &str| parameter(call.raw_query(), name).filter(|text| !text.is_empty());
    let wrong = |_| Error::invalid("`limit` must be a whole number");
    let limit = given("limit").map(|text| text.parse::<u32>().map_err(wrong)).transpose()?;
    let limit = limit.unwrap_or(LIMIT_DEFAULT).clamp(1, LIMIT_MAX);
    let cursor = given("cursor").map(str::to_owned);
    let (page, users) = call.read(move |tx| notifications::list(tx, user, limit, cursor.clone())).await?;
    let people = people::of(&call.app, &call.scope, &users).await?;
    let sees_contacts = call.scope.permissions().has(Permission::ContactsRead);
    Ok(Reply(page.view(&people, sees_contacts, project)))
}

async fn read(call: Call, Body(input): Body<ReadInput>) -> Result<Reply<Left>> {
    let user = call.user()?;
    let unread = call.write(move |tx| notifications::read(tx, user, &input)).await?;
    Ok(Reply(Left { unread }))
}
