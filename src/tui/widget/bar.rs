//! Bars of eighths, with their figures beside them; plain characters where there is no colour.

use ratatui::text::Span;

use crate::tui::theme::{Depth, Theme};

/// A bar of `cells` filled by `part / whole`.
pub fn bar(part: i64, whole: i64, cells: usize, theme: &Theme) -> Vec<Span<'static>> {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let part = i128::from(part.clamp(0, whole.max(0)));
    let cells_wide = i128::try_from(cells).unwrap_or(0);
    let eighths = if whole > 0 { part * cells_wide * 8 / i128::from(whole) } else { 0 };
    let (full, rest) = (usize::try_from(eighths / 8).unwrap_or(0), usize::try_from(eighths % 8).unwrap_or(0));
    if theme.depth() == Depth::Mono {
        let filled = full.min(cells);
        return vec![Span::raw("#".repeat(filled)), Span::styled("-".repeat(cells - filled), theme.dim())];
    }
    let edge = EIGHTHS.get(rest).copied().unwrap_or("");
    let used = full + usize::from(!edge.is_empty());
    vec![Span::styled("█".repeat(full) + edge, theme.money()), Span::styled("─".repeat(cells.saturating_sub(used)), theme.rule())]
}
