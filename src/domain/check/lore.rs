//! What is known of a job's sources, laid out once: a key in the draft changes none of it.
//!
//! The last few are remembered. It is the same function of the same texts all the same, so nothing else can be told apart by it.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};

use super::coverage;
use super::source::Source;

/// Sources remembered: of the jobs in hand that have any, about all.
const REMEMBERED: usize = 4;
/// Phrases worked out at once: the most that anybody may ask for.
const PHRASES: u32 = coverage::MOST;

/// Sources, laid out.
#[derive(Debug, Default)]
pub struct Lore {
    /// To look things up in.
    pub source: Source,
    phrases: OnceLock<Vec<String>>,
}

type Known = (u64, usize, Arc<Lore>);

static HASH: LazyLock<RandomState> = LazyLock::new(RandomState::new);
static KNOWN: Mutex<Vec<Known>> = Mutex::new(Vec::new());

impl Lore {
    /// Of these texts.
    pub fn of(texts: &[&str]) -> Arc<Lore> {
        let key = (HASH.hash_one(texts), texts.iter().map(|text| text.len()).sum::<usize>());
        // Nothing panics while it is held; if something did, what is there is whole.
        let remembered =
            |known: &[Known]| known.iter().find(|(hash, bytes, _)| (*hash, *bytes) == key).map(|(_, _, lore)| lore.clone());
        if let Some(lore) = remembered(&KNOWN.lock().unwrap_or_else(PoisonError::into_inner)) {
            return lore;
        }
        // Worked out without the lock: two that ask at once both do it, and nobody waits.
        let lore = Arc::new(Lore { source: Source::of(texts), phrases: OnceLock::new() });
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            known.remove(0);
        }
        known.push((key.0, key.1, lore.clone()));
        lore
    }

    /// The phrases that the texts turn on most, at most `n`.
    pub fn phrases(&self, texts: &[&str], n: u32) -> &[String] {
        let all = self.phrases.get_or_init(|| coverage::key_phrases(texts, PHRASES));
        &all[..all.len().min(n as usize)]
    }
}
