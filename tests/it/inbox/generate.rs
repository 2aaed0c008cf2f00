//! Synthetic jobs.

use std::io::Read;
use std::process::Stdio;

use super::*;
use crate::cli::Place;

const NOW: &str = "2026-11-23T04:00:00Z";

fn generate(place: &Place, args: &[&str]) -> String {
    let ran = place.run(&[&["inbox", "generate", "--now", NOW][..], args].concat());
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{args:?}");
    ran.out
}

#[test]
fn a_seed_decides_every_job_wherever_one_starts() {
    let place = Place::new();
    let all = generate(&place, &["--jobs", "1000", "--seed", "7"]);
    assert_eq!(all.lines().count(), 1000);
    assert_eq!(generate(&place, &["--jobs", "1000", "--seed", "7"]), all);
    let later = generate(&place, &["--jobs", "300", "--start", "700", "--seed", "7"]);
    assert!(all.ends_with(&later) && later.lines().count() == 300);
    assert_ne!(generate(&place, &["--jobs", "1000", "--seed", "8"]), all);
}

#[tokio::test]
async fn they_are_real_enough_and_every_line_is_read() {
    let mut desk = Desk::at("jobs.jsonl");
    desk.write("jobs.jsonl", &generate(&Place::new(), &["--jobs", "6000", "--seed", "3"]));
    let now: Time = NOW.parse().unwrap();
    let mut jobs = Vec::new();
    loop {
        let page = desk.page().await;
        assert!(page.unmapped.is_empty(), "{:?}", page.unmapped);
        jobs.extend(page.items);
        if !page.more {
            break;
        }
    }
    assert_eq!(jobs.len(), 6000);
    let length: usize = jobs.iter().map(|job| job.title.as_str().len()).sum::<usize>() / jobs.len();
    assert!((38..=55).contains(&length), "titles have {length} bytes");
    let share = |what: &str, holds: fn(&Job) -> bool| {
        let n = jobs.iter().filter(|job| holds(job)).count();
        assert!(n > 60 && n < 5900, "{what}: {n} of 6000");
    };
    share("expire", |job| job.expires_at.is_some());
    share("require something", |job| !job.requirements.is_empty());
    share("cost something", |job| job.cost.is_some());
    share("have wide characters", |job| !job.title.as_str().is_ascii());
    share("have places", |job| job.slots_left.is_some());
    share("take a fee", |job| job.reward.fee_ppm > 0);
    share("are paid in other money", |job| job.reward.gross().is_some_and(|pay| pay.asset.code() != "USD"));
    assert!(jobs.iter().all(|job| job.posted_at.is_some_and(|at| at <= now) && job.expires_at.is_none_or(|at| at > now)));
    assert!(jobs.iter().all(|job| !job.suspicious && job.reward.gross().is_some_and(|pay| pay.minor > 0)));
    let titles: std::collections::HashSet<&str> = jobs.iter().map(|job| job.title.as_str()).collect();
    assert!(titles.len() < 5600, "there are batches");
}

#[test]
fn a_reader_that_had_enough_is_no_error() {
    let place = Place::new();
    let mut child = place
        .command(&["inbox", "generate", "--jobs", "100000000"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut some = [0; 100];
    child.stdout.take().unwrap().read_exact(&mut some).unwrap();
    let ended = child.wait_with_output().unwrap();
    assert!(ended.status.success() && ended.stderr.is_empty(), "{ended:?}");
}
