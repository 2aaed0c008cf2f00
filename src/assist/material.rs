//! What a draft can be laid out from: the job's limits, and its own words cut into clauses and sentences.

use std::collections::HashSet;

use super::textrank::{self, Sentence};
use crate::domain::Job;
use crate::domain::check::grounded;
use crate::domain::check::sheet::{folded, graphemes, words};
use crate::domain::check::terms::whole_word;
use crate::domain::check::{distinct, script};
use crate::domain::deliverable::Rule;
use crate::domain::pages::{page_at, pages};

/// From and to, both included.
pub type Range = (u64, u64);

/// A sentence that may be used, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// The sentence, on one line, without square brackets.
    pub text: String,
    /// Its page in the attachment.
    pub page: Option<u32>,
    /// Its place in the order of the source.
    pub order: usize,
}

/// The job's demands and words, gathered once.
pub struct Material<'a> {
    /// The job.
    pub job: &'a Job,
    /// So many items.
    pub items: Range,
    /// Characters of an item.
    pub item_chars: Range,
    /// Words of an item.
    pub item_words: Range,
    /// Words in all; the time of a script counts as words.
    pub words: Range,
    /// Characters in all.
    pub chars: Range,
    /// Likeness of two items that is still allowed.
    pub percent: Option<u8>,
    /// Terms that must occur somewhere.
    pub must: Vec<&'a str>,
    /// Terms that must be in each item.
    pub each: Vec<&'a str>,
    /// Terms that must not occur, folded.
    pub never: Vec<String>,
    /// Numbers that may be said; `None` when any may.
    pub numbers: Option<HashSet<String>>,
    /// Short phrases of the brief, the ones about the thing first.
    pub clauses: Vec<String>,
    /// How many of the clauses are about the thing; the others tell what to do and serve when nothing else is left.
    pub good: usize,
    /// Sentences of the attachments, the most central first.
    pub quotes: Vec<Quote>,
    /// Sentences of the brief about the thing, in order.
    pub brief: Vec<Quote>,
}

impl<'a> Material<'a> {
    /// Gathers everything.
    pub fn of(job: &'a Job) -> Material<'a> {
        let mut found = Material {
            job,
            items: (0, u64::MAX),
            item_chars: (0, u64::MAX),
            item_words: (0, u64::MAX),
            words: (0, u64::MAX),
            chars: (0, u64::MAX),
            percent: None,
            must: Vec::new(),
            each: Vec::new(),
            never: Vec::new(),
            numbers: None,
            clauses: Vec::new(),
            good: 0,
            quotes: Vec::new(),
            brief: Vec::new(),
        };
        for rule in &job.deliverable.rules {
            found.take_in(rule);
        }
        found.quotes = quotes(job).into_iter().filter(|q| found.may_say(&q.text)).collect();
        let about = about(job.brief.as_str());
        found.brief = textrank::sentences(&about)
            .into_iter()
            .enumerate()
            .map(|(order, s)| Quote { text: one_line(s.text), page: None, order })
            .filter(|q| found.may_say(&q.text) && words(&q.text) > 2 && q.text.ends_with(['.', '!', '?']))
            .collect();
        found.brief.sort_by_key(|q| instructs(&q.text));
        let attached: Vec<String> = found.quotes.iter().flat_map(|q| clauses(&q.text)).take(200).collect();
        let mut seen = HashSet::new();
        found.clauses = clauses(&about)
            .into_iter()
            .chain(attached)
            .chain(clauses(job.brief.as_str()))
            .chain(clauses(job.title.as_str()))
            .filter(|c| found.may_say(c) && seen.insert(folded(c)))
            .collect();
        found.clauses.sort_by_key(|c| instructs(c) || job.title.as_str().contains(c.as_str()));
        found.good = found.clauses.iter().filter(|c| !instructs(c) && !job.title.as_str().contains(c.as_str())).count();
        found
    }

    fn take_in(&mut self, rule: &'a Rule) {
        let narrowed = |range: &mut Range, min: u64, max: u64| *range = (range.0.max(min), range.1.min(max));
        match rule {
            Rule::Items { min, max } => narrowed(&mut self.items, (*min).into(), (*max).into()),
            Rule::ItemChars { min, max } => narrowed(&mut self.item_chars, (*min).into(), (*max).into()),
            Rule::ItemWords { min, max } => narrowed(&mut self.item_words, (*min).into(), (*max).into()),
            Rule::Words { min, max } => narrowed(&mut self.words, (*min).into(), (*max).into()),
            Rule::Chars { min, max } => narrowed(&mut self.chars, (*min).into(), (*max).into()),
            Rule::Spoken { seconds, wpm, tolerance } => {
                let (least, most) = script::range(*seconds, *wpm, *tolerance);
                narrowed(&mut self.words, least, most);
            }
            Rule::Distinct { percent } => self.percent = Some(self.percent.map_or(*percent, |p| p.min(*percent))),
            Rule::MustInclude { terms } => self.must.extend(terms.iter().map(|t| t.as_str())),
            Rule::EachIncludes { term } => self.each.push(term.as_str()),
            Rule::MustNot { terms } => self.never.extend(terms.iter().map(|t| folded(t.as_str()))),
            Rule::Grounded { source } => {
                let sources = self.job.attachments.iter().filter(|a| source.is_empty() || a.name == *source);
                let texts: Vec<&str> = sources.filter_map(|a| Some(a.text.as_ref()?.as_str())).collect();
                if !texts.is_empty() {
                    self.numbers = Some(grounded::known(&texts));
                }
            }
            _ => {}
        }
    }

    /// Nothing forbidden in it and no number that the source does not know.
    pub fn may_say(&self, text: &str) -> bool {
        let plain = folded(text);
        self.never.iter().all(|term| whole_word(&plain, term).is_none()) && self.is_grounded(text)
    }

    /// No number that the source does not know.
    pub fn is_grounded(&self, text: &str) -> bool {
        let Some(known) = &self.numbers else { return true };
        text.lines().flat_map(grounded::claims).all(|n| grounded::is_known(known, &n))
    }

    /// An item within all limits on single items.
    pub fn is_item(&self, text: &str) -> bool {
        let within = |n: u64, range: Range| (range.0..=range.1).contains(&n);
        within(graphemes(text), self.item_chars)
            && within(words(text), self.item_words)
            && self.each.iter().all(|term| text.contains(term))
            && self.may_say(text)
    }

    /// Unlike all of these, with a little to spare.
    pub fn is_new(&self, text: &str, others: &[String]) -> bool {
        let limit = usize::from(self.percent.unwrap_or(95).min(95));
        others.iter().all(|other| distinct::likeness(self.job.deliverable.form, text, other) <= limit)
    }

    /// Sentences to build running text from: the source's most central, else the brief's.
    pub fn sentences(&self) -> impl Iterator<Item = &Quote> {
        self.quotes.iter().chain(self.brief.iter())
    }
}

fn quotes(job: &Job) -> Vec<Quote> {
    let mut all: Vec<(f32, Quote)> = Vec::new();
    for text in job.attachments.iter().filter_map(|a| Some(a.text.as_ref()?.as_str())) {
        let pages = pages(text);
        // Without its anchor lines, which belong to no sentence.
        let ranked = pages.iter().flat_map(|page| textrank::sentences(page.text).into_iter().map(move |s| (page, s)));
        let joined: Vec<(usize, Sentence<'_>)> = ranked.map(|(page, s)| (page.start + s.start, s)).collect();
        let prose: String = joined.iter().filter(|(_, s)| is_prose(s.text)).map(|(_, s)| format!("{}\n\n", s.text)).collect();
        let weights: Vec<(String, f32)> = textrank::rank(&prose).into_iter().map(|s| (one_line(s.text), s.weight)).collect();
        let weights: std::collections::HashMap<String, f32> = weights.into_iter().collect();
        for (start, sentence) in joined.iter().filter(|(_, s)| is_prose(s.text)) {
            let text = one_line(sentence.text);
            let Some(weight) = weights.get(&text) else { continue };
            // A long sentence shares words with everything; what can be said in a breath goes first.
            let length = words(&text) as f32;
            let ease = if length <= 22.0 { 1.0 } else { 22.0 / length };
            all.push((weight * ease, Quote { text, page: page_at(&pages, *start), order: all.len() }));
        }
    }
    all.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.order.cmp(&b.1.order)));
    let mut seen = HashSet::new();
    all.into_iter().map(|(_, quote)| quote).filter(|q| seen.insert(folded(&q.text))).collect()
}

/// A whole sentence rather than a heading, a row of a table or a record.
fn is_prose(sentence: &str) -> bool {
    let n = words(sentence);
    let letters = sentence.chars().filter(|c| c.is_alphabetic()).count();
    (5..=40).contains(&n)
        && sentence.ends_with(['.', '!', '?', '"', '”'])
        && letters * 100 > sentence.chars().count() * 65
        && !sentence.contains(['|', '{', '}', '\t'])
        && sentence.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || c == '"' || c == '“')
}

/// One line, without square brackets, which mean stage directions here.
pub fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").replace('[', "(").replace(']', ")")
}

/// Tells the worker what to do, rather than something of the thing.
pub fn instructs(text: &str) -> bool {
    const MARKS: [&str; 45] = [
        "please",
        "must",
        "we need",
        "we want",
        "we reject",
        "we look for",
        "characters",
        "words",
        "a line",
        "lines",
        "json",
        "deliver",
        "write ",
        "audience",
        "tone",
        "do not",
        "don't",
        "avoid",
        "use the",
        "keep to",
        "make up",
        "format",
        "hashtag",
        "emoji",
        "paragraph",
        "needed",
        "brief",
        "attach",
        "you ",
        "your",
        "we pay",
        "bonus",
        "tagline",
        "caption",
        "dialogue",
        "exactly",
        "what we",
        "how it",
        "editor",
        "sentence",
        "we would",
        "we publish",
        "spelled",
        "new about",
        "who we",
    ];
    let plain = folded(text);
    MARKS.iter().any(|mark| plain.contains(mark)) || ["who", "what", "why", "how"].contains(&plain.trim_end_matches([':', '?']))
}

/// The part of a brief that tells of the thing itself: not the lists, the musts and the manners.
fn about(brief: &str) -> String {
    const RULES: [&str; 20] = [
        "must",
        "never",
        "good",
        "bad",
        "we reject",
        "please",
        "format",
        "deliver",
        "what we need",
        "what you",
        "how",
        "rules",
        "tone",
        "audience",
        "do not",
        "don't",
        "avoid",
        "each",
        "length",
        "you ",
    ];
    let paragraphs: Vec<&str> = brief.split("\n\n").map(str::trim).filter(|p| !p.is_empty()).collect();
    let told: Vec<&str> = paragraphs
        .iter()
        .filter(|p| !p.starts_with('-') && !p.contains("\n- "))
        .filter(|p| !RULES.iter().any(|r| p.get(..r.len()).is_some_and(|start| start.eq_ignore_ascii_case(r))))
        .copied()
        .collect();
    let told = if told.is_empty() { paragraphs } else { told };
    // "Who we are: X makes Y" tells more without the heading.
    let told: Vec<&str> = told
        .into_iter()
        .map(|p| match p.split_once(": ") {
            Some((head, rest)) if words(head) <= 3 && !head.contains('\n') => rest,
            _ => p,
        })
        .collect();
    told.join("\n\n")
}

/// Phrases between marks, of two to fourteen words.
fn clauses(text: &str) -> Vec<String> {
    // A mark between digits belongs to a number.
    let chars: Vec<char> = text.chars().collect();
    let digit = |i: usize| chars.get(i).is_some_and(char::is_ascii_digit);
    let ends = |i: usize, c: char| match c {
        '.' | ',' | ':' => !(i > 0 && digit(i - 1) && digit(i + 1)),
        _ => matches!(c, ';' | '\n' | '!' | '?' | '(' | ')' | '"' | '“' | '”' | '—' | '–' | '[' | ']'),
    };
    let marked: String = chars.iter().enumerate().map(|(i, c)| if ends(i, *c) { '\n' } else { *c }).collect();
    marked
        .lines()
        .map(|c| c.trim().trim_start_matches(['-', '*', '•', ' ']).trim())
        .map(|c| ["and ", "but ", "or ", "so ", "which ", "because "].iter().fold(c, |c, lead| c.strip_prefix(lead).unwrap_or(c)))
        .filter(|c| (2..=14).contains(&words(c)) && !c.contains(['{', '}', '|', '_', '/', '=']))
        .map(one_line)
        .collect()
}
