//! `juggler store`: over the engine where one runs, else on the folder itself.

use serde_json::json;

use super::args::StoreCommand;
use super::{Out, ask, words};
use crate::config::Config;
use crate::daemon;
use crate::domain::Text;
use crate::engine::api::{Reply, Request};
use crate::error::{Class, Failure, Result};
use crate::store;

/// Runs one of them.
pub async fn run(command: StoreCommand, config: Config, out: &mut Out) -> Result<()> {
    let data = &config.paths.store();
    match command {
        StoreCommand::Path => path(&config, out),
        StoreCommand::Verify => {
            let verified = match daemon::connect(&config.paths).await? {
                Some((handle, _)) => {
                    let (findings, records) =
                        ask!(handle, Request::Verify, Reply::Verified { findings, records } => (findings, records));
                    store::Verified { findings, records, settles: Vec::new() }
                }
                None => store::verify(data)?,
            };
            report(&verified, out)
        }
        StoreCommand::Rebuild => {
            alone(&config, "made again").await?;
            let rebuilt = store::rebuild(data)?;
            if out.is_json() {
                return out.json(&json!({
                    "records": rebuilt.records, "jobs": rebuilt.jobs, "jobs_lost": rebuilt.jobs_lost, "mended": rebuilt.mended,
                }));
            }
            mended(&rebuilt.mended, out);
            let lost = if rebuilt.jobs_lost { "; the platforms list the others again: juggler jobs --poll" } else { "" };
            let records = words::count(rebuilt.records as usize, "record");
            out.line(format!("made again from {records}, with {} of the feed{lost}", words::count(rebuilt.jobs as usize, "row")));
            Ok(())
        }
        StoreCommand::Backup { file } => {
            let file = std::path::absolute(&file).unwrap_or(file);
            match daemon::connect(&config.paths).await? {
                Some((handle, _)) => ask!(handle, Request::Backup { to: file.clone() }, Reply::Done => ()),
                None => store::backup(data, &file).map(|_| ())?,
            }
            if out.is_json() {
                return out.json(&json!({ "backup": file }));
            }
            out.line(format!("backup written to {}", file.display()));
            Ok(())
        }
        StoreCommand::Restore { file } => {
            alone(&config, "restored").await?;
            config.paths.prepare()?;
            let restored = store::restore(data, &file)?;
            if out.is_json() {
                return out.json(&json!({ "records": restored.records, "data": data }));
            }
            out.line(format!("{} taken into {}", words::count(restored.records as usize, "record"), data.display()));
            Ok(())
        }
    }
}

fn path(config: &Config, out: &mut Out) -> Result<()> {
    let journal = store::path(&config.paths.store());
    if out.is_json() {
        return out.json(&json!({ "data": config.paths.data, "journal": journal, "exists": journal.is_dir() }));
    }
    out.line(journal.display().to_string());
    Ok(())
}

fn mended(texts: &[Text], out: &mut Out) {
    texts.iter().for_each(|text| out.line(format!("mended: {text}")));
}

fn report(verified: &store::Verified, out: &mut Out) -> Result<()> {
    let store::Verified { findings, settles, records } = verified;
    if out.is_json() {
        let agree = findings.is_empty();
        out.json(&json!({ "records": records, "findings": findings, "settles": settles, "agree": agree }))?;
    } else {
        findings.iter().chain(settles).for_each(|finding| out.line(finding.as_str()));
        let read = words::count(*records as usize, "record");
        match (findings.is_empty(), settles.is_empty()) {
            (true, true) => out.line(format!("{read} read; journal and store agree")),
            (true, false) => out.line(format!("{read} read, every one of them whole; nothing needs to be done")),
            (false, _) => {}
        }
    }
    if findings.is_empty() {
        return Ok(());
    }
    Err(Failure::new(Class::Store, format!("the store has {}", words::count(findings.len(), "finding")))
        .why(&findings[0])
        .hint("the journal is the truth: juggler store rebuild makes the rest again from it"))
}

/// Refuses while an engine runs: it would go on with what it has in memory.
async fn alone(config: &Config, what: &str) -> Result<()> {
    match daemon::connect(&config.paths).await? {
        None => Ok(()),
        Some((_, pid)) => Err(Failure::new(Class::Busy, format!("the store cannot be {what} while juggler runs"))
            .why(format!("process {pid} holds it"))
            .hint("close it first")),
    }
}
