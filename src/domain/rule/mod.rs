//! Watch rules: a query, what to do with the jobs that fit it, and how often.

mod automation;

pub use automation::Automation;
