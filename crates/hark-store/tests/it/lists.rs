//! Lists: random filters and orders against the evaluator in memory, cursors, streams, tenancy.

use std::collections::BTreeSet;
use std::time::Duration;

use hark_query::arbitrary;
use hark_query::{Filter, Literal, Op, Path, Sort, SortKey, compare, parse_query};
use hark_store::testing::Scratch;
use hark_store::{Body, Doc, Error, Field, Id, Kind, Listing, PROJECT_STREAM, Page, Scope, both, to_body};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value as Json, json};

/// Nothing has a column.
const PLAIN: Kind = Kind::new("thing", "config", &[]);
/// Some of the properties of random documents have columns.
const CONTACT: Kind = Kind {
    ordered: &["last_activity"],
    ..Kind::new(
        "contact",
        "contact",
        &[
            Field::text("name", "name"),
            Field::number("value", "value"),
            Field::text("lastActivity", "last_activity"),
            Field::text("plan", "plan"),
            Field::bool("blocked", "blocked"),
        ],
    )
};
const TEAM: Kind = Kind { feed: true, ..Kind::new("team", "team", &[Field::text("name", "name")]) };
const SECRET: Kind = Kind { hidden: &["secret"], ..Kind::new("secret", "import", &[]) };

const DOCUMENTS: usize = 200;
const FILTERS: usize = 64;
const SORTS: usize = 16;

both! {
    async fn random_filters_find_what_the_evaluator_finds(scratch: Scratch) {
        for (seed, kind) in [(1, &PLAIN), (2, &CONTACT)] {
            let mut random = Random::new(seed);
            let (scope, docs) = random_project(&scratch, kind, &mut random).await;
            let docs = as_json(&docs);
            let mut found = 0;
            for _ in 0..FILTERS {
                found += check_filter(&scratch, &scope, kind, &docs, random.next(arbitrary::filter())).await;
                let path = random.next(arbitrary::path());
                let op = random.next(arbitrary::op());
                found += check_filter(&scratch, &scope, kind, &docs, Filter::test(path, op)).await;
            }
            assert!(found > DOCUMENTS, "the filters found next to nothing: {found}");
        }
    }

    async fn ids_and_moments_are_filtered_as_in_the_document(scratch: Scratch) {
        let mut random = Random::new(5);
        let (scope, docs) = random_project(&scratch, &CONTACT, &mut random).await;
        let all = as_json(&docs);
        let mut found = 0;
        for doc in docs.iter().step_by(90) {
            let (id, text) = (doc.id.to_string(), doc.body["updatedAt"].as_str().expect("a text").to_owned());
            for path in ["_id", "id", "createdAt", "updatedAt"] {
                let path = Path::known(path);
                let ops = [
                    random.next(arbitrary::op()),
                    Op::Equal(Literal::Text(id.clone())),
                    Op::OneOf(vec![Literal::Text(text.clone()), Literal::Null, Literal::Text(id.clone())]),
                    Op::OneOf(vec![Literal::Date(doc.created_at), Literal::Number(5.0)]),
                    Op::Equal(Literal::Text("2026-01-01".to_owned())),
                    Op::Less(Literal::Date(doc.created_at)),
                    Op::LessOrEqual(Literal::Date(doc.updated_at)),
                    Op::Greater(Literal::Text(text.clone())),
                    Op::GreaterOrEqual(Literal::Date(i64::MIN)),
                    Op::EndsWith(text[14..].to_owned()),
                    Op::Exists(true),
                ];
                for op in ops {
                    let filter = Filter::test(path.clone(), op);
                    found += check_filter(&scratch, &scope, &CONTACT, &all, filter.clone()).await;
                    found += check_filter(&scratch, &scope, &CONTACT, &all, filter.negated()).await;
                }
            }
        }
        assert!(found > DOCUMENTS);
    }

    async fn numbers_of_many_digits_are_equal_to_themselves(scratch: Scratch) {
        let scope = scratch.project().await;
        let mut random = Random::new(11);
        let mut numbers: Vec<Json> = (0..200).map(|_| json!(random.next(proptest::num::f64::NORMAL))).collect();
        numbers.extend((0..200).map(|_| json!(random.next(0.0..1000.0))));
        numbers.extend([json!(u64::MAX), json!(i64::MIN), json!(f64::MAX), json!(f64::MIN_POSITIVE), json!(-0.0), json!(0.1 + 0.2)]);
        let bodies = numbers.iter().map(|number| to_body(json!({"n": number, "value": number}))).collect();
        let docs = as_json(&insert_all(&scratch, &scope, &CONTACT, bodies).await);
        for path in ["n", "value"] {
            let path = Path::known(path);
            for number in numbers.iter().step_by(20).chain(&numbers[400..]).filter_map(Json::as_f64) {
                let equal = Filter::equal(path.clone(), number);
                assert_eq!(check_filter(&scratch, &scope, &CONTACT, &docs, equal).await, 1, "{number:e}");
                let one_of = Filter::one_of(path.clone(), [number, 5e-5]);
                assert_eq!(check_filter(&scratch, &scope, &CONTACT, &docs, one_of).await, 1, "{number:e}");
                let less = Filter::test(path.clone(), Op::Less(number.into()));
                check_filter(&scratch, &scope, &CONTACT, &docs, less).await;
            }
        }
    }

    async fn booleans_with_a_column_are_filtered_and_sorted(scratch: Scratch) {
        let scope = scratch.project().await;
        let bodies = [json!({"blocked": true}), json!({}), json!({"blocked": false}), json!({"blocked": true})];
        let docs = as_json(&insert_all(&scratch, &scope, &CONTACT, bodies.map(to_body).into()).await);
        let path = Path::known("blocked");
        for literals in [vec![true], vec![false], vec![true, false, true], vec![]] {
            let filter = Filter::one_of(path.clone(), literals);
            check_filter(&scratch, &scope, &CONTACT, &docs, filter.clone()).await;
            check_filter(&scratch, &scope, &CONTACT, &docs, filter.negated()).await;
        }
        for text in ["blocked", "-blocked", "blocked,createdAt", "-blocked,_id"] {
            let sort = Sort::parse(text).expect("a sort order");
            check_order(&scratch, &scope, &CONTACT, &docs, &Filter::everything(), &sort, 1).await;
        }
    }

    async fn random_orders_are_those_of_the_evaluator_page_by_page(scratch: Scratch) {
        for (seed, kind) in [(6, &PLAIN), (7, &CONTACT)] {
            let mut random = Random::new(seed);
            let (scope, docs) = random_project(&scratch, kind, &mut random).await;
            let docs = as_json(&docs);
            for at in 0..SORTS {
                let sort = random.next(arbitrary::sort());
                let filter =
                    if at % 2 == 0 { Filter::everything() } else { random.next(arbitrary::filter()) };
                check_order(&scratch, &scope, kind, &docs, &filter, &sort, 1 + at as u32 * 2).await;
            }
            for text in ["createdAt", "-createdAt", "updatedAt", "-updatedAt,name", "lastActivity,-createdAt,value"] {
                let sort = Sort::parse(text).expect("a sort order");
                check_order(&scratch, &scope, kind, &docs, &Filter::everything(), &sort, 7).await;
            }
        }
    }

    async fn a_cursor_goes_on_when_its_document_changed_or_is_gone(scratch: Scratch) {
        let scope = scratch.project().await;
        let bodies = (0..10).map(|at| to_body(json!({"name": "same", "rank": at / 4}))).collect();
        let docs = insert_all(&scratch, &scope, &PLAIN, bodies).await;
        let listing = Listing {
            sort: Sort::parse("-rank,name").expect("a sort order"),
            ..Listing::new(Filter::everything(), 4)
        };
        let first = list(&scratch, &scope, &PLAIN, &listing).await.expect("a page");
        let last = first.docs.last().expect("documents").id;
        assert!(scratch.store.write(&scope, move |tx| tx.delete(&PLAIN, last)).await.expect("delete"));
        let second = Listing { cursor: first.next, limit: 100, ..listing };
        let rest = list(&scratch, &scope, &PLAIN, &second).await.expect("the rest");
        let mut seen: Vec<Id> = first.docs.iter().chain(&rest.docs).map(|doc| doc.id).collect();
        assert_eq!(rest.next, None);
        seen.sort_unstable();
        assert_eq!(seen, docs.iter().map(|doc| doc.id).collect::<Vec<Id>>());
    }

    async fn a_cursor_of_long_values_looks_at_its_document_again(scratch: Scratch) {
        let scope = scratch.project().await;
        let bodies = (0..3).map(|at| to_body(json!({"title": format!("{}{at}", "long ".repeat(500))}))).collect();
        insert_all(&scratch, &scope, &PLAIN, bodies).await;
        let sort = Sort::parse("title").expect("a sort order");
        let listing = Listing { sort, ..Listing::new(Filter::everything(), 1) };
        let first = list(&scratch, &scope, &PLAIN, &listing).await.expect("a page");
        let cursor = first.next.clone().expect("a next page");
        assert!(cursor.len() <= hark_query::limits::CURSOR_CHARS_MAX, "{}", cursor.len());
        let second = Listing { cursor: Some(cursor), ..listing };
        let page = list(&scratch, &scope, &PLAIN, &second).await.expect("the second page");
        assert!(page.docs[0].text("title").is_some_and(|title| title.ends_with('1')));
        let id = first.docs[0].id;
        scratch.store.write(&scope, move |tx| tx.delete(&PLAIN, id)).await.expect("delete");
        let gone = list(&scratch, &scope, &PLAIN, &second).await;
        assert!(matches!(&gone, Err(Error::Invalid(sentence)) if sentence.contains("gone")), "{gone:?}");
    }

    async fn cursors_of_other_lists_are_refused(scratch: Scratch) {
        let (scope, other) = (scratch.project().await, scratch.project().await);
        for scope in [&scope, &other] {
            insert_all(&scratch, scope, &PLAIN, vec![to_body(json!({"n": 1})), to_body(json!({"n": true}))]).await;
        }
        let by = |sort: &str| Listing {
            sort: Sort::parse(sort).expect("a sort order"),
            ..Listing::new(Filter::everything(), 1)
        };
        let page = list(&scratch, &scope, &PLAIN, &by("n")).await.expect("a page");
        let good = page.next.expect("a next page");
        let going_on = Listing { cursor: Some(good.clone()), ..by("n") };
        assert_eq!(list(&scratch, &scope, &PLAIN, &going_on).await.expect("the next page").docs.len(), 1);

        // The same bytes with another number of values, and with a value of a type that no key has.
        let text = String::from_utf8(hex::decode(&good).expect("hex")).expect("JSON");
        let forged = |from: &str, to: &str| {
            assert!(text.contains(from), "{text}");
            hex::encode(text.replace(from, to))
        };
        let bad = [
            ("n", "no cursor".to_owned()),
            ("n", String::new()),
            ("n", "00".repeat(20)),
            ("n", "é".to_owned()),
            ("n", "ab".repeat(100_000)),
            ("n", good[..good.len() - 2].to_owned()),
            ("-n", good.clone()),
            ("n,name", good.clone()),
            ("n", forged("]}", ",\"x\"]}")),
            ("n", forged("{\"n\":", "{\"m\":")),
            ("n", forged("{\"n\":", "{\"t\":\"\\u0000\"}],\"w\":[{\"n\":")),
            ("n", forged("{\"n\":4607182418800017408}", "{\"n\":9221120237041090560}")),
        ];
        for (sort, cursor) in bad {
            let listing = Listing { cursor: Some(cursor.clone()), ..by(sort) };
            let answer = list(&scratch, &scope, &PLAIN, &listing).await;
            assert!(matches!(answer, Err(Error::Invalid(_))), "{sort} {cursor}: {answer:?}");
        }
        let answer = list(&scratch, &other, &PLAIN, &going_on).await;
        assert!(matches!(answer, Err(Error::Invalid(_))), "of another project: {answer:?}");
        let answer = list(&scratch, &scope, &CONTACT, &going_on).await;
        assert!(matches!(answer, Err(Error::Invalid(_))), "of another kind: {answer:?}");
        let both = Listing { skip: 1, ..going_on };
        let answer = list(&scratch, &scope, &PLAIN, &both).await;
        assert!(matches!(answer, Err(Error::Invalid(_))), "with skip: {answer:?}");
    }

    async fn hostile_names_and_values_are_only_data(scratch: Scratch) {
        let scope = scratch.project().await;
        let name = "x') or true; drop table config; -- \u{2028}'{}[]$?1%";
        let path = Path::parse(name).expect("a path");
        let bodies = vec![to_body(json!({ name: "'; --\"\\ {x} ?1 $1 '' %_" })), to_body(json!({"y": 1}))];
        let docs = as_json(&insert_all(&scratch, &scope, &PLAIN, bodies).await);
        let text = "'; --\"\\ {x} ?1 $1 '' %_";
        let ops = [
            Op::Equal(text.into()),
            Op::OneOf(vec![text.into(), "{x}".into(), Literal::Null]),
            Op::Contains("{X} ?1 $1".to_owned()),
            Op::StartsWith("'; --\"\\".to_owned()),
            Op::EndsWith("%_".to_owned()),
            Op::Less("'; --\"\\ {x}~".into()),
            Op::Exists(true),
            Op::Exists(false),
        ];
        for op in ops {
            let found = check_filter(&scratch, &scope, &PLAIN, &docs, Filter::test(path.clone(), op.clone())).await;
            assert!(found > 0, "{op:?}");
        }
        let sort = Sort { keys: vec![SortKey { path: path.clone(), descending: true }] };
        check_order(&scratch, &scope, &PLAIN, &docs, &Filter::everything(), &sort, 1).await;
        let nul = Filter::equal(path, "a\0b");
        let refused = scratch.store.read(&scope, move |tx| tx.count(&PLAIN, &nul)).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    }

    async fn filters_out_of_bounds_are_refused(scratch: Scratch) {
        let scope = scratch.project().await;
        let path = Path::known("a");
        let one = || Filter::equal(path.clone(), 1.0);
        let wide = |count| Filter::Any(vec![one(); count]);
        let long = |count| Filter::one_of(path.clone(), vec![1.0; count]);
        let deep = |levels| (0..levels).fold(one(), |filter, _| Filter::All(vec![filter.negated()]));
        for filter in [wide(2_000), long(20_000), deep(19)] {
            let negated = filter.clone().negated();
            scratch.store.read(&scope, move |tx| tx.count(&PLAIN, &filter)).await.expect("within the bounds");
            if !matches!(negated, Filter::Not(ref inner) if matches!(**inner, Filter::All(_))) {
                scratch.store.read(&scope, move |tx| tx.count(&PLAIN, &negated)).await.expect("within the bounds");
            }
        }
        for filter in [wide(2_001), long(20_001), deep(20), deep(5_000)] {
            let refused = scratch.store.read(&scope, move |tx| tx.count(&PLAIN, &filter)).await;
            assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
        }
    }

    async fn what_never_leaves_the_server_cannot_be_asked_about(scratch: Scratch) {
        let scope = scratch.project().await;
        insert_all(&scratch, &scope, &SECRET, vec![to_body(json!({"secret": {"key": "abc"}}))]).await;
        let filter = Filter::test(Path::known("secret.key"), Op::StartsWith("a".to_owned())).negated();
        let refused = scratch.store.read(&scope, move |tx| tx.count(&SECRET, &filter)).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
        let sort = Sort::parse("secret").expect("a sort order");
        let listing = Listing { sort, ..Listing::new(Filter::everything(), 5) };
        let refused = list(&scratch, &scope, &SECRET, &listing).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
        let texts = scratch.store.read(&scope, |tx| tx.list_texts_and_total(&SECRET, &Listing::new(Filter::everything(), 5))).await;
        assert!(matches!(texts, Err(Error::Internal(_))), "{texts:?}");
    }

    async fn texts_are_the_documents_with_the_same_pages(scratch: Scratch) {
        let mut random = Random::new(8);
        let (scope, _) = random_project(&scratch, &CONTACT, &mut random).await;
        let query = parse_query("sort=name,-value&limit=60&skip=3", &[]).expect("a query");
        let listing = Listing::from_query(query, 20, 50);
        assert_eq!((listing.limit, listing.skip), (50, 3));
        let page = list(&scratch, &scope, &CONTACT, &listing).await.expect("a page");
        let texts = scratch.store.read(&scope, move |tx| tx.list_texts_and_total(&CONTACT, &listing)).await.expect("texts").0;
        let read: Vec<Body> = texts.docs.iter().map(|text| serde_json::from_str(text).expect("JSON")).collect();
        assert_eq!(read, page.docs.iter().map(|doc| doc.body.clone()).collect::<Vec<Body>>());
        assert_eq!(page.docs.len(), 50);
        assert_eq!(texts.next, page.next);
    }

    async fn another_project_is_in_no_list_and_no_count(scratch: Scratch) {
        let mut random = Random::new(9);
        let (mine, docs) = random_project(&scratch, &CONTACT, &mut random).await;
        let other = scratch.project().await;
        let id = docs[0].id.to_string();
        for filter in [Filter::everything(), Filter::equal(Path::known("_id"), id), Filter::nothing().negated()] {
            let counted = filter.clone();
            assert_eq!(scratch.store.read(&other, move |tx| tx.count(&CONTACT, &counted)).await.expect("count"), 0);
            let page = list(&scratch, &other, &CONTACT, &Listing::new(filter.clone(), 10)).await.expect("a page");
            assert_eq!((page.docs.len(), page.next), (0, None));
            let (first, mut stream) = (filter.clone(), scratch.store.stream(&other, &CONTACT, filter, 10));
            let found = scratch.store.read(&other, move |tx| tx.find_first(&CONTACT, &first, &Sort::default())).await;
            assert_eq!(found.expect("find"), None);
            assert_eq!(stream.recv().await.expect("a chunk").expect("readable").len(), 0);
        }
        let newest = scratch.store.read(&mine, |tx| tx.find_first(&CONTACT, &Filter::everything(), &Sort::default()));
        assert_eq!(newest.await.expect("find").map(|doc| doc.id), docs.last().map(|doc| doc.id));
    }

    async fn a_stream_has_everything_once_while_others_write(scratch: Scratch) {
        let mut random = Random::new(10);
        let (scope, docs) = random_project(&scratch, &CONTACT, &mut random).await;
        let there = Filter::exists(Path::known("_id"), true);
        let mut stream = scratch.store.stream(&scope, &CONTACT, there.clone(), 7);
        let mut seen: Vec<Id> = Vec::new();
        let mut chunks = 0;
        while let Some(chunk) = stream.recv().await {
            seen.extend(chunk.expect("a chunk").iter().map(|doc| doc.id));
            // A document that was seen, or will be, is saved; one that never counts comes and goes.
            let id = docs[(chunks * 13) % docs.len()].id;
            scratch.clock.advance(1_000);
            scratch.store.write(&scope, move |tx| {
                let passing = tx.insert(&CONTACT, Body::new())?;
                tx.delete(&CONTACT, passing.id)?;
                let mut doc = tx.get_locked(&CONTACT, id)?;
                doc.set("name", "changed meanwhile");
                tx.save(&CONTACT, doc)
            }).await.expect("a change");
            chunks += 1;
        }
        assert!(chunks >= DOCUMENTS / 7, "{chunks}");
        assert_eq!(seen, docs.iter().map(|doc| doc.id).collect::<Vec<Id>>());

        let mut dropped = scratch.store.stream(&scope, &CONTACT, there, 1);
        dropped.recv().await.expect("a chunk").expect("readable");
        drop(dropped);
        let refused = Filter::equal(Path::known("a"), "\0");
        let mut failing = scratch.store.stream(&scope, &CONTACT, refused, 1);
        assert!(matches!(failing.recv().await, Some(Err(Error::Invalid(_)))));
        let end = tokio::time::timeout(Duration::from_secs(10), failing.recv()).await;
        assert!(matches!(end, Ok(None)), "nothing follows an error");
    }

    async fn many_are_deleted_by_a_property(scratch: Scratch) {
        let (scope, other) = (scratch.project().await, scratch.project().await);
        for (kind, count) in [(&TEAM, 501), (&CONTACT, 30)] {
            for scope in [&scope, &other] {
                let mut bodies = vec![to_body(json!({"name": "gone"})); count];
                bodies.push(to_body(json!({"name": "stays"})));
                insert_all(&scratch, scope, kind, bodies).await;
            }
            let before = position(&scratch, &scope).await;
            let deleted = scratch.store.write(&scope, move |tx| tx.delete_where(kind, "name", "gone")).await;
            assert_eq!(deleted.expect("delete"), count as u64);
            let told = position(&scratch, &scope).await - before;
            assert_eq!(told, if kind.feed { count as i64 } else { 0 });
            for (scope, left) in [(&scope, 1), (&other, count as u64 + 1)] {
                let counted = scratch.store.read(scope, move |tx| tx.count(kind, &Filter::everything())).await;
                assert_eq!(counted.expect("count"), left);
            }
        }
    }
}

/// Random values that are the same in every run.
struct Random(TestRunner);

impl Random {
    fn new(seed: u8) -> Random {
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
        Random(TestRunner::new_with_rng(Config::default(), rng))
    }

    fn next<S: Strategy>(&mut self, strategy: S) -> S::Value {
        strategy.new_tree(&mut self.0).expect("a value").current()
    }
}

/// A project with random documents of a kind, in the order of their ids.
async fn random_project(scratch: &Scratch, kind: &'static Kind, random: &mut Random) -> (Scope, Vec<Doc>) {
    let scope = scratch.project().await;
    let bodies =
        (0..DOCUMENTS).map(|_| keep_rules(kind, to_body(random.next(arbitrary::document())))).collect();
    let mut docs = insert_all(scratch, &scope, kind, bodies).await;
    // So that `updatedAt` is not the order of ids.
    for doc in docs.iter_mut().step_by(3) {
        scratch.clock.advance(7);
        let old = doc.clone();
        *doc = scratch.store.write(&scope, move |tx| tx.save(kind, old.clone())).await.expect("save");
    }
    // The document that is saved has the new moment in it.
    let all = Listing {
        sort: Sort::parse("_id").expect("a sort order"),
        ..Listing::new(Filter::everything(), 10_000)
    };
    (scope.clone(), list(scratch, &scope, kind, &all).await.expect("all documents").docs)
}

/// What the rules of kinds see to: a property with a column has the column's type.
fn keep_rules(kind: &Kind, mut body: Body) -> Body {
    for field in kind.fields {
        let fits = body.get(field.path).is_none_or(|value| match field.column_type {
            hark_store::ColumnType::Text => value.is_string(),
            hark_store::ColumnType::Number => value.is_number(),
            hark_store::ColumnType::Bool => value.is_boolean(),
        });
        if !fits {
            body.shift_remove(field.path);
        }
    }
    body
}

async fn insert_all(scratch: &Scratch, scope: &Scope, kind: &'static Kind, bodies: Vec<Body>) -> Vec<Doc> {
    let mut docs = Vec::new();
    for chunk in bodies.chunks(50) {
        scratch.clock.advance(1_001);
        let chunk = chunk.to_vec();
        let insert = move |tx: &mut hark_store::Tx<'_>| {
            chunk.iter().map(|body| tx.insert(kind, body.clone())).collect::<Result<Vec<Doc>, Error>>()
        };
        docs.extend(scratch.store.write(scope, insert).await.expect("insert"));
    }
    docs
}

async fn list(
    scratch: &Scratch,
    scope: &Scope,
    kind: &'static Kind,
    listing: &Listing,
) -> Result<Page, Error> {
    let listing = listing.clone();
    scratch.store.read(scope, move |tx| tx.list(kind, &listing)).await
}

async fn position(scratch: &Scratch, scope: &Scope) -> i64 {
    scratch.store.read(scope, |tx| tx.stream_position(PROJECT_STREAM)).await.expect("a position").seq
}

/// Compares what a filter finds with the evaluator in memory, and tells how many it were.
async fn check_filter(
    scratch: &Scratch,
    scope: &Scope,
    kind: &'static Kind,
    docs: &[(Id, Json)],
    filter: Filter,
) -> usize {
    let asked = filter.clone();
    let answer = scratch.store.read(scope, move |tx| {
        let listing = Listing::new(asked, 10_000);
        let (page, total) = tx.list_texts_and_total(kind, &listing)?;
        assert_eq!(total, tx.count(kind, &listing.filter)?);
        Ok((page.docs, total))
    });
    let (texts, count) = answer.await.unwrap_or_else(|error| panic!("{error:?} for {filter:#?}"));
    let found: BTreeSet<Id> = texts.iter().map(|text| id_of(text)).collect();
    let matching = docs.iter().filter(|(_, doc)| filter.matches(doc)).map(|(id, _)| *id);
    let wanted: BTreeSet<Id> = matching.collect();
    let differing: Vec<&(Id, Json)> =
        docs.iter().filter(|(id, _)| found.contains(id) != wanted.contains(id)).collect();
    assert!(differing.is_empty(), "{} finds or misses {differing:#?} with {filter:#?}", kind.name);
    assert_eq!(count, wanted.len() as u64, "{filter:#?}");
    wanted.len()
}

/// The id in a stored text, which begins with it.
fn id_of(text: &str) -> Id {
    let id = text.strip_prefix("{\"_id\":\"").and_then(|rest| rest.get(..24)).and_then(Id::parse);
    id.unwrap_or_else(|| panic!("no id in {text}"))
}

/// The documents as the evaluator takes them.
fn as_json(docs: &[Doc]) -> Vec<(Id, Json)> {
    docs.iter().map(|doc| (doc.id, Json::Object(doc.body.clone()))).collect()
}

/// Compares a whole list, and the same in pages, with the order in memory.
async fn check_order(
    scratch: &Scratch,
    scope: &Scope,
    kind: &'static Kind,
    docs: &[(Id, Json)],
    filter: &Filter,
    sort: &Sort,
    limit: u32,
) {
    // `createdAt` is the order of ids, and nothing follows that.
    let by_id = sort.keys.iter().position(|key| key.path.to_string() == "createdAt");
    let deciding = by_id.map_or_else(|| sort.keys.first(), |at| sort.keys.get(at));
    let descending = deciding.is_none_or(|key| key.descending);
    let keys = Sort { keys: sort.keys[..by_id.unwrap_or(sort.keys.len())].to_vec() };
    let mut wanted: Vec<&(Id, Json)> = docs.iter().filter(|(_, doc)| filter.matches(doc)).collect();
    wanted.sort_by(|(left_id, left), (right_id, right)| {
        let by_id = if descending { right_id.cmp(left_id) } else { left_id.cmp(right_id) };
        compare(left, right, &keys).then(by_id)
    });
    let wanted: Vec<Id> = wanted.into_iter().map(|(id, _)| *id).collect();

    let mut listing = Listing { sort: sort.clone(), ..Listing::new(filter.clone(), 10_000) };
    let whole = ids(scratch, scope, kind, &listing).await;
    assert_eq!(whole, (wanted.clone(), None), "{sort:?}");

    listing.limit = limit;
    let mut paged: Vec<Id> = Vec::new();
    loop {
        let (page, next) = ids(scratch, scope, kind, &listing).await;
        assert!(page.len() <= limit as usize);
        paged.extend(page);
        assert!(paged.len() <= wanted.len(), "pages without end for {sort:?}");
        if next.is_none() {
            break;
        }
        listing.cursor = next;
    }
    assert_eq!(paged, wanted, "in pages of {limit} by {sort:?}");

    listing = Listing { cursor: None, skip: limit, ..listing };
    let (skipped, _) = ids(scratch, scope, kind, &listing).await;
    let from = wanted.len().min(limit as usize);
    let until = wanted.len().min(2 * limit as usize);
    assert_eq!(skipped, wanted[from..until], "behind {limit} by {sort:?}");
}

async fn ids(
    scratch: &Scratch,
    scope: &Scope,
    kind: &'static Kind,
    listing: &Listing,
) -> (Vec<Id>, Option<String>) {
    let asked = listing.clone();
    let page = scratch.store.read(scope, move |tx| tx.list_texts_and_total(kind, &asked)).await;
    let (page, _) = page.unwrap_or_else(|error| panic!("{error:?} for {listing:#?}"));
    (page.docs.iter().map(|text| id_of(text)).collect(), page.next)
}
