//! The clipboard of the machine the person sits at (OSC 52).

use super::{Far, Through, base64};
use crate::error::{Class, Failure, Result};

/// Most bytes of text: terminals take about so much, and more would hold a slow line up for seconds.
pub const CAP: usize = 100_000;

impl Far {
    /// The bytes that hand `text` to the terminal's clipboard, and what can honestly be said about it.
    ///
    /// # Errors
    /// The terminal has none, or the text is too long: nothing is sent then.
    pub fn clipboard(&self, text: &str) -> Result<(Vec<u8>, String)> {
        let refused =
            |why: String, hint: &str| Failure::new(Class::Refused, "nothing was sent to the clipboard").why(why).hint(hint);
        if !self.clipboard {
            return Err(refused("this terminal has none".to_owned(), "juggler show and juggler draft print to a file or a pipe"));
        }
        if text.len() > CAP {
            let size = text.len().div_ceil(1000);
            let why = format!("the text has {size} kB, and terminals take {} kB at most", CAP / 1000);
            return Err(refused(why, "juggler show and juggler draft print all of it to a file or a pipe"));
        }
        let plain = format!("\x1b]52;c;{}{}", base64(text.as_bytes()), self.through.end()).into_bytes();
        let words = format!("sent to the terminal's clipboard{}", self.through.words());
        Ok(match self.through {
            Through::Direct => (plain, words),
            // tmux takes the plain one where set-clipboard is on, and passes the wrapped one on where allow-passthrough is.
            Through::Tmux => {
                let wrapped = self.through.wrap(&plain);
                ([plain, wrapped].concat(), words)
            }
            Through::Screen => (self.through.wrap(&plain), words),
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn far(through: Through) -> Far {
        Far { through, clipboard: true, ..Far::default() }
    }

    fn sent(through: Through, text: &str) -> String {
        String::from_utf8(far(through).clipboard(text).unwrap().0).unwrap()
    }

    #[test]
    fn it_reaches_the_terminal_whatever_lies_between() {
        assert_eq!(sent(Through::Direct, "héllo"), "\x1b]52;c;aMOpbGxv\x1b\\");
        assert_eq!(sent(Through::Tmux, "a"), "\x1b]52;c;YQ==\x1b\\\x1bPtmux;\x1b\x1b]52;c;YQ==\x1b\x1b\\\x1b\\");
        assert_eq!(sent(Through::Screen, "a"), "\x1bP\x1b]52;c;YQ==\x07\x1b\\");
        // screen is given pieces that it takes, and they make the whole again.
        let long = "x".repeat(1000);
        let sent = sent(Through::Screen, &long);
        let pieces: Vec<&str> =
            sent.split("\x1b\\").filter(|piece| !piece.is_empty()).map(|p| p.strip_prefix("\x1bP").unwrap()).collect();
        assert!(pieces.len() > 4 && pieces.iter().all(|piece| piece.len() <= 240));
        assert_eq!(pieces.concat(), format!("\x1b]52;c;{}\x07", base64(long.as_bytes())));
    }

    #[test]
    fn what_is_too_long_is_not_sent_and_said_so() {
        assert!(far(Through::Direct).clipboard(&"x".repeat(CAP)).is_ok());
        let failure = far(Through::Direct).clipboard(&"x".repeat(CAP + 1)).unwrap_err();
        assert_eq!(failure.why, "the text has 101 kB, and terminals take 100 kB at most");
        assert!(Far::default().clipboard("x").unwrap_err().why.contains("has none"));
    }
}
