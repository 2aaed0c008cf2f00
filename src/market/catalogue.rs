//! Everything that can be posted: requesters and works.

use std::collections::HashMap;

use super::assets;
use super::requester::{self, Requester};
use super::template::{self, BadAsset, Work};

/// Requesters and works, read once.
pub struct Catalogue {
    /// Who posts.
    pub requesters: Vec<Requester>,
    /// What can be posted.
    pub works: Vec<Work>,
    /// Indexes of works by kind, with how often the kind comes up.
    kinds: Vec<(u64, Vec<usize>)>,
}

impl Catalogue {
    /// Reads the shipped files; `seed` decides which requirements the worker meets.
    pub fn load(seed: u64) -> Result<Catalogue, BadAsset> {
        let requesters = requester::read(assets::REQUESTERS)?;
        let by_id: HashMap<&str, usize> = requesters.iter().enumerate().map(|(i, r)| (&*r.id, i)).collect();
        let mut works = Vec::new();
        let mut kinds = Vec::new();
        for (name, text) in assets::KINDS {
            let first = works.len();
            works.extend(template::works(&format!("kinds/{name}.toml"), text, seed, &|id| by_id.get(id).copied())?);
            kinds.push((weight(name), (first..works.len()).collect()));
        }
        Ok(Catalogue { requesters, works, kinds })
    }

    /// The kind under a number below [`Catalogue::weights`]: indexes of its works.
    pub fn kind_at(&self, mut at: u64) -> &[usize] {
        for (weight, works) in &self.kinds {
            match at.checked_sub(*weight) {
                Some(rest) => at = rest,
                None => return works,
            }
        }
        self.kinds.last().map_or(&[], |(_, works)| works)
    }

    /// The sum of all kinds' weights.
    pub fn weights(&self) -> u64 {
        self.kinds.iter().map(|(weight, _)| weight).sum()
    }

    /// What the worker is known to be: the words of the requirements met, each once.
    pub fn qualifications(&self) -> Vec<String> {
        let met = self.works.iter().flat_map(|w| &w.requirements).filter(|r| r.met == "yes");
        let mut all: Vec<String> = met.map(|r| r.text.clone()).collect();
        all.sort();
        all.dedup();
        all
    }
}

/// How often a kind comes up beside the others.
fn weight(kind: &str) -> u64 {
    match kind {
        "tagline" | "chat" => 5,
        "art" | "script" | "product" | "caption" => 4,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_can_be_filled_in() {
        let catalogue = Catalogue::load(7).unwrap_or_else(|e| unreachable!("{e}"));
        assert!(catalogue.kinds.iter().all(|(weight, works)| *weight > 0 && !works.is_empty()));
        for work in &catalogue.works {
            assert!(work.summary.chars().count() <= 400 && !work.brief.contains("{{"), "{}", work.key);
            assert!(!work.deliverable.rules.is_empty(), "{}", work.key);
            // Names stand in addresses as they are.
            let plain = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
            assert!(work.attachments.iter().all(|a| plain(&a.name) && !a.bytes.is_empty()), "{}", work.key);
        }
        let unmet = catalogue.works.iter().filter(|w| w.requirements.iter().any(|r| r.met == "no")).count();
        assert!(unmet * 3 < catalogue.works.len(), "{unmet} of {} are out of reach", catalogue.works.len());
    }
}
