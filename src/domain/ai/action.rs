//! What an assistant can be asked to do with a draft.

use serde::{Deserialize, Serialize};

/// Characters of one's own that count as having written first.
const FIRST: u64 = 40;

/// One of the things on the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Write the deliverable from the brief.
    Draft,
    /// Several drafts side by side, in an order that does not tell who wrote them.
    Alternatives,
    /// Go on where the draft ends.
    Continue,
    /// Rewrite a part by instruction.
    Rewrite,
    /// Mend what the checks find.
    Pass,
    /// Say it shorter.
    Shorten,
    /// Say it at more length.
    Lengthen,
    /// Say it in another tone.
    Tone,
    /// Say it in another language.
    Translate,
    /// Judge the draft against the brief; nothing of it is for the draft.
    Critique,
    /// Paint a picture. Asked of painters, so it is not on the menu of words.
    Paint,
    /// Work on a picture that is there. Asked of painters.
    Retouch,
}

/// What becomes of the words that come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    /// They are the work, or the next part of it.
    Writes,
    /// They take the place of words that are there.
    Reworks,
    /// They are for the person to read.
    Reads,
}

impl Action {
    /// All that is asked with words, in the order of the menu.
    pub const ALL: [Action; 10] = [
        Action::Draft,
        Action::Alternatives,
        Action::Continue,
        Action::Rewrite,
        Action::Pass,
        Action::Shorten,
        Action::Lengthen,
        Action::Tone,
        Action::Translate,
        Action::Critique,
    ];

    /// Its word in commands and files: the one of its serialised form.
    pub fn word(self) -> &'static str {
        match self {
            Action::Draft => "draft",
            Action::Alternatives => "alternatives",
            Action::Continue => "continue",
            Action::Rewrite => "rewrite",
            Action::Pass => "pass",
            Action::Shorten => "shorten",
            Action::Lengthen => "lengthen",
            Action::Tone => "tone",
            Action::Translate => "translate",
            Action::Critique => "critique",
            Action::Paint => "paint",
            Action::Retouch => "retouch",
        }
    }

    /// What it does, for a menu.
    pub fn label(self) -> &'static str {
        match self {
            Action::Draft => "draft it from the brief",
            Action::Alternatives => "several drafts side by side",
            Action::Continue => "go on where it ends",
            Action::Rewrite => "rewrite by instruction",
            Action::Pass => "make the failing checks pass",
            Action::Shorten => "shorten",
            Action::Lengthen => "lengthen",
            Action::Tone => "change the tone",
            Action::Translate => "translate",
            Action::Critique => "judge it against the brief",
            Action::Paint => "paint a picture",
            Action::Retouch => "work on a picture",
        }
    }

    /// Its key on the menu.
    pub fn key(self) -> char {
        match self {
            Action::Draft => 'd',
            Action::Alternatives => 'a',
            Action::Continue => 'c',
            Action::Rewrite => 'r',
            Action::Pass => 'p',
            Action::Shorten => 's',
            Action::Lengthen => 'l',
            Action::Tone => 't',
            Action::Translate => 'x',
            Action::Critique => 'j',
            Action::Paint | Action::Retouch => 'i',
        }
    }

    /// It is asked of painters.
    pub fn is_painted(self) -> bool {
        matches!(self, Action::Paint | Action::Retouch)
    }

    /// What becomes of its words.
    pub fn nature(self) -> Nature {
        match self {
            Action::Draft | Action::Alternatives | Action::Continue | Action::Paint => Nature::Writes,
            Action::Critique => Nature::Reads,
            _ => Nature::Reworks,
        }
    }

    /// Why it has to wait where the person wants to write first; `own`: characters of the draft that are theirs.
    pub fn waits(self, own: u64) -> Option<&'static str> {
        (self.nature() == Nature::Writes && own < FIRST)
            .then_some("you want to write first: put down a thought of your own, then ask")
    }

    /// It needs words to work on.
    pub fn needs_text(self) -> bool {
        !matches!(self, Action::Draft | Action::Alternatives | Action::Paint | Action::Retouch)
    }

    /// What it has to be told by the person, as a question; `None` when nothing.
    pub fn question(self) -> Option<&'static str> {
        match self {
            Action::Rewrite => Some("rewrite it how?"),
            Action::Tone => Some("in which tone?"),
            Action::Translate => Some("into which language?"),
            _ => None,
        }
    }

    /// What it may be told.
    pub fn hint(self) -> &'static str {
        match self {
            Action::Rewrite => "say what to change: plainer, no jargon, as a question",
            Action::Tone => "playful, dry, warm, formal",
            Action::Translate => "German, or de",
            Action::Shorten | Action::Lengthen => "a limit: 60 characters each, 120 words; nothing: the job's own",
            _ => "anything to keep in mind, or nothing",
        }
    }

    /// The action of a word.
    pub fn of(word: &str) -> Option<Action> {
        Action::ALL.into_iter().find(|action| action.word() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_keys_are_each_ones_own() {
        for action in Action::ALL {
            assert_eq!(Action::of(action.word()), Some(action));
            assert_eq!(serde_json::to_value(action).unwrap_or_default(), action.word());
            assert_eq!(Action::ALL.iter().filter(|other| other.key() == action.key()).count(), 1, "{action:?}");
        }
        assert_eq!(Action::of("submit"), None);
    }
}
