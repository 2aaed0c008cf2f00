//! Arguments of `juggler assist`.

use clap::{Args, Subcommand};

use crate::domain::ai::{Action, AiRule};

/// `juggler assist …`
#[derive(Clone, Debug, Subcommand)]
pub enum AssistCommand {
    /// The assistants in the config; nobody is asked
    List,
    /// Ask one of them for a single word: time to the first word, whole time, tokens, cost. No job's text is sent
    Test {
        /// Which one [default: the one of `[assist] default`, else the first]
        name: Option<String>,
    },
    /// The models that an assistant's provider has
    Models {
        /// Which one [default: the one of `[assist] default`, else the first]
        name: Option<String>,
    },
    /// The prompt templates: the program's and your own
    Templates,
    /// Ask for a draft or a change of one; what comes is printed, and goes into the draft only with --apply
    Ask(AskArgs),
    /// What can be asked for a job, whether AI is allowed and who says so, what was spent, and how each template did
    Desk {
        /// The assignment, or its job's key
        assignment: String,
    },
    /// What was asked for a job, and what it cost
    Calls {
        /// The assignment, or its job's key
        assignment: String,
    },
    /// The words and files that came of a call; the latest few hundred are kept
    Answer {
        /// As `calls` lists it
        call: String,
    },
    /// Decide whether assistants may be asked about a job that does not say so itself; a decision can be stricter than the job, never
    /// looser
    Decide {
        /// The job's key, or the assignment
        job: String,
        /// allowed, disclose, assist-only, human-only, or unknown to take a decision back
        #[arg(value_parser = rule)]
        rule: AiRule,
        /// For every job of its source that says nothing itself
        #[arg(long)]
        everywhere: bool,
    },
}

/// `juggler assist ask …`
#[derive(Clone, Debug, Args)]
pub struct AskArgs {
    /// The assignment, or its job's key
    pub assignment: String,
    /// draft, alternatives, continue, rewrite, pass, shorten, lengthen, tone, translate or critique
    #[arg(value_parser = action)]
    pub action: Action,
    /// What to tell it: how to rewrite, which tone, which language, which limit
    pub instruction: Option<String>,
    /// Which assistant; several times for alternatives
    #[arg(long = "by", value_name = "NAME")]
    pub by: Vec<String>,
    /// The template [default: the first that fits the job]
    #[arg(long)]
    pub template: Option<String>,
    /// A value of the template's: tone=dry
    #[arg(long = "input", value_name = "NAME=VALUE", value_parser = input)]
    pub inputs: Vec<(String, String)>,
    /// The lines of the draft that it is about: 3 or 2-4
    #[arg(long, value_name = "LINES", value_parser = lines)]
    pub lines: Option<(usize, usize)>,
    /// How many alternatives, 2 to 4
    #[arg(long, value_parser = clap::value_parser!(u8).range(2..=4))]
    pub count: Option<u8>,
    /// Put the answer into the draft; of alternatives the one with this letter
    #[arg(long, value_name = "LETTER", num_args = 0..=1, default_missing_value = "A")]
    pub apply: Option<String>,
    /// Agree to the terms, where texts go to another machine for the first time or much could be spent
    #[arg(long)]
    pub yes: bool,
}

impl AssistCommand {
    /// It asks no engine: the config is enough.
    pub fn is_past_the_engine(&self) -> bool {
        matches!(self, AssistCommand::List | AssistCommand::Test { .. } | AssistCommand::Models { .. } | AssistCommand::Templates)
    }
}

fn action(word: &str) -> Result<Action, String> {
    Action::of(word).ok_or_else(|| format!("it is one of {}", Action::ALL.map(Action::word).join(", ")))
}

fn rule(word: &str) -> Result<AiRule, String> {
    AiRule::decision(word).ok_or_else(|| "it is one of allowed, disclose, assist-only, human-only, unknown".to_owned())
}

fn input(written: &str) -> Result<(String, String), String> {
    let (name, value) = written.split_once('=').ok_or("write it like tone=dry")?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

fn lines(written: &str) -> Result<(usize, usize), String> {
    let (from, to) = written.split_once('-').unwrap_or((written, written));
    match (from.trim().parse(), to.trim().parse()) {
        (Ok(from), Ok(to)) if 1 <= from && from <= to => Ok((from, to)),
        _ => Err("write a line, or two: 3 or 2-4".to_owned()),
    }
}

/// Below the help of `juggler assist`: what to write into the config.
pub const CONFIG: &str = "\
In the config (assets/config.toml shows every key; juggler config path tells where it is):
  [[assistant]]
  name = \"local\"
  kind = \"ollama\"                        # at http://127.0.0.1:11434
  model = \"llama3.2\"

  [[assistant]]
  name = \"cloud\"
  kind = \"openai\"                        # or \"anthropic\"; base_url for OpenRouter, llama.cpp, vLLM, LM Studio, …
  model = \"gpt-4o-mini\"
  key_cmd = [\"pass\", \"show\", \"openai\"]
  price_input = \"0.15 USD\"               # for a million tokens
  price_output = \"0.60 USD\"

  [[assistant]]
  name = \"agent\"
  kind = \"command\"                       # a program: the question on standard input, its answer on standard output
  argv = [\"llm\", \"-m\", \"gpt-5\"]
";
