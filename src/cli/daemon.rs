//! `juggler daemon`, `juggler detach`: the engine without a terminal.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};

use super::args::{DaemonArgs, DaemonCommand, Global};
use super::table::{Column, Table};
use super::{Out, log, words};
use crate::config::Config;
use crate::daemon::bugs::{self, Bugs};
use crate::daemon::link::Own;
use crate::daemon::successor::{Serving, Successor};
use crate::daemon::{self, Connection, Control, Controlled, Front, Host, Kind, Leave, Role, unit};
use crate::engine::Polling;
use crate::error::{Class, Failure, Result};

/// A process that lets go of the store is waited for: a large one writes for seconds.
const PATIENCE: Duration = Duration::from_secs(60);
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// Runs one of them.
pub async fn run(args: DaemonArgs, global: &Global, config: Config, out: &mut Out) -> Result<()> {
    match args.command {
        None => serve(Arc::new(config), args.detached, args.after, out).await,
        Some(DaemonCommand::Start) => start(&config, out).await,
        Some(DaemonCommand::Status) => status(&config, out).await,
        Some(DaemonCommand::Stop) => stop(&config, out).await,
        Some(DaemonCommand::Restart) => restart(&config, out).await,
        Some(DaemonCommand::Unit { install }) => print_unit(global, install, out),
    }
}

/// The daemon itself, until somebody stops it.
async fn serve(config: Arc<Config>, detached: bool, after: Option<u32>, out: &mut Out) -> Result<()> {
    if detached {
        // Away from the terminal: what ends that must not end this. It fails only for the leader of a group, who is alone already.
        let _ = rustix::process::setsid();
    }
    config.paths.prepare()?;
    let _log = log::start(&config.paths);
    let mut own = loop {
        if let Some(mut connection) = daemon::find(&config.paths, &me()).await? {
            match after {
                Some(pid) if pid == connection.host.pid => {}
                // A terminal that was attached was faster to open the store: the engine goes on there, and that was the wish.
                Some(_) => return out.json(&Serving::of(&config, connection.host.pid)),
                None => return Err(runs_already(&mut connection).await),
            }
            connection.closed().await;
        }
        let began = tokio::time::Instant::now();
        let session = loop {
            match daemon::session_as(config.clone(), Polling::Always, Kind::Command, Role::Daemon).await {
                Err(failure) if failure.class == Class::Busy && after.is_some() && began.elapsed() < PATIENCE => {
                    tokio::time::sleep(LOOK_AGAIN).await;
                }
                session => break session?,
            }
        };
        match session.into_own() {
            Some(own) => break own,
            // Somebody was faster.
            None => tokio::time::sleep(LOOK_AGAIN).await,
        }
    };
    let serving = Serving::of(&config, std::process::id());
    if out.is_json() {
        out.json(&serving)?;
    } else {
        out.line(format!("juggler daemon: process {} holds {}", serving.pid, serving.data));
        out.line("`juggler` attaches to it; Ctrl-C or `juggler daemon stop` ends it");
    }
    out.flush();
    unit::notify("READY=1");
    let mut bugs = Bugs::default();
    let leave = loop {
        let leave = tokio::select! {
            leave = told(&own.server, detached) => Some(leave),
            _ = own.running.broke() => None,
        };
        if leave.is_some() || !bugs.one(tokio::time::Instant::now()) {
            break leave;
        }
        tracing::warn!("a bug ended the engine; another one is started");
        own.close(Some(Leave::Follows)).await;
        own = again(&config).await?;
    };
    unit::notify("STOPPING=1");
    own.close(leave).await;
    // Ending with an error is what makes a service manager start it again.
    leave.map(drop).ok_or_else(|| {
        let reported = format!("they are reported in {}", config.paths.data.join("crash").display());
        bugs::enough().why(reported).hint("everything confirmed so far is saved: juggler daemon start")
    })
}

/// Another engine, where a bug ended the one before.
async fn again(config: &Arc<Config>) -> Result<Own> {
    let session = daemon::session_as(config.clone(), Polling::Always, Kind::Command, Role::Daemon).await?;
    let holder = session.holder();
    session.into_own().ok_or_else(|| {
        Failure::new(Class::Busy, "a bug ended the engine, and another process was faster to start the next one")
            .why(format!("process {holder} holds the store"))
            .hint("juggler daemon start, once that one has ended")
    })
}

/// Until a signal or a wish ends it.
async fn told(server: &daemon::Server, detached: bool) -> Leave {
    let mut asked = server.asked();
    let signals = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()), signal(SignalKind::hangup()));
    let (Ok(mut int), Ok(mut term), Ok(mut hup)) = signals else { return std::future::pending().await };
    loop {
        tokio::select! {
            _ = int.recv() => return Leave::Stopped,
            _ = term.recv() => return Leave::Stopped,
            _ = hup.recv() => if !detached { return Leave::Stopped },
            changed = asked.changed() => match (changed, *asked.borrow_and_update()) {
                (Err(_), _) => return Leave::Stopped,
                (Ok(()), Some(leave @ (Leave::Stopped | Leave::Follows))) => return leave,
                _ => {}
            },
        }
    }
}

fn me() -> Front {
    Front::of_process(Kind::Command)
}

async fn host(connection: &mut Connection) -> Result<(Host, Vec<Front>)> {
    match connection.control(Control::Status).await? {
        // Who asks is not meant.
        Controlled::Host { host, mut fronts } => {
            fronts.retain(|front| front.pid != std::process::id() || front.kind != Kind::Command);
            Ok((host, fronts))
        }
        other => Err(Failure::new(Class::Internal, "the engine answered another question").why(format!("{other:?}"))),
    }
}

async fn runs_already(connection: &mut Connection) -> Failure {
    let host = connection.host.clone();
    let failure = Failure::new(Class::Busy, "an engine runs already").why(format!("process {} holds the store", host.pid));
    match host.role {
        Role::Daemon => failure.hint("`juggler` attaches to it; `juggler daemon restart` puts this one in its place"),
        Role::Terminal => failure.hint("`juggler detach` makes it go on without its terminal"),
        Role::Command => failure.hint("it is there for one command: try again in a moment"),
    }
}

async fn start(config: &Config, out: &mut Out) -> Result<()> {
    if let Some(mut connection) = daemon::find(&config.paths, &me()).await? {
        if connection.host.role != Role::Daemon {
            return Err(runs_already(&mut connection).await);
        }
        return say(&Serving::of(config, connection.host.pid), "runs already", out);
    }
    config.paths.prepare()?;
    let serving = Successor::start(config, None)?.ready().await?;
    say(&serving, "runs", out)
}

fn say(serving: &Serving, what: &str, out: &mut Out) -> Result<()> {
    if out.is_json() {
        return out.json(serving);
    }
    out.line(format!("the engine {what} without a terminal, as process {}", serving.pid));
    out.line("`juggler` attaches to it; `juggler daemon stop` ends it");
    Ok(())
}

async fn status(config: &Config, out: &mut Out) -> Result<()> {
    let Some(mut connection) = daemon::find(&config.paths, &me()).await? else {
        return Err(Failure::new(Class::NotFound, "no engine runs")
            .why(format!("nobody holds the store in {}", config.paths.data.display()))
            .hint("`juggler daemon start` runs one; `juggler` opens a terminal with one in it"));
    };
    let (host, fronts) = host(&mut connection).await?;
    if out.is_json() {
        return out.json(&json!({ "host": host, "fronts": fronts, "data": config.paths.data }));
    }
    let role = match host.role {
        Role::Daemon => "without a terminal",
        Role::Terminal => "in a terminal",
        Role::Command => "for one command",
    };
    let up = words::age(host.since, Utc::now());
    out.line(format!("the engine runs {role}, for {up}: process {}, juggler {}", host.pid, host.program));
    out.line(format!("it holds {}", config.paths.data.display()));
    if fronts.is_empty() {
        out.line("nobody is attached: `juggler` attaches");
        return Ok(());
    }
    let mut table =
        Table::new(&[("attached", Column::Left), ("process", Column::Right), ("for", Column::Right), ("where", Column::Flex)]);
    for front in fronts {
        let kind = match front.kind {
            Kind::Terminal => "terminal",
            Kind::Listener => "listener",
            Kind::Command => "command",
        };
        let since = words::age(front.since, Utc::now());
        table.row([kind.to_owned(), front.pid.to_string(), since, front.place.as_str().to_owned()]);
    }
    table.print(out);
    Ok(())
}

async fn stop(config: &Config, out: &mut Out) -> Result<()> {
    let Some(mut connection) = daemon::find(&config.paths, &me()).await? else {
        if out.is_json() {
            return out.json(&json!({ "stopped": null }));
        }
        out.line("no engine runs");
        return Ok(());
    };
    let pid = connection.host.pid;
    if connection.host.role != Role::Daemon {
        return Err(Failure::new(Class::Refused, "the engine that runs is no daemon")
            .why(format!("it runs in process {pid}, with that one's terminal"))
            .hint("quit there; `juggler detach` makes it one"));
    }
    let (_, fronts) = host(&mut connection).await?;
    connection.stop(false).await;
    gone(connection, pid).await?;
    if out.is_json() {
        return out.json(&json!({ "stopped": pid, "left": fronts.len() }));
    }
    let terminals = fronts.iter().filter(|front| front.kind == Kind::Terminal).count();
    let left = if terminals == 0 { String::new() } else { format!("; {} left", words::count(terminals, "terminal")) };
    out.line(format!("stopped process {pid}{left}"));
    Ok(())
}

async fn restart(config: &Config, out: &mut Out) -> Result<()> {
    let Some(mut connection) = daemon::find(&config.paths, &me()).await? else { return start(config, out).await };
    let pid = connection.host.pid;
    if connection.host.role != Role::Daemon {
        return Err(runs_already(&mut connection).await);
    }
    let successor = Successor::start(config, Some(pid))?;
    connection.stop(true).await;
    let serving = successor.ready().await?;
    say(&serving, "runs again", out)
}

/// Waits until a process is gone.
async fn gone(connection: Connection, pid: u32) -> Result<()> {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    let _ = tokio::time::timeout(PATIENCE, connection.closed()).await;
    while is_alive(pid) {
        if tokio::time::Instant::now() > deadline {
            return Err(Failure::new(Class::Busy, format!("process {pid} does not end"))
                .why("it was asked a minute ago")
                .hint(format!("`kill {pid}` asks again; nothing saved is lost even by kill -9")));
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    Ok(())
}

/// Whether a process still runs. One that has ended counts as gone, also while whoever started it has not asked how.
fn is_alive(pid: u32) -> bool {
    // The state stands behind the name, which may hold anything.
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    if let Some(state) = stat.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next()) {
        return !matches!(state, 'Z' | 'X');
    }
    let process = i32::try_from(pid).ok().and_then(rustix::process::Pid::from_raw);
    process.is_some_and(|pid| rustix::process::test_kill_process(pid).is_ok())
}

/// `juggler detach`
pub async fn detach(config: &Config, out: &mut Out) -> Result<()> {
    let Some(mut connection) = daemon::find(&config.paths, &me()).await? else {
        return Err(Failure::new(Class::NotFound, "no engine runs, so no terminal is attached")
            .hint("`juggler daemon start` runs one without a terminal"));
    };
    let (before, fronts) = host(&mut connection).await?;
    // It may be gone before it can say yes.
    let _ = connection.control(Control::Detach).await;
    let terminals = fronts.iter().filter(|front| front.kind == Kind::Terminal).count();
    let pid = if before.role == Role::Terminal {
        connection.closed().await;
        follower(config).await?
    } else {
        before.pid
    };
    if out.is_json() {
        return out.json(&json!({ "detached": terminals, "daemon": pid }));
    }
    out.line(format!("{} left; the engine goes on as process {pid}", words::count(terminals, "terminal")));
    Ok(())
}

/// The daemon that goes on where a terminal let go.
async fn follower(config: &Config) -> Result<u32> {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while tokio::time::Instant::now() < deadline {
        if let Ok(Some(connection)) = daemon::find(&config.paths, &me()).await
            && connection.host.role == Role::Daemon
        {
            return Ok(connection.host.pid);
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    Err(Failure::new(Class::Internal, "the terminal left, and no daemon went on").hint("`juggler daemon start` runs one"))
}

fn print_unit(global: &Global, install: bool, out: &mut Out) -> Result<()> {
    let program =
        std::env::current_exe().map_err(|why| Failure::new(Class::Internal, "this program cannot be found").why(why))?;
    let absolute = |path: &Option<std::path::PathBuf>| path.as_deref().and_then(|path| std::path::absolute(path).ok());
    let (config, data) = (absolute(&global.config), absolute(&global.data_dir));
    let text = unit::unit(&program, config.as_deref(), data.as_deref());
    if !install {
        out.raw(text.as_bytes());
        return Ok(());
    }
    let file = unit::folder()?.join(unit::NAME);
    write(&file, &text)?;
    if out.is_json() {
        return out.json(&json!({ "unit": file }));
    }
    out.line(format!("written: {}", file.display()));
    out.line("next:    systemctl --user daemon-reload && systemctl --user enable --now juggler");
    out.line("         loginctl enable-linger    # so that it runs while you are logged out");
    Ok(())
}

fn write(file: &Path, text: &str) -> Result<()> {
    let cannot = |why: std::io::Error| {
        Failure::new(Class::Store, format!("{} cannot be written", file.display()))
            .why(why)
            .hint("print it with `juggler daemon unit` and put it where systemd looks")
    };
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(cannot)?;
    }
    std::fs::write(file, text).map_err(cannot)
}
