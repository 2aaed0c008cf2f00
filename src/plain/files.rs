//! What comes with work in hand: its list, one by page, and fetching it.

use super::{Plain, ask, words};
use crate::domain::Text;
use crate::domain::pages::marks;
use crate::engine::api::{AttachmentView, Reply, Request};
use crate::error::{Class, Failure, Result};

impl Plain {
    async fn files_of(&mut self, n: usize) -> Result<(crate::domain::AssignmentId, Vec<AttachmentView>)> {
        let id = self.mine(n).await?.assignment.id;
        let request = Request::Attachments { assignment: id.clone() };
        let items = ask!(self.handle, request, Reply::Attachments { items } => items);
        Ok((id, items))
    }

    /// The list of what comes with work `n` of the hand.
    pub(super) async fn read_files(&mut self, n: usize) -> Result<()> {
        let (_, items) = self.files_of(n).await?;
        if items.is_empty() {
            self.console.say("Nothing comes with it.");
        }
        for (m, item) in (1..).zip(&items) {
            let state = match (&item.kept, &item.text, item.trouble.is_empty()) {
                (_, _, false) => item.trouble.to_string(),
                (Some(kept), Some(_), _) => match kept.text.as_ref().map_or(0, |text| text.pages) {
                    0 => format!("here; file {n} {m} reads it"),
                    pages => format!("here, {}; file {n} {m} PAGE reads a page", words::count(pages as usize, "page")),
                },
                (Some(kept), None, _) => kept.note.to_string(),
                (None, Some(_), _) => format!("it came with the job; file {n} {m} reads it"),
                (None, None, _) => format!("not fetched; fetch {n} {m} fetches it from {}", item.host),
            };
            self.console.say(words::sentences([format!("{m}. {}: {state}", words::theirs(&item.name))]));
        }
        Ok(())
    }

    fn file<'a>(&self, m: usize, items: &'a [AttachmentView]) -> Result<&'a AttachmentView> {
        let found = m.checked_sub(1).and_then(|m| items.get(m));
        found.ok_or_else(|| Failure::new(Class::NotFound, format!("there is no file {m}")).hint("files reads the list"))
    }

    /// The text of file `m` of work `n`, or one page of it.
    pub(super) async fn read_file(&mut self, n: usize, m: usize, page: Option<u32>) -> Result<()> {
        let (_, items) = self.files_of(n).await?;
        let item = self.file(m, &items)?;
        let Some(text) = item.text.as_ref().map(Text::as_str) else {
            return Err(Failure::new(Class::NotFound, "it has no text here").hint(format!("files {n} says why")));
        };
        let marks = marks(text);
        let shown = match page {
            None => text,
            Some(page) => {
                let at = marks.iter().position(|mark| mark.number == page).ok_or_else(|| {
                    let why =
                        marks.last().map_or("it has no pages".to_owned(), |last| format!("its last one is {}", last.name()));
                    Failure::new(Class::NotFound, format!("it has no page {page}")).why(why)
                })?;
                text.get(marks[at].at..marks.get(at + 1).map_or(text.len(), |next| next.at)).unwrap_or_default()
            }
        };
        if let Some(note) = item.kept.as_ref().map(|kept| kept.note.as_str()).filter(|note| !note.is_empty()) {
            self.console.say(words::sentences([words::capital(note)]));
        }
        self.console.quote(shown.trim_end());
        self.console.say("End of the file.");
        Ok(())
    }

    /// Fetches file `m` of work `n`; from another host than the source's after a yes.
    pub(super) async fn fetch_file(&mut self, n: usize, m: usize) -> Result<()> {
        let (id, items) = self.files_of(n).await?;
        let item = self.file(m, &items)?.clone();
        if !item.own && !item.host.is_empty() {
            self.console.say(format!("It would come from {}, which is not the source's own host.", item.host));
            if !self.yes("Type yes to fetch it from there, anything else to leave it:").await {
                self.console.say("Left. Nothing was fetched.");
                return Ok(());
            }
        }
        let request = Request::Attachment { assignment: id, name: item.name.clone(), anew: item.kept.is_some() };
        ask!(self.handle, request, Reply::Job { .. } => ());
        self.read_files(n).await
    }
}
