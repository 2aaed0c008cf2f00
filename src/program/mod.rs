//! Programs of the person's own: argv without a shell, JSON on their standard input, nothing of ours in their environment, a limit
//! on their time and on what they may say.

mod payload;

use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;

use crate::config::{OwnCommand, children};
use crate::domain::Text;
use crate::error::{Class, Failure, Result};
pub use payload::{assignment, draft, job};

/// How long output is waited for once the program has ended: it may have left something running that holds on to the pipes.
const GRACE: Duration = Duration::from_millis(300);
/// What a program may say, in bytes: as much as a draft may hold.
pub const OUTPUT_MAX: usize = 8 << 20;
const ERRORS_MAX: usize = 16 << 10;

fn failed(name: &str, why: impl std::fmt::Display) -> Failure {
    Failure::new(Class::Refused, format!("the command {name} failed")).why(why).hint("look at its [[command]] in the config")
}

fn command(own: &OwnCommand) -> Result<Command> {
    let (program, rest) = own.argv.split_first().ok_or_else(|| failed(&own.name, "no program is named"))?;
    let mut command = Command::new(program);
    command.args(rest).env_clear().envs(children::harmless()).kill_on_drop(true);
    Ok(command)
}

/// Runs it in the background with `input` on its standard input; what it said, scrubbed.
///
/// # Errors
/// It could not be started, took longer than its limit (it and its children are stopped then), said too much or no UTF-8, or ended
/// with another status than 0: then its last line on standard error is the reason.
pub async fn run(own: &OwnCommand, input: String) -> Result<Text> {
    let mut child = command(own)?
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
        .map_err(|error| failed(&own.name, error))?;
    let group = child.id().and_then(|id| rustix::process::Pid::from_raw(id.cast_signed()));
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let work = async {
        let feed = async {
            if let Some(mut stdin) = stdin {
                // A program that does not care to read is fine.
                let _ = stdin.write_all(input.as_bytes()).await;
            }
        };
        let mut said = std::pin::pin!(async { tokio::join!(read(stdout, OUTPUT_MAX), read(stderr, ERRORS_MAX), feed) });
        let ended = tokio::select! {
            ended = child.wait() => ended,
            (out, err, ()) = &mut said => return (child.wait().await, out, err),
        };
        let (out, err, ()) = tokio::time::timeout(GRACE, said).await.unwrap_or_default();
        (ended, out, err)
    };
    let Ok((ended, out, err)) = tokio::time::timeout(own.limit, work).await else {
        // Its children may go on without it: the whole group goes.
        if let Some(group) = group {
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        return Err(failed(&own.name, format!("it did not end within {}", crate::config::span::write(own.limit))));
    };
    let status = ended.map_err(|error| failed(&own.name, error))?;
    ended_well(own, status, &Text::body(String::from_utf8_lossy(&err.0).trim_end()))?;
    if out.1 {
        return Err(failed(&own.name, format!("it said more than {} MiB", OUTPUT_MAX >> 20)));
    }
    let said = String::from_utf8(out.0).map_err(|_| failed(&own.name, "what it said is not text in UTF-8"))?;
    Ok(Text::own(&said))
}

/// Gives it the terminal, which must be free, with `input` in a private file whose path is its last argument: its standard input
/// is the terminal.
///
/// # Errors
/// As [`run`].
pub async fn run_on_terminal(own: &OwnCommand, input: &str) -> Result<()> {
    use std::io::Write;
    let cannot = |error: std::io::Error| failed(&own.name, error);
    let mut file = tempfile::Builder::new().prefix("juggler-").suffix(".json").tempfile().map_err(cannot)?;
    file.write_all(input.as_bytes()).and_then(|()| file.flush()).map_err(cannot)?;
    let status = command(own)?.arg(file.path()).status().await.map_err(cannot)?;
    ended_well(own, status, &Text::default())
}

fn ended_well(own: &OwnCommand, status: ExitStatus, err: &Text) -> Result<()> {
    if status.success() {
        return Ok(());
    }
    let how = status.code().map_or_else(|| status.to_string(), |code| format!("exit code {code}"));
    let last = err.as_str().lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let said = if last.is_empty() { String::new() } else { format!(": {}", Text::title(last).head(200)) };
    Err(failed(&own.name, format!("{how}{said}")))
}

/// The beginning of what a stream says, and whether there was more; all of it is read, so that the program never waits for us.
async fn read(stream: Option<impl AsyncRead + Unpin>, most: usize) -> (Vec<u8>, bool) {
    let Some(mut stream) = stream else { return Default::default() };
    let (mut kept, mut more, mut piece) = (Vec::new(), false, [0; 4096]);
    while let Ok(n @ 1..) = stream.read(&mut piece).await {
        let room = most - kept.len();
        more |= n > room;
        kept.extend_from_slice(&piece[..n.min(room)]);
    }
    (kept, more)
}
