//! Opens the terminal program on an engine: one that runs already, or one of this process.

use std::io::IsTerminal;
use std::sync::Arc;

use chrono::TimeDelta;
use tokio::sync::mpsc;

use super::{Out, crash, log};
use crate::config::Config;
use crate::daemon::link::{Link, News, Own, Way};
use crate::daemon::successor::{Serving, Successor};
use crate::daemon::{Front, Kind, Leave};
use crate::domain::Text;
use crate::engine::{self, Socket};
use crate::error::{Class, Failure, Result};
use crate::plain::{Console, Plain};
use crate::tui::{self, Exit, Outside};

/// What there is to talk through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    /// A terminal that can draw.
    Screen,
    /// A terminal that cannot: lines.
    Dumb,
    /// No terminal: standard input or output is a file or a pipe.
    None,
}

/// What standard input and output are.
pub fn face() -> Face {
    let dumb = std::env::var("TERM").is_ok_and(|term| term == "dumb");
    match std::io::stdin().is_terminal() && std::io::stdout().is_terminal() {
        true if dumb => Face::Dumb,
        true => Face::Screen,
        false => Face::None,
    }
}

/// Opens what fits: the screen, or lines where they are wished for or nothing else can be.
///
/// # Errors
/// `Usage` without a terminal, unless lines are wished for; else as [`open`].
pub async fn open_fitting(config: Arc<Config>, out: &mut Out) -> Result<()> {
    match lines(&config)? {
        None => open(config, out).await,
        Some(why) => {
            let ran = run_lines(config.clone(), why).await?;
            say_going_on(ran.end(Some(&config)).await?, out);
            Ok(())
        }
    }
}

/// Whether it is to be lines, and what is said about that first.
fn lines(config: &Config) -> Result<Option<Option<Text>>> {
    let dumb = "TERM=dumb: this terminal cannot draw, so these are lines.";
    match face() {
        _ if config.plain => Ok(Some(None)),
        Face::Screen => Ok(None),
        Face::Dumb => Ok(Some(Some(Text::title(dumb)))),
        Face::None => Err(super::no_terminal()),
    }
}

/// The plain front end, on whichever engine holds the store.
async fn run_lines(config: Arc<Config>, greeting: Option<Text>) -> Result<Ran> {
    config.paths.prepare()?;
    let _log = log::start(&config.paths);
    let (socket, way) = (Socket::new(), Way::Near { config: config.clone(), attach: false });
    let handle = socket.handle();
    let mut link = Link::start(way, Front::of_process(Kind::Terminal), socket, None);
    let mut news = link.news();
    let data = config.paths.data.clone();
    let editor = Box::new(move |text: &str| Ok(super::editor::edit(text, &data)?.map(super::editor::Edited::into_parts)));
    let (note, notes) = mpsc::unbounded_channel();
    let mut plain = Plain::new(handle, config, Console::standard()?, editor).hearing(notes);
    // Somebody else may end it: whoever detaches, stops the engine, or keeps the store to himself.
    let told = async {
        let mut missing = false;
        while let Some(news) = news.recv().await {
            let said = match news {
                News::Never(failure) => return Err(failure),
                News::Leave(leave) => return Ok(leave == Leave::Detached),
                News::Broke => {
                    missing = true;
                    format!("A bug ended the engine; another one is started. Nothing saved is lost; {}.", crash::latest())
                }
                News::GaveUp(failure) => format!("{failure}. {}; {}.", failure.hint, crash::latest()),
                News::Away(failure) if !std::mem::replace(&mut missing, true) => {
                    format!("There is no engine: {}. It is looked for.", failure.cause())
                }
                News::Here | News::There(..) if std::mem::take(&mut missing) => "The engine is back.".to_owned(),
                News::Here | News::There(..) | News::Away(_) => continue,
            };
            let _ = note.send(said);
        }
        std::future::pending().await
    };
    let cannot = |why| Failure::new(Class::Internal, "standard output cannot be watched").why(why);
    let unread = tui::watchdog::unread().map_err(cannot)?;
    let ended: Result<bool> = tokio::select! {
        ended = plain.run(greeting.as_ref()) => ended.map(|()| false),
        told = told => told,
        () = super::told_to_stop() => Ok(false),
        Ok(()) = unread => Ok(false),
    };
    plain.leave().await;
    let own = link.end().await;
    match ended {
        Ok(detached) => Ok(Ran { own, detached }),
        Err(failure) => {
            if let Some(own) = own {
                own.close(None).await;
            }
            Err(failure)
        }
    }
}

/// Opens it on the engine that holds the store, or on one of this process; `out` leaves with its exit code (129 after a hang-up).
/// When it is left while others are attached, or detached, the engine goes on without it.
///
/// # Errors
/// `Busy` when the process that holds the store does not answer.
pub async fn open(config: Arc<Config>, out: &mut Out) -> Result<()> {
    attach(config.clone(), Way::Near { config, attach: false }, out).await
}

/// Opens it on an engine of this process alone, with a word of greeting: what it works on is gone afterwards.
///
/// # Errors
/// As [`open`].
pub async fn open_passing(config: Arc<Config>, greeting: Text, out: &mut Out) -> Result<()> {
    let ran = match lines(&config)? {
        None => run(config.clone(), Way::Near { config, attach: false }, Some(greeting), out).await?,
        Some(why) => {
            let said = why.map_or_else(|| greeting.to_string(), |why| format!("{why} {greeting}"));
            run_lines(config, Some(Text::title(&said))).await?
        }
    };
    ran.end(None).await.map(drop)
}

/// Opens it on an engine wherever it is.
///
/// # Errors
/// As [`open`], and when the way does not lead to an engine.
pub async fn attach(config: Arc<Config>, way: Way, out: &mut Out) -> Result<()> {
    let ran = run(config.clone(), way, None, out).await?;
    say_going_on(ran.end(Some(&config)).await?, out);
    Ok(())
}

fn say_going_on(serving: Option<Serving>, out: &mut Out) {
    if let Some(serving) = serving {
        out.line(format!("the engine goes on without this terminal, as process {}", serving.pid));
        out.line("`juggler` comes back to it; `juggler daemon stop` ends it");
    }
}

/// What is left of a session.
struct Ran {
    own: Option<Own>,
    detached: bool,
}

impl Ran {
    async fn end(self, config: Option<&Config>) -> Result<Option<Serving>> {
        match (self.own, config) {
            (Some(own), Some(config)) => let_go(own, config, self.detached).await,
            (Some(own), None) => {
                own.close(Some(Leave::Stopped)).await;
                Ok(None)
            }
            (None, _) => Ok(None),
        }
    }
}

/// Ends an engine of this process, or lets it go on as a daemon: when that is wished, or while others are attached.
pub async fn let_go(own: Own, config: &Config, detached: bool) -> Result<Option<Serving>> {
    if !detached && own.server.fronts().others() == 0 {
        own.close(None).await;
        return Ok(None);
    }
    let successor = Successor::start(config, Some(std::process::id()));
    // Without one, whoever is attached opens its own.
    own.close(successor.is_ok().then_some(Leave::Follows)).await;
    successor?.ready().await.map(Some)
}

async fn run(config: Arc<Config>, way: Way, greeting: Option<Text>, out: &mut Out) -> Result<Ran> {
    config.paths.prepare()?;
    let _log = log::start(&config.paths);
    let front = Front::of_process(Kind::Terminal);
    let near = matches!(way, Way::Near { .. });
    // What has to be asked of the person (a password, whether to trust a host) is asked before the screen is taken.
    let dialled = match &way {
        Way::Far(via) => Some(via.dial(&front, false).await?),
        Way::Near { .. } => None,
    };
    let socket = Socket::new();
    let handle = socket.handle();
    let last = near.then(|| engine::last_window(&config)).flatten();
    let mut link = Link::start(way, front, socket, dialled);
    let news = outside(link.news());
    let done = tui::run(handle, config, tui::Options { greeting, last, news: Some(news), far: !near }).await;
    let own = link.end().await;
    let exit = match done {
        Ok(exit) => exit,
        Err(failure) => {
            if let Some(own) = own {
                own.close(None).await;
            }
            return Err(failure);
        }
    };
    out.leave_with(exit.code());
    Ok(Ran { own, detached: exit == Exit::Detached })
}

/// What the link tells, in the words of the terminal program.
fn outside(mut news: mpsc::UnboundedReceiver<News>) -> mpsc::UnboundedReceiver<Outside> {
    let (tell, told) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Some(news) = news.recv().await {
            let outside = match news {
                News::Here => Outside::Engine { own: true, ahead: TimeDelta::zero() },
                News::There(_, ahead) => Outside::Engine { own: false, ahead },
                News::Away(failure) => Outside::Away(failure),
                News::Broke => Outside::Broke(Text::title(&crash::latest())),
                News::GaveUp(failure) => Outside::GaveUp(failure),
                News::Never(failure) => Outside::Never(failure),
                News::Leave(Leave::Detached) => Outside::Detached,
                News::Leave(Leave::Stopped) => Outside::Stopped,
                News::Leave(Leave::Follows) => continue,
            };
            if tell.send(outside).is_err() {
                return;
            }
        }
    });
    told
}
