//! What the image of the feed costs: written in parts between keys, read at the start.
//!
//! ```text
//! cargo bench --bench codec                 10,000, 100,000 and 1,000,000 jobs
//! JOBS=30000 cargo bench --bench codec      another number, alone
//! ```
//! Neither checksums nor the disk are in it: they are the store's.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod crowd;
mod support;

use std::time::Instant;

use juggler::feed::{Anchor, Loader};
use support::Spread;

fn measure(jobs: u64) {
    let mut feed = crowd::feed(jobs);
    let (mut spread, mut parts) = (Spread::default(), Vec::new());
    feed.begin_image();
    while let Some(part) = spread.time(|| feed.image_part(parts.len())) {
        parts.push(part);
    }
    feed.end_image();
    let bytes: usize = parts.iter().map(|part| part.bytes.len()).sum();
    println!("\n{jobs} jobs, {:.1} MB, {:.1} bytes a job\n{}", bytes as f64 / 1e6, bytes as f64 / jobs as f64, Spread::head());
    println!("{}", spread.line("a part written"));
    drop(feed);
    let start = Instant::now();
    let mut loader = Loader::default();
    let mut spread = Spread::default();
    parts.iter().for_each(|part| spread.time(|| loader.take(part.tag, &part.bytes)).unwrap());
    println!("{}", spread.line("a part read"));
    let taken = start.elapsed();
    let mut feed = loader.finish(crowd::start()).unwrap();
    println!(
        "{:<52}{:>9.1} ms, of which {:.1} for the parts",
        "read and indexed",
        start.elapsed().as_secs_f64() * 1e3,
        taken.as_secs_f64() * 1e3
    );
    let view = crowd::view("", &[]);
    let start = Instant::now();
    feed.window(&view, &Anchor::Top, 36, 108);
    while !feed.work(1 << 14).done {}
    println!("{:<52}{:>9.1} ms", "everything counted and in order", start.elapsed().as_secs_f64() * 1e3);
}

fn main() {
    crowd::sizes(support::is_trial()).into_iter().for_each(measure);
}
