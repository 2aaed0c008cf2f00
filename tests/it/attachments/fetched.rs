//! Attachments over a real socket: fetched when a person says so, kept as files, read by page, told when they are gone.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use super::made;
use crate::cli::Place;
use crate::net::{Act, Raw};

/// A platform with one job, whose files these are; counts how often each way was asked.
struct Platform {
    server: Raw,
    asked: Arc<AtomicUsize>,
}

impl Platform {
    /// Each file: name, told type, address, bytes.
    fn with(files: Vec<(&'static str, &'static str, &'static str, Vec<u8>)>) -> Platform {
        let asked = Arc::new(AtomicUsize::new(0));
        let count = asked.clone();
        let list: Vec<Value> =
            files.iter().map(|(name, mime, url, _)| json!({ "name": name, "mime": mime, "url": url })).collect();
        let server = Raw::serve(move |request| {
            let path = request.path().split('?').next().unwrap_or_default().to_owned();
            let job = json!({ "id": "j1", "name": "Read the report", "text": "All is in the files.", "files": list });
            if path == "/files/away" {
                return Act::reply("302 Found", "Location: http://169.254.169.254/latest\r\n", b"");
            }
            if let Some((_, mime, _, bytes)) = files.iter().find(|(_, _, url, _)| *url == path) {
                count.fetch_add(1, Ordering::SeqCst);
                return Act::reply("200 OK", &format!("Content-Type: {mime}\r\n"), bytes);
            }
            match path.as_str() {
                "/jobs" => Act::json("200 OK", &json!({ "jobs": [job] })),
                "/jobs/j1" => Act::json("200 OK", &job),
                "/jobs/j1/claim" => Act::json("200 OK", &json!({ "id": "a1", "job_id": "j1", "state": "claimed" })),
                _ => Act::json("404 Not Found", &json!({})),
            }
        });
        Platform { server, asked }
    }

    /// A place with this platform, and its jobs listed.
    fn place(&self) -> Place {
        let place = Place::new();
        crate::hostile::board(&place, &self.server.url(""), "");
        crate::hostile::with_attachments(&place);
        let polled = place.run(&["jobs", "--poll", "--json"]);
        assert_eq!(polled.code, 0, "{polled:?}");
        place
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

fn folder(place: &Place) -> PathBuf {
    place.data_dir().join("store/attachments")
}

fn kept(place: &Place) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder(place)).map(|all| all.map(|e| e.unwrap().path()).collect()).unwrap_or_default();
    paths.sort();
    paths
}

const PDF: &str = "application/pdf";

#[test]
fn what_a_claim_brings_is_named_before_and_kept_as_files() {
    let platform = Platform::with(vec![
        ("report.pdf", PDF, "/files/report", made::report()),
        ("../../../owned.txt", "text/plain", "/files/climbs", b"# Towns\nEleven of them, 1,200 people.\n".to_vec()),
        ("picture.png", "image/png", "/files/picture", b"\x89PNG\r\n\x1a\n".to_vec()),
        ("far.txt", "text/plain", "https://192.0.2.1/far.txt", Vec::new()),
        ("away.txt", "text/plain", "/files/away", Vec::new()),
    ]);
    let place = platform.place();
    let terms = place.run(&["claim", "odd:j1", "--json"]);
    assert_eq!((terms.code, platform.asked()), (11, 0), "{terms:?}");
    let lines = terms.lines()[0]["lines"].to_string();
    assert!(lines.contains("fetched with it") && lines.contains("report.pdf") && lines.contains("127.0.0.1:"), "{lines}");
    assert!(!lines.contains("far.txt") && !lines.contains("picture.png"), "{lines}");
    let claimed = place.run(&["claim", "odd:j1", "--yes", "--json"]);
    assert_eq!((claimed.code, platform.asked()), (0, 2), "{claimed:?}");
    // In a folder of their own, for nobody else, under names that are only their content's.
    assert_eq!(kept(&place).len(), 3, "two files, of which one is its own text, and the text of the other");
    for path in kept(&place) {
        assert_eq!(path.file_name().unwrap().len(), 64);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(fs::metadata(folder(&place)).unwrap().permissions().mode() & 0o777, 0o700);
    let listed = place.run(&["attachments", "odd:a1", "--json"]).lines();
    assert_eq!(listed[0]["fetched"]["text"]["pages"], 20, "{listed:?}");
    assert_eq!((&listed[2]["fetched"], &listed[2]["own"]), (&Value::Null, &json!(true)));
    assert_eq!((&listed[3]["host"], &listed[3]["own"]), (&json!("https://192.0.2.1:443"), &json!(false)));
    // By page, and by what stands there.
    let page = place.run(&["attachments", "odd:a1", "--read", "report.pdf", "--page", "7"]);
    assert!(page.out.starts_with("--- page 7 ---\nChapter 7\nOn this page the figure is 1259.\n"), "{page:?}");
    assert!(!page.out.contains("Chapter 8"), "{page:?}");
    let none = place.run(&["attachments", "odd:a1", "--read", "report.pdf", "--page", "21"]);
    assert!(none.code == 4 && none.err.contains("its last one is page 20"), "{none:?}");
    let found = place.run(&["attachments", "odd:a1", "--find", "1,259"]);
    assert!(
        found.out.starts_with("report.pdf, page 7, line ") && found.out.ends_with(": On this page the figure is 1259.\n"),
        "{found:?}"
    );
    let found = place.run(&["attachments", "odd:a1", "--find", "1200"]);
    assert!(found.out.contains("section 1: Towns, line 2: Eleven of them, 1,200 people."), "{found:?}");
    let missing = place.run(&["attachments", "odd:a1", "--find", "1,260"]);
    assert!(missing.code == 4 && missing.err.contains("it stands in none that is read; 3 attachments not"), "{missing:?}");
    // Another host is shown and wants a yes; a private one is never asked.
    let far = place.run(&["attachments", "odd:a1", "--fetch", "far.txt"]);
    assert!(far.code == 11 && far.err.contains("https://192.0.2.1:443"), "{far:?}");
    let far = place.run(&["attachments", "odd:a1", "--fetch", "far.txt", "--yes"]);
    assert!(far.code != 0 && far.err.contains("private or local"), "{far:?}");
    let away = place.run(&["attachments", "odd:a1", "--fetch", "away.txt"]);
    assert!(away.code != 0 && away.err.contains("another origin"), "{away:?}");
    // A picture that is none says so.
    let picture = place.run(&["attachments", "odd:a1", "--fetch", "picture.png"]);
    assert!(picture.code == 0 && picture.out.contains("a picture that cannot be read"), "{picture:?}");
    // The file itself goes where the person says, under a name that is only a name.
    let to = place.path().join("out");
    fs::create_dir(&to).unwrap();
    let saved = place.run(&["attachments", "odd:a1", "--save", "2", "--to", to.to_str().unwrap()]);
    assert_eq!(saved.code, 0, "{saved:?}");
    assert_eq!(fs::read_dir(&to).unwrap().map(|e| e.unwrap().file_name()).collect::<Vec<_>>(), ["owned.txt"]);
    let again = place.run(&["attachments", "odd:a1", "--save", "2", "--to", to.to_str().unwrap()]);
    assert_eq!(again.code, 2, "nothing is replaced: {again:?}");
    // The draft is laid out from the texts, and checked against them.
    let laid = place.run(&["draft", "odd:a1", "--scaffold"]);
    assert_eq!(laid.code, 0, "{laid:?}");
}

#[test]
fn a_file_that_is_gone_or_changed_is_told_and_fetched_again() {
    let platform = Platform::with(vec![("notes.txt", "text/plain", "/files/notes", b"The figure is 4711.\n".to_vec())]);
    let place = platform.place();
    assert_eq!(place.run(&["claim", "odd:j1", "--yes"]).code, 0);
    let [path] = &kept(&place)[..] else { panic!("{:?}", kept(&place)) };
    assert_eq!(place.run(&["store", "verify"]).code, 0);
    let backup = place.path().join("b.jsonl");
    assert_eq!(place.run(&["store", "backup", backup.to_str().unwrap()]).code, 0);
    for change in
        [|path: &PathBuf| fs::write(path, "The figure is 0815.\n").unwrap(), |path: &PathBuf| fs::remove_file(path).unwrap()]
    {
        change(path);
        let verified = place.run(&["store", "verify"]);
        assert!(verified.code == 8 && format!("{verified:?}").contains("attachments odd:a1 --fetch notes.txt"), "{verified:?}");
        let read = place.run(&["attachments", "odd:a1", "--read", "notes.txt"]);
        assert!(read.code == 4 && read.err.contains("fetch it again") && !read.out.contains("0815"), "{read:?}");
        assert_eq!(place.run(&["attachments", "odd:a1", "--fetch"]).code, 0);
        assert_eq!(place.run(&["attachments", "odd:a1", "--read", "notes.txt"]).out, "The figure is 4711.\n");
        assert_eq!(place.run(&["store", "verify"]).code, 0);
    }
    // A link in its place leads nowhere.
    fs::write(place.path().join("secret"), "The figure is 4711.\n").unwrap();
    fs::remove_file(path).unwrap();
    std::os::unix::fs::symlink(place.path().join("secret"), path).unwrap();
    assert_eq!(place.run(&["attachments", "odd:a1", "--read", "notes.txt"]).code, 4);
    // A backup has it.
    let other = Place::new();
    crate::hostile::board(&other, &platform.server.url(""), "");
    crate::hostile::with_attachments(&other);
    assert_eq!(other.run(&["store", "restore", backup.to_str().unwrap()]).code, 0);
    assert_eq!(other.run(&["attachments", "odd:a1", "--read", "notes.txt"]).out, "The figure is 4711.\n");
}

/// The same without a screen: a list, a page, and a yes before a stranger's host is asked.
#[test]
fn in_lines_files_are_listed_read_by_page_and_fetched() {
    let platform = Platform::with(vec![
        ("report.pdf", PDF, "/files/report", made::report()),
        ("far.txt", "text/plain", "https://192.0.2.1/far.txt", Vec::new()),
    ]);
    let place = platform.place();
    assert_eq!(place.run(&["claim", "odd:j1", "--yes"]).code, 0);
    let mut talk = crate::plain::Talk::through_a_pipe(&place, &["--plain"]);
    talk.hear(&["plain mode"]);
    talk.say("brief 1", &["Attached: report.pdf.", "It is long", "End of the brief."]);
    let said = talk.say("files 1", &["1. ", "here, 20 pages; file 1 1 PAGE reads a page", "not fetched; fetch 1 2"]);
    assert!(said.contains("https://192.0.2.1:443"), "{said}");
    let said = talk.say("file 1 1 7", &["On this page the figure is 1259.", "End of the file."]);
    assert!(!said.contains("1296"), "{said}");
    talk.say("file 1 1 21", &["it has no page 21"]);
    talk.say("file 1 2", &["it has no text here"]);
    talk.say("fetch 1 2", &["It would come from https://192.0.2.1:443", "Type yes"]);
    talk.say("no", &["Left. Nothing was fetched."]);
    talk.say("quit", &[]);
    assert_eq!(talk.over().1, 0);
}

/// A disk that takes no file is told; nothing is recorded of it, and it is fetched when there is room.
#[test]
fn a_full_disk_keeps_nothing_and_says_so() {
    let platform = Platform::with(vec![("notes.txt", "application/octet-stream", "/files/notes", b"figure 4711 ".repeat(4000))]);
    let place = platform.place();
    assert_eq!(place.run(&["claim", "odd:j1", "--yes"]).code, 0);
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", "trap '' XFSZ; ulimit -f 40; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_juggler")]);
    shell.args(["attachments", "odd:a1", "--fetch", "notes.txt"]);
    shell.env_clear().env("HOME", place.path()).env("PATH", "/usr/bin:/bin").current_dir(place.path());
    let ran = crate::cli::Ran::of(shell.stdin(std::process::Stdio::null()).output().unwrap());
    assert_eq!(ran.code, 8, "{ran:?}");
    assert!(ran.err.contains("Cannot save the file"), "{ran:?}");
    assert_eq!(kept(&place).len(), 0, "nothing half-written stays");
    assert_eq!(place.run(&["store", "verify"]).code, 0);
    assert_eq!(place.run(&["attachments", "odd:a1", "--fetch"]).code, 0);
    assert_eq!(place.run(&["attachments", "odd:a1", "--find", "4711"]).code, 0);
}

/// Between the file and its record: what was not recorded is fetched again, and nothing is named that is not there.
#[test]
fn killed_between_the_file_and_its_record() {
    let platform = Platform::with(vec![("report.pdf", PDF, "/files/report", made::report())]);
    for point in ["kill:attachment.kept", "kill:save.begun:3", "kill:save.written:3"] {
        let place = platform.place();
        let mut command = place.command(&["claim", "odd:j1", "--yes"]);
        let ran = command.env("JUGGLER_DRILL", point).output().unwrap();
        assert!(!ran.status.success(), "{point} was never come by");
        let verified = place.run(&["store", "verify"]);
        assert_eq!(verified.code, 0, "{point}: {verified:?}");
        let fetched = place.run(&["attachments", "odd:j1", "--fetch"]);
        assert_eq!(fetched.code, 0, "{point}: {fetched:?}");
        let page = place.run(&["attachments", "odd:j1", "--read", "report.pdf", "--page", "20"]);
        assert!(page.out.contains("the figure is 1740"), "{point}: {page:?}");
        assert_eq!(place.run(&["store", "verify"]).code, 0);
    }
}

/// Journals hold names and hashes, not texts.
#[test]
fn the_journal_holds_no_text() {
    let words = "Nobody else ever wrote this very sentence, which is the point of it. ";
    let platform = Platform::with(vec![("notes.txt", "text/plain", "/files/notes", words.repeat(400).into_bytes())]);
    let place = platform.place();
    assert_eq!(place.run(&["claim", "odd:j1", "--yes"]).code, 0);
    let journal = fs::read_to_string(place.data_dir().join("store/journal/work.jsonl")).unwrap();
    assert!(journal.contains("\"kind\":\"attached\"") && !journal.contains("very sentence"), "{journal}");
    let line = journal.lines().find(|line| line.contains("\"attached\"")).unwrap();
    assert!(line.len() < 1000, "{line}");
}

/// What a job that was worked once leaves in memory for good: before, the texts of its attachments; now their names and hashes.
#[test]
fn a_worked_job_leaves_its_texts_on_the_disk() {
    use juggler::domain::{AssignmentId, Book, Entry, KeptFile, KeptText, Record, Text};
    const JOBS: usize = 2_000;
    let text = "The survey asked workers in eleven towns about their commute. ".repeat(320);
    let resident = || {
        let told = fs::read_to_string("/proc/self/statm").unwrap_or_default();
        told.split_whitespace().nth(1).and_then(|pages| pages.parse::<usize>().ok()).unwrap_or_default() * 4
    };
    let fold = |kept: bool| {
        let begin = resident();
        let mut book = Book::default();
        for n in 0..JOBS {
            let of_text = KeptText { sha256: format!("{n:064}"), bytes: text.len() as u64, pages: 3 };
            let file = KeptFile { size: 9, sha256: format!("{n:064x}"), text: Some(of_text), ..KeptFile::default() };
            let (text, file) = if kept { (Text::default(), Some(Box::new(file))) } else { (Text::source(&text), None) };
            let assignment = AssignmentId::new(&format!("practice:a{n}"));
            let record = Record::Attached { assignment, name: Text::title("report.txt"), text, file, found: Vec::new() };
            book.apply(&Entry { at: chrono::Utc::now(), record });
        }
        let held = serde_json::to_vec(&book).unwrap().len();
        (held / JOBS, resident().saturating_sub(begin) * 1024 / JOBS, book)
    };
    let (now, now_resident, _now) = fold(true);
    let (before, before_resident, _before) = fold(false);
    println!("bytes a worked job: {before} before ({before_resident} resident), {now} now ({now_resident} resident)");
    assert!(now * 20 < before, "{now} of {before}");
}
