//! From bindings to a lookup, with every mistake found at start and told in a sentence.

use std::collections::BTreeMap;

use super::chord::words;
use super::default::DEFAULT;
use super::{Chord, Layer, Stack};
use crate::config::Config;
use crate::config::section::command::OwnPlace;
use crate::error::{Class, Failure, Result};
use crate::tui::command::Command;

/// What the keys so far mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// A command.
    Command(Command),
    /// The beginning of longer sequences.
    Prefix,
    /// Nothing.
    Nothing,
}

/// The compiled bindings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keymap {
    layers: BTreeMap<Layer, BTreeMap<Vec<Chord>, Command>>,
    /// The best key of each command in each layer, since every frame names a dozen of them.
    best: BTreeMap<(Layer, Command), String>,
    /// The person's own commands: name and what they do.
    own: Vec<(String, String)>,
}

fn wrong(what: String, hint: &str) -> Failure {
    Failure::new(Class::Config, what).hint(hint)
}

impl Keymap {
    /// The built-in bindings with the person's changes: layer, keys, command id (empty: unbound).
    ///
    /// Refuses unknown layers, keys and ids, a sequence that is the beginning of another one in the same place, the same keys
    /// bound twice by the person, and keys of the typing layer that would type a character.
    pub fn compile(changes: &[(String, String, String)]) -> Result<Keymap> {
        let mut map = Keymap { layers: BTreeMap::new(), best: BTreeMap::new(), own: Vec::new() };
        for (layer, keys, command) in DEFAULT {
            let sequence = Chord::sequence(keys).map_err(|what| wrong(what, "report this as a bug"))?;
            if let Some(other) = map.layers.entry(*layer).or_default().insert(sequence, *command) {
                let what = format!("{keys} is bound to both {} and {} in {}", other.id(), command.id(), layer.name());
                return Err(wrong(what, "report this as a bug"));
            }
        }
        let mut set: BTreeMap<(Layer, Vec<Chord>), String> = BTreeMap::new();
        for (layer_name, keys, id) in changes {
            let layer = Layer::by_name(layer_name).ok_or_else(|| {
                let names: Vec<&str> = Layer::ALL.iter().map(|l| l.name()).collect();
                wrong(format!("keys.{layer_name} is no layer of keys"), &format!("write one of {}", names.join(", ")))
            })?;
            let sequence = Chord::sequence(keys)
                .map_err(|what| wrong(format!("keys.{layer_name}: {what}"), "correct the key in the configuration"))?;
            if let Some(before) = set.insert((layer, sequence.clone()), id.clone())
                // A key that was freed may be bound anew.
                && !before.is_empty()
                && before != *id
            {
                let what = format!("keys.{layer_name} binds {keys} to both {before} and {id}");
                return Err(wrong(what, "keep one of the two lines"));
            }
            let bindings = map.layers.entry(layer).or_default();
            if id.is_empty() {
                bindings.remove(&sequence);
                continue;
            }
            let command = Command::by_id(id).ok_or_else(|| {
                let near = nearest(id);
                wrong(
                    format!("keys.{layer_name}.{keys}: there is no command {id}"),
                    &format!("did you mean {near}? `?` lists all"),
                )
            })?;
            bindings.insert(sequence, command);
        }
        map.check()?;
        map.best = Layer::ALL
            .into_iter()
            .flat_map(|layer| map.listed(layer).into_iter().map(move |(command, keys)| ((layer, command), keys)))
            .filter_map(|(at, keys)| Some((at, keys.into_iter().next()?)))
            .collect();
        Ok(map)
    }

    /// The bindings of a configuration, those of the person's own commands among them.
    ///
    /// Refuses what [`Keymap::compile`] refuses, and a command of the person's whose key means something else where it counts.
    pub fn of(config: &Config) -> Result<Keymap> {
        let without = Keymap::compile(&config.keys)?;
        let mut changes = config.keys.clone();
        for (own, command) in config.commands.iter().zip(Command::OWN) {
            let Some(key) = &own.key else { continue };
            let place = format!("the command {}", own.name);
            let sequence =
                Chord::sequence(key).map_err(|what| wrong(format!("{place}: {what}"), "correct its key in the configuration"))?;
            for at in &own.at {
                let stack = match at {
                    OwnPlace::Feed => Stack::Feed,
                    OwnPlace::Brief => Stack::Brief,
                    OwnPlace::Hand => Stack::Hand,
                };
                let taken = match without.find(stack, &sequence) {
                    Found::Command(other) => format!("is {} in the {} already", other.id(), at.word()),
                    Found::Prefix => format!("begins other keys in the {}", at.word()),
                    Found::Nothing => {
                        changes.push((at.word().to_owned(), key.clone(), command.id().to_owned()));
                        continue;
                    }
                };
                let hint = format!("give it another key, or free this one: [keys.{}] \"{key}\" = \"\"", at.word());
                return Err(wrong(format!("{place} wants {key}, which {taken}"), &hint));
            }
        }
        let mut map = Keymap::compile(&changes)?;
        map.own = config.commands.iter().map(|own| (own.name.clone(), format!("Your own: {}", own.argv.join(" ")))).collect();
        Ok(map)
    }

    /// Whether the command is there: places of the person's own may be empty.
    pub fn offers(&self, command: Command) -> bool {
        command.own().is_none_or(|n| n < self.own.len())
    }

    /// A few words for lists, the person's own where it is theirs.
    pub fn title(&self, command: Command) -> &str {
        command.own().and_then(|n| self.own.get(n)).map_or(command.title(), |(name, _)| name)
    }

    /// One sentence.
    pub fn help(&self, command: Command) -> &str {
        command.own().and_then(|n| self.own.get(n)).map_or(command.help(), |(_, help)| help)
    }

    fn check(&self) -> Result<()> {
        for layer in [Layer::Typing, Layer::Prompt] {
            for sequence in self.bindings(layer).map(|(sequence, _)| sequence) {
                if sequence.first().is_some_and(|chord| chord.types()) {
                    let what = format!("keys.{} binds {}, which types a character", layer.name(), words(sequence));
                    return Err(wrong(what, "use a key with ctrl or alt, or a function key"));
                }
            }
        }
        for stack in Stack::ALL {
            let all: Vec<(Layer, &Vec<Chord>, Command)> = stack
                .layers()
                .iter()
                .flat_map(|layer| self.bindings(*layer).map(move |(sequence, command)| (*layer, sequence, command)))
                .collect();
            for (layer, short, command) in &all {
                let longer = all.iter().find(|(_, long, _)| long.len() > short.len() && long.starts_with(short));
                if let Some((other, long, blocked)) = longer {
                    let what = format!(
                        "{} ({} in {}) is the beginning of {} ({} in {})",
                        words(short),
                        command.id(),
                        layer.name(),
                        words(long),
                        blocked.id(),
                        other.name()
                    );
                    return Err(wrong(what, "bind one of them to other keys, or unbind it with an empty id"));
                }
            }
        }
        Ok(())
    }

    fn bindings(&self, layer: Layer) -> impl Iterator<Item = (&Vec<Chord>, Command)> {
        self.layers.get(&layer).into_iter().flat_map(|map| map.iter().map(|(sequence, command)| (sequence, *command)))
    }

    /// What `keys` mean where `stack` counts.
    pub fn find(&self, stack: Stack, keys: &[Chord]) -> Found {
        let mut prefix = false;
        for layer in stack.layers() {
            let Some(map) = self.layers.get(layer) else { continue };
            if let Some(command) = map.get(keys) {
                return Found::Command(*command);
            }
            prefix |= map.keys().any(|sequence| sequence.len() > keys.len() && sequence.starts_with(keys));
        }
        if prefix { Found::Prefix } else { Found::Nothing }
    }

    /// What can follow `prefix`: the next chord and its command, or `None` for a longer way.
    pub fn continuations(&self, stack: Stack, prefix: &[Chord]) -> Vec<(Chord, Option<Command>)> {
        let mut found: BTreeMap<Chord, Option<Command>> = BTreeMap::new();
        for layer in stack.layers() {
            for (sequence, command) in self.bindings(*layer) {
                if sequence.len() > prefix.len() && sequence.starts_with(prefix) {
                    let whole = sequence.len() == prefix.len() + 1;
                    found.entry(sequence[prefix.len()]).or_insert(whole.then_some(command));
                }
            }
        }
        found.into_iter().collect()
    }

    /// The keys of `command` in a layer, shortest first, in words.
    pub fn keys(&self, layer: Layer, command: Command) -> Vec<String> {
        let mut found: Vec<&Vec<Chord>> =
            self.bindings(layer).filter(|(_, bound)| *bound == command).map(|(sequence, _)| sequence).collect();
        // A letter is easier to press than a named key (but types in text fields), and a key easier than a sequence.
        let letters = !matches!(layer, Layer::Dialog | Layer::Prompt);
        found.sort_by_key(|sequence| (sequence.len(), sequence.iter().all(|c| c.types()) != letters, words(sequence).len()));
        found.into_iter().map(|sequence| words(sequence)).collect()
    }

    /// The best key for `command` where `stack` counts, for hints; empty when there is none.
    pub fn hint(&self, stack: Stack, command: Command) -> String {
        stack.layers().iter().find_map(|layer| self.best.get(&(*layer, command))).cloned().unwrap_or_default()
    }

    /// The best key for `command` anywhere.
    pub fn anywhere(&self, command: Command) -> String {
        let order =
            [Layer::Global, Layer::Feed, Layer::Hand, Layer::Typing, Layer::Earnings, Layer::Brief, Layer::Dialog, Layer::Prompt];
        order.iter().find_map(|layer| self.best.get(&(*layer, command))).cloned().unwrap_or_default()
    }

    /// Commands bound in a layer with their keys, in the table's order.
    pub fn listed(&self, layer: Layer) -> Vec<(Command, Vec<String>)> {
        Command::ALL.iter().map(|command| (*command, self.keys(layer, *command))).filter(|(_, keys)| !keys.is_empty()).collect()
    }
}

fn nearest(id: &str) -> &'static str {
    Command::ALL.iter().map(|command| command.id()).min_by_key(|known| strsim::levenshtein(known, id)).unwrap_or("app.help")
}
