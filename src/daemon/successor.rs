//! The process that runs an engine on when this one lets go of it: a daemon, started from here, that waits for the store.

use std::process::Stdio;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::config::Config;
use crate::error::{Class, Failure, Result};

/// A large store takes seconds to close and to open.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a daemon says once it serves, as one JSON object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Serving {
    /// Its process.
    pub pid: u32,
    /// Where it listens.
    pub socket: String,
    /// What it holds.
    pub data: String,
}

impl Serving {
    /// A daemon that serves the engine of `config` in this process.
    pub fn of(config: &Config, pid: u32) -> Serving {
        let shown = |path: &std::path::Path| path.display().to_string();
        Serving { pid, socket: shown(&config.paths.socket), data: shown(&config.paths.data) }
    }
}

/// A daemon that was started and may still wait for the store.
pub struct Successor {
    child: Child,
}

impl Successor {
    /// Starts it, in a session of its own. With `after` it waits until that process let go of the store.
    ///
    /// # Errors
    /// When no process can be started.
    pub fn start(config: &Config, after: Option<u32>) -> Result<Successor> {
        let cannot = || Failure::new(Class::Internal, "the engine cannot go on without a terminal");
        let program = std::env::current_exe().map_err(|why| cannot().why(why))?;
        let mut command = Command::new(program);
        if config.paths.config_file.exists() {
            command.arg("--config").arg(&config.paths.config_file);
        }
        command.arg("--data-dir").arg(&config.paths.data).args(["--json", "daemon", "--detached"]);
        if let Some(pid) = after {
            command.arg("--after").arg(pid.to_string());
        }
        // It must not keep anything of ours busy: not the folder, not the terminal.
        command.current_dir("/").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().map_err(|why| cannot().why(why).hint("is the process limit reached?"))?;
        Ok(Successor { child })
    }

    /// Waits until it serves.
    ///
    /// # Errors
    /// What kept it from that.
    pub async fn ready(mut self) -> Result<Serving> {
        let gone = || Failure::new(Class::Internal, "the daemon did not start").hint("`juggler daemon` shows why");
        let (Some(out), Some(mut err)) = (self.child.stdout.take(), self.child.stderr.take()) else { return Err(gone()) };
        let mut line = String::new();
        let read = async { BufReader::new(out).read_line(&mut line).await };
        match tokio::time::timeout(PATIENCE, read).await {
            Ok(Ok(1..)) => serde_json::from_str(&line).map_err(|why| gone().why(why)),
            Ok(_) => {
                let mut said = String::new();
                let _ = err.read_to_string(&mut said).await;
                #[derive(Deserialize)]
                struct Said {
                    error: Failure,
                }
                match serde_json::from_str::<Said>(said.trim()) {
                    Ok(Said { error }) => Err(error),
                    Err(_) => Err(gone().why(said.trim())),
                }
            }
            Err(_) => Err(gone().why(format!("it does not answer after {} s", PATIENCE.as_secs()))),
        }
    }
}
