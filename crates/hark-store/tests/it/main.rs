//! The storage suite: everything runs on SQLite and on PostgreSQL.

mod documents;
mod events;
mod jobs;
mod lists;
mod search;
mod worker;
