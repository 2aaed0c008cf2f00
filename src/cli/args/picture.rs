//! `juggler picture`

use std::path::PathBuf;

/// Pictures as files: facts, edits without a model, and the cures that a job's checks ask for
#[derive(Clone, Debug, clap::Subcommand)]
pub enum PictureCommand {
    /// What files are: size, alpha, border, resolution, colours, detail, and what is written beside the picture
    #[command(
        before_help = "Examples:\n  juggler picture facts shirt.png\n  juggler picture facts --json *.png | jq .picture.soft\n"
    )]
    Facts {
        /// The files
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Edit a picture of a draft, or a file; no model is asked, and the old file is never touched
    #[command(
        before_help = "Examples:\n  juggler picture edit practice:a7 trim fit 4500x5400 dpi 300\n  juggler picture edit practice:a7 --file front.png convert webp --beside\n  juggler picture edit shirt.png pad 60 srgb --to shirt-padded.png\n",
        after_help = edits_help()
    )]
    Edit {
        /// The assignment (or its job's key), or a file
        #[arg(value_name = "JOB|FILE")]
        what: String,
        /// Edits in their order: resize 4500x5400 dpi 300 …
        #[arg(required = true, value_name = "EDIT")]
        edits: Vec<String>,
        /// Which file of the draft, where it has several
        #[arg(long, value_name = "NAME")]
        file: Option<String>,
        /// Keep the old one in the draft as well
        #[arg(long)]
        beside: bool,
        /// Where the new file goes, of a file edited; by default beside it as NAME-edited
        #[arg(long, value_name = "PATH", conflicts_with_all = ["file", "beside"])]
        to: Option<PathBuf>,
    },
    /// Bring the picture of a draft to what its job asks, as far as no model is needed: size, border, colours, resolution, kind, weight
    #[command(before_help = "Examples:\n  juggler picture pass practice:a7 --dry-run\n  juggler picture pass practice:a7\n")]
    Pass {
        /// The assignment, or its job's key
        assignment: String,
        /// Which file of the draft, where it has several
        #[arg(long, value_name = "NAME")]
        file: Option<String>,
        /// Only say what would be done
        #[arg(long)]
        dry_run: bool,
    },
}

impl PictureCommand {
    /// It is about files alone, and needs no engine.
    pub fn is_past_the_engine(&self) -> bool {
        match self {
            PictureCommand::Facts { .. } => true,
            PictureCommand::Edit { what, file, beside, .. } => file.is_none() && !beside && std::path::Path::new(what).is_file(),
            PictureCommand::Pass { .. } => false,
        }
    }
}

fn edits_help() -> String {
    let line = |offer: &crate::domain::picture::Offer| format!("  {:<8} {:<16} {}", offer.word, offer.takes, offer.does);
    let lines: Vec<String> = crate::domain::picture::offers().iter().map(line).collect();
    format!("Edits:\n{}", lines.join("\n"))
}
