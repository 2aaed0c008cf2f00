//! Recipes: a platform described in TOML. Read, checked as a whole, and only then used.
//!
//! JSONPaths and templates are checked while the file is read, so that a mistake is reported with its line; everything a template
//! may name is checked by rendering it once with examples.

mod call;
mod check;
mod field;
mod load;
mod template;
mod words;

use std::collections::BTreeMap;

use serde::Deserialize;

pub use call::{CallSpec, Calls, Delta, Paging, Repeat, Step, SubmitSpec};
pub use field::{AssetFrom, Field, From, Given, Path, Read};
pub use load::{BUILT_IN, load_recipe};
pub use template::{Part, Template, render};
pub use words::{Word, Words, asset};

use crate::net::{Method, RateNames};

/// A platform's description.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// Its name: the file's name without `.toml`.
    pub name: String,
    /// The platform's name for people.
    pub title: String,
    /// Where it is; a source may say otherwise.
    #[serde(default)]
    pub base_url: Option<String>,
    /// Unencrypted addresses are all right away from this machine too.
    #[serde(default)]
    pub plain_http: bool,
    /// How the key is shown.
    #[serde(default)]
    pub auth: Option<Auth>,
    /// For all calls.
    #[serde(default)]
    pub defaults: Defaults,
    /// Rate headers.
    #[serde(default)]
    pub rate: RateNames,
    /// What refusals look like.
    #[serde(default)]
    pub errors: Errors,
    /// Exponents of assets that ISO 4217 does not know.
    #[serde(default)]
    pub assets: BTreeMap<String, u8>,
    /// Translations of the platform's words.
    #[serde(default)]
    pub words: Words,
    /// Where the values of records are.
    pub map: Maps,
    /// The calls.
    pub calls: Calls,
}

impl Recipe {
    /// Names of the headers that are sent beside the key's.
    pub fn headers(&self) -> impl Iterator<Item = &str> {
        let calls = &self.calls;
        let others = [&calls.job, &calls.claim, &calls.release, &calls.assignments, &calls.assignment];
        let rest = [&calls.payments, &calls.attachment, &calls.stream];
        let all = others.into_iter().chain(rest).flatten().chain([&calls.jobs]);
        self.defaults.headers.keys().chain(all.flat_map(|call| call.headers.keys())).map(String::as_str)
    }
}

/// How the key is shown.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Auth {
    /// The header's name.
    pub header: String,
    /// Before the key: `Bearer `.
    #[serde(default)]
    pub prefix: String,
    /// Never: keys in addresses end up in logs. Known only to be refused with a reason.
    #[serde(default)]
    pub query: Option<String>,
    /// The key is exchanged for a short-lived token first.
    #[serde(default)]
    pub token: Option<Exchange>,
}

/// Exchange of the key for a token.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    /// Method.
    #[serde(default = "post")]
    pub method: Method,
    /// Path behind the base.
    pub path: Template,
    /// Body; knows `key`.
    pub body: Template,
    /// Where the token is.
    pub token: Path,
    /// Where its life in seconds is.
    #[serde(default)]
    pub expires_in: Option<Path>,
    /// Its life in seconds when the answer does not tell.
    #[serde(default = "five_minutes")]
    pub lifetime: u64,
    /// Renewed so many seconds before its end.
    #[serde(default = "half_a_minute")]
    pub renew_before: u64,
}

fn post() -> Method {
    Method::Post
}

fn five_minutes() -> u64 {
    300
}

fn half_a_minute() -> u64 {
    30
}

/// For all calls.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Defaults {
    /// Items a page.
    pub limit: u32,
    /// Seconds between polls.
    pub poll_every: u64,
    /// Seconds for a whole call.
    pub timeout: u64,
    /// Headers of every call.
    pub headers: BTreeMap<String, String>,
}

impl Default for Defaults {
    fn default() -> Self {
        Defaults { limit: 50, poll_every: 60, timeout: 30, headers: BTreeMap::new() }
    }
}

/// What refusals look like.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Errors {
    /// Where the code is.
    pub code: Option<Path>,
    /// Where the words are.
    pub message: Option<Path>,
    /// Code to reason.
    pub codes: BTreeMap<String, crate::platforms::Refusal>,
    /// Status to reason, where no code decides.
    pub statuses: BTreeMap<String, crate::platforms::Refusal>,
}

/// Values of a record by their names.
pub type Fields = BTreeMap<String, Field>;

/// Where the values of records are.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Maps {
    /// A job.
    pub job: Fields,
    /// Attachments inside a job.
    #[serde(default)]
    pub attachments: Option<Path>,
    /// One attachment.
    #[serde(default)]
    pub attachment: Fields,
    /// Requirements inside a job.
    #[serde(default)]
    pub requirements: Option<Path>,
    /// One requirement.
    #[serde(default)]
    pub requirement: Fields,
    /// An assignment.
    #[serde(default)]
    pub assignment: Fields,
    /// A payment.
    #[serde(default)]
    pub payment: Fields,
    /// The answer to a submission.
    #[serde(default)]
    pub receipt: Fields,
}
