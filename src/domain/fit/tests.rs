//! What must hold of every fit.

use proptest::prelude::*;

use super::*;
use crate::domain::reward::Reward;
use crate::domain::triage::Marks;
use crate::domain::{Asset, Costs, Job, Judge, SourceName, Text, Time, Worth};

fn texts(words: &[&str]) -> Vec<Text> {
    words.iter().map(|word| Text::title(word)).collect()
}

fn profile() -> Profile {
    Profile {
        skills: texts(&["poetry", "Rust"]),
        languages: texts(&["en", "de-DE"]),
        country: Some(Text::title("DE")),
        places: texts(&["Berlin"]),
        devices: texts(&["desktop", "android"]),
        likes: texts(&["tag*"]),
        refuses: texts(&["adult*"]),
        refused_costs: Costs::STAKE,
        floor: vec![Money::new(1_000, Asset::USD)],
        max_minutes: Some(30),
        ..Profile::default()
    }
}

fn job() -> Job {
    let mut job = Job::new(&SourceName::new("here"), "j1", "a job", Time::default());
    job.kind = Text::title("tagline");
    job.reward = Reward::fixed(Money::new(200, Asset::USD), 0);
    job.est_seconds = Some(300);
    job
}

fn needing(kind: &str, text: &str) -> Requirement {
    Requirement { kind: Text::title(kind), text: Text::title(text), met: Met::Unknown }
}

fn fit(job: &Job) -> Fit {
    let judge = Judge::new(profile(), History::default());
    let listing = job.listing(Marks::default(), None, Worth::default());
    let (worth, fit) = (judge.worth(&listing), judge.fit(&listing));
    assert_eq!((worth.fit, worth.barred), (fit.score, !fit.barred.is_empty()), "{fit:?}");
    fit
}

#[test]
fn what_the_profile_can_tell_it_tells() {
    let cases = [
        ("geo", "US only", Met::No),
        ("geo", "DE, AT, CH", Met::Yes),
        ("geo", "must be in Germany", Met::Yes),
        ("geo", "United States residents", Met::No),
        ("geo", "EU residents", Met::Yes),
        ("geo", "Berlin", Met::Yes),
        ("geo", "not US", Met::Unknown),
        ("geo", "worldwide", Met::Yes),
        ("geo", "somewhere sunny", Met::Unknown),
        ("language", "Native English", Met::Yes),
        ("language", "fr", Met::No),
        ("language", "pt-BR", Met::No),
        ("language", "de-AT", Met::Yes),
        ("language", "French or English", Met::Unknown),
        ("language", "it is not told", Met::Unknown),
        ("device", "desktop", Met::Yes),
        ("device", "a phone", Met::Yes),
        ("device", "iPhone", Met::No),
        ("device", "Android or iPhone", Met::Yes),
        ("device", "webcam and desktop", Met::No),
        ("device", "no phone", Met::Unknown),
        ("skill", "writes poetry", Met::Yes),
        ("skill", "trusty", Met::Unknown),
        ("kyc", "passport", Met::Unknown),
    ];
    for (kind, text, met) in cases {
        let mut job = job();
        job.requirements = vec![needing(kind, text)];
        let fit = fit(&job);
        assert_eq!(fit.requirements[0].met, met, "{kind}: {text}");
        assert_eq!(!fit.barred.is_empty(), met == Met::No, "{kind}: {text}");
        assert!(!fit.requirements[0].why.is_empty());
    }
}

#[test]
fn the_platforms_own_word_wins() {
    let mut job = job();
    job.requirements = vec![Requirement { met: Met::Yes, ..needing("geo", "US only") }];
    assert!(fit(&job).barred.is_empty());
    job.requirements[0].met = Met::No;
    assert_eq!(fit(&job).barred[0].as_str(), "it requires geo: US only (the platform says so)");
    assert_eq!(fit(&job).score, Some(0));
}

#[test]
fn what_is_liked_scores_and_what_is_refused_is_barred() {
    let plain = fit(&job()).score;
    let mut skilled = job();
    skilled.tags = texts(&["Poetry"]);
    assert!(fit(&skilled).score > plain);
    let mut poor = job();
    poor.reward = Reward::fixed(Money::new(10, Asset::USD), 0);
    assert!(fit(&poor).score < plain && fit(&poor).barred.is_empty());
    let mut refused = job();
    refused.kind = Text::title("Adult content");
    assert_eq!(fit(&refused).barred[0].as_str(), "you refuse Adult content (\"adult*\")");
    let mut staked = job();
    staked.requirements = vec![needing("stake", "5 USD")];
    assert_eq!(fit(&staked).barred[0].as_str(), "it takes a stake from you first, which you refuse");
    let mut foreign = job();
    foreign.language = Some(Text::title("fr-CA"));
    assert_eq!(fit(&foreign).barred.len(), 1);
}

#[test]
fn without_profile_and_history_there_is_no_score() {
    let listing_of = job();
    let listing = listing_of.listing(Marks::default(), None, Worth::default());
    assert_eq!(Judge::default().worth(&listing).fit, None);
    assert_eq!(Judge::default().fit(&listing).score, None);
}

proptest! {
    #[test]
    fn quick_and_slow_agree(
        kind in prop::sample::select(vec!["tagline", "adult chat", "", "Rust", "Ärger"]),
        tags in prop::collection::vec("[a-zA-Z]{0,8}", 0..4),
        needs in prop::collection::vec((prop::sample::select(vec!["geo", "language", "device", "skill", "kyc", "stake"]), "\\PC{0,24}"), 0..4),
        language in prop::option::of("\\PC{0,6}"),
        pay in any::<i64>(),
        minutes in prop::option::of(any::<u32>()),
        suspicious in any::<bool>(),
    ) {
        let mut job = job();
        job.kind = Text::title(kind);
        job.tags = tags.iter().map(|tag| Text::title(tag)).collect();
        job.requirements = needs.iter().map(|(kind, text)| needing(kind, text)).collect();
        job.language = language.map(|tag| Text::title(&tag));
        job.reward = Reward::fixed(Money::new(pay, Asset::USD), 0);
        (job.est_seconds, job.suspicious) = (minutes, suspicious);
        let fit = fit(&job);
        prop_assert!(fit.score.is_some_and(|score| score <= 100));
        prop_assert_eq!(fit.requirements.len(), job.requirements.len());
    }
}
