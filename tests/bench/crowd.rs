//! The jobs that the feed's benches are made of: no two alike, yet as much in common as on real platforms.

#![allow(dead_code, reason = "every bench takes its part")]

use chrono::TimeDelta;
use juggler::domain::ai::AiRule;
use juggler::domain::deliverable::{Deliverable, Form, Rule};
use juggler::domain::job::{ClaimMode, Met, Requirement};
use juggler::domain::reward::Reward;
use juggler::domain::view::{Level, SortKey};
use juggler::domain::{Asset, Job, Money, Query, SourceName, Text, Time, View, Worth};
use juggler::feed::{Columns, Judged};

const VERBS: [&str; 8] = ["Write", "Translate", "Draw", "Label", "Record", "Summarise", "Rate", "Check"];
const THINGS: [&str; 20] = [
    "taglines",
    "captions",
    "product photos",
    "podcast scripts",
    "dialogues",
    "headlines",
    "alt texts",
    "invoices",
    "reviews",
    "street signs",
    "recipes",
    "support answers",
    "stickers",
    "transcripts",
    "haiku",
    "code comments",
    "maps",
    "ads",
    "unit tests",
    "letters",
];
const BRANDS: [&str; 16] = [
    "coffee",
    "bicycle",
    "hearing aid",
    "game",
    "bank",
    "bakery",
    "podcast",
    "museum",
    "airline",
    "yoga",
    "tractor",
    "Ärzte",
    "toy",
    "library",
    "insurance",
    "headphone",
];

pub fn start() -> Time {
    "2026-03-02T12:00:00Z".parse().unwrap()
}

/// Numbers that look random and are the same in every run.
pub fn dice(n: u64) -> u64 {
    let mut x = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// Job number `n`: 12,000 requesters, 60 kinds, 300 tags, five sources.
pub fn job(n: u64) -> Job {
    let d = dice(n);
    let now = start() - TimeDelta::seconds((d % 86_400) as i64);
    let source = SourceName::new(["market", "board", "tasks", "inbox", "relay"][(d >> 20) as usize % 5]);
    let (verb, thing) = (VERBS[(d >> 3) as usize % VERBS.len()], THINGS[(d >> 6) as usize % THINGS.len()]);
    let brand = BRANDS[(d >> 11) as usize % BRANDS.len()];
    let title = format!("{verb} {} {thing} for a {brand} brand (#{n:06})", 2 + d % 40);
    let mut job = Job::new(&source, &format!("j-{n:07}"), &title, now);
    let kind = (d >> 24) % 60;
    job.kind = Text::title(&format!("kind-{kind}"));
    job.tags = (0..(d >> 33) % 3).map(|at| Text::title(&format!("tag-{}", (kind * 5 + (d >> (36 + at)) % 5) % 300))).collect();
    let who = (d >> 30) % 12_000;
    job.requester.name = Text::title(&format!("Requester {who}"));
    job.requester.id = Text::title(&format!("r{who}"));
    job.requester.record.approved = Some((who * 7 % 400) as u32);
    job.requester.record.rejected = Some((who * 3 % 40) as u32);
    job.reward = Reward::fixed(Money::new(20 + (dice(d) % 2500) as i64, Asset::USD), 100_000);
    job.est_seconds = Some(60 + (d >> 40) as u32 % 2400);
    job.slots_left = Some(1 + (d >> 50) as u32 % 9);
    job.claim_ttl = Some(1800);
    job.posted_at = Some(now);
    job.expires_at = (d & 3 != 0).then(|| start() + TimeDelta::seconds(600 + (d >> 13) as i64 % 172_800));
    job.claim_mode = if d & 16 == 0 { ClaimMode::InstantLock } else { ClaimMode::Race };
    job.ai.rule = [AiRule::Allowed, AiRule::AssistOnly, AiRule::HumanOnly, AiRule::Unknown][(d >> 45) as usize % 4];
    job.language = Some(Text::title(["en", "en-GB", "de", "es", "fr", "ja"][(d >> 47) as usize % 6]));
    if d & 7 == 0 {
        job.requirements = vec![Requirement {
            kind: Text::title("geo"),
            text: Text::title(["US only", "EU only"][n as usize % 2]),
            met: Met::Unknown,
        }];
    }
    job.brief = Text::body("Brightcup sells coffee in cups grown from husks. Warm, short, and no puns on beans, please.");
    job.deliverable = Deliverable {
        form: Form::Lines,
        rules: vec![Rule::Items { min: 5, max: 5 }, Rule::ItemChars { min: 1, max: 60 }],
        ..Deliverable::default()
    };
    job
}

/// What the engine would say of it.
pub fn judged(job: &Job) -> Judged {
    let hourly = job.reward.net().zip(job.est_seconds).and_then(|(net, seconds)| net.per_hour(i64::from(seconds)));
    Judged {
        worth: Worth { hourly, fit: Some((job.title.as_str().len() % 101) as u8), barred: false, too_good: false },
        ..Judged::default()
    }
}

/// A feed of `jobs` jobs.
pub fn feed(jobs: u64) -> Columns {
    let mut feed = Columns::new(start());
    for n in 0..jobs {
        let job = job(n);
        feed.upsert(&job, &judged(&job), start());
    }
    feed
}

pub fn view(query: &str, sort: &[SortKey]) -> View {
    View {
        query: Query::parse(query).unwrap(),
        sort: sort.iter().map(|by| Level { by: *by, reversed: false }).collect(),
        group: false,
    }
}

/// The sizes to measure: `JOBS` alone, or 10,000, 100,000 and a million.
pub fn sizes(trial: bool) -> Vec<u64> {
    if trial {
        return vec![3000];
    }
    match std::env::var("JOBS").ok().and_then(|v| v.parse().ok()) {
        Some(jobs) => vec![jobs],
        None => vec![10_000, 100_000, 1_000_000],
    }
}
