//! Links that the terminal can open (OSC 8), written over cells that already show their text.
//!
//! A frame of cells has no place for them: a pane draws the text in a style that nothing else has ([`Theme::link`]) and notes a
//! [`Link`]; after the frame the bytes of [`link_bytes`] write the same text once more at the same place, as a link. Since no other
//! text has the style, whatever is drawn there later is drawn whole, and no cell keeps a link that is not its own.
//!
//! [`Theme::link`]: crate::tui::theme::Theme::link

use ratatui::layout::Position;

use super::harmless;
use crate::net::Page;

/// A link on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Where its text begins.
    pub at: Position,
    /// The text that stands there, on one row.
    pub text: String,
    /// Where it leads.
    pub page: Page,
}

/// The links that stand on the terminal.
#[derive(Debug, Default)]
pub struct Links {
    written: Vec<Link>,
}

impl Links {
    /// What has to be written behind the frame that shows `links`; empty when they stand there already.
    pub fn behind_frame(&mut self, links: &[Link]) -> Vec<u8> {
        if self.written == links {
            return Vec::new();
        }
        self.written = links.to_vec();
        link_bytes(links)
    }

    /// The screen is drawn whole the next time: none stands there any more.
    pub fn forget(&mut self) {
        self.written.clear();
    }
}

/// Writes every link over its text; the cursor, its looks and its place are as before.
pub fn link_bytes(links: &[Link]) -> Vec<u8> {
    let mut out = Vec::new();
    for link in links {
        let (row, column) = (link.at.y.saturating_add(1), link.at.x.saturating_add(1));
        let text = harmless(&link.text, 4096);
        let url = link.page.url();
        out.extend_from_slice(
            format!("\x1b7\x1b[{row};{column}H\x1b[0;4m\x1b]8;;{url}\x1b\\{text}\x1b]8;;\x1b\\\x1b[0m\x1b8").as_bytes(),
        );
    }
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_written_over_its_text() {
        let page = Page::check("https://jobs.example.org/42").unwrap();
        let at = Position { x: 2, y: 6 };
        let link = Link { at, text: page.url().to_owned(), page };
        let mut links = Links::default();
        let sent = String::from_utf8(links.behind_frame(std::slice::from_ref(&link))).unwrap();
        let url = "https://jobs.example.org/42";
        assert_eq!(sent, format!("\x1b7\x1b[7;3H\x1b[0;4m\x1b]8;;{url}\x1b\\{url}\x1b]8;;\x1b\\\x1b[0m\x1b8"));
        // It stands there until something else does, or everything is drawn anew.
        assert!(links.behind_frame(std::slice::from_ref(&link)).is_empty());
        links.forget();
        assert_eq!(links.behind_frame(std::slice::from_ref(&link)), sent.as_bytes());
        assert!(links.behind_frame(&[]).is_empty() && !links.behind_frame(&[link]).is_empty());
    }
}
