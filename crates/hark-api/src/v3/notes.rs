//! Notes about contacts and tickets, for agents only.

use hark_core::notes::{NOTES, NoteInput};
use hark_store::Permission;

use super::resource::Routes;
use crate::operation::Operation;

static ROUTES: Routes = Routes {
    resource: &NOTES,
    all: "/v3/notes",
    one: "/v3/notes/{noteId}",
    parameter: "noteId",
    list: ("FindNotes", "List notes"),
    create: ("CreateNote", "Create a note"),
    get: ("FindNoteById", "A note"),
    update: ("UpdateNote", "Change a note"),
    delete: ("DeleteNote", "Delete a note"),
    read: Permission::ContactsRead,
    write: Permission::ContactsWrite,
};

pub(crate) fn operations() -> Vec<Operation> {
    ROUTES.operations::<NoteInput>()
}
