//! Keeps what is typed: a task of its own that saves drafts through the engine, so that neither a stuck screen nor a lost
//! terminal costs a word.
//!
//! A change is saved at most half a second after it was made, also while typing goes on; [`Keeper::flush`] saves at once.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use super::message::Message;
use crate::domain::draft::{Cause, FileItem};
use crate::domain::{AssignmentId, Origins, Text};
use crate::engine::Handle;
use crate::engine::api::{Reply, Request};
use crate::error::{Class, Failure, Result};

/// A change waits this long at most.
const WAIT: Duration = Duration::from_millis(400);
/// A save that failed is tried again after this.
const RETRY: Duration = Duration::from_secs(2);

/// A text to be kept.
#[derive(Clone, Debug)]
struct Edit {
    text: Text,
    origins: Origins,
    cause: Cause,
}

#[derive(Debug)]
enum Keep {
    Edit { assignment: AssignmentId, edit: Edit },
    Files { assignment: AssignmentId, files: Vec<FileItem> },
    Hold { assignment: AssignmentId, on: bool },
    Flush { done: oneshot::Sender<Result<()>> },
}

/// The way to the keeper. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Keeper {
    to: mpsc::UnboundedSender<Keep>,
}

impl Keeper {
    /// Starts the task. Results go to `tell` too.
    pub fn start(handle: Handle, tell: mpsc::UnboundedSender<Message>) -> Keeper {
        let (to, from) = mpsc::unbounded_channel();
        let task = Task {
            handle,
            tell,
            from,
            texts: BTreeMap::new(),
            files: BTreeMap::new(),
            held: BTreeSet::new(),
            due: None,
            waiting: Vec::new(),
        };
        tokio::spawn(task.run());
        Keeper { to }
    }

    /// The latest text of a draft, and where it came from.
    pub fn edit(&self, assignment: AssignmentId, text: Text, origins: Origins, cause: Cause) {
        let _ = self.to.send(Keep::Edit { assignment, edit: Edit { text, origins, cause } });
    }

    /// The files that belong to a draft, as the engine last told.
    pub fn files(&self, assignment: AssignmentId, files: Vec<FileItem>) {
        let _ = self.to.send(Keep::Files { assignment, files });
    }

    /// Waits with this draft while the engine changes its files.
    pub fn hold(&self, assignment: AssignmentId, on: bool) {
        let _ = self.to.send(Keep::Hold { assignment, on });
    }

    /// Saves everything at once; answers when all of it is durable, or with the first failure.
    pub fn flush(&self) -> oneshot::Receiver<Result<()>> {
        let (done, answer) = oneshot::channel();
        let _ = self.to.send(Keep::Flush { done });
        answer
    }
}

struct Task {
    handle: Handle,
    tell: mpsc::UnboundedSender<Message>,
    from: mpsc::UnboundedReceiver<Keep>,
    texts: BTreeMap<AssignmentId, Edit>,
    files: BTreeMap<AssignmentId, Vec<FileItem>>,
    held: BTreeSet<AssignmentId>,
    due: Option<Instant>,
    waiting: Vec<oneshot::Sender<Result<()>>>,
}

impl Task {
    async fn run(mut self) {
        loop {
            let due = self.due;
            let timer = async move {
                match due {
                    Some(at) => tokio::time::sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                keep = self.from.recv() => match keep {
                    Some(keep) => self.take(keep),
                    None => {
                        let _ = self.save(true).await;
                        return;
                    }
                },
                () = timer => {
                    self.due = None;
                    // A failure was told to the screen, and the text waits for the next try.
                    let _ = self.save(false).await;
                }
            }
            if !self.waiting.is_empty() {
                // Everything said before the flush counts.
                while let Ok(keep) = self.from.try_recv() {
                    self.take(keep);
                }
                let result = self.save(true).await;
                for done in std::mem::take(&mut self.waiting) {
                    let _ = done.send(result.clone());
                }
            }
        }
    }

    fn take(&mut self, keep: Keep) {
        match keep {
            Keep::Edit { assignment, edit } => {
                self.texts.insert(assignment, edit);
                self.due.get_or_insert_with(|| Instant::now() + WAIT);
            }
            Keep::Files { assignment, files } => {
                self.files.insert(assignment, files);
            }
            Keep::Hold { assignment, on: true } => {
                self.held.insert(assignment);
            }
            Keep::Hold { assignment, on: false } => {
                self.held.remove(&assignment);
                if self.texts.contains_key(&assignment) {
                    self.due.get_or_insert_with(|| Instant::now() + WAIT);
                }
            }
            Keep::Flush { done } => self.waiting.push(done),
        }
    }

    /// Saves what waits; `all`: also what is held. Texts that could not be saved stay, and are tried again.
    async fn save(&mut self, all: bool) -> Result<()> {
        let mut first = Ok(());
        let ready: Vec<AssignmentId> = self.texts.keys().filter(|id| all || !self.held.contains(*id)).cloned().collect();
        for assignment in ready {
            let Some(edit) = self.texts.remove(&assignment) else { continue };
            let Edit { text, origins, cause } = edit.clone();
            let files = self.files.get(&assignment).cloned().unwrap_or_default();
            let request =
                Request::SaveDraft { assignment: assignment.clone(), text: text.clone(), files, cause, origins: Some(origins) };
            let result = match self.handle.ask(request).await {
                Ok(Reply::Saved { draft, .. }) => Ok(*draft),
                Ok(_) => Err(Failure::new(Class::Internal, "the engine gave a strange answer to a save")),
                Err(failure) => Err(failure),
            };
            if let Err(failure) = &result {
                // A draft that may not be changed any more is not tried for ever; a disk that is full is.
                if !matches!(failure.class, Class::Refused | Class::NotFound | Class::Usage) {
                    self.texts.entry(assignment.clone()).or_insert(edit);
                    self.due = Some(Instant::now() + RETRY);
                }
                if first.is_ok() {
                    first = Err(failure.clone());
                }
            }
            let _ = self.tell.send(Message::Kept { assignment, text, result: Box::new(result) });
        }
        first
    }
}
