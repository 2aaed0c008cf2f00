//! Named points at which a development build ends itself with SIGKILL, and places where it makes a mistake on purpose, so that a
//! crash and the way out of a bug can be tried at each of them.
//!
//! ```text
//! JUGGLER_DRILL=kill:save.written        dies when it first comes by that point
//! JUGGLER_DRILL=kill:save.written:3      the third time
//! JUGGLER_DRILL=panic:engine:3           its third step at that place is a bug; also store, save, call, screen
//! JUGGLER_DRILL=panic:engine:3..         and so is every further one
//! JUGGLER_DRILL=fail:terminal:20         the twentieth write to the terminal fails, and no other one
//! JUGGLER_DRILL=compact:20000            the work journal is begun anew from so many bytes; may stand behind a comma
//! ```
//! A point is a place where the disk or a platform knows something that others do not know yet. In a release build there are none.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use rustix::process::{Signal, getpid, kill_process};

/// Every point, in the order in which a life comes by them.
pub const POINTS: &[&str] = &[
    "open.locked",
    "open.mended",
    "open.cache",
    "migrate.begun",
    "migrate.done",
    "open.opened",
    "poll.landed",
    "rows.written",
    "save.begun",
    "save.written",
    "save.half",
    "save.durable",
    "save.applied",
    "checkpoint.begun",
    "checkpoint.written",
    "checkpoint.moved",
    "checkpoint.anew",
    "claim.calling",
    "claim.answered",
    "attachment.kept",
    "submit.calling",
    "submit.answered",
    "image.written",
    "image.flushed",
    "image.named",
    "flush.half",
    "generation.marked",
    "generation.filled",
    "generation.switched",
    "backup.written",
    "backup.named",
    "restore.written",
    "restore.half",
    "restore.switched",
];

struct Plan {
    kill: Option<(String, u64)>,
    bug: Option<(String, u64)>,
    /// From that one on each is a bug.
    on: bool,
    fail: Option<(String, u64)>,
    compact: Option<u64>,
    passed: AtomicU64,
}

fn plan() -> Option<&'static Plan> {
    static PLAN: OnceLock<Option<Plan>> = OnceLock::new();
    if !cfg!(debug_assertions) {
        return None;
    }
    PLAN.get_or_init(|| std::env::var("JUGGLER_DRILL").ok().map(|words| read(&words))).as_ref()
}

fn read(words: &str) -> Plan {
    let mut plan = Plan { kill: None, bug: None, on: false, fail: None, compact: None, passed: AtomicU64::new(0) };
    for part in words.split(',') {
        match part.split_once(':') {
            Some(("kill", point)) => plan.kill = Some(nth(point)),
            Some(("panic", place)) => {
                plan.on = place.ends_with("..");
                plan.bug = Some(nth(place.trim_end_matches('.')));
            }
            Some(("fail", place)) => plan.fail = Some(nth(place)),
            Some(("compact", bytes)) => plan.compact = bytes.parse().ok(),
            _ => {}
        }
    }
    plan
}

/// A name, and at which time by it.
fn nth(words: &str) -> (String, u64) {
    let (name, nth) = words.split_once(':').unwrap_or((words, "1"));
    (name.to_owned(), nth.parse().unwrap_or(1))
}

/// A step at `place`; the one that is wished for is a bug.
#[expect(clippy::panic, reason = "what is tried here is a panic")]
pub fn bug(place: &str) {
    let Some(plan) = plan() else { return };
    let Some((wanted, nth)) = &plan.bug else { return };
    if wanted != place {
        return;
    }
    let passed = plan.passed.fetch_add(1, Ordering::SeqCst) + 1;
    if passed == *nth || plan.on && passed > *nth {
        std::panic::panic_any("a drill");
    }
}

/// Whether something at `place` is to fail this time.
pub fn fails(place: &str) -> bool {
    let Some(plan) = plan() else { return false };
    let Some((wanted, nth)) = &plan.fail else { return false };
    wanted == place && plan.passed.fetch_add(1, Ordering::SeqCst) + 1 == *nth
}

/// Comes by the point `name`, and goes no further if that is what is tried.
pub fn point(name: &str) {
    let Some(plan) = plan() else { return };
    let Some((wanted, nth)) = &plan.kill else { return };
    debug_assert!(name.is_empty() || POINTS.contains(&name), "{name} is not among the points");
    if wanted == name && plan.passed.fetch_add(1, Ordering::SeqCst) + 1 == *nth {
        let _ = kill_process(getpid(), Signal::KILL);
        // The signal is on its way; nothing may happen here meanwhile.
        loop {
            std::thread::park();
        }
    }
}

/// Bytes of the work file from which a checkpoint is written, if that is to be tried.
pub fn compact_at() -> Option<u64> {
    plan()?.compact
}
