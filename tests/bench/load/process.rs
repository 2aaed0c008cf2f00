//! What the kernel says about a process.

use std::time::{Duration, Instant};

/// A process under watch.
pub struct Process {
    pid: u32,
    cpu: Duration,
    at: Instant,
}

/// A look at it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Look {
    /// Resident bytes, and its share of what it shares with others.
    pub rss: u64,
    pub pss: u64,
    pub fds: usize,
    pub threads: usize,
    /// CPU time since the last look, in percent of one core.
    pub cpu: f64,
}

impl Process {
    pub fn of(pid: u32) -> Process {
        Process { pid, cpu: cpu(pid), at: Instant::now() }
    }

    pub fn look(&mut self) -> Look {
        let read = |file: &str| std::fs::read_to_string(format!("/proc/{}/{file}", self.pid)).unwrap_or_default();
        let kib = |text: &str, name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
            line.split_whitespace().next().and_then(|word| word.parse::<u64>().ok()).unwrap_or(0) << 10
        };
        let entries = |dir: &str| std::fs::read_dir(format!("/proc/{}/{dir}", self.pid)).map_or(0, Iterator::count);
        let (status, rollup) = (read("status"), read("smaps_rollup"));
        let (now, at) = (cpu(self.pid), Instant::now());
        let busy = (now - self.cpu).as_secs_f64() / (at - self.at).as_secs_f64().max(0.001);
        (self.cpu, self.at) = (now, at);
        Look {
            rss: kib(&status, "VmRSS:"),
            pss: kib(&rollup, "Pss:"),
            fds: entries("fd"),
            threads: entries("task"),
            cpu: busy * 100.0,
        }
    }
}

/// CPU time so far, in steps of the kernel's clock (10 ms).
fn cpu(pid: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let rest = stat.rsplit_once(')').map(|(_, rest)| rest).unwrap_or_default();
    let ticks: u64 = rest.split_whitespace().skip(11).take(2).filter_map(|word| word.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

/// How busy the machine is, as the kernel tells.
pub fn load_average() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().take(3).collect::<Vec<_>>().join(" ")
}
