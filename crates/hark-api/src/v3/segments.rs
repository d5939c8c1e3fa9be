//! Segments: saved filters of contacts.

use hark_core::segments::{SEGMENTS, SegmentInput};
use hark_store::Permission;

use super::resource::Routes;
use crate::operation::Operation;

static ROUTES: Routes = Routes {
    resource: &SEGMENTS,
    all: "/v3/segments",
    one: "/v3/segments/{segmentId}",
    parameter: "segmentId",
    list: ("FindSegments", "List the segments that the caller sees"),
    create: ("CreateSegment", "Create a segment"),
    get: ("FindSegmentById", "A segment"),
    update: ("UpdateSegment", "Change a segment"),
    delete: ("DeleteSegment", "Delete a segment"),
    read: Permission::ContactsRead,
    write: Permission::ContactsWrite,
};

pub(crate) fn operations() -> Vec<Operation> {
    ROUTES.operations::<SegmentInput>()
}
