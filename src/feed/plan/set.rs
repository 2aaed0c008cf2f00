//! The names of a dictionary that a pattern fits: found once for each name, not for each job.

use crate::domain::job::Requirement;
use crate::domain::query::Matcher;
use crate::domain::{Asset, Text};
use crate::feed::coding::Fresh;
use crate::feed::names::{Dictionary, Names};

/// Which dictionary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    Source,
    Kind,
    Language,
    Asker,
    Tags,
    Needs,
}

/// Numbers of the names that fit.
#[derive(Clone, Debug)]
pub(super) struct Set {
    pub(super) of: Of,
    matchers: Vec<Matcher>,
    /// For requirements: how the text is matched, where `matchers` match the kind.
    prose: Vec<Matcher>,
    bits: Vec<u64>,
}

impl Set {
    pub(super) fn new(of: Of, matchers: Vec<Matcher>, prose: Vec<Matcher>, names: &Names) -> Set {
        let mut set = Set { of, matchers, prose, bits: Vec::new() };
        let len = match of {
            Of::Source => names.sources.len(),
            Of::Kind => names.kinds.len(),
            Of::Language => names.languages.len(),
            Of::Asker => names.askers.len(),
            Of::Tags => names.tags.len(),
            Of::Needs => names.needs.len(),
        };
        set.bits = vec![0; len.div_ceil(64)];
        for id in 0..len as u32 {
            set.look(id, names);
        }
        set
    }

    pub(super) fn has(&self, id: u32) -> bool {
        self.bits.get(id as usize / 64).is_some_and(|word| word >> (id % 64) & 1 == 1)
    }

    /// None of the names fits: no row need be looked at.
    pub(super) fn is_empty(&self) -> bool {
        self.bits.iter().all(|word| *word == 0)
    }

    /// Names that were given since.
    pub(super) fn learn(&mut self, fresh: &Fresh, names: &Names) {
        let named = match self.of {
            Of::Source => fresh.source,
            Of::Kind => fresh.kind,
            Of::Language => fresh.language,
            Of::Asker => fresh.asker,
            Of::Tags => fresh.tags,
            Of::Needs => fresh.needs,
        };
        if named.new {
            self.look(named.id, names);
        }
    }

    fn look(&mut self, id: u32, names: &Names) {
        let fits = match self.of {
            Of::Source => self.text(&names.sources, id),
            Of::Kind => self.text(&names.kinds, id),
            Of::Language => self.text(&names.languages, id),
            Of::Asker => self.any(names.askers.get(id).shown()),
            Of::Tags => names.tags.get(id).iter().any(|tag| self.any(tag.as_str())),
            Of::Needs => names.needs.get(id).iter().any(|need| self.need(need)),
        };
        let at = id as usize / 64;
        if at >= self.bits.len() {
            self.bits.resize(at + 1, 0);
        }
        let bit = 1 << (id % 64);
        if fits {
            self.bits[at] |= bit;
        } else {
            self.bits[at] &= !bit;
        }
    }

    fn text(&self, dictionary: &Dictionary<Text>, id: u32) -> bool {
        self.any(dictionary.get(id).as_str())
    }

    fn any(&self, text: &str) -> bool {
        self.matchers.iter().any(|matcher| matcher.fits(text))
    }

    fn need(&self, need: &Requirement) -> bool {
        self.any(need.kind.as_str()) || self.prose.iter().any(|matcher| matcher.fits(need.text.as_str()))
    }
}

/// One value for each asset.
#[derive(Clone, Debug)]
pub(super) struct PerAsset<T>(pub(super) Vec<T>);

impl<T: Copy> PerAsset<T> {
    pub(super) fn new(names: &Names, of: impl Fn(&Asset) -> T) -> PerAsset<T> {
        PerAsset(names.assets.values().iter().map(of).collect())
    }

    pub(super) fn learn(&mut self, fresh: &Fresh, names: &Names, of: impl Fn(&Asset) -> T) {
        if !fresh.asset.new {
            return;
        }
        let at = fresh.asset.id as usize;
        let value = of(names.assets.get(fresh.asset.id));
        if at < self.0.len() {
            self.0[at] = value;
        } else {
            self.0.push(value);
        }
    }
}
