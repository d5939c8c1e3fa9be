//! What must hold of all input: printing can be undone, and nothing a caller sends panics.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use hark_query::{Filter, Query, arbitrary, compare, dates, parse_conditions, parse_query};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::Value;

/// Pieces that mean something to the parser, to be put together at random.
const PIECES: &[&str] = &[
    "a",
    "name",
    "customData.plan",
    "=",
    "&",
    ",",
    "!",
    ">",
    "<",
    "[]",
    "[0]",
    "%3E",
    "%3D",
    "%",
    "%2",
    "%C3",
    "+",
    " ",
    ".",
    "$",
    "null",
    "true",
    "5",
    "-0",
    "1e400",
    "2025-09-01",
    "T10:00:00.123456789012+02:00",
    "2025-09-01T00:00:60.000Z",
    "__proto__",
    "limit=",
    "skip=",
    "sort=",
    "cursor=",
    "archived=",
    "filter=",
    "filter={\"all\":[",
    "{\"path\":\"a\",\"op\":\"notempty\"}",
    "]}",
    "\"",
    "ü",
    "🙂",
    "\0",
    "\u{7f}",
];

fn pieces() -> impl Strategy<Value = String> {
    proptest::collection::vec(select(PIECES), 0..16).prop_map(|pieces| pieces.concat())
}

/// Reads a query string; if it can be read, its filter survives printing.
fn read(raw: &str) -> Option<Query> {
    let query = parse_query(raw, &["lang"]).ok()?;
    assert_eq!(parse_conditions(&query.filter.to_conditions()).as_ref(), Ok(&query.filter));
    query.filter.matches(&Value::Null);
    Some(query)
}

/// JSON of every shape, with the words of conditions in it.
fn json() -> impl Strategy<Value = Value> {
    let word = select(
        &[
            "path",
            "op",
            "value",
            "all",
            "any",
            "not",
            "is",
            "in",
            "gt",
            "exists",
            "olderthan",
            "date",
            "days",
            "a.b",
            "2025-09-01",
        ][..],
    );
    let leaf = prop_oneof![
        word.clone().prop_map(Value::from),
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 32, 4, move |inner| {
        let entries = proptest::collection::vec((word.clone().prop_map(str::to_owned), inner.clone()), 0..4);
        prop_oneof![
            proptest::collection::vec(inner, 0..4).prop_map(Value::Array),
            entries.prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn printing_can_be_undone(filter in arbitrary::filter()) {
        let printed = filter.to_conditions();
        let reread: Value = serde_json::from_str(&printed.to_string()).expect("it is JSON");
        prop_assert_eq!(parse_conditions(&printed), Ok(filter.clone()));
        prop_assert_eq!(reread, printed);
    }

    #[test]
    fn negation_and_doubling_are_consistent(filter in arbitrary::filter(), doc in arbitrary::document()) {
        let expected = filter.matches(&doc);
        prop_assert_eq!(filter.clone().negated().matches(&doc), !expected);
        prop_assert_eq!(filter.clone().and(filter).matches(&doc), expected);
    }

    #[test]
    fn comparing_is_an_order(sort in arbitrary::sort(), docs in [arbitrary::document(), arbitrary::document(), arbitrary::document()]) {
        let [first, second, third] = &docs;
        let order = compare(first, second, &sort);
        prop_assert_eq!(compare(second, first, &sort), order.reverse());
        prop_assert_eq!(compare(first, first, &sort), Ordering::Equal);
        if order.is_le() && compare(second, third, &sort).is_le() {
            prop_assert!(compare(first, third, &sort).is_le());
        }
    }

    #[test]
    fn query_strings_never_panic(raw in prop_oneof![pieces(), any::<String>()]) {
        read(&raw);
    }

    #[test]
    fn bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..256)) {
        let raw: String = bytes.iter().map(|byte| format!("%{byte:02x}")).collect();
        read(&raw);
        read(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn conditions_never_panic(value in json()) {
        if let Ok(filter) = parse_conditions(&value) {
            prop_assert_eq!(parse_conditions(&filter.to_conditions()), Ok(filter));
        }
    }

    #[test]
    fn dates_can_be_read_back(ms in dates::MS_MIN..=dates::MS_MAX, other in dates::MS_MIN..=dates::MS_MAX, text in ".{0,40}") {
        let printed = dates::format_date(ms);
        prop_assert!(dates::is_canonical(&printed));
        prop_assert_eq!(dates::parse_date(&printed), Some(ms));
        prop_assert_eq!(printed.cmp(&dates::format_date(other)), ms.cmp(&other));
        dates::parse_date(&text);
    }

    #[test]
    fn what_is_written_into_a_query_string_is_found(path in arbitrary::path(), text in arbitrary::text()) {
        let encode = |text: &str| text.bytes().map(|byte| format!("%{byte:02x}")).collect::<String>();
        let raw = format!("{}[]={}", encode(&path.to_string()), encode(&text));
        let doc = path.segments().iter().rev().fold(Value::from(text), |value, key| Value::Object([(key.clone(), value)].into_iter().collect()));
        prop_assert!(read(&raw).is_some_and(|query| query.filter.matches(&doc)));
    }
}

/// Without this, the properties of storage could hold because nothing ever matches.
#[test]
fn random_filters_meet_random_documents() {
    let mut runner = TestRunner::deterministic();
    let tests = (arbitrary::path(), arbitrary::op(), arbitrary::document());
    let mut outcomes: BTreeMap<(String, bool), u32> = BTreeMap::new();
    for _ in 0..5000 {
        let tree = tests.new_tree(&mut runner).expect("there is a value");
        let (path, op, doc) = tree.current();
        let filter = Filter::test(path, op);
        let name = filter.to_conditions()["op"].to_string();
        *outcomes.entry((name, filter.matches(&doc))).or_default() += 1;
    }
    assert_eq!(outcomes.len(), 20, "every operator is true and false at times: {outcomes:?}");
    assert!(outcomes.values().all(|count| *count >= 10), "{outcomes:?}");
}
