//! Each demand, on both sides of its border.

use juggler::domain::check::{Judged, Verdict, check, passes as all_pass};
use juggler::domain::deliverable::{Form, Rule};
use juggler::domain::draft::FileFacts;
use juggler::domain::{Deliverable, Text};
use serde_json::json;

use super::{fails, file, judge, judge_with, passes, texts};

#[test]
fn an_empty_draft_fails_the_first_demand_with_a_friendly_word() {
    let rules = vec![
        Rule::Advice { text: "Be kind.".into() },
        Rule::MustNot { terms: texts(&["best"]) },
        Rule::Words { min: 0, max: 50 },
    ];
    for text in ["", " \n\t "] {
        let found = check(
            &Deliverable { form: Form::Text, rules: rules.clone(), ..Deliverable::default() },
            &Judged { text, sources: vec![], ..Judged::default() },
        );
        let verdicts: Vec<Verdict> = found.iter().map(|f| f.verdict).collect();
        assert_eq!(verdicts, [Verdict::Advice, Verdict::Fail, Verdict::Pass]);
        assert!(found[1].sentence().contains("nothing is written yet"), "{found:?}");
    }
    let found = check(&Deliverable::default(), &Judged { text: "", sources: vec![], ..Judged::default() });
    assert!(!all_pass(&found));
    assert!(all_pass(&check(&Deliverable::default(), &Judged { text: "done", sources: vec![], ..Judged::default() })));
}

#[test]
fn items_are_lines_without_numbers_and_bullets() {
    let five = Rule::Items { min: 5, max: 5 };
    let found = judge(Form::Lines, five.clone(), "1. one\n\n2) two\n- three\n• four");
    assert_eq!((found.label.as_str(), found.detail.as_str(), found.cure.as_str()), ("5 lines", "4 of 5", "add 1 line"));
    passes(Form::Lines, five.clone(), "1. a\n(2) b\n* c\n– d\n12. e");
    fails(Form::Lines, five, "a\nb\nc\nd\ne\n\nf", Some(6), "6, at most 5 allowed; cut 1 line");
    passes(Form::Lines, Rule::Items { min: 3, max: u32::MAX }, "a\nb\nc\nd");
    assert_eq!(judge(Form::ChatJsonl, Rule::Items { min: 1, max: 3 }, "x").label.as_str(), "1–3 dialogues");
    // A number that belongs to the line stays.
    passes(Form::Lines, Rule::ItemChars { min: 8, max: 8 }, "1.5 days\n24 hours");
}

#[test]
fn characters_are_what_a_reader_sees() {
    let chars = |min, max| Rule::ItemChars { min, max };
    passes(Form::Lines, chars(4, 4), "1. 👩‍👩‍👧‍👦été\n2. abcd");
    fails(
        Form::Lines,
        chars(1, 4),
        "abcd\nabcde\nabcdef",
        Some(1),
        "line 2 has 5, at most 4 allowed; cut 1 character (and 1 more)",
    );
    fails(Form::Lines, chars(4, 9), "abcd\nabc", Some(1), "add 1 character");
    passes(Form::Text, Rule::Chars { min: 3, max: 3 }, "a\nb\n");
    fails(Form::Text, Rule::Chars { min: 0, max: 3 }, "abcd", None, "4, at most 3");
}

#[test]
fn words_leave_numbering_and_stage_directions_out() {
    passes(Form::Lines, Rule::ItemWords { min: 2, max: 2 }, "1. two words\n2. don't stop");
    fails(Form::Lines, Rule::ItemWords { min: 2, max: 3 }, "two words\none", Some(1), "add 1 word");
    passes(Form::Text, Rule::Words { min: 4, max: 4 }, "one two\nthree four");
    fails(Form::Text, Rule::Words { min: 5, max: 9 }, "one two\nthree four", None, "4, at least 5 needed; add 1 word");
    passes(Form::Script, Rule::Words { min: 2, max: 2 }, "[0:00] [she smiles] two words");
}

#[test]
fn alike_is_alike_whatever_the_dress() {
    let rule = Rule::Distinct { percent: 60 };
    passes(Form::Lines, rule.clone(), "Bright as morning\nQuiet like snow\nSalt on the wind");
    fails(Form::Lines, rule.clone(), "Bright as morning\nother\n2. BRIGHT, as morning!", Some(2), "the same as 1");
    fails(Form::Lines, rule.clone(), "Bright as a new morning\nBright as any new morning", Some(1), "% like 1");
    passes(Form::Lines, Rule::Distinct { percent: 95 }, "Bright as a new morning\nBright as any new morning");
    // The frame of JSON does not make dialogues alike.
    let dialogue =
        |a: &str, b: &str| json!({"messages": [{"role": "user", "content": a}, {"role": "assistant", "content": b}]}).to_string();
    let two = format!("{}\n{}", dialogue("Where is it?", "By the door."), dialogue("How much?", "Nine euros, sir."));
    passes(Form::ChatJsonl, rule.clone(), &two);
    let same = format!("{}\n{}", dialogue("Where is it?", "By the door."), dialogue("where is it", "by the door"));
    fails(Form::ChatJsonl, rule, &same, Some(1), "the same as 1");
}

#[test]
fn what_holds_nothing_to_compare_costs_no_squares() {
    // Each pair alone is skipped at once, but two hundred thousand lines have twenty billion of them.
    let dashes = "?!\n".repeat(200_000);
    let begin = std::time::Instant::now();
    let found = judge(Form::Lines, Rule::Distinct { percent: 60 }, &dashes);
    assert_eq!((found.verdict, found.others), (Verdict::Fail, 199_998));
    assert!(begin.elapsed().as_secs() < 20, "{:?}", begin.elapsed());
}

#[test]
fn a_requester_with_absurd_numbers_gets_a_verdict_all_the_same() {
    let rule = Rule::Spoken { seconds: u32::MAX, wpm: u32::MAX, tolerance: u8::MAX };
    assert_eq!(judge(Form::Script, rule, "[0:00] word").verdict, Verdict::Pass);
    let rule = Rule::Spoken { seconds: u32::MAX, wpm: u32::MAX, tolerance: 0 };
    assert_eq!(judge(Form::Script, rule, "[0:00] word").verdict, Verdict::Fail);
}

#[test]
fn terms_are_found_as_words() {
    passes(Form::Text, Rule::MustInclude { terms: texts(&["Tallow & Wick", "café"]) }, "At TALLOW  &\nWick, a CAFÉ");
    fails(Form::Text, Rule::MustInclude { terms: texts(&["oats", "rye"]) }, "Oats", None, "missing: \"rye\"");
    let never = Rule::MustNot { terms: texts(&["best", "number one", "最好"]) };
    passes(Form::Text, never.clone(), "bestow asbestos, the number ones, Bests");
    fails(Form::Text, never.clone(), "fine\n\nthe Best!", Some(2), "says \"best\"");
    fails(Form::Text, never.clone(), "we are number\none", Some(0), "number one");
    fails(Form::Text, never, "我们是最好的", Some(0), "最好");
    fails(Form::Text, Rule::MustNot { terms: texts(&["let’s go"]) }, "Let's go", Some(0), "let’s go");
    let each = Rule::EachIncludes { term: "McOat".into() };
    passes(Form::Lines, each.clone(), "McOat one\ntwo McOat");
    fails(Form::Lines, each.clone(), "McOat\nmcoat two", Some(1), "spells it another way");
    fails(Form::Lines, each, "McOat\n\ntwo\nthree", Some(2), "line 2 is without it; add \"McOat\" (and 1 more)");
}

#[test]
fn a_script_is_timed_by_what_is_said() {
    let rule = Rule::Spoken { seconds: 120, wpm: 150, tolerance: 10 };
    let said = |n: usize| format!("[0:00] [waves] {}", "word ".repeat(n));
    let found = judge(Form::Script, rule.clone(), &said(280));
    assert_eq!((found.verdict, found.label.as_str()), (Verdict::Pass, "1:52 @150, asked 2:00 ± 10 %"));
    passes(Form::Script, rule.clone(), &said(270));
    passes(Form::Script, rule.clone(), &said(330));
    fails(Form::Script, rule.clone(), &said(269), None, "add 1 (from 270 to 330)");
    fails(Form::Script, rule, &said(331), None, "cut 1");
    let beats = Rule::Beats { min: 3 };
    passes(Form::Script, beats.clone(), "[0:00] a\n[0:07–0:20] b\nno stamp\n[1:05] c");
    fails(Form::Script, beats.clone(), "[0:00] a\n[0:07] b", None, "2 of 3; add 1");
    fails(Form::Script, beats.clone(), "[0:01] a\n[0:07] b\n[0:09] c", Some(0), "start at [0:00]");
    fails(Form::Script, beats.clone(), "[0:00] a\n[0:07] b\n[0:07] c", Some(2), "must rise");
    fails(Form::Script, beats.clone(), "[0:00] a\n[0:75] b\n[1:20] c", Some(1), "written [m:ss]");
    fails(Form::Script, beats, "[0:00] a\n[0:05]\n[1:20] c", Some(1), "nothing stands behind");
}

#[test]
fn numbers_must_stand_in_the_source() {
    let source =
        "In 2024 we sold 1,200 boats, 12.50% more; about 3.4 million people, twelve of them twice, at 7\u{a0}000 pounds.";
    let says = |text: &str| {
        judge_with(Form::Script, Rule::Grounded { source: "report.txt".into() }, text, &[("report.txt", source), ("b", "99")])
    };
    for fine in [
        "[0:42] 1200 boats",
        "1. In 2024, 12.5% more [p. 19] (page 40)",
        "3,400,000 people, 3.4 million people, 3.4m",
        "12 of them; seventy-seven; Q3 and CO2",
        "£7,000 or 7\u{202f}000",
        "no numbers at all",
    ] {
        assert_eq!(says(fine).verdict, Verdict::Pass, "{fine}: {:?}", says(fine));
    }
    for (wrong, number) in [
        ("x\n1201 boats", "1201"),
        ("y\n12.6%", "12.6"),
        ("z\n3.4 billion", "3.4"),
        ("a\nin 2025 [ON SCREEN: 2024]", "2025"),
        ("b\n99", "99"),
        ("c\n[screen: 45%]", "45"),
    ] {
        let found = says(wrong);
        assert_eq!((found.verdict, found.line), (Verdict::Fail, Some(1)), "{wrong}");
        assert!(found.detail.as_str().starts_with(&format!("\"{number}\"")), "{found:?}");
    }
    let any =
        |text: &str| judge_with(Form::Text, Rule::Grounded { source: Text::default() }, text, &[("a", "1"), ("b", "99")]).verdict;
    assert_eq!((any("99 and 1"), any("98")), (Verdict::Pass, Verdict::Fail));
    assert_eq!(judge(Form::Text, Rule::Grounded { source: Text::default() }, "98").verdict, Verdict::Warn);
}

#[test]
fn dialogues_take_turns() {
    let rule = Rule::Chat { turns: 2 };
    let line = |messages: &[(&str, &str)]| {
        let messages: Vec<_> = messages.iter().map(|(role, content)| json!({"role": role, "content": content})).collect();
        json!({ "messages": messages }).to_string()
    };
    let good = line(&[("system", "Be brief."), ("user", "Hi"), ("assistant", "Hello")]);
    passes(Form::ChatJsonl, rule.clone(), &good);
    for (bad, words) in [
        (line(&[("user", "Hi")]), "1 of 2 messages"),
        (line(&[("assistant", "Hi"), ("user", "x")]), "should be by system or user"),
        (line(&[("user", "Hi"), ("user", "x")]), "should be by assistant"),
        (line(&[("user", "Hi"), ("system", "x")]), "should be by assistant"),
        (line(&[("user", "Hi"), ("assistant", "x"), ("user", "y")]), "does not end with the assistant"),
        (line(&[("user", "Hi"), ("assistant", "  ")]), "says nothing"),
        (good.replace("content", "text"), "has a key \"text\""),
        (good.replace("{\"messages\"", "{\"id\":1,\"messages\""), "a key \"id\" beside"),
        (good[..good.len() - 1].to_owned(), "not JSON at column"),
        ("[]".to_owned(), "not an object"),
    ] {
        fails(Form::ChatJsonl, rule.clone(), &format!("{good}\n\n{bad}"), Some(2), words);
    }
}

#[test]
fn rankings_and_labels_answer_every_id_once() {
    let rank = Rule::Rank { ids: texts(&["q1", "q2"]), reason_words: 3, no_ties: false };
    let record = |id: &str, better: &str, rating: serde_json::Value, reason: &str| {
        json!({"id": id, "better": better, "rating": rating, "reason": reason}).to_string()
    };
    let (one, two) = (record("q1", "a", json!(7), "It answers it"), record("q2", "tie", json!(1), "Both say little"));
    passes(Form::RankJsonl, rank.clone(), &format!("{two}\n{one}"));
    fails(Form::RankJsonl, rank.clone(), &one, None, "no record for \"q2\"");
    for (bad, words) in [
        (record("q3", "a", json!(1), "a b c"), "none of the ids"),
        (one.clone(), "answered before"),
        (record("q2", "A", json!(1), "a b c"), "neither"),
        (record("q2", "a", json!(8), "a b c"), "from 1 to 7"),
        (record("q2", "a", json!(1.5), "a b c"), "from 1 to 7"),
        (record("q2", "a", json!(4), "too few"), "2 of 3 words"),
        ("{".to_owned(), "not JSON"),
    ] {
        fails(Form::RankJsonl, rank.clone(), &format!("{one}\n{bad}"), Some(1), words);
    }
    let label = Rule::Label { ids: texts(&["i:1", "i2"]), labels: texts(&["warm", "Cold"]) };
    passes(Form::Labels, label.clone(), "i2: Cold\ni:1: warm");
    for (bad, words) in [
        ("i2: cold", "write the label as \"Cold\""),
        ("i2: hot", "none of the labels"),
        ("i2:", "has no label"),
        ("i9: warm", "none of the ids"),
        ("what", "is not \"id: label\""),
        ("i:1: Cold", "labelled before"),
    ] {
        fails(Form::Labels, label.clone(), &format!("i:1: warm\n{bad}"), Some(1), words);
    }
    fails(Form::Labels, label, "i2: Cold", None, "no line for \"i:1\"");
}

#[test]
fn a_translation_keeps_lines_and_placeholders() {
    let source = "Hello {name}\n\nYou have {n} of {n} left\n{only}\n42";
    let says = |text: &str| judge_with(Form::Translation, Rule::Parallel { source: "s".into() }, text, &[("s", source)]);
    assert_eq!(says("Hallo {name}\nNoch {n} von {n}\n{only}\n42").verdict, Verdict::Pass);
    for (text, line, words) in [
        ("Hallo\nNoch {n} von {n}\n{only}\n42", Some(0), "{name} is missing"),
        ("Hallo {name}\n\nNoch {n}\n{only}\n42", Some(2), "{n} is missing"),
        ("Hallo {nom}\nNoch {n} von {n}\n{only}\n42", Some(0), "{name} is missing"),
        ("Hallo {name} {x}\nNoch {n} von {n}\n{only}\n42", Some(0), "{x} is not in the source"),
        ("hello {name}\nNoch {n} von {n}\n{only}\n42", Some(0), "left as it was"),
        ("Hallo {name}", None, "1 of 4 lines"),
        ("Hallo {name}\nNoch {n} von {n}\n{only}\n42\nx", Some(4), "remove 1"),
    ] {
        let found = says(text);
        assert_eq!((found.verdict, found.line), (Verdict::Fail, line), "{found:?}");
        assert!(found.sentence().contains(words), "{found:?}");
    }
}

#[test]
fn a_schema_judges_the_whole_or_each_line_and_may_itself_be_broken() {
    let schema = json!({"type": "object", "required": ["title"], "properties": {"title": {"type": "string", "maxLength": 5}}});
    let rule = |schema: &serde_json::Value| Rule::Schema { schema: schema.clone() };
    passes(Form::Text, rule(&schema), "{\n \"title\": \"short\"\n}");
    passes(Form::Text, rule(&schema), "{\"title\":\"a\"}\n{\"title\":\"b\"}");
    fails(Form::Text, rule(&schema), "{\"title\":\"longer\"}", None, "at /title");
    fails(Form::Text, rule(&schema), "{\"title\":\"a\"}\n{}", Some(1), "line 2");
    fails(Form::Text, rule(&schema), "{\n\"title\": oops}", Some(1), "not JSON");
    for broken in [
        json!({"type": "strnig"}),
        json!({"$ref": "#"}),
        json!({"allOf": [{"$ref": "#/$defs/a"}], "$defs": {"a": {"anyOf": [{"$ref": "#/$defs/a"}]}}}),
        json!({"$ref": "https://example.invalid/schema.json"}),
        json!({"pattern": "("}),
    ] {
        let found = judge(Form::Text, rule(&broken), "{}");
        assert_eq!(found.verdict, Verdict::Warn, "{broken}: {found:?}");
        assert!(found.sentence().contains("the requester's schema is broken"), "{found:?}");
    }
    // A tree that refers to itself through its children is a fine schema.
    let tree = json!({"type": "object", "properties": {"kids": {"type": "array", "items": {"$ref": "#"}}}, "additionalProperties": false});
    passes(Form::Text, rule(&tree), "{\"kids\":[{\"kids\":[]}]}");
    fails(Form::Text, rule(&tree), "{\"kids\":[{\"pets\":[]}]}", None, "/kids/0");
}

#[test]
fn a_schema_of_a_few_lines_that_stands_for_billions_is_refused() {
    let mut defs = serde_json::Map::new();
    for i in 0..60 {
        let next = json!({"$ref": format!("#/$defs/d{}", i + 1)});
        defs.insert(format!("d{i}"), json!({"allOf": [next.clone(), next]}));
    }
    defs.insert("d60".into(), json!({"type": "object"}));
    let found = judge(Form::Text, Rule::Schema { schema: json!({"$ref": "#/$defs/d0", "$defs": defs}) }, "{}");
    assert_eq!(found.verdict, Verdict::Warn, "{found:?}");
}

#[test]
fn a_picture_is_judged_by_its_facts() {
    let facts = FileFacts {
        mime: "image/png".into(),
        width: Some(4500),
        height: Some(5400),
        transparent: Some(true),
        opaque: Some(true),
        picture: None,
    };
    let spec = |alpha| Deliverable {
        form: Form::File,
        rules: vec![Rule::Image {
            width: 4500,
            height: 5400,
            mime: "image/png".into(),
            max_bytes: 25_000_000,
            alpha,
            looks: Default::default(),
        }],
        ..Deliverable::default()
    };
    let says = |files: &[juggler::domain::draft::FileItem], alpha| {
        check(&spec(alpha), &Judged { text: "", files, ..Judged::default() }).remove(0)
    };
    let good = file("a.png", 25_000_000, facts.clone());
    assert_eq!(says(std::slice::from_ref(&good), true).verdict, Verdict::Pass);
    assert_eq!(
        says(std::slice::from_ref(&good), true).label.as_str(),
        "one PNG picture of 4500 × 5400 pixels, at most 25 MB, with a transparent background"
    );
    assert!(says(&[], true).sentence().contains("attach"));
    assert!(says(&[good.clone(), good.clone()], true).sentence().contains("2 files; keep one"));
    for (size, change, words) in [
        (25_000_001, facts.clone(), "bring it under 25 MB"),
        (1, FileFacts { width: Some(4499), ..facts.clone() }, "it is 4499 × 5400; make it 4500 × 5400"),
        (1, FileFacts { mime: "image/jpeg".into(), ..facts.clone() }, "save it as PNG"),
        (1, FileFacts { transparent: Some(false), ..facts.clone() }, "cut out the background"),
        (1, FileFacts { opaque: Some(false), ..facts.clone() }, "no pixel is solid"),
        (1, FileFacts { width: None, height: None, ..facts.clone() }, "could not be read"),
    ] {
        let found = says(&[file("a.png", size, change)], true);
        assert_eq!(found.verdict, Verdict::Fail, "{words}");
        assert!(found.sentence().contains(words), "{found:?}");
    }
    let solid = FileFacts { transparent: Some(false), ..facts };
    assert_eq!(says(&[file("a.png", 1, solid)], false).verdict, Verdict::Pass);
}
