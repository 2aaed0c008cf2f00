//! An assistant's answer on the screen: how soon its first word is drawn after it was sent, how soon Esc has stopped it, and how
//! long keys take while 200 tokens a second come in.
//!
//! ```text
//! cargo bench --bench stream
//! ROUNDS=100 KEYS=2000 cargo bench --bench stream
//! ```
//! The whole program but for the terminal: an [`App`] over a real engine, a practice market over HTTP, and a provider on loopback
//! that speaks OpenAI's dialect. The loop is the program's own: input first, frames by [`Frames`]. Drawn at 120×40.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use juggler::config::{AssistantConfig, AssistantKind, Config};
use juggler::domain::View;
use juggler::domain::ai::AiRule;
use juggler::engine::api::{Reply, Request};
use juggler::engine::{self, Handle, Polling};
use juggler::tui::app::App;
use juggler::tui::frame::Frames;
use juggler::tui::keymap::Chord;
use juggler::tui::overlay::Overlay;
use juggler::tui::theme::{Depth, Theme};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use support::{Market, Spread};

/// Between two tokens: 200 a second.
const TOKEN: Duration = Duration::from_millis(5);

/// When the provider sent its latest first word, and when it last saw that its client was gone.
#[derive(Default)]
struct Seen {
    first: Option<Instant>,
    gone: Option<Instant>,
}

/// Speaks until nobody listens.
fn speak(mut stream: TcpStream, seen: &Mutex<Seen>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? < 3 {
            break;
        }
        if let Some(said) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = said.trim().parse().unwrap_or(0);
        }
    }
    reader.read_exact(&mut vec![0; length])?;
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")?;
    std::thread::sleep(Duration::from_millis(50));
    for n in 0.. {
        let word = if n % 12 == 11 { format!("word{n}\\n") } else { format!("word{n} ") };
        let frame = format!("data: {{\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{word}\"}}}}]}}\n\n");
        if n == 0 {
            seen.lock().unwrap().first = Some(Instant::now());
        }
        if stream.write_all(frame.as_bytes()).is_err() {
            seen.lock().unwrap().gone = Some(Instant::now());
            break;
        }
        std::thread::sleep(TOKEN);
    }
    Ok(())
}

fn provider(seen: Arc<Mutex<Seen>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::Builder::new()
        .name("market".to_owned())
        .spawn(move || {
            for stream in listener.incoming().flatten() {
                let seen = seen.clone();
                std::thread::spawn(move || drop(speak(stream, &seen)));
            }
        })
        .unwrap();
    format!("http://{address}/v1")
}

async fn claim(handle: &Handle) {
    handle.ask(Request::Poll { source: None }).await.unwrap();
    let Reply::Jobs { jobs, .. } = handle.ask(Request::Jobs { view: View::default(), limit: 1_000 }).await.unwrap() else {
        panic!()
    };
    let open = |rule| matches!(rule, AiRule::Allowed | AiRule::Disclose);
    for row in jobs.iter().filter(|row| row.kind.as_str() == "script" && open(row.ai)) {
        let terms = handle.ask(Request::ClaimTerms { key: row.key.clone() }).await;
        let Ok(Reply::Terms(terms)) = terms else { continue };
        if handle.ask(Request::Claim { key: row.key.clone(), agreed: terms.digest }).await.is_ok() {
            return;
        }
    }
    panic!("no script can be claimed");
}

struct Person {
    app: App,
    terminal: Terminal<TestBackend>,
    frames: Frames,
}

impl Person {
    fn draw(&mut self) {
        self.terminal.draw(|frame| self.app.draw(frame)).unwrap();
        self.frames.drawn(Instant::now());
    }

    /// Takes messages and draws what is due until `when`, or until `done` says so after a frame.
    async fn live(&mut self, when: Instant, done: impl Fn(&App) -> bool) -> bool {
        loop {
            if self.app.is_dirty() && self.frames.due(Instant::now()) <= Instant::now() {
                self.draw();
                if done(&self.app) {
                    return true;
                }
            }
            let due = if self.app.is_dirty() { self.frames.due(Instant::now()).min(when) } else { when };
            tokio::select! {
                message = self.app.next_message() => {
                    if message.is_for_a_person() {
                        self.frames.hurry();
                    }
                    self.app.handle_message(message);
                }
                () = tokio::time::sleep_until(due.into()) => {
                    if Instant::now() >= when {
                        return false;
                    }
                }
            }
        }
    }

    /// A key, to the end of its frame.
    fn press(&mut self, key: &str) -> Duration {
        let at = Instant::now();
        self.app.handle_key(key.parse::<Chord>().unwrap().event());
        self.frames.hurry();
        self.draw();
        at.elapsed()
    }

    async fn keys(&mut self, keys: &str) {
        for key in keys.split_whitespace() {
            self.press(key);
            self.live(Instant::now() + Duration::from_millis(20), |_| false).await;
        }
    }
}

/// Words on the sheet, and whether it is over.
fn said(app: &App) -> (usize, bool) {
    match &app.model().overlay {
        Some(Overlay::Preview(preview)) => (preview.answers[0].text.len(), preview.answers[0].ended.is_some()),
        _ => (0, false),
    }
}

#[tokio::main(flavor = "multi_thread")]
async fn main() {
    let trial = support::is_trial();
    let rounds = support::setting("ROUNDS", if trial { 1 } else { 30 });
    let keys = support::setting("KEYS", if trial { 10 } else { 600 });
    let (market, seen) = (Market::start(300, "0"), Arc::new(Mutex::new(Seen::default())));
    let dir = tempfile::tempdir().unwrap();
    let mut config: Config = (*support::config_for(dir.path(), &market, Duration::from_secs(60))).clone();
    config.assistants = vec![AssistantConfig {
        base_url: provider(seen.clone()),
        model: Some("tiny".to_owned()),
        max_output: 100_000,
        ..AssistantConfig::of("it", AssistantKind::OpenAi)
    }];
    let config = Arc::new(config);
    let engine = engine::start(config.clone(), Polling::Always).unwrap();
    claim(&engine.handle()).await;
    let app = App::new(engine.handle(), config, Theme::new(Depth::True, false), Arc::new(chrono::Utc::now)).unwrap();
    let mut person = Person { app, terminal: Terminal::new(TestBackend::new(120, 40)).unwrap(), frames: Frames::default() };
    person.live(Instant::now() + Duration::from_secs(2), |app| !app.model().hand.items.is_empty()).await;
    person.keys("e").await;
    let (mut first, mut shown, mut gone) = (Spread::default(), Spread::default(), Spread::default());
    for _ in 0..rounds {
        person.keys("m d").await;
        let long = Instant::now() + Duration::from_secs(20);
        assert!(person.live(long, |app| said(app).0 > 0).await, "not a word came");
        first.add(seen.lock().unwrap().first.unwrap().elapsed());
        person.live(Instant::now() + Duration::from_millis(100), |_| false).await;
        let at = Instant::now();
        person.press("esc");
        assert!(person.live(long, |app| said(app).1).await, "it was not stopped");
        shown.add(at.elapsed());
        while seen.lock().unwrap().gone.is_none_or(|gone| gone < at) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        gone.add(seen.lock().unwrap().gone.unwrap() - at);
        person.keys("esc").await;
    }
    println!("{}\n{}", Spread::head(), first.line("first word, sent to drawn"));
    println!("{}\n{}", shown.line("Esc to \"stopped\" drawn"), gone.line("Esc to the provider's knowing (a write every 5 ms)"));
    let (mut calm, mut stream) = (Spread::default(), Spread::default());
    for _ in 0..keys {
        calm.add(person.press("j"));
        person.live(Instant::now() + Duration::from_millis(20), |_| false).await;
    }
    person.keys("m d").await;
    person.live(Instant::now() + Duration::from_secs(20), |app| said(app).0 > 0).await;
    for n in 0..keys {
        stream.add(person.press(if n % 2 == 0 { "j" } else { "k" }));
        person.live(Instant::now() + Duration::from_millis(20), |_| false).await;
    }
    println!("{}\n{}", calm.line("a key in the hand, nothing coming"), stream.line("a key on the sheet, 200 tokens/s"));
    println!("  {} bytes came in meanwhile", said(&person.app).0);
    engine.stop().await;
}
