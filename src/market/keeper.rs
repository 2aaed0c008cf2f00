//! The one owner of a running world: gives it the time, tells its news, keeps its memory.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{SubsecRound, Utc};
use tokio::sync::{Notify, broadcast, watch};
use tokio_util::sync::CancellationToken;

use super::refusal::Refusal;
use super::store;
use super::world::{News, World};
use crate::domain::Time;

/// Events that happen in one go, before requests get their turn.
const STEP: usize = 500;
/// Changes that a slow listener of the stream may fall behind.
const BACKLOG: usize = 8_192;
/// How often the memory is written when only rivals move.
const SAVE_EVERY: Duration = Duration::from_secs(5);

/// How far the memory is on disk.
#[derive(Clone, Debug, Default)]
struct Saved {
    change: u64,
    error: Option<String>,
}

/// The owner.
pub struct Keeper {
    world: Mutex<World>,
    news: broadcast::Sender<News>,
    /// The agenda may have become shorter.
    woken: Notify,
    dir: Option<PathBuf>,
    save: Notify,
    saved: watch::Sender<Saved>,
    /// Ends everything.
    pub stop: CancellationToken,
}

/// The present, to the millisecond: what the market's stamps are made of.
pub fn present() -> Time {
    Utc::now().trunc_subsecs(3)
}

impl Keeper {
    /// Takes over a world; with a folder, its memory is kept there.
    pub fn new(world: World, dir: Option<PathBuf>) -> Arc<Keeper> {
        Arc::new(Keeper {
            world: Mutex::new(world),
            news: broadcast::channel(BACKLOG).0,
            woken: Notify::new(),
            dir,
            save: Notify::new(),
            saved: watch::channel(Saved::default()).0,
            stop: CancellationToken::new(),
        })
    }

    /// Asks or changes the world; its news go out before the next asks.
    pub fn with<R>(&self, act: impl FnOnce(&mut World, Time) -> R) -> R {
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        let due = world.next_due();
        let result = act(&mut world, present());
        for news in world.take_news() {
            // Nobody listening is fine.
            let _ = self.news.send(news);
        }
        if world.next_due() != due {
            self.woken.notify_one();
        }
        result
    }

    /// Listens to what changes from now on; with the number of the latest change.
    pub fn listen(&self) -> (broadcast::Receiver<News>, u64) {
        self.with(|world, _| (self.news.subscribe(), world.memory.change))
    }

    /// Where uploads are kept.
    pub fn dir(&self) -> Option<PathBuf> {
        self.dir.clone()
    }

    /// Returns when everything up to now is on disk (at once without a folder): nothing is confirmed that a crash could undo.
    pub async fn durable(&self) -> Result<(), Refusal> {
        if self.dir.is_none() {
            return Ok(());
        }
        let change = self.with(|world, _| world.memory.change);
        let mut saved = self.saved.subscribe();
        saved.mark_unchanged();
        self.save.notify_one();
        let failed = |why: &str| Refusal::new(500, "internal", format!("The market cannot keep its memory: {why}."));
        loop {
            let state = saved.borrow_and_update().clone();
            if state.change >= change {
                return Ok(());
            }
            if saved.changed().await.is_err() {
                return Err(failed("it is closing"));
            }
            if let Some(error) = &saved.borrow().error {
                return Err(failed(error));
            }
        }
    }

    /// Lets events happen when they are due, until the end.
    pub async fn live(self: Arc<Self>) {
        while !self.stop.is_cancelled() {
            let (more, due) = self.with(|world, now| (world.step(now, STEP), world.next_due()));
            if more {
                tokio::task::yield_now().await;
                continue;
            }
            // Whole milliseconds upwards: a stamp never lies before its due time.
            let wait = due.map_or(SAVE_EVERY, |due| (due - Utc::now()).to_std().unwrap_or_default() + Duration::from_millis(1));
            tokio::select! {
                () = self.stop.cancelled() => return,
                () = self.woken.notified() => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// Writes the memory when asked, now and then, and at the end.
    pub async fn remember(self: Arc<Self>) {
        let Some(dir) = self.dir.clone() else { return };
        loop {
            let ending = tokio::select! {
                () = self.stop.cancelled() => true,
                () = self.save.notified() => false,
                () = tokio::time::sleep(SAVE_EVERY) => false,
            };
            let (change, bytes) =
                self.with(|world, _| (world.memory.change, store::encode(world.setup.seed, &world.catalogue, &world.memory)));
            if change != self.saved.borrow().change || ending {
                let dir = dir.clone();
                let written = tokio::task::spawn_blocking(move || store::write(&dir, &bytes?)).await;
                let error = match written {
                    Ok(Ok(())) => None,
                    Ok(Err(e)) => Some(e.to_string()),
                    Err(e) => Some(e.to_string()),
                };
                self.saved.send_modify(|saved| {
                    if error.is_none() {
                        saved.change = change;
                    }
                    saved.error = error;
                });
            }
            if ending {
                return;
            }
        }
    }
}
