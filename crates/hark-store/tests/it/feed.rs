//! The feed's retention: old events go, streams stay where they stand.

use hark_store::{both, contact_stream};
use serde_json::json;

both! {
    async fn old_events_are_trimmed_and_the_newest_stay(scratch: Scratch) {
        let scope = scratch.project().await;
        let other = scratch.project().await;
        let quiet = contact_stream(hark_store::Id::INSTANCE);
        for scope in [&scope, &other] {
            let quiet = quiet.clone();
            scratch.store.write(scope, move |tx| {
                (0..8).for_each(|n| tx.publish("busy", "old", json!(n)));
                tx.publish(quiet.as_str(), "old", json!(0));
                Ok(())
            }).await.expect("publish");
        }
        scratch.clock.advance(1_000);
        scratch.store.write(&scope, |tx| { tx.publish("busy", "new", json!(8)); Ok(()) }).await.expect("publish");

        let now = scratch.clock.now();
        let trim = move |tx: &mut hark_store::Tx<'_>| tx.trim_feed(now, 3);
        assert_eq!(scratch.store.write(&scope, trim).await.expect("trim"), 6);
        assert_eq!(scratch.store.write(&scope, trim).await.expect("trim"), 0);
        let kept = scratch.store.read(&scope, |tx| tx.stream_after("busy", 0, 100)).await.expect("events");
        assert_eq!(kept.iter().map(|event| event.seq).collect::<Vec<_>>(), [7, 8, 9]);
        assert_eq!(scratch.store.read(&scope, |tx| tx.stream_start("busy")).await.expect("start"), Some(7));
        let position = scratch.store.read(&scope, |tx| tx.stream_position("busy")).await.expect("position");
        assert_eq!(position.seq, 9);

        // Even without anything to keep, the last event stays.
        let all = move |tx: &mut hark_store::Tx<'_>| tx.trim_feed(i64::MAX, 0);
        assert_eq!(scratch.store.write(&scope, all).await.expect("trim"), 2);
        let last = scratch.store.read(&scope, move |tx| tx.stream_start(&quiet)).await.expect("start");
        assert_eq!(last, Some(1));
        let untouched = scratch.store.read(&other, |tx| tx.stream_after("busy", 0, 100)).await.expect("events");
        assert_eq!(untouched.len(), 8, "another project's events are not ours to trim");
    }
}
