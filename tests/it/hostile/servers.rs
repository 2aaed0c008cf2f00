//! Servers that drip, flood, lie and never stop, at the socket of the real binary: it gives up in time, its memory stays small, the
//! other source is served, and it ends in its own way.
//!
//! Calls wait two seconds here; with `JUGGLER_TEST_SLOW=1` they wait as long as they do for people.

use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::json;

use super::board;
use crate::cli::Place;
use crate::net::raw::Gzip;
use crate::net::{Act, Raw};

/// What a hostile answer may cost beside what the program needs anyway, in KiB.
const MORE: u64 = 32 << 10;
/// Given up by then.
const PATIENCE: Duration = Duration::from_secs(30);

fn json_answer(headers: &str, body: &[u8]) -> Act {
    Act::reply("200 OK", &format!("Content-Type: application/json\r\n{headers}"), body)
}

fn list(body: &str) -> Act {
    json_answer("", body.as_bytes())
}

fn unbase64(text: &str) -> Vec<u8> {
    let value = |b: u8| match b {
        b'A'..=b'Z' => b - b'A',
        b'a'..=b'z' => b - b'a' + 26,
        b'0'..=b'9' => b - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let digits: Vec<u32> = text.trim().trim_end_matches('=').bytes().map(|b| u32::from(value(b))).collect();
    let bytes = |part: &[u32]| {
        let bits = part.iter().fold(0, |bits, digit| bits << 6 | digit) << (6 * (4 - part.len()));
        bits.to_be_bytes()[1..part.len()].to_vec()
    };
    digits.chunks(4).flat_map(bytes).collect()
}

/// 512 MiB of zeros, packed by brotli's own tool.
fn brotli_bomb() -> Vec<u8> {
    unbase64(include_str!("half-a-gigabyte.br.base64"))
}

fn gzip_bomb() -> Vec<u8> {
    let mut gzip = Gzip::new();
    gzip.zeros(512 << 20);
    gzip.finish()
}

type Case = (&'static str, Box<dyn Fn(&crate::net::raw::Request) -> Act + Send + Sync>);

fn case(name: &'static str, act: impl Fn(&crate::net::raw::Request) -> Act + Send + Sync + 'static) -> Case {
    (name, Box::new(act))
}

/// A listener that must never be spoken to.
fn stranger() -> Raw {
    Raw::serve(|_| list(r#"{"jobs": [{"id": "stolen", "name": "stolen"}]}"#))
}

fn cases(stranger: &Raw) -> Vec<Case> {
    let head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n".to_vec();
    let drip = head.clone();
    let hold = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"jobs\": [".to_vec();
    let deep = format!("{{\"jobs\": {}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let elsewhere = stranger.url("/jobs");
    let redirect = |to: String| move |_: &_| Act::reply("302 Found", &format!("Location: {to}\r\n"), b"");
    let headers = |count: usize| {
        let lines: String = (0..count).map(|n| format!("X-{n}: y\r\n")).collect();
        Act::Bytes(format!("HTTP/1.1 200 OK\r\n{lines}Content-Length: 2\r\n\r\n{{}}").into_bytes())
    };
    let number = |n: &'static str| {
        move |_: &_| list(&format!(r#"{{"jobs": [{{"id": "a", "name": "x", "pay": {n}, "currency": "USD"}}]}}"#))
    };
    let (gzip, brotli) = (gzip_bomb(), brotli_bomb());
    let (gzip2, gzip3, long) = (gzip.clone(), gzip.clone(), format!("/{}", "x".repeat(200_000)));
    vec![
        case("a byte now and then", move |_| Act::Drip { head: drip.clone(), every: Duration::from_millis(100) }),
        case("headers byte by byte", |_| Act::Drip {
            head: b"HTTP/1.1 200 OK\r\nX: ".to_vec(),
            every: Duration::from_millis(100),
        }),
        case("silence in the middle", move |_| Act::Hold(hold.clone())),
        case("silence at once", |_| Act::Hold(Vec::new())),
        case("a gigabyte", |_| Act::Flood { bytes: 1 << 30 }),
        case("a gzip bomb", move |_| json_answer("Content-Encoding: gzip\r\n", &gzip)),
        case("a gzip bomb said to be packed twice", move |_| json_answer("Content-Encoding: gzip, gzip\r\n", &gzip2)),
        case("a gzip bomb in brotli's clothes", move |_| json_answer("Content-Encoding: br\r\n", &gzip3)),
        case("a brotli bomb", move |_| json_answer("Content-Encoding: br\r\n", &brotli)),
        case("a hundred thousand headers", move |_| headers(100_000)),
        case("a million headers", move |_| headers(1_000_000)),
        case("one header of sixteen megabytes", |_| {
            Act::Bytes(format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n{{}}", "y".repeat(16 << 20)).into_bytes())
        }),
        case("a hundred thousand brackets", move |_| list(&deep)),
        case("millions of values", |_| list(&format!("{{\"jobs\": [{}1]}}", "1,".repeat(3_000_000)))),
        case("millions of jobs without a title", |_| list(&format!("{{\"jobs\": [{}{{}}]}}", "{},".repeat(100_000)))),
        case("not a number", number("NaN")),
        case("a number beyond all bounds", number("1e400")),
        case("a number of a hundred thousand digits", |_| {
            list(&format!(r#"{{"jobs": [{{"id": "a", "name": "x", "pay": {}, "currency": "USD"}}]}}"#, "9".repeat(100_000)))
        }),
        case("the same page again", |_| list(r#"{"jobs": [{"id": "a", "name": "x"}], "next": "c"}"#)),
        case("two pages in a circle", |request| {
            let next = if request.path().contains("cursor=a") { "b" } else { "a" };
            list(&format!(r#"{{"jobs": [{{"id": "{next}", "name": "x"}}], "next": "{next}"}}"#))
        }),
        case("empty pages without end", |request| {
            let here: u32 = request.path().split_once("cursor=").and_then(|(_, n)| n.parse().ok()).unwrap_or(0);
            list(&format!(r#"{{"jobs": [], "next": "{}"}}"#, here + 1))
        }),
        case("a redirect to a stranger", redirect(elsewhere.clone())),
        case("a redirect to the link-local services", redirect("http://169.254.169.254/latest/meta-data".to_owned())),
        case("a redirect to a file", redirect("file:///etc/passwd".to_owned())),
        case("a redirect to itself", |_| Act::reply("302 Found", "Location: /jobs\r\n", b"")),
        case("a redirect to nowhere", |_| Act::reply("302 Found", "Location: \u{1}\r\n", b"")),
        case("a redirect of 200 kB", redirect(long)),
        case("less than its length", |_| Act::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"jobs\": []".to_vec())),
        case("more than its length", |_| Act::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{\"jobs\": []}".to_vec())),
        case("two lengths", |_| {
            Act::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 40\r\n\r\n{\"jobs\": []}".to_vec())
        }),
        case("a length below zero", |_| Act::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}".to_vec())),
        case("a chunk beyond all bounds", |_| {
            Act::Bytes(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{".to_vec())
        }),
        case("words without a head", |_| Act::bytes(b"<html>hello from 1991</html>")),
        case("another protocol", |_| Act::bytes(b"SSH-2.0-OpenSSH_9.9\r\n")),
        case("bytes of no kind", |_| Act::Bytes((0..=255).cycle().take(70_000).collect())),
        case("continue, for ever", |_| Act::Bytes(b"HTTP/1.1 100 Continue\r\n\r\n".repeat(10_000))),
        case("a web page", |_| Act::reply("200 OK", "Content-Type: text/html\r\n", b"<html>log in</html>")),
        case("escapes in an error", |_| {
            Act::reply("500 \u{1b}[2J", "Content-Type: text/plain\r\n", "\u{1b}]0;owned\u{7}\u{9b}2J".as_bytes())
        }),
    ]
}

/// What one run did.
#[derive(Debug)]
struct Done {
    peak: u64,
    took: Duration,
    code: Option<i32>,
    out: String,
    err: String,
}

/// Runs the binary and looks at its memory until it ends: the mark of the most only rises.
fn run(place: &Place, args: &[&str]) -> Done {
    let begin = Instant::now();
    let mut child = place.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let proc = |file: &str| format!("/proc/{}/{file}", child.id());
    let (exe, status) = (proc("exe"), proc("status"));
    let mut peak = 0;
    let mut late = false;
    while child.try_wait().unwrap().is_none() {
        // For a moment the child has the memory of this process, and the kernel would tell of that.
        let begun = std::fs::read_link(&exe).is_ok_and(|exe| Some(exe) != std::env::current_exe().ok());
        let now = if begun { std::fs::read_to_string(&status).unwrap_or_default() } else { String::new() };
        let line = now.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default().to_owned();
        peak = peak.max(line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).unwrap_or(0));
        if begin.elapsed() > PATIENCE * 4 && !late {
            late = true;
            let _ = child.kill();
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    let took = begin.elapsed();
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Done { peak, took, code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

/// A home with the hostile source and an honest one.
fn home(base: &str, timeout: u64) -> Place {
    let place = Place::new();
    board(&place, base, &format!("timeout = {timeout}"));
    let job = json!({ "id": "1", "title": "honest work", "pay": 1, "currency": "USD" });
    std::fs::write(place.path().join("jobs.jsonl"), format!("{job}\n")).unwrap();
    assert_eq!(place.run(&["sources", "add", "mine", "--inbox", "jobs.jsonl"]).code, 0);
    place
}

#[test]
fn hostile_servers_cost_little_and_nobody_else_anything() {
    let slow = std::env::var_os("JUGGLER_TEST_SLOW").is_some();
    let timeout = if slow { 30 } else { 2 };
    let stranger = stranger();
    let honest = Raw::serve(|_| list(r#"{"jobs": [{"id": "a", "name": "x"}]}"#));
    let quiet = run(&home(&honest.url(""), timeout), &["jobs", "--poll", "--json"]);
    assert_eq!((quiet.code, quiet.out.lines().count()), (Some(0), 2), "{quiet:?}");
    let cases = cases(&stranger);
    let count = cases.len();
    let queue = std::sync::Mutex::new(cases.into_iter());
    let worst = std::sync::Mutex::new((0, Duration::ZERO));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let Some((name, act)) = queue.lock().unwrap().next() else { return };
                    let server = Raw::serve(act);
                    let place = home(&server.url(""), timeout);
                    for args in [&["jobs", "--poll", "--json"][..], &["sources", "test", "odd"]] {
                        let done = run(&place, args);
                        let words = |text: &str| text.chars().take(600).collect::<String>();
                        assert!(done.code.is_some_and(|code| code <= 12), "{name}: {:?} {}", done.code, words(&done.err));
                        assert!(done.peak < quiet.peak + MORE, "{name}, {args:?}: {} KiB, {} without", done.peak, quiet.peak);
                        assert!(done.took < PATIENCE + Duration::from_secs(5), "{name}, {args:?}: {:?}", done.took);
                        assert!(!done.out.contains("stolen") && !done.err.contains("panicked"), "{name}: {}", words(&done.err));
                        assert!(!(done.out.clone() + &done.err).contains(['\u{1b}', '\u{9b}']), "{name}");
                        if args[0] == "jobs" {
                            assert!(done.code == Some(0) && done.out.contains("honest work"), "{name}: {}", words(&done.err));
                        }
                        let mut worst = worst.lock().unwrap();
                        *worst = (worst.0.max(done.peak.saturating_sub(quiet.peak)), worst.1.max(done.took));
                    }
                    assert!(!server.requests().is_empty(), "{name} was never asked");
                }
            });
        }
    });
    assert_eq!(stranger.requests(), Vec::<String>::new());
    let (peak, took) = *worst.lock().unwrap();
    eprintln!("{count} hostile servers: at most {peak} KiB more, {took:?} for the slowest");
}

#[test]
fn a_handshake_that_never_comes_is_given_up() {
    // Takes the connection and says nothing: no TLS.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let place = home(&format!("https://127.0.0.1:{port}"), 2);
    let done = run(&place, &["jobs", "--poll", "--json"]);
    assert!(done.code == Some(0) && done.out.contains("honest work") && done.took < PATIENCE, "{done:?}");
    drop(listener);
}
