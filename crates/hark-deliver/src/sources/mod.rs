//! Reading all contacts out of another product, a page at a time.
//!
//! Each source is the real protocol of that product: how a page is asked for, what its answer
//! says, and how long it wants to be left alone. What the records mean is not decided here.

mod hubspot;
mod intercom;
mod zendesk;

use serde_json::Value as Json;

use crate::egress::{Egress, OutgoingRequest};
use crate::secret::Secret;
use crate::service::{Pause, Service, ServiceError, ServiceUrls};

/// A product with contacts, and the right to read them.
#[derive(Clone, Debug)]
pub enum Source {
    /// Intercom.
    Intercom {
        /// Where its API is; regions have their own addresses.
        url: String,
        /// An access token.
        api_key: Secret,
    },
    /// HubSpot.
    HubSpot {
        /// Where its API is.
        url: String,
        /// A private app's access token.
        api_key: Secret,
    },
    /// Zendesk Support.
    Zendesk {
        /// Where the account's API is.
        url: String,
        /// The address of the agent whose token it is.
        email: String,
        /// An API token.
        api_token: Secret,
    },
}

/// Some of a source's records.
#[derive(Debug, Default, PartialEq)]
pub struct SourcePage {
    /// The records as the source wrote them.
    pub records: Vec<Json>,
    /// Where to go on; `None` at the end.
    pub next: Option<String>,
    /// How many records there are altogether, if the source tells.
    pub total: Option<u64>,
}

/// How a source is asked and understood.
struct Protocol {
    name: &'static str,
    pause: Pause,
    read: fn(Json) -> Result<SourcePage, ServiceError>,
}

impl Source {
    /// Intercom at an address, or where the operator says.
    pub fn intercom(urls: &ServiceUrls, endpoint: Option<&str>, api_key: Secret) -> Source {
        let url = endpoint.map(str::trim).filter(|endpoint| !endpoint.is_empty()).unwrap_or(&urls.intercom);
        Source::Intercom { url: intercom::base(url), api_key }
    }

    /// HubSpot.
    pub fn hubspot(urls: &ServiceUrls, api_key: Secret) -> Source {
        Source::HubSpot { url: urls.hubspot.clone(), api_key }
    }

    /// An account of Zendesk.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] when the subdomain is none.
    pub fn zendesk(
        urls: &ServiceUrls,
        subdomain: &str,
        email: String,
        api_token: Secret,
    ) -> Result<Source, ServiceError> {
        let url = crate::service::base_of(&urls.zendesk, "subdomain", subdomain.trim())?;
        Ok(Source::Zendesk { url, email, api_token })
    }

    /// Reads the page that a cursor of [`SourcePage::next`] leads to, the first one without.
    /// `now_s` is the unix time in seconds.
    ///
    /// # Errors
    /// Everything in [`ServiceError`].
    pub async fn page(
        &self,
        egress: &Egress,
        cursor: Option<&str>,
        now_s: i64,
    ) -> Result<SourcePage, ServiceError> {
        let protocol = self.protocol();
        let service = Service { name: protocol.name, egress, now_s, pause: protocol.pause };
        let page = (protocol.read)(service.ask(self.request(cursor)?).await?)?;
        if page.next.is_some() && page.next.as_deref() == cursor {
            let name = protocol.name;
            return Err(ServiceError::Refused(format!("{name} sends the same page again and again")));
        }
        Ok(page)
    }

    fn protocol(&self) -> Protocol {
        match self {
            Source::Intercom { .. } => intercom::PROTOCOL,
            Source::HubSpot { .. } => hubspot::PROTOCOL,
            Source::Zendesk { .. } => zendesk::PROTOCOL,
        }
    }

    fn request(&self, cursor: Option<&str>) -> Result<OutgoingRequest, ServiceError> {
        match self {
            Source::Intercom { url, api_key } => intercom::request(url, api_key, cursor),
            Source::HubSpot { url, api_key } => hubspot::request(url, api_key, cursor),
            Source::Zendesk { url, email, api_token } => zendesk::request(url, email, api_token, cursor),
        }
    }
}

/// What imports are called in logs and metrics of outgoing requests.
const PURPOSE: &str = "import";

/// The request for a page: the address with its parameters and, if there is one, the cursor.
fn page_request(
    base: &str,
    path: &str,
    parameters: &[(&str, &str)],
    cursor: Option<(&str, &str)>,
) -> Result<OutgoingRequest, ServiceError> {
    let all: Vec<(&str, &str)> = parameters.iter().copied().chain(cursor).collect();
    let url = crate::service::address(base, path, &all)?;
    Ok(OutgoingRequest::get(url, PURPOSE).header("accept", "application/json"))
}
