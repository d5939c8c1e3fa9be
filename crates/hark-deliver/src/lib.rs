//! hark-deliver
