//! Intercom: contacts in pages with a cursor (`GET /contacts`, REST API 2.11).

use serde_json::Value as Json;

use super::{Protocol, SourcePage, page_request};
use crate::egress::{OutgoingAnswer, OutgoingRequest};
use crate::secret::Secret;
use crate::service::{ServiceError, array, retry_after};

/// The version whose answers we read; without the header it depends on the account's app.
const VERSION: &str = "2.11";
/// Contacts of a page; the service sends 150 at most.
const PAGE: &str = "150";

pub(super) const PROTOCOL: Protocol = Protocol { name: "Intercom", pause, read };

/// The address without the path that some people copy along.
pub(super) fn base(endpoint: &str) -> String {
    let endpoint = endpoint.trim_end_matches('/');
    endpoint.strip_suffix("/contacts").unwrap_or(endpoint).to_owned()
}

pub(super) fn request(
    url: &str,
    api_key: &Secret,
    cursor: Option<&str>,
) -> Result<OutgoingRequest, ServiceError> {
    let cursor = cursor.map(|cursor| ("starting_after", cursor));
    let request = page_request(url, "/contacts", &[("per_page", PAGE)], cursor)?;
    Ok(request.bearer(api_key).header("Intercom-Version", VERSION))
}

/// `X-RateLimit-Reset` is the unix second at which the window of ten seconds ends.
fn pause(answer: &OutgoingAnswer, now_s: i64) -> u64 {
    /// The length of a window.
    const WINDOW_S: u64 = 10;
    let reset: Option<i64> = answer.header("x-ratelimit-reset").and_then(|text| text.trim().parse().ok());
    let until_reset = reset.map(|reset| u64::try_from(reset.saturating_sub(now_s)).unwrap_or(1));
    retry_after(answer).or(until_reset).unwrap_or(WINDOW_S)
}

fn read(mut answer: Json) -> Result<SourcePage, ServiceError> {
    let records = array(PROTOCOL.name, &mut answer, "data")?;
    let next = answer.pointer("/pages/next/starting_after").and_then(Json::as_str);
    let next = next.filter(|next| !next.is_empty()).map(str::to_owned);
    Ok(SourcePage { records, next, total: answer.get("total_count").and_then(Json::as_u64) })
}
