//! The provider of an organisation: where it is, how we are known there, and for which domains it speaks.

use hark_query::{Filter, Path};
use hark_store::access::ORGANISATION;
use hark_store::{Body, Doc, Error, Id, Listing, Permission, ReadTx, Result, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::{LINKS_MAX, SSO, SSO_LINK, domains};
use crate::access::authority::Authority;
use crate::access::{audit, sessions};

/// Characters of a provider's address, and of what we are called there, at most.
const TEXT_MAX: usize = 500;

/// The role whose holders set providers.
const OWNER: &str = "OWNER";

/// A provider to be set; what is left out stays.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct SsoInput {
    /// The provider's address, exactly as it calls itself.
    pub issuer: Option<String>,
    /// What the provider calls this server.
    pub client_id: Option<String>,
    /// What proves to the provider that it is this server; it is never answered.
    pub client_secret: Option<String>,
    /// The domains of the addresses for which the provider speaks; each counts once the operator confirmed it.
    pub domains: Option<Vec<String>>,
    /// Whether an address counts of which the provider does not say that it was confirmed (`email_verified`).
    /// Some say it of none, because only their administrators give addresses.
    pub trust_addresses: Option<bool>,
    /// The alias of the role that new people get, `DEFAULT` unless said otherwise.
    pub default_role: Option<String>,
    /// Whether people sign in there.
    pub enabled: Option<bool>,
}

/// A provider as it is answered.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SsoView {
    /// Whether there is one.
    pub configured: bool,
    /// The provider's address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// What the provider calls this server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// The domains of the addresses for which the provider speaks.
    pub domains: Vec<String>,
    /// Those of them that wait for the operator, and do not count until then.
    pub unconfirmed_domains: Vec<String>,
    /// Whether an address counts of which the provider does not say that it was confirmed.
    pub trust_addresses: bool,
    /// The alias of the role that new people get.
    pub default_role: String,
    /// Whether people sign in there.
    pub enabled: bool,
    /// Whether the caller may change this.
    pub changeable: bool,
    /// The address that the provider must allow to come back to.
    pub redirect_uri: String,
}

/// The provider of an organisation.
pub fn get(tx: &ReadTx<'_>, user: Id, organisation: Id, redirect_uri: String) -> Result<SsoView> {
    let authority = Authority::in_organisation(tx, user, organisation)?;
    authority.need(Permission::SettingsManage)?;
    view(tx, &authority, organisation, redirect_uri)
}

/// Sets the provider of an organisation. Another provider means other people: who came through the one
/// before is signed out.
///
/// # Errors
/// [`Error::Invalid`] with what is missing or breaks a rule, [`Error::Forbidden`] for whoever is no owner.
pub fn set(
    tx: &mut Tx<'_>,
    user: Id,
    organisation: Id,
    input: &SsoInput,
    redirect_uri: String,
) -> Result<SsoView> {
    let authority = owner(tx, user, organisation)?;
    tx.lock_name(&format!("sso:{organisation}"))?;
    let known = tx.find_locked(&SSO, organisation)?;
    let before = known.as_ref().map(|known| known.body.clone()).unwrap_or_default();
    let mut body = before.clone();
    take(&mut body, input)?;
    let role = body.get("defaultRole").and_then(Json::as_str).unwrap_or("DEFAULT").to_owned();
    authority.may_give(tx, &role)?;
    if role == OWNER {
        return Err(Error::invalid("`defaultRole` cannot be OWNER, make somebody an owner by hand"));
    }
    let is_another = ["issuer", "clientId"].iter().any(|name| before.get(*name) != body.get(*name));
    if is_another && input.client_secret.is_none() {
        // Whoever may not see the secret must not have it sent elsewhere either.
        return Err(Error::invalid("`clientSecret` is missing, another provider or client has another one"));
    }
    let mut lost_domain = false;
    if let Some(wanted) = &input.domains {
        let named: Vec<String> =
            known.iter().flat_map(|known| domains::named(known).map(str::to_owned)).collect();
        let (wanted, lost) = domains::name(tx, user, organisation, &named, wanted)?;
        body.insert("domains".to_owned(), json!(wanted));
        lost_domain = lost;
    }
    let is_off = before.get("enabled") == Some(&json!(true)) && body["enabled"] != json!(true);
    if known.is_some() && (is_another || is_off || lost_domain) {
        sign_out(tx, organisation, is_another)?;
    }
    let doc = match known {
        Some(known) => tx.save(&SSO, Doc { body, ..known })?,
        None => tx.insert_as(&SSO, organisation, body)?,
    };
    let shown = json!({
        "issuer": doc.text("issuer"), "domains": doc.body.get("domains"), "enabled": doc.is_true("enabled"),
        "defaultRole": role, "trustAddresses": doc.is_true("trustAddresses"),
    });
    audit::note(tx, organisation, "organisation.ssoChanged", organisation, shown)?;
    view(tx, &authority, organisation, redirect_uri)
}

/// Removes the provider of an organisation, and signs out who came through it.
pub fn delete(tx: &mut Tx<'_>, user: Id, organisation: Id) -> Result<()> {
    owner(tx, user, organisation)?;
    if tx.find_locked(&SSO, organisation)?.is_none() {
        return Err(Error::not_found(SSO.name, organisation));
    }
    sign_out(tx, organisation, true)?;
    domains::name(tx, user, organisation, &[], &[])?;
    tx.delete(&SSO, organisation)?;
    audit::note(tx, organisation, "organisation.ssoDeleted", organisation, Json::Null)
}

/// The settings of an organisation whose people sign in at its provider.
pub(super) fn enabled(tx: &ReadTx<'_>, organisation: Id) -> Result<Option<Doc>> {
    let settings = tx.find(&SSO, organisation)?.filter(|settings| settings.is_true("enabled"));
    let exists = tx.find(&ORGANISATION, organisation)?.is_some();
    Ok(settings.filter(|_| exists))
}

fn take(body: &mut Body, input: &SsoInput) -> Result<()> {
    if let Some(issuer) = &input.issuer {
        body.insert("issuer".to_owned(), json!(read_issuer(issuer.trim())?));
    }
    for (name, value) in [("clientId", &input.client_id), ("clientSecret", &input.client_secret)] {
        if let Some(value) = value {
            let value = value.trim();
            let sound =
                !value.is_empty() && value.len() <= TEXT_MAX && value.bytes().all(|b| b.is_ascii_graphic());
            if !sound {
                return Err(Error::invalid(format!(
                    "`{name}` is empty, has spaces or more than {TEXT_MAX} characters"
                )));
            }
            body.insert(name.to_owned(), json!(value));
        }
    }
    if let Some(role) = &input.default_role {
        body.insert("defaultRole".to_owned(), json!(role));
    }
    for (name, value) in [("enabled", input.enabled), ("trustAddresses", input.trust_addresses)] {
        if let Some(value) = value {
            body.insert(name.to_owned(), json!(value));
        }
    }
    body.entry("enabled").or_insert(json!(true));
    for name in ["issuer", "clientId", "clientSecret"] {
        if !body.contains_key(name) {
            return Err(Error::invalid(format!("`{name}` is missing")));
        }
    }
    Ok(())
}

/// An address of a provider: encrypted, unless it is on this machine (RFC 8252, section 8.3).
fn read_issuer(issuer: &str) -> Result<String> {
    let host = |scheme: &str| {
        issuer.strip_prefix(scheme).map(|rest| rest.split(['/', ':']).next().unwrap_or_default())
    };
    let is_near = matches!(host("http://"), Some("127.0.0.1" | "localhost"));
    let is_web = host("https://").is_some_and(|host| !host.is_empty()) || is_near;
    let plain = issuer.bytes().all(|b| b.is_ascii_graphic() && !b"?#@\"<>\\".contains(&b));
    if is_web && plain && issuer.len() <= TEXT_MAX {
        return Ok(issuer.to_owned());
    }
    Err(Error::invalid(
        "`issuer` is the https:// address by which the provider calls itself, without `?` and `#`",
    ))
}

/// The rights of somebody who may set how people come into the organisation: whoever does decides who comes in,
/// owners too, so nobody below an owner may.
fn owner(tx: &ReadTx<'_>, user: Id, organisation: Id) -> Result<Authority> {
    let authority = Authority::in_organisation(tx, user, organisation)?;
    if authority.organisation_role() != Some(OWNER) {
        let sentence = "only an owner of the organisation may set its single sign-on";
        return Err(Error::Forbidden(sentence.to_owned()));
    }
    sessions::need_recent(tx)?;
    Ok(authority)
}

/// Ends the sessions that began at an organisation's provider, and with `for_good` the links.
pub(super) fn sign_out(tx: &mut Tx<'_>, organisation: Id, for_good: bool) -> Result<()> {
    let of_organisation = Filter::equal(Path::known("organisation"), organisation.to_string());
    let mut listing = Listing::new(of_organisation, LINKS_MAX);
    loop {
        let page = tx.list(&SSO_LINK, &listing)?;
        for link in page.docs {
            if let Some(user) = link.reference("user") {
                sessions::end_within(tx, user, organisation)?;
            }
            if for_good {
                tx.delete(&SSO_LINK, link.id)?;
            }
        }
        if page.next.is_none() {
            return Ok(());
        }
        listing.cursor = page.next;
    }
}

fn view(tx: &ReadTx<'_>, authority: &Authority, organisation: Id, redirect_uri: String) -> Result<SsoView> {
    let settings = tx.find(&SSO, organisation)?;
    let settings = settings.as_ref();
    let text = |name: &str| settings.and_then(|doc| doc.text(name)).map(str::to_owned);
    let is = |name: &str| settings.is_some_and(|doc| doc.is_true(name));
    let named: Vec<String> =
        settings.into_iter().flat_map(|doc| domains::named(doc).map(str::to_owned)).collect();
    let confirmed = domains::confirmed(tx, organisation)?;
    Ok(SsoView {
        configured: settings.is_some(),
        issuer: text("issuer"),
        client_id: text("clientId"),
        unconfirmed_domains: named.iter().filter(|domain| !confirmed.contains(*domain)).cloned().collect(),
        domains: named,
        trust_addresses: is("trustAddresses"),
        default_role: text("defaultRole").unwrap_or_else(|| "DEFAULT".to_owned()),
        enabled: is("enabled"),
        changeable: authority.organisation_role() == Some(OWNER),
        redirect_uri,
    })
}
