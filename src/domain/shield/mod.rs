//! The scam shield: signs that a job wants something of its worker that no honest job wants. It warns and never hides.
//!
//! A text is folded to one spelling (`fold`), searched once for all words of all rules (`words`), and the rules (`rules`) look
//! for words that stand together: a fee, to be paid, before the work. Words alone mean nothing (somebody may want an advertisement
//! for a gift card shop), and a sentence that asks for something to be written about them does not count either. So jobs about
//! cheats are told from cheats most of the time; the figures are measured on labelled texts in `tests/it/hostile/shield.rs`.
//!
//! Texts are judged once, where they come in, and what shows each sign stays with the job ([`note`]); the feed's columns keep one
//! byte of it. Whether the pay is too good ([`pay`]) rests on the person's own history and is judged where that is at hand.

mod find;
mod fold;
mod found;
mod material;
pub mod pay;
mod rules;
mod words;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::job::Attachment;
use super::{Job, Text};
pub use found::{Found, Shown};

/// Something that no honest job wants of its worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    /// Money before the work: deposits, fees, top-ups, cheques to cash.
    Deposit,
    /// Gift cards, or crypto-money to send.
    Crypto,
    /// Talk or pay away from the platform.
    Elsewhere,
    /// A command to paste, a program to install, a guard to switch off.
    Command,
    /// Passwords, codes, papers.
    Secrets,
    /// The worker's account or name for hire.
    Rental,
    /// Money or parcels to pass on.
    Mule,
    /// Pay far above what such work brings.
    Pay,
}

/// Every sign, in the order they are told.
pub const SIGNS: [Sign; 8] =
    [Sign::Deposit, Sign::Crypto, Sign::Secrets, Sign::Command, Sign::Mule, Sign::Rental, Sign::Elsewhere, Sign::Pay];

impl Sign {
    /// A word for lists: the one of its serialised form.
    pub fn word(self) -> &'static str {
        match self {
            Sign::Deposit => "deposit",
            Sign::Crypto => "crypto",
            Sign::Elsewhere => "elsewhere",
            Sign::Command => "command",
            Sign::Secrets => "secrets",
            Sign::Rental => "rental",
            Sign::Mule => "mule",
            Sign::Pay => "pay",
        }
    }

    /// What it seems to want.
    pub fn wants(self) -> &'static str {
        match self {
            Sign::Deposit => "wants money from you first",
            Sign::Crypto => "wants gift cards or crypto sent",
            Sign::Elsewhere => "wants to talk or pay elsewhere",
            Sign::Command => "wants a command or program run",
            Sign::Secrets => "wants a password, code or papers",
            Sign::Rental => "wants your account or name",
            Sign::Mule => "wants money or parcels passed on",
            Sign::Pay => "promises far too much",
        }
    }

    /// Why that is a sign.
    pub fn why(self) -> &'static str {
        match self {
            Sign::Deposit => "honest requesters pay you; money that goes first does not come back",
            Sign::Crypto => "such payments cannot be called back, which is why cheats ask for them",
            Sign::Elsewhere => "away from the platform nobody holds the pay and nobody can help",
            Sign::Command => "a command or program from a stranger can take everything on this machine",
            Sign::Secrets => "with them somebody else is you, at your bank too",
            Sign::Rental => "what others do under your name is on you, and platforms ban for it",
            Sign::Mule => "passing on money or goods for strangers is money laundering in most countries",
            Sign::Pay => "pay far above what such work brings is the usual bait",
        }
    }

    fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// A set of signs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Signs(pub u8);

impl Signs {
    /// None.
    pub fn none(self) -> bool {
        self.0 == 0
    }

    /// None, as serialising asks for it.
    pub(super) fn is_empty(&self) -> bool {
        self.none()
    }

    /// Whether `sign` is among them.
    pub fn has(self, sign: Sign) -> bool {
        self.0 & sign.bit() != 0
    }

    /// Both.
    #[must_use]
    pub fn and(self, other: Signs) -> Signs {
        Signs(self.0 | other.0)
    }

    /// One by one.
    pub fn iter(self) -> impl Iterator<Item = Sign> {
        SIGNS.into_iter().filter(move |sign| self.has(*sign))
    }

    /// In words: `wants money from you first, wants to talk or pay elsewhere`.
    pub fn words(self) -> String {
        self.iter().map(Sign::wants).collect::<Vec<_>>().join(", ")
    }
}

impl From<Sign> for Signs {
    fn from(sign: Sign) -> Signs {
        Signs(sign.bit())
    }
}

impl Serialize for Signs {
    /// As a list of words.
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Signs {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Signs, D::Error> {
        let all = Vec::<Sign>::deserialize(d)?;
        Ok(all.into_iter().fold(Signs::default(), |signs, sign| signs.and(sign.into())))
    }
}

/// Most bytes of a quotation.
const QUOTED: usize = 120;

/// The texts of a job that are read, attachments apart. Title and brief are one, since cheats divide their sentence between them.
fn texts(job: &Job) -> impl Iterator<Item = Cow<'_, str>> {
    let both = if job.brief.is_empty() { job.title.as_str().into() } else { format!("{}\n\n{}", job.title, job.brief).into() };
    let needs = job.requirements.iter().map(|need| &need.text);
    let others = [&job.requester.name].into_iter().chain(needs);
    [both].into_iter().chain(others.filter(|text| !text.is_empty()).map(|text| text.as_str().into()))
}

/// The signs in one text: what rules see of a job that is a text alone.
pub fn signs_in(text: &Text) -> Signs {
    find::signs(text.as_str())
}

/// The signs in the texts of a job: what its columns keep.
pub fn signs(job: &Job) -> Signs {
    read(job).iter().fold(Signs::default(), |signs, found| signs.and(found.sign.into()))
}

/// Reads a job that comes in: from now on it carries its signs and what shows them.
pub fn note(job: &mut Job) {
    job.found = read(job);
    job.signs = job.found.iter().fold(Signs::default(), |signs, found| signs.and(found.sign.into()));
}

/// What shows the signs of a job, as it was noted. Signs that were noted before there were notes of their words have none.
pub fn of(job: &Job) -> Vec<Found> {
    let mut all = job.found.clone();
    let noted = all.iter().fold(Signs::default(), |signs, found| signs.and(found.sign.into()));
    all.extend(job.signs.iter().filter(|sign| !noted.has(*sign)).map(|sign| Found {
        sign,
        words: Text::default(),
        by: Shown::Words,
    }));
    sort(&mut all);
    all
}

/// What an attachment wants of whoever opens it. Data to work on is full of other people's words, so records, quotations, messages
/// and source are left out: only what is said to the worker counts.
pub fn in_attachment(name: &Text, text: &str) -> Vec<Found> {
    let said = material::said_to_worker(&material::spoken(text));
    let mut all = Vec::new();
    add(&mut all, &said, &Shown::File(name.clone()));
    sort(&mut all);
    all
}

/// Adds signs that are not among `all` yet.
pub fn merge(all: &mut Vec<Found>, more: &[Found]) {
    for found in more {
        if all.iter().all(|known| known.sign != found.sign) {
            all.push(found.clone());
        }
    }
    sort(all);
}

fn read(job: &Job) -> Vec<Found> {
    let mut all = Vec::new();
    for text in texts(job) {
        add(&mut all, &text, &Shown::Words);
    }
    for Attachment { name, text, .. } in &job.attachments {
        if let Some(text) = text {
            merge(&mut all, &in_attachment(name, text.as_str()));
        }
    }
    sort(&mut all);
    all
}

fn add(all: &mut Vec<Found>, text: &str, by: &Shown) {
    for place in find::places(text) {
        if all.iter().all(|found| found.sign != place.sign) {
            let words = text.get(place.start..place.end).unwrap_or(text);
            all.push(Found { sign: place.sign, words: Text::title(words).head(QUOTED), by: by.clone() });
        }
    }
}

fn sort(all: &mut [Found]) {
    all.sort_by_key(|found| SIGNS.iter().position(|sign| *sign == found.sign));
}
