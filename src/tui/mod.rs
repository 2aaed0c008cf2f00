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
mod carry;
pub mod command;
mod event_loop;
mod external;
pub mod feed_model;
pub mod frame;
pub mod grading;
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
pub mod picture;
pub mod preview;
pub mod query_line;
mod reload;
pub mod session;
mod signals;
pub mod terminal;
pub mod theme;
pub mod triage;
mod update;
mod view;
pub mod watchdog;
pub mod when;
pub mod widget;
mod worktime;

use std::io::{IsTerminal, Write};
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use futures_util::FutureExt;
use tokio::sync::mpsc;

use crate::config::Config;
use crate::domain::Text;
use crate::engine::api::Request;
use crate::engine::{Handle, keep_unsaved};
use crate::error::{Class, Failure, Result};
use app::{App, Clock};
use event_loop::Ended;
use message::Message;
pub use message::Outside;
use model::Leaving;
use terminal::Screen;
use theme::{ColorEnv, Theme};

/// How the terminal program starts.
#[derive(Debug, Default)]
pub struct Options {
    /// Said at the bottom of the first screen: what it is and what to press.
    pub greeting: Option<Text>,
    /// What was on the screen last, to be shown until the store is open.
    pub last: Option<serde_json::Value>,
    /// Tells where the engine is; without it, it is there.
    pub news: Option<mpsc::UnboundedReceiver<Outside>>,
    /// The engine is on another machine: what the last terminal showed is asked of it, and less is sent.
    pub far: bool,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exit {
    /// The person left.
    Quit,
    /// The person left, and the engine is to go on.
    Detached,
    /// The engine was stopped by somebody.
    Stopped,
    /// A signal ended it; drafts are saved.
    Signal(i32),
    /// A bug ended it; drafts are saved, and a sentence was printed.
    Panicked,
}

impl Exit {
    /// The process's exit code.
    pub fn code(&self) -> u8 {
        match self {
            Exit::Quit | Exit::Detached | Exit::Stopped => 0,
            Exit::Signal(number) => u8::try_from(128 + number).unwrap_or(1),
            Exit::Panicked => 1,
        }
    }
}

/// Saving on the way out may take this long.
const LAST_SAVE: Duration = Duration::from_secs(5);

/// Runs the terminal program on `handle` until the person leaves, then gives the terminal back. Drafts are durable when it
/// returns, or it says on stderr which text is not.
///
/// Needs a tokio runtime with more than one thread, and is best awaited on the main one. Errors: no terminal, or a keymap that is
/// ambiguous.
pub async fn run(handle: Handle, config: Arc<Config>, options: Options) -> Result<Exit> {
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        return Err(Failure::new(Class::Usage, "there is no terminal to draw on")
            .hint("use the commands instead, such as `juggler jobs` or `juggler demo --headless`"));
    }
    let theme = Theme::resolve(config.theme, &ColorEnv::of_process());
    // The time is the engine's: deadlines are counted by it, wherever it runs.
    let ahead = Arc::new(AtomicI64::new(0));
    let told = Arc::clone(&ahead);
    let clock: Clock = Arc::new(move || Utc::now() + TimeDelta::milliseconds(told.load(Ordering::Relaxed)));
    let mut app = App::new(handle.clone(), Arc::clone(&config), theme, Arc::clone(&clock))?;
    let far = osc::Far::of_process(&config.alert);
    app.speak_to(far.clone());
    app.meet_terminal();
    if let Some(greeting) = &options.greeting {
        app.greet(greeting);
    }
    app.begin(options.last.and_then(|last| serde_json::from_value(last).ok()), options.far);
    if let Some(mut news) = options.news {
        let tell = app.mailbox();
        tokio::spawn(async move {
            while let Some(outside) = news.recv().await {
                if let Outside::Engine { ahead: told, .. } = &outside {
                    ahead.store(told.num_milliseconds(), Ordering::Relaxed);
                }
                let _ = tell.send(Message::Outside(outside));
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
    let session = app.session();
    app.hand_over();
    let spans = app.last_spans();
    let saved = tokio::time::timeout(LAST_SAVE, keeper.flush()).await;
    if !spans.is_empty() {
        let _ = tokio::time::timeout(Duration::from_secs(1), handle.ask(Request::Spent { spans })).await;
    }
    if let Some(session) = session {
        let _ = tokio::time::timeout(Duration::from_secs(1), handle.ask(Request::KeepSession { session })).await;
    }
    signals.left.store(true, Ordering::SeqCst);
    let mut stderr = std::io::stderr();
    let trouble = match saved {
        Ok(Ok(Ok(()))) => None,
        Ok(Ok(Err(failure))) => Some(failure.to_string()),
        _ => Some("it took too long".to_owned()),
    };
    if let Some(trouble) = trouble {
        let _ = writeln!(stderr, "juggler: a draft could not be saved: {trouble}");
        for line in keep_unsaved(&config.paths.data, &app.unsaved()) {
            let _ = writeln!(stderr, "juggler: {line}");
        }
    }
    match ended {
        Ok(Ok(Ended::Quit)) => Ok(match app.leaving() {
            Some(Leaving::Detached) => Exit::Detached,
            Some(Leaving::Stopped) => {
                let _ = writeln!(stderr, "juggler: the engine was stopped; your drafts are saved");
                Exit::Stopped
            }
            None => Exit::Quit,
        }),
        Ok(Ok(Ended::Signal(number))) => Ok(Exit::Signal(number)),
        Ok(Ok(Ended::Lost)) => {
            // Where it only failed once, somebody is there to read this.
            let _ = writeln!(stderr, "juggler: the terminal is gone, or could not be used: that ended the program");
            Ok(Exit::Signal(rustix::process::Signal::HUP.as_raw()))
        }
        Ok(Err(failure)) => Err(failure),
        Err(_) => {
            let told = told.unwrap_or_else(|| "no details".to_owned());
            let _ = writeln!(stderr, "juggler: a bug ended the program ({told}); your drafts are saved. Please report it.");
            Ok(Exit::Panicked)
        }
    }
}

type Hook = Box<dyn Fn(&std::panic::PanicHookInfo<'_>) + Send + Sync>;

/// While it lives, a panic of the screen's thread gives the terminal back before anything else; all are reported as before.
struct Panics {
    told: Arc<Mutex<Option<String>>>,
    before: Arc<Hook>,
}

impl Panics {
    fn catch() -> Panics {
        let told = Arc::new(Mutex::new(None));
        let before: Arc<Hook> = Arc::new(std::panic::take_hook());
        let (tell, report, ours) = (Arc::clone(&told), Arc::clone(&before), std::thread::current().id());
        std::panic::set_hook(Box::new(move |info| {
            if std::thread::current().id() == ours {
                terminal::restore();
                let place = info.location().map(ToString::to_string).unwrap_or_default();
                // Words that were put together may quote a job's text, escapes and all.
                let what = info.payload().downcast_ref::<&'static str>().copied().unwrap_or("something unforeseen");
                *tell.lock().unwrap_or_else(PoisonError::into_inner) = Some(format!("{what} at {place}"));
            }
            report(info);
        }));
        Panics { told, before }
    }

    fn end(self) -> Option<String> {
        let before = self.before;
        std::panic::set_hook(Box::new(move |info| before(info)));
        self.told.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
