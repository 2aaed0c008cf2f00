//! Checks under any text, and with faults sown into good drafts.

use std::time::{Duration, Instant};

use juggler::assist::repair;
use juggler::domain::check::{Judged, Verdict, check};
use juggler::domain::deliverable::{Form, Layout, Quotes, Rule};
use juggler::domain::{Deliverable, Text};
use proptest::prelude::*;
use serde_json::json;

use super::{fails, job, passes, texts};

fn every_rule() -> Vec<Rule> {
    vec![
        Rule::Items { min: 1, max: 5 },
        Rule::ItemChars { min: 2, max: 60 },
        Rule::ItemWords { min: 1, max: 9 },
        Rule::Words { min: 3, max: 50 },
        Rule::Chars { min: 3, max: 500 },
        Rule::Distinct { percent: 60 },
        Rule::MustInclude { terms: texts(&["oat", ""]) },
        Rule::MustNot { terms: texts(&["best", "", "a b", "1"]) },
        Rule::EachIncludes { term: "x".into() },
        Rule::Spoken { seconds: 10, wpm: 0, tolerance: 255 },
        Rule::Beats { min: 2 },
        Rule::Grounded { source: Text::default() },
        Rule::Chat { turns: 2 },
        Rule::Rank { ids: texts(&["q1", ""]), reason_words: 2, no_ties: false },
        Rule::Label { ids: texts(&["i1", ""]), labels: texts(&["warm"]) },
        Rule::Parallel { source: "s".into() },
        Rule::Schema { schema: json!({"type": "object"}) },
        Rule::Image { width: 1, height: 1, mime: Text::default(), max_bytes: 0, alpha: false, looks: Default::default() },
        Rule::Advice { text: "Look.".into() },
        Rule::Preference { turns: 2 },
        Rule::Agrees { pairs: vec![["q1".into(), "q2".into()]], percent: 60 },
        Rule::Unhurried { seconds: 5 },
        Rule::Layout { layout: Layout::Numbered },
        Rule::Layout { layout: Layout::Bulleted },
        Rule::Layout { layout: Layout::Bare },
        Rule::Layout { layout: Layout::Csv },
        Rule::Layout { layout: Layout::Json },
        Rule::Quotes { quotes: Quotes::Straight },
        Rule::Quotes { quotes: Quotes::Curly },
        Rule::Quotes { quotes: Quotes::None },
        Rule::Ascii,
        Rule::Fresh,
        Rule::Modest,
        Rule::Faithful { source: Text::default() },
        Rule::Covers { source: Text::default(), phrases: 9, min: 3 },
        Rule::Hook { seconds: 3 },
        Rule::CallToAction,
        Rule::OnScreen { min: 2 },
        Rule::Sentences { words: 8 },
        Rule::Grade { most: 6 },
        Rule::Speakable,
        Rule::Anonymous,
        Rule::Sealed,
        Rule::Pattern { regex: "a+$".into(), each: true, absent: false, why: Text::default() },
        Rule::Pattern { regex: "((a{1,99}){1,99}){1,99}".into(), each: false, absent: false, why: Text::default() },
        Rule::Pattern { regex: "oat|\\d".into(), each: false, absent: true, why: Text::default() },
        Rule::Url { host: "a.example".into(), min: 1 },
        Rule::Files { min: 1, max: 2, endings: texts(&["png"]) },
    ]
}

fn any_text() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "1. ",
        "- ",
        "(3)",
        "[0:00] ",
        "[9:99]",
        "[",
        "]",
        "{a}",
        "{",
        "}",
        ":",
        "i1: warm",
        "q1",
        "12.5%",
        "1,200",
        "3 million",
        "p. 4",
        "oat",
        "best",
        " ",
        "\n",
        "\u{301}",
        "👩‍👩‍👧",
        "é",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}",
        "{\"id\":\"q1\"}",
        "\"",
        "ﬀ",
        "İ",
        "ß",
        "’",
        "最",
        "0.0.0",
        "1'000",
        "٣",
        "\u{a0}",
    ]);
    prop_oneof![prop::collection::vec(pieces, 0..60).prop_map(|p| p.concat()), any::<String>(),]
}

fn any_form() -> impl Strategy<Value = Form> {
    prop::sample::select(vec![
        Form::Text,
        Form::Lines,
        Form::Script,
        Form::ChatJsonl,
        Form::RankJsonl,
        Form::Labels,
        Form::Translation,
        Form::File,
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_judged_without_a_panic(form in any_form(), text in any_text(), source in any_text()) {
        let spec = Deliverable { form, rules: every_rule(), ..Deliverable::default() };
        let found = check(&spec, &Judged { text: &text, sources: vec![("s", source.as_str())], ..Judged::default() });
        prop_assert!(found.len() >= spec.rules.len());
        let lines = text.lines().count() as u32;
        for finding in &found {
            prop_assert!(finding.line.is_none_or(|l| l < lines.max(1)), "{:?}", finding);
            // A failure always says what to do.
            prop_assert!(finding.verdict != Verdict::Fail || !finding.detail.is_empty(), "{:?}", finding);
            prop_assert!(!finding.label.is_empty());
            prop_assert!(finding.verdict != Verdict::Fail || !finding.cure.is_empty(), "{:?}", finding);
            // Whatever is pointed at is there, between characters.
            for place in finding.places() {
                let line = text.lines().nth(place.line as usize).unwrap_or_default();
                let fits = |(from, to): (u32, u32)| from <= to && line.get(from as usize..to as usize).is_some();
                prop_assert!(place.columns.is_none_or(fits), "{:?} in {:?}", finding, line);
            }
        }
    }

    #[test]
    fn any_text_is_repaired_without_a_panic(form in any_form(), text in any_text(), brief in any_text(), source in any_text()) {
        let job = job(form, every_rule(), &brief, &[("s", &source)]);
        let found = check(&job.deliverable, &Judged::of(&job, &text, &[]));
        let once = repair(&job, &text, &found);
        prop_assert_eq!(&once, &repair(&job, &text, &found));
    }

    #[test]
    fn a_forbidden_word_sown_anywhere_is_found_on_its_line(before in "[a-z]{3,8}( [a-z]{3,8}){0,6}", after in "[a-z]{3,8}", line in 0u32..5, upper in any::<bool>()) {
        let rule = Rule::MustNot { terms: texts(&["zq best"]) };
        let mut lines = vec![format!("{before} {after}"); 5];
        passes(Form::Text, rule.clone(), &lines.join("\n"));
        let sown = if upper { "ZQ BEST" } else { "zq best" };
        lines[line as usize] = format!("{before} {sown}, {after}");
        fails(Form::Text, rule, &lines.join("\n"), Some(line), "zq best");
    }

    #[test]
    fn counts_fail_on_either_side_of_their_range_and_nowhere_inside(n in 0usize..40, min in 0u32..20, more in 0u32..20) {
        let max = min + more;
        let inside = (min as usize..=max as usize).contains(&n) && n > 0;
        let text = vec!["word"; n].join(" ");
        let says = |rule, text: &str| super::judge(Form::Text, rule, text).verdict == Verdict::Pass;
        prop_assert_eq!(says(Rule::Words { min, max }, &text), inside);
        prop_assert_eq!(says(Rule::Items { min, max }, &text.replace(' ', "\n")), inside);
        prop_assert_eq!(says(Rule::Chars { min, max }, &"é".repeat(n)), inside);
    }

    #[test]
    fn a_number_that_was_changed_is_found(known in prop::collection::vec(10u32..1_000_000, 1..30), at in any::<prop::sample::Index>(), by in 1u32..9) {
        let grouped = |n: u32| if n >= 1_000 { format!("{},{:03}", n / 1_000, n % 1_000) } else { n.to_string() };
        let source: Vec<String> = known.iter().map(|n| format!("There were {} of them.", grouped(*n))).collect();
        let mut told: Vec<String> = known.iter().map(|n| format!("we count {n} here")).collect();
        let says = |told: &[String]| super::judge_with(Form::Text, Rule::Grounded { source: "s".into() }, &told.join("\n"), &[("s", &source.join("\n"))]);
        prop_assert_eq!(says(&told).verdict, Verdict::Pass);
        let i = at.index(known.len());
        let wrong = known[i] + by;
        prop_assume!(!known.contains(&wrong));
        told[i] = format!("we count {wrong} here");
        let found = says(&told);
        prop_assert_eq!((found.verdict, found.line), (Verdict::Fail, Some(i as u32)));
    }

    #[test]
    fn a_twin_among_many_lines_is_found(words in prop::collection::vec("[a-z]{12,20}", 3..30), from in any::<prop::sample::Index>()) {
        let twin = words[from.index(words.len())].to_uppercase();
        let text = format!("{}\n{twin}!", words.join("\n"));
        let found = super::judge(Form::Lines, Rule::Distinct { percent: 90 }, &text);
        prop_assert_eq!(found.verdict, Verdict::Fail);
    }
}

#[test]
fn a_megabyte_of_anything_is_judged_in_no_time() {
    let megabyte = |piece: &str| piece.repeat(1_000_000 / piece.len());
    for text in [
        megabyte("lorem ipsum 1,234 "),
        megabyte("a\n"),
        megabyte("some line that is about as long as another one is\n"),
        megabyte("["),
        megabyte("{"),
        megabyte(":"),
        megabyte("[0:00]\n"),
        megabyte("1,000"),
        megabyte("{\"messages\":"),
        megabyte("p. "),
        megabyte("é\u{301}"),
    ] {
        for rule in every_rule() {
            let spec = Deliverable { form: Form::Lines, rules: vec![rule], ..Deliverable::default() };
            let begin = Instant::now();
            let found = check(&spec, &Judged { text: &text, sources: vec![("s", "one 1,234 line")], ..Judged::default() });
            // Tens of milliseconds when optimised; the square of the length would take minutes.
            assert!(begin.elapsed() < Duration::from_secs(6), "{:?} took {:?} on {:?}…", found, begin.elapsed(), &text[..12]);
        }
    }
}
