//! Budgets of calls: REST, SDK and server-side calls have their own, so that none starves another.
//!
//! Two budgets hold for a call: a small one of its caller, so that one cannot spend
//! what belongs to all, and the project's. Budgets of projects and tokens are shared
//! by all nodes; those of single visitors count in the process.

use std::fmt::{Display, Write};
use std::net::IpAddr;

use axum::http::{HeaderName, HeaderValue};
use hark_store::{Actor, Allowance, Error, Id, OwnLimits, Result, Scope};

use crate::address::network;
use crate::answer::Answer;
use crate::app::{App, Settings};

/// SDK calls of one contact from one network per minute.
const CONTACT_CALLS_PER_MINUTE: u32 = 6_000;
/// SDK calls of everybody in one network who is no contact yet, per minute; offices share one.
const VISITOR_CALLS_PER_MINUTE: u32 = 12_000;
/// Calls that need no credential, of one network per minute.
const PUBLIC_CALLS_PER_MINUTE: u32 = 3_000;
/// One token may spend this part of what its project may.
const TOKEN_SHARE: u32 = 2;

const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("ratelimit-reset");

/// Bytes that the name of a budget usually has.
const NAME_USUAL: usize = 96;

/// What a caller is told whose budget is spent.
pub(crate) const SPENT: &str = "too many calls, wait until the budget begins anew";

/// A budget that a call spends from.
struct Budget {
    name: String,
    calls_per_minute: u32,
    /// Whether all nodes count together.
    shared: bool,
}

/// Spends one call, and tells about the budget that is refused or nearest to its end.
pub(crate) async fn spend(app: &App, scope: &Scope, ip: IpAddr) -> Allowance {
    let mut tightest: Option<Allowance> = None;
    for budget in budgets(app, scope, ip).into_iter().flatten() {
        let limits = app.limits();
        let allowance = if budget.shared {
            limits.take(&budget.name, budget.calls_per_minute, 1).await
        } else {
            limits.take_here(&budget.name, budget.calls_per_minute, 1)
        };
        if !allowance.allowed {
            return allowance;
        }
        if tightest.is_none_or(|tightest| allowance.remaining < tightest.remaining) {
            tightest = Some(allowance);
        }
    }
    tightest.unwrap_or(Allowance { allowed: true, limit: 0, remaining: 0, reset_after_s: 1 })
}

/// Finds out with `check` who calls, unless too many calls from this network already failed at
/// that: they spend no other budget, and each costs a look into the database.
///
/// # Errors
/// [`Error::TooMany`] while the network's failures are spent, and those of `check`.
pub(crate) async fn guarded<T>(app: &App, ip: IpAddr, check: impl Future<Output = Result<T>>) -> Result<T> {
    let (name, failures_max) = (name("failed", &[&network(ip).addr()]), app.settings.failed_calls_per_minute);
    let left = app.limits().look_here(&name, failures_max);
    left.need("too many calls failed from this address, wait a minute")?;
    let checked = check.await;
    let theirs = matches!(
        checked,
        Err(Error::Unauthenticated(_) | Error::Forbidden(_) | Error::NotFound { .. } | Error::Invalid(_))
    );
    if theirs {
        app.limits().take_here(&name, failures_max, 1);
    }
    checked
}

/// The answer with the headers that tell about a budget.
pub(crate) fn tell(mut answer: Answer, allowance: &Allowance) -> Answer {
    let numbers = [
        (LIMIT, u64::from(allowance.limit)),
        (REMAINING, u64::from(allowance.remaining)),
        (RESET, allowance.reset_after_s),
    ];
    answer.headers.extend(numbers.map(|(name, number)| (name, HeaderValue::from(number))));
    answer
}

/// The calls a minute of a project that come with tokens, from its SDKs and from its servers: its own
/// limits, within those of the operator.
pub(crate) fn of_project(settings: &Settings, own: &OwnLimits) -> [u32; 3] {
    let within = |own: Option<u32>, max: u32| own.map_or(max, |own| own.min(max));
    let OwnLimits { rest, sdk, tracking } = *own;
    [
        within(rest, settings.rest_calls_per_minute),
        within(sdk, settings.sdk_calls_per_minute),
        within(tracking, settings.server_calls_per_minute),
    ]
}

/// The name of the budget of a project's calls that come with tokens.
pub(crate) fn rest_name(project: Id) -> String {
    name("rest", &[&project])
}

/// The name of the budget of a project's SDKs.
pub(crate) fn sdk_name(project: Id) -> String {
    name("sdk", &[&project])
}

/// The name of the budget of a project's servers.
pub(crate) fn tracking_name(project: Id) -> String {
    name("server", &[&project])
}

/// A kind of budget and whose it is. Every call needs some of these, so their texts do not grow piece by piece.
fn name(kind: &str, of: &[&dyn Display]) -> String {
    let mut name = String::with_capacity(NAME_USUAL);
    name.push_str(kind);
    for of in of {
        // Writing to a string cannot fail.
        let _ = write!(name, ":{of}");
    }
    name
}

/// The budgets of a call, the caller's own first: what it refuses costs the project nothing.
fn budgets(app: &App, scope: &Scope, ip: IpAddr) -> [Option<Budget>; 2] {
    let settings = &app.settings;
    let network = network(ip).addr();
    let shared = |name: String, calls_per_minute| Some(Budget { name, calls_per_minute, shared: true });
    let here = |name: String, calls_per_minute| Some(Budget { name, calls_per_minute, shared: false });
    let [rest, sdk, tracking] = of_project(settings, &scope.own_limits());
    let token_calls = rest.div_ceil(TOKEN_SHARE);
    match (scope.actor(), scope.project()) {
        (Actor::User { token, .. }, project) => [
            shared(name("token", &[token]), token_calls),
            project.and_then(|project| shared(rest_name(project), rest)),
        ],
        (Actor::Contact { id }, Some(project)) => [
            here(name("sdk", &[&project, id, &network]), CONTACT_CALLS_PER_MINUTE),
            shared(sdk_name(project), sdk),
        ],
        (Actor::Visitor, Some(project)) => [
            here(name("sdk", &[&project, &"", &network]), VISITOR_CALLS_PER_MINUTE),
            shared(sdk_name(project), sdk),
        ],
        (Actor::Server, Some(project)) => [shared(tracking_name(project), tracking), None],
        _ => [here(name("public", &[&network]), PUBLIC_CALLS_PER_MINUTE), None],
    }
}
