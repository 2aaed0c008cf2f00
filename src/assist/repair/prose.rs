//! Mending running text and scripts.

use super::words::grounded_only;
use crate::assist::material::{Material, one_line};
use crate::assist::scaffold::lines::capital;
use crate::assist::scaffold::{prose, script};
use crate::assist::textrank;
use crate::domain::check::sheet::{folded, unbracketed, words};

/// Running text: unfounded sentences out, then shortened from its end or grown with further sentences. When its words are such that
/// no cutting helps (few and endless), it is laid out anew.
pub fn mend(material: &Material<'_>, text: &str) -> String {
    let fits = |text: &str| prose::is_long_enough(material, text) && !prose::is_too_long(material, text);
    let mended = resized(material, text);
    if fits(&mended) {
        return mended;
    }
    let anew = resized(material, &prose::lay_out(material));
    if fits(&anew) { anew } else { mended }
}

fn resized(material: &Material<'_>, text: &str) -> String {
    let kept: Vec<String> = text.lines().map(|line| grounded_only(material, line)).collect();
    let mut text = kept.join("\n").trim_end().to_owned();
    if !prose::missing(material, &text).is_empty() {
        // Room for the terms is made below; they go before the end that may be cut.
        let terms: Vec<String> = prose::missing(material, &text).iter().map(|t| format!("{}.", capital(t))).collect();
        text = format!("{} {text}", terms.join(" "));
    }
    while prose::is_too_long(material, &text) {
        let Some(shorter) = without_last_sentence(material, &text).or_else(|| without_last_word(&text)) else { break };
        text = shorter;
    }
    let mut text = prose::grown(material, &text);
    // Whole sentences did not fit the gap: words of the brief do.
    for word in material.clauses.iter().flat_map(|c| c.split(' ')).filter(|w| w.chars().all(char::is_alphabetic)).take(5_000) {
        if prose::is_long_enough(material, &text) || prose::is_too_long(material, &format!("{text} {word}")) {
            break;
        }
        let longer = format!("{} {word}.", text.trim_end_matches(['.', ' ']));
        if material.may_say(&longer) {
            text = longer;
        }
    }
    text
}

fn without_last_sentence(material: &Material<'_>, text: &str) -> Option<String> {
    let sentences = textrank::sentences(text);
    let needed = |s: &str| material.must.iter().any(|term| folded(s).contains(&folded(term)));
    let last = sentences.iter().rev().find(|s| !needed(s.text))?;
    if sentences.len() < 2 {
        return None;
    }
    let shorter = format!("{}{}", text[..last.start].trim_end_matches(' '), &text[last.start + last.text.len()..]);
    // Only as long as it does not fall short; then words go instead.
    (prose::is_long_enough(material, &shorter) || sentences.len() > 3).then(|| shorter.trim().to_owned())
}

fn without_last_word(text: &str) -> Option<String> {
    let (shorter, _) = text.trim_end().rsplit_once(char::is_whitespace)?;
    Some(shorter.trim_end_matches([',', ';', ':', ' ']).to_owned())
}

/// A script: unfounded sentences out, length brought into range, beats split or added, stamps set anew.
pub fn mend_script(material: &Material<'_>, text: &str) -> String {
    let mut beats: Vec<String> =
        script::beats(text).iter().map(|beat| grounded_only(material, beat)).filter(|b| words(&unbracketed(b)) > 0).collect();
    for term in prose::missing(material, &beats.join("\n")) {
        beats.push(format!("{}.", capital(term)));
    }
    let (least, most) = script::span(material);
    while said(&beats) > most {
        let spare = said(&beats) - most;
        if !shorten(material, &mut beats, spare) {
            break;
        }
    }
    for quote in material.sentences() {
        let n = words(&unbracketed(&quote.text));
        let known = folded(&beats.join(" ")).contains(&folded(&quote.text));
        if said(&beats) >= least {
            break;
        }
        if !known && said(&beats) + n <= most {
            let page = quote.page.map(|p| format!(" [p. {p}]")).unwrap_or_default();
            // Before the last beat, which calls to act.
            let at = beats.len().saturating_sub(1);
            beats.insert(at, format!("{}{page}", one_line(&quote.text)));
        }
    }
    for word in material.clauses.iter().flat_map(|c| c.split(' ')).filter(|w| w.chars().all(char::is_alphabetic)).take(2_000) {
        if said(&beats) >= least {
            break;
        }
        match beats.last_mut() {
            Some(last) => *last = format!("{} {word}.", last.trim_end_matches(['.', ' '])),
            None => beats.push(capital(word)),
        }
    }
    while beats.len() < script::wanted(material) {
        let Some(at) = (0..beats.len()).filter(|i| beats[*i].contains(' ')).max_by_key(|i| words(&unbracketed(&beats[*i])))
        else {
            break;
        };
        let Some((first, second)) = halves(&beats[at]) else { break };
        beats.splice(at..=at, [first, second]);
    }
    script::stamped(material, &beats)
}

fn said(beats: &[String]) -> u64 {
    beats.iter().map(|b| words(&unbracketed(b))).sum()
}

/// Takes the last sentence off the longest beat that can spare it, else words.
fn shorten(material: &Material<'_>, beats: &mut [String], spare: u64) -> bool {
    let needed = |s: &str| material.must.iter().any(|term| folded(s).contains(&folded(term)));
    let mut order: Vec<usize> = (0..beats.len()).filter(|i| !needed(&beats[*i])).collect();
    order.sort_by_key(|i| std::cmp::Reverse(words(&unbracketed(&beats[*i]))));
    let Some(at) = order.first().copied().or_else(|| beats.len().checked_sub(1)) else { return false };
    let beat = beats[at].clone();
    let sentences = textrank::sentences(&beat);
    if let [.., before, last] = sentences.as_slice()
        && words(&unbracketed(last.text)) <= spare + 12
    {
        beats[at] = beat[..before.start + before.text.len()].to_owned();
        return true;
    }
    let plain = unbracketed(&beat);
    let mut tokens: Vec<&str> = plain.split_whitespace().collect();
    if tokens.len() < 2 {
        return false;
    }
    // A term stands at the end of its beat; other beats lose their last word.
    tokens.remove(if needed(&beat) { 0 } else { tokens.len() - 1 });
    beats[at] = tokens.join(" ");
    true
}

/// A beat in two: between sentences if it has several, else between words.
fn halves(beat: &str) -> Option<(String, String)> {
    let sentences = textrank::sentences(beat);
    let at = match sentences.get(sentences.len() / 2) {
        Some(middle) if sentences.len() > 1 => middle.start,
        _ => {
            let gaps: Vec<usize> = beat.match_indices(' ').map(|(i, _)| i).filter(|i| !beat[*i..].contains(']')).collect();
            *gaps.get(gaps.len() / 2)?
        }
    };
    let (first, second) = beat.split_at_checked(at)?;
    let (first, second) = (first.trim(), second.trim());
    (!first.is_empty() && words(&unbracketed(second)) > 0).then(|| (first.to_owned(), second.to_owned()))
}
