//! What the scripted engine hands out.

use super::*;

pub fn terms(question: &str, job: &Job, warnings: &[&str]) -> Terms {
    let line = |label: &str, value: String| (Text::title(label), Text::title(&value));
    Terms {
        question: Text::title(question),
        lines: vec![
            line("Job", job.title.to_string()),
            line("Platform", "Practice Market (practice)".to_owned()),
            line("Pay", job.reward.gross().unwrap().to_string()),
            line("After fees", job.reward.net().unwrap().to_string()),
            line("Deadline", "30 minutes after the claim".to_owned()),
        ],
        warnings: warnings.iter().map(|warning| Text::title(warning)).collect(),
        digest: format!("digest of {question}"),
        word: Text::default(),
        failing: Vec::new(),
    }
}

pub fn expected(job: &Job) -> Option<rate::Expected> {
    rate::expected(&job.listing(Default::default(), None, Default::default()), &Default::default(), None)
}

pub fn row(job: &Job, book: &Book) -> JobRow {
    JobRow {
        key: job.key.clone(),
        title: job.title.clone(),
        requester: job.requester.name.clone(),
        source: job.key.source(),
        kind: job.kind.clone(),
        pay: job.reward.gross(),
        net: job.reward.net(),
        rate: expected(job),
        seconds: job.obs_seconds.or(job.est_seconds),
        ai: job.ai.rule,
        status: job.status,
        marks: book.marks(&job.key),
        slots_left: job.slots_left,
        since: job.posted_at.unwrap_or(job.first_seen),
        expires_at: job.expires_at,
        claim_ttl: job.claim_ttl,
        suspicious: job.suspicious,
        signs: juggler::domain::shield::signs(job),
        costs: juggler::domain::Costs::of(job),
        reopened: job.reopened_at.is_some(),
        mine: book.assignment_of(&job.key).map(|mine| mine.state),
        fit: None,
        barred: false,
        blocked: false,
        alike: 1,
    }
}

pub fn assignment(job: &Job, now: Time) -> AssignmentView {
    let assignment = Assignment {
        id: AssignmentId::of(&source(), &format!("a-{}", job.key.native())),
        job: job.clone(),
        state: AssignmentState::Claimed,
        native_state: Text::default(),
        claimed_at: now,
        deadline: Some(now + TimeDelta::minutes(30)),
        feedback: Text::default(),
        submission: None,
        moved_at: now,
    };
    AssignmentView {
        assignment,
        draft: None,
        findings: Vec::new(),
        checking: false,
        submission: None,
        payments: Vec::new(),
        worked: 0,
        work_left: 480,
        slack: Some(1320),
        type_there: Text::default(),
    }
}

/// A submission that got no answer.
pub fn unknown(view: &AssignmentView) -> Submission {
    Submission {
        id: SubmissionId::new("0198-unknown"),
        assignment: view.assignment.id.clone(),
        attempt: 1,
        text: Text::own("one"),
        files: Vec::new(),
        disclosure: Text::default(),
        overridden: None,
        body_hash: "9f86d081884c7d65".to_owned(),
        state: SubmissionState::Unknown,
        queued_at: start(),
        sent_at: Some(start()),
        answered_at: None,
        sends: 1,
        native_id: Text::default(),
        note: Text::title("the connection closed before an answer came"),
    }
}

pub fn health(state: SourceState) -> SourceHealth {
    SourceHealth {
        name: source(),
        platform: Text::title("Practice Market"),
        host: Text::title("127.0.0.1:4100"),
        state,
        abilities: juggler::platforms::Abilities::default(),
        last_ok: Some(start() - TimeDelta::seconds(12)),
        next_poll: Some(start() + TimeDelta::seconds(18)),
        retry_at: None,
        failures: 0,
        breaker_open: false,
        error: None,
        latency_ms: Some(4),
        skew_ms: Some(0),
        budget: juggler::platforms::Budget::default(),
        streaming: true,
        open_jobs: Some(40),
    }
}

pub fn earnings(goal: Option<Money>) -> Earnings {
    let usd = |minor| Money::new(minor, Asset::USD);
    let sums = |paid: i64, n: u32| Sums {
        pending: usd(1280),
        pending_n: 3,
        approved: usd(765),
        approved_n: 2,
        paid: usd(paid),
        paid_n: n,
        bonus: usd(100),
        fees: usd(paid / 9),
    };
    let hourly = |money: i64, worked: i64, n: u32| Hourly {
        rate: usd(money).per_hour(worked + 600),
        money: usd(money),
        worked,
        unpaid: 600,
        n,
    };
    let figures = Figures {
        asset: Asset::USD,
        today: sums(3420, 5),
        week: sums(18_250, 31),
        all: sums(92_180, 164),
        hourly_today: hourly(4185, 7200, 7),
        hourly_week: hourly(19_015, 39_600, 33),
        hourly_all: hourly(92_945, 212_400, 166),
        days: [2210, 0, 4100, 3380, 1990, 3150, 3420],
    };
    Earnings {
        figures: vec![figures],
        goal,
        claims_lost: 4,
        states: vec![(AssignmentState::Submitted, 3), (AssignmentState::Approved, 2), (AssignmentState::Paid, 164)],
    }
}
