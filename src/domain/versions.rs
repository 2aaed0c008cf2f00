//! Earlier versions of drafts, so that a person can compare with them and go back.
//!
//! Every pause of half a second saves a version; these are the ones that somebody might want again: what stood for a minute, what was
//! there at each fifth minute of writing on, and what another way of making replaced or much of which went.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::draft::FileItem;
use super::{AssignmentId, Draft};

/// Versions kept of one draft, and their bytes of text; the oldest goes first.
const EACH: usize = 50;
const BYTES: usize = 1 << 20;
/// Drafts whose versions are kept: those written latest.
const DRAFTS: usize = 40;
/// What stood this many seconds is worth keeping.
const STOOD: i64 = 60;
/// And what is there whenever so many seconds are over.
const EVERY: i64 = 300;

/// What is kept, oldest first, without the latest version of each.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Versions(BTreeMap<AssignmentId, Vec<Draft>>);

impl Versions {
    /// Earlier versions of a draft, oldest first.
    pub fn of(&self, id: &AssignmentId) -> &[Draft] {
        self.0.get(id).map_or(&[], Vec::as_slice)
    }

    /// `new` takes the place of `old`, which is kept when it is worth it.
    pub fn replaced(&mut self, old: &Draft, new: &Draft) {
        let kept = self.of(&old.assignment);
        let blank = old.text.as_str().trim().is_empty() && old.files.is_empty();
        let known =
            kept.last().is_some_and(|last| last.text == old.text && last.files == old.files && last.origins == old.origins);
        if blank || known || !(is_worth_keeping(old, new) || kept.iter().any(|earlier| earlier.text == new.text)) {
            return;
        }
        let versions = self.0.entry(old.assignment.clone()).or_default();
        versions.push(old.clone());
        let mut bytes: usize = versions.iter().map(|draft| draft.text.as_str().len()).sum();
        let mut gone = 0;
        while versions.len() - gone > 1 && (versions.len() - gone > EACH || bytes > BYTES) {
            bytes -= versions[gone].text.as_str().len();
            gone += 1;
        }
        versions.drain(..gone);
        if self.0.len() > DRAFTS {
            let stale = self.0.iter().min_by_key(|(id, versions)| (versions.last().map(|last| last.saved_at), (*id).clone()));
            if let Some(stale) = stale.map(|(id, _)| id.clone()) {
                self.0.remove(&stale);
            }
        }
    }

    /// The files of every version.
    pub fn files_mut(&mut self) -> impl Iterator<Item = &mut FileItem> {
        self.0.values_mut().flatten().flat_map(|draft| &mut draft.files)
    }
}

fn is_worth_keeping(old: &Draft, new: &Draft) -> bool {
    let (before, after) = (old.saved_at.timestamp(), new.saved_at.timestamp());
    after - before >= STOOD
        || after.div_euclid(EVERY) != before.div_euclid(EVERY)
        || old.cause != new.cause
        || new.text.as_str().len() * 2 < old.text.as_str().len()
        || old.files.iter().any(|file| !new.files.contains(file))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::draft::Cause;
    use crate::domain::{SourceName, Text, Time};

    fn draft(n: u32, at: i64, text: &str, cause: Cause) -> Draft {
        Draft {
            assignment: AssignmentId::of(&SourceName::new("practice"), "a1"),
            version: n,
            text: Text::own(text),
            files: Vec::new(),
            cause,
            saved_at: Time::from_timestamp(1_760_000_100 + at, 0).unwrap_or_default(),
            scaffolded: false,
            origins: None,
            assisted: false,
        }
    }

    #[test]
    fn what_somebody_may_want_again_is_kept_and_each_letter_is_not() {
        let story = [
            draft(1, 0, "T", Cause::Typed),
            draft(2, 1, "Ty", Cause::Typed),
            draft(3, 2, "Typed", Cause::Typed),
            draft(4, 90, "Typed on", Cause::Typed),
            draft(5, 91, "Typed on and on", Cause::Typed),
            draft(6, 92, "of a file", Cause::File),
            draft(7, 93, "of", Cause::File),
            draft(8, 94, "Typed", Cause::File),
        ];
        let mut versions = Versions::default();
        story.windows(2).for_each(|pair| versions.replaced(&pair[0], &pair[1]));
        let kept: Vec<u32> = versions.of(&story[0].assignment).iter().map(|draft| draft.version).collect();
        assert_eq!(kept, [3, 5, 6, 7], "stood a minute, another way, much of it went, an earlier one came back");
    }

    #[test]
    fn there_is_an_end_to_what_is_kept() {
        let mut versions = Versions::default();
        for n in 0..200 {
            let long = "x".repeat(100_000);
            versions.replaced(
                &draft(n, i64::from(n) * 70, &format!("{n} {long}"), Cause::Typed),
                &draft(n + 1, i64::from(n + 1) * 70, "y", Cause::Typed),
            );
        }
        assert_eq!(versions.of(&draft(0, 0, "", Cause::Typed).assignment).len(), 10, "a megabyte");
        for n in 0..100 {
            let of = |n: u32| Draft {
                assignment: AssignmentId::new(&format!("practice:b{n:03}")),
                ..draft(n, i64::from(n), "text", Cause::Typed)
            };
            versions.replaced(&of(n), &Draft { cause: Cause::File, ..of(n) });
        }
        assert_eq!(versions.0.len(), DRAFTS);
    }
}
