//! Standard output that stays clean, and standard error for the person. A closed pipe is not an error.

use std::io::{BufWriter, ErrorKind, IsTerminal, Write};

use serde::Serialize;

use super::args::{ColorChoice, Global};
use crate::domain::Text;
use crate::error::{Class, Failure, Result};

/// Where a command's results go.
pub struct Out {
    sink: Box<dyn Write + Send>,
    json: bool,
    color: bool,
    width: Option<usize>,
    closed: bool,
    broken: Option<std::io::Error>,
    code: u8,
}

/// What a stretch of text means; it always has a word or sign as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Column heads.
    Head,
    /// As it should be.
    Good,
    /// Look at it.
    Warn,
    /// Not as it should be.
    Bad,
    /// Less important.
    Dim,
}

impl Out {
    /// Standard output, as the flags want it.
    pub fn standard(global: &Global) -> Out {
        let terminal = std::io::stdout().is_terminal();
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let color = match global.color {
            ColorChoice::Auto => terminal && !plain,
            ColorChoice::Always => true,
            ColorChoice::Never => false,
        };
        let width =
            terminal.then(|| rustix::termios::tcgetwinsize(std::io::stdout()).map_or(80, |size| usize::from(size.ws_col)));
        Out {
            sink: Box::new(BufWriter::new(std::io::stdout())),
            json: global.json,
            color: color && !global.json,
            width: width.filter(|width| *width > 0),
            closed: false,
            broken: None,
            code: 0,
        }
    }

    /// JSON was asked for.
    pub fn is_json(&self) -> bool {
        self.json
    }

    /// Columns of the terminal; `None` when the output is not one and nothing is to be cut.
    pub fn width(&self) -> Option<usize> {
        self.width
    }

    /// Whether anybody still reads.
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// Prints a line.
    pub fn line(&mut self, text: impl AsRef<str>) {
        self.raw(text.as_ref().as_bytes());
        self.raw(b"\n");
    }

    /// Prints a value as one line of JSON.
    pub fn json<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        let line = serde_json::to_string(value)
            .map_err(|error| Failure::new(Class::Internal, "the answer cannot be written as JSON").why(error))?;
        self.line(line);
        Ok(())
    }

    /// Prints bytes as they are.
    pub fn raw(&mut self, bytes: &[u8]) {
        if !self.closed && self.broken.is_none() {
            let done = self.sink.write_all(bytes);
            self.note_error(done);
        }
    }

    /// Hands over what was printed so far.
    pub fn flush(&mut self) {
        if !self.closed && self.broken.is_none() {
            let done = self.sink.flush();
            self.note_error(done);
        }
    }

    fn note_error(&mut self, done: std::io::Result<()>) {
        match done {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => self.closed = true,
            Err(error) => self.broken = Some(error),
            Ok(()) => {}
        }
    }

    /// A line on standard error; nobody listening there is fine.
    pub fn note(&self, text: impl AsRef<str>) {
        let _ = writeln!(std::io::stderr(), "{}", Text::body(text.as_ref()));
    }

    /// `text` in the colour of `role`, where there is colour.
    pub fn paint(&self, role: Role, text: &str) -> String {
        if !self.color || text.is_empty() {
            return text.to_owned();
        }
        let code = match role {
            Role::Head => "1",
            Role::Good => "32",
            Role::Warn => "33",
            Role::Bad => "31",
            Role::Dim => "2",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }

    /// The exit code of a command that went well in its own way, such as a terminal that was hung up.
    pub fn leave_with(&mut self, code: u8) {
        self.code = code;
    }

    /// Ends the command: tells what went wrong, on standard error, and returns the exit code.
    pub fn finish(mut self, result: Result<()>) -> u8 {
        self.flush();
        let result = match (result, self.broken.take()) {
            // Who leaves with a code of its own has told why: a terminal that is gone cannot be written to either.
            (Ok(()), Some(error)) if self.code == 0 => {
                Err(Failure::new(Class::Store, "the output could not be written").why(error).hint("is the disk full?"))
            }
            (result, _) => result,
        };
        match result {
            Ok(()) => self.code,
            Err(failure) => {
                self.complain(&failure);
                failure.class.exit_code()
            }
        }
    }

    fn complain(&self, failure: &Failure) {
        if self.json {
            #[derive(Serialize)]
            struct Complaint<'a> {
                error: &'a Failure,
                exit: u8,
            }
            let complaint = Complaint { error: failure, exit: failure.class.exit_code() };
            if let Ok(line) = serde_json::to_string(&complaint) {
                let _ = writeln!(std::io::stderr(), "{line}");
            }
            return;
        }
        let mut text = format!("juggler: {}", failure.what);
        for (label, words) in [("why", &failure.why), ("try", &failure.hint)] {
            if !words.is_empty() {
                text.push_str(&format!("\n    {label}: {words}"));
            }
        }
        self.note(text);
    }
}
