//! What became of a change of the config file, in words; a bad file stays in sight until it is mended.

use super::Update;
use crate::domain::{Text, Time};
use crate::engine::api::Request;
use crate::error::Failure;
use crate::tui::message::{Asked, Effect};
use crate::tui::widget::toast::{Toast, Tone};

/// Whose config file: the screen's own, or that of the engine, which may be another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The screen's.
    Own,
    /// The engine's.
    Engine,
}

/// What was last said of the config file. Screen and engine read the same one at nearly the same time: that is one message.
#[derive(Clone, Debug, Default)]
pub struct ConfigWords {
    /// Why the screen's cannot be used.
    pub own: Option<Failure>,
    /// Why the engine's cannot be used.
    pub engine: Option<Failure>,
    said: Option<(Time, Vec<String>)>,
}

/// Words about one change come together within this time.
const TOGETHER: chrono::TimeDelta = chrono::TimeDelta::seconds(2);

impl ConfigWords {
    /// Why a file cannot be used; `None` while all is well.
    pub fn trouble(&self) -> Option<&Failure> {
        self.own.as_ref().or(self.engine.as_ref())
    }

    fn of(&mut self, whose: Whose) -> &mut Option<Failure> {
        match whose {
            Whose::Own => &mut self.own,
            Whose::Engine => &mut self.engine,
        }
    }
}

impl Update<'_> {
    /// `:reload`: the engine and the screen read their files now.
    pub(super) fn reload(&mut self) {
        self.ask(Asked::Reload, Request::Reload);
        self.out.push(Effect::ReadConfig);
    }

    /// What the engine says to that; what changed it told everybody.
    pub(super) fn reloaded(&mut self, changed: &[Text], later: &[Text]) {
        let nothing = changed.is_empty() && later.is_empty() && self.model.config.trouble().is_none();
        if nothing && !self.is_said() {
            self.plain("nothing has changed in the config file");
        }
    }

    /// The engine's file is bad, which it told everybody if it was news; whoever asked is told in any case.
    pub(super) fn not_reloaded(&mut self, failure: Failure) {
        let toast = Toast::failure(&failure, self.now);
        let is_told = self.model.toasts.iter().any(|told| told.text == toast.text && self.now - told.at < TOGETHER);
        if !is_told {
            self.model.say(toast);
        }
    }

    fn is_said(&self) -> bool {
        self.model.config.said.as_ref().is_some_and(|(at, _)| self.now - *at < TOGETHER)
    }

    /// A file cannot be used: the last good one goes on.
    pub(in crate::tui) fn config_bad(&mut self, whose: Whose, failure: Failure) {
        let known = [&self.model.config.own, &self.model.config.engine].into_iter().flatten().any(|known| *known == failure);
        if !known {
            self.failed(&failure);
        }
        *self.model.config.of(whose) = Some(failure);
        self.model.config.said = None;
    }

    /// A file is in use; this is other than before.
    pub(in crate::tui) fn config_good(&mut self, whose: Whose, changed: Vec<String>, later: Vec<String>) {
        let mended = self.model.config.of(whose).take();
        if let Some(failure) = &mended {
            // What is mended need not be read to the end.
            let told = Toast::failure(failure, self.now).text;
            self.model.toasts.iter_mut().filter(|toast| toast.text == told).for_each(|toast| toast.until = self.now);
        }
        let mended = mended.is_some();
        let is_said = self.is_said();
        if changed.is_empty() && later.is_empty() && (!mended || is_said || self.model.config.trouble().is_some()) {
            return;
        }
        let mut words = match self.model.config.said.take() {
            Some((_, words)) if is_said => {
                self.model.toasts.retain(|toast| toast.at + TOGETHER < self.now || !toast.text.as_str().starts_with("config:"));
                words
            }
            _ => Vec::new(),
        };
        words.extend(changed);
        let hint = match later.as_slice() {
            [] => String::new(),
            later => format!("at the next start: {}", later.join(", ")),
        };
        let text = if words.is_empty() { "the file is right again".to_owned() } else { words.join(", ") };
        self.say(Tone::Good, format!("config: {text}"), hint);
        self.model.config.said = Some((self.now, words));
    }
}
