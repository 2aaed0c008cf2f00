//! What a fuzzy filter costs: found as a subsequence, the closest first.
//!
//! ```text
//! cargo bench --bench fuzzy                 10,000, 100,000 and 1,000,000 jobs
//! JOBS=30000 cargo bench --bench fuzzy      another number, alone
//! ```
//! One thread. Typed letter by letter as a person would; each looks only at what the one before left.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod crowd;
mod support;

use std::time::{Duration, Instant};

use juggler::feed::{Anchor, Columns, WindowState, fuzzy};

fn first_window(feed: &mut Columns, query: &str) -> (Duration, usize) {
    let view = fuzzy(&crowd::view(query, &[])).expect("a plain word");
    let start = Instant::now();
    loop {
        if let WindowState::Ready(window) = feed.window(&view, &Anchor::Top, 36, 108) {
            return (start.elapsed(), window.total);
        }
        feed.work(4096);
    }
}

fn measure(jobs: u64) {
    println!("\n{jobs} jobs; ms until the first window (found)");
    for word in ["podcast", "trnscpod", "wtglcof", "zzz"] {
        let mut feed = crowd::feed(jobs);
        let whole = first_window(&mut feed, word);
        print!("{word:<12} at once {:.1} ({}); typed", whole.0.as_secs_f64() * 1e3, whole.1);
        let mut feed = crowd::feed(jobs);
        for end in 1..=word.len() {
            let (took, found) = first_window(&mut feed, &word[..end]);
            print!(" {:.1} ({found})", took.as_secs_f64() * 1e3);
        }
        println!();
    }
}

fn main() {
    crowd::sizes(support::is_trial()).into_iter().for_each(measure);
}
