//! What happened elsewhere, put into words with the key to press next.

use super::{Update, Whose};
use crate::domain::AssignmentState;
use crate::domain::payment::{Payment, PaymentKind, PaymentStatus};
use crate::domain::submission::SubmissionState;
use crate::engine::api::{Event, Request, SourceHealth, SourceState, What};
use crate::tui::command::Command;
use crate::tui::message::Asked;
use crate::tui::widget::toast::{Toast, Tone};

impl Update<'_> {
    /// An event of the engine.
    pub(super) fn event(&mut self, event: Event) {
        match event.what {
            What::Feed { version, arrived, .. } => self.feed_changed(version, arrived),
            What::Marked { .. } => {
                self.model.feed.stale = true;
                self.model.views_stale = true;
            }
            What::Assignment { id, title, state, note } => {
                let title = title.as_str();
                self.moved(title, state, note.as_str());
                self.ask(Asked::Hand, Request::Hand);
                self.ask(Asked::Waiting, Request::Waiting);
                self.ask(Asked::Earnings, Request::Earnings);
                if state == AssignmentState::RevisionAsked {
                    self.model.hand.sent_back = Some(id);
                }
                if !self.model.feed.is_whole() || !state.is_in_hand() {
                    self.model.feed.stale = true;
                }
            }
            What::ClaimLost { title, reason, .. } => {
                let reason = if reason.is_empty() { "somebody was faster".to_owned() } else { reason.as_str().to_owned() };
                self.say(Tone::Warn, format!("not yours: \"{title}\" · {reason}"), "the next job is under the cursor");
                self.model.feed.stale = true;
                self.ask(Asked::Earnings, Request::Earnings);
            }
            What::Submission { assignment, state, note, .. } => {
                let title = self.title_of(&assignment);
                match state {
                    SubmissionState::Unknown => {
                        let key = self.keymap.anywhere(Command::Resolve);
                        let text = format!("no answer to \"{title}\": it may or may not have arrived");
                        self.say(Tone::Bad, text, format!("{key} in the hand decides what to do"));
                    }
                    SubmissionState::Refused => {
                        self.say(Tone::Bad, format!("refused: \"{title}\" · {note}"), "change the draft and submit again")
                    }
                    SubmissionState::Acked => self.say(Tone::Good, format!("submitted: \"{title}\""), ""),
                    SubmissionState::Queued | SubmissionState::Sending | SubmissionState::Withdrawn => {}
                }
                self.ask(Asked::Outbox, Request::Outbox);
                self.ask(Asked::Hand, Request::Hand);
            }
            What::Payment { payment } => self.payment(&payment),
            What::Draft { assignment, version } => {
                let known = self.model.hand.items.iter().find(|item| item.assignment.id == assignment);
                if known.and_then(|item| item.draft.as_ref()).is_none_or(|draft| draft.version < version) {
                    self.ask(Asked::Assignment(assignment.clone()), Request::Assignment { id: assignment });
                }
            }
            What::Checked { assignment } => {
                if self.model.hand.items.iter().any(|item| item.assignment.id == assignment) {
                    self.ask(Asked::Assignment(assignment.clone()), Request::Assignment { id: assignment });
                }
            }
            What::Art { assignment, title, stage, pictures, note, .. } => {
                self.art_went_on(&assignment, &title, stage, pictures, &note);
            }
            What::Source { health } => self.health(*health),
            What::Saving { failing } => {
                match &failing {
                    Some(failure) => self.failed(failure),
                    None if self.model.saving.is_some() => self.say(Tone::Good, "saving works again", ""),
                    None => {}
                }
                self.model.saving = failing;
            }
            What::Alert { bundle } => self.alerted(bundle),
            What::AlertsSeen => {
                self.model.unread = 0;
                self.is_here();
            }
            What::Notice { text, hint } => self.say(Tone::Plain, text.as_str(), hint.as_str()),
            What::Ready => self.ready(),
            What::Clock { stepped_ms } => {
                if stepped_ms.abs() >= 1000 {
                    let by = crate::tui::widget::countdown::span(stepped_ms.abs() / 1000);
                    let way = if stepped_ms > 0 { "forward" } else { "back" };
                    let text = format!("this machine's clock was set {way} by {by}");
                    self.say(Tone::Warn, text, "deadlines are counted by the platforms' clocks");
                }
                self.ask_all();
            }
            What::Missed => self.ask_all(),
            What::Config { failing: Some(failure), .. } => self.config_bad(Whose::Engine, failure),
            What::Config { changed, later, failing: None } => {
                let words = |texts: Vec<crate::domain::Text>| texts.iter().map(ToString::to_string).collect();
                self.config_good(Whose::Engine, words(changed), words(later));
                self.ask_all();
            }
            What::Views => {
                self.model.views_stale = true;
                self.model.views_next = None;
            }
        }
    }

    fn moved(&mut self, title: &str, state: AssignmentState, note: &str) {
        let because = if note.is_empty() { String::new() } else { format!(" · {note}") };
        let hand = self.keymap.anywhere(Command::PaneHand);
        let money = self.keymap.anywhere(Command::PaneEarnings);
        match state {
            AssignmentState::RevisionAsked => {
                self.say(Tone::Warn, format!("revision asked: \"{title}\"{because}"), format!("{hand} opens it"));
            }
            AssignmentState::Approved => {
                self.say(Tone::Good, format!("approved: \"{title}\"{because}"), format!("{money} shows what is due"));
            }
            AssignmentState::Rejected => {
                self.say(Tone::Bad, format!("rejected: \"{title}\"{because}"), format!("{money} shows the figures"));
            }
            AssignmentState::TimedOut => self.say(Tone::Bad, format!("time ran out: \"{title}\"{because}"), ""),
            AssignmentState::Cancelled => self.say(Tone::Warn, format!("cancelled by the requester: \"{title}\"{because}"), ""),
            _ => {}
        }
    }

    fn payment(&mut self, payment: &Payment) {
        let what = match payment.kind {
            PaymentKind::Bonus | PaymentKind::Tip => "bonus",
            PaymentKind::Reversal | PaymentKind::Refund => "taken back",
            _ => "paid",
        };
        let money = self.keymap.anywhere(Command::PaneEarnings);
        match payment.status {
            PaymentStatus::Paid => {
                let fee = if payment.fee.minor == 0 { String::new() } else { format!(" after a fee of {}", payment.fee) };
                self.say(Tone::Good, format!("{what}: {}{fee}", payment.net), format!("{money} shows the figures"));
            }
            PaymentStatus::Failed => self.say(Tone::Bad, format!("a payment of {} failed", payment.net), ""),
            PaymentStatus::Reversed => self.say(Tone::Bad, format!("{} was taken back", payment.net), ""),
            PaymentStatus::Expected | PaymentStatus::Held | PaymentStatus::Disbursing => {}
        }
        self.ask(Asked::Earnings, Request::Earnings);
        self.ask(Asked::Waiting, Request::Waiting);
    }

    fn health(&mut self, health: SourceHealth) {
        let before = self.model.sources.iter().find(|source| source.name == health.name).map(|source| source.state);
        let poll = self.keymap.anywhere(Command::Poll);
        if before != Some(health.state) {
            let reason = health.error.as_ref().map(ToString::to_string).unwrap_or_default();
            match health.state {
                SourceState::Down => {
                    self.say(Tone::Warn, format!("{} cannot be reached: {reason}", health.name), format!("{poll} tries now"));
                }
                SourceState::SignIn => {
                    let hint = health.error.as_ref().map_or("check its key in the configuration", |error| error.hint.as_str());
                    let toast = Toast::new(Tone::Bad, format!("{} wants a valid key: {reason}", health.name), hint, self.now);
                    self.model.say(toast);
                }
                SourceState::Ok if before == Some(SourceState::Down) => {
                    self.say(Tone::Good, format!("{} answers again", health.name), "");
                }
                _ => {}
            }
        }
        match self.model.sources.iter_mut().find(|source| source.name == health.name) {
            Some(source) => *source = health,
            None => self.model.sources.push(health),
        }
    }
}
