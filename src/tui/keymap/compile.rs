//! From bindings to a lookup, with every mistake found at start and told in a sentence.

use std::collections::BTreeMap;

use super::chord::words;
use super::default::DEFAULT;
use super::{Chord, Layer, Stack};
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
        let mut map = Keymap { layers: BTreeMap::new(), best: BTreeMap::new() };
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
