//! Judging pairs of answers: from the attachments to the sheet, and from there into the draft.

use super::Update;
use crate::domain::deliverable::Rule;
use crate::domain::grade::{Record, Round, Side, pairs, put};
use crate::domain::{AssignmentId, Origin, Text};
use crate::engine::api::{AttachmentView, Request};
use crate::tui::command::Command;
use crate::tui::grading::{Grading, Terms};
use crate::tui::message::Asked;
use crate::tui::model::Overlay;
use crate::tui::widget::toast::Tone;

impl Update<'_> {
    /// Looks for the pairs that the job at hand wants judged.
    pub(super) fn open_grading(&mut self) {
        let Some(id) = self.current() else { return };
        if self.wanted(&id).is_none() {
            return self.plain("this job wants no pairs judged");
        }
        self.ask(Asked::Grade { assignment: id.clone(), fetched: Vec::new() }, Request::Attachments { assignment: id });
    }

    /// The ids, and what is asked of each judgement.
    fn wanted(&self, id: &AssignmentId) -> Option<(Vec<Text>, Terms)> {
        let item = self.model.hand.items.iter().find(|item| item.assignment.id == *id)?;
        let rules = &item.assignment.job.deliverable.rules;
        let timed = rules.iter().any(|rule| matches!(rule, Rule::Unhurried { .. }));
        rules.iter().find_map(|rule| match rule {
            Rule::Rank { ids, reason_words, no_ties } => {
                Some((ids.clone(), Terms { reason_words: *reason_words, no_ties: *no_ties, timed }))
            }
            _ => None,
        })
    }

    /// What is here of the attachments. The key that opened the sheet fetches those at the source itself, and no others.
    pub(super) fn grading_texts(&mut self, id: AssignmentId, mut fetched: Vec<Text>, items: &[AttachmentView]) {
        let Some((ids, terms)) = self.wanted(&id) else { return };
        let missing = items.iter().find(|item| item.text.is_none() && item.own && !fetched.contains(&item.name));
        let texts: Vec<&str> = items.iter().filter_map(|item| item.text.as_ref()).map(Text::as_str).collect();
        let Some(brief) = self.brief_of(&id) else { return };
        let pairs = pairs(&ids, &[texts.as_slice(), &[brief.as_str()]].concat());
        if pairs.iter().any(|pair| !pair.is_whole())
            && let Some(item) = missing
        {
            fetched.push(item.name.clone());
            let request = Request::Attachment { assignment: id.clone(), name: item.name.clone(), anew: false };
            return self.ask(Asked::GradeFetch { assignment: id, fetched }, request);
        }
        if !pairs.iter().any(|pair| pair.is_whole()) {
            let open = self.key(Command::EditorAttachment);
            return self.say(
                Tone::Warn,
                "the answers to judge are not found in the attachments",
                format!("{open} opens those; write the records by hand"),
            );
        }
        let round = Round::new(&id, pairs, self.judged(&id, &ids), self.now);
        self.model.hand.typing = false;
        self.model.overlay = Some(Overlay::Grading(Box::new(Grading::new(id, round, brief, terms))));
    }

    fn brief_of(&self, id: &AssignmentId) -> Option<Text> {
        let item = self.model.hand.items.iter().find(|item| item.assignment.id == *id)?;
        Some(item.assignment.job.brief.clone())
    }

    /// Judgements that stand in the draft. What the scaffold laid out is none yet.
    fn judged(&self, id: &AssignmentId, ids: &[Text]) -> Vec<Record> {
        let (Some(text), Some(origins)) = (self.model.editor.text(id), self.model.editor.origins(id)) else { return Vec::new() };
        let (mut at, mut records) = (0, Vec::new());
        for line in text.as_str().split_inclusive('\n') {
            let laid = origins.slice(at..at + line.len()).runs().any(|(_, origin)| *origin == Origin::Scaffold);
            at += line.len();
            records.extend(Record::read(line).filter(|record| !laid && ids.contains(&record.id)));
        }
        records
    }

    /// A key on the sheet.
    pub(super) fn grade(&mut self, command: Command) {
        use Command as C;
        let now = self.now;
        let Some(Overlay::Grading(grading)) = &mut self.model.overlay else { return };
        match command {
            C::GradeLeft => grading.choose(Side::Left),
            C::GradeRight => grading.choose(Side::Right),
            C::GradeTie => grading.choose(Side::Neither),
            C::GradeRate1 => grading.rate(1),
            C::GradeRate2 => grading.rate(2),
            C::GradeRate3 => grading.rate(3),
            C::GradeRate4 => grading.rate(4),
            C::GradeRate5 => grading.rate(5),
            C::GradeRate6 => grading.rate(6),
            C::GradeRate7 => grading.rate(7),
            C::GradeReason => grading.typing = true,
            C::GradeKeep => self.keep_judgement(),
            C::GradeNext | C::GradePrev => grading.turn(command == C::GradeNext, now),
            C::GradeDown => grading.scroll += 1,
            C::GradeUp => grading.scroll = grading.scroll.saturating_sub(1),
            _ => {
                let (judged, all) = grading.round.count();
                self.model.overlay = None;
                let check = self.key(Command::Check);
                self.say(Tone::Plain, format!("{judged} of {all} pairs are judged"), format!("{check} checks the draft"));
            }
        }
    }

    /// The judgement as it stands goes into the draft, and the next pair comes.
    pub(super) fn keep_judgement(&mut self) {
        let now = self.now;
        let Some(Overlay::Grading(grading)) = &mut self.model.overlay else { return };
        let Some((record, origin)) = grading.judge(now) else { return };
        let id = grading.assignment.clone();
        let Some((ids, _)) = self.wanted(&id) else { return };
        let draft = self.model.editor.text(&id).unwrap_or_default();
        let (at, old, new) = put(draft.as_str(), &record, &ids);
        match self.model.editor.splice(&id, at, &old, &Text::own(&new), &origin, now) {
            Ok(effects) => self.editor(effects),
            Err(why) => self.say(Tone::Warn, why, "the judgement is not in the draft"),
        }
    }
}
