//! A program whose words are read while it runs.

use std::process::{ExitStatus, Stdio};

use rustix::process::{Pid, Resource, Rlimit};
use tokio::io::AsyncWriteExt;
use tokio::process::{Child, ChildStderr, ChildStdout, Command};
use tokio::task::JoinHandle;

use super::{Broken, Group};

/// It and everything that it started end with this.
pub struct Live {
    child: Child,
    pid: Option<Pid>,
    _group: Group,
    feed: JoinHandle<()>,
    /// What it says.
    pub out: Option<ChildStdout>,
    /// What it complains of.
    pub err: Option<ChildStderr>,
}

impl Live {
    /// Starts it with `input` on its standard input.
    ///
    /// # Errors
    /// It could not be started.
    pub fn start(mut command: Command, input: Vec<u8>) -> Result<Live, Broken> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0).kill_on_drop(true);
        let mut child = command.spawn()?;
        let pid = child.id().and_then(|id| Pid::from_raw(id.cast_signed()));
        let (stdin, out, err) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let feed = tokio::spawn(async move {
            if let Some(mut stdin) = stdin {
                // A program that does not care to read is fine.
                let _ = stdin.write_all(&input).await;
            }
        });
        Ok(Live { child, pid, _group: Group(pid), feed, out, err })
    }

    /// No file that it writes from now on gets larger than so many bytes.
    pub fn limit_files(&self, bytes: u64) {
        if self.pid.is_some() {
            let limit = Rlimit { current: Some(bytes), maximum: Some(bytes) };
            let _ = rustix::process::prlimit(self.pid, Resource::Fsize, limit);
        }
    }

    /// Waits for its end.
    ///
    /// # Errors
    /// The system does not tell.
    pub async fn wait(&mut self) -> std::io::Result<ExitStatus> {
        self.child.wait().await
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.feed.abort();
    }
}
