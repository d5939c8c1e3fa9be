//! hark-test
