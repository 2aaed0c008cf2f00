//! `[[assistant]]`: models that may be asked, and `[assist]`: which of them is meant when none is named.

use std::path::PathBuf;
use std::time::Duration;

use super::problem::nearest;
use super::{Config, KeyFrom};
use crate::domain::spend::Tariff;
use crate::error::{Class, Failure, Result};

/// One `[[assistant]]`.
#[derive(Clone, Debug, PartialEq)]
pub struct AssistantConfig {
    /// Its name.
    pub name: String,
    /// How it is spoken to.
    pub kind: AssistantKind,
    /// Where it is; empty for a program.
    pub base_url: String,
    /// What is run, of [`AssistantKind::Command`].
    pub program: Option<ProgramConfig>,
    /// Unencrypted beyond this machine too.
    pub plain_http: bool,
    /// The model's id, as the provider writes it; without one it can only be asked which there are.
    pub model: Option<String>,
    /// The key.
    pub key: KeyFrom,
    /// Prices; `None` where nothing is paid, or nobody said what.
    pub tariff: Option<Tariff>,
    /// Most tokens of an answer.
    pub max_output: u32,
    /// Tokens that question and answer may have together; `None`: the server knows and says.
    pub context: Option<u32>,
    /// From 0 (the likeliest words) to 2; `None`: the model's own.
    pub temperature: Option<f64>,
    /// Longest silence: before the first word (a model on this machine may have to be loaded) and between two.
    pub silence: Duration,
    /// Longest time for the whole of an answer.
    pub limit: Duration,
}

/// A program that is handed questions, and what it may have beside them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProgramConfig {
    /// The program and its arguments; no shell.
    pub argv: Vec<String>,
    /// Its home folder; without one it has an empty one.
    pub home: Option<PathBuf>,
    /// Variables of the environment that it gets beside those that hold no key.
    pub pass_env: Vec<String>,
    /// Folders and files that it may read in its sandbox, beside the system's.
    pub read: Vec<PathBuf>,
    /// It may use the network; only a sandbox can keep it from that.
    pub network: bool,
}

impl ProgramConfig {
    /// What it is called on screens: "the program claude".
    pub fn title(&self) -> String {
        let program = self.argv.first().map_or("", String::as_str);
        format!("the program {}", program.rsplit('/').next().unwrap_or(program))
    }
}

/// How a provider is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssistantKind {
    /// `/chat/completions` as OpenAI made it and many others took over.
    OpenAi,
    /// `/v1/messages`.
    Anthropic,
    /// `/api/chat`.
    Ollama,
    /// A program of the person's, that is handed the question on its standard input.
    Command,
}

impl AssistantKind {
    /// All of them.
    pub const ALL: [AssistantKind; 4] =
        [AssistantKind::OpenAi, AssistantKind::Anthropic, AssistantKind::Ollama, AssistantKind::Command];

    /// Its word in the file.
    pub fn word(self) -> &'static str {
        match self {
            AssistantKind::OpenAi => "openai",
            AssistantKind::Anthropic => "anthropic",
            AssistantKind::Ollama => "ollama",
            AssistantKind::Command => "command",
        }
    }

    /// Where it is, unless the file says otherwise; a program is at no address.
    pub fn home(self) -> &'static str {
        match self {
            AssistantKind::OpenAi => "https://api.openai.com/v1",
            AssistantKind::Anthropic => "https://api.anthropic.com",
            AssistantKind::Ollama => "http://127.0.0.1:11434",
            AssistantKind::Command => "",
        }
    }
}

impl AssistantConfig {
    /// Tokens of an answer, unless the file says otherwise.
    pub const MAX_OUTPUT: u32 = 4_096;
    /// Silence, unless the file says otherwise.
    pub const SILENCE: Duration = Duration::from_secs(60);
    /// Time, unless the file says otherwise.
    pub const LIMIT: Duration = Duration::from_secs(300);
    /// Time for a program: agents read, think and try.
    pub const PROGRAM_LIMIT: Duration = Duration::from_secs(15 * 60);
    /// The window that Ollama is asked for: without a word it takes a smaller one and leaves the beginning of the question out.
    pub const OLLAMA_CONTEXT: u32 = 8_192;

    /// One with nothing else said.
    pub fn of(name: &str, kind: AssistantKind) -> AssistantConfig {
        AssistantConfig {
            name: name.to_owned(),
            kind,
            base_url: kind.home().to_owned(),
            program: (kind == AssistantKind::Command).then(ProgramConfig::default),
            plain_http: false,
            model: None,
            key: KeyFrom::None,
            tariff: None,
            max_output: AssistantConfig::MAX_OUTPUT,
            context: (kind == AssistantKind::Ollama).then_some(AssistantConfig::OLLAMA_CONTEXT),
            temperature: None,
            silence: AssistantConfig::SILENCE,
            limit: if kind == AssistantKind::Command { AssistantConfig::PROGRAM_LIMIT } else { AssistantConfig::LIMIT },
        }
    }
}

impl Config {
    /// The assistant of this name, or the one that is meant when none is named.
    ///
    /// # Errors
    /// There is none.
    pub fn assistant(&self, name: Option<&str>) -> Result<&AssistantConfig> {
        let Some(first) = self.assistants.first() else {
            return Err(Failure::new(Class::NotFound, "there is no assistant").why("none is configured").hint(
                "add [[assistant]] to the config, with name, kind and model; juggler assist --help shows one. \
                 juggler draft --scaffold needs none",
            ));
        };
        let Some(name) = name.or(self.assist.as_deref()) else { return Ok(first) };
        let known = || self.assistants.iter().map(|assistant| assistant.name.as_str());
        self.assistants.iter().find(|assistant| assistant.name == name).ok_or_else(|| {
            let hint = nearest(name, known())
                .map_or_else(|| "juggler assist list shows them".to_owned(), |meant| format!("did you mean \"{meant}\"?"));
            Failure::new(Class::NotFound, format!("there is no assistant \"{name}\""))
                .why(format!("there are {}", known().collect::<Vec<_>>().join(", ")))
                .hint(hint)
        })
    }
}
