//! Opens the terminal program on an engine.

use std::io::IsTerminal;
use std::sync::Arc;

use super::{Out, log};
use crate::config::Config;
use crate::domain::Text;
use crate::engine::{self, Polling, Socket};
use crate::error::{Class, Failure, Result};
use crate::plain::{Console, Plain};
use crate::{daemon, tui};

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
pub async fn open_fitting(config: Arc<Config>, greeting: Option<Text>, out: &mut Out) -> Result<()> {
    match face() {
        _ if config.plain => open_lines(config, greeting).await,
        Face::Screen => open(config, greeting, out).await,
        Face::Dumb => {
            let why = "TERM=dumb: this terminal cannot draw, so these are lines.";
            let said = greeting.map_or_else(|| why.to_owned(), |greeting| format!("{why} {greeting}"));
            open_lines(config, Some(Text::title(&said))).await
        }
        Face::None => Err(super::no_terminal()),
    }
}

/// The plain front end, on whichever engine holds the store.
async fn open_lines(config: Arc<Config>, greeting: Option<Text>) -> Result<()> {
    config.paths.prepare()?;
    let _log = log::start(&config.paths);
    let session = daemon::session(config.clone(), Polling::Always).await?;
    let data = config.paths.data.clone();
    let editor = Box::new(move |text: &str| Ok(super::editor::edit(text, &data)?.map(super::editor::Edited::into_parts)));
    let mut plain = Plain::new(session.handle(), config, Console::standard()?, editor);
    let ended = tokio::select! {
        ended = plain.run(greeting.as_ref()) => ended,
        () = super::told_to_stop() => Ok(()),
    };
    plain.leave().await;
    session.close().await;
    ended
}

/// Opens it on the engine of this process, with a word of greeting; `out` leaves with its exit code (129 after a hang-up).
///
/// # Errors
/// `Busy` when another process holds the store: one terminal at a time.
pub async fn open(config: Arc<Config>, greeting: Option<Text>, out: &mut Out) -> Result<()> {
    config.paths.prepare()?;
    let _log = log::start(&config.paths);
    // Another terminal is told of before the screen is taken.
    if let Some((_, holder)) = daemon::connect(&config.paths.socket).await? {
        return Err(daemon::held_by(holder, &config));
    }
    let socket = Socket::new();
    let handle = socket.handle();
    let last = engine::last_window(&config);
    let (tell, opened) = tokio::sync::oneshot::channel();
    let opening = tokio::spawn({
        let config = config.clone();
        async move {
            let session = daemon::own_session(socket, config, Polling::Always).await;
            let _ = tell.send(session.as_ref().map(|_| ()).map_err(Clone::clone));
            session
        }
    });
    let (done, left) = tui::run(handle, config.clone(), tui::Options { greeting, last, opened: Some(opened) }).await;
    let session = opening.await.map_err(|why| Failure::new(Class::Internal, "opening the store broke off").why(why))?;
    if let Ok(session) = session {
        session.close().await;
        if let Some(left) = left {
            engine::keep_window(&config, &left);
        }
    }
    out.leave_with(done?.code());
    Ok(())
}
