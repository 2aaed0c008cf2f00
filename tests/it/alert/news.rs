//! What happens in the engine, as news, and when the engine has to wake up for it.

use chrono::TimeDelta;
use juggler::alert::{Alarms, Happening, Now, Taken};
use juggler::config::AlertConfig;
use juggler::domain::payment::{PaymentKind, PaymentStatus};
use juggler::domain::submission::SubmissionState;
use juggler::domain::{
    Alert, AlertKind, Asset, Assignment, AssignmentId, AssignmentState, Money, Payment, SourceName, SubmissionId, Text, Time,
};

use super::{job, key, start};

fn at(time: Time) -> Now {
    Now { utc: time, local: time.naive_utc() }
}

fn assignment(state: AssignmentState) -> Assignment {
    Assignment {
        id: AssignmentId::of(&SourceName::new("practice"), "a1"),
        job: job("j1", "Five taglines", "https://jobs.example.org/j1"),
        state,
        native_state: Text::default(),
        claimed_at: start(),
        deadline: Some(start() + TimeDelta::minutes(100)),
        feedback: Text::default(),
        submission: None,
        moved_at: start(),
    }
}

fn payment(status: PaymentStatus, kind: PaymentKind) -> Payment {
    let usd = |minor| Money::new(minor, Asset::USD);
    Payment {
        id: Text::title("practice:p1"),
        assignment: AssignmentId::of(&SourceName::new("practice"), "a1"),
        kind,
        gross: usd(100),
        fee: usd(15),
        net: usd(85),
        status,
        created_at: start(),
        paid_at: None,
        reference: Text::default(),
    }
}

fn news(what: Happening<'_>) -> Option<(AlertKind, String, String)> {
    let alert: Alert = juggler::alert::builtin::alert(what, start())?;
    Some((alert.kind, alert.title.to_string(), alert.body.to_string()))
}

#[test]
fn only_what_somebody_away_must_hear_is_news() {
    let line = |kind, title: &str, body: &str| Some((kind, title.to_owned(), body.to_owned()));
    for state in AssignmentState::ALL {
        let told = news(Happening::Moved(&assignment(state))).map(|(kind, ..)| kind);
        let wanted = match state {
            AssignmentState::RevisionAsked => Some(AlertKind::Revision),
            AssignmentState::Rejected => Some(AlertKind::Rejected),
            AssignmentState::TimedOut => Some(AlertKind::ClaimLost),
            _ => None,
        };
        assert_eq!(told, wanted, "{state:?}");
    }
    let revision = Assignment { feedback: Text::title("shorter, please"), ..assignment(AssignmentState::RevisionAsked) };
    assert_eq!(news(Happening::Moved(&revision)), line(AlertKind::Revision, "revision asked: Five taglines", "shorter, please"));
    let (title, reason) = (Text::title("Five taglines"), Text::default());
    let lost = Happening::ClaimLost { job: &key("j1"), title: &title, reason: &reason };
    assert_eq!(news(lost), line(AlertKind::ClaimLost, "claim lost: Five taglines", "somebody was faster"));
    let mine = assignment(AssignmentState::Submitting);
    for state in [SubmissionState::Queued, SubmissionState::Sending, SubmissionState::Acked, SubmissionState::Unknown] {
        let (id, title) = (SubmissionId::new("s1"), &mine.job.title);
        let told = news(Happening::Submission { id: &id, assignment: &mine.id, job: &mine.job.key, title, state });
        assert_eq!(told.is_some(), state == SubmissionState::Unknown, "{state:?}");
    }
    let paid = |status, kind| {
        let payment = payment(status, kind);
        news(Happening::Payment { payment: &payment, job: Some(&mine.job.key), title: &mine.job.title })
    };
    assert_eq!(
        paid(PaymentStatus::Paid, PaymentKind::Reward),
        line(AlertKind::Paid, "paid: $0.85 for Five taglines", "after a fee of $0.15, by practice")
    );
    assert_eq!(paid(PaymentStatus::Failed, PaymentKind::Reward).unwrap().0, AlertKind::PayoutFailed);
    assert_eq!(paid(PaymentStatus::Paid, PaymentKind::Reversal).unwrap().1, "taken back: $0.85 for Five taglines");
    assert_eq!(paid(PaymentStatus::Held, PaymentKind::Reward), None);
    let auto = news(Happening::AutoClaim { rule: "quick", assignment: &mine });
    assert_eq!(auto, line(AlertKind::AutoClaim, "claimed by \"quick\": Five taglines", "practice, due in 1 h 40 min"));
    let source = SourceName::new("practice");
    let sign_in = Happening::SignIn { source: &source, why: "the key is not valid", hint: "renew it" };
    assert_eq!(news(sign_in), line(AlertKind::SignIn, "practice needs you to sign in", "the key is not valid; renew it"));
}

#[test]
fn the_engine_is_told_when_to_wake_up_and_not_otherwise() {
    let mut alarms = Alarms::new(&AlertConfig::default());
    assert_eq!(alarms.next_due(), None);
    let hand = [assignment(AssignmentState::Claimed)];
    alarms.look_at_hand(&hand, at(start()));
    let mut heard = Vec::new();
    while let Some(now) = alarms.next_due() {
        assert!(heard.len() < 10, "it never comes to rest");
        alarms.look_at_hand(&hand, at(now));
        heard.extend(alarms.due(at(now)).map(|bundle| ((now - start()).num_minutes(), bundle.title().to_string())));
    }
    let line = |minutes: i64, left: &str| (minutes, format!("{left} left: Five taglines"));
    assert_eq!(heard, [line(50, "50 min"), line(80, "20 min"), line(95, "5 min")]);
    // A person in the middle of it all hears of the rest at once, in one.
    let title = Text::title("Five taglines");
    for n in 0..3 {
        let job = key(&format!("j{n}"));
        let what = Happening::Matched { rule: "quick", job: &job, title: &title, pay: None, seconds: Some(300) };
        assert_eq!(alarms.tell(what, at(start() + TimeDelta::hours(3))), Some(Taken::Waits));
    }
    let bundle = alarms.due(at(start() + TimeDelta::hours(3))).unwrap();
    assert_eq!((bundle.title().as_str(), bundle.count()), ("3 alerts", 3));
    assert_eq!(bundle.alerts[0].body.as_str(), "5 min, practice · rule quick");
}
