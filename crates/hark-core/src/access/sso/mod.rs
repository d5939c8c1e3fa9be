//! Single sign-on: organisations whose people sign in at a provider of their own (OpenID Connect).
//!
//! What a provider may do, and what not:
//!
//! - An owner of the organisation sets it, in a fresh session: whoever sets it decides who comes in.
//! - It speaks for addresses of domains that the operator confirmed for the organisation, see [`domains`].
//! - It decides over accounts that it made. Any other account it signs in after its holder connected it,
//!   signed in with something of the account's own; the same address is no proof.
//! - A session that begins there reaches this organisation alone, see [`sessions`].
//! - Another issuer or client is another provider: nobody is connected with it.
//! - Each organisation has an address of its own to come back to, so that no provider gets hold of a code of
//!   another one's (RFC 9700, section 4.4).

mod domains;
mod id_token;
mod settings;
mod steps;

use hark_store::access::{ORGANISATION, USER};
use hark_store::{Doc, Error, Field, Id, Kind, ReadTx, Result, Tx};
use schemars::JsonSchema;
use serde::Serialize;

use super::address::Address;
use super::setup::Named;
use super::{members, sessions};

pub use domains::{ConfirmedDomain, confirm_domain, release_domain};
pub use settings::{SsoInput, SsoView, delete, get, set};
pub use steps::{
    Begun, Returned, begin, begin_connection, complete, complete_connection, disconnect, provider_of,
};

/// The provider of an organisation; the document's id is the organisation's.
pub(crate) const SSO: Kind =
    Kind { hidden: &["clientSecret"], sealed: &["clientSecret"], ..Kind::new("single sign-on", "sso", &[]) };

/// A domain that was confirmed for an organisation; there is one of it at most.
const SSO_DOMAIN: Kind = Kind::new(
    "domain of single sign-on",
    "sso_domain",
    &[Field::text("domain", "domain"), Field::text("organisation", "organisation")],
);

/// Somebody at a provider, and the account behind; `key` is the hash of organisation, provider and subject,
/// `consent` says that the account's holder connected it.
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

/// The organisations at whose provider a user signs in, as far as the calling session reaches.
pub fn links_of(tx: &ReadTx<'_>, id: Id) -> Result<Vec<LinkView>> {
    let user = tx.get(&USER, id)?;
    let mut views = Vec::new();
    for link in links(tx, id)?.into_iter().filter(|link| counts(link, &user)) {
        let organisation = link.reference("organisation").filter(|id| tx.scope().reaches(*id));
        let organisation = organisation.map(|id| tx.find(&ORGANISATION, id));
        if let Some(organisation) = organisation.transpose()?.flatten() {
            let text = |doc: &Doc, name: &str| doc.text(name).unwrap_or_default().to_owned();
            let name = text(&organisation, "name");
            views.push(LinkView { organisation: organisation.id, name, email: text(&link, "email") });
        }
    }
    Ok(views)
}

/// The organisations of a user that have a provider with which the account is not connected yet.
pub(super) fn offered_to(tx: &ReadTx<'_>, id: Id) -> Result<Vec<Named>> {
    let mut offered = Vec::new();
    if maker_of(&tx.get(&USER, id)?).is_some() {
        return Ok(offered);
    }
    for organisation in members::organisations(tx, id)? {
        let is_free = tx.scope().reaches(organisation) && !is_linked(tx, id, organisation)?;
        if is_free && settings::enabled(tx, organisation)?.is_some() {
            let doc = tx.get(&ORGANISATION, organisation)?;
            offered.push(Named { id: doc.id, name: doc.text("name").unwrap_or_default().to_owned() });
        }
    }
    Ok(offered)
}

/// Whether a user signs in at the provider of an organisation.
pub(super) fn is_linked(tx: &ReadTx<'_>, id: Id, organisation: Id) -> Result<bool> {
    let user = tx.get(&USER, id)?;
    let is_there = |link: &Doc| link.reference("organisation") == Some(organisation) && counts(link, &user);
    Ok(links(tx, id)?.iter().any(is_there))
}

fn links(tx: &ReadTx<'_>, user: Id) -> Result<Vec<Doc>> {
    tx.all_by(&SSO_LINK, "user", &user.to_string(), LINKS_MAX)
}

/// Whether a link leads to its account: the provider made that one, or its holder connected it.
fn counts(link: &Doc, user: &Doc) -> bool {
    link.is_true("consent") || is_made_by(user, link.reference("organisation"))
}

/// The key under which an account is known that an organisation's provider made. It is no address: that
/// one stays free for whoever reads its mail.
pub(super) fn email_key(organisation: Id, address: &Address) -> String {
    format!("{organisation}:{}", address.key)
}

/// The organisation whose provider made the account, if one did.
pub(super) fn maker_of(user: &Doc) -> Option<Id> {
    user.reference("organisation").filter(|_| user.text("type") == Some("sso"))
}

/// Whether the provider of this organisation made the account.
pub(super) fn is_made_by(user: &Doc, organisation: Option<Id>) -> bool {
    organisation.is_some() && maker_of(user) == organisation
}

/// Ends what somebody who leaves an organisation had there: the sessions that began at its provider, and the
/// consent to them. An account that the provider made stays that of the same person there, in case of a
/// return.
pub(super) fn forget(tx: &mut Tx<'_>, id: Id, organisation: Id) -> Result<()> {
    sessions::end_within(tx, id, organisation)?;
    if is_made_by(&tx.get(&USER, id)?, Some(organisation)) {
        return Ok(());
    }
    unlink(tx, id, organisation).map(|_| ())
}

/// Takes everybody at an organisation's provider off an account, and tells whether there was somebody.
fn unlink(tx: &mut Tx<'_>, user: Id, organisation: Id) -> Result<bool> {
    let mut found = false;
    for link in
        links(tx, user)?.into_iter().filter(|link| link.reference("organisation") == Some(organisation))
    {
        tx.delete(&SSO_LINK, link.id)?;
        found = true;
    }
    Ok(found)
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
