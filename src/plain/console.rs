//! Lines in, lines out. Nothing that a terminal obeys, and nothing that is drawn, leaves here.

use std::io::{BufRead, IsTerminal, Read, Write};

use tokio::sync::mpsc;

use crate::domain::Text;
use crate::error::{Class, Failure, Result};

/// Lines are broken here at the latest: about as much as is read in one breath.
const WIDTH: usize = 100;
/// Where a command is wanted.
pub const PROMPT: &str = "juggler>";
/// What a sentence goes on with on its next line, and what stands before a line that others wrote.
const CONTINUED: &str = "  ";
const QUOTED: &str = "| ";
/// A typed line is not longer.
const LINE_MAX: u64 = 1 << 20;

/// Where the person reads and types.
pub struct Console {
    out: Box<dyn Write + Send>,
    /// Somebody types at a terminal, so prompts are written; else lines are repeated as they are taken.
    is_terminal: bool,
    wanted: mpsc::UnboundedSender<()>,
    lines: mpsc::UnboundedReceiver<Option<String>>,
    /// A line was asked for and has not come.
    asked: bool,
    prompt: String,
    rang: bool,
    closed: bool,
}

impl Console {
    /// Standard input and output. Input is read only while a line is wanted, so that an editor can have it in between.
    ///
    /// # Errors
    /// `Internal` when no thread can be started for it.
    pub fn standard() -> Result<Console> {
        let (wanted, mut want) = mpsc::unbounded_channel::<()>();
        let (tell, lines) = mpsc::unbounded_channel();
        let read = move || {
            while want.blocking_recv().is_some() {
                let mut bytes = Vec::new();
                let got = std::io::stdin().lock().take(LINE_MAX).read_until(b'\n', &mut bytes);
                let line = match got {
                    Ok(0) | Err(_) => None,
                    Ok(_) => Some(String::from_utf8_lossy(&bytes).trim_end_matches(['\n', '\r']).to_owned()),
                };
                let is_over = line.is_none();
                if tell.send(line).is_err() || is_over {
                    return;
                }
            }
        };
        std::thread::Builder::new()
            .name("lines".to_owned())
            .spawn(read)
            .map_err(|error| Failure::new(Class::Internal, "the input cannot be read").why(error))?;
        Ok(Console {
            out: Box::new(std::io::stdout()),
            is_terminal: std::io::stdin().is_terminal(),
            wanted,
            lines,
            asked: false,
            prompt: String::new(),
            rang: false,
            closed: false,
        })
    }

    /// Cells of a line, as wide as the terminal now is: one that it broke itself would be broken in words.
    fn width(&self) -> usize {
        let columns = rustix::termios::tcgetwinsize(std::io::stdout()).map_or(0, |size| usize::from(size.ws_col));
        if columns == 0 { WIDTH } else { columns.clamp(20, WIDTH) }
    }

    /// Somebody types at a terminal.
    pub fn is_terminal(&self) -> bool {
        self.is_terminal
    }

    /// Nobody reads any more.
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// Appends sentences of ours, broken into lines. Only the first one begins at the edge: whatever others' words are in it, they
    /// never pass for a sentence of ours.
    pub fn say(&mut self, text: impl AsRef<str>) {
        let text = harmless(text.as_ref());
        let whole = text.split_whitespace().collect::<Vec<_>>().join(" ");
        self.break_up(&whole, "", CONTINUED);
    }

    /// Appends a text that others wrote: each of its lines behind a bar. Empty ones are left out: there is nothing to hear in them.
    pub fn quote(&mut self, text: &str) {
        harmless(text).lines().for_each(|line| self.break_up(line.trim(), QUOTED, QUOTED));
    }

    fn break_up(&mut self, line: &str, first: &str, then: &str) {
        if line.is_empty() {
            return;
        }
        let options = textwrap::Options::new(self.width()).initial_indent(first).subsequent_indent(then);
        for part in textwrap::wrap(line, options) {
            self.put(&format!("{part}\n"));
        }
    }

    /// What could not be done, why, and what to type.
    pub fn failed(&mut self, failure: &Failure) {
        let why = if failure.why.is_empty() { String::new() } else { format!(": {}", failure.why) };
        self.say(format!("That did not work: {}{why}.", failure.what));
        if !failure.hint.is_empty() {
            self.say(format!("Try this: {}.", failure.hint));
        }
    }

    /// Asks for a line, whose answer [`Console::answer`] is.
    pub fn ask(&mut self, prompt: &str) {
        prompt.clone_into(&mut self.prompt);
        self.rang = false;
        if self.is_terminal && !prompt.is_empty() {
            self.put(&format!("{} ", harmless(prompt)));
        } else if prompt != PROMPT {
            self.say(prompt);
        }
        if !std::mem::replace(&mut self.asked, true) {
            let _ = self.wanted.send(());
        }
    }

    /// The line that was asked for; `None` at the end of the input. Cancel safe.
    pub async fn answer(&mut self) -> Option<String> {
        let line = self.lines.recv().await.flatten();
        self.asked = false;
        if let (Some(line), false) = (&line, self.is_terminal)
            && !self.prompt.is_empty()
        {
            // Whoever reads this later sees what was answered to what.
            let echo = if self.prompt == PROMPT { format!("{PROMPT} {line}") } else { line.clone() };
            self.say(echo);
        } else if line.is_none() && self.is_terminal {
            self.put("\n");
        }
        line
    }

    /// A line that came, for whoever will not ask for one any more.
    pub fn came(&mut self) -> Option<String> {
        self.lines.try_recv().ok().flatten()
    }

    /// Rings once for each prompt, where somebody sits at a terminal.
    pub fn ring(&mut self, wanted: bool) {
        if wanted && self.is_terminal && !std::mem::replace(&mut self.rang, true) {
            self.put("\x07");
        }
    }

    /// Says something while a line is wanted and has not come: on lines of its own, and asks again behind it. A terminal keeps what was
    /// typed so far, though it stands above now.
    pub fn say_between(&mut self, sentences: impl Iterator<Item = String>) {
        self.end_line();
        sentences.for_each(|sentence| self.say(sentence));
        if self.is_terminal && self.asked && !self.prompt.is_empty() {
            self.put(&format!("{} ", harmless(&self.prompt)));
        }
    }

    /// What stands behind a prompt that was not answered begins a line of its own.
    pub fn end_line(&mut self) {
        if self.is_terminal && self.asked {
            self.put("\n");
        }
    }

    /// Nobody answers any more.
    pub fn close(&mut self) {
        self.closed = true;
    }

    fn put(&mut self, text: &str) {
        if !self.closed {
            self.closed = self.out.write_all(text.as_bytes()).and_then(|()| self.out.flush()).is_err();
        }
    }
}

/// Without anything that is obeyed, drawn or spelled out sign by sign: control characters, lines, blocks, Braille.
fn harmless(text: &str) -> String {
    let text = Text::own(text);
    let spoken = text.as_str().chars().map(|c| match c {
        '\n' => '\n',
        '\u{2500}'..='\u{259f}' | '\u{2800}'..='\u{28ff}' => ' ',
        c if c.is_control() => ' ',
        c => c,
    });
    spoken.collect()
}
