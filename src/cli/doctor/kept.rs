//! How much of the feed is kept, and how much may be.

use super::{Check, Health};
use crate::cli::words;
use crate::config::Retention;
use crate::config::section::retention::write_size;
use crate::engine::api::StoreView;

/// Rows, the cache and the folder against their caps.
pub fn checks(view: &StoreView, retention: &Retention) -> [Check; 3] {
    [rows(view, retention), cache(view), folder(view, retention)]
}

fn rows(view: &StoreView, retention: &Retention) -> Check {
    let days = retention.after.as_secs() / 86_400;
    let rows = usize::try_from(view.jobs.max(view.resident)).unwrap_or(usize::MAX);
    let mut found = format!(
        "{} of at most {}; those that are gone leave after {}",
        words::count(rows, "row"),
        retention.max_jobs,
        words::count(usize::try_from(days).unwrap_or(usize::MAX), "day")
    );
    if view.left > 0 {
        found.push_str(&format!("; {} left so", view.left));
    }
    if view.crowded > 0 {
        found.push_str(&format!("; {} more left as the oldest of too many", view.crowded));
    }
    if rows <= retention.max_jobs {
        return Check::ok("feed", found);
    }
    let fix = "what is gone, then what is oldest leaves within the hour while juggler is open; what is starred, pinned, snoozed or \
               yours stays: else raise max_jobs in [retention]";
    Check::new("feed", Health::Warn, found, fix)
}

fn cache(view: &StoreView) -> Check {
    let most = if view.cap == 0 { String::new() } else { format!(" of at most {}", write_size(view.cap)) };
    let found = format!(
        "generation {}, {}{most}, {} dead; images {}, {} since",
        view.generation,
        size(view.cache_bytes),
        words::count(usize::try_from(view.dead).unwrap_or(usize::MAX), "row"),
        size(view.image_bytes),
        words::count(usize::try_from(view.changes).unwrap_or(usize::MAX), "change"),
    );
    if view.cap == 0 || view.cache_bytes <= view.cap {
        return Check::ok("cache", found);
    }
    Check::new("cache", Health::Warn, found, "it is written anew while juggler is open and little happens")
}

fn folder(view: &StoreView, retention: &Retention) -> Check {
    let found = format!("{} in all; max_disk is {}", size(view.disk_bytes), write_size(retention.max_disk));
    if view.disk_bytes <= retention.max_disk {
        return Check::ok("store size", found);
    }
    Check::new("store size", Health::Warn, found, "lower days or max_jobs in [retention], or raise max_disk")
}

/// A size as people say it.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_048_576 => format!("{} KiB", bytes.div_ceil(1024)),
        1_048_576..10_737_418_240 => format!("{} MiB", bytes >> 20),
        _ => format!("{} GiB", bytes >> 30),
    }
}
