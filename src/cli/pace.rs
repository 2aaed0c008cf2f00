//! `juggler check --pace`: how fast the person reads aloud, measured and kept.

use std::io::BufRead;
use std::time::Instant;

use serde_json::json;

use super::out::Out;
use crate::config::{self, Config};
use crate::domain::check::sheet::words;
use crate::domain::pace;
use crate::error::{Class, Failure, Result};

/// Shows a text and times it, or takes the seconds that it took.
pub fn run(seconds: f64, config: &Config, out: &mut Out) -> Result<()> {
    let seconds = if seconds > 0.0 { seconds } else { timed(out)? };
    let pace = pace::of(seconds).map_err(|why| {
        Failure::new(Class::Usage, "that was no reading aloud").why(why).hint("juggler check --pace, once more")
    })?;
    config::save_pace(config, pace)?;
    if out.is_json() {
        return out.json(&json!({ "words": words(pace::TEXT), "seconds": seconds, "words_per_minute": pace }));
    }
    out.line(format!("{pace} words a minute, kept in {}", config.paths.config_file.display()));
    out.note("scripts are timed by it where the job names no pace of its own");
    Ok(())
}

/// Seconds between two presses of Enter.
fn timed(out: &mut Out) -> Result<f64> {
    for line in textwrap::wrap(pace::TEXT, 72) {
        out.line(line);
    }
    out.line("");
    out.line("Read it aloud as you would to a camera. Enter starts the clock; Enter again when you are through.");
    out.flush();
    let mut keys = std::io::stdin().lock().lines();
    let mut enter = || match keys.next() {
        Some(Ok(_)) => Ok(Instant::now()),
        _ => Err(Failure::new(Class::Usage, "the reading was not timed")
            .why("standard input ended before Enter was pressed twice")
            .hint(format!("time {} words yourself: juggler check --pace=SECONDS", words(pace::TEXT)))),
    };
    let start = enter()?;
    out.line("… reading");
    out.flush();
    Ok((enter()? - start).as_secs_f64())
}
