//! The config file changed: what differs is taken in while everything goes on; a bad file changes nothing.

use std::sync::Arc;

use super::source::Source;
use super::{Purpose, State};
use crate::config::{Changes, Config, SourceConfig};
use crate::domain::{Judge, SourceName, Text, Time};
use crate::engine::api::{Reply, SourceState, What};
use crate::engine::connect::{self, Connected};
use crate::engine::effect::{Asker, Effect, Effects};
use crate::error::{Failure, Result};

impl State {
    /// The file was read, because it changed or because somebody asked.
    pub(super) fn config_read(&mut self, asker: Option<Asker>, read: Result<Box<Config>>, now: Time, effects: &mut Effects) {
        let new = match read {
            Ok(new) => new,
            Err(failure) => return self.config_bad(asker, failure, now, effects),
        };
        if !self.view_changes.is_empty() {
            // The file may be older than what is being written into it: it is read again afterwards.
            self.config_asked.push(asker);
            return;
        }
        // Named views change in the file and here at once.
        let old = Config { views: self.views.clone(), ..(*self.config).clone() };
        let mut changes = Changes::between(&old, &new);
        let mended = self.config_trouble.take().is_some();
        let to_connect: Vec<SourceConfig> =
            new.sources.iter().filter(|source| changes.connect.contains(&source.name)).cloned().collect();
        let removed = std::mem::take(&mut changes.removed);
        self.take_config(*new, &old);
        for name in &removed {
            self.source_removed(name, now, effects);
        }
        if old.profile != self.config.profile {
            self.judge = Judge::new(self.config.profile.clone(), std::mem::take(&mut self.judge.history));
            self.judge_again(now);
        }
        if old.alert != self.config.alert {
            self.alarms.reconfigure(&self.config.alert);
            self.look_at_hand = true;
            if (&old.alert.command, &old.alert.webhook) != (&self.config.alert.command, &self.config.alert.webhook) {
                effects.push(Effect::Outlets { config: self.config.clone() });
            }
        }
        if old.retention != self.config.retention {
            self.retire_soon(now);
        }
        if old.views != self.views {
            self.publish(What::Views, now, effects);
        }
        self.watch_views();
        let texts = |words: &[String]| words.iter().map(|word| Text::title(word)).collect::<Vec<Text>>();
        let (changed, later) = (texts(&changes.engine), texts(&changes.later));
        if mended || !changes.is_empty() {
            let what = What::Config { changed: changed.clone(), later: later.clone(), failing: None };
            self.publish(what, now, effects);
        }
        let then = asker.map(|asker| (asker, Box::new(Reply::Reloaded { changed, later })));
        if to_connect.is_empty() {
            if let Some((asker, reply)) = then {
                effects.reply(asker, Ok(*reply));
            }
        } else {
            effects.push(Effect::Connect { config: self.config.clone(), sources: to_connect, polling: self.polling, then });
        }
    }

    /// The last good configuration goes on; everybody is told once why.
    fn config_bad(&mut self, asker: Option<Asker>, failure: Failure, now: Time, effects: &mut Effects) {
        let is_news = self.config_trouble.as_ref() != Some(&failure) && self.config.origin.is_a_file();
        if is_news {
            self.config_trouble = Some(failure.clone());
            let what = What::Config { changed: Vec::new(), later: Vec::new(), failing: Some(failure.clone()) };
            self.publish(what, now, effects);
        }
        if let Some(asker) = asker {
            effects.reply(asker, Err(failure));
        }
    }

    /// Somebody wants the file read now.
    pub(super) fn reload(&mut self, asker: Asker, effects: &mut Effects) {
        effects.push(Effect::ReadConfig { config: self.config.clone(), asker: Some(asker) });
    }

    /// The views are written: whoever waited for that has the file read.
    pub(super) fn read_config_again(&mut self, effects: &mut Effects) {
        if self.view_changes.is_empty() {
            for asker in std::mem::take(&mut self.config_asked) {
                effects.push(Effect::ReadConfig { config: self.config.clone(), asker });
            }
        }
    }

    /// What only has to be put in the place of what it was.
    fn take_config(&mut self, new: Config, old: &Config) {
        let paths = self.config.paths.clone();
        // Where things are was settled at the start.
        self.config = Arc::new(Config { paths, ..new });
        self.views = self.config.views.clone();
        let terms = |config: &Config| -> Vec<_> { config.sources.iter().map(|s| (s.name.clone(), s.automation)).collect() };
        if old.rules != self.config.rules || old.claiming != self.config.claiming || terms(old) != terms(&self.config) {
            let automation = self.config.sources.iter().map(|source| (source.name.as_str().to_owned(), source.automation));
            let rules = std::mem::take(&mut self.rules);
            self.rules = rules.replaced(self.config.rules.clone(), self.config.claiming, automation);
        }
    }

    /// A source is not in the file any more. While something of mine there is not over, it stays in sight.
    fn source_removed(&mut self, name: &SourceName, now: Time, effects: &mut Effects) {
        let askers = self.drop_round(name);
        effects.push(Effect::Disconnect { source: name.clone() });
        if connect::still_needed(&self.book).contains(name) {
            if let Some(source) = self.sources.get_mut(name) {
                source.unusable = Some(connect::taken_out(name));
                source.state = SourceState::Off;
                source.streaming = false;
            }
        } else {
            self.sources.remove(name);
        }
        self.round_over(name, askers, now, effects);
    }

    /// Whatever a round of a source still brings is of no interest; those who waited for it are handed back.
    fn drop_round(&mut self, name: &SourceName) -> Vec<Asker> {
        for out in self.calls.values_mut() {
            if out.source == *name && matches!(out.purpose, Purpose::Round) {
                out.purpose = Purpose::Dropped;
            }
        }
        // What of it is not in the feed yet would go on with the next round's lists.
        self.ingests.retain(|page| !page.is_of(name));
        self.sweeps.retain(|(source, _)| source != name);
        let Some(source) = self.sources.get_mut(name) else { return Vec::new() };
        let mut askers = source.round.take().map(|round| round.askers).unwrap_or_default();
        askers.append(&mut source.askers);
        askers
    }

    /// The file still says this of a source: nothing newer was read while it was being connected.
    pub fn is_configured(&self, source: &SourceConfig) -> bool {
        self.config.sources.contains(source)
    }

    /// Sources that are new, or reached in another way, are connected.
    pub(super) fn connected(
        &mut self,
        made: Vec<Connected>,
        then: Option<(Asker, Box<Reply>)>,
        now: Time,
        effects: &mut Effects,
    ) {
        for Connected { config, source: made, .. } in made {
            if !self.is_configured(&config) {
                continue;
            }
            let name = config.name.clone();
            let askers = self.drop_round(&name);
            match self.sources.get_mut(&name) {
                Some(known) => known.reconnect(*made),
                None => drop(self.sources.insert(name.clone(), *made)),
            }
            // It is asked at once; whoever waited for the old round waits for that.
            if self.ready(&name, now).is_ok()
                && let Some(source) = self.sources.get_mut(&name)
            {
                if !askers.is_empty() {
                    source.schedule.want();
                }
                source.askers = askers;
                self.round_over(&name, Vec::new(), now, effects);
            } else {
                self.round_over(&name, askers, now, effects);
            }
        }
        self.watch_views();
        if let Some((asker, reply)) = then {
            effects.reply(asker, Ok(*reply));
        }
    }
}

impl Source {
    /// The same source, reached in another way. Another account may have other lists: they are read from the beginning.
    fn reconnect(&mut self, made: Source) {
        let streaming = false;
        let (odd, budget) = (std::mem::take(&mut self.odd), self.budget);
        let limited = self.schedule.clone();
        let is_same_host = self.host == made.host;
        *self = Source { odd, streaming, ..made };
        if is_same_host {
            // What its platform asked for holds for every key and pace.
            self.budget = budget;
            self.schedule.keep_asked(&limited);
        }
    }
}
