//! hark-api
