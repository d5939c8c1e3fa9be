//! Undoing a merge: the guest comes back as it was, and takes along what it had brought.

use hark_query::dates::format_date;
use hark_store::{Body, Doc, Error, Id, PROJECT_STREAM, Result, Tx, to_body};
use serde_json::{Value as Json, json};

use super::create::save_changed;
use super::merge::{COUNTERS, UNSUBSCRIPTION, count};
use super::update::mark_subscription;
use super::{CONTACT, CONTACT_ALIAS, IDENTITY_CHANGE, history, trust};
use crate::files::{self, Owner};
use crate::notes;
use crate::tickets::of_contact;

/// Undoes a merge of a contact's history and returns the guest, which has its old id again.
///
/// Properties of the contact that did not change since the merge become what they were before
/// it; of those that did, what the guest brought is taken out.
///
/// # Errors
/// [`Error::NotFound`] when the contact has no such change, [`Error::Invalid`] when it is no merge,
/// was undone already, was one into a guest that is itself merged now, or the guest's id is taken.
pub fn undo_merge(tx: &mut Tx<'_>, contact: Id, change: Id) -> Result<Doc> {
    let mut known = tx.get_locked(&CONTACT, contact)?;
    let mut change = tx.get_locked(&IDENTITY_CHANGE, change)?;
    if change.reference("contact") != Some(contact) {
        return Err(Error::not_found(IDENTITY_CHANGE.name, change.id));
    }
    if let Some(of) = change.text("of") {
        return Err(Error::invalid(format!(
            "this merge was one into the contact {of}, which is a part of this one now, undo that merge first"
        )));
    }
    let Some(Json::Object(former)) = change.body.get("former").cloned() else {
        let undone = change.text("undoneAt").is_some();
        let sentence = if undone { "this merge was undone already" } else { "this change is no merge" };
        return Err(Error::invalid(sentence));
    };
    let guest_id = former.get("id").and_then(Json::as_str).and_then(Id::parse);
    let guest_id = guest_id.ok_or_else(|| Error::internal("a merged contact without an id"))?;
    if tx.find(&CONTACT, guest_id)?.is_some() {
        return Err(Error::invalid("the merged contact exists again, there is nothing to undo"));
    }
    let guest = tx.insert_as(&CONTACT, guest_id, former)?;
    tx.return_events(known.id, guest.id)?;
    of_contact::return_all(tx, known.id, guest.id)?;
    notes::return_all(tx, known.id, guest.id)?;
    return_aliases(tx, &change, guest.id)?;
    let ids = |name: &str| -> Result<Vec<Id>> {
        Ok(serde_json::from_value(change.body.get(name).cloned().unwrap_or(json!([])))?)
    };
    history::return_all(tx, &ids("history")?, guest.id)?;
    let files = ids("files")?;
    files::return_to(tx, &files, Owner::Contact(known.id), Owner::Contact(guest.id))?;

    let before = known.body.clone();
    take_back(&mut known.body, &guest.body, change.body.get("given"));
    mark_subscription(&before, &mut known.body, tx.now());
    let known = save_changed(tx, &before, known)?;
    trust::email_changed(tx, known.id, &before, &known.body)?;
    let trusted = change.body.get("trusted").cloned().map(serde_json::from_value).transpose()?;
    trust::hand_back(tx, &guest, known.id, trusted.unwrap_or_default())?;

    for kept_for_undo in ["former", "given", "aliases", "files", "history", "trusted"] {
        change.set(kept_for_undo, Json::Null);
    }
    let now = format_date(tx.now());
    change.set("undoneAt", now);
    let change = tx.save(&IDENTITY_CHANGE, change)?;
    let news = json!({"contact": contact, "restored": guest.id, "change": change.id});
    tx.publish(PROJECT_STREAM, "contact.unmerged", news);
    let restored = json!({"restored": guest.id, "change": change.id});
    tx.audit("contact.unmerged", Some(contact.to_string()), restored)?;
    Ok(guest)
}

fn return_aliases(tx: &mut Tx<'_>, change: &Doc, guest: Id) -> Result<()> {
    let aliases = change.body.get("aliases").cloned().unwrap_or_default();
    let id = |value: &Json| value.as_str().and_then(Id::parse);
    if let Some(own) = aliases.get("own").and_then(id) {
        tx.delete(&CONTACT_ALIAS, own)?;
    }
    for moved in aliases.get("moved").and_then(Json::as_array).into_iter().flatten().filter_map(id) {
        if let Some(mut alias) = tx.find_locked(&CONTACT_ALIAS, moved)? {
            alias.set("contact", guest.to_string());
            tx.save(&CONTACT_ALIAS, alias)?;
        }
    }
    Ok(())
}

fn take_back(known: &mut Body, guest: &Body, given: Option<&Json>) {
    let mut given = to_body(given.cloned().unwrap_or_default());
    // Whoever unsubscribed at another moment did so again, after it was given.
    if given.get("unsubscribedAt").map(|change| &change[1]) != known.get("unsubscribedAt") {
        given.retain(|name, _| !UNSUBSCRIPTION.contains(&name.as_str()));
    }
    for (name, change) in given {
        let (was, became) = (change[0].clone(), &change[1]);
        match known.get_mut(&name) {
            Some(value) if value == became => {
                if was.is_null() {
                    known.shift_remove(&name);
                } else {
                    *value = was;
                }
            }
            Some(Json::Object(entries)) => {
                let brought = to_body(guest.get(&name).cloned().unwrap_or_default());
                if name == "eventData" {
                    super::track::take_event_data(&brought, entries);
                } else {
                    take_entries(&brought, &to_body(was), entries);
                }
            }
            Some(Json::Array(tags)) => {
                let brought = guest.get(&name).and_then(Json::as_array).cloned().unwrap_or_default();
                let had = was.as_array().cloned().unwrap_or_default();
                tags.retain(|tag| had.contains(tag) || !brought.contains(tag));
            }
            Some(value) if COUNTERS.contains(&name.as_str()) => {
                let left = value.as_u64().unwrap_or_default().saturating_sub(count(guest, &name));
                *value = left.into();
            }
            _ => {}
        }
    }
}

/// Takes out the entries that the guest brought and nobody changed since.
fn take_entries(brought: &Body, had: &Body, entries: &mut Body) {
    entries.retain(|name, value| had.contains_key(name) || brought.get(name) != Some(value));
}
