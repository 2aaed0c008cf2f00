//! Alerts that the engine lets out: to the terminal, to its title, and what nobody said yet as a message.

use super::Update;
use crate::domain::{Alert, AlertKind, Bundle};
use crate::tui::command::Command;
use crate::tui::message::Effect;
use crate::tui::widget::toast::Tone;

impl Update<'_> {
    /// A bundle goes out.
    pub(super) fn alerted(&mut self, bundle: Bundle) {
        // Most kinds have said what happened when it happened; these have not.
        let unsaid: Vec<&Alert> = bundle.alerts.iter().filter(|alert| is_unsaid(alert.kind)).collect();
        let messages = self.keymap.anywhere(Command::Messages);
        match unsaid.as_slice() {
            [] if bundle.held.is_empty() => {}
            [] => {
                let lines: Vec<String> = bundle.lines(1).iter().map(ToString::to_string).collect();
                self.say(Tone::Plain, format!("{}: {}", bundle.title(), lines.join(" ")), "");
            }
            [one] => self.say(Tone::Warn, format!("{} · {}", one.title, one.body), ""),
            // One line each in the list, the first on the screen with how many there are.
            [_, ..] => {
                for alert in unsaid.iter().rev() {
                    self.say(Tone::Warn, format!("{} · {}", alert.title, alert.body), format!("{messages} shows all"));
                }
            }
        }
        self.model.unread += bundle.count();
        self.model.titled = true;
        self.out.push(Effect::Title(self.model.unread));
        self.out.push(Effect::Notify(bundle));
    }

    /// Somebody is here, or read them elsewhere: the title need not call. What was not read stays counted on the screen.
    pub(super) fn is_here(&mut self) {
        if std::mem::take(&mut self.model.titled) {
            self.out.push(Effect::Title(0));
        }
    }
}

fn is_unsaid(kind: AlertKind) -> bool {
    matches!(kind, AlertKind::Rule | AlertKind::Reopened | AlertKind::AutoClaim | AlertKind::PayoutLate | AlertKind::Test)
}
