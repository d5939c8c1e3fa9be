//! The storage suite: everything runs on SQLite and on PostgreSQL.

mod audit;
mod backup;
mod credentials;
mod doctor;
mod documents;
mod durability;
mod events;
mod feed;
mod files;
mod jobs;
mod limits;
mod lists;
mod search;
mod secrets;
mod worker;
