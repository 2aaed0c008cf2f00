//! The command line over the same requests as the terminal program: tables for people, JSON for scripts.
//!
//! The fields of every JSON answer are listed in `assets/cli-json.md`; they are the words of `engine::api`.

mod alert;
pub mod args;
mod art;
mod assist;
mod assist_ask;
mod assist_desk;
mod attach;
mod attachments;
mod blocks;
mod check;
mod claim;
mod config;
pub mod crash;
mod daemon;
mod demo;
mod doctor;
mod draft;
mod draft_origins;
mod draft_versions;
mod earnings;
mod editor;
mod events;
mod find;
mod hand;
mod inbox;
mod jobs;
mod log;
mod man;
mod market;
mod out;
mod outbox;
mod own;
mod pace;
mod picture;
mod query;
mod rules;
mod sightings;
mod sources;
mod store;
mod submit;
mod table;
mod terminal;
mod triage;
mod views;
mod why;
mod words;

use std::sync::Arc;

use clap::CommandFactory;
use tokio::signal::unix::{SignalKind, signal};

pub use args::{Args, Command};
pub use out::Out;

use crate::config::Config;
use crate::engine::api::{Reply, Request};
use crate::engine::{Handle, Polling};
use crate::error::{Class, Failure, Result};

/// Sends a request and takes the one answer that fits it.
macro_rules! ask {
    ($handle:expr, $request:expr, $pattern:pat => $value:expr) => {
        match $handle.ask($request).await? {
            $pattern => $value,
            other => return Err($crate::cli::strange(&other)),
        }
    };
}
use ask;

/// Runs a command to its end; without one, the terminal program.
pub async fn run(args: Args, out: &mut Out) -> Result<()> {
    let global = args.global;
    let overrides = global.overrides();
    let Some(command) = args.command else {
        let config = Config::load(&overrides);
        // A broken config does not hide that there is nothing to open the program in.
        if terminal::face() == terminal::Face::None && !config.as_ref().is_ok_and(|config| config.plain) && !overrides.plain {
            return Err(no_terminal());
        }
        return terminal::open_fitting(Arc::new(config?), out).await;
    };
    match command {
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Args::command(), "juggler", &mut script);
            out.raw(&script);
            Ok(())
        }
        Command::Man { command, out: dir } => man::run(command.as_deref(), dir.as_deref(), out),
        Command::Config { command } => config::run(command, &overrides, out).await,
        Command::Market { command: args::MarketCommand::Serve(serve) } => market::serve(serve, out).await,
        Command::Inbox { command } => inbox::run(command, out),
        Command::Alert { command: args::AlertCommand::Test } => alert::test(&Config::load(&overrides)?, out).await,
        Command::Assist { command } if command.as_ref().is_none_or(args::AssistCommand::is_past_the_engine) => {
            assist::run(command, &Config::load(&overrides)?, out).await
        }
        Command::Jobs(args::JobsArgs { query_help: true, .. }) => {
            out.raw(crate::domain::query::help_text().as_bytes());
            Ok(())
        }
        Command::Picture { command } if command.is_past_the_engine() => picture::on_files(command, out).await,
        Command::Check(args) if args.spec.is_some() => check::by_spec(args, &Config::load(&overrides)?, out).await,
        Command::Check(args::CheckArgs { pace: Some(seconds), .. }) => pace::run(seconds, &Config::load_or_new(&overrides)?, out),
        Command::Doctor => doctor::run(&overrides, out).await,
        Command::Demo(demo) => demo::run(demo, &overrides, out).await,
        Command::Daemon(args) => daemon::run(args, &global, Config::load(&overrides)?, out).await,
        Command::Attach(args) => attach::run(args, Config::load_or_new(&overrides)?, out).await,
        Command::Detach => daemon::detach(&Config::load(&overrides)?, out).await,
        Command::Store { command } => store::run(command, Config::load(&overrides)?, out).await,
        Command::Sources { command: Some(args::SourcesCommand::Test { name }) } => {
            sources::test(&name, &Config::load(&overrides)?, out).await
        }
        Command::Sources { command: Some(args::SourcesCommand::Add(add)) } => {
            sources::add(add, &Config::load_or_new(&overrides)?, out)
        }
        command => with_engine(command, Arc::new(Config::load(&overrides)?), out).await,
    }
}

/// Runs a command that talks to the engine: the one that holds the store, or one of this process.
async fn with_engine(command: Command, config: Arc<Config>, out: &mut Out) -> Result<()> {
    config.paths.prepare()?;
    let _log = log::start(&config.paths);
    let polling = match command {
        Command::Events { follow: true, .. } => Polling::Always,
        _ => Polling::OnRequest,
    };
    let mut session = crate::daemon::session(config.clone(), polling).await?;
    let handle = session.handle();
    // Standard error holds one JSON object then, or nothing.
    if session.is_own() && !out.is_json() {
        say_what_the_store_says(&handle, out).await?;
    }
    let own = session.is_own();
    let follows = matches!(command, Command::Events { follow: true, .. });
    let result = tokio::select! {
        // A command that ends well when it is told to (following events) is heard first.
        biased;
        result = dispatch(command, own, &handle, &config, out) => result,
        // Whoever follows has no other way to end it.
        () = told_to_stop(), if follows => Ok(()),
        // Nothing would ever come any more.
        () = session.lost(), if follows => {
            Err(Failure::new(Class::Internal, "the engine went away").hint("follow the next one: juggler events --follow"))
        }
        () = told_to_stop(), if !follows => Err(Failure::new(Class::Internal, "stopped by a signal")),
    };
    session.close().await;
    result
}

/// Whatever the store had to mend when it was opened, or cannot use, is for the person to know, whichever command opened it.
async fn say_what_the_store_says(handle: &Handle, out: &mut Out) -> Result<()> {
    let view = ask!(handle, Request::Store, Reply::Store(view) => view);
    for text in &view.mended {
        out.note(format!("the store: {text}"));
    }
    Ok(())
}

async fn dispatch(command: Command, own: bool, handle: &Handle, config: &Config, out: &mut Out) -> Result<()> {
    match command {
        Command::Jobs(args) => jobs::list(args, handle, config, out).await,
        Command::Show { key, raw: true, .. } => jobs::raw(&key, config, out),
        Command::Show { key, why: true, .. } => why::run(&key, handle, out).await,
        Command::Show { key, .. } => jobs::show(&key, handle, out).await,
        Command::Claim { key, yes, agreed } => claim::claim(&key, yes, agreed, handle, out).await,
        Command::Release { assignment, yes } => claim::release(&assignment, yes, handle, out).await,
        Command::Hand { all } => hand::run(all, handle, out).await,
        Command::Attachments(args) => attachments::run(args, handle, config, out).await,
        Command::Draft(args) => draft::run(args, handle, config, out).await,
        Command::Picture { command } => picture::run(command, handle, out).await,
        Command::Check(args) => check::run(args, handle, config, out).await,
        Command::Submit(args) => submit::run(args, handle, out).await,
        Command::Resolve { submission, decision, yes } => outbox::resolve(&submission, decision, yes, handle, out).await,
        Command::Run { name, key } => own::run(&name, &key, handle, config, out).await,
        Command::Outbox => outbox::list(handle, out).await,
        Command::Earnings => earnings::run(handle, out).await,
        Command::Sources { command } => sources::run(command, handle, config, out).await,
        Command::Events { follow, limit } => events::run(follow, limit, handle, out).await,
        Command::Sightings { limit, poll } => sightings::run(limit, poll, handle, out).await,
        Command::Views { command } => views::run(command, handle, out).await,
        Command::Rules { command } => rules::run(command, handle, out).await,
        Command::Blocks => blocks::list(handle, out).await,
        Command::Block(args) => blocks::block(args, handle, out).await,
        Command::Unblock { id } => blocks::unblock(id, handle, out).await,
        Command::Triage { command } => triage::run(command, handle, out).await,
        Command::Assist { command: Some(command) } => assist_desk::run(command, handle, out).await,
        Command::Art { command } => art::run(command, own, handle, out).await,
        Command::Undo => triage::undo(handle, out).await,
        Command::Redo => triage::redo(handle, out).await,
        Command::Alert { .. }
        | Command::Assist { .. }
        | Command::Completions { .. }
        | Command::Config { .. }
        | Command::Inbox { .. }
        | Command::Man { .. }
        | Command::Market { .. }
        | Command::Daemon(_)
        | Command::Attach(_)
        | Command::Detach
        | Command::Doctor
        | Command::Demo(_)
        | Command::Store { .. } => Err(Failure::new(Class::Internal, "this command needs no engine")),
    }
}

/// Ends when the process is asked to.
pub(crate) async fn told_to_stop() {
    let (Ok(mut int), Ok(mut term), Ok(mut hup)) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()), signal(SignalKind::hangup()))
    else {
        // Without handlers the signals end the process by themselves.
        return std::future::pending().await;
    };
    tokio::select! {
        _ = int.recv() => {}
        _ = term.recv() => {}
        _ = hup.recv() => {}
    }
}

/// `juggler` where there is no terminal to open.
pub(crate) fn no_terminal() -> Failure {
    Failure::new(Class::Usage, "there is no terminal here to open the program in")
        .why("standard input or output is not one")
        .hint("juggler --plain works with lines, through pipes too; juggler jobs lists jobs; juggler demo --headless shows the whole tour")
}

/// An answer that does not belong to the question.
fn strange(reply: &Reply) -> Failure {
    let text = format!("{reply:?}");
    Failure::new(Class::Internal, "the engine answered another question")
        .why(text.chars().take(60).collect::<String>())
        .hint("is another version of juggler running? close it and try again")
}
