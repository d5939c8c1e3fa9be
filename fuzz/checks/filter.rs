//! What holds for any text as a filter: as the query string of a list, and as conditions in JSON.

use hark_query::{Filter, parse_conditions, parse_conditions_at, parse_query};
use serde_json::{Value, json};

/// Reads a text both ways. Nothing panics, a refusal says why, and what was read can be printed, read again
/// and means the same.
pub(crate) fn check(text: &str) {
    match parse_query(text, &["searchTerm"]) {
        Ok(query) => holds(&query.filter),
        Err(refusal) => assert!(!refusal.to_string().is_empty()),
    }
    let Ok(conditions) = serde_json::from_str::<Value>(text) else { return };
    for read in [parse_conditions(&conditions), parse_conditions_at(&conditions, 1_767_225_600_000)] {
        match read {
            Ok(filter) => holds(&filter),
            Err(refusal) => assert!(!refusal.to_string().is_empty()),
        }
    }
}

fn holds(filter: &Filter) {
    let printed = filter.to_conditions();
    let again = parse_conditions(&printed);
    assert_eq!(again.as_ref(), Ok(filter), "{printed}");
    for document in documents() {
        let matches = filter.matches(&document);
        assert_ne!(filter.clone().negated().matches(&document), matches, "{printed} {document}");
        assert_eq!(filter.clone().and(filter.clone()).matches(&document), matches, "{printed} {document}");
    }
}

fn documents() -> [Value; 3] {
    [
        json!({}),
        json!({"status": "OPEN", "bugId": 5, "archived": false, "createdAt": "2026-01-31T10:00:00.000Z"}),
        json!({"customData": {"plan": ["pro", null], "seats": "5"}, "tags": ["a", "b,c"], "title": null}),
    ]
}
