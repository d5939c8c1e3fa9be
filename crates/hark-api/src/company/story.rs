//! The conversations of the story, as they are written down in `story.json`.

use hark_store::{Error, Millis, Result};
use serde::Deserialize;

const STORY: &str = include_str!("story.json");
const MINUTE: Millis = 60_000;

/// A conversation.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Conversation {
    /// What it is about.
    pub(super) title: String,
    /// Its type.
    #[serde(rename = "type")]
    pub(super) ticket_type: String,
    /// Which team it belongs to.
    pub(super) team: String,
    /// Who takes it, if anybody does.
    pub(super) agent: Option<String>,
    /// How urgent it is.
    pub(super) priority: String,
    /// Its tags.
    pub(super) tags: Vec<String>,
    /// What is captured with a report.
    pub(super) capture: Option<Capture>,
    /// The language in which it is held, English unless said otherwise.
    pub(super) lang: Option<String>,
    /// What happens, each with the minutes since the beginning.
    steps: Vec<(i64, String, serde_json::Value)>,
}

/// What is captured with a report.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Capture {
    /// Which page was open.
    pub(super) page: String,
    /// The last line of the console.
    pub(super) error: String,
    /// The call that has to do with it: method and path.
    pub(super) call: String,
    /// How that was answered.
    pub(super) status: u16,
}

/// Something that happens in a conversation.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    /// The contact writes.
    Contact(String),
    /// The contact sends a picture with a text.
    Attach(String),
    /// The contact sends a report.
    Report(String),
    /// The agent answers, in Markdown.
    Agent(String),
    /// The agent writes a note for colleagues.
    Note(String),
    /// The agent sets the status.
    Status(String),
    /// The agent sets the priority.
    Priority(String),
    /// The agent hands it to another team.
    Team(String),
    /// The agent lets it sleep for so many hours.
    Snooze(i64),
    /// The contact rates it.
    Rate(i64),
}

impl Conversation {
    /// Its steps with the time since the beginning.
    ///
    /// # Errors
    /// When the story has a step that there is not.
    pub(super) fn steps(&self) -> Result<Vec<(Millis, Step)>> {
        let read = |(minutes, what, with): &(i64, String, serde_json::Value)| {
            let text = || with.as_str().map(str::to_owned);
            let step = match what.as_str() {
                "contact" => text().map(Step::Contact),
                "attach" => text().map(Step::Attach),
                "report" => text().map(Step::Report),
                "agent" => text().map(Step::Agent),
                "note" => text().map(Step::Note),
                "status" => text().map(Step::Status),
                "priority" => text().map(Step::Priority),
                "team" => text().map(Step::Team),
                "snooze" => with.as_i64().map(Step::Snooze),
                "rate" => with.as_i64().map(Step::Rate),
                _ => None,
            };
            let step =
                step.ok_or_else(|| Error::internal(format!("the story has a step {what} with {with}")))?;
            Ok((minutes * MINUTE, step))
        };
        self.steps.iter().map(read).collect()
    }
}

/// Every conversation.
///
/// # Errors
/// When the story cannot be read.
pub(super) fn conversations() -> Result<Vec<Conversation>> {
    Ok(serde_json::from_str(STORY)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_conversation_begins_with_its_contact_and_goes_forward() {
        let all = conversations().expect("a story");
        assert!(all.len() >= 24, "only {} conversations", all.len());
        for conversation in &all {
            let steps = conversation.steps().expect("steps");
            let (first, rest) = steps.split_first().expect("a step");
            assert_eq!(first.0, 0, "{}", conversation.title);
            let is_report = matches!(first.1, Step::Report(_));
            assert_eq!(is_report, conversation.capture.is_some(), "{}", conversation.title);
            assert!(
                is_report || matches!(first.1, Step::Contact(_) | Step::Attach(_)),
                "{}",
                conversation.title
            );
            assert!(steps.is_sorted_by_key(|(at, _)| *at), "{}", conversation.title);
            let needs_agent = rest.iter().any(|(_, step)| matches!(step, Step::Note(_) | Step::Status(_)));
            assert!(!needs_agent || conversation.agent.is_some(), "{}", conversation.title);
        }
    }
}
