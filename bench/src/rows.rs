//! The rows that creating a contact writes, as raw statements: the limit of the engine for the same work.

use hark_store::testing::START;
use serde_json::{Value as Json, json};

use crate::data::contact;

/// The project of raw rows.
const PROJECT: &str = "raw";

/// A bound value.
pub(crate) enum Bound {
    Text(String),
    Int(i64),
}

/// The statements, written for SQLite, in their order. The last insert's number names the words.
pub(crate) const SQLITE: &[&str] = &[
    "insert into contact (project_id, id, rev, created_at, updated_at, doc) values (?1, ?2, 1, ?3, ?3, ?4)",
    "insert into contact_trust (project_id, id, rev, created_at, updated_at, doc) values (?1, ?2, 1, ?3, ?3, ?4)",
    "insert into search_entry (project_id, space, doc_id, title, body) values (?1, 1, ?2, ?3, '')",
    "insert into search_words (rowid, words) values (last_insert_rowid(), ?1)",
    "insert into stream_head (project_id, stream, seq, epoch) values (?1, 'project', 1, 'x')
     on conflict (project_id, stream) do update set seq = stream_head.seq + 1",
    "insert into feed (project_id, stream, seq, at, event, document_id, actor, data)
     select ?1, 'project', seq, ?2, 'contact.created', ?3, 'system', null
     from stream_head where project_id = ?1 and stream = 'project'",
];

/// The same for PostgreSQL.
pub(crate) const POSTGRES: &[&str] = &[
    "insert into contact (project_id, id, rev, created_at, updated_at, doc)
     values ($1, $2, 1, $3, $3, $4::text::json)",
    "insert into contact_trust (project_id, id, rev, created_at, updated_at, doc)
     values ($1, $2, 1, $3, $3, $4::text::json)",
    "insert into search_entry (project_id, space, doc_id, title, body) values ($1, 1, $2, $3, '')",
    "insert into search_words (rowid, words)
     values (currval(pg_get_serial_sequence('search_entry', 'seq')), $1::text::tsvector)",
    "insert into stream_head (project_id, stream, seq, epoch) values ($1, 'project', 1, 'x')
     on conflict (project_id, stream) do update set seq = stream_head.seq + 1",
    "insert into feed (project_id, stream, seq, at, event, document_id, actor, data)
     select $1, 'project', seq, $2, 'contact.created', $3, 'system', null
     from stream_head where project_id = $1 and stream = 'project'",
];

/// The document of the contact with this number.
pub(crate) fn document(number: usize, id: &str) -> String {
    let mut body = contact(number);
    body["gleapId"] = Json::String(format!("g-{id}"));
    body.to_string()
}

/// What to bind for the contact with this number, in the order of the statements. `quote` stands
/// around each word, where the engine wants it.
pub(crate) fn values(number: usize, quote: &str) -> Vec<Vec<Bound>> {
    let id = format!("{number:024x}");
    let text = |text: &str| Bound::Text(text.to_owned());
    let body = contact(number);
    let words: Vec<String> = ["name", "email", "companyName", "userId"]
        .iter()
        .flat_map(|property| body[*property].as_str().unwrap_or_default().split([' ', '.', '@', '-']))
        .map(str::to_lowercase)
        .collect();
    let indexed: Vec<String> = words.iter().map(|word| format!("{quote}00001{word}{quote}")).collect();
    let trust = json!({"contact": id, "emailKey": body["email"]}).to_string();
    vec![
        vec![text(PROJECT), text(&id), Bound::Int(START), Bound::Text(document(number, &id))],
        vec![text(PROJECT), text(&id), Bound::Int(START), Bound::Text(trust)],
        vec![text(PROJECT), text(&id), Bound::Text(words.join(" "))],
        vec![Bound::Text(indexed.join(" "))],
        vec![text(PROJECT)],
        vec![text(PROJECT), Bound::Int(START), text(&id)],
    ]
}
