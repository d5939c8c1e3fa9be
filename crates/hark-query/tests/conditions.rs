//! Conditions as JSON: every operator, what is refused and where, every bound.

use hark_query::limits::{CONDITIONS_DEPTH_MAX, CONDITIONS_MAX, LIST_MAX, PARAMETERS_MAX, TEXT_CHARS_MAX};
use hark_query::{Filter, dates, parse_conditions, parse_conditions_at, parse_query};
use serde_json::{Value, json};

const NOW: &str = "2025-09-30T12:00:00.000Z";

fn check(conditions: Value, doc: Value, expected: bool) {
    let now_ms = dates::parse_date(NOW).expect("it is a date");
    let filter =
        parse_conditions_at(&conditions, now_ms).unwrap_or_else(|error| panic!("{conditions}: {error}"));
    assert_eq!(filter.matches(&doc), expected, "{conditions} on {doc}");
    assert_eq!(parse_conditions(&filter.to_conditions()), Ok(filter));
}

/// Checks one operator against the values of one property.
fn check_op(op: &str, value: Value, matching: &[Value], others: &[Value]) {
    let conditions = json!({ "path": "p", "op": op, "value": value });
    for (values, expected) in [(matching, true), (others, false)] {
        for value in values {
            check(conditions.clone(), json!({ "p": value }), expected);
        }
    }
}

fn refused(conditions: Value, expected: &str) {
    let error = parse_conditions(&conditions).expect_err("it should be refused").to_string();
    assert!(error.contains(expected), "{conditions} was refused with: {error}");
}

#[test]
fn operators() {
    let null = Value::Null;
    check_op(
        "is",
        json!("pro"),
        &[json!("pro"), json!(["a", "pro"])],
        &[json!("Pro"), json!(5), null.clone()],
    );
    check_op("is", json!(5), &[json!(5), json!(5.0)], &[json!("5")]);
    check_op("is", json!(null), std::slice::from_ref(&null), &[json!(""), json!([]), json!([null])]);
    check_op(
        "is",
        json!({ "date": "2025-09-01" }),
        &[json!("2025-09-01T00:00:00.000Z")],
        &[json!("2025-09-01")],
    );
    check_op("isnot", json!("pro"), &[json!("Pro"), null.clone()], &[json!("pro"), json!(["pro"])]);
    check_op("in", json!(["a", 1, null]), &[json!("a"), json!(1), null.clone()], &[json!("1"), json!(true)]);
    check_op("in", json!([]), &[], &[json!("a"), null.clone()]);
    check_op("notin", json!(["a", 1]), &[json!("b"), null.clone()], &[json!("a")]);
    check_op(
        "contains",
        json!("RO"),
        &[json!("pro"), json!(["x", "Pro"])],
        &[json!("op"), json!(5), null.clone()],
    );
    check_op("notcontains", json!("RO"), &[json!("op"), null.clone()], &[json!("pro")]);
    check_op("startswith", json!("p"), &[json!("Pro")], &[json!("op")]);
    check_op("endswith", json!("P"), &[json!("op")], &[json!("pro")]);
    check_op("gt", json!(5), &[json!(5.1)], &[json!(5), json!("6"), json!([6]), null.clone()]);
    check_op("gte", json!("b"), &[json!("b"), json!("ba")], &[json!("a"), json!(5)]);
    check_op(
        "lt",
        json!({ "date": "2025-09-01" }),
        &[json!("2025-08-31T23:59:59.999Z")],
        &[json!("2025-08-31"), json!(0)],
    );
    check_op("lte", json!(5), &[json!(5), json!(-1)], &[json!(6)]);
    check_op(
        "before",
        json!("2025-09-01"),
        &[json!("2025-08-31T23:59:59.999Z")],
        &[json!("2025-09-01T00:00:00.000Z")],
    );
    check_op(
        "after",
        json!({ "date": "2025-09-01" }),
        &[json!("2025-09-02T00:00:00.000Z")],
        &[json!("2025-09-02")],
    );
    check_op("exists", json!(true), &[json!(""), json!([]), json!({})], std::slice::from_ref(&null));
    check_op("exists", json!(false), std::slice::from_ref(&null), &[json!(0)]);
    check_op("empty", json!(null), &[null.clone(), json!("")], &[json!(" "), json!(0), json!([])]);
    check_op("notempty", json!(null), &[json!(" "), json!(0)], &[null, json!("")]);
}

#[test]
fn relative_dates_count_back_from_now() {
    let recent = json!("2025-09-29T12:00:00.001Z");
    let old = json!("2025-09-29T11:59:59.999Z");
    for day in [json!({ "days": 1 }), json!({ "hours": 24 }), json!({ "minutes": 1440 })] {
        check_op("olderthan", day.clone(), std::slice::from_ref(&old), &[recent.clone(), Value::Null]);
        check_op("newerthan", day, std::slice::from_ref(&recent), &[old.clone(), Value::Null]);
    }
    let conditions = json!({ "path": "p", "op": "olderthan", "value": { "days": 1 } });
    refused(conditions, "`conditions/op` cannot be used here");
    for value in [
        json!({ "days": -1 }),
        json!({ "days": 1e9 }),
        json!({ "weeks": 1 }),
        json!(5),
        json!({ "days": 1, "hours": 1 }),
    ] {
        let conditions = json!({ "path": "p", "op": "newerthan", "value": value });
        let error = parse_conditions_at(&conditions, 0).expect_err("it is no duration").to_string();
        assert!(error.contains("`conditions/value` must be a duration"), "{error}");
    }
}

#[test]
fn groups() {
    let is = |path: &str| json!({ "path": path, "op": "is", "value": 1 });
    check(json!({}), json!({}), true);
    check(json!({ "all": [] }), json!({}), true);
    check(json!({ "any": [] }), json!({}), false);
    check(json!({ "not": {} }), json!({}), false);
    check(json!({ "all": [is("a"), is("b")] }), json!({ "a": 1 }), false);
    check(json!({ "any": [is("a"), is("b")] }), json!({ "a": 1 }), true);
    check(json!({ "not": { "any": [is("a"), is("b.c")] } }), json!({ "b": { "c": 1 } }), false);
}

#[test]
fn errors_name_the_place() {
    refused(json!([]), "`conditions` is not a condition, write");
    refused(json!(null), "`conditions` is not a condition");
    refused(json!({ "all": [], "any": [] }), "`conditions` is not a condition");
    refused(json!({ "status": "OPEN" }), "`conditions` is not a condition");
    refused(json!({ "all": {} }), "`conditions/all` must be a list of conditions");
    refused(json!({ "any": [{}, { "not": 5 }] }), "`conditions/any/1/not` is not a condition");
    refused(json!({ "path": 5, "op": "is" }), "`conditions/path` must be a text");
    refused(json!({ "path": "a", "value": 1 }), "`conditions/op` must be a text");
    refused(
        json!({ "path": "a", "op": "$gt", "value": 1 }),
        "`conditions/op` is not an operator, use one of is, isnot",
    );
    refused(json!({ "path": "a", "op": "is", "vaule": 1 }), "`conditions/vaule` is unknown");
    refused(
        json!({ "not": { "path": "a.$b", "op": "is" } }),
        "`conditions/not/path` is not a property that can be asked for",
    );
    refused(
        json!({ "path": "a", "op": "is", "value": [1] }),
        "`conditions/value` must be null, true, false, a number",
    );
    refused(
        json!({ "path": "a", "op": "is", "value": { "date": "soon" } }),
        "`conditions/value` must be an ISO 8601 date",
    );
    refused(json!({ "path": "a", "op": "contains", "value": 5 }), "`conditions/value` must be a text");
    refused(json!({ "path": "a", "op": "gt", "value": true }), "`conditions/value` has no order");
    refused(json!({ "path": "a", "op": "lt" }), "`conditions/value` has no order");
    refused(
        json!({ "path": "a", "op": "exists", "value": "yes" }),
        "`conditions/value` must be true or false",
    );
    refused(json!({ "path": "a", "op": "is", "value": "a\0b" }), "NUL");
    let long = "x".repeat(500);
    assert!(
        parse_conditions(&json!({ "path": "a", "op": "is", long: 1 })).expect_err("unknown key").key.len()
            < 100
    );
}

fn nested(levels: usize, innermost: Value) -> Value {
    (1..levels).fold(innermost, |inner, _| json!({ "not": inner }))
}

#[test]
fn depth_is_bounded_as_it_would_be_printed() {
    let is = json!({ "path": "a", "op": "is" });
    let isnot = json!({ "path": "a", "op": "isnot" });
    let notempty = json!({ "path": "a", "op": "notempty" });
    for (fitting, innermost) in [(0, is), (1, isnot), (2, notempty)] {
        let deepest = nested(CONDITIONS_DEPTH_MAX - fitting, innermost.clone());
        let filter = parse_conditions(&deepest).expect("it just fits");
        assert_eq!(parse_conditions(&filter.to_conditions()), Ok(filter));
        refused(
            nested(CONDITIONS_DEPTH_MAX + 1 - fitting, innermost),
            "is nested too deeply, at most 16 levels",
        );
    }
    refused(nested(500, json!({})), "is nested too deeply");
}

#[test]
fn counts_are_bounded() {
    let tests = |count: usize, op: &str| json!({ "any": vec![json!({ "path": "a", "op": op, "value": "x" }); count] });
    parse_conditions(&tests(CONDITIONS_MAX - 1, "is")).expect("it just fits");
    refused(tests(CONDITIONS_MAX, "is"), "`conditions/any/499` is one condition too many, at most 500");
    refused(tests(CONDITIONS_MAX / 2, "isnot"), "is one condition too many");
    refused(tests(CONDITIONS_MAX / 3 + 1, "empty"), "is one condition too many");
    refused(tests(CONDITIONS_MAX / 4, "notempty"), "is one condition too many");
    let list = |count: usize| json!({ "path": "a", "op": "in", "value": vec![1; count] });
    parse_conditions(&list(LIST_MAX)).expect("it just fits");
    refused(list(LIST_MAX + 1), "`conditions/value` must be a list of at most 400 values");
    let text = |count: usize| json!({ "path": "a", "op": "contains", "value": "ü".repeat(count) });
    parse_conditions(&text(TEXT_CHARS_MAX)).expect("it just fits");
    refused(text(TEXT_CHARS_MAX + 1), "`conditions/value` has a text that is too long, at most 1024");
}

#[test]
fn the_fullest_query_string_can_be_printed_and_read_again() {
    let others = vec!["a!=1"; PARAMETERS_MAX - 1].join("&");
    let groups = |count: usize| json!({ "any": vec![json!({}); count] });
    let fitting = CONDITIONS_MAX - 2 * PARAMETERS_MAX - 1;
    for filter in [groups(fitting), nested(CONDITIONS_DEPTH_MAX - 1, json!({}))] {
        let query = parse_query(&format!("filter={filter}&{others}"), &[]).expect("it just fits");
        assert_eq!(parse_conditions(&query.filter.to_conditions()), Ok(query.filter));
    }
    for filter in [groups(fitting + 1), nested(CONDITIONS_DEPTH_MAX, json!({}))] {
        parse_query(&format!("filter={filter}"), &[]).expect_err("it is one too many");
    }
}

#[test]
fn and_does_not_nest() {
    let test = |value: &str| Filter::equal(hark_query::Path::known("a"), value);
    let pair = test("1").and(test("2"));
    assert_eq!(pair, Filter::All(vec![test("1"), test("2")]));
    assert_eq!(pair.clone().and(test("3")), Filter::All(vec![test("1"), test("2"), test("3")]));
    assert_eq!(test("3").and(pair.clone()), Filter::All(vec![test("3"), test("1"), test("2")]));
    assert_eq!(Filter::everything().and(test("1")), test("1"));
    assert_eq!(test("1").and(Filter::everything()), test("1"));
    assert_eq!(Filter::everything().and(pair.clone()), pair);
    assert!(!Filter::nothing().and(pair).matches(&json!({})));
}
