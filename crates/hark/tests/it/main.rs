//! The product through its front door, on both engines.

mod cli;
mod crash;
mod house;
mod process;
mod serve;
mod teams;
