//! News for a person who is not looking: what it is about, how pressing it is, and the bundle it travels in.

use serde::{Deserialize, Serialize};

use super::{JobKey, Text, Time};

/// What an alert is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    /// A watch rule matched a job.
    Rule,
    /// A job that was full or gone is open again.
    Reopened,
    /// Part of a deadline's time has gone by.
    Deadline,
    /// A delivery was sent back.
    Revision,
    /// A delivery was refused.
    Rejected,
    /// Money came.
    Paid,
    /// Money is later than this platform usually is.
    PayoutLate,
    /// Money did not come, or was taken back.
    PayoutFailed,
    /// Nobody answered a submission.
    SubmissionUnknown,
    /// A claim was lost.
    ClaimLost,
    /// A rule claimed a job. Always told.
    AutoClaim,
    /// A source wants to be signed in to.
    SignIn,
    /// Somebody tries the ways out.
    Test,
}

impl AlertKind {
    /// Every kind.
    pub const ALL: [AlertKind; 13] = [
        AlertKind::Rule,
        AlertKind::Reopened,
        AlertKind::Deadline,
        AlertKind::Revision,
        AlertKind::Rejected,
        AlertKind::Paid,
        AlertKind::PayoutLate,
        AlertKind::PayoutFailed,
        AlertKind::SubmissionUnknown,
        AlertKind::ClaimLost,
        AlertKind::AutoClaim,
        AlertKind::SignIn,
        AlertKind::Test,
    ];

    /// A few words for headings and counts: "2 × paid".
    pub fn words(self) -> &'static str {
        match self {
            AlertKind::Rule => "match",
            AlertKind::Reopened => "open again",
            AlertKind::Deadline => "deadline",
            AlertKind::Revision => "revision asked",
            AlertKind::Rejected => "rejected",
            AlertKind::Paid => "paid",
            AlertKind::PayoutLate => "payout late",
            AlertKind::PayoutFailed => "payout failed",
            AlertKind::SubmissionUnknown => "no answer to a submission",
            AlertKind::ClaimLost => "claim lost",
            AlertKind::AutoClaim => "claimed by a rule",
            AlertKind::SignIn => "sign in",
            AlertKind::Test => "test",
        }
    }
}

/// How pressing it is; notification services know three steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// Good to know.
    Low,
    /// News.
    #[default]
    Normal,
    /// It costs something to miss it.
    High,
}

/// One piece of news.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// What it is about.
    pub kind: AlertKind,
    /// One line that stands alone.
    pub title: Text,
    /// One more line; may be empty.
    #[serde(default)]
    pub body: Text,
    /// The job it is about.
    #[serde(default)]
    pub job: Option<JobKey>,
    /// How pressing it is.
    #[serde(default)]
    pub urgency: Urgency,
    /// When it came about.
    pub at: Time,
    /// The watch rule that wants it told.
    #[serde(default)]
    pub rule: Option<Text>,
    /// What makes it the same as one told before: a payment's id, an assignment's with its threshold. Never shown.
    #[serde(default)]
    pub subject: Text,
}

impl Alert {
    /// News of `kind`; `subject` tells whether it is the same as another.
    pub fn new(kind: AlertKind, title: &str, subject: &str, at: Time) -> Alert {
        Alert {
            kind,
            title: Text::title(title),
            body: Text::default(),
            job: None,
            urgency: Urgency::default(),
            at,
            rule: None,
            subject: Text::title(subject),
        }
    }

    /// Adds a second line.
    #[must_use]
    pub fn body(mut self, body: &str) -> Alert {
        self.body = Text::title(body);
        self
    }

    /// Names the job.
    #[must_use]
    pub fn about(mut self, job: &JobKey) -> Alert {
        self.job = Some(job.clone());
        self
    }

    /// Says how pressing it is.
    #[must_use]
    pub fn urgency(mut self, urgency: Urgency) -> Alert {
        self.urgency = urgency;
        self
    }

    /// Names the rule.
    #[must_use]
    pub fn by(mut self, rule: &str) -> Alert {
        self.rule = Some(Text::title(rule));
        self
    }
}

/// Alerts that go out as one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bundle {
    /// In the order they came about; the first [`Bundle::LISTED`] of them.
    pub alerts: Vec<Alert>,
    /// So many more came that are not listed.
    #[serde(default)]
    pub more: u32,
    /// What quiet hours held back, by kind, and only counted.
    #[serde(default)]
    pub held: Vec<(AlertKind, u32)>,
}

impl Bundle {
    /// Most alerts that are listed one by one.
    pub const LISTED: usize = 50;

    /// How many alerts it stands for.
    pub fn count(&self) -> usize {
        self.alerts.len() + self.more as usize + self.held_count()
    }

    /// How many quiet hours held back.
    pub fn held_count(&self) -> usize {
        self.held.iter().map(|(_, n)| *n as usize).sum()
    }

    /// The most pressing of them.
    pub fn urgency(&self) -> Urgency {
        self.alerts.iter().map(|alert| alert.urgency).max().unwrap_or_default()
    }

    /// One line: the alert itself when it is alone, else how many there are.
    pub fn title(&self) -> Text {
        match (self.alerts.as_slice(), self.count()) {
            ([one], 1) => one.title.clone(),
            ([], n) if self.more == 0 => Text::title(&format!("{} while quiet", counted(n))),
            (_, n) => Text::title(&counted(n)),
        }
    }

    /// The lines below the title, at most `most`; the last one says how many more there are.
    pub fn lines(&self, most: usize) -> Vec<Text> {
        if let ([one], 1) = (self.alerts.as_slice(), self.count()) {
            return Some(one.body.clone()).filter(|body| !body.is_empty()).into_iter().take(most).collect();
        }
        let held = (!self.held.is_empty()).then(|| {
            let kinds: Vec<String> = self.held.iter().map(|(kind, n)| format!("{n} × {}", kind.words())).collect();
            let whole = if self.alerts.is_empty() { String::new() } else { format!("{} while quiet: ", self.held_count()) };
            Text::title(&format!("{whole}{}", kinds.join(", ")))
        });
        let room = most.saturating_sub(usize::from(held.is_some()));
        let hidden = self.alerts.len() + self.more as usize;
        let shown = if hidden > room { room.saturating_sub(1) } else { room }.min(self.alerts.len());
        let mut lines: Vec<Text> = self.alerts[..shown].iter().map(|alert| alert.title.clone()).collect();
        if hidden > shown && room > 0 {
            lines.push(Text::title(&format!("and {} more", hidden - shown)));
        }
        lines.extend(held.filter(|_| most > 0));
        lines
    }
}

fn counted(n: usize) -> String {
    if n == 1 { "1 alert".to_owned() } else { format!("{n} alerts") }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    fn alert(n: u32) -> Alert {
        let at = chrono::Utc.with_ymd_and_hms(2026, 11, 23, 7, 0, 0).unwrap();
        Alert::new(AlertKind::Paid, &format!("paid {n}"), &n.to_string(), at).body("below")
    }

    fn words(bundle: &Bundle, most: usize) -> Vec<String> {
        bundle.lines(most).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn one_speaks_for_itself_and_many_are_counted() {
        let one = Bundle { alerts: vec![alert(1)], ..Bundle::default() };
        assert_eq!((one.title().as_str(), words(&one, 5)), ("paid 1", vec!["below".to_owned()]));
        let many = Bundle { alerts: (1..=3).map(alert).collect(), more: 4, held: vec![(AlertKind::Rule, 2)] };
        assert_eq!(many.title().as_str(), "9 alerts");
        assert_eq!(words(&many, 9), ["paid 1", "paid 2", "paid 3", "and 4 more", "2 while quiet: 2 × match"]);
        assert_eq!(words(&many, 3), ["paid 1", "and 6 more", "2 while quiet: 2 × match"]);
        let held = Bundle { held: vec![(AlertKind::Paid, 3), (AlertKind::Rule, 4)], ..Bundle::default() };
        assert_eq!(held.title().as_str(), "7 alerts while quiet");
        assert_eq!(words(&held, 3), ["3 × paid, 4 × match"]);
        for most in 0..8 {
            assert!(many.lines(most).len() <= most);
        }
    }
}
