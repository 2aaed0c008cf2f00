//! Until the store is open, and while no engine can be reached: the rows of before, clearly marked; triage waits, money is refused.

use super::Update;
use crate::engine::api::Request;
use crate::error::{Class, Failure};
use crate::tui::message::{Asked, Effect, Outside};
use crate::tui::model::Leaving;
use crate::tui::session::Session;
use crate::tui::widget::toast::Tone;

impl Update<'_> {
    /// Shows what the last terminal did, until the store is open.
    pub fn show_last(&mut self, last: Session) {
        self.model.opening = Some(last.window.at);
        self.model.feed.open_with(last.window);
        self.model.resume(last.desk);
    }

    /// Says to the engine that a terminal is there; `wanted`: and asks what the last one showed.
    pub fn ask_session(&mut self, wanted: bool) {
        self.model.session_wanted = wanted;
        self.ask(Asked::Session, Request::Session);
    }

    /// What the last terminal showed came: taken up unless the person moved meanwhile.
    pub(super) fn session(&mut self, session: Option<serde_json::Value>) {
        if !std::mem::take(&mut self.model.session_wanted) || self.model.present_at.is_some() {
            return;
        }
        let Some(last) = session.and_then(|session| serde_json::from_value::<Session>(session).ok()) else { return };
        self.model.feed.open_with(last.window);
        self.model.resume(last.desk);
        self.refetch();
    }

    /// News of the engine as a whole.
    pub(super) fn outside(&mut self, outside: Outside) {
        match outside {
            Outside::Engine { own, .. } => {
                self.model.attached = !own;
                let bug = self.model.bug.take();
                match (self.model.away.take(), bug) {
                    (Some(_), Some(report)) => {
                        self.say(Tone::Bad, "a bug ended the engine; a new one runs, and nothing saved is lost", report.as_str());
                    }
                    (Some(_), None) => self.say(Tone::Good, "the engine is back", ""),
                    (None, _) => {}
                }
            }
            Outside::Away(failure) => {
                if self.model.away.is_none() {
                    let text = format!("no engine: {}", failure.cause());
                    self.say(Tone::Bad, text, "it is looked for; what you type is kept and saved when it is back");
                }
                self.away(failure);
            }
            Outside::Broke(report) => {
                self.say(Tone::Bad, "a bug ended the engine; another one is started", report.as_str());
                self.model.bug = Some(report);
                self.away(Failure::new(Class::Internal, "a bug ended it; another one is started"));
            }
            Outside::GaveUp(failure) => {
                if self.model.away.as_ref() != Some(&failure) {
                    self.failed(&failure);
                }
                self.away(failure);
            }
            Outside::Never(failure) => {
                self.model.not_opened = Some(failure);
                self.out.push(Effect::Quit);
            }
            Outside::Detached => {
                self.model.leaving = Some(Leaving::Detached);
                self.out.push(Effect::Quit);
            }
            Outside::Stopped => {
                self.model.leaving = Some(Leaving::Stopped);
                self.out.push(Effect::Quit);
            }
        }
    }

    /// There is no engine for now: what is shown is from before.
    fn away(&mut self, failure: Failure) {
        self.model.opening.get_or_insert(self.now);
        self.model.away = Some(failure);
    }

    /// Leaves, and lets the engine go on.
    pub(super) fn detach(&mut self) {
        self.model.leaving = Some(Leaving::Detached);
        self.out.push(Effect::Quit);
    }

    /// The store is open: what waited goes out, and everything is asked for.
    pub(super) fn ready(&mut self) {
        self.model.opening = None;
        // Whatever was asked before went with the engine before.
        self.model.feed.asking = false;
        self.model.feed.ahead = None;
        for act in std::mem::take(&mut self.model.queued) {
            self.ask(Asked::Triage(act.id), Request::Triage { keys: act.keys, verdict: act.verdict });
        }
        self.ask_all();
    }

    /// Says that something with money in it waits; whether it does.
    pub(super) fn refuses_money(&mut self, what: &str) -> bool {
        let opening = self.model.opening.is_some();
        if opening {
            let until = if self.model.away.is_some() { "there is an engine again" } else { "the store is open" };
            let text = format!("{what} waits until {until}: nothing is promised before it can be written down");
            self.say(Tone::Warn, text, "press the key again in a moment");
        }
        opening
    }
}
