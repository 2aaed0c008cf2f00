//! How much was written: words, characters as people see them, lines, and the time it takes to say it.

use unicode_segmentation::UnicodeSegmentation;

use super::wrap;
use crate::domain::Deliverable;
use crate::domain::check::{script, sheet};
use crate::domain::deliverable::{Form, Rule};

/// The figures under the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Runs of letters and digits between blanks.
    pub words: usize,
    /// Graphemes, line ends not counted.
    pub characters: usize,
    /// Lines that hold something.
    pub items: usize,
    /// Seconds to say it, and at how many words a minute; for scripts.
    pub spoken: Option<(u64, u32)>,
}

impl Counts {
    /// Counts `lines` for a job that wants `spec`.
    pub fn of(lines: &[String], spec: &Deliverable, pace: u32) -> Counts {
        let wpm = spec.rules.iter().find_map(|rule| match rule {
            Rule::Spoken { wpm, .. } if *wpm > 0 => Some(*wpm),
            _ => None,
        });
        let wpm = wpm.or((spec.form == Form::Script).then_some(pace.max(1)));
        let mut counts = Counts::default();
        let mut said = 0u64;
        for line in lines {
            let words = words(line);
            counts.words += words;
            // What stands in brackets is not read aloud; only a script is asked how long it takes.
            if wpm.is_some() {
                said += sheet::words(&sheet::spoken(line));
            }
            counts.characters += if line.is_ascii() { line.len() } else { line.graphemes(true).count() };
            counts.items += usize::from(!line.trim().is_empty());
        }
        counts.spoken = wpm.map(|wpm| (script::seconds(said, wpm), wpm));
        counts
    }

    /// "12 words · 63 characters · 5 lines · 1:52 spoken at 150 wpm · typed 82 %"; shorter where there is little room. `shares`: how much
    /// of it came from where, in words.
    pub fn words(&self, shares: &str, room: usize) -> String {
        let spoken = |long: bool| match self.spoken {
            Some((s, wpm)) if long => format!(" · {}:{:02} spoken at {wpm} wpm", s / 60, s % 60),
            Some((s, _)) => format!(" · {}:{:02} spoken", s / 60, s % 60),
            None => String::new(),
        };
        let plural = |n: usize, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
        let middle = format!("{} · {}", plural(self.words, "word"), plural(self.characters, "character"));
        // The typed share stands first, and stays when there is no room for more.
        let [shares, typed] = [Some(shares), shares.split(" · ").next()].map(|told| match told {
            None | Some("") => String::new(),
            Some(told) => format!(" · {told}"),
        });
        let least = format!("{}w · {}c{}", self.words, self.characters, spoken(false));
        let forms = [
            format!("{middle} · {}{}{shares}", plural(self.items, "line"), spoken(true)),
            format!("{middle}{}{shares}", spoken(false)),
            format!("{least}{shares}"),
            format!("{least}{typed}"),
            least,
        ];
        let [.., short] = &forms;
        forms.iter().find(|form| wrap::width(form) <= room).unwrap_or(short).clone()
    }
}

fn words(line: &str) -> usize {
    line.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, form: Form) -> Counts {
        let lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
        Counts::of(&lines, &Deliverable { form, ..Deliverable::default() }, 150)
    }

    #[test]
    fn counts_as_people_do() {
        let counts = of("Fresh, bold – yours.\n\n👨‍👩‍👧‍👦 e\u{301}t\u{e9}", Form::Text);
        assert_eq!((counts.words, counts.characters, counts.items), (4, 20 + 5, 2));
        assert_eq!(counts.spoken, None);
    }

    #[test]
    fn a_script_is_timed_without_its_stamps() {
        let text = format!("[0:00] {}", "word ".repeat(300));
        assert_eq!(of(&text, Form::Script).spoken, Some((120, 150)));
    }
}
