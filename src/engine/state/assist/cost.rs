//! What asking may cost, and the terms of it: caps, dear calls, machines that texts go to for the first time.

use sha2::{Digest, Sha256};

use super::State;
use crate::assist::prompt::Composed;
use crate::assist::provider::host;
use crate::config::AssistantConfig;
use crate::domain::ai::{Ruling, Spending, Sum, rescaled};
use crate::domain::spend::{Cost, Tokens, Usage, short};
use crate::domain::{Assignment, AssignmentId, Money, SourceName, Text, Time};
use crate::engine::api::Terms;
use crate::engine::commission::Commission;
use crate::engine::zone;
use crate::error::{Class, Failure, Result};

/// Tokens that an answer is expected to have.
const EXPECTED: u32 = 1_000;
/// A call that is expected to cost more than this part of the pay is dear.
const DEAR: i64 = 10;

/// A program to be started for the first time.
pub(super) struct NewProgram {
    pub fingerprint: Text,
    pub title: String,
    /// What it may do, in sentences.
    pub powers: Vec<Text>,
}

/// What the person is asked before something new happens.
pub(super) struct New<'a> {
    /// Machines that texts of this source go to for the first time.
    pub hosts: &'a [Text],
    pub programs: &'a [NewProgram],
    /// Why the calls are dear, where they are.
    pub dear: Option<&'a str>,
}

impl State {
    /// What was spent, with what calls on the line may still cost.
    pub(in crate::engine::state) fn spending(&self, id: &AssignmentId, now: Time) -> Spending {
        let (day, month) = (zone::bounds(now, self.config.week_starts_monday).today, zone::month(now));
        let mut spending = self.book.calls.spending(id, day, month);
        for column in self.assisting.columns.values().filter(|column| column.ended.is_none()) {
            reserve(&mut spending.day, column.reserved);
            reserve(&mut spending.month, column.reserved);
            if column.assignment == *id {
                reserve(&mut spending.job, column.reserved);
            }
        }
        spending
    }

    /// A question whose dearest answer stays within the caps, with what that would cost.
    pub(super) fn within_caps(
        &self,
        assistant: &AssistantConfig,
        mut composed: Composed,
        spending: &Spending,
    ) -> Result<(Composed, Option<Cost>)> {
        let tariff = assistant.tariff.as_ref();
        let room = self.config.ai_caps.room(spending, tariff, composed.tokens, assistant.max_output).map_err(|why| {
            Failure::new(Class::Refused, format!("\"{}\" is not asked: it could cost too much", assistant.name))
                .why(why)
                .hint("raise cap_job, cap_day or cap_month under [assist] in the config, or ask a cheaper assistant")
        })?;
        if room < assistant.max_output {
            composed.limit(room);
            composed.sent.push(format!("at most {room} tokens come back, so that it stays within the caps"));
        }
        let usage = Usage { input: Tokens::estimated(composed.tokens), cached: 0, output: Tokens::estimated(room.into()) };
        Ok((composed, tariff.map(|tariff| tariff.cost(&usage))))
    }

    pub(super) fn is_agreed(&self, source: &SourceName, host: &Text) -> bool {
        self.book.calls.kept.is_agreed(source, host)
    }

    /// The warning where the calls are expected to cost much of what the job pays.
    pub(super) fn is_dear(
        &self,
        assignment: &Assignment,
        columns: &[(AssistantConfig, Composed, Option<Cost>)],
    ) -> Option<String> {
        if self.assisting.dear.contains(&assignment.id) {
            return None;
        }
        let pay = assignment.job.reward.net()?;
        let mut expected: Option<Money> = None;
        for (assistant, composed, _) in columns {
            let tariff = assistant.tariff.as_ref()?;
            let output = Tokens::estimated(assistant.max_output.min(EXPECTED).into());
            let cost = tariff.cost(&Usage { input: Tokens::estimated(composed.tokens), cached: 0, output }).money;
            expected = Some(expected.map_or(cost, |sum| sum.plus(cost).unwrap_or(cost)));
        }
        let expected = expected?;
        let pay_fine = rescaled(pay, expected.asset)?;
        (expected.minor.saturating_mul(DEAR) > pay_fine.minor)
            .then(|| format!("About ~{} is expected, more than a tenth of the {pay} that the job brings.", short(expected)))
    }

    pub(super) fn assist_terms(
        &self,
        assignment: &Assignment,
        commission: &Commission,
        columns: &[(AssistantConfig, Composed, Option<Cost>)],
        new: &New<'_>,
    ) -> Terms {
        let source = assignment.job.key.source();
        let line = |label: &str, value: &str| (Text::title(label), Text::title(value));
        let ruling = Ruling::of(&assignment.job, commission.decided);
        let mut lines = vec![line("job", assignment.job.title.as_str()), line("to do", commission.wish.action.label())];
        for (assistant, ..) in columns {
            let (model, place) = (assistant.model.as_deref(), host(assistant).0);
            let told = match &assistant.program {
                Some(_) => format!("{}: {place}", assistant.name),
                None => format!("{}: {} at {place}", assistant.name, model.unwrap_or("no model")),
            };
            lines.push(line("assistant", &told));
        }
        if let Some((_, composed, _)) = columns.first() {
            lines.push(line("sent", &composed.sent.join(", ")));
            lines.push(line("tokens", &format!("~{}", composed.tokens)));
        }
        let mut most = Sum::default();
        columns.iter().for_each(|(.., reserved)| reserve(&mut most, *reserved));
        let cost = match most.words() {
            words if words.is_empty() => "no price is known".to_owned(),
            words => format!("at most {}", words.trim_start_matches('~')),
        };
        lines.push(line("cost", &cost));
        lines.push(line("AI", &format!("{}{}", ruling.rule.sentence(), ruling.by())));
        let mut warnings = Vec::new();
        warnings.extend(new.programs.iter().flat_map(|program| program.powers.iter().cloned()));
        if !new.hosts.is_empty() {
            let hosts = new.hosts.iter().map(Text::as_str).collect::<Vec<_>>().join(" and ");
            warnings.push(Text::title(&format!("From now on texts of jobs from {source} may go to {hosts}; it is asked once.")));
        }
        warnings.extend(new.dear.map(Text::title));
        let programs: Vec<&Text> = new.programs.iter().map(|program| &program.fingerprint).collect();
        let (action, is_dear) = (commission.wish.action.word(), new.dear.is_some());
        let essence = format!("assist|{}|{action}|{:?}|{programs:?}|{is_dear}", assignment.id, new.hosts);
        let mut digest = format!("{:x}", Sha256::digest(essence));
        digest.truncate(16);
        let question = match new.programs {
            [] => "Ask the assistant?".to_owned(),
            [program] => format!("Let {} run on this computer?", program.title),
            _ => "Let these programs run on this computer?".to_owned(),
        };
        Terms { question: Text::title(&question), lines, warnings, digest, word: Text::default(), failing: Vec::new() }
    }
}

/// Adds what may still be spent.
pub(super) fn reserve(sum: &mut Sum, cost: Option<Cost>) {
    let Some(cost) = cost else { return };
    match sum.costs.iter_mut().find(|known| known.money.asset == cost.money.asset) {
        Some(known) => known.money = known.money.plus(cost.money).unwrap_or(Money::new(i64::MAX, known.money.asset)),
        None => sum.costs.push(cost),
    }
}
