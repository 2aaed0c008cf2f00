//! Arguments of triage: marks on jobs, and blocks.

use std::time::Duration;

use clap::Subcommand;

use crate::config::{section, span};
use crate::domain::Money;

/// `juggler triage …`
#[derive(Clone, Debug, Subcommand)]
pub enum TriageCommand {
    /// Keep jobs in sight
    Star {
        /// Jobs' keys
        #[arg(required = true, value_name = "KEY")]
        keys: Vec<String>,
        /// Take the star off
        #[arg(long)]
        off: bool,
    },
    /// Put jobs before all others, in every order
    Pin {
        /// Jobs' keys
        #[arg(required = true, value_name = "KEY")]
        keys: Vec<String>,
        /// Put them back in their places
        #[arg(long)]
        off: bool,
    },
    /// Put jobs out of sight
    Hide {
        /// Jobs' keys
        #[arg(required = true, value_name = "KEY")]
        keys: Vec<String>,
        /// Bring them back
        #[arg(long)]
        off: bool,
    },
    /// Put jobs out of sight for a while, or until something comes about
    #[command(
        before_help = "Examples:\n  juggler triage snooze practice:j42 --for 2h\n  juggler triage snooze practice:j42 --until-pays 0.80USD\n  juggler triage snooze practice:j42 --until-reopens\n"
    )]
    Snooze {
        /// Jobs' keys
        #[arg(required = true, value_name = "KEY")]
        keys: Vec<String>,
        /// For how long
        #[arg(long = "for", value_name = "TIME", default_value = "1h", value_parser = span::parse)]
        span: Duration,
        /// Until it pays more than this, such as 0.80USD
        #[arg(long, value_name = "AMOUNT", value_parser = amount, conflicts_with_all = ["span", "until_reopens", "off"])]
        until_pays: Option<Money>,
        /// Until it was full or gone and comes back
        #[arg(long, conflicts_with_all = ["span", "off"])]
        until_reopens: bool,
        /// Wake them
        #[arg(long)]
        off: bool,
    },
    /// Mark jobs as looked at
    Seen {
        /// Jobs' keys
        #[arg(required = true, value_name = "KEY")]
        keys: Vec<String>,
        /// As not looked at
        #[arg(long)]
        off: bool,
    },
}

/// `juggler block`
#[derive(Clone, Debug, clap::Args)]
pub struct BlockArgs {
    /// Which jobs, in the query language
    #[arg(required = true, value_name = "QUERY")]
    pub query: Vec<String>,
    /// For how long; for good when not told
    #[arg(long = "for", value_name = "TIME", value_parser = span::parse)]
    pub span: Option<Duration>,
}

/// `0.80USD` is as good as `0.80 USD`, and needs no quotes.
fn amount(written: &str) -> Result<Money, String> {
    let letters = written.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(written.len());
    let (number, asset) = written.split_at(letters);
    section::amount(format!("{number} {asset}").trim()).map_err(|what| format!("{what}; write it like 0.80USD"))
}
