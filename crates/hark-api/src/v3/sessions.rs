//! Sessions: the contacts of a project, as REST v3 calls them.

use axum::http::Method;
use hark_core::contacts::{self, CONTACT, Named, Properties, SessionInput, SessionView};
use hark_query::{Filter, Flags, Query};

use hark_store::{Error, Id, Permission, Result, SearchRequest};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::answer::{Document, Documents, NoContent, Reply};
use crate::call::Call;
use crate::documents;
use crate::operation::{Access, Body, IF_MATCH, NoBody, Operation, Patch};

const READ: Access = Access::Project(Permission::ContactsRead);
const WRITE: Access = Access::Project(Permission::ContactsWrite);
const DELETE: Access = Access::Project(Permission::ContactsDelete);

/// Contacts that a search answers when it names no limit.
const HITS_DEFAULT: u32 = 30;
/// Contacts that a search answers at most.
const HITS_MAX: u32 = 100;

pub(crate) fn operations() -> Vec<Operation> {
    vec![
        Operation::new(Method::POST, "/v3/sessions", "CreateSession", WRITE, create)
            .summary("Find or create the contact with a userId or an email, and set its properties"),
        Operation::new(Method::GET, "/v3/sessions", "GetSessions", READ, list)
            .summary("List contacts")
            .list(),
        Operation::new(Method::GET, "/v3/sessions/search", "SearchSessions", READ, search)
            .summary("Search contacts by name, address, user id, company or telephone number")
            .parameters(&[
                ("searchTerm", "What to search for"),
                ("limit", "Contacts at most, up to 100"),
                ("skip", "Contacts to pass over"),
            ]),
        Operation::new(Method::POST, "/v3/sessions/warmup", "WarmupSessions", READ, warmup)
            .summary("Read the newest contacts into memory; lists need no warming to be complete"),
        Operation::new(Method::POST, "/v3/sessions/unsubscribe", "UnsubscribeSessions", WRITE, unsubscribe)
            .summary("Unsubscribe contacts from outbound messages"),
        Operation::new(Method::POST, "/v3/sessions/merge", "MergeSessions", WRITE, merge)
            .summary("Merge a guest into another contact"),
        Operation::new(
            Method::GET,
            "/v3/sessions/by-user-id/{userId}",
            "FindSessionByUserId",
            READ,
            by_user_id,
        )
        .summary("Get the contact with a userId"),
        Operation::new(Method::GET, "/v3/sessions/{sessionId}", "GetSession", READ, get)
            .summary("Get a contact"),
        Operation::new(Method::PUT, "/v3/sessions/{sessionId}", "UpdateSession", WRITE, update)
            .summary("Change a contact; with If-Match only if it still has this ETag")
            .headers(IF_MATCH),
        Operation::new(Method::DELETE, "/v3/sessions/{sessionId}", "DeleteSession", DELETE, delete)
            .summary("Delete a contact with everything that is stored about it"),
        Operation::new(
            Method::PUT,
            "/v3/sessions/{sessionId}/resubscribe",
            "ResubscribeSession",
            WRITE,
            resubscribe,
        )
        .summary("Let a contact have outbound messages again"),
    ]
}

async fn create(call: Call, input: Patch<SessionInput>) -> Result<Document<SessionView>> {
    let properties = Properties::from_rest(&input.changes)?;
    let (contact, _) = call.write(move |tx| contacts::find_or_create(tx, &properties)).await?;
    Ok(documents::one_for(&call.scope, &CONTACT, &contact))
}

async fn list(call: Call, _: NoBody) -> Result<Documents<SessionView>> {
    documents::list(&call, &CONTACT, &[]).await
}

async fn get(call: Call, _: NoBody) -> Result<Document<SessionView>> {
    documents::get(&call, &CONTACT, session_id(&call)?).await
}

async fn by_user_id(call: Call, _: NoBody) -> Result<Document<SessionView>> {
    let user_id = call.path("userId")?.to_owned();
    let contact = call
        .peek(move |tx| {
            contacts::find_by_user_id(tx, &user_id)?
                .ok_or_else(|| Error::not_found("contact of a user", user_id))
        })
        .await?;
    Ok(documents::one_for(&call.scope, &CONTACT, &contact))
}

async fn update(call: Call, input: Patch<SessionInput>) -> Result<Document<SessionView>> {
    let id = session_id(&call)?;
    let expected = call.if_match()?;
    let properties = Properties::from_rest(&input.changes)?;
    let contact = call.write(move |tx| contacts::update(tx, id, &properties, expected)).await?;
    Ok(documents::one_for(&call.scope, &CONTACT, &contact))
}

async fn delete(call: Call, _: NoBody) -> Result<NoContent> {
    let id = session_id(&call)?;
    call.write(move |tx| contacts::delete(tx, id)).await?;
    Ok(NoContent)
}

async fn resubscribe(call: Call, _: NoBody) -> Result<Reply<bool>> {
    let id = session_id(&call)?;
    call.write(move |tx| contacts::resubscribe(tx, id)).await?;
    Ok(Reply(true))
}

async fn search(call: Call, _: NoBody) -> Result<Documents<SessionView>> {
    let query = call.query(&["searchTerm"])?;
    if query.cursor.is_some() || !is_plain(&query) {
        let sentence = "a search is ranked and takes `searchTerm`, `limit` and `skip` only; list sessions to filter and sort";
        return Err(Error::invalid(sentence));
    }
    let request = SearchRequest {
        text: extra(&query, "searchTerm").unwrap_or_default().to_owned(),
        limit: query.limit.unwrap_or(HITS_DEFAULT).min(HITS_MAX),
        skip: query.skip,
    };
    documents::search(&call, &CONTACT, request).await
}

/// What a warm-up answers.
#[derive(Serialize, JsonSchema)]
struct Warmed {
    /// Always true.
    ok: bool,
}

/// Answers at once; the newest contacts are read behind the answer.
async fn warmup(call: Call, _: NoBody) -> Result<Reply<Warmed>> {
    tokio::spawn(async move {
        if let Err(error) = documents::list_by::<SessionView>(&call, &CONTACT, Query::default()).await {
            tracing::warn!(request_id = call.request_id, %error, "a warm-up failed");
        }
    });
    Ok(Reply(Warmed { ok: true }))
}

/// Who is to be unsubscribed.
#[derive(Clone, Deserialize, JsonSchema)]
struct Unsubscription {
    /// Why.
    reason: Option<String>,
    /// Who, 500 at most.
    sessions: Vec<Named>,
}

/// What came of an unsubscription.
#[derive(Serialize, JsonSchema)]
struct Unsubscribed {
    /// Whether everyone who was named is known.
    success: bool,
    /// Contacts that are unsubscribed now.
    unsubscribed: usize,
}

async fn unsubscribe(call: Call, Body(wish): Body<Unsubscription>) -> Result<Reply<Unsubscribed>> {
    let work =
        move |tx: &mut hark_store::Tx<'_>| contacts::unsubscribe(tx, &wish.sessions, wish.reason.as_deref());
    let (unsubscribed, unknown) = call.write(work).await?;
    Ok(Reply(Unsubscribed { success: unknown == 0, unsubscribed }))
}

/// Which contacts are to be one.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Merge {
    /// The guest that becomes part of the other contact.
    source_id: Id,
    /// The contact that stays.
    target_id: Id,
}

async fn merge(call: Call, Body(wish): Body<Merge>) -> Result<Document<SessionView>> {
    let contact = call.write(move |tx| contacts::merge(tx, wish.source_id, wish.target_id)).await?;
    Ok(documents::one_for(&call.scope, &CONTACT, &contact))
}

/// The contact in the path.
pub(super) fn session_id(call: &Call) -> Result<Id> {
    call.path_id("sessionId", CONTACT.name)
}

/// Whether a query has neither filters nor an order: some lists take none.
pub(super) fn is_plain(query: &Query) -> bool {
    query.filter == Filter::everything() && query.sort.keys.is_empty() && query.flags == Flags::default()
}

/// A parameter that is no filter.
pub(super) fn extra<'q>(query: &'q Query, name: &str) -> Option<&'q str> {
    query.extra.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}
