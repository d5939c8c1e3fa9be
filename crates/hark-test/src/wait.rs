//! Waiting for what happens by itself: polls with a deadline, never a fixed sleep.

use std::time::{Duration, Instant};

/// The longest that a test waits for anything.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Waits until the check holds.
///
/// # Panics
/// With `what`, when it does not within [`PATIENCE`].
pub async fn eventually<F: Future<Output = bool>>(what: &str, check: impl Fn() -> F) {
    let started = Instant::now();
    while !check().await {
        assert!(started.elapsed() < PATIENCE, "not in time: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
