//! The steps of a sign-in at an organisation's provider: authorization code with PKCE, state and nonce.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hark_store::access::USER;
use hark_store::credentials::hash;
use hark_store::{Doc, Error, Id, Need, ReadTx, Result, Tx, to_body};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::id_token::{self, Claims, Expected};
use super::settings::enabled;
use super::{
    Provider, SSO, SSO_LINK, counts, domain_of, domains, email_key, is_made_by, maker_of, unlink, user,
};
use crate::access::address::Address;
use crate::access::authority::{Place, role_exists};
use crate::access::challenge::{self, Challenge, Purpose};
use crate::access::factors::SignIn;
use crate::access::webauthn::RelyingParty;
use crate::access::{audit, invitations, members, sessions};
use crate::documents::LINE_MAX;

/// A sign-in that goes on at the provider.
pub struct Begun {
    /// Comes back from the provider.
    pub state: String,
    /// Comes back in the provider's token.
    pub nonce: String,
    /// The hash of what proves later on that the same server goes on (RFC 7636).
    pub code_challenge: String,
    /// Stays in the browser, and proves later on that the same browser goes on.
    pub handle: String,
    /// Until when it is good, ISO 8601.
    pub expires_at: String,
}

/// What a browser brings back from the provider.
#[derive(Clone, Deserialize, JsonSchema)]
pub struct Returned {
    /// The code from the provider.
    pub code: String,
    /// The state from the provider.
    pub state: String,
    /// The handle that the browser kept.
    pub handle: String,
    /// The organisation in the address to which the provider sent the browser back.
    pub organisation: Id,
}

/// The provider for an address, or that of an organisation; in the operator's scope.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub fn provider_of(tx: &ReadTx<'_>, email: Option<&str>, organisation: Option<Id>) -> Result<Provider> {
    let meant = match (organisation, email) {
        (Some(organisation), _) => Some(organisation),
        (None, Some(email)) => domains::of_domain(tx, domain_of(&Address::parse(email)?))?,
        (None, None) => return Err(Error::invalid("send `email` or `organisation`")),
    };
    if let Some(settings) = meant.map(|id| enabled(tx, id)).transpose()?.flatten() {
        return provider(tx, &settings);
    }
    let asked = organisation.map_or_else(|| email.unwrap_or_default().to_owned(), |id| id.to_string());
    Err(Error::not_found("single sign-on", asked))
}

/// Begins a sign-in, in the operator's scope.
pub fn begin(tx: &mut Tx<'_>, organisation: Id) -> Result<Begun> {
    begun(tx, Purpose::SingleSignOn, None, organisation)
}

/// Begins to connect the calling user's account with an organisation that it works for.
pub fn begin_connection(tx: &mut Tx<'_>, id: Id, organisation: Id) -> Result<Begun> {
    sessions::need_recent(tx)?;
    if !members::organisations(tx, id)?.contains(&organisation) {
        return Err(Error::not_found("organisation", organisation));
    }
    let user = tx.get(&USER, id)?;
    if maker_of(&user).is_some() {
        return Err(Error::invalid("this account signs in at its organisation's provider already"));
    }
    begun(tx, Purpose::Connection, Some(&user), organisation)
}

impl Returned {
    /// The provider that the browser comes back from, and the secret with which the code is exchanged.
    /// `connects` says whether an account is to be connected.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when the sign-in was begun elsewhere or too long ago.
    pub fn provider(&self, tx: &ReadTx<'_>, connects: bool) -> Result<(Provider, String)> {
        let challenge = self.open(tx, connects)?;
        let settings = challenge.organisation.map(|id| enabled(tx, id)).transpose()?.flatten();
        let provider = provider(tx, &settings.ok_or_else(challenge::over)?)?;
        Ok((provider, challenge.derive(tx, "verifier")?))
    }

    fn open(&self, tx: &ReadTx<'_>, connects: bool) -> Result<Challenge> {
        let purpose = if connects { Purpose::Connection } else { Purpose::SingleSignOn };
        let challenge = challenge::open(tx, purpose, &self.state)?;
        let handle = challenge.derive(tx, "handle")?;
        // Without it a stranger could sign somebody in to an account of the stranger's.
        let same: bool = handle.as_bytes().ct_eq(self.handle.as_bytes()).into();
        // Without this a provider could send somebody on to another organisation's, and be given the code that
        // comes back from there.
        let is_theirs = challenge.organisation == Some(self.organisation);
        if same && is_theirs { Ok(challenge) } else { Err(challenge::over()) }
    }

    /// What the provider's token says, with the settings that count now.
    fn claims(&self, tx: &ReadTx<'_>, challenge: &Challenge, token: &str, keys: &Json) -> Result<Said> {
        let settings = challenge.organisation.map(|id| enabled(tx, id)).transpose()?.flatten();
        let settings = settings.ok_or_else(challenge::over)?;
        let provider = provider(tx, &settings)?;
        let nonce = challenge.derive(tx, "nonce")?;
        let (issuer, client) = (&provider.issuer, &provider.client_id);
        let claims =
            id_token::verify(token, keys, &Expected { issuer, client, nonce: &nonce, now: tx.now() })?;
        let Some(email) = claims.verified_email(settings.is_true("trustAddresses")) else {
            let sentence = "the provider did not confirm your address (`email_verified`), ask your administrator: \
                            if the provider says so of nobody, an owner can trust its addresses in the settings \
                            of single sign-on";
            return Err(Error::Forbidden(sentence.to_owned()));
        };
        let address = Address::parse(email)?;
        if domains::of_domain(tx, domain_of(&address))? != Some(provider.organisation) {
            let sentence = "your address is of a domain that this organisation does not sign in";
            return Err(Error::Forbidden(sentence.to_owned()));
        }
        let organisation = provider.organisation;
        let key = hash(&json!([organisation, provider.issuer, claims.sub]).to_string());
        Ok(Said { claims, address, organisation, key, settings })
    }
}

/// What a provider said, checked.
struct Said {
    claims: Claims,
    address: Address,
    organisation: Id,
    /// The key of the link.
    key: String,
    settings: Doc,
}

/// Signs in whom the provider's token names, in the operator's scope; somebody new gets an account in the
/// organisation. `keys` are the provider's.
///
/// # Errors
/// [`Error::Unauthenticated`] for a token that does not count, [`Error::Forbidden`] for somebody who may
/// not come in this way.
pub fn complete(
    tx: &mut Tx<'_>,
    returned: &Returned,
    token: &str,
    keys: &Json,
    party: Option<&RelyingParty>,
) -> Result<SignIn> {
    let challenge = returned.open(tx, false)?;
    let said = returned.claims(tx, &challenge, token, keys)?;
    tx.lock_name(&format!("sso:{}", said.key))?;
    let mut user = match tx.find_by(&SSO_LINK, "key", &said.key)? {
        Some(link) => linked(tx, &link, said.organisation)?,
        None => newcomer(tx, &said)?,
    };
    challenge.use_up(tx, &mut user)?;
    let user = tx.save(&USER, user)?;
    sessions::begin(tx, &user, party, Some(said.organisation))
}

/// Connects the calling user's account with whom the provider's token names.
///
/// # Errors
/// [`Error::Conflict`] when that is another account's.
pub fn complete_connection(
    tx: &mut Tx<'_>,
    id: Id,
    returned: &Returned,
    token: &str,
    keys: &Json,
) -> Result<()> {
    let challenge = returned.open(tx, true)?;
    let said = returned.claims(tx, &challenge, token, keys)?;
    let mut user = user(tx, id)?;
    challenge.use_up(tx, &mut user)?;
    tx.save(&USER, user)?;
    tx.lock_name(&format!("sso:{}", said.key))?;
    match tx.find_by(&SSO_LINK, "key", &said.key)? {
        Some(mut known) if known.reference("user") == Some(id) => {
            known.set("consent", true);
            tx.save(&SSO_LINK, known)?;
            Ok(())
        }
        _ => link(tx, id, &said, true),
    }
}

/// Takes the connection with an organisation's provider off the calling user's account.
///
/// # Errors
/// [`Error::NotFound`] when there is none, [`Error::Invalid`] for an account that has no other way in.
pub fn disconnect(tx: &mut Tx<'_>, id: Id, organisation: Id) -> Result<()> {
    sessions::need_recent(tx)?;
    let user = tx.get_locked(&USER, id)?;
    if is_made_by(&user, Some(organisation)) {
        return Err(Error::invalid("this account has no other way to sign in"));
    }
    if !unlink(tx, id, organisation)? {
        return Err(Error::not_found(SSO_LINK.name, organisation));
    }
    sessions::end_others(tx, id)?;
    audit::note(tx, organisation, "user.ssoDisconnected", id, Json::Null)
}

fn begun(tx: &mut Tx<'_>, purpose: Purpose, user: Option<&Doc>, organisation: Id) -> Result<Begun> {
    let issued = challenge::issue(tx, purpose, user, Some(organisation))?;
    let derive = |what: &str| issued.challenge.derive(tx, what);
    let code_challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(derive("verifier")?));
    let (nonce, handle) = (derive("nonce")?, derive("handle")?);
    Ok(Begun { state: issued.text, nonce, code_challenge, handle, expires_at: issued.expires_at })
}

fn provider(tx: &ReadTx<'_>, settings: &Doc) -> Result<Provider> {
    let text = |name: &str| {
        let text = settings.text(name).map(str::to_owned);
        text.ok_or_else(|| Error::internal(format!("settings of single sign-on without {name}")))
    };
    let client_secret: Option<String> = tx.unseal(&SSO, settings, "clientSecret")?;
    Ok(Provider {
        organisation: settings.id,
        issuer: text("issuer")?,
        client_id: text("clientId")?,
        client_secret: client_secret.ok_or_else(|| {
            Error::NotConfigured("the provider's `clientSecret` is missing, set it again".to_owned())
        })?,
    })
}

/// The account behind a link that counts.
fn linked(tx: &mut Tx<'_>, link: &Doc, organisation: Id) -> Result<Doc> {
    let id = link.reference("user").ok_or_else(|| Error::internal("a link to nobody"))?;
    let user = still_here(tx, id, organisation)?;
    if counts(link, &user) { Ok(user) } else { Err(Error::Needs(Need::Connection)) }
}

/// An account that works for the organisation, or is invited to.
fn still_here(tx: &mut Tx<'_>, id: Id, organisation: Id) -> Result<Doc> {
    let user = user(tx, id)?;
    let here = json!(organisation);
    let is_here = members::organisations(tx, id)?.contains(&organisation)
        || invitations::of_user(tx, id)?.iter().any(|invitation| invitation["organisation"] == here);
    if is_here {
        return Ok(user);
    }
    let sentence = "you do not work for this organisation any more, ask its administrators to invite you";
    Err(Error::Forbidden(sentence.to_owned()))
}

/// The account of somebody who comes through the provider for the first time. Whoever sets a provider has it
/// say what it likes, so an account that others may know under the same address is not signed in to: its
/// holder connects it first.
fn newcomer(tx: &mut Tx<'_>, said: &Said) -> Result<Doc> {
    let known = tx.find_by(&USER, "emailKey", &said.address.key)?;
    // Somebody who never confirmed the address has no claim to it.
    if known.is_some_and(|known| known.is_true("confirmed")) {
        return Err(Error::Needs(Need::Connection));
    }
    let id = match tx.find_by(&USER, "emailKey", &email_key(said.organisation, &said.address))? {
        Some(before) => returning(tx, before.id, said)?,
        None => create(tx, said)?,
    };
    link(tx, id, said, false)?;
    tx.get_locked(&USER, id)
}

/// The account that the provider made for the same address before: somebody who left and was invited
/// again has it back, and somebody else who got the address has not.
fn returning(tx: &mut Tx<'_>, id: Id, said: &Said) -> Result<Id> {
    if tx.find_by(&SSO_LINK, "user", &id.to_string())?.is_some() {
        let sentence = "your address is that of another account of this organisation, ask its administrators";
        return Err(Error::Forbidden(sentence.to_owned()));
    }
    still_here(tx, id, said.organisation).map(|user| user.id)
}

fn create(tx: &mut Tx<'_>, said: &Said) -> Result<Id> {
    let (first, last) = names(&said.claims);
    let body = json!({
        "email": said.address.text, "emailKey": email_key(said.organisation, &said.address), "type": "sso",
        "organisation": said.organisation, "confirmed": true, "firstName": first, "lastName": last,
    });
    let user = tx.insert(&USER, to_body(body))?;
    let wanted = said.settings.text("defaultRole").unwrap_or("DEFAULT");
    // A role that is gone since gives nobody more than the usual one.
    let role = if role_exists(tx, said.organisation, wanted)? { wanted } else { "DEFAULT" };
    members::add(tx, user.id, Place::Organisation(said.organisation), role)?;
    Ok(user.id)
}

fn names(claims: &Claims) -> (String, String) {
    let (first, last) = claims.name.split_once(' ').unwrap_or((&claims.name, ""));
    let either = |given: &str, part: &str| {
        let name = if given.trim().is_empty() { part } else { given };
        name.trim().chars().filter(|c| !c.is_control()).take(LINE_MAX).collect()
    };
    (either(&claims.given_name, first), either(&claims.family_name, last))
}

fn link(tx: &mut Tx<'_>, user: Id, said: &Said, consent: bool) -> Result<()> {
    let body = json!({
        "key": said.key, "user": user, "organisation": said.organisation, "email": said.address.text,
        "consent": consent,
    });
    tx.insert(&SSO_LINK, to_body(body))?;
    audit::note(tx, said.organisation, "user.ssoConnected", user, json!({"email": said.address.text}))
}
