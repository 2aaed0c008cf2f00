//! Pay far above what such work brings: what it brought this person, or, while they did little of it, what it brings in general.

use std::fmt;

use super::{Found, Shown, Sign, Signs};
use crate::domain::History;
use crate::domain::job::ClaimMode;
use crate::domain::{Listing, Money, Text};

/// So many times the usual most is too good.
const FAR: i64 = 4;

/// Own deliveries of a kind, paid in the same asset, from which on they say what is usual. With fewer than a hundred the best one in a
/// hundred is the best of all, and among thirty that lies above 95 of 100 deliveries in four cases of five.
const ENOUGH: u32 = 30;

/// What the best one in a hundred of a kind pays, over platforms that publish prices, in units of any of the [`NEAR`] assets. Words that
/// platforms use for the kind; the first that fits counts.
const USUAL: &[(&[&str], i64)] = &[
    (&["like", "follow", "click", "rate", "rating", "signup"], 2),
    (&["label", "tagging", "moderat", "categor", "annotat", "captcha"], 10),
    (&["rank", "compare", "survey", "poll"], 15),
    (&["caption", "alt", "transcri", "data_entry", "data entry", "entry", "collect"], 40),
    (&["tagline", "slogan", "headline", "product", "review"], 60),
    (&["chat", "dialog", "prompt", "training"], 60),
    (&["translation", "translat", "proof"], 120),
];

/// Assets whose unit buys about the same, so that the general figure is told in the job's own: nothing is converted.
const NEAR: [&str; 6] = ["USD", "EUR", "GBP", "CHF", "USDC", "USDT"];

/// What a job's pay is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Usual {
    /// The best one in a hundred of so many own deliveries.
    Own(Money, u32),
    /// What such work brings in general.
    General(Money),
}

/// The sign that the pay is far above what such work brings, if it is.
pub fn signs(listing: &Listing, history: &History) -> Signs {
    if over(listing, history).is_some() { Sign::Pay.into() } else { Signs::default() }
}

/// The same in words, with both figures.
pub fn found(listing: &Listing, history: &History) -> Option<Found> {
    let (pay, usual) = over(listing, history)?;
    let words = format!("pays {pay}; {}", Beside { usual, kind: listing.kind });
    Some(Found { sign: Sign::Pay, words: Text::title(&words), by: Shown::Figures })
}

struct Beside<'a> {
    usual: Usual,
    kind: &'a str,
}

impl fmt::Display for Beside<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.usual {
            Usual::Own(most, n) if n < 100 => write!(f, "your {} jobs paid {most} at most, n={n}", self.kind),
            Usual::Own(most, n) => write!(f, "your {} jobs paid {most} at most 99 times of 100, n={n}", self.kind),
            Usual::General(most) => write!(f, "{} jobs rarely pay more than {most}", self.kind),
        }
    }
}

fn over(listing: &Listing, history: &History) -> Option<(Money, Usual)> {
    // Prizes and bids are no pay yet, and hours are paid as hours.
    if !listing.per_delivery || listing.claim_mode == ClaimMode::Contest {
        return None;
    }
    let pay = listing.pay?;
    let general = general(listing.kind, pay);
    let own = history.pays(listing.kind, pay.asset).filter(|pays| pays.len() >= ENOUGH);
    let usual = match own.and_then(|own| Some(Usual::Own(own.most()?, own.len()))) {
        // Who was paid badly so far is not warned of what others are paid every day.
        Some(Usual::Own(most, n)) if general.is_none_or(|general| general.minor < pay.minor) => Usual::Own(most, n),
        Some(_) => return None,
        None => Usual::General(general?),
    };
    let (Usual::Own(most, _) | Usual::General(most)) = usual;
    (pay.minor > most.minor.saturating_mul(FAR)).then_some((pay, usual))
}

fn general(kind: &str, pay: Money) -> Option<Money> {
    if !NEAR.contains(&pay.asset.code()) {
        return None;
    }
    let begins = |word: &str| kind.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
    let (_, most) = USUAL.iter().find(|(words, _)| words.iter().any(|word| begins(word)))?;
    Some(Money::new(most * 10i64.checked_pow(u32::from(pay.asset.exponent()))?, pay.asset))
}
