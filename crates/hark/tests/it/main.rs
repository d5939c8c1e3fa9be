//! The product through its front door, on both engines.

mod teams;
