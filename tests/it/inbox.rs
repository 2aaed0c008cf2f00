//! Inboxes: files that any script may write jobs to.

mod adapter;
mod command;
mod engine;
mod folder;
mod generate;

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use juggler::config::SourceConfig;
use juggler::domain::{Job, SourceName, Time};
use juggler::platforms::{Cursor, Outcome, Page, Platform, connect};
use serde_json::json;

/// A folder with an inbox in it, read as the engine reads it.
struct Desk {
    dir: tempfile::TempDir,
    platform: Arc<dyn Platform>,
    cursor: Cursor,
}

impl Desk {
    fn at(name: &str) -> Desk {
        let dir = tempfile::tempdir().unwrap();
        let source = SourceConfig::inbox(SourceName::new("mine"), dir.path().join(name));
        let platform = connect(&source, dir.path()).unwrap();
        Desk { dir, platform, cursor: Cursor::Null }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    /// Beside, then renamed: a new inode, whole at once.
    fn replace(&self, name: &str, text: &str) {
        fs::write(self.path(".new"), text).unwrap();
        fs::rename(self.path(".new"), self.path(name)).unwrap();
    }

    fn append(&self, name: &str, text: &str) {
        append(&self.path(name), text);
    }

    /// The same account after a restart: the cursor is kept, the memory is not.
    fn restart(&mut self, name: &str) {
        let source = SourceConfig::inbox(SourceName::new("mine"), self.path(name));
        self.platform = connect(&source, self.dir.path()).unwrap();
    }

    async fn ask(&mut self, now: Time) -> Outcome<Page<Job>> {
        let outcome = self.platform.jobs(&self.cursor, now).await.outcome;
        if let Outcome::Done(page) = &outcome {
            self.cursor = page.next.clone();
        }
        outcome
    }

    /// One page.
    async fn page(&mut self) -> Page<Job> {
        match self.ask(chrono::Utc::now()).await {
            Outcome::Done(page) => page,
            other => panic!("{other:?}"),
        }
    }

    async fn is_same(&mut self) -> bool {
        matches!(self.ask(chrono::Utc::now()).await, Outcome::Same)
    }
}

fn append(path: &Path, text: &str) {
    OpenOptions::new().create(true).append(true).open(path).unwrap().write_all(text.as_bytes()).unwrap();
}

/// A line for job `id`.
fn line(id: &str, title: &str) -> String {
    format!("{}\n", json!({ "id": id, "title": title }))
}

fn natives(page: &Page<Job>) -> Vec<&str> {
    page.items.iter().map(|job| job.key.native()).collect()
}
