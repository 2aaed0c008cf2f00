//! Items that are likely alike among very many: one-permutation MinHash of their trigrams, in bands, each candidate compared
//! exactly. What it brings together is really alike; at 60 % likeness it misses about one pair in a hundred, at 80 % none in ten
//! thousand.

use super::distinct::{grams, over, trigrams};

/// Values of a fingerprint: bands of so many rows.
const BANDS: usize = 21;
const ROWS: usize = 3;
const BINS: usize = 64;
/// Most items that have fingerprints made.
const MOST: usize = 250_000;
/// Candidates that one item is compared with in a band.
const NEIGHBOURS: usize = 8;

/// Fills in which earlier item each one is like. When the budget did not suffice: how many items are sure.
pub fn pairs(shapes: &[String], percent: u8, budget: usize, like: &mut [Option<(usize, usize)>]) -> Option<usize> {
    // What says the very same as an earlier one is known already.
    let open = (0u32..).zip(shapes).zip(like.iter()).filter(|((_, shape), like)| like.is_none() && !shape.is_empty());
    let prints: Vec<(u32, [u32; BINS])> = open.take(MOST).map(|((i, shape), _)| (i, print(shape))).collect();
    let looked_at = prints.last().map_or(0, |(i, _)| *i as usize + 1);
    let mut spent = 0;
    let mut band: Vec<(u64, u32)> = Vec::with_capacity(shapes.len());
    for nth in 0..BANDS {
        band.clear();
        band.extend(prints.iter().filter(|(i, _)| like[*i as usize].is_none()).map(|(i, print)| {
            let rows = &print[nth * ROWS..(nth + 1) * ROWS];
            (rows.iter().fold(nth as u64, |key, row| mixed(key ^ u64::from(*row))), *i)
        }));
        band.sort_unstable();
        for run in band.chunk_by(|a, b| a.0 == b.0).filter(|run| run.len() > 1) {
            // Making the sets ready is work as well.
            spent += run.len() * 200;
            if spent > budget {
                return Some(0);
            }
            let grams: Vec<Vec<u64>> = run.iter().take(NEIGHBOURS).map(|(_, i)| trigrams(&shapes[*i as usize])).collect();
            for (n, (_, later)) in run.iter().enumerate().skip(1) {
                let own;
                let mine = match grams.get(n) {
                    Some(grams) => grams,
                    None => {
                        own = trigrams(&shapes[*later as usize]);
                        &own
                    }
                };
                for ((_, earlier), theirs) in run[..n].iter().zip(&grams) {
                    spent += 1 + mine.len() + theirs.len();
                    if spent > budget {
                        return Some(0);
                    }
                    if let Some(percent) = over(theirs, mine, percent) {
                        like[*later as usize] = Some((*earlier as usize, percent));
                        break;
                    }
                }
            }
        }
    }
    (prints.len() == MOST).then_some(looked_at)
}

/// The least value of each bin; an empty bin takes the next one's.
fn print(shape: &str) -> [u32; BINS] {
    let mut bins = [u32::MAX; BINS];
    for gram in grams(shape) {
        let hash = mixed(gram);
        let bin = &mut bins[(hash >> 58) as usize];
        *bin = (*bin).min(hash as u32);
    }
    let whole = bins;
    for (i, bin) in bins.iter_mut().enumerate().filter(|(_, bin)| **bin == u32::MAX) {
        let next = (1..BINS).map(|step| (step, whole[(i + step) % BINS])).find(|(_, value)| *value != u32::MAX);
        *bin = next.map_or(u32::MAX, |(step, value)| value.wrapping_add(step as u32));
    }
    bins
}

/// A number whose every bit depends on every bit of this one (the finaliser of SplitMix64).
fn mixed(n: u64) -> u64 {
    let n = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}
