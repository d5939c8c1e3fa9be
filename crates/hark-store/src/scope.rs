//! Who acts on whose data: the value without which no data can be reached.

use std::sync::Arc;

use crate::doc::Doc;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::permission::{Permission, Permissions};

/// The right to work on one project's data (or on the instance's), and who has it.
///
/// Only this crate makes one, out of a row that grants it: a token with a
/// membership, an SDK key, a contact's hash, a leased job. See [`crate::credentials`].
#[derive(Clone, Debug)]
pub struct Scope(Arc<Grant>);

#[derive(Debug)]
struct Grant {
    partition: Id,
    organisation: Option<Id>,
    actor: Actor,
    permissions: Permissions,
    limits: OwnLimits,
}

/// How many calls a minute a project allows, where it decided that itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OwnLimits {
    /// REST calls.
    pub rest: Option<u32>,
    /// Calls of its SDKs.
    pub sdk: Option<u32>,
    /// Calls of server-side tracking.
    pub tracking: Option<u32>,
}

impl OwnLimits {
    /// What stands in a project's document.
    pub fn of(project: &Doc) -> OwnLimits {
        let limits = project.body.get("limits");
        let limit = |name: &str| {
            let limit = limits.and_then(|limits| limits[name].as_u64());
            limit.and_then(|limit| u32::try_from(limit).ok())
        };
        OwnLimits { rest: limit("rest"), sdk: limit("sdk"), tracking: limit("tracking") }
    }
}

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// The operator at the command line, or the server on its own account.
    System,
    /// A signed-in user or a service account.
    User {
        /// The user's id.
        id: Id,
        /// Whether it is a service account.
        service: bool,
        /// The token it came with.
        token: Id,
        /// The only organisation that the token is good for, of a session through that one's provider.
        within: Option<Id>,
    },
    /// A visitor's SDK that holds only the project's SDK key.
    Visitor,
    /// A contact that proved itself with its hash.
    Contact {
        /// The contact's id.
        id: Id,
    },
    /// A customer's server with the project's secret token.
    Server,
    /// A background job.
    Job {
        /// The job's id.
        id: Id,
    },
}

impl Actor {
    /// How the actor is written down in events and the audit log: `user:<id>`, `system`.
    pub fn label(&self) -> String {
        match self {
            Actor::System => "system".to_owned(),
            Actor::User { id, .. } => format!("user:{id}"),
            Actor::Visitor => "visitor".to_owned(),
            Actor::Contact { id } => format!("contact:{id}"),
            Actor::Server => "server".to_owned(),
            Actor::Job { id } => format!("job:{id}"),
        }
    }
}

impl Scope {
    pub(crate) fn grant(
        partition: Id,
        organisation: Option<Id>,
        actor: Actor,
        permissions: Permissions,
    ) -> Scope {
        let limits = OwnLimits::default();
        Scope(Arc::new(Grant { partition, organisation, actor, permissions, limits }))
    }

    /// The scope of somebody whose calls count against the limits of the project.
    pub(crate) fn grant_on(project: &Doc, actor: Actor, permissions: Permissions) -> Scope {
        Scope(Arc::new(Grant {
            partition: project.id,
            organisation: project.reference("organisation"),
            actor,
            permissions,
            limits: OwnLimits::of(project),
        }))
    }

    /// The same with a contact that proved itself as the actor.
    pub(crate) fn as_contact(&self, id: Id) -> Scope {
        let Grant { partition, organisation, limits, .. } = *self.0;
        let (actor, permissions) = (Actor::Contact { id }, Permissions::default());
        Scope(Arc::new(Grant { partition, organisation, actor, permissions, limits }))
    }

    /// The limits that the project set itself.
    pub fn own_limits(&self) -> OwnLimits {
        self.0.limits
    }

    /// The project, or `None` where the scope is the instance itself.
    pub fn project(&self) -> Option<Id> {
        (self.0.partition != Id::INSTANCE).then_some(self.0.partition)
    }

    /// The organisation that owns the project.
    pub fn organisation(&self) -> Option<Id> {
        self.0.organisation
    }

    /// Who acts.
    pub fn actor(&self) -> &Actor {
        &self.0.actor
    }

    /// The user who acts, if it is one.
    pub fn user(&self) -> Option<Id> {
        match self.0.actor {
            Actor::User { id, .. } => Some(id),
            _ => None,
        }
    }

    /// The only organisation that the actor reaches, of a session that began at the organisation's provider
    /// of single sign-on.
    pub fn within(&self) -> Option<Id> {
        match self.0.actor {
            Actor::User { within, .. } => within,
            _ => None,
        }
    }

    /// Whether the actor reaches an organisation, as far as the way in which it signed in tells.
    pub fn reaches(&self, organisation: Id) -> bool {
        self.within().is_none_or(|within| within == organisation)
    }

    /// What the actor may do here.
    pub fn permissions(&self) -> &Permissions {
        &self.0.permissions
    }

    /// Goes on if the actor may do this.
    ///
    /// # Errors
    /// [`Error::Forbidden`] with the name of the missing permission.
    pub fn need(&self, permission: Permission) -> Result<()> {
        if self.0.permissions.has(permission) {
            return Ok(());
        }
        Err(Error::Forbidden(format!(
            "this needs the permission {}, ask an administrator of the project for a role that has it",
            permission.name()
        )))
    }

    pub(crate) fn partition(&self) -> Id {
        self.0.partition
    }
}
