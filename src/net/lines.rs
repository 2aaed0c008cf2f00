//! Lines out of pieces that are cut anywhere, in the middle of a character too.

use memchr::memchr2;

/// Collects pieces and gives lines away. A line ends with `\n`, `\r\n` or `\r`.
#[derive(Debug)]
pub struct Lines {
    begun: Vec<u8>,
    cap: usize,
    after_return: bool,
}

impl Lines {
    /// Lines of at most `cap` bytes.
    pub fn new(cap: usize) -> Lines {
        Lines { begun: Vec::new(), cap, after_return: false }
    }

    /// Takes a piece in and hands every line that it completes to `each`, without its end. Bytes that are no UTF-8 become `U+FFFD`.
    ///
    /// # Errors
    /// A line is longer than the cap.
    pub fn take(&mut self, mut piece: &[u8], mut each: impl FnMut(&str)) -> Result<(), usize> {
        while !piece.is_empty() {
            if std::mem::take(&mut self.after_return) && piece[0] == b'\n' {
                piece = &piece[1..];
                continue;
            }
            let end = memchr2(b'\n', b'\r', piece);
            let part = &piece[..end.unwrap_or(piece.len())];
            if self.begun.len() + part.len() > self.cap {
                return Err(self.cap);
            }
            let Some(end) = end else {
                self.begun.extend_from_slice(part);
                break;
            };
            if self.begun.is_empty() {
                each(&String::from_utf8_lossy(part));
            } else {
                self.begun.extend_from_slice(part);
                each(&String::from_utf8_lossy(&self.begun));
                self.begun.clear();
            }
            self.after_return = piece[end] == b'\r';
            piece = &piece[end + 1..];
        }
        Ok(())
    }

    /// The last line where it has no end.
    pub fn rest(&mut self) -> Option<String> {
        let rest = std::mem::take(&mut self.begun);
        (!rest.is_empty()).then(|| String::from_utf8_lossy(&rest).into_owned())
    }
}
