//! Alerts: the desk they cross, and every way out of it, up to the bytes.

mod cli;
mod desk;
mod hook;
mod news;
mod program;
mod read;
mod screen;

use chrono::TimeZone;
use juggler::alert::Parcel;
use juggler::domain::alert::Urgency;
use juggler::domain::{Alert, AlertKind, Bundle, Job, JobKey, SourceName, Text, Time};

/// A Monday, seven in the morning.
fn start() -> Time {
    chrono::Utc.with_ymd_and_hms(2026, 11, 23, 7, 0, 0).unwrap()
}

fn job(native: &str, title: &str, url: &str) -> Job {
    let mut job = Job::new(&SourceName::new("practice"), native, title, start());
    job.url = Some(Text::title(url));
    job.brief = Text::body("Write five taglines.");
    job
}

/// A match with a hostile title, as it comes from a platform: scrubbed, but full of mark-up.
fn parcel() -> Parcel {
    let job = job("j1", "**Five** [taglines](https://evil.example) @everyone; \u{1b}]0;x", "https://jobs.example.org/j1");
    let alert = Alert::new(AlertKind::Rule, job.title.as_str(), job.key.as_str(), start())
        .body("0.85 USD, 6 min, practice · rule taglines")
        .about(&job.key)
        .by("taglines")
        .urgency(Urgency::High);
    Parcel { bundle: Bundle { alerts: vec![alert], ..Bundle::default() }, jobs: vec![job] }
}

fn many(count: usize) -> Parcel {
    let alert = |n: usize| Alert::new(AlertKind::Paid, &format!("paid: {n}.00 USD for job {n}"), &n.to_string(), start());
    let alerts = (1..=count).map(alert).collect();
    Parcel { bundle: Bundle { alerts, more: 3, held: vec![(AlertKind::Rule, 7)] }, jobs: Vec::new() }
}

fn key(native: &str) -> JobKey {
    JobKey::of(&SourceName::new("practice"), native)
}
