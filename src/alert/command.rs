//! The person's own program for alerts: it is handed the bundle as JSON on its standard input.

use std::time::Duration;

use super::outlet::Parcel;
use super::payload::{self, Jobs};
use crate::child::{self, Limits, Sees};
use crate::domain::Text;
use crate::error::{Class, Failure, Result};

/// How long it may take.
const LIMIT: Duration = Duration::from_secs(10);
/// Most of what it prints that is read; the rest is thrown away while it is written.
const OUTPUT_CAP: usize = 16 << 10;

/// A program for alerts.
#[derive(Clone, Debug)]
pub struct Program {
    argv: Vec<String>,
    limit: Duration,
}

impl Program {
    /// A program by its argv; `None` when it is empty.
    pub fn new(argv: &[String]) -> Option<Program> {
        argv.first().filter(|name| !name.is_empty())?;
        Some(Program { argv: argv.to_vec(), limit: LIMIT })
    }

    /// With another time limit.
    #[must_use]
    pub fn with_limit(mut self, limit: Duration) -> Program {
        self.limit = limit;
        self
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.argv.first().map(String::as_str).unwrap_or_default()
    }

    /// Runs it once, hands it the bundle, and waits for its end. What it prints goes to the log.
    ///
    /// # Errors
    /// It could not be started, took too long (it and its children are stopped then), or ended with another status than 0.
    pub async fn run(&self, parcel: &Parcel) -> Result<String> {
        let mut input = payload::json(parcel, Jobs::Whole).to_string();
        input.push('\n');
        let limits = Limits { time: self.limit, output: OUTPUT_CAP };
        let ran = child::run(&self.argv, Sees::Harmless, Some(&input), limits).await.map_err(|why| self.failed(&why))?;
        let out = Text::body(String::from_utf8_lossy(&ran.out).trim_end());
        let name = self.name();
        for (stream, text) in [("out", &out), ("err", &ran.err)] {
            if !text.is_empty() {
                tracing::info!(program = name, stream, text = text.as_str(), "the alert command said");
            }
        }
        if ran.status.success() {
            return Ok(format!("{name} ended well"));
        }
        let last = ran.last_words();
        let said = if last.is_empty() { String::new() } else { format!(" and said: {last}") };
        Err(self.failed(&format!("it ended with {}{said}", ran.status)))
    }

    fn failed(&self, why: &dyn std::fmt::Display) -> Failure {
        Failure::new(Class::Refused, format!("the alert command {} failed", Text::title(self.name())))
            .why(why)
            .hint("check command in [alert]; juggler alert test runs it again")
    }
}
