//! Everything that is known of how a draft was made.

use super::{FileShares, Shares, Statement};
use crate::domain::Text;

/// Its text and its files, by where they came from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Made {
    /// The text.
    pub shares: Shares,
    /// The files.
    pub files: FileShares,
    /// An assistant's words or files stood in it at some time.
    pub assisted: bool,
}

impl Made {
    /// "82 % typed, 18 % AI; 1 file made by AI"; empty for nothing.
    pub fn words(&self) -> String {
        let parts = [self.shares.words(), self.files.words()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
    }

    /// The parts that nobody knows who made: "12 % of its words", "2 files", or both; empty for none.
    pub fn unknown(&self) -> String {
        let words = match self.shares.unknown() {
            0 => String::new(),
            n => format!("{} % of its words", self.shares.percent(n)),
        };
        let files = match self.files.unknown {
            0 => String::new(),
            1 => "1 file".to_owned(),
            n => format!("{n} files"),
        };
        [words, files].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" and ")
    }

    /// Which kind of statement fits.
    pub fn statement(&self) -> Statement {
        let (text, files) = (&self.shares, &self.files);
        let own = text.typed + text.declared == text.total && files.own == files.total;
        let known = text.typed + text.declared + text.scaffold == text.total && files.own + files.scaffold == files.total;
        match self {
            _ if text.ai > 0 && text.ai * 2 >= text.total || files.ai > 0 && files.ai * 2 >= files.total => Statement::Generated,
            _ if text.ai + files.ai > 0 || self.assisted => Statement::Assisted,
            _ if text.total + files.total == 0 => Statement::Open,
            _ if own => Statement::Unaided,
            _ if known => Statement::Template,
            _ => Statement::Open,
        }
    }

    /// What can be said of it, in plain words; empty where nothing can. Nothing is said of a part that is unknown, whatever is said
    /// of another one.
    pub fn said(&self) -> Text {
        let (text, files) = (&self.shares, &self.files);
        let of_text = match (Made { files: FileShares::default(), assisted: false, ..*self }).statement() {
            _ if files.ai == 0 => self.statement().words(text),
            Statement::Unaided => "I wrote the text myself.".to_owned(),
            kind @ (Statement::Assisted | Statement::Generated) => kind.words(text),
            Statement::Template | Statement::Open => String::new(),
        };
        let of_files = match (files.ai, files.total) {
            (0, _) => "",
            (1, 1) => "The file was made with AI.",
            (ai, total) if ai == total => "The files were made with AI.",
            _ => &format!("{} of {} files were made with AI.", files.ai, files.total),
        };
        Text::title([of_text.as_str(), of_files].join(" ").trim())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(typed: u64, ai: u64, pasted: u64) -> Shares {
        Shares { total: typed + ai + pasted, typed, ai, pasted, ..Shares::default() }
    }

    fn files(own: u64, ai: u64, unknown: u64) -> FileShares {
        FileShares { total: own + ai + unknown, own, ai, unknown, ..FileShares::default() }
    }

    fn said(shares: Shares, files: FileShares, assisted: bool) -> (Statement, String) {
        let made = Made { shares, files, assisted };
        (made.statement(), made.said().as_str().to_owned())
    }

    fn said_of_text(shares: Shares, assisted: bool) -> (Statement, String) {
        said(shares, FileShares::default(), assisted)
    }

    #[test]
    fn each_says_what_is_known_and_no_more() {
        assert_eq!(said_of_text(text(10, 0, 0), false), (Statement::Unaided, "I wrote this myself, without AI.".to_owned()));
        assert_eq!(said_of_text(text(9, 0, 1), false), (Statement::Open, String::new()));
        let (kind, words) = said_of_text(text(80, 20, 0), true);
        assert!(kind == Statement::Assisted && words.contains("about 20 %"), "{words}");
        let (kind, words) = said_of_text(text(20, 80, 0), true);
        assert!(kind == Statement::Generated && words.contains("then edited") && words.contains("about 80 %"), "{words}");
        let (kind, words) = said_of_text(text(0, 80, 0), true);
        assert!(kind == Statement::Generated && !words.contains("edited"), "{words}");
        assert_eq!(said_of_text(text(10, 0, 0), true).0, Statement::Assisted, "what was edited away helped all the same");
        let laid = Shares { total: 10, typed: 5, scaffold: 5, ..Shares::default() };
        assert_eq!(said_of_text(laid, false).0, Statement::Template);
        assert_eq!(said_of_text(Shares { total: 11, pasted: 1, ..laid }, false).0, Statement::Open);
        assert_eq!(said_of_text(text(0, 0, 0), false).0, Statement::Open, "nothing was made");
    }

    #[test]
    fn files_count_like_words() {
        let none = text(0, 0, 0);
        assert_eq!(said(none, files(0, 1, 0), true), (Statement::Generated, "The file was made with AI.".to_owned()));
        let (kind, words) = said(text(10, 0, 0), files(2, 1, 0), true);
        assert_eq!((kind, words.as_str()), (Statement::Assisted, "I wrote the text myself. 1 of 3 files were made with AI."));
        let (_, words) = said(text(0, 10, 0), files(0, 2, 0), true);
        assert!(words.starts_with("Generated with AI") && words.ends_with("The files were made with AI."), "{words}");
        assert_eq!(said(text(9, 0, 1), files(0, 1, 0), true).1, "The file was made with AI.", "of the paste nothing is said");
        assert_eq!(said(none, files(1, 0, 0), false), (Statement::Unaided, "I made this myself, without AI.".to_owned()));
        assert_eq!(said(text(10, 0, 0), files(0, 0, 1), false), (Statement::Open, String::new()), "who made the file?");
        let drawn = FileShares { total: 1, scaffold: 1, ..FileShares::default() };
        assert_eq!(said(none, drawn, false).0, Statement::Template);
    }

    #[test]
    fn parts_are_told_in_one_line() {
        let made = Made { shares: text(8, 2, 0), files: files(0, 1, 1), assisted: true };
        assert_eq!(made.words(), "80 % typed, 20 % AI; 2 files: 1 made by AI, 1 unknown");
        assert_eq!(Made { shares: text(0, 0, 0), files: files(0, 0, 1), assisted: false }.words(), "1 file of unknown origin");
    }
}
