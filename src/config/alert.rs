//! `[alert]`: which alerts there are beside the rules' own, and the ways they take to a person.

use std::time::Duration;

use super::KeyFrom;
use crate::domain::Hours;

/// `[alert]`, resolved.
#[derive(Clone, Debug, PartialEq)]
pub struct AlertConfig {
    /// Per cent of the time allowed that is left when a deadline is announced, most first; empty: never.
    pub deadline: Vec<u8>,
    /// Which of the other built-in alerts there are.
    pub on: AlertsOn,
    /// Rings the terminal's bell.
    pub bell: bool,
    /// The terminal's own notifications.
    pub osc: Osc,
    /// Counts in the terminal's title.
    pub title: bool,
    /// A program as argv, run without a shell, with the alert as JSON on its standard input; empty: none.
    pub command: Vec<String>,
    /// A web address that is posted to.
    pub webhook: Option<Webhook>,
    /// Alerts within this time of each other are sent as one. Zero: each for itself.
    pub bundle_every: Duration,
    /// The same alert about the same thing is not repeated within this time.
    pub cooldown: Duration,
    /// Local hours in which nothing sounds; empty: none.
    pub quiet_hours: Hours,
    /// Deadlines sound in quiet hours too.
    pub deadlines_pass_quiet: bool,
}

/// The built-in alerts that are on or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlertsOn {
    /// A delivery was sent back.
    pub revision: bool,
    /// A delivery was refused.
    pub rejected: bool,
    /// Money came.
    pub paid: bool,
    /// Money is later than this platform usually is.
    pub payout_late: bool,
    /// Money did not come.
    pub payout_failed: bool,
    /// Nobody answered a submission.
    pub submission_unknown: bool,
    /// A claim was lost to another.
    pub claim_lost: bool,
    /// A source wants to be signed in to.
    pub sign_in: bool,
    /// A starred or formerly matching job that was full is open again.
    pub reopened: bool,
}

/// The terminal's notifications: which escape sequence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Osc {
    /// By the terminal's name; the bell where none is known.
    #[default]
    Auto,
    /// `OSC 9`: iTerm2, `WezTerm`, Ghostty, `ConEmu`, Windows Terminal.
    Nine,
    /// `OSC 777;notify`: urxvt, foot, Ghostty, Konsole, VTE.
    SevenSevenSeven,
    /// `OSC 99`: kitty, foot.
    NinetyNine,
    /// None.
    Off,
}

/// A web address that is posted to.
#[derive(Clone, Debug, PartialEq)]
pub struct Webhook {
    /// Where; `{key}` in it stands for the key.
    pub url: String,
    /// What is posted.
    pub shape: Shape,
    /// The chat at Telegram; nothing elsewhere.
    pub to: Option<String>,
    /// The key: in the place of `{key}`, else as a bearer token.
    pub key: KeyFrom,
}

/// What a webhook is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shape {
    /// The alerts as JSON.
    #[default]
    Json,
    /// Plain text with the title, priority and tags in headers.
    Ntfy,
    /// `sendMessage` of a bot.
    Telegram,
    /// `content` for a channel's webhook.
    Discord,
}

impl Webhook {
    /// Whoever knows the address can post to it: nothing else is asked for.
    pub fn is_secret(&self) -> bool {
        self.key == KeyFrom::None
    }
}

impl Default for AlertConfig {
    fn default() -> Self {
        AlertConfig {
            deadline: vec![50, 20, 5],
            on: AlertsOn::default(),
            bell: true,
            osc: Osc::Auto,
            title: true,
            command: Vec::new(),
            webhook: None,
            bundle_every: Duration::from_secs(30),
            cooldown: Duration::from_secs(300),
            quiet_hours: Hours::default(),
            deadlines_pass_quiet: true,
        }
    }
}

impl Default for AlertsOn {
    fn default() -> Self {
        AlertsOn {
            revision: true,
            rejected: true,
            paid: true,
            payout_late: true,
            payout_failed: true,
            submission_unknown: true,
            claim_lost: true,
            sign_in: true,
            reopened: true,
        }
    }
}

impl Osc {
    /// All, in the order a message names them.
    pub const ALL: [Osc; 5] = [Osc::Auto, Osc::Nine, Osc::SevenSevenSeven, Osc::NinetyNine, Osc::Off];

    /// Its word in the file.
    pub fn word(self) -> &'static str {
        match self {
            Osc::Auto => "auto",
            Osc::Nine => "9",
            Osc::SevenSevenSeven => "777",
            Osc::NinetyNine => "99",
            Osc::Off => "off",
        }
    }
}

impl Shape {
    /// All, in the order a message names them.
    pub const ALL: [Shape; 4] = [Shape::Json, Shape::Ntfy, Shape::Telegram, Shape::Discord];

    /// Its word in the file.
    pub fn word(self) -> &'static str {
        match self {
            Shape::Json => "json",
            Shape::Ntfy => "ntfy",
            Shape::Telegram => "telegram",
            Shape::Discord => "discord",
        }
    }
}
