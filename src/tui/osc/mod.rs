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

/// As RFC 4648 has it.
fn base64(bytes: &[u8]) -> String {
    use ::base64::Engine;
    ::base64::engine::general_purpose::STANDARD.encode(bytes)
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
