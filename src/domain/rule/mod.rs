//! Watch rules: a query, what to do with the jobs that fit it, and how often.

mod automation;
mod memory;

pub use automation::Automation;
pub use memory::{AutoClaim, Fired, RuleMemory};
