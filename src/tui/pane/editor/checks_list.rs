//! The list of checks: what the job demands and how the draft stands to it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::wrap;
use crate::domain::check::{Finding, Verdict};
use crate::tui::theme::Theme;

/// A verdict's glyph and colour.
pub fn mark(verdict: Verdict, theme: &Theme) -> (&'static str, Style) {
    match verdict {
        Verdict::Pass => ("✓", theme.ok()),
        Verdict::Warn => ("!", theme.warn()),
        Verdict::Fail => ("✗", theme.fail()),
        Verdict::Advice => ("·", theme.dim()),
    }
}

/// "all 4 pass", "1 of 4 fails, 2 to look at".
pub fn summary(findings: &[Finding], theme: &Theme) -> (String, Style) {
    let count = |verdict| findings.iter().filter(|f| f.verdict == verdict).count();
    let (pass, warn, fail) = (count(Verdict::Pass), count(Verdict::Warn), count(Verdict::Fail));
    let judged = pass + warn + fail;
    let look = if warn == 0 { String::new() } else { format!(", ! {warn} to look at") };
    match fail {
        _ if findings.is_empty() => ("no checks for this job".into(), theme.dim()),
        _ if judged == 0 => ("only you can judge this".into(), theme.dim()),
        0 => (format!("✓ {} pass{look}", pass + warn), theme.ok()),
        1 => (format!("✗ 1 of {judged} fails{look}"), theme.fail()),
        fail => (format!("✗ {fail} of {judged} fail{look}"), theme.fail()),
    }
}

/// Findings in the order shown: as specified when all fit in `rows`, else the worst first.
pub fn shown(findings: &[Finding], rows: usize) -> Vec<&Finding> {
    let mut list: Vec<&Finding> = findings.iter().collect();
    if list.len() > rows {
        list.sort_by_key(|f| match f.verdict {
            Verdict::Fail => 0,
            Verdict::Warn => 1,
            Verdict::Advice => 2,
            Verdict::Pass => 3,
        });
        list.truncate(rows);
    }
    list
}

/// Draws a head row and the list; the rectangle's first row is the head.
pub fn draw(buf: &mut Buffer, area: Rect, theme: &Theme, findings: &[Finding]) {
    if area.is_empty() {
        return;
    }
    let (words, style) = summary(findings, theme);
    let head = Line::from(vec![Span::styled("Checks ", theme.heading()), Span::styled(words, style)]);
    head.render(Rect { height: 1, ..area }, buf);
    for (y, finding) in (area.y + 1..area.bottom()).zip(shown(findings, usize::from(area.height) - 1)) {
        let (glyph, style) = mark(finding.verdict, theme);
        let label = if finding.verdict == Verdict::Pass { theme.dim() } else { theme.text() };
        let mut spans = vec![Span::styled(glyph, style), Span::raw(" "), Span::styled(finding.label.as_str(), label)];
        if let Some(line) = finding.line {
            spans.push(Span::styled(format!(" (line {})", line.saturating_add(1)), theme.dim()));
        }
        if !finding.detail.is_empty() {
            let style = if finding.verdict == Verdict::Pass { theme.dim() } else { style };
            spans.push(Span::styled(": ", theme.dim()));
            spans.push(Span::styled(one_line(finding.detail.as_str()), style));
        }
        Line::from(cut(spans, usize::from(area.width))).render(Rect { y, height: 1, ..area }, buf);
    }
}

fn one_line(text: &str) -> String {
    text.replace('\n', " ")
}

/// Spans cut to `room` cells, with "…" where something went.
pub fn cut(spans: Vec<Span<'_>>, room: usize) -> Vec<Span<'_>> {
    let whole: usize = spans.iter().map(|span| wrap::width(&span.content)).sum();
    if whole <= room {
        return spans;
    }
    let mut left = room.saturating_sub(1);
    let mut out = Vec::new();
    for span in spans {
        let wide = wrap::width(&span.content);
        if wide <= left {
            left -= wide;
            out.push(span);
            continue;
        }
        let rest = clip(&span.content, left).to_owned();
        out.push(Span::styled(format!("{rest}…"), span.style));
        break;
    }
    out
}

/// The opening of `text` that fits in `room` cells.
pub fn clip(text: &str, room: usize) -> &str {
    let end = wrap::byte_under(text, &(0..text.len()), room, true);
    &text[..end]
}
