//! Watch rules at work: what they decide is recorded first, then done, and every claim is announced with the rule's name.

use super::{Purpose, State, Then};
use crate::alert::{Happening, Now};
use crate::domain::rule::{Act, Action, Rule, RuleContext, RuleMemory};
use crate::domain::triage::Change;
use crate::domain::{Book, Job, JobKey, Judge, Query, Record, Text, Time};
use crate::engine::api::{Reply, RuleView, Trial, TrialMatch, What};
use crate::engine::effect::{Asker, Call, Effects};
use crate::error::{Class, Failure, Result};
use crate::platforms::{Answer, Outcome};

/// Nobody in particular asked: a rule did.
pub(super) const NOBODY: Asker = 0;
/// Matches that a rehearsal lists.
const LISTED: usize = 200;

/// A rehearsal on its way through the feed.
pub(super) struct Rehearsal {
    asker: Asker,
    rule: Rule,
    since: Time,
    stretch: usize,
    memory: RuleMemory,
    trial: Trial,
}

impl State {
    /// A job arrived, changed or opened again.
    pub(super) fn watch_rules(&mut self, job: &Job, now: Time, effects: &mut Effects) {
        if self.rules.is_empty() {
            return;
        }
        let Some(listing) = self.feed.listing(job.key.as_str()) else { return };
        let ctx = context(&self.book, &self.judge, self.left_at, self.last_key, now);
        let outcome = self.rules.decide(&listing, &ctx);
        if outcome.decisions.is_empty() {
            return;
        }
        let (mut marks, mut records) = (listing.marks, outcome.records);
        let (mut claims, mut markers) = (Vec::new(), Vec::new());
        for decision in outcome.decisions {
            match decision.act {
                Act::Mark(verdict) => {
                    marks = verdict.apply(marks);
                    markers.push(decision.rule);
                }
                Act::Alert => {
                    let what = Happening::Matched {
                        rule: decision.rule.as_str(),
                        job: &job.key,
                        title: &job.title,
                        pay: job.reward.gross(),
                        seconds: listing.seconds.map(|(seconds, _)| seconds),
                    };
                    self.alarms.tell(what, Now::here(now));
                }
                Act::Claim => claims.push(decision.rule),
            }
        }
        let mut events = Vec::new();
        if marks != listing.marks {
            let change = Change { job: job.key.clone(), before: listing.marks, after: marks };
            records.push(self.rule_marks(markers, change, now));
            events.push(What::Marked { jobs: vec![job.key.clone()] });
        }
        self.record_facts(records, events, now, effects);
        self.place(&job.key);
        for rule in claims {
            self.claim_by_rule(job.clone(), rule, now, effects);
        }
    }

    fn claim_by_rule(&mut self, job: Job, rule: Text, now: Time, effects: &mut Effects) {
        let key = job.key.clone();
        let detailed = job.detailed;
        self.wholes.put(job);
        if detailed {
            return self.rule_claims(&key, &rule, now, effects);
        }
        // What is claimed is known whole first, as when a person claims.
        match self.claimable(&key, now) {
            Ok(_) => self.call(&key.source(), Call::Job { key: key.clone() }, Purpose::RuleClaim { key, rule }),
            Err(failure) => self.not_claimed(&key, &rule, &failure, now, effects),
        }
    }

    /// The whole job is known: it is claimed, unless it says what its listing did not, or time has gone by.
    pub(super) fn rule_job(&mut self, key: &JobKey, rule: &Text, answer: Answer<Job>, now: Time, effects: &mut Effects) {
        if let Outcome::Limited { until, .. } = answer.outcome {
            self.limited(&key.source(), until, now);
        }
        if let Err(failure) = self.job_fetched(answer, now, effects) {
            return self.not_claimed(key, rule, &failure, now, effects);
        }
        let whole = self.wholes.get(key).map(|job| {
            let known = self.feed.listing(key.as_str()).map(|listing| listing.worth).unwrap_or_default();
            let ctx = context(&self.book, &self.judge, self.left_at, self.last_key, now);
            let mine = self.book.assignment_of(key).map(|mine| mine.state);
            self.rules.reconsider(&job.listing(self.book.marks(key), mine, known), &ctx)
        });
        match whole.flatten() {
            Some(why) => {
                let failure = Failure::new(Class::Refused, "the whole job was looked at").why(why);
                self.not_claimed(key, rule, &failure, now, effects);
            }
            None => self.rule_claims(key, rule, now, effects),
        }
    }

    /// A claim that a rule had decided is not sent: somebody may count on it.
    fn not_claimed(&mut self, key: &JobKey, rule: &Text, failure: &Failure, now: Time, effects: &mut Effects) {
        tracing::info!(%key, %rule, %failure, "a rule's claim was not sent");
        let title = self.feed.listing(key.as_str()).map_or_else(|| key.to_string(), |listing| listing.title.to_owned());
        let text = Text::title(&format!("the rule “{rule}” did not claim “{title}”: {}", reason(failure)));
        self.publish(What::Notice { text, hint: Text::title("nothing was promised; claim it yourself") }, now, effects);
    }

    fn rule_claims(&mut self, key: &JobKey, rule: &Text, now: Time, effects: &mut Effects) {
        let job = match self.claimable(key, now) {
            Ok(job) => job.clone(),
            Err(failure) => return self.not_claimed(key, rule, &failure, now, effects),
        };
        let text = Text::title(&format!("the rule “{rule}” claims “{}”", job.title));
        let hint = Text::title("it is in your hand once the platform says so");
        let then = Then::SendClaim { asker: NOBODY, key: key.clone() };
        match self.record_act(vec![Record::ClaimSent { job: Box::new(job) }], then, now, effects) {
            Ok(_) => {
                self.claiming.insert(key.clone());
                self.publish(What::Notice { text, hint }, now, effects);
            }
            Err(failure) => self.not_claimed(key, rule, &failure, now, effects),
        }
    }

    /// The rules, and what they did.
    pub(super) fn rule_views(&self, now: Time) -> Reply {
        let local = now.with_timezone(&chrono::Local).naive_local();
        let view = |rule: &Rule| {
            let fired = self.rules.memory().of(rule.name.as_str());
            RuleView {
                name: rule.name.clone(),
                query: rule.query.clone(),
                actions: Text::title(&rule.actions_in_words()),
                fired_today: fired.map_or(0, |fired| fired.on(local.date())),
                last_fired: fired.and_then(|fired| fired.last),
                resting: self.rules.resting(rule, now, local).map(|why| Text::title(&why.to_string())),
            }
        };
        Reply::Rules { rules: self.rules.rules().map(view).collect() }
    }

    /// Begins a rehearsal of a rule, or of any query.
    pub(super) fn try_rule(&mut self, asker: Asker, rule: &Text, since: u64, now: Time, effects: &mut Effects) {
        match self.rule_called(rule) {
            Err(failure) => effects.reply(asker, Err(failure)),
            Ok(rule) => {
                let span = chrono::TimeDelta::try_seconds(i64::try_from(since).unwrap_or(i64::MAX / 1000));
                let since = span.and_then(|span| now.checked_sub_signed(span)).unwrap_or(Time::MIN_UTC);
                let (name, query) = (rule.name.clone(), rule.query.clone());
                let trial = Trial { rule: name, query, looked_at: 0, matches: Vec::new(), matched: 0 };
                self.rehearsals.push_back(Rehearsal { asker, rule, since, stretch: 0, memory: RuleMemory::default(), trial });
            }
        }
    }

    fn rule_called(&self, name: &Text) -> Result<Rule> {
        if let Some(rule) = self.rules.rules().find(|rule| rule.name == *name) {
            return Ok(rule.clone());
        }
        let query = Query::parse(name.as_str()).map_err(|error| {
            let names: Vec<String> = self.rules.rules().map(|rule| rule.name.to_string()).collect();
            Failure::new(Class::NotFound, format!("there is no rule called “{name}”, and as a query it makes no sense"))
                .why(&error)
                .hint(if names.is_empty() {
                    "no rule is in the config".to_owned()
                } else {
                    format!("rules: {}", names.join(", "))
                })
        })?;
        Ok(Rule::new(name.as_str(), query, vec![Action::Alert]))
    }

    /// Goes on with a rehearsal; `false` when there is none.
    pub(super) fn rehearse_some(&mut self, now: Time, effects: &mut Effects) -> bool {
        let Some(mut at) = self.rehearsals.pop_front() else { return false };
        let ctx = context(&self.book, &self.judge, self.left_at, self.last_key, now);
        for listing in self.feed.stretch(at.stretch).filter(|listing| listing.first_seen >= at.since) {
            at.trial.looked_at += 1;
            let Some(outcome) = self.rules.rehearse(&at.rule, &listing, &ctx, &mut at.memory) else { continue };
            at.trial.matched += 1;
            if at.trial.matches.len() < LISTED {
                let would = outcome.decisions.iter().map(|decision| Text::title(act_word(decision.act))).collect();
                let word = |action: Option<Action>| Text::title(action.map_or("act", Action::word));
                let not = outcome.refusals.iter().map(|no| (word(no.action), Text::title(&no.why.to_string()))).collect();
                let row = super::rows::row(&listing, self.judge.expected(&listing), 1, &self.book.clocks, now);
                at.trial.matches.push(TrialMatch { row, would, not });
            }
        }
        at.stretch += 1;
        if at.stretch < self.feed.stretches() {
            self.rehearsals.push_front(at);
        } else {
            at.trial.matches.sort_by_key(|found| std::cmp::Reverse(found.row.since));
            effects.reply(at.asker, Ok(Reply::Trial(at.trial)));
        }
        true
    }
}

fn context<'a>(book: &'a Book, judge: &'a Judge, new_since: Time, last_key: Option<Time>, now: Time) -> RuleContext<'a> {
    RuleContext { now, local: now.with_timezone(&chrono::Local).naive_local(), new_since, last_key, book, judge }
}

/// Why, where that is said; else what.
fn reason(failure: &Failure) -> &str {
    if failure.why.is_empty() { &failure.what } else { &failure.why }
}

fn act_word(act: Act) -> &'static str {
    use crate::domain::triage::Verdict;
    match act {
        Act::Alert => "alert",
        Act::Claim => "claim",
        Act::Mark(Verdict::Star { .. }) => "star",
        Act::Mark(Verdict::Hide { .. }) => "hide",
        Act::Mark(Verdict::Pin { .. }) => "pin",
        Act::Mark(_) => "snooze",
    }
}
