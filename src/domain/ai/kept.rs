//! What is kept of assistants beside the money: their latest answers, and what the person decided and agreed to.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde::{Deserialize, Serialize};

use super::{AiRule, Decided, Scope};
use crate::domain::draft::FileItem;
use crate::domain::{Job, SourceName, Text};

/// Answers that are kept, at most, and bytes of their words.
const ANSWERS: usize = 512;
const BYTES: usize = 4 << 20;

/// What came of one call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The call.
    pub call: Text,
    /// Its words.
    pub text: Text,
    /// Its files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileItem>,
}

/// The fold of what the work journal says of assistants; it needs nothing of the money.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Kept {
    /// The latest answers, the latest last.
    answers: VecDeque<Answer>,
    /// What the person decided.
    decisions: BTreeMap<String, (Scope, AiRule)>,
    /// Models on other machines that texts of a source may go to.
    agreed: BTreeSet<(SourceName, Text)>,
    /// Programs that may be started, by their fingerprints.
    programs: BTreeSet<Text>,
}

impl Kept {
    pub(in crate::domain) fn said(&mut self, call: &Text, text: &Text, files: &[FileItem]) {
        self.answers.retain(|known| known.call != *call);
        self.answers.push_back(Answer { call: call.clone(), text: text.clone(), files: files.to_vec() });
        let mut bytes: usize = self.answers.iter().map(|answer| answer.text.as_str().len()).sum();
        // The latest one stays, however long.
        while self.answers.len() > 1 && (self.answers.len() > ANSWERS || bytes > BYTES) {
            bytes -= self.answers.pop_front().map_or(0, |oldest| oldest.text.as_str().len());
        }
    }

    pub(in crate::domain) fn decided(&mut self, scope: &Scope, rule: AiRule) {
        match rule {
            AiRule::Unknown => self.decisions.remove(&name(scope)),
            rule => self.decisions.insert(name(scope), (scope.clone(), rule)),
        };
    }

    pub(in crate::domain) fn agreed(&mut self, source: &SourceName, host: &Text) {
        self.agreed.insert((source.clone(), host.clone()));
    }

    pub(in crate::domain) fn program_agreed(&mut self, program: &Text) {
        self.programs.insert(program.clone());
    }

    /// What the person decided that bears on a job.
    pub fn decided_of(&self, job: &Job) -> Decided {
        let of = |scope: Scope| self.decisions.get(&name(&scope)).map(|(_, rule)| *rule);
        Decided { job: of(Scope::Job(job.key.clone())), source: of(Scope::Source(job.key.source())) }
    }

    /// Texts of the source's jobs may go to that machine, or program.
    pub fn is_agreed(&self, source: &SourceName, host: &Text) -> bool {
        self.agreed.contains(&(source.clone(), host.clone()))
    }

    /// A program of that fingerprint may be started.
    pub fn is_program_agreed(&self, program: &Text) -> bool {
        self.programs.contains(program)
    }

    /// What came of a call, as long as it is kept.
    pub fn answer(&self, call: &Text) -> Option<&Answer> {
        self.answers.iter().rev().find(|answer| answer.call == *call)
    }

    /// The files of all answers that are kept.
    pub fn files(&self) -> impl Iterator<Item = &FileItem> {
        self.answers.iter().flat_map(|answer| &answer.files)
    }

    /// The same, to be changed.
    pub fn files_mut(&mut self) -> impl Iterator<Item = &mut FileItem> {
        self.answers.iter_mut().flat_map(|answer| &mut answer.files)
    }

    /// The call that words came from, if they are an answer's that is kept: long enough, and nothing but a part of it.
    pub fn source_of(&self, words: &str) -> Option<&Text> {
        const LEAST: usize = 12;
        let words = words.trim();
        if words.chars().count() < LEAST {
            return None;
        }
        self.answers.iter().rev().find(|answer| answer.text.as_str().contains(words)).map(|answer| &answer.call)
    }
}

fn name(scope: &Scope) -> String {
    match scope {
        Scope::Job(key) => format!("job {key}"),
        Scope::Source(source) => format!("source {source}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_answers_stay_and_the_oldest_go() {
        let mut kept = Kept::default();
        let name = |n: usize| Text::title(&format!("ai-{n}"));
        (0..ANSWERS + 10).for_each(|n| kept.said(&name(n), &Text::own(&format!("these are the words of {n}.")), &[]));
        assert!(kept.answer(&name(9)).is_none() && kept.answer(&name(10)).is_some());
        assert_eq!(kept.source_of("the words of 500."), Some(&name(500)));
        kept.said(&name(1), &Text::own(&"long ".repeat(BYTES / 5 + 1)), &[]);
        assert!(kept.answer(&name(1)).is_some() && kept.answers.len() == 1, "only the longest is left");
    }
}
