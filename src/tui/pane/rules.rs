//! The watch rules: what they look for, what they do, how often they did, and why they rest.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::domain::Time;
use crate::engine::api::RuleView;
use crate::tui::theme::Theme;
use crate::tui::widget::countdown;
use crate::tui::widget::text::{clip, wrap};

/// Draws the list.
pub fn draw(frame: &mut Frame<'_>, area: Rect, list: Option<&[RuleView]>, scroll: &mut usize, theme: &Theme, now: Time) {
    let inner = super::sheet(frame, area, theme, "Rules", "j/k read on · Esc closes");
    let cells = usize::from(inner.width);
    let mut lines = Vec::new();
    let dim = |lines: &mut Vec<Line<'static>>, text: &str| {
        lines.extend(wrap(text, cells).into_iter().map(|part| Line::styled(part, theme.dim())));
    };
    match list {
        None => dim(&mut lines, "Looking it up …"),
        Some([]) => {
            dim(&mut lines, "There is no rule. A [[rule]] in the config watches for jobs while you do something else:");
            lines.push(Line::default());
            for line in ["[[rule]]", "name = \"good art\"", "query = \"kind:art pay>=5\"", "alert = true"] {
                lines.push(Line::styled(format!("  {line}"), theme.text()));
            }
            lines.push(Line::default());
            dim(&mut lines, "`juggler rules test RULE --since 24h` says what it would have matched.");
        }
        Some(list) => {
            for rule in list {
                let fired = match (rule.fired_today, rule.last_fired) {
                    (0, None) => "never fired".to_owned(),
                    (0, Some(at)) => format!("not today; last {} ago", countdown::age(at, now).replace("now", "a moment")),
                    (n, at) => {
                        let at = at.map(|at| format!(", last at {}", countdown::minute(at))).unwrap_or_default();
                        format!("{n} today{at}")
                    }
                };
                lines.push(clip(
                    Line::from(vec![
                        Span::styled(rule.name.to_string(), theme.title()),
                        Span::styled(format!("  {}", rule.actions), theme.info()),
                        Span::styled(format!("  {fired}"), theme.dim()),
                    ]),
                    cells,
                ));
                lines.push(clip(Line::styled(format!("  {}", rule.query), theme.text()), cells));
                if let Some(why) = &rule.resting {
                    lines.push(clip(Line::styled(format!("  rests: {why}"), theme.warn()), cells));
                }
                lines.push(Line::default());
            }
        }
    }
    super::scrolled(frame, inner, lines, scroll);
}
