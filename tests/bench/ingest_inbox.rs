//! How fast an inbox becomes jobs: lines made, lines scanned, jobs scrubbed and validated, and a file that was written anew.
//!
//! ```text
//! cargo bench --bench ingest_inbox               100,000 jobs
//! JOBS=1000000 cargo bench --bench ingest_inbox  another number
//! ```
//! Everything goes through the adapter as the engine calls it, page after page of 2,000 lines. CPU seconds are those of the whole
//! process, as the kernel counts them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod support;

use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use juggler::config::SourceConfig;
use juggler::domain::{SourceName, Time};
use juggler::platforms::inbox::generate::Generator;
use juggler::platforms::{Cursor, Outcome, Platform, connect};

fn now() -> Time {
    Time::from_timestamp(1_795_406_400, 0).expect("an instant")
}

/// Writes jobs into a file beside `path`, whose every `changed`th differs from the other files', then puts it in place.
fn write(path: &Path, jobs: u64, changed: Option<u64>) {
    let (here, there) = (Generator::new(7, now()).unwrap(), Generator::new(8, now()).unwrap());
    let beside = path.with_extension("new");
    let mut file = std::io::BufWriter::with_capacity(1 << 20, std::fs::File::create(&beside).unwrap());
    let mut line = Vec::new();
    for n in 0..jobs {
        line.clear();
        let generator = if changed.is_some_and(|every| n % every == 0) { &there } else { &here };
        generator.line(n, &mut line);
        file.write_all(&line).unwrap();
    }
    file.flush().unwrap();
    std::fs::rename(beside, path).unwrap();
}

/// Reads page after page until there is no more; jobs found.
async fn walk(platform: &dyn Platform, cursor: &mut Cursor) -> usize {
    let mut jobs = 0;
    loop {
        match platform.jobs(cursor, now()).await.outcome {
            Outcome::Done(page) => {
                assert!(page.unmapped.is_empty(), "{:?}", page.unmapped);
                jobs += page.items.len();
                *cursor = page.next;
                if !page.more {
                    return jobs;
                }
            }
            Outcome::Same => return 0,
            other => panic!("{other:?}"),
        }
    }
}

struct Watch {
    wall: Instant,
    cpu: Duration,
}

impl Watch {
    fn start() -> Watch {
        Watch { wall: Instant::now(), cpu: cpu() }
    }

    fn tell(self, what: &str, jobs: u64) {
        let (wall, cpu) = (self.wall.elapsed().as_secs_f64(), (cpu() - self.cpu).as_secs_f64().max(1e-6));
        println!("{what:<48}{wall:>9.4} s {cpu:>9.4} CPU s {:>12.0} jobs/CPU s", jobs as f64 / cpu);
    }
}

/// CPU time of all threads of this process so far, to the nanosecond.
fn cpu() -> Duration {
    let tasks = std::fs::read_dir("/proc/self/task").expect("Linux").flatten();
    // A thread may end while we look.
    let spent = tasks.filter_map(|task| std::fs::read_to_string(task.path().join("schedstat")).ok());
    Duration::from_nanos(spent.filter_map(|spent| spent.split_whitespace().next()?.parse::<u64>().ok()).sum())
}

fn main() {
    let jobs = support::setting("JOBS", if support::is_trial() { 5_000 } else { 100_000 });
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("jobs.jsonl");
    let source = SourceConfig::inbox(SourceName::new("mine"), path.clone());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.block_on(async {
        let watch = Watch::start();
        write(&path, jobs, None);
        watch.tell("made and written", jobs);
        let bytes = path.metadata().unwrap().len();
        println!("{jobs} jobs, {} bytes each", bytes / jobs);
        let platform = connect(&source, dir.path()).unwrap();
        let mut cursor = Cursor::Null;
        let watch = Watch::start();
        assert_eq!(walk(&*platform, &mut cursor).await as u64, jobs);
        watch.tell("line to job, from nothing", jobs);
        let watch = Watch::start();
        assert_eq!(walk(&*platform, &mut cursor).await, 0);
        watch.tell("looked at again, unchanged", jobs);
        write(&path, jobs, Some(100));
        let watch = Watch::start();
        let changed = walk(&*platform, &mut cursor).await as u64;
        watch.tell("written anew, one in a hundred changed", jobs);
        // An inbox of more jobs than are remembered is read whole.
        assert!(changed == jobs.div_ceil(100) || jobs > 400_000, "{changed} changed");
    });
}
