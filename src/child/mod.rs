//! How a program is run beside us: argv without a shell, no more of our environment than it may see, a process group of its own, a limit
//! on its time and on what it may say, and an end for all of it when that is over.

mod live;
mod reading;

use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;
use zeroize::Zeroizing;

pub use live::Live;

use crate::config::children;
use crate::domain::Text;
use reading::{Heard, read};

/// How long output is waited for once the program has ended: it may have left something running that holds on to the pipes.
const GRACE: Duration = Duration::from_millis(300);
/// What is kept of its errors, in bytes.
const ERRORS_MAX: usize = 16 << 10;

/// Which of our variables it sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sees {
    /// Those that cannot hold a key: it is handed other people's words.
    Harmless,
    /// All but those that hold keys of ours: it is asked for one, and may need whatever opens a safe.
    AllButKeys,
}

/// What it may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Then it and what it started are stopped.
    pub time: Duration,
    /// Most bytes of its output that are kept; the rest is read and thrown away, so that it never waits for us.
    pub output: usize,
}

/// What a program that ended said.
#[derive(Debug)]
pub struct Ran {
    /// How it ended.
    pub status: ExitStatus,
    /// The beginning of its output; forgotten with this.
    pub out: Zeroizing<Vec<u8>>,
    /// It said more than was kept.
    pub more: bool,
    /// The beginning of its errors.
    pub err: Text,
}

impl Ran {
    /// The last line it said on standard error, scrubbed and short; empty where there is none.
    pub fn last_words(&self) -> Text {
        let last = self.err.as_str().lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
        Text::title(last).head(200)
    }
}

/// Why a program did not come to an end of its own.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// An empty argv.
    #[error("no program is named")]
    Nameless,
    /// It could not be started or waited for.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// It was stopped.
    #[error("it did not end within {}", crate::config::span::write(*.0))]
    TooLong(Duration),
}

/// The program of an argv with what it sees, for whoever gives it the terminal.
///
/// # Errors
/// [`Broken::Nameless`].
pub fn command(argv: &[String], sees: Sees) -> Result<Command, Broken> {
    let (program, rest) = argv.split_first().filter(|(program, _)| !program.is_empty()).ok_or(Broken::Nameless)?;
    let mut command = Command::new(program);
    command.args(rest).kill_on_drop(true);
    match sees {
        Sees::Harmless => drop(command.env_clear().envs(children::harmless())),
        Sees::AllButKeys => drop(children::without_keys(command.as_std_mut())),
    }
    Ok(command)
}

/// Runs it in the background, with `input` on its standard input, to its end. Whoever stops waiting stops it.
///
/// # Errors
/// It could not be started, or took longer than its limit: it and its children are stopped then.
pub async fn run(argv: &[String], sees: Sees, input: Option<&str>, limits: Limits) -> Result<Ran, Broken> {
    let mut child = command(argv, sees)?
        .stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()?;
    let mut group = Group(child.id().and_then(|id| Pid::from_raw(id.cast_signed())));
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let work = async {
        let feed = async {
            if let (Some(mut stdin), Some(input)) = (stdin, input) {
                // A program that does not care to read is fine.
                let _ = stdin.write_all(input.as_bytes()).await;
            }
        };
        let mut said = std::pin::pin!(async { tokio::join!(read(stdout, limits.output), read(stderr, ERRORS_MAX), feed) });
        let ended = tokio::select! {
            ended = child.wait() => ended,
            (out, err, ()) = &mut said => return (child.wait().await, out, err),
        };
        let (out, err, ()) = tokio::time::timeout(GRACE, said).await.unwrap_or_default();
        (ended, out, err)
    };
    let (ended, out, err) = tokio::time::timeout(limits.time, work).await.map_err(|_| Broken::TooLong(limits.time))?;
    // What it left running behind a good end is its own affair.
    group.0 = None;
    let Heard { bytes, more } = out;
    Ok(Ran { status: ended?, out: bytes, more, err: Text::body(String::from_utf8_lossy(&err.bytes).trim_end()) })
}

/// The program and what it started; they end with this.
struct Group(Option<Pid>);

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(group) = self.0 {
            let _ = rustix::process::kill_process_group(group, Signal::KILL);
        }
    }
}
