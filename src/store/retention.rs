//! When a generation of the cache is to be written anew: sled keeps the space of what was removed.

/// Below this, removed rows are not worth the work.
const FEW: u64 = 5_000;

/// What is known about a generation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sizes {
    /// Rows there are.
    pub rows: u64,
    /// Rows removed since it was made.
    pub dead: u64,
    /// Bytes of its folder.
    pub bytes: u64,
    /// Bytes of its folder when it was made; 0 when it began empty.
    pub born: u64,
    /// Bytes it may have; 0: any.
    pub cap: u64,
}

/// Why it is to be written anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RollFor {
    /// More rows were removed than there are.
    DeadRows,
    /// It is over its cap, and has grown by half since it was made: writing it anew helps.
    Bytes,
}

/// Whether, and why.
pub fn roll_wanted(sizes: &Sizes) -> Option<RollFor> {
    let Sizes { rows, dead, bytes, born, cap } = *sizes;
    if dead >= FEW && dead > rows {
        return Some(RollFor::DeadRows);
    }
    (cap > 0 && bytes > cap && bytes > born.saturating_add(born / 2)).then_some(RollFor::Bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dead_rows_count_once_they_are_many_and_most() {
        let sizes = |rows, dead| Sizes { rows, dead, ..Sizes::default() };
        assert_eq!(roll_wanted(&sizes(10, 4_999)), None);
        assert_eq!(roll_wanted(&sizes(4_999, 5_000)), Some(RollFor::DeadRows));
        assert_eq!(roll_wanted(&sizes(1_000_000, 900_000)), None);
        assert_eq!(roll_wanted(&sizes(900_000, 1_000_000)), Some(RollFor::DeadRows));
    }

    #[test]
    fn a_cap_that_the_live_rows_alone_break_is_not_tried_for_ever() {
        let sizes = |bytes, born, cap| Sizes { rows: 9, bytes, born, cap, ..Sizes::default() };
        assert_eq!(roll_wanted(&sizes(100, 0, 0)), None);
        assert_eq!(roll_wanted(&sizes(100, 0, 100)), None);
        assert_eq!(roll_wanted(&sizes(101, 0, 100)), Some(RollFor::Bytes));
        assert_eq!(roll_wanted(&sizes(150, 100, 90)), None);
        assert_eq!(roll_wanted(&sizes(151, 100, 90)), Some(RollFor::Bytes));
    }
}
