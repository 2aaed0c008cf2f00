//! Why a rule does not do what it says.

use std::fmt;

use chrono::TimeDelta;

use super::Automation;
use crate::domain::{Costs, Signs, Time};

/// One reason; [`fmt::Display`] is the sentence the person reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The rule is switched off.
    Disabled,
    /// The rule ended.
    Expired(Time),
    /// It acts once, and has.
    Once,
    /// It acted so often today.
    DayFull(u32),
    /// It acted on this job, which did not open again since.
    Already,
    /// Its last alert or claim is so short ago that so much of the cooldown is left.
    Cooling(TimeDelta),
    /// Its quiet hours.
    Quiet,
    /// `[claiming] automatic` is not on.
    Off,
    /// No key within this time.
    Away(TimeDelta),
    /// Outside the person's hours.
    OutsideHours,
    /// It takes this from the worker first.
    Costs(Costs),
    /// The source's terms.
    Terms(Automation),
    /// A requirement is not met, or the profile refuses it.
    Barred,
    /// Its text tried to hide characters.
    Suspicious,
    /// It shows signs of a scam.
    Risky(Signs),
    /// It cannot be claimed now.
    NotOpen,
    /// It is a link to another site.
    Link,
    /// It is or was mine, or is being claimed.
    Mine,
    /// So many were claimed by rules today.
    PerDay(u32),
    /// So many of this requester's were.
    PerRequester(u32),
    /// So many are in hand.
    InHand(u32),
    /// Some deadline would be missed by so much.
    NoTime(TimeDelta),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refused::Disabled => f.write_str("the rule is switched off"),
            Refused::Expired(at) => write!(f, "the rule ended on {}", at.format("%Y-%m-%d %H:%M UTC")),
            Refused::Once => f.write_str("it acts once, and has"),
            Refused::DayFull(n) => write!(f, "it acted {n} times today, which is its limit"),
            Refused::Already => f.write_str("it acted on this job before"),
            Refused::Cooling(left) => write!(f, "its cooldown lasts {} more", span(*left)),
            Refused::Quiet => f.write_str("these are its quiet hours"),
            Refused::Off => f.write_str("claiming by rule is off; [claiming] automatic = true turns it on"),
            Refused::Away(within) => write!(f, "no key was pressed in the last {}", span(*within)),
            Refused::OutsideHours => f.write_str("it is outside the hours of your profile"),
            Refused::Costs(costs) => write!(f, "it takes {} from you first", costs.words()),
            Refused::Terms(Automation::Forbidden) => f.write_str("the source's terms forbid programs that claim"),
            Refused::Terms(_) => {
                f.write_str("nobody read the source's terms; say what they allow with terms = \"…\" in its [[source]]")
            }
            Refused::Barred => f.write_str("it cannot be taken, or your profile refuses it"),
            Refused::Suspicious => f.write_str("its text tried to hide characters"),
            Refused::Risky(signs) => write!(f, "it shows signs of a scam: it {}", signs.words()),
            Refused::NotOpen => f.write_str("it cannot be claimed now"),
            Refused::Link => f.write_str("it is claimed on another site"),
            Refused::Mine => f.write_str("it is yours already, or was"),
            Refused::PerDay(n) => write!(f, "rules claimed {n} today, which is the limit"),
            Refused::PerRequester(n) => write!(f, "rules claimed {n} of this requester's today, which is the limit"),
            Refused::InHand(n) => write!(f, "{n} are in hand, which is the limit"),
            Refused::NoTime(late) => write!(f, "a deadline would be missed by {}", span(*late)),
        }
    }
}

fn span(time: TimeDelta) -> String {
    match time.num_seconds() {
        s @ ..120 => format!("{s} s"),
        s @ 120..7200 => format!("{} min", (s + 59) / 60),
        s => format!("{} h", (s + 1800) / 3600),
    }
}
