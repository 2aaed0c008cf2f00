//! One page in the making: lines go in, jobs and sentences come out.

use super::super::printable::printable;
use super::job::{self, Said};
use super::known::{Known, News};
use super::line::Line;
use super::mark::Place;
use crate::domain::{Job, JobKey, SourceName, Text, Time};

/// Lines of one page.
const LINES: usize = 2_000;
/// Bytes of one page, about.
const BYTES: usize = 4 << 20;
/// Most sentences about lines that could not be read.
const SENTENCES: usize = 50;
/// Lines of one page that could not be read and are kept word for word.
const ODD: usize = 3;

/// What a page holds so far.
#[derive(Debug)]
pub struct Batch<'a> {
    source: &'a SourceName,
    now: Time,
    known: &'a mut Known,
    lines: usize,
    bytes: usize,
    /// Jobs.
    pub items: Vec<Job>,
    /// Jobs of a whole list that are what they were.
    pub same: Vec<JobKey>,
    /// Jobs that were withdrawn.
    pub gone: Vec<JobKey>,
    /// Sentences about lines that could not be read.
    pub unmapped: Vec<Text>,
    /// The first of these lines.
    pub odd: Vec<Text>,
}

impl<'a> Batch<'a> {
    /// An empty page.
    pub fn new(source: &'a SourceName, now: Time, known: &'a mut Known) -> Batch<'a> {
        let (items, same, gone, unmapped, odd) = Default::default();
        Batch { source, now, known, lines: 0, bytes: 0, items, same, gone, unmapped, odd }
    }

    /// No more fits.
    pub fn is_full(&self) -> bool {
        self.lines >= LINES || self.bytes >= BYTES
    }

    /// The instant of the page.
    pub fn now(&self) -> Time {
        self.now
    }

    /// Takes a line of the file at `place`; `whence` names it when something is wrong.
    pub fn line(&mut self, bytes: &[u8], place: &mut Place, whence: impl Fn() -> String) {
        self.lines += 1;
        self.bytes += bytes.len();
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text.trim_ascii(),
            Err(error) => {
                let sentence = format!("{}: it is not UTF-8 (byte {})", whence(), error.valid_up_to() + 1);
                return self.wrong(&sentence, &String::from_utf8_lossy(bytes), place);
            }
        };
        if text.is_empty() || text.starts_with('#') {
            return;
        }
        let line = match Line::read(text) {
            Ok(line) => line,
            Err(wrong) => {
                let column = text.get(..wrong.at).map_or(wrong.at, |before| before.chars().count()) + 1;
                return self.wrong(&format!("{}, column {column}: {}", whence(), wrong.what), text, place);
            }
        };
        let read = job::id(&line);
        let id = read.as_deref().unwrap_or_default();
        if !id.is_empty() && self.known.look(id, text) == News::Same {
            if place.whole {
                self.same.push(JobKey::of(self.source, id));
                self.known.keep(id, text);
            }
            place.begun = true;
            return;
        }
        match job::read(&line, &read, self.source, self.now, &mut self.items) {
            Ok(Said::Listed) => {
                self.known.keep(id, text);
                place.begun = true;
            }
            Ok(Said::Gone(key)) => {
                // A job that came and went within one page went.
                self.items.retain(|job| job.key != key);
                self.gone.push(key);
                self.known.drop(id);
                place.begun = true;
            }
            Ok(Said::Whole) if place.begun => {
                self.wrong(&format!("{}: \"whole\" belongs before the first job", whence()), text, place);
            }
            Ok(Said::Whole) => self.whole(place),
            Err(why) => self.wrong(&format!("{}: {why}", whence()), text, place),
        }
    }

    /// The file at `place` is a whole list, and is read from its beginning.
    pub fn whole(&mut self, place: &mut Place) {
        place.whole = true;
        self.known.whole_again();
    }

    /// The whole list was read.
    pub fn whole_read(&mut self) {
        self.known.whole_read();
    }

    /// Something could not be read.
    pub fn wrong(&mut self, sentence: &str, said: &str, place: &mut Place) {
        place.odd = true;
        if self.unmapped.len() < SENTENCES {
            self.unmapped.push(Text::title(sentence));
        }
        if self.odd.len() < ODD && !said.is_empty() {
            self.odd.push(printable(said));
        }
    }
}
