//! What a job's own words say about AI. They are only ever read as tighter than what its platform says, so a mistake closes what
//! could have been open, and never the other way round.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use regex::Regex;

use super::AiRule;
use crate::domain::Text;

/// Texts without any of these are not looked at further: most are. Those behind the first lists are words of their own, and stand
/// within many others.
const MARKS: [&str; 16] = [
    "artificial",
    "language model",
    "chatgpt",
    "gemini",
    "copilot",
    "generative",
    "own words",
    "handmade",
    "handwritten",
    "hand-",
    "hand ",
    "chatbot",
    "by real",
    "by people",
    "by a person",
    "by actual",
];
const WHOLE: [&str; 12] = ["ai", "a.i", "ais", "gpt", "llm", "llms", "claude", "human", "humans", "ki", "ia", "l'ia"];

/// Bytes of a text that are read.
const READ: usize = 256 * 1024;
/// Characters of the words that are shown.
const QUOTED: usize = 120;

/// What stands for an AI in a sentence.
const TOOL: &str = r"(?:a\.?i\.?|artificial intelligence|chat[ -]?gpt|gpt(?:-?\d\w*)?|llms?|(?:large )?language models?|claude|gemini|copilot|generative (?:ai|tools?|models?)|chatbots?)";

/// Words behind "no AI" that make it something else.
const ELSEWISE: [&str; 14] = [
    "experience",
    "knowledge",
    "skills",
    "skill",
    "background",
    "expertise",
    "literacy",
    "degree",
    "training",
    "jargon",
    "hype",
    "buzzwords",
    "topics",
    "images",
];

struct Pattern {
    rule: AiRule,
    regex: Regex,
    /// Behind it may stand what makes it something else.
    elsewise: bool,
}

struct Patterns {
    marks: Option<AhoCorasick>,
    all: Vec<Pattern>,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| {
    let marks = AhoCorasick::builder().ascii_case_insensitive(true).build(MARKS.iter().chain(&WHOLE)).ok();
    let t = TOOL;
    let listed = [
        (AiRule::HumanOnly, true, format!(r"\b(?:no|without|zero)\s+(?:(?:any|use of|the use of|help (?:of|from)|generative|kind of|form of)\s+)*{t}\b")),
        (AiRule::HumanOnly, false, format!(r"\b(?:do not|don['’]?t|must not|mustn['’]t|may not|never|cannot|can['’]?t|not (?:allowed|permitted) to|forbidden to|avoid|refrain from|without|instead of)\s+(?:\w+\s+){{0,2}}?(?:use|using|rely on|relying on|submit|submitting|paste|pasting|copy|copying|consult|consulting|ask|asking|employ|run it through)\b[^.!?\n]{{0,40}}?\b{t}\b")),
        (AiRule::HumanOnly, false, format!(r"\b{t}\b[^.!?\n]{{0,40}}?\b(?:(?:is|are|be) (?:strictly |absolutely )?(?:not (?:allowed|permitted|accepted|acceptable|welcome|ok|okay|paid)|forbidden|prohibited|banned|rejected|refused|disallowed|unacceptable|disqualified)|not (?:allowed|permitted|accepted)|(?:forbidden|prohibited|verboten))\b")),
        (AiRule::HumanOnly, false, r"\b(?:in|use|using|with) your own words\b".to_owned()),
        (AiRule::HumanOnly, false, r"\b(?:human|hand)[- ]?(?:written|made|crafted|authored|drawn)(?: \w+)? only\b|\b(?:only|must be|has to be|have to be|100 ?%|fully|entirely) (?:\w+ )?(?:human|hand)[- ]?(?:written|made|crafted|authored|drawn)\b|\b(?:written|made|done|answered|created) (?:only |entirely |solely )?by (?:a |an? actual |real |actual )?(?:humans?|human beings?|persons?|people)\b|\bhumans? only\b".to_owned()),
        (AiRule::HumanOnly, false, format!(r"\b{t}[- ](?:detectors?|detection|checkers?)\b")),
        (AiRule::HumanOnly, false, r"\b(?:keine|ohne|kein)\s+(?:\w+\s+)?ki\b|\bki[^.!?\n]{0,30}\b(?:nicht erlaubt|verboten|untersagt)\b|\b(?:sans|pas d['’e ])\s*(?:l['’])?(?:utiliser\s+)?(?:l['’])?ia\b|\b(?:sin|senza|sem)\s+(?:usar\s+|usare\s+)?(?:la\s+|a\s+|l['’])?ia\b|\b(?:geen|zonder)\s+ai\b".to_owned()),
        (AiRule::AssistOnly, false, format!(r"\b{t}\b (?:may|can|should) (?:only )?(?:be used (?:only )?(?:to|for) )?(?:help|assist|support|ideas|inspiration|research|grammar)\b|\b(?:not|no) (?:fully|purely|entirely|wholly|100 ?%|completely|raw|unedited) {t}\b|\b{t}\b[^.!?\n]{{0,20}}\bonly (?:for|as) (?:help|assistance|inspiration|ideas|research|grammar)\b")),
        (AiRule::Disclose, false, format!(r"\b(?:disclose|declare|label|acknowledge)\b[^.!?\n]{{0,50}}\b{t}\b|\b(?:tell us|say so|let us know|state|mention|note)\b[^.!?\n]{{0,20}}\b(?:if|whether|when|that|how)\b[^.!?\n]{{0,30}}\b{t}\b|\b{t}\b[^.!?\n]{{0,40}}\b(?:must|should|has to|needs to) be (?:disclosed|declared|labelled|labeled|acknowledged)\b")),
    ];
    let all = listed.into_iter().filter_map(|(rule, elsewise, written)| {
        Some(Pattern { rule, regex: Regex::new(&format!("(?i){written}")).ok()?, elsewise })
    });
    Patterns { marks, all: all.collect() }
});

/// The strictest rule that a text states about AI, with its words.
pub(super) fn read(text: &str) -> Option<(AiRule, Text)> {
    let text = &text[..text.floor_char_boundary(READ)];
    if !PATTERNS.marks.as_ref().is_none_or(|marks| is_marked(marks, text)) {
        return None;
    }
    let found = PATTERNS.all.iter().filter_map(|pattern| pattern.find(text).map(|at| (pattern.rule, at)));
    let (rule, at) = found.max_by_key(|(rule, at)| (rule.strictness(), std::cmp::Reverse(at.0)))?;
    Some((rule, quote(text, at)))
}

fn is_marked(marks: &AhoCorasick, text: &str) -> bool {
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    marks.find_overlapping_iter(text).any(|found| {
        let (before, behind) = (text[..found.start()].chars().next_back(), text[found.end()..].chars().next());
        found.pattern().as_usize() < MARKS.len() || (!is_letter(before) && !is_letter(behind))
    })
}

impl Pattern {
    /// The first place where it is meant.
    fn find(&self, text: &str) -> Option<(usize, usize)> {
        self.regex.find_iter(text).map(|found| (found.start(), found.end())).find(|(start, end)| {
            let said = &text[*start..*end];
            let (before, behind) = (&text[..*start], &text[*end..]);
            // A word that must not occur is not a tool that must not be used.
            let is_a_word =
                ["word ", "words ", "term ", "phrase ", "hashtag "].iter().any(|word| said.to_lowercase().contains(word))
                    && !said.to_lowercase().contains("own words");
            let is_quoted =
                behind.starts_with(['"', '”', '\'']) && said.contains(['"', '“', '\'']) || before.ends_with(['"', '“']);
            let next = behind.trim_start_matches([' ', '-']).split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
            let is_else = self.elsewise && ELSEWISE.iter().any(|word| next.eq_ignore_ascii_case(word));
            !is_a_word && !is_quoted && !is_else
        })
    }
}

/// The sentence around a place, as far as it is shown.
fn quote(text: &str, (start, end): (usize, usize)) -> Text {
    let ends = ['.', '!', '?', '\n'];
    let from = text[..start].rfind(ends).map_or(0, |at| at + 1);
    let to = text[end..].find(ends).map_or(text.len(), |at| end + at);
    let from = if text[from..start].chars().count() > QUOTED / 2 { start } else { from };
    let sentence: String = text[from..to].trim().chars().take(QUOTED).collect();
    Text::title(&sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(text: &str) -> Option<AiRule> {
        read(text).map(|(rule, _)| rule)
    }

    #[test]
    fn a_ban_is_heard_however_it_is_put() {
        for text in [
            "No AI.",
            "no A.I. please",
            "We need 5 lines, no ChatGPT or similar!",
            "Write without any AI help of your own.",
            "Please don’t use ChatGPT, Claude or any other tool",
            "Do not use any AI tool for it; we need a human ear.",
            "You must not rely on large language models",
            "AI-generated answers will be rejected.",
            "Use of AI is strictly prohibited",
            "AI content is not accepted here",
            "Answer in your own words",
            "Human-written only",
            "The text must be 100% human written",
            "All reviews are to be written by real people",
            "We run every text through an AI detector.",
            "No AI of any kind for this one: we measure models.",
            "Please use no AI and no sentiment tool",
            "Bitte keine KI verwenden",
            "Schreibe ohne KI",
            "Écrire sans IA",
            "Sin usar IA, por favor",
        ] {
            assert_eq!(rule(text), Some(AiRule::HumanOnly), "{text}");
        }
    }

    #[test]
    fn talk_of_ai_is_no_ban() {
        for text in [
            "Training AI chatbots for businesses: write 20 dialogues.",
            "AI art for the summer merch drop",
            "No AI experience needed, we explain everything.",
            "Rank two answers of an AI by how helpful they are",
            "Must not occur: \"As an AI\", \"valued customer\".",
            "Do not use the word AI in the taglines",
            "AI tools are welcome",
            "Paid by e-mail. Domain: aids for the hard of hearing",
            "Machine translation of a manual; no jargon",
            "Five taglines for a human resources agency",
            "Our chatbot never uses sarcasm. Write how it greets.",
        ] {
            assert_eq!(rule(text), None, "{text} {:?}", read(text));
        }
    }

    #[test]
    fn help_and_disclosure_are_told_from_bans() {
        for text in ["AI may only help with grammar", "No fully AI-generated texts", "AI can be used only for ideas"] {
            assert_eq!(rule(text), Some(AiRule::AssistOnly), "{text} {:?}", read(text));
        }
        for text in [
            "Disclose any use of AI",
            "Please tell us if you used AI",
            "AI use must be declared",
            "State whether an LLM was used",
        ] {
            assert_eq!(rule(text), Some(AiRule::Disclose), "{text} {:?}", read(text));
        }
        // The strictest counts.
        assert_eq!(rule("Disclose any use of AI. No AI for the reasons."), Some(AiRule::HumanOnly));
    }

    #[test]
    fn the_words_are_shown() {
        let (_, quote) =
            read("Line one. Please do not use ChatGPT for this one! More.").unwrap_or((AiRule::Unknown, Text::default()));
        assert_eq!(quote.as_str(), "Please do not use ChatGPT for this one");
        let long = format!("{} no AI {}", "x ".repeat(400), "y ".repeat(400));
        assert!(read(&long).is_some_and(|(_, quote)| quote.as_str().len() <= 130 && quote.as_str().starts_with("no AI")));
    }
}
