//! Arguments of `juggler art`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::domain::art::{Area, Backdrop, Size};

/// `juggler art …`
#[derive(Clone, Debug, Subcommand)]
pub enum ArtCommand {
    /// Have a picture painted, changed, enlarged or cut out, and wait for it
    #[command(
        before_help = "Examples:\n  juggler art ask practice:a7\n  juggler art ask practice:a7 'a heron with headphones, linocut' --count 3\n  juggler art ask practice:a7 'no shadow' --from ai-019a/1 --strength 40\n  juggler art ask practice:a7 'a closed eye' --from ai-019a/1 --mask 40,60,320,200\n  juggler art ask practice:a7 --from art.png --upscale 2 --by webui\n"
    )]
    Ask(ArtAskArgs),
    /// The prompt that a job's brief makes; nothing is sent
    Prompt {
        /// The assignment, or its job's key
        assignment: String,
        /// What to say to it
        words: Option<String>,
    },
    /// What waits and what is painted
    Queue,
    /// The painters, what may be painted for a job, what is on its way and what came
    Results {
        /// The assignment, or its job's key
        assignment: String,
    },
    /// Put a picture into the draft, marked as an AI's
    Take {
        /// Its order and number, as `results` lists them: ai-019a…/1
        picture: String,
    },
    /// Order the same again; with the same seed where the painter has seeds
    Again {
        /// The order
        call: String,
        /// Another seed
        #[arg(long)]
        vary: bool,
        /// Agree to the terms
        #[arg(long)]
        yes: bool,
        /// Do not wait for it; another juggler has to be running
        #[arg(long)]
        no_wait: bool,
    },
    /// Stop an order, and tell its server; what came is kept
    Stop {
        /// The order
        call: String,
    },
    /// Ask the provider what became of an order whose end is not known; nothing is sent a second time
    Look {
        /// The order
        call: String,
    },
    /// Throw a picture away, or an order with all its pictures and its prompt
    Drop {
        /// The order, or one of its pictures: ai-019a…/1
        picture: String,
        /// Agree to it
        #[arg(long)]
        yes: bool,
    },
    /// Write a prompt down with its parameters, for a tool that you work by hand
    Sheet {
        /// The assignment, or its job's key
        assignment: String,
        /// Your own prompt [default: the one that the brief makes]
        prompt: Option<String>,
        /// The tool's name
        #[arg(long, default_value = "midjourney")]
        tool: String,
        /// What to keep out
        #[arg(long)]
        negative: Option<String>,
        /// Where chance begins
        #[arg(long)]
        seed: Option<u64>,
    },
    /// Bring a picture that a tool worked by hand made, as a result
    Bring {
        /// The assignment, or its job's key
        assignment: String,
        /// The picture
        path: PathBuf,
        /// The tool that made it [default: that of the latest sheet]
        #[arg(long, value_name = "TOOL")]
        made_with: Option<String>,
        /// Put it into the draft at once
        #[arg(long)]
        take: bool,
    },
}

/// `juggler art ask …`
#[derive(Clone, Debug, Args)]
pub struct ArtAskArgs {
    /// The assignment, or its job's key
    pub assignment: String,
    /// What to paint or to change, in your own words [default for a new picture: what the brief makes]
    pub prompt: Option<String>,
    /// Which painter
    #[arg(long = "by", value_name = "NAME")]
    pub by: Option<String>,
    /// The template that makes the prompt, with your words in it
    #[arg(long)]
    pub template: Option<String>,
    /// What to keep out, where the painter is told apart
    #[arg(long)]
    pub negative: Option<String>,
    /// Pixels: 1024x1536 [default: the job's proportions, as the painter can]
    #[arg(long, value_parser = |s: &str| s.parse::<Size>())]
    pub size: Option<Size>,
    /// How many
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=10))]
    pub count: u8,
    /// Where chance begins, where the painter has seeds
    #[arg(long)]
    pub seed: Option<u64>,
    /// How much may change, in percent
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(1..=100), requires = "from")]
    pub strength: Option<u8>,
    /// In the provider's word: low, medium, high
    #[arg(long)]
    pub quality: Option<String>,
    /// transparent or opaque
    #[arg(long, value_parser = backdrop)]
    pub background: Option<Backdrop>,
    /// The picture to work on: ORDER/NUMBER, or a file of the draft
    #[arg(long, value_name = "PICTURE")]
    pub from: Option<String>,
    /// A part that may change, as x,y,width,height; several times for several
    #[arg(long = "mask", value_name = "RECTANGLE", value_parser = |s: &str| s.parse::<Area>(), requires = "from")]
    pub areas: Vec<Area>,
    /// Make it so many times larger
    #[arg(long, value_name = "TIMES", value_parser = clap::value_parser!(u8).range(2..=8), requires = "from", conflicts_with_all = ["areas", "cutout"])]
    pub upscale: Option<u8>,
    /// Take its background away
    #[arg(long, requires = "from", conflicts_with = "areas")]
    pub cutout: bool,
    /// Put the first picture into the draft when it is there
    #[arg(long, conflicts_with = "no_wait")]
    pub take: bool,
    /// Do not wait for it; another juggler has to be running
    #[arg(long)]
    pub no_wait: bool,
    /// Agree to the terms, where something goes to another machine for the first time, much could be spent, or the prompt names a mark
    #[arg(long)]
    pub yes: bool,
}

fn backdrop(word: &str) -> Result<Backdrop, String> {
    Backdrop::of(word).ok_or_else(|| "it is one of transparent, opaque, any".to_owned())
}

/// Below the help of `juggler art`: what to write into the config.
pub const CONFIG: &str = "\
In the config (assets/config.toml shows every key):
  [[assistant]]
  name = \"images\"
  kind = \"openai-images\"                # or \"sd-webui\" at http://127.0.0.1:7860, \"comfyui\" at http://127.0.0.1:8188
  model = \"gpt-image-2.5-flare\"
  key_cmd = [\"pass\", \"show\", \"openai\"]
  price_input = \"8 USD\"                  # for a million tokens; or price_image = \"0.04 USD\" for a picture
  price_output = \"32 USD\"
";
