//! A program of the person's as an assistant: an agent's command line, `llm`, `aichat`, a script.
//!
//! It is handed the question on its standard input, in a folder of its own with the draft's files; what it says on its standard output
//! is its answer as it comes, its last line on standard error is shown meanwhile, and the files it leaves come along. It has whatever
//! powers it was given, and the brief may be hostile: see [`powers`], which a person agrees to before it is started for the first time.

mod folder;
mod run;
mod sandbox;

use std::path::{Path, PathBuf};

use futures_util::future::BoxFuture;
use futures_util::stream::{self, StreamExt};

pub use sandbox::{find, fingerprint, is_here as is_sandbox_here, powers};

use super::{Ask, Model, Pieces, Provider};
use crate::config::AssistantConfig;
use crate::error::{Class, Failure, Result};
use run::Run;

/// A program that may be handed questions. It is started for each.
pub struct Program {
    config: AssistantConfig,
    scratch: PathBuf,
}

impl Program {
    /// Its folders are made beneath `scratch`.
    pub fn new(config: &AssistantConfig, scratch: &Path) -> Program {
        Program { config: config.clone(), scratch: scratch.to_owned() }
    }

    /// Removes what a crash left beneath `scratch`. Blocks.
    pub fn sweep(scratch: &Path) {
        let Ok(entries) = std::fs::read_dir(scratch) else { return };
        for entry in entries.flatten().filter(|entry| entry.file_name().to_string_lossy().starts_with("run-")) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

impl Provider for Program {
    fn config(&self) -> &AssistantConfig {
        &self.config
    }

    fn host(&self) -> String {
        self.config.program.as_ref().map(|program| program.title()).unwrap_or_default()
    }

    fn warning(&self) -> Option<String> {
        None
    }

    fn ask(&self, ask: Ask) -> Pieces {
        let run = Run::new(self.config.clone(), self.scratch.clone(), ask);
        stream::unfold(run, |mut run| async move { run.next().await.map(|piece| (piece, run)) }).boxed()
    }

    fn models(&self) -> BoxFuture<'_, Result<Vec<Model>>> {
        let name = self.config.name.clone();
        Box::pin(async move {
            Err(Failure::new(Class::Usage, format!("\"{name}\" is a program"))
                .why("it knows itself which models it has")
                .hint("name one in its argv"))
        })
    }
}
