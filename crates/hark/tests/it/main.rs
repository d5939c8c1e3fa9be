//! The product through its front door, on both engines.

mod admin;
mod billing;
mod budgets;
mod cli;
mod contacts;
mod contacts_export;
mod contacts_identity;
mod crash;
mod house;
mod imports;
mod memory;
mod process;
mod sdk_config;
mod sdk_sessions;
mod sdk_socket;
mod serve;
mod tenancy;
mod teams;
