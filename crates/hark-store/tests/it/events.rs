//! Contact events: recorded once, listed, counted, moved by merges and given back.

use hark_store::testing::Scratch;
use hark_store::{
    ContactEvent, EVENT_DATA_BYTES_MAX, EVENT_NAME_CHARS_MAX, EVENTS_MAX, Error, EventFilter, Id,
    NewContactEvent, Scope, both,
};
use serde_json::{Value as Json, json};

both! {
    async fn events_are_recorded_once(scratch: Scratch) {
        let scope = scratch.project().await;
        let contact = id(1);
        let batch = vec![
            event("login", 1, None),
            event("buy", 2, Some(json!({"sum": 5, "of": {"b": 1, "a": [2, null]}}))),
            event("buy", 2, Some(json!({"sum": 6}))),
            event("buy", 2, Some(json!({"of": {"a": [2, null], "b": 1}, "sum": 5}))),
            event("buy", 3, Some(json!({"sum": 5}))),
            event("buy", 3, None),
            event("buy", 3, Some(Json::Null)),
        ];
        assert_eq!(record(&scratch, &scope, contact, batch.clone()).await, 6);
        assert_eq!(record(&scratch, &scope, contact, batch.clone()).await, 0);
        assert_eq!(record(&scratch, &scope, contact, vec![event("login", 1, None), event("login", 9, None)]).await, 1);
        assert_eq!(record(&scratch, &scope, id(2), batch).await, 6);
        let all = events(&scratch, &scope, contact, EventFilter::default(), 100).await;
        let times: Vec<i64> = all.iter().map(|event| event.at).collect();
        assert_eq!(times, [9, 3, 3, 3, 2, 2, 1]);
        assert!(all.iter().any(|event| event.data == Some(json!({"sum": 5, "of": {"b": 1, "a": [2, null]}}))));
    }

    async fn events_are_listed_in_pages_and_counted(scratch: Scratch) {
        let scope = scratch.project().await;
        let contact = id(1);
        // Several at each moment, and more than any one statement inserts.
        let batch: Vec<NewContactEvent> =
            (0..1000).map(|at| event(if at % 3 == 0 { "third" } else { "other" }, at / 7, Some(json!({"at": at})))).collect();
        assert_eq!(record(&scratch, &scope, contact, batch).await, 1000);
        let third = EventFilter { name: Some("third".to_owned()), ..EventFilter::default() };
        let range = EventFilter { from: Some(2), before: Some(4), ..EventFilter::default() };
        assert_eq!(count(&scratch, &scope, contact, EventFilter::default()).await, 1000);
        assert_eq!(count(&scratch, &scope, contact, third.clone()).await, 334);
        assert_eq!(count(&scratch, &scope, contact, range.clone()).await, 14);
        let two = events(&scratch, &scope, contact, range, 100).await;
        assert!(two.iter().all(|event| (2..4).contains(&event.at)));

        let mut filter = third;
        let mut seen = Vec::new();
        loop {
            let page = events(&scratch, &scope, contact, filter.clone(), 10).await;
            let Some(last) = page.last() else { break };
            filter.behind = Some((last.at, last.key));
            seen.extend(page);
        }
        assert_eq!(seen.len(), 334);
        assert!(seen.windows(2).all(|pair| (pair[0].at, pair[0].key) > (pair[1].at, pair[1].key)));
        assert!(seen.iter().all(|event| event.name == "third"));
    }

    async fn a_merge_moves_events_and_its_undo_returns_them(scratch: Scratch) {
        let scope = scratch.project().await;
        let (guest, user) = (id(1), id(2));
        record(&scratch, &scope, guest, vec![event("seen", 1, None), event("same", 2, None)]).await;
        record(&scratch, &scope, user, vec![event("same", 2, None), event("own", 3, None)]).await;
        let moved = scratch.store.write(&scope, move |tx| tx.move_events(guest, user)).await.expect("move");
        assert_eq!(moved, 1);
        assert_eq!(names(&scratch, &scope, user).await, ["own", "same", "seen"]);
        assert_eq!(names(&scratch, &scope, guest).await, [""; 0]);
        record(&scratch, &scope, user, vec![event("later", 4, None)]).await;
        let returned = scratch.store.write(&scope, move |tx| tx.return_events(user, guest)).await.expect("return");
        assert_eq!(returned, 1);
        assert_eq!(names(&scratch, &scope, user).await, ["later", "own", "same"]);
        assert_eq!(names(&scratch, &scope, guest).await, ["seen"]);
        let to_itself = scratch.store.write(&scope, move |tx| tx.move_events(user, user)).await.expect("move");
        assert_eq!(to_itself, 0);
        assert_eq!(names(&scratch, &scope, user).await.len(), 3);
    }

    async fn events_of_another_project_stay_untouched(scratch: Scratch) {
        let (mine, other) = (scratch.project().await, scratch.project().await);
        let contact = id(1);
        record(&scratch, &mine, contact, vec![event("mine", 1, None)]).await;
        assert_eq!(names(&scratch, &other, contact).await, [""; 0]);
        assert_eq!(count(&scratch, &other, contact, EventFilter::default()).await, 0);
        let touched = scratch.store.write(&other, move |tx| {
            Ok(tx.move_events(contact, id(2))? + tx.return_events(contact, id(2))? + tx.delete_events(contact)?)
        }).await;
        assert_eq!(touched.expect("nothing"), 0);
        assert_eq!(names(&scratch, &mine, contact).await, ["mine"]);
        let deleted = scratch.store.write(&mine, move |tx| tx.delete_events(contact)).await;
        assert_eq!(deleted.expect("delete"), 1);
        assert_eq!(names(&scratch, &mine, contact).await, [""; 0]);
    }

    async fn events_out_of_bounds_are_refused(scratch: Scratch) {
        let scope = scratch.project().await;
        let bad = [
            event("", 1, None),
            event("a\0b", 1, None),
            event(&"é".repeat(EVENT_NAME_CHARS_MAX + 1), 1, None),
            event("large", 1, Some(json!("x".repeat(EVENT_DATA_BYTES_MAX)))),
        ];
        for event in bad {
            let refused = scratch.store.write(&scope, move |tx| tx.record_events(id(1), std::slice::from_ref(&event))).await;
            assert!(matches!(refused, Err(Error::Invalid(_) | Error::TooLarge(_))), "{refused:?}");
        }
        let many = vec![event("x", 1, None); EVENTS_MAX + 1];
        let refused = scratch.store.write(&scope, move |tx| tx.record_events(id(1), &many)).await;
        assert!(matches!(refused, Err(Error::TooLarge(_))), "{refused:?}");
        let good = vec![event(&"é".repeat(EVENT_NAME_CHARS_MAX), i64::MAX, Some(json!({"'": "\"; --"})))];
        assert_eq!(record(&scratch, &scope, id(1), good).await, 1);
    }
}

fn id(last: u8) -> Id {
    Id::parse(&format!("{last:024x}")).expect("an id")
}

fn event(name: &str, at: i64, data: Option<Json>) -> NewContactEvent {
    NewContactEvent { name: name.to_owned(), at, data }
}

async fn record(scratch: &Scratch, scope: &Scope, contact: Id, events: Vec<NewContactEvent>) -> usize {
    scratch.store.write(scope, move |tx| tx.record_events(contact, &events)).await.expect("record")
}

async fn events(
    scratch: &Scratch,
    scope: &Scope,
    contact: Id,
    filter: EventFilter,
    limit: u32,
) -> Vec<ContactEvent> {
    scratch.store.read(scope, move |tx| tx.contact_events(contact, &filter, limit)).await.expect("events")
}

async fn count(scratch: &Scratch, scope: &Scope, contact: Id, filter: EventFilter) -> u64 {
    scratch.store.read(scope, move |tx| tx.count_contact_events(contact, &filter)).await.expect("count")
}

async fn names(scratch: &Scratch, scope: &Scope, contact: Id) -> Vec<String> {
    let events = events(scratch, scope, contact, EventFilter::default(), 100).await;
    events.into_iter().map(|event| event.name).collect()
}
