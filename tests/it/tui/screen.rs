//! An app on a screen of cells, hands to type with, and an eye that waits.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::TimeDelta;
use crossterm::event::{KeyEvent, MouseButton, MouseEvent, MouseEventKind};
use juggler::config::Config;
use juggler::domain::Time;
use juggler::engine::Handle;
use juggler::tui::app::App;
use juggler::tui::keymap::Chord;
use juggler::tui::message::{Effect, Input};
use juggler::tui::session::Session;
use juggler::tui::terminal::Patch;
use juggler::tui::theme::{Depth, Theme};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, Cell};

/// A clock that stands still until it is moved.
#[derive(Clone)]
pub struct Hands(Arc<Mutex<Time>>);

impl Hands {
    pub fn at(time: Time) -> Hands {
        Hands(Arc::new(Mutex::new(time)))
    }

    pub fn now(&self) -> Time {
        *self.0.lock().unwrap()
    }

    pub fn pass(&self, by: TimeDelta) {
        *self.0.lock().unwrap() += by;
    }
}

/// Drives an [`App`] as a person would.
pub struct Screen {
    pub app: App,
    terminal: Terminal<TestBackend>,
    pub clock: Hands,
    pub outside: Vec<Effect>,
    /// Frames that only needed a few rows.
    pub patches: usize,
}

/// What a terminal shows after a patch.
pub fn apply(patch: &Patch, shown: &mut Buffer) {
    let before = shown.clone();
    if patch.up != 0 {
        for y in patch.region.rows().map(|row| row.y) {
            let from = i32::from(y) + patch.up;
            let inside = (i32::from(patch.region.y)..i32::from(patch.region.bottom())).contains(&from);
            for x in patch.region.columns().map(|column| column.x) {
                shown[(x, y)] = if inside { before[(x, u16::try_from(from).unwrap())].clone() } else { Cell::default() };
            }
        }
    }
    for row in &patch.rows {
        shown.merge(row);
    }
}

impl Screen {
    /// A program on `handle`, after its first questions were answered.
    pub async fn open(handle: Handle, config: Config, clock: Hands, width: u16, height: u16) -> Screen {
        Screen::themed(handle, config, clock, (width, height), Theme::new(Depth::True, false)).await
    }

    /// The same in other colours.
    pub async fn themed(handle: Handle, config: Config, clock: Hands, size: (u16, u16), theme: Theme) -> Screen {
        Screen::begin(handle, config, clock, size, theme, None).await
    }

    /// The same, beginning with the rows of a session before.
    pub async fn begin(
        handle: Handle,
        config: Config,
        clock: Hands,
        size: (u16, u16),
        theme: Theme,
        last: Option<Session>,
    ) -> Screen {
        let (width, height) = size;
        let told = clock.clone();
        let mut app = App::new(handle, Arc::new(config), theme, Arc::new(move || told.now())).unwrap();
        app.begin(last, false);
        let terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        let mut screen = Screen { app, terminal, clock, outside: Vec::new(), patches: 0 };
        screen.settle().await;
        screen
    }

    /// Presses keys, written as in a configuration: "j j g g ctrl-d".
    pub async fn keys(&mut self, keys: &str) {
        for key in keys.split_whitespace() {
            let chord: Chord = key.parse().unwrap();
            self.key(chord.event());
            self.settle().await;
        }
    }

    /// Presses one key, and waits for nothing.
    pub fn key(&mut self, key: KeyEvent) {
        self.app.handle_key(key);
    }

    /// Types text, letter by letter.
    pub async fn write(&mut self, text: &str) {
        for c in text.chars() {
            let code = if c == '\n' { crossterm::event::KeyCode::Enter } else { crossterm::event::KeyCode::Char(c) };
            self.key(KeyEvent::from(code));
        }
        self.settle().await;
    }

    pub async fn paste(&mut self, text: &str) {
        self.app.handle_input(Input::Paste(text.to_owned()));
        self.settle().await;
    }

    pub async fn mouse(&mut self, kind: MouseEventKind, column: u16, row: u16) {
        let modifiers = crossterm::event::KeyModifiers::NONE;
        self.app.handle_input(Input::Mouse(MouseEvent { kind, column, row, modifiers }));
        self.settle().await;
    }

    pub async fn click(&mut self, column: u16, row: u16) {
        self.mouse(MouseEventKind::Down(MouseButton::Left), column, row).await;
    }

    /// Draws. Where the program would only patch the frame before, the patched one must be the very frame that is drawn whole.
    pub fn draw(&mut self) {
        let patched = self.app.patch().map(|patch| {
            let mut shown = self.terminal.backend().buffer().clone();
            apply(&patch, &mut shown);
            self.app.touch();
            shown
        });
        self.terminal.draw(|frame| self.app.draw(frame)).unwrap();
        if let Some(patched) = patched {
            self.patches += 1;
            let whole = self.terminal.backend().buffer();
            let other = patched.content.iter().zip(&whole.content).position(|(a, b)| a != b);
            let place = other.map(|at| whole.pos_of(at));
            assert!(other.is_none(), "a patch leaves another screen at {place:?}:\n{}", self.text());
        }
        self.outside.extend(self.app.take_outside());
    }

    pub fn resize(&mut self, width: u16, height: u16) {
        self.terminal.backend_mut().resize(width, height);
        self.app.handle_input(Input::Resize(width, height));
        self.draw();
    }

    /// The cursor rests until the peek followed and the counts are fresh.
    pub async fn rest(&mut self) {
        self.clock.pass(TimeDelta::milliseconds(450));
        self.app.tick();
        self.settle().await;
    }

    /// Draws and takes messages until every question is answered and nothing is left to show.
    pub async fn settle(&mut self) {
        for round in 0.. {
            assert!(round < 10_000, "it never comes to rest:\n{}", self.text());
            self.draw();
            if let Some(message) = self.app.try_message() {
                self.app.handle_message(message);
                continue;
            }
            if self.app.pending() == 0 {
                // What was announced before the last answer is in its channel by now.
                let Some(message) = self.app.try_message() else { return };
                self.app.handle_message(message);
                continue;
            }
            let next = tokio::time::timeout(Duration::from_secs(20), self.app.next_message());
            let message = next.await.expect("the engine answers");
            self.app.handle_message(message);
        }
    }

    /// Takes messages until the screen shows `text`.
    pub async fn wait_for(&mut self, text: &str) {
        self.wait_until(text, |screen| screen.sees(text)).await;
    }

    /// Takes messages until `done`.
    pub async fn wait_until(&mut self, what: &str, done: impl Fn(&Screen) -> bool) {
        // A live market always has news: that something comes is no sign that this does.
        let end = tokio::time::Instant::now() + Duration::from_secs(60);
        loop {
            self.settle().await;
            if done(self) {
                return;
            }
            let silence = Duration::from_secs(20);
            let next = tokio::time::timeout_at(end, tokio::time::timeout(silence, self.app.next_message())).await;
            let Ok(Ok(message)) = next else { panic!("never saw {what:?} on\n{}", self.text()) };
            self.app.handle_message(message);
        }
    }

    /// Waits until the keeper has made everything durable.
    pub async fn saved(&mut self) {
        self.wait_until("saved", |screen| screen.app.model().editor.unsaved().is_empty()).await;
    }

    /// What a person reads: lines without the blanks at their ends.
    pub fn text(&self) -> String {
        let buffer = self.terminal.backend().buffer();
        let area = buffer.area;
        let mut out = String::new();
        for y in area.top()..area.bottom() {
            let mut line = String::new();
            let mut skip = 0;
            for x in area.left()..area.right() {
                if skip > 0 {
                    skip -= 1;
                    continue;
                }
                let symbol = buffer[(x, y)].symbol();
                skip = unicode_width::UnicodeWidthStr::width(symbol).saturating_sub(1);
                line.push_str(symbol);
            }
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out
    }

    /// The cells as they are meant.
    pub fn cells(&self) -> &Buffer {
        self.terminal.backend().buffer()
    }

    /// Whether any cell has a colour of its own.
    pub fn has_colour(&self) -> bool {
        use ratatui::style::Color;
        self.terminal.backend().buffer().content.iter().any(|cell| cell.fg != Color::Reset || cell.bg != Color::Reset)
    }

    /// The line with the cursor's mark.
    pub fn cursor_line(&self) -> String {
        self.text().lines().find(|line| line.contains('▌')).unwrap_or_default().to_owned()
    }

    pub fn sees(&self, text: &str) -> bool {
        self.text().contains(text)
    }
}
