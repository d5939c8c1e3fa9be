//! HubSpot: contacts of the CRM in pages with a cursor (`GET /crm/v3/objects/contacts`).

use serde_json::Value as Json;

use super::{Protocol, SourcePage, page_request};
use crate::egress::{OutgoingAnswer, OutgoingRequest};
use crate::secret::Secret;
use crate::service::{ServiceError, array, id_text, retry_after};

/// The properties that we ask for: without a list the service sends five.
const PROPERTIES: &str = "email,firstname,lastname,phone,mobilephone,company,jobtitle,lifecyclestage,\
    hs_language,hs_email_optout,city,state,country,website,createdate,lastmodifieddate";
/// Contacts of a page; the service sends 100 at most.
const PAGE: &str = "100";

pub(super) const PROTOCOL: Protocol = Protocol { name: "HubSpot", pause, read };

pub(super) fn request(
    url: &str,
    api_key: &Secret,
    cursor: Option<&str>,
) -> Result<OutgoingRequest, ServiceError> {
    let parameters = [("limit", PAGE), ("properties", PROPERTIES), ("archived", "false")];
    let cursor = cursor.map(|cursor| ("after", cursor));
    Ok(page_request(url, "/crm/v3/objects/contacts", &parameters, cursor)?.bearer(api_key))
}

/// The limits are calls per ten seconds and calls per day; the body says which one it is.
fn pause(answer: &OutgoingAnswer, _: i64) -> u64 {
    /// The length of the short window.
    const WINDOW_S: u64 = 10;
    /// How often to look whether the day is over: it ends at midnight in the account's time zone.
    const DAILY_S: u64 = 60 * 60;
    let body: Json = answer.json().unwrap_or_default();
    let daily = body.get("policyName").and_then(Json::as_str) == Some("DAILY");
    retry_after(answer).unwrap_or(if daily { DAILY_S } else { WINDOW_S })
}

fn read(mut answer: Json) -> Result<SourcePage, ServiceError> {
    let records = array(PROTOCOL.name, &mut answer, "results")?;
    let next = answer.pointer("/paging/next/after").and_then(id_text);
    Ok(SourcePage { records, next: next.filter(|next| !next.is_empty()), total: None })
}
