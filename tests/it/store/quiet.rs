//! An open store that has nothing to do sleeps, and so do the threads that sled made.

use std::process::Command;
use std::time::{Duration, Instant};

use tempfile::tempdir;

use super::rows::job;
use super::{open, options};

const CHILD: &str = "JUGGLER_TEST_QUIET_CHILD";

/// Voluntary context switches of the store's and sled's threads.
fn switches() -> (usize, u64) {
    let (mut threads, mut sum) = (0, 0);
    for task in std::fs::read_dir("/proc/self/task").unwrap().flatten() {
        let read = |file: &str| std::fs::read_to_string(task.path().join(file)).unwrap_or_default();
        let name = read("comm");
        if name.starts_with("sled-io") || name.starts_with("juggler-store") {
            threads += 1;
            let status = read("status");
            let count = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:")?.trim().parse::<u64>().ok());
            sum += count.unwrap_or(0);
        }
    }
    (threads, sum)
}

/// Not a test of its own: the pool of sled's threads is the process's, and other tests would wake it.
#[test]
fn child() {
    if std::env::var_os(CHILD).is_none() {
        return;
    }
    let dir = tempdir().unwrap();
    let store = open(dir.path(), options());
    store.opened.store.put_jobs((0..5_000).map(job).collect());
    assert_eq!(store.opened.store.stats().blocking_recv().unwrap().jobs, 5_000);
    // It is at rest once what was written is flushed, two quiet seconds later. Being idle can only be seen over a time.
    let watch = Duration::from_millis(2_500);
    let begun = Instant::now();
    loop {
        let (threads, before) = switches();
        std::thread::sleep(watch);
        let (_, after) = switches();
        assert!(threads >= 8, "sled's pool is there: {threads}");
        // Seven threads that look around once a second would be sixteen or so.
        if after - before <= 2 {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "{} wake-ups of {threads} threads in {watch:?}", after - before);
    }
    store.close();
}

#[test]
fn nobody_wakes_up_while_nothing_happens() {
    let done = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "store::quiet::child", "--nocapture", "--test-threads=1"])
        .env(CHILD, "1")
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}
