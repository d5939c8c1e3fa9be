//! Mails about tickets: one for what gathered in a ticket, if the user has not read it in the dashboard.

use std::collections::BTreeSet;

use hark_query::dates::{format_date, parse_date};
use hark_query::{Filter, Literal, Op, Path};
use hark_store::{Doc, Id, LeasedJob, Listing, Millis, NewJob, ReadTx, Result, Tx};
use serde::{Deserialize, Serialize};

use super::NOTIFICATION;
use super::audience::Hearer;
use super::inbox::{self, NotificationView, Parts};
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
/// The latest pieces of news about a ticket among which the last mail is looked for.
const LATELY_MAX: u32 = 20;
/// Pieces of news that a user is mailed in an hour; the others wait for the next one. Somebody may be given
/// hundreds of tickets at once.
const MAILED_MAX: u64 = 50;
const HOUR_MS: Millis = 60 * 60 * 1_000;
/// Attempts of a mail: with the back-off about half an hour.
const ATTEMPTS_MAX: u32 = 8;
/// When a mail about the news was last begun, and the job that did.
pub(super) const BEGUN: [&str; 2] = ["mailedAt", "mailedBy"];

/// A mail that may have to be sent.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct MailJob {
    /// To whom.
    pub user: Id,
    /// About which ticket.
    pub ticket: Id,
}

/// Plans the mail about a ticket; one that is planned already tells of this too.
pub(super) fn plan(tx: &mut Tx<'_>, ticket: Id, to: &Hearer) -> Result<()> {
    let pause = if to.settings.directly_send_notifications { 0 } else { PAUSE_MS };
    let at = tx.now() + pause;
    plan_at(tx, MailJob { user: to.user, ticket }, at)
}

fn plan_at(tx: &mut Tx<'_>, job: MailJob, at: Millis) -> Result<()> {
    let key = format!("{MAIL_JOB}:{}:{}", job.user, job.ticket);
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

/// Begins a mail and returns what it tells a user about a ticket. `None` when there is nothing to tell, because
/// it was read meanwhile, or when it is not the time: then the job is finished, and another one planned for later.
pub fn begin(tx: &mut Tx<'_>, job: &LeasedJob, wanted: MailJob, to: &Hearer) -> Result<Option<Letter>> {
    // Locked, so that news which come from now on know of this mail.
    let ticket = tx.find_locked(&TICKET, wanted.ticket)?;
    let is_heard = ticket.is_some_and(|ticket| !ticket.is_true("isSpam") && !ticket.is_true("hidden"));
    let waiting = if is_heard { waiting(tx, wanted)? } else { Vec::new() };
    let Some(newest) = waiting.first() else {
        tx.finish_job(job)?;
        return Ok(None);
    };
    if let Some(at) = not_before(tx, job, wanted, newest, to)? {
        tx.finish_job(job)?;
        plan_at(tx, wanted, at)?;
        return Ok(None);
    }
    let mut docs = Vec::new();
    for doc in waiting {
        let locked = tx.find_locked(&NOTIFICATION, doc.id)?;
        // Read meanwhile.
        let Some(mut doc) = locked.filter(|doc| !doc.is_true("read")) else { continue };
        let [begun_at, begun_by] = BEGUN;
        doc.set(begun_at, format_date(tx.now()));
        doc.set(begun_by, job.id.to_string());
        docs.push(tx.save(&NOTIFICATION, doc)?);
    }
    if docs.is_empty() {
        tx.finish_job(job)?;
        return Ok(None);
    }
    let parts = Parts::of(tx, &docs)?;
    Ok(Some(Letter { docs, parts }))
}

/// Until when a mail has to wait, if it has to.
fn not_before(
    tx: &ReadTx<'_>,
    job: &LeasedJob,
    wanted: MailJob,
    newest: &Doc,
    to: &Hearer,
) -> Result<Option<Millis>> {
    let now = tx.now();
    if let Some(at) = last_begun(tx, job, wanted)?.map(|last| last + PAUSE_MS).filter(|at| *at > now) {
        return Ok(Some(at));
    }
    if to.settings.send_email_only_when_offline && presence::online(tx)?.contains(&to.user) {
        // The longer they are there, the less often it is looked whether they went.
        return Ok(Some(now + (now - newest.created_at).clamp(PAUSE_MS, HOUR_MS)));
    }
    let is_spent = mailed_lately(tx, to.user, job.id)? >= MAILED_MAX;
    Ok(is_spent.then_some(now + HOUR_MS))
}

/// When another job last began a mail to the user about the ticket. It may be on its way at this moment.
fn last_begun(tx: &ReadTx<'_>, job: &LeasedJob, wanted: MailJob) -> Result<Option<Millis>> {
    let [begun_at, begun_by] = BEGUN;
    let lately = Listing::new(about(wanted), LATELY_MAX);
    let docs = tx.list(&NOTIFICATION, &lately)?.docs;
    let others = docs.iter().filter(|doc| doc.reference(begun_by) != Some(job.id));
    Ok(others.filter_map(|doc| doc.text(begun_at).and_then(parse_date)).max())
}

/// How many pieces of news other jobs mailed to a user within the last hour.
fn mailed_lately(tx: &ReadTx<'_>, user: Id, job: Id) -> Result<u64> {
    let [begun_at, begun_by] = BEGUN;
    let before = format_date(tx.now() - HOUR_MS);
    let lately = Filter::test(Path::known(begun_at), Op::Greater(Literal::Text(before)));
    let others = Filter::equal(Path::known(begun_by), job.to_string()).negated();
    tx.count(&NOTIFICATION, &inbox::of(user).and(lately).and(others))
}

/// What a user was told about a ticket.
fn about(job: MailJob) -> Filter {
    inbox::of(job.user).and(Filter::equal(Path::known("ticket"), job.ticket.to_string()))
}

/// What waits to be mailed, the newest first.
fn waiting(tx: &ReadTx<'_>, job: MailJob) -> Result<Vec<Doc>> {
    let waiting = about(job).and(inbox::unread()).and(Filter::equal(Path::known("mail"), true));
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
    for doc in &letter.docs {
        // Newer news that took its place are mailed on their own.
        let Some(mut doc) = tx.find_locked(&NOTIFICATION, doc.id)? else { continue };
        doc.set("mail", false);
        tx.save(&NOTIFICATION, doc)?;
    }
    tx.finish_job(job)
}
