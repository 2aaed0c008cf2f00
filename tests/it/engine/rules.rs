//! Claims by watch rules, against the practice market: once, announced, logged, and only when everything allows it.

use std::time::Duration;

use chrono::TimeDelta;
use juggler::config::Config;
use juggler::domain::reward::CostToWorker;
use juggler::domain::rule::{Action, Automation, Claiming, Rule};
use juggler::domain::{Alert, AlertKind, Job, Query, Text};
use juggler::engine::Polling;
use juggler::engine::api::{AssignmentView, HandView, Reply, Request, RuleView, Trial, What};
use juggler::engine::effect::{Call, Ended, Input};
use juggler::market::{self, Rate};

use super::steps::{Steps, job, key, ok};
use crate::support::{PATIENCE, Stage};

const RULE: &str = "quick taglines";

/// Everything may be claimed, without end.
fn free() -> Claiming {
    Claiming { automatic: true, per_day: 1000, per_requester: 1000, in_hand: 1000, ..Claiming::default() }
}

fn allowed(config: &mut Config) {
    config.sources[0].automation = Automation::Allowed;
}

/// A market in which nothing moves by itself, and one rule that claims.
async fn watch(query: &str, claiming: Claiming, change: impl FnOnce(&mut Config)) -> Stage {
    let options = market::Options {
        seed: 5,
        jobs: 60,
        rivals: false,
        rate: Rate::NONE,
        hand_limit: 1000,
        requests_per_minute: 1_000_000,
        ..Default::default()
    };
    Stage::set(options, Polling::OnRequest, |config| {
        config.rules = vec![Rule::new(RULE, Query::parse(query).unwrap(), vec![Action::Claim])];
        config.claiming = claiming;
        config.alert.bundle_every = Duration::ZERO;
        change(config);
    })
    .await
}

async fn press(stage: &Stage) {
    assert_eq!(stage.ask(Request::Present).await, Reply::Done);
}

async fn poll(stage: &Stage) {
    stage.jobs().await;
}

async fn rule(stage: &Stage) -> RuleView {
    let Reply::Rules { rules } = stage.ask(Request::Rules).await else { panic!() };
    rules.into_iter().next().unwrap()
}

async fn hand(stage: &Stage) -> HandView {
    let Reply::Hand(hand) = stage.ask(Request::Hand).await else { panic!() };
    hand
}

/// How many assignments the market itself says are ours.
async fn held(stage: &Stage) -> usize {
    let url = format!("http://{}/v1/assignments?limit=200", stage.market.addr());
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let asked = client.get(url).header("X-API-Key", stage.market.api_key()).send().await.unwrap();
    let page: serde_json::Value = asked.json().await.unwrap();
    page["assignments"].as_array().unwrap().len()
}

async fn said(stage: &Stage) -> Vec<What> {
    let Reply::Events { events } = stage.ask(Request::Events { limit: 1000 }).await else { panic!() };
    events.into_iter().map(|event| event.what).collect()
}

/// Alerts of claims by rule.
fn auto_claims(what: &What) -> impl Iterator<Item = &Alert> {
    let alerts = if let What::Alert { bundle } = what { &bundle.alerts[..] } else { &[] };
    alerts.iter().filter(|alert| alert.kind == AlertKind::AutoClaim)
}

/// What the rule would have done with what is listed, and why not.
async fn trial(stage: &Stage) -> Trial {
    let request = Request::TryRule { rule: Text::title(RULE), since: 24 * 3600 };
    let Reply::Trial(trial) = stage.ask(request).await else { panic!() };
    trial
}

fn refusals(trial: &Trial) -> Vec<String> {
    let mut all: Vec<String> = trial.matches.iter().flat_map(|m| m.not.iter().map(|(_, why)| why.to_string())).collect();
    all.sort();
    all.dedup();
    all
}

/// Waits until each claim that was decided is in the hand, or is known not to be.
async fn decided(stage: &mut Stage) -> Vec<AssignmentView> {
    let waiting = async {
        loop {
            let fired = rule(stage).await.fired_today as usize;
            let lost = said(stage).await.iter().filter(|what| is_lost(what)).count();
            let hand = hand(stage).await.items;
            if hand.len() + lost == fired {
                return hand;
            }
            let _ = stage.events.recv().await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.expect("a claim never ended")
}

fn is_lost(what: &What) -> bool {
    matches!(what, What::ClaimLost { .. }) || matches!(what, What::Notice { text, .. } if text.as_str().contains("did not claim"))
}

/// Nothing was asked of the market, and the person was told of nothing.
async fn nothing_claimed(stage: Stage) {
    assert!(hand(&stage).await.items.is_empty());
    assert_eq!(rule(&stage).await.fired_today, 0);
    let said = said(&stage).await;
    assert!(said.iter().all(|what| !matches!(what, What::Assignment { .. } | What::ClaimLost { .. })), "{said:?}");
    assert_eq!(held(&stage).await, 0);
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_claims_once_and_tells_with_its_name() {
    let mut stage = watch("kind:tagline", Claiming { per_day: 1, ..free() }, allowed).await;
    press(&stage).await;
    poll(&stage).await;
    let mine = decided(&mut stage).await;
    assert_eq!((mine.len(), mine[0].assignment.job.kind.as_str()), (1, "tagline"));
    assert!(mine[0].assignment.job.detailed && mine[0].assignment.deadline.is_some());
    // Another look at the same list claims nothing more, nor does another engine: what was done is in the journal.
    press(&stage).await;
    poll(&stage).await;
    let told = async {
        while !said(&stage).await.iter().any(|what| auto_claims(what).next().is_some()) {
            let _ = stage.events.recv().await;
        }
    };
    tokio::time::timeout(PATIENCE, told).await.expect("the claim is announced");
    let said_before = said(&stage).await;
    stage.restart().await;
    press(&stage).await;
    poll(&stage).await;
    assert_eq!(hand(&stage).await.items.len(), 1);
    assert_eq!((held(&stage).await, rule(&stage).await.fired_today), (1, 1));
    let title = mine[0].assignment.job.title.as_str();
    let notices = said_before.iter().filter(
        |what| matches!(what, What::Notice { text, .. } if text.as_str().contains(RULE) && text.as_str().contains(title)),
    );
    assert_eq!(notices.count(), 1, "{said_before:?}");
    let alerts = said_before.iter().flat_map(auto_claims);
    let claims: Vec<_> = alerts.collect();
    assert_eq!(claims.len(), 1);
    assert_eq!((claims[0].rule.as_ref().unwrap().as_str(), claims[0].job.as_ref()), (RULE, Some(&mine[0].assignment.job.key)));
    // The journal names job and rule.
    let journal = stage.config.paths.store().join("journal");
    let lines: String = ["money.jsonl", "work.jsonl"].map(|file| std::fs::read_to_string(journal.join(file)).unwrap()).concat();
    let key = mine[0].assignment.job.key.as_str();
    let logged = lines.lines().filter(|line| line.contains("auto_claim") && line.contains(RULE) && line.contains(key));
    assert_eq!(logged.count(), 1);
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_claimed_while_no_key_was_pressed_lately() {
    let stage = watch("kind:tagline", free(), allowed).await;
    poll(&stage).await;
    assert_eq!(refusals(&trial(&stage).await), ["no key was pressed in the last 15 min"]);
    nothing_claimed(stage).await;
    // A key, but longer ago than is settled.
    let stage = watch("kind:tagline", Claiming { key_within: Duration::ZERO, ..free() }, allowed).await;
    press(&stage).await;
    poll(&stage).await;
    nothing_claimed(stage).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_claimed_against_the_terms_or_unasked() {
    let unread: fn(&mut Config) = |_| {};
    let forbidden: fn(&mut Config) = |config| config.sources[0].automation = Automation::Forbidden;
    let off: fn(&mut Config) = |config| {
        allowed(config);
        config.claiming.automatic = false;
    };
    let cases =
        [(unread, "nobody read the source's terms"), (forbidden, "terms forbid programs"), (off, "claiming by rule is off")];
    for (change, why) in cases {
        let stage = watch("kind:tagline", free(), change).await;
        press(&stage).await;
        poll(&stage).await;
        let refused = refusals(&trial(&stage).await);
        assert!(refused.len() == 1 && refused[0].contains(why), "{refused:?}");
        nothing_claimed(stage).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn caps_hold_over_a_whole_list_at_once() {
    let cases = [
        (Claiming { per_day: 3, ..free() }, 3, "rules claimed 3 today"),
        (Claiming { in_hand: 2, ..free() }, 2, "2 are in hand"),
    ];
    for (claiming, most, why) in cases {
        let mut stage = watch("mins<=20", claiming, allowed).await;
        press(&stage).await;
        poll(&stage).await;
        decided(&mut stage).await;
        assert_eq!(rule(&stage).await.fired_today, most);
        assert!(held(&stage).await <= most as usize);
        let refused = refusals(&trial(&stage).await);
        assert!(refused.iter().any(|reason| reason.contains(why)), "{refused:?}");
        stage.end().await;
    }
    let mut stage = watch("mins<=20", Claiming { per_requester: 1, ..free() }, allowed).await;
    press(&stage).await;
    poll(&stage).await;
    let mine = decided(&mut stage).await;
    let mut requesters: Vec<_> = mine.iter().map(|view| view.assignment.job.requester.name.to_string()).collect();
    requesters.sort();
    requesters.dedup();
    assert!(mine.len() > 1 && requesters.len() == mine.len(), "one of each: {requesters:?}");
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn open_deadlines_leave_time_for_what_is_claimed() {
    let mut stage = watch("mins>0", free(), allowed).await;
    press(&stage).await;
    poll(&stage).await;
    let mine = decided(&mut stage).await;
    assert!(mine.len() > 1, "some fit");
    let listed = trial(&stage).await.matched;
    assert!(mine.len() < listed, "not all of {listed} fit");
    assert_eq!(hand(&stage).await.overcommitted, None);
    let refused = refusals(&trial(&stage).await);
    assert!(refused.iter().any(|why| why.contains("a deadline would be missed")), "{refused:?}");
    stage.end().await;
}

/// One job that a rule wants, as its listing tells it.
fn listed(steps: &mut Steps, native: &str, change: impl FnOnce(&mut Job)) -> Job {
    let mut job = job(native, steps.now);
    job.detailed = false;
    change(&mut job);
    steps.list(vec![job.clone()]);
    job
}

fn stake(job: &mut Job) {
    job.cost = Some(CostToWorker { amount: None, why: Text::title("a stake") });
}

#[test]
fn what_costs_the_worker_is_not_claimed_wherever_that_is_said() {
    let mut steps = Steps::new(|config| {
        config.rules = vec![Rule::new(RULE, Query::parse("taglines").unwrap(), vec![Action::Claim])];
        config.claiming = free();
    });
    steps.ask(Request::Present).unwrap();
    listed(&mut steps, "a", stake);
    assert!(steps.calls.is_empty(), "the listing says so: {:?}", steps.calls);
    // Only the whole job says so.
    let mut whole = listed(&mut steps, "b", |_| {});
    let (call, _) = steps.call(|call| matches!(call, Call::Job { .. }));
    whole.detailed = true;
    stake(&mut whole);
    steps.input(Input::Called { call, ended: Ended::Job(Box::new(ok(whole))) });
    assert!(steps.calls.is_empty(), "{:?}", steps.calls);
    let told = |steps: &Steps, words: &str| {
        let told = |what: &&What| matches!(what, What::Notice { text, .. } if text.as_str().contains(words));
        steps.events.iter().filter(told).count()
    };
    assert_eq!(told(&steps, "did not claim “taglines b”: it takes"), 1, "{:?}", steps.events);
    // The whole job came after the person had gone.
    let mut whole = listed(&mut steps, "c", |_| {});
    let (call, _) = steps.call(|call| matches!(call, Call::Job { .. }));
    steps.pass(TimeDelta::minutes(16));
    whole.detailed = true;
    steps.input(Input::Called { call, ended: Ended::Job(Box::new(ok(whole))) });
    assert_eq!((steps.calls.len(), told(&steps, "did not claim “taglines c”: no key was pressed")), (0, 1), "{:?}", steps.events);
    // Nothing speaks against the next one, which is not counted against itself.
    steps.ask(Request::Present).unwrap();
    let mut whole = listed(&mut steps, "d", |_| {});
    let (call, _) = steps.call(|call| matches!(call, Call::Job { .. }));
    whole.detailed = true;
    steps.input(Input::Called { call, ended: Ended::Job(Box::new(ok(whole))) });
    let (_, claim) = steps.call(|call| matches!(call, Call::Claim { .. }));
    assert!(matches!(claim, Call::Claim { job } if job.key == key("d")));
}
