//! The table of a run, and whether anything grew or slowed down.

use std::time::Duration;

use crate::daemon::Steps;
use crate::process::Look;
use crate::support::Spread;

/// One interval.
pub struct Sample {
    pub at: Duration,
    /// Changes a second, at the markets and as the engine told of them.
    pub served: f64,
    pub ingested: f64,
    /// Age of the sources' last whole round.
    pub lag: Spread,
    pub windows: Spread,
    pub saves: Spread,
    pub steps: Steps,
    pub process: Look,
    pub rows: u64,
    pub disk: u64,
}

/// All intervals.
pub struct Figures {
    samples: Vec<Sample>,
}

fn ms(span: Duration) -> f64 {
    span.as_secs_f64() * 1000.0
}

fn mib(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

impl Figures {
    pub fn begin() -> Figures {
        println!(
            "{:>6}{:>8}{:>8}{:>7}{:>7} |{:>8}{:>8}{:>8} |{:>8}{:>8}{:>8} |{:>8}{:>8}{:>6} |{:>8}{:>8}{:>5}{:>5}{:>6}{:>8}{:>8}  longest step",
            "s",
            "served",
            "taken",
            "lag50",
            "lagmax",
            "win50",
            "win99",
            "winmax",
            "save50",
            "save99",
            "savemax",
            "step",
            "stepCPU",
            "busy%",
            "RSS",
            "PSS",
            "fd",
            "thr",
            "CPU%",
            "rows",
            "disk MB"
        );
        Figures { samples: Vec::new() }
    }

    pub fn add(&mut self, s: Sample) {
        let three = |spread: &Spread| format!("{:>8.2}{:>8.2}{:>8.2}", ms(spread.at(50)), ms(spread.at(99)), ms(spread.at(100)));
        println!(
            "{:>6.0}{:>8.0}{:>8.0}{:>7.2}{:>7.2} |{} |{} |{:>8.2}{:>8.2}{:>6.0} |{:>8.1}{:>8.1}{:>5}{:>5}{:>6.0}{:>8}{:>8.1}  {}",
            s.at.as_secs_f64(),
            s.served,
            s.ingested,
            s.lag.at(50).as_secs_f64(),
            s.lag.at(100).as_secs_f64(),
            three(&s.windows),
            three(&s.saves),
            ms(s.steps.longest),
            ms(s.steps.cpu),
            s.steps.busiest.as_secs_f64() * 100.0,
            mib(s.process.rss),
            mib(s.process.pss),
            s.process.fds,
            s.process.threads,
            s.process.cpu,
            s.rows,
            mib(s.disk),
            s.steps.what
        );
        self.samples.push(s);
    }

    /// Slopes, ratios, and the whole run's latencies.
    pub fn conclude(&self) {
        let all = |which: fn(&Sample) -> &Spread, part: std::ops::Range<usize>| {
            let mut whole = Spread::default();
            self.samples[part].iter().for_each(|sample| whole.join(which(sample)));
            whole
        };
        let n = self.samples.len();
        println!("{}", Spread::head());
        let windows: fn(&Sample) -> &Spread = |s| &s.windows;
        let saves: fn(&Sample) -> &Spread = |s| &s.saves;
        for (name, which) in [("windows", windows), ("saves", saves)] {
            println!("{}", all(which, 0..n).line(name));
            if n >= 6 {
                let (first, last) = (all(which, 0..n / 3), all(which, n - n / 3..n));
                let ratio = |percent| last.at(percent).as_secs_f64() / first.at(percent).as_secs_f64().max(1e-9);
                println!("{name}: last third over first third: p50 x{:.2}, p99 x{:.2}", ratio(50), ratio(99));
            }
        }
        let wall = self.samples.iter().map(|s| s.steps.longest).max().unwrap_or_default();
        if let Some(Steps { cpu, what, .. }) = self.samples.iter().map(|s| &s.steps).max_by_key(|steps| steps.cpu) {
            println!("longest step {:.2} ms by the wall, {:.2} ms by the processor ({what})", ms(wall), ms(*cpu));
        }
        let mean = |of: fn(&Sample) -> f64| self.samples.iter().map(of).sum::<f64>() / n.max(1) as f64;
        println!(
            "mean: served {:.0}/s, taken in {:.0}/s, CPU {:.0} %",
            mean(|s| s.served),
            mean(|s| s.ingested),
            mean(|s| s.process.cpu)
        );
        // The first third warms up: caches fill, the allocator finds its size.
        let warm = &self.samples[n / 3..];
        for (name, of) in [("RSS", (|s| s.process.rss) as fn(&Sample) -> u64), ("PSS", |s| s.process.pss), ("disk", |s| s.disk)] {
            let points: Vec<(f64, f64)> = warm.iter().map(|s| (s.at.as_secs_f64() / 60.0, mib(of(s)))).collect();
            let (least, most) = points.iter().fold((f64::MAX, 0.0_f64), |(l, m), (_, v)| (l.min(*v), m.max(*v)));
            println!("{name} after warm-up: slope {:+.2} MiB/min, between {least:.1} and {most:.1} MiB", slope(&points));
        }
        let fds: Vec<usize> = warm.iter().map(|s| s.process.fds).collect();
        println!("fds after warm-up: {} to {}", fds.iter().min().unwrap_or(&0), fds.iter().max().unwrap_or(&0));
    }
}

/// Least squares.
pub fn slope(points: &[(f64, f64)]) -> f64 {
    let n = points.len() as f64;
    let (mx, my) = (points.iter().map(|p| p.0).sum::<f64>() / n, points.iter().map(|p| p.1).sum::<f64>() / n);
    let over: f64 = points.iter().map(|(x, y)| (x - mx) * (y - my)).sum();
    let under: f64 = points.iter().map(|(x, _)| (x - mx) * (x - mx)).sum();
    if under == 0.0 { 0.0 } else { over / under }
}
