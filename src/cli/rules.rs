//! `juggler rules`: what they are and did, and what one would have done.

use std::time::Duration;

use chrono::Utc;

use super::args::RulesCommand;
use super::table::{Column, Table};
use super::{Out, ask, query, words};
use crate::domain::Text;
use crate::engine::Handle;
use crate::engine::api::{Reply, Request, RuleView, Trial, TrialMatch};
use crate::error::{Failure, Result};

/// Lists the rules, or rehearses one.
pub async fn run(command: Option<RulesCommand>, handle: &Handle, out: &mut Out) -> Result<()> {
    match command {
        None => list(handle, out).await,
        Some(RulesCommand::Test { rule, since, limit }) => test(&rule, since, limit, handle, out).await,
    }
}

async fn list(handle: &Handle, out: &mut Out) -> Result<()> {
    let rules = ask!(handle, Request::Rules, Reply::Rules { rules } => rules);
    if out.is_json() {
        return rules.iter().try_for_each(|rule| out.json(rule));
    }
    use Column::{Flex, Left, Right};
    let mut table =
        Table::new(&[("NAME", Left), ("DOES", Left), ("TODAY", Right), ("LAST", Right), ("NOW", Left), ("QUERY", Flex)]);
    let now = Utc::now();
    for rule in &rules {
        table.row([
            rule.name.to_string(),
            rule.actions.to_string(),
            rule.fired_today.to_string(),
            rule.last_fired.map_or_else(|| "–".to_owned(), |at| words::age(at, now)),
            rule.resting.as_ref().map_or_else(|| "watching".to_owned(), |why| format!("resting: {why}")),
            rule.query.to_string(),
        ]);
    }
    table.print(out);
    if rules.is_empty() {
        out.note("no rule is in the config: [[rule]] with name, query and actions makes one (juggler config path)");
    }
    Ok(())
}

async fn test(given: &[String], since: Duration, limit: usize, handle: &Handle, out: &mut Out) -> Result<()> {
    let rules = ask!(handle, Request::Rules, Reply::Rules { rules } => rules);
    let rule = name_or_query(given, &rules)?;
    let request = Request::TryRule { rule, since: since.as_secs() };
    let trial = ask!(handle, request, Reply::Trial(trial) => trial);
    if out.is_json() {
        return out.json(&trial);
    }
    let spoken = words::span(i64::try_from(since.as_secs()).unwrap_or(i64::MAX));
    let looked = words::count(trial.looked_at, "job");
    out.line(format!("{}: {looked} of the last {spoken} looked at, {} would match", trial.rule, trial.matched));
    print(&trial, limit, out);
    Ok(())
}

/// The rule of that name as it is written, or the query.
fn name_or_query(given: &[String], rules: &[RuleView]) -> Result<Text> {
    let text = given.join(" ");
    let folded = text.trim().to_lowercase();
    let exact = rules.iter().find(|rule| rule.name.as_str() == text);
    if let Some(rule) = exact.or_else(|| rules.iter().find(|rule| rule.name.as_str().to_lowercase() == folded)) {
        return Ok(rule.name.clone());
    }
    let names: Vec<&str> = rules.iter().map(|rule| rule.name.as_str()).collect();
    let known = if names.is_empty() { "no rule is in the config".to_owned() } else { format!("rules: {}", names.join(", ")) };
    let query = query::parse(given).map_err(|failure| Failure {
        what: "there is no rule of that name, and as a query it makes no sense".to_owned(),
        hint: format!("{}; {known}", failure.hint),
        ..failure
    })?;
    Ok(Text::own(&query::listed(query)?.to_string()))
}

fn print(trial: &Trial, limit: usize, out: &mut Out) {
    use Column::{Flex, Left, Right};
    let mut table = Table::new(&[
        ("KEY", Left),
        ("AGE", Right),
        ("PAY", Right),
        ("RATE", Right),
        ("WOULD", Left),
        ("NOT", Left),
        ("TITLE", Flex),
    ]);
    let now = Utc::now();
    let mut reasons: Vec<&(Text, Text)> = Vec::new();
    for TrialMatch { row, would, not } in trial.matches.iter().take(limit) {
        // The same reason holds for most of them: it is said once, below.
        let refused = not.iter().map(|refusal| {
            let at = reasons.iter().position(|known| *known == refusal).unwrap_or_else(|| {
                reasons.push(refusal);
                reasons.len() - 1
            });
            format!("{} ({})", refusal.0, at + 1)
        });
        table.row([
            row.key.to_string(),
            words::age(row.since, now),
            words::money(row.pay),
            words::rate(row.rate.as_ref()),
            would.iter().map(|act| act.as_str()).collect::<Vec<_>>().join(", "),
            refused.collect::<Vec<_>>().join(", "),
            row.title.to_string(),
        ]);
    }
    table.print(out);
    for (n, (_, why)) in reasons.iter().enumerate() {
        out.line(format!("({}) {why}", n + 1));
    }
    let shown = trial.matches.len().min(limit);
    if trial.matched > shown {
        out.note(format!("{shown} of {} matches, latest first", trial.matched));
    }
}
