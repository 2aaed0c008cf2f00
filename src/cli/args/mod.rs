//! The command line, defined once: parsing, `--help` and shell completions come from here.

mod art;
mod assist;
mod daemon;
mod epilogue;
mod feed;
mod inbox;
mod market;
mod picture;
mod source;
mod triage;
mod work;

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

use crate::config::{Overrides, ThemeChoice};
pub use art::{ArtAskArgs, ArtCommand};
pub use assist::{AskArgs, AssistCommand};
pub use daemon::{AttachArgs, DaemonArgs, DaemonCommand};
pub use epilogue::{ENVIRONMENT, EXIT_CODES, FILES};
pub use feed::{JobsArgs, OrderArgs, RulesCommand, ViewsCommand};
pub use inbox::{GenerateArgs, InboxCommand};
pub use market::{DemoArgs, MarketCommand, ServeArgs};
pub use picture::PictureCommand;
pub use source::{AddArgs, SourcesCommand};
pub use triage::{BlockArgs, TriageCommand};
pub use work::{AttachmentsArgs, CheckArgs, DraftArgs, SubmitArgs};

const EXAMPLES: &str = "\
Examples:
  juggler demo                               a practice market and the terminal program on it
  juggler                                    the terminal program on your own sources
  juggler jobs --poll --sort rate tagline    ask every source, then list, best rate first
  juggler jobs 'pay>=0.50 mins<=20 !survey'  the query language: juggler jobs --query-help
  juggler claim practice:j42                 what claiming would mean; add --yes to claim
  juggler draft practice:a7 --set - < text   save a draft from standard input
  juggler submit practice:a7 --yes --wait    deliver it and wait for the verdict
  juggler earnings --json                    the figures, for scripts
";

/// The whole command line.
#[derive(Debug, Parser)]
#[command(
    name = "juggler",
    version,
    about = "One terminal inbox for AI-assisted micro-jobs: triage, claim, make, check, submit, get paid",
    before_help = EXAMPLES,
    after_help = epilogue::epilogue(),
    max_term_width = 100,
    subcommand_required = false,
    disable_help_subcommand = true
)]
pub struct Args {
    /// Flags that every command takes.
    #[command(flatten)]
    pub global: Global,
    /// What to do; the terminal program opens when nothing is named.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Flags that every command takes.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Global {
    /// The config file [default: $XDG_CONFIG_HOME/juggler/config.toml]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The folder of the store, drafts and logs [default: $XDG_DATA_HOME/juggler]
    #[arg(long, global = true, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// JSON on standard output (one object, or one a line), errors as JSON on standard error
    #[arg(long, global = true)]
    pub json: bool,
    /// Colour in tables
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: ColorChoice,
    /// Colours of the terminal program: auto, dark, light or mono
    #[arg(long, global = true, value_name = "NAME", value_parser = |s: &str| s.parse::<ThemeChoice>())]
    pub theme: Option<ThemeChoice>,
    /// Lines instead of a screen: for screen readers, dumb terminals and pipes
    #[arg(long, global = true)]
    pub plain: bool,
}

impl Global {
    /// What the flags say about the configuration.
    pub fn overrides(&self) -> Overrides {
        let (config, data_dir) = (self.config.clone(), self.data_dir.clone());
        Overrides { config, data_dir, theme: self.theme, plain: self.plain }
    }
}

/// When tables are coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List jobs: those a query asks for, or a named view
    #[command(
        before_help = "Examples:\n  juggler jobs --poll\n  juggler jobs --sort rate,-pay 'mins<=20 kind:tagline,caption !survey'\n  juggler jobs --view starred --group\n  juggler jobs --json logo design | jq .title\n",
        after_help = crate::domain::query::help_text()
    )]
    Jobs(JobsArgs),
    /// Show one job whole, with its brief and what it wants back
    #[command(
        before_help = "Examples:\n  juggler show practice:j42\n  juggler show practice:j42 --why\n  juggler show practice:j42 --json\n"
    )]
    Show {
        /// The job's key, as `juggler jobs` prints it
        key: String,
        /// Every number behind its expected rate and its fit, why it cannot be taken, and its history; no platform is asked
        #[arg(long, conflicts_with = "raw")]
        why: bool,
        /// What the platform said word for word when it became yours (or, for a source's name, about what could not be read)
        #[arg(long)]
        raw: bool,
    },
    /// Claim a job: prints the exact terms, claims with --yes
    #[command(before_help = "Examples:\n  juggler claim practice:j42\n  juggler claim practice:j42 --yes\n")]
    Claim {
        /// The job's key
        key: String,
        /// Agree to the terms printed
        #[arg(long)]
        yes: bool,
        /// Agree only to the terms with this digest (from --json)
        #[arg(long, value_name = "DIGEST", requires = "yes")]
        agreed: Option<String>,
    },
    /// Give a job back
    #[command(before_help = "Examples:\n  juggler release practice:a7 --yes\n")]
    Release {
        /// The assignment, or its job's key
        assignment: String,
        /// Do it
        #[arg(long)]
        yes: bool,
    },
    /// What is in hand, tightest deadline first
    #[command(before_help = "Examples:\n  juggler hand\n  juggler hand --all --json\n")]
    Hand {
        /// Every assignment, in whatever state, latest first
        #[arg(long)]
        all: bool,
    },
    /// Print, replace, lay out or edit a draft
    #[command(
        before_help = "Examples:\n  juggler draft practice:a7\n  juggler draft practice:a7 --set text.md\n  some-program | juggler draft practice:a7 --set -\n  juggler draft practice:a7 --add-file logo.png\n  juggler draft practice:a7 --edit\n  juggler draft practice:a7 --origins\n"
    )]
    Draft(DraftArgs),
    /// Pictures as files: facts, edits without a model, and the cures that a job's checks ask for
    #[command(
        before_help = "Examples:\n  juggler picture facts shirt.png\n  juggler picture edit practice:a7 trim fit 4500x5400 dpi 300\n  juggler picture pass practice:a7 --dry-run\n"
    )]
    Picture {
        #[command(subcommand)]
        command: PictureCommand,
    },
    /// What comes with a job: list, fetch, read by page, search, save
    #[command(
        before_help = "Examples:\n  juggler attachments practice:a7\n  juggler attachments practice:a7 --fetch report.pdf\n  juggler attachments practice:a7 --read report.pdf --page 3\n  juggler attachments practice:a7 --find '1,200 cars'\n"
    )]
    Attachments(AttachmentsArgs),
    /// Check the saved draft, or any text, against what a job wants (exit 12 when a must fails)
    #[command(
        before_help = "Examples:\n  juggler check practice:a7\n  juggler check practice:a7 --text draft.md --json\n  juggler check --text taglines.txt --job practice:j42\n  juggler check --text dialogues.jsonl --spec demands.json\n  juggler check --pace\n"
    )]
    Check(CheckArgs),
    /// Deliver the saved draft: prints the exact terms, submits with --yes
    #[command(before_help = "Examples:\n  juggler submit practice:a7\n  juggler submit practice:a7 --yes --wait\n")]
    Submit(SubmitArgs),
    /// Decide about a submission that got no answer
    #[command(before_help = "Examples:\n  juggler outbox\n  juggler resolve 0198… read\n")]
    Resolve {
        /// The submission, as `juggler outbox` prints it
        submission: String,
        /// What to do about it
        decision: DecisionArg,
        /// Send again although the platform may have it
        #[arg(long)]
        yes: bool,
    },
    /// Submissions on their way
    #[command(before_help = "Examples:\n  juggler outbox --json\n")]
    Outbox,
    /// What was earned, what is pending, and what the hour was worth
    #[command(before_help = "Examples:\n  juggler earnings\n  juggler earnings --json\n")]
    Earnings,
    /// Sources: their health, polling, testing, adding
    #[command(
        before_help = "Examples:\n  juggler sources\n  juggler sources test practice\n  juggler sources add mine --recipe practice --key-file ~/mine.key\n"
    )]
    Sources {
        #[command(subcommand)]
        command: Option<SourcesCommand>,
    },
    /// Inboxes: files that any script may write jobs to
    #[command(
        before_help = "Examples:\n  juggler inbox generate --jobs 1000 --seed 7 > jobs.jsonl\n  juggler sources add mine --inbox jobs.jsonl\n"
    )]
    Inbox {
        #[command(subcommand)]
        command: InboxCommand,
    },
    /// What happened lately
    #[command(before_help = "Examples:\n  juggler events --limit 20\n  juggler events --follow --json\n")]
    Events {
        /// Keep on printing what happens; keeps an engine running where there is none
        #[arg(long)]
        follow: bool,
        /// How many at most
        #[arg(long, default_value_t = 50, value_name = "N")]
        limit: usize,
    },
    /// Jobs that appeared, filled up and vanished, latest first, of earlier sessions too
    #[command(before_help = "Examples:\n  juggler sightings --limit 20\n  juggler sightings --poll --json\n")]
    Sightings {
        /// How many at most
        #[arg(long, default_value_t = 50, value_name = "N")]
        limit: usize,
        /// Ask every source first
        #[arg(long)]
        poll: bool,
    },
    /// Named views with their counts: list, save, drop
    #[command(
        before_help = "Examples:\n  juggler views\n  juggler views save quick 'mins<=10 !survey' --sort rate,expiring\n  juggler jobs --view quick\n"
    )]
    Views {
        #[command(subcommand)]
        command: Option<ViewsCommand>,
    },
    /// Watch rules: what they are and did, and what one would have done
    #[command(
        before_help = "Examples:\n  juggler rules\n  juggler rules test good --since 24h\n  juggler rules test 'kind:tagline pay:0.50..' --json\n"
    )]
    Rules {
        #[command(subcommand)]
        command: Option<RulesCommand>,
    },
    /// Blocks that stand, and how many jobs each hides
    #[command(before_help = "Examples:\n  juggler blocks\n  juggler blocks --json\n")]
    Blocks,
    /// Hide every job that fits, now and as it arrives
    #[command(
        before_help = "Examples:\n  juggler block 'requester:\"Acme*\" source:practice' --for 7d\n  juggler block kind:survey\n"
    )]
    Block(BlockArgs),
    /// Lift a block
    #[command(before_help = "Examples:\n  juggler unblock 3\n")]
    Unblock {
        /// Its number, as `juggler blocks` prints it
        id: u64,
    },
    /// Star, pin, hide, snooze or mark jobs as seen
    #[command(
        before_help = "Examples:\n  juggler triage star practice:j42 practice:j43\n  juggler triage snooze practice:j42 --for 2h\n  juggler undo\n"
    )]
    Triage {
        #[command(subcommand)]
        command: TriageCommand,
    },
    /// Take the latest act of triage back, a block too
    #[command(before_help = "Examples:\n  juggler triage hide practice:j42\n  juggler undo\n")]
    Undo,
    /// Do the latest undone act of triage again
    #[command(before_help = "Examples:\n  juggler undo\n  juggler redo\n")]
    Redo,
    /// The engine without a terminal: polls, outbox, rules and alerts go on when the link drops
    #[command(
        before_help = "Examples:\n  juggler daemon start\n  juggler daemon status\n  juggler daemon stop\n  juggler daemon unit --install\n"
    )]
    Daemon(DaemonArgs),
    /// A terminal on an engine that runs already, here or on another machine
    #[command(before_help = "Examples:\n  juggler attach\n  juggler attach --via 'ssh me@host'\n")]
    Attach(AttachArgs),
    /// Every terminal leaves, and the engine goes on without one
    #[command(before_help = "Examples:\n  juggler detach\n")]
    Detach,
    /// The store: path, verify, rebuild, backup, restore
    #[command(before_help = "Examples:\n  juggler store verify\n  juggler store backup juggler-backup.jsonl\n")]
    Store {
        #[command(subcommand)]
        command: StoreCommand,
    },
    /// The configuration: path, check, show, reload
    #[command(before_help = "Examples:\n  juggler config check\n  juggler config show --json\n")]
    Config {
        #[command(subcommand)]
        command: ConfigCommand,
    },
    /// Look at terminal, clipboard, config, store, clock and every source, and say what to do
    #[command(before_help = "Examples:\n  juggler doctor\n  juggler doctor --json\n")]
    Doctor,
    /// Alerts: try every configured way to reach you
    #[command(before_help = "Examples:\n  juggler alert test\n  juggler alert test --json\n")]
    Alert {
        #[command(subcommand)]
        command: AlertCommand,
    },
    /// Pictures from models that paint: order them, see what came, and put one into the draft
    #[command(
        before_help = "Examples:\n  juggler art ask a000012\n  juggler art ask a000012 \"a heron, linocut\" --count 3\n  juggler art queue\n  juggler art results a000012 --json\n  juggler art take ai-019a2b/1\n  juggler art sheet a000012\n",
        after_help = art::CONFIG
    )]
    Art {
        #[command(subcommand)]
        command: ArtCommand,
    },
    /// Assistants: ask one for a draft or a change, see what it cost, and which there are
    #[command(
        before_help = "Examples:\n  juggler assist\n  juggler assist test\n  juggler assist test cloud --json\n  juggler assist models local\n  juggler assist ask a000012 draft\n  juggler assist ask a000012 rewrite \"plainer, no jargon\" --apply\n",
        after_help = assist::CONFIG
    )]
    Assist {
        #[command(subcommand)]
        command: Option<AssistCommand>,
    },
    /// The practice market
    #[command(before_help = "Examples:\n  juggler market serve --seed 7 --speed 600\n")]
    Market {
        #[command(subcommand)]
        command: MarketCommand,
    },
    /// A practice market in this process, and the terminal program on it
    #[command(before_help = "Examples:\n  juggler demo\n  juggler demo --headless --jobs 50 --seed 7 --json\n")]
    Demo(DemoArgs),
    /// Completions for a shell, on standard output
    #[command(before_help = "Examples:\n  juggler completions bash > ~/.local/share/bash-completion/completions/juggler\n")]
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// Run a command of your own (a `command` section of the config) on a job or an assignment
    #[command(before_help = "Examples:\n  juggler run translate practice:j42\n  juggler run spell practice:a7 --json\n")]
    Run {
        /// Its name in the config
        name: String,
        /// The job's key, or the assignment
        key: String,
    },
    /// The manual: a page on standard output, or every page into a folder
    #[command(before_help = "Examples:\n  juggler man\n  juggler man submit\n  juggler man --out ~/.local/share/man/man1\n")]
    Man {
        /// The command whose page is printed; without one, the page of the whole
        command: Option<String>,
        /// Write a page for each command into this folder
        #[arg(long, value_name = "DIR", conflicts_with = "command")]
        out: Option<PathBuf>,
    },
}

/// What to do about a submission that got no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DecisionArg {
    /// Read the platform now
    Read,
    /// Send the same bytes with the same key again
    SendAgain,
    /// Call it off; the draft can be edited again
    Withdraw,
}

/// `juggler store …`
#[derive(Clone, Debug, Subcommand)]
pub enum StoreCommand {
    /// Where it is
    Path,
    /// Read all of it and compare the journal with the indexes
    Verify,
    /// Make the indexes again from the journal
    Rebuild,
    /// Write a backup as JSON Lines
    Backup {
        /// A file that does not exist yet
        file: PathBuf,
    },
    /// Take a backup in, into a store that holds nothing yet
    Restore {
        /// A backup
        file: PathBuf,
    },
}

/// `juggler config …`
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum ConfigCommand {
    /// Where the file, the recipes, the data and the socket are
    Path,
    /// Everything that is wrong with the file (exit 3 when something is)
    Check,
    /// What holds, all sources of values considered
    Show,
    /// Have the juggler that is open read the file now (it watches it anyway) and say what changed
    Reload,
}

/// `juggler alert …`
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum AlertCommand {
    /// Send a test alert through the terminal, the command and the webhook, and say what was done
    Test,
}
