//! API tokens of a project: each belongs to a service account that lives as long as its tokens.

use hark_query::dates::parse_date;
use hark_query::{Filter, Path, Sort};
use hark_store::access::{MEMBER, TOKEN, USER};
use hark_store::credentials::{NewToken, TokenType};
use hark_store::{Doc, Error, Id, Listing, Millis, Permission, ReadTx, Result, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::authority::{Authority, membership};
use super::members;
use super::setup::create_service_account;
use super::{audit, invitations};
use crate::assignment::agents::Changed;
use crate::documents::required_line;

/// Tokens of a project at most.
const TOKENS_MAX: u32 = 200;
/// How far in the future a token may expire.
const LIFETIME_MAX_MS: Millis = 10 * 366 * 24 * 60 * 60 * 1_000;

/// A token to be made.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct TokenInput {
    /// A name for people.
    pub name: String,
    /// The alias of the role that it has in the project, `DEFAULT` unless said otherwise.
    pub role: Option<String>,
    /// When it stops working, ISO 8601; never unless said.
    pub expires_at: Option<String>,
}

/// When a new token in place of an old one stops working.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct RotateInput {
    /// ISO 8601; when the old one would have, unless said otherwise.
    pub expires_at: Option<String>,
}

/// A token as it is answered.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TokenView {
    /// The token's id.
    pub id: Id,
    /// The token's id, as older clients read it.
    #[serde(rename = "_id")]
    pub legacy_id: Id,
    /// Its name.
    pub name: String,
    /// The service account it belongs to, a member of the project.
    pub user: Id,
    /// The project it is good for.
    pub project: Id,
    /// When it stops working, ISO 8601; absent for never.
    pub expires_at: Option<String>,
    /// When it was made, ISO 8601.
    pub created_at: String,
    /// The bearer token itself, only in the answer to the call that made it.
    pub token: Option<String>,
}

/// The tokens of a project, oldest first.
pub fn of_project(tx: &ReadTx<'_>, authority: &Authority) -> Result<Vec<Doc>> {
    authority.need(Permission::TokensManage)?;
    let sort = Sort::parse("createdAt")?;
    let filter = filter(authority.place.id());
    Ok(tx.list(&TOKEN, &Listing { filter, sort, limit: TOKENS_MAX, skip: 0, cursor: None })?.docs)
}

fn filter(project: Id) -> Filter {
    Filter::equal(Path::known("project"), project.to_string())
        .and(Filter::equal(Path::known("type"), "service"))
}

/// Makes a service account with a role and a token for it.
pub fn create(tx: &mut Tx<'_>, authority: &Authority, new: &TokenInput) -> Result<Json> {
    authority.need(Permission::TokensManage)?;
    let role = new.role.as_deref().unwrap_or("DEFAULT");
    authority.may_give(tx, role)?;
    let name = required_line(&hark_store::to_body(json!({"name": new.name})), "name")?.to_owned();
    let place = authority.place;
    tx.lock_name(&format!("tokens:{}", place.id()))?;
    if tx.count(&TOKEN, &filter(place.id()))? >= u64::from(TOKENS_MAX) {
        return Err(Error::invalid(format!("a project has {TOKENS_MAX} tokens at most, revoke one first")));
    }
    let expires_at = new.expires_at.as_deref().map(|at| expiry(at, tx.now())).transpose()?;
    let account = create_service_account(tx, place.organisation(), &name)?;
    members::add(tx, account.id, place, role)?;
    let view = issue(tx, account.id, &name, place.id(), expires_at)?;
    let detail = json!({"name": name, "role": role});
    audit::note(tx, place.id(), "token.created", view["id"].as_str().unwrap_or_default(), detail)?;
    Ok(view)
}

/// Replaces a token by another of the same account; the old one stops working at once.
pub fn rotate(tx: &mut Tx<'_>, authority: &Authority, id: Id, new: &RotateInput) -> Result<Json> {
    let (old, account) = own(tx, authority, id)?;
    let before = old.text("expiresAt").and_then(parse_date);
    let expires_at = match &new.expires_at {
        Some(at) => Some(expiry(at, tx.now())?),
        None if before.is_some_and(|at| at <= tx.now()) => {
            return Err(Error::invalid(
                "this token has expired, say with `expiresAt` how long the new one is good",
            ));
        }
        None => before,
    };
    tx.delete(&TOKEN, id)?;
    let view = issue(tx, account, old.text("name").unwrap_or_default(), authority.place.id(), expires_at)?;
    audit::note(tx, authority.place.id(), "token.rotated", id, json!({"token": view["id"]}))?;
    Ok(view)
}

/// Revokes a token; its account goes with its last one.
pub fn revoke(tx: &mut Tx<'_>, authority: &Authority, id: Id) -> Result<Doc> {
    let (token, account) = own(tx, authority, id)?;
    tx.delete(&TOKEN, id)?;
    audit::note(tx, authority.place.id(), "token.revoked", id, json!({"name": token.text("name")}))?;
    if tx.find_by(&TOKEN, "user", &account.to_string())?.is_none() {
        if let Some(member) = membership(tx, account, authority.place.id())? {
            tx.delete(&MEMBER, member.id)?;
        }
        Changed { user: account, place: Some(authority.place.id()) }.tell(tx)?;
        tx.delete(&USER, account)?;
        invitations::withdraw(tx, account, authority.place)?;
    }
    Ok(token)
}

/// A service token of the project that these rights may change, and its account.
fn own(tx: &Tx<'_>, authority: &Authority, id: Id) -> Result<(Doc, Id)> {
    authority.need(Permission::TokensManage)?;
    let missing = || Error::not_found(TOKEN.name, id);
    let project = authority.place.id();
    let token = tx.find_locked(&TOKEN, id)?.filter(|token| is_of(token, project)).ok_or_else(missing)?;
    let account = token.reference("user").ok_or_else(missing)?;
    if let Some(member) = membership(tx, account, project)? {
        authority.may_touch(tx, member.text("role").unwrap_or_default())?;
    }
    Ok((token, account))
}

fn is_of(token: &Doc, project: Id) -> bool {
    token.text("type") == Some("service") && token.reference("project") == Some(project)
}

fn issue(tx: &mut Tx<'_>, user: Id, name: &str, project: Id, expires_at: Option<Millis>) -> Result<Json> {
    let token_type = TokenType::Service;
    let new = NewToken { user, token_type, name: name.to_owned(), project: Some(project), expires_at };
    let (doc, text) = tx.issue_token(new)?;
    let mut view = doc.view(&TOKEN);
    view["token"] = json!(text);
    Ok(view)
}

fn expiry(text: &str, now: Millis) -> Result<Millis> {
    let at = parse_date(text)
        .ok_or_else(|| Error::invalid("`expiresAt` is not a date such as 2030-01-31T12:00:00.000Z"))?;
    if at <= now || at > now + LIFETIME_MAX_MS {
        return Err(Error::invalid("`expiresAt` must be in the future and within ten years"));
    }
    Ok(at)
}
