//! What the handle, the streams and the threads beside the store's ask of it.

use std::path::PathBuf;
use std::sync::mpsc as std_mpsc;

use tokio::sync::oneshot;

use super::Stats;
use super::image::ImageStamp;
use super::open_cache::Feed;
use super::pending::PutJob;
use super::roll::{Keep, Rolled};
use super::stream::{Ask, Piece, Place};
use crate::domain::{Entry, Job, JobKey, Text};
use crate::error::Result;

/// Makes lines, on the store's thread.
pub type Lines = Box<dyn FnOnce() -> Vec<String> + Send>;

/// What the handle asks for.
pub enum Command {
    Commit(u64, Vec<Entry>),
    PutJobs(Vec<PutJob>),
    DropJobs(Vec<JobKey>),
    PutCursor(String, serde_json::Value),
    Log(Lines),
    ReadJob(JobKey, oneshot::Sender<Option<Job>>),
    ReadJobs(Vec<JobKey>, oneshot::Sender<Vec<Option<Job>>>),
    Piece(Ask, oneshot::Sender<Piece>),
    ImageStamp(oneshot::Sender<Option<ImageStamp>>),
    /// Makes everything durable that an image with this stamp may show; whether that worked.
    FlushFor(ImageStamp, std_mpsc::Sender<bool>),
    ImageDurable(ImageStamp),
    Roll(Keep, oneshot::Sender<Result<Rolled>>),
    Opened(Box<Result<Feed>>),
    Stats(oneshot::Sender<Stats>),
    Verify(oneshot::Sender<Result<(Vec<Text>, u64)>>),
    Backup(PathBuf, oneshot::Sender<Result<()>>),
    Compact(oneshot::Sender<Result<()>>),
    Close,
}

impl Command {
    /// It looks at all rows, or stands behind them, and comes after those that were put before it.
    pub fn needs_rows(&self) -> bool {
        match self {
            Command::Piece(ask, _) => matches!(ask.place, Place::Start),
            Command::PutCursor(..)
            | Command::ImageStamp(_)
            | Command::FlushFor(..)
            | Command::Roll(..)
            | Command::Stats(_)
            | Command::Verify(_)
            | Command::Backup(..) => true,
            _ => false,
        }
    }

    /// It can only be done once the cache is open, or known not to open.
    pub fn needs_cache(&self) -> bool {
        !matches!(
            self,
            Command::Commit(..)
                | Command::PutJobs(_)
                | Command::DropJobs(_)
                | Command::PutCursor(..)
                | Command::Log(_)
                | Command::Opened(_)
                | Command::Compact(_)
                | Command::Close
        )
    }
}
