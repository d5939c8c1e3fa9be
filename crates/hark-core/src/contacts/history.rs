//! The identity history: every change of a contact's address, name or user id, and every merge.

use hark_query::dates::format_date;
use hark_query::{Filter, Path};
use hark_store::{Actor, Body, Doc, Id, Kind, ReadTx, Result, Tx, to_body};
use serde_json::{Value as Json, json};

use super::IDENTITY_CHANGE;

/// Changes that are kept of a contact; older ones make room.
pub(super) const HISTORY_MAX: u32 = 200;
/// The guest, now part of the contact, whose change it was.
const OF: &str = "of";
/// What makes up who a contact is.
const IDENTITY: &[&str] = &["email", "name", "userId"];

/// The changes of a contact's identity, newest first.
pub fn history(tx: &ReadTx<'_>, contact: Id) -> Result<Vec<Doc>> {
    let mut changes = tx.all_by(&IDENTITY_CHANGE, "contact", &contact.to_string(), HISTORY_MAX)?;
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
    let changes = differences(before, after);
    if !changes.is_empty() {
        insert(tx, contact, method, to_body(json!({ "changes": changes })))?;
    }
    Ok(())
}

/// What differs in who a contact is, as `{name: {from, to}}`.
pub(super) fn differences(before: &Body, after: &Body) -> Body {
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
    changes
}

/// Deletes the oldest documents of a contact until there is room for one more.
pub(super) fn make_room(tx: &mut Tx<'_>, kind: &'static Kind, contact: Id, max: u32) -> Result<()> {
    let contact = contact.to_string();
    let of_contact = Filter::equal(Path::known("contact"), contact.as_str());
    let too_many = (tx.count(kind, &of_contact)? + 1).saturating_sub(u64::from(max));
    for _ in 0..too_many {
        if let Some(oldest) = tx.find_by(kind, "contact", &contact)? {
            tx.delete(kind, oldest.id)?;
        }
    }
    Ok(())
}

/// Makes the changes of a guest those of the contact that it became part of, and returns their ids.
pub(super) fn move_all(tx: &mut Tx<'_>, guest: Id, known: Id) -> Result<Vec<Id>> {
    let mut moved = Vec::new();
    for mut change in tx.all_by(&IDENTITY_CHANGE, "contact", &guest.to_string(), HISTORY_MAX)? {
        change.set("contact", known.to_string());
        if change.text(OF).is_none() {
            change.set(OF, guest.to_string());
        }
        moved.push(tx.save(&IDENTITY_CHANGE, change)?.id);
    }
    Ok(moved)
}

/// Gives a guest back those of its changes that are still there.
pub(super) fn return_all(tx: &mut Tx<'_>, changes: &[Id], guest: Id) -> Result<()> {
    for id in changes {
        let Some(mut change) = tx.find_locked(&IDENTITY_CHANGE, *id)? else { continue };
        change.set("contact", guest.to_string());
        if change.reference(OF) == Some(guest) {
            change.set(OF, Json::Null);
        }
        tx.save(&IDENTITY_CHANGE, change)?;
    }
    Ok(())
}

/// Writes down a change with what else belongs to it.
pub(super) fn insert(tx: &mut Tx<'_>, contact: Id, method: Method, more: Body) -> Result<Doc> {
    make_room(tx, &IDENTITY_CHANGE, contact, HISTORY_MAX)?;
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
