//! How values are read out.

use crate::domain::job::JobStatus;
use crate::domain::{Text, Time};
use crate::engine::api::{AssignmentView, JobRow};

/// "1 job", "3 jobs".
pub fn count(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// A length of time in at most two units, written out: "3 hours 5 minutes".
pub fn span(seconds: i64) -> String {
    let s = usize::try_from(seconds.max(0)).unwrap_or(usize::MAX);
    let two = |major: String, minor: usize, unit: &str| match minor {
        0 => major,
        minor => format!("{major} {}", count(minor, unit)),
    };
    match s {
        0..60 => count(s, "second"),
        60..3_600 => count(s / 60, "minute"),
        3_600..86_400 => two(count(s / 3_600, "hour"), s / 60 % 60, "minute"),
        _ => two(count(s / 86_400, "day"), s / 3_600 % 24, "hour"),
    }
}

/// "25 minutes left", "3 minutes late".
pub fn left(at: Time, now: Time) -> String {
    let seconds = (at - now).num_seconds();
    if seconds >= 0 { format!("{} left", span(seconds)) } else { format!("{} late", span(-seconds)) }
}

/// Sentences one behind the other, each with one full stop.
pub fn sentences(parts: impl IntoIterator<Item = String>) -> String {
    let whole = |part: String| {
        let part = part.trim().to_owned();
        if part.ends_with(['.', '!', '?']) { part } else { format!("{part}.") }
    };
    parts.into_iter().filter(|part| !part.trim().is_empty()).map(whole).collect::<Vec<_>>().join(" ")
}

/// Somebody else's words within a sentence of ours: between quotation marks, which they cannot end.
pub fn theirs(text: &Text) -> String {
    format!("\"{}\"", text.as_str().replace('"', "'").trim())
}

/// The first letter large.
pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// A job of the list in a few sentences.
pub fn job(row: &JobRow, now: Time) -> String {
    let pay = match (row.pay, row.net) {
        (Some(pay), Some(net)) if net != pay => format!("Pays {pay}, {net} after fees"),
        (Some(pay), _) => format!("Pays {pay}"),
        (None, _) => "Pay not told".to_owned(),
    };
    let time = row.seconds.map(|s| format!("About {}", span(i64::from(s)))).unwrap_or_default();
    let rate = row.rate.as_ref().map(|rate| format!("Expect {} an hour", rate.mid)).unwrap_or_default();
    let state = match (row.mine, row.status, row.expires_at) {
        (Some(mine), ..) => format!("Yours: {}", mine.word()),
        (None, JobStatus::Open, Some(at)) => format!("Open, {}", left(at, now)),
        (None, JobStatus::Open, None) => "Open".to_owned(),
        (None, JobStatus::Full, _) => "Full".to_owned(),
        (None, JobStatus::Expired, _) => "Expired".to_owned(),
        (None, JobStatus::Cancelled, _) => "Cancelled".to_owned(),
        (None, JobStatus::Vanished, _) => "Gone".to_owned(),
    };
    let marks = [
        (row.marks.pinned, "Pinned"),
        (row.marks.starred, "Starred"),
        (row.marks.is_away(now), "Put away"),
        (row.barred, "Not for you: why tells the reason"),
        (row.suspicious, "Its text has hidden signs; be careful"),
        (!row.costs.none(), "It costs you something first: read tells what"),
    ];
    let parts = [theirs(&row.title), pay, time, rate, row.ai.sentence().to_owned(), state, format!("On {}", row.source)];
    sentences(parts.into_iter().chain(marks.into_iter().filter(|(is, _)| *is).map(|(_, word)| word.to_owned())))
}

/// One assignment of the hand in a few sentences.
pub fn mine(view: &AssignmentView, now: Time) -> String {
    let mine = &view.assignment;
    let due = mine.deadline.filter(|_| mine.state.is_in_hand()).map(|at| left(at, now)).unwrap_or_default();
    let late = view.slack.filter(|slack| *slack < 0 && mine.state.is_in_hand());
    let late = late.map(|slack| format!("At this pace it will be {} late", span(-slack))).unwrap_or_default();
    let pay = mine.job.reward.net().map(|net| format!("Pays {net} after fees")).unwrap_or_default();
    let failing = view.findings.iter().filter(|f| f.verdict == crate::domain::check::Verdict::Fail).count();
    let draft = match (&view.draft, failing) {
        (None, _) => "No draft yet".to_owned(),
        (Some(draft), 0) => format!("Draft version {}, every check passes", draft.version),
        (Some(draft), n) => {
            format!("Draft version {}, {} fail{}", draft.version, count(n, "check"), if n == 1 { "s" } else { "" })
        }
    };
    let feedback = match mine.feedback.is_empty() {
        true => String::new(),
        false => format!("The requester says: {}", theirs(&mine.feedback)),
    };
    sentences([theirs(&mine.job.title), capital(mine.state.word()), due, late, pay, draft, feedback])
}

/// A value of some terms as it is read out: the same figures, with the signs between them as words.
pub fn spoken(value: &str) -> String {
    let spelled: Vec<String> = value
        .split(' ')
        .map(|word| match word {
            "min" => "minutes".to_owned(),
            "%" => "per cent".to_owned(),
            "?" => "roughly".to_owned(),
            word => match word.split_once("/h") {
                Some((figures, "")) => format!("{} an hour", figures.replace('–', " to ")),
                _ => word.to_owned(),
            },
        })
        .collect();
    spelled.join(" ")
}
