//! hark-query
