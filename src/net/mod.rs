//! The one HTTP layer: the only user of reqwest, and the place where keys are fetched and shown to servers.
//!
//! Rules that hold for every call: `http` and `https` only; plain `http` to loopback unless the recipe allows more; redirects only
//! for reads and only within the same origin, so that no key reaches a stranger; the decoded body is capped while it streams; three
//! time-outs; no cookies, no `Referer`; errors in our own words, without query strings and without keys.

mod address;
mod clients;
mod flow;
mod http;
mod keys;
mod lines;
mod pace;
mod page;
mod reply;
mod sse;

pub use address::Address;
pub use flow::{Cut, Flow, FlowLimits};
pub use http::{Body, Call, Http, Limits, Method, Reach};
pub use keys::{Key, resolve};
pub use lines::Lines;
pub use pace::{LONGEST_WAIT, RateNames, ResetAs, budget_of, retry_after};
pub use page::Page;
pub use reply::{End, Reply, Sent};
pub use sse::{Events, Pushed, StreamLimits};

/// Most decoded bytes of a list or a single record.
pub const LIST_CAP: usize = 8 << 20;
/// Most decoded bytes of an attachment.
pub const ATTACHMENT_CAP: usize = 32 << 20;
