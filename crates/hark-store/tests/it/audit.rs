//! The audit log: numbering, chaining, and what tampering with it shows.

use hark_store::testing::START;
use hark_store::{Clock, Error, Scope, Store, both};
use serde_json::json;

async fn write(store: &Store, scope: &Scope, n: usize) {
    let entry = move |tx: &mut hark_store::Tx<'_>| {
        tx.audit("contact.deleted", Some(format!("contact:{n}")), json!({"n": n, "why": "\u{0}é\u{2028}"}))
    };
    store.write(scope, entry).await.expect("audit");
}

async fn broken(store: &Store, scope: &Scope) -> Option<i64> {
    store.read(scope, |tx| tx.verify_audit()).await.expect("verify")
}

both! {
    async fn entries_are_read_back_in_order(scratch: Scratch) {
        let scope = scratch.project().await;
        let operator = scratch.store.operator();
        for n in 0..3 {
            write(&scratch.store, &scope, n).await;
        }
        let twice = |tx: &mut hark_store::Tx<'_>| {
            tx.audit("user.invited", None, json!(null))?;
            tx.audit("user.joined", None, json!(null))
        };
        scratch.store.write(&operator, twice).await.expect("two in one transaction");
        let log = scratch.store.read(&scope, |tx| tx.audit_log(1, 10)).await.expect("log");
        let seen: Vec<_> = log.iter().map(|entry| (entry.seq, entry.detail["n"].as_u64())).collect();
        assert_eq!(seen, [(2, Some(1)), (3, Some(2))]);
        assert_eq!((log[0].actor.as_str(), log[0].target.as_deref()), ("system", Some("contact:1")));
        assert_eq!(scratch.store.read(&scope, |tx| tx.audit_end()).await.expect("end"), 3);
        assert_eq!(scratch.store.read(&operator, |tx| tx.audit_end()).await.expect("end"), 2);
        assert_eq!(broken(&scratch.store, &scope).await, None);
        assert_eq!(broken(&scratch.store, &operator).await, None);
    }

    async fn the_chain_holds_while_the_clock_moves_on(scratch: Scratch) {
        let scope = scratch.project().await;
        let ticking = Clock::ticking(START);
        let store = Store::open(&scratch.location, ticking, &scratch.keys()).await.expect("a second store");
        for n in 0..3 {
            write(&store, &scope, n).await;
        }
        assert_eq!(broken(&store, &scope).await, None);
    }

    async fn a_rolled_back_entry_leaves_no_gap(scratch: Scratch) {
        let scope = scratch.project().await;
        let mut writers = tokio::task::JoinSet::new();
        for n in 0..64_usize {
            let (store, scope) = (scratch.store.clone(), scope.clone());
            writers.spawn(async move {
                let outcome: Result<(), Error> = store.write(&scope, move |tx| {
                    tx.audit("try", None, json!(n))?;
                    if n % 4 == 0 { Err(Error::invalid("no")) } else { Ok(()) }
                }).await;
                assert_eq!(outcome.is_ok(), n % 4 != 0);
            });
        }
        writers.join_all().await;
        let log = scratch.store.read(&scope, |tx| tx.audit_log(0, 1_000)).await.expect("log");
        let numbers: Vec<i64> = log.iter().map(|entry| entry.seq).collect();
        assert_eq!(numbers, (1..=48).collect::<Vec<i64>>());
        assert_eq!(broken(&scratch.store, &scope).await, None);
    }

    async fn a_long_chain_is_checked_to_its_end(scratch: Scratch) {
        let scope = scratch.project().await;
        let many = |tx: &mut hark_store::Tx<'_>| (0..2_500).try_for_each(|n| tx.audit("many", None, json!(n)));
        scratch.store.write(&scope, many).await.expect("audit");
        assert_eq!(broken(&scratch.store, &scope).await, None);
        scratch.execute(&scope, "update audit set action = 'few' where seq = 2400").await;
        assert_eq!(broken(&scratch.store, &scope).await, Some(2_400));
    }

    async fn tampering_shows(scratch: Scratch) {
        for (change, first) in [
            ("update audit set detail = '{\"n\":7}' where seq = 3", 3),
            ("update audit set actor = 'user:x' where seq = 1", 1),
            ("update audit set at = at + 1 where seq = 2", 2),
            ("delete from audit where seq = 4", 4),
            ("delete from audit where seq = 5", 5),
            ("delete from audit", 1),
            ("update audit set seq = 9 where seq = 5", 5),
        ] {
            let scope = scratch.project().await;
            for n in 0..5 {
                write(&scratch.store, &scope, n).await;
            }
            assert_eq!(broken(&scratch.store, &scope).await, None);
            scratch.execute(&scope, change).await;
            assert_eq!(broken(&scratch.store, &scope).await, Some(first), "{change}");
            scratch.execute(&scope, "delete from audit").await;
            scratch.execute(&scope, "delete from audit_head").await;
        }
    }

    async fn an_entry_is_bounded(scratch: Scratch) {
        let scope = scratch.project().await;
        let big = |tx: &mut hark_store::Tx<'_>| tx.audit("big", None, json!("x".repeat(65 * 1024)));
        assert!(matches!(scratch.store.write(&scope, big).await, Err(Error::TooLarge(_))));
        let nul = |tx: &mut hark_store::Tx<'_>| tx.audit("nul", Some("\0".to_owned()), json!(null));
        assert!(matches!(scratch.store.write(&scope, nul).await, Err(Error::Invalid(_))));
    }
}
