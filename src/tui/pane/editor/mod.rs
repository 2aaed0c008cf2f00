//! The drafts in hand, being written: tabs, text, brief beside it, checks.

use crossterm::event::{KeyEvent, MouseEvent};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::widgets::Paragraph;

use crate::domain::draft::Cause;
use crate::domain::{AssignmentId, Text, Time};
use crate::engine::api::AssignmentView;
use crate::tui::theme::Theme;

/// What reaches the editor.
pub enum EditorInput {
    Key(KeyEvent),
    Paste(String),
    Mouse(MouseEvent, Rect),
    Command(&'static str),
    Tick(Time),
}

/// What it wants done.
#[derive(Clone, Debug, PartialEq)]
pub enum EditorEffect {
    Save { assignment: AssignmentId, text: Text, cause: Cause },
    Notice(String),
    RunEditor { assignment: AssignmentId, text: String, extension: String },
}

struct Tab {
    view: AssignmentView,
    text: String,
    dirty: bool,
}

/// The editor.
#[derive(Default)]
pub struct EditorPane {
    tabs: Vec<Tab>,
    at: usize,
}

impl EditorPane {
    pub fn new() -> EditorPane {
        EditorPane::default()
    }

    pub fn open(&mut self, view: AssignmentView) {
        if self.tabs.iter().any(|tab| tab.view.assignment.id == view.assignment.id) {
            return self.refresh(view);
        }
        let text = view.draft.as_ref().map_or_else(String::new, |d| d.text.as_str().to_owned());
        self.tabs.push(Tab { view, text, dirty: false });
    }

    pub fn close(&mut self, id: &AssignmentId) {
        self.tabs.retain(|tab| tab.view.assignment.id != *id);
        self.at = self.at.min(self.tabs.len().saturating_sub(1));
    }

    pub fn refresh(&mut self, view: AssignmentView) {
        if let Some(tab) = self.tabs.iter_mut().find(|tab| tab.view.assignment.id == view.assignment.id) {
            if !tab.dirty && let Some(draft) = &view.draft {
                tab.text = draft.text.as_str().to_owned();
            }
            if view.draft.as_ref().is_some_and(|d| d.text.as_str() == tab.text) {
                tab.dirty = false;
            }
            tab.view = view;
        }
    }

    pub fn tabs(&self) -> Vec<AssignmentId> {
        self.tabs.iter().map(|tab| tab.view.assignment.id.clone()).collect()
    }

    pub fn select(&mut self, id: &AssignmentId) {
        if let Some(at) = self.tabs.iter().position(|tab| tab.view.assignment.id == *id) {
            self.at = at;
        }
    }

    pub fn selected(&self) -> Option<&AssignmentId> {
        self.tabs.get(self.at).map(|tab| &tab.view.assignment.id)
    }

    pub fn unsaved(&self) -> Vec<(AssignmentId, Text)> {
        self.tabs.iter().filter(|t| t.dirty).map(|t| (t.view.assignment.id.clone(), Text::own(&t.text))).collect()
    }

    pub fn input(&mut self, input: EditorInput) -> Vec<EditorEffect> {
        use crossterm::event::KeyCode;
        let Some(tab) = self.tabs.get_mut(self.at) else { return Vec::new() };
        match input {
            EditorInput::Key(key) => match key.code {
                KeyCode::Char(c) => tab.text.push(c),
                KeyCode::Enter => tab.text.push('\n'),
                KeyCode::Backspace => {
                    tab.text.pop();
                }
                _ => return Vec::new(),
            },
            EditorInput::Paste(text) => tab.text.push_str(&text),
            EditorInput::Command("editor.external") => {
                return vec![EditorEffect::RunEditor {
                    assignment: tab.view.assignment.id.clone(),
                    text: tab.text.clone(),
                    extension: "md".to_owned(),
                }];
            }
            _ => return Vec::new(),
        }
        tab.dirty = true;
        vec![EditorEffect::Save {
            assignment: tab.view.assignment.id.clone(),
            text: Text::own(&tab.text),
            cause: Cause::Typed,
        }]
    }

    pub fn replace(&mut self, id: &AssignmentId, text: Text, cause: Cause) -> Vec<EditorEffect> {
        let Some(tab) = self.tabs.iter_mut().find(|tab| tab.view.assignment.id == *id) else { return Vec::new() };
        tab.text = text.as_str().to_owned();
        tab.dirty = true;
        vec![EditorEffect::Save { assignment: id.clone(), text, cause }]
    }

    pub fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, theme: &Theme, _focused: bool, _now: Time) {
        let text = self.tabs.get(self.at).map_or("", |tab| tab.text.as_str());
        frame.render_widget(Paragraph::new(text).style(theme.text()), area);
    }
}
