//! Carries out what the state decides: one loop, one owner.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::{broadcast, mpsc, oneshot};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::Instant;

use super::Sent;
use super::api::{Event, Reply, Sighting, StoreView};
use super::attachments::Sourced;
use super::clock::ClockWatch;
use super::commits::Commits;
use super::connect::Connected;
use super::effect::{Asker, Effect, Effects, Input, TextsFor, ViewChange};
use super::files::{keep_path, lay_out};
use super::state::State;
use super::steps::Steps;
use crate::alert::Parcel;
use crate::domain::shield;
use crate::domain::{JobKey, Query, SourceName, Time};
use crate::error::{Class, Failure, Result};
use crate::platforms::Platform;
use crate::store::{Ack, Needle, Store, drill};

/// At the end, answers that are on their way are waited for this long; what is still open then is unknown at the next start.
const LAST_CALLS: Duration = Duration::from_secs(3);
/// Bytes of an image that may wait to be written, and how long the next section then waits.
const BACKLOG: usize = 8 << 20;
const BACKLOG_PAUSE: Duration = Duration::from_millis(10);
/// More dropped jobs than this are left behind by writing the cache anew, since it gives no space back for removed ones.
const FEW: usize = 5_000;

/// A request's place for its answer.
type Answerer = oneshot::Sender<Result<Reply>>;

/// The ends of an engine whose other ends others hold. They are lent to the actor, so that a bug in it closes none of them.
pub(super) struct Inlets {
    pub requests: mpsc::Receiver<Sent>,
    pub inputs: mpsc::UnboundedReceiver<Input>,
    pub stop: oneshot::Receiver<()>,
}

/// How a run of the actor ended, when no panic ended it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Over {
    /// It was told to end.
    Told,
    /// A bug ended the store under it.
    Broke,
}

pub(super) struct Actor {
    pub state: State,
    pub store: Store,
    pub data: PathBuf,
    pub platforms: HashMap<SourceName, Arc<dyn Platform>>,
    pub acks: mpsc::UnboundedReceiver<Ack>,
    pub outputs: mpsc::UnboundedSender<Input>,
    pub events: broadcast::Sender<Event>,
    pub askers: HashMap<Asker, Answerer>,
    pub last_asker: Asker,
    pub poked: HashMap<SourceName, Arc<AtomicBool>>,
    /// Whatever speaks to a platform: it ends with the actor, so that no two engines ever do at once.
    pub lines: JoinSet<()>,
    pub watching: HashMap<SourceName, AbortHandle>,
    /// Of streams: whoever has none is polled.
    pub places: Arc<tokio::sync::Semaphore>,
    pub commits: Commits,
    pub outlets: Arc<crate::alert::Outlets>,
    pub image: Option<crate::store::ImageWriter>,
    pub searching: Option<tokio::task::JoinHandle<()>>,
    pub switchboard: super::asking::Switchboard,
    pub easels: super::painting::Easels,
}

pub(super) fn now() -> Time {
    chrono::Utc::now()
}

impl Actor {
    /// Runs until stopped, then waits for what is on its way and closes the store.
    pub async fn run(mut self, first: Effects, inlets: &mut Inlets) -> Over {
        let (mut wake, mut more) = self.carry_out(first);
        self.watch_streams();
        let (mut clock, mut steps) = (ClockWatch::begin(), Steps::begin());
        let mut stopping: Option<Instant> = None;
        loop {
            let until_wake = wake.map(|at| (at - now()).to_std().unwrap_or_default());
            let input = tokio::select! {
                biased;
                _ = &mut inlets.stop, if stopping.is_none() => {
                    stopping = Some(Instant::now() + LAST_CALLS);
                    self.watching.values().for_each(AbortHandle::abort);
                    let effects = self.state.hang_up_all(now());
                    let _ = self.carry_out(effects);
                    if self.state.is_quiet() { break }
                    continue;
                }
                () = tokio::time::sleep_until(stopping.unwrap_or_else(Instant::now)), if stopping.is_some() => break,
                Some(ack) = self.acks.recv() => {
                    if matches!(ack, Ack::Broke) {
                        return Over::Broke;
                    }
                    for input in self.heard(ack) {
                        let effects = steps.time(input.name(), || self.state.step(input, now()));
                        (wake, more) = self.carry_out(effects);
                    }
                    if stopping.is_some() && self.state.is_quiet() { break }
                    continue;
                }
                Some(sent) = inlets.requests.recv() => {
                    self.last_asker += 1;
                    self.askers.insert(self.last_asker, sent.reply);
                    Input::Asked { asker: self.last_asker, request: sent.request }
                }
                Some(input) = inlets.inputs.recv() => input,
                stepped = clock.changed() => Input::ClockChanged { stepped },
                () = std::future::ready(()), if more && stopping.is_none() => Input::Work,
                () = tokio::time::sleep(until_wake.unwrap_or_default()), if until_wake.is_some() && stopping.is_none() => Input::Timer,
            };
            if let Input::ImageStamp { stamp } = &input {
                self.image = Some(self.store.begin_image(*stamp, crate::feed::IMAGE_VERSION));
                self.ask_for_more();
                continue;
            }
            if let Input::Connected { made, .. } = &input {
                self.take_lines(made);
            }
            if let Input::Poked { source } = &input
                && let Some(flag) = self.poked.get(source)
            {
                flag.store(false, Ordering::Release);
            }
            if let Input::Called { ended, .. } = &input {
                drill::point(super::calls::answered(ended));
            }
            drill::bug("engine");
            let effects = steps.time(input.name(), || self.state.step(input, now()));
            (wake, more) = self.carry_out(effects);
            if stopping.is_some() && self.state.is_quiet() {
                break;
            }
        }
        self.leave().await;
        Over::Told
    }

    /// Keeps what the next start begins with, and closes the store.
    async fn leave(mut self) {
        self.image = None;
        if let Some(Effect::Log(sightings)) = self.state.unlogged() {
            self.log(sightings);
        }
        if self.state.wants_image()
            && let Ok(Some(stamp)) = self.store.image_stamp().await
        {
            let writer = self.store.begin_image(stamp, crate::feed::IMAGE_VERSION);
            let mut at = 0;
            self.state.begin_image();
            while let Some(part) = self.state.image_part(at) {
                writer.section(part.tag, part.bytes);
                at += 1;
                while writer.backlog() > BACKLOG {
                    tokio::time::sleep(BACKLOG_PAUSE).await;
                }
            }
            let _ = writer.finish().await;
        }
        let store = self.store;
        let _ = tokio::task::spawn_blocking(move || store.close()).await;
    }

    fn heard(&mut self, ack: Ack) -> Vec<Input> {
        match ack {
            Ack::ImageWanted => vec![Input::ImageWanted],
            Ack::Rolled(rolled) => {
                tracing::info!(?rolled, "the cache was written anew");
                Vec::new()
            }
            Ack::Opened(_) | Ack::Broke => Vec::new(),
            ack => self.commits.acked(ack),
        }
    }

    fn carry_out(&mut self, effects: Effects) -> (Option<Time>, bool) {
        let (wake, more) = (effects.wake, effects.more);
        for effect in effects {
            match effect {
                Effect::Reply { asker, reply } => {
                    if let Some(answerer) = self.askers.remove(&asker) {
                        // Whoever asked may have gone.
                        let _ = answerer.send(*reply);
                    }
                }
                Effect::Publish(event) => {
                    let _ = self.events.send(event);
                }
                Effect::Commit { batch, entries } => self.commits.waiting.push((batch, entries)),
                Effect::PutJobs(jobs) => self.store.put_jobs(jobs),
                Effect::DropJobs(keys) => self.drop_jobs(keys),
                Effect::ReadJob { key } => {
                    let (read, outputs) = (self.store.read_job(key.clone()), self.outputs.clone());
                    tokio::spawn(async move {
                        let mut job = read.await.ok().flatten().map(Box::new);
                        // By the rules of today; here, since a long text takes longer than a step may.
                        if let Some(job) = &mut job {
                            shield::note(job);
                            crate::domain::ai::note(job);
                        }
                        let _ = outputs.send(Input::JobRead { key, job });
                    });
                }
                Effect::BeginImage => self.begin_image(),
                Effect::ImageSection { tag, bytes } => {
                    if let Some(writer) = &self.image {
                        writer.section(tag, bytes);
                        self.ask_for_more();
                    }
                }
                Effect::FinishImage => {
                    if let Some(writer) = self.image.take() {
                        let (done, outputs) = (writer.finish(), self.outputs.clone());
                        tokio::spawn(async move {
                            let written = matches!(done.await, Ok(Ok(())));
                            let _ = outputs.send(Input::ImageDone { written });
                        });
                    }
                }
                Effect::SearchBriefs { search, query, keys } => self.search_briefs(search, &query, keys),
                Effect::EndSearch => {
                    if let Some(search) = self.searching.take() {
                        search.abort();
                    }
                }
                Effect::Alert(parcel) => self.alert(*parcel),
                Effect::Log(sightings) => self.log(sightings),
                Effect::PutCursor { name, cursor } => self.store.put_cursor(name, cursor),
                Effect::Call { call, source, what } => self.call(call, &source, what),
                Effect::KeepFile { asker, assignment, path, content } => {
                    let (data, outputs) = (self.data.clone(), self.outputs.clone());
                    tokio::spawn(async move {
                        let file = keep_path(data, path, content).await;
                        let _ = outputs.send(Input::FileKept { asker, assignment, file });
                    });
                }
                Effect::EditPicture { asker, file, edits } => {
                    let data = self.data.clone();
                    self.answer_later(asker, async move { super::files::edit(data, file, edits).await });
                }
                Effect::KeepView { config, change } => {
                    let outputs = self.outputs.clone();
                    tokio::task::spawn_blocking(move || {
                        let kept = match &change {
                            ViewChange::Save(view) => crate::config::save_view(&config, view).map(|()| true),
                            ViewChange::Drop(name) => crate::config::remove_view(&config, name),
                        };
                        let _ = outputs.send(Input::ViewKept { kept });
                    });
                }
                Effect::ReadConfig { config, asker } => {
                    let outputs = self.outputs.clone();
                    tokio::task::spawn_blocking(move || {
                        let _ = outputs.send(Input::ConfigRead { asker, read: config.again().map(Box::new) });
                    });
                }
                Effect::Connect { config, sources, polling, then } => {
                    let outputs = self.outputs.clone();
                    tokio::task::spawn_blocking(move || {
                        let connected = |source| super::connect::connect(source, &config, polling, now());
                        let made = sources.iter().map(connected).collect();
                        let _ = outputs.send(Input::Connected { made, then });
                    });
                }
                Effect::Disconnect { source } => {
                    self.leave_stream(&source);
                    self.platforms.remove(&source);
                }
                Effect::Outlets { config } => self.outlets = Arc::new(super::run::outlets(&config, &self.outputs)),
                Effect::ReadTexts { sourced, wanted } => self.read_texts(sourced, wanted),
                Effect::Check(checking) => {
                    let (checking, outputs) = (Arc::new(checking), self.outputs.clone());
                    let judging = checking.clone();
                    let judged = tokio::task::spawn_blocking(move || judging.judged());
                    tokio::spawn(async move {
                        let input = judged.await.unwrap_or_else(|_| checking.broken());
                        let _ = outputs.send(input);
                    });
                }
                Effect::LayOut { asker, sourced } => {
                    if let Some(answerer) = self.askers.remove(&asker) {
                        let data = self.data.clone();
                        tokio::task::spawn_blocking(move || {
                            let _ = answerer.send(lay_out(&data, &sourced.read(&data)).map(Reply::Scaffold));
                        });
                    }
                }
                Effect::Compose { asker, commission } => {
                    let (data, outputs) = (self.data.clone(), self.outputs.clone());
                    tokio::task::spawn_blocking(move || {
                        let made = commission.compose(&data);
                        let _ = outputs.send(Input::Composed { asker, commission, made });
                    });
                }
                Effect::Desk { asker, desk } => {
                    let laid = tokio::task::spawn_blocking(move || desk.laid());
                    self.answer_later(asker, async move { laid.await.map_err(|_| store_gone()) });
                }
                Effect::AskModel { call, assistant, ask } => self.ask_model(call, &assistant, ask),
                Effect::HangUp { call } => self.hang_up(&call),
                Effect::DrawUp { asker, drawing } => {
                    let (data, outputs) = (self.data.clone(), self.outputs.clone());
                    tokio::task::spawn_blocking(move || {
                        let made = drawing.draw_up(&data);
                        let _ = outputs.send(Input::DrawnUp { asker, drawing, made });
                    });
                }
                Effect::Paint { call, painter, sketch } => self.paint(call, &painter, sketch),
                Effect::LookForArt { call, painter, native } => self.look_for_art(call, &painter, native),
                Effect::StopArt { call, painter, native } => self.stop_art(&call, &painter, native),
                Effect::BringArt(bringing) => self.bring_art(bringing),
                Effect::LookInFolder { folder } => self.look_in_folder(folder),
                Effect::ForgetFiles { hashes } => {
                    let data = self.data.clone();
                    tokio::task::spawn_blocking(move || super::painting::forget_files(&data, &hashes));
                }
                Effect::Session { asker } => {
                    let data = self.data.clone();
                    let read = tokio::task::spawn_blocking(move || crate::store::last_window::load(&data));
                    self.answer_later(asker, async move { Ok(Reply::Session { session: read.await.ok().flatten() }) });
                }
                Effect::KeepSession { asker, session } => {
                    let data = self.data.clone();
                    let kept = tokio::task::spawn_blocking(move || crate::store::last_window::save(&data, &session));
                    self.answer_later(asker, async move { kept.await.map_err(|_| store_gone())?.map(|()| Reply::Done) });
                }
                Effect::Store { asker, failing } => self.store_view(asker, failing),
                Effect::Verify { asker } => {
                    let verified = self.store.verify();
                    self.answer_later(asker, async move {
                        let (findings, records) = verified.await.map_err(|_| store_gone())??;
                        Ok(Reply::Verified { findings, records })
                    });
                }
                Effect::Backup { asker, to } => {
                    let done = self.store.backup(to);
                    self.answer_later(asker, async move { done.await.map_err(|_| store_gone())?.map(|()| Reply::Done) });
                }
            }
        }
        self.commits.pump(&self.store);
        (wake, more)
    }

    /// What speaks to sources that were connected, unless the config says something else of them by now.
    fn take_lines(&mut self, made: &[Connected]) {
        for connected in made {
            if !self.state.is_configured(&connected.config) {
                continue;
            }
            let name = &connected.config.name;
            match &connected.platform {
                Some(platform) => drop(self.platforms.insert(name.clone(), platform.clone())),
                None => drop(self.platforms.remove(name)),
            }
            self.watch_stream(name);
        }
    }

    /// Sends alerts out with the jobs that they name: what is not at hand is read.
    fn alert(&self, mut parcel: Parcel) {
        if self.outlets.is_empty() {
            return;
        }
        let named = parcel.bundle.alerts.iter().filter_map(|alert| alert.job.clone());
        let missing: BTreeSet<JobKey> = named.filter(|key| parcel.jobs.iter().all(|job| job.key != *key)).collect();
        if missing.is_empty() {
            return self.outlets.send(parcel);
        }
        let (read, outlets) = (self.store.read_jobs(missing.into_iter().collect()), self.outlets.clone());
        tokio::spawn(async move {
            parcel.jobs.extend(read.await.into_iter().flatten().flatten());
            outlets.send(parcel);
        });
    }

    fn read_texts(&mut self, sourced: Sourced, wanted: TextsFor) {
        let data = self.data.clone();
        let (asker, read): (_, Box<dyn FnOnce() -> Reply + Send>) = match wanted {
            TextsFor::Checks => {
                let outputs = self.outputs.clone();
                tokio::task::spawn_blocking(move || {
                    let texts = sourced.texts(&data);
                    let _ = outputs.send(Input::TextsRead { assignment: sourced.assignment, texts });
                });
                return;
            }
            TextsFor::Views { asker, mut items } => {
                let read = move || {
                    sourced.fill(&data, &mut items);
                    Reply::Attachments { items }
                };
                (asker, Box::new(read))
            }
            TextsFor::Job { asker, marks } => (asker, Box::new(move || Reply::Job { job: sourced.read(&data), marks })),
        };
        let read = tokio::task::spawn_blocking(read);
        self.answer_later(asker, async move { read.await.map_err(|_| store_gone()) });
    }

    /// Lines of the log of what came and went; put into words by the store's thread.
    fn log(&self, sightings: Vec<Sighting>) {
        self.store.log(Box::new(move || sightings.iter().filter_map(|sighting| serde_json::to_string(sighting).ok()).collect()));
    }

    fn drop_jobs(&mut self, keys: Vec<JobKey>) {
        if keys.len() > FEW {
            let dropped = self.store.drop_many(keys.into_iter().collect());
            tokio::spawn(async move {
                if let Ok(Err(failure)) = dropped.await {
                    tracing::warn!(%failure, "old jobs stay in the cache for now");
                }
            });
        } else {
            self.store.drop_jobs(keys);
        }
    }

    fn begin_image(&mut self) {
        // The writer begins before the first section is asked for, so that nothing that changes meanwhile is missed.
        let (stamp, outputs) = (self.store.image_stamp(), self.outputs.clone());
        tokio::spawn(async move {
            let stamp = stamp.await.ok().flatten();
            let _ = outputs.send(match stamp {
                Some(stamp) => Input::ImageStamp { stamp },
                None => Input::ImageDone { written: false },
            });
        });
    }

    /// The next section is asked for once the last ones are mostly written: they are memory.
    fn ask_for_more(&self) {
        let Some(writer) = &self.image else { return };
        let outputs = self.outputs.clone();
        if writer.backlog() < BACKLOG {
            let _ = outputs.send(Input::ImageMore);
        } else {
            tokio::spawn(async move {
                tokio::time::sleep(BACKLOG_PAUSE).await;
                let _ = outputs.send(Input::ImageMore);
            });
        }
    }

    fn search_briefs(&mut self, search: u64, query: &Query, keys: Option<Vec<JobKey>>) {
        let sieve = query.sieve();
        let needle: Needle = Arc::new(move |brief| sieve.fits_brief(brief));
        let (mut found, outputs) = (self.store.search_briefs(needle, keys), self.outputs.clone());
        // The task of the search before ends with it.
        if let Some(before) = self.searching.take() {
            before.abort();
        }
        self.searching = Some(tokio::spawn(async move {
            let mut last = (0, 0);
            while let Some(piece) = found.next().await {
                last = (piece.progress.done, piece.progress.total);
                let input = Input::BriefsFound { search, keys: piece.keys, done: last.0, total: last.1, over: false };
                if outputs.send(input).is_err() {
                    return;
                }
            }
            let _ = outputs.send(Input::BriefsFound { search, keys: Vec::new(), done: last.0, total: last.1, over: true });
        }));
    }

    fn answer_later(&mut self, asker: Asker, answer: impl Future<Output = Result<Reply>> + Send + 'static) {
        if let Some(answerer) = self.askers.remove(&asker) {
            tokio::spawn(async move {
                let _ = answerer.send(answer.await);
            });
        }
    }

    fn store_view(&mut self, asker: Asker, failing: Option<Failure>) {
        let stats = self.store.stats();
        let ((path, mended, _), kept) = (self.state.store_facts(), self.state.kept());
        self.answer_later(asker, async move {
            let stats = stats.await.map_err(|_| store_gone())?;
            Ok(Reply::Store(StoreView {
                path,
                jobs: stats.jobs,
                money_seq: stats.money_seq,
                work_seq: stats.work_seq,
                bytes: stats.bytes,
                failing,
                mended,
                generation: stats.generation,
                dead: stats.dead,
                cache_bytes: stats.cache_bytes,
                cap: stats.cap,
                image_bytes: stats.image_bytes,
                changes: stats.changes,
                disk_bytes: stats.disk_bytes,
                resident: kept.resident as u64,
                left: kept.left,
                crowded: kept.crowded,
            }))
        });
    }
}

fn store_gone() -> Failure {
    Failure::new(Class::Store, "the store has stopped").hint("quit and start juggler again")
}
