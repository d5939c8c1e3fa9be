//! The product through its front door, on both engines.

mod admin;
mod audit;
mod billing;
mod budgets;
mod cli;
mod contacts;
mod contacts_export;
mod contacts_identity;
mod crash;
mod house;
mod imports;
mod invitations;
mod memory;
mod people;
mod process;
mod projects;
mod roles;
mod sdk_config;
mod sdk_sessions;
mod sdk_socket;
mod serve;
mod teams;
mod templates;
mod tenancy;
mod tokens;
mod users;
