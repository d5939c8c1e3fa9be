//! REST v3: one file per group of operations.

mod memory;
mod session_life;
mod sessions;
mod teams;

use crate::operation::{Operation, group};

/// Every operation of REST v3.
pub(crate) fn operations() -> Vec<Operation> {
    [
        group("ContactMemory", memory::operations()),
        group("Session", sessions::operations()),
        group("Session", session_life::operations()),
        group("Team", teams::operations()),
    ]
    .into_iter()
    .flatten()
    .collect()
}
