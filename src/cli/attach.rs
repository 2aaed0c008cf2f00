//! `juggler attach`: a terminal on an engine that runs already, here or on another machine.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncWriteExt, copy};

use super::args::AttachArgs;
use super::{Out, log, terminal};
use crate::config::Config;
use crate::daemon::link::Way;
use crate::daemon::via::Via;
use crate::daemon::{self, Kind, Role};
use crate::engine::Polling;
use crate::error::{Class, Failure, Result};

/// A connection that closed is noticed within this.
const NOTICED: Duration = Duration::from_millis(500);
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// Runs it.
pub async fn run(args: AttachArgs, config: Config, out: &mut Out) -> Result<()> {
    let config = Arc::new(config);
    if args.stdio {
        return stdio(config).await;
    }
    if terminal::face() != terminal::Face::Screen {
        return Err(super::no_terminal());
    }
    let way = match args.via {
        Some(command) => Way::Far(Via::parse(&command, &args.program)?),
        None => Way::Near { config: config.clone(), attach: true },
    };
    terminal::attach(config, way, out).await
}

/// The engine's socket on standard input and output, for a terminal on another machine. Where no engine runs, it runs here until
/// the other end goes, and on as a daemon while others are attached.
async fn stdio(config: Arc<Config>) -> Result<()> {
    config.paths.prepare()?;
    let _log = log::start(&config.paths);
    // Only to see whether there is one, and to start it.
    let session = daemon::session_as(config.clone(), Polling::Always, Kind::Command, Role::Terminal).await?;
    let mut own = session.into_own();
    let mut stream = None;
    for path in config.paths.sockets() {
        stream = daemon::open(&path).await?;
        if stream.is_some() {
            break;
        }
    }
    let gone = || Failure::new(Class::Internal, "the engine went away").hint("try again");
    let (mut read, mut write) = stream.ok_or_else(gone)?.into_split();
    let (mut input, mut output) = (tokio::io::stdin(), tokio::io::stdout());
    let there = async {
        let _ = copy(&mut input, &mut write).await;
    };
    let back = async {
        let _ = copy(&mut read, &mut output).await;
        let _ = output.flush().await;
    };
    // After a bug the terminal over there looks for the next engine, and starts it.
    let broke = async {
        match &mut own {
            Some(own) => drop(own.running.broke().await),
            None => std::future::pending().await,
        }
    };
    let broke = tokio::select! {
        () = there => false,
        () = back => false,
        () = super::told_to_stop() => false,
        () = broke => true,
    };
    drop((read, write));
    match own {
        Some(own) if broke => {
            own.close(None).await;
            Err(super::crash::failure())
        }
        Some(own) => {
            // The terminal that this was for does not count, once its end was noticed.
            let noticed = async {
                while own.server.fronts().others() > 0 {
                    tokio::time::sleep(LOOK_AGAIN).await;
                }
            };
            let _ = tokio::time::timeout(NOTICED, noticed).await;
            terminal::let_go(own, &config, false).await.map(drop)
        }
        None => Ok(()),
    }
}
