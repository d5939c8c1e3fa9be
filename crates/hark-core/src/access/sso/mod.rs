//! Single sign-on: organisations whose people sign in at a provider of their own (OpenID Connect).
//!
//! A provider decides over accounts that it made, and over those whose owners work for its organisation
//! alone; whoever works for others too has to connect the account first. Which addresses it may speak for,
//! an admin of the organisation shows by having one in the same domain.

mod id_token;
mod settings;
mod steps;

use hark_store::access::{ORGANISATION, USER};
use hark_store::{Doc, Error, Field, Id, Kind, ReadTx, Result, Tx};
use schemars::JsonSchema;
use serde::Serialize;

use super::address::Address;
use super::sessions;

pub use settings::{SsoInput, SsoView, delete, get, set};
pub use steps::{
    Begun, Returned, begin, begin_connection, complete, complete_connection, disconnect, provider_of,
};

/// The provider of an organisation; the document's id is the organisation's.
pub(crate) const SSO: Kind =
    Kind { hidden: &["clientSecret"], sealed: &["clientSecret"], ..Kind::new("single sign-on", "sso", &[]) };

/// A domain whose addresses sign in at an organisation's provider.
const SSO_DOMAIN: Kind = Kind::new(
    "domain of single sign-on",
    "sso_domain",
    &[Field::text("domain", "domain"), Field::text("organisation", "organisation")],
);

/// Somebody at a provider, and the account behind; `key` is the hash of organisation, provider and subject.
const SSO_LINK: Kind = Kind {
    hidden: &["key"],
    ..Kind::new(
        "single sign-on",
        "sso_link",
        &[
            Field::text("key", "key"),
            Field::text("user", "account"),
            Field::text("organisation", "organisation"),
        ],
    )
};

/// Links of one user, and of one organisation, that are read at once.
const LINKS_MAX: u32 = 1_000;

/// A provider and how we are known there.
#[derive(Clone)]
pub struct Provider {
    /// Whose it is.
    pub organisation: Id,
    /// Its address.
    pub issuer: String,
    /// What it calls us.
    pub client_id: String,
    /// What proves that it is us.
    pub client_secret: String,
}

/// An organisation at whose provider a user signs in.
#[derive(Serialize, JsonSchema)]
pub struct LinkView {
    /// The organisation.
    pub organisation: Id,
    /// Its name.
    pub name: String,
    /// The address at the provider.
    pub email: String,
}

/// The organisations at whose provider a user signs in.
pub fn links_of(tx: &ReadTx<'_>, user: Id) -> Result<Vec<LinkView>> {
    let mut views = Vec::new();
    for link in tx.all_by(&SSO_LINK, "user", &user.to_string(), LINKS_MAX)? {
        let organisation = link.reference("organisation").map(|id| tx.find(&ORGANISATION, id));
        if let Some(organisation) = organisation.transpose()?.flatten() {
            let text = |doc: &Doc, name: &str| doc.text(name).unwrap_or_default().to_owned();
            let name = text(&organisation, "name");
            views.push(LinkView { organisation: organisation.id, name, email: text(&link, "email") });
        }
    }
    Ok(views)
}

/// The key under which an account is known that an organisation's provider made. It is no address: that
/// one stays free for whoever reads its mail.
pub(super) fn email_key(organisation: Id, address: &Address) -> String {
    format!("{organisation}:{}", address.key)
}

/// Whether the provider of this organisation made the account.
pub(super) fn is_made_by(user: &Doc, organisation: Option<Id>) -> bool {
    user.text("type") == Some("sso")
        && organisation.is_some()
        && user.reference("organisation") == organisation
}

/// Ends what somebody who leaves an organisation had there: the link, and the sessions that may have
/// begun with it.
pub(super) fn forget(tx: &mut Tx<'_>, user: Id, organisation: Id) -> Result<()> {
    let links = tx.all_by(&SSO_LINK, "user", &user.to_string(), LINKS_MAX)?;
    for link in links.into_iter().filter(|link| link.reference("organisation") == Some(organisation)) {
        tx.delete(&SSO_LINK, link.id)?;
        sessions::end_all(tx, user)?;
    }
    Ok(())
}

/// The domain of an address.
fn domain_of(address: &Address) -> &str {
    address.key.rsplit_once('@').map_or("", |(_, domain)| domain)
}

fn user(tx: &Tx<'_>, id: Id) -> Result<Doc> {
    let user = tx.get_locked(&USER, id)?;
    if user.is_true("disabled") {
        return Err(Error::Forbidden("this account is disabled, ask the operator".to_owned()));
    }
    Ok(user)
}
