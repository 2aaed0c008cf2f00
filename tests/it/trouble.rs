//! Bad input and bad days, in the real binary: a sentence with cause and cure, the right exit code, and nothing lost.

mod config;
mod disk;
mod hostile;
mod key;
mod pipe;
mod recipe;
mod second;

use crate::support::{Ground, first_draft};

/// A ground with one job in hand that has a draft, and a look at whether both are still there.
fn with_work(seed: u64) -> (Ground, String) {
    let ground = Ground::new(seed, 30);
    let id = ground.claimed(1).remove(0);
    (ground, id)
}

/// Nothing was lost: the job in hand and its draft are there, and the store is sound.
fn intact(ground: &Ground, id: &str) {
    assert_eq!(ground.view(id)["draft"]["text"], first_draft(id));
    ground.sound();
}
