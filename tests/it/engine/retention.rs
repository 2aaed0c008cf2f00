//! What leaves the feed, and what never does: days pass on the engine's own clock.

use std::process::Stdio;
use std::time::Duration;

use chrono::TimeDelta;
use juggler::config::Retention;
use juggler::domain::triage::Verdict;
use juggler::domain::{Assignment, AssignmentId, AssignmentState, Job, Text};
use juggler::engine::api::{Reply, Request};
use juggler::engine::effect::{Call, Ended};
use juggler::platforms::Grant;

use super::steps::{Steps, job, key, ok};
use crate::cli::Place;
use crate::support::{Doomed, until};

const DAY: u64 = 86_400;

fn keeping(days: u64, max_jobs: usize) -> Steps {
    Steps::new(|config| config.retention = Retention { after: Duration::from_secs(days * DAY), max_jobs, max_disk: 1 << 30 })
}

fn mark(steps: &mut Steps, native: &str, verdict: Verdict) {
    let done = steps.ask(Request::Triage { keys: vec![key(native)], verdict }).unwrap();
    assert!(matches!(done, Reply::Triaged(done) if done.changed.len() == 1));
}

fn claim(steps: &mut Steps, job: &Job) {
    let Ok(Reply::Terms(terms)) = steps.ask(Request::ClaimTerms { key: job.key.clone() }) else { panic!() };
    steps.input(juggler::engine::effect::Input::Asked {
        asker: 1_000_000,
        request: Request::Claim { key: job.key.clone(), agreed: terms.digest },
    });
    let (call, _) = steps.call(|call| matches!(call, Call::Claim { .. }));
    let assignment = Assignment {
        id: AssignmentId::new("board:a1"),
        job: job.clone(),
        state: AssignmentState::Claimed,
        native_state: Text::default(),
        claimed_at: steps.now,
        deadline: None,
        feedback: Text::default(),
        submission: None,
        moved_at: steps.now,
    };
    let grant = Grant { assignment, raw: Text::title("{}") };
    steps.input(juggler::engine::effect::Input::Called { call, ended: Ended::Claim(Box::new(ok(grant))) });
}

fn whole(native: &str, steps: &Steps) -> Job {
    let mut job = job(native, steps.now);
    job.detailed = true;
    job
}

#[test]
fn what_is_gone_leaves_after_some_days_unless_it_is_dear() {
    let mut steps = keeping(7, 10_000);
    let names = ["vanished", "starred", "mine", "pinned", "hidden", "stays", "expires"];
    let mut jobs: Vec<Job> = names.iter().map(|name| whole(name, &steps)).collect();
    jobs[6].expires_at = Some(steps.now + TimeDelta::hours(5));
    steps.list(jobs.clone());
    mark(&mut steps, "starred", Verdict::Star { on: true });
    mark(&mut steps, "pinned", Verdict::Pin { on: true });
    mark(&mut steps, "hidden", Verdict::Hide { on: true });
    claim(&mut steps, &jobs[2]);
    steps.pass(TimeDelta::hours(1));
    let listed = vec![jobs[5].clone(), jobs[6].clone()];
    steps.list(listed.clone());
    // Just before: all are there, listed or not.
    for day in 0..6 {
        steps.pass(TimeDelta::hours(24));
        steps.list(if day == 0 { listed.clone() } else { vec![jobs[5].clone()] });
    }
    steps.pass(TimeDelta::hours(22));
    assert!(names.iter().all(|name| steps.knows(name)), "{:?}", steps.dropped);
    steps.pass(TimeDelta::hours(4));
    let mut dropped = steps.dropped.clone();
    dropped.sort();
    assert_eq!(dropped, [key("hidden"), key("vanished")]);
    assert!(!steps.knows("vanished") && steps.knows("stays") && steps.knows("expires"));
    // It was listed for longer than it could be had, and then not any more.
    steps.pass(TimeDelta::hours(48));
    assert!(steps.dropped.contains(&key("expires")), "{:?}", steps.dropped);
    steps.list(Vec::new());
    steps.pass(TimeDelta::days(60));
    assert!(["starred", "mine", "pinned"].iter().all(|name| steps.knows(name)));
    assert_eq!(steps.state.kept().left, 4, "what was listed to the end is gone for long now");
    assert_eq!(steps.state.kept().crowded, 0);
    assert!(steps.kept.contains_key("feed/left"), "the next session counts on");
}

#[test]
fn above_the_cap_the_oldest_leave_though_they_are_open() {
    let mut steps = keeping(7, 1_000);
    let mut all: Vec<Job> = Vec::new();
    for hour in 0..12 {
        all.extend((0..100).map(|n| whole(&format!("h{hour:02}-{n:02}"), &steps)));
        steps.list(all.clone());
        if hour == 0 {
            mark(&mut steps, "h00-00", Verdict::Star { on: true });
            mark(&mut steps, "h00-01", Verdict::Pin { on: true });
            mark(&mut steps, "h00-02", Verdict::Seen { on: true });
            claim(&mut steps, &all[3]);
        }
        steps.pass(TimeDelta::minutes(58));
    }
    steps.pass(TimeDelta::hours(2));
    assert_eq!(steps.state.kept().resident, 1_000);
    // The list that is polled goes on naming those that left: they came again, and left again.
    assert_eq!(steps.state.kept().crowded, 300);
    for dear in ["h00-00", "h00-01", "h00-03"] {
        assert!(steps.knows(dear), "{dear}");
    }
    assert!(!steps.knows("h00-02"), "looked at is not kept");
    // The first hours went but for what is dear; of the third only as many as had to.
    assert!(!steps.knows("h00-99") && !steps.knows("h01-50") && steps.knows("h02-99") && steps.knows("h11-00"));
    let third = (0..100).filter(|n| !steps.knows(&format!("h02-{n:02}"))).count();
    assert_eq!(third, 3);
}

#[test]
fn what_is_dear_stays_even_above_the_cap() {
    let mut steps = keeping(7, 1_000);
    let all: Vec<Job> = (0..1_200).map(|n| whole(&format!("j{n:04}"), &steps)).collect();
    steps.list(all.clone());
    let keys = all.iter().take(1_100).map(|job| job.key.clone()).collect();
    steps.ask(Request::Triage { keys, verdict: Verdict::Star { on: true } }).unwrap();
    steps.pass(TimeDelta::hours(3));
    let kept = steps.state.kept();
    assert_eq!((kept.resident, kept.crowded), (1_100, 100));
}

#[test]
fn a_running_program_comes_down_to_the_cap_and_doctor_says_so() {
    let place = Place::new();
    let line = |n: usize| format!("{{\"id\":\"{n:04}\",\"title\":\"#{n} taglines\"}}\n");
    let inbox = place.path().join("jobs.jsonl");
    std::fs::write(&inbox, (0..3).map(line).collect::<String>()).unwrap();
    let source = format!("[[source]]\nname = \"mine\"\nadapter = \"inbox\"\npath = \"{}\"\n", inbox.display());
    place.write_config(&format!("{source}\n[retention]\nmax_jobs = 1000\n"));
    let well = |args: &[&str]| {
        let ran = place.run(args);
        assert_eq!(ran.code, 0, "{args:?}: {ran:?}");
        ran
    };
    well(&["jobs", "--poll", "--limit", "1"]);
    well(&["triage", "star", "mine:0001"]);
    let running = Doomed::of(place.command(&["events", "--follow"]).stdout(Stdio::null()).stderr(Stdio::null()));
    std::fs::write(&inbox, (0..1_200).map(line).collect::<String>()).unwrap();
    let keys = || place.keys(&["--limit", "10000", "is:any"]);
    until("there are too many", || keys().len() == 1_200);
    until("the oldest left", || keys().len() == 1_000);
    running.end_by_interrupt();
    // The next session knows it from the image and the store.
    let kept = keys();
    assert_eq!(kept.len(), 1_000);
    assert!(kept.contains(&"mine:0001".to_owned()), "it is starred");
    assert!(!kept.contains(&"mine:0000".to_owned()) && !kept.contains(&"mine:0002".to_owned()), "they were the oldest");
    let doctor = well(&["doctor", "--json"]).json();
    let feed = doctor["checks"].as_array().unwrap().iter().find(|check| check["name"] == "feed").cloned().unwrap();
    let found = feed["found"].as_str().unwrap();
    assert!(
        found.starts_with("1000 rows of at most 1000; ") && found.ends_with("; 200 more left as the oldest of too many"),
        "{found}"
    );
}
