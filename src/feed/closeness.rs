//! How well a title fits a fuzzy word: what an order without a sort goes by when the query is fuzzy.
//!
//! The score is a pure function of title and word, so that one arrival finds its place in a standing order; a matcher that ranks whole
//! lists at once cannot do that. It is the greedy alignment that fzf calls v1: the earliest end, from there back to the latest start.

use crate::domain::query::{Expr, Pattern, Query, Term, TextField, fold};

const HIT: i32 = 16;
const WORD_START: i32 = 10;
const RUN: i32 = 8;
const GAP: i32 = 2;
/// What a hit in the requester or a tag alone counts: something, and less than any hit in the title.
const ELSEWHERE: u16 = 1;

/// The fuzzy words of a query, folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Closeness {
    words: Vec<String>,
}

impl Closeness {
    /// `None` where nothing in the query is fuzzy.
    pub(super) fn of(query: &Query) -> Option<Closeness> {
        let mut words = Vec::new();
        collect(&query.expr, &mut words);
        (!words.is_empty()).then_some(Closeness { words })
    }

    /// The score of a folded title; higher is closer.
    pub(super) fn of_title(&self, folded: &str) -> u16 {
        let sum: u32 = self.words.iter().map(|word| u32::from(score(folded, word).unwrap_or(ELSEWHERE))).sum();
        sum.min(u32::from(u16::MAX)) as u16
    }
}

fn collect(expr: &Expr, words: &mut Vec<String>) {
    match expr {
        Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|part| collect(part, words)),
        Expr::Not(_) => {}
        Expr::Term(Term::Word(Pattern::Fuzzy(word))) => words.push(fold(word).into_owned()),
        Expr::Term(Term::Text(TextField::Title, patterns)) => words.extend(patterns.iter().filter_map(|pattern| match pattern {
            Pattern::Fuzzy(word) => Some(fold(word).into_owned()),
            _ => None,
        })),
        Expr::Term(_) => {}
    }
}

fn score(text: &str, word: &str) -> Option<u16> {
    let mut places = text.char_indices();
    let mut end = 0;
    for wanted in word.chars() {
        let (at, c) = places.by_ref().find(|(_, c)| *c == wanted)?;
        end = at + c.len_utf8();
    }
    let mut sum = 0;
    let mut back = text[..end].char_indices().rev();
    let mut behind: Option<usize> = None;
    for wanted in word.chars().rev() {
        let (at, c) = back.by_ref().find(|(_, c)| *c == wanted)?;
        let gap = behind.map_or(0, |next| next - at - c.len_utf8());
        let starts = !text[..at].chars().next_back().is_some_and(char::is_alphanumeric);
        sum += HIT + if starts { WORD_START } else { 0 };
        sum += if behind.is_some() && gap == 0 { RUN } else { -GAP * i32::try_from(gap.min(20)).unwrap_or(20) };
        behind = Some(at);
    }
    // Early in the title is better, and a short title says little else.
    sum -= i32::try_from(behind.unwrap_or(0).min(60)).unwrap_or(60) / 4;
    sum -= i32::try_from(text.len().min(200)).unwrap_or(200) / 50;
    Some(sum.clamp(i32::from(ELSEWHERE) + 1, i32::from(u16::MAX)) as u16)
}

#[cfg(test)]
mod tests {
    use super::score;

    #[test]
    fn whole_words_are_closest() {
        let best = score("podcast transcript", "podcast").unwrap();
        assert!(best > score("a pod for the cast", "podcast").unwrap());
        assert!(best > score("some podcast, far behind other words", "podcast").unwrap());
        assert_eq!(score("pod", "podcast"), None);
    }
}
