//! Arguments of `juggler inbox`.

use chrono::{DateTime, Utc};
use clap::Subcommand;

/// `juggler inbox …`
#[derive(Clone, Debug, Subcommand)]
pub enum InboxCommand {
    /// Print synthetic jobs in the inbox's format, a line each: the same ones for the same seed and instant
    #[command(
        before_help = "Examples:\n  juggler inbox generate --jobs 1000000 --seed 7 > jobs.jsonl\n  juggler inbox generate --jobs 100 --start 1000000 --seed 7 >> jobs.jsonl\n"
    )]
    Generate(GenerateArgs),
}

/// `juggler inbox generate`
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct GenerateArgs {
    /// How many
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub jobs: u64,
    /// Decides every job
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    /// The number of the first; a job is the same whichever came before it
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub start: u64,
    /// Jobs are posted before and expire after this instant [default: the beginning of today, UTC]
    #[arg(long, value_name = "TIME", value_parser = |s: &str| crate::domain::instant::parse(s).ok_or("write it like 2026-11-23T04:00:00Z"))]
    pub now: Option<DateTime<Utc>>,
}
