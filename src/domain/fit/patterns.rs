//! The profile made ready to be compared with a million jobs.

use crate::domain::query::{Matcher, Pattern, Place, fold};
use crate::domain::{Profile, Text};

/// Most skills that count; the config refuses more.
pub const SKILLS: usize = 128;

/// A profile's words as matchers. Case never matters; `*` in a kind stands for anything.
#[derive(Clone, Debug)]
pub struct Patterns {
    likes: Vec<Matcher>,
    refuses: Vec<(Matcher, Text)>,
    /// Whole values, the words anywhere in prose, and the skill as written.
    skills: Vec<(Matcher, Matcher, Text)>,
    places: Vec<Matcher>,
    nothing: bool,
}

impl Patterns {
    /// Of a profile.
    pub fn of(profile: &Profile) -> Patterns {
        let wild = |text: &Text| Matcher::new(&Pattern::Wild(text.as_str().to_owned()), Place::Whole);
        let phrase = |text: &Text| Matcher::new(&Pattern::Exact(text.as_str().to_owned()), Place::Prose);
        Patterns {
            likes: profile.likes.iter().map(wild).collect(),
            refuses: profile.refuses.iter().map(|text| (wild(text), text.clone())).collect(),
            skills: profile.skills.iter().map(|text| (wild(text), phrase(text), text.clone())).collect(),
            places: profile.places.iter().map(phrase).collect(),
            nothing: profile.is_empty(),
        }
    }

    /// The profile is empty.
    pub(super) fn says_nothing(&self) -> bool {
        self.nothing
    }

    pub(super) fn likes(&self, kind: &str, folded: &str) -> bool {
        self.likes.iter().any(|matcher| matcher.fits_both(kind, folded))
    }

    /// The pattern by which the kind is refused.
    pub(super) fn refuses(&self, kind: &str, folded: &str) -> Option<&Text> {
        self.refuses.iter().find(|(matcher, _)| matcher.fits_both(kind, folded)).map(|(_, text)| text)
    }

    /// Skills that the kind or a tag names, among the first [`SKILLS`].
    pub(super) fn skills_in<'a>(&'a self, kind: &str, tags: &[Text]) -> impl Iterator<Item = &'a Text> {
        let mut named = 0_u128;
        if !self.skills.is_empty() {
            for text in tags.iter().map(Text::as_str).chain([kind]) {
                let folded = fold(text);
                for (n, (matcher, ..)) in self.skills.iter().enumerate().take(SKILLS) {
                    named |= u128::from(matcher.fits_both(text, &folded)) << n;
                }
            }
        }
        self.skills.iter().take(SKILLS).enumerate().filter(move |(n, _)| named >> n & 1 == 1).map(|(_, (.., text))| text)
    }

    /// A skill stands in these words.
    pub(super) fn skill_in_prose(&self, text: &str) -> bool {
        self.skills.iter().any(|(_, matcher, _)| matcher.fits(text))
    }

    /// A place stands in these words.
    pub(super) fn place_in_prose(&self, text: &str) -> bool {
        self.places.iter().any(|matcher| matcher.fits(text))
    }
}
