//! The explanation of a fit: each point and each bar in words.

use serde::{Deserialize, Serialize};

use super::{Counts, Listener, Quick};
use crate::domain::history::Tally;
use crate::domain::job::{Met, Requirement};
use crate::domain::{Costs, Money, Signs, Text};

/// Why points are given or taken.
pub(super) enum Because<'a> {
    Liked(&'a str),
    Skill(&'a Text),
    Language(&'a str),
    Unknown(i32),
    Costs(Costs),
    Rate(Money, Money),
    Long(u32, u32),
    OwnKind(Tally),
    OwnRequester(Tally),
    Suspicious,
    Risky(Signs),
}

/// Why a job cannot or should not be taken.
pub(super) enum Bar<'a> {
    Kind(&'a str, &'a Text),
    Language(&'a str),
    Requirement(&'a Requirement, &'static str),
    Cost(Costs),
}

/// How well a job fits, with everything that was looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fit {
    /// 0 to 100; `None` without a profile or history.
    pub score: Option<u8>,
    /// What spoke for and against it.
    pub reasons: Vec<Reason>,
    /// What it requires.
    pub requirements: Vec<Checked>,
    /// Why it cannot or should not be taken; empty when it can.
    pub barred: Vec<Text>,
}

/// One thing that spoke for or against a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// Points for it; below zero against it.
    pub points: i32,
    /// In words.
    pub text: Text,
}

/// One requirement, decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// What is required.
    pub requirement: Requirement,
    /// Whether it is met: the platform's word, else the profile's.
    pub met: Met,
    /// Who says so.
    pub why: Text,
}

impl Fit {
    /// How many requirements are met, not met and unknown.
    pub fn counts(&self) -> Counts {
        let count = |met| self.requirements.iter().filter(|r| r.met == met).count() as u32;
        Counts { met: count(Met::Yes), unmet: count(Met::No), unknown: count(Met::Unknown) }
    }
}

#[derive(Default)]
pub(super) struct Slow {
    quick: Quick,
    fit: Fit,
}

impl Slow {
    pub fn done(mut self) -> Fit {
        self.fit.score = self.quick.score();
        self.fit
    }
}

impl Listener for Slow {
    fn points(&mut self, points: i32, because: Because<'_>) {
        self.fit.reasons.push(Reason { points, text: Text::title(&because.words()) });
        self.quick.points(points, because);
    }

    fn requirement(&mut self, requirement: &Requirement, met: Met, why: &'static str) {
        self.fit.requirements.push(Checked { requirement: requirement.clone(), met, why: Text::title(why) });
    }

    fn barred(&mut self, because: Bar<'_>) {
        self.fit.barred.push(Text::title(&because.words()));
        self.quick.barred(because);
    }

    fn without_basis(&mut self) {
        self.quick.without_basis();
    }
}

impl Because<'_> {
    fn words(&self) -> String {
        match self {
            Because::Liked(kind) => format!("you like {kind}"),
            Because::Skill(skill) => format!("you can {skill}"),
            Because::Language(tag) => format!("it is in {tag}, which you have"),
            Because::Unknown(1) => "one requirement is unknown".to_owned(),
            Because::Unknown(n) => format!("{n} requirements are unknown"),
            Because::Costs(costs) => format!("it takes {} from you first", costs.words()),
            Because::Rate(rate, floor) if rate.minor < floor.minor => format!("{rate}/h is under your floor of {floor}/h"),
            Because::Rate(rate, floor) => format!("{rate}/h is not under your floor of {floor}/h"),
            Because::Long(seconds, most) => format!("{} min is more than your {most} min", seconds / 60),
            Because::OwnKind(tally) => format!("{} of {} of yours of this kind were approved here", tally.good, tally.of),
            Because::OwnRequester(tally) => format!("this requester approved {} of {} of yours", tally.good, tally.of),
            Because::Suspicious => "its text tried to hide characters".to_owned(),
            Because::Risky(signs) => format!("signs of a scam: it {}", signs.words()),
        }
    }
}

impl Bar<'_> {
    fn words(&self) -> String {
        match self {
            Bar::Kind(kind, pattern) if *kind == pattern.as_str() => format!("you refuse {kind}"),
            Bar::Kind(kind, pattern) => format!("you refuse {kind} (\"{pattern}\")"),
            Bar::Language(tag) => format!("it is in {tag}, which is not among your languages"),
            Bar::Requirement(requirement, why) => format!("it requires {}: {} ({why})", requirement.kind, requirement.text),
            Bar::Cost(costs) => format!("it takes {} from you first, which you refuse", costs.words()),
        }
    }
}
