//! Seeded faults: good work of each kind, one fault sown into each copy, and the checks must find every one and nothing else.
//!
//! Run with `--nocapture` to read what was caught and missed.

#![allow(clippy::print_stdout)]

mod dialogues;
pub mod pictures;
mod scripts;
mod taglines;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The same dice at every run.
pub fn dice(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

/// One of these.
pub fn pick<'a, T: ?Sized>(dice: &mut ChaCha8Rng, all: &[&'a T]) -> &'a T {
    all[dice.random_range(0..all.len())]
}

/// What was caught, by the name of the fault.
#[derive(Default)]
pub struct Tally {
    rows: std::collections::BTreeMap<String, (usize, usize)>,
    missed: Vec<String>,
}

impl Tally {
    pub fn count(&mut self, fault: &str, caught: bool, what: impl FnOnce() -> String) {
        let row = self.rows.entry(fault.to_owned()).or_default();
        row.0 += 1;
        row.1 += usize::from(caught);
        if !caught {
            self.missed.push(format!("{fault}: {}", what()));
        }
    }

    pub fn sown(&self) -> usize {
        self.rows.values().map(|(sown, _)| sown).sum()
    }

    pub fn caught(&self) -> usize {
        self.rows.values().map(|(_, caught)| caught).sum()
    }

    pub fn print(&self, title: &str) {
        println!("{title}: {} of {} caught", self.caught(), self.sown());
        for (fault, (sown, caught)) in &self.rows {
            println!("  {caught:>4} of {sown:>4}  {fault}");
        }
        for missed in self.missed.iter().take(20) {
            println!("  MISSED {missed}");
        }
    }
}
