//! Mending single words: forbidden terms, unfounded numbers, too many or too few.

use crate::assist::material::Material;
use crate::assist::textrank;
use crate::domain::check::grounded;
use crate::domain::check::terms::whole_word;

/// The text without any forbidden term, white space closed up behind it.
pub fn without_forbidden(material: &Material<'_>, text: &str) -> String {
    let mut text = text.to_owned();
    for term in &material.never {
        // Taking a word out can bring two others together, so each term is looked for again; a text cannot hold more than this.
        for _ in 0..10_000 {
            let (plain, origin) = folded_with_origin(&text);
            let Some(at) = whole_word(&plain, term) else { break };
            let (Some(from), Some(to)) = (origin.get(at).copied(), origin.get(at + term.len()).copied()) else { break };
            let (before, after) = (text[..from].to_owned(), &text[to..]);
            let closes = after.chars().next().is_none_or(|c| c.is_whitespace() || ".,;:!?".contains(c));
            let before = if closes && before.ends_with(' ') { before.trim_end_matches(' ') } else { &before };
            text = format!("{before}{after}");
        }
    }
    text
}

/// As `check::sheet::folded`, with the byte of the text behind each byte of the result.
fn folded_with_origin(text: &str) -> (String, Vec<usize>) {
    let (mut out, mut origin) = (String::with_capacity(text.len()), Vec::with_capacity(text.len() + 1));
    let mut gap = None;
    for (at, c) in text.char_indices() {
        if c.is_whitespace() {
            gap.get_or_insert(at);
            continue;
        }
        if let Some(gap) = gap.take()
            && !out.is_empty()
        {
            out.push(' ');
            origin.push(gap);
        }
        let lower: String = if c == '’' { "'".into() } else { c.to_lowercase().collect() };
        origin.extend(std::iter::repeat_n(at, lower.len()));
        out.push_str(&lower);
    }
    origin.push(text.trim_end().len());
    (out, origin)
}

/// The line without sentences that hold a number the source does not know; when it is all one sentence, without the number.
pub fn grounded_only(material: &Material<'_>, line: &str) -> String {
    if material.is_grounded(line) {
        return line.to_owned();
    }
    let kept: Vec<&str> = textrank::sentences(line).into_iter().map(|s| s.text).filter(|s| material.is_grounded(s)).collect();
    if !kept.is_empty() {
        return kept.join(" ");
    }
    let Some(known) = &material.numbers else { return line.to_owned() };
    let mut line = line.to_owned();
    // From the end, so that the places of the earlier ones stay true.
    let unfounded: Vec<(usize, usize)> =
        grounded::claims(&line).into_iter().filter(|n| !grounded::is_known(known, n)).map(|n| (n.at, n.written.len())).collect();
    for (at, len) in unfounded.into_iter().rev() {
        let end = at + len;
        let end = if line[end..].starts_with('%') { end + 1 } else { end };
        line.replace_range(at..end, "");
    }
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}
