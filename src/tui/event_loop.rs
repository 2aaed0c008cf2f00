//! One loop, input first: keys, then at most four milliseconds of messages, then a frame if something changed.
//!
//! Nothing in here waits for the engine, a disk or a network; while nothing happens it sleeps until the screen changes by itself.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::atomic::Ordering;
use std::task::Poll;
use std::time::{Duration, Instant};

use crossterm::event::{Event, EventStream};
use futures_util::{Stream, StreamExt};

use super::app::{App, Clock};
use super::external;
use super::frame::Frames;
use super::input::input;
use super::message::{Effect, Message};
use super::signals::{Signals, Told};
use super::terminal::Screen;
use crate::error::Result;

/// The longest that messages are taken before the next look at keys and frame.
const MESSAGES: Duration = Duration::from_millis(4);
/// The longest that keys are taken before a frame is drawn.
const KEYS: Duration = Duration::from_millis(16);

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

type Read = Option<std::io::Result<Event>>;

/// What the terminal has for us right now. Polled with this task's own waker: another one would swallow the next wake-up.
async fn waiting(keys: &mut EventStream) -> Option<Read> {
    poll_fn(|cx| {
        Poll::Ready(match Pin::new(&mut *keys).poll_next(cx) {
            Poll::Ready(read) => Some(read),
            Poll::Pending => None,
        })
    })
    .await
}

/// Runs until the person, a signal or the terminal ends it.
pub async fn run(app: &mut App, screen: &mut Screen, signals: &mut Signals, clock: &Clock) -> Result<Ended> {
    let mut keys = EventStream::new();
    let mut frames = Frames::default();
    let mut next: Option<Read> = None;
    loop {
        if let Some(ended) = outside(app, screen, signals, &mut keys, &mut frames).await? {
            return Ok(ended);
        }
        let now = Instant::now();
        let due = app.is_dirty().then(|| frames.due(now));
        if due.is_some_and(|at| at <= now) {
            if let Err(failure) = screen.draw(|frame| app.draw(frame)) {
                // It is gone, and the news of that is on its way: whoever comes first, this is a hang-up.
                tracing::warn!(%failure, "no frame can be drawn");
                return Ok(Ended::Lost);
            }
            frames.drawn(Instant::now());
        }
        let due = app.is_dirty().then(|| frames.due(Instant::now()));
        let wall = clock();
        let alarm = app.wake_at().map(|at| {
            let left = (at - wall).to_std().unwrap_or_default();
            Instant::now() + left.max(Duration::from_millis(1))
        });
        let timer = [due, alarm].into_iter().flatten().min();
        let sleep = async {
            match timer {
                Some(at) => tokio::time::sleep_until(at.into()).await,
                None => std::future::pending().await,
            }
        };
        let read = match next.take() {
            Some(read) => Some(read),
            None => tokio::select! {
                biased;
                changed = signals.told.changed() => {
                    let told = *signals.told.borrow_and_update();
                    match (changed, told) {
                        (Ok(()), Told::Leave(number)) => return Ok(Ended::Signal(number)),
                        _ => continue,
                    }
                }
                read = keys.next() => Some(read),
                Some(()) = signals.resumed.recv() => {
                    screen.lend();
                    // A dropped link continues a program as well, to let it know: then there is nothing to take back.
                    if screen.take_back().is_err() {
                        return Ok(Ended::Lost);
                    }
                    app.touch();
                    frames.hurry();
                    None
                }
                message = app.next_message() => {
                    take(app, message, &mut frames);
                    next = messages(app, &mut keys, &mut frames).await;
                    None
                }
                () = sleep => {
                    if alarm.is_some_and(|at| at <= Instant::now()) {
                        app.tick();
                    }
                    None
                }
            },
        };
        if let Some(read) = read {
            let started = Instant::now();
            let mut read = Some(read);
            while let Some(event) = read {
                let Some(Ok(event)) = event else { return Ok(Ended::Lost) };
                drill(&event);
                if let Some(input) = input(event) {
                    app.handle_input(input);
                    frames.hurry();
                }
                // A key may have asked for the terminal itself: what follows is not ours to read.
                if app.wants_terminal() || started.elapsed() > KEYS {
                    break;
                }
                read = waiting(&mut keys).await;
            }
        }
    }
}

/// In a development build `JUGGLER_DRILL=panic` makes F12 a bug, so that the way out of one can be tried on a real terminal.
#[expect(clippy::panic, reason = "what is tried here is a panic")]
fn drill(event: &Event) {
    if cfg!(debug_assertions)
        && let Event::Key(key) = event
        && key.code == crossterm::event::KeyCode::F(12)
        && std::env::var_os("JUGGLER_DRILL").is_some_and(|drill| drill == "panic")
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

/// Takes messages for a while; stops as soon as a key waits, and returns it.
async fn messages(app: &mut App, keys: &mut EventStream, frames: &mut Frames) -> Option<Read> {
    let started = Instant::now();
    while started.elapsed() < MESSAGES {
        let read = waiting(keys).await;
        if read.is_some() {
            return read;
        }
        // Eight at a time: looking for a key costs more than a message.
        for _ in 0..8 {
            let message = app.try_message()?;
            take(app, message, frames);
        }
    }
    None
}

/// What needs the real terminal.
async fn outside(
    app: &mut App,
    screen: &mut Screen,
    signals: &Signals,
    keys: &mut EventStream,
    frames: &mut Frames,
) -> Result<Option<Ended>> {
    for effect in app.take_outside() {
        match effect {
            Effect::Quit => return Ok(Some(Ended::Quit)),
            Effect::Repaint => screen.repaint(),
            Effect::Clipboard(text) => screen.clipboard(&text)?,
            Effect::Suspend => {
                lend(keys, screen, signals);
                // The whole group, as the terminal itself would: whoever started us must stop too.
                let _ = rustix::process::kill_current_process_group(rustix::process::Signal::TSTP);
                back(screen, signals)?;
            }
            Effect::External { assignment, text, extension } => {
                lend(keys, screen, signals);
                let result = external::edit(&text, extension).await;
                back(screen, signals)?;
                app.handle_message(Message::Edited { assignment, result });
            }
            Effect::Ask(..) | Effect::Keep { .. } | Effect::Files { .. } | Effect::Hold { .. } | Effect::Flush => {}
        }
        app.touch();
        frames.hurry();
    }
    Ok(None)
}

/// Gives the terminal away. The stream of events goes first: a live one would take every key from the other program. The one that
/// stands in its place reads nothing before it is polled.
fn lend(keys: &mut EventStream, screen: &mut Screen, signals: &Signals) {
    signals.lent.store(true, Ordering::SeqCst);
    drop(std::mem::take(keys));
    // Its end leaves a wake-up behind. Met together with a key later on, it would hide that key until the next one comes.
    let _ = crossterm::event::poll(Duration::ZERO);
    screen.lend();
}

fn back(screen: &mut Screen, signals: &Signals) -> Result<()> {
    screen.take_back()?;
    signals.lent.store(false, Ordering::SeqCst);
    Ok(())
}
