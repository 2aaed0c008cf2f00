//! `juggler doctor`: looks at everything the program stands on, and says what to do where something is wrong.

mod alert;
mod assist;
mod attachments;
mod disk;
mod kept;
mod process;
mod source;
mod terminal;

use serde::Serialize;

use super::out::{Out, Role};
use super::table::{Column, Table};
use super::words;
use crate::config::{Config, Environment, Overrides, Paths};
use crate::error::{Class, Failure, Result};

/// How one thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// As it should be.
    Ok,
    /// It works, but look.
    Warn,
    /// It does not work.
    Fail,
}

/// One thing that was looked at.
#[derive(Clone, Debug, Serialize)]
pub struct Check {
    name: String,
    health: Health,
    /// What was found.
    found: String,
    /// What to do; empty when nothing needs doing.
    fix: String,
}

impl Check {
    fn new(name: impl Into<String>, health: Health, found: impl Into<String>, fix: impl Into<String>) -> Check {
        Check { name: name.into(), health, found: found.into(), fix: fix.into() }
    }

    fn ok(name: impl Into<String>, found: impl Into<String>) -> Check {
        Check::new(name, Health::Ok, found, "")
    }

    fn failed(name: impl Into<String>, failure: &Failure) -> Check {
        Check::new(name, Health::Fail, failure.to_string(), failure.hint.clone())
    }
}

/// Looks at everything; fails when something does not work.
pub async fn run(overrides: &Overrides, out: &mut Out) -> Result<()> {
    let mut checks = terminal::checks();
    match Paths::of_process(overrides) {
        Err(failure) => checks.push(Check::failed("folders", &failure)),
        Ok(paths) => {
            let config = Config::load(overrides);
            checks.push(config_file(&config, overrides));
            // A broken file does not hide what else is wrong: the rest is looked at with the defaults.
            let config = config.unwrap_or_else(|_| Config::defaults(paths));
            checks.extend(alert::checks(&config.alert));
            checks.extend(disk::checks(&config.paths));
            checks.extend(attachments::checks(&config.paths));
            checks.extend(process::checks(&config).await);
            checks.extend(assist::checks(&config).await);
            checks.extend(source::checks(config).await);
        }
    }
    if out.is_json() {
        let healthy = checks.iter().all(|check| check.health != Health::Fail);
        out.json(&serde_json::json!({ "healthy": healthy, "checks": checks }))?;
    } else {
        print(&checks, out);
    }
    let failing: Vec<&Check> = checks.iter().filter(|check| check.health == Health::Fail).collect();
    match failing.first() {
        None => Ok(()),
        Some(first) => Err(Failure::new(Class::Refused, format!("{} not work", do_not(failing.len())))
            .why(format!("{}: {}", first.name, first.found))
            .hint(first.fix.clone())),
    }
}

fn do_not(n: usize) -> String {
    format!("{} {}", words::count(n, "thing"), if n == 1 { "does" } else { "do" })
}

fn print(checks: &[Check], out: &mut Out) {
    let mut table = Table::new(&[("", Column::Left), ("WHAT", Column::Left), ("FOUND", Column::Left)]);
    for check in checks {
        let sign = match check.health {
            Health::Ok => "ok",
            Health::Warn => "look",
            Health::Fail => "FAIL",
        };
        table.row([sign.to_owned(), check.name.clone(), crate::domain::Text::title(&check.found).to_string()]);
    }
    table.print(out);
    for check in checks.iter().filter(|check| !check.fix.is_empty()) {
        let role = if check.health == Health::Fail { Role::Bad } else { Role::Warn };
        out.line(format!("{}: {}", out.paint(role, &check.name), crate::domain::Text::title(&check.fix)));
    }
}

fn config_file(config: &Result<Config>, overrides: &Overrides) -> Check {
    match config {
        Err(failure) => Check::failed("config", failure),
        Ok(config) => match Config::problems(overrides, &Environment::of_process()) {
            Ok((file, true, _)) => {
                let sources = words::count(config.sources.len(), "source");
                Check::ok("config", format!("{}: {sources}", file.display()))
            }
            Ok((file, false, _)) => Check::ok("config", format!("there is no {}; the defaults hold", file.display())),
            Err(failure) => Check::failed("config", &failure),
        },
    }
}
