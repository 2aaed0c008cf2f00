//! Ten thousand steps of a life over the real engine, its store and an inbox: what is lit on the screen when a key goes down is what
//! the act hits, whatever came in between.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::{Arc, Mutex};

use juggler::config::SourceConfig;
use juggler::domain::triage::Verdict;
use juggler::domain::{JobKey, SourceName};
use juggler::engine::api::{Reply, Request};
use juggler::engine::{self, Handle, Polling};
use juggler::tui::keymap::Chord;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tokio::sync::{broadcast, mpsc};

use super::Screen;
use super::desk::start;
use super::screen::Hands;

/// Steps of one life.
const STEPS: usize = 10_000;

const MOVES: &[&str] = &["j", "j", "j", "k", "k", "pgdn", "pgup", "ctrl-d", "n"];
const JUMPS: &[&str] = &["g g", "G", "1", "2", "S p", "S n", "S E", "/ f o x enter", "/ b e a n enter", "esc", "w esc"];
const ACTS: &[&str] = &["x", "s", "x", "s", "P", ".", "u"];

/// Acts of triage that front ends asked for, in order.
type Asked = Arc<Mutex<Vec<(Vec<JobKey>, Verdict)>>>;

/// A handle that notes what goes through it.
fn overheard(engine: &Handle, asked: &Asked) -> Handle {
    let (requests, mut from) = mpsc::channel::<juggler::engine::Sent>(256);
    let (events, _) = broadcast::channel(1024);
    let (engine, tell, asked) = (engine.clone(), events.clone(), asked.clone());
    let mut told = engine.events();
    tokio::spawn(async move {
        loop {
            tokio::select! {
                biased;
                sent = from.recv() => {
                    let Some(sent) = sent else { return };
                    if let Request::Triage { keys, verdict } = &sent.request {
                        asked.lock().unwrap().push((keys.clone(), *verdict));
                    }
                    let answer = engine.try_send(sent.request).expect("the engine keeps up");
                    tokio::spawn(async move { sent.reply.send(answer.await.unwrap()) });
                }
                event = told.recv() => {
                    if let Ok(event) = event {
                        let _ = tell.send(event);
                    }
                }
            }
        }
    });
    Handle::new(requests, events)
}

/// The inbox, written to as the life goes on.
struct Inbox {
    path: std::path::PathBuf,
    next: u32,
    lines: String,
}

impl Inbox {
    fn add(&mut self, rng: &mut ChaCha8Rng) {
        let n = self.next;
        self.next += 1;
        self.list(n, rng);
    }

    fn list(&mut self, n: u32, rng: &mut ChaCha8Rng) {
        let what = ["fox in a raincoat", "bean taglines", "mails by topic", "captions"].choose(rng).unwrap();
        let posted = start() - chrono::TimeDelta::seconds(rng.random_range(0..9000));
        let job = serde_json::json!({
            "id": n.to_string(), "title": format!("#{n} {what}"), "kind": "art",
            "pay": format!("{}.{:02}", rng.random_range(0..9), rng.random_range(1..99)), "currency": "USD", "posted_at": posted,
        });
        writeln!(self.lines, "{job}").unwrap();
    }

    fn withdraw(&mut self, rng: &mut ChaCha8Rng) {
        let n = rng.random_range(0..self.next);
        writeln!(self.lines, "{{\"id\":\"{n}\",\"gone\":true}}").unwrap();
    }

    fn flush(&mut self) {
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(&self.path).unwrap();
        file.write_all(std::mem::take(&mut self.lines).as_bytes()).unwrap();
    }
}

/// The number of the job that the screen shows as lit: read off its cells, not out of the model.
fn lit(screen: &Screen) -> Option<String> {
    let line = screen.cursor_line();
    let (_, behind) = line.split_once('#')?;
    Some(behind.chars().take_while(char::is_ascii_digit).collect())
}

async fn life(seed: u64) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let dir = tempfile::tempdir().unwrap();
    let mut inbox = Inbox { path: dir.path().join("jobs.jsonl"), next: 0, lines: String::new() };
    (0..120).for_each(|_| inbox.add(&mut rng));
    inbox.flush();
    let mut config = crate::support::config(dir.path());
    config.sources.push(SourceConfig::inbox(SourceName::new("mine"), inbox.path.clone()));
    let engine = engine::start(Arc::new(config.clone()), Polling::OnRequest).unwrap();
    let handle = engine.handle();
    handle.ask(Request::Poll { source: None }).await.unwrap();
    let asked = Asked::default();
    let mut screen = Screen::open(overheard(&handle, &asked), config, Hands::at(start()), 100, 16).await;
    let (mut acts, mut hits) = (0, 0);
    for step in 0..STEPS {
        match rng.random_range(0..20) {
            0..3 => inbox.add(&mut rng),
            3..5 => inbox.withdraw(&mut rng),
            5 => {
                // It pays otherwise now, or comes back: it has another place in the list.
                let n = rng.random_range(0..inbox.next);
                inbox.list(n, &mut rng);
            }
            6..14 => press(&mut screen, MOVES.choose(&mut rng).unwrap()),
            14 if rng.random_bool(0.5) => press(&mut screen, JUMPS.choose(&mut rng).unwrap()),
            14 => poll(&handle, &mut inbox).await,
            15 => screen.draw(),
            16 => {
                // Some of what the engine said is heard, and not drawn.
                for _ in 0..rng.random_range(1..4) {
                    if let Some(message) = screen.app.try_message() {
                        screen.app.handle_message(message);
                    }
                }
            }
            _ => {
                acts += 1;
                hits += usize::from(act(&handle, &mut inbox, &mut screen, &asked, &mut rng, (seed, step)).await);
            }
        }
        screen.outside.clear();
    }
    screen.settle().await;
    assert!(hits * 4 > acts, "{hits} of {acts} acts hit a job");
    assert!(screen.app.model().feed.local.is_empty(), "every act was answered");
    engine.stop().await;
}

fn press(screen: &mut Screen, keys: &str) {
    for key in keys.split_whitespace() {
        screen.key(key.parse::<Chord>().unwrap().event());
    }
}

async fn poll(handle: &Handle, inbox: &mut Inbox) {
    inbox.flush();
    let polled = handle.ask(Request::Poll { source: None }).await.unwrap();
    assert!(matches!(polled, Reply::Sources { .. }));
}

/// A frame, perhaps news that is heard or not, and a key: whether it hit a job, which then is the one that the frame showed as lit.
async fn act(
    handle: &Handle,
    inbox: &mut Inbox,
    screen: &mut Screen,
    asked: &Asked,
    rng: &mut ChaCha8Rng,
    at: (u64, usize),
) -> bool {
    if rng.random_bool(0.5) {
        screen.settle().await;
    }
    screen.draw();
    let shown = screen.text();
    let lit = lit(screen);
    if rng.random_bool(0.3) {
        inbox.add(rng);
        inbox.withdraw(rng);
        poll(handle, inbox).await;
        for _ in 0..rng.random_range(0..6) {
            if let Some(message) = screen.app.try_message() {
                screen.app.handle_message(message);
            }
        }
    }
    asked.lock().unwrap().clear();
    let keys = *ACTS.choose(rng).unwrap();
    press(screen, keys);
    tokio::task::yield_now().await;
    if keys == "u" {
        return false;
    }
    screen.settle().await;
    let asked: Vec<_> = std::mem::take(&mut *asked.lock().unwrap());
    let mut hit: BTreeSet<JobKey> = BTreeSet::new();
    for (keys, verdict) in asked {
        if !matches!(verdict, Verdict::Seen { .. }) {
            hit.extend(keys);
        }
    }
    let wanted: BTreeSet<JobKey> = lit.iter().map(|n| JobKey::of(&SourceName::new("mine"), n)).collect();
    assert!(hit.is_subset(&wanted), "{at:?}: {keys} hit {hit:?}, and this was lit:\n{shown}\n{}", screen.text());
    !hit.is_empty()
}

/// More lives with `PROPTEST_CASES`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_lit_is_hit_over_the_real_engine() {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
    for seed in 0..cases {
        life(seed).await;
    }
}
