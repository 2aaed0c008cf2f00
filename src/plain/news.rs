//! What happened meanwhile, kept until it can be told without talking into anything.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use tokio::sync::broadcast::error::RecvError;

use super::{Plain, figures, words};
use crate::domain::alert::AlertKind;
use crate::domain::payment::PaymentStatus;
use crate::domain::submission::SubmissionState;
use crate::domain::{AssignmentId, AssignmentState, SourceName, Text};
use crate::engine::api::{Event, Request, SourceState, Stage, What};
use crate::error::Result;

/// Sentences that are kept; of more, the oldest are counted.
const KEPT: usize = 40;
/// Without a time, waiting ends after this.
const PATIENCE: Duration = Duration::from_secs(600);

/// When something is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum When {
    /// Nobody needs a word about it.
    Never,
    /// Before the next prompt.
    Later,
    /// It should not wait for a key: time runs, somebody decided, money moved, or something failed.
    AtOnce,
}

/// News that was not told yet.
#[derive(Debug, Default)]
pub(super) struct News {
    told: VecDeque<(When, String)>,
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

    fn tell(&mut self, when: When, sentence: String) -> When {
        self.told.push_back((when, sentence));
        if self.told.len() > KEPT {
            self.told.pop_front();
            self.lost += 1;
        }
        when
    }

    /// A sentence about the engine as a whole.
    pub fn note(&mut self, sentence: String) -> When {
        self.tell(When::AtOnce, sentence)
    }

    /// Takes an event in; when it is told.
    fn take(&mut self, what: What) -> When {
        let about = |note: &Text| if note.is_empty() { String::new() } else { format!(": {}", words::theirs(note)) };
        match what {
            What::Feed { arrived, .. } => {
                self.arrived = self.arrived.saturating_add(arrived);
                When::Never
            }
            What::Assignment { title, state, note, .. } => match state {
                AssignmentState::Claimed | AssignmentState::InProgress | AssignmentState::Submitting | AssignmentState::Paid => {
                    When::Never
                }
                state => {
                    // Nobody decided anything yet.
                    let waits = matches!(state, AssignmentState::Submitted | AssignmentState::UnderReview);
                    let when = if waits { When::Later } else { When::AtOnce };
                    self.tell(when, format!("{}: {}{}.", words::capital(state.word()), words::theirs(&title), about(&note)))
                }
            },
            What::ClaimLost { title, reason, .. } => {
                let reason = if reason.is_empty() { "somebody was faster".to_owned() } else { words::theirs(&reason) };
                self.tell(When::AtOnce, format!("Not yours: {}: {reason}.", words::theirs(&title)))
            }
            What::Submission { assignment, state, note, .. } => match state {
                SubmissionState::Unknown => {
                    let said = "A submission got no answer: it may or may not have arrived. outbox reads it.";
                    self.tell(When::AtOnce, said.to_owned())
                }
                SubmissionState::Refused => {
                    self.tell(When::AtOnce, format!("The platform refused a submission{}.", about(&note)))
                }
                SubmissionState::Acked if self.sent.contains(&assignment) => {
                    self.sent.retain(|sent| *sent != assignment);
                    self.tell(When::AtOnce, "The platform has your submission.".to_owned())
                }
                _ => When::Never,
            },
            What::Payment { payment } => match payment.status {
                PaymentStatus::Paid => self.tell(When::AtOnce, format!("Paid: {} after a fee of {}.", payment.net, payment.fee)),
                PaymentStatus::Failed => self.tell(When::AtOnce, format!("A payment of {} failed.", payment.net)),
                PaymentStatus::Reversed => self.tell(When::AtOnce, format!("{} was taken back.", payment.net)),
                _ => When::Never,
            },
            What::Source { health } => {
                let before = self.sources.insert(health.name.clone(), health.state);
                let trouble = matches!(health.state, SourceState::Down | SourceState::SignIn);
                let well_again = health.state == SourceState::Ok && before == Some(SourceState::Down);
                if before == Some(health.state) || !(trouble || well_again) {
                    return When::Never;
                }
                self.tell(When::Later, figures::source(&health))
            }
            What::Saving { failing: Some(failure) } => {
                self.tell(When::AtOnce, format!("Saving fails: {failure}. {}.", failure.hint))
            }
            What::Saving { failing: None } => self.tell(When::AtOnce, "Saving works again.".to_owned()),
            What::Alert { bundle } => {
                self.alerts = true;
                // What came about by itself was told as it came about; an alert adds what only it knows.
                let only_alerts = [
                    AlertKind::Rule,
                    AlertKind::Reopened,
                    AlertKind::Deadline,
                    AlertKind::PayoutLate,
                    AlertKind::AutoClaim,
                    AlertKind::Test,
                ];
                let mut when = When::Never;
                for alert in bundle.alerts.iter().filter(|alert| only_alerts.contains(&alert.kind)) {
                    let body = if alert.body.is_empty() { String::new() } else { format!(". {}", alert.body) };
                    // They were bundled, and the quiet hours are over: whoever wished for them wants to hear of it.
                    when = self.tell(When::AtOnce, format!("Alert, {}: {}{body}.", alert.kind.words(), alert.title));
                }
                when
            }
            What::Notice { text, hint } => self.tell(When::Later, words::sentences([text.to_string(), hint.to_string()])),
            What::Art { title, stage: Stage::Over, pictures, note, .. } => {
                let came = match pictures {
                    0 => "no picture came".to_owned(),
                    1 => "1 picture came".to_owned(),
                    n => format!("{n} pictures came"),
                };
                self.tell(When::Later, format!("For {}: {came}{}.", words::theirs(&title), about(&note)))
            }
            What::Art { .. } => When::Never,
            What::Config { failing: Some(failure), .. } => {
                let said = words::sentences([format!("The config file cannot be used: {failure}"), failure.hint]);
                self.tell(When::Later, said)
            }
            What::Config { changed, later, .. } => {
                let list = |words: &[Text]| words.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
                let changed =
                    if changed.is_empty() && later.is_empty() { "it is right again".to_owned() } else { list(&changed) };
                let later = if later.is_empty() { String::new() } else { format!("Only at the next start: {}", list(&later)) };
                let changed = if changed.is_empty() { String::new() } else { format!("The config file was taken in: {changed}") };
                self.tell(When::Later, words::sentences([changed, later]))
            }
            What::Clock { stepped_ms } if stepped_ms.abs() >= 1000 => {
                let said = "The clock of this machine was set. Deadlines are counted by the platforms' clocks.";
                self.tell(When::Later, said.to_owned())
            }
            What::Missed => {
                let said = "More happened than could be told. list and hand show how things stand.";
                self.tell(When::Later, said.to_owned())
            }
            What::Clock { .. }
            | What::Marked { .. }
            | What::Draft { .. }
            | What::Checked { .. }
            | What::AlertsSeen
            | What::Ready
            | What::Views => When::Never,
        }
    }
}

impl Plain {
    /// Takes an event in; when it is told.
    pub(super) fn hear(&mut self, event: std::result::Result<Event, RecvError>) -> When {
        match event {
            Ok(event) => self.news.take(event.what),
            Err(RecvError::Lagged(_)) => {
                let said = "Much happened at once, and some of it went by. hand, outbox and list read how things stand.";
                self.news.tell(When::Later, said.to_owned())
            }
            Err(RecvError::Closed) => {
                self.console.say("The engine has stopped. Start juggler again.");
                self.console.close();
                When::Never
            }
        }
    }

    /// Takes in whatever happened so far.
    fn hear_all(&mut self) {
        while let Ok(note) = self.notes.try_recv() {
            self.news.note(note);
        }
        loop {
            match self.events.try_recv() {
                Ok(event) => {
                    self.news.take(event.what);
                }
                Err(tokio::sync::broadcast::error::TryRecvError::Lagged(missed)) => {
                    self.hear(Err(RecvError::Lagged(missed)));
                }
                Err(_) => break,
            }
        }
    }

    /// Tells what should not wait, where a command is wanted; the rest stays for the next prompt.
    pub(super) fn tell_at_once(&mut self) {
        // What comes together is told together.
        self.hear_all();
        let (now, later) = std::mem::take(&mut self.news.told).into_iter().partition(|(when, _)| *when == When::AtOnce);
        self.news.told = later;
        let now: VecDeque<(When, String)> = now;
        self.console.say_between(now.into_iter().map(|(_, sentence)| format!("News: {sentence}")));
    }

    /// Tells everything that happened since it was last told.
    pub(super) async fn tell_news(&mut self) {
        self.hear_all();
        let lost = std::mem::take(&mut self.news.lost);
        if lost > 0 {
            self.console.say(format!("News: {} more came before these.", lost));
        }
        for (_, sentence) in std::mem::take(&mut self.news.told) {
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
                Some(note) = self.notes.recv() => { self.news.note(note); }
                event = self.events.recv() => { self.hear(event); }
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
