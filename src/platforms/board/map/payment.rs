//! A payment.

use serde_json::Value;

use super::super::recipe::Word;
use super::reader::{Around, Misfit, Reader};
use crate::domain::{AssignmentId, Money, Payment, Text};

/// Maps one payment. `net = gross - fee` is filled in where one is missing, and checked where all three are told.
pub fn payment(around: Around<'_>, item: &Value) -> Result<Payment, Misfit> {
    let read = Reader::new(around, &around.recipe.map.payment, item);
    let id = read.must_id("id")?;
    let assignment = read.must_id("assignment")?;
    let gross = read.money("gross")?.ok_or_else(|| read.missing("gross"))?;
    let (status, _) = read.word("status", Word::PaymentStatus)?.ok_or_else(|| read.missing("status"))?;
    let sum = |result: Result<Money, crate::domain::money::MoneyError>| {
        result.map_err(|error| Misfit { sentence: format!("fields `gross`, `fee`, `net`: {error}") })
    };
    let (fee, net) = match (read.money("fee")?, read.money("net")?) {
        (Some(fee), Some(net)) => (fee, net),
        (Some(fee), None) => (fee, sum(gross.minus(fee))?),
        (None, Some(net)) => (sum(gross.minus(net))?, net),
        (None, None) => (Money::zero(gross.asset), gross),
    };
    if sum(gross.minus(fee))? != net {
        return Err(Misfit { sentence: format!("fields `gross`, `fee`, `net`: {gross} less {fee} is not {net}") });
    }
    Ok(Payment {
        id: Text::title(&format!("{}:{id}", around.source)),
        assignment: AssignmentId::of(around.source, &assignment),
        kind: read.word("kind", Word::PaymentKind)?.map_or_else(Default::default, |(kind, _)| kind),
        gross,
        fee,
        net,
        status,
        created_at: read.time("created_at")?.unwrap_or(around.now),
        paid_at: read.time("paid_at")?,
        reference: read.line("reference")?.unwrap_or_default(),
    })
}
