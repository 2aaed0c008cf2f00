//! What a filter costs: a view that nobody looked at before, until it is counted and its first window stands.
//!
//! ```text
//! cargo bench --bench query                 10,000, 100,000 and 1,000,000 jobs
//! JOBS=30000 cargo bench --bench query      another number, alone
//! ```
//! One thread. `typed` is the view of each letter more, as a person types: each looks only at what the one before left. `piece` is
//! the longest single call of `work` with a budget of 4,096 rows.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod crowd;
mod support;

use std::time::{Duration, Instant};

use juggler::domain::View;
use juggler::domain::view::SortKey;
use juggler::feed::{Anchor, Columns, WindowState};

const QUERIES: [&str; 16] = [
    "",
    "e",
    "taglines",
    "podcast coffee",
    "#123456",
    "nosuchword",
    "ärzte",
    "\"coffee brand\"",
    "/coff?ee/",
    "kind:kind-7",
    "pay>=10 rate>=12 ai:allowed,assist slots>=3",
    "requester:\"Requester 11*\" -podcast",
    "age<10m",
    "expires<2h or is:starred",
    "tag:tag-1*",
    "is:any",
];

/// Until the first window, until the order stands, and the longest piece of work.
fn ask(feed: &mut Columns, view: &View) -> (Duration, Duration, Duration, usize) {
    let start = Instant::now();
    let mut longest = Duration::ZERO;
    let mut first = None;
    let mut total = 0;
    loop {
        if first.is_none()
            && let WindowState::Ready(window) = feed.window(view, &Anchor::Top, 36, 108)
        {
            first = Some(start.elapsed());
            total = window.total;
        }
        let piece = Instant::now();
        let progress = feed.work(4096);
        longest = longest.max(piece.elapsed());
        if progress.done
            && let Some(first) = first
        {
            return (first, start.elapsed(), longest, total);
        }
    }
}

fn measure(jobs: u64) {
    println!("\n{jobs} jobs");
    println!("{:<46}{:>9}{:>12}{:>12}{:>12}", "", "found", "window ms", "order ms", "piece ms");
    let mut feed = crowd::feed(jobs);
    let ms = |took: Duration| took.as_secs_f64() * 1e3;
    for query in QUERIES {
        // Another order each time, so that no view is found standing; the median of five.
        let mut runs: Vec<_> =
            [&[SortKey::Newest][..], &[SortKey::Pay], &[SortKey::Rate], &[SortKey::Fit, SortKey::Pay], &[SortKey::Expiring]]
                .iter()
                .map(|sort| {
                    forget(&mut feed);
                    ask(&mut feed, &crowd::view(query, sort))
                })
                .collect();
        runs.sort_by_key(|run| run.0);
        let (first, order, _, found) = runs[2];
        let piece = runs.iter().map(|run| run.2).max().unwrap_or_default();
        println!("{:<46}{found:>9}{:>12.2}{:>12.2}{:>12.2}", format!("{query:?}"), ms(first), ms(order), ms(piece));
    }
    for word in ["podcast", "tagline coffee"] {
        forget(&mut feed);
        let mut line = String::new();
        for end in 1..=word.len() {
            let (first, ..) = ask(&mut feed, &crowd::view(&word[..end], &[]));
            line += &format!(" {:.1}", ms(first));
        }
        println!("{:<46}{line} ms", format!("typed {word:?}"));
    }
}

/// Shows four views of nothing, so that every other is let go.
fn forget(feed: &mut Columns) {
    for n in 0..4 {
        let view = crowd::view(&format!("key:nothing-{n}"), &[]);
        feed.window(&view, &Anchor::Top, 1, 0);
        while !feed.work(1 << 20).done {}
    }
}

fn main() {
    crowd::sizes(support::is_trial()).into_iter().for_each(measure);
}
