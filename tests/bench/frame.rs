//! From a key to its frame, with 10,000 jobs, in silence and while 1,000 jobs arrive a second.
//!
//! ```text
//! cargo bench --bench frame
//! KEYS=1000 JOBS=50000 RATE=2000 cargo bench --bench frame
//! ```
//! The whole program but for the terminal: an [`App`] over a real engine that polls a practice market over HTTP. A thread presses
//! keys at a steady pace; the loop is the program's own (input first, at most 4 ms of messages, frames by [`Frames`]). What is
//! timed is the instant of the key to the end of its frame, so a key that comes while messages are taken or a frame is drawn waits,
//! and that counts. Where a key asks the engine for rows (filter, ends of the list), the frame that shows them is told as well.
//! Frames go through ratatui's crossterm backend into a counter of bytes, at 120×40.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod support;

use std::cell::Cell;
use std::io::Write;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossterm::event::KeyEvent;
use juggler::engine::{self, Polling};
use juggler::tui::app::App;
use juggler::tui::frame::Frames;
use juggler::tui::keymap::Chord;
use juggler::tui::message::{Asked, Message, Place};
use juggler::tui::theme::{Depth, Theme};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};
use support::{Market, Spread};
use tokio::sync::mpsc;

/// As long as the program's own loop takes messages before it looks for keys.
const MESSAGES: Duration = Duration::from_millis(4);
/// Between two keys: faster than a held key repeats.
const GAP: Duration = Duration::from_millis(20);

/// A terminal that only counts.
#[derive(Clone, Default)]
struct Wire(Rc<Cell<u64>>);

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.set(self.0.get() + bytes.len() as u64);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

struct Pressed {
    at: Instant,
    key: KeyEvent,
}

/// What was measured of one kind of key.
#[derive(Default)]
struct Seen {
    frame: Spread,
    rows: Spread,
    bytes: u64,
}

impl Seen {
    fn print(&self, what: &str) {
        let keys = self.frame.len().max(1) as u64;
        println!("{}{:>9} B/key", self.frame.line(what), self.bytes / keys);
        if self.rows.len() > 0 {
            println!("{}", self.rows.line("  … its rows"));
        }
    }
}

struct Person {
    app: App,
    terminal: Terminal<CrosstermBackend<Wire>>,
    wire: Wire,
    frames: Frames,
    /// When the key was pressed whose rows are on their way.
    waits: Option<Instant>,
    /// Its rows came and are not drawn yet.
    came: bool,
}

impl Person {
    fn draw(&mut self) {
        self.terminal.draw(|frame| self.app.draw(frame)).unwrap();
        self.frames.drawn(Instant::now());
    }

    fn take(&mut self, message: Message) {
        if message.is_for_a_person() {
            self.frames.hurry();
        }
        if let Message::Reply(Asked::Window { place: Place::First | Place::Last, epoch }, _) = &message {
            self.came = *epoch == self.app.model().feed.epoch;
        }
        self.app.handle_message(message);
    }

    /// Draws what is due, and notes rows that a key waited for.
    fn show(&mut self, seen: &mut Seen) {
        if self.app.is_dirty() && self.frames.due(Instant::now()) <= Instant::now() {
            self.draw();
            if self.came
                && let Some(at) = self.waits.take()
            {
                seen.rows.add(at.elapsed());
            }
            self.came = false;
        }
    }

    /// Lives until the next key; `None` when there is none any more.
    async fn wait(&mut self, keys: &mut mpsc::UnboundedReceiver<Pressed>, seen: &mut Seen) -> Option<Pressed> {
        loop {
            self.show(seen);
            let due = self.app.is_dirty().then(|| self.frames.due(Instant::now()));
            let sleep = async {
                match due {
                    Some(at) => tokio::time::sleep_until(at.into()).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                key = keys.recv() => return key,
                message = self.app.next_message() => {
                    self.take(message);
                    let started = Instant::now();
                    'messages: while started.elapsed() < MESSAGES {
                        match keys.try_recv() {
                            Ok(key) => return Some(key),
                            Err(mpsc::error::TryRecvError::Disconnected) => return None,
                            Err(mpsc::error::TryRecvError::Empty) => {}
                        }
                        for _ in 0..8 {
                            let Some(message) = self.app.try_message() else { break 'messages };
                            self.take(message);
                        }
                    }
                }
                () = sleep => {}
            }
        }
    }

    /// Presses `keys` in turn, `n` of them, and measures.
    async fn press(&mut self, keys: &str, n: u64) -> Seen {
        let keys: Vec<KeyEvent> = keys.split_whitespace().map(|key| key.parse::<Chord>().unwrap().event()).collect();
        let (send, mut pressed) = mpsc::unbounded_channel();
        let hand = std::thread::spawn(move || {
            for key in keys.into_iter().cycle().take(usize::try_from(n).unwrap()) {
                std::thread::sleep(GAP);
                let _ = send.send(Pressed { at: Instant::now(), key });
            }
            // The last rows come before the hand is taken away.
            std::thread::sleep(GAP * 5);
        });
        let mut seen = Seen::default();
        while let Some(Pressed { at, key }) = self.wait(&mut pressed, &mut seen).await {
            let (bytes, epoch, asking) = (self.wire.0.get(), self.app.model().feed.epoch, self.app.model().feed.asking);
            self.app.handle_key(key);
            self.frames.hurry();
            let feed = &self.app.model().feed;
            if feed.epoch != epoch || (!asking && feed.asking) {
                (self.waits, self.came) = (Some(at), false);
            }
            self.draw();
            seen.frame.add(at.elapsed());
            seen.bytes += self.wire.0.get() - bytes;
        }
        hand.join().unwrap();
        seen
    }

    /// Takes messages until there are `jobs` rows in the view.
    async fn until(&mut self, jobs: usize) {
        let began = Instant::now();
        while self.app.model().feed.total < jobs {
            assert!(began.elapsed() < Duration::from_secs(300), "the jobs never come");
            let message = self.app.next_message().await;
            self.take(message);
            self.show(&mut Seen::default());
        }
    }
}

/// One run; returns medians and 99th percentiles of moving the cursor, for the comparison.
async fn run(jobs: u32, rate: &str, keys: u64) -> (Duration, Duration) {
    let market = Market::start(jobs, rate);
    let dir = tempfile::tempdir().unwrap();
    let config = support::config_for(dir.path(), &market, Duration::from_secs(2));
    let engine = engine::start(config.clone(), Polling::Always).unwrap();
    let app = App::new(engine.handle(), config, Theme::new(Depth::True, false), Arc::new(chrono::Utc::now)).unwrap();
    let wire = Wire::default();
    let viewport = Viewport::Fixed(Rect::new(0, 0, 120, 40));
    let terminal = Terminal::with_options(CrosstermBackend::new(wire.clone()), TerminalOptions { viewport }).unwrap();
    let mut person = Person { app, terminal, wire, frames: Frames::default(), waits: None, came: false };
    person.until(jobs as usize * 9 / 10).await;
    let (before, cpu, began) = (person.app.model().feed.total, support::cpu_ms(), Instant::now());
    println!("\n{before} jobs, {rate} arrivals a second\n{}", Spread::head());
    let down = person.press("j", keys).await;
    down.print("down");
    person.press("k", keys).await.print("up");
    person.press("pgdn pgdn pgdn pgup", keys / 2).await.print("pages");
    person.press("G g g", keys / 2).await.print("ends of the list");
    person.press("/ t a g l i n e backspace backspace backspace backspace backspace esc", keys / 2).await.print("filter");
    person.press("S", keys / 4).await.print("order");
    person.press("s u", keys / 4).await.print("star and take back");
    person.press("esc", 3).await;
    let took = began.elapsed().as_millis().max(1) as u64;
    let after = person.app.model().feed.total;
    println!(
        "  in {:.1} s {} rows more; CPU of all but the market {} %",
        took as f64 / 1000.0,
        after.saturating_sub(before),
        (support::cpu_ms() - cpu) * 100 / took
    );
    engine.stop().await;
    (down.frame.at(50), down.frame.at(99))
}

fn main() {
    let trial = support::is_trial();
    let jobs = u32::try_from(support::setting("JOBS", if trial { 200 } else { 10_000 })).unwrap();
    let keys = support::setting("KEYS", if trial { 8 } else { 300 });
    let rate = support::setting("RATE", 1000).to_string();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let quiet = runtime.block_on(run(jobs, "0", keys));
    let busy = runtime.block_on(run(jobs, &rate, keys));
    let ratio = |a: Duration, b: Duration| a.as_secs_f64() / b.as_secs_f64().max(1e-9);
    println!("\ndown, with arrivals over without: p50 ×{:.2}, p99 ×{:.2}", ratio(busy.0, quiet.0), ratio(busy.1, quiet.1));
}
