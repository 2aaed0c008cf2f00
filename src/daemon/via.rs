//! An engine on another machine, behind a command that carries standard input and output there, such as `ssh host`.

use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use super::client::{self, Connection, Greeting};
use super::front::Front;
use crate::config::children::without_keys;
use crate::domain::Text;
use crate::error::{Class, Failure, Result};

/// Words that the command said last, to be told when it fails.
const LAST_WORDS: usize = 3;

/// The command, and the program there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Via {
    words: Vec<String>,
}

impl Via {
    /// `command` as a shell would split it, with `program` (and its flags) to run over there.
    ///
    /// # Errors
    /// When either is empty or has an open quotation mark.
    pub fn parse(command: &str, program: &str) -> Result<Via> {
        let split = |raw: &str, what: &str| {
            shell_words::split(raw).ok().filter(|words| !words.is_empty()).ok_or_else(|| {
                Failure::new(Class::Usage, format!("{what} \"{raw}\" is no command line"))
                    .why("it is empty, or a quotation mark is open")
                    .hint("for example: juggler attach --via \"ssh me@host\"")
            })
        };
        let mut words = split(command, "--via")?;
        words.extend(split(program, "--program")?);
        words.extend(["attach", "--stdio"].map(str::to_owned));
        Ok(Via { words })
    }

    /// Runs the command and greets the engine behind it. `again`: nobody is asked for a password, since a terminal is drawn.
    ///
    /// # Errors
    /// With what the command said last.
    pub async fn dial(&self, front: &Front, again: bool) -> Result<Connection> {
        let mut command = Command::new(&self.words[0]);
        without_keys(command.as_std_mut());
        command.args(&self.words[1..]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        if again {
            // OpenSSH then asks a program that never answers, instead of the terminal.
            command.env("SSH_ASKPASS_REQUIRE", "force").env("SSH_ASKPASS", "false");
        }
        let cannot = || Failure::new(Class::Platform, format!("`{}` does not lead to an engine", self.words.join(" ")));
        let mut child = command.spawn().map_err(|why| cannot().why(why).hint("is the command installed? try it by hand"))?;
        let (Some(read), Some(write), Some(errors)) = (child.stdout.take(), child.stdin.take(), child.stderr.take()) else {
            return Err(cannot());
        };
        let (said_in, said) = tokio::sync::watch::channel(Vec::<String>::new());
        tokio::spawn(async move {
            let mut lines = BufReader::new(errors).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                said_in.send_modify(|said| {
                    said.push(Text::title(line.trim()).as_str().to_owned());
                    let more = said.len().saturating_sub(LAST_WORDS);
                    said.drain(..more);
                });
            }
        });
        match client::greet(Box::new(read), Box::new(write), front, true).await {
            Ok(connection) => {
                tokio::spawn(outlive(child));
                Ok(connection)
            }
            Err(Greeting::Refused(failure)) => Err(failure),
            Err(Greeting::Silent) => {
                let ended = child.wait().await.map(|status| status.to_string()).unwrap_or_default();
                // The last words may come a moment after the end of the first pipe.
                let mut said = said;
                while said.changed().await.is_ok() {}
                let words = said.borrow().join("; ");
                let why = if words.is_empty() { ended } else { words };
                Err(cannot().why(why).hint("run it by hand to see why; --program names juggler over there"))
            }
        }
    }
}

/// Waits for the command's end, so that it leaves no zombie. It ends when its pipes close.
async fn outlive(mut child: Child) {
    let _ = child.wait().await;
}
