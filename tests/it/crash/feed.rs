//! Kills of a program that takes jobs in: the next start has the last image, what changed since, and the marks, each once.

use std::collections::BTreeSet;
use std::io::Write;
use std::process::Stdio;
use std::time::{Duration, Instant};

use juggler::config::{Config, Overrides};
use juggler::domain::View;
use juggler::engine::api::Request;
use juggler::feed::Anchor;
use serde_json::{Value, json};

use super::{Tally, killed, kills, moments};
use crate::cli::Place;
use crate::support::{Doomed, until};

/// An inbox that grows, and what is known of it outside the program.
struct Feed {
    place: Place,
    listed: usize,
    starred: BTreeSet<String>,
    hidden: BTreeSet<String>,
}

impl Feed {
    fn new() -> Feed {
        let place = Place::new();
        std::fs::write(place.path().join("jobs.jsonl"), "").unwrap();
        let added = place.run(&["sources", "add", "mine", "--inbox", "jobs.jsonl"]);
        assert_eq!(added.code, 0, "{added:?}");
        Feed { place, listed: 0, starred: BTreeSet::new(), hidden: BTreeSet::new() }
    }

    fn grow(&mut self, more: usize) {
        let mut file = std::fs::OpenOptions::new().append(true).open(self.place.path().join("jobs.jsonl")).unwrap();
        let lines = (self.listed..self.listed + more).map(|n| {
            let job =
                json!({ "id": format!("{n:05}"), "title": format!("#{n} taglines"), "kind": "tagline", "brief": "A line." });
            format!("{job}\n")
        });
        file.write_all(lines.collect::<String>().as_bytes()).unwrap();
        self.listed += more;
    }

    fn well(&self, args: &[&str]) -> crate::cli::Ran {
        let ran = self.place.run(args);
        assert_eq!(ran.code, 0, "{args:?}: {ran:?}");
        ran
    }

    /// A program that goes on until it is killed; it watches the inbox.
    fn begin(&self) -> Doomed {
        Doomed::of(self.place.command(&["events", "--follow", "--json"]).stdout(Stdio::piped()).stderr(Stdio::piped()))
    }

    fn keys(&self, query: &str) -> Vec<String> {
        self.place.keys(&["--limit", "100000", query])
    }

    fn mark(&mut self, n: usize) {
        let star = format!("mine:{n:05}");
        self.well(&["triage", "star", &star]);
        self.starred.insert(star);
        let hide = format!("mine:{:05}", n + 1);
        self.well(&["triage", "hide", &hide]);
        self.hidden.insert(hide);
    }

    /// Everything is there once, whoever counts.
    fn whole(&self, at: &str) {
        // The first to open the store again.
        let store = self.doctor("store");
        // The image and what changed since fit each other, and nothing was torn.
        assert_eq!((&store["health"], &store["fix"]), (&"ok".into(), &"".into()), "{at}: {store}");
        self.well(&["jobs", "--poll", "--limit", "1"]);
        let keys = self.keys("is:any");
        let distinct: BTreeSet<&String> = keys.iter().collect();
        assert_eq!((keys.len(), distinct.len()), (self.listed, self.listed), "{at}");
        assert_eq!(self.keys("is:starred").into_iter().collect::<BTreeSet<_>>(), self.starred, "{at}");
        assert_eq!(self.keys("is:hidden").into_iter().collect::<BTreeSet<_>>(), self.hidden, "{at}");
        let open = &self.well(&["views", "--json"]).lines()[0];
        assert_eq!(open["total"], self.listed - self.hidden.len(), "{at}: {open}");
        for n in [0, self.listed / 2, self.listed - 1] {
            let job = self.well(&["show", &format!("mine:{n:05}"), "--json"]).json();
            let seen = job.get("job").unwrap_or(&job)["seen_count"].clone();
            assert_eq!(seen, 1, "{at}: {job}");
        }
        let feed = self.doctor("feed");
        assert!(feed["found"].as_str().unwrap().starts_with(&format!("{} rows", self.listed)), "{at}: {feed}");
    }

    fn doctor(&self, what: &str) -> Value {
        let doctor = self.well(&["doctor", "--json"]).json();
        doctor["checks"].as_array().unwrap().iter().find(|check| check["name"] == what).cloned().unwrap()
    }

    fn image(&self) -> Option<std::time::SystemTime> {
        let store = self.place.data_dir().join("store");
        let files = std::fs::read_dir(store).unwrap().filter_map(Result::ok);
        let images = files.filter(|file| file.file_name().to_string_lossy().ends_with(".image"));
        images.filter_map(|file| file.metadata().ok()?.modified().ok()).max()
    }
}

#[test]
fn an_older_image_and_what_changed_since_make_the_whole() {
    let mut feed = Feed::new();
    feed.grow(300);
    feed.well(&["jobs", "--poll", "--limit", "1"]);
    let image = feed.image().expect("a session that ends writes an image");
    // From at once to when all of it has been made durable.
    for (round, pause) in [0, 400, 1200, 3500].into_iter().enumerate() {
        let begun = feed.begin();
        feed.grow(40);
        until("the new ones are listed", || feed.keys("is:any").len() == feed.listed);
        feed.mark(300 + 40 * round);
        let marked = Instant::now();
        std::thread::sleep(Duration::from_millis(pause).saturating_sub(marked.elapsed()));
        begun.kill();
        if round == 0 {
            assert_eq!(feed.image(), Some(image), "the image is older than what came");
        }
        feed.whole(&format!("killed after {pause} ms"));
    }
}

/// Rounds on one inbox; more begin another, since all of it is compared.
const ON_ONE: usize = 28;
/// While jobs land, while their rows are written, and while the image of them is.
const POINTS: &[&str] =
    &["poll.landed", "rows.written", "rows.written:2", "flush.half", "image.written", "image.flushed", "image.named"];

#[test]
fn killed_while_it_polls_nothing_is_lost_or_doubled() {
    let mut tally = Tally::of("ingest");
    let mut left = kills("ingest");
    while left > 0 {
        let n = left.min(ON_ONE);
        left -= n;
        let mut feed = Feed::new();
        feed.grow(200);
        let begun = Instant::now();
        feed.well(&["jobs", "--poll", "--limit", "1"]);
        for (round, when) in moments(n, POINTS, begun.elapsed()).into_iter().enumerate() {
            // More than one slice of rows.
            feed.grow(300);
            tally.count(&killed(&feed.place, &["jobs", "--poll", "--limit", "1"], &when));
            if round % 7 == 3 {
                feed.mark(round * 7);
                tally.acknowledged += 2;
            }
            if round % 14 == 13 {
                feed.whole(&format!("{when:?}"));
            }
        }
        feed.whole("at the end");
        tally.acknowledged += feed.listed;
    }
    tally.tell();
}

#[test]
fn the_log_of_the_feed_outlives_a_kill() {
    let mut feed = Feed::new();
    feed.grow(3);
    feed.well(&["jobs", "--poll", "--limit", "1"]);
    let begun = feed.begin();
    feed.grow(2);
    until("the new ones are listed", || feed.keys("is:any").len() == feed.listed);
    let log = feed.place.data_dir().join("store/feed-log.jsonl");
    until("they are in the log", || std::fs::read_to_string(&log).is_ok_and(|text| text.lines().count() == 5));
    begun.kill();
    let told = feed.well(&["sightings", "--json"]).lines();
    let keys: Vec<&str> = told.iter().map(|line| line["key"].as_str().unwrap()).collect();
    assert_eq!(keys[..2].iter().collect::<BTreeSet<_>>(), BTreeSet::from([&"mine:00003", &"mine:00004"]));
    assert!(keys.len() == 5 && told.iter().all(|line| line["what"] == "appeared"), "{told:?}");
}

/// How many jobs are new, as the first tab says.
fn fresh(feed: &Feed) -> Value {
    feed.well(&["views", "--json"]).lines()[0]["fresh"].clone()
}

#[test]
fn what_was_shown_before_a_kill_is_not_new_afterwards() {
    let mut feed = Feed::new();
    let store = feed.place.data_dir().join("store");
    // Somebody was here long ago.
    juggler::store::last_window::save(&store, &json!({ "at": "2020-01-01T00:00:00Z" })).unwrap();
    let begun = feed.begin();
    feed.grow(5);
    until("the new ones are listed", || feed.keys("is:any").len() == feed.listed);
    until("they are counted", || fresh(&feed) == 5);
    // A front end shows the list; commands that list it are none.
    let config = Config::load(&Overrides {
        config: Some(feed.place.config_file()),
        data_dir: Some(feed.place.data_dir()),
        ..Overrides::default()
    });
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let (handle, _) = juggler::daemon::connect(&config.unwrap().paths).await.unwrap().unwrap();
        let window = Request::Window { view: View::default(), anchor: Anchor::Top, height: 20, margin: 0 };
        handle.ask(window).await.unwrap();
    });
    std::thread::sleep(Duration::from_secs(6));
    begun.kill();
    assert_eq!(fresh(&feed), 0, "they were shown");
    feed.grow(2);
    feed.well(&["jobs", "--poll", "--limit", "1"]);
    assert_eq!(fresh(&feed), 2, "these were not");
}
