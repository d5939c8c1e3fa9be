//! The query string: what each spelling means, and every bound on it.

use hark_query::limits::{LIMIT_MAX, PARAMETERS_MAX, QUERY_BYTES_MAX, SKIP_MAX, TEXT_CHARS_MAX, VALUES_MAX};
use hark_query::{Filter, Flags, Literal, Op, Path, Query, parse_query};
use serde_json::{Value, json};

fn parse(raw: &str) -> Query {
    parse_query(raw, &[]).unwrap_or_else(|error| panic!("{raw}: {error}"))
}

fn check(raw: &str, doc: Value, expected: bool) {
    assert_eq!(parse(raw).filter.matches(&doc), expected, "{raw} on {doc}");
}

fn refused(raw: &str, expected: &str) {
    let error = parse_query(raw, &["lang"]).expect_err(raw).to_string();
    assert!(error.contains(expected), "{raw} was refused with: {error}");
}

#[test]
fn a_parameter_is_a_property_and_its_value() {
    check("status=OPEN", json!({ "status": "OPEN" }), true);
    check("status=OPEN", json!({ "status": "open" }), false);
    check("status=OPEN", json!({}), false);
    check("status=OPEN&type=BUG", json!({ "status": "OPEN", "type": "BUG" }), true);
    check("status=OPEN&type=BUG", json!({ "status": "OPEN", "type": "IDEA" }), false);
    check("customData.TIN=7", json!({ "customData": { "TIN": "7" } }), true);
    check("customData.TIN=7", json!({ "customData.TIN": "7" }), false);
    check("name=", json!({ "name": "" }), true);
    check("name=", json!({}), false);
    check("", json!({}), true);
    check("&&status=OPEN&", json!({ "status": "OPEN" }), true);
}

#[test]
fn several_values_are_alternatives() {
    let bug = || json!({ "type": "BUG" });
    for raw in [
        "type=BUG,IDEA",
        "type=IDEA&type=BUG",
        "type[]=IDEA&type[]=BUG",
        "type%5B%5D=BUG",
        "type[0]=IDEA&type[1]=BUG",
        "type=IDEA,,BUG,",
    ] {
        check(raw, bug(), true);
        check(raw, json!({ "type": "QUESTION" }), false);
    }
    check("type=IDEA,", json!({ "type": "" }), false);
    check("type=BUG%2CIDEA", bug(), false);
    check("type=BUG%2CIDEA", json!({ "type": "BUG,IDEA" }), true);
    check("type[]=BUG,IDEA", json!({ "type": "BUG,IDEA" }), true);
    check("tags=vip,new", json!({ "tags": ["old", "vip"] }), true);
}

#[test]
fn a_value_means_everything_it_can() {
    check("value=5", json!({ "value": 5 }), true);
    check("value=5", json!({ "value": 5.0 }), true);
    check("value=5", json!({ "value": "5" }), true);
    check("value=5", json!({ "value": "5.0" }), false);
    check("value=007", json!({ "value": 7 }), false);
    check("value=inf,nan,1e999", json!({ "value": "nan" }), true);
    check("blocked=true", json!({ "blocked": true }), true);
    check("blocked=true", json!({ "blocked": "true" }), true);
    check("blocked=true", json!({ "blocked": 1 }), false);
    check("x=null", json!({}), true);
    check("x=null", json!({ "x": null }), true);
    check("x=null", json!({ "x": "null" }), true);
    check("x=null", json!({ "x": 0 }), false);
    check("at=2025-09-01", json!({ "at": "2025-09-01T00:00:00.000Z" }), true);
    check("at=2025-09-01", json!({ "at": "2025-09-01" }), true);
    check("at=2025-09-01T02:00:00%2B02:00", json!({ "at": "2025-09-01T00:00:00.000Z" }), true);
    let canonical = parse("at=2025-09-01T00:00:00.000Z").filter;
    assert_eq!(canonical, Filter::equal(Path::known("at"), Literal::Date(1_756_684_800_000)));
}

#[test]
fn comparisons_are_written_into_the_name() {
    let at = |text: &str| json!({ "createdAt": text });
    for raw in [
        "createdAt>=2025-09-01",
        "createdAt%3E=2025-09-01",
        "createdAt%3e%3d2025-09-01",
        "createdAt%3E%3D=2025-09-01",
    ] {
        check(raw, at("2025-09-01T00:00:00.000Z"), true);
        check(raw, at("2025-08-31T23:59:59.999Z"), false);
        check(raw, at("2025-09-01"), false);
        check(raw, json!({}), false);
    }
    for raw in ["createdAt>2025-09-01", "createdAt%3E2025-09-01"] {
        check(raw, at("2025-09-01T00:00:00.000Z"), false);
        check(raw, at("2025-09-01T00:00:00.001Z"), true);
    }
    check("value<5", json!({ "value": 4.5 }), true);
    check("value<5", json!({ "value": "4" }), false);
    check("value%3C=5", json!({ "value": 5 }), true);
    check("value>1&value<3", json!({ "value": 2 }), true);
    check("value>1&value<3", json!({ "value": 3 }), false);
    check("name>=b", json!({ "name": "bc" }), true);
    check("name>a=b", json!({ "name": "a=c" }), true);
    check("at>=2025-09-01T02:00:00+02:00", json!({ "at": "2025-09-01T00:00:00.000Z" }), true);
    check("name=a>b", json!({ "name": "a>b" }), true);
}

#[test]
fn not_equal_is_true_of_the_missing() {
    for raw in ["status!=OPEN", "status%21=OPEN", "status!%3DOPEN", "status!%3D=OPEN"] {
        check(raw, json!({ "status": "OPEN" }), false);
        check(raw, json!({ "status": "DONE" }), true);
        check(raw, json!({}), true);
    }
    check("status!=OPEN,DONE", json!({ "status": "DONE" }), false);
    check("status!=OPEN&status!=DONE", json!({ "status": "DONE" }), false);
    check("x!=null", json!({ "x": 0 }), true);
    check("x!=null", json!({}), false);
    check("wow!x=1", json!({ "wow!x": 1 }), true);
}

#[test]
fn percent_signs_and_pluses_are_decoded() {
    check("name=a+b%20c", json!({ "name": "a b c" }), true);
    check("name=100%25", json!({ "name": "100%" }), true);
    check("name=100%", json!({ "name": "100%" }), true);
    check("gr%C3%B6%C3%9Fe=%F0%9F%99%82", json!({ "größe": "🙂" }), true);
    check("customData%2Eplan=pro", json!({ "customData": { "plan": "pro" } }), true);
    refused("name=%FF", "`name` is not UTF-8");
    refused("name=%00", "NUL");
    refused("lang=%00", "NUL");
}

#[test]
fn filter_holds_conditions() {
    assert_eq!(parse("filter={}&status=OPEN"), parse("status=OPEN"));
    assert_eq!(parse("filter="), Query::default());
    let raw = "status=OPEN&filter=%7B%22path%22:%22plan%22,%22op%22:%22is%22,%22value%22:%22pro%22%7D";
    check(raw, json!({ "status": "OPEN", "plan": "pro" }), true);
    check(raw, json!({ "status": "OPEN", "plan": "free" }), false);
    refused("filter={", "`filter` is not JSON");
    refused("filter=[]", "`filter` is not a condition");
    refused(
        r#"filter={"any":[{"path":"a","op":"like"}]}"#,
        "`filter/any/0/op` is not an operator, use one of is, isnot",
    );
}

#[test]
fn settings_are_not_filters() {
    let query = parse(
        "sort=-createdAt,customData.plan,name_desc,value_asc&limit=20&skip=40&cursor=abc%3D&archived=false&ignoreArchived=true&isSpam=0",
    );
    assert_eq!(query.filter, Filter::everything());
    let keys: Vec<_> = query.sort.keys.iter().map(|key| (key.path.to_string(), key.descending)).collect();
    let expected = [("createdAt", true), ("customData.plan", false), ("name", true), ("value", false)];
    assert_eq!(keys, expected.map(|(path, descending)| (path.to_owned(), descending)));
    assert_eq!((query.limit, query.skip, query.cursor.as_deref()), (Some(20), 40, Some("abc=")));
    assert_eq!(query.flags, Flags { archived: Some(false), ignore_archived: true, is_spam: Some(false) });
    assert_eq!(parse("sort=&limit=&skip=&cursor=&archived&isSpam="), Query::default());
}

#[test]
fn reserved_parameters_are_handed_back() {
    let query = parse_query(
        "lang=de%20AT&status=OPEN&types[]=a,b&withCount&limit=many",
        &["lang", "types", "withCount", "limit"],
    );
    let query = query.expect("all of it is allowed");
    let extra: Vec<_> = query.extra.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(extra, [("lang", "de AT"), ("types", "a,b"), ("withCount", ""), ("limit", "many")]);
    assert_eq!(query.filter, Filter::equal(Path::known("status"), "OPEN"));
    check("page=2", json!({ "page": 2 }), true);
}

#[test]
fn names_that_could_be_operators_are_refused() {
    for name in ["$where", "a.$gt", "__proto__", "a.__proto__.b", "constructor", "a.prototype", "%24or"] {
        refused(&format!("{name}=1"), "is not a property that can be asked for");
        refused(&format!("{name}>1"), "is not a property that can be asked for");
        refused(&format!("sort={name}"), "is not a property that can be asked for");
    }
    for name in ["", "a..b", ".a", "a."] {
        refused(&format!("{name}=1"), "is not a property, write names with single dots");
        refused(&format!("{name}!=1"), "is not a property, write names with single dots");
    }
    for name in ["a%0Ab", "a%22b", "a%5Cb", "a%7Fb"] {
        refused(&format!("{name}=1"), "has a character that is not allowed");
    }
    refused("a%1B%5B1mb=1", "`a\u{fffd}[1mb`");
    refused("createdAt[$gte]=1", "`createdAt[$gte]` has brackets in its name");
    refused("customData[plan]=1", "write nested properties with dots");
    refused("status", "`status` has no value, write name=value");
    refused("status%3DOPEN", "has no value");
}

#[test]
fn what_has_no_order_is_refused() {
    for raw in ["x>true", "x>=false", "x<null", "x>", "x<="] {
        refused(raw, "`x` is compared with something that has no order");
    }
}

#[test]
fn settings_are_bounded() {
    for value in ["0", "-1", "x", "1.5", "10001", "99999999999"] {
        refused(&format!("limit={value}"), "`limit` must be a whole number from 1 to 10000");
    }
    assert_eq!(parse(&format!("limit={LIMIT_MAX}&skip={SKIP_MAX}")).skip, SKIP_MAX);
    refused(&format!("skip={}", SKIP_MAX + 1), "`skip` must be a whole number from 0 to 1000000");
    refused("sort=a,b,c,d,e", "`sort` has too many keys, at most 4");
    refused("sort=a,,b", "`sort` names ``, which is not a property");
    refused("archived=maybe", "`archived` must be true or false");
    refused("limit=1&limit=2", "`limit` is given twice");
    refused(&format!("cursor={}", "c".repeat(513)), "`cursor` is not one that was handed out");
    refused("cursor=a%0Ab", "`cursor` is not one that was handed out");
}

#[test]
fn everything_else_is_bounded() {
    let many = |count: usize, piece: &str, separator: &str| vec![piece; count].join(separator);
    parse(&many(PARAMETERS_MAX, "a=1", "&"));
    refused(&many(PARAMETERS_MAX + 1, "a=1", "&"), "has too many parameters, at most 64");
    parse(&format!("a={}", many(VALUES_MAX, "1", ",")));
    refused(&format!("a={}", many(VALUES_MAX + 1, "1", ",")), "`a` has too many values, at most 200");
    refused(&format!("a={}&a=1", many(VALUES_MAX, "1", ",")), "`a` has too many values, at most 200");
    refused(&format!("a!={}", many(VALUES_MAX + 1, "1", ",")), "`a` has too many values, at most 200");
    parse(&format!("a={}", "ü".repeat(TEXT_CHARS_MAX)));
    refused(
        &format!("a={}", "ü".repeat(TEXT_CHARS_MAX + 1)),
        "`a` has a text that is too long, at most 1024",
    );
    refused(
        &format!("a>{}", "x".repeat(TEXT_CHARS_MAX + 1)),
        "`a` has a text that is too long, at most 1024",
    );
    parse(&format!("{}=1", many(8, "a", ".")));
    refused(&format!("{}=1", many(9, "a", ".")), "is nested too deeply, at most 8");
    parse(&format!("{}=1", "a".repeat(128)));
    refused(&format!("{}=1", "a".repeat(129)), "has a name that is too long, at most 128");
    parse_query(&format!("lang={}", "x".repeat(QUERY_BYTES_MAX - 5)), &["lang"]).expect("it just fits");
    refused(&format!("lang={}", "x".repeat(QUERY_BYTES_MAX - 4)), "is too long, at most 16384 bytes");
}

#[test]
fn an_untyped_list_becomes_one_test() {
    let path = Path::known("value");
    let literals = vec![Literal::Number(5.0), "5".into(), "a".into()];
    assert_eq!(parse("value=5,a").filter, Filter::test(path, Op::OneOf(literals)));
}
