//! The one source of time: the real clock, or one that a test moves by hand.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Unix time in milliseconds.
pub type Millis = i64;

/// Tells the time in unix milliseconds.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    fixed: Option<Arc<AtomicI64>>,
    /// Milliseconds by which a fixed clock goes on each time somebody looks at it.
    step: Millis,
}

impl Clock {
    /// The clock of the machine.
    pub fn real() -> Clock {
        Clock::default()
    }

    /// A clock that stands still at `at` until [`Clock::advance`] moves it.
    pub fn fixed(at: Millis) -> Clock {
        Clock { fixed: Some(Arc::new(AtomicI64::new(at))), step: 0 }
    }

    /// A clock that begins at `at` and is a millisecond later at each look: a test with it finds what looks
    /// twice and takes both for the same moment.
    pub fn ticking(at: Millis) -> Clock {
        Clock { step: 1, ..Clock::fixed(at) }
    }

    /// Now, in unix milliseconds.
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everything else asks")]
    pub fn now(&self) -> Millis {
        match &self.fixed {
            Some(at) => at.fetch_add(self.step, Ordering::SeqCst),
            None => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX)),
        }
    }

    /// Moves a fixed clock forward; the real clock cannot be moved and ignores it.
    pub fn advance(&self, by_ms: Millis) {
        if let Some(at) = &self.fixed {
            at.fetch_add(by_ms, Ordering::SeqCst);
        }
    }
}
