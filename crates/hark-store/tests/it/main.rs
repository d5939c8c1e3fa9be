//! The storage suite: everything runs on SQLite and on PostgreSQL.

mod documents;
mod jobs;
mod search;
mod worker;
mod events;
mod lists;
