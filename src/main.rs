//! Parses the command line, starts the runtime, runs the command, returns its exit code.

use std::process::ExitCode;

use clap::Parser;
use juggler::cli::{self, Args, Out};
use juggler::error::{Class, Failure, Result};
use rustix::fs::Mode;

/// Workers for the engine and the network; the screen has the main thread.
const WORKERS: usize = 2;

fn main() -> ExitCode {
    // Whatever is written is for its owner only, before any of it is opened.
    rustix::process::umask(Mode::RWXG | Mode::RWXO);
    let args = Args::parse();
    let mut out = Out::standard(&args.global);
    let result = run(args, &mut out);
    ExitCode::from(out.finish(result))
}

fn run(args: Args, out: &mut Out) -> Result<()> {
    if rustls::crypto::ring::default_provider().install_default().is_err() {
        tracing::debug!("the TLS provider was installed before");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(WORKERS).enable_all().build().map_err(|error| {
        Failure::new(Class::Internal, "the program cannot start its workers").why(error).hint("is the process limit reached?")
    })?;
    let result = runtime.block_on(cli::run(args, out));
    // What a command left behind (a read that never ends) does not hold the exit up.
    runtime.shutdown_background();
    result
}
