//! Dictionaries: what many jobs have in common is kept once and named by a number.

use hashbrown::HashTable;

use super::digest::Digest;
use crate::domain::job::{Met, Requirement};
use crate::domain::requester::{PayRecord, Requester};
use crate::domain::{Asset, Text};

/// Values by number and numbers by value. Number 0 is the empty value and always there. Values are counted, and a number that nobody
/// uses is given to the next new value, except while an image is being written: blocks already written may name it.
pub(super) struct Dictionary<T> {
    values: Vec<T>,
    uses: Vec<u32>,
    hashes: Vec<u32>,
    index: HashTable<u32>,
    free: Vec<u32>,
    most: usize,
    /// Numbers freed while the image is written.
    held: Option<Vec<u32>>,
}

/// A number, and whether it names something that it did not name before.
#[derive(Clone, Copy)]
pub(super) struct Named {
    pub(super) id: u32,
    pub(super) new: bool,
}

impl<T> Dictionary<T> {
    /// With `empty` as number 0 and room for `most` values.
    pub(super) fn new(empty: T, hash: u64, most: usize) -> Dictionary<T> {
        let mut dictionary = Dictionary {
            values: vec![empty],
            uses: vec![1],
            hashes: vec![hash as u32],
            index: HashTable::new(),
            free: Vec::new(),
            most,
            held: None,
        };
        dictionary.index.insert_unique(spread(hash as u32), 0, |_| 0);
        dictionary
    }

    /// The number of a value, counted once more. A value that there is no room for is told as the empty one.
    pub(super) fn name(&mut self, hash: u64, is: impl Fn(&T) -> bool, make: impl FnOnce() -> T) -> Named {
        let short = hash as u32;
        let found =
            self.index.find(spread(short), |id| self.hashes[*id as usize] == short && is(&self.values[*id as usize])).copied();
        if let Some(id) = found {
            self.uses[id as usize] += 1;
            return Named { id, new: false };
        }
        let id = match self.free.pop() {
            Some(id) => {
                self.values[id as usize] = make();
                self.hashes[id as usize] = short;
                self.uses[id as usize] = 1;
                id
            }
            None if self.values.len() >= self.most => {
                self.uses[0] += 1;
                return Named { id: 0, new: false };
            }
            None => {
                self.values.push(make());
                self.hashes.push(short);
                self.uses.push(1);
                self.values.len() as u32 - 1
            }
        };
        let hashes = &self.hashes;
        self.index.insert_unique(spread(short), id, |id| spread(hashes[*id as usize]));
        Named { id, new: true }
    }

    /// One row fewer names `id`.
    pub(super) fn release(&mut self, id: u32) {
        let at = id as usize;
        self.uses[at] = self.uses[at].saturating_sub(1);
        if self.uses[at] > 0 || id == 0 {
            return;
        }
        if let Ok(entry) = self.index.find_entry(spread(self.hashes[at]), |other| *other == id) {
            entry.remove();
        }
        match &mut self.held {
            Some(held) => held.push(id),
            None => self.free.push(id),
        }
    }

    /// One row more names `id`; false when there is no such number.
    pub(super) fn count(&mut self, id: u32) -> bool {
        self.uses.get_mut(id as usize).map(|uses| *uses += 1).is_some()
    }

    pub(super) fn get(&self, id: u32) -> &T {
        &self.values[id as usize]
    }

    /// Numbers given so far, free ones among them.
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// A row names it.
    pub(super) fn is_used(&self, id: usize) -> bool {
        self.uses.get(id).is_some_and(|uses| *uses > 0)
    }

    pub(super) fn values(&self) -> &[T] {
        &self.values
    }

    /// No number is given again until [`Dictionary::thaw`].
    pub(super) fn freeze(&mut self) {
        self.held.get_or_insert_default();
    }

    pub(super) fn thaw(&mut self) {
        self.free.extend(self.held.take().into_iter().flatten());
    }

    /// The dictionary that an image holds: `values` in the order of their numbers, nothing counted yet.
    pub(super) fn fill(&mut self, values: Vec<T>, hash: impl Fn(&T) -> u64) {
        for value in values {
            let short = hash(&value) as u32;
            self.values.push(value);
            self.hashes.push(short);
            self.uses.push(0);
        }
    }

    /// After [`Dictionary::fill`] and counting: what is named is found, what is not is free.
    pub(super) fn settle(&mut self) {
        let (hashes, uses) = (&self.hashes, &self.uses);
        for id in 1..self.values.len() as u32 {
            if uses[id as usize] == 0 {
                self.free.push(id);
            } else {
                self.index.insert_unique(spread(hashes[id as usize]), id, |id| spread(hashes[*id as usize]));
            }
        }
    }

    /// Bytes allocated, what values own not counted.
    pub(super) fn weight(&self) -> usize {
        self.values.capacity() * size_of::<T>()
            + self.uses.capacity() * 8
            + self.index.allocation_size()
            + self.free.capacity() * 4
    }
}

/// The table uses the top bits, of which a short hash has none.
fn spread(short: u32) -> u64 {
    u64::from(short).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Who asks, with how they paid.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Asker {
    pub(super) id: Text,
    pub(super) name: Text,
    pub(super) record: PayRecord,
}

impl Asker {
    /// The name, or the id where there is no name.
    pub(super) fn shown(&self) -> &str {
        if self.name.is_empty() { self.id.as_str() } else { self.name.as_str() }
    }
}

/// Every dictionary.
pub(super) struct Names {
    pub(super) sources: Dictionary<Text>,
    pub(super) kinds: Dictionary<Text>,
    pub(super) languages: Dictionary<Text>,
    pub(super) assets: Dictionary<Asset>,
    pub(super) askers: Dictionary<Asker>,
    pub(super) tags: Dictionary<Box<[Text]>>,
    pub(super) needs: Dictionary<Box<[Requirement]>>,
}

/// Columns of two bytes hold these many names.
const SHORT: usize = u16::MAX as usize;
const LONG: usize = u32::MAX as usize;

pub(super) fn text_hash(text: &str) -> u64 {
    super::digest::of_text(1, text)
}

pub(super) fn asset_hash(asset: &Asset) -> u64 {
    super::digest::of_text(u64::from(asset.exponent()), asset.code())
}

pub(super) fn asker_hash(id: &str, name: &str, record: &PayRecord) -> u64 {
    let mut digest = Digest::new(2);
    digest.text(id);
    digest.text(name);
    for number in [record.approved, record.rejected, record.paid, record.late, record.unpaid] {
        digest.maybe(number.map(u64::from));
    }
    digest.end()
}

pub(super) fn tags_hash(tags: &[Text]) -> u64 {
    let mut digest = Digest::new(tags.len() as u64);
    tags.iter().for_each(|tag| digest.text(tag.as_str()));
    digest.end()
}

pub(super) fn needs_hash(needs: &[Requirement]) -> u64 {
    let mut digest = Digest::new(needs.len() as u64);
    for need in needs {
        digest.text(need.kind.as_str());
        digest.text(need.text.as_str());
        digest.number(match need.met {
            Met::Yes => 0,
            Met::No => 1,
            Met::Unknown => 2,
        });
    }
    digest.end()
}

impl Default for Names {
    fn default() -> Self {
        let text = |most| Dictionary::new(Text::default(), text_hash(""), most);
        Names {
            sources: text(SHORT),
            kinds: text(SHORT),
            languages: text(SHORT),
            assets: Dictionary::new(Asset::USD, asset_hash(&Asset::USD), SHORT),
            askers: Dictionary::new(Asker::default(), asker_hash("", "", &PayRecord::default()), LONG),
            tags: Dictionary::new(Box::default(), tags_hash(&[]), LONG),
            needs: Dictionary::new(Box::default(), needs_hash(&[]), LONG),
        }
    }
}

impl Dictionary<Text> {
    pub(super) fn name_text(&mut self, text: &str) -> Named {
        self.name(text_hash(text), |known| known.as_str() == text, || Text::title(text))
    }
}

impl Names {
    pub(super) fn asset(&mut self, asset: Asset) -> Named {
        self.assets.name(asset_hash(&asset), |known| *known == asset, || asset)
    }

    pub(super) fn asker(&mut self, who: &Requester) -> Named {
        let hash = asker_hash(who.id.as_str(), who.name.as_str(), &who.record);
        let is = |known: &Asker| known.id == who.id && known.name == who.name && known.record == who.record;
        self.askers.name(hash, is, || Asker { id: who.id.clone(), name: who.name.clone(), record: who.record })
    }

    pub(super) fn tag_set(&mut self, tags: &[Text]) -> Named {
        self.tags.name(tags_hash(tags), |known| **known == *tags, || tags.into())
    }

    pub(super) fn need_set(&mut self, needs: &[Requirement]) -> Named {
        self.needs.name(needs_hash(needs), |known| **known == *needs, || needs.into())
    }

    pub(super) fn freeze(&mut self) {
        self.sources.freeze();
        self.kinds.freeze();
        self.languages.freeze();
        self.assets.freeze();
        self.askers.freeze();
        self.tags.freeze();
        self.needs.freeze();
    }

    pub(super) fn thaw(&mut self) {
        self.sources.thaw();
        self.kinds.thaw();
        self.languages.thaw();
        self.assets.thaw();
        self.askers.thaw();
        self.tags.thaw();
        self.needs.thaw();
    }
}
