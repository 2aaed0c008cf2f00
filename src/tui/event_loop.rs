//! One loop, input first: keys, then at most four milliseconds of messages, then a frame if something changed.
//!
//! Nothing in here waits for the engine, a disk or a network; while nothing happens it sleeps until the screen changes by itself.
//! A frame is drawn when the terminal has taken the one before; until then keys change the model, and the newest state is drawn.

use std::io;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use crossterm::event::Event;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::app::{App, Clock};
use super::external;
use super::frame::Frames;
use super::input::{Reader, input};
use super::message::{Effect, Input, Message};
use super::signals::{self, Signals, Told};
use super::terminal::Screen;
use crate::error::{Class, Failure, Result};

/// The longest that messages are taken before the next look at keys and frame.
const MESSAGES: Duration = Duration::from_millis(4);
/// The longest that keys are taken before a frame is drawn.
const KEYS: Duration = Duration::from_millis(16);

/// The news that a stopped program goes on is waited for twice as long.
const CONTINUED: Duration = Duration::from_millis(100);

/// Why the loop ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The person left.
    Quit,
    /// A signal came.
    Signal(i32),
    /// The terminal is gone.
    Lost,
}

fn cannot_read(error: &io::Error) -> Failure {
    Failure::new(Class::Internal, "the terminal cannot be read").why(error).hint("run `juggler doctor`")
}

/// Everything the loop holds.
struct Loop<'a> {
    app: &'a mut App,
    screen: &'a mut Screen,
    signals: &'a mut Signals,
    clock: &'a Clock,
    keys: Reader,
    sizes: Signal,
    frames: Frames,
}

/// Runs until the person, a signal or the terminal ends it.
pub async fn run(app: &mut App, screen: &mut Screen, signals: &mut Signals, clock: &Clock) -> Result<Ended> {
    let keys = Reader::open().map_err(|error| cannot_read(&error))?;
    let sizes = signal(SignalKind::window_change()).map_err(|error| cannot_read(&error))?;
    let mut all = Loop { app, screen, signals, clock, keys, sizes, frames: Frames::default() };
    let ended = all.turn().await?;
    if ended != Ended::Lost {
        all.drain().await;
    }
    Ok(ended)
}

impl Loop<'_> {
    async fn turn(&mut self) -> Result<Ended> {
        loop {
            if let Some(ended) = self.outside().await? {
                return Ok(ended);
            }
            let now = Instant::now();
            if self.app.is_dirty() && self.frames.due(now) <= now && self.screen.is_ready(now) {
                if let Err(failure) = self.draw() {
                    // It is gone, and the news of that is on its way: whoever comes first, this is a hang-up.
                    tracing::warn!(%failure, "no frame can be drawn");
                    return Ok(Ended::Lost);
                }
                if self.screen.links(self.app.links()).is_err() || self.screen.pictures(self.app.placed()).is_err() {
                    return Ok(Ended::Lost);
                }
                self.frames.drawn(Instant::now());
            }
            if let Some(ended) = self.wait().await? {
                return Ok(ended);
            }
            self.settle();
            if let Some(ended) = self.take_keys() {
                return Ok(ended);
            }
        }
    }

    /// A few rows where only the cursor moved, else the whole frame.
    fn draw(&mut self) -> Result<()> {
        crate::store::drill::bug("screen");
        let app = &mut *self.app;
        match self.screen.can_be_patched().then(|| app.patch()).flatten() {
            Some(patch) => self.screen.patch(patch),
            None => self.screen.draw(|frame| app.draw(frame)),
        }
    }

    /// When something is to be done although nothing comes.
    fn timer(&self, alarm: Option<Instant>) -> Option<Instant> {
        let now = Instant::now();
        // While the line takes nothing, no frame is due.
        let due = (self.app.is_dirty() && !self.screen.has_more())
            .then(|| self.frames.due(now).max(self.screen.ready_at().unwrap_or(now)));
        [due, alarm, self.keys.settles_at(self.screen.is_waiting(now))].into_iter().flatten().min()
    }

    /// Waits for one thing, and does what is not a key at once.
    async fn wait(&mut self) -> Result<Option<Ended>> {
        if self.keys.has_events() {
            // Some were left when it was time for a frame. Signals and answers are looked at all the same.
            return Ok(self.look());
        }
        let wall = (self.clock)();
        let alarm = self.app.wake_at().map(|at| {
            let left = (at - wall).to_std().unwrap_or_default();
            Instant::now() + left.max(Duration::from_millis(1))
        });
        let timer = self.timer(alarm);
        let sleep = async {
            match timer {
                Some(at) => tokio::time::sleep_until(at.into()).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            changed = self.signals.told.changed() => {
                let told = *self.signals.told.borrow_and_update();
                if let (Ok(()), Told::Leave(number)) = (changed, told) {
                    return Ok(Some(Ended::Signal(number)));
                }
            }
            ready = self.keys.ready() => {
                if ready.is_err() || self.keys.read().is_err() {
                    return Ok(Some(Ended::Lost));
                }
            }
            ready = self.screen.writable() => {
                if ready.is_err() || self.screen.push().is_err() {
                    return Ok(Some(Ended::Lost));
                }
            }
            Some(()) = self.sizes.recv() => {
                let (width, height) = self.screen.size();
                self.app.handle_input(Input::Resize(width, height));
                self.frames.hurry();
            }
            Some(()) = self.signals.resumed.recv() => {
                self.screen.lend();
                // A dropped link continues a program as well, to let it know: then there is nothing to take back.
                if self.screen.take_back().is_err() {
                    return Ok(Some(Ended::Lost));
                }
                self.keys.forget();
                self.app.retitle();
                self.app.touch();
                self.frames.hurry();
            }
            Some(()) = self.signals.stopped.recv() => {
                self.stop(|| rustix::process::kill_process(rustix::process::getpid(), signals::STOP)).await?;
                self.app.touch();
                self.frames.hurry();
            }
            message = self.app.next_message() => {
                take(self.app, message, &mut self.frames);
                if self.messages().is_err() {
                    return Ok(Some(Ended::Lost));
                }
            }
            () = sleep => {
                if alarm.is_some_and(|at| at <= Instant::now()) {
                    self.app.tick();
                }
            }
        }
        Ok(None)
    }

    /// What the system and the terminal said, without waiting.
    fn look(&mut self) -> Option<Ended> {
        if let Told::Leave(number) = *self.signals.told.borrow_and_update() {
            return Some(Ended::Signal(number));
        }
        let gone = self.keys.read().is_err() || self.screen.has_more() && self.screen.push().is_err();
        gone.then_some(Ended::Lost)
    }

    /// Answers of the terminal, and an Escape that nothing followed.
    fn settle(&mut self) {
        let now = Instant::now();
        self.keys.settle(now, self.screen.is_waiting(now));
        for _ in 0..self.keys.answers() {
            self.screen.answered();
        }
        while let Some(told) = self.keys.told() {
            self.app.handle_message(Message::Terminal(told));
        }
    }

    /// Takes every key that is there, so that one frame shows what all of them did.
    fn take_keys(&mut self) -> Option<Ended> {
        let started = Instant::now();
        while let Some(event) = self.keys.pop() {
            drill(&event);
            if let Some(input) = input(event) {
                self.app.handle_input(input);
                self.frames.hurry();
            }
            // A key may have asked for the terminal itself: what follows is not ours to read.
            if self.app.wants_terminal() || started.elapsed() > KEYS {
                break;
            }
            if !self.keys.has_events() {
                if self.keys.read().is_err() {
                    return Some(Ended::Lost);
                }
                self.settle();
            }
        }
        None
    }

    /// Takes messages for a while; stops as soon as something can be read.
    fn messages(&mut self) -> io::Result<()> {
        let started = Instant::now();
        while started.elapsed() < MESSAGES {
            if self.keys.read()? {
                break;
            }
            // Eight at a time: looking for a key costs more than a message.
            for _ in 0..8 {
                let Some(message) = self.app.try_message() else { return Ok(()) };
                take(self.app, message, &mut self.frames);
            }
        }
        Ok(())
    }

    /// Before the terminal goes to somebody else: what waits is written, and an answer that is still to come is taken, or it would
    /// be typed into whatever comes next. Keys that come meanwhile stay ours.
    async fn drain(&mut self) {
        let Some(until) = self.screen.drains_until(Instant::now()) else { return };
        while self.screen.has_more() || self.screen.is_owed() {
            tokio::select! {
                biased;
                () = tokio::time::sleep_until(until.into()) => return,
                ready = self.keys.ready() => {
                    if ready.is_err() || self.keys.read().is_err() {
                        return;
                    }
                }
                ready = self.screen.writable() => {
                    if ready.is_err() || self.screen.push().is_err() {
                        return;
                    }
                }
            }
            for _ in 0..self.keys.answers() {
                self.screen.answered();
            }
        }
    }

    /// What needs the real terminal.
    async fn outside(&mut self) -> Result<Option<Ended>> {
        // Coming back from somewhere may ask for more.
        while let Some(effect) = self.app.next_outside() {
            match effect {
                Effect::Quit => return Ok(Some(Ended::Quit)),
                Effect::Repaint => self.screen.repaint(),
                Effect::Terminal(bytes) => {
                    if self.screen.say(&bytes).is_err() {
                        return Ok(Some(Ended::Lost));
                    }
                    // Nothing on the screen changed by it.
                    continue;
                }
                Effect::Graphics(bytes) => {
                    if self.screen.send_picture(&bytes).is_err() {
                        return Ok(Some(Ended::Lost));
                    }
                    continue;
                }
                Effect::Suspend => {
                    // The whole group, as the terminal itself would: whoever started us must stop too.
                    self.stop(|| rustix::process::kill_current_process_group(signals::STOP)).await?;
                }
                Effect::External { assignment, text, extension } => {
                    self.lend().await;
                    let result = external::edit(&text, extension).await;
                    self.back()?;
                    self.app.retitle();
                    self.app.handle_message(Message::Edited { assignment, result });
                }
                Effect::Own { own, assignment, input } => {
                    self.lend().await;
                    let result = crate::program::run_on_terminal(&own, &input).await.map(|()| Default::default());
                    self.back()?;
                    self.app.retitle();
                    self.app.handle_message(Message::OwnEnded { own, assignment, result });
                }
                Effect::Ask(..)
                | Effect::Keep { .. }
                | Effect::Files { .. }
                | Effect::Hold { .. }
                | Effect::Upload { .. }
                | Effect::Judge(_)
                | Effect::KeepPace(_)
                | Effect::Flush
                | Effect::Clipboard(_)
                | Effect::Notify(_)
                | Effect::ReadConfig
                | Effect::LoadPicture(_)
                | Effect::Title(_) => {}
            }
            self.app.touch();
            self.frames.hurry();
        }
        Ok(None)
    }

    /// Gives the terminal away. Nothing is read before [`Loop::back`].
    async fn lend(&mut self) {
        self.drain().await;
        self.signals.lent.store(true, Ordering::SeqCst);
        self.screen.lend();
    }

    /// Gives the terminal away, stops, and takes it back when the shell wishes.
    async fn stop(&mut self, stop: impl FnOnce() -> rustix::io::Result<()>) -> Result<()> {
        self.lend().await;
        let _ = stop();
        self.continued().await;
        self.back()?;
        self.app.retitle();
        Ok(())
    }

    /// After a stop of our own: takes the news that it is over, or the screen would be taken back twice. The first wait mostly ends
    /// with the stop, since the clock goes on meanwhile; where nothing could be stopped, none comes.
    async fn continued(&mut self) {
        for _ in 0..2 {
            if tokio::time::timeout(CONTINUED, self.signals.resumed.recv()).await.is_ok() {
                return;
            }
        }
    }

    fn back(&mut self) -> Result<()> {
        self.screen.take_back()?;
        self.keys.forget();
        self.signals.lent.store(false, Ordering::SeqCst);
        Ok(())
    }
}

/// In a development build `JUGGLER_DRILL=panic:key` makes F12 a bug, so that the way out of one can be tried on a real terminal.
#[expect(clippy::panic, reason = "what is tried here is a panic")]
fn drill(event: &Event) {
    if cfg!(debug_assertions)
        && let Event::Key(key) = event
        && key.code == crossterm::event::KeyCode::F(12)
        && std::env::var_os("JUGGLER_DRILL").is_some_and(|drill| drill == "panic:key")
    {
        std::panic::panic_any("a drill");
    }
}

fn take(app: &mut App, message: Message, frames: &mut Frames) {
    if message.is_for_a_person() {
        frames.hurry();
    }
    app.handle_message(message);
}
