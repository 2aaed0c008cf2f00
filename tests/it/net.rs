//! The HTTP layer against servers that misbehave at the socket.

pub mod raw;

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use juggler::config::{KeyFrom, Secret};
use juggler::error::{Class, Failure};
use juggler::net::{Address, Body, Call, End, Http, Limits, Method, Reach, Reply, StreamLimits, resolve};

pub use raw::{Act, Raw};

/// Short enough for a test, long enough for a busy machine to answer honest requests.
fn http() -> Http {
    Http::new(Limits { connect: Duration::from_secs(5), read: Duration::from_secs(5), total: Duration::from_secs(10) })
}

fn get(url: &str) -> Call {
    Call::new(Method::Get, Address::parse(url).unwrap())
}

async fn end_of(call: Call) -> End {
    http().call(call).await.end
}

fn answered(end: End) -> Reply {
    match end {
        End::Answered(reply) => *reply,
        other => panic!("{other:?}"),
    }
}

fn unanswered(end: End) -> Failure {
    match end {
        End::Unanswered(failure) => failure,
        other => panic!("{other:?}"),
    }
}

fn broken(end: End) -> Failure {
    match end {
        End::Broken(failure) => failure,
        other => panic!("{other:?}"),
    }
}

fn unreachable(end: End) -> Failure {
    match end {
        End::Unreachable(failure) => failure,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_honest_answer_comes_whole() {
    let server = Raw::serve(|_| {
        Act::reply("200 OK", "Date: Mon, 23 Nov 2026 04:00:00 GMT\r\nContent-Type: text/plain; charset=x\r\n", b"hello")
    });
    let reply = answered(end_of(get(&server.url("/a?b=c"))).await);
    assert_eq!((reply.status, reply.body.as_slice()), (200, &b"hello"[..]));
    assert_eq!(reply.mime().unwrap(), "text/plain");
    assert_eq!(reply.date().unwrap().to_rfc3339(), "2026-11-23T04:00:00+00:00");
    let seen = server.requests();
    assert!(seen[0].starts_with("GET /a?b=c HTTP/1.1"), "{}", seen[0]);
    assert!(seen[0].to_lowercase().contains("user-agent: juggler/"), "{}", seen[0]);
    for never in ["cookie", "referer"] {
        assert!(!seen[0].to_lowercase().contains(never));
    }
}

#[tokio::test]
async fn nobody_listening_is_unreachable() {
    let url = {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}/x?api_key=canary-in-query", free.local_addr().unwrap())
    };
    let failure = unreachable(end_of(get(&url)).await);
    assert_eq!(failure.class, Class::Platform);
    assert!(!format!("{failure:?}").contains("canary"), "{failure:?}");
}

#[tokio::test]
async fn silence_resets_and_cuts_are_unanswered() {
    let reset = Raw::serve(|_| Act::Reset);
    unanswered(end_of(get(&reset.url("/x?key=canary-q"))).await);
    let cut = Raw::serve(|_| Act::bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this"));
    let failure = unanswered(end_of(get(&cut.url("/x?key=canary-q"))).await);
    assert!(!format!("{failure:?}").contains("canary"), "{failure:?}");
    let garbled = Raw::serve(|_| Act::reply("200 OK", "Content-Encoding: gzip\r\n", b"this is not gzip at all"));
    assert!(broken(end_of(get(&garbled.url("/"))).await).why.contains("unpacked"));
    let short = Http::new(Limits { total: Duration::from_millis(150), ..Limits::default() });
    let silent = Raw::serve(|_| Act::Hold(Vec::new()));
    let failure = unanswered(short.call(get(&silent.url("/"))).await.end);
    assert!(failure.why.contains("150 ms"), "{failure:?}");
}

#[tokio::test]
async fn a_slow_drip_is_ended_by_the_total_time_out() {
    let drip = Raw::serve(|_| Act::Drip {
        head: b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n".to_vec(),
        every: Duration::from_millis(20),
    });
    let short = Http::new(Limits { total: Duration::from_millis(300), ..Limits::default() });
    unanswered(short.call(get(&drip.url("/"))).await.end);
    let idle = Http::new(Limits { read: Duration::from_millis(100), ..Limits::default() });
    let stalled = Raw::serve(|_| Act::Hold(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc".to_vec()));
    let failure = unanswered(idle.call(get(&stalled.url("/"))).await.end);
    assert!(failure.why.contains("stopped coming"), "{failure:?}");
}

/// Runs an ignored test in a process of its own.
fn alone(test: &str, variables: &[(&str, &str)]) {
    let this = std::env::current_exe().unwrap();
    let arguments = ["--exact", test, "--ignored", "--nocapture"];
    let child = std::process::Command::new(&this).args(arguments).envs(variables.iter().copied()).output().unwrap();
    let said = String::from_utf8_lossy(&child.stdout).into_owned();
    assert!(child.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&child.stderr));
}

#[test]
fn bombs_and_floods_stay_small() {
    // Where nobody else's memory is counted.
    alone("net::bombs_and_floods_stop_at_the_cap", &[]);
}

#[test]
fn this_machine_is_asked_without_the_proxy() {
    let nowhere = "http://127.0.0.1:1";
    alone(
        "net::an_honest_answer_comes_through",
        &[("http_proxy", nowhere), ("HTTP_PROXY", nowhere), ("ALL_PROXY", nowhere), ("NO_PROXY", "")],
    );
}

#[tokio::test]
#[ignore = "run by this_machine_is_asked_without_the_proxy"]
async fn an_honest_answer_comes_through() {
    let server = Raw::serve(|_| Act::reply("200 OK", "", b"hello"));
    assert_eq!(answered(end_of(get(&server.url("/"))).await).body, b"hello");
}

#[tokio::test]
async fn a_failed_handshake_is_unreachable() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
        // The client hangs up once it has seen that this is no TLS.
        let _ = std::io::Read::read_to_end(&mut stream, &mut Vec::new());
    });
    let mut call = get(&format!("https://{at}/x?k=canary"));
    call.method = Method::Post;
    call.secrets = vec![("X-API-Key".into(), Secret::new("canary-key".into()))];
    let failure = unreachable(end_of(call).await);
    assert!(!format!("{failure:?}").contains("canary"), "{failure:?}");
    server.join().unwrap();
}

#[tokio::test]
#[ignore = "run by bombs_and_floods_stay_small"]
async fn bombs_and_floods_stop_at_the_cap() {
    // Once through everything first: what a client needs anyway is no rise.
    let calm = Raw::serve(|_| Act::reply("200 OK", "", b"hello"));
    answered(end_of(get(&calm.url("/"))).await);
    // 1 GiB of zeros in about 1 MB.
    let mut bomb = raw::Gzip::new();
    bomb.zeros(1 << 30);
    let bomb = bomb.finish();
    let before = raw::peak_memory();
    let server = Raw::serve(move |_| Act::reply("200 OK", "Content-Encoding: gzip\r\n", &bomb));
    let failure = broken(end_of(get(&server.url("/"))).await);
    assert!(failure.why.contains("larger than 8 MiB"), "{failure:?}");
    let flood = Raw::serve(|_| Act::Flood { bytes: 200 << 20 });
    let failure = broken(end_of(get(&flood.url("/"))).await);
    assert!(failure.why.contains("larger than 8 MiB"), "{failure:?}");
    let rise = raw::peak_memory() - before;
    assert!(rise < 32 << 20, "memory rose by {} MiB", rise >> 20);
}

#[tokio::test]
async fn a_flood_of_headers_is_not_taken() {
    let headers = "X-A: b\r\n".repeat(1_000_000);
    let server = Raw::serve(move |_| Act::reply("200 OK", &headers, b"{}"));
    unanswered(end_of(get(&server.url("/"))).await);
}

#[tokio::test]
async fn redirects_stay_at_home_and_keys_with_them() {
    let elsewhere = Raw::serve(|_| Act::reply("200 OK", "", b"stolen"));
    let target = elsewhere.url("/take");
    let server = Raw::serve(move |request| match request.path() {
        "/away" => Act::reply("302 Found", &format!("Location: {target}\r\n"), b""),
        "/near" => Act::reply("302 Found", "Location: /here\r\n", b""),
        "/round" => Act::reply("302 Found", "Location: /round\r\n", b""),
        "/file" => Act::reply("302 Found", "Location: file:///etc/passwd\r\n", b""),
        _ => Act::reply("200 OK", "", b"here"),
    });
    let with_key = |path: &str, method: Method| {
        let mut call = get(&server.url(path));
        call.method = method;
        call.secrets = vec![("X-API-Key".into(), Secret::new("canary-key".into()))];
        call
    };
    let failure = broken(end_of(with_key("/away", Method::Get)).await);
    assert!(failure.why.contains("another origin"), "{failure:?}");
    assert_eq!(elsewhere.requests(), Vec::<String>::new());
    assert_eq!(answered(end_of(with_key("/near", Method::Get)).await).body, b"here");
    assert!(server.requests().last().unwrap().to_lowercase().contains("x-api-key: canary-key"));
    assert!(broken(end_of(with_key("/round", Method::Get)).await).why.contains("more than 5 times"));
    assert!(broken(end_of(with_key("/file", Method::Get)).await).why.contains("only http"));
    // A write is never sent on: whoever asked decides.
    assert_eq!(answered(end_of(with_key("/near", Method::Post)).await).status, 302);
}

#[tokio::test]
async fn addresses_are_checked_before_anything_is_sent() {
    for bad in ["file:///etc/passwd", "gopher://x/", "http://", "https://user:canary@host/", "nonsense"] {
        let why = Address::parse(bad).unwrap_err();
        assert!(!why.contains("canary"), "{why}");
    }
    let failure = unreachable(end_of(get("http://192.0.2.1/jobs?k=canary")).await);
    assert!(
        failure.class == Class::Config && failure.why.contains("plain http") && !failure.why.contains("canary"),
        "{failure:?}"
    );
    let foreign = |url: &str| {
        let mut call = get(url);
        call.reach = Reach::Foreign;
        call
    };
    for inside in [
        "https://127.0.0.1:1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://0177.0.0.1/",
        "https://localhost/",
        "https://x.localhost/",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[fc00::1]/",
        "https://[fe80::1]/",
        "http://example.org/",
    ] {
        unreachable(end_of(foreign(inside)).await);
    }
}

#[tokio::test]
async fn a_header_that_cannot_be_sent_is_not_shown() {
    let server = Raw::serve(|_| Act::reply("200 OK", "", b""));
    let mut call = get(&server.url("/"));
    call.secrets = vec![("X-API-Key".into(), Secret::new("canary\r\nX-Evil: 1".into()))];
    let failure = unreachable(end_of(call.clone()).await);
    assert!(!format!("{failure:?}{call:?}").contains("canary"), "{failure:?}");
    assert_eq!(server.requests(), Vec::<String>::new());
}

#[tokio::test]
async fn a_body_is_sent_with_its_type() {
    let server = Raw::serve(|_| Act::reply("201 Created", "", b"{}"));
    let mut call = get(&server.url("/"));
    call.method = Method::Post;
    call.body = Some(Body { mime: "application/json".into(), bytes: b"{\"a\":1}".to_vec() });
    assert_eq!(answered(end_of(call).await).status, 201);
    let seen = server.requests().remove(0).to_lowercase();
    assert!(seen.contains("content-type: application/json") && seen.ends_with("{\"a\":1}"), "{seen}");
}

#[tokio::test]
async fn streams_are_read_event_by_event_and_bounded() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
    let listen = |act: Act, limits: StreamLimits| async move {
        let server = Raw::serve(move |_| act.clone());
        let seen = std::sync::Mutex::new(Vec::new());
        let on = |event: juggler::net::Pushed| seen.lock().unwrap().push((event.kind, event.data));
        let end = http().events(get(&server.url("/stream")), limits, &on).await.end;
        (end, seen.into_inner().unwrap())
    };
    let mut ended = head.to_vec();
    // A byte order mark is allowed.
    ended.extend_from_slice(b"\xef\xbb\xbf: hi\n\nevent: job\nid: 7\ndata: {\"id\":\"1\"}\n\ndata: two\ndata: lines\n\n");
    let (end, seen) = listen(Act::Bytes(ended), StreamLimits::default()).await;
    answered(end);
    assert_eq!(seen, [("job".into(), "{\"id\":\"1\"}".into()), ("message".into(), "two\nlines".into())]);
    let idle = StreamLimits { idle: Duration::from_millis(100), ..StreamLimits::default() };
    let (end, _) = listen(Act::Hold(head.to_vec()), idle).await;
    assert!(unanswered(end).why.contains("silent"));
    let mut large = head.to_vec();
    large.extend_from_slice(b"data: ");
    large.extend(std::iter::repeat_n(b'x', 300 << 10));
    let (end, _) = listen(Act::Bytes(large), StreamLimits::default()).await;
    assert!(broken(end).why.contains("larger than 256 KiB"));
    let (end, _) = listen(Act::reply("200 OK", "Content-Type: text/html\r\n", b"<p>"), StreamLimits::default()).await;
    assert!(broken(end).why.contains("event-stream"));
    let (end, _) = listen(Act::reply("401 Unauthorized", "", b"{}"), StreamLimits::default()).await;
    assert_eq!(answered(end).status, 401);
}

fn key_file(content: &[u8], mode: u32) -> (tempfile::TempDir, std::path::PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("key");
    std::fs::File::create(&path).unwrap().write_all(content).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    (dir, path)
}

#[tokio::test]
async fn key_files_must_be_their_owners_alone() {
    let (_keep, good) = key_file(b"  canary-1 \nrest", 0o600);
    assert_eq!(resolve(&KeyFrom::File(good)).await.unwrap().unwrap().secret.expose(), "canary-1");
    for mode in [0o644, 0o640, 0o602] {
        let (_keep, open) = key_file(b"canary-2", mode);
        let failure = resolve(&KeyFrom::File(open.clone())).await.unwrap_err();
        assert_eq!(failure.hint, format!("chmod 600 {}", open.display()));
        assert!(failure.class == Class::SignIn && !format!("{failure:?}").contains("canary"), "{failure:?}");
    }
    for bad in [&b""[..], b"\n", b"\xff\xfe", b"canary-\x01x"] {
        let (_keep, path) = key_file(bad, 0o600);
        let failure = resolve(&KeyFrom::File(path)).await.unwrap_err();
        assert!(!format!("{failure:?}").contains("canary"), "{failure:?}");
    }
    let dir = tempfile::tempdir().unwrap();
    for odd in [dir.path().to_owned(), dir.path().join("missing")] {
        resolve(&KeyFrom::File(odd)).await.unwrap_err();
    }
}

#[tokio::test]
async fn keys_come_from_commands_variables_and_memory() {
    let command = |argv: &[&str]| KeyFrom::Command(argv.iter().map(|arg| (*arg).to_owned()).collect());
    let key = resolve(&command(&["printf", "%s\\n", "canary; $(id)"])).await.unwrap().unwrap();
    assert_eq!(key.secret.expose(), "canary; $(id)");
    for bad in
        [command(&[]), command(&["/nonexistent/program"]), command(&["sh", "-c", "echo canary; exit 3"]), command(&["true"])]
    {
        let failure = resolve(&bad).await.unwrap_err();
        assert!(!format!("{failure:?}").contains("canary"), "{failure:?}");
    }
    let home = resolve(&KeyFrom::Env("PATH".into())).await.unwrap().unwrap();
    assert!(home.warning.unwrap().contains("PATH"));
    assert!(resolve(&KeyFrom::Env("JUGGLER_NO_SUCH_VARIABLE".into())).await.is_err());
    assert!(resolve(&KeyFrom::None).await.unwrap().is_none());
    let given = resolve(&KeyFrom::Given(Secret::new("canary".into()))).await.unwrap().unwrap();
    assert!(!format!("{given:?}").contains("canary"));
}
