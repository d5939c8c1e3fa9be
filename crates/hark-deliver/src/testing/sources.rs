//! Stand-ins for products that contacts are imported from: strict about their protocols.
//!
//! A request that the real service would refuse is refused here with a status of its kind.

use std::collections::BTreeMap;

use reqwest::Url;
use serde_json::{Value as Json, json};

use super::{ReceivedRequest, Reply};

/// The records of an account, the credentials that open it, and the largest page.
#[derive(Clone, Debug)]
pub struct Account {
    /// The complete value of the `Authorization` header.
    pub authorization: String,
    /// The records.
    pub records: Vec<Json>,
    /// Records of a page at most.
    pub page: usize,
}

impl Account {
    /// Answers as Intercom does.
    pub fn intercom(&self, request: &ReceivedRequest) -> Reply {
        if request.header("intercom-version") != Some("2.11") {
            return refusal(400, "intercom_version_invalid");
        }
        self.paged(request, "/contacts", "starting_after", ("per_page", 150), &[], |page, next| {
            let next = next.map(|next| json!({"page": 2, "starting_after": next}));
            let pages = json!({"type": "pages", "page": 1, "per_page": 150, "next": next});
            json!({"type": "list", "data": page, "total_count": self.records.len(), "pages": pages})
        })
    }

    /// Answers as HubSpot does: without the list of properties they are missing.
    pub fn hubspot(&self, request: &ReceivedRequest) -> Reply {
        let wanted = parameters(request).remove("properties").unwrap_or_default();
        let known = [("archived", "false"), ("properties", wanted.as_str())];
        self.paged(request, "/crm/v3/objects/contacts", "after", ("limit", 100), &known, |page, next| {
            let results: Vec<Json> = page.iter().map(|record| only(record, &wanted)).collect();
            match next {
                Some(next) => json!({"results": results, "paging": {"next": {"after": next, "link": "?"}}}),
                None => json!({"results": results}),
            }
        })
    }

    /// Answers as Zendesk does.
    pub fn zendesk(&self, request: &ReceivedRequest) -> Reply {
        let known = [("role", "end-user")];
        self.paged(
            request,
            "/api/v2/users.json",
            "page[after]",
            ("page[size]", 100),
            &known,
            |page, next| json!({"users": page, "meta": {"has_more": next.is_some(), "after_cursor": next}}),
        )
    }

    fn paged(
        &self,
        request: &ReceivedRequest,
        path: &str,
        cursor: &str,
        (size, size_max): (&str, usize),
        known: &[(&str, &str)],
        answer: impl Fn(&[Json], Option<String>) -> Json,
    ) -> Reply {
        if request.header("authorization") != Some(&self.authorization) {
            return refusal(401, "unauthorized");
        }
        if request.method != "GET" || request.path.split('?').next() != Some(path) {
            return refusal(404, "not_found");
        }
        let mut parameters = parameters(request);
        let start = match parameters.remove(cursor).map(|text| text.strip_prefix("a+/=").map(str::parse)) {
            None => 0,
            Some(Some(Ok(start))) => start,
            Some(_) => return refusal(400, "bad cursor"),
        };
        let size: usize = parameters.remove(size).and_then(|text| text.parse().ok()).unwrap_or(0);
        let others_fit = known.iter().all(|(name, value)| parameters.remove(*name).as_deref() == Some(value));
        if !others_fit || !parameters.is_empty() || size == 0 || size > size_max {
            return refusal(400, "parameters");
        }
        let end = (start + size.min(self.page)).min(self.records.len());
        let next = (end < self.records.len()).then(|| format!("a+/={end}"));
        Reply::new(200, answer(&self.records[start.min(end)..end], next).to_string())
            .header("content-type", "application/json")
    }
}

/// The parameters of a request's address.
pub(super) fn parameters(request: &ReceivedRequest) -> BTreeMap<String, String> {
    let url = Url::parse(&format!("http://localhost{}", request.path));
    url.map(|url| url.query_pairs().into_owned().collect()).unwrap_or_default()
}

/// A refusal in JSON.
pub(super) fn refusal(status: u16, code: &str) -> Reply {
    Reply::new(status, json!({"type": "error.list", "errors": [{"code": code}]}).to_string())
        .header("content-type", "application/json")
}

/// A record with only those of its properties that were asked for.
fn only(record: &Json, wanted: &str) -> Json {
    let mut record = record.clone();
    if let Some(properties) = record.get_mut("properties").and_then(Json::as_object_mut) {
        properties.retain(|name, _| wanted.split(',').any(|known| known == name));
    }
    record
}
