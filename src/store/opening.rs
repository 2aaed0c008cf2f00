//! Puts the store together: lock and journal at once, the image and sled on threads of their own.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::mpsc as std_mpsc;
use std::time::Instant;

use tokio::sync::{mpsc, oneshot};

use super::ballast::Ballast;
use super::command::Command;
use super::disk::Disk;
use super::drill;
use super::feed_log::FeedLog;
use super::image::{Image, ImageStamp, read_image};
use super::journal::{Journal, Loaded};
use super::lock;
use super::migrate;
use super::open_cache::{self, Feed, Opening};
use super::worker::Worker;
use super::{Ack, Begun, Options, Store};
use crate::domain::Text;
use crate::error::{Class, Failure, Result};

/// Opens what saves need.
pub fn begin(dir: &Path, acks: mpsc::UnboundedSender<Ack>, options: Options) -> Result<Begun> {
    let lock = lock::take(dir)?;
    drill::point("open.locked");
    let compact_at = drill::compact_at().unwrap_or(options.compact_at);
    let options = Options { compact_at, ..options };
    migrate::refuse_newer(dir)?;
    let (image, image_stamp) = look_for_image(dir, &options);
    let mut ballast = Ballast::new(dir, options.ballast);
    let folder = dir.join("journal");
    let mut loaded = Journal::open(options.disk.clone(), &folder)?;
    if loaded.hindered.is_some() && ballast.free() {
        loaded = Journal::open(options.disk.clone(), &folder)?;
    }
    let Loaded { mut journal, mut book, mut mended, hindered, .. } = loaded;
    let force = !mended.is_empty();
    match hindered {
        Some(failure) => {
            mended.push(Text::title(&format!("Nothing can be saved now. {failure}. {}", failure.hint)));
        }
        None if journal.work_bytes() > options.compact_at => {
            if let Err(failure) = journal.compact(&mut book) {
                mended.push(Text::title(&format!("The work journal could not be compacted. {failure}. {}", failure.hint)));
            }
        }
        None => {}
    }
    drill::point("open.mended");
    let (commands, inbox) = std_mpsc::channel();
    let opening = Opening { dir: dir.to_owned(), limit: options.cache_limit, stamp: journal.stamp(), check: false };
    open_in_background(opening, &options, commands.clone())?;
    let backlog = Arc::new(AtomicUsize::new(0));
    let mut worker = Worker {
        dir: dir.to_owned(),
        journal,
        book: book.clone(),
        cache: None,
        opening: true,
        force,
        waiting: Vec::new(),
        behind: Default::default(),
        image: image_stamp,
        pending: Default::default(),
        backlog: backlog.clone(),
        cursors: Default::default(),
        commits: Vec::new(),
        rolling: None,
        rolls_tried: 0,
        removing: None,
        backing_up: None,
        backup_read: Default::default(),
        ballast,
        feed_log: FeedLog::new(dir),
        acks: acks.clone(),
        compact_at: options.compact_at,
        options: options.clone(),
        flushed: Instant::now(),
        _lock: lock,
    };
    let last_word = acks.clone();
    let thread = std::thread::Builder::new()
        .name("juggler-store".into())
        .spawn(move || {
            // Nobody waits for ever. The queue goes first, so that nothing enters it unseen.
            let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(move || worker.run(&inbox)));
            if ended.is_err() {
                let _ = last_word.send(Ack::Broke);
            }
        })
        .map_err(|e| Failure::new(Class::Internal, "Cannot start the store's thread").why(e))?;
    let store = Store { commands, acks, thread: Some(thread), dir: dir.to_owned(), disk: options.disk, backlog };
    Ok(Begun { store, book, mended, image })
}

fn open_in_background(opening: Opening, options: &Options, commands: std_mpsc::Sender<Command>) -> Result<()> {
    if !options.cache {
        let _ = commands.send(Command::Opened(Box::new(Ok(Feed::default()))));
        return Ok(());
    }
    let mut ballast = Ballast::new(&opening.dir, options.ballast);
    let work = move || {
        drill::point("open.cache");
        let opened = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| open_cache::open(&opening, &mut ballast)));
        let unexpected = |_| Err(Failure::new(Class::Internal, "Opening the feed's cache failed in an unexpected way"));
        let _ = commands.send(Command::Opened(Box::new(opened.unwrap_or_else(unexpected))));
    };
    std::thread::Builder::new()
        .name("juggler-store-open".into())
        .spawn(work)
        .map(drop)
        .map_err(|e| Failure::new(Class::Internal, "Cannot start the thread that opens the feed's cache").why(e))
}

type Stamped = std_mpsc::Receiver<(Option<ImageStamp>, Vec<Text>)>;

/// Reads the newest image on a thread of its own: for the caller, and its stamp for the store's thread.
fn look_for_image(dir: &Path, options: &Options) -> (oneshot::Receiver<Option<Image>>, Stamped) {
    let (whole, image) = oneshot::channel();
    let (tell, stamp) = std_mpsc::channel();
    if !options.cache || super::image::all(dir).is_empty() {
        let _ = (whole.send(None), tell.send((None, Vec::new())));
        return (image, stamp);
    }
    let (disk, dir): (Arc<dyn Disk>, _) = (options.disk.clone(), dir.to_owned());
    // Without a thread there is no image, and both sides hear that.
    let _ = std::thread::Builder::new().name("juggler-image".into()).spawn(move || {
        let (found, said) = read_image(&disk, &dir);
        let _ = tell.send((found.as_ref().map(|image| image.stamp), said));
        let _ = whole.send(found);
    });
    (image, stamp)
}
