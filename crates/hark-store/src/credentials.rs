//! Credentials: the only way to a [`Scope`], always out of rows that grant it.
//!
//! Secrets are random and long, so they are stored as plain SHA-256 hashes and
//! compared in constant time. What a credential grants is remembered until
//! anybody's rights change, and for five seconds at most: the news of a change can be
//! lost between nodes, and a revocation must count on all of them. See [`Store::rights`].

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{PoisonError, RwLock};

use hark_query::dates::{format_date, parse_date};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::access::{MEMBER, PROJECT, ROLE, TOKEN, USER, need_second_factor};
use crate::clock::Millis;
use crate::doc::Doc;
use crate::error::{Error, Result};
use crate::id::{Id, digits};
use crate::kind::to_body;
use crate::permission::{ALL, Permission, Permissions};
use crate::scope::{Actor, Scope};
use crate::store::Store;
use crate::tx::{ReadTx, Tx};

/// Remembered credentials; the memory starts over when it is full.
const REMEMBERED_MAX: usize = 20_000;
/// How long a credential is remembered, which is how long a revocation that another node made
/// can go unnoticed here when its bell was lost.
const REMEMBERED_MS: Millis = 5_000;
/// Memberships of one user that are looked at.
const MEMBERSHIPS_MAX: u32 = 1_000;

/// Who came with a valid bearer token.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The user or service account.
    pub user: Id,
    /// The scope in which the caller works with its own account, organisations and invitations.
    pub instance: Scope,
    token: Id,
    service: bool,
    /// The one project a service token is good for, if it was made for one.
    only_project: Option<Id>,
    /// The one organisation a session is good for that began at the organisation's own provider.
    within: Option<Id>,
    expires_at: Option<Millis>,
}

/// Somebody who proved with a token to be a user, and goes on working in a project without
/// sending the token again, as a socket does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pass {
    /// The user or service account.
    pub user: Id,
    /// The token.
    pub token: Id,
    /// The project.
    pub project: Id,
}

/// What a bearer token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TokenType {
    /// A user who signed in; ends with a sign-out or a change of password.
    Session,
    /// A service account; ends when it is revoked or expires.
    Service,
}

/// A token to be made.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// Whose token it is.
    pub user: Id,
    /// What it is for.
    pub token_type: TokenType,
    /// A name for people.
    pub name: String,
    /// The only project it is good for.
    pub project: Option<Id>,
    /// The only organisation it is good for.
    pub organisation: Option<Id>,
    /// When it stops working.
    pub expires_at: Option<Millis>,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: Id,
    jti: Id,
    iat: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
    #[serde(rename = "type")]
    token_type: TokenType,
}

/// Answers to credentials that were already looked up.
#[derive(Default)]
pub(crate) struct Cache {
    callers: Memory<Caller>,
    /// By token and project.
    scopes: Memory<Scope, (Id, Id)>,
    keys: Memory<Scope>,
}

/// The state of everyone's rights at a time, as [`Store::rights`] tells it.
#[derive(Clone, Copy, Debug)]
pub struct Rights {
    /// How many changes this process has heard of.
    pub(crate) changes: u64,
    /// When that was, in unix milliseconds.
    pub(crate) at: Millis,
}

impl Rights {
    /// Whether nobody's rights changed between the two, as far as this process has heard.
    pub fn same_as(self, other: Rights) -> bool {
        self.changes == other.changes
    }

    /// Whether what was read at this time is still good `now`. A clock that was set back ends it too.
    fn holds(self, now: Rights) -> bool {
        self.changes == now.changes && (0..REMEMBERED_MS).contains(&(now.at - self.at))
    }
}

/// Values made of documents whose kinds are credentials, remembered until anybody's rights change,
/// and for five seconds at most.
pub struct Memory<T, K = String>(RwLock<HashMap<K, (Rights, T)>>);

impl<T, K> Default for Memory<T, K> {
    fn default() -> Memory<T, K> {
        Memory(RwLock::default())
    }
}

impl<T: Clone, K: Eq + Hash> Memory<T, K> {
    /// The value of a key, if nothing changed since it was remembered. `rights` is [`Store::rights`] of now.
    pub fn recall<Q>(&self, key: &Q, rights: Option<Rights>) -> Option<T>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let now = rights?;
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let (then, value) = known.get(key)?;
        then.holds(now).then(|| value.clone())
    }

    /// Remembers the value of a key. `rights` was read before the lookup, so that a change during
    /// the lookup makes this useless.
    pub fn remember(&self, key: K, rights: Option<Rights>, value: &T) {
        let Some(rights) = rights else { return };
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED_MAX {
            known.clear();
        }
        known.insert(key, (rights, value.clone()));
    }
}

impl Caller {
    /// The one project that the token is good for, if it was made for one.
    pub fn only_project(&self) -> Option<Id> {
        self.only_project
    }
}

impl Store {
    /// The scope of the operator and of the server itself on the instance. Only
    /// commands at the machine, sign-up and background work may ask for it.
    pub fn operator(&self) -> Scope {
        Scope::grant(Id::INSTANCE, None, Actor::System, Permissions::of(ALL))
    }

    /// The operator's scope on a project.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such project.
    pub async fn operator_of(&self, project: Id) -> Result<Scope> {
        let doc = self.peek(&self.operator(), move |tx| tx.get(&PROJECT, project)).await?;
        Ok(Scope::grant(project, doc.reference("organisation"), Actor::System, Permissions::of(ALL)))
    }

    /// Who came with this bearer token.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when it is not ours, expired or revoked.
    pub async fn caller(&self, token: &str) -> Result<Caller> {
        let rights = self.rights();
        let hash = hash(token);
        let caller = match self.cache().callers.recall(hash.as_str(), rights) {
            Some(caller) => caller,
            None => {
                let token = token.to_owned();
                let key = hash.clone();
                let caller = self.peek(&self.operator(), move |tx| caller(tx, &token, &key)).await?;
                self.cache().callers.remember(hash, rights, &caller);
                caller
            }
        };
        if caller.expires_at.is_some_and(|at| at <= self.clock().now()) {
            return Err(bad_token());
        }
        Ok(caller)
    }

    /// The caller's scope on a project.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such project or the caller is no member of it.
    pub async fn enter(&self, caller: &Caller, project: Id) -> Result<Scope> {
        let rights = self.rights();
        let key = (caller.token, project);
        if let Some(scope) = self.cache().scopes.recall(&key, rights) {
            return Ok(scope);
        }
        let who = caller.clone();
        let scope = self.peek(&self.operator(), move |tx| enter(tx, &who, project)).await?;
        self.cache().scopes.remember(key, rights, &scope);
        Ok(scope)
    }

    /// The scopes that these passes are good for now; `None` for those whose token ended or whose
    /// user is no member any more. Nothing is remembered: whoever asks wants to know what changed.
    ///
    /// A pass is no proof: the caller has checked a signature of ours over it.
    pub async fn reenter(&self, passes: Vec<Pass>) -> Result<Vec<Option<Scope>>> {
        let read = move |tx: &ReadTx<'_>| passes.iter().map(|pass| reenter(tx, *pass)).collect();
        self.read(&self.operator(), read).await
    }

    /// The scope of a visitor whose SDK holds this project key.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when no project has it.
    pub async fn visitor(&self, sdk_key: &str) -> Result<Scope> {
        let permissions = Permissions::default();
        self.by_project_key("sdkKey", sdk_key.to_owned(), Actor::Visitor, permissions).await
    }

    /// The scope of a customer's server that holds the project's secret token.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when no project has it.
    pub async fn server(&self, secret_token: &str) -> Result<Scope> {
        let permissions = Permissions::of(&[
            Permission::ContactsRead,
            Permission::ContactsWrite,
            Permission::ContactsDelete,
        ]);
        self.by_project_key("secretHash", hash(secret_token), Actor::Server, permissions).await
    }

    async fn by_project_key(
        &self,
        property: &'static str,
        value: String,
        actor: Actor,
        permissions: Permissions,
    ) -> Result<Scope> {
        let rights = self.rights();
        let key = format!("{property}:{value}");
        if let Some(scope) = self.cache().keys.recall(key.as_str(), rights) {
            return Ok(scope);
        }
        let find = move |tx: &ReadTx<'_>| tx.find_by(&PROJECT, property, &value);
        let project = self
            .peek(&self.operator(), find)
            .await?
            .ok_or_else(|| Error::Unauthenticated("no project has this api token".to_owned()))?;
        let scope = Scope::grant_on(&project, actor, permissions);
        self.cache().keys.remember(key, rights, &scope);
        Ok(scope)
    }
}

impl Scope {
    /// The scope of a contact that presents its hash, made from the stored contact;
    /// `None` when the hash is wrong.
    pub fn of_contact(visitor: &Scope, contact: &Doc, presented_hash: &str) -> Option<Scope> {
        let stored = contact.text("gleapHash")?;
        let same: bool = stored.as_bytes().ct_eq(presented_hash.as_bytes()).into();
        same.then(|| visitor.as_contact(contact.id))
    }
}

impl Tx<'_> {
    /// Makes a token; its text is shown once and only its hash is kept.
    pub fn issue_token(&mut self, new: NewToken) -> Result<(Doc, String)> {
        let id = self.new_id();
        let now = self.now();
        let claims = Claims {
            sub: new.user,
            jti: id,
            iat: now / 1000,
            exp: new.expires_at.map(|at| at / 1000),
            token_type: new.token_type,
        };
        let key = EncodingKey::from_secret(&signing_key(self)?);
        let text = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &key)
            .map_err(|error| Error::Internal(error.into()))?;
        let body = json!({
            "user": new.user,
            "type": new.token_type,
            "name": new.name,
            "project": new.project,
            "organisation": new.organisation,
            "hash": hash(&text),
            "expiresAt": new.expires_at.map(format_date),
        });
        Ok((self.insert_as(&TOKEN, id, to_body(body))?, text))
    }
}

/// The hash under which a secret is stored: SHA-256, lower-case hex.
pub fn hash(secret: &str) -> String {
    digits(&Sha256::digest(secret), &mut [0; 64]).to_owned()
}

/// A secret of 256 random bits as 64 lower-case hex digits.
pub fn random_secret() -> String {
    hex::encode(rand::random::<[u8; 32]>())
}

fn caller(tx: &ReadTx<'_>, token: &str, hash: &str) -> Result<Caller> {
    let claims = verify(tx, token)?;
    let row =
        tx.find(&TOKEN, claims.jti)?.filter(|row| row.text("hash") == Some(hash)).ok_or_else(bad_token)?;
    caller_of(tx, &row, claims.sub)
}

/// The caller of a stored token, which may have expired.
fn caller_of(tx: &ReadTx<'_>, row: &Doc, user: Id) -> Result<Caller> {
    let user = tx.find(&USER, user)?.filter(|user| !user.is_true("disabled")).ok_or_else(bad_token)?;
    let service = row.text("type") == Some("service");
    let within = row.reference("organisation");
    let actor = Actor::User { id: user.id, service, token: row.id, within };
    Ok(Caller {
        user: user.id,
        instance: Scope::grant(Id::INSTANCE, None, actor, Permissions::default()),
        token: row.id,
        service,
        only_project: row.reference("project"),
        within,
        expires_at: row.text("expiresAt").and_then(parse_date),
    })
}

fn reenter(tx: &ReadTx<'_>, pass: Pass) -> Result<Option<Scope>> {
    let row = tx.find(&TOKEN, pass.token)?.filter(|row| row.reference("user") == Some(pass.user));
    let Some(row) = row else { return Ok(None) };
    let entered = caller_of(tx, &row, pass.user).and_then(|caller| {
        let expired = caller.expires_at.is_some_and(|at| at <= tx.now());
        if expired { Err(bad_token()) } else { enter(tx, &caller, pass.project) }
    });
    match entered {
        Ok(scope) => Ok(Some(scope)),
        Err(Error::Unauthenticated(_) | Error::NotFound { .. } | Error::Needs(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Checks the signature, with the one algorithm that we sign with. The expiry is
/// checked against our own clock and row by the caller.
fn verify(tx: &ReadTx<'_>, token: &str) -> Result<Claims> {
    let key = DecodingKey::from_secret(&signing_key_of(tx)?.ok_or_else(bad_token)?);
    let mut validation = Validation::new(Algorithm::HS256);
    validation.validate_exp = false;
    validation.required_spec_claims.clear();
    let token = jsonwebtoken::decode::<Claims>(token, &key, &validation).map_err(|_| bad_token())?;
    Ok(token.claims)
}

fn bad_token() -> Error {
    Error::Unauthenticated("the bearer token is not valid, it may have expired or been revoked".to_owned())
}

fn enter(tx: &ReadTx<'_>, caller: &Caller, project: Id) -> Result<Scope> {
    let foreign = || Error::not_found("project", project);
    if caller.only_project.is_some_and(|only| only != project) {
        return Err(foreign());
    }
    let doc = tx.find(&PROJECT, project)?.ok_or_else(foreign)?;
    let organisation = doc.reference("organisation");
    if caller.within.is_some() && caller.within != organisation {
        return Err(foreign());
    }
    let permissions = permissions(tx, caller.user, project, organisation)?.ok_or_else(foreign)?;
    if let Some(organisation) = organisation.filter(|_| !caller.service) {
        need_second_factor(tx, caller.user, organisation)?;
    }
    let Caller { service, token, within, .. } = *caller;
    let actor = Actor::User { id: caller.user, service, token, within };
    Ok(Scope::grant_on(&doc, actor, permissions))
}

/// What a user may do in a project, `None` for somebody who is no member. Owners
/// and admins of the organisation are members of all its projects.
pub fn permissions(
    tx: &ReadTx<'_>,
    user: Id,
    project: Id,
    organisation: Option<Id>,
) -> Result<Option<Permissions>> {
    let mut sum: Option<Permissions> = None;
    for member in tx.all_by(&MEMBER, "user", &user.to_string(), MEMBERSHIPS_MAX)? {
        let role = member.text("role").unwrap_or_default();
        let target = member.reference("target");
        let reaches = target == Some(project)
            || (organisation.is_some() && target == organisation && ["OWNER", "ADMIN"].contains(&role));
        if reaches {
            let granted = role_permissions(tx, role, organisation)?;
            sum = Some(sum.unwrap_or_default().or(granted));
        }
    }
    Ok(sum)
}

/// What a role allows; a role that is gone allows nothing.
pub fn role_permissions(tx: &ReadTx<'_>, alias: &str, organisation: Option<Id>) -> Result<Permissions> {
    if let Some(built_in) = Permissions::of_role(alias) {
        return Ok(built_in);
    }
    let Some(organisation) = organisation else {
        return Ok(Permissions::default());
    };
    let role = tx.find_by(&ROLE, "pair", &format!("{organisation}:{alias}"))?;
    let groups = role.as_ref().and_then(|role| role.body.get("permissionGroups")?.as_array());
    let names = groups.into_iter().flatten().filter_map(|name| name.as_str());
    let known: Vec<Permission> = names.filter_map(Permission::parse).collect();
    Ok(Permissions::of(&known))
}

fn signing_key_of(tx: &ReadTx<'_>) -> Result<Option<Vec<u8>>> {
    let key = tx.instance_secret("token_key")?;
    key.map(|key| hex::decode(key).map_err(|error| Error::Internal(error.into()))).transpose()
}

fn signing_key(tx: &mut Tx<'_>) -> Result<Vec<u8>> {
    tx.set_instance_secret_once("token_key", &random_secret())?;
    signing_key_of(tx)?.ok_or_else(|| Error::internal("no signing key"))
}
