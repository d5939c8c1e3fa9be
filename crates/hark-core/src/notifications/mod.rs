//! What users are told about tickets: who is told decide their preferences, in the dashboard and by mail.
//!
//! Where something happens, its transaction enqueues one job ([`NEWS_JOB`]), because who works in a project
//! and wants to hear of what is known on the instance only. The job writes a notification for each who is
//! told and publishes it on the user's stream. A notification holds ids and no words: what it says is read
//! with the rights of whoever reads it, so a message that is gone is not quoted anywhere.

mod audience;
mod inbox;
mod mail;
mod preferences;
mod tell;

use hark_query::{Filter, Literal, Op, Path};
use hark_store::{Actor, Body, Doc, Field, Id, Kind, LeasedJob, Listing, Millis, NewJob, Result, Tx};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::messages::{Author, MESSAGE};

pub use audience::{Hearer, hearer, hearers, preferences_of};
pub use inbox::{NotificationView, NotificationsView, ReadInput, list, read};
pub use mail::{Letter, MAIL_JOB, MailJob, begin as begin_letter, mailed, write as write_letter};
pub use preferences::{NotificationPreference, NotificationPreferences, NotificationSettings, Reason};
pub use tell::tell;

/// A notification: `user`, `ticket`, `reason`, the `message` it is about if it is one and the latest of all
/// `messages` it stands for, `by` which user, the `count` of pieces of news, and whether it is `read`, shown in
/// the dashboard (`inApp`), and waits to be mailed (`mail`).
pub const NOTIFICATION: Kind = Kind::new(
    "notification",
    "notification",
    &[
        Field::text("user", "reader"),
        Field::text("ticket", "ticket"),
        Field::text("message", "message"),
        Field::bool("read", "is_read"),
        Field::bool("inApp", "in_app"),
    ],
);

/// The kind of job that tells users of a piece of news.
pub const NEWS_JOB: &str = "notification.news";
/// The kind of job that deletes old notifications.
pub const TIDY_JOB: &str = "notification.tidy";

/// How long notifications are kept.
const KEPT_MS: Millis = 90 * DAY_MS;
const DAY_MS: Millis = 24 * 60 * 60 * 1_000;
/// Notifications that one job deletes.
const TIDY_MAX: u32 = 500;
/// Notifications about a message that is gone which are read at a time.
const FORGET_MAX: u32 = 500;
/// Attempts of a job that tells users: with the back-off about half an hour, after which it is no news.
const ATTEMPTS_MAX: u32 = 8;

/// What happened in a ticket.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct News {
    ticket: Id,
    /// The user who did it, and is not told.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<Id>,
    /// The user who was in the ticket for it, and has read what was there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reader: Option<Id>,
    what: What,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum What {
    /// It is new, and may be somebody's already.
    Created { user: Option<Id>, team: Option<Id> },
    /// It is somebody's now, or a team's.
    Assigned { user: Option<Id>, team: Option<Id> },
    /// There is another message, which names users.
    Message { id: Id, mentioned: Vec<Id> },
    /// It waited too long.
    Late,
}

/// Tells of a new ticket.
pub(crate) fn of_new(tx: &mut Tx<'_>, ticket: &Doc) -> Result<()> {
    let (user, team) = (ticket.reference("processingUser"), ticket.reference("processingTeam"));
    let by = tx.scope().user();
    enqueue(tx, News { ticket: ticket.id, by, reader: None, what: What::Created { user, team } })
}

/// Tells of a ticket that was `before` if it is somebody else's now.
pub(crate) fn of_change(tx: &mut Tx<'_>, before: &Body, ticket: &Doc) -> Result<()> {
    let new = |name: &str| ticket.reference(name).filter(|_| ticket.body.get(name) != before.get(name));
    let (user, team) = (new("processingUser"), new("processingTeam"));
    if user.is_none() && team.is_none() {
        return Ok(());
    }
    let by = tx.scope().user();
    enqueue(tx, News { ticket: ticket.id, by, reader: None, what: What::Assigned { user, team } })
}

/// Tells of a message, unless a machine wrote it.
pub(crate) fn of_message(
    tx: &mut Tx<'_>,
    ticket: Id,
    id: Id,
    author: Author,
    mentioned: Vec<Id>,
) -> Result<()> {
    let by = match author {
        Author::User(user) => Some(user),
        Author::Contact(_) => None,
        Author::Bot | Author::System => return Ok(()),
    };
    // What was planned is sent without anybody looking.
    let reader = by.filter(|_| tx.scope().user() == by);
    enqueue(tx, News { ticket, by, reader, what: What::Message { id, mentioned } })
}

/// Tells of a ticket that waited too long.
pub(crate) fn of_breach(tx: &mut Tx<'_>, ticket: Id) -> Result<()> {
    enqueue(tx, News { ticket, by: None, reader: None, what: What::Late })
}

fn enqueue(tx: &mut Tx<'_>, news: News) -> Result<()> {
    // What the operator does at the machine, such as playing the demonstration, is nobody's news.
    if *tx.scope().actor() == Actor::System {
        return Ok(());
    }
    tx.enqueue(NewJob::new(NEWS_JOB, serde_json::to_value(news)?).attempts(ATTEMPTS_MAX))?;
    Ok(())
}

/// Forgets what was told about a ticket that is deleted.
pub(crate) fn forget_ticket(tx: &mut Tx<'_>, ticket: Id) -> Result<()> {
    tx.delete_where(&NOTIFICATION, "ticket", &ticket.to_string()).map(drop)
}

/// Forgets what was told about a message that is gone: what told of others before it tells of the last of these.
pub(crate) fn forget_message(tx: &mut Tx<'_>, message: Id) -> Result<()> {
    loop {
        let about = tx.all_by(&NOTIFICATION, "message", &message.to_string(), FORGET_MAX)?;
        if about.is_empty() {
            return Ok(());
        }
        for notification in about {
            fall_back(tx, notification)?;
        }
    }
}

/// Makes a notification whose message is gone tell of the one before, or deletes it if there is none.
fn fall_back(tx: &mut Tx<'_>, mut notification: Doc) -> Result<()> {
    let mut messages = stands_for(&notification);
    let mut last = None;
    while let (None, Some(id)) = (&last, messages.last()) {
        last = tx.find(&MESSAGE, *id)?;
        if last.is_none() {
            messages.pop();
        }
    }
    let Some(last) = last else {
        tx.delete(&NOTIFICATION, notification.id)?;
        return inbox::changed(tx, &notification);
    };
    let gone = stands_for(&notification).len() - messages.len();
    let count = count_of(&notification).saturating_sub(gone as u64).max(1);
    notification.set("count", count);
    notification.set("message", last.id.to_string());
    notification.set("messages", json!(messages));
    notification.set("by", last.reference("user").map_or(Json::Null, |user| json!(user)));
    let notification = tx.save(&NOTIFICATION, notification)?;
    inbox::changed(tx, &notification)
}

/// The messages that a notification stands for, the oldest first, as far as they are known.
fn stands_for(notification: &Doc) -> Vec<Id> {
    let messages = notification.body.get("messages").and_then(Json::as_array).into_iter().flatten();
    messages.filter_map(|id| id.as_str().and_then(Id::parse)).collect()
}

/// How many pieces of news a notification stands for.
fn count_of(notification: &Doc) -> u64 {
    notification.body.get("count").and_then(Json::as_u64).unwrap_or(1)
}

/// Forgets what a user was told who does not work in the project any more.
pub(crate) fn forget_user(tx: &mut Tx<'_>, user: Id) -> Result<()> {
    tx.delete_where(&NOTIFICATION, "user", &user.to_string()).map(drop)
}

/// Deletes some of the notifications that are older than they are kept, finishes the job, and comes back for
/// the others.
pub fn tidy(tx: &mut Tx<'_>, job: &LeasedJob) -> Result<()> {
    let before = hark_query::dates::format_date(tx.now() - KEPT_MS);
    let old = Filter::test(Path::known("createdAt"), Op::Less(Literal::Text(before)));
    let old = tx.list(&NOTIFICATION, &Listing::new(old, TIDY_MAX))?.docs;
    for notification in &old {
        tx.delete(&NOTIFICATION, notification.id)?;
    }
    tx.finish_job(job)?;
    if old.len() >= TIDY_MAX as usize {
        return tidy_later(tx, 0);
    }
    let is_left =
        tx.find_first(&NOTIFICATION, &Filter::everything(), &hark_query::Sort::default())?.is_some();
    if is_left { tidy_later(tx, DAY_MS) } else { Ok(()) }
}

fn tidy_later(tx: &mut Tx<'_>, after: Millis) -> Result<()> {
    let at = tx.now() + after;
    tx.enqueue(NewJob::new(TIDY_JOB, Json::Null).unique(TIDY_JOB).at(at)).map(drop)
}
