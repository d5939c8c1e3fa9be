//! What somebody may do in a project: the permissions, and the built-in roles made of them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One thing that a role can allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Permission {
    /// See contacts, their events and their memory.
    #[serde(rename = "contacts.read")]
    ContactsRead,
    /// Create and change contacts.
    #[serde(rename = "contacts.write")]
    ContactsWrite,
    /// Delete contacts with all their data.
    #[serde(rename = "contacts.delete")]
    ContactsDelete,
    /// Take contacts out in bulk.
    #[serde(rename = "contacts.export")]
    ContactsExport,
    /// Bring contacts in in bulk.
    #[serde(rename = "contacts.import")]
    ContactsImport,
    /// See what the billing systems know about a contact.
    #[serde(rename = "billing.read")]
    BillingRead,
    /// See tickets, messages and message templates.
    #[serde(rename = "tickets.read")]
    TicketsRead,
    /// Answer and change tickets; keep own message templates.
    #[serde(rename = "tickets.write")]
    TicketsWrite,
    /// Delete tickets with everything in them, and messages.
    #[serde(rename = "tickets.delete")]
    TicketsDelete,
    /// Take tickets out in bulk.
    #[serde(rename = "tickets.export")]
    TicketsExport,
    /// See teams and who works in the project.
    #[serde(rename = "team.read")]
    TeamRead,
    /// Create and change teams.
    #[serde(rename = "team.manage")]
    TeamManage,
    /// Invite and remove users and change their roles.
    #[serde(rename = "users.manage")]
    UsersManage,
    /// See the project's settings.
    #[serde(rename = "settings.read")]
    SettingsRead,
    /// Change the project's settings, keys and credentials.
    #[serde(rename = "settings.manage")]
    SettingsManage,
    /// Create, rotate and revoke API tokens.
    #[serde(rename = "tokens.manage")]
    TokensManage,
    /// Read and export the audit log.
    #[serde(rename = "audit.read")]
    AuditRead,
}

use Permission as P;

/// Every permission, in the order in which settings pages show them.
pub const ALL: &[Permission] = &[
    P::ContactsRead,
    P::ContactsWrite,
    P::ContactsDelete,
    P::ContactsExport,
    P::ContactsImport,
    P::BillingRead,
    P::TicketsRead,
    P::TicketsWrite,
    P::TicketsDelete,
    P::TicketsExport,
    P::TeamRead,
    P::TeamManage,
    P::UsersManage,
    P::SettingsRead,
    P::SettingsManage,
    P::TokensManage,
    P::AuditRead,
];

/// The roles that every organisation has; their aliases are stored with memberships.
pub const BUILT_IN_ROLES: &[BuiltInRole] = &[
    BuiltInRole {
        alias: "OWNER",
        name: "Owner",
        description: "May do everything, also in every project of the organisation",
        permissions: ALL,
    },
    BuiltInRole {
        alias: "ADMIN",
        name: "Admin",
        description: "May do everything in the project",
        permissions: ALL,
    },
    BuiltInRole {
        alias: "DEFAULT",
        name: "Agent",
        description: "Works with contacts and tickets",
        permissions: &[
            P::ContactsRead,
            P::ContactsWrite,
            P::BillingRead,
            P::TicketsRead,
            P::TicketsWrite,
            P::TeamRead,
            P::SettingsRead,
        ],
    },
    BuiltInRole {
        alias: "VIEWER",
        name: "Viewer",
        description: "Sees contacts and tickets and changes nothing",
        permissions: &[P::ContactsRead, P::TicketsRead, P::TeamRead, P::SettingsRead],
    },
];

/// A role that cannot be changed.
#[derive(Debug)]
pub struct BuiltInRole {
    /// The name on the wire.
    pub alias: &'static str,
    /// The name for people.
    pub name: &'static str,
    /// What it is for.
    pub description: &'static str,
    /// What it allows.
    pub permissions: &'static [Permission],
}

impl Permission {
    /// The name on the wire and in sentences: `contacts.read`.
    pub fn name(self) -> String {
        serde_json::to_value(self).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// The permission with this name.
    pub fn parse(name: &str) -> Option<Permission> {
        ALL.iter().copied().find(|permission| permission.name() == name)
    }
}

/// A set of permissions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Permissions(u64);

impl Permissions {
    /// Exactly these.
    pub fn of(permissions: &[Permission]) -> Permissions {
        Permissions(permissions.iter().fold(0, |bits, permission| bits | bit(*permission)))
    }

    /// What a built-in role allows.
    pub fn of_role(alias: &str) -> Option<Permissions> {
        BUILT_IN_ROLES.iter().find(|role| role.alias == alias).map(|role| Permissions::of(role.permissions))
    }

    /// Whether the permission is in the set.
    pub fn has(&self, permission: Permission) -> bool {
        self.0 & bit(permission) != 0
    }

    /// Whether everything in `other` is in this set too.
    pub fn cover(&self, other: &Permissions) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both sets together.
    pub fn or(self, other: Permissions) -> Permissions {
        Permissions(self.0 | other.0)
    }

    /// The names of what is in the set, in the order of [`ALL`].
    pub fn names(&self) -> Vec<String> {
        ALL.iter().filter(|permission| self.has(**permission)).map(|permission| permission.name()).collect()
    }
}

fn bit(permission: Permission) -> u64 {
    1 << (permission as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_permissions() {
        for permission in ALL {
            assert_eq!(Permission::parse(&permission.name()), Some(*permission));
        }
        assert_eq!(Permission::parse("everything"), None);
    }

    #[test]
    fn a_viewer_may_not_write_and_an_agent_may_not_delete() {
        let viewer = Permissions::of_role("VIEWER").expect("a built-in role");
        let agent = Permissions::of_role("DEFAULT").expect("a built-in role");
        assert!(viewer.has(P::ContactsRead) && !viewer.has(P::ContactsWrite));
        assert!(agent.has(P::ContactsWrite) && !agent.has(P::ContactsDelete));
        assert!(Permissions::of(ALL).cover(&agent) && !agent.cover(&Permissions::of(ALL)));
    }
}
