//! The verdict on a delivery: first the deliverable's own rules, then a person's taste (which is the seed's).

use super::claim::{Claim, Stage};
use super::dice::{Dice, millis};
use super::listing::Listing;
use super::requester::Temper;
use super::template::{Note, Work};
use super::world::World;
use crate::domain::Time;
use crate::domain::check::{Finding, Judged, Verdict as Grade, demands, passes};

/// What comes of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Verdict {
    /// Accepted, with so many cents on top.
    Approved { bonus: i64, note: String },
    /// Sent back.
    Revision { note: String },
    /// Refused.
    Rejected { note: String },
}

/// Judges the latest delivery for `claim`, given what the checks found.
fn verdict(seed: u64, job: u64, work: &Work, temper: Temper, claim: &Claim, findings: &[Finding]) -> Verdict {
    if !passes(findings) {
        let note = reasons(findings);
        return if claim.failures == 0 { Verdict::Revision { note } } else { Verdict::Rejected { note } };
    }
    let mut dice = Dice::of(seed, "taste", job, claim.submissions.into());
    let text = claim.delivery.as_ref().map_or("", |delivery| &delivery.text);
    let items = text.lines().filter(|line| !line.trim().is_empty()).count();
    let item = u64::try_from(dice.index(items)).unwrap_or(0) + 1;
    let taste = temper.taste();
    // Each round makes another wish less likely; nobody asks for a fourth version.
    let revision = if claim.submissions > 2 { 0 } else { taste.revision / u64::from(claim.submissions.max(1)) };
    let roll = dice.between(1, 100);
    if roll <= taste.rejection {
        return Verdict::Rejected { note: work.note(Note::Reject, &mut dice, item) };
    }
    if roll <= taste.rejection + revision {
        return Verdict::Revision { note: work.note(Note::Revision, &mut dice, item) };
    }
    match work.bonus.and_then(|most| u64::try_from(most.minor).ok()) {
        Some(most) if most >= 5 && dice.percent(taste.bonus) => {
            let cents = 5 * dice.between((most / 5).div_ceil(4), most / 5);
            let note = work.note(Note::Bonus, &mut dice, item);
            Verdict::Approved { bonus: i64::try_from(cents).unwrap_or(0), note }
        }
        _ => Verdict::Approved { bonus: 0, note: String::new() },
    }
}

/// The failed demands in words, one a line.
fn reasons(findings: &[Finding]) -> String {
    let failed = findings.iter().filter(|f| f.verdict == Grade::Fail);
    let say = |f: &Finding| {
        let line = f.line.map(|line| format!(" (line {})", line + 1)).unwrap_or_default();
        let said = f.sentence();
        let detail = if said.is_empty() { said } else { format!(": {said}") };
        format!("{}{line}{detail}", f.label)
    };
    failed.take(12).map(say).collect::<Vec<_>>().join("\n")
}

impl World {
    /// Somebody opens a submission.
    pub(super) fn open_review(&mut self, n: u64, attempt: u32, now: Time) {
        let Some(claim) = self.memory.claims.get(&n) else { return };
        if claim.submissions == attempt && claim.stage == Stage::Submitted {
            let claim = Claim { stage: Stage::Reviewing, ..claim.clone() };
            self.put_claim(claim, now);
        }
    }

    /// The verdict falls.
    pub(super) fn decide(&mut self, n: u64, attempt: u32, now: Time) {
        let Some(mut claim) = self.memory.claims.get(&n).cloned() else { return };
        let waiting = matches!(claim.stage, Stage::Submitted | Stage::Reviewing);
        let Some(job) = self.memory.jobs.get(&claim.job).filter(|_| waiting && claim.submissions == attempt).cloned() else {
            return;
        };
        let work = &self.catalogue.works[job.work];
        let temper = self.catalogue.requesters[job.requester].temper;
        let Some(delivery) = &claim.delivery else { return };
        let judged = Judged {
            text: &delivery.text,
            files: &delivery.files,
            sources: work.sources(),
            context: &work.brief,
            language: &work.language,
            ..Judged::default()
        };
        let findings = demands(&work.deliverable, &judged);
        let verdict = verdict(self.setup.seed, job.n, work, temper, &claim, &findings);
        claim.failures += u32::from(!passes(&findings));
        claim.delivery = None;
        self.announce(claim, &job, verdict, now);
    }

    fn announce(&mut self, mut claim: Claim, job: &Listing, verdict: Verdict, now: Time) {
        let n = claim.n;
        match verdict {
            Verdict::Approved { bonus, note } => {
                (claim.stage, claim.feedback) = (Stage::Approved, note);
                self.memory.totals.approved += 1;
                self.put_claim(claim, now);
                self.change_job(job.n, now, |job| job.mine_live = false);
                self.owe(n, job, bonus, now);
            }
            Verdict::Rejected { note } => {
                (claim.stage, claim.feedback) = (Stage::Rejected, note);
                self.memory.totals.rejected += 1;
                self.put_claim(claim, now);
                self.free_place(job.n, now);
            }
            Verdict::Revision { note } => {
                (claim.stage, claim.feedback) = (Stage::RevisionRequested, note);
                // A new round gets the whole claim time again.
                claim.deadline = now + millis(job.claim_seconds * 1_000);
                let at = claim.deadline;
                self.memory.totals.revisions += 1;
                self.put_claim(claim, now);
                self.memory.agenda.add(at, super::agenda::Event::Deadline { claim: n, at });
            }
        }
    }
}
