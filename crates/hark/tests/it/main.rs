//! The product through its front door, on both engines.

mod billing;
mod cli;
mod crash;
mod house;
mod imports;
mod process;
mod serve;
mod teams;
