//! Mails about tickets: one for what gathered in a ticket, if the user has not read it in the dashboard.

use std::collections::BTreeSet;

use hark_query::dates::format_date;
use hark_query::{Filter, Literal, Op, Path};
use hark_store::{Doc, Id, LeasedJob, Listing, Millis, NewJob, ReadTx, Result, Tx};
use serde::{Deserialize, Serialize};

use super::NOTIFICATION;
use super::audience::Hearer;
use super::inbox::{NotificationView, Parts};
use super::preferences::Reason;
use crate::access::people::People;
use crate::presence;
use crate::tickets::TICKET;

/// The kind of job that mails what gathered in a ticket.
pub const MAIL_JOB: &str = "notification.mail";

/// How long a mail waits whether the user reads the news in the dashboard, and the pause between two mails
/// about one ticket.
const PAUSE_MS: Millis = 5 * 60 * 1_000;
/// Pieces of news that a mail tells of.
const ENTRIES_MAX: u32 = 10;
/// Pieces of news that a user is mailed in an hour. Somebody may be given hundreds of tickets at once: the
/// list in the dashboard has them all.
const MAILED_MAX: u64 = 50;
const HOUR_MS: Millis = 60 * 60 * 1_000;
/// Attempts of a mail: with the back-off about half an hour.
const ATTEMPTS_MAX: u32 = 8;

/// A mail that may have to be sent.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct MailJob {
    /// To whom.
    pub user: Id,
    /// About which ticket.
    pub ticket: Id,
}

/// Plans the mail about a ticket; one that is planned already tells of this too.
pub(super) fn plan(tx: &mut Tx<'_>, ticket: Id, to: &Hearer, mailed: Option<Millis>) -> Result<()> {
    let pause = if to.settings.directly_send_notifications { 0 } else { PAUSE_MS };
    let at = (tx.now() + pause).max(mailed.map_or(0, |mailed| mailed + PAUSE_MS));
    let job = MailJob { user: to.user, ticket };
    let key = format!("{MAIL_JOB}:{}:{ticket}", to.user);
    let job = NewJob::new(MAIL_JOB, serde_json::to_value(job)?).unique(key).at(at).attempts(ATTEMPTS_MAX);
    tx.enqueue(job).map(drop)
}

/// What a mail has to tell, as far as the project knows it.
pub struct Letter {
    docs: Vec<Doc>,
    parts: Parts,
}

impl Letter {
    /// The users whom it names.
    pub fn users(&self) -> &BTreeSet<Id> {
        &self.parts.users
    }
}

/// What there is to tell a user about a ticket; `None` when it was read meanwhile, or when the user has the
/// dashboard open and wants no mail then.
pub fn written(tx: &ReadTx<'_>, job: MailJob, to: &Hearer) -> Result<Option<Letter>> {
    let is_there = to.settings.send_email_only_when_offline && presence::online(tx)?.contains(&to.user);
    let is_heard = tx
        .find(&TICKET, job.ticket)?
        .is_some_and(|ticket| !ticket.is_true("isSpam") && !ticket.is_true("hidden"));
    let docs = if is_there || !is_heard || mailed_lately(tx, job.user)? >= MAILED_MAX {
        Vec::new()
    } else {
        waiting(tx, job)?
    };
    if docs.is_empty() {
        return Ok(None);
    }
    let parts = Parts::of(tx, &docs)?;
    Ok(Some(Letter { docs, parts }))
}

/// How many pieces of news were mailed to a user within the last hour.
fn mailed_lately(tx: &ReadTx<'_>, user: Id) -> Result<u64> {
    let before = format_date(tx.now() - HOUR_MS);
    let lately = Filter::test(Path::known("mailedAt"), Op::Greater(Literal::Text(before)));
    tx.count(&NOTIFICATION, &Filter::equal(Path::known("user"), user.to_string()).and(lately))
}

/// What waits to be mailed, the newest first.
fn waiting(tx: &ReadTx<'_>, job: MailJob) -> Result<Vec<Doc>> {
    let waiting = Filter::equal(Path::known("user"), job.user.to_string())
        .and(Filter::equal(Path::known("ticket"), job.ticket.to_string()))
        .and(Filter::equal(Path::known("read"), false))
        .and(Filter::equal(Path::known("mail"), true));
    Ok(tx.list(&NOTIFICATION, &Listing::new(waiting, ENTRIES_MAX))?.docs)
}

/// The subject and the text of a mail; `None` when the ticket is gone.
pub fn write(
    letter: &Letter,
    to: &Hearer,
    people: &People,
    project: Id,
    public_url: &str,
) -> Option<(String, String)> {
    let views: Vec<NotificationView> = letter
        .docs
        .iter()
        .rev()
        .filter_map(|doc| letter.parts.view(doc, people, to.sees_contacts, project))
        .collect();
    let ticket = views.last()?;
    let title = if ticket.title.is_empty() { "Ticket" } else { ticket.title.as_str() };
    let number = ticket.bug_id.map(|number| format!(" (#{number})")).unwrap_or_default();
    let mut text = String::new();
    for view in &views {
        text.push_str(&format!("{}\n", sentence(view)));
        if let Some(excerpt) = &view.excerpt {
            text.push_str(&format!("> {excerpt}\n"));
        }
        text.push('\n');
    }
    text.push_str(&format!(
        "{title}\n{public_url}/p/{project}/inbox/all/{}\n\n-- \nOf which news you get mail: {public_url}/account/notifications\n",
        ticket.ticket
    ));
    Some((format!("{title}{number}"), text))
}

/// What happened, in one sentence.
fn sentence(view: &NotificationView) -> String {
    let named = match view.reason {
        Reason::PersonalMention => Some("mentioned you"),
        Reason::PersonalAssignment => Some("assigned this ticket to you"),
        Reason::TeamTicketAssignment => Some("assigned this ticket to your team"),
        Reason::AllCreatedTickets => Some("opened this ticket"),
        Reason::PersonalTicketMessages | Reason::TeamTicketMessages | Reason::AllTicketMessages => {
            Some("wrote")
        }
        Reason::AllSlaBreached => None,
    };
    let unnamed = match view.reason {
        Reason::PersonalMention => "You were mentioned",
        Reason::PersonalAssignment => "This ticket was assigned to you",
        Reason::TeamTicketAssignment => "This ticket was assigned to your team",
        Reason::AllCreatedTickets => "There is a new ticket",
        Reason::AllSlaBreached => "This ticket waited too long",
        Reason::PersonalTicketMessages | Reason::TeamTicketMessages | Reason::AllTicketMessages => {
            "There is a new message"
        }
    };
    let what = match (&view.actor, named) {
        (Some(who), Some(did)) => format!("{who} {did}"),
        _ => unnamed.to_owned(),
    };
    let more = match view.count {
        0 | 1 => String::new(),
        count => format!(" ({count} pieces of news, this is the last)"),
    };
    let end = if view.excerpt.is_some() { ':' } else { '.' };
    format!("{what}{more}{end}")
}

/// Notes that a mail was sent, and finishes its job.
pub fn mailed(tx: &mut Tx<'_>, job: &LeasedJob, letter: &Letter) -> Result<()> {
    let now = format_date(tx.now());
    for doc in &letter.docs {
        let Some(mut doc) = tx.find_locked(&NOTIFICATION, doc.id)? else { continue };
        doc.set("mail", false);
        doc.set("mailedAt", now.as_str());
        tx.save(&NOTIFICATION, doc)?;
    }
    tx.finish_job(job)
}
