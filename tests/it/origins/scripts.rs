//! Random edit scripts: the runs equal the oracle exactly, after every edit, undo, redo and reload.

use std::io::Write;

use juggler::domain::Text;
use juggler::domain::origin::{Origin, Origins, Shares, Splice, Window};
use proptest::test_runner::{Config, TestRunner};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::oracle::Oracle;

/// Letters, marks, joiners, tones, flags and families: what joins across an edit.
pub const PIECES: [&str; 20] = [
    "a",
    "word",
    " ",
    "\n",
    "e\u{301}",
    "\u{301}",
    "\u{308}",
    "🇩",
    "🇪",
    "🇫🇷",
    "👩",
    "👨\u{200d}👩",
    "\u{200d}",
    "🏽",
    "日本",
    "क",
    "\u{94d}",
    "ष",
    "Two words",
    "#\u{fe0f}",
];

pub fn origins() -> Vec<Origin> {
    vec![
        Origin::Typed,
        Origin::Pasted,
        Origin::External,
        Origin::Scaffold,
        Origin::Ai { call: Text::title("c1") },
        Origin::Ai { call: Text::title("c2") },
        Origin::Quoted { source: Text::title("brief") },
    ]
}

/// Changes, each with the text on its other side.
type Steps = Vec<(Splice, Oracle)>;

/// A figure of the long version.
pub fn tell(figure: &str) {
    if std::env::var_os("JUGGLER_TEST_EDITS").is_some() {
        std::io::stderr().write_all(format!("{figure}\n").as_bytes()).unwrap();
    }
}

/// How many scripts: `JUGGLER_TEST_EDITS`.
fn scripts() -> u64 {
    std::env::var("JUGGLER_TEST_EDITS").ok().and_then(|n| n.parse().ok()).unwrap_or(300)
}

/// A text of a few pieces, of one origin or of several.
fn piece(dice: &mut StdRng) -> Oracle {
    let all = origins();
    let mut made = Oracle::default();
    let most = if dice.random_bool(0.2) { 5 } else { 1 };
    for _ in 0..dice.random_range(1..=most) {
        let origin = all[dice.random_range(0..all.len())].clone();
        let new = Oracle::of(PIECES[dice.random_range(0..PIECES.len())], &origin);
        let end = made.length();
        made.replace(end, end, &new);
    }
    made
}

/// The lines that an edit from byte `at` on, of `put` bytes, stands in.
fn window(text: &str, at: usize, put: usize) -> Window<'_> {
    let start = text[..at].rfind('\n').map_or(0, |n| n + 1);
    let end = text[at + put..].find('\n').map_or(text.len(), |n| at + put + n);
    Window { start, text: &text[start..end] }
}

#[test]
fn runs_equal_the_oracle_after_every_edit() {
    let mut edits = 0u64;
    for script in 0..scripts() {
        let mut dice = StdRng::seed_from_u64(script);
        let (mut oracle, mut runs) = (Oracle::default(), Origins::default());
        let (mut done, mut undone): (Steps, Steps) = (Vec::new(), Vec::new());
        for step in 0..dice.random_range(5..60) {
            match dice.random_range(0..10) {
                0..=6 => {
                    let length = oracle.length();
                    let from = dice.random_range(0..=length);
                    let to = if dice.random_bool(0.4) { (from + dice.random_range(0..=4)).min(length) } else { from };
                    let new = if dice.random_bool(0.75) { piece(&mut dice) } else { Oracle::default() };
                    let before = oracle.clone();
                    let (at, gone) = (oracle.byte(from), oracle.byte(to) - oracle.byte(from));
                    oracle.replace(from, to, &new);
                    let text = oracle.text();
                    let splice = runs.edit(at, gone, &new.origins(), window(&text, at, new.text().len()));
                    done.push((splice, before));
                    undone.clear();
                    edits += 1;
                }
                7 => {
                    if let Some((splice, before)) = done.pop() {
                        runs.revert(&splice);
                        undone.push((splice, std::mem::replace(&mut oracle, before)));
                    }
                }
                8 => {
                    if let Some((splice, after)) = undone.pop() {
                        runs.repeat(&splice);
                        done.push((splice, std::mem::replace(&mut oracle, after)));
                    }
                }
                _ => {
                    let json = serde_json::to_string(&runs).unwrap();
                    runs = serde_json::from_str(&json).unwrap();
                }
            }
            let text = oracle.text();
            assert_eq!(runs, oracle.origins(), "script {script}, step {step}: {text:?}");
            assert_eq!(Shares::of(&runs, &text), oracle.shares(), "script {script}, step {step}: {text:?}");
            assert_eq!(runs.fitted(&text), runs, "script {script}, step {step}: borders are graphemes' edges in {text:?}");
        }
    }
    tell(&format!("{} scripts, {edits} edits: every run as the oracle has it", scripts()));
}

#[test]
fn a_claim_that_does_not_fit_is_external_where_it_does_not() {
    let of = |runs: &[(usize, Origin)]| Origins::from(runs.to_vec());
    let (typed, external) = (Origin::Typed, Origin::External);
    let short = of(&[(3, typed.clone())]).fitted("abcdef");
    assert_eq!(short, of(&[(3, typed.clone()), (3, external.clone())]));
    assert_eq!(of(&[(9, typed.clone())]).fitted("abcdef"), of(&[(6, external.clone())]), "a claim about another text");
    assert_eq!(of(&[(usize::MAX, typed.clone()), (usize::MAX, Origin::Pasted)]).fitted("abc"), of(&[(3, external.clone())]));
    // One that divides characters, or graphemes.
    assert_eq!(of(&[(1, typed.clone()), (2, external.clone())]).fitted("日"), of(&[(3, external.clone())]));
    assert_eq!(
        of(&[(1, typed.clone()), (3, Origin::Pasted)]).fitted("e\u{301}x"),
        of(&[(3, Origin::Pasted), (1, Origin::Pasted)])
    );
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::default() });
    let claims = proptest::collection::vec((0usize..9, 0usize..7), 0..9);
    runner
        .run(&("(a|é|e\u{301}|日|👨‍👩‍👧‍👦|🇩🇪|\n){0,9}", claims), |(text, claims)| {
            let all = origins();
            let fitted = of(&claims.into_iter().map(|(n, origin)| (n, all[origin].clone())).collect::<Vec<_>>()).fitted(&text);
            proptest::prop_assert_eq!(fitted.bytes(), text.len());
            proptest::prop_assert_eq!(fitted.fitted(&text), fitted);
            Ok(())
        })
        .unwrap();
}

#[test]
fn what_another_program_left_alone_keeps_its_origin_and_all_else_is_external() {
    let ai = Origin::Ai { call: Text::title("c1") };
    let old = "A title\nI typed this whole line myself.\nAn AI wrote this other line for me.\nThe end\n";
    let first = old.find("An AI").unwrap();
    let last = old.find("The end").unwrap();
    let origins = Origins::from(vec![(first, Origin::Typed), (last - first, ai.clone()), (old.len() - last, Origin::Typed)]);
    let told = |new: &str| -> Vec<(String, Origin)> {
        let carried = origins.carried(old, new, &Origin::External, usize::MAX);
        assert_eq!(carried.bytes(), new.len());
        carried.runs().map(|(run, origin)| (new[run].to_owned(), origin.clone())).collect()
    };
    assert_eq!(told(old).len(), 3);
    // A word changed within an AI's line: the four words and more beside it are still the AI's.
    let changed = told(&old.replace("other line for me", "other sentence for me"));
    let changed: Vec<(&str, &str)> = changed.iter().map(|(text, origin)| (text.as_str(), origin.word())).collect();
    assert_eq!(
        changed,
        [
            ("A title\nI typed this whole line myself.\n", "typed"),
            ("An AI wrote this other ", "ai"),
            ("sentence for me.", "external"),
            ("\n", "ai"),
            ("The end\n", "typed"),
        ]
    );
    // Moved to the front, it is still the AI's.
    let moved = told("An AI wrote this other line for me.\nA title\nI typed this whole line myself.\nThe end\n");
    assert_eq!(moved[0], ("An AI wrote this other line for me.".to_owned(), ai));
    assert!(moved.iter().all(|(text, origin)| *origin != Origin::External || text == "\n"), "{moved:?}");
    // Nothing in common: nothing is typed, though single words are the same.
    assert_eq!(
        told("This line was typed elsewhere, the end."),
        [("This line was typed elsewhere, the end.".to_owned(), Origin::External)]
    );
    assert_eq!(told(""), []);
    let bounded = origins.carried(old, &old.replace("typed", "wrote"), &Origin::External, 4);
    assert!(bounded.runs().any(|(_, origin)| *origin == Origin::External), "too long to compare: unknown, never typed");
}
