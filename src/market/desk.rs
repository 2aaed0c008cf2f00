//! What the worker can do: claim, give back, deliver, upload.

use serde_json::{Value, json};

use super::agenda::Event;
use super::claim::{Claim, Delivery, Receipt, Stage};
use super::dice::{Dice, millis};
use super::listing::Status;
use super::refusal::Refusal;
use super::view;
use super::world::{World, number};
use crate::domain::draft::FileItem;
use crate::domain::{Text, Time};

/// A review takes between two and twenty minutes, divided by the speed.
const REVIEW_MS: [u64; 2] = [2 * 60_000, 20 * 60_000];
/// Uploads that wait for a delivery; the oldest make room.
const UPLOADS: usize = 1_000;

/// A delivery as it was asked for.
pub struct Submit {
    /// The idempotency key.
    pub key: String,
    /// The text.
    pub text: String,
    /// Upload ids and the names they go under.
    pub files: Vec<(String, String)>,
    /// What the worker says about AI.
    pub disclosure: String,
    /// SHA-256 over all of it, in hex.
    pub hash: String,
}

impl World {
    /// Claims a place. True when it is new; the holder who asks again gets the same assignment.
    pub fn claim(&mut self, id: &str, now: Time) -> Result<(Claim, bool), Refusal> {
        let gone = |no: Refusal| if no.status == 410 { Refusal::conflict("gone", no.message) } else { no };
        let before = self.job(id).map_err(gone)?.mine.and_then(|n| self.memory.claims.get(&n));
        if let Some((n, deadline)) = before.map(|mine| (mine.n, mine.deadline)).filter(|(_, deadline)| *deadline <= now) {
            self.run_out(n, deadline, now);
        }
        let job = self.job(id).map_err(gone)?.clone();
        if let Some(mine) = job.mine.and_then(|n| self.memory.claims.get(&n)) {
            if mine.stage.is_live() {
                return Ok((mine.clone(), false));
            }
            if !mine.stage.may_claim_again() {
                return Err(Refusal::conflict("taken", "You have worked on this job already."));
            }
        }
        if job.status.is_over() || job.expires_at <= now {
            return Err(Refusal::conflict("gone", "This job is over."));
        }
        let work = &self.catalogue.works[job.work];
        if let Some(unmet) = work.requirements.iter().find(|r| r.met == "no") {
            return Err(Refusal::conflict("not_qualified", format!("This job asks for: {}.", unmet.text)));
        }
        if job.status == Status::Full || job.slots_left == 0 {
            return Err(if job.slots_total == 1 {
                Refusal::conflict("taken", "Somebody else has it.")
            } else {
                Refusal::conflict("full", "Every place is taken.")
            });
        }
        if self.held() >= self.setup.hand_limit {
            let limit = self.setup.hand_limit;
            return Err(Refusal::conflict("hand_full", format!("You hold {limit} assignments, which is the limit.")));
        }
        let n = self.memory.claims.last_key_value().map_or(1, |(n, _)| n + 1);
        let deadline = now + millis(job.claim_seconds * 1_000);
        let claim = Claim {
            n,
            job: job.n,
            stage: Stage::Active,
            claimed_at: now,
            deadline,
            updated_at: now,
            change: 0,
            submissions: 0,
            failures: 0,
            key: None,
            feedback: String::new(),
            delivery: None,
        };
        self.put_claim(claim, now);
        self.memory.agenda.add(deadline, Event::Deadline { claim: n, at: deadline });
        self.change_job(job.n, now, |job| {
            job.slots_left -= 1;
            job.mine = Some(n);
            job.mine_live = true;
        });
        Ok((self.memory.claims[&n].clone(), true))
    }

    /// Gives a place back. Asked again, it is the same.
    pub fn release(&mut self, id: &str, now: Time) -> Result<Claim, Refusal> {
        let mut claim = self.claim_by_id(id)?.clone();
        if claim.stage == Stage::Released {
            return Ok(claim);
        }
        if !claim.stage.is_held() {
            let word = claim.stage.word();
            return Err(Refusal::conflict("not_releasable", format!("The assignment is {word}; it cannot be given back.")));
        }
        claim.stage = Stage::Released;
        let (n, job) = (claim.n, claim.job);
        self.put_claim(claim, now);
        self.free_place(job, now);
        Ok(self.memory.claims[&n].clone())
    }

    /// Takes a delivery. True when it took effect; the same key with the same content gets the first answer again.
    pub fn submit(&mut self, id: &str, submit: Submit, now: Time) -> Result<(Value, bool), Refusal> {
        let claim = self.claim_by_id(id)?;
        let n = claim.n;
        if let Some(receipt) = self.memory.receipts.get(&submit.key) {
            return if receipt.claim == n && receipt.hash == submit.hash {
                Ok((receipt.answer.clone(), false))
            } else {
                Err(Refusal::conflict("key_reused", "This Idempotency-Key was used for another delivery."))
            };
        }
        let files = self.delivered_files(&submit.files)?;
        if claim.stage.is_held() && claim.deadline <= now {
            self.run_out(n, claim.deadline, now);
        }
        let mut claim = self.memory.claims[&n].clone();
        match claim.stage {
            Stage::Active | Stage::RevisionRequested => {}
            Stage::TimedOut => return Err(Refusal::conflict("timed_out", "The time for this assignment has run out.")),
            stage => {
                let word = stage.word();
                return Err(Refusal::conflict("not_open", format!("The assignment is {word}; nothing can be delivered.")));
            }
        }
        claim.stage = Stage::Submitted;
        claim.submissions += 1;
        claim.key = Some(submit.key.clone());
        claim.feedback = String::new();
        claim.delivery = Some(Delivery { text: submit.text, files, disclosure: submit.disclosure });
        let attempt = claim.submissions;
        let [low, high] = REVIEW_MS;
        let review = Dice::of(self.setup.seed, "review", claim.job, attempt.into()).between(low, high);
        let review = review / u64::from(self.setup.speed.max(1));
        self.memory.agenda.add(now + millis(review * 3 / 10), Event::Review { claim: n, attempt });
        self.memory.agenda.add(now + millis(review), Event::Verdict { claim: n, attempt });
        self.memory.totals.submitted += 1;
        self.put_claim(claim, now);
        let claim = &self.memory.claims[&n];
        let submission = json!({
            "id": format!("s{n:06}-{attempt}"),
            "attempt": attempt,
            "key": submit.key,
            "received_at": view::stamp(now),
        });
        let answer = json!({ "submission": submission, "assignment": view::assignment(self, claim) });
        let receipt = Receipt { claim: n, hash: submit.hash, answer: answer.clone() };
        self.memory.receipts.insert(submit.key, receipt);
        Ok((answer, true))
    }

    fn delivered_files(&self, files: &[(String, String)]) -> Result<Vec<FileItem>, Refusal> {
        let find = |(id, name): &(String, String)| {
            let upload = number(id, 'u').and_then(|n| self.memory.uploads.get(&n));
            let upload = upload.ok_or_else(|| Refusal::invalid(format!("There is no upload {}.", Text::title(id))))?;
            Ok(FileItem { name: Text::title(name), ..upload.clone() })
        };
        files.iter().map(find).collect()
    }

    /// Notes an upload: the id it can be delivered by, and that of the one that made room for it.
    pub fn upload(&mut self, file: FileItem) -> (String, Option<String>) {
        self.memory.next_upload += 1;
        // Nobody is told of it, and yet it is a change to be kept.
        self.memory.change += 1;
        let n = self.memory.next_upload;
        self.memory.uploads.insert(n, file);
        let over = self.memory.uploads.len() > UPLOADS;
        let gone = over.then(|| self.memory.uploads.pop_first()).flatten();
        let id = |n: u64| format!("u{n:06}");
        (id(n), gone.map(|(n, _)| id(n)))
    }

    /// The time of a claim runs out, unless something happened since.
    pub(super) fn run_out(&mut self, n: u64, at: Time, now: Time) {
        let Some(claim) = self.memory.claims.get(&n).filter(|c| c.stage.is_held() && c.deadline == at) else { return };
        let mut claim = claim.clone();
        claim.stage = Stage::TimedOut;
        let job = claim.job;
        self.put_claim(claim, now);
        self.free_place(job, now);
    }

    /// The worker's place is free again.
    pub(super) fn free_place(&mut self, job: u64, now: Time) {
        self.change_job(job, now, |job| {
            job.mine_live = false;
            job.slots_left += 1;
        });
    }
}
