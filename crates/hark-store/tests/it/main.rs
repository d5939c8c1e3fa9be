//! The storage suite: everything runs on SQLite and on PostgreSQL.

mod documents;
mod events;
mod lists;
