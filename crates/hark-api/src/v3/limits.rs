//! How many calls a minute a project takes, and changing that within what the operator allows.

use axum::http::Method;
use hark_core::access::limits::{self, Ceiling, LimitsInput};
use hark_store::access::PROJECT;
use hark_store::{Doc, OwnLimits, Permission, Result};
use schemars::JsonSchema;
use serde::Serialize;

use crate::answer::Document;
use crate::call::Call;
use crate::operation::{Access, IF_MATCH, NoBody, Operation, Patch};
use crate::rate;

const READ: Access = Access::Project(Permission::SettingsRead);
const MANAGE: Access = Access::Project(Permission::SettingsManage);

pub(crate) fn operations() -> Vec<Operation> {
    vec![
        Operation::new(Method::GET, "/v3/projects/limits", "GetProjectLimits", READ, get)
            .summary("How many calls a minute the project takes, and what is left of them"),
        Operation::new(Method::PUT, "/v3/projects/limits", "UpdateProjectLimits", MANAGE, update)
            .summary("Take fewer calls than the server allows; null takes that back")
            .headers(IF_MATCH),
    ]
}

/// The limits of a project.
#[derive(Serialize, JsonSchema)]
struct LimitsView {
    /// REST calls with any token; one token may spend half of them.
    rest: LimitView,
    /// Calls of the project's SDKs.
    sdk: LimitView,
    /// Calls of server-side tracking.
    tracking: LimitView,
}

/// A limit, and what is left of it.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct LimitView {
    /// Calls a minute.
    per_minute: u32,
    /// The largest limit that can be set, which holds unless a smaller one is.
    max: u32,
    /// The smallest limit that can be set.
    min: u32,
    /// Whether the project set it.
    own: bool,
    /// What is left in this minute, as far as the node that answers knows.
    remaining: u32,
    /// Seconds until the budget begins anew.
    reset_after_seconds: u64,
}

async fn get(call: Call, _: NoBody) -> Result<Document<LimitsView>> {
    let id = call.project()?;
    let project = call.read_instance(move |tx| tx.get(&PROJECT, id)).await?;
    answer(&call, &project).await
}

async fn update(call: Call, input: Patch<LimitsInput>) -> Result<Document<LimitsView>> {
    let (id, ceilings, expected) = (call.project()?, ceilings(&call), call.if_match()?);
    let project =
        call.write_instance(move |tx| limits::set(tx, id, &input.changes, &ceilings, expected)).await?;
    answer(&call, &project).await
}

fn ceilings(call: &Call) -> [Ceiling; 3] {
    let settings = &call.app.settings;
    [
        Ceiling { name: "rest", max: settings.rest_calls_per_minute },
        Ceiling { name: "sdk", max: settings.sdk_calls_per_minute },
        Ceiling { name: "tracking", max: settings.server_calls_per_minute },
    ]
}

async fn answer(call: &Call, project: &Doc) -> Result<Document<LimitsView>> {
    let own = OwnLimits::of(project);
    let now = rate::of_project(&call.app.settings, &own);
    let [rest, sdk, tracking] = ceilings(call);
    let view = async |ceiling: Ceiling, own: Option<u32>, per_minute: u32, name: String| {
        let left = call.app.limits().look_here(&name, per_minute);
        LimitView {
            per_minute,
            max: ceiling.max,
            min: ceiling.min(),
            own: own.is_some(),
            remaining: left.remaining,
            reset_after_seconds: left.reset_after_s,
        }
    };
    let id = project.id;
    let limits = LimitsView {
        rest: view(rest, own.rest, now[0], rate::rest_name(id)).await,
        sdk: view(sdk, own.sdk, now[1], rate::sdk_name(id)).await,
        tracking: view(tracking, own.tracking, now[2], rate::tracking_name(id)).await,
    };
    Ok(Document::of(&serde_json::to_value(limits)?).at(project.rev))
}
