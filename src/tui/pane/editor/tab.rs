//! One assignment in the editor: its text, how it stands to what is saved, and what the checks say.

use std::collections::VecDeque;

use chrono::TimeDelta;

use super::brief::Brief;
use super::counts::Counts;
use super::judging::{self, Judging};
use super::source::Source;
use super::text_box::TextBox;
use crate::domain::check::{Finding, Place};
use crate::domain::draft::{Cause, FileItem};
use crate::domain::origin::{Origin, Origins, Shares};
use crate::domain::{AssignmentId, Text, Time};
use crate::engine::api::AssignmentView;

/// Texts up to this many bytes are counted with every key; larger ones when the keys rest.
const COUNTED_AT_ONCE: usize = 16_000;
/// The same for handing over.
const TOLD_AT_ONCE: usize = 50_000;
/// How soon after the last key a large text is counted and judged.
const JUDGE_AFTER: TimeDelta = TimeDelta::milliseconds(40);
/// How long after a change a large text is handed over at the latest.
const TELL_AFTER: TimeDelta = TimeDelta::milliseconds(250);
/// The same for texts of more than a megabyte, where handing over is work.
const TELL_HUGE_AFTER: TimeDelta = TimeDelta::milliseconds(500);
const HUGE: usize = 1 << 20;

/// Texts handed over that are remembered, and their bytes.
const TOLD: usize = 256;
const TOLD_BYTES: usize = 4 << 20;

/// Fewer bytes in common with the brief may be chance.
const QUOTED: usize = 12;

/// A tab.
pub struct Tab {
    /// As the engine last said.
    pub view: AssignmentView,
    /// The text.
    pub text: TextBox,
    /// The brief's scroll and choice.
    pub brief: Brief,
    /// Its attachments, and the one that is open.
    pub source: Source,
    /// What the checks say: of the text here while it may be edited, else of what was saved.
    pub findings: Vec<Finding>,
    /// Words a minute of whoever works here.
    pace: u32,
    /// The state of the text that is being judged elsewhere, and one to be judged next.
    judging: Option<u64>,
    to_judge: Option<Judging>,
    stale: bool,
    /// How much there is.
    pub counts: Counts,
    /// And how much of it came from where.
    pub shares: Shares,
    /// Somebody else saved a newer version while there was unsaved typing here.
    pub elsewhere: bool,
    /// When the latest save was heard of.
    pub saved_at: Option<Time>,
    judge_due: Option<Time>,
    tell_due: Option<Time>,
    seen: u64,
    /// What was handed over lately, to know it again when it comes back as saved.
    told: VecDeque<(u64, Text)>,
    /// How the text came to be what it is since it was last handed over.
    cause: Cause,
    saved: u64,
    version: u32,
}

impl Tab {
    /// A tab with what was saved.
    pub fn new(view: AssignmentView, pace: u32) -> Tab {
        let draft = view.draft.as_ref();
        let text = draft.map(|d| d.text.clone()).unwrap_or_default();
        let origins = draft.map(|d| d.origins().into_owned()).unwrap_or_default();
        let mut tab = Tab {
            text: TextBox::new(text.as_str(), origins),
            brief: Brief::default(),
            source: Source::default(),
            findings: Vec::new(),
            pace,
            judging: None,
            to_judge: None,
            stale: false,
            counts: Counts::default(),
            shares: Shares::default(),
            elsewhere: false,
            saved_at: draft.map(|d| d.saved_at),
            judge_due: None,
            tell_due: None,
            seen: 0,
            told: VecDeque::from([(0, text)]),
            cause: Cause::Typed,
            saved: 0,
            version: draft.map_or(0, |d| d.version),
            view,
        };
        tab.judge();
        tab
    }

    /// Which assignment it is.
    pub fn id(&self) -> &AssignmentId {
        &self.view.assignment.id
    }

    /// The draft's files.
    pub fn files(&self) -> &[FileItem] {
        self.view.draft.as_ref().map_or(&[], |draft| &draft.files)
    }

    /// May be written.
    pub fn is_editable(&self) -> bool {
        self.view.assignment.state.is_editable()
    }

    /// Holds what is not known to be saved.
    pub fn is_unsaved(&self) -> bool {
        self.text.edits() != self.saved
    }

    /// Newer data of the engine's. What was typed and not saved is never touched.
    pub fn refresh(&mut self, mut view: AssignmentView) {
        let seen = self.seen;
        for new in &mut view.assignment.job.attachments {
            let old = self.view.assignment.job.attachments.iter().find(|old| old.name == new.name);
            new.text = new.text.take().or_else(|| old.and_then(|old| old.text.clone()));
        }
        if let Some(draft) = &view.draft
            && draft.version >= self.version
        {
            let newer = draft.version > self.version;
            if let Some(edits) = self.edits_of(&draft.text) {
                self.saved = self.saved.max(edits);
                self.saved_at = Some(draft.saved_at);
                // Another front end stated the origins of the same text anew.
                if newer && !self.is_unsaved() && draft.text.as_str() == self.text.text() {
                    self.text.restate(&draft.origins());
                    self.shares = Shares::of(self.text.origins(), draft.text.as_str());
                }
            } else if newer && !self.is_unsaved() {
                self.text.replace_all(&draft.text, &draft.origins());
                self.seen = self.text.edits();
                self.saved = self.seen;
                self.tell(draft.text.clone());
                self.saved_at = Some(draft.saved_at);
            } else if newer && draft.text.as_str() != self.text.text() {
                self.elsewhere = true;
            }
            self.version = draft.version;
        }
        let same = self.view.assignment == view.assignment
            && self.view.findings == view.findings
            && self.files() == view.draft.as_ref().map_or(&[][..], |draft| &draft.files)
            && self.seen == seen;
        self.view = view;
        if !same {
            self.brief.stale();
            self.judge();
        }
    }

    /// A save was confirmed.
    pub fn saved(&mut self, version: u32, text: &Text, now: Option<Time>) {
        self.version = self.version.max(version);
        if let Some(edits) = self.edits_of(text) {
            self.saved = self.saved.max(edits);
        } else if text.as_str() == self.text.text() {
            self.saved = self.text.edits();
        }
        self.elsewhere = false;
        self.saved_at = now.or(self.saved_at);
    }

    /// Looks whether the text changed: small ones are judged at once. The text to hand over, when it is time for it,
    /// where it came from, and how it came to be.
    pub fn settle(&mut self, now: Time) -> Option<(Text, Origins, Cause)> {
        let edits = self.text.edits();
        let bytes = self.text.bytes();
        if edits != self.seen {
            self.seen = edits;
            self.judge_due = Some(if bytes > COUNTED_AT_ONCE { now + JUDGE_AFTER } else { now });
            let wait = if bytes > HUGE { TELL_HUGE_AFTER } else { TELL_AFTER };
            self.tell_due = if bytes > TOLD_AT_ONCE { self.tell_due.or(Some(now + wait)) } else { Some(now) };
        }
        if self.judge_due.is_some_and(|due| due <= now) {
            self.judge();
        }
        if self.tell_due.is_some_and(|due| due <= now) {
            self.tell_due = None;
            let (text, origins) = self.text.kept();
            self.tell(text.clone());
            return Some((text, origins, std::mem::take(&mut self.cause)));
        }
        None
    }

    /// Another text in place of all of it, as one step, to be handed over at once; `false` when nothing differs. What it has in
    /// common with the old one keeps its origins, the rest is of this `origin`.
    pub fn lay(&mut self, text: &Text, origin: &Origin, cause: Cause, now: Time) -> bool {
        let origins = self.text.origins().carried(&self.text.text(), text.as_str(), origin, usize::MAX);
        let differs = self.text.replace_all(text, &origins);
        if differs {
            self.cause = cause;
            self.hurry(now);
        }
        differs
    }

    /// Puts a change in at a byte of the text, as one step.
    ///
    /// # Errors
    /// Something else stands there, or it would be too long.
    pub fn splice(&mut self, at: usize, old: &str, new: &Text, origin: &Origin, now: Time) -> Result<(), String> {
        let text = self.text.text();
        if text.get(at..at + old.len()) != Some(old) {
            return Err("the draft changed meanwhile".to_owned());
        }
        let (from, to) = (self.text.place_of(at), self.text.place_of(at + old.len()));
        self.text.place(from, false);
        if !old.is_empty() {
            self.text.place(to, true);
        }
        match new.is_empty() {
            true => drop(self.text.cut()),
            false => {
                let origins = Origins::whole(new.as_str().len(), origin.clone());
                self.text.insert(new, &origins).map_err(|_| "a draft holds at most 8 MB of text".to_owned())?;
            }
        }
        self.cause = Cause::Assistant;
        self.hurry(now);
        Ok(())
    }

    /// Where in the job's own words `text` stands, when it is long enough to be no chance: "brief", or an attachment's name.
    pub fn source_of(&self, text: &Text) -> Option<Text> {
        let job = &self.view.assignment.job;
        let words = text.as_str().trim();
        if words.len() < QUOTED {
            return None;
        }
        if job.brief.as_str().contains(words) {
            return Some(Text::title("brief"));
        }
        let mut told = job.attachments.iter().filter(|file| file.text.as_ref().is_some_and(|text| text.as_str().contains(words)));
        told.next().map(|file| file.name.clone())
    }

    /// Hands an unsaved text over without waiting.
    pub fn hurry(&mut self, now: Time) {
        if self.is_unsaved() {
            self.tell_due = Some(now);
        }
    }

    /// Goes to the next place, in the text's order and around its end, that a check failed or warned of, or to the one before.
    pub fn next_problem(&mut self, forward: bool) -> bool {
        let bad = self.findings.iter().filter(|f| f.is_open());
        let mut places: Vec<(usize, usize)> = bad.flat_map(Finding::places).map(|place| self.spot(&place)).collect();
        places.sort_unstable();
        places.dedup();
        let here = self.text.cursor();
        let next = match forward {
            true => places.iter().find(|place| **place > here).or(places.first()),
            false => places.iter().rev().find(|place| **place < here).or(places.last()),
        };
        let Some(next) = next else { return false };
        self.text.place(*next, false);
        true
    }

    /// Line and byte of a place, as the text is now.
    fn spot(&self, place: &Place) -> (usize, usize) {
        let line = usize::try_from(place.line).unwrap_or(usize::MAX).min(self.text.lines().len().saturating_sub(1));
        let at = place.columns.and_then(|(from, _)| usize::try_from(from).ok()).unwrap_or(0);
        (line, self.text.lines().get(line).map_or(0, |text| text.floor_char_boundary(at)))
    }

    /// The finding that the cursor stands at: the narrowest of its line, else the first one that is open.
    pub fn finding_here(&self) -> Option<&Finding> {
        let (row, byte) = self.text.cursor();
        let here = |place: &Place| usize::try_from(place.line) == Ok(row);
        let width = |finding: &Finding| {
            let spans = finding.places().filter(here).map(|place| match place.columns {
                Some((from, to)) if (from as usize..=to as usize).contains(&byte) => to - from,
                _ => u32::MAX,
            });
            spans.min()
        };
        let open = || self.findings.iter().filter(|f| f.is_open());
        let at = open().filter_map(|finding| Some((width(finding)?, finding))).min_by_key(|(width, _)| *width);
        at.map(|(_, finding)| finding).or_else(|| open().next()).or_else(|| self.findings.iter().find(|f| !f.ticks.is_empty()))
    }

    /// The findings are of a text ago: a newer one is being judged.
    pub fn is_checking(&self) -> bool {
        self.stale
    }

    /// A text for somebody else to judge, when there is one and no other is out.
    pub fn take_judging(&mut self) -> Option<Judging> {
        if self.judging.is_some() {
            return None;
        }
        let judging = self.to_judge.take()?;
        self.judging = Some(judging.edits);
        Some(judging)
    }

    /// A text was judged.
    pub fn judged(&mut self, edits: u64, findings: Vec<Finding>) {
        if self.judging == Some(edits) {
            self.judging = None;
        }
        if !self.is_editable() {
            return;
        }
        // Of a text that was changed meanwhile it is still the best that is known.
        self.findings = findings;
        self.stale = self.text.edits() != edits || self.to_judge.is_some();
    }

    /// Spoken at so many words a minute.
    pub fn set_pace(&mut self, pace: u32) {
        if std::mem::replace(&mut self.pace, pace) != pace {
            self.judge();
        }
    }

    /// When it must be settled again.
    pub fn due(&self) -> Option<Time> {
        let asked = self.to_judge.as_ref().filter(|_| self.judging.is_none()).map(|_| Time::MIN_UTC);
        self.judge_due.into_iter().chain(self.tell_due).chain(asked).min()
    }

    fn tell(&mut self, text: Text) {
        self.told.push_back((self.text.edits(), text));
        let mut bytes: usize = self.told.iter().map(|(_, text)| text.as_str().len()).sum();
        while self.told.len() > 2
            && (self.told.len() > TOLD || bytes > TOLD_BYTES)
            && let Some((_, oldest)) = self.told.pop_front()
        {
            bytes -= oldest.as_str().len();
        }
    }

    fn edits_of(&self, text: &Text) -> Option<u64> {
        self.told.iter().rev().find(|(_, told)| told == text).map(|(edits, _)| *edits)
    }

    fn judge(&mut self) {
        self.judge_due = None;
        let job = &self.view.assignment.job;
        self.counts = Counts::of(self.text.lines(), &job.deliverable, self.pace);
        let text = self.text.text();
        self.shares = Shares::of(self.text.origins(), &text);
        self.to_judge = None;
        self.stale = false;
        if !self.is_editable() {
            self.findings = self.view.findings.clone();
            self.stale = self.view.checking;
            return;
        }
        let judging = Judging {
            assignment: self.id().clone(),
            edits: self.text.edits(),
            job: Box::new(job.clone()),
            text,
            files: self.files().to_vec(),
            pace: self.pace,
        };
        if judging::is_light(job, judging.text.len()) {
            self.findings = judging.findings();
        } else {
            self.stale = true;
            self.to_judge = Some(judging);
        }
    }
}
