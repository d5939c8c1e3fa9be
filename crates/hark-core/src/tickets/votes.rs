//! Votes for feature requests, and who wants to hear of them: by mail address, one each.

use hark_query::{Filter, Path};
use hark_store::{Body, Doc, Error, Field, Id, Kind, ReadTx, Result, Tx, to_body};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{TICKET, update};
use crate::access::Address;

/// Somebody's vote for a ticket (`voted`), and whether it is told of news (`subscribed`).
/// `pair` is `ticket:address`; `mergedFrom` is the ticket that it was for before that became part of this one.
pub const TICKET_VOTE: Kind = Kind {
    hidden: &["pair", "emailKey", "mergeHistory"],
    ..Kind::new(
        "vote",
        "ticket_vote",
        &[
            Field::text("ticket", "ticket"),
            Field::text("emailKey", "email_key"),
            Field::text("pair", "pair"),
            Field::text("mergedFrom", "merged_from"),
        ],
    )
};

/// Votes and subscriptions of a ticket at most.
pub(super) const VOTES_MAX: u32 = 20_000;
/// Votes that an answer shows.
const SHOWN_MAX: u32 = 1_000;
/// Characters of a name.
const NAME_MAX: usize = 200;

/// What somebody wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum VoteAction {
    /// To vote and be told of news, or to take both back.
    #[default]
    Toggle,
    /// To be told of news.
    Subscribe,
    /// To be told of no news; a vote stays.
    Unsubscribe,
}

/// Somebody's wish.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct VoteInput {
    /// The mail address.
    pub email: String,
    /// The name.
    pub name: Option<String>,
    /// What is wanted; `toggle` unless said otherwise.
    #[serde(default)]
    pub action: VoteAction,
}

/// Votes for a ticket, or takes the vote back, and returns the ticket.
///
/// # Errors
/// [`Error::NotFound`] when there is no such ticket, [`Error::Invalid`] for what is no address.
pub fn vote(tx: &mut Tx<'_>, id: Id, input: &VoteInput) -> Result<Doc> {
    let address = Address::parse(&input.email)?;
    let name: Option<String> = input.name.as_ref().map(|name| name.chars().take(NAME_MAX).collect());
    let ticket = tx.get_locked(&TICKET, id)?;
    let known = tx.find_by_locked(&TICKET_VOTE, "pair", &pair(id, &address.key))?;
    let had = known.as_ref().is_some_and(|vote| vote.is_true("voted"));
    let (voted, subscribed) = match input.action {
        VoteAction::Toggle => (!had, !had),
        VoteAction::Subscribe => (had, true),
        VoteAction::Unsubscribe => (had, false),
    };
    match known {
        Some(vote) if !voted && !subscribed => drop(tx.delete(&TICKET_VOTE, vote.id)?),
        Some(mut vote) => {
            vote.set("voted", voted);
            vote.set("subscribed", subscribed);
            tx.save(&TICKET_VOTE, vote)?;
        }
        None if voted || subscribed => {
            let of_ticket = Filter::equal(Path::known("ticket"), id.to_string());
            if tx.count(&TICKET_VOTE, &of_ticket)? >= u64::from(VOTES_MAX) {
                return Err(Error::invalid(format!("a ticket has {VOTES_MAX} votes at most")));
            }
            let vote = json!({
                "ticket": id, "email": address.text, "emailKey": address.key, "name": name,
                "pair": pair(id, &address.key), "voted": voted, "subscribed": subscribed,
            });
            tx.insert(&TICKET_VOTE, to_body(vote))?;
        }
        None => {}
    }
    count(tx, ticket, i64::from(voted) - i64::from(had))
}

/// Adds to the count of a ticket's votes.
fn count(tx: &mut Tx<'_>, mut ticket: Doc, more: i64) -> Result<Doc> {
    let before = ticket.body.clone();
    let votes = ticket.body.get("upvotesCount").and_then(Json::as_i64).unwrap_or_default();
    ticket.set("upvotesCount", (votes + more).max(0));
    update::save(tx, before, ticket)
}

pub(super) fn pair(ticket: Id, email_key: &str) -> String {
    format!("{ticket}:{email_key}")
}

/// The votes and subscriptions of a ticket, the oldest first.
pub(super) fn all(tx: &ReadTx<'_>, ticket: Id, limit: u32) -> Result<Vec<Doc>> {
    tx.all_by(&TICKET_VOTE, "ticket", &ticket.to_string(), limit)
}

/// How many votes there are among votes and subscriptions.
pub(super) fn votes_in(docs: &[Doc]) -> usize {
    docs.iter().filter(|vote| vote.is_true("voted")).count()
}

/// Who voted for a ticket, as answers show it.
pub(super) fn shown(tx: &ReadTx<'_>, ticket: Id) -> Result<Json> {
    let view = |vote: &Doc| {
        let mut body = Body::new();
        for name in ["_id", "id", "email", "name", "subscribed", "createdAt"] {
            body.extend(vote.body.get(name).map(|value| (name.to_owned(), value.clone())));
        }
        Json::Object(body)
    };
    Ok(all(tx, ticket, SHOWN_MAX)?.iter().filter(|vote| vote.is_true("voted")).map(view).collect())
}

/// Takes back every vote of an address: its owner is to be forgotten.
pub(super) fn forget(tx: &mut Tx<'_>, email: &str) -> Result<u64> {
    let key = email.trim().to_lowercase();
    let mut forgotten = 0;
    loop {
        let votes = tx.all_by(&TICKET_VOTE, "emailKey", &key, 500)?;
        if key.is_empty() || votes.is_empty() {
            return Ok(forgotten);
        }
        for vote in votes {
            tx.delete(&TICKET_VOTE, vote.id)?;
            forgotten += 1;
            let ticket =
                vote.reference("ticket").map(|id| tx.find_locked(&TICKET, id)).transpose()?.flatten();
            if let Some(ticket) = ticket.filter(|_| vote.is_true("voted")) {
                count(tx, ticket, -1)?;
            }
        }
    }
}
