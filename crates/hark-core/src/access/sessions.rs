//! Signing in and out: a session is a bearer token of a person that ends after 30 days, with a
//! sign-out, or with the credentials it was opened with.
//!
//! [`open`] is the one place where a session begins. Whoever proved one factor comes through [`begin`],
//! which asks for a second one first where there is one.
//!
//! Whoever comes through an organisation's provider proved to that organisation who it is, and to nobody
//! else: such a session reaches that organisation alone and changes nothing about the account, until its
//! holder proves the password or a passkey. An account that the provider made has no more than that.

use hark_query::dates::{format_date, parse_date};
use hark_store::access::{TOKEN, USER};
use hark_store::credentials::{NewToken, TokenType};
use hark_store::{Actor, Doc, Error, Id, Millis, Need, ReadTx, Result, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::address::Address;
use super::factors::{self, SignIn};
use super::sso;
use super::users::{self, UserView};
use super::webauthn::RelyingParty;

/// How long a session lasts.
const LIFETIME_MS: Millis = 30 * 24 * 60 * 60 * 1_000;
/// How long a session counts as one that just proved who it is.
const RECENT_MS: Millis = 10 * 60 * 1_000;
/// Sessions of a user at the same time; another one ends the oldest.
const SESSIONS_MAX: usize = 50;
/// Tokens of a user that are read at a time.
const TOKENS_MAX: u32 = 1_000;

/// What somebody types to sign in.
#[derive(Deserialize, JsonSchema)]
pub struct Credentials {
    /// The address.
    pub email: String,
    /// The password.
    pub password: String,
}

/// A new session.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SignedIn {
    /// The bearer token of the session.
    pub token: String,
    /// When it ends, ISO 8601.
    pub expires_at: String,
    /// Who signed in.
    #[schemars(with = "UserView")]
    pub user: Json,
}

/// A user who may sign in with a password, as far as it can be told before the password is checked.
#[derive(Clone)]
pub struct Candidate {
    /// The user.
    pub user: Id,
    /// The hash that the password has to fit.
    pub password_hash: String,
}

/// The person with this address, if there is one with a password.
pub fn candidate(tx: &ReadTx<'_>, address: &Address) -> Result<Option<Candidate>> {
    let user = tx.find_by(&USER, "emailKey", &address.key)?;
    Ok(user.and_then(|user| of_user(&user)))
}

/// A signed-in person whose password is asked for again.
pub fn candidate_of(tx: &ReadTx<'_>, user: Id) -> Result<Option<Candidate>> {
    Ok(tx.find(&USER, user)?.as_ref().and_then(of_user))
}

fn of_user(user: &Doc) -> Option<Candidate> {
    let password_hash = user.text("passwordHash")?.to_owned();
    Some(Candidate { user: user.id, password_hash })
}

/// Signs in whoever typed a password that fits the candidate's hash, in the operator's scope; `party` is
/// whose passkeys can be the second factor.
///
/// # Errors
/// [`Error::Unauthenticated`] when the password was changed meanwhile, [`Error::Forbidden`] when
/// the address is not confirmed or the account is disabled.
pub fn sign_in(tx: &mut Tx<'_>, candidate: &Candidate, party: Option<&RelyingParty>) -> Result<SignIn> {
    let user = tx.get_locked(&USER, candidate.user)?;
    if user.text("passwordHash") != Some(candidate.password_hash.as_str()) {
        return Err(wrong_password());
    }
    if user.is_true("disabled") {
        return Err(Error::Forbidden("this account is disabled, ask the operator".to_owned()));
    }
    if !user.is_true("confirmed") {
        let sentence =
            "confirm your address first with the code from the mail, or sign up again for another one";
        return Err(Error::Forbidden(sentence.to_owned()));
    }
    begin(tx, &user, party, None)
}

/// What every failed sign-in says, whether the address is known or not.
pub fn wrong_password() -> Error {
    Error::Unauthenticated("the address or the password is wrong".to_owned())
}

/// Goes on with a user who proved one factor: with a session, or with asking for the second. `through` is
/// the organisation whose provider vouched for the first.
pub(crate) fn begin(
    tx: &mut Tx<'_>,
    user: &Doc,
    party: Option<&RelyingParty>,
    through: Option<Id>,
) -> Result<SignIn> {
    match factors::ask(tx, user, party, through)? {
        Some(needed) => Ok(SignIn::SecondFactor(needed)),
        None => open(tx, user, through).map(SignIn::SignedIn),
    }
}

/// Goes on if the calling session proved a short while ago who it is, to us and not to an organisation's
/// provider only.
///
/// # Errors
/// [`Error::Needs`] with [`Need::RecentSignIn`]; [`Error::Forbidden`] for who has no session.
pub(crate) fn need_recent(tx: &ReadTx<'_>) -> Result<()> {
    let token = tx.get(&TOKEN, own(tx)?)?;
    let at = token.text("authenticatedAt").and_then(parse_date).unwrap_or(token.created_at);
    if tx.now() - at >= RECENT_MS {
        return Err(Error::Needs(Need::RecentSignIn));
    }
    need_own(tx)
}

/// Goes on if the calling session is more than what an organisation's provider vouches for: its holder
/// proved something, or the account is the provider's own.
///
/// # Errors
/// [`Error::Needs`] with [`Need::RecentSignIn`].
pub(crate) fn need_own(tx: &ReadTx<'_>) -> Result<()> {
    let (Some(within), Some(user)) = (tx.scope().within(), tx.scope().user()) else {
        return Ok(());
    };
    if sso::is_made_by(&tx.get(&USER, user)?, Some(within)) {
        return Ok(());
    }
    Err(Error::Needs(Need::RecentSignIn))
}

/// Notes that the calling session of this user proved again who it is. It reaches whatever its holder does
/// from now on, unless the account is that of an organisation's provider.
pub(crate) fn renew(tx: &mut Tx<'_>, user: &Doc) -> Result<()> {
    let mut token = tx.get_locked(&TOKEN, own(tx)?)?;
    token.set("authenticatedAt", format_date(tx.now()));
    token.set("organisation", json!(sso::maker_of(user)));
    tx.save(&TOKEN, token)?;
    Ok(())
}

/// The token of the calling session.
fn own(tx: &ReadTx<'_>) -> Result<Id> {
    match *tx.scope().actor() {
        Actor::User { token, service: false, .. } => Ok(token),
        _ => Err(Error::Forbidden("only a person who is signed in can do this".to_owned())),
    }
}

/// Opens a session for a user who has proved who it is, to us or `through` an organisation's provider.
pub(crate) fn open(tx: &mut Tx<'_>, user: &Doc, through: Option<Id>) -> Result<SignedIn> {
    make_room(tx, user.id)?;
    let expires_at = tx.now() + LIFETIME_MS;
    let new = NewToken {
        user: user.id,
        token_type: TokenType::Session,
        name: "Session".to_owned(),
        project: None,
        organisation: sso::maker_of(user).or(through),
        expires_at: Some(expires_at),
    };
    let (_, token) = tx.issue_token(new)?;
    Ok(SignedIn { token, expires_at: format_date(expires_at), user: users::view(user) })
}

/// Ends the session with this token.
pub fn end(tx: &mut Tx<'_>, token: Id) -> Result<()> {
    tx.delete(&TOKEN, token)?;
    Ok(())
}

/// Ends the sessions of a user but the calling one.
pub(crate) fn end_others(tx: &mut Tx<'_>, user: Id) -> Result<()> {
    let own = own(tx)?;
    for session in sessions(tx, user)?.into_iter().filter(|session| session.id != own) {
        tx.delete(&TOKEN, session.id)?;
    }
    Ok(())
}

/// Ends every session of a user.
pub fn end_all(tx: &mut Tx<'_>, user: Id) -> Result<()> {
    for session in sessions(tx, user)? {
        tx.delete(&TOKEN, session.id)?;
    }
    Ok(())
}

/// Ends the sessions of a user that began at an organisation's provider and that reach no further.
pub(crate) fn end_within(tx: &mut Tx<'_>, user: Id, organisation: Id) -> Result<()> {
    for session in sessions(tx, user)? {
        if session.reference("organisation") == Some(organisation) {
            tx.delete(&TOKEN, session.id)?;
        }
    }
    Ok(())
}

fn make_room(tx: &mut Tx<'_>, user: Id) -> Result<()> {
    let now = tx.now();
    let is_over = |token: &Doc| token.text("expiresAt").and_then(parse_date).is_some_and(|at| at <= now);
    let (over, live): (Vec<Doc>, Vec<Doc>) = sessions(tx, user)?.into_iter().partition(is_over);
    let surplus = (live.len() + 1).saturating_sub(SESSIONS_MAX);
    for session in over.iter().chain(live.iter().take(surplus)) {
        tx.delete(&TOKEN, session.id)?;
    }
    Ok(())
}

/// Oldest first. People have no other tokens, so [`SESSIONS_MAX`] keeps this within one read.
fn sessions(tx: &ReadTx<'_>, user: Id) -> Result<Vec<Doc>> {
    let tokens = tx.all_by(&TOKEN, "user", &user.to_string(), TOKENS_MAX)?;
    Ok(tokens.into_iter().filter(|token| token.text("type") == Some("session")).collect())
}
