//! Languages: by BCP 47 tag, or by the name a requirement uses.

use super::need::tokens;
use crate::domain::Profile;
use crate::domain::job::Met;

const NAMES: [(&str, &str); 40] = [
    ("ar", "arabic"),
    ("bg", "bulgarian"),
    ("bn", "bengali"),
    ("ca", "catalan"),
    ("cs", "czech"),
    ("da", "danish"),
    ("de", "german"),
    ("el", "greek"),
    ("en", "english"),
    ("es", "spanish"),
    ("et", "estonian"),
    ("fa", "persian"),
    ("fi", "finnish"),
    ("fr", "french"),
    ("he", "hebrew"),
    ("hi", "hindi"),
    ("hr", "croatian"),
    ("hu", "hungarian"),
    ("id", "indonesian"),
    ("it", "italian"),
    ("ja", "japanese"),
    ("ko", "korean"),
    ("lt", "lithuanian"),
    ("lv", "latvian"),
    ("ms", "malay"),
    ("nl", "dutch"),
    ("no", "norwegian"),
    ("pl", "polish"),
    ("pt", "portuguese"),
    ("ro", "romanian"),
    ("ru", "russian"),
    ("sk", "slovak"),
    ("sl", "slovenian"),
    ("sr", "serbian"),
    ("sv", "swedish"),
    ("th", "thai"),
    ("tr", "turkish"),
    ("uk", "ukrainian"),
    ("vi", "vietnamese"),
    ("zh", "chinese"),
];

fn primary(tag: &str) -> &str {
    let tag = tag.trim();
    tag.split(['-', '_']).next().unwrap_or(tag)
}

/// Whether the profile has the language of a tag (or a language by that name).
pub(super) fn is_spoken(tag: &str, profile: &Profile) -> bool {
    let short = |tag| {
        let primary = primary(tag);
        // No language has a name of three letters; two or three are a code.
        if primary.len() <= 3 { primary } else { code(tag).unwrap_or(primary) }
    };
    let asked = short(tag);
    profile.languages.iter().any(|own| short(own.as_str()).eq_ignore_ascii_case(asked))
}

/// The two letters of a language's English name.
fn code(name: &str) -> Option<&'static str> {
    NAMES.iter().find(|(_, known)| known.eq_ignore_ascii_case(name)).map(|(code, _)| *code)
}

pub(super) fn decide(text: &str, profile: &Profile) -> (Met, &'static str) {
    if profile.languages.is_empty() {
        return (Met::Unknown, "your profile names no languages");
    }
    // Two letters count where they are all there is ("en", "de, en"), since "no" and "it" are words too.
    let only_codes = tokens(text).all(|word| word.len() == 2);
    let codes = |word: &&str| code(word).is_some() || only_codes && NAMES.iter().any(|(code, _)| code.eq_ignore_ascii_case(word));
    let whole_tag = NAMES.iter().any(|(code, _)| code.eq_ignore_ascii_case(primary(text))) && !text.contains(' ');
    if whole_tag {
        return if is_spoken(text, profile) { SPOKEN } else { NOT_SPOKEN };
    }
    let (mut named, mut missing) = (0, 0);
    for word in tokens(text).filter(codes) {
        named += 1;
        missing += u32::from(!is_spoken(word, profile));
    }
    match (named, missing) {
        (0, _) => (Met::Unknown, "it names no language that is known here"),
        (_, 0) => SPOKEN,
        (named, missing) if named == missing => NOT_SPOKEN,
        _ => (Met::Unknown, "it names several languages, and you have some of them"),
    }
}

const SPOKEN: (Met, &str) = (Met::Yes, "a language of your profile");
const NOT_SPOKEN: (Met, &str) = (Met::No, "not a language of your profile");
