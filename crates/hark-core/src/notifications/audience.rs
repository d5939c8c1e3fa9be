//! Who may hear of a project's tickets, and what each of them wants to hear; read in the instance's scope.

use std::collections::{BTreeMap, BTreeSet};

use hark_store::access::{MEMBER, USER, need_second_factor};
use hark_store::credentials::{permissions, role_permissions};
use hark_store::{Doc, Error, Id, Permission, Permissions, ReadTx, Result};

use super::preferences::{NotificationPreference, NotificationPreferences, NotificationSettings, Reason};
use crate::access::members::{MEMBERS_MAX, reaches_projects};
use crate::documents::by_ids;

/// Somebody who may read a project's tickets.
#[derive(Clone, Debug)]
pub struct Hearer {
    /// The user.
    pub user: Id,
    /// The address for mail.
    pub email: String,
    /// Whether the user sees contacts, and so their names.
    pub sees_contacts: bool,
    preferences: NotificationPreferences,
    /// Which news are left out.
    pub settings: NotificationSettings,
}

impl Hearer {
    /// On which ways the user wants to hear for a reason.
    pub(super) fn wants(&self, reason: Reason) -> NotificationPreference {
        self.preferences.of(reason)
    }
}

/// Everybody who may read the tickets of a project.
pub fn hearers(tx: &ReadTx<'_>, project: Id, organisation: Option<Id>) -> Result<Vec<Hearer>> {
    let mut members = tx.all_by(&MEMBER, "target", &project.to_string(), MEMBERS_MAX)?;
    if let Some(organisation) = organisation {
        let leaders = tx.all_by(&MEMBER, "target", &organisation.to_string(), MEMBERS_MAX)?;
        members.extend(leaders.into_iter().filter(reaches_projects));
    }
    let mut roles: BTreeMap<String, Permissions> = BTreeMap::new();
    let mut granted: BTreeMap<Id, Permissions> = BTreeMap::new();
    for member in &members {
        let Some(user) = member.reference("user") else { continue };
        let role = member.text("role").unwrap_or_default();
        let allows = match roles.get(role) {
            Some(known) => *known,
            None => role_permissions(tx, role, organisation)?,
        };
        roles.insert(role.to_owned(), allows);
        let sum = granted.get(&user).copied().unwrap_or_default().or(allows);
        granted.insert(user, sum);
    }
    let ids: BTreeSet<Id> = granted.keys().copied().collect();
    let mut hearers = Vec::new();
    for (id, user) in by_ids(tx, &USER, &ids)? {
        if let Some(permissions) = granted.get(&id) {
            hearers.extend(one(tx, &user, permissions, organisation)?);
        }
    }
    Ok(hearers)
}

/// One user, if it may read the tickets of a project.
pub fn hearer(tx: &ReadTx<'_>, project: Id, organisation: Option<Id>, user: Id) -> Result<Option<Hearer>> {
    let (Some(user), Some(permissions)) =
        (tx.find(&USER, user)?, permissions(tx, user, project, organisation)?)
    else {
        return Ok(None);
    };
    one(tx, &user, &permissions, organisation)
}

/// A user who has these permissions, if they let it read tickets and it is somebody who could sign in.
fn one(
    tx: &ReadTx<'_>,
    user: &Doc,
    permissions: &Permissions,
    organisation: Option<Id>,
) -> Result<Option<Hearer>> {
    let is_machine = user.text("type") == Some("service_account");
    if is_machine || user.is_true("disabled") || !permissions.has(Permission::TicketsRead) {
        return Ok(None);
    }
    // Whom the organisation does not let in without a second factor does not hear what is said inside either.
    match organisation.map_or(Ok(()), |organisation| need_second_factor(tx, user.id, organisation)) {
        Err(Error::Needs(_)) => return Ok(None),
        checked => checked?,
    }
    Ok(Some(Hearer {
        user: user.id,
        email: user.text("email").unwrap_or_default().to_owned(),
        sees_contacts: permissions.has(Permission::ContactsRead),
        preferences: decided(user, "notificationPreferences"),
        settings: decided(user, "notificationSettings"),
    }))
}

/// What a user wants to hear, with what is usual in place of what it never decided.
pub fn preferences_of(user: &Doc) -> NotificationPreferences {
    decided::<NotificationPreferences>(user, "notificationPreferences").whole()
}

/// What a user decided; what older versions stored in another form counts as nothing.
fn decided<T: serde::de::DeserializeOwned + Default>(user: &Doc, property: &str) -> T {
    let stored = user.body.get(property).cloned();
    stored.and_then(|stored| serde_json::from_value(stored).ok()).unwrap_or_default()
}
