//! A notification that the terminal shows on the machine the person sits at.

use super::{Far, Protocol, base64, harmless};
use crate::domain::Bundle;
use crate::domain::alert::Urgency;

const TITLE: usize = 160;
const BODY: usize = 400;
/// Lines of a bundle; notifications are small.
const LINES: usize = 4;

impl Far {
    /// The bytes that tell of `bundle`: the notification, and the bell where it may ring. `serial` keeps one notification of this
    /// run apart from the next. Empty where neither is wanted.
    pub fn notification(&self, bundle: &Bundle, serial: u32) -> Vec<u8> {
        let title = harmless(bundle.title().as_str(), TITLE);
        let lines: Vec<String> = bundle.lines(LINES).iter().map(ToString::to_string).collect();
        let body = harmless(&lines.join(" · "), BODY);
        let end = self.through.end();
        let sequence = match self.protocol {
            None => String::new(),
            Some(Protocol::Nine) => {
                // Digits and a semicolon would be one of ConEmu's commands, such as a progress bar.
                let guard = if title.starts_with(|c: char| c.is_ascii_digit()) { "Juggler: " } else { "" };
                let below = if body.is_empty() { String::new() } else { format!(" · {body}") };
                format!("\x1b]9;{guard}{title}{below}{end}")
            }
            Some(Protocol::SevenSevenSeven) => {
                let part = |text: &str| text.replace(';', ",");
                format!("\x1b]777;notify;{};{}{end}", part(&title), part(&body))
            }
            Some(Protocol::NinetyNine) => {
                let urgency = match bundle.urgency() {
                    Urgency::Low => 0,
                    Urgency::Normal => 1,
                    Urgency::High => 2,
                };
                let name = format!("i=juggler-{serial}");
                let last = u8::from(body.is_empty());
                let head = format!("\x1b]99;{name}:d={last}:u={urgency}:e=1;{}{end}", base64(title.as_bytes()));
                match last {
                    0 => format!("{head}\x1b]99;{name}:d=1:p=body:e=1;{}{end}", base64(body.as_bytes())),
                    _ => head,
                }
            }
        };
        let mut out = if sequence.is_empty() { Vec::new() } else { self.through.wrap(sequence.as_bytes()) };
        // Beside the notification, not instead: nobody says whether it came through.
        if self.bell {
            out.push(0x07);
        }
        out
    }

    /// What [`Far::notification`] does, in words that claim no more than is known.
    pub fn notification_words(&self) -> String {
        let bell = if self.bell { "the bell" } else { "" };
        match self.protocol {
            Some(protocol) => {
                let and = if self.bell { " and the bell" } else { "" };
                let through = self.through.words();
                format!("sent to the terminal ({}{through}{and}); whether it shows only the terminal knows", protocol.word())
            }
            None if self.bell => format!("sent to the terminal ({bell}); whether it rings only the terminal knows"),
            None => "nothing is sent to the terminal: osc and bell are off".to_owned(),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use chrono::TimeZone;

    use super::*;
    use crate::domain::{Alert, AlertKind};
    use crate::tui::osc::Through;

    fn bundle(titles: &[&str]) -> Bundle {
        let at = chrono::Utc.with_ymd_and_hms(2026, 11, 23, 7, 0, 0).unwrap();
        let alert = |title: &&str| Alert::new(AlertKind::Paid, title, title, at).body("by practice");
        Bundle { alerts: titles.iter().map(alert).collect(), ..Bundle::default() }
    }

    fn sent(protocol: Option<Protocol>, through: Through, bell: bool, titles: &[&str]) -> String {
        let far = Far { protocol, through, bell, ..Far::default() };
        String::from_utf8(far.notification(&bundle(titles), 7)).unwrap()
    }

    #[test]
    fn each_protocol_has_its_form() {
        let direct = |protocol| sent(Some(protocol), Through::Direct, false, &["paid: 0.85 USD; thanks"]);
        assert_eq!(direct(Protocol::Nine), "\x1b]9;paid: 0.85 USD; thanks · by practice\x1b\\");
        assert_eq!(direct(Protocol::SevenSevenSeven), "\x1b]777;notify;paid: 0.85 USD, thanks;by practice\x1b\\");
        assert_eq!(
            direct(Protocol::NinetyNine),
            "\x1b]99;i=juggler-7:d=0:u=1:e=1;cGFpZDogMC44NSBVU0Q7IHRoYW5rcw==\x1b\\\
             \x1b]99;i=juggler-7:d=1:p=body:e=1;YnkgcHJhY3RpY2U=\x1b\\"
        );
        // Many are one, and none of them is a progress bar.
        assert_eq!(sent(Some(Protocol::Nine), Through::Direct, false, &["a", "b"]), "\x1b]9;Juggler: 2 alerts · a · b\x1b\\");
    }

    #[test]
    fn multiplexers_are_asked_to_pass_it_on_and_the_bell_goes_beside_it() {
        let one = &["t"][..];
        assert_eq!(
            sent(Some(Protocol::Nine), Through::Tmux, true, one),
            "\x1bPtmux;\x1b\x1b]9;t · by practice\x1b\x1b\\\x1b\\\x07"
        );
        assert_eq!(sent(Some(Protocol::Nine), Through::Screen, true, one), "\x1bP\x1b]9;t · by practice\x07\x1b\\\x07");
        assert_eq!(sent(None, Through::Tmux, true, one), "\x07");
        assert_eq!(sent(None, Through::Direct, false, one), "");
        let words = Far { protocol: Some(Protocol::SevenSevenSeven), through: Through::Tmux, bell: true, ..Far::default() };
        assert_eq!(
            words.notification_words(),
            "sent to the terminal (OSC 777 through tmux and the bell); whether it shows only the terminal knows"
        );
    }
}
