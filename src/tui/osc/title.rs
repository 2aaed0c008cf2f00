//! The terminal's title: how many alerts nobody has looked at.

use super::{Far, harmless};

/// Keeps the title that was there (XTWINOPS 22); what does not know it drops it.
pub const PUSH: &str = "\x1b[22;0t";
/// Puts it back (XTWINOPS 23).
pub const POP: &str = "\x1b[23;0t";

impl Far {
    /// The bytes for a title with `unread` alerts; empty where the title is not ours to write.
    pub fn title(&self, unread: usize) -> Vec<u8> {
        if !self.title {
            return Vec::new();
        }
        let words = if unread == 0 { "juggler".to_owned() } else { format!("({unread}) juggler") };
        // tmux takes it as the pane's title and shows it as its own settings say: no wrapping.
        format!("\x1b]2;{}{}", harmless(&words, 64), self.through.end()).into_bytes()
    }
}
