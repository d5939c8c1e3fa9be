//! REST v3: one file per group of operations.

mod teams;

use crate::operation::{Operation, group};

/// Every operation of REST v3.
pub(crate) fn operations() -> Vec<Operation> {
    [group("Team", teams::operations())].into_iter().flatten().collect()
}
