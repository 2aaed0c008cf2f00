//! One job of the list: read whole, marked, claimed.

use super::command::Mark;
use super::{Plain, ask, words};
use crate::domain::job::Met;
use crate::domain::triage::Verdict;
use crate::domain::{Job, Text};
use crate::engine::api::{Reply, Request, Terms, TriageDone};
use crate::error::{Class, Failure, Result};

/// A longer text that comes with a job is not read out with it, in bytes.
const READ_OUT: usize = 8_000;

impl Plain {
    pub(super) async fn read(&mut self, n: usize) -> Result<()> {
        let (key, _) = self.job(n)?;
        let job = ask!(self.handle, Request::Job { key: key.clone() }, Reply::Job { job, .. } => job);
        self.read_job(&job);
        // It was looked at; nobody needs a word about that.
        let _ = self.handle.ask(Request::Triage { keys: vec![key], verdict: Verdict::Seen { on: true } }).await;
        Ok(())
    }

    /// A job with everything that it says of itself.
    pub(super) fn read_job(&mut self, job: &Job) {
        let now = chrono::Utc::now();
        let pay = match (job.reward.gross(), job.reward.net()) {
            (Some(pay), Some(net)) if net != pay => format!("Pays {pay}, {net} after fees"),
            (Some(pay), _) => format!("Pays {pay}"),
            _ => "Pay not told".to_owned(),
        };
        let parts = [
            words::theirs(&job.title),
            if job.requester.name.is_empty() { String::new() } else { format!("From {}", words::theirs(&job.requester.name)) },
            pay,
            job.obs_seconds.or(job.est_seconds).map(|s| format!("About {}", words::span(i64::from(s)))).unwrap_or_default(),
            job.claim_ttl.map(|s| format!("Once claimed you have {}", words::span(i64::from(s)))).unwrap_or_default(),
            job.expires_at.map(|at| format!("Open: {}", words::left(at, now))).unwrap_or_default(),
            job.ai.rule.sentence().to_owned(),
            job.warning.as_ref().map(|warning| format!("Careful: {warning}")).unwrap_or_default(),
        ];
        self.console.say(words::sentences(parts));
        for need in &job.requirements {
            let met = match need.met {
                Met::Yes => "you meet that",
                Met::No => "you do not meet that",
                Met::Unknown => "whether you meet that is not known",
            };
            self.console.say(format!("It needs: {}; {met}.", need.text.as_str().trim_end_matches('.')));
        }
        let nothing = crate::domain::check::Judged::default();
        let wants = crate::domain::check::check(&job.deliverable, &nothing);
        let wants: Vec<&str> = wants.iter().map(|finding| finding.label.as_str()).collect();
        if !wants.is_empty() {
            self.console.say(words::sentences([format!("It wants: {}", wants.join("; "))]));
        }
        for file in &job.attachments {
            self.console.say(format!("Attached: {}.", file.name));
            match &file.text {
                Some(text) if text.as_str().len() <= READ_OUT => self.console.quote(text.as_str()),
                Some(_) => self.console.say("It is long; with the job in hand, files lists it and file reads it by page."),
                None => {}
            }
        }
        self.console.say("The brief:");
        self.console.quote(job.brief.as_str());
        self.console.say("End of the brief.");
    }

    pub(super) async fn why(&mut self, n: usize) -> Result<()> {
        let (key, _) = self.job(n)?;
        let peek = ask!(self.handle, Request::Peek { key }, Reply::Peek(peek) => peek);
        if let Some(barred) = &peek.barred {
            self.console.say(format!("It cannot or should not be taken: {barred}."));
        }
        for (what, value) in &peek.rate_why {
            self.console.say(format!("{}: {value}.", words::capital(what.as_str())));
        }
        for line in &peek.fit_why {
            let met = match line.met {
                Met::Yes => "yes",
                Met::No => "no",
                Met::Unknown => "not known",
            };
            self.console.say(format!("{}: {met}. {}.", words::capital(line.what.as_str()), line.why));
        }
        for (what, value) in &peek.history {
            self.console.say(format!("{}: {value}.", words::capital(what.as_str())));
        }
        Ok(())
    }

    pub(super) async fn mark(&mut self, n: usize, mark: Mark) -> Result<()> {
        let (key, title) = self.job(n)?;
        let (verdict, done) = match mark {
            Mark::Star(on) => (Verdict::Star { on }, if on { "Starred" } else { "The star is off" }),
            Mark::Hide(on) => (Verdict::Hide { on }, if on { "Hidden" } else { "Brought back" }),
            Mark::Snooze(time) => {
                let until = chrono::TimeDelta::from_std(time).ok().and_then(|time| chrono::Utc::now().checked_add_signed(time));
                let until = until.ok_or_else(|| Failure::new(Class::Usage, "that is too long").hint(format!("hide {n}")))?;
                (Verdict::Snooze { until: Some(until) }, "Snoozed")
            }
        };
        let triaged = ask!(self.handle, Request::Triage { keys: vec![key], verdict }, Reply::Triaged(done) => done);
        match triaged.failed.first() {
            Some((_, why)) => Err(Failure::new(Class::Refused, format!("\"{title}\" could not be changed")).why(why)),
            None => {
                self.console.say(format!("{done}: {}. undo takes it back.", words::theirs(&title)));
                Ok(())
            }
        }
    }

    pub(super) async fn undo(&mut self, again: bool) -> Result<()> {
        let request = if again { Request::Redo } else { Request::Undo };
        let done: TriageDone = ask!(self.handle, request, Reply::Triaged(done) => done);
        self.console.say(format!("{}.", words::capital(done.text.as_str())));
        Ok(())
    }

    pub(super) async fn claim(&mut self, n: usize) -> Result<()> {
        let (key, title) = self.job(n)?;
        let terms = ask!(self.handle, Request::ClaimTerms { key: key.clone() }, Reply::Terms(terms) => terms);
        self.read_terms(&terms, &title);
        if !self.yes("Type yes to claim it, anything else to leave it:").await {
            self.console.say("Not claimed.");
            return Ok(());
        }
        let view = ask!(self.handle, Request::Claim { key, agreed: terms.digest }, Reply::Assignment(view) => view);
        let due = view.assignment.deadline.map(|at| format!(", {}", words::left(at, chrono::Utc::now()))).unwrap_or_default();
        let (title, state) = (words::theirs(&view.assignment.job.title), view.assignment.state.word());
        self.console.say(format!("It is yours: {title}, {state}{due}."));
        let n = self.number_in_hand(&view.assignment.id).await?;
        self.console.say(format!(
            "It has number {n} in the hand. brief {n} reads the brief, type {n} or edit {n} writes, layout {n} lays it out."
        ));
        Ok(())
    }

    /// Question, terms and what speaks against them, word for word.
    pub(super) fn read_terms(&mut self, terms: &Terms, title: &Text) {
        self.console.say(format!("{} {}.", terms.question, words::theirs(title)));
        for (label, value) in &terms.lines {
            self.console.say(format!("{label}: {}", words::spoken(value.as_str())));
        }
        for warning in &terms.warnings {
            self.console.say(format!("Warning: {warning}"));
        }
    }
}
