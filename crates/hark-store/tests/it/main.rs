//! The storage suite: everything runs on SQLite and on PostgreSQL.

mod audit;
mod documents;
mod feed;
mod jobs;
mod search;
mod worker;
