//! Zendesk Support: end users in pages with a cursor (`GET /api/v2/users.json`).

use serde_json::Value as Json;

use super::{Protocol, SourcePage, page_request};
use crate::egress::OutgoingRequest;
use crate::secret::Secret;
use crate::service::{ServiceError, array, usual_pause};

/// Users of a page; the service sends 100 at most.
const PAGE: &str = "100";

pub(super) const PROTOCOL: Protocol = Protocol { name: "Zendesk", pause: usual_pause, read };

pub(super) fn request(
    url: &str,
    email: &str,
    api_token: &Secret,
    cursor: Option<&str>,
) -> Result<OutgoingRequest, ServiceError> {
    let parameters = [("role", "end-user"), ("page[size]", PAGE)];
    let cursor = cursor.map(|cursor| ("page[after]", cursor));
    let request = page_request(url, "/api/v2/users.json", &parameters, cursor)?;
    Ok(request.basic(&format!("{email}/token"), api_token))
}

fn read(mut answer: Json) -> Result<SourcePage, ServiceError> {
    let records = array(PROTOCOL.name, &mut answer, "users")?;
    let more = answer.pointer("/meta/has_more") == Some(&Json::Bool(true));
    let cursor = answer.pointer("/meta/after_cursor").and_then(Json::as_str);
    if more && cursor.is_none() {
        return Err(ServiceError::Refused("Zendesk says there is more and does not say where".to_owned()));
    }
    Ok(SourcePage { records, next: cursor.filter(|_| more).map(str::to_owned), total: None })
}
