//! The identity history: every change of a contact's address, name or user id, and every merge.

use hark_query::dates::format_date;
use hark_store::{Actor, Body, Doc, Id, ReadTx, Result, Tx, to_body};
use serde_json::{Value as Json, json};

use super::IDENTITY_CHANGE;

/// Changes that are kept of a contact; older ones make room.
pub(super) const HISTORY_MAX: u32 = 200;
/// What makes up who a contact is.
const IDENTITY: &[&str] = &["email", "name", "userId"];

/// The changes of a contact's identity, newest first.
pub fn history(tx: &ReadTx<'_>, contact: Id) -> Result<Vec<Doc>> {
    let mut changes = tx.all_by(&IDENTITY_CHANGE, "contact", &contact.to_string(), HISTORY_MAX + 1)?;
    changes.reverse();
    Ok(changes)
}

/// The changes of a contact's identity as REST v3 answers them, newest first.
pub fn history_view(tx: &ReadTx<'_>, contact: Id) -> Result<Json> {
    Ok(history(tx, contact)?.iter().map(|change| change.view(&IDENTITY_CHANGE)).collect())
}

/// How a change came about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Method {
    /// The call.
    name: &'static str,
    /// For identify: whether the user id was proven with the project's secret.
    verified: Option<bool>,
}

impl Method {
    pub(super) const MERGE: Method = Method { name: "merge", verified: None };
    pub(super) const UPDATE: Method = Method { name: "update", verified: None };
    pub(super) const PARTIAL_UPDATE: Method = Method { name: "partialupdate", verified: None };

    pub(super) fn identify(verified: bool) -> Method {
        Method { name: "identify", verified: Some(verified) }
    }
}

/// Writes down what changed in who a contact is, if anything did.
pub(super) fn record(
    tx: &mut Tx<'_>,
    contact: Id,
    before: &Body,
    after: &Body,
    method: Method,
) -> Result<()> {
    let mut changes = Body::new();
    for name in IDENTITY {
        let (from, to) = (before.get(*name), after.get(*name));
        if from != to {
            let mut change = Body::new();
            change.extend(from.map(|from| ("from".to_owned(), from.clone())));
            change.extend(to.map(|to| ("to".to_owned(), to.clone())));
            changes.insert((*name).to_owned(), Json::Object(change));
        }
    }
    if !changes.is_empty() {
        insert(tx, contact, method, to_body(json!({ "changes": changes })))?;
    }
    Ok(())
}

/// Writes down a change with what else belongs to it.
pub(super) fn insert(tx: &mut Tx<'_>, contact: Id, method: Method, more: Body) -> Result<Doc> {
    let kept = tx.all_by(&IDENTITY_CHANGE, "contact", &contact.to_string(), HISTORY_MAX)?;
    if kept.len() >= HISTORY_MAX as usize
        && let Some(oldest) = kept.first()
    {
        tx.delete(&IDENTITY_CHANGE, oldest.id)?;
    }
    let mut body = to_body(json!({
        "contact": contact,
        "at": format_date(tx.now()),
        "by": by(tx.scope().actor(), method),
    }));
    body.extend(more);
    tx.insert(&IDENTITY_CHANGE, body)
}

fn by(actor: &Actor, method: Method) -> Json {
    let (source, user, has_api_key) = match actor {
        Actor::User { id, service, .. } => ("api", Some(id), Some(*service)),
        Actor::Visitor | Actor::Contact { .. } => ("sdk", None, None),
        Actor::Server => ("admin", None, Some(true)),
        Actor::Job { .. } => ("job", None, None),
        Actor::System => ("system", None, None),
    };
    let mut by = to_body(json!({
        "source": source,
        "method": method.name,
        "userId": user,
        "hasApiKey": has_api_key,
        "verified": method.verified,
    }));
    by.retain(|_, value| !value.is_null());
    Json::Object(by)
}
