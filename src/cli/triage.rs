//! `juggler triage`, `undo` and `redo`.

use chrono::{TimeDelta, Utc};

use super::args::TriageCommand;
use super::{Out, ask, jobs, words};
use crate::domain::triage::{Verdict, Wake};
use crate::engine::Handle;
use crate::engine::api::{Reply, Request, TriageDone};
use crate::error::{Class, Failure, Result};

/// Marks jobs.
pub async fn run(command: TriageCommand, handle: &Handle, out: &mut Out) -> Result<()> {
    let (keys, verdict) = match command {
        TriageCommand::Star { keys, off } => (keys, Verdict::Star { on: !off }),
        TriageCommand::Pin { keys, off } => (keys, Verdict::Pin { on: !off }),
        TriageCommand::Hide { keys, off } => (keys, Verdict::Hide { on: !off }),
        TriageCommand::Seen { keys, off } => (keys, Verdict::Seen { on: !off }),
        TriageCommand::Snooze { keys, off: true, .. } => (keys, Verdict::Snooze { until: None }),
        TriageCommand::Snooze { keys, until_pays: Some(pay), .. } => (keys, Verdict::SnoozeUntil { wake: Wake::PaysOver(pay) }),
        TriageCommand::Snooze { keys, until_reopens: true, .. } => (keys, Verdict::SnoozeUntil { wake: Wake::Reopens }),
        TriageCommand::Snooze { keys, span, .. } => {
            let until = TimeDelta::from_std(span).ok().and_then(|span| Utc::now().checked_add_signed(span));
            let until = until.ok_or_else(|| Failure::new(Class::Usage, "that is too long").hint("hide it instead"))?;
            (keys, Verdict::Snooze { until: Some(until) })
        }
    };
    let keys = jobs::keys(&keys)?;
    let done = ask!(handle, Request::Triage { keys, verdict }, Reply::Triaged(done) => done);
    tell(&done, out)
}

/// Takes the latest act back.
pub async fn undo(handle: &Handle, out: &mut Out) -> Result<()> {
    tell(&ask!(handle, Request::Undo, Reply::Triaged(done) => done), out)
}

/// Does the latest undone act again.
pub async fn redo(handle: &Handle, out: &mut Out) -> Result<()> {
    tell(&ask!(handle, Request::Redo, Reply::Triaged(done) => done), out)
}

fn tell(done: &TriageDone, out: &mut Out) -> Result<()> {
    if out.is_json() {
        out.json(done)?;
    } else {
        out.line(done.text.as_str());
        done.failed.iter().for_each(|(key, why)| out.note(format!("{key}: {why}")));
    }
    match done.failed.first() {
        None => Ok(()),
        Some((key, why)) => {
            let what = format!("{} could not be changed", words::count(done.failed.len(), "job"));
            Err(Failure::new(Class::Refused, what).why(format!("{key}: {why}")))
        }
    }
}
