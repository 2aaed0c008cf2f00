//! Flags of the engine without a terminal, and of terminals without an engine.

use clap::{Args, Subcommand};

/// `juggler daemon`
#[derive(Clone, Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct DaemonArgs {
    /// What about it; it runs here, in the foreground, when nothing is named
    #[command(subcommand)]
    pub command: Option<DaemonCommand>,
    /// Away from this terminal, for good
    #[arg(long, hide = true)]
    pub detached: bool,
    /// Begin when this process let go of the store
    #[arg(long, hide = true, value_name = "PID")]
    pub after: Option<u32>,
}

/// `juggler daemon …`
#[derive(Clone, Debug, Subcommand)]
pub enum DaemonCommand {
    /// Run it in the background
    Start,
    /// Whether one runs, since when, and who is attached (exit 4 when none runs)
    Status,
    /// End it; terminals that are attached leave
    Stop,
    /// End it and run this version of juggler instead; terminals stay
    Restart,
    /// A unit for systemd's user instance
    Unit {
        /// Write it to where systemd looks for it
        #[arg(long)]
        install: bool,
    },
}

/// `juggler attach`
#[derive(Clone, Debug, Args)]
pub struct AttachArgs {
    /// A command that carries standard input and output to another machine: the terminal is drawn here, the engine runs there
    #[arg(long, value_name = "COMMAND")]
    pub via: Option<String>,
    /// Juggler over there, with its flags
    #[arg(long, value_name = "COMMAND", default_value = "juggler", requires = "via")]
    pub program: String,
    /// The other end of --via: the engine's socket on standard input and output
    #[arg(long, conflicts_with = "via")]
    pub stdio: bool,
}
