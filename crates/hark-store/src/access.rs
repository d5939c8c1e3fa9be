//! The kinds that say who may do what: organisations, projects, users, memberships, roles, tokens.
//!
//! They live in the instance's partition. Their rules are the product's; storage
//! knows them because a [`crate::Scope`] is made of nothing else.

use serde_json::Value as Json;

use crate::doc::Doc;
use crate::error::{Error, Need, Result};
use crate::id::Id;
use crate::kind::{Field, Kind};
use crate::tx::ReadTx;

/// Who owns projects.
pub const ORGANISATION: Kind =
    Kind { credential: true, ..Kind::new("organisation", "organisation", &[Field::text("name", "name")]) };

/// A project with its keys. `secretHash` is the hash of the secret token for server-side calls,
/// `identitySecret` the key of identity verification; `limits` are the calls a minute that it set itself.
pub const PROJECT: Kind = Kind {
    credential: true,
    hidden: &["secretHash", "identitySecret", "limits"],
    sealed: &["identitySecret"],
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
    hidden: &[
        "passwordHash",
        "emailKey",
        "verification",
        "passwordReset",
        "attempts",
        "totp",
        "totpPending",
        "passkeys",
        "recoveryCodes",
        "usedChallenges",
    ],
    sealed: &["totp", "totpPending"],
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

/// Whether a user has a second factor beside the password.
pub fn has_second_factor(user: &Doc) -> bool {
    user.body.contains_key("totp") || user.body.contains_key("passkeys")
}

/// Whether an organisation lets in only people with a second factor.
pub fn wants_second_factor(organisation: &Doc) -> bool {
    organisation.is_true("requireSecondFactor")
}

/// Goes on if a user has what the organisation wants of people who sign in. Service accounts do not sign
/// in, and whoever came from the organisation's own provider was checked there.
///
/// # Errors
/// [`Error::Needs`] with [`Need::SecondFactor`].
pub fn need_second_factor(tx: &ReadTx<'_>, user: Id, organisation: Id) -> Result<()> {
    if !tx.find(&ORGANISATION, organisation)?.as_ref().is_some_and(wants_second_factor) {
        return Ok(());
    }
    let user = tx.get(&USER, user)?;
    let is_checked = match user.body.get("type").and_then(Json::as_str) {
        Some("service_account") => true,
        Some("sso") => user.reference("organisation") == Some(organisation),
        _ => has_second_factor(&user),
    };
    if is_checked { Ok(()) } else { Err(Error::Needs(Need::SecondFactor)) }
}
