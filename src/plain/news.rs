//! What happened meanwhile, kept until it can be told without talking into anything.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use tokio::sync::broadcast::error::RecvError;

use super::{Plain, figures, words};
use crate::domain::alert::AlertKind;
use crate::domain::payment::PaymentStatus;
use crate::domain::submission::SubmissionState;
use crate::domain::{AssignmentId, AssignmentState, SourceName};
use crate::engine::api::{Event, Request, SourceState, What};
use crate::error::Result;

/// Sentences that are kept; of more, the oldest are counted.
const KEPT: usize = 40;
/// Without a time, waiting ends after this.
const PATIENCE: Duration = Duration::from_secs(600);

/// News that was not told yet.
#[derive(Debug, Default)]
pub(super) struct News {
    told: VecDeque<String>,
    lost: usize,
    arrived: u32,
    alerts: bool,
    sources: BTreeMap<SourceName, SourceState>,
    /// Whose submissions are this session's: what comes of each is told.
    sent: Vec<AssignmentId>,
}

impl News {
    /// The list was read: what arrived before is no news.
    pub fn listed(&mut self) {
        self.arrived = 0;
    }

    /// A submission was sent by this session.
    pub fn submitted(&mut self, id: &AssignmentId) {
        self.sent.push(id.clone());
    }

    /// There is nothing to tell; where jobs come by the dozen, their coming alone is nothing.
    fn is_empty(&self, wants_jobs: bool) -> bool {
        self.told.is_empty() && (self.arrived == 0 || !wants_jobs)
    }

    fn tell(&mut self, sentence: String) {
        self.told.push_back(sentence);
        if self.told.len() > KEPT {
            self.told.pop_front();
            self.lost += 1;
        }
    }

    /// Takes an event in; whether somebody should look up for it.
    fn take(&mut self, what: What) -> bool {
        let about = |note: &str| if note.is_empty() { String::new() } else { format!(": {note}") };
        match what {
            What::Feed { arrived, .. } => {
                self.arrived = self.arrived.saturating_add(arrived);
                return false;
            }
            What::Assignment { title, state, note, .. } => match state {
                AssignmentState::Claimed | AssignmentState::InProgress | AssignmentState::Submitting | AssignmentState::Paid => {
                    return false;
                }
                state => self.tell(format!("{}: {title}{}.", words::capital(state.word()), about(note.as_str()))),
            },
            What::ClaimLost { title, reason, .. } => {
                let reason = if reason.is_empty() { "somebody was faster" } else { reason.as_str() };
                self.tell(format!("Not yours: {title}: {reason}."));
            }
            What::Submission { assignment, state, note, .. } => match state {
                SubmissionState::Unknown => {
                    self.tell("A submission got no answer: it may or may not have arrived. outbox reads it.".to_owned());
                }
                SubmissionState::Refused => self.tell(format!("The platform refused a submission{}.", about(note.as_str()))),
                SubmissionState::Acked if self.sent.contains(&assignment) => {
                    self.sent.retain(|sent| *sent != assignment);
                    self.tell("The platform has your submission.".to_owned());
                }
                _ => return false,
            },
            What::Payment { payment } => match payment.status {
                PaymentStatus::Paid => self.tell(format!("Paid: {} after a fee of {}.", payment.net, payment.fee)),
                PaymentStatus::Failed => self.tell(format!("A payment of {} failed.", payment.net)),
                PaymentStatus::Reversed => self.tell(format!("{} was taken back.", payment.net)),
                _ => return false,
            },
            What::Source { health } => {
                let before = self.sources.insert(health.name.clone(), health.state);
                let trouble = matches!(health.state, SourceState::Down | SourceState::SignIn);
                let well_again = health.state == SourceState::Ok && before == Some(SourceState::Down);
                if before == Some(health.state) || !(trouble || well_again) {
                    return false;
                }
                self.tell(figures::source(&health));
            }
            What::Saving { failing: Some(failure) } => {
                self.tell(format!("Saving fails: {failure}. {}.", failure.hint));
            }
            What::Saving { failing: None } => self.tell("Saving works again.".to_owned()),
            What::Alert { bundle } => {
                // What came about by itself was told as it came about; an alert adds what only it knows.
                let only_alerts = [
                    AlertKind::Rule,
                    AlertKind::Reopened,
                    AlertKind::Deadline,
                    AlertKind::PayoutLate,
                    AlertKind::AutoClaim,
                    AlertKind::Test,
                ];
                let mine = bundle.alerts.iter().filter(|alert| only_alerts.contains(&alert.kind));
                for alert in mine {
                    let body = if alert.body.is_empty() { String::new() } else { format!(". {}", alert.body) };
                    self.tell(format!("Alert, {}: {}{body}.", alert.kind.words(), alert.title));
                }
                self.alerts = true;
            }
            What::Notice { text, hint } => self.tell(words::sentences([text.to_string(), hint.to_string()])),
            What::Config { failing: Some(failure), .. } => {
                self.tell(words::sentences([format!("The config file cannot be used: {failure}"), failure.hint]));
            }
            What::Config { changed, later, .. } => {
                let list = |words: &[crate::domain::Text]| words.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
                let changed =
                    if changed.is_empty() && later.is_empty() { "it is right again".to_owned() } else { list(&changed) };
                let later = if later.is_empty() { String::new() } else { format!("Only at the next start: {}", list(&later)) };
                let changed = if changed.is_empty() { String::new() } else { format!("The config file was taken in: {changed}") };
                self.tell(words::sentences([changed, later]));
            }
            What::Clock { stepped_ms } if stepped_ms.abs() >= 1000 => {
                self.tell("The clock of this machine was set. Deadlines are counted by the platforms' clocks.".to_owned());
            }
            What::Missed => self.tell("More happened than could be told. list and hand show how things stand.".to_owned()),
            What::Clock { .. } | What::Marked { .. } | What::Draft { .. } | What::AlertsSeen | What::Ready | What::Views => {
                return false;
            }
        }
        true
    }
}

impl Plain {
    /// Takes an event in; whether somebody should look up for it.
    pub(super) fn hear(&mut self, event: std::result::Result<Event, RecvError>) -> bool {
        match event {
            Ok(event) => self.news.take(event.what),
            Err(RecvError::Lagged(_)) => {
                self.news.tell(
                    "Much happened at once, and some of it went by. hand, outbox and list read how things stand.".to_owned(),
                );
                true
            }
            Err(RecvError::Closed) => {
                self.console.say("The engine has stopped. Start juggler again.");
                self.console.close();
                true
            }
        }
    }

    /// Tells everything that happened since it was last told.
    pub(super) async fn tell_news(&mut self) {
        loop {
            match self.events.try_recv() {
                Ok(event) => {
                    let _ = self.news.take(event.what);
                }
                Err(tokio::sync::broadcast::error::TryRecvError::Lagged(missed)) => {
                    let _ = self.hear(Err(RecvError::Lagged(missed)));
                }
                Err(_) => break,
            }
        }
        let lost = std::mem::take(&mut self.news.lost);
        if lost > 0 {
            self.console.say(format!("News: {} more came before these.", lost));
        }
        for sentence in std::mem::take(&mut self.news.told) {
            self.console.say(format!("News: {sentence}"));
        }
        let arrived = std::mem::take(&mut self.news.arrived);
        if arrived > 0 {
            let jobs = words::count(arrived as usize, "new job");
            self.console.say(format!("News: {jobs} arrived. list reads what is open."));
        }
        if std::mem::take(&mut self.news.alerts) {
            let _ = self.handle.ask(Request::AlertsSeen).await;
        }
    }

    /// Waits for the first news; a line ends it too, where somebody types at a terminal.
    pub(super) async fn wait(&mut self, limit: Option<Duration>) -> Result<()> {
        self.tell_news().await;
        let until = tokio::time::Instant::now() + limit.unwrap_or(PATIENCE);
        let types = self.console.is_terminal();
        if types {
            self.console.ask("Waiting; Enter ends it.");
        }
        // Who has a list or work waits for more than yet another job.
        let wants_jobs = self.rows.is_empty() && self.hand.is_empty();
        while self.news.is_empty(wants_jobs) && !self.console.is_closed() {
            tokio::select! {
                _ = self.console.answer(), if types => {
                    self.console.say("No news.");
                    return Ok(());
                }
                event = self.events.recv() => { let _ = self.hear(event); }
                () = tokio::time::sleep_until(until) => {
                    self.console.end_line();
                    self.console.say("No news.");
                    return Ok(());
                }
            }
        }
        self.console.end_line();
        Ok(())
    }
}
