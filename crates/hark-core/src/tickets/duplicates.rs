//! Feature requests that say the same.

use hark_query::{Filter, Path};
use hark_store::{Doc, Listing, ReadTx, Result};
use serde_json::{Value as Json, json};

use super::TICKET;
use super::search::FEATURE_REQUEST;
use super::similarity::Pieces;

/// Requests that are compared, the newest ones.
const COMPARED_MAX: u32 = 500;
/// Characters of a title that are compared with those of every other one.
const COMPARED_CHARS_MAX: usize = 200;
/// How alike two titles are that say the same, unless a caller says otherwise.
pub const LIKENESS_MIN: f64 = 0.7;

/// Requests that say the same; the main one has the most votes, and then is the oldest.
#[derive(Debug)]
pub struct Group {
    /// The main one first.
    pub tickets: Vec<Doc>,
    /// How alike the least alike of the others is to another of them.
    pub score: f64,
}

/// The groups of open tickets of a type whose titles are at least so much alike.
pub fn duplicates(tx: &ReadTx<'_>, ticket_type: Option<&str>, likeness_min: f64) -> Result<Vec<Group>> {
    let filter = Filter::equal(Path::known("type"), ticket_type.unwrap_or(FEATURE_REQUEST))
        .and(Filter::equal(Path::known("archived"), false))
        .and(Filter::equal(Path::known("isSpam"), false));
    let tickets = tx.list(&TICKET, &Listing::new(filter, COMPARED_MAX))?.docs;
    let pieces: Vec<Pieces> = tickets.iter().map(|ticket| Pieces::of(&beginning(ticket))).collect();
    Ok(grouped(&pieces, likeness_min)
        .into_iter()
        .map(|(members, score)| group(&tickets, &members, score))
        .collect())
}

/// The part of a ticket's title that is compared.
fn beginning(ticket: &Doc) -> String {
    ticket.text("title").unwrap_or_default().chars().take(COMPARED_CHARS_MAX).collect()
}

fn group(tickets: &[Doc], members: &[usize], score: f64) -> Group {
    let mut tickets: Vec<Doc> = members.iter().map(|member| tickets[*member].clone()).collect();
    let votes = |ticket: &Doc| ticket.body.get("upvotesCount").and_then(Json::as_i64).unwrap_or_default();
    tickets.sort_by_key(|ticket| (-votes(ticket), ticket.id));
    Group { tickets, score: (score * 1_000.0).round() / 1_000.0 }
}

/// Groups of two and more whose members are alike, directly or through others of the group.
fn grouped(pieces: &[Pieces], likeness_min: f64) -> Vec<(Vec<usize>, f64)> {
    let mut group_of: Vec<usize> = (0..pieces.len()).collect();
    let mut scores = vec![1.0_f64; pieces.len()];
    for right in 1..pieces.len() {
        for left in 0..right {
            let likeness = pieces[left].likeness(&pieces[right]);
            let (from, to) = (group_of[right], group_of[left]);
            if likeness >= likeness_min && from != to {
                scores[to] = scores[to].min(scores[from]).min(likeness);
                group_of.iter_mut().filter(|group| **group == from).for_each(|group| *group = to);
            }
        }
    }
    let members = |group: usize| (0..pieces.len()).filter(|one| group_of[*one] == group).collect::<Vec<_>>();
    let groups = (0..pieces.len()).map(|group| (members(group), scores[group]));
    groups.filter(|(members, _)| members.len() > 1).collect()
}

/// A group as it is answered.
pub fn view(group: &Group) -> Json {
    let stub = |ticket: &Doc| {
        let names = ["_id", "id", "bugId", "title", "type", "status", "upvotesCount", "createdAt"];
        let known =
            names.iter().filter_map(|name| Some(((*name).to_owned(), ticket.body.get(*name)?.clone())));
        Json::Object(known.collect())
    };
    let mut stubs = group.tickets.iter().map(stub);
    let main = stubs.next().unwrap_or_default();
    json!({"mainTicket": main, "duplicates": stubs.collect::<Vec<_>>(), "score": group.score})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alike_titles_are_grouped_through_each_other() {
        let titles = [
            "Dark mode",
            "Export to CSV",
            "Add dark mode",
            "Add a dark mode",
            "Export to CSV!",
            "Something else",
        ];
        let pieces: Vec<Pieces> = titles.iter().map(|title| Pieces::of(title)).collect();
        let groups = grouped(&pieces, LIKENESS_MIN);
        let members: Vec<&[usize]> = groups.iter().map(|(members, _)| members.as_slice()).collect();
        assert_eq!(members, [&[0, 2, 3][..], &[1, 4][..]]);
        assert_eq!(groups[1].1, 1.0);
        assert!((LIKENESS_MIN..1.0).contains(&groups[0].1));
        assert!(grouped(&[], 0.5).is_empty());
    }
}
