//! Painters at work: one task an order. Pictures are looked at and kept where no step waits for it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::sync::mpsc;
use tokio::task::AbortHandle;

use super::actor::Actor;
use super::api::Content;
use super::effect::{Asker, Input};
use crate::assist::art::{self, Painter, Sketch, Stroke, Tell, Why, picture};
use crate::config::AssistantConfig;
use crate::domain::draft::FileItem;
use crate::domain::spend::Usage;
use crate::domain::{AssignmentId, Origin, Text};
use crate::error::{Class, Failure, Result};
use crate::net::Http;
use crate::{documents, store};

/// For telling a server that it need not go on.
const STOPPING: Duration = Duration::from_secs(10);
/// So many files of the watched folder are looked at.
const WATCHED: usize = 2_000;

/// What is heard of an order.
#[derive(Debug)]
pub enum News {
    /// The provider's own name for it.
    Named(Text),
    /// How far it is.
    At { percent: Option<u8>, note: Text },
    /// The model that paints.
    By(Text),
    /// Tokens.
    Told(Usage),
    /// A picture is kept, or what came is none.
    Kept { file: Result<Box<FileItem>, String>, seed: Option<u64>, revised: Text },
    /// It is over.
    End(Why),
}

/// A file in the watched folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub path: PathBuf,
    pub bytes: u64,
    pub changed: Option<SystemTime>,
}

/// The painters that are spoken to.
#[derive(Default)]
pub(super) struct Easels {
    painters: HashMap<String, Arc<dyn Painter>>,
    tasks: HashMap<Text, AbortHandle>,
}

impl Easels {
    /// A painter, connected anew when its config changed.
    fn painter(&mut self, config: &AssistantConfig) -> Result<Arc<dyn Painter>> {
        if let Some(known) = self.painters.get(&config.name).filter(|known| known.config() == config) {
            return Ok(known.clone());
        }
        let painter = art::connect(config, Http::default())?;
        self.painters.insert(config.name.clone(), painter.clone());
        Ok(painter)
    }
}

impl Actor {
    /// Hands an order to its painter.
    pub(super) fn paint(&mut self, call: Text, config: &AssistantConfig, sketch: Arc<Sketch>) {
        self.begin_painting(call, config, move |painter, tell| Box::pin(async move { painter.paint(&sketch, tell).await }));
    }

    /// Looks for what became of an order.
    pub(super) fn look_for_art(&mut self, call: Text, config: &AssistantConfig, native: Text) {
        self.begin_painting(call, config, move |painter, tell| {
            Box::pin(async move {
                match painter.look(native.as_str(), tell) {
                    Some(looking) => looking.await,
                    None => Why::Unknown(Failure::new(Class::Refused, "this provider keeps no history")),
                }
            })
        });
    }

    fn begin_painting(
        &mut self,
        call: Text,
        config: &AssistantConfig,
        work: impl for<'a> FnOnce(&'a dyn Painter, Tell<'a>) -> futures_util::future::BoxFuture<'a, Why> + Send + 'static,
    ) {
        let outputs = self.outputs.clone();
        match self.easels.painter(config) {
            Err(failure) => {
                let _ = outputs.send(Input::Painted { call, news: News::End(Why::Refused(failure)) });
            }
            Ok(painter) => {
                self.easels.tasks.retain(|_, task| !task.is_finished());
                let (data, name) = (self.data.clone(), call.clone());
                let task = self.lines.spawn(async move {
                    let (heard, hears) = mpsc::unbounded_channel();
                    let tell = move |stroke: Stroke| drop(heard.send(stroke));
                    let (why, ()) = tokio::join!(
                        async {
                            let why = work(&*painter, &tell).await;
                            drop(tell);
                            why
                        },
                        keep(&name, &data, hears, &outputs)
                    );
                    let _ = outputs.send(Input::Painted { call: name.clone(), news: News::End(why) });
                });
                self.easels.tasks.insert(call, task);
            }
        }
    }

    /// Closes the line, and tells the server.
    pub(super) fn stop_art(&mut self, call: &Text, config: &AssistantConfig, native: Text) {
        if let Some(task) = self.easels.tasks.remove(call) {
            task.abort();
        }
        if let Ok(painter) = self.easels.painter(config) {
            self.lines.spawn(async move {
                let _ = tokio::time::timeout(STOPPING, painter.stop(native.as_str())).await;
            });
        }
    }

    /// Keeps a picture that a person brings from a tool of their own.
    pub(super) fn bring_art(&mut self, bringing: Bringing) {
        let (data, outputs) = (self.data.clone(), self.outputs.clone());
        tokio::spawn(async move {
            let Bringing { asker, assignment, tool, path, content } = bringing;
            let file = brought(data, path.clone(), content).await;
            let _ = outputs.send(Input::Brought { asker, assignment, tool, path, file: file.map(Box::new) });
        });
    }

    /// What lies in the watched folder.
    pub(super) fn look_in_folder(&mut self, folder: PathBuf) {
        let outputs = self.outputs.clone();
        tokio::task::spawn_blocking(move || {
            let _ = outputs.send(Input::FolderSeen { files: seen(&folder) });
        });
    }
}

/// A picture on its way in from a tool that no program speaks to.
#[derive(Clone, Debug, PartialEq)]
pub struct Bringing {
    /// Who waits; `None` for the watched folder.
    pub asker: Option<Asker>,
    pub assignment: AssignmentId,
    /// The tool's name; empty for the one that the latest sheet was for.
    pub tool: Text,
    pub path: PathBuf,
    /// As it was sent along.
    pub content: Option<Content>,
}

async fn keep(call: &Text, data: &Path, mut hears: mpsc::UnboundedReceiver<Stroke>, outputs: &mpsc::UnboundedSender<Input>) {
    while let Some(stroke) = hears.recv().await {
        let news = match stroke {
            Stroke::Named(native) => News::Named(native),
            Stroke::At { percent, note, n: 0 } => News::At { percent, note: Text::title(note) },
            Stroke::At { percent, note, n } => News::At { percent, note: Text::title(&format!("{n} {note}")) },
            Stroke::By(model) => News::By(model),
            Stroke::Told(usage) => News::Told(usage),
            Stroke::Picture { bytes, seed, revised } => {
                let file = keep_picture(data.to_owned(), bytes).await.map(Box::new);
                News::Kept { file, seed, revised }
            }
        };
        let _ = outputs.send(Input::Painted { call: call.clone(), news });
    }
}

/// Keeps bytes that are a picture; the name is given later. Pixels are looked at by a process of its own: they come from a stranger.
async fn keep_picture(data: PathBuf, bytes: Vec<u8>) -> std::result::Result<FileItem, String> {
    let mime = documents::kind(&bytes);
    picture::begins_well(bytes.len(), mime)?;
    let kept = tokio::task::spawn_blocking(move || {
        let known = data.join("files").join(store::sha256(&bytes)).exists();
        let (path, sha256) = store::keep_file(&data, &bytes).map_err(|failure| failure.to_string())?;
        Ok::<_, String>((path, sha256, bytes, known))
    });
    let (path, sha256, bytes, known) = kept.await.map_err(|_| "a bug ended the keeping of it".to_owned())??;
    let facts = documents::picture::apart::facts(&path, mime).await;
    if let Err(why) = picture::fits(&bytes, &facts) {
        if !known {
            let _ = tokio::fs::remove_file(&path).await;
        }
        return Err(why);
    }
    Ok(FileItem { name: Text::default(), path, size: bytes.len() as u64, sha256, facts, origin: Origin::External })
}

async fn brought(data: PathBuf, path: PathBuf, content: Option<Content>) -> Result<FileItem> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let shown = path.display().to_string();
    let bytes = match content {
        Some(Content(bytes)) => bytes,
        None => tokio::task::spawn_blocking(move || super::files::read(&path, picture::MOST as u64))
            .await
            .map_err(|_| Failure::new(Class::Internal, "a bug ended the reading of a file"))??,
    };
    let file = keep_picture(data, bytes)
        .await
        .map_err(|why| Failure::new(Class::Usage, format!("{shown} cannot be used")).why(why).hint("save it as PNG"))?;
    Ok(FileItem { name: Text::title(&name), ..file })
}

/// The files of a folder, the latest first.
fn seen(folder: &Path) -> Vec<Seen> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().take(WATCHED);
    let mut files: Vec<Seen> = entries
        .filter_map(|entry| {
            let facts = entry.metadata().ok().filter(std::fs::Metadata::is_file)?;
            let path = entry.path();
            let ending = path.extension()?.to_str()?.to_ascii_lowercase();
            // What a browser still writes has another ending.
            matches!(ending.as_str(), "png" | "jpg" | "jpeg" | "webp").then(|| Seen {
                path,
                bytes: facts.len(),
                changed: facts.modified().ok(),
            })
        })
        .collect();
    files.sort_by_key(|file| std::cmp::Reverse(file.changed));
    files
}
/// Removes kept files that nothing names any more.
pub(super) fn forget_files(data: &Path, hashes: &[String]) {
    for hash in hashes.iter().filter(|hash| hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit())) {
        let _ = std::fs::remove_file(data.join("files").join(hash));
    }
}
