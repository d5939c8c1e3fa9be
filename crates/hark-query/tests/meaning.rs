//! The rules of comparing and sorting that the crate's documentation lays down, and dates.

use hark_query::dates::{self, format_date, is_canonical, parse_date};
use hark_query::{FieldType, Filter, Literal, Op, Path, Sort, compare};
use serde_json::{Value, json};

fn check(op: Op, value: Value, expected: bool) {
    let filter = Filter::test(Path::known("p"), op);
    assert_eq!(filter.matches(&json!({ "p": value })), expected, "{filter:?} on {value}");
}

#[test]
fn paths_walk_objects_only() {
    let found = |path: &'static str, doc: Value| Path::known(path).lookup(&doc).cloned();
    assert_eq!(found("a.0", json!({ "a": ["x"] })), None);
    assert_eq!(found("a.0", json!({ "a": { "0": "x" } })), Some(json!("x")));
    assert_eq!(found("a.b", json!({ "a": [{ "b": 1 }] })), None);
    assert_eq!(found("a.b", json!({ "a": "b" })), None);
    assert_eq!(found("a", json!(["a"])), None);
    assert_eq!(found("a", json!({ "a": null })), None);
    assert_eq!(found("a.b", json!({ "a.b": 1 })), None);
}

#[test]
fn types_never_meet() {
    check(Op::Equal(1.0.into()), json!(true), false);
    check(Op::Equal(true.into()), json!(1), false);
    check(Op::Equal("1".into()), json!(1), false);
    check(Op::Less("9".into()), json!(1), false);
    check(Op::Less(9.0.into()), json!("1"), false);
    check(Op::Less(Literal::Bool(true)), json!(false), false);
    check(Op::LessOrEqual(Literal::Null), json!(null), false);
    check(Op::Equal(9_007_199_254_740_992.0.into()), json!(9_007_199_254_740_993_i64), true);
}

#[test]
fn dates_order_only_canonical_texts() {
    let date = Literal::Date(0);
    check(Op::GreaterOrEqual(date.clone()), json!("1970-01-01T00:00:00.000Z"), true);
    check(Op::Greater(date.clone()), json!("1970-01-01T00:00:00.000Z"), false);
    check(Op::Greater(date.clone()), json!("1970-01-01T00:00:00.001Z"), true);
    check(Op::Less(date.clone()), json!("1969-12-31T23:59:59.999Z"), true);
    for text in [
        "2025-09-01",
        "2025-09-01t00:00:00.000z",
        "abcd-ef-ghTij:kl:mn.opqZ",
        "zebra",
        "２025-09-01T00:00:00.0Z",
    ] {
        check(Op::Greater(date.clone()), json!(text), false);
        check(Op::Less(date.clone()), json!(text), false);
    }
    check(Op::Greater("1969".into()), json!("1970-01-01T00:00:00.000Z"), true);
}

#[test]
fn only_ascii_letters_lose_their_case() {
    check(Op::Contains("STRA".into()), json!("Straße"), true);
    check(Op::Contains("Ä".into()), json!("ä"), false);
    check(Op::Contains("ä".into()), json!("Ä"), false);
    check(Op::EndsWith("ẞE".into()), json!("Straße"), false);
    check(Op::Contains("%".into()), json!("plain"), false);
    check(Op::StartsWith("_".into()), json!("plain"), false);
    check(Op::Contains(String::new()), json!("plain"), true);
    check(Op::Contains(String::new()), json!(5), false);
    check(Op::Equal("STRASSE".into()), json!("strasse"), false);
}

#[test]
fn arrays_match_by_any_scalar_and_have_no_order() {
    check(Op::Equal("a".into()), json!([1, null, ["a"], { "a": "a" }]), false);
    check(Op::OneOf(vec!["a".into(), true.into()]), json!([1, true]), true);
    check(Op::Equal(Literal::Date(0)), json!(["1970-01-01T00:00:00.000Z"]), true);
    check(Op::Equal(Literal::Null), json!([null]), false);
    check(Op::EndsWith("B".into()), json!(["a", "ab"]), true);
    check(Op::Greater(0.0.into()), json!([1]), false);
    check(Op::Exists(true), json!([]), true);
    check(Op::Contains(String::new()), json!({ "a": "a" }), false);
}

#[test]
fn sorting_puts_numbers_first_and_the_missing_last() {
    let values = [
        json!(-1),
        json!(1.5),
        json!(2),
        json!(""),
        json!("B"),
        json!("a"),
        json!("ä"),
        json!(false),
        json!(true),
    ];
    let unsortable = [json!({}), json!({ "p": null }), json!({ "p": [1] }), json!({ "p": {} })];
    let ascending: Vec<Value> = values.iter().map(|value| json!({ "p": value })).collect();
    let descending: Vec<Value> = ascending.iter().rev().cloned().collect();
    for (text, sorted) in [("p", ascending), ("-p", descending)] {
        let sort = Sort::parse(text).expect("it is an order");
        let expected: Vec<Value> = sorted.into_iter().chain(unsortable.clone()).collect();
        let mut documents: Vec<Value> = expected.iter().cloned().rev().collect();
        // A stable sort keeps the unsortable as they come, so they are given in the expected order.
        documents[..unsortable.len()].reverse();
        documents.sort_by(|left, right| compare(left, right, &sort));
        assert_eq!(documents, expected, "sorted by {text}");
    }
    let sort = Sort::parse("a,-b").expect("it is an order");
    assert!(compare(&json!({ "a": 1, "b": 1 }), &json!({ "a": 1, "b": 2 }), &sort).is_gt());
    assert!(compare(&json!({ "a": 1 }), &json!({ "a": 1 }), &Sort::default()).is_eq());
}

#[test]
fn field_types_are_told_from_values() {
    assert_eq!(FieldType::of(&json!(null)), None);
    assert_eq!(FieldType::of(&json!("x")), Some(FieldType::Text));
    assert_eq!(FieldType::of(&json!("2025-09-01T00:00:00.000Z")), Some(FieldType::Date));
    assert_eq!(FieldType::of(&json!([])), Some(FieldType::Any));
    assert_eq!(serde_json::to_value(FieldType::Bool).expect("it is a word"), json!("bool"));
}

#[test]
fn dates_are_read_leniently() {
    let same = [
        "2025-09-01",
        "2025-09-01T00:00",
        "2025-09-01T00:00:00",
        "2025-09-01 00:00:00Z",
        "2025-09-01T00:00:00.000Z",
        "2025-09-01T02:00:00+02:00",
        "2025-09-01T02:00+0200",
        "2025-08-31T16:00:00-08",
        "2025-09-01T00:00:00.0009Z",
        "2025-09-01T00:00:00.000999999999999999Z",
        "2025-09-01t00:00:00,000z",
    ];
    for text in same {
        assert_eq!(parse_date(text).map(format_date).as_deref(), Some("2025-09-01T00:00:00.000Z"), "{text}");
    }
    assert_eq!(parse_date("1969-12-31T23:59:59.9999Z"), Some(-1));
    assert_eq!(parse_date("1970-01-01T00:00:00.5+01:00"), Some(500 - 3_600_000));
    let none = [
        "",
        "2025",
        "20250901",
        "2025-9-1",
        "2025-13-01",
        "2025-02-30",
        "2025-09-01T25:00",
        "09/01/2025",
        "2025-09-01T00:00[Europe/Berlin]",
        "-002025-09-01",
        "2025-09-01T00:00:00Zjunk",
        "0000-01-01T00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "2025-09-01T00:00:00.",
        "ü025-09-01",
    ];
    for text in none {
        assert_eq!(parse_date(text), None, "{text}");
    }
}

#[test]
fn dates_have_one_spelling() {
    assert_eq!(format_date(0), "1970-01-01T00:00:00.000Z");
    assert_eq!(format_date(-1), "1969-12-31T23:59:59.999Z");
    assert_eq!(format_date(i64::MIN), "0000-01-01T00:00:00.000Z");
    assert_eq!(format_date(i64::MAX), "9999-12-31T23:59:59.999Z");
    assert_eq!(parse_date(&format_date(i64::MAX)), Some(dates::MS_MAX));
    assert_eq!(parse_date(&format_date(i64::MIN)), Some(dates::MS_MIN));
    assert!(is_canonical(&dates::CANONICAL_GLOB.replace("[0-9]", "7")));
    for text in [
        "",
        "2025-09-01",
        "2025-09-01T00:00:00.000z",
        "2025-09-01T00:00:00.0000Z",
        "2025-09-01 00:00:00.000Z",
        " 025-09-01T00:00:00.000Z",
    ] {
        assert!(!is_canonical(text), "{text}");
    }
}
