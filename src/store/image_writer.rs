//! Writes an image on a thread of its own while the engine goes on: it hands sections over as it gets to them.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};

use tokio::sync::oneshot;

use super::command::Command;
use super::disk::{self, Disk};
use super::drill;
use super::image::{self, ImageStamp};
use crate::error::Result;

/// Writes are put together up to this size.
const BUFFER: usize = 256 << 10;

enum Piece {
    Section(u32, Vec<u8>),
    Finish(oneshot::Sender<Result<()>>),
}

/// An image that is being written. Dropped before [`ImageWriter::finish`], nothing is left of it.
pub struct ImageWriter {
    pieces: Sender<Piece>,
    backlog: Arc<AtomicUsize>,
}

impl ImageWriter {
    /// Starts the thread. `store` hears of the image when it is durable; `failed` why it never will be.
    pub(super) fn begin(disk: Arc<dyn Disk>, dir: &Path, stamp: ImageStamp, schema: u32, store: Sender<Command>) -> ImageWriter {
        let (pieces, taken) = channel();
        let backlog = Arc::new(AtomicUsize::new(0));
        let job = Writing { disk, dir: dir.to_owned(), stamp, schema, store, backlog: backlog.clone() };
        // Without a thread the pieces are dropped, and `finish` says so.
        if let Err(error) = std::thread::Builder::new().name("juggler-image".into()).spawn(move || job.run(&taken)) {
            tracing::warn!(%error, "no thread for the image of the feed");
        }
        ImageWriter { pieces, backlog }
    }

    /// Hands a section over. Never blocks.
    pub fn section(&self, tag: u32, bytes: Vec<u8>) {
        let len = bytes.len();
        self.backlog.fetch_add(len, Ordering::SeqCst);
        if self.pieces.send(Piece::Section(tag, bytes)).is_err() {
            self.backlog.fetch_sub(len, Ordering::SeqCst);
        }
    }

    /// Bytes handed over and not written yet. Wait with the next section while this is large: it is memory.
    pub fn backlog(&self) -> usize {
        self.backlog.load(Ordering::SeqCst)
    }

    /// Makes it durable under its name; answers when it is. An error leaves the images there were.
    pub fn finish(self) -> oneshot::Receiver<Result<()>> {
        let (tx, rx) = oneshot::channel();
        let _ = self.pieces.send(Piece::Finish(tx));
        rx
    }
}

struct Writing {
    disk: Arc<dyn Disk>,
    dir: PathBuf,
    stamp: ImageStamp,
    schema: u32,
    store: Sender<Command>,
    backlog: Arc<AtomicUsize>,
}

impl Writing {
    fn run(self, pieces: &Receiver<Piece>) {
        let n = image::all(&self.dir).last().copied().unwrap_or(0) + 1;
        let path = image::path(&self.dir, n);
        let temp = temporary(&path);
        let mut answer = None;
        let written = self.write(pieces, &temp, &mut answer);
        let written = written.and_then(|whole| {
            if !whole {
                return Ok(false);
            }
            drill::point("image.written");
            // The rows must not be older than their image: the store makes them durable first.
            let (tx, rx) = std::sync::mpsc::channel();
            let _ = self.store.send(Command::FlushFor(self.stamp, tx));
            if !rx.recv().unwrap_or(false) {
                return Err(io::Error::other("its rows could not be made durable, or too much changed meanwhile"));
            }
            drill::point("image.flushed");
            self.disk.rename(&temp, &path)?;
            drill::point("image.named");
            self.disk.sync_dir(&self.dir)?;
            Ok(true)
        });
        if !matches!(written, Ok(true)) {
            let _ = self.disk.remove(&temp);
        }
        let done = written.map(drop).map_err(|e| disk::failed("Cannot write the image of the feed", &path, &e));
        if done.is_ok() && answer.is_some() {
            self.prune();
            let _ = self.store.send(Command::ImageDurable(self.stamp));
        }
        if let Some(answer) = answer {
            let _ = answer.send(done);
        }
    }

    /// Writes everything into `temp`; whether it was finished and not given up.
    fn write(&self, pieces: &Receiver<Piece>, temp: &Path, answer: &mut Option<oneshot::Sender<Result<()>>>) -> io::Result<bool> {
        let mut failed = None;
        let (mut out, seed) = image::head(&self.stamp, self.schema);
        let (mut sums, mut bytes) = (Vec::new(), 0);
        match self.disk.remove(temp) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => failed = Some(e),
            _ => {}
        }
        let mut file = None;
        if failed.is_none() {
            match self.disk.create(temp) {
                Ok(made) => file = Some(made),
                Err(e) => failed = Some(e),
            }
        }
        while let Ok(piece) = pieces.recv() {
            let (tag, content) = match piece {
                Piece::Section(tag, content) => (tag, content),
                Piece::Finish(tx) => {
                    *answer = Some(tx);
                    break;
                }
            };
            self.backlog.fetch_sub(content.len(), Ordering::SeqCst);
            let Some(file) = file.as_mut().filter(|_| failed.is_none()) else { continue };
            let number = u32::try_from(sums.len()).unwrap_or(u32::MAX);
            let (head, sum) = image::section_head(seed, number, tag, &content);
            out.extend_from_slice(&head);
            sums.push(sum);
            bytes += content.len() as u64;
            let written = if content.len() < BUFFER {
                out.extend_from_slice(&content);
                if out.len() < BUFFER { Ok(()) } else { disk::write_all(file.as_mut(), &out).map(|()| out.clear()) }
            } else {
                disk::write_all(file.as_mut(), &out).and_then(|()| {
                    out.clear();
                    disk::write_all(file.as_mut(), &content)
                })
            };
            failed = written.err();
        }
        match (failed, file) {
            (Some(e), _) => Err(e),
            (None, Some(mut file)) if answer.is_some() => {
                out.extend_from_slice(&image::end(seed, &sums, bytes));
                disk::write_all(file.as_mut(), &out)?;
                file.sync()?;
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// The two last are kept.
    fn prune(&self) {
        let there = image::all(&self.dir);
        for n in there.iter().rev().skip(2) {
            let _ = self.disk.remove(&image::path(&self.dir, *n));
        }
    }
}

fn temporary(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".tmp");
    path.with_file_name(name)
}
