//! Configuration: raw file → resolved values. Defaults live in code; files hold differences.

use std::path::PathBuf;
use std::time::Duration;

use crate::domain::rule::{Automation, Claiming, Rule};
use crate::domain::{Money, NamedView, Profile, SourceName};

pub mod alert;
pub mod assistant;
mod changes;
pub mod children;
mod edit;
mod environment;
mod file;
pub mod guard;
mod load;
mod origin;
mod paths;
mod problem;
mod raw;
mod resolve;
mod secret;
pub mod section;
pub mod span;
mod watch;

pub use alert::AlertConfig;
pub use assistant::{AssistantConfig, AssistantKind, ProgramConfig};
pub use changes::Changes;
pub use edit::{add_source, remove_view, save_pace, save_view};
pub use environment::Environment;
pub use origin::Origin;
pub use problem::{Problem, nearest};
pub use secret::Secret;
pub use section::command::OwnCommand;
pub use section::retention::Retention;
pub use watch::watch;

/// What the command line sets; it goes before everything else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// `--config`
    pub config: Option<PathBuf>,
    /// `--data-dir`
    pub data_dir: Option<PathBuf>,
    /// `--theme`
    pub theme: Option<ThemeChoice>,
    /// `--plain`
    pub plain: bool,
}

/// Where things are. XDG, `--data-dir` and the environment considered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// `config.toml`.
    pub config_file: PathBuf,
    /// Recipes of the person's own: `platforms/*.toml` beside the config file.
    pub recipes: PathBuf,
    /// Folder of the person's own prompts.
    pub prompts: PathBuf,
    /// Store, drafts' files, logs.
    pub data: PathBuf,
    /// The engine's socket: in `$XDG_RUNTIME_DIR/juggler/` (named after the data folder), else in the data folder.
    pub socket: PathBuf,
}

/// Where a key comes from; never a literal in the config.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyFrom {
    /// None is needed.
    None,
    /// First line of a program's output, run as argv without a shell.
    Command(Vec<String>),
    /// First line of a file that only its owner can read.
    File(PathBuf),
    /// A credential of this name that systemd gave the service: first line of a file in `$CREDENTIALS_DIRECTORY`.
    Credential(String),
    /// An environment variable (last resort; warned about).
    Env(String),
    /// Handed over in memory: the practice market of the demo.
    Given(Secret),
}

/// Which code speaks to a source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Adapter {
    /// A board, by a recipe.
    #[default]
    Board,
    /// A file of JSON Lines or a folder of them, which any program may write to.
    Inbox,
}

/// One `[[source]]`.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceConfig {
    /// Its name.
    pub name: SourceName,
    /// Which code speaks to it.
    pub adapter: Adapter,
    /// Name of the recipe: built in, or a file in the recipes folder. Empty where none is needed.
    pub recipe: String,
    /// The file or folder of an inbox.
    pub path: Option<PathBuf>,
    /// Base URL; replaces the recipe's.
    pub base_url: Option<String>,
    /// The key.
    pub key: KeyFrom,
    /// How often to poll; replaces the recipe's.
    pub poll_every: Option<Duration>,
    /// What the person says the platform's terms allow.
    pub automation: Automation,
    /// The platform watches how words get into its form: they are to be typed there.
    pub watches_pasting: bool,
    /// Switched on.
    pub enabled: bool,
}

impl SourceConfig {
    /// A source with a recipe and nothing else said.
    pub fn of(name: SourceName, recipe: &str) -> SourceConfig {
        SourceConfig {
            name,
            adapter: Adapter::Board,
            recipe: recipe.to_owned(),
            path: None,
            base_url: None,
            key: KeyFrom::None,
            poll_every: None,
            automation: Automation::Unread,
            watches_pasting: false,
            enabled: true,
        }
    }

    /// An inbox at `path`.
    pub fn inbox(name: SourceName, path: PathBuf) -> SourceConfig {
        SourceConfig { adapter: Adapter::Inbox, path: Some(path), ..SourceConfig::of(name, "") }
    }

    /// What it is, in one word: its recipe's name, or its adapter's.
    pub fn kind(&self) -> &str {
        match self.adapter {
            Adapter::Board => &self.recipe,
            Adapter::Inbox => "inbox",
        }
    }
}

/// Colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ThemeChoice {
    /// By `COLORFGBG`, else dark.
    #[default]
    Auto,
    /// For dark terminals.
    Dark,
    /// For light terminals.
    Light,
    /// No colour.
    Mono,
}

/// How pictures are shown in the terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PictureChoice {
    /// As the terminal says when it is asked.
    #[default]
    Auto,
    /// kitty's graphics.
    Kitty,
    /// Sixel.
    Sixel,
    /// iTerm2's inline images.
    Iterm2,
    /// Two pixels a cell, in colours of text.
    Halfblocks,
    /// Not at all: facts in words.
    Off,
}

impl PictureChoice {
    /// Every choice with its word.
    pub const ALL: [(PictureChoice, &'static str); 6] = [
        (PictureChoice::Auto, "auto"),
        (PictureChoice::Kitty, "kitty"),
        (PictureChoice::Sixel, "sixel"),
        (PictureChoice::Iterm2, "iterm2"),
        (PictureChoice::Halfblocks, "halfblocks"),
        (PictureChoice::Off, "off"),
    ];

    /// Its word.
    pub fn word(self) -> &'static str {
        PictureChoice::ALL.iter().find(|(choice, _)| *choice == self).map_or("auto", |(_, word)| word)
    }
}

/// Everything, resolved.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Where things are.
    pub paths: Paths,
    /// The sources.
    pub sources: Vec<SourceConfig>,
    /// The day's goal.
    pub goal: Option<Money>,
    /// Weeks start on Monday (else Sunday).
    pub week_starts_monday: bool,
    /// Mouse on.
    pub mouse: bool,
    /// Lines instead of a screen.
    pub plain: bool,
    /// Colours.
    pub theme: ThemeChoice,
    /// How pictures are shown.
    pub pictures: PictureChoice,
    /// Move on to the next job after triage.
    pub auto_advance: bool,
    /// The most I want in hand at once; claiming more asks twice.
    pub hand_limit: u32,
    /// Key bindings that differ: layer, chord, command id (empty id: unbound).
    pub keys: Vec<(String, String, String)>,
    /// Seconds without a key after which work time stops counting.
    pub idle_after: Duration,
    /// Words a minute at which the person reads aloud.
    pub pace: u32,
    /// What the person can, has, likes and refuses.
    pub profile: Profile,
    /// The tabs, in order; the built-in ones when the file has none.
    pub views: Vec<NamedView>,
    /// Watch rules, in order.
    pub rules: Vec<Rule>,
    /// What rules may claim.
    pub claiming: Claiming,
    /// Alerts and their ways.
    pub alert: AlertConfig,
    /// How long and how much is kept.
    pub retention: Retention,
    /// Programs of the person's own.
    pub commands: Vec<OwnCommand>,
    /// Models that may be asked.
    pub assistants: Vec<AssistantConfig>,
    /// Which of them is meant when none is named; `None`: the first.
    pub assist: Option<String>,
    /// Assistants write nothing before the person did.
    pub write_first: bool,
    /// The most that assistants may cost.
    pub ai_caps: crate::domain::ai::Caps,
    /// Where it was read from.
    pub origin: Origin,
}

impl std::str::FromStr for ThemeChoice {
    type Err = String;

    /// `auto`, `dark`, `light` or `mono`.
    fn from_str(written: &str) -> Result<Self, String> {
        resolve::theme(written).map_err(|(what, hint)| format!("{what}; {hint}"))
    }
}
