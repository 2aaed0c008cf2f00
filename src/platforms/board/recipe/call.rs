//! The calls of a recipe.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Fields, Path, Template};
use crate::net::Method;

/// The calls; what is not there is not supported.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calls {
    /// Lists jobs.
    pub jobs: CallSpec,
    /// Reads one job.
    pub job: Option<CallSpec>,
    /// Asks for a job.
    pub claim: Option<CallSpec>,
    /// Gives an assignment back.
    pub release: Option<CallSpec>,
    /// Delivers.
    pub submit: Option<SubmitSpec>,
    /// Lists my assignments.
    pub assignments: Option<CallSpec>,
    /// Reads one assignment.
    pub assignment: Option<CallSpec>,
    /// Lists payments.
    pub payments: Option<CallSpec>,
    /// Fetches an attachment: only `timeout` and `headers` matter.
    pub attachment: Option<CallSpec>,
    /// Pushes changes.
    pub stream: Option<CallSpec>,
}

/// One call.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallSpec {
    /// Method.
    #[serde(default)]
    pub method: Method,
    /// Path behind the base; values are percent-encoded. Only a step with `to` has none.
    #[serde(default)]
    pub path: Template,
    /// Query parameters; those that come out empty are left away.
    #[serde(default)]
    pub query: BTreeMap<String, Template>,
    /// Headers.
    #[serde(default)]
    pub headers: BTreeMap<String, Template>,
    /// JSON body; values are written as JSON.
    #[serde(default)]
    pub body: Option<Template>,
    /// Statuses that mean done; every 2xx when empty.
    #[serde(default)]
    pub ok: Vec<u16>,
    /// Where the items of a list are.
    #[serde(default)]
    pub items: Option<Path>,
    /// Where a single record is; the whole answer when not told.
    #[serde(default)]
    pub root: Option<Path>,
    /// Fields that are elsewhere in this call's answer than the map says.
    #[serde(default)]
    pub fields: Fields,
    /// How a list goes on.
    #[serde(default)]
    pub paging: Paging,
    /// How only changes are asked for.
    #[serde(default)]
    pub delta: Option<Delta>,
    /// A list that sent `ETag` or `Last-Modified` is asked for with it; false where the server's are no good.
    #[serde(default = "yes")]
    pub etag: bool,
    /// The list holds jobs whole, so that no second call is needed.
    #[serde(default)]
    pub detailed: bool,
    /// Seconds for this call.
    #[serde(default)]
    pub timeout: Option<u64>,
    /// Stream: kinds of events that mean a change; all when empty.
    #[serde(default)]
    pub events: Vec<String>,
}

/// How a list goes on.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(tag = "style", rename_all = "snake_case", deny_unknown_fields)]
pub enum Paging {
    /// It does not.
    #[default]
    None,
    /// By an opaque cursor.
    Cursor {
        /// Query parameter that takes it.
        param: String,
        /// Where the next one is.
        next: Path,
        /// Whether there is more; without it, a next cursor means more.
        more: Option<Path>,
        /// The last cursor is where the next poll goes on: the list is a log that only grows.
        #[serde(default)]
        log: bool,
    },
    /// By page number.
    Page {
        /// Query parameter.
        param: String,
        /// Number of the first page.
        #[serde(default = "one")]
        first: u64,
        /// Whether there is more.
        more: Option<Path>,
        /// How many items there are in all.
        total: Option<Path>,
    },
    /// By number of items skipped.
    Offset {
        /// Query parameter.
        param: String,
        /// Whether there is more.
        more: Option<Path>,
        /// How many items there are in all.
        total: Option<Path>,
    },
    /// By the next page's own address, of the same origin.
    Url {
        /// Where it is.
        next: Path,
    },
}

fn yes() -> bool {
    true
}

fn one() -> u64 {
    1
}

/// How only changes are asked for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delta {
    /// Query parameter that takes the instant (RFC 3339).
    pub param: String,
    /// Where the answer says up to when it is complete; the server's `Date` when not told.
    #[serde(default)]
    pub as_of: Option<Path>,
    /// Seconds asked for again, since clocks and commits are not exact.
    #[serde(default = "two")]
    pub overlap: u32,
    /// Seconds between full walks.
    #[serde(default = "hour")]
    pub full_every: u32,
}

fn two() -> u32 {
    2
}

fn hour() -> u32 {
    3600
}

/// The call that delivers, and what goes before it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubmitSpec {
    /// Before it, in this order.
    #[serde(default)]
    pub steps: Vec<Step>,
    /// Header that takes the idempotency key; the platform answers a repetition with the first answer.
    #[serde(default)]
    pub idempotency_header: Option<String>,
    /// The delivery itself.
    pub send: CallSpec,
}

/// A call before the delivery.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Its name in messages and templates.
    pub name: String,
    /// Once, or for each file.
    #[serde(default)]
    pub for_each: Repeat,
    /// The body is the file's bytes under its media type.
    #[serde(default)]
    pub file_body: bool,
    /// Goes to this address instead, which an earlier step captured (an upload target): another host is asked over https only and
    /// without the key.
    #[serde(default)]
    pub to: Option<Template>,
    /// What is remembered: for each file in `file` and `files[n]`, else in `steps.<name>`.
    #[serde(default)]
    pub capture: BTreeMap<String, Path>,
    /// The call.
    pub call: CallSpec,
}

/// How often a step runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Repeat {
    /// Once.
    #[default]
    Once,
    /// For each file.
    Files,
}
