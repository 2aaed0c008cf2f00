//! Lists and panels over the feed: why, what came and went, rules, messages; and copies of a job's parts.

use super::Update;
use crate::domain::JobKey;
use crate::engine::api::{Peek, Request};
use crate::error::Failure;
use crate::tui::command::Command;
use crate::tui::link;
use crate::tui::message::{Asked, Effect, Part};
use crate::tui::model::Overlay;
use crate::tui::widget::toast::Tone;

/// Sightings in the list.
const SIGHTINGS: usize = 500;

impl Update<'_> {
    /// Every figure of the job under the cursor, and where it comes from.
    pub(super) fn open_why(&mut self) {
        let Some(row) = self.model.feed.row().cloned() else { return self.plain("no job is under the cursor") };
        let key = row.key.clone();
        let peek = self.model.feed.known(&key).cloned().map(Box::new);
        self.model.overlay = Some(Overlay::Why { row: Box::new(row), peek, failure: None, scroll: 0 });
        self.ask(Asked::Why(key.clone()), Request::Peek { key });
    }

    /// The reasons came, or not.
    pub(super) fn why_came(&mut self, key: &JobKey, answer: Result<Box<Peek>, Failure>) {
        if let Some(Overlay::Why { row, peek, failure, .. }) = &mut self.model.overlay
            && row.key == *key
        {
            match answer {
                Ok(known) => {
                    **row = known.row.clone();
                    *peek = Some(known);
                }
                Err(why) => *failure = Some(why),
            }
        }
    }

    pub(super) fn open_sightings(&mut self) {
        self.model.overlay = Some(Overlay::Sightings { list: None, scroll: 0 });
        self.ask(Asked::Sightings, Request::Sightings { limit: SIGHTINGS });
    }

    pub(super) fn open_rules(&mut self) {
        self.model.overlay = Some(Overlay::Rules { list: None, scroll: 0 });
        self.ask(Asked::Rules, Request::Rules);
    }

    /// The messages; the alerts among them count as seen.
    pub(super) fn open_messages(&mut self) {
        self.model.overlay = Some(Overlay::Messages { scroll: 0 });
        if std::mem::take(&mut self.model.unread) > 0 {
            self.ask(Asked::AlertsSeen, Request::AlertsSeen);
        }
    }

    /// Copies a part of the job under the cursor; what is not known yet is asked for.
    pub(super) fn copy(&mut self, part: Part) {
        let Some(row) = self.model.feed.row() else { return self.plain("no job is under the cursor") };
        let (key, title) = (row.key.clone(), row.title.to_string());
        match part {
            Part::Key => self.send_copy(key.to_string()),
            Part::Title => self.send_copy(title),
            Part::Url | Part::Link | Part::Brief => {
                match self.model.feed.known(&key).filter(|peek| peek.job.is_some()).cloned() {
                    Some(peek) => self.copy_known(part, &peek),
                    None => self.ask(Asked::Copy(part, key.clone()), Request::Peek { key }),
                }
            }
        }
    }

    pub(super) fn copy_known(&mut self, part: Part, peek: &Peek) {
        let Some(job) = &peek.job else { return self.say(Tone::Warn, "nothing copied: only the row of this job is known", "") };
        if part == Part::Brief {
            let brief = job.brief.to_string();
            if brief.is_empty() {
                return self.say(Tone::Warn, "nothing copied: the listing has no brief", "open it whole to fetch it");
            }
            return self.send_copy(brief);
        }
        let Some(url) = job.url.as_ref().map(|url| url.to_string()) else {
            return self.say(Tone::Plain, "the platform names no page for this job", "");
        };
        match link::host(&url) {
            Ok(host) => {
                if part == Part::Link {
                    let key = self.key(Command::CopyUrl);
                    self.say(Tone::Plain, format!("{host} · {url}"), format!("{key} sends it to the terminal's clipboard"));
                } else {
                    self.out.push(Effect::Clipboard(url));
                }
            }
            Err(why) => self.say(Tone::Warn, format!("the link is not copied: {why}: {url}"), ""),
        }
    }

    fn send_copy(&mut self, text: String) {
        self.out.push(Effect::Clipboard(text));
    }

    /// The part that a key copies.
    pub(super) fn part(command: Command) -> Part {
        match command {
            Command::CopyKey => Part::Key,
            Command::CopyTitle => Part::Title,
            Command::CopyBrief => Part::Brief,
            Command::Link => Part::Link,
            _ => Part::Url,
        }
    }
}
