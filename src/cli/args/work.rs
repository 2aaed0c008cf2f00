//! Arguments of the commands that do the work.

use std::path::PathBuf;
use std::time::Duration;

use crate::config::span;

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
    /// Take the file of this name out of the draft; it stays kept with the earlier versions
    #[arg(long, value_name = "NAME", group = "act")]
    pub remove_file: Option<String>,
    /// Open the text in $VISUAL or $EDITOR
    #[arg(long, group = "act")]
    pub edit: bool,
    /// Tell where each stretch of it came from: typed, pasted, external, scaffold, quoted, ai
    #[arg(long, group = "act")]
    pub origins: bool,
    /// Write the account of its origins into a file, as JSON; standard output is -
    #[arg(long, value_name = "FILE|-", group = "act")]
    pub export_origins: Option<String>,
    /// Say that what was pasted or came from outside are your own words; wants --yes
    #[arg(long, group = "act")]
    pub declare: bool,
    /// List the versions that are kept, the latest last
    #[arg(long, group = "act")]
    pub versions: bool,
    /// Show what changed from version N to the latest
    #[arg(long, value_name = "N", group = "act")]
    pub compare: Option<u32>,
    /// Make version N the latest again; the one of now is kept
    #[arg(long, value_name = "N", group = "act")]
    pub restore: Option<u32>,
    /// Let --scaffold replace a text that is there; agree to what --declare says
    #[arg(long, conflicts_with_all = ["set", "add_file", "remove_file", "edit", "origins", "export_origins", "versions", "compare", "restore"])]
    pub yes: bool,
}

/// `juggler attachments`
#[derive(Clone, Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("act").multiple(false))]
pub struct AttachmentsArgs {
    /// The assignment, or its job's key
    pub assignment: String,
    /// Fetch one, again where it is here already; without a name every one that is not here
    #[arg(long, value_name = "NAME", num_args = 0..=1, default_missing_value = "", group = "act")]
    pub fetch: Option<String>,
    /// Print the text of one
    #[arg(long, value_name = "NAME", group = "act")]
    pub read: Option<String>,
    /// Print this page or section of it only
    #[arg(long, value_name = "N", requires = "read")]
    pub page: Option<u32>,
    /// Tell where these words or this number stand
    #[arg(long, value_name = "WORDS", group = "act")]
    pub find: Option<String>,
    /// Copy the file of one, as it was fetched, into a folder
    #[arg(long, value_name = "NAME", group = "act", requires = "to")]
    pub save: Option<String>,
    /// The folder for --save
    #[arg(long, value_name = "DIR", requires = "save")]
    pub to: Option<PathBuf>,
    /// Let --fetch ask a host that is not the source's own
    #[arg(long, requires = "fetch")]
    pub yes: bool,
}

/// `juggler check`
#[derive(Clone, Debug, clap::Args)]
pub struct CheckArgs {
    /// The assignment, or its job's key
    #[arg(required_unless_present_any = ["job", "spec", "pace"], conflicts_with_all = ["job", "spec", "pace"])]
    pub assignment: Option<String>,
    /// Check this text instead of the saved draft: a file, or standard input (-)
    #[arg(long, value_name = "FILE|-", conflicts_with = "pace")]
    pub text: Option<String>,
    /// Check --text by what this job of the feed wants
    #[arg(long, value_name = "KEY", requires = "text", conflicts_with_all = ["spec", "pace"])]
    pub job: Option<String>,
    /// Check --text by the demands in a file (JSON or TOML: form, rules, should); no engine is asked
    #[arg(long, value_name = "FILE", requires = "text", conflicts_with = "pace")]
    pub spec: Option<PathBuf>,
    /// A text that --spec's demands look things up in; may be given several times
    #[arg(long, value_name = "FILE", requires = "spec")]
    pub source: Vec<PathBuf>,
    /// Ask every web address of the text whether anybody answers (public hosts over https, one request each)
    #[arg(long, conflicts_with = "pace")]
    pub links: bool,
    /// Measure how fast you read aloud, and keep it: shows a text and times it, or takes the SECONDS it took you
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, default_missing_value = "0")]
    pub pace: Option<f64>,
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
    /// Submit although checks fail, by typing the word that the terms name; the override is recorded
    #[arg(long = "override", value_name = "WORD", requires = "yes")]
    pub word: Option<String>,
    /// Wait for the verdict
    #[arg(long, requires = "yes")]
    pub wait: bool,
    /// How long to wait for the verdict
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = span::parse)]
    pub timeout: Duration,
}
