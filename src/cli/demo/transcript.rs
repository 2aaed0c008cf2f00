//! What happens, one line each, under a progress bar where standard error is a terminal.

use std::io::IsTerminal;
use std::time::Instant;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cli::Out;

/// The transcript of one demo.
pub struct Transcript<'a> {
    out: &'a mut Out,
    bar: ProgressBar,
    began: Instant,
}

impl<'a> Transcript<'a> {
    /// Begins one; the bar counts deliveries that were judged.
    pub fn new(out: &'a mut Out, jobs: u32) -> Transcript<'a> {
        let bar = ProgressBar::with_draw_target(
            Some(u64::from(jobs)),
            if std::io::stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() },
        );
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} judged  {msg}") {
            bar.set_style(style);
        }
        Transcript { out, bar, began: Instant::now() }
    }

    /// One line. With JSON on standard output, only the report goes there.
    pub fn say(&mut self, text: impl AsRef<str>) {
        if self.out.is_json() {
            return;
        }
        let millis = self.began.elapsed().as_millis();
        let line = format!("{:>3}.{:01}s  {}", millis / 1000, millis % 1000 / 100, text.as_ref());
        let out = &mut *self.out;
        self.bar.suspend(|| {
            out.line(line);
            out.flush();
        });
    }

    /// Moves the bar.
    pub fn judged(&self, judged: u32, now: impl Into<String>) {
        self.bar.set_position(u64::from(judged));
        self.bar.set_message(now.into());
    }

    /// Takes the bar away.
    pub fn end(self) {
        self.bar.finish_and_clear();
    }
}
