//! What workflows do.

use hark_content::Rich;
use hark_query::dates::format_date;
use hark_store::{Doc, Error, Id, NewJob, Result, Tx, to_body};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::runs::{self, Cause};
use super::subject::fill;
use super::triggers::TriggerType;
use super::{MAIL_JOB, WORKFLOW, subject};
use crate::documents::LINE_MAX;
use crate::messages::{self, Author, NewMessage};
use crate::teams::TEAM;
use crate::tickets::{self, Patch, TICKET, types};
use crate::webhooks::{self, WEBHOOK};

/// Tags of an action.
const TAGS_MAX: usize = 50;
/// Characters of the text of a mail or message.
const TEXT_MAX: usize = 20_000;
/// The longest time that an action can wait or let a ticket sleep: a year.
const SECONDS_MAX: u64 = 366 * 24 * 60 * 60;

/// Something that a workflow does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", content = "data", rename_all = "snake_case")]
pub enum Action {
    /// Gives the ticket to a user, or takes it from whoever has it.
    AssignUser {
        /// The user.
        user: Option<Id>,
    },
    /// Gives the ticket to a team, or takes it from the one that has it.
    AssignTeam {
        /// The team.
        team: Option<Id>,
    },
    /// Adds tags.
    AddTags {
        /// The tags.
        tags: Vec<String>,
    },
    /// Removes tags.
    RemoveTags {
        /// The tags.
        tags: Vec<String>,
    },
    /// Sets the status.
    SetStatus {
        /// The status.
        status: String,
    },
    /// Sets the priority.
    SetPriority {
        /// `LOW`, `MEDIUM` or `HIGH`.
        priority: String,
    },
    /// Sets the type.
    SetType {
        /// The type.
        #[serde(rename = "ticketType")]
        ticket_type: String,
    },
    /// Answers the contact.
    Reply {
        /// A text, in which `{{session.name}}` is filled in, or a TipTap document.
        content: Json,
    },
    /// Writes a note for agents.
    Note {
        /// A text, in which `{{session.name}}` is filled in, or a TipTap document.
        content: Json,
    },
    /// Lets the ticket sleep.
    Snooze {
        /// For so long.
        seconds: u64,
    },
    /// Closes the ticket.
    Close,
    /// Archives the ticket.
    Archive,
    /// Sends the ticket to a webhook of the project, with its signature.
    CallWebhook {
        /// The webhook.
        webhook: Id,
    },
    /// Sends a mail.
    SendEmail {
        /// An address; without one, the contact's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<String>,
        /// The subject, in which `{{title}}` is filled in.
        subject: String,
        /// A text, in which `{{session.name}}` is filled in, or a TipTap document.
        content: Json,
    },
    /// Starts another workflow on the ticket.
    StartWorkflow {
        /// The workflow.
        workflow: Id,
    },
    /// Goes on after a while.
    Wait {
        /// After so long.
        seconds: u64,
    },
}

impl Action {
    /// Its name on the wire.
    pub fn name(&self) -> String {
        json!(self)["type"].as_str().unwrap_or_default().to_owned()
    }
}

/// Refuses an action that could never work.
pub(super) fn check(tx: &Tx<'_>, action: &Action) -> Result<()> {
    let line = |name: &str, text: &str| {
        let fits = !text.trim().is_empty() && text.chars().count() <= LINE_MAX;
        let sentence =
            || Error::invalid(format!("`{name}` of an action has between 1 and {LINE_MAX} characters"));
        if fits { Ok(()) } else { Err(sentence()) }
    };
    match action {
        Action::AssignTeam { team: Some(team) } => tx.get(&TEAM, *team).map(drop).map_err(unknown),
        Action::CallWebhook { webhook } => tx.get(&WEBHOOK, *webhook).map(drop).map_err(unknown),
        Action::StartWorkflow { workflow } => tx.get(&WORKFLOW, *workflow).map(drop).map_err(unknown),
        Action::AddTags { tags } | Action::RemoveTags { tags } => {
            if tags.is_empty() || tags.len() > TAGS_MAX {
                return Err(Error::invalid(format!(
                    "`tags` of an action has between 1 and {TAGS_MAX} entries"
                )));
            }
            tags.iter().try_for_each(|tag| line("tags", tag))
        }
        Action::SetStatus { status } => line("status", status),
        Action::SetType { ticket_type } => line("ticketType", ticket_type),
        Action::SetPriority { priority } if !["LOW", "MEDIUM", "HIGH"].contains(&priority.as_str()) => {
            Err(Error::invalid("`priority` of an action must be one of LOW, MEDIUM, HIGH"))
        }
        Action::Reply { content } | Action::Note { content } => check_content(content),
        Action::SendEmail { to, subject, content } => {
            line("subject", subject)?;
            to.iter().try_for_each(|to| line("to", to))?;
            check_content(content)
        }
        Action::Snooze { seconds } | Action::Wait { seconds } if !(1..=SECONDS_MAX).contains(seconds) => {
            Err(Error::invalid(format!("`seconds` of an action is between 1 and {SECONDS_MAX}")))
        }
        _ => Ok(()),
    }
}

/// A document that an action names and the project does not have.
fn unknown(error: Error) -> Error {
    match error {
        Error::NotFound { .. } => {
            Error::invalid(format!("an action names something that is not there: {error}"))
        }
        error => error,
    }
}

fn check_content(content: &Json) -> Result<()> {
    let content = Rich::from_wire(content)?;
    if content.is_blank() || content.plain().chars().count() > TEXT_MAX {
        return Err(Error::invalid(format!(
            "`content` of an action has between 1 and {TEXT_MAX} characters"
        )));
    }
    Ok(())
}

/// How a run goes on after an action.
pub(super) enum Next {
    /// At once.
    Now,
    /// After so many milliseconds.
    After(i64),
}

/// Does it. `run` is the run and `step` the action's place in it.
pub(super) fn perform(
    tx: &mut Tx<'_>,
    action: &Action,
    run: &Doc,
    step: usize,
    ticket: &Doc,
) -> Result<Next> {
    let set = |tx: &mut Tx<'_>, property: &str, value: Json| {
        tickets::update(tx, ticket.id, Patch::set(property, value))
    };
    match action {
        Action::AssignUser { user } => drop(set(tx, "processingUser", json!(user))?),
        Action::AssignTeam { team } => drop(set(tx, "processingTeam", json!(team))?),
        Action::AddTags { tags } => drop(set(tx, "tags", with_tags(ticket, tags))?),
        Action::RemoveTags { tags } => drop(set(tx, "tags", without_tags(ticket, tags))?),
        Action::SetStatus { status } => drop(set(tx, "status", json!(status))?),
        Action::SetPriority { priority } => drop(set(tx, "priority", json!(priority))?),
        Action::SetType { ticket_type } => drop(set(tx, "type", json!(ticket_type))?),
        Action::Close => {
            let closed = types::closed_status(tx, ticket.text("type").unwrap_or_default())?;
            set(tx, "status", json!(closed))?;
        }
        Action::Archive => drop(set(tx, "archived", json!(true))?),
        Action::Snooze { seconds } => {
            let until = format_date(tx.now().saturating_add(milliseconds(*seconds)));
            let changes = to_body(json!({ "snoozed": true, "snoozedUntil": until }));
            tickets::update(tx, ticket.id, Patch::new(changes))?;
        }
        Action::Reply { content } | Action::Note { content } => {
            let content = filled(tx, content, ticket)?;
            let message = NewMessage::new(ticket.id, Author::Bot, content);
            let is_note = matches!(action, Action::Note { .. });
            messages::post(tx, if is_note { message.as_note() } else { message })?;
        }
        Action::CallWebhook { webhook } => webhooks::call(tx, *webhook, "ticket.workflow", ticket.id)?,
        Action::SendEmail { .. } => {
            let job = NewJob::new(MAIL_JOB, json!({ "run": run.id, "step": step }));
            tx.enqueue(job.unique(format!("{MAIL_JOB}:{}:{step}", run.id)))?;
        }
        Action::StartWorkflow { workflow } => start_another(tx, *workflow, run, step, ticket)?,
        Action::Wait { seconds } => return Ok(Next::After(milliseconds(*seconds))),
    }
    Ok(Next::Now)
}

fn start_another(tx: &mut Tx<'_>, id: Id, run: &Doc, step: usize, ticket: &Doc) -> Result<()> {
    let (_, workflow) = super::published(tx, id)?;
    let subject = subject(tx, ticket)?;
    let cause = Cause {
        trigger: TriggerType::Manual,
        key: format!("{id}:{}:{step}", run.id),
        by: run.reference("job"),
        event: None,
    };
    runs::start(tx, id, &workflow, ticket.id, &subject, &cause)?;
    Ok(())
}

fn milliseconds(seconds: u64) -> i64 {
    i64::try_from(seconds.min(SECONDS_MAX)).unwrap_or_default() * 1_000
}

/// A text with its variables filled in; documents stay as they are.
pub(super) fn filled(tx: &Tx<'_>, content: &Json, ticket: &Doc) -> Result<Json> {
    match content {
        Json::String(text) => Ok(Json::String(fill(text, &subject(tx, ticket)?))),
        document => Ok(document.clone()),
    }
}

fn tags_of(ticket: &Doc) -> Vec<Json> {
    ticket.body.get("tags").and_then(Json::as_array).cloned().unwrap_or_default()
}

fn with_tags(ticket: &Doc, tags: &[String]) -> Json {
    let mut all = tags_of(ticket);
    for tag in tags {
        if !all.iter().any(|known| known == tag) {
            all.push(json!(tag));
        }
    }
    Json::Array(all)
}

fn without_tags(ticket: &Doc, tags: &[String]) -> Json {
    tags_of(ticket).into_iter().filter(|tag| !tags.iter().any(|gone| tag == gone)).collect()
}

/// The ticket of a run, locked; an error says that it is gone.
pub(super) fn ticket_of(tx: &Tx<'_>, run: &Doc) -> Result<Doc> {
    let id = run.reference("ticket").ok_or_else(|| Error::internal("a run without a ticket"))?;
    tickets::locks::with_contacts(tx, &[id], None)?;
    tx.get(&TICKET, id)
}
