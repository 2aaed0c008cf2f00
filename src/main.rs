//! Parses the command line, starts the runtime, runs the command, returns its exit code.

use std::os::unix::process::CommandExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
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

/// The platform's allocator keeps an arena for each thread and hardly gives anything back: under load the process grew to four times
/// what it held.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;
/// `mi_option_purge_delay` of `mimalloc.h`, in milliseconds; the binding has no name for it.
const PURGE_DELAY: libmimalloc_sys::mi_option_t = 15;

fn main() -> ExitCode {
    give_memory_back();
    // Whatever is written is for its owner only, before any of it is opened.
    rustix::process::umask(Mode::RWXG | Mode::RWXO);
    keep_memory_private();
    if let Some(code) = juggler::documents::extract::desk::serve() {
        return code;
    }
    let args = Args::parse();
    cli::crash::catch(&args.global.overrides());
    let mut out = Out::standard(&args.global);
    let mut result = run(args, &mut out);
    if result.as_ref().is_err_and(store::is_stuck) && std::env::var_os(AGAIN).is_none() {
        result = Err(start_again());
    }
    cli::crash::tell(&out);
    ExitCode::from(out.finish(result))
}

/// Pages that are free go back at once: kept for a second, as is the default, they are half as much again.
#[expect(unsafe_code, reason = "the binding is plain C; the call sets a number and no other thread runs yet")]
fn give_memory_back() {
    // SAFETY: the option exists in every version, and any value is valid.
    unsafe { libmimalloc_sys::mi_option_set(PURGE_DELAY, 0) }
}

/// No picture of the memory, which holds keys, is left on a disk or given to another process of the same person. Best effort: a
/// system that forbids it is no reason not to start, and `juggler doctor` tells.
fn keep_memory_private() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    // Programs that we start may want their own dumps: the hard limit stays.
    let limit = Rlimit { current: Some(0), ..getrlimit(Resource::Core) };
    let _ = setrlimit(Resource::Core, limit);
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
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
    let result = catch_unwind(AssertUnwindSafe(|| runtime.block_on(cli::run(args, out))));
    let result = result.unwrap_or_else(|_| Err(cli::crash::failure()));
    // What a command left behind (a read that never ends) does not hold the exit up.
    runtime.shutdown_background();
    result
}
