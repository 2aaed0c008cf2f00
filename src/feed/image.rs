//! The columns as bytes: what a start reads instead of a million jobs.
//!
//! An image is written in sections, one block each, and the dictionaries last. Between two sections the feed goes on: every block is
//! whole in itself, no number of a dictionary is given to another value meanwhile, and what changed after a block was written is
//! brought up by the caller, who knows what changed since the image was begun. Checksums are the caller's.

use super::block::{Block, Numbers, flag};
use super::bytes::{Reader, put_asset, put_i64, put_len, put_maybe, put_money, put_text, put_time, put_u32, put_wake};
use super::cells;
use super::columns::Columns;
use super::mask::{Mask, ROWS};
use super::names::{Asker, Names, asker_hash, asset_hash, needs_hash, tags_hash, text_hash};
use super::table::{Large, Table};
use super::texts::Texts;
use crate::domain::job::{Met, Requirement};
use crate::domain::requester::PayRecord;
use crate::domain::{Text, Time};

/// Version of the codec: rises with every change of a column.
pub const IMAGE_VERSION: u32 = 3;

/// A part of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImagePart {
    /// What it is.
    pub tag: u32,
    /// Its content.
    pub bytes: Vec<u8>,
}

const BLOCK: u32 = 1;
const NAMES: u32 = 2;

/// The bytes are not an image of this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the image of the feed is damaged")]
pub struct ImageError;

impl Columns {
    /// An image is begun: until [`Columns::end_image`] the dictionaries give no number twice.
    pub fn begin_image(&mut self) {
        self.table.names.freeze();
    }

    /// Part `number` of the image, from 0 on; `None` behind the last. Some 100 kB and 50 µs each.
    pub fn image_part(&self, number: usize) -> Option<ImagePart> {
        let blocks = self.table.blocks.len();
        match self.table.blocks.get(number) {
            Some(block) => Some(ImagePart { tag: BLOCK, bytes: write_block(&self.table, number, block) }),
            None => (number == blocks).then(|| ImagePart { tag: NAMES, bytes: write_names(&self.table.names) }),
        }
    }

    /// The image is written, or was given up.
    pub fn end_image(&mut self) {
        self.table.names.thaw();
    }
}

/// Puts the parts of an image together.
#[derive(Default)]
pub struct Loader {
    table: Table,
    live: usize,
    named: bool,
}

impl Loader {
    /// Takes the next part in.
    ///
    /// # Errors
    /// [`ImageError`] when it is not one, or not in order.
    pub fn take(&mut self, tag: u32, bytes: &[u8]) -> Result<(), ImageError> {
        let read = match tag {
            BLOCK if !self.named => self.read_block(&mut Reader(bytes)),
            NAMES if !self.named => {
                self.named = true;
                read_names(&mut self.table.names, &mut Reader(bytes))
            }
            _ => None,
        };
        read.ok_or(ImageError)
    }

    /// The feed of the image, as of `now`.
    ///
    /// # Errors
    /// [`ImageError`] when parts are missing or do not belong together.
    pub fn finish(mut self, now: Time) -> Result<Columns, ImageError> {
        if !self.named || !self.count_names() {
            return Err(ImageError);
        }
        let names = &mut self.table.names;
        names.sources.settle();
        names.kinds.settle();
        names.languages.settle();
        names.assets.settle();
        names.askers.settle();
        names.tags.settle();
        names.needs.settle();
        self.table.adopt(self.live);
        let mut columns = Columns::new(now);
        let sleepers: Vec<u32> = self.table.beside.asleep.keys().copied().collect();
        columns.table = self.table;
        for row in sleepers {
            let marks = columns.table.marks(row, columns.table.cells(row).flags);
            columns.clock.sleep(row, marks);
        }
        Ok(columns)
    }

    fn count_names(&mut self) -> bool {
        let names = &mut self.table.names;
        self.table.blocks.iter().all(|block| {
            let n = &block.numbers;
            block.live.rows().all(|at| {
                names.sources.count(u32::from(n.source[at]))
                    && names.kinds.count(u32::from(n.kind[at]))
                    && names.languages.count(u32::from(n.language[at]))
                    && names.assets.count(u32::from(n.asset[at]))
                    && names.askers.count(n.asker[at])
                    && names.tags.count(n.tags[at])
                    && names.needs.count(n.needs[at])
            })
        })
    }

    fn read_block(&mut self, from: &mut Reader<'_>) -> Option<()> {
        // All but the last are full.
        let full = self.table.blocks.last().is_none_or(Block::is_full);
        let rows = from.u32()? as usize;
        if !full || rows == 0 || rows > ROWS {
            return None;
        }
        let mut live = Mask::default();
        for word in &mut live.0 {
            *word = from.u64()?;
        }
        let mut numbers = Numbers::read(rows, &mut from.0)?;
        let (keys, titles) = (read_texts(from, rows)?, read_texts(from, rows)?);
        if live.without(&Mask::first(rows)) != Mask::default() {
            return None;
        }
        let known = |at: usize| cells::is_known(numbers.ai[at], numbers.mode[at], numbers.status[at], numbers.mine[at]);
        if !(0..rows).all(known) || !live.rows().all(|at| keys.get(at).contains(':')) {
            return None;
        }
        // Poll rounds begin anew.
        numbers.round.iter_mut().for_each(|round| *round = 0);
        let first = u32::try_from(self.table.blocks.len() * ROWS).ok()?;
        for at in 0..rows {
            let flags = if live.has(at) { numbers.flags[at] } else { 0 };
            self.read_beside(first + at as u32, flags, from)?;
        }
        self.live += live.count();
        self.table.blocks.push(Block::of(numbers, keys, titles, live));
        from.0.is_empty().then_some(())
    }

    fn read_beside(&mut self, row: u32, flags: u16, from: &mut Reader<'_>) -> Option<()> {
        let beside = &mut self.table.beside;
        if flags & flag::ASLEEP != 0 {
            beside.asleep.insert(row, (from.maybe(Reader::time)?, from.maybe(Reader::wake)?));
        }
        if flags & flag::REOPENED != 0 {
            beside.reopened.insert(row, from.time()?);
        }
        if flags & flag::BEYOND != 0 {
            let large = Large {
                pay: from.maybe(Reader::money)?,
                net: from.maybe(Reader::money)?,
                hourly: from.maybe(Reader::money)?,
                slots: from.maybe(Reader::u32)?,
                rivals: from.maybe(Reader::u32)?,
            };
            beside.beyond.insert(row, large);
        }
        Some(())
    }
}

fn write_block(table: &Table, number: usize, block: &Block) -> Vec<u8> {
    let texts = block.keys.weight() + block.titles.weight();
    let mut out = Vec::with_capacity(block.len() * 100 + texts);
    put_len(&mut out, block.len());
    block.live.0.iter().for_each(|word| out.extend_from_slice(&word.to_le_bytes()));
    block.numbers.write(&mut out);
    write_texts(&mut out, &block.keys);
    write_texts(&mut out, &block.titles);
    for at in block.live.rows() {
        let (row, flags) = ((number * ROWS + at) as u32, block.numbers.flags[at]);
        if flags & flag::ASLEEP != 0 {
            let (until, wake) = table.beside.asleep.get(&row).copied().unwrap_or_default();
            put_maybe(&mut out, until, put_time);
            put_maybe(&mut out, wake, put_wake);
        }
        if flags & flag::REOPENED != 0 {
            put_time(&mut out, table.beside.reopened.get(&row).copied().unwrap_or_default());
        }
        if flags & flag::BEYOND != 0 {
            let large = table.large(row, flags);
            for money in [large.pay, large.net, large.hourly] {
                put_maybe(&mut out, money, put_money);
            }
            for count in [large.slots, large.rivals] {
                put_maybe(&mut out, count, put_u32);
            }
        }
    }
    out
}

fn write_texts(out: &mut Vec<u8>, texts: &Texts) {
    texts.ends().iter().for_each(|end| put_u32(out, *end));
    out.extend_from_slice(texts.all().as_bytes());
}

fn read_texts(from: &mut Reader<'_>, rows: usize) -> Option<Texts> {
    let (ends, _) = from.bytes(rows * 4)?.as_chunks::<4>();
    let ends: Vec<u32> = ends.iter().map(|end| u32::from_le_bytes(*end)).collect();
    let all = std::str::from_utf8(from.bytes(*ends.last()? as usize)?).ok()?;
    // Every text was scrubbed when it came in; what a terminal would obey was never written.
    let steers = |b: &u8| *b < b' ' || *b == 0x7f;
    let clean = !all.as_bytes().iter().any(steers) && (all.is_ascii() || !all.chars().any(|c| matches!(c, '\u{80}'..='\u{9f}')));
    clean.then(|| Texts::of(all.to_owned(), ends)).flatten()
}

fn write_names(names: &Names) -> Vec<u8> {
    let mut out = Vec::new();
    for dictionary in [&names.sources, &names.kinds, &names.languages] {
        put_len(&mut out, dictionary.len() - 1);
        dictionary.values()[1..].iter().for_each(|text| put_text(&mut out, text.as_str()));
    }
    put_len(&mut out, names.assets.len() - 1);
    names.assets.values()[1..].iter().for_each(|asset| put_asset(&mut out, *asset));
    put_len(&mut out, names.askers.len() - 1);
    for asker in &names.askers.values()[1..] {
        put_text(&mut out, asker.id.as_str());
        put_text(&mut out, asker.name.as_str());
        let record = &asker.record;
        for number in [record.approved, record.rejected, record.paid, record.late, record.unpaid] {
            put_maybe(&mut out, number, put_u32);
        }
    }
    put_len(&mut out, names.tags.len() - 1);
    for tags in &names.tags.values()[1..] {
        put_len(&mut out, tags.len());
        tags.iter().for_each(|tag| put_text(&mut out, tag.as_str()));
    }
    put_len(&mut out, names.needs.len() - 1);
    for needs in &names.needs.values()[1..] {
        put_len(&mut out, needs.len());
        for need in needs {
            put_text(&mut out, need.kind.as_str());
            put_text(&mut out, need.text.as_str());
            out.push(need.met as u8);
        }
    }
    put_i64(&mut out, i64::from(IMAGE_VERSION));
    out
}

fn read_names(names: &mut Names, from: &mut Reader<'_>) -> Option<()> {
    for dictionary in [&mut names.sources, &mut names.kinds, &mut names.languages] {
        let len = from.len(4)?;
        if len > usize::from(u16::MAX) {
            return None;
        }
        let texts: Option<Vec<Text>> = (0..len).map(|_| from.text()).collect();
        dictionary.fill(texts?, |text| text_hash(text.as_str()));
    }
    let len = from.len(5)?;
    let assets: Option<Vec<_>> = (0..len).map(|_| from.asset()).collect();
    names.assets.fill(assets?, asset_hash);
    let len = from.len(13)?;
    let askers: Option<Vec<Asker>> = (0..len).map(|_| read_asker(from)).collect();
    names.askers.fill(askers?, |asker| asker_hash(asker.id.as_str(), asker.name.as_str(), &asker.record));
    let len = from.len(4)?;
    let sets: Option<Vec<Box<[Text]>>> = (0..len).map(|_| read_tags(from)).collect();
    names.tags.fill(sets?, |tags| tags_hash(tags));
    let len = from.len(4)?;
    let sets: Option<Vec<Box<[Requirement]>>> = (0..len).map(|_| read_needs(from)).collect();
    names.needs.fill(sets?, |needs| needs_hash(needs));
    (from.i64()? == i64::from(IMAGE_VERSION) && from.0.is_empty()).then_some(())
}

fn read_asker(from: &mut Reader<'_>) -> Option<Asker> {
    let (id, name) = (from.text()?, from.text()?);
    let mut number = || from.maybe(Reader::u32);
    let record = PayRecord { approved: number()?, rejected: number()?, paid: number()?, late: number()?, unpaid: number()? };
    Some(Asker { id, name, record })
}

fn read_tags(from: &mut Reader<'_>) -> Option<Box<[Text]>> {
    let len = from.len(4)?;
    (0..len).map(|_| from.text()).collect()
}

fn read_needs(from: &mut Reader<'_>) -> Option<Box<[Requirement]>> {
    let len = from.len(9)?;
    (0..len)
        .map(|_| {
            let (kind, text) = (from.text()?, from.text()?);
            let met = [Met::Yes, Met::No, Met::Unknown].get(usize::from(from.u8()?)).copied()?;
            Some(Requirement { kind, text, met })
        })
        .collect()
}
