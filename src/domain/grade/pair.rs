//! Pairs of answers in the texts that came with a job.

use serde_json::Value;

use super::record::id_in;
use crate::domain::Text;

/// Two answers to one question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pair {
    /// What the job calls it.
    pub id: Text,
    /// What was asked; empty where the text does not say.
    pub question: Text,
    /// The first answer, as the job counts.
    pub a: Text,
    /// The second.
    pub b: Text,
}

impl Pair {
    /// Both answers were found.
    pub fn is_whole(&self) -> bool {
        !self.a.is_empty() && !self.b.is_empty()
    }
}

/// The pair of each id, in their order; one whose answers are not found in the texts has none. Read are JSON Lines with `a` and `b` (or
/// `answer_a`, `response_a`, or a list of `answers` or `responses`), lines of parts between `|`, and paragraphs whose parts begin with
/// the letter: `A:`, `Answer A:`, `Response B:`.
pub fn pairs(ids: &[Text], texts: &[&str]) -> Vec<Pair> {
    let read = |id: &Text| texts.iter().find_map(|text| in_text(text, id.as_str())).unwrap_or_default();
    ids.iter().map(|id| Pair { id: id.clone(), ..read(id) }).collect()
}

fn in_text(text: &str, id: &str) -> Option<Pair> {
    text.lines().find_map(|line| in_json(line, id)).or_else(|| in_line(text, id)).or_else(|| in_paragraph(text, id))
}

fn in_json(line: &str, id: &str) -> Option<Pair> {
    let line = line.trim();
    let record: Value = line.starts_with('{').then(|| serde_json::from_str(line).ok())??;
    let is_it = id_in(&record)?.as_str() == id;
    let word = |keys: &[&str]| keys.iter().find_map(|key| said(record.get(*key)?));
    let listed = |n: usize| ["answers", "responses", "completions"].iter().find_map(|key| said(record.get(*key)?.get(n)?));
    let found = Pair {
        id: Text::default(),
        question: word(&["question", "prompt", "input", "message", "instruction"]).unwrap_or_default(),
        a: word(&["a", "answer_a", "response_a", "output_a"]).or_else(|| listed(0)).unwrap_or_default(),
        b: word(&["b", "answer_b", "response_b", "output_b"]).or_else(|| listed(1)).unwrap_or_default(),
    };
    (is_it && found.is_whole()).then_some(found)
}

/// Words, or the words of the last of several messages.
fn said(value: &Value) -> Option<Text> {
    let words = match value {
        Value::Array(messages) => messages.last()?.get("content")?.as_str()?,
        value => value.as_str()?,
    };
    Some(Text::body(words))
}

/// `t1 | the question | a: one | b: the other`.
fn in_line(text: &str, id: &str) -> Option<Pair> {
    let parts = text.lines().find_map(|line| {
        let (first, rest) = line.split_once('|')?;
        (first.trim() == id).then_some(rest)
    })?;
    let mut found = Pair::default();
    for part in parts.split(" | ").map(str::trim) {
        match marked(part) {
            Some(('a', words)) => found.a = Text::body(words),
            Some((_, words)) => found.b = Text::body(words),
            None if found.question.is_empty() => found.question = Text::body(part.trim_start_matches('|').trim()),
            None => {}
        }
    }
    found.is_whole().then_some(found)
}

/// A heading with the id, and what stands behind it up to the next letter, to the blank line behind answer B, or to the end.
fn in_paragraph(text: &str, id: &str) -> Option<Pair> {
    let mut lines = text.lines().skip_while(|line| !is_heading(line, id));
    let head = lines.next()?.trim().trim_start_matches(['#', ' ']).trim_start_matches(id);
    let (mut question, mut a, mut b) = (vec![head.trim_start_matches([':', '.', ')', ' ', '-'])], Vec::new(), Vec::new());
    let mut letter = None;
    for line in lines {
        match marked(line.trim().trim_start_matches(['-', '*', '#', ' '])) {
            Some((_, _)) if letter == Some('b') => break,
            Some((found, words)) => {
                letter = Some(found);
                if found == 'a' { &mut a } else { &mut b }.push(words);
            }
            None if letter == Some('b') && line.trim().is_empty() => break,
            None => match letter {
                None => &mut question,
                Some('a') => &mut a,
                Some(_) => &mut b,
            }
            .push(line),
        }
    }
    let joined = |lines: Vec<&str>| Text::body(lines.join("\n").trim());
    let found = Pair { id: Text::default(), question: joined(question), a: joined(a), b: joined(b) };
    found.is_whole().then_some(found)
}

fn is_heading(line: &str, id: &str) -> bool {
    let rest = line.trim().trim_start_matches(['#', ' ']).strip_prefix(id);
    rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
}

/// The letter that a part begins with, and what stands behind it.
fn marked(part: &str) -> Option<(char, &str)> {
    let lower = part.get(..part.len().min(12)).or_else(|| part.get(..part.floor_char_boundary(12)))?.to_ascii_lowercase();
    let of = |word: &str| -> Option<(char, &str)> {
        let rest = lower.strip_prefix(word)?;
        let letter = rest.chars().next().filter(|c| matches!(c, 'a' | 'b'))?;
        let mark = rest.get(1..2).filter(|mark| matches!(*mark, ":" | ")" | "."))?;
        Some((letter, part.get(word.len() + 1 + mark.len()..)?.trim()))
    };
    ["answer ", "response ", "option ", "(", ""].iter().find_map(|word| of(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, id: &str) -> [String; 3] {
        let pair = pairs(&[Text::title(id)], &["nothing here", text]).remove(0);
        assert_eq!(pair.id.as_str(), id);
        [pair.question.to_string(), pair.a.to_string(), pair.b.to_string()]
    }

    #[test]
    fn pairs_are_read_as_platforms_write_them() {
        let lines = "t1 | is there wifi | a: Yes, free; weak in tunnels. | b: Yes | no.\nt10 | other | a: x | b: y";
        assert_eq!(found(lines, "t1"), ["is there wifi", "Yes, free; weak in tunnels.", "Yes"]);
        assert_eq!(found(lines, "t10"), ["other", "x", "y"]);
        assert_eq!(found("{\"id\": 7, \"prompt\": \"Hi\", \"responses\": [\"one\", \"two\"]}", "7"), ["Hi", "one", "two"]);
        let chat =
            r#"{"id":"c","question":"Q","a":[{"role":"user","content":"Q"},{"role":"assistant","content":"A1"}],"b":"B1"}"#;
        assert_eq!(found(chat, "c"), ["Q", "A1", "B1"]);
        let prose = "## p1: How far?\nAsked on a walk.\n\n**x**\nAnswer A: Two miles.\nMore or less.\n\nAnswer B: Far.\n\n## p2: Why?\nA) so\nB) not so";
        assert_eq!(found(prose, "p1"), ["How far?\nAsked on a walk.\n\n**x**", "Two miles.\nMore or less.", "Far."]);
        assert_eq!(found(prose, "p2"), ["Why?", "so", "not so"]);
        assert_eq!(found(prose, "p3"), ["", "", ""]);
        assert_eq!(found("t1 | ä | a: é", "t1")[1], "", "half a pair is none");
    }
}
