//! A question before something paid or irreversible, with exactly what it means.
//!
//! The safe answer is highlighted first; nothing is agreed to before the question was drawn and its last line was in sight.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Clear, Paragraph};

use super::text::{clip, width, wrap};
use crate::domain::{SubmissionId, Text};
use crate::engine::api::{Decision, Terms};
use crate::tui::message::Agreed;
use crate::tui::theme::Theme;

/// What a choice does.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// Nothing.
    No,
    /// What was agreed to.
    Yes(Box<Agreed>),
    /// A decision about a silence.
    Decide(SubmissionId, Decision),
}

/// One button.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// Its words.
    pub label: String,
    /// What it does.
    pub act: Act,
}

/// A question with its facts and choices.
#[derive(Clone, Debug, PartialEq)]
pub struct Confirm {
    /// The question.
    pub question: Text,
    /// Facts: label and value.
    pub lines: Vec<(Text, Text)>,
    /// What speaks against it.
    pub warnings: Vec<Text>,
    /// The choices; the first is the safe one.
    pub choices: Vec<Choice>,
    /// Which one is highlighted.
    pub at: usize,
    /// Lines scrolled.
    pub scroll: usize,
    /// It was drawn, so that an answer can be meant.
    pub shown: bool,
    /// Its last line was in sight.
    pub read: bool,
}

impl Confirm {
    /// A question with one way to agree.
    pub fn new(terms: &Terms, yes: &str, agreed: Agreed) -> Confirm {
        Confirm {
            question: terms.question.clone(),
            lines: terms.lines.clone(),
            warnings: terms.warnings.clone(),
            choices: vec![
                Choice { label: "No".to_owned(), act: Act::No },
                Choice { label: format!("Yes, {yes}"), act: Act::Yes(Box::new(agreed)) },
            ],
            at: 0,
            scroll: 0,
            shown: false,
            read: false,
        }
    }

    /// A question whose choices are all spelled out.
    pub fn choose(question: Text, lines: Vec<(Text, Text)>, warnings: Vec<Text>, choices: Vec<Choice>) -> Confirm {
        Confirm { question, lines, warnings, choices, at: 0, scroll: 0, shown: false, read: false }
    }

    /// What `y` does: the one way to agree, when there is exactly one.
    pub fn yes(&self) -> Option<&Act> {
        let mut acts = self.choices.iter().map(|choice| &choice.act).filter(|act| **act != Act::No);
        let only = acts.next();
        if acts.next().is_some() { None } else { only }
    }

    /// Highlights the next or previous choice.
    pub fn turn(&mut self, forward: bool) {
        let n = self.choices.len().max(1);
        self.at = if forward { (self.at + 1) % n } else { (self.at + n - 1) % n };
    }

    fn body(&self, cells: usize, theme: &Theme) -> Vec<Line<'static>> {
        let label = self.lines.iter().map(|(label, _)| width(label.as_str())).max().unwrap_or(0).min(cells / 3);
        let mut body: Vec<Line<'static>> =
            wrap(self.question.as_str(), cells).into_iter().map(|line| Line::styled(line, theme.title())).collect();
        body.push(Line::default());
        for (name, value) in &self.lines {
            for (i, part) in wrap(value.as_str(), cells.saturating_sub(label + 2).max(1)).into_iter().enumerate() {
                let head = if i == 0 { name.as_str() } else { "" };
                body.push(Line::from(vec![
                    Span::styled(super::text::left(head, label + 2), theme.dim()),
                    Span::styled(part, theme.text()),
                ]));
            }
        }
        for warning in &self.warnings {
            for (i, part) in wrap(warning.as_str(), cells.saturating_sub(2).max(1)).into_iter().enumerate() {
                if i == 0 {
                    body.push(Line::default());
                }
                body.push(Line::styled(format!("{} {part}", if i == 0 { "!" } else { " " }), theme.warn()));
            }
        }
        body
    }

    /// Draws it in the middle of `area`.
    pub fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, theme: &Theme, hint: &str) {
        let outer = area.width.min(76);
        let cells = usize::from(outer.saturating_sub(4));
        let body = self.body(cells, theme);
        let chrome = 4;
        let height = u16::try_from(body.len() + chrome).unwrap_or(u16::MAX).min(area.height);
        let rect = Rect { x: area.x + (area.width - outer) / 2, y: area.y + (area.height - height) / 2, width: outer, height };
        frame.render_widget(Clear, rect);
        let block = Block::bordered().border_type(BorderType::Rounded).border_style(theme.accent());
        let inner = block.inner(rect);
        frame.render_widget(block, rect);
        let room = usize::from(inner.height.saturating_sub(2));
        let last = body.len().saturating_sub(room);
        self.scroll = self.scroll.min(last);
        self.shown = true;
        self.read |= self.scroll >= last && room > 0;
        let text: Vec<Line<'static>> = body.into_iter().skip(self.scroll).take(room).collect();
        let pad = |rect: Rect| Rect { x: rect.x + 1, width: rect.width.saturating_sub(2), ..rect };
        frame.render_widget(Paragraph::new(text), pad(Rect { height: u16::try_from(room).unwrap_or(0), ..inner }));
        if inner.height == 0 {
            return;
        }
        let mut buttons = Vec::new();
        for (i, choice) in self.choices.iter().enumerate() {
            buttons.push(Span::styled(format!(" {} ", choice.label), theme.button(i == self.at)));
            buttons.push(Span::raw(" "));
        }
        let note = if self.scroll < last { format!(" ↓ {} more lines", last - self.scroll) } else { format!(" {hint}") };
        buttons.push(Span::styled(note, theme.dim()));
        let row = Rect { y: inner.bottom() - 1, height: 1, ..inner };
        frame.render_widget(clip(Line::from(buttons), cells), pad(row));
    }
}
