//! Arguments of the commands that do the work.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Subcommand, ValueEnum};

use crate::config::span;
use crate::domain::view::{Level, SortKey};

/// `juggler jobs`
#[derive(Clone, Debug, clap::Args)]
pub struct JobsArgs {
    /// Which jobs
    #[arg(long, value_name = "VIEW", default_value = "open")]
    pub view: ShownArg,
    /// In which order
    #[arg(long, value_name = "ORDER", default_value = "newest")]
    pub sort: SortArg,
    /// How many at most
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub limit: usize,
    /// Ask every source first
    #[arg(long)]
    pub poll: bool,
    /// Words that all occur in title, kind, requester, key or tags
    pub words: Vec<String>,
}

/// Which jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ShownArg {
    /// Claimable and not put away
    Open,
    /// Starred, whatever became of them
    Starred,
    /// Hidden or snoozed
    Away,
    /// Everything known
    All,
}

impl ShownArg {
    /// The state that the query names for it.
    pub fn query(self) -> &'static str {
        match self {
            ShownArg::Open => "",
            ShownArg::Starred => "is:starred",
            ShownArg::Away => "is:away",
            ShownArg::All => "is:any",
        }
    }
}

/// In which order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SortArg {
    /// Latest first
    Newest,
    /// Best paid first
    Pay,
    /// Best expected rate first
    Rate,
    /// Soonest gone first
    Expiring,
}

impl From<SortArg> for Level {
    fn from(sort: SortArg) -> Level {
        let by = match sort {
            SortArg::Newest => SortKey::Newest,
            SortArg::Pay => SortKey::Pay,
            SortArg::Rate => SortKey::Rate,
            SortArg::Expiring => SortKey::Expiring,
        };
        Level { by, reversed: false }
    }
}

/// `juggler draft`
#[derive(Clone, Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("act").multiple(false))]
pub struct DraftArgs {
    /// The assignment, or its job's key
    pub assignment: String,
    /// Replace the text with a file's, or standard input's (-)
    #[arg(long, value_name = "FILE|-", group = "act")]
    pub set: Option<String>,
    /// Lay the text out from what the job wants; no model is asked
    #[arg(long, group = "act")]
    pub scaffold: bool,
    /// Copy a file into the draft
    #[arg(long, value_name = "PATH", group = "act")]
    pub add_file: Option<PathBuf>,
    /// Open the text in $VISUAL or $EDITOR
    #[arg(long, group = "act")]
    pub edit: bool,
    /// Let --scaffold replace a text that is there
    #[arg(long, requires = "scaffold")]
    pub yes: bool,
}

/// `juggler submit`
#[derive(Clone, Debug, clap::Args)]
pub struct SubmitArgs {
    /// The assignment, or its job's key
    pub assignment: String,
    /// Agree to the terms printed
    #[arg(long)]
    pub yes: bool,
    /// Agree only to the terms with this digest (from --json)
    #[arg(long, value_name = "DIGEST", requires = "yes")]
    pub agreed: Option<String>,
    /// Wait for the verdict
    #[arg(long, requires = "yes")]
    pub wait: bool,
    /// How long to wait for the verdict
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = span::parse)]
    pub timeout: Duration,
}

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
    /// Put jobs out of sight
    Hide {
        /// Jobs' keys
        #[arg(required = true, value_name = "KEY")]
        keys: Vec<String>,
        /// Bring them back
        #[arg(long)]
        off: bool,
    },
    /// Put jobs out of sight for a while
    Snooze {
        /// Jobs' keys
        #[arg(required = true, value_name = "KEY")]
        keys: Vec<String>,
        /// For how long
        #[arg(long = "for", value_name = "TIME", default_value = "1h", value_parser = span::parse)]
        span: Duration,
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
