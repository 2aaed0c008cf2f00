//! The scaffold and repair against every template of the practice market: what is laid out must come to pass.

use std::path::{Path, PathBuf};

use juggler::assist::{Layout, lay_out, repair};
use juggler::documents;
use juggler::domain::check::{Finding, Judged, Verdict, check, passes};
use juggler::domain::draft::FileItem;
use juggler::domain::job::Attachment;
use juggler::domain::{Deliverable, Job, SourceName, Text};
use serde_json::Value;

use super::noon;

/// Rounds of repair that the headless player allows.
pub const ROUNDS: usize = 8;

fn market() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/market")
}

/// Every job that the templates can make, with a name to find it by.
pub fn jobs() -> Vec<(String, Job)> {
    let mut jobs = Vec::new();
    let mut kinds: Vec<PathBuf> = std::fs::read_dir(market().join("kinds")).unwrap().map(|e| e.unwrap().path()).collect();
    kinds.sort();
    for path in kinds {
        let file: Value = toml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        for template in file["template"].as_array().unwrap() {
            for (n, vars) in template["vars"].as_array().unwrap().iter().enumerate() {
                let name = format!("{} #{n}", template["id"].as_str().unwrap());
                jobs.push((name, made(template, vars, n)));
            }
        }
    }
    jobs
}

fn made(template: &Value, vars: &Value, n: usize) -> Job {
    let text = |key: &str| rendered(&template[key], vars).as_str().unwrap_or_default().to_owned();
    let native = format!("{}-{n}", text("id"));
    let mut job = Job::new(&SourceName::new("practice"), &native, &text("title"), noon());
    job.brief = Text::body(&text("brief"));
    job.language = template.get("language").map(|_| Text::title(&text("language")));
    job.requester.name = Text::title("Lumen & Daughters");
    job.deliverable = serde_json::from_value::<Deliverable>(rendered(&template["deliverable"], vars)).unwrap();
    for attachment in template.get("attachments").and_then(Value::as_array).into_iter().flatten() {
        let attachment = rendered(attachment, vars);
        let word = |key: &str| attachment.get(key).and_then(Value::as_str);
        let mime = word("mime").unwrap();
        let content = match (word("text"), word("file")) {
            (Some(text), _) => Some(text.to_owned()),
            (None, Some(file)) if mime == "text/plain" => Some(std::fs::read_to_string(market().join(file)).unwrap()),
            _ => None,
        };
        job.attachments.push(Attachment {
            name: Text::title(word("name").unwrap()),
            mime: Text::title(mime),
            size: None,
            sha256: None,
            url: None,
            text: content.as_deref().map(Text::body),
        });
    }
    job
}

fn rendered(value: &Value, vars: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(minijinja::Environment::new().render_str(text, vars).unwrap()),
        Value::Array(list) => list.iter().map(|v| rendered(v, vars)).collect(),
        Value::Object(map) => map.iter().map(|(k, v)| (k.clone(), rendered(v, vars))).collect(),
        other => other.clone(),
    }
}

/// The layout's pictures as files of a draft.
pub fn files(layout: &Layout) -> Vec<FileItem> {
    layout.pictures.iter().map(|p| super::file(&p.name, p.png_bytes.len() as u64, documents::facts(&p.png_bytes))).collect()
}

/// Checks and repairs as the headless player does; the text, the rounds it took and the last findings.
pub fn made_to_pass(job: &Job, text: &str, files: &[FileItem]) -> (String, usize, Vec<Finding>) {
    let mut text = text.to_owned();
    for round in 0..=ROUNDS {
        let found = check(&job.deliverable, &Judged::of(job, &text, files));
        if passes(&found) || round == ROUNDS {
            return (text, round, found);
        }
        text = repair(job, &text, &found);
    }
    unreachable!()
}

#[test]
fn every_template_of_the_practice_market_can_be_laid_out_and_repaired_until_it_passes() {
    let jobs = jobs();
    assert!(jobs.len() >= 40, "only {} jobs", jobs.len());
    let mut wrong = Vec::new();
    for (name, job) in &jobs {
        let layout = lay_out(job);
        assert_eq!(layout, lay_out(job), "{name} is laid out differently each time");
        let (text, rounds, found) = made_to_pass(job, &layout.text, &files(&layout));
        if std::env::var_os("SHOW_LAYOUTS").is_some() {
            let _ = std::fs::write(
                std::env::temp_dir().join(format!("layout-{}.txt", job.key.native())),
                format!("{rounds}\n{text}"),
            );
        }
        let bad: Vec<&Finding> = found.iter().filter(|f| f.verdict == Verdict::Fail).collect();
        if !bad.is_empty() {
            wrong.push(format!("{name}: {bad:?}"));
        }
        // What the craft asks for beyond the job may warn of a lay-out; the job's own musts may not even do that.
        let musts = &found[..job.deliverable.rules.len().min(found.len())];
        assert!(musts.iter().all(|f| f.verdict != Verdict::Warn), "{name}: {musts:?}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_draft_full_of_faults_is_repaired_for_every_template() {
    let mut wrong = Vec::new();
    // One set of words of each template: it is the demands that differ.
    for (name, job) in jobs().iter().filter(|(name, _)| name.ends_with("#0")) {
        let layout = lay_out(job);
        let (good, _, _) = made_to_pass(job, &layout.text, &files(&layout));
        let faults = [
            format!("{good}\n{good}"),
            good.lines().take(1).collect::<Vec<_>>().join("\n"),
            good.replace(' ', " 7,341,559 perfect best "),
            "x".to_owned(),
            good.to_uppercase(),
        ];
        for (n, bad) in faults.iter().enumerate() {
            let (_, _, found) = made_to_pass(job, bad, &files(&layout));
            if !passes(&found) {
                let bad: Vec<&Finding> = found.iter().filter(|f| f.verdict == Verdict::Fail).collect();
                wrong.push(format!("{name}, fault {n}: {bad:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
