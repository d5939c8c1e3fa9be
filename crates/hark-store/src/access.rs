//! The kinds that say who may do what: organisations, projects, users, memberships, roles, tokens.
//!
//! They live in the instance's partition. Their rules are the product's; storage
//! knows them because a [`crate::Scope`] is made of nothing else.

use crate::kind::{Field, Kind};

/// Who owns projects.
pub const ORGANISATION: Kind =
    Kind { credential: true, ..Kind::new("organisation", "organisation", &[Field::text("name", "name")]) };

/// A project with its keys. `secretHash` is the hash of the secret token for server-side calls,
/// `identitySecret` the key of identity verification.
pub const PROJECT: Kind = Kind {
    credential: true,
    hidden: &["secretHash", "identitySecret"],
    ..Kind::new(
        "project",
        "project",
        &[
            Field::text("organisation", "organisation"),
            Field::text("name", "name"),
            Field::text("sdkKey", "sdk_key"),
            Field::text("secretHash", "secret_hash"),
        ],
    )
};

/// A user or a service account. `emailKey` is the address in lower case.
pub const USER: Kind = Kind {
    credential: true,
    hidden: &["passwordHash", "emailKey", "verification", "passwordReset", "attempts"],
    ..Kind::new("user", "account", &[Field::text("emailKey", "email"), Field::text("type", "type")])
};

/// A user's role in a project or an organisation; `pair` is `user:target`.
pub const MEMBER: Kind = Kind {
    credential: true,
    hidden: &["pair"],
    ..Kind::new(
        "member",
        "member",
        &[
            Field::text("user", "account"),
            Field::text("target", "target"),
            Field::text("role", "role"),
            Field::text("pair", "pair"),
        ],
    )
};

/// A role that an organisation made for itself; `pair` is `organisation:alias`.
pub const ROLE: Kind = Kind {
    credential: true,
    hidden: &["pair"],
    ..Kind::new(
        "role",
        "role",
        &[
            Field::text("organisation", "organisation"),
            Field::text("alias", "alias"),
            Field::text("pair", "pair"),
        ],
    )
};

/// A bearer token, known by its hash; `type` is `session` or `service`.
pub const TOKEN: Kind = Kind {
    credential: true,
    hidden: &["hash"],
    ..Kind::new(
        "token",
        "token",
        &[Field::text("hash", "hash"), Field::text("user", "account"), Field::text("type", "type")],
    )
};

/// Every kind of this module.
pub const KINDS: &[&Kind] = &[&ORGANISATION, &PROJECT, &USER, &MEMBER, &ROLE, &TOKEN];
