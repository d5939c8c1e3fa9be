//! Finding tickets: by their words, by what was written in them, by who wrote, and by likeness.

use std::collections::BTreeSet;

use hark_query::{Filter, Path};
use hark_store::{Doc, Error, Id, Listing, ReadTx, Result, SearchRequest};
use serde_json::{Value as Json, json};

use super::TICKET;
use super::similarity::Pieces;
use crate::contacts::CONTACT;
use crate::documents::by_ids;
use crate::messages::MESSAGE;

/// Hits of a search that are looked at.
const LOOK: u32 = 100;
/// Contacts whose tickets an extended search shows.
const CONTACTS_MAX: u32 = 20;
/// Tickets that a filter is true of, in whose messages is searched if other messages hide theirs.
const TICKETS_MAX: u32 = 1_000;
/// Contacts whose tickets one filter lists.
const LISTED_CONTACTS_MAX: usize = 10_000;
/// Tests of contacts' properties in a filter of tickets; each may look through the contacts.
const CONTACT_TESTS_MAX: usize = 20;

/// A ticket that was found, and by what: `ticket`, `message` or `contact`.
#[derive(Clone, Debug)]
pub struct Found {
    /// The ticket.
    pub ticket: Doc,
    /// Where the words are.
    pub found_in: &'static str,
    /// How well it fits, from 0 to 1; only of those that were found by likeness.
    pub score: Option<f64>,
}

/// The tickets that fit a text and a filter, the best first.
pub fn search(tx: &ReadTx<'_>, text: &str, filter: &Filter, limit: u32) -> Result<Vec<Found>> {
    let docs = tx.search_within(&TICKET, text, filter, limit)?;
    Ok(docs.into_iter().map(|ticket| Found { ticket, found_in: "ticket", score: None }).collect())
}

/// The same, and behind them tickets in whose messages the words are, and those of contacts that fit.
pub fn search_everywhere(
    tx: &ReadTx<'_>,
    text: &str,
    filter: &Filter,
    contacts: bool,
    limit: u32,
) -> Result<Vec<Found>> {
    let mut found = search(tx, text, filter, limit)?;
    if text.trim().is_empty() {
        return Ok(found);
    }
    let request = SearchRequest { text: text.to_owned(), limit: LOOK, skip: 0 };
    let messages = tx.search_docs(&MESSAGE, &request)?;
    append(tx, &mut found, &tickets_of(&messages), "message", filter)?;
    let is_full = messages.len() >= LOOK as usize;
    if is_full && found.len() < limit as usize && *filter != Filter::everything() {
        let tickets = tx.list(&TICKET, &Listing::new(filter.clone(), TICKETS_MAX))?.docs;
        let of_these =
            Filter::one_of(Path::known("ticket"), tickets.iter().map(|ticket| ticket.id.to_string()));
        let messages = tx.search_within(&MESSAGE, text, &of_these, LOOK)?;
        append(tx, &mut found, &tickets_of(&messages), "message", filter)?;
    }
    if contacts {
        let request = SearchRequest { text: text.to_owned(), limit: CONTACTS_MAX, skip: 0 };
        for contact in tx.search(&CONTACT, &request)? {
            let tickets = tx.all_by(&TICKET, "session", &contact.id.to_string(), LOOK)?;
            let newest: Vec<Id> = tickets.iter().rev().map(|ticket| ticket.id).collect();
            append(tx, &mut found, &newest, "contact", filter)?;
        }
    }
    found.truncate(limit as usize);
    Ok(found)
}

fn tickets_of(messages: &[Doc]) -> Vec<Id> {
    messages.iter().filter_map(|message| message.reference("ticket")).collect()
}

fn append(
    tx: &ReadTx<'_>,
    found: &mut Vec<Found>,
    ids: &[Id],
    found_in: &'static str,
    filter: &Filter,
) -> Result<()> {
    let known: BTreeSet<Id> = found.iter().map(|hit| hit.ticket.id).collect();
    let new: BTreeSet<Id> = ids.iter().copied().filter(|id| !known.contains(id)).collect();
    let mut docs = by_ids(tx, &TICKET, &new)?;
    for id in ids {
        let Some(ticket) = docs.remove(id) else { continue };
        if filter.matches(&Json::Object(ticket.body.clone())) {
            found.push(Found { ticket, found_in, score: None });
        }
    }
    Ok(())
}

/// Feature requests that resemble a text at least so much, the most alike first.
pub fn feature_requests(tx: &ReadTx<'_>, text: &str, score_min: f64, limit: u32) -> Result<Vec<Found>> {
    let of_type = Filter::equal(Path::known("type"), FEATURE_REQUEST)
        .and(Filter::equal(Path::known("archived"), false))
        .and(Filter::equal(Path::known("isSpam"), false));
    let wanted = Pieces::of(text);
    let mut found = search(tx, text, &of_type, LOOK)?;
    for hit in &mut found {
        hit.score = Some(likeness(&wanted, &hit.ticket));
    }
    found.retain(|hit| hit.score >= Some(score_min));
    found.sort_by(|left, right| right.score.unwrap_or_default().total_cmp(&left.score.unwrap_or_default()));
    found.truncate(limit as usize);
    Ok(found)
}

/// The type of feature requests.
pub const FEATURE_REQUEST: &str = "FEATURE_REQUEST";

/// How much a ticket resembles a text: its title as a whole, or its words anywhere in it.
fn likeness(wanted: &Pieces, ticket: &Doc) -> f64 {
    let title = ticket.text("title").unwrap_or_default();
    let all = format!("{title} {}", said(ticket));
    let score = wanted.likeness(&Pieces::of(title)).max(wanted.share_in(&Pieces::of(&all)) * 0.95);
    (score * 1_000.0).round() / 1_000.0
}

/// What a ticket says besides its title.
pub(super) fn said(ticket: &Doc) -> String {
    let in_form = ticket.body.get("formData").and_then(|form| form["description"].as_str());
    let texts = [ticket.text("description"), ticket.text("plainContent"), in_form];
    texts.into_iter().flatten().find(|text| !text.is_empty()).unwrap_or_default().to_owned()
}

/// Splits a filter into conditions on contacts and conditions on tickets, by the names of properties.
pub fn split_by_session(filter: Filter) -> (Filter, Filter) {
    let conditions = match filter {
        Filter::All(filters) => filters,
        one => vec![one],
    };
    let (contacts, tickets): (Vec<_>, Vec<_>) = conditions.into_iter().partition(is_about_contact);
    (Filter::All(contacts), Filter::All(tickets))
}

fn is_about_contact(filter: &Filter) -> bool {
    const OF_CONTACTS: [&str; 8] =
        ["email", "userId", "phone", "customData", "name", "companyId", "companyName", "gleapId"];
    match filter {
        Filter::Test { path, .. } => {
            path.segments().first().is_some_and(|first| OF_CONTACTS.contains(&first.as_str()))
        }
        Filter::Not(filter) => is_about_contact(filter),
        Filter::All(_) | Filter::Any(_) => false,
    }
}

/// The condition for tickets of the contacts that a filter is true of.
///
/// # Errors
/// [`Error::Invalid`] when it is true of more than 10,000 contacts.
pub fn of_contacts(tx: &ReadTx<'_>, contacts: Filter) -> Result<Filter> {
    Resolver { tx, room: LISTED_CONTACTS_MAX }.of_contacts(contacts)
}

/// The property of a ticket's contact that a path leads to: `plan` for `session.plan`.
pub fn property_of_contact(path: &Path) -> Option<Path> {
    let (first, rest) = path.segments().split_first()?;
    if first == "session" { Path::parse(&rest.join(".")).ok() } else { None }
}

/// How many tests of a filter ask for properties of the tickets' contacts.
pub fn contact_tests(filter: &Filter) -> usize {
    match filter {
        Filter::All(filters) | Filter::Any(filters) => filters.iter().map(contact_tests).sum(),
        Filter::Not(filter) => contact_tests(filter),
        Filter::Test { path, .. } => usize::from(property_of_contact(path).is_some()),
    }
}

/// A filter of tickets in which tests of their contacts' properties have become tests of whose they are.
///
/// # Errors
/// [`Error::Invalid`] when there are more than 20 such tests, or more than 10,000 contacts to list for them.
pub fn through_contacts(tx: &ReadTx<'_>, filter: Filter) -> Result<Filter> {
    if contact_tests(&filter) > CONTACT_TESTS_MAX {
        let sentence = format!("a filter tests properties of `session` {CONTACT_TESTS_MAX} times at most");
        return Err(Error::invalid(sentence));
    }
    Resolver { tx, room: LISTED_CONTACTS_MAX }.resolved(filter)
}

/// Looks up the contacts that one filter asks for.
struct Resolver<'a, 'tx> {
    tx: &'a ReadTx<'tx>,
    /// How many may still be listed.
    room: usize,
}

impl Resolver<'_, '_> {
    fn of_contacts(&mut self, mut contacts: Filter) -> Result<Filter> {
        fold_case(&mut contacts);
        let ids = self.tx.list_ids(&CONTACT, contacts, self.room as u32 + 1)?;
        self.room = self.room.checked_sub(ids.len()).ok_or_else(|| {
            Error::invalid(format!(
                "more than {LISTED_CONTACTS_MAX} contacts fit, add a property that fewer of them have"
            ))
        })?;
        Ok(Filter::one_of(Path::known("session"), ids.iter().map(Id::to_string)))
    }

    fn resolved(&mut self, filter: Filter) -> Result<Filter> {
        match filter {
            Filter::All(filters) => Ok(Filter::All(self.together(filters, Filter::All)?)),
            Filter::Any(filters) => Ok(Filter::Any(self.together(filters, Filter::Any)?)),
            Filter::Not(filter) => Ok(self.resolved(*filter)?.negated()),
            test if contact_tests(&test) > 0 => self.whose(test),
            test => Ok(test),
        }
    }

    /// Resolves what is about contacts alone in one look at them: each part by itself may be true of many more.
    fn together(&mut self, filters: Vec<Filter>, join: fn(Vec<Filter>) -> Filter) -> Result<Vec<Filter>> {
        let (about_contacts, others): (Vec<_>, Vec<_>) = filters.into_iter().partition(tells_contacts);
        let mut resolved: Vec<Filter> =
            others.into_iter().map(|filter| self.resolved(filter)).collect::<Result<_>>()?;
        if !about_contacts.is_empty() {
            resolved.push(self.whose(join(about_contacts))?);
        }
        Ok(resolved)
    }

    /// A filter that is about contacts alone, as one of whose the tickets are.
    fn whose(&mut self, filter: Filter) -> Result<Filter> {
        // If it is true of what is missing, it is of tickets that have no contact.
        let has_nobody = filter.matches(&json!({}));
        let contacts = on_contacts(filter);
        if has_nobody {
            return Ok(self.of_contacts(contacts.negated())?.negated());
        }
        self.of_contacts(contacts)
    }
}

/// Whether every test of a filter is one of the tickets' contacts.
fn tells_contacts(filter: &Filter) -> bool {
    match filter {
        Filter::All(filters) | Filter::Any(filters) => {
            !filters.is_empty() && filters.iter().all(tells_contacts)
        }
        Filter::Not(filter) => tells_contacts(filter),
        Filter::Test { path, .. } => property_of_contact(path).is_some(),
    }
}

/// A filter of what tickets' contacts are, as one of contacts.
fn on_contacts(filter: Filter) -> Filter {
    let each = |filters: Vec<Filter>| filters.into_iter().map(on_contacts).collect();
    match filter {
        Filter::All(filters) => Filter::All(each(filters)),
        Filter::Any(filters) => Filter::Any(each(filters)),
        Filter::Not(filter) => on_contacts(*filter).negated(),
        Filter::Test { path, op } => {
            let path = property_of_contact(&path).unwrap_or(path);
            Filter::Test { path, op }
        }
    }
}

/// Addresses are compared without regard to case, through the column that has them in lower case.
fn fold_case(filter: &mut Filter) {
    use hark_query::{Literal, Op};
    match filter {
        Filter::All(filters) | Filter::Any(filters) => filters.iter_mut().for_each(fold_case),
        Filter::Not(filter) => fold_case(filter),
        Filter::Test { path, op } if *path == Path::known("email") => {
            let lower = |literal: &mut Literal| {
                if let Literal::Text(text) = literal {
                    text.make_ascii_lowercase();
                }
            };
            match op {
                Op::Equal(literal) => lower(literal),
                Op::OneOf(literals) => literals.iter_mut().for_each(lower),
                _ => return,
            }
            *path = Path::known("emailKey");
        }
        Filter::Test { .. } => {}
    }
}

/// What a hit adds to its ticket in an answer.
pub fn annotate(hit: &Found, view: &mut Json) {
    view["foundIn"] = json!(hit.found_in);
    if let Some(score) = hit.score {
        view["score"] = json!(score);
    }
}
