//! The terminal program left alone at a trickle of jobs: does it grow, does it keep still?

use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use juggler::market;
use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use crate::figures::slope;
use crate::process::{Process, load_average};

/// A job every five seconds, as the demo has it; others compete for them.
const RATE: &str = "0.2";
/// Rows of the table.
const LOOKS: u32 = 20;
/// The start is not what is measured.
const WARM: Duration = Duration::from_secs(10);

/// Looks at it now and then for so long.
pub fn run(length: Duration) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let options = market::Options { seed: 7, jobs: 500, rate: RATE.parse().unwrap(), ..market::Options::default() };
    let market = runtime.block_on(market::serve(options)).unwrap();
    let home = tempfile::tempdir().unwrap();
    std::fs::set_permissions(home.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
    let config = home.path().join("config.toml");
    let source = format!(
        "[[source]]\nname = \"practice\"\nrecipe = \"practice\"\nbase_url = \"{}\"\nkey_env = \"KEY\"\n",
        market.base_url()
    );
    std::fs::write(&config, source).unwrap();
    let pair = native_pty_system().openpty(PtySize { rows: 40, cols: 120, pixel_width: 0, pixel_height: 0 }).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_juggler"));
    command.args(["--config", config.to_str().unwrap()]);
    command.env_clear();
    let key = market.api_key();
    for (name, value) in [("TERM", "xterm-256color"), ("LANG", "C.UTF-8"), ("PATH", "/usr/bin:/bin"), ("KEY", &key)] {
        command.env(name, value);
    }
    command.env("HOME", home.path());
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let written = Arc::new(AtomicU64::new(0));
    let mut reader = pair.master.try_clone_reader().unwrap();
    let counter = written.clone();
    // A terminal must be read all the time, or the program stalls.
    let screen = std::thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(read @ 1..) = reader.read(&mut buffer) {
            counter.fetch_add(read as u64, Ordering::Relaxed);
        }
    });
    std::thread::sleep(WARM);
    let mut process = Process::of(child.process_id().unwrap());
    println!("the terminal program, 120x40, 500 jobs and {RATE} more a second, for {} s", length.as_secs());
    println!("{:>6}{:>10}{:>10}{:>6}{:>6}{:>8}{:>10}   load average", "s", "RSS MiB", "PSS MiB", "fd", "thr", "CPU %", "bytes/s");
    let (began, step) = (Instant::now(), length / LOOKS);
    let (mut points, mut fds, mut bytes) = (Vec::new(), Vec::new(), written.load(Ordering::Relaxed));
    let start = bytes;
    for n in 1..=LOOKS {
        std::thread::sleep((step * n).saturating_sub(began.elapsed()));
        let (look, now) = (process.look(), written.load(Ordering::Relaxed));
        println!(
            "{:>6.0}{:>10.1}{:>10.1}{:>6}{:>6}{:>8.2}{:>10.1}   {}",
            began.elapsed().as_secs_f64(),
            look.rss as f64 / f64::from(1 << 20),
            look.pss as f64 / f64::from(1 << 20),
            look.fds,
            look.threads,
            look.cpu,
            (now - bytes) as f64 / step.as_secs_f64(),
            load_average()
        );
        bytes = now;
        fds.push(look.fds);
        points.push((began.elapsed().as_secs_f64() / 3600.0, look.pss as f64 / f64::from(1 << 20)));
    }
    // The first quarter warms up.
    let warm = &points[points.len() / 4..];
    println!("PSS after the first quarter: slope {:+.2} MiB/h", slope(warm));
    println!("fds {} to {}", fds.iter().min().unwrap(), fds.iter().max().unwrap());
    println!("bytes {:.1} /s", (bytes - start) as f64 / length.as_secs_f64());
    let left = crate::support::quit(&*pair.master, &mut *child);
    println!("left {:.0} ms after q", left.as_secs_f64() * 1000.0);
    drop(pair.master);
    screen.join().unwrap();
    runtime.block_on(market.stop());
}
