//! How a text reads and how it is said: length of sentences, school years, runs of words that trip the tongue.

use unicode_segmentation::UnicodeSegmentation;

use super::sheet::{Sheet, spoken};
use super::{Fault, Finding, Place};
use crate::domain::deliverable::Form;

/// Words that open alike, one after the other, that a mouth still manages.
const ALIKE: usize = 3;
/// Fewer words say nothing of school years.
const GRADED_WORDS: u64 = 30;

/// A sentence of the draft.
struct Sentence {
    line: u32,
    from: usize,
    to: usize,
    words: u64,
}

/// What is read of a line: all of it, or what is said of a script.
fn read(sheet: &Sheet<'_>, line: &str) -> String {
    if sheet.form != Form::Script {
        return super::sheet::blanked(line);
    }
    let mut out = super::sheet::blanked(line).replace(']', " ");
    if let Some(at) = out.find('|') {
        out.truncate(at);
    }
    out
}

fn sentences(sheet: &Sheet<'_>) -> Vec<Sentence> {
    let mut all = Vec::new();
    for (line, n) in sheet.text.lines().zip(0u32..) {
        let text = read(sheet, line);
        for (at, sentence) in text.split_sentence_bound_indices() {
            let words = sentence.unicode_words().count() as u64;
            if words > 0 {
                let from = at + (sentence.len() - sentence.trim_start().len());
                all.push(Sentence { line: n, from, to: at + sentence.trim_end().len(), words });
            }
        }
    }
    all
}

/// No sentence has more than `most` words.
pub fn sentence_words(sheet: &Sheet<'_>, most: u32) -> Finding {
    let long = sentences(sheet).into_iter().filter(|s| s.words > u64::from(most)).map(|s| {
        let fault = Fault::new(format!("a sentence has {} words", s.words), "split it, or cut what is not needed");
        (s.line, fault.at(s.from, s.to))
    });
    Finding::of(format!("sentences of at most {most} words"), long)
}

/// Flesch–Kincaid's school years, at most `most`.
pub fn grade(sheet: &Sheet<'_>, most: u32) -> Finding {
    let label = format!("reads at school year {most} or easier");
    let (mut words, mut syllables) = (0u64, 0u64);
    for line in sheet.text.lines() {
        for word in read(sheet, line).unicode_words() {
            words += 1;
            syllables += self::syllables(word);
        }
    }
    let sentences = sentences(sheet).len() as u64;
    if words < GRADED_WORDS || sentences == 0 {
        return Finding::pass(label);
    }
    // 0.39 words a sentence + 11.8 syllables a word - 15.59, in hundredths.
    let grade = (39 * words / sentences + 1_180 * syllables / words).saturating_sub(1_559);
    if grade <= u64::from(most) * 100 {
        let mut found = Finding::pass(label);
        found.detail = crate::domain::Text::title(&format!("school year {}", grade.div_ceil(100)));
        return found;
    }
    Finding::fail(label, format!("it reads at school year {}", grade.div_ceil(100)), "use shorter sentences and shorter words")
}

/// Syllables of an English word, by its runs of vowels.
fn syllables(word: &str) -> u64 {
    let low = word.to_lowercase();
    let (mut n, mut before) = (0, false);
    for c in low.chars() {
        let vowel = "aeiouyäöüéèà".contains(c);
        n += u64::from(vowel && !before);
        before = vowel;
    }
    // A silent e, but not the one of "table".
    if n > 1 && low.ends_with('e') && !low.ends_with("le") {
        n -= 1;
    }
    n.max(1)
}

/// Easy to say.
pub fn speakable(sheet: &Sheet<'_>) -> Finding {
    let mut wrong = Vec::new();
    for (line, n) in sheet.text.lines().zip(0u32..) {
        let text = read(sheet, line);
        let words: Vec<(usize, &str)> = text.unicode_word_indices().collect();
        let mut from = 0;
        while from < words.len() {
            let sound = onset(words[from].1);
            let alike = words[from + 1..].iter().take_while(|(_, word)| sound.is_some() && onset(word) == sound).count();
            let to = from + 1 + alike;
            if to - from > ALIKE {
                let end = words[to - 1].0 + words[to - 1].1.len();
                let fault = Fault::new(
                    format!("\"{}\" trips the tongue", text[words[from].0..end].trim()),
                    "put another word between them",
                );
                wrong.push((n, fault.at(words[from].0, end)));
            }
            from = to;
        }
    }
    Finding::of("easy to say aloud", wrong)
}

/// The consonant that a word opens with, or two that are one sound; nothing for a vowel.
fn onset(word: &str) -> Option<[u8; 2]> {
    let bytes = word.as_bytes();
    let first = bytes.first()?.to_ascii_lowercase();
    let second = bytes.get(1).map_or(0, u8::to_ascii_lowercase);
    let one = matches!((first, second), (b't' | b's' | b'c' | b'w' | b'p', b'h'));
    (first.is_ascii_alphabetic() && !b"aeiou".contains(&first)).then_some([first, if one { second } else { 0 }])
}

/// The first thing that is said, with its place.
pub fn first_sentence(sheet: &Sheet<'_>) -> Option<(Place, String)> {
    let first = sentences(sheet).into_iter().next()?;
    let line = sheet.line(first.line);
    let words = spoken(line.get(first.from..first.to).unwrap_or_default());
    Some((Place::span(first.line, first.from, first.to), words))
}
