//! Tickets that say the same: duplicates, merges and their undoing, and votes.

use axum::http::Method;
use hark_core::tickets::duplicates::{self, LIKENESS_MIN};
use hark_core::tickets::{self, MergeInput, TICKET_MERGE, TicketView, VoteInput};
use hark_store::{Error, Id, Permission, ReadTx, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::{READ, WRITE, ticket_id, write};
use crate::answer::{Document, Documents, Reply};
use crate::call::Call;
use crate::operation::{Body, NoBody, Operation};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::new(Method::PUT, "/v3/tickets/merge", "MergeTickets", WRITE, merge)
            .summary("Merge tickets into one; answers the one that stays"),
        Operation::new(Method::GET, "/v3/tickets/{ticketId}/merges", "GetTicketMerges", READ, merges)
            .summary("List the merges into a ticket, the newest first"),
        Operation::new(
            Method::POST,
            "/v3/tickets/{ticketId}/merges/{mergeId}/undo",
            "UndoTicketMerge",
            WRITE,
            undo,
        )
        .summary("Undo a merge; answers the ticket that the others had become part of"),
        Operation::new(Method::POST, "/v3/tickets/deduplicate", "FindDuplicates", READ, find)
            .summary("Find feature requests that say the same"),
        Operation::new(
            Method::PUT,
            "/v3/tickets/deduplicate/merge",
            "MergeDuplicateGroup",
            WRITE,
            merge_group,
        )
        .summary("Merge feature requests that say the same; each address keeps one vote"),
        Operation::new(Method::POST, "/v3/tickets/{ticketId}/vote", "VoteForTicket", WRITE, vote)
            .summary("Vote for a ticket, take the vote back, or be told of its news or not"),
    ]
}

async fn merge(call: Call, Body(input): Body<MergeInput>) -> Result<Document<TicketView>> {
    if input.should_merge_contacts {
        call.scope.need(Permission::ContactsWrite)?;
    }
    write(&call, move |tx| tickets::merge(tx, &input)).await
}

/// A merge of tickets.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes what is answered as it is stored")]
struct MergeView {
    /// The merge's id, with which it is undone.
    id: Id,
    /// The ticket that stayed.
    target: Id,
    /// The tickets that became part of it.
    sources: Vec<SourceView>,
    /// Whether the ticket was made by the merge.
    created_new: bool,
    /// When it was made, ISO 8601.
    created_at: String,
    /// When it was undone, ISO 8601.
    undone_at: Option<String>,
}

/// A ticket that became part of another.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes what is answered")]
struct SourceView {
    /// Its id.
    id: Id,
    /// Its number.
    bug_id: Option<u64>,
    /// Its title; one that was deleted since has none.
    title: Option<String>,
    /// What it was, of what the merge changed.
    before: Map<String, Json>,
}

async fn merges(call: Call, _: NoBody) -> Result<Documents<MergeView>> {
    let id = ticket_id(&call)?;
    Ok(Documents::of(call.read(move |tx| tickets::merges(tx, id)).await?))
}

async fn undo(call: Call, _: NoBody) -> Result<Document<TicketView>> {
    let (id, merge) = (ticket_id(&call)?, call.path_id("mergeId", TICKET_MERGE.name)?);
    write(&call, move |tx| tickets::unmerge(tx, id, merge)).await
}

/// What counts as saying the same.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct Wanted {
    /// The type of the tickets; `FEATURE_REQUEST` unless said otherwise.
    #[serde(rename = "type")]
    ticket_type: Option<String>,
    /// How alike titles must be at least, from 0.3 to 1; 0.7 unless said otherwise.
    min_score: Option<f64>,
}

/// Tickets that say the same.
#[derive(Serialize, JsonSchema)]
struct Groups {
    /// Each with the ticket that has the most votes, and the others.
    #[schemars(with = "Vec<GroupView>")]
    groups: Vec<Json>,
}

/// Tickets that say the same.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes what is answered")]
struct GroupView {
    /// The one with the most votes.
    main_ticket: Map<String, Json>,
    /// The others.
    duplicates: Vec<Map<String, Json>>,
    /// How alike they are at least, from 0 to 1.
    score: f64,
}

async fn find(call: Call, Body(wanted): Body<Wanted>) -> Result<Reply<Groups>> {
    let likeness_min = wanted.min_score.unwrap_or(LIKENESS_MIN);
    if !(0.3..=1.0).contains(&likeness_min) {
        return Err(Error::invalid("`minScore` is a number from 0.3 to 1"));
    }
    let work = move |tx: &ReadTx<'_>| duplicates::duplicates(tx, wanted.ticket_type.as_deref(), likeness_min);
    let groups = call.read(work).await?;
    Ok(Reply(Groups { groups: groups.iter().map(duplicates::view).collect() }))
}

/// Tickets that are to be one.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct GroupInput {
    /// The ticket that stays.
    main_ticket_id: Id,
    /// Those that become part of it, 50 at most.
    duplicate_ticket_ids: Vec<Id>,
}

async fn merge_group(call: Call, Body(group): Body<GroupInput>) -> Result<Document<TicketView>> {
    let input = MergeInput {
        tickets_to_merge_ids: group.duplicate_ticket_ids,
        target_ticket_id: Some(group.main_ticket_id),
        should_merge_tasks: true,
        ..MergeInput::default()
    };
    write(&call, move |tx| tickets::merge(tx, &input)).await
}

async fn vote(call: Call, Body(input): Body<VoteInput>) -> Result<Document<TicketView>> {
    let id = ticket_id(&call)?;
    write(&call, move |tx| tickets::vote(tx, id, &input)).await
}
