//! One job at a glance: what is known of it, what it is worth, and why.

use super::State;
use crate::domain::job::Met;
use crate::domain::shield::{self, Found};
use crate::domain::{Job, JobKey, Listing, Text, Time};
use crate::engine::api::{FitLine, Peek, Reply};
use crate::error::Result;

impl State {
    /// What is known here; nobody is asked.
    pub(super) fn peek(&self, key: &JobKey, now: Time) -> Result<Reply> {
        let job = self.job(key).ok();
        let marks = self.book.marks(key);
        let mine = self.book.assignment_of(key).map(|mine| mine.state);
        let listing = self.feed.listing(key.as_str()).or_else(|| job.map(|job| job.listing(marks, mine, Default::default())));
        let Some(listing) = listing else { return Err(self.unknown_job(key)) };
        let explained = self.judge.explain(&listing);
        let needs = explained.fit.requirements.into_iter().map(|checked| FitLine {
            what: checked.requirement.text,
            met: checked.met,
            why: checked.why,
        });
        let reasons = explained.fit.reasons.into_iter().map(|reason| FitLine {
            what: Text::title(&format!("{:+}", reason.points)),
            met: if reason.points < 0 { Met::No } else { Met::Yes },
            why: reason.text,
        });
        let barred = explained.fit.barred.iter().map(Text::to_string).collect::<Vec<_>>().join("; ");
        Ok(Reply::Peek(Box::new(Peek {
            row: super::rows::row(&listing, explained.expected, 1, &self.book.clocks, now),
            rate_why: explained.why.into_iter().map(|why| (why.label, why.value)).collect(),
            fit_why: needs.chain(reasons).collect(),
            barred: (!barred.is_empty()).then(|| Text::title(&barred)),
            signs: job.map(|job| self.signs_of(job)).unwrap_or_default(),
            history: self.history_of(&listing),
            job: job.cloned(),
        })))
    }

    /// Every sign of a scam: of its texts and pay, and, where it is mine, of the attachments that were fetched for it.
    pub(super) fn signs_of(&self, job: &Job) -> Vec<Found> {
        let mut all = self.judge.signs(job);
        let fetched = self.book.assignment_of(&job.key).and_then(|mine| self.book.attached_signs.get(&mine.id));
        shield::merge(&mut all, fetched.map(Vec::as_slice).unwrap_or_default());
        all
    }

    fn history_of(&self, listing: &Listing<'_>) -> Vec<(Text, Text)> {
        let local = |at: Time| Text::title(&at.with_timezone(&chrono::Local).format("%a %d %b %H:%M").to_string());
        let line = |label: &str, at: Time| (Text::title(label), local(at));
        let mut lines = vec![line("first seen", listing.first_seen), line("last listed", listing.last_seen)];
        if listing.seen_count > 1 {
            lines.push((Text::title("changed"), Text::title(&format!("{} times", listing.seen_count - 1))));
        }
        lines.extend(listing.reopened_at.map(|at| line("open again", at)));
        let mine = self.book.assignment_of(&JobKey::new(listing.key)).map(|mine| &mine.id);
        let sent = self.book.submissions.values().filter(|sent| Some(&sent.assignment) == mine);
        lines.extend(sent.filter_map(|sent| Some((Text::title("override"), Text::title(&sent.overridden.as_ref()?.words())))));
        let lately = self.sightings.latest().filter(|sighting| sighting.key.as_str() == listing.key).take(6);
        lines.extend(lately.map(|sighting| line(super::sightings::word(sighting.what), sighting.at)));
        lines
    }
}
