//! Where an assignment stands, in a sentence above its text: why it cannot be written now, or what is to be done again.

use ratatui::style::Style;

use super::tab::Tab;
use crate::domain::AssignmentState as S;
use crate::domain::payment::PaymentStatus;
use crate::domain::submission::SubmissionState;
use crate::tui::theme::Theme;

/// The sentences, most pressing first; none while all is plain work.
pub fn sentences(tab: &Tab, theme: &Theme) -> Vec<(String, Style)> {
    let mine = &tab.view.assignment;
    let mut out = Vec::new();
    let (words, style) = match mine.state {
        S::Claimed | S::InProgress => (String::new(), theme.text()),
        S::RevisionAsked => ("↺ Revision asked".to_owned(), theme.warn()),
        S::Applied => ("… Applied: the requester decides, then it can be written.".to_owned(), theme.info()),
        S::Submitting => on_its_way(tab, theme),
        S::Submitted => ("→ Submitted: read only until the verdict.".to_owned(), theme.info()),
        S::UnderReview => ("→ Under review: read only until the verdict.".to_owned(), theme.info()),
        S::Appealed => ("→ Appealed: read only until the answer.".to_owned(), theme.info()),
        S::Approved => (format!("✓ Approved{}; the pay is due.", pay(tab)), theme.ok()),
        S::Paid => (format!("✓ Paid{}.", pay(tab)), theme.ok()),
        S::Rejected => ("✗ Rejected".to_owned(), theme.fail()),
        S::Released => ("Given back: nothing more to do here.".to_owned(), theme.dim()),
        S::TimedOut => ("✗ Timed out: the claim ran out. The text is kept.".to_owned(), theme.fail()),
        S::Cancelled => ("✗ Cancelled by the requester or the platform. The text is kept.".to_owned(), theme.fail()),
    };
    if matches!(mine.state, S::RevisionAsked | S::Rejected) {
        let why = mine.feedback.as_str().split_whitespace().collect::<Vec<_>>().join(" ");
        let why = if why.is_empty() { "no reason was given".to_owned() } else { why };
        out.push((format!("{words}: {why}"), style));
    } else if !words.is_empty() {
        out.push((words, style));
    }
    if mine.state.is_editable() && !tab.view.type_there.is_empty() {
        out.push((format!("! {}", tab.view.type_there), theme.warn()));
    }
    if tab.elsewhere {
        out.push((
            "! A newer version was saved elsewhere; what is typed here is kept and will be saved over it.".to_owned(),
            theme.warn(),
        ));
    }
    out
}

fn on_its_way(tab: &Tab, theme: &Theme) -> (String, Style) {
    match tab.view.submission.as_ref().map(|s| s.state) {
        Some(SubmissionState::Sending) => ("→ Being sent: read only.".to_owned(), theme.info()),
        Some(SubmissionState::Unknown) => {
            ("! Sent, but no answer came: the platform is asked before anything is sent again.".to_owned(), theme.warn())
        }
        _ => ("→ In the outbox: safe here, not sent yet.".to_owned(), theme.info()),
    }
}

/// " $3.60" for what came, or is due, when it is in one asset.
fn pay(tab: &Tab) -> String {
    let paid = tab.view.assignment.state == S::Paid;
    let counts = |status: PaymentStatus| {
        if paid { status == PaymentStatus::Paid } else { !matches!(status, PaymentStatus::Failed | PaymentStatus::Reversed) }
    };
    let mut nets = tab.view.payments.iter().filter(|p| counts(p.status)).map(|p| p.net);
    let Some(first) = nets.next() else { return String::new() };
    nets.try_fold(first, |sum, net| sum.plus(net)).map_or(String::new(), |sum| format!(" {sum}"))
}
