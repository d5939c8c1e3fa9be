//! hark-core
