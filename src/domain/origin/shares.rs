//! How much of a draft came from where.

use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

use super::{Origin, Origins};

/// Characters as people see them, line ends not counted, by where they came from. An account of typing, not of ideas.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Shares {
    /// All of them.
    pub total: u64,
    /// Typed key by key: the human share.
    pub typed: u64,
    /// Came in unknown, and said to be the person's own.
    pub declared: u64,
    /// Laid out by the scaffold.
    pub scaffold: u64,
    /// Of the brief, or of an attachment.
    pub quoted: u64,
    /// Pasted.
    pub pasted: u64,
    /// Of `$EDITOR`, a file or a program.
    pub external: u64,
    /// Still as an assistant wrote them: the retained AI.
    pub ai: u64,
}

impl Shares {
    /// Counts `text`, whose origins these are; what they do not cover is external.
    pub fn of(origins: &Origins, text: &str) -> Shares {
        let mut shares = Shares::default();
        for (run, origin) in origins.runs() {
            // Runs end where graphemes do, so each can be counted by itself.
            let n = text.get(run).map_or(0, characters);
            shares.total += n;
            *match origin {
                Origin::Typed => &mut shares.typed,
                Origin::Declared => &mut shares.declared,
                Origin::Scaffold => &mut shares.scaffold,
                Origin::Quoted { .. } => &mut shares.quoted,
                Origin::Pasted => &mut shares.pasted,
                Origin::External => &mut shares.external,
                Origin::Ai { .. } => &mut shares.ai,
            } += n;
        }
        shares
    }

    /// Nobody knows who wrote them.
    pub fn unknown(&self) -> u64 {
        self.pasted + self.external
    }

    /// `part` of all in percent: 0 only for nothing, 100 only for everything.
    pub fn percent(&self, part: u64) -> u64 {
        match part {
            0 => 0,
            part if part >= self.total => 100,
            part => ((part * 100 + self.total / 2) / self.total).clamp(1, 99),
        }
    }

    /// "82 % typed, 10 % AI, 8 % unknown": what there is, the typed share first; empty for no text.
    pub fn words(&self) -> String {
        let parts = [
            (self.typed, "typed"),
            (self.ai, "AI"),
            (self.declared, "declared own"),
            (self.scaffold, "scaffold"),
            (self.quoted, "quoted"),
            (self.unknown(), "unknown (pasted or from outside)"),
        ];
        let told = parts.iter().filter(|(part, name)| *part > 0 || self.total > 0 && *name == "typed");
        told.map(|(part, name)| format!("{} % {name}", self.percent(*part))).collect::<Vec<_>>().join(", ")
    }

    /// The same in the least room, "typed 82 % · AI 10 %"; empty where all is typed.
    pub fn short(&self) -> String {
        match (self.total - self.typed, self.ai) {
            (0, _) => String::new(),
            (_, 0) => format!("typed {} %", self.percent(self.typed)),
            (_, ai) => format!("typed {} % · AI {} %", self.percent(self.typed), self.percent(ai)),
        }
    }
}

fn characters(text: &str) -> u64 {
    if text.is_ascii() {
        return text.bytes().filter(|b| *b != b'\n').count() as u64;
    }
    text.graphemes(true).filter(|grapheme| *grapheme != "\n").count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_little_is_never_told_as_nothing_and_a_lot_never_as_all() {
        let shares = Shares { total: 1000, typed: 999, ai: 1, ..Shares::default() };
        assert_eq!(shares.words(), "99 % typed, 1 % AI");
        assert_eq!(shares.short(), "typed 99 % · AI 1 %");
        let shares = Shares { total: 7, external: 7, ..Shares::default() };
        assert_eq!(shares.words(), "0 % typed, 100 % unknown (pasted or from outside)");
        assert_eq!(Shares { total: 7, typed: 7, ..Shares::default() }.short(), "");
        assert_eq!(Shares::default().words(), "");
    }
}
