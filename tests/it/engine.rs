//! The engine: its step under simulated faults, and the whole of it against the practice market.

mod account;
mod alerts;
mod answers;
mod clocks;
mod outbox_sim;
mod overrides;
mod reload;
mod retention;
mod rules;
mod steps;
mod whole;
