//! The scaffold and repair, beyond the practice market's templates.

use juggler::assist::{LABEL, lay_out, repair, textrank};
use juggler::domain::check::{Finding, Judged, check, passes as all_pass};
use juggler::domain::deliverable::{Form, Rule};
use juggler::domain::{Job, Text};
use serde_json::json;

use super::templates::{ROUNDS, files, made_to_pass};
use super::{job, texts};

const BRIEF: &str = "Fernhollow makes oat porridge pots for people who miss breakfast. The family mill has ground oats since before there \
were trains. Hot water, three minutes, done. A nurse on the first bus of the day eats with a wooden spoon, the window fogged.\n\n\
Must: five lines, please.\n\nNever say best.";

fn repaired(job: &Job, text: &str) -> String {
    let (text, _, found) = made_to_pass(job, text, &[]);
    assert!(all_pass(&found), "{text}\n{found:?}");
    text
}

#[test]
fn what_is_laid_out_says_what_it_is_and_speaks_of_the_job() {
    let rules = vec![
        Rule::Items { min: 5, max: 5 },
        Rule::ItemChars { min: 12, max: 60 },
        Rule::Distinct { percent: 60 },
        Rule::EachIncludes { term: "Fernhollow".into() },
        Rule::MustNot { terms: texts(&["best"]) },
    ];
    let job = job(Form::Lines, rules, BRIEF, &[]);
    let layout = lay_out(&job);
    assert_eq!(layout.label, LABEL);
    assert!(layout.text.starts_with("1. ") && layout.text.to_lowercase().contains("oat"), "{}", layout.text);
    assert!(all_pass(&check(&job.deliverable, &Judged::of(&job, &layout.text, &[]))), "{}", layout.text);
}

#[test]
fn a_persons_good_lines_survive_repair() {
    let rules = vec![
        Rule::Items { min: 3, max: 3 },
        Rule::ItemWords { min: 2, max: 6 },
        Rule::Distinct { percent: 60 },
        Rule::MustNot { terms: texts(&["best"]) },
    ];
    let job = job(Form::Lines, rules, BRIEF, &[]);
    let text = repaired(&job, "1. Breakfast waits at the stop\n2. The best spoon of the day\n3. Breakfast waits at the stop!");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(&lines[..2], ["1. Breakfast waits at the stop", "2. The spoon of the day"]);
    let good = "1. Mine\n2. Yours";
    let found: Vec<Finding> = check(
        &super::job(Form::Lines, vec![], "", &[]).deliverable,
        &Judged { text: good, sources: vec![], ..Judged::default() },
    );
    assert_eq!(repair(&super::job(Form::Lines, vec![], "", &[]), good, &found), good);
}

#[test]
fn a_wrong_number_goes_and_the_rest_of_the_script_stays() {
    let source = "--- page 1 ---\nThe mill ground 1,200 sacks of oats last year. It has three stones and one river.\n--- page 2 ---\nThe \
river froze for 12 days in the winter of 1963. Nobody went hungry, since the miller had kept forty sacks dry under the roof of the mill.";
    let rules = vec![
        Rule::Spoken { seconds: 12, wpm: 150, tolerance: 20 },
        Rule::Beats { min: 3 },
        Rule::Grounded { source: "mill.txt".into() },
        Rule::MustInclude { terms: texts(&["follow us"]) },
    ];
    let job = job(Form::Script, rules, BRIEF, &[("mill.txt", source)]);
    let text = repaired(&job, &lay_out(&job).text);
    assert!(text.contains("[p. "), "{text}");
    let text = repaired(
        &job,
        "[0:02] The river froze once. It froze for 13 days.\n[0:01] The mill ground 1,200 sacks of oats last year.",
    );
    assert!(text.starts_with("[0:00] The river froze once.") && !text.contains("13") && text.contains("1,200"), "{text}");
}

#[test]
fn running_text_and_json_are_brought_to_pass() {
    let rules = vec![
        Rule::Words { min: 40, max: 60 },
        Rule::MustInclude { terms: texts(&["porridge", "river"]) },
        Rule::MustNot { terms: texts(&["best", "oat"]) },
    ];
    let prose = job(Form::Text, rules, BRIEF, &[]);
    for start in ["", "Best oat porridge.", &"many words that say little at all ".repeat(20)] {
        repaired(&prose, start);
    }
    let schema = json!({"type": "object", "required": ["title", "tags", "score"], "properties": {
        "title": {"type": "string", "minLength": 5, "maxLength": 40},
        "tags": {"type": "array", "minItems": 2, "items": {"enum": ["food", "mill"]}},
        "score": {"type": "integer", "minimum": 3}
    }});
    repaired(&job(Form::Text, vec![Rule::Schema { schema }], BRIEF, &[]), "{");
}

#[test]
fn a_schema_that_asks_for_a_world_is_laid_out_in_part() {
    let lists = json!({"type": "array", "minItems": 200, "items": {"$ref": "#"}});
    let texts = json!({"type": "array", "minItems": 200, "items": {"type": "array", "minItems": 200, "items": {"type": "string", "minLength": 99_000}}});
    for schema in [lists, texts, json!({"type": "integer", "exclusiveMinimum": i64::MAX})] {
        let text = lay_out(&job(Form::Text, vec![Rule::Schema { schema }], BRIEF, &[])).text;
        assert!(!text.is_empty() && text.len() < 10_000_000, "{}", text.len());
    }
}

#[test]
fn placeholder_art_has_the_size_and_transparency_asked_for() {
    for (width, height, alpha) in [(300, 400, true), (64, 64, false), (4500, 5400, true), (3, 3, true)] {
        let rule =
            Rule::Image { width, height, mime: "image/png".into(), max_bytes: 25_000_000, alpha, looks: Default::default() };
        let job = job(Form::File, vec![rule], BRIEF, &[]);
        let layout = lay_out(&job);
        let found = check(&job.deliverable, &Judged { text: "", files: &files(&layout), ..Judged::default() });
        assert!(all_pass(&found), "{found:?}");
    }
    let huge =
        Rule::Image { width: 30_000, height: 9, mime: Text::default(), max_bytes: 0, alpha: false, looks: Default::default() };
    assert!(lay_out(&job(Form::File, vec![huge], BRIEF, &[])).pictures.is_empty());
}

#[test]
fn a_job_that_tells_nothing_is_laid_out_without_a_fuss() {
    for form in
        [Form::Text, Form::Lines, Form::Script, Form::ChatJsonl, Form::RankJsonl, Form::Labels, Form::Translation, Form::File]
    {
        let job = job(form, vec![], "", &[]);
        let text = lay_out(&job).text;
        assert!(ROUNDS > 0 && juggler::domain::pages::pages(&text).len() <= 1);
    }
}

#[test]
fn the_sentence_others_speak_of_ranks_first() {
    let text = "The harbour ferry needs a new engine. The weather was mild.\n\nA new engine for the harbour ferry costs money. \
The council debated the engine of the ferry. Somebody brought cake.";
    let ranked = textrank::rank(text);
    let best = ranked.iter().max_by(|a, b| a.weight.total_cmp(&b.weight)).unwrap();
    assert!(best.text.contains("ferry"), "{ranked:?}");
    assert!(ranked.iter().all(|s| text[s.start..].starts_with(s.text)));
    assert_eq!(ranked.len(), 5);
    assert!(textrank::rank("").is_empty());
}
