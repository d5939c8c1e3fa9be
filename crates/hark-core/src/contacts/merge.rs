//! Merges: a guest becomes part of another contact, in a way that can be undone.

use hark_store::{Body, Doc, Error, Id, PROJECT_STREAM, Result, Tx, contact_stream, to_body};
use serde_json::{Value as Json, json};

use super::create::save_changed;
use super::history::{self, Method};
use super::{CONTACT, CONTACT_ALIAS, CONTACT_MEMORY, trust};
use crate::files::{self, Owner};
use crate::tickets::of_contact;
use crate::{notes, updates};

/// Devices of merged guests that stay known to a contact; older ones make room.
pub(super) const ALIASES_MAX: u32 = 200;
/// Properties of a guest that fill gaps of the contact it is merged into.
const FILLS_GAPS: &[&str] = &[
    "name",
    "email",
    "phone",
    "avatar",
    "companyId",
    "companyName",
    "plan",
    "sla",
    "location",
    "facebookId",
    "instagramId",
    "instagramUsername",
    "telegramChatId",
    "telegramUsername",
];
/// Objects whose entries fill gaps.
const FILLS_ENTRIES: &[&str] = &["customData", "checklistTasks", "outboundHistory"];
/// What is added up.
pub(super) const COUNTERS: &[&str] =
    &["sessions", "countFeedbackReports", "countFeedbackComments", "notificationsUnread"];
/// Moments of which the later one stays.
const LATEST: &[&str] = &["lastActivity", "lastHeardFrom", "lastFeedbackReport"];
/// What the device of the guest said last.
const OF_THE_DEVICE: &[&str] = &["lang", "deviceType", "platform"];
/// That somebody wants no mail, since when and why.
pub(super) const UNSUBSCRIPTION: &[&str] = &["unsubscribed", "unsubscribedAt", "unsubscribeReason"];

/// Merges a guest into another contact and returns that one.
///
/// # Errors
/// [`Error::Invalid`] when the source is no guest, or both are the same contact.
pub fn merge(tx: &mut Tx<'_>, source: Id, target: Id) -> Result<Doc> {
    if source == target {
        return Err(Error::invalid("`sourceId` and `targetId` are the same contact"));
    }
    // In the order of ids, so that two merges cannot wait for each other.
    tx.get_locked(&CONTACT, source.min(target))?;
    let mut target = tx.get_locked(&CONTACT, target)?;
    let source = tx.get_locked(&CONTACT, source)?;
    if source.text("userId").is_some() {
        let sentence =
            "only a guest can be merged into another contact, the contact of `sourceId` has a userId";
        return Err(Error::invalid(sentence));
    }
    let before = target.body.clone();
    let merged = json!({"source": source.id});
    absorb(tx, source, &mut target, Method::MERGE)?;
    let target = save_changed(tx, &before, target)?;
    tx.audit("contact.merged", Some(target.id.to_string()), merged)?;
    Ok(target)
}

/// Makes a guest part of another contact: its events and tickets move, its counters are added, its tags and
/// properties fill gaps, and its id and hash lead to the other contact from now on. The caller
/// saves the other contact.
pub(super) fn absorb(tx: &mut Tx<'_>, guest: Doc, known: &mut Doc, method: Method) -> Result<()> {
    let before = known.body.clone();
    combine(&guest.body, &mut known.body);
    tx.move_events(guest.id, known.id)?;
    move_memory(tx, guest.id, known.id)?;
    of_contact::move_all(tx, guest.id, known.id)?;
    notes::move_all(tx, guest.id, known.id)?;
    let aliases = move_aliases(tx, guest.id, known.id)?;
    let files = files::move_to(tx, Owner::Contact(guest.id), Owner::Contact(known.id))?;
    let changes = history::move_all(tx, guest.id, known.id)?;
    let trusted = trust::hand_over(tx, &guest, known)?;
    let alias = json!({
        "gleapId": guest.text("gleapId"),
        "gleapHash": guest.text("gleapHash"),
        "contact": known.id,
        "former": guest.id,
    });
    history::make_room(tx, &CONTACT_ALIAS, known.id, ALIASES_MAX)?;
    let alias = tx.insert(&CONTACT_ALIAS, to_body(alias))?;
    let merged = json!({"contact": guest.id, "name": guest.text("name"), "email": guest.text("email")});
    let more = json!({
        "changes": history::differences(&before, &known.body),
        "merged": without_null(merged),
        "former": guest.body,
        "given": given(&before, &known.body),
        "aliases": {"own": alias.id, "moved": aliases},
        "files": files,
        "history": changes,
        "trusted": trusted,
    });
    tx.delete_stream(&contact_stream(guest.id))?;
    tx.delete(&CONTACT, guest.id)?;
    updates::disconnect(tx, guest.id);
    history::insert(tx, known.id, method, to_body(more))?;
    let news = json!({"from": guest.id, "to": known.id});
    tx.publish(PROJECT_STREAM, "contact.merged", news);
    Ok(())
}

/// What the known contact got: each property that changed, as it was and as it became.
fn given(before: &Body, after: &Body) -> Json {
    let changed = after.iter().filter(|(name, value)| before.get(*name) != Some(*value));
    let change = |(name, value): (&String, &Json)| {
        let was = before.get(name).cloned().unwrap_or_default();
        (name.clone(), json!([was, value]))
    };
    Json::Object(changed.map(change).collect())
}

fn combine(guest: &Body, known: &mut Body) {
    for name in FILLS_GAPS {
        let empty = known.get(*name).is_none_or(|value| value == "");
        if let Some(value) = guest.get(*name).filter(|_| empty) {
            known.insert((*name).to_owned(), value.clone());
        }
    }
    for name in FILLS_ENTRIES {
        fill_entries(guest, known, name);
    }
    for name in COUNTERS {
        let sum = count(guest, name) + count(known, name);
        known.insert((*name).to_owned(), sum.into());
    }
    for name in LATEST {
        if text(guest, name) > text(known, name) {
            known.insert((*name).to_owned(), guest[*name].clone());
        }
    }
    if text(guest, "firstActivity")
        .is_some_and(|at| text(known, "firstActivity").is_none_or(|first| at < first))
    {
        known.insert("firstActivity".to_owned(), guest["firstActivity"].clone());
    }
    let viewed_at = |body: &Body| body.get("lastPageView").and_then(|view| view.get("date")).cloned();
    if viewed_at(guest).as_ref().and_then(Json::as_str) > viewed_at(known).as_ref().and_then(Json::as_str) {
        known.insert("lastPageView".to_owned(), guest["lastPageView"].clone());
    }
    for name in OF_THE_DEVICE {
        if let Some(value) = guest.get(*name) {
            known.insert((*name).to_owned(), value.clone());
        }
    }
    // Who said no is one of the two, and is not written to whichever it was.
    if is_true(guest, UNSUBSCRIPTION[0]) && !is_true(known, UNSUBSCRIPTION[0]) {
        for name in UNSUBSCRIPTION {
            known.extend(guest.get(*name).map(|value| ((*name).to_owned(), value.clone())));
        }
    }
    unite_tags(guest, known);
    super::track::add_event_data(guest, known);
}

fn fill_entries(guest: &Body, known: &mut Body, name: &str) {
    let Some(Json::Object(from)) = guest.get(name) else { return };
    let into = known.entry(name).or_insert_with(|| json!({}));
    let Some(into) = into.as_object_mut() else { return };
    let max = if name == "customData" { super::CUSTOM_KEYS_MAX } else { usize::MAX };
    for (entry, value) in from {
        if into.len() < max || into.contains_key(entry) {
            into.entry(entry).or_insert_with(|| value.clone());
        }
    }
}

fn unite_tags(guest: &Body, known: &mut Body) {
    let Some(Json::Array(from)) = guest.get("tags") else { return };
    let into = known.entry("tags").or_insert_with(|| json!([]));
    let Some(into) = into.as_array_mut() else { return };
    for tag in from {
        if into.len() < super::shape::TAGS_MAX && !into.contains(tag) {
            into.push(tag.clone());
        }
    }
}

/// Notes that the known contact has under the same name stay; the guest's then go with the guest.
fn move_memory(tx: &mut Tx<'_>, guest: Id, known: Id) -> Result<()> {
    for mut entry in tx.all_by(&CONTACT_MEMORY, "contact", &guest.to_string(), super::memory::ENTRIES_MAX)? {
        let name = entry.text("name").unwrap_or_default().to_owned();
        let pair = super::memory::pair(known, &name);
        if tx.find_by(&CONTACT_MEMORY, "pair", &pair)?.is_some() {
            tx.delete(&CONTACT_MEMORY, entry.id)?;
        } else {
            entry.set("contact", known.to_string());
            entry.set("pair", pair);
            tx.save(&CONTACT_MEMORY, entry)?;
        }
    }
    Ok(())
}

/// Makes the devices that lead to one contact lead to another, and returns their aliases.
pub(super) fn move_aliases(tx: &mut Tx<'_>, from: Id, to: Id) -> Result<Vec<Id>> {
    let mut moved = Vec::new();
    for mut alias in tx.all_by(&CONTACT_ALIAS, "contact", &from.to_string(), ALIASES_MAX)? {
        alias.set("contact", to.to_string());
        moved.push(tx.save(&CONTACT_ALIAS, alias)?.id);
    }
    Ok(moved)
}

fn text<'b>(body: &'b Body, name: &str) -> Option<&'b str> {
    body.get(name).and_then(Json::as_str)
}

fn is_true(body: &Body, name: &str) -> bool {
    body.get(name) == Some(&Json::Bool(true))
}

pub(super) fn count(body: &Body, name: &str) -> u64 {
    body.get(name).and_then(Json::as_u64).unwrap_or_default()
}

fn without_null(value: Json) -> Json {
    let body = to_body(value).into_iter().filter(|(_, value)| !value.is_null());
    Json::Object(body.collect())
}
