//! What was long ago: closed conversations in any number, many in a transaction.

use std::sync::Arc;

use hark_core::contacts::{self, CONTACT, Identity, Properties, Setter, Visit};
use hark_core::messages::{self, Author, NewMessage};
use hark_core::tickets::{self, NewTicket, Patch};
use hark_store::{Body, Clock, Error, Id, Millis, Result, Scope, Store, Tx, to_body};
use rand::Rng;
use serde_json::json;

use super::cast::{VISIT_MAX, device, dice, first_name, properties, user_id, visit};
use super::client::set;
use super::story::{Conversation, Step};

/// Steps of one transaction.
pub(super) const TOGETHER: usize = 200;

/// Contacts have lower numbers than guests, so that the two do different things.
const FIRST_GUEST: usize = 10_000_000;

/// Something of which there is much.
#[derive(Clone, Copy, Debug)]
pub(super) enum Bulk {
    /// A contact comes for the first time.
    Arrive(usize),
    /// A contact comes again and does something.
    Visit(usize),
    /// Somebody looks around who never says who it is.
    Guest(usize),
    /// A contact had a question, which was answered.
    Question {
        /// A number of its own.
        number: usize,
        /// The contact.
        contact: usize,
    },
}

/// Those who answered, and what was asked.
pub(super) struct Past {
    pub(super) agents: Vec<Id>,
    pub(super) conversations: Vec<Conversation>,
}

/// Does steps together, each with the clock at its moment.
pub(super) async fn play(
    store: &Store,
    scope: &Scope,
    past: &Arc<Past>,
    steps: &mut Vec<(Millis, Bulk)>,
) -> Result<()> {
    let (past, clock, together) = (past.clone(), store.clock().clone(), std::mem::take(steps));
    let work =
        move |tx: &mut Tx<'_>| together.iter().try_for_each(|(at, step)| one(tx, &clock, &past, *at, *step));
    store.write(scope, work).await
}

fn one(tx: &mut Tx<'_>, clock: &Clock, past: &Past, at: Millis, step: Bulk) -> Result<()> {
    set(clock, at);
    match step {
        Bulk::Arrive(contact) => {
            let properties = Properties::from_flat(&properties(contact), Setter::Team);
            contacts::identify_user(tx, &Identity::new(&user_id(contact), properties, true)?, true)?;
        }
        Bulk::Visit(contact) => {
            let events = contacts::read_events(&visit(contact, at), at);
            let id = find(tx, contact)?;
            contacts::track(tx, id, &events)?;
        }
        Bulk::Guest(number) => {
            let contact = contacts::start(tx, &Visit { known: None, device: device(number) })?;
            let until = at + VISIT_MAX;
            set(clock, until);
            contacts::track(
                tx,
                contact.id,
                &contacts::read_events(&visit(FIRST_GUEST + number, until), until),
            )?;
        }
        Bulk::Question { number, contact } => question(tx, clock, past, at, number, contact)?,
    }
    Ok(())
}

fn find(tx: &Tx<'_>, contact: usize) -> Result<Id> {
    let user_id = user_id(contact);
    let found = contacts::find_by_user_id(tx, &user_id)?;
    found.map(|contact| contact.id).ok_or_else(|| Error::not_found(CONTACT.name, user_id))
}

/// A conversation of the story as it may have been before: what its contact wrote, the first answer, and its end.
fn question(
    tx: &mut Tx<'_>,
    clock: &Clock,
    past: &Past,
    at: Millis,
    number: usize,
    contact: usize,
) -> Result<()> {
    let mut random = dice(number as u64 ^ 0xa5a5);
    let conversation = &past.conversations[number % past.conversations.len()];
    let person = find(tx, contact)?;
    let mut properties = to_body(json!({
        "title": conversation.title, "type": conversation.ticket_type, "priority": conversation.priority,
        "tags": conversation.tags,
    }));
    let steps = conversation.steps()?;
    let asked = match &steps[0].1 {
        Step::Contact(text) | Step::Attach(text) => Some(text),
        Step::Report(text) => {
            properties.insert("description".to_owned(), json!(text));
            None
        }
        _ => None,
    };
    let ticket = tickets::create(tx, NewTicket::new(properties).of_contact(person))?.id;
    if let Some(text) = asked {
        messages::post(tx, NewMessage::new(ticket, Author::Contact(person), text.as_str()))?;
    }
    let agent = past.agents[random.random_range(0..past.agents.len())];
    let answered = at + random.random_range(60_000..3_600_000);
    set(clock, answered);
    if let Some((_, Step::Agent(text))) = steps.iter().find(|(_, step)| matches!(step, Step::Agent(_))) {
        let text = text.replace("{first}", first_name(contact)).replace(['*', '`'], "");
        messages::post(tx, NewMessage::new(ticket, Author::User(agent), text))?;
    }
    set(clock, answered + random.random_range(60_000..7_200_000));
    let mut end: Body = to_body(json!({"status": "DONE", "processingUser": agent}));
    if random.random_range(0..100) < 45 {
        end.insert("conversationRating".to_owned(), json!(random.random_range(3..=5)));
    }
    if random.random_range(0..100) < 30 {
        end.insert("archived".to_owned(), json!(true));
    }
    tickets::update(tx, ticket, Patch::new(end)).map(drop)
}
