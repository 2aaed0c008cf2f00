//! Foreign words that are kept as they came: in printable ASCII, capped, so that a journal line stays greppable and harmless.

use crate::domain::Text;

/// Most bytes kept of one record.
pub const CAP: usize = 64 << 10;

/// `text` with everything that is not printable ASCII as `\uXXXX`: JSON stays JSON.
pub fn printable(text: &str) -> Text {
    let mut out = String::new();
    for c in text.chars() {
        if out.len() >= CAP {
            out.push_str(" [cut]");
            break;
        }
        if matches!(c, ' '..='~') {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    Text::own(&out)
}
