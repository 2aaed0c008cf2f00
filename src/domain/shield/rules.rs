//! What makes a text look like a cheat: senses that stand near each other.

use super::Sign;
use super::words::Sense::{self, *};

/// All senses within so many characters of the first one mean the sign.
pub(super) struct Rule {
    pub sign: Sign,
    /// The rarest sense first.
    pub all: &'static [Sense],
    pub span: usize,
    /// Also where the sentence asks for something to be written about it.
    pub strong: bool,
}

const fn rule(sign: Sign, span: usize, all: &'static [Sense]) -> Rule {
    Rule { sign, all, span, strong: false }
}

pub(super) const RULES: &[Rule] = &[
    // Money from the worker before money for the worker.
    rule(Sign::Deposit, 100, &[Fee, Give, Gate]),
    rule(Sign::Deposit, 110, &[Fee, Give, Back]),
    rule(Sign::Deposit, 110, &[Fee, Gate, Back]),
    rule(Sign::Deposit, 120, &[Fund, Give, Mission]),
    rule(Sign::Deposit, 120, &[Fund, Gate, Mission]),
    rule(Sign::Deposit, 120, &[Fund, Back, Mission]),
    rule(Sign::Deposit, 140, &[Cheque, Give, Forward]),
    rule(Sign::Deposit, 140, &[Cheque, Give, Back]),
    // Money that cannot be called back.
    rule(Sign::Crypto, 140, &[Card, Get, Code]),
    rule(Sign::Crypto, 140, &[Card, Ask, Code]),
    rule(Sign::Crypto, 130, &[Coin, Give, Purse]),
    rule(Sign::Crypto, 90, &[Coin, Give, Gate]),
    rule(Sign::Crypto, 80, &[Seed, Ask]),
    // Where no platform can help.
    rule(Sign::Elsewhere, 70, &[Messenger, Contact]),
    // Nobody who wants a text gives a name to talk to.
    Rule { sign: Sign::Elsewhere, span: 50, all: &[Messenger, Handle], strong: true },
    rule(Sign::Elsewhere, 60, &[Messenger, Phone]),
    rule(Sign::Elsewhere, 60, &[Phone, Contact]),
    rule(Sign::Elsewhere, 100, &[Mail, Contact]),
    rule(Sign::Elsewhere, 100, &[Mail, Ask]),
    rule(Sign::Elsewhere, 100, &[Away]),
    rule(Sign::Elsewhere, 100, &[Invite]),
    // Programs from strangers.
    rule(Sign::Command, 150, &[Shell, Paste, Gate]),
    rule(Sign::Command, 120, &[Pipe, Paste]),
    rule(Sign::Command, 120, &[Pipe, Shell]),
    rule(Sign::Command, 110, &[Remote, Ask]),
    rule(Sign::Command, 110, &[Guard, Off, Bring]),
    // What opens the worker's own accounts.
    rule(Sign::Secrets, 90, &[Secret, Ask]),
    rule(Sign::Secrets, 120, &[Paper, Ask, Shot]),
    // The worker's name for hire.
    rule(Sign::Rental, 100, &[Account, Rent, Pays]),
    rule(Sign::Rental, 100, &[Proxy]),
    // Somebody else's money and goods.
    rule(Sign::Mule, 120, &[Forward, Receive, Funds]),
    rule(Sign::Mule, 120, &[Forward, Parcel]),
    // Too good.
    rule(Sign::Pay, 140, &[Easy, Earn, Per, Much]),
    rule(Sign::Pay, 60, &[Easy, Per, Much]),
];
