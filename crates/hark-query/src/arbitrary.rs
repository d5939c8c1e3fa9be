//! Random filters, documents and orders over a small alphabet, so that they actually meet.
//!
//! The texts are chosen to break whatever builds SQL by hand: quotes, wildcards, other scripts,
//! numbers and dates as text. They hold no NUL, which no document can hold on PostgreSQL.

use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use crate::{Filter, Literal, Op, Path, Sort, SortKey, dates};

/// Every path that the filters and orders use; the first five are drawn more often.
pub const PATHS: &[&str] = &[
    "name",
    "value",
    "tags",
    "lastActivity",
    "customData.plan",
    "customData",
    "customData.it's 100% ödd",
    "customData.0",
    "name.first",
    "absent",
];

/// Texts that are drawn more often, so that equal ones meet.
const COMMON_TEXTS: &[&str] = &["OPEN", "pro", "Pro Plan", "5", "2025-09-01T00:00:00.000Z"];

const TEXTS: &[&str] = &[
    "",
    " ",
    "OPEN",
    "open",
    "pro",
    "Pro Plan",
    "plan pro",
    "5",
    "5.0",
    "-1",
    "true",
    "null",
    "100%",
    "50_50",
    "%",
    "_",
    "it's",
    "\"quoted\"",
    "back\\slash",
    "line\nbreak",
    "Grüße",
    "GRÜSSE",
    "Ä",
    "ä",
    "İstanbul",
    "日本語",
    "🙂",
    "\u{ffff}",
    "[]",
    "{}",
    "2025-09-01",
    "2025-09-01T00:00:00.000Z",
    "2025-09-01T00:00:00.001Z",
    "1969-12-31T23:59:59.999Z",
    "2025-09-01t00:00:00.000z",
    "abcd-ef-ghTij:kl:mn.opqZ",
    "2025-99-99T99:99:99.999Z",
    "2025-09-01T00:00:00.000+02",
];

const PARTS: &[&str] = &[
    "", "o", "O", "pro", "PLAN", "%", "_", "'", "\"", "\\", "ü", "Ü", "Ä", "5", "Z", "🙂", "\n", "[", "*",
    "?",
];

/// Parts that many texts have.
const COMMON_PARTS: &[&str] = &["", "o", "PRO", "p", "N"];

const NUMBERS: &[f64] =
    &[0.0, 1.0, -1.0, 5.0, 5.5, -2.25, 100.0, 1e15, 9_007_199_254_740_992.0, 1e300, -1e300];

const MOMENTS_MS: &[i64] = &[0, -1, 1_756_684_800_000, 1_756_684_800_001, dates::MS_MIN, dates::MS_MAX];

/// A path that some documents have.
pub fn path() -> impl Strategy<Value = Path> {
    prop_oneof![8 => select(&PATHS[..5]), 3 => select(PATHS)].prop_map(Path::known)
}

/// A text, most often one that documents share.
pub fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        10 => select(COMMON_TEXTS).prop_map(str::to_owned),
        8 => select(TEXTS).prop_map(str::to_owned),
        2 => r#"[a-cA-C%_'"\\äÄ .0-9-]{0,6}"#,
        1 => Just("long ".repeat(200)),
    ]
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![4 => select(&NUMBERS[..4]), 4 => select(NUMBERS), 1 => (-400i32..400).prop_map(|quarters| f64::from(quarters) / 4.0)]
}

fn moment() -> impl Strategy<Value = i64> {
    select(MOMENTS_MS)
}

fn orderable() -> impl Strategy<Value = Literal> {
    prop_oneof![
        number().prop_map(Literal::Number),
        text().prop_map(Literal::Text),
        moment().prop_map(Literal::Date)
    ]
}

/// Any literal.
pub fn literal() -> impl Strategy<Value = Literal> {
    prop_oneof![
        6 => orderable(),
        1 => Just(Literal::Null),
        1 => any::<bool>().prop_map(Literal::Bool),
    ]
}

/// Any test.
pub fn op() -> impl Strategy<Value = Op> {
    let part = || {
        prop_oneof![
            4 => select(COMMON_PARTS).prop_map(str::to_owned),
            3 => select(PARTS).prop_map(str::to_owned),
            1 => text(),
        ]
    };
    prop_oneof![
        4 => literal().prop_map(Op::Equal),
        3 => vec(literal(), 0..5).prop_map(Op::OneOf),
        1 => orderable().prop_map(Op::Less),
        1 => orderable().prop_map(Op::LessOrEqual),
        1 => orderable().prop_map(Op::Greater),
        1 => orderable().prop_map(Op::GreaterOrEqual),
        1 => any::<bool>().prop_map(Op::Exists),
        1 => part().prop_map(Op::Contains),
        1 => part().prop_map(Op::StartsWith),
        1 => part().prop_map(Op::EndsWith),
    ]
}

/// A filter of up to four levels.
pub fn filter() -> impl Strategy<Value = Filter> {
    let test = (path(), op()).prop_map(|(path, op)| Filter::test(path, op));
    test.prop_recursive(3, 16, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Filter::All),
            vec(inner.clone(), 0..4).prop_map(Filter::Any),
            inner.prop_map(Filter::negated),
        ]
    })
}

/// An order of up to three keys.
pub fn sort() -> impl Strategy<Value = Sort> {
    let key = (path(), any::<bool>()).prop_map(|(path, descending)| SortKey { path, descending });
    vec(key, 0..4).prop_map(|keys| Sort { keys })
}

/// A document that has some of the paths, with every type of value at each.
pub fn document() -> impl Strategy<Value = Value> {
    let nested = object_of(&["plan", "it's 100% ödd", "0"], value().boxed());
    let custom_data = prop_oneof![6 => nested, 1 => value()];
    let top = object_of(&["name", "value", "tags", "lastActivity"], value().boxed());
    (top, weighted(0.95, custom_data)).prop_map(|(mut document, custom_data)| {
        if let (Some(object), Some(custom_data)) = (document.as_object_mut(), custom_data) {
            object.insert("customData".into(), custom_data);
        }
        document
    })
}

fn object_of(keys: &'static [&'static str], values: BoxedStrategy<Value>) -> impl Strategy<Value = Value> {
    vec(weighted(0.95, values), keys.len()).prop_map(|values| {
        let present = keys.iter().zip(values).filter_map(|(key, value)| Some(((*key).to_owned(), value?)));
        Value::Object(present.collect::<Map<_, _>>())
    })
}

fn value() -> impl Strategy<Value = Value> {
    let element = prop_oneof![
        8 => scalar(),
        1 => Just(json!({ "plan": "pro" })),
        1 => Just(json!(["pro", 5])),
    ];
    prop_oneof![
        8 => scalar(),
        2 => vec(element, 0..4).prop_map(Value::Array),
        1 => Just(json!({})),
        1 => Just(json!({ "first": "pro", "plan": 5 })),
        1 => Just(json!([{ "plan": "pro" }])),
    ]
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        5 => text().prop_map(Value::String),
        2 => number().prop_map(|number| json!(number)),
        1 => select(&[0i64, 1, 5, -1, 100, 9_007_199_254_740_993][..]).prop_map(|number| json!(number)),
        2 => moment().prop_map(|ms| json!(dates::format_date(ms))),
        1 => any::<bool>().prop_map(Value::Bool),
        1 => Just(Value::Null),
    ]
}
