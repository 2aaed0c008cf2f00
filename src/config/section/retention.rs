//! `[retention]`: how long jobs that are gone are kept, and how much there may be of all.

use std::time::Duration;

use serde::Deserialize;

use super::Section;

/// `[retention]`, resolved. What is starred, mine or in the ledger stays whatever this says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// A job that vanished or expired leaves after this.
    pub after: Duration,
    /// Most jobs in the feed; the longest gone leave first, then the oldest that nobody marked.
    pub max_jobs: usize,
    /// Most bytes of the store on the disk, the journal apart.
    pub max_disk: u64,
}

impl Default for Retention {
    fn default() -> Self {
        Retention { after: Duration::from_secs(7 * 86_400), max_jobs: 2_000_000, max_disk: 8 << 30 }
    }
}

/// As written.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Raw {
    days: Option<u32>,
    max_jobs: Option<u64>,
    max_disk: Option<String>,
}

/// Its keys.
pub const KEYS: [&str; 3] = ["days", "max_jobs", "max_disk"];
/// Fewer than this is no feed.
const JOBS_LEAST: u64 = 1_000;
/// The empty store takes some of it.
const DISK_LEAST: u64 = 64 << 20;

pub(in crate::config) fn take(raw: Raw, mut section: Section) -> Retention {
    let mut retention = Retention::default();
    if let Some(days) = raw.days {
        retention.after = Duration::from_secs(u64::from(days) * 86_400);
    }
    match raw.max_jobs {
        Some(jobs) if jobs < JOBS_LEAST => section.wrong("max_jobs", format!("{jobs} are too few"), "write 1000 or more"),
        Some(jobs) => retention.max_jobs = usize::try_from(jobs).unwrap_or(usize::MAX),
        None => {}
    }
    if let Some(written) = raw.max_disk {
        match size(&written) {
            Some(bytes) if bytes < DISK_LEAST => {
                section.wrong("max_disk", format!("\"{written}\" is too little"), "write \"64MB\" or more");
            }
            Some(bytes) => retention.max_disk = bytes,
            None => section.wrong("max_disk", format!("\"{written}\" is not a size"), "write it like \"500MB\" or \"2GB\""),
        }
    }
    retention
}

/// Bytes of a size such as `500MB`; the units are powers of 1,024.
fn size(written: &str) -> Option<u64> {
    let written = written.trim();
    let digits = written.find(|c: char| !c.is_ascii_digit())?;
    let count: u64 = written[..digits].parse().ok()?;
    let shift = match written[digits..].trim().to_ascii_uppercase().as_str() {
        "MB" | "MIB" | "M" => 20,
        "GB" | "GIB" | "G" => 30,
        "TB" | "TIB" | "T" => 40,
        _ => return None,
    };
    count.checked_mul(1 << shift)
}

/// Writes a size the same way.
pub fn write_size(bytes: u64) -> String {
    if bytes.is_multiple_of(1 << 30) { format!("{}GB", bytes >> 30) } else { format!("{}MB", bytes >> 20) }
}
