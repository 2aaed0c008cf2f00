//! TextRank: the sentences of a text that the others speak of most (Mihalcea and Tarau, 2004).

use std::collections::{HashMap, HashSet};

use unicode_segmentation::UnicodeSegmentation;

/// Most sentences that are ranked against each other; the rest of a longer text is sampled evenly.
const SENTENCES: usize = 600;
/// Rounds of the power iteration; enough for an order that no longer changes.
const ROUNDS: usize = 25;
/// The usual damping.
const DAMPING: f32 = 0.85;

/// A sentence of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sentence<'a> {
    /// Its words.
    pub text: &'a str,
    /// Byte where it begins.
    pub start: usize,
    /// How central it is; only good for comparison.
    pub weight: f32,
}

/// The sentences of `text` in its order, weighed.
pub fn rank(text: &str) -> Vec<Sentence<'_>> {
    let mut sentences = sentences(text);
    if sentences.len() > SENTENCES {
        let every = sentences.len().div_ceil(SENTENCES);
        sentences = sentences.into_iter().step_by(every).collect();
    }
    let bags: Vec<HashSet<String>> = sentences.iter().map(|s| bag(s.text)).collect();
    let mut with: HashMap<&str, Vec<usize>> = HashMap::new();
    for (i, bag) in bags.iter().enumerate() {
        for word in bag {
            with.entry(word).or_default().push(i);
        }
    }
    // Similarity: shared words over the logarithm of both lengths, as in the paper.
    let edges: Vec<Vec<(usize, f32)>> = bags
        .iter()
        .enumerate()
        .map(|(i, bag)| {
            let mut shared = vec![0u32; bags.len()];
            for other in bag.iter().filter_map(|word| with.get(word.as_str())).flatten() {
                shared[*other] += 1;
            }
            let size = |j: usize| ((bags[j].len() + 1) as f32).ln();
            (0..bags.len()).filter(|j| *j != i && shared[*j] > 0).map(|j| (j, shared[j] as f32 / (size(i) + size(j)))).collect()
        })
        .collect();
    let out: Vec<f32> = edges.iter().map(|e| e.iter().map(|(_, w)| w).sum()).collect();
    let mut weight = vec![1.0f32; bags.len()];
    for _ in 0..ROUNDS {
        weight = edges
            .iter()
            .map(|near| 1.0 - DAMPING + DAMPING * near.iter().map(|(j, w)| w / out[*j] * weight[*j]).sum::<f32>())
            .collect();
    }
    for (sentence, weight) in sentences.iter_mut().zip(weight) {
        sentence.weight = weight;
    }
    sentences
}

/// Sentences by Unicode's rules within paragraphs; lines of one paragraph belong together, so a break inside stays inside.
pub fn sentences(text: &str) -> Vec<Sentence<'_>> {
    let mut found = Vec::new();
    let mut start = 0;
    for paragraph in text.split_inclusive("\n\n") {
        for (at, sentence) in unicode_sentences(paragraph) {
            let trimmed = sentence.trim();
            if !trimmed.is_empty() {
                let lead = sentence.len() - sentence.trim_start().len();
                found.push(Sentence { text: trimmed, start: start + at + lead, weight: 0.0 });
            }
        }
        start += paragraph.len();
    }
    found
}

/// Line breaks end a sentence for Unicode; here only an end mark or the paragraph does.
fn unicode_sentences(paragraph: &str) -> Vec<(usize, &str)> {
    let mut joined: Vec<(usize, usize)> = Vec::new();
    for (at, piece) in paragraph.split_sentence_bound_indices() {
        let open = joined.last().is_some_and(|(from, to)| {
            let before = paragraph[*from..*to].trim_end();
            !before.ends_with(['.', '!', '?', '…', '"', '”', ')', ':'])
        });
        match joined.last_mut() {
            Some((_, to)) if open => *to = at + piece.len(),
            _ => joined.push((at, at + piece.len())),
        }
    }
    joined.into_iter().map(|(from, to)| (from, &paragraph[from..to])).collect()
}

/// Words that carry meaning, roughly stemmed.
fn bag(sentence: &str) -> HashSet<String> {
    const STOP: [&str; 44] = [
        "the", "and", "that", "with", "from", "this", "which", "were", "have", "has", "had", "been", "are", "was", "for", "not",
        "but", "than", "they", "their", "them", "its", "our", "you", "your", "who", "will", "would", "could", "should", "into",
        "over", "under", "more", "most", "each", "per", "also", "there", "these", "those", "when", "what", "one",
    ];
    sentence
        .unicode_words()
        .map(str::to_lowercase)
        .filter(|w| w.chars().count() > 2 && !STOP.contains(&w.as_str()))
        .map(|w| w.strip_suffix('s').map(str::to_owned).unwrap_or(w))
        .collect()
}
