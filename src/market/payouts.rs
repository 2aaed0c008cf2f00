//! How money moves after an approval: expected, held, on its way, paid; late for some, never for a few.

use super::agenda::Event;
use super::claim::{Claim, Stage};
use super::dice::{Dice, millis};
use super::listing::Listing;
use super::payment::Payment;
use super::requester::Temper;
use super::world::World;
use crate::domain::payment::PaymentStatus;
use crate::domain::{Asset, Money, Time};

/// A payout takes between one and six hours, divided by the speed.
const PAYOUT_MS: [u64; 2] = [3_600_000, 6 * 3_600_000];
/// Payments of a requester who never pays that fail openly; the others stay expected. In percent.
const FAIL_OPENLY: u64 = 50;

/// The last step of [`Event::Payout`] when it works out.
const PAID: u8 = 3;
/// The step at which it fails.
const FAILED: u8 = 4;

impl World {
    /// The reward, and a bonus if there is one, become due.
    pub(super) fn owe(&mut self, claim: u64, job: &Listing, bonus: i64, now: Time) {
        let fee = Money::new(job.pay, Asset::USD).share(job.fee_ppm).minor;
        self.owe_one(claim, job, (job.pay, fee), false, now);
        if bonus > 0 {
            self.owe_one(claim, job, (bonus, 0), true, now);
        }
    }

    fn owe_one(&mut self, claim: u64, job: &Listing, (gross, fee): (i64, i64), bonus: bool, now: Time) {
        let n = self.memory.payments.last_key_value().map_or(1, |(n, _)| n + 1);
        let mut dice = Dice::of(self.setup.seed, if bonus { "bonus payout" } else { "payout" }, job.n, 0);
        let temper = self.catalogue.requesters[job.requester].temper;
        let [low, high] = PAYOUT_MS;
        let patience = if temper == Temper::SlowPayer { dice.between(20, 50) } else { 10 };
        let whole = dice.between(low, high) * patience / 10 / u64::from(self.setup.speed.max(1));
        let reference = format!("JM-{:08X}", dice.between(0, u64::from(u32::MAX)));
        let payment = Payment {
            n,
            claim,
            bonus,
            gross,
            fee,
            status: PaymentStatus::Expected,
            created_at: now,
            updated_at: now,
            paid_at: None,
            reference,
            change: 0,
        };
        self.put_payment(payment, now);
        let steps: &[(u64, u8)] = match temper {
            Temper::NeverPays if dice.percent(FAIL_OPENLY) => &[(100, FAILED)],
            Temper::NeverPays => &[],
            _ => &[(10, 1), (70, 2), (100, PAID)],
        };
        for (percent, step) in steps {
            self.memory.agenda.add(now + millis(whole * percent / 100), Event::Payout { payment: n, step: *step });
        }
    }

    /// One step of a payout.
    pub(super) fn move_money(&mut self, n: u64, step: u8, now: Time) {
        let Some(mut payment) = self.memory.payments.get(&n).filter(|p| p.is_due()).cloned() else { return };
        payment.status = match step {
            1 => PaymentStatus::Held,
            2 => PaymentStatus::Disbursing,
            PAID => PaymentStatus::Paid,
            _ => PaymentStatus::Failed,
        };
        if payment.status == PaymentStatus::Paid {
            payment.paid_at = Some(now);
        }
        let settles = payment.status == PaymentStatus::Paid && !payment.bonus;
        let claim = payment.claim;
        self.put_payment(payment, now);
        if let Some(claim) = self.memory.claims.get(&claim).filter(|c| settles && c.stage == Stage::Approved) {
            let claim = Claim { stage: Stage::Paid, ..claim.clone() };
            self.put_claim(claim, now);
        }
    }
}
