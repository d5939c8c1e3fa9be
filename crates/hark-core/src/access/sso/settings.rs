//! The provider of an organisation: where it is, how we are known there, and for which domains it speaks.

use std::collections::BTreeSet;

use hark_store::access::USER;
use hark_store::{Body, Doc, Error, Id, Permission, ReadTx, Result, Tx, to_body};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::{LINKS_MAX, SSO, SSO_DOMAIN, SSO_LINK, domain_of};
use crate::access::address::Address;
use crate::access::authority::Authority;
use crate::access::{audit, sessions};

/// Domains of an organisation at most.
const DOMAINS_MAX: usize = 50;
/// Characters of a provider's address, and of what we are called there, at most.
const TEXT_MAX: usize = 500;
/// Characters of a domain at most (RFC 1035).
const DOMAIN_MAX: usize = 253;
/// Domains in which anybody can have an address, so that having one shows nothing.
const PUBLIC_DOMAINS: &[&str] = &[
    "aol.com",
    "fastmail.com",
    "gmail.com",
    "gmx.at",
    "gmx.ch",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hey.com",
    "hotmail.com",
    "icloud.com",
    "live.com",
    "mac.com",
    "mail.com",
    "mail.ru",
    "me.com",
    "msn.com",
    "naver.com",
    "outlook.com",
    "pm.me",
    "posteo.de",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "t-online.de",
    "tutanota.com",
    "web.de",
    "yahoo.com",
    "yahoo.co.jp",
    "yahoo.co.uk",
    "yandex.com",
    "yandex.ru",
    "163.com",
];

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
    /// The domains of the addresses for which the provider speaks.
    pub domains: Option<Vec<String>>,
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
    /// The alias of the role that new people get.
    pub default_role: String,
    /// Whether people sign in there.
    pub enabled: bool,
    /// The address that the provider must allow to come back to.
    pub redirect_uri: String,
}

/// The provider of an organisation.
pub fn get(tx: &ReadTx<'_>, user: Id, organisation: Id, redirect_uri: String) -> Result<SsoView> {
    Authority::in_organisation(tx, user, organisation)?.need(Permission::SettingsManage)?;
    view(tx.find(&SSO, organisation)?.as_ref(), redirect_uri)
}

/// Sets the provider of an organisation. Another provider means other people: who came through the one
/// before is signed out.
///
/// # Errors
/// [`Error::Invalid`] with what is missing or breaks a rule.
pub fn set(
    tx: &mut Tx<'_>,
    user: Id,
    organisation: Id,
    input: &SsoInput,
    redirect_uri: String,
) -> Result<SsoView> {
    let authority = Authority::in_organisation(tx, user, organisation)?;
    authority.need(Permission::SettingsManage)?;
    authority.need(Permission::UsersManage)?;
    sessions::need_recent(tx)?;
    tx.lock_name(&format!("sso:{organisation}"))?;
    let known = tx.find_locked(&SSO, organisation)?;
    let before = known.as_ref().map(|known| known.body.clone()).unwrap_or_default();
    let mut body = before.clone();
    take(&mut body, input)?;
    let role = body.get("defaultRole").and_then(Json::as_str).unwrap_or("DEFAULT").to_owned();
    authority.may_give(tx, &role)?;
    let is_another = ["issuer", "clientId"].iter().any(|name| before.get(*name) != body.get(*name));
    if is_another && input.client_secret.is_none() {
        // Whoever may not see the secret must not have it sent elsewhere either.
        return Err(Error::invalid("`clientSecret` is missing, another provider or client has another one"));
    }
    if let Some(domains) = &input.domains {
        set_domains(tx, user, organisation, domains)?;
        body.insert("domains".to_owned(), json!(read_domains(domains)?));
    }
    let ends = is_another || (before.get("enabled") == Some(&json!(true)) && body["enabled"] != json!(true));
    if ends && known.is_some() {
        sign_out(tx, organisation, is_another)?;
    }
    let doc = match known {
        Some(known) => tx.save(&SSO, Doc { body, ..known })?,
        None => tx.insert_as(&SSO, organisation, body)?,
    };
    let shown = json!({"issuer": doc.text("issuer"), "domains": doc.body.get("domains"), "enabled": doc.is_true("enabled"), "defaultRole": role});
    audit::note(tx, organisation, "organisation.ssoChanged", organisation, shown)?;
    view(Some(&doc), redirect_uri)
}

/// Removes the provider of an organisation, and signs out who came through it.
pub fn delete(tx: &mut Tx<'_>, user: Id, organisation: Id) -> Result<()> {
    Authority::in_organisation(tx, user, organisation)?.need(Permission::SettingsManage)?;
    sessions::need_recent(tx)?;
    if tx.find_locked(&SSO, organisation)?.is_none() {
        return Err(Error::not_found(SSO.name, organisation));
    }
    sign_out(tx, organisation, true)?;
    set_domains(tx, user, organisation, &[])?;
    tx.delete(&SSO, organisation)?;
    audit::note(tx, organisation, "organisation.ssoDeleted", organisation, Json::Null)
}

/// The organisations whose provider speaks for a domain, oldest first.
pub(super) fn of_domain(tx: &ReadTx<'_>, domain: &str) -> Result<Vec<Id>> {
    let found = tx.all_by(&SSO_DOMAIN, "domain", domain, LINKS_MAX)?;
    Ok(found.iter().filter_map(|found| found.reference("organisation")).collect())
}

/// Whether an organisation's provider speaks for an address.
pub(super) fn speaks_for(settings: &Doc, address: &Address) -> bool {
    let domains = settings.body.get("domains").and_then(Json::as_array).into_iter().flatten();
    domains.filter_map(Json::as_str).any(|domain| domain == domain_of(address))
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
    if let Some(enabled) = input.enabled {
        body.insert("enabled".to_owned(), json!(enabled));
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

fn read_domains(domains: &[String]) -> Result<BTreeSet<String>> {
    if domains.len() > DOMAINS_MAX {
        return Err(Error::invalid(format!("`domains` has more than {DOMAINS_MAX} entries")));
    }
    let read = |domain: &String| {
        let domain = domain.trim().to_lowercase();
        let label = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
        let sound = domain.len() <= DOMAIN_MAX && domain.contains('.') && domain.split('.').all(label);
        sound.then_some(domain).ok_or_else(|| Error::invalid("`domains` are names such as example.com"))
    };
    domains.iter().map(read).collect()
}

/// Makes these the domains of an organisation. Whoever adds one has an address there.
fn set_domains(tx: &mut Tx<'_>, user: Id, organisation: Id, domains: &[String]) -> Result<()> {
    let domains = read_domains(domains)?;
    let known = tx.all_by(&SSO_DOMAIN, "organisation", &organisation.to_string(), LINKS_MAX)?;
    let has = |domain: &str| known.iter().any(|known| known.text("domain") == Some(domain));
    let user = tx.get(&USER, user)?;
    let own =
        user.text("email").filter(|_| user.is_true("confirmed") && user.text("type") == Some("default"));
    let own = own.map(Address::parse).transpose()?;
    for domain in domains.iter().filter(|domain| !has(domain)) {
        if PUBLIC_DOMAINS.contains(&domain.as_str()) {
            return Err(Error::invalid(format!(
                "anybody can have an address of {domain}, so no organisation can speak for it"
            )));
        }
        if own.as_ref().is_none_or(|own| domain_of(own) != domain) {
            return Err(Error::invalid(format!(
                "`domains`: {domain} has to be added by somebody who signs in with an address of that domain"
            )));
        }
        tx.insert(&SSO_DOMAIN, to_body(json!({"domain": domain, "organisation": organisation})))?;
    }
    for gone in
        known.iter().filter(|known| !known.text("domain").is_some_and(|domain| domains.contains(domain)))
    {
        tx.delete(&SSO_DOMAIN, gone.id)?;
    }
    Ok(())
}

/// Ends the sessions of everybody who signs in at an organisation's provider, and with `for_good` the links.
fn sign_out(tx: &mut Tx<'_>, organisation: Id, for_good: bool) -> Result<()> {
    for link in tx.all_by(&SSO_LINK, "organisation", &organisation.to_string(), LINKS_MAX)? {
        if let Some(user) = link.reference("user") {
            sessions::end_all(tx, user)?;
        }
        if for_good {
            tx.delete(&SSO_LINK, link.id)?;
        }
    }
    Ok(())
}

fn view(settings: Option<&Doc>, redirect_uri: String) -> Result<SsoView> {
    let text = |name: &str| settings.and_then(|doc| doc.text(name)).map(str::to_owned);
    let domains = settings.and_then(|doc| doc.body.get("domains")).cloned();
    Ok(SsoView {
        configured: settings.is_some(),
        issuer: text("issuer"),
        client_id: text("clientId"),
        domains: domains.map_or(Ok(Vec::new()), serde_json::from_value)?,
        default_role: text("defaultRole").unwrap_or_else(|| "DEFAULT".to_owned()),
        enabled: settings.is_some_and(|doc| doc.is_true("enabled")),
        redirect_uri,
    })
}
