//! Room between the cards of a lane: their ranks are given anew where nothing fits between two of them.

use std::collections::BTreeSet;

use hark_query::{Filter, Path, Sort, SortKey};
use hark_store::{Doc, Error, Id, Listing, Result, Tx};

use super::TICKET;
use crate::rank;

/// Cards at the top of a lane that get new ranks at most.
const RANKED_MAX: usize = 500;

/// Gives the cards at the top of a lane new ranks, so that there is room behind one of them or before
/// another, and returns the rank between. The lane is without the card that moves there.
///
/// # Errors
/// [`Error::Invalid`] when they are not there, in the wrong order, or too far down.
pub(super) fn make_room(
    tx: &mut Tx<'_>,
    lane: Filter,
    after: Option<Id>,
    before: Option<Id>,
) -> Result<String> {
    let is_false = |name| Filter::equal(Path::known(name), false);
    let sort = Sort { keys: vec![SortKey { path: Path::known("lexorank"), descending: false }] };
    let shown = lane.and(is_false("archived")).and(is_false("isSpam"));
    let mut cards = tx.list(&TICKET, &Listing { sort, ..Listing::new(shown, RANKED_MAX as u32 + 1) })?.docs;
    let below = (cards.len() > RANKED_MAX).then(|| cards.pop()).flatten();
    let at = place(&cards, after, before)
        .filter(|_| {
            below.as_ref().is_none_or(|below| below.text("lexorank") > Some(&rank::of_place(RANKED_MAX)))
        })
        .ok_or_else(|| {
            Error::invalid(format!(
                "there is no place between these tickets: `afterTicketId` must be in front of \
                 `beforeTicketId`, both in the lane and among its first {RANKED_MAX}"
            ))
        })?;
    let in_order: BTreeSet<Id> = cards.iter().map(|card| card.id).collect();
    in_order.into_iter().try_for_each(|id| tx.get_locked(&TICKET, id).map(drop))?;
    for (index, card) in cards.iter().enumerate() {
        let rank = rank::of_place(if index < at { index } else { index + 1 });
        let mut card = tx.get(&TICKET, card.id)?;
        if card.text("lexorank") != Some(&rank) {
            card.set("lexorank", rank);
            tx.save(&TICKET, card)?;
        }
    }
    Ok(rank::of_place(at))
}

/// The place behind one card, or else before another, if that is behind the first.
fn place(cards: &[Doc], after: Option<Id>, before: Option<Id>) -> Option<usize> {
    let place_of = |id: Id| cards.iter().position(|card| card.id == id);
    match (after, before) {
        (Some(after), Some(before)) => {
            let at = place_of(after)? + 1;
            (place_of(before)? >= at).then_some(at)
        }
        (Some(after), None) => Some(place_of(after)? + 1),
        (None, before) => place_of(before?),
    }
}
