//! `juggler show --why`: every number behind a job's rate and fit.

use chrono::Utc;

use super::out::{Out, Role};
use super::{ask, words};
use crate::domain::job::Met;
use crate::domain::{JobKey, Text};
use crate::engine::Handle;
use crate::engine::api::{FitLine, Reply, Request};
use crate::error::Result;

/// Says why a job is worth what it is said to be. Nothing is asked of its platform.
pub async fn run(key: &str, handle: &Handle, out: &mut Out) -> Result<()> {
    let peek = ask!(handle, Request::Peek { key: JobKey::new(key) }, Reply::Peek(peek) => peek);
    if out.is_json() {
        return out.json(&peek);
    }
    let row = &peek.row;
    out.line(out.paint(Role::Head, row.title.as_str()));
    line("key", row.key.as_str(), out);
    line("pay", &words::money(row.pay), out);
    line("state", &super::jobs::state(row, Utc::now()), out);
    head("EXPECTED RATE", &row.rate.map_or_else(|| "cannot be told".to_owned(), |rate| rate.long()), out);
    pairs(&peek.rate_why, out);
    head("FIT", &row.fit.map_or_else(|| "nothing is known that decides".to_owned(), |fit| format!("{fit} of 100")), out);
    for found in &peek.signs {
        line("signs of a scam", &found.sentence(), out);
    }
    if let Some(barred) = &peek.barred {
        line("not for you", barred.as_str(), out);
    }
    peek.fit_why.iter().for_each(|reason| fit(reason, out));
    head("HISTORY", "", out);
    pairs(&peek.history, out);
    Ok(())
}

fn head(name: &str, value: &str, out: &mut Out) {
    out.line("");
    out.line(format!("{}  {value}", out.paint(Role::Head, name)).trim_end());
}

fn pairs(pairs: &[(Text, Text)], out: &mut Out) {
    pairs.iter().for_each(|(label, value)| line(label.as_str(), value.as_str(), out));
}

fn line(label: &str, value: &str, out: &mut Out) {
    out.line(format!("  {label:<22} {value}"));
}

fn fit(reason: &FitLine, out: &mut Out) {
    let (sign, role) = match reason.met {
        Met::Yes => ("yes", Role::Good),
        Met::No => ("no", Role::Bad),
        Met::Unknown => ("unknown", Role::Dim),
    };
    let pad = " ".repeat(8_usize.saturating_sub(sign.len()));
    let why = if reason.why.is_empty() { String::new() } else { format!("  {}", reason.why) };
    out.line(format!("  {}{pad}{}{why}", out.paint(role, sign), reason.what));
}
