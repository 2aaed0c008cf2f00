//! Alerts that reach a person who is not looking.
//!
//! ```text
//! Happening ─► builtin::alert ─┐
//! deadlines, late payouts ─────┼─► Desk (switches, repeats, quiet hours, bundles) ─► Bundle ─┬─► front ends: bell, OSC, title
//! watch rules ─────────────────┘                                                            └─► Outlets: command, webhook
//! ```
//! Everything up to the bundle is pure and belongs to the engine's state ([`Alarms`]); [`Outlets`] carries bundles out on tasks of
//! its own and never makes anybody wait. The terminal's part is the front end's, since only that knows the terminal.

mod alarms;
pub mod builtin;
mod command;
mod deadlines;
mod desk;
mod outlet;
mod payload;
mod payouts;
mod shape;
mod webhook;

pub use alarms::Alarms;
pub use builtin::Happening;
pub use command::Program;
pub use deadlines::Deadlines;
pub use desk::{Desk, Manner, Now, Policy, Taken};
pub use outlet::{Channel, Done, Outlets, Parcel};
pub use payouts::{Owed, Payouts};
pub use webhook::Hook;
