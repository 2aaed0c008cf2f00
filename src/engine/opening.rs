//! What the engine begins with: the store, and the feed as it was.

use std::collections::BTreeMap;
use std::path::Path;

use tokio::sync::mpsc;

use super::api::Sighting;
use super::asking::PROGRAMS;
use super::state::{KEPT, LEFT, LEFT_AT, Left};
use crate::assist::provider::program::Program;
use crate::domain::{Book, Job, JobKey, KeptFile, Text, Time};
use crate::error::{Class, Failure, Result};
use crate::feed::{Columns, IMAGE_VERSION, Judged, Loader};
use crate::store::{self, Ack, Image, Ready, Store};

/// A store that is open, and the feed it kept.
pub(super) struct Opened {
    pub store: Store,
    pub acks: mpsc::UnboundedReceiver<Ack>,
    pub book: Book,
    pub feed: Columns,
    pub cursors: BTreeMap<String, serde_json::Value>,
    pub mended: Vec<Text>,
    pub left: Left,
    /// When a session that ended without a word last showed the list.
    pub left_at: Option<Time>,
    pub sightings: Vec<Sighting>,
    /// The feed could not be read from an image.
    pub streamed: bool,
}

/// Opens the store. The image of the columns is read while the store's own files are opened; what changed since is put on it. Without
/// an image that fits, every job is read. Blocks.
///
/// # Errors
/// As [`store::begin`].
pub(super) fn open(dir: &Path, cap: u64, now: Time) -> Result<Opened> {
    // On a thread of its own: whoever waits here may not wait inside of a runtime.
    let opened = std::thread::scope(|scope| scope.spawn(|| open_here(dir, cap, now)).join());
    opened.unwrap_or_else(|_| Err(broke()))
}

/// A bug, and no harm to the files that is known of.
fn broke() -> Failure {
    Failure::new(Class::Internal, "a bug ended the opening of the store")
        .why("juggler met something that it was not made for")
        .hint("`juggler store verify` looks at the files; please send the report")
}

fn open_here(dir: &Path, cap: u64, now: Time) -> Result<Opened> {
    let (acks_in, mut acks) = mpsc::unbounded_channel();
    let begun = store::begin(dir, acks_in, store::Options { cap, ..store::Options::default() })?;
    // While the image is read.
    let lines = store::feed_log::load(dir, KEPT);
    let sightings = lines.iter().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let image = begun.image.blocking_recv().ok().flatten();
    let pictured = image.and_then(|image| columns(image, now));
    let Ready { mut cursors, changed, mended, .. } = ready(&mut acks)?;
    let left = cursors.remove(LEFT).and_then(|left| serde_json::from_value(left).ok()).unwrap_or_default();
    let left_at = cursors.remove(LEFT_AT).and_then(|at| serde_json::from_value(at).ok());
    let (mut feed, picked) = match (pictured, changed) {
        (Some(feed), Some(changed)) => (feed, Some(changed)),
        _ => (Columns::new(now), None),
    };
    let streamed = picked.is_none();
    put(&begun.store, &mut feed, picked, now);
    sweep(dir, &begun.book);
    Ok(Opened {
        store: begun.store,
        acks,
        book: begun.book,
        feed,
        cursors,
        mended: begun.mended.into_iter().chain(mended).collect(),
        left,
        left_at,
        sightings,
        streamed,
    })
}

/// Attachments that a crash left behind go, beside all else.
fn sweep(dir: &Path, book: &Book) {
    let hashes = |file: &KeptFile| [Some(file.sha256.clone()), file.text.as_ref().map(|text| text.sha256.clone())];
    let named = book.kept.values().flat_map(hashes).flatten().collect();
    let dir = dir.to_owned();
    std::thread::spawn(move || {
        store::sweep_attachments(&dir, &named);
        Program::sweep(&dir.join(PROGRAMS));
    });
}

fn ready(acks: &mut mpsc::UnboundedReceiver<Ack>) -> Result<Ready> {
    loop {
        match acks.blocking_recv() {
            Some(Ack::Opened(ready)) => return *ready,
            Some(Ack::Broke) => return Err(broke()),
            Some(_) => {}
            None => return Err(Failure::new(Class::Store, "the store stopped while it was opened")),
        }
    }
}

fn columns(image: Image, now: Time) -> Option<Columns> {
    if image.schema != IMAGE_VERSION {
        return None;
    }
    let mut loader = Loader::default();
    let mut read = || -> std::io::Result<()> {
        for section in image.sections()? {
            let section = section?;
            loader.take(section.tag, &section.bytes).map_err(std::io::Error::other)?;
        }
        Ok(())
    };
    match read().and_then(|()| loader.finish(now).map_err(std::io::Error::other)) {
        Ok(columns) => Some(columns),
        Err(error) => {
            tracing::warn!(%error, "every job is read instead");
            None
        }
    }
}

/// Puts jobs of the store into the columns: all of them, or those that changed; of these, what is not there any more goes.
fn put(store: &Store, feed: &mut Columns, changed: Option<Vec<JobKey>>, now: Time) {
    let mut gone: std::collections::HashSet<JobKey> = changed.iter().flatten().cloned().collect();
    if changed.as_ref().is_some_and(Vec::is_empty) {
        return;
    }
    let mut stream = store.stream_jobs(changed);
    while let Some(piece) = stream.blocking_next() {
        for job in piece.decode() {
            gone.remove(&job.key);
            enter(feed, &job, now);
        }
    }
    for key in gone {
        feed.remove(key.as_str());
    }
}

/// A stored job as it is: nothing about it is news.
pub(super) fn enter(feed: &mut Columns, job: &Job, now: Time) {
    feed.remove(job.key.as_str());
    let mut job = job.clone();
    // The rules of today read what the rules of yesterday may have missed.
    job.signs = crate::domain::shield::signs(&job);
    feed.upsert(&job, &Judged::default(), now);
}
