//! Who may hand on what: nobody gives a role that allows more than they may do themselves.

use hark_store::access::{MEMBER, ROLE, need_second_factor};
use hark_store::credentials::{permissions, role_permissions};
use hark_store::permission::BUILT_IN_ROLES;
use hark_store::{Doc, Error, Id, Permission, Permissions, ReadTx, Result, Scope};

/// Where somebody is a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In an organisation; its owners and admins reach all its projects.
    Organisation(Id),
    /// In one project.
    Project {
        /// The project.
        id: Id,
        /// The organisation that owns it.
        organisation: Id,
    },
}

impl Place {
    /// The id that memberships name.
    pub fn id(self) -> Id {
        match self {
            Place::Organisation(id) | Place::Project { id, .. } => id,
        }
    }

    /// The organisation, whose roles can be given.
    pub fn organisation(self) -> Id {
        match self {
            Place::Organisation(id) => id,
            Place::Project { organisation, .. } => organisation,
        }
    }
}

/// Somebody's rights in a place.
#[derive(Clone, Debug)]
pub struct Authority {
    /// Whose.
    pub user: Id,
    /// Where.
    pub place: Place,
    permissions: Permissions,
    /// The role in the organisation itself, when the place is one.
    organisation_role: Option<String>,
}

impl Authority {
    /// The rights of the user who acts in a project.
    ///
    /// # Errors
    /// [`Error::Forbidden`] when no user acts, or not in a project.
    pub fn in_project(scope: &Scope) -> Result<Authority> {
        let (Some(user), Some(id), Some(organisation)) =
            (scope.user(), scope.project(), scope.organisation())
        else {
            return Err(Error::Forbidden("this call needs a user's token and a project".to_owned()));
        };
        let place = Place::Project { id, organisation };
        Ok(Authority { user, place, permissions: *scope.permissions(), organisation_role: None })
    }

    /// A user's rights in an organisation.
    ///
    /// # Errors
    /// [`Error::NotFound`] for somebody who is no member of it, or whose session does not reach it.
    pub fn in_organisation(tx: &ReadTx<'_>, user: Id, organisation: Id) -> Result<Authority> {
        let is_out_of_reach = tx.scope().user() == Some(user) && !tx.scope().reaches(organisation);
        let member = if is_out_of_reach { None } else { membership(tx, user, organisation)? };
        let member = member.ok_or_else(|| Error::not_found("organisation", organisation))?;
        let role = member.text("role").unwrap_or_default().to_owned();
        need_second_factor(tx, user, organisation)?;
        Ok(Authority {
            user,
            place: Place::Organisation(organisation),
            permissions: role_permissions(tx, &role, Some(organisation))?,
            organisation_role: Some(role),
        })
    }

    /// A user's rights in a place; `None` for somebody who has none there.
    pub(crate) fn of(tx: &ReadTx<'_>, user: Id, place: Place) -> Result<Option<Authority>> {
        match place {
            Place::Organisation(organisation) => match Authority::in_organisation(tx, user, organisation) {
                Err(Error::NotFound { .. }) => Ok(None),
                authority => authority.map(Some),
            },
            Place::Project { id, organisation } => {
                let permissions = permissions(tx, user, id, Some(organisation))?;
                let with = |permissions| Authority { user, place, permissions, organisation_role: None };
                Ok(permissions.map(with))
            }
        }
    }

    /// The role in the organisation itself, when the place is one.
    pub(crate) fn organisation_role(&self) -> Option<&str> {
        self.organisation_role.as_deref()
    }

    /// Goes on if these rights have the permission.
    ///
    /// # Errors
    /// [`Error::Forbidden`] with the permission's name.
    pub fn need(&self, permission: Permission) -> Result<()> {
        if self.permissions.has(permission) {
            return Ok(());
        }
        Err(Error::Forbidden(format!("this needs the permission {}", permission.name())))
    }

    /// Goes on if these rights cover the permissions.
    ///
    /// # Errors
    /// [`Error::Forbidden`] when they do not.
    pub fn cover(&self, permissions: &Permissions) -> Result<()> {
        if self.permissions.cover(permissions) {
            return Ok(());
        }
        Err(Error::Forbidden("you cannot hand on or take away permissions that you do not have".to_owned()))
    }

    /// Goes on if these rights may give somebody the role here.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a role that does not exist here, [`Error::Forbidden`] for one too high.
    pub fn may_give(&self, tx: &ReadTx<'_>, role: &str) -> Result<()> {
        if !role_exists(tx, self.place.organisation(), role)? {
            return Err(Error::invalid(format!(
                "there is no role with this alias, the built-in ones are {}",
                BUILT_IN_ROLES.iter().map(|role| role.alias).collect::<Vec<_>>().join(", ")
            )));
        }
        if role == "OWNER" && self.place != Place::Organisation(self.place.organisation()) {
            return Err(Error::invalid("OWNER is a role in organisations, give ADMIN in a project"));
        }
        self.may_touch(tx, role)
    }

    /// Goes on if these rights may change or remove somebody who has the role here.
    ///
    /// # Errors
    /// [`Error::Forbidden`] when the role allows more.
    pub fn may_touch(&self, tx: &ReadTx<'_>, role: &str) -> Result<()> {
        if let Some(own) = &self.organisation_role {
            // Owners and admins reach every project, whatever a role of the same permissions may do here.
            let high_enough = match role {
                "OWNER" => own == "OWNER",
                "ADMIN" => ["OWNER", "ADMIN"].contains(&own.as_str()),
                _ => true,
            };
            if !high_enough {
                return Err(Error::Forbidden(format!("only a higher role than {own} may do this")));
            }
        }
        self.cover(&role_permissions(tx, role, Some(self.place.organisation()))?)
    }
}

/// A user's membership in a project or an organisation.
pub(crate) fn membership(tx: &ReadTx<'_>, user: Id, target: Id) -> Result<Option<Doc>> {
    tx.find_by(&MEMBER, "pair", &format!("{user}:{target}"))
}

pub(crate) fn role_exists(tx: &ReadTx<'_>, organisation: Id, alias: &str) -> Result<bool> {
    let built_in = BUILT_IN_ROLES.iter().any(|role| role.alias == alias);
    Ok(built_in || tx.find_by(&ROLE, "pair", &format!("{organisation}:{alias}"))?.is_some())
}
