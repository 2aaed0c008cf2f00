//! Platforms that watch how words get into their form: what counts there is behaviour, not the text, so that even one's own words look
//! bad when they are pasted (Prolific's authenticity check watches pasting and the changing of tabs).
//!
//! What follows from it is a sentence. Nothing here types for anybody, and nothing makes a paste look like typing.

use std::sync::LazyLock;

use regex::Regex;

use super::{Job, Text};

/// Bytes of a brief that are read.
const READ: usize = 64 * 1024;
/// Characters of its words that are shown.
const QUOTED: usize = 80;

static PATTERNS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        r"(?i)\b(?:do not|don['’]?t|must not|may not|never|no|without|instead of)\s+(?:\w+[ -]+){0,3}past(?:e|ing)\b",
        r"(?i)\b(?:copy[- ]?(?:and[- ]?)?)?past(?:e|es|ed|ing)\b[^.!?\n]{0,30}\b(?:disabled|blocked|detected|monitored|recorded|tracked|flagged|watched|logged|not (?:allowed|permitted|possible)|forbidden|prohibited)\b",
        r"(?i)\b(?:detect|monitor|record|track|flag|watch|log|block|disable)(?:s|ed|ing)?\b[^.!?\n]{0,30}\bpast(?:e|es|ed|ing)\b",
        r"(?i)\bauthenticity checks?\b",
    ]
    .iter()
    .filter_map(|pattern| Regex::new(pattern).ok())
    .collect()
});

/// Why the work is to be typed there and not pasted: the person said so of the platform (`platform`), or the brief says so. `None` where
/// nobody does.
pub fn watched(job: &Job, platform: bool) -> Option<Text> {
    let words = in_words(job.brief.as_str());
    let why = match (&words, platform) {
        (Some(words), _) => format!("the brief says: “{words}”"),
        (None, true) => format!("{} watches it", job.key.source()),
        (None, false) => return None,
    };
    Some(Text::title(&format!("Type it there, do not paste it: {why}. A paste can get even your own words rejected.")))
}

fn in_words(brief: &str) -> Option<String> {
    let brief = &brief[..brief.floor_char_boundary(READ)];
    let lower = brief.to_ascii_lowercase();
    if !lower.contains("past") && !lower.contains("authenticity") {
        return None;
    }
    let found = PATTERNS.iter().filter_map(|pattern| pattern.find(brief)).min_by_key(|found| found.start())?;
    let from = brief[..found.start()].rfind(['.', '!', '?', '\n']).map_or(0, |at| at + 1);
    let to = brief[found.end()..].find(['.', '!', '?', '\n']).map_or(brief.len(), |at| found.end() + at);
    let sentence = brief[from..to].split_whitespace().collect::<Vec<_>>().join(" ");
    Some(if sentence.chars().count() <= QUOTED { sentence } else { found.as_str().to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn briefs_that_watch_pasting_are_told_from_those_that_speak_of_it() {
        for (brief, quote) in [
            ("Write 50 words. Please do not copy and paste.", "Please do not copy and paste"),
            ("Copy-pasting is disabled in this study", "Copy-pasting is disabled in this study"),
            ("We monitor tab switching and pasting. Thanks!", "We monitor tab switching and pasting"),
            ("This study has an authenticity check.", "This study has an authenticity check"),
            ("Type your answer, without pasting", "Type your answer, without pasting"),
        ] {
            assert_eq!(in_words(brief).as_deref(), Some(quote), "{brief}");
        }
        for brief in [
            "Paste the link to your post into the form.",
            "A tagline for a toothpaste; no clichés.",
            "Half past nine at the pastry shop: never late",
            "You may paste from the attachment.",
            "Write about pasta. We record a podcast.",
        ] {
            assert_eq!(in_words(brief), None, "{brief}");
        }
    }
}
