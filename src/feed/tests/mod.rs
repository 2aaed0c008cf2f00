//! The feed against a naive one: the same jobs, the same acts, everything looked up by going over all of it.

mod act;
mod both;
mod made;
mod naive;

use std::collections::BTreeMap;

use chrono::TimeDelta;
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::*;
use crate::domain::ai::AiRule;
use crate::domain::job::{ClaimMode, JobStatus, Met, Requirement};
use crate::domain::query::{Context, Expr, Is, Number, NumberField, Op, Pattern, Query, Term, TextField};
use crate::domain::requester::PayRecord;
use crate::domain::reward::{CostToWorker, Reward};
use crate::domain::triage::{Marks, Wake};
use crate::domain::view::{Level, SortKey};
use crate::domain::{Asset, AssignmentState, Costs, Job, JobKey, Listing, Money, Signs, SourceName, Text, Time, View, Worth};

use act::*;
use both::*;
use made::*;
use naive::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn it_is_a_naive_feed(views in prop::collection::vec(view(), 1..7), acts in prop::collection::vec(act(), 0..150)) {
        let mut both = Both::new(views);
        for (n, act) in acts.iter().enumerate() {
            both.act(act);
            // Looked at rarely, so that much happens while views are half built.
            if n % 37 == 36 {
                both.tick();
                both.check();
            }
        }
        both.tick();
        both.check();
    }

    #[test]
    fn every_query_is_as_the_reference_says(query in query(), jobs in prop::collection::vec((job_of_keys(10_000), judged()), 1..60), now in 0i64..500) {
        let mut both = Both::new(vec![View { query, ..View::default() }]);
        for (job, judged) in &jobs {
            both.act(&Act::Upsert(Box::new(job.clone()), *judged));
        }
        both.naive.now = now;
        both.tick();
        both.check();
    }
}

/// Parts of the image of some feed.
fn parts(jobs: &[(Job, Judged)]) -> Vec<ImagePart> {
    let mut feed = Columns::new(at(0));
    for (job, judged) in jobs {
        feed.upsert(job, judged, at(0));
    }
    (0..).map_while(|n| feed.image_part(n)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases() * 4, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_image_is_refused_or_a_feed(
        jobs in prop::collection::vec((job_of_keys(10_000), judged()), 1..20),
        flips in prop::collection::vec((any::<usize>(), any::<usize>(), any::<u8>()), 1..4),
        cut in prop::option::weighted(0.3, any::<usize>()),
    ) {
        let mut parts = parts(&jobs);
        for (part, at, bits) in flips {
            let count = parts.len();
            let bytes = &mut parts[part % count].bytes;
            let len = bytes.len();
            bytes[at % len] ^= bits;
        }
        if let Some(cut) = cut {
            let count = parts.len();
            let bytes = &mut parts[cut % count].bytes;
            bytes.truncate(cut % bytes.len());
        }
        let mut loader = Loader::default();
        let whole = parts.iter().all(|part| loader.take(part.tag, &part.bytes).is_ok());
        if whole && let Ok(mut feed) = loader.finish(at(0)) {
            // Numbers may be wrong; that is what checksums are for. Nothing breaks on them.
            let view = View::default();
            feed.window(&view, &Anchor::Top, 5, 5);
            while !feed.work(1000).done {}
            for n in 0..feed.stretches() {
                let keys: Vec<String> = feed.stretch(n).map(|listing| listing.key.to_owned()).collect();
                for key in keys {
                    let marked = feed.set_marks(&key, Marks { seen: true, ..Marks::default() });
                    prop_assert!(marked && feed.remove(&key));
                }
            }
            while feed.tick(at(1_000_000), 10).more {}
            prop_assert_eq!(feed.len(), 0);
        }
    }
}

fn cases() -> u32 {
    64
}

/// A round names its source before any job of it comes: views that ask for the source show those jobs all the same.
#[test]
fn a_view_of_a_source_that_was_only_polled_so_far_shows_its_jobs() {
    let mut feed = Columns::new(at(0));
    let view = View { query: Query::parse("source:late").unwrap(), ..View::default() };
    feed.watch(&view);
    feed.work(10_000);
    let late = SourceName::new("late");
    feed.begin_round(&late);
    feed.upsert(&Job::new(&late, "1", "a job", at(0)), &Judged::default(), at(0));
    assert_eq!(feed.counts(&view).map(|counts| counts.jobs), Some(1));
}

#[test]
fn a_view_of_a_source_made_before_its_first_round_counts_what_comes_with_it() {
    let mut feed = Columns::new(at(0));
    let source = SourceName::new("board");
    let view = View { query: Query::parse("source:board").unwrap(), ..View::default() };
    feed.watch(&view);
    feed.work(usize::MAX);
    feed.begin_round(&source);
    let job = Job::new(&source, "1", "taglines", at(0));
    feed.upsert(&job, &Judged::default(), at(0));
    assert_eq!(feed.counts(&view).unwrap().jobs, 1);
}
