//! Dialogues for training, one JSON object a line, from the attachments' and the brief's own sentences.

use serde_json::{Value, json};

use super::lines::wanted;
use crate::assist::material::{Material, instructs};
use crate::domain::deliverable::Rule;

/// Questions people ask, each quoting a phrase of the job: a quotation fits any grammar.
const ASKS: [&str; 8] = [
    "Hello, I read \"{}\" on your page. Does that hold for me too?",
    "Quick one: what is meant by \"{}\"?",
    "My colleague told me \"{}\". Is that right?",
    "Before I decide: \"{}\" – what should I know about it?",
    "hi, it says \"{}\" and I do not get it",
    "Can you help me? It is about \"{}\".",
    "I have been waiting for an answer on \"{}\" since yesterday!",
    "Who would I ask about \"{}\"?",
];
/// What people say next.
const FOLLOWS: [&str; 6] = [
    "Thanks. And \"{}\"?",
    "Good to know. Does that change anything about \"{}\"?",
    "I see. So what about \"{}\" then?",
    "All right. One more thing: \"{}\"?",
    "That helps. How does \"{}\" go with it?",
    "And if \"{}\" matters most to me?",
];

/// As many dialogues as asked, with the required terms in the first ones.
pub fn lay_out(material: &Material<'_>) -> Vec<String> {
    let n = wanted(material.items, 3);
    let mut lines: Vec<String> = Vec::new();
    for _ in 0..n {
        let Some(line) = next(material, &lines) else { break };
        lines.push(line);
    }
    lines
}

/// Messages a dialogue must have.
pub fn turns(material: &Material<'_>) -> usize {
    let rules = material.job.deliverable.rules.iter();
    let turns = rules.filter_map(|r| if let Rule::Chat { turns } = r { Some(*turns) } else { None }).max();
    usize::try_from(turns.unwrap_or(4)).unwrap_or(4).clamp(2, 400)
}

/// The next dialogue, unlike the others.
pub fn next(material: &Material<'_>, others: &[String]) -> Option<String> {
    let tries = (material.clauses.len() + material.quotes.len()).clamp(8, 400);
    (0..tries)
        .map(|shift| dialogue(material, others.len(), shift))
        .find(|line| material.is_new(line, others) && material.is_item(line))
}

fn dialogue(material: &Material<'_>, index: usize, shift: usize) -> String {
    let pairs = turns(material).div_ceil(2);
    let who = material.must.first().copied().unwrap_or(material.job.requester.name.as_str());
    let who = if who.is_empty() { "the business" } else { who };
    let mut messages =
        vec![message("system", &format!("You answer customers of {who}: friendly, brief, and only from what you are told."))];
    let terms: Vec<&str> = material.each.iter().chain(material.must.iter().filter(|_| index == 0)).copied().collect();
    // Answers tell something; what only instructs the worker serves when there is nothing else.
    let all: Vec<&str> = material.sentences().map(|q| q.text.as_str()).filter(|q| !q.contains('{')).collect();
    let told: Vec<&str> = all.iter().copied().filter(|q| !instructs(q)).collect();
    let quotes = if told.len() > pairs { told } else { all };
    let phrases = &material.clauses[..if material.good > pairs { material.good } else { material.clauses.len() }];
    for pair in 0..pairs {
        let at = index * pairs + pair + shift;
        let clause = pick(phrases, at).map_or("this", |c| c.as_str());
        let ask = if pair == 0 { ASKS[(index + shift) % ASKS.len()] } else { FOLLOWS[(at + index) % FOLLOWS.len()] };
        messages.push(message("user", &ask.replace("{}", &lower(clause))));
        let mut answer = match pick(&quotes, at) {
            Some(quote) => (*quote).to_owned(),
            None => format!("Here is what I can say about {}.", lower(clause)),
        };
        if pair + 1 == pairs && !terms.is_empty() {
            answer.push_str(&format!(" It is about {}.", terms.join(", ")));
        }
        messages.push(message("assistant", &answer));
    }
    json!({ "messages": messages }).to_string()
}

fn message(role: &str, content: &str) -> Value {
    json!({ "role": role, "content": content })
}

fn pick<T>(list: &[T], at: usize) -> Option<&T> {
    list.get(at.checked_rem(list.len())?)
}

/// With a small first letter, unless the word is a name or all capitals.
fn lower(text: &str) -> String {
    let first: &str = text.split(' ').next().unwrap_or_default();
    const STARTS: [&str; 16] =
        ["The", "A", "An", "Our", "Your", "We", "It", "They", "This", "These", "No", "All", "Each", "Every", "If", "When"];
    if STARTS.contains(&first) { format!("{}{}", first.to_lowercase(), &text[first.len()..]) } else { text.to_owned() }
}
