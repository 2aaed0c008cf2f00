//! Five taglines for a brand, with every demand of such a brief; 500 copies with one fault each.

use juggler::domain::Deliverable;
use juggler::domain::check::{Finding, Judged, Verdict, check};
use juggler::domain::deliverable::{Form, Layout, Quotes, Rule};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::{Tally, dice, pick};
use crate::checks::texts;

const BRAND: &str = "Fernhollow";

/// Ideas that are good: of the right length, unlike each other, plain.
const GOOD: [&str; 14] = [
    "Fernhollow, for mornings with a bus to catch",
    "A wooden spoon, a fogged window, Fernhollow",
    "Ground by water since your great-aunt's wedding",
    "Three minutes from kettle to coat",
    "Oats that know what a night shift is",
    "Breakfast that fits beside a bus ticket",
    "Slow mill, quick spoon",
    "The warm end of a cold platform",
    "Hazelnuts first, questions later",
    "Eat it where the day begins: Fernhollow",
    "One pot, no plate, no hurry",
    "Something hot before the rota starts",
    "Milled by a river that gets up early",
    "Your stop comes after the last spoonful",
];

fn spec() -> Deliverable {
    Deliverable {
        form: Form::Lines,
        rules: vec![
            Rule::Items { min: 5, max: 5 },
            Rule::ItemChars { min: 12, max: 60 },
            Rule::ItemWords { min: 2, max: 9 },
            Rule::Distinct { percent: 60 },
            Rule::MustInclude { terms: texts(&[BRAND]) },
            Rule::MustNot { terms: texts(&["unleash", "number one", "world-class"]) },
            Rule::Pattern { regex: "(?i:fern ?hollow)s?\\b".into(), each: false, absent: false, why: "the brand".into() },
            Rule::Layout { layout: Layout::Numbered },
            Rule::Quotes { quotes: Quotes::Straight },
            Rule::Ascii,
            Rule::Fresh,
            Rule::Modest,
        ],
        ..Deliverable::default()
    }
}

fn judged(text: &str) -> Vec<Finding> {
    let text = text.to_owned();
    check(&spec(), &Judged { text: &text, language: "en", ..Judged::default() })
}

/// A good set, its brand first or last, in a shuffled order.
fn good(dice: &mut ChaCha8Rng) -> Vec<String> {
    let mut all: Vec<&str> = GOOD.to_vec();
    for i in (1..all.len()).rev() {
        all.swap(i, dice.random_range(0..=i));
    }
    let mut five: Vec<String> = all.iter().filter(|line| !line.contains(BRAND)).take(4).map(|l| (*l).to_owned()).collect();
    five.insert(dice.random_range(0..=4), pick(dice, &[GOOD[0], GOOD[1], GOOD[9]]).to_owned());
    five
}

fn numbered(lines: &[String]) -> String {
    lines.iter().enumerate().map(|(i, line)| format!("{}. {line}", i + 1)).collect::<Vec<_>>().join("\n")
}

/// A word of a line that may be changed without touching the brand.
fn twisted(line: &str, dice: &mut ChaCha8Rng) -> String {
    let mut words: Vec<&str> = line.split(' ').collect();
    let at = dice.random_range(0..words.len());
    if words[at].len() < 5 && !words[at].contains(BRAND) {
        words[at] = "so";
    }
    words.join(" ")
}

/// The text with one fault, its name, and which rule must speak.
fn sown(n: usize, dice: &mut ChaCha8Rng) -> (&'static str, String, usize) {
    let mut lines = good(dice);
    let at = dice.random_range(0..5);
    let plain = |lines: &[String]| lines.iter().position(|l| !l.contains(BRAND)).unwrap();
    match n % 20 {
        0 => {
            lines.remove(plain(&lines));
            ("one too few", numbered(&lines), 0)
        }
        1 => {
            lines.push("Last light, first bite of the week".into());
            ("one too many", numbered(&lines), 0)
        }
        2 => {
            lines[at].push_str(", and a good deal more of it than anybody asked for");
            ("too many characters", numbered(&lines), 1)
        }
        3 => {
            let i = plain(&lines);
            lines[i] = "Oats, ha".into();
            ("too few characters", numbered(&lines), 1)
        }
        4 => {
            let i = plain(&lines);
            lines[i] = "a b c d e f g h i j of it".into();
            ("too many words", numbered(&lines), 2)
        }
        5 => {
            let i = plain(&lines);
            lines[i] = "Hazelnutporridge".into();
            ("too few words", numbered(&lines), 2)
        }
        6 => {
            let i = plain(&lines);
            lines[i] = lines[(i + 1) % 5].clone();
            let alone = lines.iter().any(|l| l.contains(BRAND));
            if !alone {
                lines[i] = lines[(i + 1) % 5].clone();
            }
            ("the same line twice", numbered(&lines), 3)
        }
        7 => {
            let i = plain(&lines);
            lines[i] = format!("{}!", lines[(i + 1) % 5].to_uppercase());
            ("the same line in capitals", numbered(&lines), 3)
        }
        8 => {
            let i = plain(&lines);
            let other = lines.iter().position(|l| l.len() > 30).unwrap_or((i + 1) % 5);
            let i = if i == other { (0..5).find(|k| *k != other && !lines[*k].contains(BRAND)).unwrap() } else { i };
            lines[i] = twisted(&lines[other], dice);
            ("nearly the same line", numbered(&lines), 3)
        }
        9 => {
            for line in &mut lines {
                *line = line.replace(BRAND, pick(dice, &["the mill", "our pot", "the valley"]));
            }
            ("the brand is missing", numbered(&lines), 4)
        }
        10 => {
            let i = plain(&lines);
            let word = pick(dice, &["Unleash", "number one", "World-class"]);
            lines[i] = format!("{word} oats at seven");
            ("a forbidden word", numbered(&lines), 5)
        }
        11 => {
            for line in &mut lines {
                *line = line.replace(BRAND, "Fernholow");
            }
            ("the brand misspelled", numbered(&lines), 4)
        }
        12 => {
            let text = numbered(&lines).replacen(&format!("{}. ", at + 1), "", 1);
            ("a number is missing", text, 7)
        }
        13 => {
            let text = numbered(&lines).replacen(&format!("{}. ", at + 1), &format!("{}. ", at + 7), 1);
            ("a number is wrong", text, 7)
        }
        14 => {
            let text = lines.iter().map(|l| format!("- {l}")).collect::<Vec<_>>().join("\n");
            ("bullets for numbers", text, 7)
        }
        15 => {
            let i = plain(&lines);
            lines[i] = format!("{}Warm{} oats, cold station", '\u{201c}', '\u{201d}');
            ("curly quotes", numbered(&lines), 8)
        }
        16 => {
            let i = plain(&lines);
            lines[i] = format!("It{}s porridge before the bus", '\u{2019}');
            ("a curly apostrophe", numbered(&lines), 8)
        }
        17 => {
            lines[at] = lines[at].replacen('e', pick(dice, &["\u{e9}", "\u{2014}", "\u{435}"]), 1);
            if lines[at].is_ascii() {
                lines[at].push('\u{2026}');
            }
            ("beyond ASCII", numbered(&lines), 9)
        }
        18 => {
            let i = plain(&lines);
            let phrase =
                pick(dice, &["Elevate your", "A game-changer for", "Say goodbye to", "Look no further than", "The ultimate"]);
            lines[i] = format!("{phrase} porridge bowl");
            ("a worn-out phrase", numbered(&lines), 10)
        }
        _ => {
            let i = plain(&lines);
            let word = pick(dice, &["Best", "Guaranteed", "Perfect", "Award-winning", "Unbeatable", "World's first"]);
            lines[i] = format!("{word} porridge in the valley");
            ("a word that claims", numbered(&lines), 11)
        }
    }
}

#[test]
fn five_hundred_faults_in_taglines_are_all_found() {
    let mut dice = dice(0x7461_676c);
    let mut tally = Tally::default();
    for n in 0..500 {
        let (fault, text, rule) = sown(n, &mut dice);
        let found = judged(&text);
        tally.count(fault, found[rule].verdict == Verdict::Fail && !found[rule].sentence().is_empty(), || text.clone());
    }
    // Good sets must pass every must: a check that cries always finds everything.
    let mut alarms = Vec::new();
    for _ in 0..500 {
        let text = numbered(&good(&mut dice));
        alarms.extend(judged(&text).into_iter().filter(|f| f.verdict != Verdict::Pass).map(|f| format!("{text}\n{f:?}")));
    }
    tally.print("taglines, 500 seeded faults");
    println!("  false alarms on 500 good sets: {}", alarms.len());
    assert_eq!((tally.sown(), tally.caught()), (500, 500));
    assert!(alarms.is_empty(), "{}", alarms[0]);
}
