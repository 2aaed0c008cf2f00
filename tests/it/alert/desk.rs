//! The desk: nothing goes out too often or at the wrong hour, and nothing is lost.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::TimeDelta;
use juggler::alert::{Desk, Manner, Now, Policy, Taken};
use juggler::config::AlertConfig;
use juggler::config::alert::AlertsOn;
use juggler::domain::{Alert, AlertKind, Bundle, Time};
use proptest::prelude::*;

use super::start;

fn at(time: Time) -> Now {
    Now { utc: time, local: time.naive_utc() }
}

fn after(seconds: i64) -> Now {
    at(start() + TimeDelta::seconds(seconds))
}

fn alert(kind: AlertKind, subject: &str) -> Alert {
    Alert::new(kind, &format!("{} {subject}", kind.words()), subject, start())
}

fn desk(quiet: &str) -> Desk {
    let config = AlertConfig {
        quiet_hours: if quiet.is_empty() { Default::default() } else { quiet.parse().unwrap() },
        ..Default::default()
    };
    Desk::new(Policy::from(&config))
}

fn titles(bundle: &Bundle) -> Vec<String> {
    bundle.alerts.iter().map(|alert| alert.title.to_string()).collect()
}

#[test]
fn the_first_goes_at_once_and_the_next_ones_together() {
    let mut desk = desk("");
    assert_eq!(desk.next_due(), None);
    assert_eq!(desk.take(alert(AlertKind::Paid, "a"), after(0)), Taken::Waits);
    assert!(desk.next_due().unwrap() <= start());
    assert_eq!(titles(&desk.due(after(0)).unwrap()), ["paid a"]);
    for (n, subject) in ["b", "c", "d"].iter().enumerate() {
        desk.take(alert(AlertKind::Paid, subject), after(n as i64 + 1));
        assert!(desk.due(after(n as i64 + 1)).is_none());
    }
    assert_eq!(desk.next_due(), Some(after(30).utc));
    assert!(desk.due(after(29)).is_none());
    assert_eq!(titles(&desk.due(after(30)).unwrap()), ["paid b", "paid c", "paid d"]);
    assert_eq!((desk.next_due(), desk.due(after(90))), (None, None));
}

#[test]
fn the_same_again_is_no_news_for_a_while() {
    let mut desk = desk("");
    assert_eq!(desk.take(alert(AlertKind::SignIn, "practice"), after(0)), Taken::Waits);
    assert_eq!(desk.take(alert(AlertKind::SignIn, "practice"), after(299)), Taken::Repeat);
    assert_eq!(desk.take(alert(AlertKind::SignIn, "other"), after(299)), Taken::Waits);
    assert_eq!(desk.take(alert(AlertKind::Paid, "practice"), after(299)), Taken::Waits);
    // It began with the one that was told, not with the repeat.
    assert_eq!(desk.take(alert(AlertKind::SignIn, "practice"), after(300)), Taken::Waits);
    // Another rule is another matter, and a rule may have a patience of its own.
    let manner = Manner { cooldown: Some(TimeDelta::hours(1)), ..Manner::default() };
    let mut by = |rule: &str, seconds| desk.take_as(alert(AlertKind::Rule, "j1").by(rule), &manner, after(seconds));
    assert_eq!([by("a", 0), by("b", 0), by("a", 3599), by("a", 3600)], [Taken::Waits, Taken::Waits, Taken::Repeat, Taken::Waits]);
}

#[test]
fn quiet_hours_are_summed_up_afterwards_and_deadlines_pass() {
    // 07:00 is in them, until 08:00.
    let mut desk = desk("22:00-08:00");
    for n in 0..5 {
        assert_eq!(desk.take(alert(AlertKind::Paid, &n.to_string()), after(n)), Taken::Held);
    }
    assert_eq!(desk.take(alert(AlertKind::Rule, "x"), after(9)), Taken::Held);
    assert!(desk.due(after(10)).is_none());
    assert_eq!((desk.held(), desk.next_due()), (6, Some(after(3600).utc)));
    assert_eq!(desk.take(alert(AlertKind::Deadline, "d"), after(20)), Taken::Waits);
    let urgent = desk.due(after(20)).unwrap();
    assert_eq!((titles(&urgent), urgent.held), (vec!["deadline d".to_owned()], Vec::new()));
    assert!(desk.due(after(3599)).is_none());
    let morning = desk.due(after(3600)).unwrap();
    assert_eq!(morning.title().as_str(), "6 alerts while quiet");
    assert_eq!(morning.held, [(AlertKind::Rule, 1), (AlertKind::Paid, 5)]);
    assert_eq!((desk.held(), desk.next_due()), (0, None));
}

#[test]
fn what_waited_when_the_quiet_began_is_held_too() {
    let mut desk = desk("07:01-07:05");
    desk.take(alert(AlertKind::Paid, "a"), after(40));
    assert!(desk.due(after(40)).is_some());
    desk.take(alert(AlertKind::Paid, "b"), after(50));
    assert!(desk.due(after(70)).is_none());
    assert_eq!((desk.held(), desk.next_due()), (1, Some(after(300).utc)));
    assert_eq!(desk.due(after(300)).unwrap().held, [(AlertKind::Paid, 1)]);
}

#[test]
fn a_rule_may_be_quiet_by_itself() {
    let mut desk = desk("");
    let manner = Manner { quiet: "06:00-07:30".parse().unwrap(), ..Manner::default() };
    assert_eq!(desk.take_as(alert(AlertKind::Rule, "x").by("r"), &manner, after(0)), Taken::Held);
    desk.take(alert(AlertKind::Paid, "a"), after(1));
    assert_eq!(desk.due(after(1)).unwrap().held, []);
    assert_eq!(desk.next_due(), Some(after(1800).utc));
    assert_eq!(desk.due(after(1800)).unwrap().held, [(AlertKind::Rule, 1)]);
}

#[test]
fn switches_switch_and_a_new_policy_frees_what_was_held() {
    let off = AlertsOn { paid: false, sign_in: false, ..AlertsOn::default() };
    let always = AlertConfig { on: off, quiet_hours: "00:00-24:00".parse().unwrap(), ..AlertConfig::default() };
    let mut desk = Desk::new(Policy::from(&always));
    assert_eq!(desk.take(alert(AlertKind::Paid, "a"), after(0)), Taken::Off);
    assert_eq!(desk.take(alert(AlertKind::SignIn, "a"), after(0)), Taken::Off);
    assert_eq!(desk.take(alert(AlertKind::Rejected, "a"), after(0)), Taken::Held);
    // A week of quiet has no end to wake up for.
    assert_eq!((desk.next_due(), desk.due(after(9999))), (None, None));
    desk.change(Policy::from(&AlertConfig::default()));
    assert!(desk.next_due().unwrap() <= after(9999).utc);
    assert_eq!(desk.due(after(9999)).unwrap().held, [(AlertKind::Rejected, 1)]);
}

#[test]
fn a_flood_is_counted_and_small() {
    let mut desk = desk("");
    desk.take(alert(AlertKind::Rule, "first"), after(0));
    desk.due(after(0)).unwrap();
    for n in 0..20_000 {
        desk.take(alert(AlertKind::Rule, &n.to_string()), after(1));
    }
    let bundle = desk.due(after(30)).unwrap();
    assert_eq!((bundle.alerts.len(), bundle.count()), (Bundle::LISTED, 20_000));
    assert_eq!(bundle.lines(4).last().unwrap().as_str(), "and 19997 more");
}

/// A clock that is put back does not hold anything up, and does not make it speak faster for long.
#[test]
fn a_clock_put_back_holds_nothing_up() {
    let mut desk = desk("");
    desk.take(alert(AlertKind::Paid, "a"), after(0));
    desk.due(after(0)).unwrap();
    desk.take(alert(AlertKind::Paid, "b"), after(-7200));
    assert!(desk.due(after(-7200)).is_some());
}

#[derive(Clone, Debug)]
enum Act {
    Pass(i64),
    Take(usize, u8),
    /// Sleeps until the desk says that there is something to do.
    Sleep,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        3 => (0_i64..4000).prop_map(Act::Pass),
        5 => (0..AlertKind::ALL.len(), any::<u8>()).prop_map(|(kind, subject)| Act::Take(kind, subject % 12)),
        2 => Just(Act::Sleep),
    ];
    proptest::collection::vec(act, 0..200)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Never two bundles in one window, never a sound in quiet hours that may not pass, everything told once or counted as held,
    /// and the desk wakes by itself for all of it.
    #[test]
    fn nothing_is_lost_and_nothing_comes_too_often(
        acts in acts(),
        every in 0_u64..120,
        cooldown in 0_u64..900,
        quiet in prop_oneof![Just("07:10-07:40, 09:00-13:30"), Just("23:00-06:00"), Just("")],
        pass in any::<bool>(),
    ) {
        let config = AlertConfig {
            bundle_every: Duration::from_secs(every),
            cooldown: Duration::from_secs(cooldown),
            quiet_hours: if quiet.is_empty() { Default::default() } else { quiet.parse().unwrap() },
            deadlines_pass_quiet: pass,
            ..AlertConfig::default()
        };
        let mut desk = Desk::new(Policy::from(&config));
        let mut now = start();
        let mut last: Option<Time> = None;
        let (mut waits, mut held) = (BTreeSet::new(), BTreeMap::<AlertKind, u32>::new());
        let mut told: BTreeMap<(AlertKind, String), Time> = BTreeMap::new();
        let mut serial = 0;
        let mut hear = |desk: &mut Desk, now: Time, waits: &mut BTreeSet<String>, held: &mut BTreeMap<AlertKind, u32>| {
            let Some(bundle) = desk.due(at(now)) else { return Ok(()) };
            prop_assert!(bundle.count() > 0);
            prop_assert!(last.is_none_or(|last| now - last >= TimeDelta::seconds(every as i64)), "two in one window");
            last = Some(now);
            let is_quiet = config.quiet_hours.contains(now.naive_utc());
            for alert in &bundle.alerts {
                let passes = alert.kind == AlertKind::Test || pass && alert.kind == AlertKind::Deadline;
                prop_assert!(!is_quiet || passes, "{:?} in quiet hours", alert.kind);
                prop_assert!(waits.remove(alert.body.as_str()), "told twice: {}", alert.body);
            }
            // What waited when the quiet began is counted instead.
            for (kind, n) in &bundle.held {
                prop_assert!(!is_quiet || *kind == AlertKind::Test || pass && *kind == AlertKind::Deadline);
                let mine = held.entry(*kind).or_default();
                let missing = n.saturating_sub(*mine);
                *mine -= n - missing;
                for _ in 0..missing {
                    let of_kind = waits.iter().find(|body| body.starts_with(kind.words())).cloned();
                    prop_assert!(of_kind.is_some_and(|body| waits.remove(&body)), "{n} × {kind:?} from nowhere");
                }
            }
            Ok(())
        };
        for act in acts {
            match act {
                Act::Pass(seconds) => now += TimeDelta::seconds(seconds),
                Act::Sleep => now = desk.next_due().unwrap_or(now).max(now),
                Act::Take(kind, subject) => {
                    let kind = AlertKind::ALL[kind];
                    serial += 1;
                    let body = format!("{} {serial}", kind.words());
                    let news = alert(kind, &subject.to_string()).body(&body);
                    let key = (kind, subject.to_string());
                    let repeat = told.get(&key).is_some_and(|at| now - *at < TimeDelta::seconds(cooldown as i64));
                    match desk.take(news, at(now)) {
                        Taken::Repeat => prop_assert!(repeat),
                        Taken::Off => prop_assert!(false, "nothing is switched off"),
                        taken => {
                            prop_assert!(!repeat);
                            told.insert(key, now);
                            if taken == Taken::Held { *held.entry(kind).or_default() += 1 } else { waits.insert(body).then_some(()).unwrap() }
                        }
                    }
                }
            }
            hear(&mut desk, now, &mut waits, &mut held)?;
            prop_assert!(desk.next_due().is_none_or(|at| at > now), "it would be asked again and again");
        }
        // Left alone, it tells all the rest, each time it says it will.
        for _ in 0..100 {
            let Some(at) = desk.next_due() else { break };
            now = at.max(now);
            hear(&mut desk, now, &mut waits, &mut held)?;
        }
        prop_assert_eq!(desk.next_due(), None);
        prop_assert!(waits.is_empty(), "never told: {:?}", waits);
        prop_assert!(held.values().all(|n| *n == 0), "never counted: {:?}", held);
    }
}

/// Held from the evening on; told in the minute in which the wall says that the night is over, whatever the clock did in it.
#[test]
fn the_night_in_which_the_clock_is_put_ends_when_the_wall_says_so() {
    use chrono_tz::Tz;
    // Zone, evening before (UTC), when the wall says 07:00 (UTC).
    let nights: [(Tz, &str, &str); 8] = [
        (chrono_tz::Europe::Berlin, "2026-03-28T22:30:00Z", "2026-03-29T05:00:00Z"),
        (chrono_tz::Europe::Berlin, "2026-10-24T21:30:00Z", "2026-10-25T06:00:00Z"),
        (chrono_tz::Europe::Berlin, "2026-06-01T21:30:00Z", "2026-06-02T05:00:00Z"),
        (chrono_tz::America::New_York, "2026-03-08T04:00:00Z", "2026-03-08T11:00:00Z"),
        (chrono_tz::America::New_York, "2026-11-01T03:00:00Z", "2026-11-01T12:00:00Z"),
        (chrono_tz::Australia::Lord_Howe, "2026-10-03T12:00:00Z", "2026-10-03T20:00:00Z"),
        (chrono_tz::Asia::Kathmandu, "2026-02-28T17:00:00Z", "2026-03-01T01:15:00Z"),
        (chrono_tz::Pacific::Kiritimati, "2025-12-31T09:00:00Z", "2025-12-31T17:00:00Z"),
    ];
    for (zone, evening, morning) in nights {
        let here = |utc: Time| Now { utc, local: utc.with_timezone(&zone).naive_local() };
        let (evening, morning): (Time, Time) = (evening.parse().unwrap(), morning.parse().unwrap());
        let mut desk = desk("22:00-07:00");
        assert_eq!(desk.take(alert(AlertKind::Paid, "a"), here(evening)), Taken::Held, "{zone}");
        let (mut looks, mut told) = (0, None);
        // As the engine does: it looks when the desk says so.
        while let (None, Some(due)) = (told, desk.next_due()) {
            told = desk.due(here(due)).map(|_| due);
            looks += 1;
            assert!(looks < 6, "{zone}");
        }
        assert_eq!(told, Some(morning), "{zone}");
    }
}
