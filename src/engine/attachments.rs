//! Attachments as files: kept when they were fetched, and read where their texts are needed. This is the one home of both; all of it
//! blocks or waits, so it runs beside the steps.

use std::path::{Path, PathBuf};

use super::api::AttachmentView;
use crate::documents::{self, Extracted};
use crate::domain::pages::pages;
use crate::domain::shield::{self, Found};
use crate::domain::{AssignmentId, Job, KeptFile, KeptText, Text};
use crate::error::{Class, Failure, Result};
use crate::platforms::Fetched;
use crate::store::{self, Gone, drill};

/// An attachment that was fetched and is durable, looked at where no step waits for it.
#[derive(Clone, Debug)]
pub struct Attached {
    /// Which file it is.
    pub file: KeptFile,
    /// Its text, for those in hand.
    pub text: Option<Text>,
    /// Signs of a scam in it.
    pub found: Vec<Found>,
}

/// Keeps what was fetched under a name, and reads it. Both files are durable when this returns, before any record names them.
///
/// # Errors
/// `Class::Store` when the disk does not take it.
pub(super) async fn keep(data: PathBuf, name: &Text, fetched: Fetched) -> Result<Attached> {
    let (folder, bytes) = (data.clone(), fetched.bytes);
    let (path, sha256, bytes) =
        beside(move || store::keep_attachment(&folder, &bytes).map(|(path, sha)| (path, sha, bytes))).await??;
    let size = bytes.len() as u64;
    let Extracted { facts, text, note } = documents::extract(&path, bytes, name.as_str()).await;
    let name = name.clone();
    beside(move || {
        let kept = text.as_ref().map(|text| {
            let (_, sha256) = store::keep_attachment(&data, text.as_str().as_bytes())?;
            let pages = pages(text.as_str());
            let pages = if pages.len() > 1 { u32::try_from(pages.len()).unwrap_or(u32::MAX) } else { 0 };
            Ok(KeptText { sha256, bytes: text.as_str().len() as u64, pages })
        });
        let file = KeptFile { size, sha256, facts, text: kept.transpose()?, note };
        let found = text.as_ref().map(|text| shield::in_attachment(&name, text.as_str())).unwrap_or_default();
        drill::point("attachment.kept");
        Ok(Attached { file, text, found })
    })
    .await?
}

async fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| Failure::new(Class::Internal, "a bug ended the keeping of an attachment").hint("please send its report"))
}

/// A job, and which files its attachments are: all that is needed to read their texts without asking the engine again.
#[derive(Clone, Debug)]
pub struct Sourced {
    /// Whose.
    pub assignment: AssignmentId,
    /// The job, with the texts that came with it.
    pub job: Box<Job>,
    /// Its attachments that were fetched, by name.
    pub kept: Vec<(Text, KeptFile)>,
}

impl Sourced {
    /// The job with every text in place that can be read. Blocks.
    pub fn read(self, data: &Path) -> Box<Job> {
        let mut job = self.job;
        for (name, file) in &self.kept {
            if let Some(attachment) = job.attachments.iter_mut().find(|attachment| attachment.name == *name)
                && let Ok(text) = read_text(data, file)
            {
                attachment.text = Some(text);
            }
        }
        job
    }

    /// The texts alone, by name. Blocks.
    pub fn texts(&self, data: &Path) -> Vec<(Text, Text)> {
        self.kept.iter().filter_map(|(name, file)| Some((name.clone(), read_text(data, file).ok()?))).collect()
    }

    /// Puts texts, and what is wrong with their files, into what is shown of attachments. Blocks.
    pub(super) fn fill(&self, data: &Path, items: &mut [AttachmentView]) {
        for item in items {
            let Some((_, file)) = self.kept.iter().find(|(name, _)| *name == item.name) else { continue };
            match (read_text(data, file), store::attachment(data, &file.sha256)) {
                (Err(gone), _) if file.text.is_some() => item.trouble = Text::title(words(gone)),
                (_, Err(gone)) => item.trouble = Text::title(words(gone)),
                (Ok(text), Ok(_)) => item.text = Some(text),
                (Err(_), Ok(_)) => {}
            }
        }
    }
}

fn read_text(data: &Path, file: &KeptFile) -> std::result::Result<Text, Gone> {
    let text = file.text.as_ref().ok_or(Gone::Missing)?;
    let bytes = store::attachment(data, &text.sha256)?;
    // Scrubbed when it was kept; scrubbing again changes nothing and asks nobody to believe a file.
    Ok(Text::source(&String::from_utf8_lossy(&bytes)))
}

fn words(gone: Gone) -> &'static str {
    match gone {
        Gone::Missing => "its file is missing from the data folder; fetch it again",
        Gone::Changed => "its file is not what was fetched; fetch it again",
    }
}
