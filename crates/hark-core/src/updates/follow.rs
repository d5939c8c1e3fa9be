//! Following a numbered stream: where a client goes on, and what of it somebody may see.

use hark_store::{Id, Permission, Permissions, Position, ReadTx, Result, Tx};
use serde_json::Value as Json;

/// What a user's notification is called on the user's stream.
pub const NOTIFICATION: &str = "notification";

/// Where a client goes on that follows a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// With the events after this one.
    After(Position),
    /// What it asked for is not kept any more, or of another stream; the stream stands here.
    Lost(Position),
}

/// The stream of one user's notifications in a project.
pub fn user_stream(user: Id) -> String {
    format!("user:{user}")
}

/// Tells a user something on every page that the user has open in this project: ids and numbers only, because
/// streams are not looked through when something is deleted.
pub fn notify_user(tx: &mut Tx<'_>, user: Id, data: Json) {
    tx.publish(user_stream(user), NOTIFICATION, data);
}

/// Where a client goes on that got everything up to `seen`, and that takes `behind_max` events at
/// most; one that has seen nothing begins with what happens from now on.
pub fn start(tx: &ReadTx<'_>, stream: &str, seen: Option<&Position>, behind_max: i64) -> Result<Start> {
    let now = tx.stream_position(stream)?;
    let Some(seen) = seen else { return Ok(Start::After(now)) };
    // A stream gets its epoch with its first event.
    let is_this = seen.epoch == now.epoch || (seen.epoch.is_empty() && seen.seq == 0);
    let behind = now.seq - seen.seq.max(-1);
    if !is_this || seen.seq < 0 || !(0..=behind_max).contains(&behind) {
        return Ok(Start::Lost(now));
    }
    let next = tx.stream_after(stream, seen.seq, 1)?;
    let is_kept = behind == 0 || next.first().is_some_and(|event| event.seq == seen.seq + 1);
    Ok(if is_kept { Start::After(Position { seq: seen.seq, ..now }) } else { Start::Lost(now) })
}

/// What somebody needs to see an event of a project, by its name: `contact.updated`.
pub fn needs(event: &str) -> Permission {
    match event.split('.').next() {
        Some("contact" | "note" | "segment") => Permission::ContactsRead,
        Some("import") => Permission::ContactsImport,
        Some("team") => Permission::TeamRead,
        Some("configuration" | "property") => Permission::SettingsRead,
        Some(
            "ticket" | "ticket type" | "ticket view" | "message" | "message template" | "scheduled message",
        ) => Permission::TicketsRead,
        Some(NOTIFICATION) => Permission::TicketsRead,
        // What nobody thought of is for those who may see everything.
        _ => Permission::AuditRead,
    }
}

/// Whether somebody with these permissions may see an event.
pub fn may_see(permissions: &Permissions, event: &str) -> bool {
    permissions.has(needs(event))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_told_has_readers_of_its_own() {
        for kind in crate::KINDS.iter().filter(|kind| kind.feed) {
            let needed = needs(&format!("{}.updated", kind.name));
            assert_ne!(needed, Permission::AuditRead, "say who may see changes of {}", kind.name);
        }
        assert_eq!(needs("what nobody thought of"), Permission::AuditRead);
    }
}
