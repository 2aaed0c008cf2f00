//! One start of a program, from its folder to its last word.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::process::ExitStatus;
use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::process::{ChildStderr, ChildStdout};
use tokio::time::Instant;

use super::folder::Folder;
use super::sandbox;
use crate::assist::provider::{Ask, Piece, Why};
use crate::child::Live;
use crate::config::{AssistantConfig, ProgramConfig};
use crate::domain::Text;
use crate::domain::text::Inflow;
use crate::error::{Class, Failure};

/// Bytes that it may say: as much as a model may.
const WORDS_MAX: usize = 1 << 20;
/// The largest file that it may write; a disk can be filled by a loop.
const FILE_MAX: u64 = 256 << 20;
/// How long output is waited for once it has ended: it may have left something running that holds on to the pipes.
const GRACE: Duration = Duration::from_millis(300);
/// Characters of its last line that are shown.
const ASIDE: usize = 200;

pub(super) struct Run {
    config: AssistantConfig,
    stage: Stage,
    ready: VecDeque<Piece>,
}

enum Stage {
    Ready {
        scratch: PathBuf,
        ask: Box<Ask>,
    },
    Going(Box<Going>),
    /// Its files are where they are until the last piece was taken.
    Over(#[expect(dead_code, reason = "the folder goes with it")] Option<Folder>),
}

struct Going {
    folder: Folder,
    live: Live,
    out: Option<ChildStdout>,
    err: Option<ChildStderr>,
    half: Vec<u8>,
    inflow: Inflow,
    room: usize,
    last_line: String,
    until: Instant,
    ended: Option<(ExitStatus, Instant)>,
}

impl Run {
    pub fn new(config: AssistantConfig, scratch: PathBuf, ask: Ask) -> Run {
        Run { config, stage: Stage::Ready { scratch, ask: Box::new(ask) }, ready: VecDeque::new() }
    }

    pub async fn next(&mut self) -> Option<Piece> {
        loop {
            if let Some(piece) = self.ready.pop_front() {
                return Some(piece);
            }
            match std::mem::replace(&mut self.stage, Stage::Over(None)) {
                Stage::Over(_) => return None,
                Stage::Ready { scratch, ask } => match self.begin(scratch, *ask).await {
                    Ok(going) => {
                        self.ready.push_back(Piece::Began);
                        self.stage = Stage::Going(Box::new(going));
                    }
                    Err(failure) => self.ready.push_back(Piece::End(Why::Failed(failure))),
                },
                Stage::Going(mut going) => match going.more(&mut self.ready).await {
                    None => self.stage = Stage::Going(going),
                    Some(why) => self.end(*going, why).await,
                },
            }
        }
    }

    async fn begin(&self, scratch: PathBuf, ask: Ask) -> Result<Going, Failure> {
        let config = self.config.program.clone().unwrap_or_default();
        let (name, limit) = (self.config.name.clone(), self.config.limit);
        let question = question(&ask);
        let made = tokio::task::spawn_blocking(move || prepare(&name, &config, scratch, &ask)).await;
        let (folder, command) = made.map_err(|bug| Failure::new(Class::Internal, bug.to_string()))??;
        let mut live = Live::start(command, question.into_bytes()).map_err(|why| self.failed(&why.to_string()))?;
        live.limit_files(FILE_MAX);
        let (out, err) = (live.out.take(), live.err.take());
        let until = Instant::now() + limit;
        let (half, inflow, last_line) = (Vec::new(), Inflow::default(), String::new());
        Ok(Going { folder, live, out, err, half, inflow, room: WORDS_MAX, last_line, until, ended: None })
    }

    /// It is over: the rest of its words, and what it left.
    async fn end(&mut self, mut going: Going, why: Why) {
        let rest = going.inflow.end();
        self.ready.extend((!rest.is_empty()).then_some(Piece::Words(rest)));
        // Whatever is still running writes into these files no more.
        drop(going.live);
        let folder = going.folder;
        let looked = tokio::task::spawn_blocking(move || (folder.left(), folder)).await;
        let mut keep = None;
        if let Ok((found, folder)) = looked {
            self.ready.extend(found.files.into_iter().map(|(name, path)| Piece::Left { name, path }));
            let passed = (!found.passed.is_empty()).then(|| Text::title(&format!("not taken over: {}", found.passed)));
            self.ready.extend(passed.map(Piece::Remark));
            keep = Some(folder);
        }
        let why = match (why, going.ended) {
            (Why::Done, Some((status, _))) if !status.success() => {
                let how = status.code().map_or_else(|| status.to_string(), |code| format!("exit code {code}"));
                let said = if going.last_line.is_empty() { String::new() } else { format!(": {}", going.last_line) };
                Why::Failed(self.failed(&format!("{how}{said}")))
            }
            (why, _) => why,
        };
        self.ready.push_back(Piece::End(why));
        self.stage = Stage::Over(keep);
    }

    fn failed(&self, why: &str) -> Failure {
        Failure::new(Class::Refused, format!("the program of \"{}\" failed", self.config.name))
            .why(why)
            .hint("try it by hand in a terminal; argv in its [[assistant]] says what is run")
    }
}

fn prepare(
    name: &str,
    config: &ProgramConfig,
    scratch: PathBuf,
    ask: &Ask,
) -> Result<(Folder, tokio::process::Command), Failure> {
    let folder = Folder::lay(&scratch, &ask.files).map_err(|error| {
        Failure::new(Class::Store, format!("the folder for \"{name}\" cannot be made"))
            .why(error)
            .hint("is there room on the disk, and may you write there?")
    })?;
    let command = sandbox::command(config, &folder, ask.sandboxed).ok_or_else(|| {
        let program = config.argv.first().map_or("", String::as_str);
        Failure::new(Class::Config, format!("the program of \"{name}\" is not there"))
            .why(format!("{program} is neither a file that can be run nor found in PATH"))
            .hint(format!("correct argv in [[assistant]] \"{name}\", or install it"))
    })?;
    Ok((folder, command))
}

/// All of the question as one text.
fn question(ask: &Ask) -> String {
    let sheet = ask.sheet();
    let mut text = format!("{}\n\n{}\n", sheet.system, sheet.user);
    if let Some(schema) = &sheet.schema {
        text.push_str(&format!("\nAnswer with nothing but JSON that this JSON Schema allows:\n{schema}\n"));
    }
    text.push_str(
        "\nWhat you print on standard output is the answer. Files that you leave in the folder you are in come along with it",
    );
    if !ask.files.is_empty() {
        let names: Vec<&str> = ask.files.iter().map(|file| file.name.as_str()).collect();
        text.push_str(&format!("; those of the draft are there: {}", names.join(", ")));
    }
    text.push_str(".\n");
    text
}

impl Going {
    /// Waits for something to happen; why it is over, once it is.
    async fn more(&mut self, ready: &mut VecDeque<Piece>) -> Option<Why> {
        let (mut from_out, mut from_err) = ([0; 8192], [0; 4096]);
        let silent = self.out.is_none() && self.err.is_none();
        let rest = self.ended.map(|(_, at)| at + GRACE);
        if self.ended.is_some() && silent {
            return Some(Why::Done);
        }
        tokio::select! {
            biased;
            () = tokio::time::sleep_until(self.until) => return Some(Why::Late),
            () = tokio::time::sleep_until(rest.unwrap_or(self.until)), if rest.is_some() => return Some(Why::Done),
            read = read(&mut self.out, &mut from_out) => return self.heard(read.map(|n| &from_out[..n]), ready),
            read = read(&mut self.err, &mut from_err) => match read {
                Some(n) => ready.extend(self.muttered(&from_err[..n])),
                None => self.err = None,
            },
            status = self.live.wait(), if self.ended.is_none() => match status {
                Ok(status) => self.ended = Some((status, Instant::now())),
                Err(error) => return Some(Why::Failed(Failure::new(Class::Internal, error.to_string()))),
            },
        }
        None
    }

    fn heard(&mut self, bytes: Option<&[u8]>, ready: &mut VecDeque<Piece>) -> Option<Why> {
        let Some(bytes) = bytes else {
            self.out = None;
            return None;
        };
        let fits = bytes.len().min(self.room);
        self.room -= fits;
        let words = whole(&mut self.half, &bytes[..fits]);
        let shown = self.inflow.take(&words);
        ready.extend((!shown.is_empty()).then_some(Piece::Words(shown)));
        (fits < bytes.len()).then_some(Why::TooMuch)
    }

    /// The last line that is not empty; progress bars come back to the beginning of theirs.
    fn muttered(&mut self, bytes: &[u8]) -> Option<Piece> {
        let said = String::from_utf8_lossy(bytes);
        let last = said.split(['\n', '\r']).rev().find(|line| !line.trim().is_empty())?;
        self.last_line = Text::title(last).head(ASIDE).to_string();
        Some(Piece::Aside(Text::title(&self.last_line)))
    }
}

/// Bytes that came; `None` at the end. What is at its end already says nothing.
async fn read(from: &mut Option<impl tokio::io::AsyncRead + Unpin>, into: &mut [u8]) -> Option<usize> {
    match from {
        Some(stream) => stream.read(into).await.ok().filter(|n| *n > 0),
        None => std::future::pending().await,
    }
}

/// The characters that are whole by now; bytes of one that is not are kept in `half`.
fn whole(half: &mut Vec<u8>, bytes: &[u8]) -> String {
    half.extend_from_slice(bytes);
    let open = match std::str::from_utf8(half) {
        Err(error) if error.error_len().is_none() => half.len() - error.valid_up_to(),
        _ => 0,
    };
    // Behind bytes that are no UTF-8 at all the end may be open as well; a character has four bytes at most.
    let rest = half.split_off(half.len() - open.min(3));
    String::from_utf8_lossy(&std::mem::replace(half, rest)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_come_in_halves_are_put_together() {
        let text = "für 5 € 🥤 \u{fffd}!";
        for size in 1..6 {
            let (mut half, mut out) = (Vec::new(), String::new());
            text.as_bytes().chunks(size).for_each(|piece| out.push_str(&whole(&mut half, piece)));
            assert_eq!((out.as_str(), half.len()), (text, 0), "{size}");
        }
        let mut half = Vec::new();
        assert_eq!(whole(&mut half, b"a\xffb"), "a\u{fffd}b");
    }
}
