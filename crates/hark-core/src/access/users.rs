//! Users: how they are shown, and what they may change about themselves.

use hark_store::access::{USER, has_second_factor};
use hark_store::{Body, Doc, Error, Id, Permission, Result, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::authority::{Authority, membership};
use super::{audit, sessions};
use crate::assignment::agents::Changed;
use crate::documents::{LINE_MAX, expect_revision};
use crate::notifications::{NotificationPreferences, NotificationSettings, preferences_of};

/// Projects that a user can be unavailable in.
const PROJECTS_MAX: usize = 1_000;
/// What says whether a user takes tickets, and of which projects.
const TAKING: [&str; 2] = ["available", "unavailableProjects"];
/// Characters of the address of a picture.
const URL_MAX: usize = 2_000;

/// The properties of a user that a caller may set.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct UserInput {
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// What the user does at work.
    pub user_role: Option<String>,
    /// How the user heard of the product.
    pub knew_gleap_from: Option<String>,
    /// What the user wants to do with it.
    pub user_usage: Option<String>,
    /// The web address of a picture.
    pub profile_image_url: Option<String>,
    /// Whether the first steps are done.
    pub completed_onboarding: Option<bool>,
    /// The password until now, needed for a new one.
    #[serde(skip_serializing)]
    pub oldpassword: Option<String>,
    /// A new password. It ends every session, this one too.
    #[serde(skip_serializing)]
    pub password: Option<String>,
    /// Whether the user takes tickets.
    pub available: Option<bool>,
    /// Projects in which the user takes none.
    pub unavailable_projects: Option<Vec<Id>>,
    /// Which news reach the user on which way.
    pub notification_preferences: Option<NotificationPreferences>,
    /// Which news are left out.
    pub notification_settings: Option<NotificationSettings>,
}

/// A user as it is answered.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserView {
    /// The user's id.
    pub id: Id,
    /// The user's id, as older clients read it.
    #[serde(rename = "_id")]
    pub legacy_id: Id,
    /// The address.
    pub email: String,
    /// `default`, `sso` or `service_account`.
    pub user_type: String,
    /// The same.
    #[serde(rename = "type")]
    pub legacy_type: String,
    /// Whether the address is confirmed.
    pub confirmed: bool,
    /// Whether the user can sign in with a password; if not, one is set by mail.
    pub has_password: bool,
    /// Whether signing in takes a second factor.
    pub has_second_factor: bool,
    /// When it was created, ISO 8601.
    pub created_at: String,
    /// When it was last changed, ISO 8601.
    pub updated_at: String,
    /// What the user set.
    #[serde(flatten)]
    pub user: UserInput,
}

/// Whether this is somebody who may sign in: no service account, and not locked out.
pub(crate) fn is_person(user: &Doc) -> bool {
    user.text("type") == Some("default") && !user.is_true("disabled")
}

/// A user as itself sees it.
pub fn view(user: &Doc) -> Json {
    let mut view = user.view(&USER);
    view["userType"] = json!(user.text("type").unwrap_or("default"));
    view["hasPassword"] = json!(user.text("passwordHash").is_some());
    view["hasSecondFactor"] = json!(has_second_factor(user));
    view["notificationPreferences"] = json!(preferences_of(user));
    view
}

/// A user as colleagues see it.
pub(crate) fn public_view(user: &Doc) -> Body {
    const SHOWN: [&str; 11] = [
        "_id",
        "id",
        "email",
        "firstName",
        "lastName",
        "type",
        "profileImageUrl",
        "available",
        "confirmed",
        "createdAt",
        "updatedAt",
    ];
    let mut view: Body =
        SHOWN.iter().filter_map(|name| Some(((*name).to_owned(), user.body.get(*name)?.clone()))).collect();
    view.insert("userType".to_owned(), json!(user.text("type").unwrap_or("default")));
    view
}

/// Properties with which a password is changed; the old one proves who does.
const PASSWORDS: [&str; 2] = ["oldpassword", "password"];

/// Changes a user: oneself, or a service account of an organisation in which the caller manages users.
/// `changes` are properties of [`UserInput`]; passwords have a way of their own, [`change_password`]. With
/// `expected`, only if the user still has this revision.
///
/// # Errors
/// [`Error::NotFound`] for anybody else, and [`Error::Stale`]; [`Error::Needs`] when only an organisation's
/// provider says who it is, because what is changed counts in others too.
pub fn update(tx: &mut Tx<'_>, caller: Id, id: Id, changes: Body, expected: Option<i64>) -> Result<Doc> {
    let mut user = tx.get_locked(&USER, id)?;
    if caller != id {
        may_manage(tx, caller, &user)?;
    } else if changes.keys().any(|property| !PASSWORDS.contains(&property.as_str())) {
        sessions::need_own(tx)?;
    }
    expect_revision(&USER, &user, expected)?;
    let before = user.body.clone();
    for (property, value) in changes {
        if !PASSWORDS.contains(&property.as_str()) {
            check(&property, &value)?;
            user.set(&property, value);
        }
    }
    let user = tx.save(&USER, user)?;
    if TAKING.iter().any(|name| user.body.get(*name) != before.get(*name)) {
        Changed { user: id, place: None }.tell(tx)?;
    }
    if let Some(organisation) = user.reference("organisation").filter(|_| caller != id) {
        audit::note(tx, organisation, "user.updated", id, Json::Null)?;
    }
    Ok(user)
}

/// Sets a new password and ends every session. `old_hash` is what the old password was checked against.
///
/// # Errors
/// [`Error::Stale`] when the password was changed meanwhile.
pub fn change_password(tx: &mut Tx<'_>, id: Id, old_hash: &str, new_hash: &str) -> Result<()> {
    let mut user = tx.get_locked(&USER, id)?;
    if user.text("passwordHash") != Some(old_hash) {
        return Err(Error::Stale { what: USER.name });
    }
    user.set("passwordHash", new_hash);
    tx.save(&USER, user)?;
    sessions::end_all(tx, id)
}

/// Locks a user out, or lets it in again, in the operator's scope. A disabled user's sessions
/// end and its tokens stop working.
pub fn set_disabled(tx: &mut Tx<'_>, id: Id, disabled: bool) -> Result<()> {
    let mut user = tx.get_locked(&USER, id)?;
    user.set("disabled", if disabled { Json::Bool(true) } else { Json::Null });
    tx.save(&USER, user)?;
    if disabled { sessions::end_all(tx, id) } else { Ok(()) }
}

fn may_manage(tx: &Tx<'_>, caller: Id, user: &Doc) -> Result<()> {
    let foreign = || Error::not_found(USER.name, user.id);
    let is_service = user.text("type") == Some("service_account");
    let organisation = user.reference("organisation").filter(|_| is_service).ok_or_else(foreign)?;
    membership(tx, caller, organisation)?.ok_or_else(foreign)?;
    Authority::in_organisation(tx, caller, organisation)?.need(Permission::UsersManage)
}

fn check(property: &str, value: &Json) -> Result<()> {
    let chars_max = if property == "profileImageUrl" { URL_MAX } else { LINE_MAX };
    if value.as_str().is_some_and(|text| text.chars().count() > chars_max) {
        return Err(Error::invalid(format!("`{property}` is longer than {chars_max} characters")));
    }
    let is_web = |url: &str| ["https://", "http://"].iter().any(|scheme| url.starts_with(scheme));
    if property == "profileImageUrl" && value.as_str().is_some_and(|url| !url.is_empty() && !is_web(url)) {
        return Err(Error::invalid("`profileImageUrl` is not a web address, begin it with https://"));
    }
    if value.as_array().is_some_and(|projects| projects.len() > PROJECTS_MAX) {
        return Err(Error::invalid(format!("`{property}` has more than {PROJECTS_MAX} entries")));
    }
    Ok(())
}
