//! What rules may and may not do.

use proptest::prelude::*;

use super::*;
use crate::domain::job::ClaimMode;
use crate::domain::reward::{CostToWorker, Reward};
use crate::domain::triage::{Marks, Verdict};
use crate::domain::{
    Asset, Assignment, AssignmentId, AssignmentState, Book, Entry, History, Job, Judge, Money, Profile, Record, SourceName, Worth,
};
use chrono::TimeDelta;

/// A Monday noon, for the person too.
fn noon() -> Time {
    "2026-11-02T12:00:00Z".parse().unwrap()
}

fn at(seconds: i64) -> Time {
    noon() + TimeDelta::seconds(seconds)
}

fn job(n: u32) -> Job {
    let mut job = Job::new(&SourceName::new("here"), &format!("j{n}"), "a job", noon());
    job.requester.name = Text::title(["Acme", "Bits", "Corp"][n as usize % 3]);
    job.reward = Reward::fixed(Money::new(100, Asset::USD), 0);
    (job.est_seconds, job.claim_ttl) = (Some(300), Some(1_800));
    job
}

/// A desk at which rules are tried: every record they ask for is applied.
struct Desk {
    book: Book,
    rules: RuleBook,
    judge: Judge,
    last_key: Option<Time>,
}

impl Desk {
    fn new(rules: Vec<Rule>, claiming: Claiming) -> Desk {
        let terms = [("here".to_owned(), Automation::Allowed), ("shut".to_owned(), Automation::Forbidden)];
        let book = Book::default();
        Desk { rules: RuleBook::new(rules, claiming, terms, &book), book, judge: Judge::default(), last_key: Some(noon()) }
    }

    fn open(rule: Rule) -> Desk {
        Desk::new(vec![rule], Claiming { automatic: true, ..Claiming::default() })
    }

    fn meets(&mut self, job: &Job, now: Time) -> Outcome {
        self.meets_worth(job, Worth::default(), now)
    }

    fn meets_worth(&mut self, job: &Job, worth: Worth, now: Time) -> Outcome {
        let ctx = RuleContext {
            now,
            local: now.naive_utc(),
            new_since: noon(),
            last_key: self.last_key,
            book: &self.book,
            judge: &self.judge,
        };
        let outcome = self.rules.decide(&job.listing(Marks::default(), None, worth), &ctx);
        for record in &outcome.records {
            self.book.apply(&Entry { at: now, record: record.clone() });
        }
        outcome
    }

    /// The claims go out and are won.
    fn win(&mut self, job: &Job, now: Time) {
        let assignment = Assignment {
            id: AssignmentId::new(&format!("a:{}", job.key)),
            job: job.clone(),
            state: AssignmentState::Claimed,
            native_state: Text::default(),
            claimed_at: now,
            deadline: job.claim_ttl.map(|ttl| now + TimeDelta::seconds(ttl.into())),
            feedback: Text::default(),
            submission: None,
            moved_at: now,
        };
        self.book.apply(&Entry { at: now, record: Record::Claimed { assignment: Box::new(assignment) } });
    }
}

fn rule(actions: &[Action]) -> Rule {
    Rule::new("a rule", Query::all(), actions.to_vec())
}

fn why(outcome: &Outcome) -> Vec<Refused> {
    outcome.refusals.iter().map(|refusal| refusal.why).collect()
}

fn acts(outcome: &Outcome) -> Vec<Act> {
    outcome.decisions.iter().map(|decision| decision.act).collect()
}

#[test]
fn a_rule_acts_on_a_job_once_and_once_more_when_it_opens_again() {
    let mut desk = Desk::open(rule(&[Action::Alert, Action::Star]));
    let mut one = job(1);
    assert_eq!(acts(&desk.meets(&one, at(0))), [Act::Alert, Act::Mark(Verdict::Star { on: true })]);
    assert_eq!(why(&desk.meets(&one, at(5))), [Refused::Already]);
    // A restart forgets nothing.
    desk.rules = RuleBook::new(desk.rules.rules().cloned().collect(), Claiming::default(), [], &desk.book);
    assert_eq!(why(&desk.meets(&one, at(6))), [Refused::Already]);
    one.reopened_at = Some(at(60));
    assert_eq!(acts(&desk.meets(&one, at(61))).len(), 2);
    assert_eq!(why(&desk.meets(&one, at(62))), [Refused::Already]);
}

#[test]
fn quiet_hours_and_cooldown_hold_back_what_is_loud_only() {
    let mut quiet = rule(&[Action::Alert, Action::Star]);
    quiet.quiet_hours = "11:00-12:30".parse().unwrap();
    let outcome = Desk::open(quiet).meets(&job(1), at(0));
    assert_eq!((acts(&outcome), why(&outcome)), (vec![Act::Mark(Verdict::Star { on: true })], vec![Refused::Quiet]));

    let mut cooling = rule(&[Action::Alert, Action::Star]);
    cooling.cooldown = Duration::from_secs(60);
    let mut desk = Desk::open(cooling);
    assert_eq!(acts(&desk.meets(&job(1), at(0))).len(), 2);
    let outcome = desk.meets(&job(2), at(40));
    assert_eq!((acts(&outcome).len(), why(&outcome)), (1, vec![Refused::Cooling(TimeDelta::seconds(20))]));
    // The star meanwhile does not begin it anew.
    assert_eq!(acts(&desk.meets(&job(3), at(61))).len(), 2);
}

#[test]
fn limits_and_expiry_are_about_the_whole_rule() {
    let mut once = rule(&[Action::Pin]);
    once.limit = Limit::Once;
    let mut desk = Desk::open(once);
    assert_eq!(acts(&desk.meets(&job(1), at(0))).len(), 1);
    assert_eq!(why(&desk.meets(&job(2), at(86_400 * 3))), [Refused::Once]);

    let mut daily = rule(&[Action::Pin]);
    daily.limit = Limit::PerDay(2);
    let mut desk = Desk::open(daily.clone());
    let acted = |desk: &mut Desk, n, at| acts(&desk.meets(&job(n), at)).len();
    assert_eq!([1, 2, 3].map(|n| acted(&mut desk, n, at(0))), [1, 1, 0]);
    assert_eq!(acted(&mut desk, 4, at(86_400)), 1, "another day");
    assert!(desk.rules.resting(&daily, at(0), at(86_400).naive_utc()).is_none());

    let mut ended = rule(&[Action::Pin]);
    ended.expires = Some(at(10));
    assert_eq!(acts(&Desk::open(ended.clone()).meets(&job(1), at(9))).len(), 1);
    assert_eq!(why(&Desk::open(ended).meets(&job(1), at(10))), [Refused::Expired(at(10))]);
}

#[test]
fn a_snooze_ends_at_the_time_of_day() {
    let act = |time: &str| Action::SnoozeUntil(time.parse().unwrap()).at(noon(), noon().naive_utc());
    assert_eq!(act("18:00:00"), Act::Mark(Verdict::Snooze { until: Some(at(6 * 3600)) }));
    assert_eq!(act("09:00:00"), Act::Mark(Verdict::Snooze { until: Some(at(21 * 3600)) }));
    let far = Action::Snooze(Duration::MAX).at(noon(), noon().naive_utc());
    assert_eq!(far, Act::Mark(Verdict::Snooze { until: Some(Time::MAX_UTC) }));
}

#[test]
fn nothing_is_claimed_that_must_not_be() {
    let claim = || rule(&[Action::Claim]);
    let refused = |desk: &mut Desk, job: &Job| why(&desk.meets(job, at(0)));
    assert_eq!(acts(&Desk::open(claim()).meets(&job(1), at(0))), [Act::Claim]);
    assert_eq!(refused(&mut Desk::new(vec![claim()], Claiming::default()), &job(1)), [Refused::Off]);

    let elsewhere = |source: &str| Job { key: crate::domain::JobKey::new(&format!("{source}:j")), ..job(1) };
    assert_eq!(refused(&mut Desk::open(claim()), &elsewhere("shut")), [Refused::Terms(Automation::Forbidden)]);
    assert_eq!(refused(&mut Desk::open(claim()), &elsewhere("other")), [Refused::Terms(Automation::Unread)]);

    let mut costly = job(1);
    costly.cost = Some(CostToWorker { amount: None, why: Text::title("whatever") });
    assert!(matches!(refused(&mut Desk::open(claim()), &costly)[..], [Refused::Costs(_)]));
    let barred = Worth { barred: true, ..Worth::default() };
    assert_eq!(why(&Desk::open(claim()).meets_worth(&job(1), barred, at(0))), [Refused::Barred]);
    assert_eq!(refused(&mut Desk::open(claim()), &Job { suspicious: true, ..job(1) }), [Refused::Suspicious]);
    let signs = crate::domain::Signs::from(crate::domain::shield::Sign::Deposit);
    assert_eq!(refused(&mut Desk::open(claim()), &Job { signs, ..job(1) }), [Refused::Risky(signs)]);
    assert_eq!(refused(&mut Desk::open(claim()), &Job { claim_mode: ClaimMode::Link, ..job(1) }), [Refused::Link]);

    for (last_key, may) in [(None, false), (Some(at(-901)), false), (Some(at(-900)), true)] {
        let mut desk = Desk::open(claim());
        desk.last_key = last_key;
        assert_eq!(acts(&desk.meets(&job(1), at(0))).len(), usize::from(may), "{last_key:?}");
    }
    let mut desk = Desk::open(claim());
    let hours = "13:00-14:00".parse().unwrap();
    desk.judge = Judge::new(Profile { hours, ..Profile::default() }, History::default());
    assert_eq!(refused(&mut desk, &job(1)), [Refused::OutsideHours]);

    // What time does not allow for: the one in hand needs its 25 minutes first.
    let mut desk = Desk::open(claim());
    desk.win(&Job { est_seconds: Some(1_500), ..job(9) }, at(0));
    assert_eq!(refused(&mut desk, &Job { est_seconds: Some(600), ..job(1) }), [Refused::NoTime(TimeDelta::seconds(300))]);
    assert_eq!(refused(&mut desk, &job(1)), []);
}

#[test]
fn a_refused_claim_is_tried_again_and_two_rules_claim_once() {
    let mut desk = Desk::open(rule(&[Action::Claim]));
    desk.last_key = None;
    assert!(acts(&desk.meets(&job(1), at(0))).is_empty());
    desk.last_key = Some(at(1));
    assert_eq!(acts(&desk.meets(&job(1), at(2))), [Act::Claim]);

    let two = vec![rule(&[Action::Claim]), Rule { name: Text::title("another"), ..rule(&[Action::Claim]) }];
    let mut desk = Desk::new(two, Claiming { automatic: true, ..Claiming::default() });
    let outcome = desk.meets(&job(1), at(0));
    assert_eq!((acts(&outcome), why(&outcome)), (vec![Act::Claim], vec![Refused::Mine]));
    assert_eq!(outcome.decisions[0].rule.as_str(), "a rule");
}

#[test]
fn a_rehearsal_leaves_no_trace() {
    let once = Rule { limit: Limit::Once, ..rule(&[Action::Alert, Action::Claim]) };
    let desk = Desk::open(once.clone());
    let mut memory = RuleMemory::default();
    let mut rehearse = |n: u32| {
        let ctx = RuleContext {
            now: noon(),
            local: noon().naive_utc(),
            new_since: noon(),
            last_key: None,
            book: &desk.book,
            judge: &desk.judge,
        };
        let job = job(n);
        desk.rules.rehearse(&once, &job.listing(Marks::default(), None, Worth::default()), &ctx, &mut memory).unwrap()
    };
    let first = rehearse(1);
    assert_eq!((acts(&first), first.refusals.len()), (vec![Act::Alert], 1));
    assert_eq!(why(&rehearse(2)), [Refused::Once]);
    assert!(desk.rules.memory().of("a rule").is_none());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_order_of_things_breaks_a_cap(
        steps in prop::collection::vec((0u32..40, 0i64..20_000, any::<bool>(), any::<bool>()), 1..80),
        caps in (1u32..6, 1u32..4, 1u32..5),
        restart in 0usize..80,
    ) {
        let claiming = Claiming { automatic: true, per_day: caps.0, per_requester: caps.1, in_hand: caps.2, ..Claiming::default() };
        let mut desk = Desk::new(vec![rule(&[Action::Claim])], claiming);
        let mut now = noon();
        let mut claims: Vec<(chrono::NaiveDate, String)> = Vec::new();
        for (step, (n, later, win, key)) in steps.into_iter().enumerate() {
            now += TimeDelta::seconds(later);
            if key {
                desk.last_key = Some(now);
            }
            if step == restart {
                desk.rules = RuleBook::new(vec![rule(&[Action::Claim])], claiming, [("here".to_owned(), Automation::Allowed)], &desk.book);
            }
            let mut job = job(n);
            job.reopened_at = Some(now);
            let outcome = desk.meets(&job, now);
            if acts(&outcome).contains(&Act::Claim) {
                prop_assert!(desk.last_key.is_some_and(|key| now - key <= TimeDelta::minutes(15)));
                claims.push((now.date_naive(), job.requester.name.to_string()));
                if win {
                    desk.win(&job, now);
                }
            }
            let held = desk.book.assignments.values().filter(|a| a.state.is_in_hand()).count();
            prop_assert!(held <= caps.2 as usize);
            let today: Vec<_> = claims.iter().filter(|(day, _)| *day == now.date_naive()).collect();
            prop_assert!(today.len() <= caps.0 as usize);
            for name in ["Acme", "Bits", "Corp"] {
                prop_assert!(today.iter().filter(|(_, who)| who == name).count() <= caps.1 as usize);
            }
            prop_assert_eq!(desk.book.auto_claims.len(), claims.len());
        }
    }

    #[test]
    fn the_memory_is_read_back_as_it_was_and_stays_small(jobs in prop::collection::vec(("\\PC{0,8}", 0i64..1_000_000), 0..200)) {
        let mut memory = RuleMemory::default();
        for (job, at) in &jobs {
            let at = noon() + TimeDelta::seconds(*at);
            memory.fire(&Text::title("rule"), job, at.date_naive(), false, at);
        }
        let text = serde_json::to_string(&memory).unwrap();
        prop_assert_eq!(serde_json::from_str::<RuleMemory>(&text).unwrap(), memory.clone());
        prop_assert!(jobs.iter().all(|(job, _)| memory.of("rule").is_some_and(|fired| fired.acted_on(job).is_some())));
    }
}
