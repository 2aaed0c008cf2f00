//! What a program says, up to a limit.

use tokio::io::{AsyncRead, AsyncReadExt};
use zeroize::{Zeroize, Zeroizing};

/// The beginning of what a stream said, and whether there was more.
#[derive(Default)]
pub(super) struct Heard {
    pub bytes: Zeroizing<Vec<u8>>,
    pub more: bool,
}

/// Reads a stream to its end and keeps `most` bytes: the program never waits for us.
pub(super) async fn read(stream: Option<impl AsyncRead + Unpin>, most: usize) -> Heard {
    let mut heard = Heard::default();
    let Some(mut stream) = stream else { return heard };
    let mut piece = Zeroizing::new([0; 4096]);
    while let Ok(n @ 1..) = stream.read(&mut *piece).await {
        let room = most - heard.bytes.len();
        heard.more |= n > room;
        heard.keep(&piece[..n.min(room)]);
    }
    heard
}

impl Heard {
    /// A vector that grows leaves its old self behind; here it may have held a key.
    fn keep(&mut self, piece: &[u8]) {
        if self.bytes.len() + piece.len() > self.bytes.capacity() {
            let mut larger = Vec::with_capacity((self.bytes.len() + piece.len()).next_power_of_two());
            larger.extend_from_slice(&self.bytes);
            let mut old = std::mem::replace(&mut *self.bytes, larger);
            old.zeroize();
        }
        self.bytes.extend_from_slice(piece);
    }
}
