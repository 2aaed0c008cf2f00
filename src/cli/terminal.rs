//! Opens the terminal program on an engine.

use std::io::IsTerminal;
use std::sync::Arc;

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

/// Opens it on the engine of this process; returns the exit code. `greeting` is said at the bottom of the first screen.
///
/// # Errors
/// `Busy` when another process holds the store: one terminal at a time.
pub async fn open(config: Arc<Config>, greeting: Option<&str>) -> Result<u8> {
    config.paths.prepare()?;
    let session = daemon::session(config.clone(), Polling::Always).await?;
    if !session.is_own() {
        let holder = session.holder();
        session.close().await;
        return Err(Failure::new(Class::Busy, "juggler is open already")
            .why(format!("process {holder} holds the store in {}", config.paths.data.display()))
            .hint("go to that terminal; commands such as juggler jobs work beside it, and --data-dir opens another store"));
    }
    let options = tui::Options { greeting: greeting.map(Text::title) };
    let ended = tui::run(session.handle(), config, options).await;
    session.close().await;
    ended.map(|exit| exit.code())
}
