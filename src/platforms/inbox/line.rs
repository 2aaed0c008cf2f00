//! The members of one line, by their names.

use super::scan::{Raw, Wrong, members};

macro_rules! line {
    ($($field:ident: $($key:literal)|+,)*) => {
        /// One line as written; what it does not hold is null.
        #[derive(Clone, Copy, Debug, Default)]
        pub struct Line<'a> {
            $(pub $field: Raw<'a>,)*
        }

        impl<'a> Line<'a> {
            /// Finds the members; of several with one name the last counts, names that nobody knows are passed over.
            pub fn read(text: &'a str) -> Result<Line<'a>, Wrong> {
                let mut line = Line::default();
                members(text, |key, raw| match &*key {
                    $($($key)|+ => line.$field = raw,)*
                    _ => {}
                })?;
                Ok(line)
            }
        }
    };
}

line! {
    id: "id",
    title: "title",
    brief: "brief" | "description",
    url: "url" | "link",
    requester: "requester",
    kind: "kind" | "type",
    tags: "tags",
    pay: "pay",
    pay_max: "pay_max",
    currency: "currency",
    bonus: "bonus",
    fee: "fee",
    reward: "reward",
    funded: "funded",
    cost: "cost",
    minutes: "minutes",
    seconds: "seconds",
    observed_minutes: "observed_minutes",
    observed_seconds: "observed_seconds",
    slots: "slots",
    slots_total: "slots_total",
    competitors: "competitors",
    posted_at: "posted_at",
    updated_at: "updated_at",
    expires_at: "expires_at",
    claim: "claim",
    claim_minutes: "claim_minutes",
    requirements: "requirements",
    attachments: "attachments",
    deliverable: "deliverable",
    ai: "ai",
    language: "language",
    warning: "warning",
    status: "status",
    gone: "gone",
    revision: "revision",
    whole: "whole",
}
