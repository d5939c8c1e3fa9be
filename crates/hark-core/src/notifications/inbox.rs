//! A user's own notifications: the list, and what was read.

use std::collections::{BTreeMap, BTreeSet};

use hark_query::dates::format_date;
use hark_query::{Filter, Literal, Op, Path};
use hark_store::{Doc, Error, Id, Listing, Millis, ReadTx, Result, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::preferences::Reason;
use super::tell::OWN_MAX;
use super::{NOTIFICATION, count_of};
use crate::access::people::People;
use crate::contacts::CONTACT;
use crate::documents::by_ids;
use crate::line::line;
use crate::messages::MESSAGE;
use crate::tickets::TICKET;
use crate::updates::{self, full_name};

/// Characters of a message that a notification quotes.
const EXCERPT_MAX: usize = 200;
/// Characters of a title that a notification shows.
const TITLE_MAX: usize = 200;
/// Notifications that one call marks by their ids.
const IDS_MAX: usize = 500;
/// News told by mail only that a page names: as many as a user has.
const MAIL_ONLY_MAX: u32 = OWN_MAX;
/// Notifications that are marked at a time.
const CHUNK: u32 = 500;

/// A notification as its user sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NotificationView {
    /// Its id.
    pub id: Id,
    /// When it was written, ISO 8601.
    pub created_at: String,
    /// The project's id.
    pub project: Id,
    /// The ticket's id.
    pub ticket: Id,
    /// The ticket's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bug_id: Option<i64>,
    /// The ticket's type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket_type: Option<String>,
    /// The ticket's title.
    pub title: String,
    /// Why the user is told.
    pub reason: Reason,
    /// The message's id, if it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<Id>,
    /// The beginning of the message as plain text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<String>,
    /// The name of who did it, if it has one that the user may see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// How many pieces of news it stands for; it shows the last.
    pub count: u64,
    /// Whether it was read.
    pub read: bool,
}

/// A page of a user's notifications.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NotificationsView {
    /// Notifications, the newest first.
    pub notifications: Vec<NotificationView>,
    /// How many of all are unread.
    pub unread: u64,
    /// Unread news of which the user hears by mail only. They are not in the list, and nobody is mailed what was
    /// marked as read: mark those of a ticket when the user looks at it.
    pub mail_only: Vec<MailOnly>,
    /// The `cursor` of the next page, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// News that are told by mail only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MailOnly {
    /// The notification's id.
    pub id: Id,
    /// The ticket's id.
    pub ticket: Id,
}

/// Which notifications were read.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ReadInput {
    /// Those with these ids.
    pub ids: Vec<Id>,
    /// Those about this ticket.
    pub ticket: Option<Id>,
    /// All.
    pub all: bool,
}

/// What a user was told by mail only.
fn mailed_to(user: Id) -> Filter {
    of(user).and(Filter::equal(Path::known("inApp"), false))
}

/// What a user was told in the dashboard.
fn shown_to(user: Id) -> Filter {
    of(user).and(Filter::equal(Path::known("inApp"), true))
}

pub(super) fn of(user: Id) -> Filter {
    Filter::equal(Path::known("user"), user.to_string())
}

pub(super) fn unread() -> Filter {
    Filter::equal(Path::known("read"), false)
}

/// A page of a user's notifications, how many are unread, and whom the page names.
pub fn list(tx: &ReadTx<'_>, user: Id, limit: u32, cursor: Option<String>) -> Result<(Page, BTreeSet<Id>)> {
    let page = tx.list(&NOTIFICATION, &Listing { cursor, ..Listing::new(shown_to(user), limit) })?;
    let parts = Parts::of(tx, &page.docs)?;
    let users = parts.users.clone();
    let mailed = Listing::new(mailed_to(user).and(unread()), MAIL_ONLY_MAX);
    let mailed = tx.list(&NOTIFICATION, &mailed)?.docs;
    let mail_only =
        mailed.iter().filter_map(|doc| Some(MailOnly { id: doc.id, ticket: doc.reference("ticket")? }));
    let mail_only = mail_only.collect();
    let unread = count_unread(tx, user)?;
    Ok((Page { docs: page.docs, parts, unread, mail_only, next: page.next }, users))
}

/// A page that still lacks the names of users, which are the instance's.
pub struct Page {
    docs: Vec<Doc>,
    parts: Parts,
    unread: u64,
    mail_only: Vec<MailOnly>,
    next: Option<String>,
}

impl Page {
    /// The page with the names of users; those of contacts are shown to whoever sees contacts.
    pub fn view(self, people: &People, sees_contacts: bool, project: Id) -> NotificationsView {
        let views = self.docs.iter().filter_map(|doc| self.parts.view(doc, people, sees_contacts, project));
        NotificationsView {
            notifications: views.collect(),
            unread: self.unread,
            mail_only: self.mail_only,
            next: self.next,
        }
    }
}

/// What notifications name.
pub(super) struct Parts {
    tickets: BTreeMap<Id, Doc>,
    messages: BTreeMap<Id, Doc>,
    contacts: BTreeMap<Id, Doc>,
    /// The users who did what they are about.
    pub(super) users: BTreeSet<Id>,
}

impl Parts {
    pub(super) fn of(tx: &ReadTx<'_>, docs: &[Doc]) -> Result<Parts> {
        let named = |name: &str| docs.iter().filter_map(|doc| doc.reference(name)).collect::<BTreeSet<Id>>();
        let tickets = by_ids(tx, &TICKET, &named("ticket"))?;
        let messages = by_ids(tx, &MESSAGE, &named("message"))?;
        let writers = tickets.values().chain(messages.values());
        let contacts = writers.filter_map(|doc| doc.reference("session")).collect();
        Ok(Parts { contacts: by_ids(tx, &CONTACT, &contacts)?, users: named("by"), tickets, messages })
    }

    /// A notification; `None` when its ticket is gone.
    pub(super) fn view(
        &self,
        doc: &Doc,
        people: &People,
        sees_contacts: bool,
        project: Id,
    ) -> Option<NotificationView> {
        let ticket = self.tickets.get(&doc.reference("ticket")?)?;
        let message = doc.reference("message").and_then(|id| self.messages.get(&id));
        let reason: Reason = serde_json::from_value(doc.body.get("reason")?.clone()).ok()?;
        let excerpt = message.map(|message| line(message.text("text").unwrap_or_default(), EXCERPT_MAX));
        Some(NotificationView {
            id: doc.id,
            created_at: doc.text("createdAt").unwrap_or_default().to_owned(),
            project,
            ticket: ticket.id,
            bug_id: ticket.body.get("bugId").and_then(Json::as_i64),
            ticket_type: ticket.text("type").map(str::to_owned),
            title: line(ticket.text("title").unwrap_or_default(), TITLE_MAX),
            reason,
            message: message.map(|message| message.id),
            excerpt: excerpt.filter(|text| !text.is_empty()),
            actor: self.actor(doc, message.unwrap_or(ticket), reason, people, sees_contacts),
            count: count_of(doc),
            read: doc.is_true("read"),
        })
    }

    /// Who did it: a user of the project, or the contact who wrote.
    fn actor(
        &self,
        doc: &Doc,
        written: &Doc,
        reason: Reason,
        people: &People,
        sees_contacts: bool,
    ) -> Option<String> {
        if let Some(user) = doc.reference("by") {
            return people.get(&user).map(full_name).filter(|name| !name.is_empty());
        }
        let is_written = doc.reference("message").is_some() || reason == Reason::AllCreatedTickets;
        let contact = written.reference("session").filter(|_| sees_contacts && is_written);
        let name = contact.and_then(|id| self.contacts.get(&id)).and_then(|contact| contact.text("name"));
        name.map(|name| line(name, TITLE_MAX)).filter(|name| !name.is_empty())
    }
}

/// Notes that a user has read notifications, tells the user's other pages, and returns how many are unread.
///
/// # Errors
/// [`Error::Invalid`] when it does not say which, or names too many.
pub fn read(tx: &mut Tx<'_>, user: Id, input: &ReadInput) -> Result<u64> {
    if input.ids.len() > IDS_MAX {
        return Err(Error::invalid(format!("`ids` has more than {IDS_MAX} entries")));
    }
    let which = match (input.all, input.ticket) {
        (true, _) => Filter::everything(),
        (false, Some(ticket)) => Filter::equal(Path::known("ticket"), ticket.to_string()),
        (false, None) if input.ids.is_empty() => {
            return Err(Error::invalid("say which notifications were read: `ids`, a `ticket` or `all`"));
        }
        (false, None) => Filter::one_of(Path::known("id"), input.ids.iter().map(Id::to_string)),
    };
    mark(tx, user, &which)
}

/// Notes that a user was in a ticket at a moment and has read what was told until then.
pub(super) fn read_until(tx: &mut Tx<'_>, user: Id, ticket: Id, at: Millis) -> Result<()> {
    let newer = Filter::test(Path::known("createdAt"), Op::Greater(Literal::Text(format_date(at))));
    let which = Filter::equal(Path::known("ticket"), ticket.to_string()).and(newer.negated());
    mark(tx, user, &which).map(drop)
}

fn mark(tx: &mut Tx<'_>, user: Id, which: &Filter) -> Result<u64> {
    let mut marked = 0;
    loop {
        let listing = Listing::new(of(user).and(unread()).and(which.clone()), CHUNK);
        let docs = tx.list(&NOTIFICATION, &listing)?.docs;
        let is_last = docs.len() < CHUNK as usize;
        for doc in docs {
            // Newer news may have taken its place meanwhile.
            let Some(mut doc) = tx.find_locked(&NOTIFICATION, doc.id)? else { continue };
            doc.set("read", true);
            // Nobody needs a mail about what was read.
            doc.set("mail", false);
            tx.save(&NOTIFICATION, doc)?;
            marked += 1;
        }
        if is_last {
            break;
        }
    }
    let left = count_unread(tx, user)?;
    if marked > 0 {
        updates::notify_user(tx, user, json!({"unread": left}));
    }
    Ok(left)
}

fn count_unread(tx: &ReadTx<'_>, user: Id) -> Result<u64> {
    tx.count(&NOTIFICATION, &shown_to(user).and(unread()))
}

/// Tells the pages of the user of a notification that it is another now, or gone.
pub(super) fn changed(tx: &mut Tx<'_>, notification: &Doc) -> Result<()> {
    let Some(user) = notification.reference("user") else { return Ok(()) };
    let left = count_unread(tx, user)?;
    updates::notify_user(tx, user, json!({"unread": left}));
    Ok(())
}
