//! A thousand files of dialogues and preferences, most with a fault sown in, against a validator written here and nowhere else: it reads
//! JSON by the general reader and follows the platforms' published rules.

use std::collections::HashSet;

use juggler::domain::Deliverable;
use juggler::domain::check::{Judged, demands, passes};
use juggler::domain::deliverable::{Form, Rule};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use serde_json::{Map, Value, json};

use super::{Tally, dice, pick};

const TURNS: usize = 4;

/// The platforms' rules for one line of dialogues: a list of messages, system first or not, then user and assistant in turn, each with
/// exactly a role and a content that says something, the assistant last.
fn reference_dialogue(line: &str) -> bool {
    let Ok(Value::Object(object)) = serde_json::from_str::<Value>(line) else { return false };
    if object.len() != 1 || repeats_a_key(line) {
        return false;
    }
    let Some(Value::Array(messages)) = object.get("messages") else { return false };
    let Some(roles) = roles(messages) else { return false };
    messages.len() >= TURNS && in_turn(&roles) && roles.last().is_some_and(|r| r == "assistant")
}

/// The same for preferences, as the validator of the service that takes them has it: both outputs the assistant's and not the same.
fn reference_preference(line: &str) -> bool {
    let Ok(Value::Object(object)) = serde_json::from_str::<Value>(line) else { return false };
    let keys: HashSet<&str> = object.keys().map(String::as_str).collect();
    if keys != HashSet::from(["input", "preferred_output", "non_preferred_output"]) || repeats_a_key(line) {
        return false;
    }
    let Some(Value::Array(messages)) = object["input"].get("messages") else { return false };
    if object["input"].as_object().is_none_or(|input| input.len() != 1) {
        return false;
    }
    let Some(asked) = roles(messages) else { return false };
    let outputs: Vec<Option<(Vec<String>, Vec<String>)>> = ["preferred_output", "non_preferred_output"]
        .iter()
        .map(|key| {
            let list = object[*key].as_array()?;
            let said = list.iter().map(|m| m["content"].as_str().unwrap_or_default().trim().to_owned()).collect();
            Some((roles(list)?, said))
        })
        .collect();
    let [Some((better, one)), Some((worse, two))] = &outputs[..] else { return false };
    let theirs = |roles: &[String]| !roles.is_empty() && roles.iter().all(|role| role == "assistant");
    !asked.is_empty() && in_turn(&asked) && asked.last().unwrap() == "user" && theirs(better) && theirs(worse) && one != two
}

fn roles(messages: &[Value]) -> Option<Vec<String>> {
    messages
        .iter()
        .map(|message| {
            let message = message.as_object()?;
            let content = message.get("content")?.as_str()?;
            (message.len() == 2 && !content.trim().is_empty()).then_some(())?;
            Some(message.get("role")?.as_str()?.to_owned())
        })
        .collect()
}

fn in_turn(roles: &[String]) -> bool {
    let rest = if roles.first().is_some_and(|r| r == "system") { &roles[1..] } else { roles };
    rest.iter().enumerate().all(|(i, role)| role == if i % 2 == 0 { "user" } else { "assistant" })
}

/// Whether any object of the line writes a key twice: the general reader keeps the last one silently.
fn repeats_a_key(line: &str) -> bool {
    struct Strict(bool);
    impl<'de> serde::Deserialize<'de> for Strict {
        fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
            struct Visit;
            impl<'de> serde::de::Visitor<'de> for Visit {
                type Value = Strict;
                fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str("anything")
                }
                fn visit_bool<E>(self, _: bool) -> Result<Strict, E> {
                    Ok(Strict(false))
                }
                fn visit_i64<E>(self, _: i64) -> Result<Strict, E> {
                    Ok(Strict(false))
                }
                fn visit_u64<E>(self, _: u64) -> Result<Strict, E> {
                    Ok(Strict(false))
                }
                fn visit_f64<E>(self, _: f64) -> Result<Strict, E> {
                    Ok(Strict(false))
                }
                fn visit_str<E>(self, _: &str) -> Result<Strict, E> {
                    Ok(Strict(false))
                }
                fn visit_unit<E>(self) -> Result<Strict, E> {
                    Ok(Strict(false))
                }
                fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Strict, A::Error> {
                    let mut any = false;
                    while let Some(Strict(twice)) = seq.next_element()? {
                        any |= twice;
                    }
                    Ok(Strict(any))
                }
                fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Strict, A::Error> {
                    let (mut any, mut seen) = (false, HashSet::new());
                    while let Some((key, Strict(twice))) = map.next_entry::<String, Strict>()? {
                        any |= twice | !seen.insert(key);
                    }
                    Ok(Strict(any))
                }
            }
            d.deserialize_any(Visit)
        }
    }
    serde_json::from_str::<Strict>(line).is_ok_and(|Strict(twice)| twice)
}

fn said(dice: &mut ChaCha8Rng) -> String {
    let n = dice.random_range(2..9);
    let words =
        ["ticket", "refund", "späti", "\"sure\"", "where\nis", "it", "my", "order", "RB-20", "ok", "👍", "tomorrow", "\\"];
    (0..n).map(|_| pick(dice, &words)).collect::<Vec<_>>().join(" ")
}

fn message(role: &str, dice: &mut ChaCha8Rng) -> Value {
    json!({"role": role, "content": said(dice)})
}

fn dialogue(dice: &mut ChaCha8Rng) -> Value {
    let mut messages = Vec::new();
    if dice.random_bool(0.5) {
        messages.push(message("system", dice));
    }
    for _ in 0..dice.random_range(2..4) {
        messages.push(message("user", dice));
        messages.push(message("assistant", dice));
    }
    json!({ "messages": messages })
}

fn preference(dice: &mut ChaCha8Rng) -> Value {
    let mut messages = vec![message("user", dice)];
    if dice.random_bool(0.4) {
        messages.insert(0, message("system", dice));
    }
    if dice.random_bool(0.4) {
        messages.push(message("assistant", dice));
        messages.push(message("user", dice));
    }
    let worse = format!("{} not", said(dice));
    json!({
        "input": {"messages": messages},
        "preferred_output": [message("assistant", dice)],
        "non_preferred_output": [{"role": "assistant", "content": worse}],
    })
}

/// The messages somewhere in a record.
fn messages_of<'v>(value: &'v mut Value, dice: &mut ChaCha8Rng) -> &'v mut Vec<Value> {
    let path = match value.get("messages").is_some() {
        true => "/messages",
        false => pick(dice, &["/input/messages", "/preferred_output", "/non_preferred_output"]),
    };
    value.pointer_mut(path).and_then(Value::as_array_mut).unwrap()
}

/// One fault, or none: what is wrong with it is for the reference to say.
fn mutated(mut value: Value, dice: &mut ChaCha8Rng) -> (&'static str, String) {
    let kind = dice.random_range(0..20);
    if kind >= 15 {
        let mut line = value.to_string();
        return match kind {
            15 => {
                let at = line.char_indices().map(|(i, _)| i).nth(dice.random_range(0..line.chars().count())).unwrap();
                line.remove(at);
                ("a character gone", line)
            }
            16 => {
                let at = line.char_indices().map(|(i, _)| i).nth(dice.random_range(0..line.chars().count())).unwrap();
                line.insert(at, *[',', '"', '}', 'x', ' ', '{'].get(dice.random_range(0..6)).unwrap());
                ("a character more", line)
            }
            17 => (
                "a key twice",
                line.replacen("\"role\":", pick(dice, &["\"role\":\"user\",\"role\":", "\"content\":\"x\",\"role\":"]), 1),
            ),
            18 => ("something behind it", format!("{line}{}", pick(dice, &[" ", "{}", ",", "\t"]))),
            _ => ("nothing", line),
        };
    }
    let list = messages_of(&mut value, dice);
    let at = dice.random_range(0..list.len());
    let name = match kind {
        0 => {
            list.remove(at);
            "a message gone"
        }
        1 => {
            let copy = list[at].clone();
            list.insert(at, copy);
            "a message twice"
        }
        2 => {
            list[at]["content"] = json!(pick(dice, &["", "  ", "\n"]));
            "an empty content"
        }
        3 => {
            list[at]["content"] = pick(dice, &[&Value::Null, &json!(7), &json!(["a"]), &json!({"text": "a"})]).clone();
            "a content that is no text"
        }
        4 => {
            list[at]["role"] = json!(pick(dice, &["system", "user", "assistant", "tool", "User", ""]));
            "another role"
        }
        5 => {
            list[at].as_object_mut().unwrap().remove(pick(dice, &["role", "content"]));
            "a key gone"
        }
        6 => {
            list[at]["name"] = json!("Ann");
            "a key more in a message"
        }
        7 => {
            let mut swapped = list.clone();
            let other = dice.random_range(0..list.len());
            swapped.swap(at, other);
            *list = swapped;
            "two messages swapped"
        }
        8 => {
            list[at] = pick(dice, &[&json!("hello"), &Value::Null, &json!([])]).clone();
            "a message that is none"
        }
        9 => {
            list.clear();
            "no messages"
        }
        10 => {
            value["id"] = json!(1);
            "a key more beside"
        }
        11 => {
            let object = value.as_object_mut().unwrap();
            let key = object.keys().nth(dice.random_range(0..object.len())).unwrap().clone();
            object.remove(&key);
            "a key gone beside"
        }
        12 => {
            let object = value.as_object_mut().unwrap();
            let mut renamed = Map::new();
            for (key, value) in object.iter() {
                renamed.insert(key.replace("messages", "message").replace("preferred", "chosen"), value.clone());
            }
            *object = renamed;
            "keys of another format"
        }
        13 => {
            value = pick(dice, &[&json!([]), &json!("x"), &json!({"messages": "none"}), &Value::Null]).clone();
            "another shape"
        }
        _ => {
            if let Some(better) = value.get("preferred_output").cloned() {
                value["non_preferred_output"] = better;
            }
            "both answers the same"
        }
    };
    (name, value.to_string())
}

#[test]
fn a_thousand_mutated_files_are_judged_as_the_reference_judges_them() {
    let mut dice = dice(0x6a73_6f6e);
    let mut tally = Tally::default();
    let (mut good, mut bad) = (0, 0);
    for n in 0..1_000 {
        let preferences = n % 2 == 1;
        let lines = dice.random_range(1..5);
        let wrong = dice.random_range(0..lines);
        let mut fault = "nothing";
        let text: Vec<String> = (0..lines)
            .map(|i| {
                let value = if preferences { preference(&mut dice) } else { dialogue(&mut dice) };
                if i != wrong {
                    return value.to_string();
                }
                let (name, line) = mutated(value, &mut dice);
                fault = name;
                line
            })
            .collect();
        let truth: Vec<bool> =
            text.iter().map(|line| if preferences { reference_preference(line) } else { reference_dialogue(line) }).collect();
        let all_good = truth.iter().all(|fine| *fine);
        let rule = if preferences { Rule::Preference { turns: 0 } } else { Rule::Chat { turns: TURNS as u32 } };
        let spec = Deliverable { form: Form::ChatJsonl, rules: vec![rule], ..Deliverable::default() };
        let text = text.join("\n");
        let found = demands(&spec, &Judged { text: &text, ..Judged::default() });
        let mut right = passes(&found) == all_good;
        if !all_good {
            bad += 1;
            // The very line, and a column inside it.
            let line = truth.iter().position(|fine| !fine).unwrap();
            let (from, to) = found[0].columns.unwrap_or_default();
            right &= found[0].line == Some(line as u32) && from <= to && to as usize <= text.lines().nth(line).unwrap().len();
        } else {
            good += 1;
        }
        let name = format!("{}: {fault}", if preferences { "preferences" } else { "dialogues" });
        tally.count(&name, right, || format!("{found:?}\n{text}"));
    }
    tally.print("JSONL, 1,000 mutated files against the reference");
    println!("  of them {good} good and {bad} bad by the reference");
    assert!(good > 100 && bad > 400, "{good} {bad}");
    assert_eq!(tally.caught(), 1_000);
}
