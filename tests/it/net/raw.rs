//! A server of raw bytes: for everything a proper server library would not do.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What the server does with one request.
#[derive(Clone, Debug)]
pub enum Act {
    /// These bytes, then an orderly end.
    Bytes(Vec<u8>),
    /// The request is read, then the connection is torn down.
    Reset,
    /// These bytes, then silence while the client cares to wait.
    Hold(Vec<u8>),
    /// The head, then one byte at a time.
    Drip { head: Vec<u8>, every: Duration },
    /// So many bytes of a proper answer.
    Flood { bytes: usize },
}

impl Act {
    pub fn bytes(bytes: &[u8]) -> Act {
        Act::Bytes(bytes.to_vec())
    }

    /// A whole answer with its length.
    pub fn reply(status: &str, headers: &str, body: &[u8]) -> Act {
        let mut bytes =
            format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len()).into_bytes();
        bytes.extend_from_slice(body);
        Act::Bytes(bytes)
    }

    pub fn json(status: &str, body: &serde_json::Value) -> Act {
        Act::reply(status, "Content-Type: application/json\r\n", body.to_string().as_bytes())
    }
}

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Request(pub String);

impl Request {
    /// The JSON that came with it.
    pub fn body(&self) -> serde_json::Value {
        self.0.split_once("\r\n\r\n").and_then(|(_, body)| serde_json::from_str(body).ok()).unwrap_or_default()
    }

    pub fn path(&self) -> &str {
        self.0.split_whitespace().nth(1).unwrap_or_default()
    }
}

pub struct Raw {
    at: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Raw {
    /// Serves until the test ends; each connection is one request.
    pub fn serve(act: impl Fn(&Request) -> Act + Send + Sync + 'static) -> Raw {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let at = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (keep, act) = (seen.clone(), Arc::new(act));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(stream) = stream else { break };
                let (keep, act) = (keep.clone(), act.clone());
                std::thread::spawn(move || one(stream, &keep, &*act));
            }
        });
        Raw { at, seen }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.at)
    }

    pub fn requests(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

fn one(mut stream: TcpStream, seen: &Mutex<Vec<String>>, act: &dyn Fn(&Request) -> Act) {
    let Some(request) = read_request(&mut stream) else { return };
    seen.lock().unwrap().push(request.0.clone());
    // The client may be gone at any write: that is what many tests are about.
    match act(&request) {
        Act::Bytes(bytes) => {
            let _ = stream.write_all(&bytes);
        }
        Act::Reset => {}
        Act::Hold(bytes) => {
            let _ = stream.write_all(&bytes);
            let _ = stream.read(&mut [0; 1]);
        }
        Act::Drip { head, every } => {
            let _ = stream.write_all(&head);
            while stream.write_all(b".").is_ok() {
                std::thread::sleep(every);
            }
        }
        Act::Flood { bytes } => {
            let head = format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {bytes}\r\n\r\n");
            let piece = vec![b' '; 1 << 16];
            let _ = stream.write_all(head.as_bytes());
            for _ in 0..bytes >> 16 {
                if stream.write_all(&piece).is_err() {
                    break;
                }
            }
        }
    }
}

pub fn read_request(stream: &mut TcpStream) -> Option<Request> {
    let mut all = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&all).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.to_lowercase().strip_prefix("content-length:").map(str::trim).map(str::to_owned));
            if body.len() >= length.and_then(|length| length.parse().ok()).unwrap_or(0) {
                return Some(Request(text));
            }
        }
        match stream.read(&mut piece) {
            Ok(0) | Err(_) => return None,
            Ok(n) => all.extend_from_slice(&piece[..n]),
        }
    }
}

/// Writes gzip whose deflate blocks repeat one zero byte: 258 bytes of output in two bits.
pub struct Gzip {
    out: Vec<u8>,
    bits: u32,
    used: u32,
    zeros: u64,
}

impl Gzip {
    pub fn new() -> Gzip {
        Gzip { out: vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255], bits: 0, used: 0, zeros: 0 }
    }

    fn put(&mut self, value: u32, count: u32) {
        for bit in 0..count {
            self.bits |= (value >> bit & 1) << self.used;
            self.used += 1;
            if self.used == 8 {
                self.out.push(self.bits as u8);
                (self.bits, self.used) = (0, 0);
            }
        }
    }

    /// Huffman codes go in with their highest bit first.
    fn code(&mut self, value: u32, count: u32) {
        for bit in (0..count).rev() {
            self.put(value >> bit & 1, 1);
        }
    }

    /// One block of fixed codes: a literal zero, then copies of 258 from distance 1.
    pub fn zeros(&mut self, count: u64) {
        self.put(1, 1);
        self.put(1, 2);
        self.code(0x30, 8);
        for _ in 0..count / 258 {
            self.code(0b1100_0101, 8);
            self.code(0, 5);
        }
        self.code(0, 7);
        self.zeros = 1 + count / 258 * 258;
    }

    /// Without a right checksum: nobody gets that far.
    pub fn finish(mut self) -> Vec<u8> {
        if self.used > 0 {
            self.put(0, 8 - self.used);
        }
        self.out.extend_from_slice(&[0; 4]);
        let size = self.zeros as u32;
        self.out.extend_from_slice(&size.to_le_bytes());
        self.out
    }
}

/// The most memory this process ever held, in bytes.
pub fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0) << 10
}
