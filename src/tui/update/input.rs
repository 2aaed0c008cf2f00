//! Keys, pastes and the mouse: to text where text is typed, else through the keymap to a command.

use chrono::TimeDelta;
use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;

use super::Update;
use crate::engine::api::Request;
use crate::tui::command::Command;
use crate::tui::keymap::{Chord, Found, Stack};
use crate::tui::message::{Asked, Input};
use crate::tui::model::{Focus, Overlay};
use crate::tui::pane::editor::EditorInput;
use crate::tui::widget::field::Field;
use crate::tui::widget::palette;
use crate::tui::widget::toast::Tone;

/// The engine is told of a key this often at most.
const PRESENT_EVERY: TimeDelta = TimeDelta::seconds(60);

/// A paste longer than this is refused in a single line.
const LONG_LINE: usize = 4096;

impl Update<'_> {
    /// What the person did.
    pub fn input(&mut self, input: Input) {
        if !matches!(input, Input::Resize(..)) {
            self.is_here();
        }
        match input {
            Input::Key(key) if key.kind == KeyEventKind::Release => {}
            Input::Key(key) => self.press(key),
            Input::Paste(text) => self.paste(text),
            Input::Mouse(mouse) if self.config.mouse => self.mouse(mouse),
            Input::Mouse(_) => {}
            Input::Resize(width, height) => self.model.size = (width, height),
        }
    }

    /// Tells the engine that somebody is here, once a minute at most.
    fn present(&mut self) {
        let due = self.model.present_at.is_none_or(|at| self.now - at >= PRESENT_EVERY);
        if due && self.model.opening.is_none() {
            self.model.present_at = Some(self.now);
            self.ask(Asked::Present, Request::Present);
        }
    }

    fn press(&mut self, key: KeyEvent) {
        self.present();
        let chord = Chord::of(key);
        let stack = self.model.stack();
        if self.model.pending.is_empty() {
            if matches!(stack, Stack::Dialog | Stack::Prompt) && self.field().is_some() && chord.types() {
                return self.type_in_field(chord);
            }
            let asking = self.model.editor.is_asking() && matches!(stack, Stack::Hand | Stack::Typing);
            if asking || stack == Stack::Typing && chord.types() {
                return self.type_in_editor(key);
            }
        }
        let mut keys = std::mem::take(&mut self.model.pending);
        self.model.pending_since = None;
        let begun = !keys.is_empty();
        if begun && chord.code == KeyCode::Esc {
            return;
        }
        keys.push(chord);
        match self.keymap.find(stack, &keys) {
            Found::Command(command) => self.run(command),
            Found::Prefix => {
                self.model.pending = keys;
                self.model.pending_since = Some(self.now);
            }
            Found::Nothing if begun => {
                let help = self.key(Command::Help);
                self.say(Tone::Plain, "nothing is bound to these keys", format!("{help} lists all keys"));
            }
            Found::Nothing => match stack {
                Stack::Typing => self.type_in_editor(key),
                Stack::Dialog | Stack::Prompt => self.edit_field(chord),
                Stack::Hand if self.model.editor.is_reading() => {
                    let effects = self.model.editor.input(EditorInput::Read(key), self.now);
                    self.editor(effects);
                }
                _ => {}
            },
        }
    }

    /// A command from a key; in text fields the arrows move the text's cursor.
    fn run(&mut self, command: Command) {
        // At the end of edits being typed there is nothing to the right but their completion.
        if command == Command::DialogNext
            && let Some(Overlay::Palette { field, .. }) = &mut self.model.overlay
            && super::pictures::completes(field)
        {
            return super::pictures::complete(field);
        }
        let left = command == Command::DialogPrev;
        if (left || command == Command::DialogNext)
            && let Some(field) = self.field()
        {
            return if left { field.left() } else { field.right() };
        }
        self.command(command);
    }

    fn field(&mut self) -> Option<&mut Field> {
        match self.model.overlay.as_mut()? {
            Overlay::Help { field, .. } | Overlay::Palette { field, .. } | Overlay::Prompt { field, .. } => Some(field),
            Overlay::Grading(grading) => grading.typing.then_some(&mut grading.reason),
            Overlay::Confirm(_)
            | Overlay::Assist { .. }
            | Overlay::Preview(_)
            | Overlay::Pictures(_)
            | Overlay::Messages { .. }
            | Overlay::Output { .. }
            | Overlay::Pace { .. }
            | Overlay::Waiting { .. }
            | Overlay::Why { .. }
            | Overlay::Sightings { .. }
            | Overlay::Rules { .. }
            | Overlay::Blocks { .. } => None,
        }
    }

    fn type_in_field(&mut self, chord: Chord) {
        if let (KeyCode::Char(c), Some(field)) = (chord.code, self.field()) {
            field.insert(c.encode_utf8(&mut [0; 4]));
            self.field_changed();
        }
    }

    fn edit_field(&mut self, chord: Chord) {
        let Some(field) = self.field() else { return };
        match (chord.code, chord.mods) {
            (KeyCode::Backspace, KeyModifiers::NONE) | (KeyCode::Char('h'), KeyModifiers::CONTROL) => field.erase(),
            (KeyCode::Char('w'), KeyModifiers::CONTROL) | (KeyCode::Backspace, _) => field.erase_word(),
            (KeyCode::Char('u'), KeyModifiers::CONTROL) => field.clear(),
            (KeyCode::Home, _) | (KeyCode::Char('a'), KeyModifiers::CONTROL) => field.home(),
            (KeyCode::End, _) | (KeyCode::Char('e'), KeyModifiers::CONTROL) => field.end(),
            _ => return,
        }
        self.field_changed();
    }

    fn field_changed(&mut self) {
        match self.model.overlay.as_mut() {
            Some(Overlay::Palette { field, at, .. }) => {
                *at = (*at).min(palette::matches(field.text(), self.keymap).len().saturating_sub(1))
            }
            Some(Overlay::Help { scroll, .. }) => *scroll = 0,
            Some(Overlay::Prompt { .. }) => self.prompt_typed(),
            _ => {}
        }
    }

    fn type_in_editor(&mut self, key: KeyEvent) {
        let effects = self.model.editor.input(EditorInput::Key(key), self.now);
        self.editor(effects);
    }

    /// Pasted text is text: it never becomes a command.
    fn paste(&mut self, text: String) {
        self.model.pending.clear();
        self.model.pending_since = None;
        if let Some(field) = self.field() {
            if text.len() > LONG_LINE {
                return self.say(Tone::Warn, "the pasted text is too long for one line", "");
            }
            field.insert(text.trim_end_matches(['\n', '\r']));
            if let Some(Overlay::Grading(grading)) = &mut self.model.overlay {
                grading.pasted = true;
            }
            return self.field_changed();
        }
        if self.model.stack() == Stack::Typing || self.model.stack() == Stack::Hand && self.model.editor.is_asking() {
            let effects = self.model.editor.input(EditorInput::Paste(text), self.now);
            return self.editor(effects);
        }
        let bytes = text.len();
        let hint = if self.model.hand.items.is_empty() {
            "text can be pasted once you hold a job".to_owned()
        } else {
            format!(
                "{} then {} to paste it into the draft",
                self.key(Command::PaneHand),
                self.keymap.hint(Stack::Hand, Command::Edit)
            )
        };
        self.say(Tone::Warn, format!("{bytes} bytes were pasted outside a text: nothing was done with them"), hint);
    }

    fn mouse(&mut self, mouse: MouseEvent) {
        let at = Position { x: mouse.column, y: mouse.row };
        let delta = match mouse.kind {
            MouseEventKind::ScrollDown => 3,
            MouseEventKind::ScrollUp => -3,
            MouseEventKind::Down(MouseButton::Left) => 0,
            _ => {
                if self.model.overlay.is_none() && self.model.hits.editor.contains(at) && self.model.focus == Focus::Hand {
                    self.editor_mouse(mouse);
                }
                return;
            }
        };
        if self.model.overlay.is_some() {
            if delta != 0 {
                self.scroll_dialog(delta);
            }
            return;
        }
        if delta == 0 {
            return self.click(at, mouse);
        }
        if self.model.brief.is_some() && self.model.hits.scroll.contains(at) {
            self.scroll_dialog(delta);
        } else if self.model.hits.feed.contains(at) {
            self.step(delta);
        } else if self.model.hits.editor.contains(at) {
            self.editor_mouse(mouse);
        }
    }

    fn editor_mouse(&mut self, mouse: MouseEvent) {
        let effects = self.model.editor.input(EditorInput::Mouse(mouse), self.now);
        self.editor(effects);
    }

    fn click(&mut self, at: Position, mouse: MouseEvent) {
        let command = self.model.hits.commands.iter().find(|(rect, _)| rect.contains(at)).map(|(_, command)| *command);
        if let Some(command) = command {
            return self.command(command);
        }
        let pane = self.model.hits.panes.iter().find(|(rect, _)| rect.contains(at)).map(|(_, focus)| *focus);
        if let Some(focus) = pane
            && focus != self.model.focus
        {
            self.focus(focus);
        }
        let feed = self.model.hits.feed;
        if self.model.brief.is_none() && feed.contains(at) {
            self.point(self.model.feed.top + usize::from(at.y - feed.y));
        } else if self.model.hits.editor.contains(at) {
            self.editor_mouse(mouse);
        }
    }
}
