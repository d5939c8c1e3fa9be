//! The domains for which the provider of an organisation speaks.
//!
//! Whoever has a domain here catches the sign-ins of everybody with an address in it, so two have to agree:
//! an owner of the organisation names the domain and has a confirmed address in it, and the operator of the
//! server confirms it for this organisation. An address alone shows nothing: employees have one in their
//! company's domain, and anybody at a public mail provider. Nobody gets a domain that another organisation
//! has; the operator takes it away there first.

use std::collections::BTreeSet;

use hark_query::dates::format_date;
use hark_store::access::{ORGANISATION, USER};
use hark_store::{Doc, Error, Id, ReadTx, Result, Tx, to_body};
use serde::Serialize;
use serde_json::{Value as Json, json};

use super::{LINKS_MAX, SSO, SSO_DOMAIN, domain_of, settings};
use crate::access::address::Address;
use crate::access::audit;
use crate::access::operator::first_organisation;
use crate::access::setup::Named;

/// Domains of an organisation at most.
const DOMAINS_MAX: usize = 50;
/// Characters of a domain at most (RFC 1035).
const DOMAIN_MAX: usize = 253;
/// Domains in which anybody can have an address; its source stands at its top.
const PUBLIC_DOMAINS: &str = include_str!("public_domains.txt");

/// A domain and the organisation that has it, as `hark domain` prints it.
#[derive(Debug, Serialize)]
pub struct ConfirmedDomain {
    /// The domain.
    pub domain: String,
    /// The organisation.
    pub organisation: Named,
}

/// Confirms for an organisation, or for that of the first setup, that a domain is its own; at the machine, in
/// the operator's scope.
///
/// # Errors
/// [`Error::Invalid`] for a domain that the organisation does not name in its settings, or that another one
/// has.
pub fn confirm_domain(tx: &mut Tx<'_>, domain: &str, organisation: Option<Id>) -> Result<ConfirmedDomain> {
    let domain = read_domain(domain)?;
    let organisation = tx.get(&ORGANISATION, organisation.map_or_else(|| first_organisation(tx), Ok)?)?;
    refuse_public(&domain)?;
    tx.lock_name(&format!("sso_domain:{domain}"))?;
    let settings = tx.find_locked(&SSO, organisation.id)?;
    if !settings.as_ref().is_some_and(|settings| named(settings).any(|known| known == domain)) {
        return Err(Error::invalid(format!(
            "the organisation {} does not name {domain} among the domains of its single sign-on, an owner adds it there first",
            organisation.id
        )));
    }
    match holder(tx, &domain)? {
        Some(known) if known.reference("organisation") != Some(organisation.id) => {
            let other = known.reference("organisation").unwrap_or(Id::INSTANCE);
            return Err(Error::invalid(format!(
                "{domain} is the organisation {other}'s, take it away there first with `hark domain release`"
            )));
        }
        Some(_) => {}
        None => {
            let body = json!({"domain": domain, "organisation": organisation.id, "confirmedAt": format_date(tx.now())});
            tx.insert(&SSO_DOMAIN, to_body(body))?;
            let detail = json!({"domain": domain});
            audit::note(tx, organisation.id, "organisation.domainConfirmed", organisation.id, detail)?;
        }
    }
    Ok(ConfirmedDomain { domain, organisation: named_organisation(&organisation) })
}

/// Takes a domain away from the organisation that has it, and ends the sessions that began at its provider;
/// at the machine, in the operator's scope.
///
/// # Errors
/// [`Error::NotFound`] when no organisation has it.
pub fn release_domain(tx: &mut Tx<'_>, domain: &str) -> Result<ConfirmedDomain> {
    let domain = read_domain(domain)?;
    let known = holder(tx, &domain)?.ok_or_else(|| Error::not_found(SSO_DOMAIN.name, &domain))?;
    let organisation =
        known.reference("organisation").ok_or_else(|| Error::internal("a domain of nobody"))?;
    let organisation = tx.get(&ORGANISATION, organisation)?;
    tx.delete(&SSO_DOMAIN, known.id)?;
    settings::sign_out(tx, organisation.id, false)?;
    audit::note(
        tx,
        organisation.id,
        "organisation.domainReleased",
        organisation.id,
        json!({"domain": domain}),
    )?;
    Ok(ConfirmedDomain { domain, organisation: named_organisation(&organisation) })
}

/// The organisation whose provider speaks for a domain.
pub(super) fn of_domain(tx: &ReadTx<'_>, domain: &str) -> Result<Option<Id>> {
    Ok(holder(tx, domain)?.and_then(|known| known.reference("organisation")))
}

/// Those of an organisation's domains that count.
pub(super) fn confirmed(tx: &ReadTx<'_>, organisation: Id) -> Result<BTreeSet<String>> {
    let known = tx.all_by(&SSO_DOMAIN, "organisation", &organisation.to_string(), LINKS_MAX)?;
    let known = known.iter().filter(|known| is_confirmed(known));
    Ok(known.filter_map(|known| known.text("domain").map(str::to_owned)).collect())
}

/// Makes these the domains that an organisation names, and returns them and whether it lost one. Whoever adds
/// one has an address there.
pub(super) fn name(
    tx: &mut Tx<'_>,
    user: Id,
    organisation: Id,
    before: &[String],
    wanted: &[String],
) -> Result<(BTreeSet<String>, bool)> {
    if wanted.len() > DOMAINS_MAX {
        return Err(Error::invalid(format!("`domains` has more than {DOMAINS_MAX} entries")));
    }
    let wanted = wanted.iter().map(|domain| read_domain(domain)).collect::<Result<BTreeSet<_>>>()?;
    let user = tx.get(&USER, user)?;
    let own =
        user.text("email").filter(|_| user.is_true("confirmed") && user.text("type") == Some("default"));
    let own = own.map(Address::parse).transpose()?;
    for domain in wanted.iter().filter(|domain| !before.contains(domain)) {
        refuse_public(domain)?;
        if own.as_ref().map(domain_of) != Some(domain.as_str()) {
            return Err(Error::invalid(format!("only who signs in with an address of {domain} can add it")));
        }
    }
    let mut lost = false;
    for known in tx.all_by(&SSO_DOMAIN, "organisation", &organisation.to_string(), LINKS_MAX)? {
        if !known.text("domain").is_some_and(|domain| wanted.contains(domain)) {
            tx.delete(&SSO_DOMAIN, known.id)?;
            lost = true;
        }
    }
    Ok((wanted, lost))
}

/// The domains that an organisation names, confirmed or not.
pub(super) fn named(settings: &Doc) -> impl Iterator<Item = &str> {
    settings.body.get("domains").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str)
}

/// The organisation that has a domain.
fn holder(tx: &ReadTx<'_>, domain: &str) -> Result<Option<Doc>> {
    Ok(tx.all_by(&SSO_DOMAIN, "domain", domain, LINKS_MAX)?.into_iter().find(is_confirmed))
}

fn is_confirmed(known: &Doc) -> bool {
    known.text("confirmedAt").is_some()
}

fn named_organisation(organisation: &Doc) -> Named {
    Named { id: organisation.id, name: organisation.text("name").unwrap_or_default().to_owned() }
}

fn refuse_public(domain: &str) -> Result<()> {
    if is_public(domain) {
        return Err(Error::invalid(format!(
            "anybody can have an address of {domain}, name a domain of your own"
        )));
    }
    Ok(())
}

/// Whether a public mail provider gives addresses of this domain away.
fn is_public(domain: &str) -> bool {
    public_domains().any(|known| known == domain)
}

/// The list without the comments at its top.
fn public_domains() -> impl Iterator<Item = &'static str> {
    PUBLIC_DOMAINS.lines().filter(|line| !line.starts_with('#'))
}

fn read_domain(domain: &str) -> Result<String> {
    let domain = domain.trim().to_lowercase();
    let label = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    let sound = domain.len() <= DOMAIN_MAX && domain.contains('.') && domain.split('.').all(label);
    sound.then_some(domain).ok_or_else(|| Error::invalid("`domains` are names such as example.com"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_mail_providers_are_known() {
        for domain in [
            "gmail.com",
            "hotmail.de",
            "outlook.de",
            "live.de",
            "yahoo.de",
            "yahoo.fr",
            "yahoo.it",
            "freenet.de",
            "arcor.de",
            "bluewin.ch",
            "orange.fr",
            "libero.it",
            "wp.pl",
            "laposte.net",
            "comcast.net",
            "proton.me",
            "posteo.de",
            "mailbox.org",
            "tutanota.com",
            "t-online.de",
            "web.de",
            "gmx.net",
            "qq.com",
            "hey.com",
        ] {
            assert!(is_public(domain), "{domain}");
        }
        for domain in ["example.com", "mail.example.com", "", "#"] {
            assert!(!is_public(domain), "{domain}");
        }
    }

    #[test]
    fn the_list_is_one_domain_a_line_each_once() {
        let lines: Vec<&str> = public_domains().collect();
        assert!(lines.len() > 4_000);
        assert!(lines.is_sorted());
        assert_eq!(lines.iter().collect::<BTreeSet<_>>().len(), lines.len());
        for line in lines {
            assert_eq!(read_domain(line).ok().as_deref(), Some(line));
        }
    }
}
