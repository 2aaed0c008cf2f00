//! A thousand rows, column by column.

use super::mask::{Mask, ROWS};
use super::texts::Texts;
use crate::domain::query::fold;

/// No value in a column of numbers.
pub(super) const NONE: u32 = u32::MAX;
/// The value does not fit and stands beside the columns.
pub(super) const BEYOND: u32 = u32::MAX - 1;
/// As [`NONE`], in columns of two bytes.
pub(super) const NONE16: u16 = u16::MAX;
/// As [`BEYOND`], in columns of two bytes.
pub(super) const BEYOND16: u16 = u16::MAX - 1;
/// As [`NONE`], in columns of one byte.
pub(super) const NONE8: u8 = u8::MAX;

/// Declares the columns once: the block that holds them, the row that is read and written whole, and what walks over all of them.
macro_rules! columns {
    ($($(#[$doc:meta])* $name:ident: $type:ty,)*) => {
        /// One row's numbers.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub(super) struct Cells { $($(#[$doc])* pub(super) $name: $type,)* }

        /// Columns of numbers.
        #[derive(Default)]
        pub(super) struct Numbers { $($(#[$doc])* pub(super) $name: Vec<$type>,)* }

        impl Numbers {
            fn with_capacity(rows: usize) -> Numbers {
                Numbers { $($name: Vec::with_capacity(rows),)* }
            }

            pub(super) fn get(&self, at: usize) -> Cells {
                Cells { $($name: self.$name[at],)* }
            }

            fn put(&mut self, at: usize, cells: &Cells) {
                $(self.$name[at] = cells.$name;)*
            }

            fn push(&mut self, cells: &Cells) {
                $(self.$name.push(cells.$name);)*
            }

            fn weight(&self) -> usize {
                0 $(+ self.$name.capacity() * size_of::<$type>())*
            }

            /// Every column, one after the other, as little-endian bytes.
            pub(super) fn write(&self, out: &mut Vec<u8>) {
                $(self.$name.iter().for_each(|value| out.extend_from_slice(&value.to_le_bytes()));)*
            }

            /// `rows` rows of what [`Numbers::write`] wrote; `None` when there is too little.
            pub(super) fn read(rows: usize, bytes: &mut &[u8]) -> Option<Numbers> {
                let mut numbers = Numbers::with_capacity(ROWS);
                $({
                    const WIDTH: usize = size_of::<$type>();
                    let (column, rest) = bytes.split_at_checked(rows * WIDTH)?;
                    *bytes = rest;
                    let (values, _) = column.as_chunks::<WIDTH>();
                    numbers.$name.extend(values.iter().map(|value| <$type>::from_le_bytes(*value)));
                })*
                Some(numbers)
            }
        }
    };
}

columns! {
    /// Digest of what the listing says, detail texts apart; 0 when it was changed here (vanished).
    said: u64,
    /// Digest of the detail texts.
    body: u32,
    /// Digest of the platform's revision or stamp.
    stamp: u32,
    /// Rises with every new row; the last tie in every order.
    arrival: u32,
    asker: u32,
    tags: u32,
    needs: u32,
    /// Gross, in minor units of `asset`.
    pay: u32,
    net: u32,
    hourly: u32,
    seconds: u32,
    /// Seconds since 1970, as all times.
    since: u32,
    first_seen: u32,
    last_seen: u32,
    expires: u32,
    ttl: u32,
    kind: u16,
    source: u16,
    language: u16,
    asset: u16,
    slots: u16,
    rivals: u16,
    count: u16,
    flags: u16,
    ai: u8,
    mode: u8,
    status: u8,
    /// 0, or one more than the state's number.
    mine: u8,
    fit: u8,
    costs: u8,
    /// Signs of a cheat in its texts.
    signs: u8,
    /// The poll round of its source that listed it last.
    round: u8,
}

/// Bits of `flags`.
pub(super) mod flag {
    pub(in crate::feed) const SEEN: u16 = 1;
    pub(in crate::feed) const STARRED: u16 = 1 << 1;
    pub(in crate::feed) const HIDDEN: u16 = 1 << 2;
    pub(in crate::feed) const PINNED: u16 = 1 << 3;
    /// When it wakes stands beside the columns.
    pub(in crate::feed) const ASLEEP: u16 = 1 << 4;
    /// When it reopened stands beside the columns.
    pub(in crate::feed) const REOPENED: u16 = 1 << 5;
    pub(in crate::feed) const SUSPICIOUS: u16 = 1 << 6;
    pub(in crate::feed) const BARRED: u16 = 1 << 7;
    pub(in crate::feed) const BLOCKED: u16 = 1 << 8;
    /// The seconds are what others took.
    pub(in crate::feed) const OBSERVED: u16 = 1 << 9;
    /// Numbers of it stand beside the columns.
    pub(in crate::feed) const BEYOND: u16 = 1 << 10;
    pub(in crate::feed) const DETAILED: u16 = 1 << 11;
    /// Its folded title is more than ASCII case and stands by itself.
    pub(in crate::feed) const FOLDED: u16 = 1 << 12;
    /// The pay is for a delivery.
    pub(in crate::feed) const PER_DELIVERY: u16 = 1 << 13;
    /// The pay is too good to be true.
    pub(in crate::feed) const TOO_GOOD: u16 = 1 << 14;
}

/// Rows and their texts. Rows are never moved; one that is removed is taken by a later job.
#[derive(Default)]
pub(super) struct Block {
    pub(super) numbers: Numbers,
    pub(super) keys: Texts,
    pub(super) titles: Texts,
    /// Folded titles that differ from the titles in more than ASCII case: row and text, ascending.
    folded: Vec<(u16, Box<str>)>,
    /// Rows that hold a job.
    pub(super) live: Mask,
}

impl Block {
    /// An empty block, with room for texts as long as those of `like`.
    pub(super) fn new(like: Option<&Block>) -> Block {
        let mut block = Block { numbers: Numbers::with_capacity(ROWS), ..Block::default() };
        if let Some(like) = like {
            block.keys = Texts::with_room_of(&like.keys);
            block.titles = Texts::with_room_of(&like.titles);
        }
        block
    }

    /// A block as the image holds it.
    pub(super) fn of(numbers: Numbers, keys: Texts, titles: Texts, live: Mask) -> Block {
        let mut block = Block { numbers, keys, titles, live, folded: Vec::new() };
        for at in 0..block.len() {
            block.refold(at);
        }
        block
    }

    pub(super) fn len(&self) -> usize {
        self.numbers.said.len()
    }

    pub(super) fn is_full(&self) -> bool {
        self.len() == ROWS
    }

    pub(super) fn push(&mut self, key: &str, title: &str, cells: &Cells) -> usize {
        let at = self.len();
        self.keys.push(key);
        self.titles.push(title);
        self.numbers.push(cells);
        self.live.put(at, true);
        self.refold(at);
        if self.is_full() {
            self.keys.shrink();
            self.titles.shrink();
        }
        at
    }

    /// Puts a job where another was.
    pub(super) fn fill(&mut self, at: usize, key: &str, title: &str, cells: &Cells) {
        self.keys.set(at, key);
        self.numbers.put(at, cells);
        self.live.put(at, true);
        self.retitle(at, title);
    }

    pub(super) fn put(&mut self, at: usize, cells: &Cells) {
        self.numbers.put(at, cells);
    }

    pub(super) fn clear(&mut self, at: usize) {
        self.keys.set(at, "");
        self.numbers.put(at, &Cells { expires: NONE, ..Cells::default() });
        self.live.put(at, false);
        self.retitle(at, "");
    }

    /// Another title. The flag of its folding follows.
    pub(super) fn retitle(&mut self, at: usize, title: &str) {
        self.titles.set(at, title);
        self.refold(at);
    }

    fn refold(&mut self, at: usize) {
        let title = self.titles.get(at);
        let own = (!title.is_ascii()).then(|| fold(title)).filter(|folded| **folded != title.to_ascii_lowercase());
        let own = own.map(|folded| Box::from(folded.as_ref()));
        let flags = &mut self.numbers.flags[at];
        *flags = if own.is_some() { *flags | flag::FOLDED } else { *flags & !flag::FOLDED };
        match (self.folded.binary_search_by_key(&at, |(row, _)| usize::from(*row)), own) {
            (Ok(found), Some(own)) => self.folded[found].1 = own,
            (Ok(found), None) => {
                self.folded.remove(found);
            }
            (Err(place), Some(own)) => self.folded.insert(place, (at as u16, own)),
            (Err(_), None) => {}
        }
    }

    /// The folded titles that stand by themselves, with their rows.
    pub(super) fn folded(&self) -> &[(u16, Box<str>)] {
        &self.folded
    }

    /// The folded title, made in `buffer` where it does not stand by itself.
    pub(super) fn fold_title<'a>(&'a self, at: usize, buffer: &'a mut String) -> &'a str {
        if self.numbers.flags[at] & flag::FOLDED != 0
            && let Ok(found) = self.folded.binary_search_by_key(&at, |(row, _)| usize::from(*row))
        {
            return &self.folded[found].1;
        }
        buffer.clear();
        buffer.push_str(self.titles.get(at));
        buffer.make_ascii_lowercase();
        buffer
    }

    pub(super) fn weight(&self) -> usize {
        let folded: usize = self.folded.iter().map(|(_, text)| text.len() + size_of::<(u16, Box<str>)>()).sum();
        size_of::<Block>() + self.numbers.weight() + self.keys.weight() + self.titles.weight() + folded
    }
}
