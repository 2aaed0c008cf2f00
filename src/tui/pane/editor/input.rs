//! What goes into the pane and what comes out.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;

use super::EditorPane;
use super::judging::{self, Judging};
use super::motion::Motion;
use super::prompt::Prompt;
use super::text_box::Full;
use crate::domain::check::Finding;
use crate::domain::deliverable::Form;
use crate::domain::draft::Cause;
use crate::domain::origin::{Origin, Origins};
use crate::domain::{AssignmentId, Text, Time};

/// Something for the editor.
#[derive(Clone, Debug)]
pub enum EditorInput<'a> {
    /// A key that no command took.
    Key(KeyEvent),
    /// The same while a source is read and nothing is typed.
    Read(KeyEvent),
    /// A bracketed paste; never a command.
    Paste(String),
    /// The mouse.
    Mouse(MouseEvent),
    /// A command by its id, such as `editor.undo`.
    Command(&'a str),
    /// What `$EDITOR` left.
    Returned { assignment: AssignmentId, text: String },
    /// A text laid out by the scaffold, said by a program or by an assistant: takes the place of what is there, as one undo step. What is
    /// new in it came from `origin`.
    Insert { assignment: AssignmentId, text: Text, origin: Origin, cause: Cause, label: String },
    /// A text that the pane wanted judged was.
    Judged { assignment: AssignmentId, edits: u64, findings: Vec<Finding> },
    /// The time of [`EditorPane::next_tick`] came.
    Tick,
}

/// What the pane wants done.
#[derive(Clone, Debug, PartialEq)]
pub enum EditorEffect {
    /// The text is now this, and came from there: keep it.
    Changed { assignment: AssignmentId, text: Text, origins: Origins, cause: Cause },
    /// Judge this text away from the keys; the answer is [`EditorInput::Judged`].
    Judge(Box<Judging>),
    /// Show what a check found, whole.
    Explain { title: String, text: Text },
    /// Tell the person.
    Notice(String),
    /// Open `$EDITOR` on this text; the answer is [`EditorInput::Returned`].
    External { assignment: AssignmentId, text: String, extension: &'static str },
    /// The draft's files are said to be the person's own, where that was not known.
    DeclareFiles { assignment: AssignmentId },
    /// Put this on the clipboard.
    Copy(String),
    /// Tell what is known of the attachments; it comes back through [`EditorPane::attachments`].
    Sources { assignment: AssignmentId },
    /// Fetch an attachment; the same comes back, or [`EditorPane::not_fetched`]. `anew`: though it is here.
    Fetch { assignment: AssignmentId, name: Text, anew: bool },
}

/// A paste larger than this is asked about first.
const LARGE_PASTE: usize = 64 * 1024;
/// Rows that a turn of the wheel moves.
const WHEEL: isize = 3;

impl EditorPane {
    /// Takes one input.
    pub fn input(&mut self, input: EditorInput<'_>, now: Time) -> Vec<EditorEffect> {
        self.now = Some(now);
        let mut out = Vec::new();
        match input {
            EditorInput::Key(key) if key.kind == KeyEventKind::Release => {}
            EditorInput::Key(key) if self.prompt.is_some() => self.answer(key, now, &mut out),
            EditorInput::Key(key) => self.key(key, now, &mut out),
            EditorInput::Read(key) if key.kind == KeyEventKind::Release => {}
            EditorInput::Read(key) => self.read(key, &mut out),
            EditorInput::Paste(raw) => self.paste(&raw, None, &mut out),
            EditorInput::Mouse(event) => self.mouse(event),
            EditorInput::Command(id) => self.command(id, now, &mut out),
            EditorInput::Returned { assignment, text } => {
                // Editors end a file with a line break that nobody typed.
                let ours = self.tab(&assignment).is_some_and(|tab| tab.text.lines().last().is_some_and(String::is_empty));
                let text = if ours { text.as_str() } else { text.strip_suffix('\n').unwrap_or(text.as_str()) };
                out.push(self.lay(&assignment, &Text::own(text), &Origin::External, Cause::File, "what your editor left", now));
            }
            EditorInput::Insert { assignment, text, origin, cause, label } => {
                out.push(self.lay(&assignment, &text, &origin, cause, &label, now));
            }
            EditorInput::Judged { assignment, edits, findings } => {
                if let Some(tab) = self.tab(&assignment) {
                    tab.judged(edits, findings);
                }
            }
            EditorInput::Tick => {}
        }
        for tab in &mut self.tabs {
            if let Some((text, origins, cause)) = tab.settle(now) {
                out.push(EditorEffect::Changed { assignment: tab.id().clone(), text, origins, cause });
            }
            out.extend(tab.take_judging().map(|judging| EditorEffect::Judge(Box::new(judging))));
        }
        out
    }

    fn key(&mut self, key: KeyEvent, now: Time, out: &mut Vec<EditorEffect>) {
        let alt = key.modifiers.contains(KeyModifiers::ALT);
        let shift = key.modifiers.contains(KeyModifiers::SHIFT);
        let motion = motion_of(&key);
        let covers = self.covers && !self.hits.wide;
        let Some(tab) = self.current() else { return };
        if let Some(motion) = motion
            && (alt && matches!(motion, Motion::Up | Motion::Down | Motion::PageUp | Motion::PageDown) || covers)
        {
            let shift = shift && !alt;
            match tab.source.reader() {
                Some(reader) => reader.go(rows_of(motion, reader.page()), shift),
                None => tab.brief.scroll(rows_of(motion, tab.brief.page())),
            }
            return;
        }
        if let Some(motion) = motion {
            return tab.text.go(motion, shift);
        }
        if key.code == KeyCode::Esc {
            if covers {
                self.covers = false;
            } else if !tab.text.unselect() {
                tab.text.seek("");
            }
            return;
        }
        let Some(edit) = edit_of(&key) else { return };
        if let Some(why) = self.refusal() {
            return out.push(EditorEffect::Notice(why));
        }
        self.covers = false;
        let Some(tab) = self.current() else { return };
        let full = match edit {
            Edit::Type(c) => tab.text.type_char(c, now),
            Edit::Indent => tab.text.insert(&Text::own("    "), &Origins::whole(4, Origin::Typed)),
            Edit::Erase(motion) => {
                tab.text.erase_to(tab.text.toward(motion), now);
                Ok(())
            }
        };
        if full == Err(Full) {
            out.push(EditorEffect::Notice(TOO_LONG.to_owned()));
        }
    }

    /// Why the current text cannot be changed.
    pub(super) fn refusal(&self) -> Option<String> {
        let Some(tab) = self.tabs.get(self.selected) else {
            return Some(format!("Nothing is in hand. Claim a job in the feed with {}.", self.hints.claim));
        };
        let word = tab.view.assignment.state.word();
        (!tab.is_editable()).then(|| format!("This is {word}: its text cannot be changed now."))
    }

    fn answer(&mut self, key: KeyEvent, now: Time, out: &mut Vec<EditorEffect>) {
        match self.prompt.take() {
            None => {}
            Some(Prompt::Paste { assignment, text, origins }) => match key.code {
                KeyCode::Char('y' | 'Y') | KeyCode::Enter => self.put(&assignment, &text, &origins, out),
                KeyCode::Char('n' | 'N') | KeyCode::Esc => out.push(EditorEffect::Notice("The paste was dropped.".to_owned())),
                _ => self.prompt = Some(Prompt::Paste { assignment, text, origins }),
            },
            Some(Prompt::Search { mut words, from }) => {
                let plain = !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
                match key.code {
                    KeyCode::Enter => return,
                    KeyCode::Esc => {
                        if let Some(tab) = self.current() {
                            tab.text.seek("");
                            tab.text.place(from, false);
                        }
                        return;
                    }
                    KeyCode::Down | KeyCode::Up => {
                        if let Some(tab) = self.current() {
                            tab.text.found(key.code == KeyCode::Down, false);
                        }
                        self.prompt = Some(Prompt::Search { words, from });
                        return;
                    }
                    KeyCode::Backspace => Prompt::shorten(&mut words),
                    KeyCode::Char(c) if plain => words.push_str(Text::title(c.encode_utf8(&mut [0; 4])).as_str()),
                    // Another command key: the search is over and the key means what it means.
                    _ => return self.key(key, now, out),
                }
                self.seek(words, from);
            }
            Some(Prompt::Source { mut words, from, .. }) => {
                let plain = !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
                match key.code {
                    KeyCode::Enter => return,
                    KeyCode::Esc => {
                        if let Some(reader) = self.current().and_then(|tab| tab.source.reader()) {
                            reader.seek("");
                            reader.back_to(from);
                        }
                        return;
                    }
                    KeyCode::Down | KeyCode::Up => {
                        let forward = key.code == KeyCode::Down;
                        let reader = self.current().and_then(|tab| tab.source.reader());
                        let found = reader.is_some_and(|reader| reader.next(forward, false));
                        self.prompt = Some(Prompt::Source { words, from, found });
                        return;
                    }
                    KeyCode::Backspace => Prompt::shorten(&mut words),
                    KeyCode::Char(c) if plain => words.push_str(Text::title(c.encode_utf8(&mut [0; 4])).as_str()),
                    _ => return self.read(key, out),
                }
                self.seek_source(words, from);
            }
        }
    }

    fn seek(&mut self, words: String, from: (usize, usize)) {
        if let Some(tab) = self.current() {
            tab.text.seek(&words);
            tab.text.place(from, false);
            tab.text.found(true, true);
        }
        self.prompt = Some(Prompt::Search { words, from });
    }

    /// `moved`: where what was copied or cut here came from.
    fn paste(&mut self, raw: &str, moved: Option<Origins>, out: &mut Vec<EditorEffect>) {
        match self.prompt.take() {
            Some(Prompt::Search { words, from }) => return self.seek(words + Text::title(raw).as_str(), from),
            Some(Prompt::Source { words, from, .. }) => return self.seek_source(words + Text::title(raw).as_str(), from),
            // A second paste does not answer the question about the first.
            Some(asked) => return self.prompt = Some(asked),
            None => {}
        }
        if let Some(why) = self.refusal() {
            return out.push(EditorEffect::Notice(why));
        }
        let Some(id) = self.selected().cloned() else { return };
        let text = Text::own(raw);
        let origins = moved.unwrap_or_else(|| self.pasted(&text));
        if raw.len() > LARGE_PASTE {
            self.prompt = Some(Prompt::Paste { assignment: id, text, origins });
        } else {
            self.put(&id, &text, &origins, out);
        }
    }

    /// Where a text that the terminal pastes came from: what was copied here is known, but for what was typed, which somebody may have
    /// changed on the way; words of the brief are quoted; nothing is known of all else.
    fn pasted(&self, text: &Text) -> Origins {
        let (clip, origins) = &self.clip;
        if text == clip {
            return origins.map(|origin| if origin.is_own() { Origin::Pasted } else { origin.clone() });
        }
        let source = self.tabs.get(self.selected).and_then(|tab| tab.source_of(text));
        Origins::whole(text.as_str().len(), source.map_or(Origin::Pasted, |source| Origin::Quoted { source }))
    }

    pub(super) fn put(&mut self, id: &AssignmentId, text: &Text, origins: &Origins, out: &mut Vec<EditorEffect>) {
        self.covers = false;
        let Some(tab) = self.tab(id) else { return };
        if !tab.is_editable() {
            out.push(EditorEffect::Notice("It cannot be changed any more; the paste was dropped.".to_owned()));
        } else if tab.text.insert(text, origins) == Err(Full) {
            out.push(EditorEffect::Notice(TOO_LONG.to_owned()));
        }
    }

    fn lay(&mut self, id: &AssignmentId, text: &Text, origin: &Origin, cause: Cause, label: &str, now: Time) -> EditorEffect {
        EditorEffect::Notice(match self.tab(id) {
            None => format!("Its tab is closed; {label} was not taken over."),
            Some(tab) if !tab.is_editable() => format!("It cannot be changed any more; {label} was not taken over."),
            Some(tab) => match tab.lay(text, origin, cause, now) {
                true => format!("Took over {label}; undo brings back what was there."),
                false => "Nothing changed.".to_owned(),
            },
        })
    }

    fn command(&mut self, id: &str, now: Time, out: &mut Vec<EditorEffect>) {
        if self.source_command(id, out) {
            return;
        }
        match id {
            "editor.next_tab" | "hand.next" => return self.turn(1),
            "editor.prev_tab" | "hand.prev" => return self.turn(self.tabs.len().saturating_sub(1)),
            "editor.brief" if self.hits.wide => return self.beside = !self.beside,
            "editor.brief" => return self.covers = !self.covers,
            "editor.paste" if self.clip.0.is_empty() => {
                return out.push(EditorEffect::Notice("Nothing was copied or cut here yet.".to_owned()));
            }
            "editor.paste" => {
                let (clip, origins) = self.clip.clone();
                return self.paste(clip.as_str(), Some(origins), out);
            }
            _ => {}
        }
        let changes = matches!(id, "editor.undo" | "editor.redo" | "editor.cut" | "editor.external" | "editor.declare");
        if let Some(why) = self.refusal().filter(|_| changes || self.tabs.is_empty()) {
            return out.push(EditorEffect::Notice(why));
        }
        let Some(tab) = self.tabs.get_mut(self.selected) else { return };
        let mut note = |words: &str| out.push(EditorEffect::Notice(words.to_owned()));
        match id {
            "editor.undo" if !tab.text.undo() => note("Nothing to undo."),
            "editor.redo" if !tab.text.redo() => note("Nothing to do again."),
            "editor.declare" if tab.text.declare() => note("Said to be your own words; undo takes that back."),
            "editor.declare" if tab.text.selected().is_none() && tab.files().iter().any(|file| file.origin.is_unknown()) => {
                out.push(EditorEffect::DeclareFiles { assignment: tab.id().clone() });
                out.push(EditorEffect::Notice("The files are said to be your own work.".to_owned()));
            }
            "editor.declare" => note("Nothing here was pasted or came from outside: there is nothing to declare."),
            "editor.select_all" => tab.text.select_all(),
            "editor.copy" | "editor.cut" => {
                let origins = tab.text.selected_origins();
                let text = if id == "editor.cut" { tab.text.cut() } else { tab.text.selected() };
                let Some(text) = text else { return note("Nothing is selected; hold Shift and move.") };
                let clip = Text::own(&text);
                self.clip = (clip.clone(), origins.carried(&text, clip.as_str(), &Origin::External, usize::MAX));
                out.push(EditorEffect::Copy(text));
            }
            "editor.save" if !tab.is_unsaved() => note("Everything is saved."),
            "editor.save" => tab.hurry(now),
            "editor.wrap" => {
                tab.text.view.wrap = !tab.text.view.wrap;
                tab.text.view.follow = true;
            }
            "editor.search" => {
                let from = tab.text.cursor();
                tab.text.seek("");
                self.prompt = Some(Prompt::Search { words: String::new(), from });
            }
            "editor.search_next" | "editor.search_prev" if !tab.text.found(id == "editor.search_next", false) => {
                note("Nothing found; search for something first.");
            }
            "editor.goto_problem" if !tab.next_problem(true) => note("No check points at a line."),
            "editor.goto_problem_prev" if !tab.next_problem(false) => note("No check points at a line."),
            "editor.explain" => match tab.finding_here() {
                Some(found) => {
                    out.push(EditorEffect::Explain { title: "What the check says".into(), text: judging::told(found) })
                }
                None => note("No check has anything to say."),
            },
            "editor.brief_down" | "hand.brief_down" => tab.brief.scroll(tab.brief.page()),
            "editor.brief_up" | "hand.brief_up" => tab.brief.scroll(-tab.brief.page()),
            "editor.external" => {
                let extension = match tab.view.assignment.job.deliverable.form {
                    Form::ChatJsonl | Form::RankJsonl => "jsonl",
                    Form::Text | Form::Script => "md",
                    _ => "txt",
                };
                let text = tab.text.text();
                out.push(EditorEffect::External { assignment: tab.id().clone(), text, extension });
            }
            _ => {}
        }
    }

    fn turn(&mut self, by: usize) {
        if !self.tabs.is_empty() {
            self.selected = (self.selected + by) % self.tabs.len();
            self.prompt = None;
            self.covers = false;
        }
    }

    fn mouse(&mut self, event: MouseEvent) {
        let cell = Position { x: event.column, y: event.row };
        let hits = self.hits.clone();
        let wheel = match event.kind {
            MouseEventKind::ScrollDown => WHEEL,
            MouseEventKind::ScrollUp => -WHEEL,
            _ => 0,
        };
        if event.kind == MouseEventKind::Down(MouseButton::Left)
            && let Some((n, _)) = hits.tabs.iter().find(|(_, area)| area.contains(cell))
        {
            self.selected = (*n).min(self.tabs.len().saturating_sub(1));
            self.prompt = None;
            return;
        }
        let Some(tab) = self.current() else { return };
        if hits.source.contains(cell) {
            let Some(reader) = tab.source.reader() else { return };
            match event.kind {
                MouseEventKind::Down(MouseButton::Left) => reader.click(usize::from(cell.y - hits.source.y), false),
                MouseEventKind::Drag(MouseButton::Left) => reader.click(usize::from(cell.y - hits.source.y), true),
                _ => reader.go(wheel, false),
            }
        } else if wheel != 0 && hits.brief.contains(cell) {
            tab.brief.scroll(wheel);
        } else if wheel != 0 && hits.text.contains(cell) {
            tab.text.scroll(wheel);
        } else if hits.text.contains(cell) {
            match event.kind {
                MouseEventKind::Down(MouseButton::Left) => tab.text.place(tab.text.place_at(hits.text, cell), false),
                MouseEventKind::Drag(MouseButton::Left) => tab.text.place(tab.text.place_at(hits.text, cell), true),
                _ => {}
            }
        } else if hits.checks.contains(cell)
            && event.kind == MouseEventKind::Down(MouseButton::Left)
            && let Some(Some(line)) = hits.lines.get(usize::from(cell.y - hits.checks.y)).copied()
        {
            tab.text.place((usize::try_from(line).unwrap_or(usize::MAX), 0), false);
        }
    }
}

const TOO_LONG: &str = "A draft holds at most 8 MB of text; nothing was put in. Deliver something this large as a file.";

enum Edit {
    Type(char),
    Indent,
    /// From here to where this leads, or the selection.
    Erase(Motion),
}

fn edit_of(key: &KeyEvent) -> Option<Edit> {
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    let alt = key.modifiers.contains(KeyModifiers::ALT);
    let word = ctrl || alt;
    Some(match key.code {
        // Alt Gr arrives as Ctrl+Alt on some terminals and types a character.
        KeyCode::Char(c) if ctrl == alt => Edit::Type(c),
        KeyCode::Enter => Edit::Type('\n'),
        KeyCode::Tab => Edit::Indent,
        KeyCode::Backspace => Edit::Erase(if word { Motion::WordLeft } else { Motion::Left }),
        KeyCode::Delete => Edit::Erase(if word { Motion::WordRight } else { Motion::Right }),
        KeyCode::Char('h') if ctrl => Edit::Erase(Motion::Left),
        KeyCode::Char('w') if ctrl => Edit::Erase(Motion::WordLeft),
        KeyCode::Char('u') if ctrl => Edit::Erase(Motion::Home),
        KeyCode::Char('k') if ctrl => Edit::Erase(Motion::End),
        KeyCode::Char('d') if alt => Edit::Erase(Motion::WordRight),
        _ => return None,
    })
}

fn rows_of(motion: Motion, page: isize) -> isize {
    match motion {
        Motion::Up => -1,
        Motion::Down => 1,
        Motion::PageUp => -page,
        Motion::PageDown => page,
        Motion::Top | Motion::Home => isize::MIN,
        Motion::Bottom | Motion::End => isize::MAX,
        _ => 0,
    }
}

pub(super) fn motion_of(key: &KeyEvent) -> Option<Motion> {
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    let alt = key.modifiers.contains(KeyModifiers::ALT);
    Some(match key.code {
        KeyCode::Left if ctrl || alt => Motion::WordLeft,
        KeyCode::Right if ctrl || alt => Motion::WordRight,
        KeyCode::Char('b') if alt && !ctrl => Motion::WordLeft,
        KeyCode::Char('f') if alt && !ctrl => Motion::WordRight,
        KeyCode::Left => Motion::Left,
        KeyCode::Right => Motion::Right,
        KeyCode::Up => Motion::Up,
        KeyCode::Down => Motion::Down,
        KeyCode::Home if ctrl => Motion::Top,
        KeyCode::End if ctrl => Motion::Bottom,
        KeyCode::Home => Motion::Home,
        KeyCode::End => Motion::End,
        KeyCode::Char('a') if ctrl && !alt => Motion::Home,
        KeyCode::Char('e') if ctrl && !alt => Motion::End,
        KeyCode::PageUp => Motion::PageUp,
        KeyCode::PageDown => Motion::PageDown,
        _ => return None,
    })
}
