//! Arguments of the commands about the feed: its jobs, views and rules.

use std::time::Duration;

use clap::Subcommand;

use crate::config::span;
use crate::domain::view::Level;

/// `juggler jobs`
#[derive(Clone, Debug, clap::Args)]
pub struct JobsArgs {
    /// A named view (juggler views), or one of open, starred, away (hidden or snoozed) and all
    #[arg(long, value_name = "NAME")]
    pub view: Option<String>,
    /// How they are put
    #[command(flatten)]
    pub order: OrderArgs,
    /// How many at most
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub limit: usize,
    /// Ask every source first
    #[arg(long)]
    pub poll: bool,
    /// Print the query language on one page
    #[arg(long)]
    pub query_help: bool,
    /// Which jobs, in the query language; put it in single quotes, since shells have their own idea of > and ( )
    #[arg(value_name = "QUERY")]
    pub query: Vec<String>,
}

/// How jobs are put.
#[derive(Clone, Debug, clap::Args)]
pub struct OrderArgs {
    /// At most three of newest, pay, rate, expiring, fit and requester, with commas; - turns one round
    #[arg(long, value_name = "ORDER", value_delimiter = ',', allow_hyphen_values = true, value_parser = |s: &str| s.parse::<Level>())]
    pub sort: Vec<Level>,
    /// Identical jobs of one requester are one row
    #[arg(long)]
    pub group: bool,
}

/// `juggler views …`
#[derive(Clone, Debug, Subcommand)]
pub enum ViewsCommand {
    /// Give a query and an order a name and a tab, or a named view other ones
    #[command(before_help = "Examples:\n  juggler views save quick 'mins<=10 -kind:survey' --sort rate,expiring\n")]
    Save {
        /// Its name
        name: String,
        /// Which jobs, in the query language; all that are open when not told
        #[arg(value_name = "QUERY")]
        query: Vec<String>,
        /// How they are put
        #[command(flatten)]
        order: OrderArgs,
    },
    /// Forget a view; no job changes
    Drop {
        /// Its name
        name: String,
    },
}

/// `juggler rules …`
#[derive(Clone, Debug, Subcommand)]
pub enum RulesCommand {
    /// Say what a rule would have done with the jobs of late; nothing is done
    #[command(
        before_help = "Examples:\n  juggler rules test good --since 24h\n  juggler rules test 'kind:tagline rate:12..40/h' --json\n"
    )]
    Test {
        /// A rule's name, or any query
        #[arg(required = true, value_name = "RULE")]
        rule: Vec<String>,
        /// Looks at jobs first seen in this time
        #[arg(long, value_name = "TIME", default_value = "24h", value_parser = span::parse)]
        since: Duration,
        /// How many matches to print at most
        #[arg(long, value_name = "N", default_value_t = 50)]
        limit: usize,
    },
}
