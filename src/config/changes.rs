//! What differs between two configurations, in words and for whoever has to act on it.

use super::{Config, SourceConfig};
use crate::domain::SourceName;

/// What differs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// What the engine goes by: "2 sources added".
    pub engine: Vec<String>,
    /// What a screen goes by: "theme".
    pub screen: Vec<String>,
    /// What cannot change while the program runs.
    pub later: Vec<String>,
    /// Sources that are new or say something else about how they are reached.
    pub connect: Vec<SourceName>,
    /// Sources that are not in the file any more.
    pub removed: Vec<SourceName>,
}

impl Changes {
    /// From `old` to `new`.
    pub fn between(old: &Config, new: &Config) -> Changes {
        let mut changes = Changes::default();
        changes.of_sources(&old.sources, &new.sources);
        let named = [
            list("rule", "rules", &old.rules, &new.rules, |rule| rule.name.as_str()),
            list("view", "views", &old.views, &new.views, |view| view.name.as_str()),
            list("assistant", "assistants", &old.assistants, &new.assistants, |assistant| assistant.name.as_str()),
        ];
        changes.engine.extend(named.into_iter().flatten());
        let engine = [
            ("profile changed", old.profile != new.profile),
            ("caps on claims changed", old.claiming != new.claiming),
            ("alerts changed", old.alert != new.alert),
            ("goal changed", old.goal != new.goal),
            ("default assistant changed", old.assist != new.assist),
            ("write first, then assist changed", old.write_first != new.write_first),
            ("pictures changed", old.art != new.art),
            ("caps of assistants changed", old.ai_caps != new.ai_caps),
            ("first day of the week changed", old.week_starts_monday != new.week_starts_monday),
            ("hand limit changed", old.hand_limit != new.hand_limit),
            ("words a minute changed", old.pace != new.pace),
            ("retention changed", (old.retention.after, old.retention.max_jobs) != (new.retention.after, new.retention.max_jobs)),
        ];
        changes.engine.extend(said(engine));
        let screen = [
            ("theme changed", old.theme != new.theme),
            ("the way of pictures changed", old.pictures != new.pictures),
            ("keys changed", old.keys != new.keys),
            ("commands changed", old.commands != new.commands),
            (if new.mouse { "mouse on" } else { "mouse off" }, old.mouse != new.mouse),
            ("moving on after triage changed", old.auto_advance != new.auto_advance),
            ("idle time changed", old.idle_after != new.idle_after),
        ];
        changes.screen.extend(said(screen));
        let later = [
            ("the size of the store (retention.max_disk)", old.retention.max_disk != new.retention.max_disk),
            ("plain", old.plain != new.plain),
            ("the data folder", old.paths.data != new.paths.data),
        ];
        changes.later.extend(said(later));
        changes
    }

    /// Nothing differs.
    pub fn is_empty(&self) -> bool {
        self.engine.is_empty() && self.screen.is_empty() && self.later.is_empty()
    }

    fn of_sources(&mut self, old: &[SourceConfig], new: &[SourceConfig]) {
        let before = |source: &SourceConfig| old.iter().find(|known| known.name == source.name);
        let is_there = |source: &SourceConfig| new.iter().any(|known| known.name == source.name);
        let (mut on, mut off, mut other, mut added) = (0, 0, 0, 0);
        for source in new {
            match before(source) {
                None => added += 1,
                Some(known) if known == source => continue,
                Some(known) if !known.enabled && source.enabled => on += 1,
                Some(known) if known.enabled && !source.enabled => off += 1,
                Some(known) => {
                    other += 1;
                    // What its terms allow is about rules alone: it need not be connected anew for that.
                    if (SourceConfig { automation: source.automation, ..known.clone() }) == *source {
                        continue;
                    }
                }
            }
            self.connect.push(source.name.clone());
        }
        self.removed = old.iter().filter(|known| !is_there(known)).map(|known| known.name.clone()).collect();
        let counted =
            [(added, "added"), (self.removed.len(), "removed"), (other, "changed"), (on, "switched on"), (off, "switched off")];
        self.engine.extend(counted.into_iter().filter_map(|(n, what)| count(n, "source", "sources", what)));
    }
}

fn said<const N: usize>(changes: [(&str, bool); N]) -> impl Iterator<Item = String> {
    changes.into_iter().filter(|(_, changed)| *changed).map(|(what, _)| what.to_owned())
}

fn count(n: usize, one: &str, many: &str, what: &str) -> Option<String> {
    (n > 0).then(|| format!("{n} {} {what}", if n == 1 { one } else { many }))
}

/// What became of a list of things with names.
fn list<T: PartialEq>(one: &str, many: &str, old: &[T], new: &[T], name: fn(&T) -> &str) -> Vec<String> {
    let in_old = |thing: &T| old.iter().find(|known| name(known) == name(thing));
    let added = new.iter().filter(|thing| in_old(thing).is_none()).count();
    let changed = new.iter().filter(|thing| in_old(thing).is_some_and(|known| known != *thing)).count();
    let removed = old.iter().filter(|known| new.iter().all(|thing| name(thing) != name(known))).count();
    let mut said: Vec<String> = [(added, "added"), (removed, "removed"), (changed, "changed")]
        .into_iter()
        .filter_map(|(n, what)| count(n, one, many, what))
        .collect();
    if said.is_empty() && old.iter().map(name).ne(new.iter().map(name)) {
        said.push(format!("{many} in another order"));
    }
    said
}
