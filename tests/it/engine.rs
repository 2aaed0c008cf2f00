//! The engine: its step under simulated faults, and the whole of it against the practice market.

mod answers;
mod outbox_sim;
mod whole;
