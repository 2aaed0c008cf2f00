//! Opens the terminal program on an engine.

use std::io::IsTerminal;
use std::sync::Arc;

use super::{Out, log};
use crate::config::Config;
use crate::domain::Text;
use crate::engine::{self, Polling, Socket};
use crate::error::{Class, Failure, Result};
use crate::{daemon, tui};

/// Whether standard input and output are a terminal that can draw.
pub fn is_there() -> bool {
    let dumb = std::env::var("TERM").is_ok_and(|term| term == "dumb");
    std::io::stdin().is_terminal() && std::io::stdout().is_terminal() && !dumb
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
