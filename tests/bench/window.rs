//! What a window costs: the same at ten thousand jobs and at a million, also while jobs pour in.
//!
//! ```text
//! cargo bench --bench window                 10,000, 100,000 and 1,000,000 jobs
//! JOBS=30000 cargo bench --bench window      another number, alone
//! ```
//! 36 rows with three screens of margin on both sides.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod crowd;
mod support;

use juggler::domain::view::SortKey;
use juggler::feed::{Anchor, WindowState};
use support::Spread;

const LOOKS: u64 = 2000;

fn measure(jobs: u64) {
    println!("\n{jobs} jobs\n{}", Spread::head());
    let mut feed = crowd::feed(jobs);
    for (name, sort, group) in
        [("newest", SortKey::Newest, false), ("rate", SortKey::Rate, false), ("rate, grouped", SortKey::Rate, true)]
    {
        let mut view = crowd::view("", &[sort]);
        view.group = group;
        let mut look = |anchor: &Anchor, spread: &mut Spread| {
            while let WindowState::Counting { .. } = spread.time(|| feed.window(&view, anchor, 36, 108)) {
                spread.drop_last();
                feed.work(1 << 14);
            }
        };
        look(&Anchor::Top, &mut Spread::default());
        let mut spread = Spread::default();
        (0..LOOKS).for_each(|_| look(&Anchor::Top, &mut spread));
        println!("{}", spread.line(&format!("{name}: at the top")));
        let mut spread = Spread::default();
        let keys: Vec<_> = (0..LOOKS).map(|n| crowd::job(crowd::dice(n) % jobs).key).collect();
        keys.iter().for_each(|key| look(&Anchor::Job(key.clone()), &mut spread));
        println!("{}", spread.line(&format!("{name}: around any job, looked at once")));
        let mut spread = Spread::default();
        keys.iter().for_each(|key| look(&Anchor::Job(key.clone()), &mut spread));
        println!("{}", spread.line(&format!("{name}: around any job again")));
        let mut spread = Spread::default();
        for n in 0..LOOKS {
            for m in 0..50 {
                let job = crowd::job(jobs + n * 50 + m);
                feed.upsert(&job, &crowd::judged(&job), crowd::start());
            }
            let anchor = Anchor::Job(keys[n as usize].clone());
            spread.time(|| feed.window(&view, &anchor, 36, 108));
        }
        println!("{}", spread.line(&format!("{name}: the same, 50 arrivals before each")));
        for n in 0..LOOKS * 50 {
            feed.remove(crowd::job(jobs + n).key.as_str());
        }
    }
}

fn main() {
    crowd::sizes(support::is_trial()).into_iter().for_each(measure);
}
