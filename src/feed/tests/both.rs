//! Both feeds under the same acts, and what must be the same of them.

use super::*;

pub(super) struct Both {
    pub(super) naive: Naive,
    pub(super) feed: Columns,
    pub(super) views: Vec<View>,
    pub(super) watched: Vec<View>,
}

impl Both {
    pub(super) fn new(views: Vec<View>) -> Both {
        Both { naive: Naive::default(), feed: Columns::new(at(0)), views, watched: Vec::new() }
    }

    pub(super) fn tick(&mut self) {
        self.naive.tick();
        while self.feed.tick(at(self.naive.now), 7).more {}
        let next = self.feed.next_tick();
        assert!(next.is_none_or(|next| next > at(self.naive.now)), "the tick did all that was due: {next:?}");
    }

    pub(super) fn act(&mut self, act: &Act) {
        match act {
            Act::Upsert(job, judged) => {
                let mut job = Job::clone(job);
                (job.first_seen, job.last_seen) = (at(self.naive.now), at(self.naive.now));
                let told = self.feed.upsert(&job, judged, at(self.naive.now));
                assert_eq!((told.arrival, told.keep_details), self.naive.upsert(&job, judged), "{job:?}");
                let known = &self.naive.jobs[job.key.as_str()].job;
                assert_eq!(
                    (told.first_seen, told.seen_count, told.reopened_at),
                    (known.first_seen, known.seen_count, known.reopened_at)
                );
            }
            Act::Again(n) => {
                let Some(known) = self.naive.nth(*n).map(|key| self.naive.jobs[&key].clone()) else { return };
                let told = self.feed.upsert(&known.told, &known.judged, at(self.naive.now));
                assert_eq!((told.arrival, told.keep_details), self.naive.upsert(&known.told, &known.judged));
            }
            Act::Marks(n, marks) => self.change(*n, |feed, key, judged| {
                judged.marks = *marks;
                feed.set_marks(key, *marks)
            }),
            Act::Mine(n, mine) => self.change(*n, |feed, key, judged| {
                judged.mine = *mine;
                feed.set_mine(key, *mine)
            }),
            Act::Blocked(n, on) => self.change(*n, |feed, key, judged| {
                judged.blocked = *on;
                feed.set_blocked(key, *on)
            }),
            Act::Worth(n, worth) => self.change(*n, |feed, key, judged| {
                judged.worth = *worth;
                feed.set_worth(key, worth)
            }),
            Act::Remove(n) => {
                let Some(key) = self.naive.nth(*n) else { return };
                self.naive.jobs.remove(&key);
                assert!(self.feed.remove(&key));
            }
            Act::Tick(seconds) => {
                self.naive.now += seconds;
                self.tick();
            }
            Act::Leave => {
                self.naive.left = self.naive.now;
                self.feed.leave(at(self.naive.now));
            }
            Act::Round(source, listed) => self.round(*source, listed),
            Act::Show(n) => {
                let view = self.views[n % self.views.len()].clone();
                self.feed.window(&view, &Anchor::Top, 5, 2);
            }
            Act::Watch(n) => {
                let view = self.views[n % self.views.len()].clone();
                match self.watched.iter().position(|watched| *watched == view) {
                    Some(at) => {
                        self.watched.remove(at);
                        self.feed.unwatch(&view);
                    }
                    None => {
                        self.feed.watch(&view);
                        self.watched.push(view);
                    }
                }
            }
            Act::Work(rows) => {
                self.feed.work(*rows);
            }
            Act::Image => self.image(),
        }
    }

    pub(super) fn change(&mut self, n: usize, change: impl FnOnce(&mut Columns, &str, &mut Judged) -> bool) {
        let Some(key) = self.naive.nth(n) else { return };
        let known = self.naive.jobs.get_mut(&key).unwrap();
        assert!(change(&mut self.feed, &key, &mut known.judged));
    }

    pub(super) fn round(&mut self, source: u8, listed: &[usize]) {
        let source = SourceName::new(&format!("s{source}"));
        let round = self.feed.begin_round(&source);
        let listed: Vec<String> = listed.iter().filter_map(|n| self.naive.nth(*n)).collect();
        for key in &listed {
            assert!(self.feed.touch(key, at(self.naive.now)));
            self.naive.jobs.get_mut(key).unwrap().job.last_seen = at(self.naive.now);
        }
        let mut want = Vec::new();
        for (key, known) in &mut self.naive.jobs {
            if known.job.key.is_of(&source) && !listed.contains(key) && known.job.status != JobStatus::Vanished {
                known.job.status = JobStatus::Vanished;
                known.job.last_seen = at(self.naive.now);
                want.push(key.clone());
            }
        }
        let (mut found, mut round) = (Vec::new(), Some(round));
        while let Some(going) = round {
            let (gone, next) = self.feed.sweep(going, 1, at(self.naive.now));
            found.extend(gone.into_iter().map(|key| key.as_str().to_owned()));
            round = next;
        }
        found.sort();
        assert_eq!(found, want);
    }

    /// Away and back again.
    pub(super) fn image(&mut self) {
        self.feed.begin_image();
        let mut loader = Loader::default();
        let mut parts = 0;
        while let Some(part) = self.feed.image_part(parts) {
            loader.take(part.tag, &part.bytes).unwrap();
            parts += 1;
        }
        self.feed.end_image();
        self.feed = loader.finish(at(self.naive.now)).unwrap();
        self.feed.leave(at(self.naive.left));
        self.watched.iter().for_each(|view| self.feed.watch(view));
        self.check_jobs();
    }

    pub(super) fn check(&mut self) {
        self.check_jobs();
        for view in self.views.clone() {
            self.check_view(&view);
        }
    }

    pub(super) fn check_jobs(&self) {
        assert_eq!(self.feed.len(), self.naive.jobs.len());
        for (key, known) in &self.naive.jobs {
            assert_eq!(self.feed.listing(key), Some(known.listing()));
        }
        let all: usize = (0..self.feed.stretches()).map(|n| self.feed.stretch(n).count()).sum();
        assert_eq!(all, self.feed.len());
    }

    pub(super) fn ready(&mut self, view: &View, anchor: &Anchor, height: usize, margin: usize) -> Window {
        loop {
            if let WindowState::Ready(window) = self.feed.window(view, anchor, height, margin) {
                return window;
            }
            self.feed.work(1);
        }
    }

    pub(super) fn check_view(&mut self, view: &View) {
        let want = self.naive.order(view);
        let keys: Vec<&str> = want.iter().map(|(key, _)| key.as_str()).collect();
        for anchor in [Anchor::Top, Anchor::Bottom] {
            let window = self.ready(view, &anchor, 5, 2);
            let told: Vec<&str> = window.keys.iter().map(JobKey::as_str).collect();
            let end = (window.start + 9).min(keys.len());
            assert_eq!(told, keys[window.start..end], "{view:?}");
            assert_eq!(window.total, keys.len());
            if view.group {
                let sizes: Vec<u32> = want[window.start..end].iter().map(|(_, group)| group.len() as u32).collect();
                assert_eq!(window.groups, sizes);
            }
        }
        while !self.feed.work(100_000).done {}
        let told: Vec<String> =
            self.feed.keys(view, 0, usize::MAX / 2).unwrap().iter().map(|key| key.as_str().to_owned()).collect();
        assert_eq!(told, keys, "{view:?}");
        let ctx = self.naive.context();
        let members: Vec<&Known> = self.naive.jobs.values().filter(|known| view.query.admits(&known.listing(), &ctx)).collect();
        let counts = self.feed.counts(view).unwrap();
        let unseen = members.iter().filter(|known| !known.judged.marks.seen).count();
        let new = members.iter().filter(|known| !known.judged.marks.seen && known.job.first_seen > at(self.naive.left)).count();
        assert_eq!(counts, Counts { jobs: members.len(), new, unseen }, "{view:?}");
        if let Some((key, group)) = want.get(want.len() / 2) {
            let key = JobKey::new(key);
            assert_eq!(self.feed.position(view, &key), Some(want.len() / 2));
            let told: Vec<String> = self.feed.group_keys(view, &key).iter().map(|key| key.as_str().to_owned()).collect();
            assert_eq!(&told, group);
            let window = self.ready(view, &Anchor::Job(key.clone()), 5, 2);
            assert_eq!(window.keys[window.anchor - window.start], key, "the anchor is the job that was asked for");
        }
    }
}
