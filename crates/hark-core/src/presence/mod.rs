//! Presence: who is in a project and who looks at a ticket at the moment, and who types.
//!
//! Nothing of it is kept: signs expire unless they are given again. Agents are known by their user
//! ids, contacts by `contact:<id>`.

use std::collections::BTreeMap;

use hark_store::{Attendance, Id, Millis, ReadTx, Result, Sign, Tx, place_stream};
use serde_json::{Value as Json, json};

use crate::assignment;
use crate::tickets::{TICKET, merged};

/// Somebody is there.
pub const HERE: &str = "here";
/// Somebody types, or stopped to.
pub const TYPING: &str = "client-typing";
/// Somebody looks at something, or stopped to.
pub const VIEWING: &str = "client-viewing";

/// What stands before the id in the place of a ticket.
const TICKET_PLACE: &str = "ticket:";
/// What stands before the id in the place of a contact.
const CONTACT_PLACE: &str = "contact:";

/// How long somebody is there who gives no further sign.
const HERE_MS: Millis = 45_000;
/// How long what was said can be read by other nodes.
const SAID_MS: Millis = 15_000;

/// Somebody who is somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// A user's id, or `contact:<id>`.
    pub who: String,
    /// What others may know of it, as JSON.
    pub info: Json,
}

/// The place of whoever works in a project.
pub fn project_place() -> String {
    "project".to_owned()
}

/// The place of whoever looks at a ticket.
pub fn ticket_place(ticket: Id) -> String {
    format!("{TICKET_PLACE}{ticket}")
}

/// The place of a contact, where those are who write to it at the moment.
pub fn contact_place(contact: Id) -> String {
    format!("{CONTACT_PLACE}{contact}")
}

/// The contact at whose place something changed, by the bell that rang.
pub fn contact_of(stream: &str) -> Option<Id> {
    stream.strip_prefix(&place_stream(CONTACT_PLACE)).and_then(Id::parse)
}

/// The sign that somebody is at a place.
pub fn here(place: &str, seat: &str, member: &Member) -> Attendance {
    sign(place, seat, HERE, member)
}

/// Somebody is at a place, for as long as signs come.
pub fn enter(tx: &mut Tx<'_>, sign: &Attendance) -> Result<()> {
    tx.attend(sign, HERE_MS)?;
    // Somebody who came online may take a ticket that waits.
    if sign.place == project_place() { assignment::wake(tx) } else { Ok(()) }
}

/// Those who were there still are.
pub fn stay(tx: &mut Tx<'_>, signs: &[Attendance]) -> Result<()> {
    signs.iter().try_for_each(|sign| tx.keep_attending(sign, HERE_MS))
}

/// Tells whoever is at a place that somebody does something: [`TYPING`] or [`VIEWING`].
pub fn say(tx: &mut Tx<'_>, place: &str, seat: &str, event: &str, member: &Member, data: Json) -> Result<()> {
    let sign = Attendance { data, ..sign(place, seat, event, member) };
    tx.attend(&sign, SAID_MS)
}

/// An agent types in a ticket, or stopped to.
///
/// # Errors
/// [`hark_store::Error::NotFound`] when there is no such ticket.
pub fn type_in(tx: &mut Tx<'_>, ticket: Id, member: &Member, typing: bool) -> Result<()> {
    tx.get(&TICKET, ticket)?;
    type_at(tx, &ticket_place(ticket), &calls_of(member), member, json!({"typing": typing}))
}

/// An agent types at a place, or stopped to: whoever is there is told, and at a ticket the contacts who
/// would read the answer, each of its own conversation.
pub fn type_at(tx: &mut Tx<'_>, place: &str, seat: &str, member: &Member, data: Json) -> Result<()> {
    let typing = data["typing"].as_bool();
    say(tx, place, seat, TYPING, member, data)?;
    let ticket = place.strip_prefix(TICKET_PLACE).and_then(Id::parse);
    let ticket = ticket.map(|ticket| tx.find(&TICKET, ticket)).transpose()?.flatten();
    let (Some(ticket), Some(typing)) = (ticket, typing) else { return Ok(()) };
    for conversation in merged::conversations(tx, ticket)? {
        let Some(contact) = conversation.reference("session") else { continue };
        let told = json!({"typing": typing, "shareToken": conversation.text("shareToken")});
        say(tx, &contact_place(contact), seat, TYPING, member, told)?;
    }
    Ok(())
}

/// An agent looks at a ticket without a socket, or stopped to.
///
/// # Errors
/// [`hark_store::Error::NotFound`] when there is no such ticket.
pub fn view(tx: &mut Tx<'_>, ticket: Id, member: &Member, viewing: bool) -> Result<()> {
    tx.get(&TICKET, ticket)?;
    let (place, seat) = (ticket_place(ticket), calls_of(member));
    if viewing {
        enter(tx, &here(&place, &seat, member))?;
    } else {
        tx.leave(&place, &seat)?;
    }
    say(tx, &place, &seat, VIEWING, member, json!({"viewing": viewing}))
}

/// Who is at a place, of the signs that were read there.
pub fn members(signs: &[Sign]) -> BTreeMap<String, Json> {
    let here = signs.iter().map(|sign| &sign.attendance).filter(|sign| sign.kind == HERE);
    here.map(|sign| (sign.who.clone(), sign.data.clone())).collect()
}

/// The users who have the project open at the moment.
pub fn online(tx: &ReadTx<'_>) -> Result<Vec<Id>> {
    let signs = tx.attendance(&project_place())?;
    Ok(members(&signs).keys().filter_map(|who| Id::parse(who)).collect())
}

/// The seat of whoever calls over HTTP.
fn calls_of(member: &Member) -> String {
    format!("calls:{}", member.who)
}

fn sign(place: &str, seat: &str, kind: &str, member: &Member) -> Attendance {
    Attendance {
        place: place.to_owned(),
        seat: seat.to_owned(),
        kind: kind.to_owned(),
        who: member.who.clone(),
        data: member.info.clone(),
    }
}
