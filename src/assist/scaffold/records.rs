//! Sheets with one line for each id: rankings and labels, begun with a neutral choice that a person has to make theirs.

use serde_json::json;

use crate::assist::material::{Material, one_line};
use crate::domain::Text;
use crate::domain::check::sheet::words;

/// A ranking record: a tie with both answers quoted, to be decided.
pub fn ranking(material: &Material<'_>, id: &Text, reason_words: u32) -> String {
    let about = passage(material, id.as_str());
    let answer = |mark: &str| answer(&about, mark);
    let mut reason = match (answer("a"), answer("b")) {
        (Some(a), Some(b)) => format!("A says: {a} B says: {b} Neither is clearly better yet."),
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

/// A label line: the label whose words the passage shares most, else the first.
pub fn label(material: &Material<'_>, id: &Text, labels: &[Text]) -> String {
    let about = passage(material, id.as_str()).to_lowercase();
    let shared = |label: &Text| {
        label.as_str().to_lowercase().split(|c: char| !c.is_alphanumeric()).filter(|w| w.len() > 2 && about.contains(*w)).count()
    };
    let best = labels.iter().enumerate().max_by_key(|(i, label)| (shared(label), std::cmp::Reverse(*i)));
    format!("{id}: {}", best.map_or("", |(_, label)| label.as_str()))
}

/// What the attachments, else the brief, say of an id: from the line that names it to the next blank one.
fn passage(material: &Material<'_>, id: &str) -> String {
    let job = material.job;
    let texts = job.attachments.iter().filter_map(|a| Some(a.text.as_ref()?.as_str())).chain([job.brief.as_str()]);
    for text in texts {
        let mut lines = text.lines().skip_while(|line| !names(line, id));
        let Some(first) = lines.next() else { continue };
        let rest: Vec<&str> = lines.take_while(|l| !l.trim().is_empty()).take(12).collect();
        let first = first.trim().trim_start_matches(id).trim_start_matches([':', '.', ')', '|', ' ', '\t', '-', ',']);
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
    let text = start(passage.get(at..)?.trim(), 10);
    (!text.is_empty()).then(|| format!("\"{}\".", text.replace('"', "'")))
}

fn start(text: &str, n: usize) -> String {
    let words: Vec<&str> = text.split_whitespace().take(n).collect();
    words.join(" ").trim_end_matches(['.', ',', ';', ':']).to_owned()
}
