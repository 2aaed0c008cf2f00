//! One sentence about something that just happened, with the key to press next.

use chrono::TimeDelta;
use ratatui::text::{Line, Span};

use super::text::{clip, fit, line_width, wrap_line};
use crate::domain::{Text, Time};
use crate::error::Failure;
use crate::tui::theme::Theme;

/// How a message is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// A fact.
    Plain,
    /// Good news.
    Good,
    /// Look.
    Warn,
    /// Bad news.
    Bad,
}

/// A message.
#[derive(Clone, Debug, PartialEq)]
pub struct Toast {
    /// How it is meant.
    pub tone: Tone,
    /// What happened.
    pub text: Text,
    /// What to press next; may be empty.
    pub hint: Text,
    /// When it was said.
    pub at: Time,
    /// When it leaves the screen; it stays in the list of messages.
    pub until: Time,
}

impl Toast {
    /// A message of `tone` at `now`. Bad ones stay longer.
    pub fn new(tone: Tone, text: impl AsRef<str>, hint: impl AsRef<str>, now: Time) -> Toast {
        let seconds = match tone {
            Tone::Plain => 5,
            Tone::Good => 8,
            Tone::Warn => 10,
            Tone::Bad => 12,
        };
        let until = now + TimeDelta::seconds(seconds);
        Toast { tone, text: Text::title(text.as_ref()), hint: Text::title(hint.as_ref()), at: now, until }
    }

    /// A failure in words.
    pub fn failure(failure: &Failure, now: Time) -> Toast {
        Toast::new(Tone::Bad, failure.to_string(), &failure.hint, now)
    }

    /// Glyph for the tone, so that colour is never alone.
    pub fn glyph(&self) -> &'static str {
        match self.tone {
            Tone::Plain => "·",
            Tone::Good => "✓",
            Tone::Warn => "!",
            Tone::Bad => "✗",
        }
    }

    /// On two rows of `cells` when one is too short for it and two are not shorter than what is to be said; else on one.
    pub fn lines(&self, more: usize, cells: usize, theme: &Theme) -> Vec<Line<'static>> {
        let whole = self.line(more, usize::MAX / 2, theme);
        if line_width(&whole) <= cells {
            return vec![whole];
        }
        let mut parts = wrap_line(&whole, cells.saturating_sub(3));
        if parts.len() > 2 {
            // What does not fit is in the list of messages; the hint is worth the second row.
            let mut first = self.clone();
            first.hint = Text::default();
            let second = Span::styled(format!("   {}", fit(self.hint.as_str(), cells.saturating_sub(3))), theme.dim());
            return if self.hint.is_empty() {
                parts.truncate(1);
                vec![clip(first.line(more, cells, theme), cells)]
            } else {
                vec![first.line(more, cells, theme), Line::from(second)]
            };
        }
        for part in &mut parts[1..] {
            part.spans.insert(0, Span::raw("   "));
        }
        if let Some(first) = parts.first_mut() {
            first.spans.insert(0, Span::raw(" "));
        }
        parts
    }

    /// In `cells`, with how many more there are. The hint gives way first.
    pub fn line(&self, more: usize, cells: usize, theme: &Theme) -> Line<'static> {
        let style = match self.tone {
            Tone::Plain => theme.text(),
            Tone::Good => theme.ok(),
            Tone::Warn => theme.warn(),
            Tone::Bad => theme.fail(),
        };
        let mut spans = vec![
            Span::styled(format!(" {} ", self.glyph()), style),
            Span::styled(fit(self.text.as_str(), cells.saturating_sub(3)), style),
        ];
        if !self.hint.is_empty() {
            spans.push(Span::styled(" · ", theme.dim()));
            spans.push(Span::styled(self.hint.as_str().to_owned(), theme.dim()));
        }
        if more > 0 {
            spans.push(Span::styled(format!("  +{more}"), theme.dim()));
        }
        clip(Line::from(spans), cells)
    }
}
