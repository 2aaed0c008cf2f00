//! Arguments of `juggler assist`.

use clap::Subcommand;

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
";
