//! The person's own program: what it is given, what it is not, and what it cannot do to us.

use std::time::{Duration, Instant};

use juggler::alert::{Channel, Outlets, Program};
use juggler::config::AlertConfig;
use juggler::net::Http;
use serde_json::Value;

use super::{many, parcel};

fn sh(script: &str) -> Program {
    Program::new(&["sh".to_owned(), "-c".to_owned(), script.to_owned()]).unwrap()
}

#[tokio::test]
async fn it_is_given_the_alert_with_its_job_as_json() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("given");
    let argv = ["tee".to_owned(), file.to_str().unwrap().to_owned()];
    Program::new(&argv).unwrap().run(&parcel()).await.unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    assert_eq!(text.lines().count(), 1);
    let given: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&given["version"], &given["count"], &given["urgency"]), (&1.into(), &1.into(), &"high".into()));
    let alert = &given["alerts"][0];
    assert_eq!((&alert["kind"], &alert["rule"], &alert["job"]), (&"rule".into(), &"taglines".into(), &"practice:j1".into()));
    assert_eq!(given["jobs"][0]["key"], "practice:j1");
    assert_eq!(given["jobs"][0]["brief"], "Write five taglines.");
    // What a platform says stays data: no control character reaches the program.
    assert!(!text.trim_end().contains(|c: char| c.is_control()) && given["title"].as_str().unwrap().contains("^["));
}

#[test]
fn nothing_of_ours_is_in_its_environment() {
    // Another process, since a variable is everybody's.
    let this = std::env::current_exe().unwrap();
    let arguments = ["--exact", "alert::program::its_environment_is_clean", "--ignored", "--nocapture"];
    let secret =
        [("PRACTICE_KEY", "canary-1"), ("AWS_SECRET_ACCESS_KEY", "canary-2"), ("SSH_AUTH_SOCK", "canary-3"), ("LC_ALL", "C")];
    let ran = std::process::Command::new(this).args(arguments).envs(secret).output().unwrap();
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert!(ran.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&ran.stderr));
}

#[tokio::test]
#[ignore = "run by nothing_of_ours_is_in_its_environment"]
async fn its_environment_is_clean() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("environment");
    sh(&format!("env > '{}'", file.display())).run(&parcel()).await.unwrap();
    let environment = std::fs::read_to_string(&file).unwrap();
    assert!(!environment.contains("canary"), "{environment}");
    assert!(environment.contains("LC_ALL=C") && environment.contains("PATH="), "{environment}");
}

#[tokio::test]
async fn its_arguments_are_no_shell_words() {
    let dir = tempfile::tempdir().unwrap();
    let argv = ["touch".to_owned(), format!("{}/a; touch b $(id)", dir.path().display())];
    Program::new(&argv).unwrap().run(&parcel()).await.unwrap();
    let names: Vec<_> = std::fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["a; touch b $(id)"]);
    assert!(Program::new(&[]).is_none() && Program::new(&[String::new()]).is_none());
}

#[tokio::test]
async fn one_that_hangs_is_stopped_with_its_children() {
    let dir = tempfile::tempdir().unwrap();
    let pids = dir.path().join("pids");
    let script = format!("sleep 600 & echo $! > '{}'; sleep 600", pids.display());
    let begun = Instant::now();
    let failure = sh(&script).with_limit(Duration::from_millis(500)).run(&parcel()).await.unwrap_err();
    assert!(failure.why.contains("did not end within 500ms"), "{failure:?}");
    assert!(begun.elapsed() < Duration::from_secs(20));
    let pid: i32 = std::fs::read_to_string(&pids).unwrap().trim().parse().unwrap();
    crate::support::until("its child is gone", || {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        stat.is_empty() || stat.contains(") Z ")
    });
}

#[tokio::test]
async fn what_it_prints_does_not_hold_it_up_and_its_failure_is_told() {
    // More than a pipe holds, and nothing of it is read from standard input.
    sh("head -c 3000000 /dev/zero | tr '\\0' x; head -c 300000 /dev/zero >&2").run(&many(40)).await.unwrap();
    let failure = sh("echo first >&2; printf 'no\\033[31mway\\n' >&2; exit 3").run(&parcel()).await.unwrap_err();
    assert!(failure.why.contains("exit status: 3") && failure.why.contains("said: no^[[31mway"), "{failure:?}");
    let nowhere = Program::new(&["/nonexistent/program".to_owned()]).unwrap();
    assert!(nowhere.run(&parcel()).await.unwrap_err().what.contains("/nonexistent/program"));
    // What it leaves running does not count against it.
    let begun = Instant::now();
    sh("sleep 30 & exit 0").run(&parcel()).await.unwrap();
    assert!(begun.elapsed() < Duration::from_secs(9));
}

#[tokio::test]
async fn bundles_go_one_after_the_other_and_nobody_waits() {
    let dir = tempfile::tempdir().unwrap();
    let (lock, log) = (dir.path().join("lock"), dir.path().join("log"));
    // mkdir succeeds for one at a time only.
    let script = format!("mkdir '{0}' && cat >> '{1}' && sleep 0.05 && rmdir '{0}'", lock.display(), log.display());
    let config = AlertConfig { command: vec!["sh".into(), "-c".into(), script], ..AlertConfig::default() };
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let outlets = Outlets::start(&config, &Http::default(), tell);
    assert!(!outlets.is_empty());
    let begun = Instant::now();
    for n in 1..=5 {
        outlets.send(many(n));
    }
    assert!(begun.elapsed() < Duration::from_millis(500), "sending waits");
    for _ in 0..5 {
        let done = told.recv().await.unwrap();
        assert_eq!((done.channel, done.result.is_ok()), (Channel::Command, true), "{:?}", done.result);
    }
    let counts: Vec<u64> = std::fs::read_to_string(&log)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["alerts"].as_array().unwrap().len() as u64)
        .collect();
    assert_eq!(counts, [1, 2, 3, 4, 5]);
}

#[tokio::test]
async fn one_that_is_too_far_behind_says_what_is_lost() {
    let config = AlertConfig { command: vec!["sleep".into(), "600".into()], ..AlertConfig::default() };
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let outlets = Outlets::start(&config, &Http::default(), tell);
    for _ in 0..40 {
        outlets.send(parcel());
    }
    let failure = told.recv().await.unwrap().result.unwrap_err();
    assert!(failure.what.starts_with("an alert was not delivered") && failure.why.contains("earlier ones"), "{failure:?}");
}
