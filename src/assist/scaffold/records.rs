//! Sheets with one line for each id: rankings and labels, begun with a neutral choice that a person has to make theirs.

use std::collections::HashSet;

use serde_json::json;

use crate::assist::material::{Material, one_line};
use crate::domain::Text;
use crate::domain::check::sheet::words;

/// A ranking record: a tie with both answers quoted, to be decided.
pub fn ranking(material: &Material<'_>, id: &Text, reason_words: u32) -> String {
    let about = passage(material, id.as_str());
    let answer = |mark: &str| answer(&about, mark);
    let mut reason = match (answer("a"), answer("b")) {
        (Some(a), Some(b)) => format!("A says {a}, B says {b}; neither is clearly better yet."),
        _ if about.is_empty() => format!("Both answers to {id} cover the question; neither is clearly better yet."),
        _ => format!("On {id}: {}. Neither answer is clearly better yet.", start(&about, 18)),
    };
    const MORE: [&str; 4] = [
        "Weigh correctness first, then whether the whole question is answered, then tone and length.",
        "Look for a claim that one answer makes and the other does not, and check it.",
        "A shorter answer that is right wins over a longer one that repeats itself.",
        "Say in this field which sentence decided it, so that a second reader can follow.",
    ];
    for more in MORE.iter().cycle().take(200) {
        if words(&reason) >= u64::from(reason_words) {
            break;
        }
        reason.push(' ');
        reason.push_str(more);
    }
    json!({ "id": id, "better": "tie", "rating": 4, "reason": reason }).to_string()
}

/// A label line: the label whose words, and whose description in the brief, the passage shares most; when it shares nothing, the
/// label for what fits nowhere, else the first.
pub fn label(material: &Material<'_>, id: &Text, labels: &[Text]) -> String {
    let about = bag(&passage(material, id.as_str()));
    let told = |label: &Text| -> String {
        let lines = material.job.brief.as_str().split(['\n', '.', ';']).filter(|l| names(l, label.as_str()));
        format!(
            "{label} {}",
            lines.filter(|l| labels.iter().filter(|o| names(l, o.as_str())).count() == 1).collect::<Vec<_>>().join(" ")
        )
    };
    let shared = |label: &Text| bag(&told(label)).intersection(&about).count();
    let rest =
        labels.iter().find(|l| matches!(l.as_str(), "other" | "unclear" | "none" | "neutral" | "mixed")).or(labels.first());
    let best = labels.iter().map(|l| (shared(l), l)).filter(|(n, _)| *n > 0).reduce(|a, b| if b.0 > a.0 { b } else { a });
    format!("{id}: {}", best.map(|(_, l)| l).or(rest).map_or("", |l| l.as_str()))
}

/// The words of a text that say something, without their last letters, so that "refunds" and "refunded" meet.
fn bag(text: &str) -> HashSet<String> {
    let long = text.split(|c: char| !c.is_alphanumeric()).filter(|w| w.chars().count() > 3);
    long.map(|w| w.to_lowercase().chars().take(5).collect())
        .filter(|w: &String| !["with", "that", "this", "have"].contains(&w.as_str()))
        .collect()
}

/// What the attachments, else the brief, say of an id: from the line that names it to the next blank one.
fn passage(material: &Material<'_>, id: &str) -> String {
    let job = material.job;
    let texts = job.attachments.iter().filter_map(|a| Some(a.text.as_ref()?.as_str())).chain([job.brief.as_str()]);
    for text in texts {
        let mut lines = text.lines().skip_while(|line| !names(line, id));
        let Some(first) = lines.next() else { continue };
        let first = first.trim().trim_start_matches(id).trim_start_matches([':', '.', ')', '|', ' ', '\t', '-', ',']);
        // A row says it all; a heading is followed by what it heads.
        let further = if words(first) > 3 { 0 } else { 12 };
        let rest: Vec<&str> = lines.take_while(|l| !l.trim().is_empty()).take(further).collect();
        return one_line(&format!("{first}\n{}", rest.join("\n")));
    }
    String::new()
}

fn names(line: &str, id: &str) -> bool {
    line.match_indices(id).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + id.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

/// The beginning of answer A or B within a passage.
fn answer(passage: &str, mark: &str) -> Option<String> {
    let lower = passage.to_lowercase();
    let heads = [format!("answer {mark}:"), format!("response {mark}:"), format!(" {mark}:"), format!("({mark})")];
    // Lower-casing may move bytes in rare scripts; then there is no quotation rather than a wrong one.
    let at =
        heads.iter().find_map(|head| Some(lower.find(head.as_str())? + head.len())).filter(|_| lower.len() == passage.len())?;
    let rest = passage.get(at..)?.trim();
    let text = start(rest.split(" | ").next().unwrap_or(rest), 10);
    (!text.is_empty()).then(|| format!("\"{}\"", text.replace('"', "'")))
}

fn start(text: &str, n: usize) -> String {
    let words: Vec<&str> = text.split_whitespace().take(n).collect();
    words.join(" ").trim_end_matches(['.', ',', ';', ':']).to_owned()
}
