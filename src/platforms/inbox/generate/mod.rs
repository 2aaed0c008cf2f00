//! Synthetic jobs in the inbox's own format: to try the program, and to load a million of them for measuring.
//!
//! A job depends on the seed and its own number alone, whatever the number of jobs. Numbers come in blocks of `BLOCK`; the first
//! jobs of most blocks are a batch: one requester's identical jobs that differ only in their ids.

mod dice;
mod words;

use std::ops::Range;

use self::dice::Dice;
use self::words::{Kind, Part, Template, Words};
use crate::domain::Time;
use crate::error::Result;

/// Jobs of one block.
const BLOCK: u64 = 64;
/// The largest batch.
const BATCH: u64 = 24;
const MINUTE: i64 = 60;
const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// Makes the jobs of a seed.
pub struct Generator {
    seed: u64,
    now: i64,
    words: Words,
}

impl Generator {
    /// Jobs of `seed`, with instants around `now`. Errors: the words that the program ships with are broken.
    pub fn new(seed: u64, now: Time) -> Result<Generator> {
        Ok(Generator { seed, now: now.timestamp(), words: Words::load()? })
    }

    /// Appends job `number` to `out`, as a line.
    pub fn line(&self, number: u64, out: &mut Vec<u8>) {
        let block = number / BLOCK;
        let mut dice = Dice::new(self.seed, block, 1);
        // Two blocks of three begin with a batch.
        let batch = if dice.one_in(3) { 0 } else { 2 + dice.below(BATCH - 1) };
        let shared = number % BLOCK < batch;
        let dice = if shared { Dice::new(self.seed, block, 2) } else { Dice::new(self.seed, number, 3) };
        let shown = if shared { block * BLOCK } else { number };
        self.job(number, shown, dice, out);
    }

    fn job(&self, number: u64, shown: u64, mut dice: Dice, out: &mut Vec<u8>) {
        let kind = self.words.kind(&mut dice);
        let n = dice.within(&kind.n);
        let thing = dice.pick(&kind.things);
        let brand = dice.pick(&self.words.brands);
        let fill = |template: &Template, out: &mut Vec<u8>| {
            for part in &template.0 {
                match part {
                    Part::Text(text) => text.put(out),
                    Part::N => integer(n, out),
                    Part::Thing => thing.put(out),
                    Part::Brand => brand.put(out),
                    Part::Number => integer(shown, out),
                }
            }
        };
        out.extend_from_slice(b"{\"id\":\"g");
        integer(number, out);
        out.extend_from_slice(b"\",\"title\":\"");
        fill(dice.pick(&kind.titles), out);
        out.extend_from_slice(b"\",\"brief\":\"");
        fill(dice.pick(&kind.briefs), out);
        out.push(b' ');
        dice.pick(&self.words.closings).put(out);
        out.extend_from_slice(b"\",\"requester\":\"");
        // Few requesters post much and many post little: the lesser of two throws.
        let first = dice.below(self.words.first.len() as u64).min(dice.below(self.words.first.len() as u64));
        self.words.first[first as usize].put(out);
        out.push(b' ');
        dice.pick(&self.words.second).put(out);
        out.extend_from_slice(b"\",\"kind\":\"");
        kind.kind.put(out);
        out.extend_from_slice(b"\",\"tags\":[");
        let tags = 1 + dice.below(kind.tags.len() as u64) as usize;
        for (at, tag) in kind.tags.iter().take(tags).enumerate() {
            out.extend_from_slice(if at == 0 { b"\"" } else { b",\"" });
            tag.put(out);
            out.push(b'"');
        }
        out.push(b']');
        self.pay(kind, &mut dice, out);
        self.circumstances(kind, &mut dice, out);
        out.extend_from_slice(b"}\n");
    }

    fn pay(&self, kind: &Kind, dice: &mut Dice, out: &mut Vec<u8>) {
        // Most are paid little: the lesser of two throws again, in steps of five cents.
        let cents = dice.within(&kind.cents).min(dice.within(&kind.cents)) / 5 * 5;
        out.extend_from_slice(b",\"pay\":\"");
        decimal(cents, out);
        let currency: &[u8] = match dice.below(20) {
            0 => b" EUR",
            1 => b" GBP",
            _ => b" USD",
        };
        out.extend_from_slice(currency);
        out.push(b'"');
        if !dice.one_in(3) {
            out.extend_from_slice(b",\"fee\":");
            integer([5, 10, 10, 20][dice.below(4) as usize], out);
        }
        if dice.one_in(40) {
            let (why, amount) = dice.pick(&self.words.costs);
            out.extend_from_slice(b",\"cost\":{\"why\":\"");
            why.put(out);
            if !amount.is_empty() {
                out.extend_from_slice(b"\",\"amount\":\"");
                amount.put(out);
                out.extend_from_slice(b"\",\"currency\":\"USD");
            }
            out.extend_from_slice(b"\"}");
        }
    }

    fn circumstances(&self, kind: &Kind, dice: &mut Dice, out: &mut Vec<u8>) {
        if !dice.one_in(5) {
            out.extend_from_slice(b",\"seconds\":");
            integer(dice.within(&kind.seconds).min(dice.within(&kind.seconds)) / 30 * 30, out);
        }
        out.extend_from_slice(b",\"posted_at\":\"");
        let age = dice.below((3 * DAY) as u64).min(dice.below((3 * DAY) as u64)) as i64;
        instant(self.now - age, out);
        out.push(b'"');
        if !dice.one_in(3) {
            let left = dice.below((10 * DAY - HOUR) as u64) as i64 + HOUR;
            out.extend_from_slice(b",\"expires_at\":\"");
            instant((self.now + left) / MINUTE * MINUTE, out);
            out.push(b'"');
        }
        if !dice.one_in(2) {
            out.extend_from_slice(b",\"slots\":");
            integer(1 + dice.below(30).min(dice.below(30)), out);
        }
        out.extend_from_slice(b",\"ai\":\"");
        dice.pick(&kind.ai).put(out);
        out.extend_from_slice(b"\",\"language\":\"");
        dice.pick(&self.words.languages).put(out);
        out.push(b'"');
        if dice.one_in(5) {
            let (kind, text) = dice.pick(&self.words.requirements);
            out.extend_from_slice(b",\"requirements\":[{\"kind\":\"");
            kind.put(out);
            out.extend_from_slice(b"\",\"text\":\"");
            text.put(out);
            out.extend_from_slice(b"\"}]");
        }
    }
}

fn integer(mut value: u64, out: &mut Vec<u8>) {
    let mut digits = [b'0'; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (value % 10) as u8;
        value /= 10;
        if value == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

fn two(value: u64, out: &mut Vec<u8>) {
    out.extend_from_slice(&[b'0' + (value / 10 % 10) as u8, b'0' + (value % 10) as u8]);
}

/// Hundredths as "12.50".
fn decimal(cents: u64, out: &mut Vec<u8>) {
    integer(cents / 100, out);
    out.push(b'.');
    two(cents % 100, out);
}

/// Seconds since 1970 as RFC 3339 (Hinnant, "chrono-compatible low-level date algorithms", civil_from_days).
fn instant(at: i64, out: &mut Vec<u8>) {
    let (days, second) = (at.div_euclid(DAY) + 719_468, at.rem_euclid(DAY) as u64);
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097) as u64);
    let of_400 = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * of_400 + of_400 / 4 - of_400 / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = (of_400 as i64 + era * 400 + i64::from(month <= 2)).clamp(0, 9999) as u64;
    two(year / 100, out);
    two(year % 100, out);
    for (before, part) in [(b'-', month), (b'-', day), (b'T', second / 3600), (b':', second / 60 % 60), (b':', second % 60)] {
        out.push(before);
        two(part, out);
    }
    out.push(b'Z');
}

/// A range of numbers as the words have it: both ends may come.
type Span = Range<u64>;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn instants_are_written_as_chrono_writes_them(at in -62_135_596_800_i64..253_402_300_800) {
            let mut out = Vec::new();
            instant(at, &mut out);
            let theirs = Time::from_timestamp(at, 0).unwrap().format("%Y-%m-%dT%H:%M:%SZ").to_string();
            prop_assert_eq!(String::from_utf8(out).unwrap(), theirs);
        }
    }

    #[test]
    fn batches_are_identical_but_for_their_ids() {
        let generator = Generator::new(7, Time::from_timestamp(1_800_000_000, 0).unwrap()).unwrap();
        let mut bodies = std::collections::HashMap::<String, u32>::new();
        for number in 0..6400 {
            let mut line = Vec::new();
            generator.line(number, &mut line);
            let line = String::from_utf8(line).unwrap();
            let (_, body) = line.split_once(',').unwrap();
            *bodies.entry(body.to_owned()).or_default() += 1;
        }
        let batched: u32 = bodies.values().filter(|n| **n > 1).sum();
        assert!((600..2000).contains(&batched), "{batched} of 6400 come in batches");
        assert!(bodies.values().all(|n| u64::from(*n) <= BATCH), "a batch stays in its block");
    }
}
