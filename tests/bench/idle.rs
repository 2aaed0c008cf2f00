//! What the program costs while nobody does anything: wake-ups, CPU time and bytes a second.
//!
//! ```text
//! cargo bench --bench idle                 20 seconds
//! SECONDS=120 cargo bench --bench idle     longer
//! ```
//! The real binary in a pseudo-terminal of 120×40 shows 500 jobs of a practice market where nothing arrives, between two polls.
//! Wake-ups are the voluntary context switches of all its threads. The minute's tick of the ages and the market's word on the
//! stream that it is still there (every 15 s) belong to it. sled's idle threads would look around once a second each; the store lets
//! their waits be late.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod support;

use std::collections::BTreeMap;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use support::Market;

/// Voluntary context switches by thread name, and CPU ticks, of a process.
fn look(pid: u32) -> (BTreeMap<String, u64>, u64) {
    let (mut switches, mut ticks) = (BTreeMap::new(), 0);
    for task in std::fs::read_dir(format!("/proc/{pid}/task")).unwrap().flatten() {
        let read = |file: &str| std::fs::read_to_string(task.path().join(file)).unwrap_or_default();
        let status = read("status");
        let count = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:")?.trim().parse::<u64>().ok());
        *switches.entry(read("comm").trim().to_owned()).or_insert(0) += count.unwrap_or(0);
        let stat = read("stat");
        let rest = stat.rsplit_once(')').map(|(_, rest)| rest).unwrap_or_default();
        ticks += rest.split_whitespace().skip(11).take(2).filter_map(|v| v.parse::<u64>().ok()).sum::<u64>();
    }
    (switches, ticks)
}

fn main() {
    let seconds = support::setting("SECONDS", if support::is_trial() { 1 } else { 20 });
    let market = Market::start(500, "0");
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("config.toml");
    let source = format!(
        "[[source]]\nname = \"practice\"\nrecipe = \"practice\"\nbase_url = \"{}\"\nkey_env = \"MARKET_KEY\"\npoll_every = \"1h\"\n",
        market.base_url
    );
    std::fs::write(&config, source).unwrap();
    let pair = native_pty_system().openpty(PtySize { rows: 40, cols: 120, pixel_width: 0, pixel_height: 0 }).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_juggler"));
    command.args(["--config", config.to_str().unwrap()]);
    command.env_clear();
    for (name, value) in [("TERM", "xterm-256color"), ("LANG", "C.UTF-8"), ("PATH", "/usr/bin:/bin"), ("MARKET_KEY", &market.key)]
    {
        command.env(name, value);
    }
    for name in ["HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"] {
        let dir = home.path().join(name.to_lowercase());
        std::fs::create_dir_all(&dir).unwrap();
        std::fs::set_permissions(&dir, std::fs::Permissions::from_mode(0o700)).unwrap();
        command.env(name, dir);
    }
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let written = Arc::new(AtomicU64::new(0));
    let mut reader = pair.master.try_clone_reader().unwrap();
    let counter = written.clone();
    // A terminal must be read all the time, or the program stalls.
    let screen = std::thread::spawn(move || {
        let (mut buffer, mut all) = ([0; 4096], Vec::new());
        while let Ok(read @ 1..) = reader.read(&mut buffer) {
            counter.fetch_add(read as u64, Ordering::Relaxed);
            all.extend_from_slice(&buffer[..read]);
        }
        all
    });
    let pid = child.process_id().unwrap();
    // It is idle once it was polled and has written nothing for two seconds.
    let began = Instant::now();
    let (mut last, mut since) = (0, Instant::now());
    while since.elapsed() < Duration::from_secs(2) || last < 4000 {
        assert!(began.elapsed() < Duration::from_secs(60), "it never comes to rest");
        std::thread::sleep(Duration::from_millis(50));
        let now = written.load(Ordering::Relaxed);
        if now != last {
            (last, since) = (now, Instant::now());
        }
    }
    let (before, ticks, bytes) = {
        let (switches, ticks) = look(pid);
        (switches, ticks, written.load(Ordering::Relaxed))
    };
    std::thread::sleep(Duration::from_secs(seconds));
    let (after, ticks_after) = look(pid);
    let bytes = written.load(Ordering::Relaxed) - bytes;
    let woken = |name: &String| after[name].saturating_sub(before.get(name).copied().unwrap_or(0));
    let total: u64 = after.keys().map(woken).sum();
    let per = |n: u64| n as f64 / seconds as f64;
    println!("idle for {seconds} s, 500 jobs on the screen's list, {} threads' names", after.len());
    println!("  wake-ups   {:>8.2} /s  ({total})", per(total));
    for name in after.keys().filter(|name| woken(name) > 0) {
        println!("    {name:<16} {:>6.2} /s", per(woken(name)));
    }
    println!("  CPU        {:>8.2} ms/s", per((ticks_after - ticks) * 10));
    println!("  bytes      {:>8.2} /s  ({bytes})", per(bytes));
    let left = support::quit(&*pair.master, &mut *child);
    println!("  left       {:>8.0} ms after q", left.as_secs_f64() * 1000.0);
    drop(pair.master);
    let all = screen.join().unwrap();
    assert!(String::from_utf8_lossy(&all).contains("Feed"), "it showed the feed");
}
