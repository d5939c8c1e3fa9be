//! Rate budgets: the limit holds on one node and over many, attempts survive a restart, and what
//! happens without a database.

use hark_store::testing::Engine;
use hark_store::{Error, Limits, Store, both};

const MINUTE_MS: i64 = 60_000;

async fn spend(limits: Limits, name: &'static str, limit: u32, calls: u32) -> u32 {
    let mut allowed = 0;
    for _ in 0..calls {
        allowed += u32::from(limits.take(name, limit, 1).await.allowed);
    }
    allowed
}

both! {
    async fn a_budget_is_spent_and_comes_back_with_the_next_minute(scratch: Scratch) {
        scratch.clock.advance(20_500);
        let limits = Limits::new(scratch.store.clone());
        let first = limits.take("a", 10, 4).await;
        assert_eq!((first.allowed, first.limit, first.remaining, first.reset_after_s), (true, 10, 6, 40));
        assert!(!limits.take("a", 10, 7).await.allowed, "more than is left");
        let last = limits.take("a", 10, 6).await;
        assert_eq!((last.allowed, last.remaining), (true, 0));
        let over = limits.take("a", 10, 1).await;
        assert_eq!((over.allowed, over.remaining, over.reset_after_s), (false, 0, 40));
        assert!(matches!(over.need("slow down"), Err(Error::TooMany { retry_after_s: 40, .. })));
        assert!(limits.take("b", 10, 1).await.allowed, "another budget");
        assert!(!limits.take("c", 10, 11).await.allowed, "never within the limit");
        assert!(!limits.take("d", 0, 1).await.allowed);
        scratch.clock.advance(MINUTE_MS - 20_500);
        assert!(limits.take("a", 10, 1).await.allowed);
    }

    async fn a_burst_gets_the_limit_exactly(scratch: Scratch) {
        let limits = Limits::new(scratch.store.clone());
        let mut callers = tokio::task::JoinSet::new();
        for _ in 0..32 {
            callers.spawn(spend(limits.clone(), "burst", 500, 20));
        }
        let allowed: u32 = callers.join_all().await.into_iter().sum();
        assert_eq!(allowed, 500);
    }

    async fn nodes_share_a_budget(scratch: Scratch) {
        if scratch.engine == Engine::Sqlite {
            return; // One process has the file.
        }
        let other = Store::open(&scratch.location, scratch.clock.clone(), &scratch.keys()).await.expect("a second node");
        let nodes = [Limits::new(scratch.store.clone()), Limits::new(other)];
        let mut callers = tokio::task::JoinSet::new();
        for caller in 0..16 {
            callers.spawn(spend(nodes[caller % 2].clone(), "shared", 400, 50));
        }
        let allowed: u32 = callers.join_all().await.into_iter().sum();
        assert_eq!(allowed, 400, "of 800 calls on two nodes");
    }

    async fn attempts_are_remembered_across_a_restart(scratch: Scratch) {
        let limits = Limits::new(scratch.store.clone());
        for left in [2, 1, 0] {
            let attempt = limits.attempt("sign-in:x", 3, 900).await.expect("attempt");
            assert_eq!((attempt.allowed, attempt.remaining), (true, left));
        }
        let restarted = Limits::new(Store::open(&scratch.location, scratch.clock.clone(), &scratch.keys()).await.expect("reopen"));
        let refused = restarted.attempt("sign-in:x", 3, 900).await.expect("attempt");
        assert_eq!((refused.allowed, refused.reset_after_s), (false, 900));
        assert!(restarted.attempt("sign-in:y", 3, 900).await.expect("attempt").allowed);
        // A budget of the same name is another thing.
        assert!(restarted.take("sign-in:x", 3, 1).await.allowed);

        restarted.forgive("sign-in:x").await.expect("forgive");
        assert!(limits.attempt("sign-in:x", 3, 900).await.expect("attempt").allowed);
        scratch.clock.advance(900_000);
        let next = limits.attempt("sign-in:x", 3, 900).await.expect("attempt");
        assert_eq!((next.allowed, next.remaining), (true, 2));
    }

    async fn without_a_database_calls_stay_limited_and_attempts_are_refused(scratch: Scratch) {
        let limits = Limits::new(scratch.store.clone());
        scratch.store.close().await;
        assert_eq!(spend(limits.clone(), "calls", 100, 300).await, 100);
        assert!(limits.attempt("sign-in:x", 3, 900).await.is_err());
    }

    async fn any_name_will_do(scratch: Scratch) {
        let limits = Limits::new(scratch.store.clone());
        for name in ["", "\0", "\u{1F600}", &"x".repeat(100_000)] {
            assert!(limits.take(name, 1, 1).await.allowed);
            assert!(!limits.take(name, 1, 1).await.allowed);
            assert!(limits.attempt(name, 1, u32::MAX).await.expect("attempt").allowed);
        }
    }
}
