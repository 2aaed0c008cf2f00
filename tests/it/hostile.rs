//! Whatever others say or send: texts that cheat, bytes that steer, servers that never stop, addresses that lead inside.
//!
//! Counts grow with `JUGGLER_TEST_FUZZ=N`: that many hostile inputs for the harness of sinks and for the parsers.

mod bytes;
mod shield;
mod sinks;

/// How many inputs: the variable's number, else `short`.
pub fn count(short: usize) -> usize {
    std::env::var("JUGGLER_TEST_FUZZ").ok().and_then(|n| n.parse().ok()).unwrap_or(short)
}
