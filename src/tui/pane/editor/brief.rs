//! The brief beside the text: pay and deadline, who may help, what is wanted, what comes with it, and what the requester said.

use chrono::FixedOffset;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::{checks_list, clock, file_list, wrap};
use crate::domain::ai::PolicySource;
use crate::domain::{AiRule, Assignment, AssignmentState, Time};
use crate::tui::theme::Theme;

/// Which part of it is shown.
#[derive(Clone, Debug, Default)]
pub struct Brief {
    /// Rows hidden above.
    scroll: usize,
    /// Rows laid out for a width; made anew when the job changes.
    laid: Option<(usize, Vec<Line<'static>>)>,
    height: usize,
}

impl Brief {
    /// Forgets the layout: the assignment changed.
    pub fn stale(&mut self) {
        self.laid = None;
    }

    /// Looks further down, or up.
    pub fn scroll(&mut self, rows: isize) {
        self.scroll = self.scroll.saturating_add_signed(rows);
    }

    /// Rows of a screen, for paging.
    pub fn page(&self) -> isize {
        isize::try_from(self.height.saturating_sub(1).max(1)).unwrap_or(1)
    }

    /// Draws into `area`: a fixed head with pay and clock, and the rest scrolled.
    pub fn draw(&mut self, buf: &mut Buffer, area: Rect, theme: &Theme, mine: &Assignment, now: Time, zone: FixedOffset) {
        if area.is_empty() {
            return;
        }
        let width = usize::from(area.width);
        head(mine, theme, now, zone, width).render(Rect { height: 1, ..area }, buf);
        let body = Rect { y: area.y + 1, height: area.height - 1, ..area };
        self.height = usize::from(body.height);
        if self.laid.as_ref().is_none_or(|(laid, _)| *laid != width) {
            self.laid = Some((width, lines(mine, theme, width)));
        }
        let Some((_, lines)) = &self.laid else { return };
        // What does not fit is said in a row of its own, where one can be spared.
        let more = lines.len() > self.height && self.height >= 3;
        self.height -= usize::from(more);
        self.scroll = self.scroll.min(lines.len().saturating_sub(self.height));
        let shown = &lines[self.scroll..];
        for (y, line) in (body.y..body.bottom()).zip(shown.iter().take(self.height)) {
            line.render(Rect { y, height: 1, ..body }, buf);
        }
        if more {
            let below = shown.len().saturating_sub(self.height);
            let words = match (self.scroll, below) {
                (_, 0) => "↑ end".to_owned(),
                (0, _) => format!("↓ {below} more rows"),
                _ => format!("↑↓ {below} more rows"),
            };
            buf.set_stringn(body.x, body.bottom() - 1, words, width, theme.dim());
        }
    }
}

/// "USD 3.60 net · due 14:05 (! 3m)".
fn head(mine: &Assignment, theme: &Theme, now: Time, zone: FixedOffset, width: usize) -> Line<'static> {
    let mut spans = Vec::new();
    match (mine.job.reward.net(), mine.job.reward.gross()) {
        (Some(net), Some(gross)) if net != gross => spans.push(Span::styled(format!("{net} net of {gross}"), theme.money())),
        (Some(net), _) => spans.push(Span::styled(net.to_string(), theme.money())),
        (None, _) => spans.push(Span::styled("pay not told", theme.dim())),
    }
    if let Some((deadline, reading)) = mine.deadline.zip(clock::read(mine, now)) {
        let format = if (deadline - now).num_hours().abs() < 20 { "%H:%M" } else { "%d %b %H:%M" };
        let due = deadline.with_timezone(&zone).format(format);
        if mine.state.is_in_hand() {
            spans.push(Span::styled(format!(" · due {due} "), theme.dim()));
            spans.push(Span::styled(reading.label(), reading.pressure.style(theme)));
        } else {
            spans.push(Span::styled(format!(" · was due {due}"), theme.dim()));
        }
    } else {
        spans.push(Span::styled(" · no deadline", theme.dim()));
    }
    Line::from(checks_list::cut(spans, width))
}

fn lines(mine: &Assignment, theme: &Theme, width: usize) -> Vec<Line<'static>> {
    let job = &mine.job;
    let mut page = Page { lines: Vec::new(), width };
    if !mine.feedback.is_empty() {
        let (word, style) = match mine.state {
            AssignmentState::RevisionAsked => ("Revision asked: ", theme.warn()),
            AssignmentState::Rejected => ("Rejected: ", theme.fail()),
            AssignmentState::Approved | AssignmentState::Paid => ("Approved: ", theme.ok()),
            _ => ("The requester says: ", theme.info()),
        };
        page.text(&format!("{word}{}", mine.feedback), style);
        page.gap();
    }
    page.text(job.title.as_str(), theme.title());
    let verified = if job.requester.verified { " ✓ verified" } else { "" };
    let name = if job.requester.name.is_empty() { "requester unknown" } else { job.requester.name.as_str() };
    page.text(&format!("{name}{verified} · {}", job.key.source()), theme.dim());
    let record = &job.requester.record;
    if let Some(paid) = record.paid {
        let bad = record.late.unwrap_or(0).saturating_add(record.unpaid.unwrap_or(0));
        let style = if bad == 0 { theme.dim() } else { theme.warn() };
        page.text(&format!("paid {paid}, late {}, never {}", record.late.unwrap_or(0), record.unpaid.unwrap_or(0)), style);
    }
    let by = match job.ai.source {
        PolicySource::Platform => " (the platform says)",
        PolicySource::TextMatch => " (read from the brief)",
        PolicySource::User => " (you decided)",
        PolicySource::Nobody => "",
    };
    let ai = match job.ai.rule {
        AiRule::HumanOnly | AiRule::AgentOnly => theme.fail(),
        AiRule::Allowed => theme.ok(),
        _ => theme.warn(),
    };
    page.text(&format!("{}{by}", job.ai.rule.sentence()), ai);
    if let Some(bonus) = job.reward.bonus_max {
        page.text(&format!("Bonus of up to {bonus} possible."), theme.money());
    }
    if let Some(cost) = &job.cost {
        page.text(&format!("Costs you something: {}", cost.why), theme.warn());
    }
    if let Some(warning) = &job.warning {
        page.text(&format!("! {warning}"), theme.warn());
    }
    for found in crate::domain::shield::of(job) {
        page.text(&format!("⚑ Looks like a scam. {}", found.sentence()), theme.fail());
    }
    if job.suspicious {
        page.text("! Its text holds control or invisible characters; they are shown as marks.", theme.warn());
    }
    page.gap();
    page.text(job.brief.as_str(), theme.text());
    if job.brief.is_empty() {
        page.text("(no brief beyond the title)", theme.dim());
    }
    if !job.attachments.is_empty() {
        page.gap();
        page.text("Attachments", theme.heading());
        for attachment in &job.attachments {
            let size = attachment.size.map_or(String::new(), |bytes| format!(", {}", file_list::size(bytes)));
            page.text(&format!("- {} ({}{size})", attachment.name, attachment.mime), theme.info());
        }
    }
    page.lines
}

struct Page {
    lines: Vec<Line<'static>>,
    width: usize,
}

impl Page {
    fn text(&mut self, text: &str, style: Style) {
        for line in text.split('\n') {
            for row in wrap::rows(line, Some(self.width)) {
                self.lines.push(Line::styled(line[row].to_owned(), style));
            }
        }
    }

    fn gap(&mut self) {
        self.lines.push(Line::default());
    }
}
