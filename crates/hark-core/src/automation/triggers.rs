//! What starts workflows: entries of the tickets' timelines.

use std::collections::{BTreeMap, BTreeSet};

use hark_store::{Actor, Doc, Error, Id, Result, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::runs::{self, Cause};
use super::subject;
use crate::follow::Entry;
use crate::tickets::{TICKET, TICKET_EVENT, label_of};

/// Properties that a trigger names at most.
const PROPERTIES_MAX: usize = 50;

/// The event of an entry of a timeline.
pub(crate) const TIMELINE_EVENT: &str = "ticket.event";

/// What starts a workflow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Trigger {
    /// What happens.
    #[serde(rename = "type")]
    pub trigger_type: TriggerType,
    /// Of `ticket_updated`: only if one of these properties changed; none means any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<String>,
}

/// Something that happens to a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TriggerType {
    /// It was created.
    TicketCreated,
    /// A property changed.
    TicketUpdated,
    /// Its status changed.
    StatusChanged,
    /// Its contact wrote.
    MessageReceived,
    /// An agent answered.
    MessageSent,
    /// An answer or a solution is late.
    SlaBreached,
    /// It does not sleep any more.
    SnoozeEnded,
    /// Somebody or another workflow starts it; needs no trigger.
    Manual,
}

pub(super) fn check(trigger: &Trigger) -> Result<()> {
    if trigger.properties.len() > PROPERTIES_MAX {
        return Err(Error::invalid(format!("a trigger names {PROPERTIES_MAX} properties at most")));
    }
    Ok(())
}

impl Trigger {
    /// Whether it is what an entry of the timeline tells.
    pub(super) fn fits(&self, types: &[TriggerType], property: Option<&str>) -> bool {
        let is_named = |property: &str| self.properties.iter().any(|name| name == property);
        types.contains(&self.trigger_type)
            && (self.trigger_type != TriggerType::TicketUpdated
                || self.properties.is_empty()
                || property.is_some_and(is_named))
    }
}

/// What an entry of a timeline means to workflows.
pub(super) fn types_of(entry: &Doc) -> Vec<TriggerType> {
    let data = |name: &str| entry.body.get("data").and_then(|data| data.get(name)).and_then(Json::as_str);
    match entry.text("action").unwrap_or_default() {
        "CREATE_TICKET" => vec![TriggerType::TicketCreated],
        "TICKET_STATUS_CHANGE" => vec![TriggerType::StatusChanged, TriggerType::TicketUpdated],
        "ASSIGN_TICKET" | "UNASSIGN_TICKET" => vec![TriggerType::TicketUpdated],
        "TICKET_UPDATED" => {
            let woke = entry.text("property") == Some("snoozed") && entry.is_true("before");
            let mut types = vec![TriggerType::TicketUpdated];
            types.extend(woke.then_some(TriggerType::SnoozeEnded));
            types
        }
        "COMMENT_CREATED" if data("senderType") == Some("user") => vec![TriggerType::MessageReceived],
        "TICKET_REPLY" => vec![TriggerType::MessageSent],
        "SLA_BREACHED" => vec![TriggerType::SlaBreached],
        _ => Vec::new(),
    }
}

/// Starts the workflows that these entries trigger.
pub(crate) fn notice(tx: &mut Tx<'_>, entries: &[Entry<'_>]) -> Result<()> {
    let workflows = super::automatic(tx)?;
    if workflows.is_empty() {
        return Ok(());
    }
    let mut started = BTreeSet::new();
    let mut subjects: BTreeMap<Id, Option<Json>> = BTreeMap::new();
    for Entry { event, change } in entries {
        let entry = event.document.as_deref().and_then(Id::parse);
        let Some(entry) = entry.map(|id| tx.find(&TICKET_EVENT, id)).transpose()?.flatten() else { continue };
        let Some(ticket) = entry.reference("ticket") else { continue };
        let types = types_of(&entry);
        for (id, workflow) in &workflows {
            let fits = |trigger: &&super::Trigger| trigger.fits(&types, entry.text("property"));
            let Some(trigger) = workflow.triggers.iter().find(fits) else { continue };
            // A change of several properties is one; every message is something of its own.
            let what = if entry.text("property").is_some() { *change } else { event.seq };
            if !started.insert((*id, ticket, what)) {
                continue;
            }
            if let std::collections::btree_map::Entry::Vacant(unknown) = subjects.entry(ticket) {
                let doc = tx.find(&TICKET, ticket)?;
                unknown.insert(doc.map(|doc| subject(tx, &doc)).transpose()?);
            }
            let Some(Some(subject)) = subjects.get(&ticket) else { continue };
            let cause = Cause {
                trigger: trigger.trigger_type,
                key: format!("{id}:{ticket}:{what}"),
                by: cause_of(&event.actor),
                event: Some(entry.id),
            };
            runs::start(tx, *id, workflow, ticket, subject, &cause)?;
        }
    }
    Ok(())
}

/// The job behind an event, if it was one.
fn cause_of(actor: &str) -> Option<Id> {
    let prefix = Actor::Job { id: Id::INSTANCE }.label();
    let (kind, _) = prefix.split_once(':')?;
    actor.strip_prefix(kind)?.strip_prefix(':').and_then(Id::parse)
}

/// Who starts a workflow by hand, as runs keep it.
pub(super) fn starter(actor: &Actor) -> &'static str {
    label_of(actor)
}
