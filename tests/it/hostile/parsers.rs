//! Every reader of text, fed with what was sound once and was then bent: none panics, and what is refused is refused in words with
//! a place and, where there is one, a cure.

use std::path::Path;
use std::time::Duration;

use juggler::config::{Config, Environment, Overrides, SourceConfig};
use juggler::domain::{Query, SourceName};
use juggler::error::Failure;
use juggler::platforms::{Cursor, Outcome, connect};
use juggler::tui::keymap::Keymap;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::bytes::{Nasty, is_foreign};
use super::count;
use crate::cli::Place;

/// Bends sound text: cuts, doubles, swaps and hostile insertions.
struct Bender {
    dice: ChaCha8Rng,
    nasty: Nasty,
}

impl Bender {
    fn new(seed: u64) -> Bender {
        Bender { dice: ChaCha8Rng::seed_from_u64(seed), nasty: Nasty::new(seed) }
    }

    fn place(&mut self, text: &str) -> usize {
        let at = self.dice.random_range(0..=text.len());
        text.floor_char_boundary(at)
    }

    fn bent(&mut self, sound: &str) -> String {
        let mut text = sound.to_owned();
        for _ in 0..self.dice.random_range(1..4) {
            let (a, b) = (self.place(&text), self.place(&text));
            let (from, to) = (a.min(b), text.floor_char_boundary(a.max(b).min(a.min(b) + 40)));
            match self.dice.random_range(0..6) {
                0 => text.replace_range(from..to, ""),
                1 => text.insert_str(from, &self.nasty.text()),
                2 => {
                    let piece = text[from..to].to_owned();
                    text.insert_str(to, &piece);
                }
                3 => text.truncate(to),
                4 => {
                    let odd = [
                        "\"",
                        "[",
                        "]",
                        "{",
                        "}",
                        "=",
                        ",",
                        "\\",
                        "(",
                        ")",
                        "-",
                        "..",
                        "99999999999999999999",
                        "1e400",
                        "NaN",
                        "null",
                        "'''",
                        "/",
                        ":",
                        "\0",
                    ];
                    text.insert_str(from, odd.choose(&mut self.dice).unwrap());
                }
                _ => text.insert_str(from, &"[".repeat(self.dice.random_range(1..300))),
            }
        }
        text
    }
}

fn is_clean(words: &str) -> bool {
    !words.chars().any(|c| is_foreign(c) && c != '\n')
}

/// A failure says what, and where it is about a file, where.
fn told(failure: &Failure, place: &str, of: &str) {
    assert!(
        !failure.what.is_empty() && is_clean(&failure.what) && is_clean(&failure.why) && is_clean(&failure.hint),
        "{failure:?}"
    );
    assert!(failure.to_string().contains(place), "{failure:?} has no place ({place}) in {of:?}");
    assert!(!failure.hint.is_empty(), "{failure:?} of {of:?} offers no way on");
}

#[test]
fn bent_configurations_are_refused_with_their_place() {
    let sound = std::fs::read_to_string("assets/config.toml").unwrap().replace("\n# ", "\n");
    let own = "[general]\nmouse = true\ngoal_day = \"1 USD\"\n\n[[source]]\nname = \"a\"\nrecipe = \"practice\"\n\n[[view]]\nname = \"x\"\nquery = \"pay>=1 is:new\"\n\n[[rule]]\nname = \"r\"\nquery = \"kind:a\"\nactions = [\"star\"]\ncooldown = \"10m\"\n\n[keys.feed]\n\"x\" = \"job.claim\"\n";
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join(".config/juggler/config.toml");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    let env: Environment = [("HOME", dir.path().display().to_string())].into_iter().collect();
    let mut bender = Bender::new(31);
    let mut refused = 0;
    for n in 0..count(400) {
        let text = bender.bent(if n % 4 == 0 { &sound } else { own });
        std::fs::write(&file, &text).unwrap();
        if let Err(failure) = Config::load_with(&Overrides::default(), &env) {
            told(&failure, "config.toml", &text);
            refused += 1;
        }
    }
    assert!(refused > 50, "{refused}");
}

#[test]
fn bent_recipes_are_refused_with_their_place() {
    let sound = std::fs::read_to_string("assets/platforms/practice.toml").unwrap();
    let dir = tempfile::tempdir().unwrap();
    let mut bender = Bender::new(37);
    let mut refused = 0;
    for _ in 0..count(150) {
        let text = bender.bent(&sound);
        std::fs::write(dir.path().join("practice.toml"), &text).unwrap();
        if let Err(failure) = juggler::platforms::board::recipe::load_recipe("practice", dir.path()) {
            told(&failure, "practice.toml", "a recipe");
            refused += 1;
        }
    }
    assert!(refused > 20, "{refused}");
}

#[test]
fn bent_queries_point_at_the_fault() {
    let sound = [
        "kind:tagline,caption -source:x (pay>=0.50EUR or rate>20/h) \"two words\" ~fuzzy /re(g|ex)/ is:new,starred",
        "mins<=10 age<1h30m fit>=50 brief:\"a b\" needs:geo not costs:stake",
    ];
    let mut bender = Bender::new(41);
    let mut refused = 0;
    for n in 0..count(3_000) {
        let text = bender.bent(sound[n % 2]);
        if let Err(error) = Query::parse(&text) {
            assert!(error.at <= text.len() && text.is_char_boundary(error.at) && !error.what.is_empty(), "{error:?} in {text:?}");
            assert!(error.pointed(&text).contains('^'), "{text:?}");
            refused += 1;
        }
        Query::parse_typing(&text);
    }
    assert!(refused > 100, "{refused}");
}

#[test]
fn bent_keys_are_refused_in_words() {
    let mut bender = Bender::new(43);
    let (layers, keys, ids) = (
        ["feed", "global", "editor", "brief"],
        ["ctrl-x", "g g", "alt-enter", "f12", "space", "é"],
        ["job.claim", "feed.down", ""],
    );
    for _ in 0..count(800) {
        let pick = |bender: &mut Bender, from: &[&str]| {
            let sound = *from.choose(&mut bender.dice).unwrap();
            if bender.dice.random_bool(0.5) { sound.to_owned() } else { bender.bent(sound) }
        };
        let change = (pick(&mut bender, &layers), pick(&mut bender, &keys), pick(&mut bender, &ids));
        if let Err(failure) = Keymap::compile(std::slice::from_ref(&change)) {
            assert!(
                !failure.what.is_empty() && !failure.hint.is_empty() && is_clean(&failure.to_string()),
                "{failure:?} of {change:?}"
            );
        }
    }
}

#[tokio::test]
async fn bent_inbox_lines_are_told_and_the_others_read() {
    let sound = r#"{"id": 7, "title": "Five", "pay": {"min": 0.5, "max": 1.25, "currency": "USD"}, "minutes": 2.5, "expires_at": "2026-11-23T05:00:00Z", "tags": ["a"], "requirements": ["country: US"], "claim": "apply", "deliverable": {"form": "lines", "rules": []}}"#;
    let dir = tempfile::tempdir().unwrap();
    let mut bender = Bender::new(47);
    for round in 0..count(1_000).div_ceil(200) {
        let file = dir.path().join(format!("{round}.jsonl"));
        let mut text: String = (0..200).map(|_| bender.bent(sound).replace(['\n', '\r'], " ") + "\n").collect();
        text.push_str("{\"id\": \"sound\", \"title\": \"the last\"}\n");
        std::fs::write(&file, text).unwrap();
        let source = SourceConfig::inbox(SourceName::new("mine"), file);
        let inbox = connect(&source, Path::new("/nonexistent")).unwrap();
        let (mut cursor, mut found, mut told) = (Cursor::Null, false, 0);
        loop {
            let page = match inbox.jobs(&cursor, chrono::Utc::now()).await.outcome {
                Outcome::Done(page) => page,
                other => panic!("{other:?}"),
            };
            found |= page.items.iter().any(|job| job.key.as_str() == "mine:sound");
            for sentence in &page.unmapped {
                assert!(sentence.as_str().contains("line") && is_clean(sentence.as_str()), "{sentence}");
                told += 1;
            }
            if !page.more {
                break;
            }
            cursor = page.next;
        }
        assert!(found && told > 0, "{told}");
    }
}

#[test]
fn bent_journals_are_told_and_never_a_panic() {
    let place = Place::new();
    place.with_inbox(&[serde_json::json!({ "id": "a", "title": "x" })]);
    for query in ["kind:a", "kind:b", "kind:c"] {
        assert_eq!(place.run(&["block", query]).code, 0);
    }
    let store = place.data_dir().join("store");
    let journal = store.join("journal/work.jsonl");
    let sound = std::fs::read_to_string(&journal).unwrap();
    assert!(sound.lines().count() >= 4, "{sound}");
    let copy = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(copy.path().join("journal")).unwrap();
    std::fs::copy(store.join("journal/money.jsonl"), copy.path().join("journal/money.jsonl")).unwrap();
    let mut bender = Bender::new(53);
    for _ in 0..count(300) {
        let text = bender.bent(&sound);
        std::fs::write(copy.path().join("journal/work.jsonl"), &text).unwrap();
        match juggler::store::entries(copy.path()) {
            // A line counts only with its sum: what is read is what was written.
            Ok(entries) => assert!(entries.len() <= sound.lines().count(), "{text}"),
            Err(failure) => {
                assert!(!failure.what.is_empty() && !failure.hint.is_empty() && is_clean(&failure.to_string()), "{failure:?}")
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bent_lines_on_the_socket_harm_nobody() {
    use juggler::daemon;
    use juggler::engine::Polling;
    use juggler::engine::api::Request;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let dir = tempfile::tempdir().unwrap();
    let config = std::sync::Arc::new(crate::support::config(dir.path()));
    config.paths.prepare().unwrap();
    let session = daemon::session(config.clone(), Polling::OnRequest).await.unwrap();
    let sound = [
        r#"{"id":1,"request":{"ask":"hand"}}"#,
        r#"{"id":2,"request":{"ask":"hello","version":2}}"#,
        r#"{"id":3,"request":{"ask":"job","key":"a:b"}}"#,
        r#"{"id":4,"request":{"ask":"save_draft","assignment":"a:b","text":"x","files":[],"cause":"typed"}}"#,
    ];
    let mut bender = Bender::new(59);
    for n in 0..count(300) {
        let line = bender.bent(sound[n % sound.len()]);
        let mut stream = tokio::net::UnixStream::connect(&config.paths.socket).await.unwrap();
        // The engine may hang up at any byte.
        let _ = stream.write_all(format!("{line}\n").as_bytes()).await;
        let _ = stream.shutdown().await;
        let mut said = Vec::new();
        let read = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut said)).await;
        assert!(read.is_ok(), "neither an answer nor an end to {line:?}");
        let words = String::from_utf8(said).unwrap();
        assert!(is_clean(&words), "{words:?}");
    }
    session.handle().ask(Request::Hand).await.unwrap();
}
