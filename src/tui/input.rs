//! What comes from the terminal: one reader owns the line, hands out what a person did, and keeps the terminal's answers apart.

use std::collections::VecDeque;
use std::io;
use std::time::{Duration, Instant};

use crossterm::event::{Event, MouseEventKind};

use super::message::Input;
use super::picture::Told;
use super::terminal::Tty;
use super::terminal::parser::{Heard, Parser};

/// The most that is read before something is made of it.
const MOST: usize = 64 * 1024;

/// A lone Escape is waited upon this long while an answer may be what it begins.
const BESIDE_ANSWERS: Duration = Duration::from_millis(100);

/// The reader. While it is not asked, nothing is read: whoever has the terminal then gets every key.
#[derive(Debug)]
pub struct Reader {
    line: Tty,
    parser: Parser,
    /// When something last came.
    last: Instant,
    buffer: Box<[u8]>,
    events: VecDeque<Event>,
    /// Answers to the fence's question.
    answers: u32,
    /// Answers about pictures.
    told: VecDeque<Told>,
}

impl Reader {
    /// Opens the line. Needs a tokio runtime.
    pub fn open() -> io::Result<Reader> {
        Ok(Reader {
            line: Tty::input()?,
            parser: Parser::default(),
            last: Instant::now(),
            buffer: vec![0; 4096].into_boxed_slice(),
            events: VecDeque::new(),
            answers: 0,
            told: VecDeque::new(),
        })
    }

    /// Waits until there is something to read, or the line is gone. Cancel safe.
    pub async fn ready(&self) -> io::Result<()> {
        self.line.readable().await
    }

    /// Reads what is there, without waiting; whether there was anything. An error means that the line is gone.
    pub fn read(&mut self) -> io::Result<bool> {
        let mut all = 0;
        while all < MOST {
            let Some(read) = self.line.read(&mut self.buffer)? else { break };
            self.parser.feed(self.buffer.get(..read).unwrap_or_default());
            all += read;
            if read < self.buffer.len() {
                break;
            }
        }
        if all > 0 {
            self.last = Instant::now();
            self.sort();
        }
        Ok(all > 0)
    }

    fn sort(&mut self) {
        while let Some(heard) = self.parser.pop() {
            match heard {
                Heard::Event(event) => self.events.push_back(event),
                Heard::Well => self.answers += 1,
                Heard::Told(told) => self.told.push_back(told),
            }
        }
    }

    /// The next thing a person did.
    pub fn pop(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// A person did something that was not looked at yet.
    pub fn has_events(&self) -> bool {
        !self.events.is_empty()
    }

    /// Answers that came since the last look.
    pub fn answers(&mut self) -> u32 {
        std::mem::take(&mut self.answers)
    }

    /// What it said about pictures.
    pub fn told(&mut self) -> Option<Told> {
        self.told.pop_front()
    }

    /// When what was begun (a lone Escape) is settled if nothing more comes; later while an answer is waited for, since that begins
    /// with an Escape as well, and a line may cut it anywhere.
    pub fn settles_at(&self, waiting: bool) -> Option<Instant> {
        let least = if waiting { BESIDE_ANSWERS } else { Duration::ZERO };
        self.parser.waits().map(|wait| self.last + wait.max(least))
    }

    /// Settles it, if it is time.
    pub fn settle(&mut self, now: Instant, waiting: bool) {
        if self.settles_at(waiting).is_some_and(|at| at <= now) {
            self.parser.expire();
            self.sort();
        }
    }

    /// The line was somebody else's: what was begun before is forgotten.
    pub fn forget(&mut self) {
        self.parser = Parser::default();
    }
}

/// What of an event concerns the program; pointer movements do not.
pub fn input(event: Event) -> Option<Input> {
    match event {
        Event::Key(key) => Some(Input::Key(key)),
        Event::Paste(text) => Some(Input::Paste(text)),
        Event::Mouse(mouse) if mouse.kind == MouseEventKind::Moved => None,
        Event::Mouse(mouse) => Some(Input::Mouse(mouse)),
        Event::Resize(width, height) => Some(Input::Resize(width, height)),
        Event::FocusGained | Event::FocusLost => None,
    }
}
