//! Invitations: an address, a role and a place, good for seven days. Whoever is signed in with that
//! confirmed address accepts or declines; the secret of the link only shows what it is about.

use hark_query::dates::{format_date, parse_date};
use hark_query::{Filter, Literal, Op, Path};
use hark_store::access::{ORGANISATION, PROJECT, USER};
use hark_store::credentials::{hash, random_secret};
use hark_store::{Doc, Error, Field, Id, Kind, Listing, Millis, Permission, ReadTx, Result, Tx, to_body};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::address::Address;
use super::authority::{Authority, Place, membership};
use super::letters::Letter;
use super::{audit, members, sso};

/// An invitation; it lives in the instance's partition. `target` is the project or organisation,
/// `pair` is `target:address`.
pub const INVITATION: Kind = Kind {
    hidden: &["emailKey", "hash", "pair", "target"],
    ..Kind::new(
        "invitation",
        "invitation",
        &[
            Field::text("emailKey", "email"),
            Field::text("organisation", "organisation"),
            Field::text("target", "target"),
            Field::text("hash", "hash"),
            Field::text("pair", "pair"),
        ],
    )
};

/// Addresses of one call at most.
const EMAILS_MAX: usize = 50;
/// Invitations that wait in one place, or for one person.
const WAITING_MAX: u32 = 1_000;
/// Invitations of one user that are taken back at once; what is left is refused when it is accepted.
const WITHDRAWN_MAX: u32 = 1_000;
/// How long an invitation is good.
const LIFETIME_MS: Millis = 7 * 24 * 60 * 60 * 1_000;

/// Whom to invite.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct InviteInput {
    /// The addresses.
    pub emails: Vec<String>,
    /// The alias of the role that they get, `DEFAULT` unless said otherwise.
    pub role: Option<String>,
}

impl InviteInput {
    /// The addresses, each once.
    ///
    /// # Errors
    /// [`Error::Invalid`] when there are too many, none, or one is none.
    pub fn addresses(&self) -> Result<Vec<Address>> {
        if self.emails.is_empty() || self.emails.len() > EMAILS_MAX {
            return Err(Error::invalid(format!("`emails` has between 1 and {EMAILS_MAX} addresses")));
        }
        let mut addresses: Vec<Address> = Vec::new();
        for email in &self.emails {
            let address = Address::parse(email)?;
            if addresses.iter().all(|known| known.key != address.key) {
                addresses.push(address);
            }
        }
        Ok(addresses)
    }
}

/// The answer to an invitation.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
pub struct AcceptInput {
    /// True to join, false to decline.
    pub accept: bool,
}

/// An invitation as it is answered.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct InvitationView {
    /// The invitation's id.
    pub id: Id,
    /// The invitation's id, as older clients read it.
    #[serde(rename = "_id")]
    pub legacy_id: Id,
    /// Who is invited.
    pub email: String,
    /// `organisation` or `project`.
    #[serde(rename = "type")]
    pub invitation_type: String,
    /// The name of the organisation or project.
    pub name: String,
    /// The role that comes with it.
    pub role: String,
    /// The organisation.
    pub organisation: Id,
    /// The project, if it is one.
    pub project: Option<Id>,
    /// Who invites.
    pub invited_by: Id,
    /// Until when it is good, ISO 8601.
    pub expires_at: String,
    /// The link to hand on; only in the answer to the call that invites, when no mail can be sent.
    pub link: Option<String>,
}

/// An invitation that was made, with the secret of its link when no mail carries it.
pub struct Invited {
    /// The invitation as it is answered.
    pub view: Json,
    /// The secret.
    pub token: Option<String>,
}

/// Invites addresses to a place; who is a member already is left out, and who was invited before
/// gets a new invitation in place of the old. `by_mail` says whether letters can be sent.
pub fn invite(
    tx: &mut Tx<'_>,
    authority: &Authority,
    input: &InviteInput,
    by_mail: bool,
) -> Result<Vec<Invited>> {
    authority.need(Permission::UsersManage)?;
    let role = input.role.as_deref().unwrap_or("DEFAULT");
    authority.may_give(tx, role)?;
    tx.lock_name(&format!("invitations:{}", authority.place.id()))?;
    let addresses = input.addresses()?;
    let waiting = waiting_in(tx, authority.place.id())?.len();
    if waiting + addresses.len() > WAITING_MAX as usize {
        return Err(Error::invalid(format!("{WAITING_MAX} invitations wait at most, delete some first")));
    }
    let mut invited = Vec::new();
    for address in addresses {
        if is_member(tx, &address, authority.place)? {
            continue;
        }
        let doc = replace(tx, authority, &address, role)?;
        let (doc, token) = if by_mail {
            Letter::Invitation { invitation: doc.id }.post(tx)?;
            (doc, None)
        } else {
            let (doc, token) = with_secret(tx, doc)?;
            (doc, Some(token))
        };
        let detail = json!({"email": address.key, "role": role});
        audit::note(tx, authority.place.id(), "invitation.created", doc.id, detail)?;
        invited.push(Invited { view: doc.view(&INVITATION), token });
    }
    Ok(invited)
}

/// Gives an invitation a new secret in place of the one before.
pub(crate) fn with_secret(tx: &mut Tx<'_>, mut invitation: Doc) -> Result<(Doc, String)> {
    let token = random_secret();
    invitation.set("hash", hash(&token));
    Ok((tx.save(&INVITATION, invitation)?, token))
}

/// The invitations that wait in a place.
pub fn of_place(tx: &ReadTx<'_>, authority: &Authority) -> Result<Vec<Json>> {
    authority.need(Permission::UsersManage)?;
    Ok(views(&waiting_in(tx, authority.place.id())?))
}

/// The invitations that wait for a user with a confirmed address.
pub fn of_user(tx: &ReadTx<'_>, user: Id) -> Result<Vec<Json>> {
    let user = tx.get(&USER, user)?;
    let Some(address) = user.text("email").map(str::to_lowercase) else {
        return Ok(Vec::new());
    };
    let all = tx.all_by(&INVITATION, "emailKey", &address, WAITING_MAX)?;
    let mine = |invitation: &Doc| is_for(tx, invitation, &user) && !is_over(invitation, tx.now());
    Ok(views(&all.into_iter().filter(mine).collect::<Vec<_>>()))
}

/// Whether an invitation waits for somebody with this address, in the operator's scope.
pub fn waits_for(tx: &ReadTx<'_>, address: &Address) -> Result<bool> {
    let all = tx.all_by(&INVITATION, "emailKey", &address.key, WAITING_MAX)?;
    Ok(all.iter().any(|invitation| !is_over(invitation, tx.now())))
}

/// The invitation behind a link, in the operator's scope.
///
/// # Errors
/// [`Error::NotFound`] when the link is not good any more.
pub fn of_link(tx: &ReadTx<'_>, token: &str) -> Result<Json> {
    let invitation = tx.find_by(&INVITATION, "hash", &hash(token))?;
    let invitation = invitation.filter(|invitation| !is_over(invitation, tx.now()));
    let invitation =
        invitation.ok_or_else(|| Error::not_found("invitation", "of this link, ask for a new one"))?;
    Ok(invitation.view(&INVITATION))
}

/// Joins or declines, for the signed-in user with the invited address.
pub fn answer(tx: &mut Tx<'_>, user: Id, id: Id, accept: bool) -> Result<()> {
    let user = tx.get(&USER, user)?;
    let invitation = tx.find_locked(&INVITATION, id)?.filter(|invitation| is_for(tx, invitation, &user));
    let invitation = invitation.filter(|invitation| !is_over(invitation, tx.now()));
    let invitation = invitation.ok_or_else(|| Error::not_found(INVITATION.name, id))?;
    let place = place(&invitation)?;
    if accept && !is_backed(tx, &invitation)? {
        return Err(Error::not_found(INVITATION.name, id));
    }
    tx.delete(&INVITATION, id)?;
    if !accept {
        return audit::note(tx, place.id(), "invitation.declined", id, Json::Null);
    }
    let kind = if invitation.text("project").is_some() { &PROJECT } else { &ORGANISATION };
    tx.get(kind, place.id())?;
    if membership(tx, user.id, place.id())?.is_some() {
        return Ok(());
    }
    members::add(tx, user.id, place, invitation.text("role").unwrap_or_default())
}

/// Changes the role that comes with an invitation to the project.
pub fn set_role(tx: &mut Tx<'_>, authority: &Authority, id: Id, role: &str) -> Result<Doc> {
    authority.need(Permission::UsersManage)?;
    let here = |invitation: &Doc| invitation.reference("target") == Some(authority.place.id());
    let invitation = tx.find_locked(&INVITATION, id)?.filter(here);
    let mut invitation = invitation.ok_or_else(|| Error::not_found(INVITATION.name, id))?;
    authority.may_touch(tx, invitation.text("role").unwrap_or_default())?;
    authority.may_give(tx, role)?;
    invitation.set("role", role);
    // Who decides on the role answers for it.
    invitation.set("invitedBy", authority.user.to_string());
    audit::note(tx, authority.place.id(), "invitation.changed", id, json!({"role": role}))?;
    tx.save(&INVITATION, invitation)
}

/// Takes an invitation back. `authority` is the caller's in the place of the invitation; see [`place_of`].
pub fn delete(tx: &mut Tx<'_>, authority: &Authority, id: Id) -> Result<()> {
    authority.need(Permission::UsersManage)?;
    let invitation = tx.get_locked(&INVITATION, id)?;
    authority.may_touch(tx, invitation.text("role").unwrap_or_default())?;
    tx.delete(&INVITATION, id)?;
    audit::note(
        tx,
        authority.place.id(),
        "invitation.deleted",
        id,
        json!({"email": invitation.text("email")}),
    )
}

/// Takes back what a user invited to in a place and may no longer give, after the user's rights
/// there became less. In an organisation this is about all its projects too.
pub(crate) fn withdraw(tx: &mut Tx<'_>, inviter: Id, place: Place) -> Result<()> {
    let property = match place {
        Place::Organisation(_) => "organisation",
        Place::Project { .. } => "project",
    };
    let filter = Filter::equal(Path::known(property), place.id().to_string())
        .and(Filter::equal(Path::known("invitedBy"), inviter.to_string()));
    for invitation in tx.list(&INVITATION, &Listing::new(filter, WITHDRAWN_MAX))?.docs {
        if !is_backed(tx, &invitation)? {
            tx.delete(&INVITATION, invitation.id)?;
            let detail = json!({"email": invitation.text("email"), "invitedBy": inviter});
            audit::note(tx, self::place(&invitation)?.id(), "invitation.withdrawn", invitation.id, detail)?;
        }
    }
    Ok(())
}

/// Whether who invited may still give the role: nobody comes in through somebody who is out.
fn is_backed(tx: &ReadTx<'_>, invitation: &Doc) -> Result<bool> {
    let inviter = invitation.reference("invitedBy").map(|user| tx.find(&USER, user)).transpose()?.flatten();
    let Some(inviter) = inviter.filter(|user| !user.is_true("disabled")) else {
        return Ok(false);
    };
    let Some(authority) = Authority::of(tx, inviter.id, place(invitation)?)? else {
        return Ok(false);
    };
    let may = authority
        .need(Permission::UsersManage)
        .and_then(|()| authority.may_give(tx, invitation.text("role").unwrap_or_default()));
    match may {
        Ok(()) => Ok(true),
        Err(Error::Forbidden(_) | Error::Invalid(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// How many invitations that wait carry a role of an organisation.
pub(crate) fn with_role(tx: &ReadTx<'_>, organisation: Id, role: &str) -> Result<u64> {
    let live = Op::Greater(Literal::Text(format_date(tx.now())));
    let filter = Filter::equal(Path::known("organisation"), organisation.to_string())
        .and(Filter::equal(Path::known("role"), role))
        .and(Filter::test(Path::known("expiresAt"), live));
    tx.count(&INVITATION, &filter)
}

/// Where an invitation leads.
pub fn place_of(tx: &ReadTx<'_>, id: Id) -> Result<Place> {
    place(&tx.get(&INVITATION, id)?)
}

fn place(invitation: &Doc) -> Result<Place> {
    let broken = || Error::internal("an invitation leads nowhere");
    let organisation = invitation.reference("organisation").ok_or_else(broken)?;
    Ok(match invitation.reference("project") {
        Some(id) => Place::Project { id, organisation },
        None => Place::Organisation(organisation),
    })
}

fn replace(tx: &mut Tx<'_>, authority: &Authority, address: &Address, role: &str) -> Result<Doc> {
    let place = authority.place;
    let pair = format!("{}:{}", place.id(), address.key);
    if let Some(before) = tx.find_by_locked(&INVITATION, "pair", &pair)? {
        authority.may_touch(tx, before.text("role").unwrap_or_default())?;
        tx.delete(&INVITATION, before.id)?;
    }
    let (place_type, kind, project) = match place {
        Place::Organisation(_) => ("organisation", &ORGANISATION, None),
        Place::Project { id, .. } => ("project", &PROJECT, Some(id)),
    };
    let name = tx.get(kind, place.id())?.text("name").unwrap_or_default().to_owned();
    let body = json!({
        "email": address.text, "emailKey": address.key, "type": place_type, "name": name, "role": role,
        "organisation": place.organisation(), "project": project, "target": place.id(), "pair": pair,
        "invitedBy": authority.user, "expiresAt": format_date(tx.now() + LIFETIME_MS),
    });
    tx.insert(&INVITATION, to_body(body))
}

fn is_member(tx: &ReadTx<'_>, address: &Address, place: Place) -> Result<bool> {
    for key in [address.key.clone(), sso::email_key(place.organisation(), address)] {
        let user = tx.find_by(&USER, "emailKey", &key)?;
        if let Some(user) = user
            && membership(tx, user.id, place.id())?.is_some()
        {
            return Ok(true);
        }
    }
    Ok(false)
}

fn waiting_in(tx: &ReadTx<'_>, place: Id) -> Result<Vec<Doc>> {
    let all = tx.all_by(&INVITATION, "target", &place.to_string(), WAITING_MAX)?;
    Ok(all.into_iter().filter(|invitation| !is_over(invitation, tx.now())).collect())
}

/// Whether an invitation is for a user: for the confirmed address, or within the organisation whose
/// provider made the account and speaks for its address. One that leads where the calling session does
/// not reach waits for a session that does.
fn is_for(tx: &ReadTx<'_>, invitation: &Doc, user: &Doc) -> bool {
    let Some(invited) = invitation.text("emailKey") else {
        return false;
    };
    if !invitation.reference("organisation").is_some_and(|organisation| tx.scope().reaches(organisation)) {
        return false;
    }
    if sso::is_made_by(user, invitation.reference("organisation")) {
        return user.text("email").is_some_and(|email| email.to_lowercase() == invited);
    }
    user.is_true("confirmed") && user.text("emailKey") == Some(invited)
}

fn is_over(invitation: &Doc, now: Millis) -> bool {
    invitation.text("expiresAt").and_then(parse_date).is_none_or(|at| at <= now)
}

fn views(invitations: &[Doc]) -> Vec<Json> {
    invitations.iter().map(|invitation| invitation.view(&INVITATION)).collect()
}
