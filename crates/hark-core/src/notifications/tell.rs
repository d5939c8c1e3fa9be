//! Tells users of a piece of news: decides for whom it is one, writes it down and rings.

use std::collections::BTreeMap;

use hark_query::{Filter, Path};
use hark_store::{Doc, Id, LeasedJob, Listing, Millis, ReadTx, Result, Tx, to_body};
use serde_json::json;

use super::audience::Hearer;
use super::inbox;
use super::preferences::{REASONS, Reason};
use super::{DAY_MS, NOTIFICATION, News, What, count_of, mail, stands_for, tidy_later};
use crate::messages::MESSAGE;
use crate::teams::{TEAM, TeamInput};
use crate::tickets::{TICKET, TICKET_EVENT};
use crate::updates;

/// What is older when its job runs is no news any more.
const NEWS_MS: Millis = DAY_MS;
/// Notifications that a user has in a project at most; older ones go.
pub(super) const OWN_MAX: u32 = 500;
/// Older notifications of a user that one piece of news deletes.
const SURPLUS_MAX: u32 = 20;
/// Users whose unread notifications of a ticket are read at a time; each has one for a reason at most.
const READERS: usize = 100;
const UNREAD_MAX: u32 = (READERS * REASONS.len()) as u32;
/// Messages that a notification remembers of those it stands for.
const MESSAGES_MAX: usize = 50;

/// Tells those of the hearers whom it concerns of a piece of news, and finishes its job.
pub fn tell(tx: &mut Tx<'_>, job: &LeasedJob, news: &News, hearers: &[Hearer]) -> Result<()> {
    tx.finish_job(job)?;
    if job.created_at < tx.now() - NEWS_MS {
        return Ok(());
    }
    // Locked, so that nothing is told of a ticket that somebody deletes at this moment.
    let Some(ticket) = tx.find_locked(&TICKET, news.ticket)? else { return Ok(()) };
    if let Some(reader) = news.reader {
        inbox::read_until(tx, reader, ticket.id, job.created_at)?;
    }
    let Some(concern) = Concern::of(tx, news, &ticket)? else { return Ok(()) };
    let told: Vec<(&Hearer, Told)> =
        hearers.iter().filter_map(|hearer| Some((hearer, concern.told(hearer)?))).collect();
    if told.is_empty() {
        return Ok(());
    }
    for told in told.chunks(READERS) {
        let known = unread_of(tx, ticket.id, told.iter().map(|(hearer, _)| hearer.user))?;
        for (hearer, told) in told {
            write(tx, news, hearer, *told, &known)?;
        }
    }
    tidy_later(tx, DAY_MS)
}

/// For what reason somebody is told, and on which ways.
#[derive(Clone, Copy, Debug)]
struct Told {
    reason: Reason,
    in_app: bool,
    email: bool,
}

/// Whom a piece of news concerns.
struct Concern<'n> {
    news: &'n News,
    /// Whose ticket it is, as far as the news are about that.
    owner: Option<Id>,
    /// Who is in its team, as far as the news are about that.
    team: Vec<Id>,
    /// Who created the ticket.
    creator: Option<Id>,
}

impl Concern<'_> {
    /// Nobody is concerned by what happens to spam, or what crashes report by themselves.
    fn of<'n>(tx: &ReadTx<'_>, news: &'n News, ticket: &Doc) -> Result<Option<Concern<'n>>> {
        let is_unheard = match &news.what {
            What::Created { .. } => ticket.is_true("isSilent"),
            What::Message { id, .. } => tx.find(&MESSAGE, *id)?.is_none(),
            What::Assigned { .. } | What::Late => false,
        };
        if is_unheard || ticket.is_true("isSpam") || ticket.is_true("hidden") {
            return Ok(None);
        }
        let (owner, team) = match &news.what {
            What::Created { user, team } | What::Assigned { user, team } => (*user, *team),
            What::Message { .. } => (ticket.reference("processingUser"), ticket.reference("processingTeam")),
            What::Late => (None, None),
        };
        let team = team.map(|team| tx.find(&TEAM, team)).transpose()?.flatten();
        let team: Option<TeamInput> = team.map(|team| team.open()).transpose()?;
        let team = team.and_then(|team| team.members).unwrap_or_default();
        Ok(Some(Concern { news, owner, team, creator: creator(tx, ticket.id)? }))
    }

    /// Whether and how somebody is told.
    fn told(&self, hearer: &Hearer) -> Option<Told> {
        let is_own =
            hearer.settings.prevent_notifications_where_i_creator && self.creator == Some(hearer.user);
        if self.news.by == Some(hearer.user) || is_own {
            return None;
        }
        let mut told: Option<Told> = None;
        for reason in self.reasons(hearer.user) {
            let wants = hearer.wants(reason);
            if wants.in_app || wants.email {
                let told = told.get_or_insert(Told { reason, in_app: false, email: false });
                told.in_app |= wants.in_app;
                told.email |= wants.email;
            }
        }
        told
    }

    /// The reasons for which a user could be told, the weightiest first.
    fn reasons(&self, user: Id) -> Vec<Reason> {
        let (is_owner, is_in_team) = (self.owner == Some(user), self.team.contains(&user));
        let all = match &self.news.what {
            What::Created { .. } => vec![
                (Reason::PersonalAssignment, is_owner),
                (Reason::TeamTicketAssignment, is_in_team),
                (Reason::AllCreatedTickets, true),
            ],
            What::Assigned { .. } => {
                vec![(Reason::PersonalAssignment, is_owner), (Reason::TeamTicketAssignment, is_in_team)]
            }
            What::Message { mentioned, .. } => vec![
                (Reason::PersonalMention, mentioned.contains(&user)),
                (Reason::PersonalTicketMessages, is_owner),
                (Reason::TeamTicketMessages, is_in_team),
                (Reason::AllTicketMessages, true),
            ],
            What::Late => vec![(Reason::AllSlaBreached, true)],
        };
        all.into_iter().filter_map(|(reason, holds)| holds.then_some(reason)).collect()
    }
}

/// The user who created a ticket, if it was one.
fn creator(tx: &ReadTx<'_>, ticket: Id) -> Result<Option<Id>> {
    let created = Filter::equal(Path::known("ticket"), ticket.to_string())
        .and(Filter::equal(Path::known("action"), "CREATE_TICKET"));
    let created = tx.list(&TICKET_EVENT, &Listing::new(created, 1))?.docs.into_iter().next();
    let user = created.and_then(|created| created.body.get("actor")?["user"].as_str().and_then(Id::parse));
    Ok(user)
}

/// The unread notifications of a ticket that at most [`READERS`] users have, by these.
fn unread_of(tx: &ReadTx<'_>, ticket: Id, users: impl Iterator<Item = Id>) -> Result<BTreeMap<Id, Vec<Doc>>> {
    let unread = Filter::equal(Path::known("ticket"), ticket.to_string())
        .and(Filter::one_of(Path::known("user"), users.map(|user| user.to_string())))
        .and(inbox::unread());
    let mut by_user: BTreeMap<Id, Vec<Doc>> = BTreeMap::new();
    for doc in tx.list(&NOTIFICATION, &Listing::new(unread, UNREAD_MAX))?.docs {
        if let Some(user) = doc.reference("user") {
            by_user.entry(user).or_default().push(doc);
        }
    }
    Ok(by_user)
}

/// Writes a notification and rings. It takes the place of an unread one of the same ticket and reason, so that
/// a conversation of many messages is one line.
fn write(
    tx: &mut Tx<'_>,
    news: &News,
    hearer: &Hearer,
    told: Told,
    known: &BTreeMap<Id, Vec<Doc>>,
) -> Result<()> {
    let mut body = to_body(json!({
        "user": hearer.user, "ticket": news.ticket, "reason": told.reason, "read": false, "inApp": told.in_app,
        "mail": told.email, "by": news.by, "count": 1,
    }));
    let own = known.get(&hearer.user).map(Vec::as_slice).unwrap_or_default();
    let is_same = |doc: &&Doc| doc.body.get("reason") == Some(&json!(told.reason));
    let earlier = own.iter().find(is_same);
    if let What::Message { id, .. } = news.what {
        let mut messages = earlier.map(stands_for).unwrap_or_default();
        messages.push(id);
        let surplus = messages.len().saturating_sub(MESSAGES_MAX);
        body.insert("message".to_owned(), json!(id));
        body.insert("messages".to_owned(), json!(messages[surplus..]));
    }
    if let Some(earlier) = earlier {
        body.insert("count".to_owned(), json!(count_of(earlier) + 1));
        body.extend(
            mail::BEGUN
                .iter()
                .filter_map(|name| earlier.body.get(*name).map(|value| ((*name).to_owned(), value.clone()))),
        );
        tx.delete(&NOTIFICATION, earlier.id)?;
    } else {
        drop_surplus(tx, hearer.user)?;
    }
    let notification = tx.insert(&NOTIFICATION, body)?;
    let event = if told.in_app {
        json!({"notification": notification.id, "ticket": news.ticket, "reason": told.reason})
    } else {
        json!({"mailOnly": news.ticket})
    };
    updates::notify_user(tx, hearer.user, event);
    if told.email { mail::plan(tx, news.ticket, hearer) } else { Ok(()) }
}

/// Makes room for another notification of a user.
fn drop_surplus(tx: &mut Tx<'_>, user: Id) -> Result<()> {
    let own = Filter::equal(Path::known("user"), user.to_string());
    let surplus = Listing { skip: OWN_MAX - 1, ..Listing::new(own, SURPLUS_MAX) };
    for old in tx.list(&NOTIFICATION, &surplus)?.docs {
        tx.delete(&NOTIFICATION, old.id)?;
    }
    Ok(())
}
