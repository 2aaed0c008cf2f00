//! Arguments of the practice market and the demo.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Subcommand;

use crate::market::Chance;

/// `juggler market …`
#[derive(Clone, Debug, Subcommand)]
pub enum MarketCommand {
    /// Serve a practice market over HTTP until it is told to stop; prints its address and its API key, one a line
    #[command(
        before_help = "Examples:\n  juggler market serve --seed 7 --speed 600\n  juggler market serve --addr 127.0.0.1:8080 --rate 5 --jobs 1000 --json\n"
    )]
    Serve(ServeArgs),
}

/// `juggler market serve`
#[derive(Clone, Debug, clap::Args)]
pub struct ServeArgs {
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    pub addr: SocketAddr,
    /// Decides every job, verdict and bonus
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Jobs that arrive in a second: 0.2, 5, 1/30
    #[arg(long, value_name = "JOBS_PER_S", default_value = "0.2")]
    pub rate: String,
    /// Jobs that are listed at the start
    #[arg(long, value_name = "N", default_value_t = 120)]
    pub jobs: u32,
    /// Changes of listed jobs in a second, for load
    #[arg(long, value_name = "CHANGES_PER_S", default_value = "0", hide = true)]
    pub churn: String,
    /// Most open jobs: the oldest end as others arrive
    #[arg(long, value_name = "N", hide = true)]
    pub most: Option<u32>,
    /// Divides the market's own delays, never a time stamp
    #[arg(long, value_name = "X", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub speed: u32,
    /// Where the market keeps its memory
    #[arg(long, value_name = "DIR")]
    pub store: Option<PathBuf>,
    /// The most assignments one worker may hold at once
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub hand_limit: u32,
    /// Requests a minute that it takes from one key
    #[arg(long, value_name = "N", default_value_t = 600)]
    pub requests_per_minute: u32,
    /// What goes wrong by chance, NAME=PERCENT or NAME=PERCENT@PATH; may be given again
    #[arg(long = "fault", value_name = "FAULT", hide = true)]
    pub faults: Vec<Chance>,
}

/// `juggler demo`
#[derive(Clone, Debug, clap::Args)]
pub struct DemoArgs {
    /// Keep the profile, in the data folder under demo/, and go on with it next time
    #[arg(long)]
    pub keep: bool,
    /// No terminal program: a player works through jobs and prints what happens and the ledger
    #[arg(long)]
    pub headless: bool,
    /// How many jobs the player delivers
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=5000))]
    pub jobs: u32,
    /// Decides the market's jobs, verdicts and bonuses
    #[arg(long, value_name = "S", default_value_t = 7)]
    pub seed: u64,
    /// Divides the market's own delays; a person and the player each have their own pace
    #[arg(long, value_name = "X", hide = true, value_parser = clap::value_parser!(u32).range(1..))]
    pub speed: Option<u32>,
    /// What goes wrong by chance, NAME=PERCENT or NAME=PERCENT@PATH; may be given again
    #[arg(long = "fault", value_name = "FAULT", hide = true)]
    pub faults: Vec<Chance>,
}
