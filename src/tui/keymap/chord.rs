//! One key with its modifiers, as written in configuration files and hints: `x`, `G`, `ctrl-r`, `space`, `f1`.

use std::fmt;
use std::str::FromStr;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A key press, freed of the differences between terminals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Chord {
    /// The key; letters carry shift in themselves.
    pub code: KeyCode,
    /// Control, alt; shift only where the key is no character.
    pub mods: KeyModifiers,
}

const NAMED: [(&str, KeyCode); 16] = [
    ("enter", KeyCode::Enter),
    ("esc", KeyCode::Esc),
    ("tab", KeyCode::Tab),
    ("shift-tab", KeyCode::BackTab),
    ("space", KeyCode::Char(' ')),
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
    ("pgup", KeyCode::PageUp),
    ("pgdn", KeyCode::PageDown),
    ("backspace", KeyCode::Backspace),
    ("del", KeyCode::Delete),
    ("ins", KeyCode::Insert),
];

impl Ord for Chord {
    /// By modifiers, then letters before named keys, then by name: the order of hints.
    fn cmp(&self, other: &Chord) -> std::cmp::Ordering {
        let rank = |chord: &Chord| (chord.mods.bits(), !chord.types(), chord.to_string());
        rank(self).cmp(&rank(other))
    }
}

impl PartialOrd for Chord {
    fn partial_cmp(&self, other: &Chord) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Chord {
    /// A key without modifiers.
    pub fn plain(code: KeyCode) -> Chord {
        Chord { code, mods: KeyModifiers::NONE }
    }

    /// What a terminal reported.
    pub fn of(key: KeyEvent) -> Chord {
        let mut mods = key.modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT);
        let code = match key.code {
            KeyCode::Char(c) => {
                let shifted = mods.contains(KeyModifiers::SHIFT);
                mods.remove(KeyModifiers::SHIFT);
                if mods.contains(KeyModifiers::CONTROL) {
                    KeyCode::Char(c.to_ascii_lowercase())
                } else if shifted && c.is_ascii_lowercase() {
                    KeyCode::Char(c.to_ascii_uppercase())
                } else {
                    KeyCode::Char(c)
                }
            }
            KeyCode::Tab if mods.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
            code => code,
        };
        if code == KeyCode::BackTab {
            mods.remove(KeyModifiers::SHIFT);
        }
        Chord { code, mods }
    }

    /// The key event a terminal would report.
    pub fn event(self) -> KeyEvent {
        KeyEvent::new(self.code, self.mods)
    }

    /// Would type a character in a text.
    pub fn types(self) -> bool {
        matches!(self.code, KeyCode::Char(_)) && self.mods.is_empty()
    }

    /// Reads a sequence of chords, parted by blanks: `g g`, `z h`.
    pub fn sequence(text: &str) -> Result<Vec<Chord>, String> {
        let chords: Vec<Chord> = text.split_whitespace().map(Chord::from_str).collect::<Result<_, _>>()?;
        if chords.is_empty() { Err("no key is named".to_owned()) } else { Ok(chords) }
    }
}

impl FromStr for Chord {
    type Err = String;

    fn from_str(text: &str) -> Result<Chord, String> {
        let unknown = || format!("\"{text}\" is not a key; write one such as x, G, space, enter, pgdn, f1, ctrl-r or alt-x");
        let mut rest = text;
        let mut mods = KeyModifiers::NONE;
        if let Some((_, code)) = NAMED.iter().find(|(name, _)| *name == rest) {
            return Ok(Chord::plain(*code));
        }
        loop {
            let (modifier, tail) = match rest.split_once('-') {
                Some(("ctrl", tail)) if !tail.is_empty() => (KeyModifiers::CONTROL, tail),
                Some(("alt", tail)) if !tail.is_empty() => (KeyModifiers::ALT, tail),
                Some(("shift", tail)) if !tail.is_empty() => (KeyModifiers::SHIFT, tail),
                _ => break,
            };
            mods |= modifier;
            rest = tail;
        }
        let mut letters = rest.chars();
        let code = match (letters.next(), letters.next()) {
            (Some(c), None) => KeyCode::Char(c),
            _ => match rest.strip_prefix('f').and_then(|n| n.parse::<u8>().ok()).filter(|n| (1..=24).contains(n)) {
                Some(n) => KeyCode::F(n),
                None => NAMED.iter().find(|(name, _)| *name == rest).map(|(_, code)| *code).ok_or_else(unknown)?,
            },
        };
        Ok(Chord::of(KeyEvent::new(code, mods)))
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (modifier, name) in [(KeyModifiers::CONTROL, "ctrl-"), (KeyModifiers::ALT, "alt-"), (KeyModifiers::SHIFT, "shift-")] {
            if self.mods.contains(modifier) {
                f.write_str(name)?;
            }
        }
        match self.code {
            code if NAMED.iter().any(|(_, c)| *c == code) => {
                f.write_str(NAMED.iter().find(|(_, c)| *c == code).map_or("", |(name, _)| name))
            }
            KeyCode::Char(c) => write!(f, "{c}"),
            KeyCode::F(n) => write!(f, "f{n}"),
            _ => f.write_str("?"),
        }
    }
}

/// A sequence as hints show it.
pub fn words(sequence: &[Chord]) -> String {
    let parts: Vec<String> = sequence.iter().map(ToString::to_string).collect();
    // `gg` and `zh` read better without a blank; named keys need one.
    if parts.iter().all(|p| p.chars().count() == 1) { parts.concat() } else { parts.join(" ") }
}
