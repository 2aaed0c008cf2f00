//! What assistants mean for a delivery: what they cost of its pay, which of its words are theirs, and what may not be delivered.

use std::collections::BTreeMap;

use super::State;
use crate::domain::ai::{AiRule, Sum, rescaled};
use crate::domain::draft::FileItem;
use crate::domain::origin::{Origin, Origins};
use crate::domain::spend::{Cost, short};
use crate::domain::{Asset, Assignment, AssignmentId, Draft, Job, Money, Text};
use crate::error::{Class, Failure, Result};

/// Places of the net pay beyond those of its currency.
const FINER: u8 = 2;

impl State {
    /// What assistants cost on it, and what is left of the pay after fee and assistants; nothing where none was asked.
    pub(in crate::engine::state) fn assist_lines(&self, assignment: &Assignment) -> Vec<(Text, Text)> {
        let mut sum = Sum::default();
        self.book.calls.of(&assignment.id).for_each(|call| sum.add(call));
        if sum.calls == 0 {
            return Vec::new();
        }
        let line = |label: &str, value: &str| (Text::title(label), Text::title(value));
        let calls = if sum.calls == 1 { "1 call".to_owned() } else { format!("{} calls", sum.calls) };
        let unpriced = match sum.unpriced {
            0 => String::new(),
            n if n == sum.calls => ", none with a price".to_owned(),
            n => format!(", {n} without a price"),
        };
        let words = sum.words();
        let cost = if words.is_empty() { "nothing".to_owned() } else { words };
        let mut lines = vec![line("assistant", &format!("{cost} in {calls}{unpriced}"))];
        lines.extend(net(&assignment.job, &sum).map(|net| line("net pay", &net)));
        lines
    }

    /// The job with what holds for it by now: the platform's word, the person's, and its own words.
    pub(in crate::engine::state) fn ruled(&self, mut job: Job) -> Job {
        job.ai = self.ruling(&job).policy();
        job
    }

    /// No word of an assistant's is delivered where none is allowed.
    ///
    /// # Errors
    /// How much of it there is, and what to do.
    pub(in crate::engine::state) fn without_ai(&self, job: &Job, draft: &Draft) -> Result<()> {
        let made = draft.made();
        let (shares, files) = (&made.shares, &made.files);
        let ruling = self.ruling(job);
        if ruling.rule != AiRule::HumanOnly || shares.ai + files.ai == 0 {
            return Ok(());
        }
        let words = (shares.ai > 0)
            .then(|| format!("{} characters ({} %) of it are as an AI wrote them", shares.ai, shares.percent(shares.ai)));
        let of_files = (files.ai > 0).then(|| match files.ai {
            1 => "1 of its files was made by an AI".to_owned(),
            n => format!("{n} of its files were made by an AI"),
        });
        let hint = match files.ai {
            0 => "write those words anew; the editor marks them",
            _ => "make it yourself: write anew what the editor marks, and take those files out",
        };
        let what = [words, of_files].into_iter().flatten().collect::<Vec<_>>().join(", and ");
        Err(Failure::new(Class::Refused, "this draft cannot be delivered")
            .why(format!("no AI is allowed{}, and {what}", ruling.by()))
            .hint(hint))
    }

    /// Files of a version to be saved: one that an AI made stays an AI's, whatever its front end says of it.
    pub(in crate::engine::state) fn recognised_files(&self, id: &AssignmentId, mut files: Vec<FileItem>) -> Vec<FileItem> {
        let drafts = self.book.versions.of(id).iter().chain(self.book.drafts.get(id));
        let known = drafts.flat_map(|draft| &draft.files).chain(self.book.calls.kept.files());
        let ai: BTreeMap<&str, &Origin> =
            known.filter(|file| file.is_ai()).map(|file| (file.sha256.as_str(), &file.origin)).collect();
        for file in &mut files {
            if let Some(origin) = ai.get(file.sha256.as_str()) {
                file.origin = (*origin).clone();
            }
        }
        files
    }

    /// Where pasted words are an assistant's answer that is kept, they are marked as such.
    pub(in crate::engine::state) fn recognised(&self, text: &Text, origins: Origins) -> Origins {
        let kept = &self.book.calls.kept;
        let from_answer = |origin: &Origin, words: &str| match origin.is_unknown() {
            true => kept.source_of(words).map(|call| Origin::Ai { call: call.clone() }),
            false => None,
        };
        let found: Vec<_> = origins
            .runs()
            .filter_map(|(run, origin)| Some((run.clone(), from_answer(origin, text.as_str().get(run)?)?)))
            .collect();
        found.into_iter().fold(origins, |mut origins, (run, origin)| {
            let _ = origins.restate(run.start, Origins::whole(run.len(), origin));
            origins
        })
    }
}

/// Pay after fee and assistants, where both are in one currency; `~` where it rests on reckoned tokens.
fn net(job: &Job, sum: &Sum) -> Option<String> {
    let pay = job.reward.net()?;
    let spent = match sum.of(pay.asset) {
        Some(cost) => cost,
        None if sum.costs.is_empty() => Cost { money: Money::zero(pay.asset), estimated: false },
        None => return None,
    };
    let left = Money::new(rescaled(pay, spent.money.asset)?.minor.checked_sub(spent.money.minor)?, spent.money.asset);
    // Two places more than the money has are fine enough to compare by; what is beyond is left out.
    let shown = Asset::new(pay.asset.code(), Some(pay.asset.exponent() + FINER)).ok().and_then(|asset| rescaled(left, asset));
    let about = if spent.estimated { "~" } else { "" };
    Some(format!("{about}{} after fee and assistants", short(shown.unwrap_or(left))))
}
