//! What Rust's standard library calls: the guest library's functions, over the machine as the fixtures see it.

use crate::zisk::{allocate, exit, print as write};

#[path = "guest-system.rs"]
mod functions;
