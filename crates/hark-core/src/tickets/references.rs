//! The properties of a ticket that name other documents: read as ids or whole objects, kept as ids.

use hark_query::{Filter, Path};
use hark_store::{Body, Error, Id, Kind, ReadTx, Result};
use serde_json::{Value as Json, json};

use super::TICKET;
use crate::contacts::CONTACT;
use crate::teams::TEAM;

/// Tickets that are linked to one ticket at most.
pub(super) const LINKS_MAX: usize = 500;
/// Users who are mentioned in one ticket at most.
const MENTIONS_MAX: usize = 100;

/// A property that names one document of this kind; users are checked by whoever knows the members.
const ONE: &[(&str, Option<&Kind>)] = &[
    ("session", Some(&CONTACT)),
    ("processingUser", None),
    ("processingTeam", Some(&TEAM)),
    ("duplicateOf", Some(&TICKET)),
];
/// A property that names several.
const SEVERAL: &[(&str, Option<&Kind>, usize)] =
    &[("linkedTickets", Some(&TICKET), LINKS_MAX), ("mentions", None, MENTIONS_MAX)];

/// The references among properties, as they are stored; null takes one away.
///
/// # Errors
/// [`Error::Invalid`] when one names nothing of this project.
pub(super) fn strict(tx: &ReadTx<'_>, properties: &Body) -> Result<Body> {
    let mut references = Body::new();
    for (name, kind) in ONE {
        if let Some(value) = properties.get(*name) {
            let id = one(name, value)?;
            if let (Some(kind), Some(id)) = (kind, id) {
                known(tx, name, kind, &[id])?;
            }
            references.insert((*name).to_owned(), json!(id));
        }
    }
    for (name, kind, max) in SEVERAL {
        if let Some(value) = properties.get(*name) {
            let ids = several(name, value, *max)?;
            if let Some(kind) = kind {
                known(tx, name, kind, &ids)?;
            }
            references.insert((*name).to_owned(), json!(ids));
        }
    }
    Ok(references)
}

/// The users whom properties name. Who is a member is known outside of the project's transaction,
/// so a caller's body is checked with these before it comes here.
///
/// # Errors
/// [`Error::Invalid`] for what is no id.
pub fn member_ids(properties: &Body) -> Result<Vec<Id>> {
    let mut ids = Vec::new();
    if let Some(user) = properties.get("processingUser") {
        ids.extend(one("processingUser", user)?);
    }
    if let Some(mentions) = properties.get("mentions") {
        ids.extend(several("mentions", mentions, MENTIONS_MAX)?);
    }
    Ok(ids)
}

/// The id in a reference: a text, or an object as REST v3 answers it.
pub(crate) fn one(name: &str, value: &Json) -> Result<Option<Id>> {
    let text = match value {
        Json::Null => return Ok(None),
        Json::Object(body) => body.get("id").or_else(|| body.get("_id")).and_then(Json::as_str),
        value => value.as_str(),
    };
    match text.map(str::trim) {
        Some("") => Ok(None),
        Some(text) => Id::parse(text).map(Some).ok_or_else(|| wrong(name)),
        None => Err(wrong(name)),
    }
}

fn several(name: &str, value: &Json, max: usize) -> Result<Vec<Id>> {
    let values = match value {
        Json::Null => return Ok(Vec::new()),
        Json::Array(values) => values,
        _ => return Err(wrong(name)),
    };
    let mut ids = Vec::new();
    for value in values {
        if let Some(id) = one(name, value)?
            && !ids.contains(&id)
        {
            ids.push(id);
        }
        if ids.len() > max {
            return Err(Error::invalid(format!("`{name}` has more than {max} entries")));
        }
    }
    Ok(ids)
}

fn wrong(name: &str) -> Error {
    Error::invalid(format!("`{name}` must be an id of 24 hex digits, or several in a list where it says so"))
}

fn known(tx: &ReadTx<'_>, name: &str, kind: &Kind, ids: &[Id]) -> Result<()> {
    let found = match ids {
        [] => return Ok(()),
        [one] => u64::from(tx.find(kind, *one)?.is_some()),
        several => {
            let texts: Vec<String> = several.iter().map(Id::to_string).collect();
            tx.count(kind, &Filter::one_of(Path::known("id"), texts))?
        }
    };
    if found == ids.len() as u64 {
        return Ok(());
    }
    Err(Error::invalid(format!("`{name}` names a {} that this project does not have", kind.name)))
}
