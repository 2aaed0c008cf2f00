//! Words for the terminal itself: notifications, bell, title, clipboard, links. Pure: bytes come out, somebody else writes them.
//!
//! Over SSH these sequences are the only way to the machine the person sits at. What lies in between (tmux, screen) has to be asked
//! to pass them on, and nobody answers: so the words about them say "sent to the terminal", never "shown" or "copied".

mod clipboard;
mod far;
mod link;
mod notification;
mod title;
mod wrap;

pub use far::{Far, Protocol};
pub use link::{Link, Links, link_bytes};
pub use title::{POP as TITLE_POP, PUSH as TITLE_PUSH};
pub use wrap::Through;

/// Foreign text without anything a terminal might obey, on one line, at most `bytes` long.
///
/// It was scrubbed when it came in; one escape character that came through nevertheless would end the sequence and speak to the
/// terminal, so this is done again where the bytes are made.
fn harmless(text: &str, bytes: usize) -> String {
    let mut out = String::with_capacity(text.len().min(bytes));
    for c in text.chars() {
        let c = if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c };
        if out.len() + c.len_utf8() > bytes {
            break;
        }
        out.push(c);
    }
    out
}

/// Base64 with padding (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for part in bytes.chunks(3) {
        let byte = |n: usize| u32::from(part.get(n).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for n in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * n) & 63) as usize];
            out.push(if n <= part.len() { char::from(letter) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_the_one_of_the_rfc() {
        let cases = [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE=")];
        for (plain, coded) in cases {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
        assert_eq!(base64(&[0xfb, 0xff, 0xfe]), "+//+");
    }

    #[test]
    fn nothing_a_terminal_obeys_is_left() {
        let nasty = "a\u{1b}]52;c;x\u{7}b\nc\u{9b}31md\u{9c}e\u{7f}";
        assert_eq!(harmless(nasty, 100), "a ]52;c;x b c 31md e ");
        assert_eq!(harmless("ééé", 5), "éé");
    }
}
