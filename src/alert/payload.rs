//! A bundle as JSON, for programs and for the plain webhook.

use serde::Serialize;
use serde_json::{Value, json};

use super::outlet::Parcel;
use crate::domain::Job;

/// The version of these fields; raised when one changes its meaning or goes.
const VERSION: u32 = 1;

/// Whether the jobs go along, whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Jobs {
    /// For programs of the person on this machine.
    Whole,
    /// For other machines: their keys, titles and pages only.
    Named,
}

#[derive(Serialize)]
struct Named<'a> {
    key: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

/// The bundle's fields: `version`, `title`, `text`, `urgency`, `count`, `alerts` (each with `kind`, `title`, `body`, `job`,
/// `urgency`, `at`, `rule`), `more`, `held` (kind and count, from quiet hours), `jobs`.
pub(super) fn json(parcel: &Parcel, jobs: Jobs) -> Value {
    let bundle = &parcel.bundle;
    let alerts: Vec<Value> = bundle
        .alerts
        .iter()
        .map(|a| {
            json!({ "kind": a.kind, "title": a.title, "body": a.body, "job": a.job, "urgency": a.urgency, "at": a.at,
                    "rule": a.rule })
        })
        .collect();
    let held: Vec<Value> = bundle.held.iter().map(|(kind, n)| json!({ "kind": kind, "count": n })).collect();
    let jobs: Vec<Value> = parcel
        .jobs
        .iter()
        .filter_map(|job| match jobs {
            Jobs::Whole => serde_json::to_value(job).ok(),
            Jobs::Named => serde_json::to_value(named(job)).ok(),
        })
        .collect();
    json!({
        "version": VERSION,
        "title": bundle.title(),
        "text": text(parcel, usize::MAX),
        "urgency": bundle.urgency(),
        "count": bundle.count(),
        "alerts": alerts,
        "more": bundle.more,
        "held": held,
        "jobs": jobs,
    })
}

fn named(job: &Job) -> Named<'_> {
    Named { key: job.key.as_str(), title: job.title.as_str(), url: job.url.as_ref().map(crate::domain::Text::as_str) }
}

/// The lines below the title, of at most `most`.
pub(super) fn text(parcel: &Parcel, most: usize) -> String {
    let lines: Vec<String> = parcel.bundle.lines(most).iter().map(ToString::to_string).collect();
    lines.join("\n")
}
