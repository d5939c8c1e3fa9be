//! hark-store
