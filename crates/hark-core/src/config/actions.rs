//! Project actions: the feedback flows and surveys that the messenger offers, by their ids.

use std::collections::{BTreeMap, HashSet};

use hark_store::{Body, Error, Result, to_body};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::flow::is_plain;

/// Flows of a project at most.
const FLOWS_MAX: usize = 50;
/// Questions of a flow, and options of a question, at most.
const ENTRIES_MAX: usize = 60;
/// Rules of a condition at most.
const RULES_MAX: usize = 10;
/// Bytes of all flows; SDKs keep them in a browser's storage.
const BYTES_MAX: usize = 64 * 1024;
/// Characters of an id or key.
const KEY_MAX: usize = 64;
/// Characters of an answer that a rule compares with, of an option and of an address.
const VALUE_MAX: usize = 200;
const LINK_MAX: usize = 2_000;
/// Points of a scale at most.
const POINTS_MAX: f64 = 11.0;

/// The flows of a project by their ids; in a change, null takes one back.
pub type ProjectActions = BTreeMap<String, Option<Flow>>;

/// A feedback flow or a survey.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Flow {
    /// What it is called, 120 characters at most.
    pub title: String,
    /// What it is for, 500 characters at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The ticket type that it makes; `BUG` unless said otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feedback_type: Option<String>,
    /// `form` unless said otherwise; surveys are not on the home screen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<FlowKind>,
    /// `page` unless said otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layout: Option<Layout>,
    /// Whether it is on the home screen; it is unless said otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub home: Option<bool>,
    /// The picture on the home screen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icon: Option<Icon>,
    /// What SDKs leave out of the report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exclude_data: Option<ExcludeData>,
    /// The text of the button that sends, 60 characters at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submit_text: Option<String>,
    /// What is said afterwards, 120 characters at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thanks_title: Option<String>,
    /// The sentence below, 500 characters at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thanks_text: Option<String>,
    /// The questions, 60 at most.
    pub form: Vec<Question>,
}

/// What a flow is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum FlowKind {
    /// A form for feedback.
    Form,
    /// A survey.
    Survey,
}

/// How questions are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Layout {
    /// One after the other.
    Steps,
    /// All on one page.
    Page,
}

/// The picture of a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Icon {
    Bug,
    Idea,
    Chat,
    Star,
    Heart,
    Question,
}

/// What SDKs leave out of a report.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ExcludeData {
    pub custom_data: bool,
    pub meta_data: bool,
    pub attachments: bool,
    pub console_log: bool,
    pub network_logs: bool,
    pub custom_event_log: bool,
    pub screenshot: bool,
    pub replays: bool,
}

/// A question of a flow.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Question {
    /// The name of the answer; `description` becomes the ticket's text, `reportedBy` a guest's address.
    pub key: String,
    /// What is asked for.
    #[serde(rename = "type")]
    pub question_type: QuestionType,
    /// The question, 300 characters at most.
    pub title: String,
    /// A sentence below, 500 characters at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What stands in an empty field, 200 characters at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placeholder: Option<String>,
    /// Whether it must be answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required: Option<bool>,
    /// Whether it is left out when the answer is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hide_if_known: Option<bool>,
    /// Characters of a text at least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 10_000))]
    pub min_length: Option<u32>,
    /// Characters of a text at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 10_000))]
    pub max_length: Option<u32>,
    /// The smallest number, or the first point of a scale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// The largest number, or the last point of a scale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// What the first point means, 60 characters at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low_label: Option<String>,
    /// What the last point means, 60 characters at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high_label: Option<String>,
    /// What can be chosen, 60 at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub options: Option<Vec<Choice>>,
    /// Whether something else can be chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<bool>,
    /// The address of the policy to consent to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// Whether a picture of the page can be taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub screenshot: Option<bool>,
    /// Whether the screen can be recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording: Option<bool>,
    /// When it is asked; always, without any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conditions: Option<Conditions>,
}

/// What a question asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum QuestionType {
    Text,
    Textarea,
    Email,
    Number,
    Upload,
    Capture,
    Select,
    Multiselect,
    Rating,
    Emoji,
    Scale,
    Consent,
}

/// Something that can be chosen.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Choice {
    /// What is answered, 200 characters at most.
    pub value: String,
    /// What is shown, 200 characters at most.
    pub label: String,
}

/// When a question is asked.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Conditions {
    /// Whether all rules have to hold or one of them; `all` unless said otherwise.
    #[serde(rename = "match", default, skip_serializing_if = "Option::is_none")]
    pub match_type: Option<Match>,
    /// The rules, 10 at most.
    pub rules: Vec<Rule>,
}

/// How many rules have to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Match {
    /// All.
    All,
    /// One at least.
    Any,
}

/// A rule about the answer to an earlier question.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Rule {
    /// The earlier question.
    pub key: String,
    /// How its answer is compared.
    pub op: Comparison,
    /// With what: a text, a number, true or false.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Json>,
}

/// How an answer is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Comparison {
    Is,
    IsNot,
    Contains,
    Greater,
    Less,
    Answered,
    Unanswered,
}

/// Sets these flows, each checked; null removes one.
///
/// # Errors
/// [`Error::Invalid`] with the place that breaks a rule.
pub(super) fn merge(known: Option<&Json>, changes: Body) -> Result<Json> {
    let mut all = to_body(known.cloned().unwrap_or_default());
    for (id, flow) in changes {
        if flow.is_null() {
            all.shift_remove(&id);
            continue;
        }
        let place = if is_key(&id, true) { format!("`projectActions.{id}`") } else { String::new() };
        if place.is_empty() {
            return Err(Error::invalid(format!(
                "ids in `projectActions` have up to {KEY_MAX} letters, digits, `_` and `-`"
            )));
        }
        let flow: Flow = serde_json::from_value(flow)
            .map_err(|error| Error::invalid(format!("{place} is no flow: {error}")))?;
        flow.check().map_err(|problem| Error::invalid(format!("{place}: {problem}")))?;
        all.insert(id, serde_json::to_value(flow)?);
    }
    let bytes = serde_json::to_vec(&all)?.len();
    if all.len() > FLOWS_MAX || bytes > BYTES_MAX {
        return Err(Error::invalid(format!(
            "`projectActions` holds {} flows and {bytes} bytes, {FLOWS_MAX} flows and {BYTES_MAX} bytes are the most",
            all.len()
        )));
    }
    Ok(Json::Object(all))
}

impl Flow {
    fn check(&self) -> Result<(), String> {
        needed("title", &self.title, 120)?;
        for (name, text, max) in [
            ("description", &self.description, 500),
            ("feedbackType", &self.feedback_type, KEY_MAX),
            ("submitText", &self.submit_text, 60),
            ("thanksTitle", &self.thanks_title, 120),
            ("thanksText", &self.thanks_text, 500),
        ] {
            optional(name, text.as_deref(), max)?;
        }
        if self.form.is_empty() || self.form.len() > ENTRIES_MAX {
            return Err(format!("`form` has between 1 and {ENTRIES_MAX} questions"));
        }
        let mut earlier = HashSet::new();
        for question in &self.form {
            question
                .check(&earlier)
                .map_err(|problem| format!("question `{}`: {problem}", shown(&question.key)))?;
            earlier.insert(question.key.as_str());
        }
        Ok(())
    }
}

impl Question {
    fn check(&self, earlier: &HashSet<&str>) -> Result<(), String> {
        if !is_key(&self.key, false) || earlier.contains(self.key.as_str()) {
            return Err(format!(
                "`key` has up to {KEY_MAX} letters, digits and `_`, and no other question has it"
            ));
        }
        needed("title", &self.title, 300)?;
        for (name, text, max) in [
            ("description", &self.description, 500),
            ("placeholder", &self.placeholder, 200),
            ("lowLabel", &self.low_label, 60),
            ("highLabel", &self.high_label, 60),
        ] {
            optional(name, text.as_deref(), max)?;
        }
        if [self.min_length, self.max_length].into_iter().flatten().any(|length| length > 10_000) {
            return Err("`minLength` and `maxLength` are 10000 at most".to_owned());
        }
        self.check_range()?;
        self.check_options()?;
        if let Some(link) = &self.link
            && !(is_address(link) && link.len() <= LINK_MAX)
        {
            return Err("`link` is not a web address, begin it with https://".to_owned());
        }
        self.conditions.as_ref().map_or(Ok(()), |conditions| conditions.check(earlier))
    }

    fn check_range(&self) -> Result<(), String> {
        let (min, max) = (self.min.unwrap_or(0.0), self.max.unwrap_or(10.0));
        let is_scale = self.question_type == QuestionType::Scale;
        let whole = min.fract() == 0.0 && max.fract() == 0.0;
        if is_scale && !(whole && min < max && max - min < POINTS_MAX) {
            return Err("a scale has between 2 and 11 points, from `min` to `max`".to_owned());
        }
        if self.min.is_some() && self.max.is_some() && min > max {
            return Err("`min` is more than `max`".to_owned());
        }
        Ok(())
    }

    fn check_options(&self) -> Result<(), String> {
        let options = self.options.as_deref().unwrap_or_default();
        let chooses = matches!(self.question_type, QuestionType::Select | QuestionType::Multiselect);
        if options.len() > ENTRIES_MAX || (chooses && options.is_empty()) {
            return Err(format!("`options` has between 1 and {ENTRIES_MAX} entries"));
        }
        for option in options {
            needed("value", &option.value, VALUE_MAX)?;
            needed("label", &option.label, VALUE_MAX)?;
        }
        Ok(())
    }
}

impl Conditions {
    fn check(&self, earlier: &HashSet<&str>) -> Result<(), String> {
        if self.rules.is_empty() || self.rules.len() > RULES_MAX {
            return Err(format!("`conditions.rules` has between 1 and {RULES_MAX} entries"));
        }
        for rule in &self.rules {
            if !earlier.contains(rule.key.as_str()) {
                return Err(format!(
                    "`conditions` name `{}`, which is no earlier question",
                    shown(&rule.key)
                ));
            }
            let fits = match &rule.value {
                None => true,
                Some(Json::String(text)) => text.chars().count() <= VALUE_MAX && is_plain(text),
                Some(value) => value.is_number() || value.is_boolean(),
            };
            if !fits {
                return Err("`value` of a rule is a short text, a number, true or false".to_owned());
            }
        }
        Ok(())
    }
}

fn needed(name: &str, text: &str, max: usize) -> Result<(), String> {
    if text.trim().is_empty() {
        return Err(format!("`{name}` is missing"));
    }
    optional(name, Some(text), max)
}

fn optional(name: &str, text: Option<&str>, max: usize) -> Result<(), String> {
    if text.is_none_or(|text| text.chars().count() <= max && is_plain(text)) {
        return Ok(());
    }
    Err(format!("`{name}` has to be a text of at most {max} characters without markup"))
}

fn is_key(text: &str, hyphens: bool) -> bool {
    let good = |c: char| c.is_ascii_alphanumeric() || c == '_' || (hyphens && c == '-');
    (1..=KEY_MAX).contains(&text.len()) && text.chars().all(good)
}

fn is_address(text: &str) -> bool {
    let web = ["https://", "http://"].iter().any(|scheme| text.starts_with(scheme));
    web && text.chars().all(|c| c.is_ascii_graphic() && !"\"'<>\\`".contains(c))
}

fn shown(text: &str) -> String {
    text.chars().take(KEY_MAX).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn set(flow: Json) -> Result<Json> {
        merge(None, to_body(json!({"flow-1": flow})))
    }

    fn question(changes: Json) -> Json {
        let mut question = json!({"key": "a", "type": "text", "title": "A?"});
        for (name, value) in to_body(changes) {
            question[name] = value;
        }
        json!({"title": "T", "form": [{"key": "first", "type": "scale", "title": "How?"}, question]})
    }

    #[test]
    fn flows_are_kept_without_what_nobody_knows_and_taken_back() {
        let flow = question(
            json!({"unknown": 1, "options": [{"value": "v", "label": "l", "x": 2}], "link": "https://example.com/p"}),
        );
        let kept = set(flow).expect("a flow");
        assert_eq!(kept["flow-1"]["form"][1].get("unknown"), None);
        assert_eq!(kept["flow-1"]["form"][1]["options"], json!([{"value": "v", "label": "l"}]));
        let taken = merge(Some(&kept), to_body(json!({"flow-1": null}))).expect("none");
        assert_eq!(taken, json!({}));
    }

    #[test]
    fn what_breaks_a_rule_is_refused() {
        for bad in [
            json!({"key": "a b"}),
            json!({"key": "first"}),
            json!({"key": ""}),
            json!({"title": " "}),
            json!({"title": "<b>x</b>"}),
            json!({"type": "file"}),
            json!({"type": "select"}),
            json!({"type": "scale", "min": 0, "max": 11}),
            json!({"type": "scale", "min": 0.5, "max": 4}),
            json!({"type": "number", "min": 5, "max": 1}),
            json!({"maxLength": 10_001}),
            json!({"link": "javascript:alert(1)"}),
            json!({"link": "https://example.com/\" onclick=\"x"}),
            json!({"conditions": {"rules": []}}),
            json!({"conditions": {"rules": [{"key": "a", "op": "is", "value": 1}]}}),
            json!({"conditions": {"rules": [{"key": "first", "op": "is", "value": {}}]}}),
            json!({"conditions": {"rules": [{"key": "first", "op": "like"}]}}),
        ] {
            assert!(set(question(bad.clone())).is_err(), "{bad}");
        }
        assert!(set(question(json!({"conditions": {"match": "any", "rules": [{"key": "first", "op": "greater", "value": 3}]}}))).is_ok());
        assert!(set(json!({"title": "T", "form": []})).is_err());
        assert!(set(json!([])).is_err());
        assert!(merge(None, to_body(json!({"a b": null, "c d": {}}))).is_err());
    }

    #[test]
    fn all_of_them_stay_small() {
        let long = "x".repeat(500);
        let questions: Vec<Json> = (0..60)
            .map(|n| json!({"key": format!("k{n}"), "type": "text", "title": "T", "description": long}))
            .collect();
        let flow = json!({"title": "T", "form": questions});
        assert!(set(flow.clone()).is_ok());
        assert!(merge(None, to_body(json!({"a": flow, "b": flow}))).is_err());
    }
}
