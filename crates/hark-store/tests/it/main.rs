//! The storage suite: everything runs on SQLite and on PostgreSQL.

mod audit;
mod documents;
mod feed;
mod jobs;
mod limits;
mod search;
mod worker;
