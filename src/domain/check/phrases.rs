//! Worn-out phrases and words that claim too much, from lists that ship with the program.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};

use super::sheet::Sheet;
use super::terms::clings;
use super::{Fault, Finding};

/// A list, made ready to be looked for.
pub struct Phrases {
    all: Vec<String>,
    finder: Option<AhoCorasick>,
}

/// Worn-out phrases, English.
pub static CLICHES: LazyLock<Phrases> = LazyLock::new(|| Phrases::of(include_str!("../../../assets/checks/cliches.en.txt")));
/// Words that claim too much, English.
pub static CLAIMS: LazyLock<Phrases> = LazyLock::new(|| Phrases::of(include_str!("../../../assets/checks/claims.en.txt")));

impl Phrases {
    fn of(list: &str) -> Phrases {
        // "#1" is a claim, "# …" a remark.
        let all: Vec<String> =
            list.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with("# ")).map(str::to_owned).collect();
        let finder =
            AhoCorasickBuilder::new().ascii_case_insensitive(true).match_kind(MatchKind::LeftmostLongest).build(&all).ok();
        Phrases { all, finder }
    }

    /// The phrases.
    pub fn all(&self) -> &[String] {
        &self.all
    }

    /// Where any of them stands in a line as whole words: bytes, and the phrase.
    pub fn find<'a>(&'a self, line: &str) -> Vec<(usize, usize, &'a str)> {
        // A curly apostrophe is three bytes; the list has straight ones.
        let plain = line.replace('’', "'  ");
        let squeezed = plain.replace("'  ", "'");
        let Some(finder) = &self.finder else { return Vec::new() };
        let mut found = Vec::new();
        for hit in finder.find_iter(&squeezed) {
            let (from, to) = (hit.start(), hit.end());
            let before = squeezed[..from].chars().next_back();
            let after = squeezed[to..].chars().next();
            let (first, last) = (squeezed[from..to].chars().next(), squeezed[from..to].chars().next_back());
            let held =
                first.is_some_and(clings) && before.is_some_and(clings) || last.is_some_and(clings) && after.is_some_and(clings);
            if !held {
                let shift = |at: usize| at + 2 * line.match_indices('’').enumerate().filter(|(i, (b, _))| b - 2 * i < at).count();
                found.push((shift(from), shift(to), self.all[hit.pattern().as_usize()].as_str()));
            }
        }
        found
    }
}

/// No worn-out phrase.
pub fn fresh(sheet: &Sheet<'_>) -> Finding {
    judge(sheet, "no worn-out phrase", &CLICHES, "is worn out", "say it in words of your own")
}

/// No word that claims too much.
pub fn modest(sheet: &Sheet<'_>) -> Finding {
    judge(sheet, "no word that somebody would have to prove", &CLAIMS, "claims too much", "show it instead, or leave it out")
}

fn judge(sheet: &Sheet<'_>, label: &str, list: &Phrases, what: &str, cure: &str) -> Finding {
    let hits = sheet.text.lines().zip(0u32..).flat_map(|(line, n)| {
        let found = list.find(line);
        found.into_iter().map(move |(from, to, phrase)| (n, Fault::new(format!("\"{phrase}\" {what}"), cure).at(from, to)))
    });
    Finding::of(label, hits)
}
