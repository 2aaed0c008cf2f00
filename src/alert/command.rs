//! The person's own program: argv without a shell, the alert as JSON on its standard input, and nothing of ours in its environment.

use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;

use super::outlet::Parcel;
use super::payload::{self, Jobs};
use crate::config::children;
use crate::domain::Text;
use crate::error::{Class, Failure, Result};

/// How long it may take.
const LIMIT: Duration = Duration::from_secs(10);
/// How long its output is waited for once it has ended.
const GRACE: Duration = Duration::from_millis(300);
/// Most of what it prints that is read; the rest is thrown away while it is written.
const OUTPUT_CAP: usize = 16 << 10;

/// A program for alerts.
#[derive(Clone, Debug)]
pub struct Program {
    argv: Vec<String>,
    limit: Duration,
}

impl Program {
    /// A program by its argv; `None` when it is empty.
    pub fn new(argv: &[String]) -> Option<Program> {
        argv.first().filter(|name| !name.is_empty())?;
        Some(Program { argv: argv.to_vec(), limit: LIMIT })
    }

    /// With another time limit.
    #[must_use]
    pub fn with_limit(mut self, limit: Duration) -> Program {
        self.limit = limit;
        self
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.argv.first().map(String::as_str).unwrap_or_default()
    }

    /// Runs it once, hands it the bundle, and waits for its end. What it prints goes to the log.
    ///
    /// # Errors
    /// It could not be started, took too long (it and its children are stopped then), or ended with another status than 0.
    pub async fn run(&self, parcel: &Parcel) -> Result<String> {
        let mut input = payload::json(parcel, Jobs::Whole).to_string();
        input.push('\n');
        let (name, rest) = self.argv.split_first().ok_or_else(|| self.failed("it has no name"))?;
        let mut child = Command::new(name)
            .args(rest)
            .env_clear()
            .envs(children::harmless())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| self.failed(&error.to_string()))?;
        let group = child.id().and_then(|id| rustix::process::Pid::from_raw(id.cast_signed()));
        let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let work = async {
            let feed = async {
                if let Some(mut stdin) = stdin {
                    // A program that does not care to read is fine.
                    let _ = stdin.write_all(input.as_bytes()).await;
                }
            };
            let mut said = std::pin::pin!(async { tokio::join!(read(stdout), read(stderr), feed) });
            let ended = tokio::select! {
                ended = child.wait() => ended,
                (out, err, ()) = &mut said => return (child.wait().await, out, err),
            };
            // It may have left something running that holds on to the pipes.
            let (out, err, ()) = tokio::time::timeout(GRACE, said).await.unwrap_or_default();
            (ended, out, err)
        };
        let Ok((ended, out, err)) = tokio::time::timeout(self.limit, work).await else {
            // Its children may go on without it: the whole group goes.
            if let Some(group) = group {
                let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
            }
            return Err(self.failed(&format!("it did not end within {}", crate::config::span::write(self.limit))));
        };
        for (stream, text) in [("out", &out), ("err", &err)] {
            if !text.is_empty() {
                tracing::info!(program = name, stream, text = text.as_str(), "the alert command said");
            }
        }
        let status: ExitStatus = ended.map_err(|error| self.failed(&error.to_string()))?;
        if status.success() {
            return Ok(format!("{name} ended well"));
        }
        let last = err.as_str().lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let said = if last.is_empty() { String::new() } else { format!(" and said: {}", Text::title(last).head(200)) };
        Err(self.failed(&format!("it ended with {status}{said}")))
    }

    fn failed(&self, why: &str) -> Failure {
        Failure::new(Class::Refused, format!("the alert command {} failed", Text::title(self.name())))
            .why(why)
            .hint("check command in [alert]; juggler alert test runs it again")
    }
}

/// The beginning of what a stream says; all of it is read, so that the program never waits for us.
async fn read(stream: Option<impl AsyncRead + Unpin>) -> Text {
    let Some(mut stream) = stream else { return Text::default() };
    let (mut kept, mut piece) = (Vec::new(), [0; 4096]);
    while let Ok(n @ 1..) = stream.read(&mut piece).await {
        let room = OUTPUT_CAP - kept.len();
        kept.extend_from_slice(&piece[..n.min(room)]);
    }
    Text::body(String::from_utf8_lossy(&kept).trim_end())
}
