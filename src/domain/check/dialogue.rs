//! Dialogues to train a chatbot with, and preferences between two answers: one JSON object a line.

use super::json::{Broken, Node};
use super::sheet::Sheet;
use super::{Fault, Finding};

/// Every item is a dialogue of at least `turns` messages, in turn, ending with the assistant.
pub fn judge(sheet: &Sheet<'_>, turns: u32) -> Finding {
    let label = format!("dialogues of at least {turns} messages, user and assistant in turn");
    if sheet.items.is_empty() {
        return Finding::fail(label, "no dialogue yet", "write one JSON object a line, {\"messages\":[…]}");
    }
    Finding::of(label, faults(sheet, "dialogue", |node, line| dialogue(node, line, turns)))
}

/// Every item is a preference: what was asked, the better answer, the worse one.
pub fn preferences(sheet: &Sheet<'_>, turns: u32) -> Finding {
    let label = match turns {
        0 | 1 => "preferences: input.messages, preferred_output, non_preferred_output".to_owned(),
        n => format!("preferences with at least {n} messages before the answer"),
    };
    if sheet.items.is_empty() {
        let shape =
            "write one JSON object a line, {\"input\":{\"messages\":[…]},\"preferred_output\":[…],\"non_preferred_output\":[…]}";
        return Finding::fail(label, "no preference yet", shape);
    }
    Finding::of(label, faults(sheet, "preference", |node, line| preference(node, line, turns)))
}

/// The faults of all items, each with its column.
pub fn faults<'a>(
    sheet: &Sheet<'a>,
    noun: &str,
    mut judge: impl FnMut(&Node<'a>, &'a str) -> Option<Fault>,
) -> Vec<(u32, Fault)> {
    let mut all = Vec::new();
    for (i, (item, read)) in sheet.items.iter().zip(sheet.records()).enumerate() {
        let fault = match read {
            Ok(node) => judge(node, item.text),
            Err(broken) => Some(broken_at(broken, item.text)),
        };
        let Some(fault) = fault else { continue };
        let what = format!("{noun} {}: {}", i + 1, fault.what);
        let fault = Fault { what, ..fault };
        // Columns are those of the item so far; the line may begin with blanks or a number.
        let line = sheet.line(item.line);
        let shift = (item.text.as_ptr() as usize).saturating_sub(line.as_ptr() as usize);
        let fault = match fault.columns {
            Some((from, to)) => {
                let shifted = |n: u32| usize::try_from(n).unwrap_or(0) + shift;
                fault.at(shifted(from), shifted(to))
            }
            None => fault.of(line, item.text),
        };
        all.push((item.line, fault));
    }
    all
}

fn broken_at(broken: &Broken, text: &str) -> Fault {
    let at = super::source::floor(text, broken.column.saturating_sub(1));
    let to = text[at..].chars().next().map_or(at, |c| at + c.len_utf8());
    let what = format!("not JSON at column {}: {}", broken.column, broken.why);
    Fault::new(what, "each line is one object; mend it there").at(at, to)
}

/// What is wrong with one dialogue, if anything.
pub fn fault(text: &str, turns: u32) -> Option<Fault> {
    match Node::read(text) {
        Ok(node) => dialogue(&node, text, turns),
        Err(broken) => Some(broken_at(&broken, text)),
    }
}

fn dialogue(node: &Node<'_>, line: &str, turns: u32) -> Option<Fault> {
    let Some(parts) = node.object() else { return Some(Fault::new("is not an object", "write {\"messages\":[…]}")) };
    let Some(messages) = node.get("messages").and_then(Node::list) else {
        return Some(Fault::new("has no list \"messages\"", "put the messages there"));
    };
    if let Some((other, _)) = parts.iter().find(|(k, _)| k != "messages") {
        return Some(Fault::new(format!("has a key \"{other}\" beside \"messages\""), "leave it out").of(line, other));
    }
    if let Some(twice) = node.doubled() {
        return Some(Fault::new(format!("has \"{twice}\" twice"), "keep one").of(line, twice));
    }
    if let Some(fault) = conversation(messages, line) {
        return Some(fault);
    }
    if messages.len() < turns as usize {
        let less = turns as usize - messages.len();
        return Some(Fault::new(format!("{} of {turns} messages", messages.len()), format!("add {less}")));
    }
    match messages.last().and_then(|m| m.get("role")).and_then(Node::text) {
        Some("assistant") => None,
        _ => Some(Fault::new("does not end with the assistant", "add its answer")),
    }
}

/// What is wrong with messages in turn, system or user first.
fn conversation(messages: &[Node<'_>], line: &str) -> Option<Fault> {
    let mut expected: &[&str] = &["system", "user"];
    for (i, message) in messages.iter().enumerate() {
        let role = match said(message, line, i + 1) {
            Ok(role) => role,
            Err(fault) => return Some(fault),
        };
        if !expected.contains(&role) {
            let fault =
                Fault::new(format!("message {} is by \"{role}\"", i + 1), format!("it should be by {}", expected.join(" or ")));
            return Some(fault.of(line, role));
        }
        expected = match role {
            "user" => &["assistant"],
            _ => &["user"],
        };
    }
    None
}

/// The role of a message that says something.
fn said<'m>(message: &'m Node<'_>, line: &str, n: usize) -> Result<&'m str, Fault> {
    let Some(parts) = message.object() else {
        return Err(Fault::new(format!("message {n} is not an object"), "write {\"role\":…,\"content\":…}"));
    };
    if let Some((other, _)) = parts.iter().find(|(k, _)| !matches!(&**k, "role" | "content")) {
        let fault = Fault::new(format!("message {n} has a key \"{other}\""), "only role and content belong there");
        return Err(fault.of(line, other));
    }
    if let Some(twice) = message.doubled() {
        return Err(Fault::new(format!("message {n} has \"{twice}\" twice"), "keep one").of(line, twice));
    }
    let Some(role) = message.get("role").and_then(Node::text) else {
        return Err(Fault::new(format!("message {n} has no role"), "write who says it: system, user or assistant"));
    };
    match message.get("content") {
        Some(Node::Text(content)) if !content.trim().is_empty() => Ok(role),
        content => {
            let empty = content.and_then(Node::text).unwrap_or(role);
            Err(Fault::new(format!("message {n} says nothing"), "write its content").of(line, empty))
        }
    }
}

fn preference(node: &Node<'_>, line: &str, turns: u32) -> Option<Fault> {
    let Some(parts) = node.object() else {
        return Some(Fault::new("is not an object", "write {\"input\":…,\"preferred_output\":…,\"non_preferred_output\":…}"));
    };
    if let Some((other, _)) = parts.iter().find(|(k, _)| !matches!(&**k, "input" | "preferred_output" | "non_preferred_output")) {
        let fault =
            Fault::new(format!("has a key \"{other}\""), "only input, preferred_output and non_preferred_output belong there");
        return Some(fault.of(line, other));
    }
    if let Some(twice) = node.doubled() {
        return Some(Fault::new(format!("has \"{twice}\" twice"), "keep one").of(line, twice));
    }
    let input = node.get("input");
    // Tools belong to the format; what they hold is the platform's.
    let strange = input
        .and_then(Node::object)
        .and_then(|parts| parts.iter().find(|(k, _)| !matches!(&**k, "messages" | "tools" | "parallel_tool_calls")));
    if let Some((other, _)) = strange {
        return Some(Fault::new(format!("\"input\" has a key \"{other}\""), "leave it out").of(line, other));
    }
    let Some(messages) = input.and_then(|input| input.get("messages")).and_then(Node::list) else {
        return Some(Fault::new("has no list \"messages\" in \"input\"", "put what was asked there"));
    };
    if let Some(fault) = conversation(messages, line) {
        return Some(fault);
    }
    if messages.last().and_then(|m| m.get("role")).and_then(Node::text) != Some("user") {
        return Some(Fault::new("what was asked does not end with the user", "the answers belong into the outputs"));
    }
    if messages.len() < turns as usize {
        let less = turns as usize - messages.len();
        return Some(Fault::new(format!("{} of {turns} messages", messages.len()), format!("add {less}")));
    }
    let mut answers = Vec::new();
    for key in ["preferred_output", "non_preferred_output"] {
        let Some(list) = node.get(key).and_then(Node::list).filter(|list| !list.is_empty()) else {
            return Some(Fault::new(format!("has no answer in \"{key}\""), "write [{\"role\":\"assistant\",\"content\":…}]"));
        };
        for (i, message) in list.iter().enumerate() {
            match said(message, line, i + 1) {
                Ok("assistant") => {}
                Ok(role) => {
                    let fault = Fault::new(format!("\"{key}\" is by \"{role}\""), "answers are the assistant's");
                    return Some(fault.of(line, role));
                }
                Err(fault) => return Some(Fault { what: format!("\"{key}\": {}", fault.what), ..fault }),
            }
        }
        answers.push(list.iter().filter_map(|m| m.get("content")?.text()).map(str::trim).collect::<Vec<_>>());
    }
    (answers[0] == answers[1]).then(|| Fault::new("both answers are the same", "write a worse one, or leave the line out"))
}

/// Everything that is said in a record, with who says it; of a preference both answers as well.
pub fn speech<'n>(node: &'n Node<'_>) -> Vec<(&'n str, &'n str)> {
    let lists = [
        node.get("messages"),
        node.get("input").and_then(|input| input.get("messages")),
        node.get("preferred_output"),
        node.get("non_preferred_output"),
    ];
    let messages = lists.into_iter().flatten().filter_map(Node::list).flatten();
    messages.filter_map(|m| Some((m.get("role")?.text()?, m.get("content")?.text()?))).collect()
}
