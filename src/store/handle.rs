//! The handle on the store's thread: everything others ask of it. Nothing here blocks but [`Store::close`].

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc as std_mpsc;

use tokio::sync::{mpsc, oneshot};

use super::command::Command;
use super::image::ImageStamp;
use super::image_writer::ImageWriter;
use super::pending::PutJob;
use super::roll::{Keep, Rolled};
use super::stream::{BriefSearch, JobStream, Needle, Which};
use super::{Ack, Disk, Stats};
use crate::domain::{Entry, Job, JobKey, SourceName, Text};
use crate::error::{Class, Failure, Result};

/// The handle on the store's thread. Dropping it (or `close`) flushes and ends the thread.
pub struct Store {
    pub(super) commands: std_mpsc::Sender<Command>,
    pub(super) acks: mpsc::UnboundedSender<Ack>,
    pub(super) thread: Option<std::thread::JoinHandle<()>>,
    pub(super) dir: PathBuf,
    pub(super) disk: Arc<dyn Disk>,
    pub(super) backlog: Arc<AtomicUsize>,
}

impl Store {
    /// Appends, fsyncs, applies to sled, then acknowledges. Never blocks.
    pub fn commit(&self, batch: u64, entries: Vec<Entry>) {
        if self.commands.send(Command::Commit(batch, entries)).is_err() {
            let _ = self.acks.send(Ack::Failed { batch, failure: gone() });
        }
    }

    /// Caches jobs as they now are. Not durable before the next flush; the platforms list them again. What would change nothing but
    /// when a job was last listed is not written.
    pub fn put_jobs<J: Into<PutJob>>(&self, jobs: Vec<J>) {
        let jobs: Vec<PutJob> = jobs.into_iter().map(Into::into).collect();
        self.backlog.fetch_add(jobs.len(), Ordering::SeqCst);
        self.tell(Command::PutJobs(jobs));
    }

    /// Jobs that were put and are not in sled yet: they are memory. Whoever can wait with more does so above some ten thousand.
    pub fn backlog(&self) -> usize {
        self.backlog.load(Ordering::SeqCst)
    }

    /// A whole job; what was put before is seen. Answered before any bulk of writing, and once the cache is open.
    pub fn read_job(&self, key: JobKey) -> oneshot::Receiver<Option<Job>> {
        let (tx, rx) = oneshot::channel();
        self.tell(Command::ReadJob(key, tx));
        rx
    }

    /// Whole jobs in the order asked for. For a window's worth of them; for thousands there is [`Store::stream_jobs`].
    pub fn read_jobs(&self, keys: Vec<JobKey>) -> oneshot::Receiver<Vec<Option<Job>>> {
        let (tx, rx) = oneshot::channel();
        self.tell(Command::ReadJobs(keys, tx));
        rx
    }

    /// Whole jobs, piece by piece: all of them, or those of `keys`. What was put before is in it.
    pub fn stream_jobs(&self, keys: Option<Vec<JobKey>>) -> JobStream {
        JobStream::new(self.commands.clone(), which(keys))
    }

    /// The keys of jobs whose brief passes `needle`, piece by piece: among all of them, or those of `keys`. `needle` runs on the store's
    /// thread and must be quick.
    pub fn search_briefs(&self, needle: Needle, keys: Option<Vec<JobKey>>) -> BriefSearch {
        BriefSearch::new(self.commands.clone(), which(keys), needle)
    }

    /// The stamp for an image that is begun now: everything put before is in it, and from here on changes are written down. `None`: no
    /// image is possible, since there is no cache to compare it with.
    pub fn image_stamp(&self) -> oneshot::Receiver<Option<ImageStamp>> {
        let (tx, rx) = oneshot::channel();
        self.tell(Command::ImageStamp(tx));
        rx
    }

    /// Begins an image with that stamp; `schema` is the version of what will be in its sections.
    pub fn begin_image(&self, stamp: ImageStamp, schema: u32) -> ImageWriter {
        ImageWriter::begin(self.disk.clone(), &self.dir, stamp, schema, self.commands.clone())
    }

    /// Writes the rows that `keep` names into a folder of the next generation, in the background, and gives the space of the others back.
    /// Until it is done reads may still give a row that is to go; jobs put meanwhile stay. [`Ack::Rolled`] tells it as well.
    pub fn roll_generation(&self, keep: Keep) -> oneshot::Receiver<Result<Rolled>> {
        let (tx, rx) = oneshot::channel();
        self.tell(Command::Roll(keep, tx));
        rx
    }

    /// [`Store::roll_generation`] without these jobs: for more of them than [`Store::drop_jobs`] should take.
    pub fn drop_many(&self, keys: BTreeSet<JobKey>) -> oneshot::Receiver<Result<Rolled>> {
        self.roll_generation(Keep::AllBut(Arc::new(keys)))
    }

    /// Drops jobs from the cache. sled keeps their space until the next generation: see [`Store::drop_many`].
    pub fn drop_jobs(&self, keys: Vec<JobKey>) {
        self.tell(Command::DropJobs(keys));
    }

    /// Keeps a cursor under `source/list`.
    pub fn put_cursor(&self, name: String, cursor: serde_json::Value) {
        self.tell(Command::PutCursor(name, cursor));
    }

    /// Adds lines to the log of the feed, in the order handed in. `lines` runs on the store's thread; none has a line break in it.
    pub fn log(&self, lines: Box<dyn FnOnce() -> Vec<String> + Send>) {
        self.tell(Command::Log(lines));
    }

    /// Sizes; answered by the store's thread.
    pub fn stats(&self) -> oneshot::Receiver<Stats> {
        let (tx, rx) = oneshot::channel();
        self.tell(Command::Stats(tx));
        rx
    }

    /// Reads journal and sled again and compares them; answers with findings and the number of records.
    pub fn verify(&self) -> oneshot::Receiver<Result<(Vec<Text>, u64)>> {
        let (tx, rx) = oneshot::channel();
        self.tell(Command::Verify(tx));
        rx
    }

    /// Writes a logical backup (JSON Lines) to a new file.
    pub fn backup(&self, to: PathBuf) -> oneshot::Receiver<Result<()>> {
        let (tx, rx) = oneshot::channel();
        self.tell(Command::Backup(to, tx));
        rx
    }

    /// Writes a checkpoint of the work journal and begins it anew; by itself this happens when the file is over 16 MiB.
    pub fn compact(&self) -> oneshot::Receiver<Result<()>> {
        let (tx, rx) = oneshot::channel();
        self.tell(Command::Compact(tx));
        rx
    }

    /// Flushes everything and ends the thread; returns when it is done.
    pub fn close(mut self) {
        self.end();
    }

    // Answers' senders die with the command when the thread is gone, which is what the receivers then hear.
    fn tell(&self, command: Command) {
        let _ = self.commands.send(command);
    }

    fn end(&mut self) {
        self.tell(Command::Close);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.end();
    }
}

fn which(keys: Option<Vec<JobKey>>) -> Which {
    keys.map_or(Which::All, |keys| Which::Keys(keys.into()))
}

fn gone() -> Failure {
    Failure::new(Class::Internal, "The store is closed").hint("Start Juggler again; everything confirmed so far is saved.")
}

/// For a source's cursor.
pub fn cursor_name(source: &SourceName, list: &str) -> String {
    format!("{source}/{list}")
}
