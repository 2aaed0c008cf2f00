//! Deciding, purely: which rules act on a job, which actions are refused, and why.

use std::collections::HashMap;

use chrono::{NaiveDateTime, TimeDelta};

use super::{Act, Action, AutoClaim, Automation, Claiming, Limit, Refused, Rule, RuleMemory};
use crate::domain::job::ClaimMode;
use crate::domain::query::{Context, Sieve};
use crate::domain::rate::Work;
use crate::domain::{Book, JobKey, Judge, Listing, Record, Text, Time, hand};

/// What a decision depends on besides the job.
#[derive(Clone, Copy)]
pub struct RuleContext<'a> {
    /// The instant.
    pub now: Time,
    /// The same on the person's clock.
    pub local: NaiveDateTime,
    /// When the feed was last left, for `is:new`.
    pub new_since: Time,
    /// When a key was last pressed.
    pub last_key: Option<Time>,
    /// What is mine.
    pub book: &'a Book,
    /// Own times and the profile.
    pub judge: &'a Judge,
}

/// An action to be carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The rule's name; claims are announced and logged with it.
    pub rule: Text,
    /// What to do.
    pub act: Act,
}

/// An action that is not carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The rule's name.
    pub rule: Text,
    /// Which action; `None`: the whole rule.
    pub action: Option<Action>,
    /// Why.
    pub why: Refused,
}

/// Everything decided about one job.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// What to do, rule by rule in the order of the config. At most one claim.
    pub decisions: Vec<Decision>,
    /// What not to do.
    pub refusals: Vec<Refusal>,
    /// To be journaled with it, before anything is carried out.
    pub records: Vec<Record>,
}

/// The rules of the config, ready for every job that arrives, with what they did so far.
#[derive(Clone, Debug, Default)]
pub struct RuleBook {
    rules: Vec<(Rule, Sieve)>,
    claiming: Claiming,
    automation: HashMap<String, Automation>,
    memory: RuleMemory,
    /// Today's claims by rule, those on their way among them.
    claims: Vec<Claimed>,
}

/// A claim by rule, with the seconds allowed for it and needed, where they are known.
#[derive(Clone, Debug)]
struct Claimed {
    claim: AutoClaim,
    work: Option<(i64, i64)>,
}

/// What a decision changes, apart from the job: the book's own, or a copy for a rehearsal.
struct Past {
    memory: RuleMemory,
    claims: Vec<Claimed>,
}

impl RuleBook {
    /// The rules with what `book` remembers of them. `automation` says what each source's terms allow; a source that is not named
    /// was not read.
    pub fn new(
        rules: Vec<Rule>,
        claiming: Claiming,
        automation: impl IntoIterator<Item = (String, Automation)>,
        book: &Book,
    ) -> RuleBook {
        let ready = |rule: Rule| {
            let sieve = rule.query.sieve();
            (rule, sieve)
        };
        let mut memory = book.rules.clone();
        memory.keep_only(|name| rules.iter().any(|rule| rule.name == *name));
        RuleBook {
            rules: rules.into_iter().map(ready).collect(),
            claiming,
            automation: automation.into_iter().collect(),
            memory,
            // Days differ by zone: two of them hold whatever today is.
            claims: latest(&book.auto_claims),
        }
    }

    /// Other rules and caps; what was done so far is remembered, also of rules that are gone: they may come back.
    pub fn replaced(
        self,
        rules: Vec<Rule>,
        claiming: Claiming,
        automation: impl IntoIterator<Item = (String, Automation)>,
    ) -> RuleBook {
        let ready = |rule: Rule| {
            let sieve = rule.query.sieve();
            (rule, sieve)
        };
        let (rules, automation) = (rules.into_iter().map(ready).collect(), automation.into_iter().collect());
        RuleBook { rules, claiming, automation, ..self }
    }

    /// The rules, in order.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter().map(|(rule, _)| rule)
    }

    /// What they did.
    pub fn memory(&self) -> &RuleMemory {
        &self.memory
    }

    /// No rule could do anything.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Decides about a job that arrived, changed or opened again, and remembers it. The engine journals the records with the rest,
    /// and tells the person of every claim. The listing has been judged before: `rate>=` and `fit>=` look at its worth.
    pub fn decide(&mut self, listing: &Listing, ctx: &RuleContext) -> Outcome {
        let mut outcome = Outcome::default();
        let mut past = Past { memory: std::mem::take(&mut self.memory), claims: std::mem::take(&mut self.claims) };
        let query = Context { now: ctx.now, new_since: ctx.new_since };
        for (rule, sieve) in &self.rules {
            if sieve.admits(listing, &query) {
                self.one(rule, listing, ctx, &mut past, &mut outcome);
            }
        }
        (self.memory, self.claims) = (past.memory, past.claims);
        outcome
    }

    /// What one rule would do with a job, told of nobody and remembered nowhere; `None` when its query does not fit. `past` is what
    /// the rehearsal did before: begin with an empty memory.
    pub fn rehearse(&self, rule: &Rule, listing: &Listing, ctx: &RuleContext, memory: &mut RuleMemory) -> Option<Outcome> {
        let query = Context { now: ctx.now, new_since: ctx.new_since };
        if !rule.query.admits(listing, &query) {
            return None;
        }
        let mut past = Past { memory: std::mem::take(memory), claims: self.claims.clone() };
        let mut outcome = Outcome::default();
        self.one(rule, listing, ctx, &mut past, &mut outcome);
        *memory = past.memory;
        Some(outcome)
    }

    /// Looks again at a claim that was decided, now that the whole job is known and time has passed: why it is not sent after all.
    pub fn reconsider(&self, listing: &Listing, ctx: &RuleContext) -> Option<Refused> {
        let others = self.claims.iter().filter(|past| past.claim.job.as_str() != listing.key).cloned();
        let past = Past { memory: RuleMemory::default(), claims: others.collect() };
        self.no_claim(listing, ctx, &past, &Outcome::default())
    }

    /// Why a rule does nothing at present, whatever the job.
    pub fn resting(&self, rule: &Rule, now: Time, local: NaiveDateTime) -> Option<Refused> {
        let rests = || rule.actions.iter().all(|action| action.is_loud()).then(|| self.quiet(rule, &self.memory, now, local))?;
        whole(rule, &self.memory, now, local).or_else(rests)
    }

    fn one(&self, rule: &Rule, listing: &Listing, ctx: &RuleContext, past: &mut Past, outcome: &mut Outcome) {
        let refuse = |action, why| Refusal { rule: rule.name.clone(), action, why };
        let fired = past.memory.get(&rule.name).and_then(|fired| fired.acted_on(listing.key));
        let again = |at: i64| listing.reopened_at.is_some_and(|reopened| reopened.timestamp() > at);
        let refused = whole(rule, &past.memory, ctx.now, ctx.local)
            .or_else(|| fired.is_some_and(|at| !again(at)).then_some(Refused::Already));
        if let Some(why) = refused {
            outcome.refusals.push(refuse(None, why));
            return;
        }
        let quiet = self.quiet(rule, &past.memory, ctx.now, ctx.local);
        let before = outcome.decisions.len();
        for action in &rule.actions {
            let refused = match action {
                Action::Claim => quiet.or_else(|| self.no_claim(listing, ctx, past, outcome)),
                action if action.is_loud() => quiet,
                _ => None,
            };
            match refused {
                Some(why) => outcome.refusals.push(refuse(Some(*action), why)),
                None => {
                    outcome.decisions.push(Decision { rule: rule.name.clone(), act: action.at(ctx.now, ctx.local) });
                    if *action == Action::Claim {
                        let claim = AutoClaim {
                            at: ctx.now,
                            job: JobKey::new(listing.key),
                            rule: rule.name.clone(),
                            requester: requester(listing),
                            day: ctx.local.date(),
                        };
                        outcome.records.push(Record::AutoClaim {
                            job: claim.job.clone(),
                            rule: claim.rule.clone(),
                            requester: claim.requester.clone(),
                            day: claim.day,
                        });
                        let today = claim.day;
                        past.claims.retain(|past| today - past.claim.day <= TimeDelta::days(1));
                        past.claims.push(Claimed { claim, work: work(listing, ctx) });
                    }
                }
            }
        }
        // A rule whose every action was refused may act when the reason is gone.
        if outcome.decisions.len() > before {
            let loud = outcome.decisions[before..].iter().any(|decision| !matches!(decision.act, Act::Mark(_)));
            let (rule, day, jobs) = (rule.name.clone(), ctx.local.date(), vec![JobKey::new(listing.key)]);
            past.memory.fire(&rule, listing.key, day, loud, ctx.now);
            outcome.records.push(Record::Fired { rule, day, loud, jobs });
        }
    }

    fn quiet(&self, rule: &Rule, memory: &RuleMemory, now: Time, local: NaiveDateTime) -> Option<Refused> {
        if rule.quiet_hours.contains(local) {
            return Some(Refused::Quiet);
        }
        let cooldown = TimeDelta::from_std(rule.cooldown).unwrap_or(TimeDelta::MAX);
        let since = now - memory.get(&rule.name)?.last_loud?;
        (since < cooldown && since >= TimeDelta::zero()).then(|| Refused::Cooling(cooldown - since))
    }

    /// Why this job is not claimed; what can never change comes first.
    fn no_claim(&self, listing: &Listing, ctx: &RuleContext, past: &Past, outcome: &Outcome) -> Option<Refused> {
        let caps = &self.claiming;
        if !caps.automatic {
            return Some(Refused::Off);
        }
        let automation = self.automation.get(listing.source).copied().unwrap_or_default();
        if automation != Automation::Allowed {
            return Some(Refused::Terms(automation));
        }
        if !listing.costs.none() {
            return Some(Refused::Costs(listing.costs));
        }
        if listing.worth.barred {
            return Some(Refused::Barred);
        }
        if listing.suspicious {
            return Some(Refused::Suspicious);
        }
        if !listing.risks().none() {
            return Some(Refused::Risky(listing.risks()));
        }
        if listing.claim_mode == ClaimMode::Link {
            return Some(Refused::Link);
        }
        let key = JobKey::new(listing.key);
        let on_its_way = outcome.decisions.iter().any(|decision| decision.act == Act::Claim);
        let known = || ctx.book.claims.contains_key(&key) || ctx.book.assignment_of(&key).is_some();
        if listing.mine.is_some() || on_its_way || known() {
            return Some(Refused::Mine);
        }
        if !listing.is_open(ctx.now) {
            return Some(Refused::NotOpen);
        }
        let within = TimeDelta::from_std(caps.key_within).unwrap_or(TimeDelta::MAX);
        if ctx.last_key.is_none_or(|key| ctx.now - key > within) {
            return Some(Refused::Away(within));
        }
        let hours = &ctx.judge.profile().hours;
        if !hours.is_empty() && !hours.contains(ctx.local) {
            return Some(Refused::OutsideHours);
        }
        self.caps(listing, ctx, past)
    }

    fn caps(&self, listing: &Listing, ctx: &RuleContext, past: &Past) -> Option<Refused> {
        let caps = &self.claiming;
        let today = || past.claims.iter().map(|past| &past.claim).filter(|claim| claim.day == ctx.local.date());
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let all = count(today().count());
        if all >= caps.per_day {
            return Some(Refused::PerDay(all));
        }
        let requester = requester(listing);
        let theirs = count(today().filter(|claim| claim.requester == requester).count());
        if theirs >= caps.per_requester {
            return Some(Refused::PerRequester(theirs));
        }
        // Claims without an answer may all be won.
        let coming: Vec<&Claimed> = coming(past, ctx).collect();
        let held = ctx.book.assignments.values().filter(|a| a.state.is_in_hand()).count();
        let in_hand = count(held + ctx.book.claims.len() + coming.len());
        if in_hand >= caps.in_hand {
            return Some(Refused::InHand(in_hand));
        }
        let claimed = ctx.book.claims.values().map(|(_, job)| (job.claim_ttl, hand::estimate(job)));
        let claimed = claimed.filter_map(|(ttl, seconds)| Some((i64::from(ttl?), seconds)));
        let more = claimed.chain(coming.iter().filter_map(|past| past.work)).chain(work(listing, ctx));
        hand::overcommitment_with(ctx.book, more, ctx.now).map(|late| Refused::NoTime(TimeDelta::seconds(late)))
    }
}

/// Seconds allowed for a job, and those it is expected to take.
fn work(listing: &Listing, ctx: &RuleContext) -> Option<(i64, i64)> {
    let seconds = Work::of(listing, &ctx.judge.history).map_or(300, |work| i64::from(work.seconds));
    Some((i64::from(listing.claim_ttl?), seconds))
}

/// Claims decided lately of which the book knows nothing: their lines are being written, or the claim was lost a moment ago.
fn coming<'a>(past: &'a Past, ctx: &'a RuleContext) -> impl Iterator<Item = &'a Claimed> {
    let fresh = |claim: &AutoClaim| ctx.now - claim.at < TimeDelta::minutes(1);
    let known = |job: &JobKey| ctx.book.claims.contains_key(job) || ctx.book.assignment_of(job).is_some();
    past.claims.iter().filter(move |past| fresh(&past.claim) && !known(&past.claim.job))
}

/// Why the whole rule does nothing.
fn whole(rule: &Rule, memory: &RuleMemory, now: Time, local: NaiveDateTime) -> Option<Refused> {
    if !rule.enabled {
        return Some(Refused::Disabled);
    }
    if let Some(at) = rule.expires.filter(|at| *at <= now) {
        return Some(Refused::Expired(at));
    }
    let fired = memory.get(&rule.name)?;
    match rule.limit {
        Limit::Once if fired.total > 0 => Some(Refused::Once),
        Limit::PerDay(n) if fired.on(local.date()) >= n => Some(Refused::DayFull(fired.on(local.date()))),
        _ => None,
    }
}

/// Whose job it is, on which source: names on two platforms are two people.
fn requester(listing: &Listing) -> Text {
    Text::title(&format!("{}:{}", listing.source, listing.requester))
}

fn latest(claims: &[AutoClaim]) -> Vec<Claimed> {
    let Some(last) = claims.iter().map(|claim| claim.day).max() else { return Vec::new() };
    let late = claims.iter().filter(|claim| last - claim.day <= TimeDelta::days(1)).cloned();
    late.map(|claim| Claimed { claim, work: None }).collect()
}
