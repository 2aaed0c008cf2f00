//! The files of a draft: what goes along with the text, or is the work itself.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::checks_list::cut;
use crate::domain::Origin;
use crate::domain::deliverable::{Deliverable, Form};
use crate::domain::draft::FileItem;
use crate::tui::theme::Theme;

/// Rows that the list wants; none where there is no file and none is asked for.
pub fn rows(spec: &Deliverable, files: &[FileItem]) -> usize {
    match (spec.form, files.len()) {
        (Form::File, 0) => 2,
        (Form::File, n) => n + 1,
        (_, 0) => 0,
        (_, n) => n + 1,
    }
}

/// Draws the head and the list; `hint` says how a file is added.
pub fn draw(buf: &mut Buffer, area: Rect, theme: &Theme, files: &[FileItem], hint: &str) {
    let mut lines = vec![Line::styled(format!("Files ({})", files.len()), theme.heading())];
    if files.is_empty() {
        lines.push(Line::styled(format!("No file yet. {hint}"), theme.warn()));
    }
    lines.extend(files.iter().map(|file| line(file, theme)));
    for (y, line) in (area.y..area.bottom()).zip(lines) {
        Line::from(cut(line.spans, usize::from(area.width))).style(line.style).render(Rect { y, height: 1, ..area }, buf);
    }
}

/// One file: its name, its weight, and what is known of it.
pub fn line(file: &FileItem, theme: &Theme) -> Line<'static> {
    let mut spans = vec![Span::styled(file.name.to_string(), theme.text())];
    spans.push(Span::styled(format!("  {}", size(file.size)), theme.dim()));
    if let (Some(width), Some(height)) = (file.facts.width, file.facts.height) {
        spans.push(Span::styled(format!("  {width}×{height} px"), theme.info()));
    }
    if !file.facts.mime.is_empty() {
        spans.push(Span::styled(format!("  {}", file.facts.mime), theme.dim()));
    }
    if file.facts.transparent == Some(true) {
        spans.push(Span::styled("  see-through", theme.dim()));
    }
    match file.origin {
        Origin::Ai { .. } => spans.push(Span::styled("  AI", theme.info())),
        _ if file.origin.is_unknown() => spans.push(Span::styled("  unknown origin", theme.dim())),
        _ => {}
    }
    Line::from(spans)
}

/// Bytes in words: "812 B", "40.2 KB", "3.1 MB".
pub fn size(bytes: u64) -> String {
    let tenths = |unit: u64| format!("{}.{}", bytes / unit, bytes % unit * 10 / unit);
    match bytes {
        ..1000 => format!("{bytes} B"),
        1000..1_000_000 => format!("{} KB", tenths(1000)),
        _ => format!("{} MB", tenths(1_000_000)),
    }
}
