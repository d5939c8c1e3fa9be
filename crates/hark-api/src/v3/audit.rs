//! The audit log: who changed what in a project or an organisation, and whether it is as it was written.

use axum::body::{Body, Bytes};
use axum::http::Method;
use futures_util::stream;
use hark_core::access::Authority;
use hark_query::dates::format_date;
use hark_store::{AuditEntry, Error, Id, Permission, Result, Scope, Store};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value as Json, json};

use super::organisations::organisation;
use super::sessions::is_plain;
use crate::answer::{Documents, NdJson, Reply};
use crate::call::Call;
use crate::documents::{LIMIT_DEFAULT, LIMIT_MAX};
use crate::operation::{Access, NoBody, Operation};

const READ: Access = Access::Project(Permission::AuditRead);
/// Entries of the export that are read at a time.
const EXPORT_PAGE: u32 = 1_000;
const PAGING: &[(&str, &str)] =
    &[("limit", "entries at most"), ("cursor", "goes on behind the page whose `X-Next-Cursor` this is")];

pub(crate) fn operations() -> Vec<Operation> {
    let of_organisation = "/v3/organisations/{organisationId}/audit-log";
    vec![
        Operation::new(Method::GET, "/v3/audit-log", "GetAuditLog", READ, list)
            .summary("The project's audit log, oldest entry first")
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
        .summary("The organisation's audit log, oldest entry first")
        .parameters(PAGING),
    ]
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
    let query = call.query(&[])?;
    if query.skip > 0 || !is_plain(&query) {
        return Err(Error::invalid(
            "the audit log is oldest first, and this call takes `limit` and `cursor` only",
        ));
    }
    let limit = query.limit.unwrap_or(LIMIT_DEFAULT).min(LIMIT_MAX);
    let after = query.cursor.as_deref().map_or(Ok(0), str::parse);
    let after: i64 = after.map_err(|_| Error::invalid("`cursor` is not one of this list"))?;
    let entries = call.app.store.read(scope, move |tx| tx.audit_log_of(log, after, limit)).await?;
    let next = entries.last().filter(|_| entries.len() == limit as usize).map(|entry| entry.seq.to_string());
    Ok(Documents::of(entries.iter().map(view).collect()).next(next))
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
