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

/// What is listed.
#[derive(Clone, Copy, Debug)]
pub struct List<'a> {
    /// The findings.
    pub findings: &'a [Finding],
    /// They are of a text ago: newer ones are on their way.
    pub checking: bool,
    /// The key that goes to the next place.
    pub key: &'a str,
    /// The key that shows one of them whole.
    pub explain: &'a str,
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

/// Rows that the head and the list want in `width` cells.
pub fn rows(findings: &[Finding], width: u16) -> usize {
    1 + findings.iter().map(|finding| laid(finding, usize::from(width)).len()).sum::<usize>()
}

/// Draws a head row and the list. What a finding says goes on in further rows where all of it fits, else each has one.
/// Which finding is in which row, the head's first.
pub fn draw(buf: &mut Buffer, area: Rect, theme: &Theme, list: &List<'_>) -> Vec<Option<u32>> {
    let List { findings, checking, key, explain } = *list;
    if area.is_empty() {
        return Vec::new();
    }
    let (words, style) = match (checking, findings.is_empty()) {
        (true, true) => ("checking …".to_owned(), theme.dim()),
        (true, false) => (format!("checking … {}", summary(findings, theme).0), theme.dim()),
        (false, _) => summary(findings, theme),
    };
    let mut head = vec![Span::styled("Checks ", theme.heading()), Span::styled(words, style)];
    let used: usize = head.iter().map(|span| wrap::width(&span.content)).sum();
    let leads = findings.iter().any(|f| f.line.is_some() && matches!(f.verdict, Verdict::Fail | Verdict::Warn));
    if leads && used + wrap::width(key) + 14 <= usize::from(area.width) {
        head.push(Span::styled(format!("  {key}"), theme.key()));
        head.push(Span::styled(" goes there", theme.dim()));
        let used: usize = head.iter().map(|span| wrap::width(&span.content)).sum();
        if used + wrap::width(explain) + 10 <= usize::from(area.width) {
            head.push(Span::styled(format!("  {explain}"), theme.key()));
            head.push(Span::styled(" says more", theme.dim()));
        }
    }
    Line::from(cut(head, usize::from(area.width))).render(Rect { height: 1, ..area }, buf);
    let whole = rows(findings, area.width) <= usize::from(area.height);
    let mut lines = vec![None];
    let mut y = area.y + 1;
    for finding in shown(findings, usize::from(area.height) - 1) {
        let (glyph, style) = mark(finding.verdict, theme);
        let quiet = finding.verdict == Verdict::Pass;
        let (label, detail) = if quiet { (theme.dim(), theme.dim()) } else { (theme.text(), style) };
        let split = finding.label.as_str().len() + place(finding).len();
        if !whole {
            let text = words_of(finding);
            let (head, tail) = text.split_at(split);
            let spans = vec![
                Span::styled(glyph, style),
                Span::raw(" "),
                Span::styled(head.to_owned(), label),
                Span::styled(tail.to_owned(), detail),
            ];
            Line::from(cut(spans, usize::from(area.width))).render(Rect { y, height: 1, ..area }, buf);
            lines.push(finding.line);
            y += 1;
            continue;
        }
        let text = words_of(finding);
        for (n, row) in laid(finding, usize::from(area.width)).into_iter().enumerate() {
            let edge = split.clamp(row.start, row.end);
            let spans = vec![
                Span::styled(if n == 0 { glyph } else { " " }, style),
                Span::raw(" "),
                Span::styled(text[row.start..edge].to_owned(), label),
                Span::styled(text[edge..row.end].to_owned(), detail),
            ];
            Line::from(spans).render(Rect { y, height: 1, ..area }, buf);
            lines.push(finding.line);
            y += 1;
        }
    }
    lines
}

/// Cells before a finding's words: glyph and blank.
const INDENT: usize = 2;

fn laid(finding: &Finding, width: usize) -> Vec<wrap::Row> {
    wrap::rows(&words_of(finding), Some(width.saturating_sub(INDENT)))
}

fn place(finding: &Finding) -> String {
    finding.line.map_or(String::new(), |line| format!(" (line {})", line.saturating_add(1)))
}

fn words_of(finding: &Finding) -> String {
    let said = finding.sentence();
    let colon = if said.is_empty() { "" } else { ": " };
    format!("{}{}{colon}{}", one_line(finding.label.as_str()), place(finding), one_line(&said))
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
