//! The source pane: the attachments of an assignment beside its draft, to be read, searched and quoted.

mod draw;
mod reader;

use crate::domain::pages::{mark_at, marks};
use crate::domain::{Job, Text, lookup};
use crate::engine::api::AttachmentView;
pub use reader::At;
use reader::Reader;

/// The attachments of one tab, and how one of them is read.
#[derive(Default)]
pub struct Source {
    /// As the engine last told; none before it was asked.
    items: Vec<AttachmentView>,
    /// Which one is open.
    chosen: Option<usize>,
    /// Its text.
    reader: Option<Reader>,
    /// Where the others were left, by name.
    left: Vec<(Text, Reader)>,
    /// Being fetched.
    fetching: Option<Text>,
    /// Opened by a key, and not asked for since.
    opened: bool,
    /// The claim that was looked for last, and which of its places is shown.
    looked: Option<(String, usize)>,
}

/// Where a claim was found.
pub struct Found {
    /// Which of the places, from 1.
    pub nth: usize,
    /// How many there are.
    pub of: usize,
    /// The attachment and the page.
    pub place: String,
}

impl Source {
    /// One is open.
    pub fn is_open(&self) -> bool {
        self.chosen.is_some()
    }

    /// The one that is open.
    pub fn current(&self) -> Option<&AttachmentView> {
        self.items.get(self.chosen?)
    }

    /// The text of the one that is open.
    pub fn reader(&mut self) -> Option<&mut Reader> {
        self.chosen.and(self.reader.as_mut())
    }

    /// Opens the next one of a job, or closes behind the last; whether one is open now.
    pub fn turn(&mut self, job: &Job) -> bool {
        self.known(job);
        let next = self.chosen.map_or(0, |n| n + 1);
        self.choose((next < self.items.len()).then_some(next));
        self.is_open()
    }

    /// Opens the nth of a job, from 0; `false` where there is none.
    pub fn open(&mut self, n: usize, job: &Job) -> bool {
        self.known(job);
        let there = n < self.items.len();
        if there && self.chosen != Some(n) {
            self.choose(Some(n));
        }
        there
    }

    /// Closes it.
    pub fn close(&mut self) {
        self.choose(None);
    }

    fn choose(&mut self, n: Option<usize>) {
        if let Some((name, reader)) = self.current().map(|item| item.name.clone()).zip(self.reader.take()) {
            self.left.push((name, reader));
        }
        self.chosen = n;
        self.opened = n.is_some();
        let Some((name, text)) = self.current().and_then(|item| Some((item.name.clone(), item.text.clone()?))) else { return };
        let left = self.left.iter().position(|(left, _)| *left == name).map(|at| self.left.swap_remove(at).1);
        // What was fetched anew is read from its beginning.
        self.reader = left.filter(|reader| reader.is_of(&text)).or_else(|| Some(Reader::new(text)));
    }

    /// Before the engine answers, what the job says of them.
    fn known(&mut self, job: &Job) {
        if self.items.is_empty() {
            let view = |file: &crate::domain::job::Attachment| AttachmentView {
                name: file.name.clone(),
                mime: file.mime.clone(),
                size: file.size,
                text: file.text.clone(),
                ..AttachmentView::default()
            };
            self.items = job.attachments.iter().map(view).collect();
        }
    }

    /// What the engine knows of them.
    pub fn told(&mut self, items: Vec<AttachmentView>) {
        let open = self.current().map(|item| item.name.clone());
        let (opened, at) = (self.opened, open.and_then(|name| items.iter().position(|item| item.name == name)));
        self.choose(None);
        self.items = items;
        self.fetching = None;
        // The same text is read on where it was.
        self.choose(at);
        self.opened = opened;
    }

    /// The one that is open is being fetched, or not any more.
    pub fn fetch(&mut self, name: Option<Text>) {
        self.fetching = name;
    }

    /// It was just opened: what is at the source itself may come. Once for each opening.
    pub fn wants_fetch(&mut self) -> bool {
        std::mem::take(&mut self.opened)
    }

    /// It is being fetched.
    pub fn is_fetching(&self) -> bool {
        self.fetching.is_some()
    }

    /// Looks for a claim in the one that is open, then in the others, on the page that the draft names first; shows the next place if it
    /// was looked for last.
    pub fn look_up(&mut self, claim: &str, page: Option<u32>, job: &Job) -> Option<Found> {
        self.known(job);
        let first = self.chosen.unwrap_or(0);
        let order = (first..self.items.len()).chain(0..first);
        let mut all = Vec::new();
        for n in order {
            let text = self.items.get(n).and_then(|item| item.text.as_ref()).map_or("", Text::as_str);
            all.extend(lookup::places(text, claim).into_iter().map(|at| (n, at)));
        }
        // In one order, whichever is open.
        all.sort_by_key(|(n, at)| (*n, at.start));
        let begin = || {
            let marks = |n: usize| self.items.get(n).and_then(|item| item.text.as_ref()).map(|text| marks(text.as_str()));
            let known: Vec<_> = (0..self.items.len()).map(|n| page.and(marks(n)).unwrap_or_default()).collect();
            let on = |n: usize, at: usize| known.get(n).and_then(|marks| mark_at(marks, at)).map(|mark| mark.number);
            let cited = |(n, at): &(usize, std::ops::Range<usize>)| page.is_some() && on(*n, at.start) == page;
            let open = all.iter().position(|found| found.0 == first && cited(found));
            open.or_else(|| all.iter().position(cited)).or_else(|| all.iter().position(|(n, _)| *n >= first)).unwrap_or(0)
        };
        let nth = match &self.looked {
            Some((last, nth)) if last == claim => (nth + 1) % all.len().max(1),
            _ => begin(),
        };
        let (n, at) = all.get(nth)?.clone();
        self.looked = Some((claim.to_owned(), nth));
        self.open(n, job);
        let name = self.current().map(|item| item.name.clone()).unwrap_or_default();
        let reader = self.reader()?;
        reader.show(at);
        let page = reader.mark().map_or(String::new(), |mark| format!(", {}", mark.name()));
        Some(Found { nth: nth + 1, of: all.len(), place: format!("{name}{page}") })
    }

    /// How many are read, and how many are not here.
    pub fn read(&self) -> (usize, usize) {
        let read = self.items.iter().filter(|item| item.text.is_some()).count();
        (read, self.items.len() - read)
    }
}
