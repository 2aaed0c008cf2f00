//! The terminal program: feed, hand and earnings on one screen, driven by keys.
//!
//! ```text
//! key ─► input ─► keymap ─► Command ─► update ─► Effect ─► engine (asked, never waited for)
//!                                        ▲                    │
//!                                        └──── Message ◄──────┘      model ─► view ─► frame
//! ```
//! The model holds what is visual; every truth is the engine's. `app` is all of it without a terminal and is what tests drive;
//! `event_loop` adds the terminal, `keeper` saves what is typed, `signals` sees to it that nothing is lost on the way out.

pub mod app;
pub mod command;
mod event_loop;
mod external;
pub mod feed_model;
pub mod frame;
mod input;
pub mod keeper;
pub mod keymap;
pub mod layout;
mod link;
pub mod message;
pub mod model;
pub mod osc;
pub mod overlay;
pub mod pane;
pub mod query_line;
mod reload;
mod signals;
pub mod terminal;
pub mod theme;
pub mod triage;
mod update;
mod view;
pub mod when;
pub mod widget;
mod worktime;

use std::io::{IsTerminal, Write};
use std::panic::AssertUnwindSafe;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::Utc;
use futures_util::FutureExt;
use tokio::sync::oneshot;

use crate::config::Config;
use crate::domain::Text;
use crate::engine::Handle;
use crate::engine::api::Request;
use crate::error::{Class, Failure, Result};
use app::{App, Clock};
use event_loop::Ended;
use message::Message;
use terminal::Screen;
use theme::{ColorEnv, Theme};

/// How the terminal program starts.
#[derive(Debug, Default)]
pub struct Options {
    /// Said at the bottom of the first screen: what it is and what to press.
    pub greeting: Option<Text>,
    /// What was on the screen last, to be shown until the store is open.
    pub last: Option<serde_json::Value>,
    /// Tells when the store is open, or why it cannot be; without it, it is open.
    pub opened: Option<oneshot::Receiver<Result<()>>>,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exit {
    /// The person left.
    Quit,
    /// A signal ended it; drafts are saved.
    Signal(i32),
    /// A bug ended it; drafts are saved, and a sentence was printed.
    Panicked,
}

impl Exit {
    /// The process's exit code.
    pub fn code(&self) -> u8 {
        match self {
            Exit::Quit => 0,
            Exit::Signal(number) => u8::try_from(128 + number).unwrap_or(1),
            Exit::Panicked => 1,
        }
    }
}

/// Saving on the way out may take this long.
const LAST_SAVE: Duration = Duration::from_secs(5);

/// Runs the terminal program on `handle` until the person leaves, then gives the terminal back. Drafts are durable when it
/// returns, or it says on stderr which text is not. The second part of the answer is for the next start: [`Options::last`].
///
/// Needs a tokio runtime with more than one thread, and is best awaited on the main one. Errors: no terminal, or a keymap that is
/// ambiguous.
pub async fn run(handle: Handle, config: Arc<Config>, options: Options) -> (Result<Exit>, Option<serde_json::Value>) {
    let mut left = None;
    let ended = run_on(handle, config, options, &mut left).await;
    (ended, left)
}

async fn run_on(handle: Handle, config: Arc<Config>, options: Options, left: &mut Option<serde_json::Value>) -> Result<Exit> {
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        return Err(Failure::new(Class::Usage, "there is no terminal to draw on")
            .hint("use the commands instead, such as `juggler jobs` or `juggler demo --headless`"));
    }
    let theme = Theme::resolve(config.theme, &ColorEnv::of_process());
    let clock: Clock = Arc::new(Utc::now);
    let mut app = App::new(handle.clone(), Arc::clone(&config), theme, Arc::clone(&clock))?;
    let far = osc::Far::of_process(&config.alert);
    app.speak_to(far.clone());
    if let Some(greeting) = &options.greeting {
        app.greet(greeting);
    }
    if let Some(last) = options.last.and_then(|last| serde_json::from_value(last).ok()) {
        app.show_last(last);
    }
    if let Some(opened) = options.opened {
        let tell = app.mailbox();
        tokio::spawn(async move {
            if let Ok(Err(failure)) = opened.await {
                let _ = tell.send(Message::NotOpened(failure));
            }
        });
    }
    let keeper = app.keeper();
    let mut signals = signals::listen(keeper.clone())?;
    let panics = Panics::catch();
    // The line is watched by this thread alone: a key that another thread hears first is two changes of thread late.
    let own = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let own = own.map_err(|error| Failure::new(Class::Internal, "the terminal cannot be watched").why(error))?;
    let ended = tokio::task::block_in_place(|| {
        own.block_on(async {
            let mut screen = Screen::enter(config.mouse)?;
            if far.title {
                screen.keep_title()?;
            }
            let ended = AssertUnwindSafe(event_loop::run(&mut app, &mut screen, &mut signals, &clock)).catch_unwind().await;
            drop(screen);
            Result::Ok(ended)
        })
    });
    own.shutdown_background();
    let ended = ended?;
    let told = panics.end();
    if let Some(failure) = app.not_opened() {
        return Err(failure);
    }
    *left = app.last_window().and_then(|window| serde_json::to_value(window).ok());
    app.hand_over();
    let spans = app.last_spans();
    let saved = tokio::time::timeout(LAST_SAVE, keeper.flush()).await;
    if !spans.is_empty() {
        let _ = tokio::time::timeout(Duration::from_secs(1), handle.ask(Request::Spent { spans })).await;
    }
    signals.left.store(true, Ordering::SeqCst);
    let mut stderr = std::io::stderr();
    match saved {
        Ok(Ok(Ok(()))) => {}
        Ok(Ok(Err(failure))) => drop(writeln!(stderr, "juggler: a draft could not be saved: {failure}")),
        _ => drop(writeln!(stderr, "juggler: saving the drafts took too long; the latest words may be missing")),
    }
    match ended {
        Ok(Ok(Ended::Quit)) => Ok(Exit::Quit),
        Ok(Ok(Ended::Signal(number))) => Ok(Exit::Signal(number)),
        Ok(Ok(Ended::Lost)) => Ok(Exit::Signal(rustix::process::Signal::HUP.as_raw())),
        Ok(Err(failure)) => Err(failure),
        Err(_) => {
            let told = told.unwrap_or_else(|| "no details".to_owned());
            let _ = writeln!(stderr, "juggler: a bug ended the program ({told}); your drafts are saved. Please report it.");
            Ok(Exit::Panicked)
        }
    }
}

type Hook = Box<dyn Fn(&std::panic::PanicHookInfo<'_>) + Send + Sync>;

/// While it lives, a panic of the screen's thread gives the terminal back before anything is said.
struct Panics {
    told: Arc<Mutex<Option<String>>>,
    before: Arc<Mutex<Option<Hook>>>,
}

impl Panics {
    fn catch() -> Panics {
        let told = Arc::new(Mutex::new(None));
        let before = Arc::new(Mutex::new(Some(std::panic::take_hook())));
        let (tell, ours) = (Arc::clone(&told), std::thread::current().id());
        std::panic::set_hook(Box::new(move |info| {
            let place = info.location().map(ToString::to_string).unwrap_or_default();
            let payload = info.payload();
            let said = payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
            let what = said.unwrap_or("unknown");
            tracing::error!(%place, what, "panic");
            if std::thread::current().id() == ours {
                terminal::restore();
                *tell.lock().unwrap_or_else(PoisonError::into_inner) = Some(format!("{what} at {place}"));
            }
        }));
        Panics { told, before }
    }

    fn end(self) -> Option<String> {
        if let Some(before) = self.before.lock().unwrap_or_else(PoisonError::into_inner).take() {
            std::panic::set_hook(before);
        }
        self.told.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
