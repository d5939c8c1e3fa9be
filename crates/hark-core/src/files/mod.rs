//! Files: what people attach and what SDKs capture, with the rows that say whose they are, and the
//! sessions in which a verified user may read the files of its conversations, and members those of a project.

mod content;
mod file;
mod member;
mod moved;
mod session;
mod token;

pub use content::{ContentKind, content_kind, safe_name};
pub use file::{
    FILE, NewFile, Owner, Purpose, Received, TIDY_JOB, attach, attach_named, by_token, drop_file, drop_of,
    give_up_loose, keep, keep_as, move_to, named_in, of_ticket, open, own_address, path_of, removable,
    removed, return_to, tidied, token_in,
};
pub use member::{begin_for_member, member_of};
pub use moved::{may_name_files, projects_in, told_anew};
pub use session::{FILE_SESSION, FileSession, begin, contact_of, location, may_read, revoke, revoke_all};
pub use token::project_of;
