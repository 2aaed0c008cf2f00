//! What had better not stand in a prompt for something that is sold: marks, characters, people.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

/// A style of somebody is asked for by these words; a name follows.
const STYLE: [&str; 5] = ["in the style of ", "in style of ", "art by ", "painted by ", "illustrated by "];
/// So many words of a prompt are told.
const TOLD: usize = 8;

static MARKS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let lines = include_str!("../../../assets/checks/marks.en.txt").lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
});
static FINDER: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(MARKS.iter()).ok());

/// The marks, characters and people that a prompt names, each once, in its words. A list knows few of them: what it does not find may
/// belong to somebody all the same.
pub fn named(prompt: &str) -> Vec<String> {
    let folded = prompt.to_lowercase();
    let mut found: Vec<String> = Vec::new();
    let mut note = |words: &str| {
        let words = words.trim();
        if !words.is_empty() && found.len() < TOLD && !found.iter().any(|known| known == words) {
            found.push(words.to_owned());
        }
    };
    if let Some(finder) = &*FINDER {
        for hit in finder.find_iter(&folded) {
            let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            let whole = !is_word(folded[..hit.start()].chars().next_back()) && !is_word(folded[hit.end()..].chars().next());
            if whole {
                note(MARKS[hit.pattern().as_usize()]);
            }
        }
    }
    for opening in STYLE {
        for (at, _) in prompt.to_ascii_lowercase().match_indices(opening) {
            note(&name(prompt.get(at + opening.len()..).unwrap_or_default()));
        }
    }
    found
}

/// The capitalised words that a text opens with.
fn name(text: &str) -> String {
    let is_name = |word: &&str| word.chars().next().is_some_and(char::is_uppercase);
    let mut words = Vec::new();
    for word in text.split_whitespace().take(4).take_while(is_name) {
        let bare = word.trim_end_matches(|c: char| !c.is_alphanumeric());
        words.push(bare);
        if bare != word {
            break;
        }
    }
    words.join(" ")
}

/// The warning for a prompt; `None` where nothing is known against it.
pub fn sentence(prompt: &str) -> Option<String> {
    let found = named(prompt);
    (!found.is_empty())
        .then(|| format!("The prompt names {}: a mark, a character or a person may not be yours to sell.", found.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_people_are_found_as_whole_words() {
        assert_eq!(
            named("Pikachu drinking Coca-Cola, art by Greg Rutkowski"),
            ["pikachu", "coca-cola", "greg rutkowski", "Greg Rutkowski"]
        );
        assert_eq!(named("a poster in the style of Ada Quill, flat"), ["Ada Quill"]);
        for fine in
            ["a heron with headphones", "an apple, a pixarina, legoland", "in the style of linocut prints", "painted by hand"]
        {
            assert_eq!(named(fine), Vec::<String>::new(), "{fine}");
        }
        assert!(sentence("STAR WARS poster").is_some_and(|words| words.contains("star wars")));
        assert_eq!(sentence("ein Reiher 🪿 mit İstanbul"), None);
    }
}
