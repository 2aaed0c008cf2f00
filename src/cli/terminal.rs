//! Opens the terminal program on an engine.

use std::io::IsTerminal;
use std::sync::Arc;

use super::{Out, log};
use crate::config::Config;
use crate::domain::Text;
use crate::engine::Polling;
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
    let session = daemon::session(config.clone(), Polling::Always).await?;
    if !session.is_own() {
        let holder = session.holder();
        session.close().await;
        return Err(Failure::new(Class::Busy, "juggler is open already")
            .why(format!("process {holder} holds the store in {}", config.paths.data.display()))
            .hint("go to that terminal; commands such as juggler jobs work beside it, and --data-dir opens another store"));
    }
    let done = tui::run(session.handle(), config, tui::Options { greeting }).await;
    session.close().await;
    out.leave_with(done?.code());
    Ok(())
}
