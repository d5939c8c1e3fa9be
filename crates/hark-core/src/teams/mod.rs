//! Teams: groups of users that tickets are assigned to.

use hark_query::dates::parse_date;
use hark_store::{Body, Doc, Error, Field, Id, Kind, Result, Tx};
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::assignment::{self, ASSIGNMENT_TURN};
use crate::documents::{self, required_line};

/// A team.
pub const TEAM: Kind = Kind { feed: true, ..Kind::new("team", "team", &[Field::text("name", "name")]) };

/// Users in a team at most.
const MEMBERS_MAX: usize = 1_000;
/// Opening times of a week.
const OPENING_TIMES_MAX: usize = 50;
/// Days on which nobody works.
const HOLIDAYS_MAX: usize = 500;

/// How a team hands its tickets to its members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AssignmentMethod {
    /// Somebody takes them.
    Manual,
    /// To any member.
    Random,
    /// To the member with the fewest open tickets.
    Balanced,
    /// To one after the other.
    Circular,
}

/// The properties of a team that a caller may set.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct TeamInput {
    /// Its name.
    pub name: Option<String>,
    /// How it hands out tickets.
    pub assignment_method: Option<AssignmentMethod>,
    /// The ids of its users.
    pub members: Option<Vec<Id>>,
    /// Whether only members who are online get tickets.
    pub select_only_online_members: Option<bool>,
    /// Whether the queue has to be looked at again.
    pub need_queue_rerun: Option<bool>,
    /// Whether a member gets at most `ticketAmount` tickets.
    pub limit_ticket_amount: Option<bool>,
    /// Open tickets of a member at most.
    pub ticket_amount: Option<f64>,
    /// When an answer is due.
    pub sla_options: Option<SlaOptions>,
    /// When the team works.
    pub operating_hours: Option<OperatingHours>,
}

/// When an answer is due.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct SlaOptions {
    /// Seconds until the first answer is due.
    pub default_sla: Option<f64>,
}

/// When a team works.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct OperatingHours {
    /// Whether the hours count.
    pub enabled: Option<bool>,
    /// The name of a time zone: `Europe/Vienna`.
    pub timezone: Option<String>,
    /// Whether the team is shown as online outside of its hours too.
    pub always_online: Option<bool>,
    /// What visitors are told about the time to an answer.
    pub reply_time: Option<Json>,
    /// The hours of each day.
    pub opening_times: Option<Vec<OpeningTime>>,
    /// Days on which the team does not work, as `2026-12-25`.
    pub holidays: Option<Vec<String>>,
    /// Texts by language.
    pub static_translations: Option<Json>,
}

/// The hours of a day.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct OpeningTime {
    /// The day.
    pub day: Option<String>,
    /// The start: `09:00`.
    pub opening_time: Option<String>,
    /// The end: `17:00`.
    pub closing_time: Option<String>,
    /// What visitors are told about the time to an answer.
    pub reply_time: Option<Json>,
}

/// A team as it is answered.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TeamView {
    /// The team's id.
    pub id: Id,
    /// The team's id, as older clients read it.
    #[serde(rename = "_id")]
    pub legacy_id: Id,
    /// The project's id.
    pub project: Id,
    /// When it was created, ISO 8601.
    pub created_at: String,
    /// When it was last changed, ISO 8601.
    pub updated_at: String,
    /// What a caller set.
    #[serde(flatten)]
    pub team: TeamInput,
}

/// Creates a team.
pub fn create(tx: &mut Tx<'_>, body: Body) -> Result<Doc> {
    let team = documents::create(tx, &TEAM, body, check)?;
    assignment::wake(tx)?;
    noted(tx, "team.created", team)
}

/// Changes a team; with `expected`, only if it still has this revision.
pub fn update(tx: &mut Tx<'_>, id: Id, changes: Body, expected: Option<i64>) -> Result<Doc> {
    let team = documents::update(tx, &TEAM, id, changes, expected, check)?;
    assignment::wake(tx)?;
    noted(tx, "team.changed", team)
}

/// Deletes a team and returns what it was.
///
/// # Errors
/// [`Error::NotFound`] when there is no such team.
pub fn delete(tx: &mut Tx<'_>, id: Id) -> Result<Doc> {
    let team = tx.get_locked(&TEAM, id)?;
    tx.delete(&TEAM, id)?;
    tx.delete(&ASSIGNMENT_TURN, id)?;
    noted(tx, "team.deleted", team)
}

fn noted(tx: &mut Tx<'_>, action: &str, team: Doc) -> Result<Doc> {
    tx.audit(action, Some(team.id.to_string()), Json::Null)?;
    Ok(team)
}

fn check(body: &Body) -> Result<()> {
    required_line(body, "name")?;
    let members = body.get("members").and_then(Json::as_array).map_or(0, Vec::len);
    if members > MEMBERS_MAX {
        return Err(Error::invalid(format!("a team has {MEMBERS_MAX} members at most")));
    }
    check_hours(body.get("operatingHours"))
}

/// Refuses operating hours with too many entries, a time zone that does not exist, or holidays that are no
/// days. Days and times that nobody can read are left alone: they never open.
pub(crate) fn check_hours(hours: Option<&Json>) -> Result<()> {
    let Some(hours) = hours else { return Ok(()) };
    let zone = hours["timezone"].as_str().unwrap_or_default();
    if !zone.is_empty() && TimeZone::get(zone).is_err() {
        return Err(Error::invalid("`timezone` must be the name of a time zone such as Europe/Vienna"));
    }
    for (name, max) in [("openingTimes", OPENING_TIMES_MAX), ("holidays", HOLIDAYS_MAX)] {
        if hours[name].as_array().is_some_and(|list| list.len() > max) {
            return Err(Error::invalid(format!("`{name}` has more than {max} entries")));
        }
    }
    let is_day = |day: &Json| day.as_str().is_some_and(|day| day.len() == 10 && parse_date(day).is_some());
    if !hours["holidays"].as_array().into_iter().flatten().all(is_day) {
        return Err(Error::invalid("`holidays` are days such as 2026-12-25"));
    }
    Ok(())
}
