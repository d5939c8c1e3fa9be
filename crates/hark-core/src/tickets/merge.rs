//! Merges: tickets become part of another one, in a way that can be undone.

use hark_query::{Filter, Path};
use hark_store::{Body, Doc, Error, Field, Id, Kind, Listing, ReadTx, Result, Tx, to_body};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::merged::{DEPTH_MAX, INTO, KEEPS, PARTS_MAX, need_whole, parts};
use super::moved::{move_files, move_messages, move_votes};
use super::{NewTicket, TICKET, create, events, links, locks, types, update};
use crate::contacts::{self, CONTACT};
use crate::documents::by_ids;
use crate::messages::{set_latest, unread};

/// A merge: which tickets became part of which, and what is needed to undo it.
pub const TICKET_MERGE: Kind = Kind {
    hidden: &["given", "upgraded", "contacts"],
    ..Kind::new("merge", "ticket_merge", &[Field::text("target", "target")])
};

/// Tickets that become part of one at once.
const SOURCES_MAX: usize = 50;
/// Merges of a ticket that are listed.
const MERGES_MAX: u32 = 200;
/// What a ticket is while it is part of another.
const PUT_AWAY: &[&str] =
    &["archived", "status", "duplicateOf", "conversationClosed", "snoozed", "snoozedUntil", INTO, KEEPS];
/// Objects whose entries fill gaps of the ticket that stays.
const FILLS_ENTRIES: &[&str] = &["formData", "customData", "form"];
/// Lists that are united.
const UNITED: &[&str] = &["tags", "attachments", "mentions"];
/// Entries of a united list at most.
const UNITED_MAX: usize = 200;

/// Which tickets are to be one, and how.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct MergeInput {
    /// The tickets that become part of another, 50 at most.
    pub tickets_to_merge_ids: Vec<Id>,
    /// The ticket that stays; the first of the others unless said otherwise.
    pub target_ticket_id: Option<Id>,
    /// Whether their contacts become one too, of those that are guests.
    pub should_merge_contacts: bool,
    /// Whether the ticket that stays takes over their links, such as those to tracker tickets.
    pub should_merge_tasks: bool,
    /// Whether a new ticket is made of all of them.
    pub should_create_new_ticket: bool,
}

/// Makes tickets part of another one and returns that one.
///
/// Their messages move in the order of time, tags, files and gaps in forms are taken over, votes
/// are kept once for each address, and they themselves stay as closed, archived duplicates. Contacts
/// other than that of the ticket that stays go on in their own conversations, see [`super::merged`].
///
/// # Errors
/// [`Error::NotFound`] when one is not there, [`Error::Invalid`] when there is nothing to merge, or too
/// much, or one is a part of another already.
pub fn merge(tx: &mut Tx<'_>, input: &MergeInput) -> Result<Doc> {
    let (mut sources, stays) = named(input)?;
    let merged_contacts = match input.should_merge_contacts {
        true => merge_contacts(tx, &sources, stays)?,
        false => Vec::new(),
    };
    lock(tx, &sources)?;
    need_room(tx, &sources)?;
    let mut target = match input.should_create_new_ticket {
        true => new_ticket(tx, stays)?,
        false => tx.get(&TICKET, stays)?,
    };
    sources.retain(|id| *id != target.id);
    let before = target.body.clone();
    if input.should_create_new_ticket {
        // It is none of those that are one with it.
        target.set("duplicatesCount", 0);
    }
    let record = tx.new_id();
    let (mut put_away, mut upgraded, mut unread) = (Vec::new(), Vec::new(), 0);
    for id in &sources {
        let mut source = tx.get(&TICKET, *id)?;
        move_messages(tx, &source, &mut target)?;
        move_files(tx, source.id, target.id)?;
        upgraded.extend(move_votes(tx, &source, &mut target)?);
        take_over(&source, &mut target, input.should_merge_tasks);
        let is_apart = source.text("session") != target.text("session");
        if !is_apart {
            unread += unread::take(&mut source);
        }
        put_away.push(put_source_away(tx, source, target.id, is_apart)?);
    }
    set_latest(tx, &mut target)?;
    let given = given(&before, &target.body);
    let target = update::save(tx, before, target)?;
    let target = unread::add(tx, target, unread)?;
    let body = json!({
        "target": target.id, "sources": put_away, "given": given, "upgraded": upgraded,
        "createdNew": input.should_create_new_ticket, "contacts": merged_contacts, "user": tx.scope().user(),
    });
    tx.insert_as(&TICKET_MERGE, record, to_body(body))?;
    let news = json!({"merge": record, "sources": sources});
    events::record(tx, target.id, "TICKETS_MERGED", news.clone())?;
    tx.publish_about("ticket.merged", target.id, news.clone());
    tx.audit("tickets.merged", Some(target.id.to_string()), news)?;
    Ok(target)
}

/// The merges into a ticket as they are answered, the newest first, and each of their tickets that is
/// still there with its title.
///
/// # Errors
/// [`Error::NotFound`] when there is no such ticket.
pub fn merges(tx: &ReadTx<'_>, target: Id) -> Result<Vec<Json>> {
    tx.get(&TICKET, target)?;
    let into = Filter::equal(Path::known("target"), target.to_string());
    let merges = tx.list(&TICKET_MERGE, &Listing::new(into, MERGES_MAX))?.docs;
    let mut views: Vec<Json> = merges.iter().map(|merge| merge.view_for(&TICKET_MERGE, tx.scope())).collect();
    let id = |source: &Json| source["id"].as_str().and_then(Id::parse);
    let sources = merges.iter().flat_map(|merge| list(&merge.body, "sources"));
    let tickets = by_ids(tx, &TICKET, &sources.filter_map(|source| id(&source)).collect())?;
    for source in views.iter_mut().filter_map(|view| view["sources"].as_array_mut()).flatten() {
        let title = id(source).and_then(|id| tickets.get(&id)?.text("title"));
        if let Some(title) = title {
            source["title"] = json!(title);
        }
    }
    Ok(views)
}

/// The tickets that are named, each once, and which of them stays.
fn named(input: &MergeInput) -> Result<(Vec<Id>, Id)> {
    let mut sources: Vec<Id> = Vec::new();
    let named = input.tickets_to_merge_ids.iter().chain(input.target_ticket_id.as_ref());
    for id in named {
        if !sources.contains(id) {
            sources.push(*id);
        }
    }
    if sources.len() > SOURCES_MAX + 1 {
        return Err(Error::invalid(format!("`ticketsToMergeIds` has more than {SOURCES_MAX} entries")));
    }
    let first =
        *sources.first().ok_or_else(|| Error::invalid("`ticketsToMergeIds` is empty, name the tickets"))?;
    let stays = input.target_ticket_id.unwrap_or(first);
    if !input.should_create_new_ticket && sources.len() < 2 {
        return Err(Error::invalid("there is only one ticket, name another one to merge it with"));
    }
    Ok((sources, stays))
}

/// Goes on when none of these is a part of another, and all that are part of them fit into one.
fn need_room(tx: &Tx<'_>, tickets: &[Id]) -> Result<()> {
    let mut count = 0;
    for id in tickets {
        need_whole(tx, &tx.get(&TICKET, *id)?)?;
        let (parts, depth) = parts(tx, *id)?;
        count += parts.len() + 1;
        if depth >= DEPTH_MAX {
            return Err(Error::invalid(format!(
                "ticket {id} has merges in merges, {DEPTH_MAX} deep already"
            )));
        }
    }
    if count > PARTS_MAX {
        return Err(Error::invalid(format!("more than {PARTS_MAX} tickets would be part of one")));
    }
    Ok(())
}

/// Locks tickets, so that two merges cannot wait for each other.
pub(super) fn lock(tx: &Tx<'_>, ids: &[Id]) -> Result<()> {
    locks::with_contacts(tx, ids, None)
}

/// Makes the guests among the tickets' contacts part of the contact of the ticket that stays; what
/// was done can be undone with the identity history.
fn merge_contacts(tx: &mut Tx<'_>, tickets: &[Id], stays: Id) -> Result<Vec<Json>> {
    let contact = |tx: &Tx<'_>, ticket: Id| Ok::<_, Error>(tx.get(&TICKET, ticket)?.reference("session"));
    let Some(known) = contact(tx, stays)? else { return Ok(Vec::new()) };
    let mut merged = Vec::new();
    for ticket in tickets {
        let Some(other) = contact(tx, *ticket)?.filter(|other| *other != known) else { continue };
        let is_guest = tx.find(&CONTACT, other)?.is_some_and(|contact| contact.text("userId").is_none());
        if is_guest {
            contacts::merge(tx, other, known)?;
            let change = contacts::history(tx, known)?.first().map(|change| change.id);
            merged.push(json!({"contact": known, "change": change}));
        }
    }
    Ok(merged)
}

/// The ticket that is made of others, with the properties of one of them.
fn new_ticket(tx: &mut Tx<'_>, like: Id) -> Result<Doc> {
    let like = tx.get(&TICKET, like)?;
    let mut body = Body::new();
    for name in ["title", "type", "priority", "session", "processingUser", "processingTeam"] {
        body.extend(like.body.get(name).map(|value| (name.to_owned(), value.clone())));
    }
    create(tx, NewTicket::new(body).made_of_others())
}

/// Takes what a ticket has and the one that stays does not.
fn take_over(source: &Doc, target: &mut Doc, with_links: bool) {
    for name in UNITED {
        let mut all = list(&target.body, name);
        for entry in list(&source.body, name) {
            if all.len() < UNITED_MAX && !all.contains(&entry) {
                all.push(entry);
            }
        }
        target.set(name, all);
    }
    for name in FILLS_ENTRIES {
        let mut entries = to_body(target.body.get(*name).cloned().unwrap_or_default());
        for (key, value) in to_body(source.body.get(*name).cloned().unwrap_or_default()) {
            entries.entry(key).or_insert(value);
        }
        target.set(name, entries);
    }
    for name in ["session", "description", "plainContent", "processingUser", "processingTeam", "dueDate"] {
        if let (None, Some(value)) = (target.body.get(name), source.body.get(name)) {
            target.set(name, value.clone());
        }
    }
    let sum = |name: &str| count(&source.body, name) + count(&target.body, name);
    let duplicates = sum("duplicatesCount");
    target.set("duplicatesCount", duplicates);
    add_contact(source, target);
    if with_links {
        let mut ids = links::linked(&target.body);
        let known = ids.clone();
        ids.extend(
            links::linked(&source.body).into_iter().filter(|id| *id != target.id && !known.contains(id)),
        );
        target.set("linkedTickets", json!(ids));
    }
}

/// Notes the contacts of a ticket among those of the one that it becomes part of.
fn add_contact(source: &Doc, target: &mut Doc) {
    let of_parts = list(&source.body, "sessions");
    let mut contacts = list(&target.body, "sessions");
    for contact in source.body.get("session").into_iter().chain(&of_parts) {
        let is_known = target.body.get("session") == Some(contact) || contacts.contains(contact);
        if !is_known && contacts.len() < PARTS_MAX {
            contacts.push(contact.clone());
        }
    }
    if !contacts.is_empty() {
        target.set("sessions", contacts);
    }
}

/// Closes and archives a ticket that became part of another, and returns what it was. Its conversation
/// goes on when its contact `is_apart` from that of the other.
fn put_source_away(tx: &mut Tx<'_>, mut source: Doc, target: Id, is_apart: bool) -> Result<Json> {
    let before = source.body.clone();
    let was: Body = PUT_AWAY
        .iter()
        .map(|name| ((*name).to_owned(), before.get(*name).cloned().unwrap_or_default()))
        .collect();
    source.set("archived", true);
    let closed = types::closed_status(tx, source.text("type").unwrap_or_default())?;
    source.set("status", closed);
    source.set("conversationClosed", true);
    source.set("snoozed", false);
    source.set("duplicateOf", target.to_string());
    source.set(INTO, target.to_string());
    if is_apart {
        source.set(KEEPS, true);
    }
    set_latest(tx, &mut source)?;
    let source = update::save(tx, before, source)?;
    Ok(json!({"id": source.id, "bugId": source.body.get("bugId"), "before": was}))
}

/// What a ticket got: each property that changed, as it was and as it became.
fn given(before: &Body, after: &Body) -> Json {
    const COUNTED: [&str; 4] = ["messagesCount", "latestComment", "latestPublicComment", "upvotesCount"];
    let changed = after.iter().filter(|(name, value)| before.get(*name) != Some(*value));
    let kept = changed.filter(|(name, _)| !COUNTED.contains(&name.as_str()));
    let change = |(name, value): (&String, &Json)| {
        (name.clone(), json!([before.get(name).cloned().unwrap_or_default(), value]))
    };
    Json::Object(kept.map(change).collect())
}

pub(super) fn list(body: &Body, name: &str) -> Vec<Json> {
    body.get(name).and_then(Json::as_array).cloned().unwrap_or_default()
}

pub(super) fn count(body: &Body, name: &str) -> i64 {
    body.get(name).and_then(Json::as_i64).unwrap_or_default()
}
