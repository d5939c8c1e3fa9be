//! What follows in projects when an agent changes on the instance, where users and memberships are: who left
//! hands over the tickets and is in no team any more, who takes tickets again may get one that waits.

use hark_query::Filter;
use hark_store::access::PROJECT;
use hark_store::{Id, Listing, NewJob, ReadTx, Result, Tx};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::access::members::PROJECTS_MAX;
use crate::access::{people, projects};
use crate::notifications;
use crate::teams::TEAM;
use crate::tickets::inbox;

/// The kind of job that lets projects follow; it is one of the instance.
pub const AGENT_JOB: &str = "agent.changed";

/// Teams that are read at a time.
const TEAMS: u32 = 200;

/// An agent who changed.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Changed {
    /// Who.
    pub user: Id,
    /// The project or organisation in which the agent's role changed; `None` when the agent takes
    /// tickets of other projects than before.
    pub place: Option<Id>,
}

/// A project that an agent's change concerns.
#[derive(Clone, Copy, Debug)]
pub struct Concerned {
    /// The project.
    pub project: Id,
    /// Whether the agent works in it.
    pub works_here: bool,
}

impl Changed {
    /// Lets projects follow, in the transaction of the change.
    pub(crate) fn tell(self, tx: &mut Tx<'_>) -> Result<()> {
        let place = self.place.map_or_else(|| "everywhere".to_owned(), |place| place.to_string());
        let key = format!("{AGENT_JOB}:{}:{place}", self.user);
        tx.enqueue(NewJob::new(AGENT_JOB, serde_json::to_value(self)?).unique(key))?;
        Ok(())
    }

    /// The projects that this concerns; in the instance's scope.
    pub fn concerns(&self, tx: &ReadTx<'_>) -> Result<Vec<Concerned>> {
        let projects = match self.place {
            None => projects::of_user(tx, self.user)?,
            Some(place) => match tx.find(&PROJECT, place)? {
                Some(project) => vec![project],
                None => tx.all_by(&PROJECT, "organisation", &place.to_string(), PROJECTS_MAX)?,
            },
        };
        let mut concerned = Vec::new();
        for project in projects {
            let works_here = people::works_in(tx, project.id, project.reference("organisation"), self.user)?;
            concerned.push(Concerned { project: project.id, works_here });
        }
        Ok(concerned)
    }
}

/// Takes somebody who left out of the project's teams, and some open tickets away from who left. Tells
/// whether there may be more of them.
pub fn leave(tx: &mut Tx<'_>, user: Id) -> Result<bool> {
    let mut listing = Listing::new(Filter::everything(), TEAMS);
    loop {
        let page = tx.list(&TEAM, &listing)?;
        for team in page.docs {
            take_out(tx, team.id, user)?;
        }
        let Some(next) = page.next else { break };
        listing.cursor = Some(next);
    }
    notifications::forget_user(tx, user)?;
    inbox::hand_over(tx, user)
}

/// Takes somebody out of a team, if there is one with such a member.
fn take_out(tx: &mut Tx<'_>, team: Id, user: Id) -> Result<()> {
    let Some(mut team) = tx.find_locked(&TEAM, team)? else { return Ok(()) };
    let members = team.body.get("members").and_then(Json::as_array).cloned().unwrap_or_default();
    let stay: Vec<Json> = members.iter().filter(|member| **member != json!(user)).cloned().collect();
    if stay.len() == members.len() {
        return Ok(());
    }
    team.set("members", stay);
    let team = tx.save(&TEAM, team)?;
    tx.audit("team.changed", Some(team.id.to_string()), json!({"left": user}))
}
