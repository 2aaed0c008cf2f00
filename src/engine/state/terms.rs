//! Exactly what a paid or irreversible act means, before it.

use sha2::{Digest, Sha256};

use super::{State, disclosure};
use crate::domain::check::{Finding, Verdict};
use crate::domain::shield::{self, Found, Shown};
use crate::domain::{Assignment, Draft, Job, Text, Time, Worth, hand};
use crate::engine::api::Terms;
use crate::error::{Class, Failure, Result};

/// What is typed to submit although checks fail.
pub(super) const OVERRIDE: &str = "override";
/// Most failing checks that are recorded.
const OVERRIDDEN: usize = 50;

impl State {
    /// What claiming `job` means.
    pub(super) fn claim_terms(&self, job: &Job, now: Time) -> Terms {
        let mut lines = vec![
            line("platform", &self.platform_words(job)),
            line("job", job.title.as_str()),
            line("requester", &requester_words(job)),
            line("pay", &pay_words(job)),
            line("deliver within", &job.claim_ttl.map_or("no limit told".to_owned(), |s| span(i64::from(s)))),
        ];
        if let Some(seconds) = job.obs_seconds.or(job.est_seconds) {
            // The same figure as in the feed: what is agreed to and what was chosen by must not differ.
            let known = self.feed.listing(job.key.as_str());
            let listing = known.unwrap_or_else(|| job.listing(self.book.marks(&job.key), None, Worth::default()));
            let rate = self.judge.expected(&listing).map_or(String::new(), |expected| format!(", {}", expected.short()));
            lines.push(line("expected work", &format!("{}{rate}", span(i64::from(seconds)))));
        }
        lines.push(line("AI", job.ai.rule.sentence()));
        let with: Vec<&str> = self.with_claim(job).map(|(name, _)| name.as_str()).collect();
        if !with.is_empty() {
            lines.push(line("fetched with it", &format!("{} from {}", with.join(", "), self.host_of(job))));
        }
        // What could cost most comes first.
        let mut warnings: Vec<Text> = self.signs_of(job).iter().map(scam_warning).collect();
        if let Some(cost) = &job.cost {
            let amount = cost.amount.map_or(String::new(), |m| format!("{m} "));
            warnings.push(Text::title(&format!("It costs you: {amount}{}", cost.why)));
        }
        if let Some(late) = hand::overcommitment(&self.book, Some(job), now) {
            warnings.push(Text::title(&format!("Over-committed: with this in hand, work runs {} past a deadline.", span(late))));
        }
        let in_hand = self.book.assignments.values().filter(|a| a.state.is_in_hand()).count();
        if in_hand >= self.config.hand_limit as usize {
            warnings.push(Text::title(&format!("{in_hand} jobs are in hand already; your limit is {}.", self.config.hand_limit)));
        }
        if job.suspicious {
            warnings.push(Text::title("Its text hides control or invisible characters; they are shown as marks."));
        }
        if let Some(record) = record_warning(job) {
            warnings.push(Text::title(&record));
        }
        for requirement in job.requirements.iter().filter(|r| r.met == crate::domain::job::Met::No) {
            warnings.push(Text::title(&format!("You do not meet: {}", requirement.text)));
        }
        let essence = format!(
            "claim|{}|{:?}|{:?}|{}|{:?}|{:?}",
            job.key, job.reward.min, job.reward.max, job.reward.fee_ppm, job.claim_ttl, job.cost
        );
        let question = Text::title("Claim this job?");
        Terms { question, lines, warnings, digest: digest(&essence), word: Text::default(), failing: Vec::new() }
    }

    /// What submitting the saved draft means; an error where there is nothing to submit or no way to.
    pub(super) fn submit_terms(&self, assignment: &Assignment, now: Time) -> Result<Terms> {
        if !assignment.state.is_editable() {
            return Err(Failure::new(Class::Refused, format!("it is {}", assignment.state.word()))
                .why("only work in hand can be submitted"));
        }
        if self.reused.contains(&assignment.id) {
            return Err(Failure::new(Class::Refused, "it cannot be delivered")
                .why("the platform uses its id for another job now, so it would get the wrong work")
                .hint("the platform seems to have been begun anew; your draft stays here"));
        }
        // What cannot be sent before somebody mends the configuration is not queued; what merely has to wait is.
        if let Some(failure) = self.sources.get(&assignment.job.key.source()).and_then(|source| source.unusable.clone()) {
            return Err(failure);
        }
        let draft = self.draft_of(assignment)?;
        let job = self.ruled(self.job_of(assignment));
        self.without_ai(&job, draft)?;
        let Some(findings) = self.findings_of(assignment) else {
            return Err(Failure::new(Class::Checks, "the checks of this draft are not done yet").hint("ask again in a moment"));
        };
        let judged = findings.iter().filter(|f| f.verdict != Verdict::Advice).count();
        let failing: Vec<_> = findings.iter().filter(|f| f.verdict == Verdict::Fail).collect();
        let deadline = self.book.deadline(assignment).map_or("none".to_owned(), |at| {
            let left = (at - now).num_seconds();
            let local = at.with_timezone(&chrono::Local).format("%a %H:%M:%S");
            if left < 0 { format!("{local} (past by {})", span(-left)) } else { format!("{local} (in {})", span(left)) }
        });
        let mut lines = vec![
            line("platform", &self.platform_words(&job)),
            line("job", job.title.as_str()),
            line("pay", &pay_words(&job)),
            line("deadline", &deadline),
            line("delivery", &delivery_words(draft)),
            line("checks", &format!("{} of {judged} pass", judged - failing.len())),
        ];
        lines.extend(self.assist_lines(assignment));
        let made = draft.made().words();
        if !made.is_empty() {
            lines.push(line("made", &made));
        }
        let sent = self.book.submissions.values().filter(|sent| sent.assignment == assignment.id);
        if let Some(before) = sent.filter_map(|sent| sent.overridden.as_ref()).max_by_key(|before| before.at) {
            lines.push(line("before", &before.words()));
        }
        let disclosure = disclosure::disclosure(&job, draft);
        if !disclosure.is_empty() {
            lines.push(line("disclosed", disclosure.as_str()));
        }
        // Its attachments were fetched after it was claimed: nobody was warned of them yet.
        let of_files = shield::of(&job).into_iter().filter(|found| matches!(found.by, Shown::File(_)));
        let mut warnings: Vec<Text> = of_files.map(|found| scam_warning(&found)).collect();
        warnings.extend(failing.iter().take(5).map(|f| Text::title(&format!("Check fails: {}: {}", f.label, f.sentence()))));
        if self.book.deadline(assignment).is_some_and(|at| at < now) {
            warnings.push(Text::title("The deadline is past; the platform will probably refuse."));
        }
        warnings.extend(Some(self.type_there(&job)).filter(|words| !words.is_empty()));
        warnings.extend(disclosure::warnings(&job, draft));
        let told: Vec<Text> = failing.iter().take(OVERRIDDEN).map(|f| told(f)).collect();
        let essence = format!("submit|{}|{}|{:?}|{told:?}", assignment.id, body_hash(draft, disclosure.as_str()), job.reward.min);
        let (question, word) = match told.len() {
            0 => ("Submit this draft?", Text::default()),
            _ => ("Submit this draft although checks fail?", Text::title(OVERRIDE)),
        };
        Ok(Terms { question: Text::title(question), lines, warnings, digest: digest(&essence), word, failing: told })
    }

    pub(super) fn draft_of(&self, assignment: &Assignment) -> Result<&Draft> {
        self.book.drafts.get(&assignment.id).filter(|d| !d.text.as_str().trim().is_empty() || !d.files.is_empty()).ok_or_else(
            || {
                Failure::new(Class::Checks, "there is nothing to submit yet")
                    .hint("write in the editor, or lay a draft out with the scaffold")
            },
        )
    }

    fn host_of(&self, job: &Job) -> &str {
        self.sources.get(&job.key.source()).map_or("", |source| source.host.as_str())
    }

    fn platform_words(&self, job: &Job) -> String {
        let name = job.key.source();
        self.sources.get(&name).map_or(name.to_string(), |s| format!("{} ({}, {})", s.name, s.platform, s.host))
    }
}

/// SHA-256 over what is delivered.
pub(super) fn body_hash(draft: &Draft, disclosure: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(draft.text.as_str());
    for file in &draft.files {
        hash.update([0]);
        hash.update(file.name.as_str());
        hash.update(&file.sha256);
    }
    hash.update([0]);
    hash.update(disclosure);
    format!("{:x}", hash.finalize())
}

/// A failing check as it is recorded.
fn told(finding: &Finding) -> Text {
    Text::title(&format!("{}: {}", finding.label, finding.sentence()))
}

fn digest(essence: &str) -> String {
    let mut hex = format!("{:x}", Sha256::digest(essence));
    hex.truncate(16);
    hex
}

fn line(label: &str, value: &str) -> (Text, Text) {
    (Text::title(label), Text::title(value))
}

fn requester_words(job: &Job) -> String {
    let record = &job.requester.record;
    let verified = if job.requester.verified { ", verified" } else { "" };
    match (record.paid, record.unpaid) {
        (Some(paid), Some(unpaid)) => {
            format!("{}{verified}: paid {paid}, late {}, unpaid {unpaid}", job.requester.name, record.late.unwrap_or(0))
        }
        _ => format!("{}{verified}: payment record unknown", job.requester.name),
    }
}

fn record_warning(job: &Job) -> Option<String> {
    let record = &job.requester.record;
    let (paid, unpaid) = (record.paid?, record.unpaid?);
    let all = u64::from(paid) + u64::from(unpaid);
    (unpaid > 0 && unpaid.saturating_mul(10) >= paid).then(|| format!("This requester left {unpaid} of {all} deliveries unpaid."))
}

fn pay_words(job: &Job) -> String {
    match (job.reward.gross(), job.reward.net()) {
        (Some(gross), Some(net)) if gross != net => {
            let percent = rust_decimal::Decimal::new(i64::from(job.reward.fee_ppm), 4).normalize();
            format!("{gross}, {net} after the {percent} % fee")
        }
        (Some(gross), _) => gross.to_string(),
        _ => "not told".to_owned(),
    }
}

fn delivery_words(draft: &Draft) -> String {
    use unicode_segmentation::UnicodeSegmentation;
    let text = draft.text.as_str();
    let files = match draft.files.len() {
        0 => String::new(),
        1 => format!(", 1 file ({})", draft.files[0].name),
        n => format!(", {n} files"),
    };
    format!(
        "version {}: {} words, {} characters{files}",
        draft.version,
        // Counted as the editor counts: the person compares the two.
        text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count(),
        text.graphemes(true).filter(|g| *g != "\n").count()
    )
}

/// What a person reads before they agree.
fn scam_warning(found: &Found) -> Text {
    Text::title(&format!("Looks like a scam. {}", found.sentence()))
}

/// Seconds in words a person plans with: "45 s", "12 min", "2 h 05 min", "3 d 4 h".
pub(super) fn span(seconds: i64) -> String {
    match seconds {
        s if s < 90 => format!("{s} s"),
        s if s < 90 * 60 => format!("{} min", (s + 30) / 60),
        s if s < 48 * 3600 => format!("{} h {:02} min", s / 3600, s % 3600 / 60),
        s => format!("{} d {} h", s / 86400, s % 86400 / 3600),
    }
}
