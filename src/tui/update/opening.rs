//! Until the store is open: the rows of the last session, clearly marked; triage waits, money is refused.

use super::Update;
use crate::engine::api::Request;
use crate::tui::message::Asked;
use crate::tui::model::LastWindow;
use crate::tui::widget::toast::Tone;

impl Update<'_> {
    /// Shows the rows of the last session.
    pub fn show_last(&mut self, last: LastWindow) {
        self.model.opening = Some(last.at);
        self.model.feed.open_with(last);
    }

    /// The store is open: what waited goes out, and everything is asked for.
    pub(super) fn ready(&mut self) {
        self.model.opening = None;
        for act in std::mem::take(&mut self.model.queued) {
            self.ask(Asked::Triage(act.id), Request::Triage { keys: act.keys, verdict: act.verdict });
        }
        self.ask_all();
    }

    /// Says that something with money in it waits; whether it does.
    pub(super) fn refuses_money(&mut self, what: &str) -> bool {
        let opening = self.model.opening.is_some();
        if opening {
            let text = format!("{what} waits until the store is open: nothing is promised before it can be written down");
            self.say(Tone::Warn, text, "press the key again in a moment");
        }
        opening
    }
}
