//! `juggler inbox generate`.

use chrono::{NaiveTime, Utc};

use super::Out;
use super::args::{GenerateArgs, InboxCommand};
use crate::error::Result;
use crate::platforms::inbox::generate::Generator;

/// Bytes written at a time.
const CHUNK: usize = 64 << 10;

/// Runs a command about inboxes; none needs an engine.
pub fn run(command: InboxCommand, out: &mut Out) -> Result<()> {
    match command {
        InboxCommand::Generate(args) => generate(args, out),
    }
}

fn generate(args: GenerateArgs, out: &mut Out) -> Result<()> {
    let today = || Utc::now().date_naive().and_time(NaiveTime::MIN).and_utc();
    let generator = Generator::new(args.seed, args.now.unwrap_or_else(today))?;
    let mut lines = Vec::with_capacity(CHUNK + 4096);
    for number in args.start..args.start.saturating_add(args.jobs) {
        generator.line(number, &mut lines);
        if lines.len() >= CHUNK {
            out.raw(&lines);
            lines.clear();
            // Whoever reads had enough.
            if out.is_closed() {
                return Ok(());
            }
        }
    }
    out.raw(&lines);
    Ok(())
}
