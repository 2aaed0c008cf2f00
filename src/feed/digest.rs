//! A fast hash that is the same in every run: what a listing said is compared by it, and it goes into the image.

/// Odd constants with about as many ones as zeros (the fraction of the golden ratio, and a prime).
const A: u64 = 0x9e37_79b9_7f4a_7c15;
const B: u64 = 0xd6e8_feb8_6659_fd93;

/// Takes numbers and texts in; the order counts. Not made to withstand an attacker who chooses both sides.
#[derive(Clone, Copy)]
pub(super) struct Digest(u64);

fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    (product as u64) ^ ((product >> 64) as u64)
}

impl Digest {
    pub(super) fn new(seed: u64) -> Digest {
        Digest(seed ^ A)
    }

    pub(super) fn number(&mut self, n: u64) {
        self.0 = fold(self.0 ^ n, B).wrapping_add(A);
    }

    pub(super) fn text(&mut self, text: &str) {
        let (words, rest) = text.as_bytes().as_chunks::<8>();
        for word in words {
            self.number(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        self.number(u64::from_le_bytes(last));
        // The length keeps "a" + "b" from being "ab" + "".
        self.number(text.len() as u64);
    }

    /// A number that may be missing.
    pub(super) fn maybe(&mut self, n: Option<u64>) {
        self.number(n.map_or(u64::MAX, |n| n ^ 1 << 63));
        self.number(u64::from(n.is_some()));
    }

    pub(super) fn end(self) -> u64 {
        fold(self.0, A)
    }
}

/// The digest of one text.
pub(super) fn of_text(seed: u64, text: &str) -> u64 {
    let mut digest = Digest::new(seed);
    digest.text(text);
    digest.end()
}

impl std::io::Write for Digest {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.number(u64::from_le_bytes(word));
        }
        self.number(bytes.len() as u64);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
