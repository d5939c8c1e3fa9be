//! The audit log: who changed what in a project or an organisation, and whether it is as it was written.

use axum::body::{Body, Bytes};
use axum::http::Method;
use futures_util::stream;
use hark_core::access::Authority;
use hark_query::Query;
use hark_query::dates::{format_date, parse_date};
use hark_store::{AuditEntry, AuditLook, Error, Id, Permission, Result, Scope, Store};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value as Json, json};

use super::organisations::organisation;
use super::sessions::{extra, is_plain};
use crate::answer::{Documents, NdJson, Reply};
use crate::call::Call;
use crate::documents::{LIMIT_DEFAULT, LIMIT_MAX};
use crate::operation::{Access, NoBody, Operation};

const READ: Access = Access::Project(Permission::AuditRead);
/// Entries of the export that are read at a time.
const EXPORT_PAGE: u32 = 1_000;
const PAGING: &[(&str, &str)] = &[
    ("limit", "entries at most"),
    ("cursor", "goes on behind the page whose `X-Next-Cursor` this is"),
    ("order", "`newest` or `oldest` first; `oldest` unless said otherwise"),
    ("actor", "who did it: the id of a user, or as in the entries"),
    ("action", "how the action begins: `role.` or `token.created`"),
    ("target", "what it was done to"),
    ("from", "entries from this moment on, ISO 8601"),
    ("to", "entries before this moment, ISO 8601"),
];
const LOOKS: &[&str] = &["order", "actor", "action", "target", "from", "to"];

pub(crate) fn operations() -> Vec<Operation> {
    let of_organisation = "/v3/organisations/{organisationId}/audit-log";
    let operations = vec![
        Operation::new(Method::GET, "/v3/audit-log", "GetAuditLog", READ, list)
            .summary("The project's audit log")
            .parameters(PAGING),
        Operation::new(Method::GET, "/v3/audit-log/export", "ExportAuditLog", READ, export)
            .summary("The project's whole audit log as lines of JSON, each with its hash"),
        Operation::new(Method::GET, "/v3/audit-log/verify", "VerifyAuditLog", READ, verify)
            .summary("Check the hashes of the project's audit log"),
        Operation::new(
            Method::GET,
            of_organisation,
            "GetOrganisationAuditLog",
            Access::Caller,
            list_organisation,
        )
        .summary("The organisation's audit log")
        .parameters(PAGING),
    ];
    // Whoever reads entries can check their hashes.
    operations.into_iter().map(Operation::stored_to_the_letter).collect()
}

/// An entry as it is answered. Its hash is the SHA-256 of the hash before it, a line feed, and the JSON
/// array `[log, seq, at, actor, action, target, detail]` without spaces.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct EntryView {
    /// Its number, from 1, without gaps.
    seq: i64,
    /// When it was written, unix milliseconds.
    at: i64,
    /// The same, ISO 8601.
    created_at: String,
    /// Who did it: `user:<id>`, `job:<id>`, `system`.
    actor: String,
    /// What was done: `member.added`.
    action: String,
    /// What it was done to.
    target: Option<String>,
    /// What else belongs to it.
    detail: Option<Json>,
    /// Its hash, lower-case hex.
    hash: String,
}

/// What checking the hashes came to.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Verification {
    /// Whether every entry is there and as it was written.
    intact: bool,
    /// How many entries there are.
    entries: i64,
    /// The number of the first entry that is missing or was changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    broken_at: Option<i64>,
}

async fn list(call: Call, _: NoBody) -> Result<Documents<EntryView>> {
    let scope = call.scope.clone();
    page(&call, &scope, Authority::in_project(&call.scope)?.place.id()).await
}

async fn list_organisation(call: Call, _: NoBody) -> Result<Documents<EntryView>> {
    let (user, id) = (call.user()?, organisation(&call)?);
    let may = move |tx: &hark_store::ReadTx<'_>| {
        Authority::in_organisation(tx, user, id)?.need(Permission::AuditRead)
    };
    call.peek(may).await?;
    page(&call, call.instance()?, id).await
}

async fn page(call: &Call, scope: &Scope, log: Id) -> Result<Documents<EntryView>> {
    let query = call.query(LOOKS)?;
    if query.skip > 0 || !is_plain(&query) {
        let sentence =
            "the audit log takes `limit`, `cursor`, `order`, `actor`, `action`, `target`, `from` and `to`";
        return Err(Error::invalid(sentence));
    }
    let limit = query.limit.unwrap_or(LIMIT_DEFAULT).min(LIMIT_MAX);
    let beyond = query.cursor.as_deref().map(beyond).transpose()?;
    let look = AuditLook { beyond, ..look(&query)? };
    let entries = call.app.store.read(scope, move |tx| tx.audit_log_find(log, &look, limit)).await?;
    let last = entries.last().filter(|_| entries.len() == limit as usize);
    let next = last.map(|entry| format!("{}.{}", entry.at, entry.seq));
    Ok(Documents::of(entries.iter().map(view).collect()).next(next))
}

/// The moment and the number that a cursor consists of.
fn beyond(cursor: &str) -> Result<(i64, i64)> {
    let parts = cursor.split_once('.').and_then(|(at, seq)| Some((at.parse().ok()?, seq.parse().ok()?)));
    parts.ok_or_else(|| Error::invalid("`cursor` is not one of this list"))
}

/// What the parameters ask for.
fn look(query: &Query) -> Result<AuditLook> {
    let text = |name: &str| extra(query, name).filter(|text| !text.is_empty()).map(str::to_owned);
    let at = |name: &str| {
        let wrong = || Error::invalid(format!("`{name}` is no moment such as 2026-01-31T12:00:00Z"));
        text(name).map(|text| parse_date(&text).ok_or_else(wrong)).transpose()
    };
    let newest = match text("order").as_deref() {
        None | Some("oldest") => false,
        Some("newest") => true,
        Some(_) => return Err(Error::invalid("`order` is `newest` or `oldest`")),
    };
    let actor = text("actor").map(|actor| match Id::parse(&actor) {
        Some(user) => format!("user:{user}"),
        None => actor,
    });
    let (action, target) = (text("action"), text("target"));
    Ok(AuditLook { newest, actor, action, target, from: at("from")?, to: at("to")?, beyond: None })
}

async fn export(call: Call, _: NoBody) -> Result<NdJson> {
    let first = lines(&call.app.store, &call.scope, 0).await?;
    let start = (call.app.store.clone(), call.scope.clone(), first);
    let pages = stream::try_unfold(start, |(store, scope, lines)| async move {
        let Some((text, last)) = lines else { return Ok(None) };
        let next = self::lines(&store, &scope, last).await?;
        Ok::<_, Error>(Some((Bytes::from(text), (store, scope, next))))
    });
    Ok(NdJson { file_name: "audit-log.ndjson".to_owned(), body: Body::from_stream(pages) })
}

/// The next entries as lines, and the number of the last one.
async fn lines(store: &Store, scope: &Scope, after: i64) -> Result<Option<(String, i64)>> {
    let entries = store.read(scope, move |tx| tx.audit_log(after, EXPORT_PAGE)).await?;
    let last = entries.last().map(|entry| entry.seq);
    Ok(last.map(|last| (entries.iter().map(|entry| format!("{}\n", view(entry))).collect(), last)))
}

async fn verify(call: Call, _: NoBody) -> Result<Reply<Verification>> {
    let check = |tx: &hark_store::ReadTx<'_>| Ok((tx.audit_end()?, tx.verify_audit()?));
    let (entries, broken_at) = call.read(check).await?;
    Ok(Reply(Verification { intact: broken_at.is_none(), entries, broken_at }))
}

fn view(entry: &AuditEntry) -> Json {
    let mut view = json!({
        "seq": entry.seq, "at": entry.at, "createdAt": format_date(entry.at), "actor": entry.actor,
        "action": entry.action, "hash": entry.hash,
    });
    if let Some(target) = &entry.target {
        view["target"] = json!(target);
    }
    if !entry.detail.is_null() {
        view["detail"] = entry.detail.clone();
    }
    view
}
