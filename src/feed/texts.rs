//! The texts of one column of one block, end to end in one allocation.

/// Texts by number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Texts {
    all: String,
    ends: Vec<u32>,
}

impl Texts {
    /// Of texts as they lie in the image; `None` when the ends make no sense.
    pub(super) fn of(all: String, ends: Vec<u32>) -> Option<Texts> {
        let rising = ends.windows(2).all(|pair| pair[0] <= pair[1]);
        let whole = ends.last().map_or(0, |end| *end as usize) == all.len();
        let cut = ends.iter().all(|end| all.is_char_boundary(*end as usize));
        (rising && whole && cut).then_some(Texts { all, ends })
    }

    /// None yet, with room for as much as `other` holds and a little more.
    pub(super) fn with_room_of(other: &Texts) -> Texts {
        Texts { all: String::with_capacity(other.all.len() + other.all.len() / 16), ends: Vec::with_capacity(other.ends.len()) }
    }

    fn start(&self, at: usize) -> usize {
        if at == 0 { 0 } else { self.ends[at - 1] as usize }
    }

    pub(super) fn get(&self, at: usize) -> &str {
        &self.all[self.start(at)..self.ends[at] as usize]
    }

    pub(super) fn push(&mut self, text: &str) {
        self.all.push_str(text);
        self.ends.push(self.all.len() as u32);
    }

    /// Puts `text` in the place of what is at `at`, and moves what lies behind it: rare, and a block is small.
    pub(super) fn set(&mut self, at: usize, text: &str) {
        let (start, end) = (self.start(at), self.ends[at] as usize);
        if &self.all[start..end] == text {
            return;
        }
        self.all.replace_range(start..end, text);
        let new_end = start + text.len();
        for later in &mut self.ends[at..] {
            *later = (*later as usize + new_end - end) as u32;
        }
    }

    /// Every text, end to end.
    pub(super) fn all(&self) -> &str {
        &self.all
    }

    /// Where each text ends in [`Texts::all`].
    pub(super) fn ends(&self) -> &[u32] {
        &self.ends
    }

    pub(super) fn shrink(&mut self) {
        self.all.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    /// Bytes allocated.
    pub(super) fn weight(&self) -> usize {
        self.all.capacity() + self.ends.capacity() * 4
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Texts;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_text_comes_back(mut model in prop::collection::vec(".{0,12}", 1..20), acts in prop::collection::vec((0usize..20, ".{0,12}"), 0..40)) {
            let mut texts = Texts::default();
            model.iter().for_each(|text| texts.push(text));
            for (at, text) in acts {
                let at = at % model.len();
                texts.set(at, &text);
                model[at] = text;
            }
            for (at, text) in model.iter().enumerate() {
                prop_assert_eq!(texts.get(at), text);
            }
            prop_assert_eq!(Texts::of(texts.all().to_owned(), texts.ends().to_vec()), Some(texts));
        }
    }
}
