//! The product through its front door, on both engines.

mod admin;
mod billing;
mod budgets;
mod cli;
mod crash;
mod house;
mod imports;
mod process;
mod sdk_config;
mod sdk_sessions;
mod sdk_socket;
mod serve;
mod teams;
