//! Parses the command line, starts the runtime, runs the command, returns its exit code.

use std::os::unix::process::CommandExt;
use std::process::ExitCode;

use clap::Parser;
use juggler::cli::{self, Args, Out};
use juggler::error::{Class, Failure, Result};
use juggler::store;
use rustix::fs::Mode;
use rustix::process::Signal;

/// Set for a process that was started again.
const AGAIN: &str = "JUGGLER_STARTED_AGAIN";
/// Workers for the engine and the network; the screen has the main thread.
const WORKERS: usize = 2;

fn main() -> ExitCode {
    // Whatever is written is for its owner only, before any of it is opened.
    rustix::process::umask(Mode::RWXG | Mode::RWXO);
    let args = Args::parse();
    keep_quiet_about_the_cache();
    let mut out = Out::standard(&args.global);
    let mut result = run(args, &mut out);
    if result.as_ref().is_err_and(store::is_stuck) && std::env::var_os(AGAIN).is_none() {
        result = Err(start_again());
    }
    ExitCode::from(out.finish(result))
}

/// sled panics over a damaged file; the store catches that and mends it, so it goes to the log and not over the screen.
fn keep_quiet_about_the_cache() {
    let loud = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| match std::thread::current().name() {
        Some(store::OPENING) => tracing::warn!(%panic, "the cache is damaged"),
        _ => loud(panic),
    }));
}

/// A cache that does not open was abandoned in the middle, and going on beside that is not safe: the program begins anew, once,
/// and the new process sets the cache aside. Returns only when that is not possible.
fn start_again() -> Failure {
    let gone = match std::env::current_exe() {
        Ok(program) => std::process::Command::new(program).args(std::env::args_os().skip(1)).env(AGAIN, "1").exec(),
        Err(error) => error,
    };
    Failure::new(Class::Store, store::STUCK).why(gone).hint("start juggler again: it sets the cache aside and makes it anew")
}

/// A write past the limit on the size of files is an error that is told, not the end of the program with the terminal in its hands.
fn outlive_the_limit_on_files() {
    use tokio::signal::unix::{SignalKind, signal};
    if let Err(error) = signal(SignalKind::from_raw(Signal::XFSZ.as_raw())) {
        tracing::warn!(%error, "a limit on the size of files would end the program");
    }
}

fn run(args: Args, out: &mut Out) -> Result<()> {
    if rustls::crypto::ring::default_provider().install_default().is_err() {
        tracing::debug!("the TLS provider was installed before");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(WORKERS).enable_all().build().map_err(|error| {
        Failure::new(Class::Internal, "the program cannot start its workers").why(error).hint("is the process limit reached?")
    })?;
    runtime.block_on(async { outlive_the_limit_on_files() });
    let result = runtime.block_on(cli::run(args, out));
    // What a command left behind (a read that never ends) does not hold the exit up.
    runtime.shutdown_background();
    result
}
