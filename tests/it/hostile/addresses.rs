//! Addresses that a platform's text names and that lead inside: none of them is asked.

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use juggler::config::{KeyFrom, Secret, SourceConfig};
use juggler::domain::{SourceName, Text};
use juggler::net::Limits;
use juggler::platforms::board::Patience;
use juggler::platforms::{Outcome, Platform, connect_with};

use crate::net::{Act, Raw};

/// A door inside: counts whoever knocks, by whatever family.
struct Door {
    port: u16,
    knocks: Arc<AtomicUsize>,
}

impl Door {
    fn open() -> Door {
        let first = TcpListener::bind("0.0.0.0:0").unwrap();
        let port = first.local_addr().unwrap().port();
        let knocks = Arc::new(AtomicUsize::new(0));
        let mut doors = vec![first];
        // A machine without IPv6 has one door less.
        doors.extend(TcpListener::bind(("::1", port)));
        for door in doors {
            let knocks = knocks.clone();
            std::thread::spawn(move || {
                for stream in door.incoming() {
                    knocks.fetch_add(1, Ordering::SeqCst);
                    drop(stream);
                }
            });
        }
        Door { port, knocks }
    }

    fn knocks(&self) -> usize {
        self.knocks.load(Ordering::SeqCst)
    }
}

/// Hosts that are this machine or this network, in every spelling.
const INSIDE: &[&str] = &[
    "127.0.0.1",
    "127.0.0.2",
    "127.1",
    "127.0.1",
    "127.255.255.254",
    "0",
    "0.0.0.0",
    "0.0.0.1",
    "2130706433",
    "017700000001",
    "0x7f000001",
    "0x7f.0.0.1",
    "0x7f.1",
    "0177.0.0.1",
    "0177.0.0.01",
    "127.0.0.1.",
    "127.0.0.0x1",
    "１２７.０.０.１",
    "127。0。0。1",
    "%31%32%37.0.0.1",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "a.localhost",
    "ip6-localhost",
    "ip6-loopback",
    "localhost.localdomain",
    "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[0:0:0:0:0:ffff:127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]",
    "[2001:0:7f00:1::]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[fe80::1]",
    "[fec0::1]",
    "[ff02::1]",
    "[100::1]",
    "[2001:db8::1]",
    "10.0.0.1",
    "10.255.255.255",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "192.168.1.254",
    "100.64.0.1",
    "169.254.169.254",
    "169.254.170.2",
    "2852039166",
    "0xa9fea9fe",
    "[::ffff:169.254.169.254]",
    "192.0.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
];

/// Addresses that are none, or of another kind.
const ODD: &[&str] = &[
    "file:///etc/passwd",
    "file://127.0.0.1/etc/passwd",
    "gopher://127.0.0.1:PORT/_x",
    "data:text/plain,owned",
    "ftp://127.0.0.1:PORT/x",
    "dict://127.0.0.1:PORT/x",
    "ldap://127.0.0.1:PORT/x",
    "jar:https://127.0.0.1:PORT!/x",
    "javascript:alert(1)",
    "//127.0.0.1:PORT/x",
    "\\\\127.0.0.1:PORT\\x",
    "https:127.0.0.1:PORT/x",
    "https:/127.0.0.1:PORT/x",
    "https://example.org@127.0.0.1:PORT/x",
    "https://user:word@127.0.0.1:PORT/x",
    "https://127.0.0.1:PORT#@example.org/",
    "https://127.0.0.1:PORT\\@example.org/",
    "https://example.org:PORT@127.0.0.1:PORT/",
    " https://127.0.0.1:PORT/x",
    "ht\ttps://127.0.0.1:PORT/x",
    "https://[::1]:PORT:80/",
    "unix:/run/docker.sock",
    "blob:https://127.0.0.1:PORT/x",
    "view-source:https://127.0.0.1:PORT/",
    "tel:127001",
    "",
    "?x",
    "%",
];

fn connected(base: &str, recipes: &std::path::Path) -> Arc<dyn Platform> {
    let limits = Limits { connect: Duration::from_secs(2), read: Duration::from_secs(2), total: Duration::from_secs(4) };
    let source = SourceConfig {
        base_url: Some(format!("{base}/v1")),
        key: KeyFrom::Given(Secret::new("canary-key".into())),
        ..SourceConfig::of(SourceName::new("demo"), "practice")
    };
    connect_with(&source, recipes, Patience { limits: Some(limits), stream_idle: None }).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_address_in_a_job_leads_inside() {
    let door = Door::open();
    let port = door.port.to_string();
    // The platform itself is on this machine, as the practice market is, and sends on to the door when it is asked to.
    let inside = door.port;
    let platform = Raw::serve(move |request| match request.path().rsplit_once("/hop/") {
        Some((_, to)) => {
            let to = match to {
                "plain" => format!("http://127.0.0.1:{inside}/x"),
                "secure" => format!("https://127.0.0.1:{inside}/x"),
                "name" => format!("http://localhost:{inside}/x"),
                "mapped" => format!("http://[::ffff:127.0.0.1]:{inside}/x"),
                "services" => "http://169.254.169.254/latest".to_owned(),
                "file" => "file:///etc/passwd".to_owned(),
                _ => "/v1/hop/plain".to_owned(),
            };
            Act::reply("302 Found", &format!("Location: {to}\r\n"), b"")
        }
        None => Act::reply("200 OK", "Content-Type: text/plain\r\n", b"the attachment"),
    });
    let board = connected(&platform.url(""), std::path::Path::new("/nonexistent"));
    let now = chrono::Utc::now();
    // What the platform itself keeps is fetched, or there would be no practice market.
    for own in ["/v1/a.txt".to_owned(), platform.url("/v1/a.txt")] {
        let fetched = board.attachment(&Text::title(&own), now).await.outcome;
        assert!(matches!(&fetched, Outcome::Done(file) if file.bytes == b"the attachment"), "{fetched:?}");
    }
    let hosts = INSIDE.iter().flat_map(|host| [format!("https://{host}:{port}/x"), format!("http://{host}:{port}/x")]);
    let odd = ODD.iter().map(|odd| odd.replace("PORT", &port));
    let hops = ["plain", "secure", "name", "mapped", "services", "file", "twice"].map(|hop| format!("/v1/hop/{hop}"));
    let all: Vec<String> = hosts.chain(odd).chain(hops).collect();
    assert!(all.len() >= 60);
    let mut stayed = 0;
    for address in &all {
        let begin = std::time::Instant::now();
        let outcome = board.attachment(&Text::title(address), now).await.outcome;
        assert_eq!(door.knocks(), 0, "{address} leads inside");
        // What is no address of its own stays with the platform, which answers; nobody else did.
        assert!(!matches!(&outcome, Outcome::Done(file) if file.bytes != b"the attachment"), "{address}: {outcome:?}");
        stayed += usize::from(matches!(outcome, Outcome::Done(_)));
        assert!(begin.elapsed() < Duration::from_secs(5), "{address}");
        assert!(!format!("{outcome:?}").contains("canary"), "{address}");
    }
    assert!(stayed <= 6, "{stayed} addresses were taken for the platform's own");
    eprintln!("{} addresses, {} knocks, {stayed} were the platform's own", all.len(), door.knocks());
}
