//! Programs of the person's own: they are handed JSON, and what they say is scrubbed and told.

mod payload;

use std::process::ExitStatus;

use crate::child::{self, Limits, Sees};
use crate::config::OwnCommand;
use crate::domain::Text;
use crate::error::{Class, Failure, Result};
pub use payload::{assignment, draft, job};

/// What a program may say, in bytes: as much as a draft may hold.
pub const OUTPUT_MAX: usize = 8 << 20;

fn failed(name: &str, why: impl std::fmt::Display) -> Failure {
    Failure::new(Class::Refused, format!("the command {name} failed")).why(why).hint("look at its [[command]] in the config")
}

/// Runs it in the background with `input` on its standard input; what it said, scrubbed.
///
/// # Errors
/// It could not be started, took longer than its limit (it and its children are stopped then), said too much or no UTF-8, or ended
/// with another status than 0: then its last line on standard error is the reason.
pub async fn run(own: &OwnCommand, input: String) -> Result<Text> {
    let limits = Limits { time: own.limit, output: OUTPUT_MAX };
    let ran = child::run(&own.argv, Sees::Harmless, Some(&input), limits).await.map_err(|why| failed(&own.name, why))?;
    ended_well(own, ran.status, &ran.last_words())?;
    if ran.more {
        return Err(failed(&own.name, format!("it said more than {} MiB", OUTPUT_MAX >> 20)));
    }
    let said = std::str::from_utf8(&ran.out).map_err(|_| failed(&own.name, "what it said is not text in UTF-8"))?;
    Ok(Text::own(said))
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
    let mut program = child::command(&own.argv, Sees::Harmless).map_err(|why| failed(&own.name, why))?;
    let status = program.arg(file.path()).status().await.map_err(cannot)?;
    ended_well(own, status, &Text::default())
}

fn ended_well(own: &OwnCommand, status: ExitStatus, last: &Text) -> Result<()> {
    if status.success() {
        return Ok(());
    }
    let how = status.code().map_or_else(|| status.to_string(), |code| format!("exit code {code}"));
    let said = if last.is_empty() { String::new() } else { format!(": {last}") };
    Err(failed(&own.name, format!("{how}{said}")))
}
