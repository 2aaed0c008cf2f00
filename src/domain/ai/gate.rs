//! The gate before every model.

use serde::{Deserialize, Serialize};

use super::{Action, AiPolicy, AiRule, Nature, PolicySource, words};
use crate::domain::{Job, JobKey, SourceName, Text};

/// What a decision of the person's is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// One job.
    Job(JobKey),
    /// Everything of a source that says nothing itself.
    Source(SourceName),
}

/// What the person decided that bears on a job.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Decided {
    /// About this job.
    pub job: Option<AiRule>,
    /// About its source, for jobs that say nothing.
    pub source: Option<AiRule>,
}

/// What holds for a job, who said so, and in which words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruling {
    /// What is allowed.
    pub rule: AiRule,
    /// Who said so.
    pub source: PolicySource,
    /// The job's own words, where they decided.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub because: Text,
}

/// Leave to ask a model for one action on one job. Only [`Ruling::pass`] gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pass {
    job: JobKey,
    action: Action,
}

impl Pass {
    /// The job that may be asked about.
    pub fn job(&self) -> &JobKey {
        &self.job
    }

    /// What may be asked.
    pub fn action(&self) -> Action {
        self.action
    }
}

impl Ruling {
    /// What holds for a job: what its platform says, as far as it says something, else what the person decided; tightened by the
    /// person, then by the job's own words. Nothing makes it looser than what the platform says.
    pub fn of(job: &Job, decided: Decided) -> Ruling {
        let noted = Ruling::noted(job.ai, decided);
        let read = texts(job).fold(noted, Ruling::read);
        match (read.source, read.because.is_empty()) {
            // The note came first and has no words; the same rule is found again with them.
            (PolicySource::TextMatch, true) => {
                let found = texts(job).filter_map(words::read).find(|(rule, _)| *rule == read.rule);
                Ruling { because: found.map(|(_, quote)| quote).unwrap_or_default(), ..read }
            }
            _ => read,
        }
    }

    /// The same from what was noted of a job as it came in, without reading its words again.
    pub fn noted(policy: AiPolicy, decided: Decided) -> Ruling {
        // What was read from the words is read again, so that it comes with them; an earlier reading still counts.
        let said = match policy.source {
            PolicySource::TextMatch => Ruling::new(AiRule::Unknown, PolicySource::Nobody),
            source => Ruling::new(policy.rule, source),
        };
        let by_hand = match (said.rule, decided.job, decided.source) {
            (AiRule::Unknown, Some(rule), _) | (AiRule::Unknown, None, Some(rule)) => Some(rule),
            (_, job, _) => job,
        };
        let before = match by_hand {
            Some(rule) => said.tightened(&Ruling::new(rule, PolicySource::User), true),
            None => said,
        };
        match policy.source {
            PolicySource::TextMatch => before.tightened(&Ruling::new(policy.rule, PolicySource::TextMatch), false),
            _ => before,
        }
    }

    /// The same, tightened by a further text of the job's: an attachment.
    #[must_use]
    pub fn read(self, text: &str) -> Ruling {
        match words::read(text) {
            Some((rule, because)) => self.tightened(&Ruling { rule, source: PolicySource::TextMatch, because }, false),
            None => self,
        }
    }

    /// Leave for an action, or why there is none.
    ///
    /// # Errors
    /// A sentence for the person.
    pub fn pass(&self, job: &Job, action: Action) -> Result<Pass, Text> {
        match self.closed(action) {
            Some(why) => Err(why),
            None => Ok(Pass { job: job.key.clone(), action }),
        }
    }

    /// Why an action is closed; `None` when it is open.
    pub fn closed(&self, action: Action) -> Option<Text> {
        let why = match (self.rule, action.nature()) {
            (AiRule::Allowed | AiRule::Disclose | AiRule::AgentOnly, _) => return None,
            (AiRule::AssistOnly, Nature::Reworks | Nature::Reads) => return None,
            (AiRule::AssistOnly, Nature::Writes) => {
                "AI may only assist here: write it yourself first, then have it reworked or judged"
            }
            (AiRule::HumanOnly, _) => "no AI is allowed on this job, so nothing of it is sent to a model",
            (AiRule::Unknown, _) => "nobody says whether AI is allowed: off until you decide",
        };
        Some(Text::title(&format!("{why}{}", self.by())))
    }

    /// Who said so, in brackets; empty for nobody.
    pub fn by(&self) -> String {
        match self.source {
            PolicySource::Platform => " (the platform says)".to_owned(),
            PolicySource::TextMatch if self.because.is_empty() => " (read from the brief)".to_owned(),
            PolicySource::TextMatch => format!(" (the brief: “{}”)", self.because),
            PolicySource::User => " (you decided)".to_owned(),
            PolicySource::Nobody => String::new(),
        }
    }

    /// As a policy, for whoever shows no words.
    pub fn policy(&self) -> AiPolicy {
        AiPolicy { rule: self.rule, source: self.source }
    }

    fn new(rule: AiRule, source: PolicySource) -> Ruling {
        Ruling { rule, source, because: Text::default() }
    }

    /// The stricter of both. What says nothing is opened only by the person; words close it.
    fn tightened(self, other: &Ruling, opens: bool) -> Ruling {
        let stricter = match (self.rule.strictness(), other.rule.strictness()) {
            (_, None) => false,
            (None, Some(_)) => opens || other.rule == AiRule::HumanOnly,
            (Some(own), Some(others)) => others > own,
        };
        if stricter { other.clone() } else { self }
    }
}

/// Tightens what a job that comes in allows by its own words.
pub fn note(job: &mut Job) {
    let ruling = texts(job).fold(Ruling::new(job.ai.rule, job.ai.source), Ruling::read);
    job.ai = ruling.policy();
}

/// The texts of a job that may speak of AI.
fn texts(job: &Job) -> impl Iterator<Item = &str> {
    let needs = job.requirements.iter().map(|need| need.text.as_str());
    let attached = job.attachments.iter().filter_map(|attachment| Some(attachment.text.as_ref()?.as_str()));
    [job.title.as_str(), job.brief.as_str()].into_iter().chain(needs).chain(attached).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::Time;

    const RULES: [AiRule; 6] =
        [AiRule::Allowed, AiRule::AssistOnly, AiRule::Disclose, AiRule::HumanOnly, AiRule::AgentOnly, AiRule::Unknown];

    fn job(rule: AiRule, brief: &str) -> Job {
        let mut job = Job::new(&SourceName::new("a"), "1", "Taglines", Time::default());
        job.brief = Text::body(brief);
        let source = if rule == AiRule::Unknown { PolicySource::Nobody } else { PolicySource::Platform };
        job.ai = AiPolicy { rule, source };
        note(&mut job);
        job
    }

    fn ruling(rule: AiRule, brief: &str, by_hand: Option<AiRule>) -> Ruling {
        Ruling::of(&job(rule, brief), Decided { job: by_hand, source: None })
    }

    #[test]
    fn a_brief_tightens_and_says_in_which_words() {
        let found = ruling(AiRule::Allowed, "Five lines. Please do not use ChatGPT for this.", None);
        assert_eq!((found.rule, found.source), (AiRule::HumanOnly, PolicySource::TextMatch));
        assert!(found.because.as_str().contains("do not use ChatGPT"), "{found:?}");
        let closed = found.closed(Action::Critique).unwrap_or_default();
        assert!(closed.as_str().contains("no AI is allowed") && closed.as_str().contains("do not use ChatGPT"), "{closed}");
        // The platform said it already: its word stands.
        assert_eq!(ruling(AiRule::HumanOnly, "No AI.", None).source, PolicySource::Platform);
    }

    #[test]
    fn what_nobody_spoke_of_is_closed_until_the_person_decides() {
        let open = ruling(AiRule::Unknown, "Five lines about tea.", None);
        assert!(open.closed(Action::Draft).is_some_and(|why| why.as_str().contains("until you decide")));
        let decided = ruling(AiRule::Unknown, "Five lines about tea.", Some(AiRule::Allowed));
        assert_eq!((decided.rule, decided.source, decided.closed(Action::Draft)), (AiRule::Allowed, PolicySource::User, None));
        // What the brief asks for holds all the same.
        let decided = ruling(AiRule::Unknown, "Please disclose any use of AI.", Some(AiRule::Allowed));
        assert_eq!((decided.rule, decided.source), (AiRule::Disclose, PolicySource::TextMatch));
        assert_eq!(ruling(AiRule::Unknown, "Please disclose any use of AI.", None).rule, AiRule::Unknown);
        let by_source = Decided { job: None, source: Some(AiRule::Allowed) };
        assert_eq!(Ruling::of(&job(AiRule::Unknown, "Tea."), by_source).rule, AiRule::Allowed);
        assert_eq!(Ruling::of(&job(AiRule::HumanOnly, "Tea."), by_source).rule, AiRule::HumanOnly);
    }

    #[test]
    fn an_assistant_that_may_only_assist_writes_nothing_of_its_own() {
        let assist = ruling(AiRule::AssistOnly, "Tea.", None);
        for action in Action::ALL {
            assert_eq!(assist.closed(action).is_none(), action.nature() != Nature::Writes, "{action:?}");
        }
    }

    proptest! {
        /// Whatever the words and the decision, nothing becomes looser than what the platform said, and nothing opens a closed job.
        #[test]
        fn nothing_loosens(
            said in prop::sample::select(RULES.to_vec()),
            by_hand in prop::option::of(prop::sample::select(RULES.to_vec())),
            by_source in prop::option::of(prop::sample::select(RULES.to_vec())),
            brief in "(AI|no AI|allowed|ChatGPT|you may use|do not use|welcome|\\.| |must|in your own words){0,12}",
        ) {
            let job = job(said, &brief);
            let found = Ruling::of(&job, Decided { job: by_hand, source: by_source });
            if let Some(least) = said.strictness() {
                prop_assert!(found.rule.strictness() >= Some(least));
            }
            if said == AiRule::HumanOnly || job.ai.rule == AiRule::HumanOnly || by_hand == Some(AiRule::HumanOnly) {
                prop_assert!(Action::ALL.iter().all(|action| found.pass(&job, *action).is_err()));
            }
            if said == AiRule::Unknown && by_hand.is_none_or(|rule| rule == AiRule::Unknown) && by_source.is_none_or(|rule| rule == AiRule::Unknown) {
                prop_assert!(Action::ALL.iter().all(|action| found.pass(&job, *action).is_err()));
            }
        }
    }
}
