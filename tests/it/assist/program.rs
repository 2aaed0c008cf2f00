//! Programs as assistants: asked for first, in a folder of their own, with their words as they come and the files they leave.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use futures_util::StreamExt;
use juggler::assist::provider::{Answer, Ask, Piece, Provider, Why, program};
use juggler::config::{AssistantConfig, AssistantKind, ProgramConfig};
use juggler::domain::ai::{Action, Ended, Wish};
use juggler::domain::draft::FileItem;
use juggler::domain::{AiRule, AssignmentId, Origin, Text};
use juggler::engine::api::{Asking, Reply, Request};

use super::ask;
use super::asking::{claimed, save, stage, whole};
use crate::support::{Stage, until};

/// A program of a person's.
struct Written {
    dir: tempfile::TempDir,
}

impl Written {
    fn new() -> Written {
        Written { dir: tempfile::tempdir().unwrap() }
    }

    fn place(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// An assistant that runs this script, which may write into the folder of this test.
    fn assistant(&self, script: &str) -> AssistantConfig {
        let path = self.place("tool");
        std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        let mut config = AssistantConfig::of("tool", AssistantKind::Command);
        config.program =
            Some(ProgramConfig { argv: vec![path.to_string_lossy().into_owned()], network: true, ..ProgramConfig::default() });
        config
    }
}

/// Asks and agrees to what is asked back; what that was.
async fn agree(stage: &Stage, id: &AssignmentId, wish: Wish) -> (Asking, Option<juggler::engine::api::Terms>) {
    let request = |agreed| Request::Assist { assignment: id.clone(), wish: wish.clone(), agreed };
    match stage.ask(request(None)).await {
        Reply::Asking(asking) => (asking, None),
        Reply::Terms(terms) => match stage.ask(request(Some(terms.digest.clone()))).await {
            Reply::Asking(asking) => (asking, Some(terms)),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

fn rewrite() -> Wish {
    Wish { instruction: Text::title("calmer"), ..Wish::of(Action::Rewrite) }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_is_asked_for_before_it_first_runs_and_its_words_and_files_come_back() {
    let written = Written::new();
    let marker = written.place("ran");
    let mut tool = written.assistant(&format!(
        "cat > question.txt; echo reading >&2; echo 'Calm words.'; mkdir -p out; printf one > out/new.txt; touch {} || true",
        marker.display()
    ));
    let stage = stage(vec![tool.clone()]).await;
    let id = claimed(&stage, "tagline", &[AiRule::Allowed, AiRule::Disclose]).await;
    save(&stage, &id, "Loud words!!!\n").await;

    let request = Request::Assist { assignment: id.clone(), wish: rewrite(), agreed: None };
    let Reply::Terms(terms) = stage.ask(request).await else { panic!("it is asked for first") };
    assert_eq!(terms.question.as_str(), "Let the program tool run on this computer?");
    let said = terms.warnings.iter().map(Text::as_str).collect::<Vec<_>>().join("\n");
    assert!(said.contains(&written.place("tool").display().to_string()) && said.contains("talk it into things"), "{said}");
    assert!(
        said.contains(if program::is_sandbox_here() { "A sandbox (bubblewrap) holds it" } else { "NOT SANDBOXED" }),
        "{said}"
    );
    assert!(!marker.exists(), "nothing ran before the yes");

    let (asking, _) = agree(&stage, &id, rewrite()).await;
    let (said, _) = whole(&stage, &asking.columns[0]).await;
    assert_eq!((said.ended, said.text.as_str().trim()), (Some(Ended::Done), "Calm words."), "{said:?}");
    let names: Vec<&str> = said.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["out-new.txt", "question.txt"]);
    assert!(said.files.iter().all(|file| file.origin == Origin::Ai { call: said.call.clone() }), "{:?}", said.files);
    let question = std::fs::read_to_string(&said.files[1].path).unwrap();
    assert!(
        question.contains("Loud words!!!") && question.contains("calmer") && question.contains("folder you are in"),
        "{question}"
    );
    // A sandbox holds it: the marker stands outside of its folder.
    assert_eq!(marker.exists(), !program::is_sandbox_here());

    // It is not asked again, until the program is another one.
    let (_, again) = agree(&stage, &id, rewrite()).await;
    assert!(again.is_none(), "{again:?}");
    let left: Vec<_> = std::fs::read_dir(stage.config.paths.store().join("programs")).unwrap().flatten().collect();
    until("its folder is gone", || left.iter().all(|entry| !entry.path().exists()));
    tool.program.as_mut().unwrap().argv.push("--yolo".to_owned());
    let stage = stage.restart_with(|config| config.assistants = vec![tool]).await;
    let (_, again) = agree(&stage, &id, rewrite()).await;
    assert!(again.is_some_and(|terms| terms.warnings.iter().any(|line| line.as_str().contains("--yolo"))));
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_sees_no_keys_no_home_and_no_sockets() {
    let written = Written::new();
    let tool = written.assistant("env | sort; echo \"home: $(ls -A \"$HOME\" | wc -l)\"");
    let stage = stage(vec![tool]).await;
    let id = claimed(&stage, "tagline", &[AiRule::Allowed, AiRule::Disclose]).await;
    save(&stage, &id, "Loud words!!!\n").await;
    let (asking, _) = agree(&stage, &id, rewrite()).await;
    let (said, _) = whole(&stage, &asking.columns[0]).await;
    let text = said.text.as_str();
    assert!(text.contains("home: 0") && text.contains("HOME=") && text.contains("TERM=dumb"), "{text}");
    let names: Vec<&str> = text.lines().filter_map(|line| line.split_once('=')).map(|(name, _)| name).collect();
    let known =
        ["PATH", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TERM", "HOME", "TMPDIR", "PWD", "OLDPWD", "SHLVL", "_"];
    assert!(names.iter().all(|name| known.contains(name) || name.starts_with("LC_")), "{names:?}");
    stage.end().await;
}

#[tokio::test]
async fn without_a_sandbox_it_gets_no_more_of_the_environment_and_the_files_of_the_draft() {
    let written = Written::new();
    let kept = written.place("kept");
    std::fs::write(&kept, "a cup").unwrap();
    let tool = written.assistant("cat cup.txt; env | cut -d= -f1; ls -A \"$HOME\"; printf more >> cup.txt");
    let file = FileItem {
        name: Text::title("cup.txt"),
        path: kept.clone(),
        size: 5,
        sha256: String::new(),
        facts: Default::default(),
        origin: Origin::External,
    };
    let scratch = written.place("scratch");
    let provider = program::Program::new(&tool, &scratch);
    let ask = Ask { files: vec![file], sandboxed: false, ..ask() };
    let mut answer = Answer::new(&tool, &ask);
    let (mut pieces, mut left) = (provider.ask(ask), Vec::new());
    while let Some(piece) = pieces.next().await {
        if let Piece::Left { name, path } = &piece {
            left.push((name.to_string(), std::fs::read_to_string(path).unwrap()));
        }
        answer.take(piece);
    }
    assert_eq!(answer.why(), Some(&Why::Done), "{answer:?}");
    assert!(answer.words().starts_with("a cup"), "{}", answer.words());
    assert!(!answer.words().contains("SSH_AUTH_SOCK") && !answer.words().contains("DBUS") && !answer.words().contains("CARGO"));
    assert_eq!(left, [("cup.txt".to_owned(), "a cupmore".to_owned())], "what it changed comes back");
    assert_eq!(std::fs::read_to_string(&kept).unwrap(), "a cup", "and what was kept is as it was");
    drop(pieces);
    until("nothing stays behind", || std::fs::read_dir(&scratch).unwrap().count() == 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_on_is_told_live_and_who_is_stopped_is_gone_with_all_it_started() {
    let written = Written::new();
    let tool = written.assistant("echo 'step one' >&2; echo 'First words.'; sleep 600 & echo $! ; wait");
    let stage = stage(vec![tool]).await;
    let id = claimed(&stage, "tagline", &[AiRule::Allowed, AiRule::Disclose]).await;
    save(&stage, &id, "Loud words!!!\n").await;
    let (asking, _) = agree(&stage, &id, rewrite()).await;
    let column = asking.columns[0].clone();
    let (mut seen, mut edition) = (0, 0);
    let said = loop {
        let request = Request::AssistText { column: column.clone(), edition, seen };
        let Reply::Said(said) = stage.ask(request).await else { panic!() };
        (seen, edition) = (said.from + said.text.as_str().len(), said.edition);
        if said.note.as_str() == "step one" && seen > "First words.\n".len() {
            break said;
        }
    };
    assert_eq!(said.ended, None, "{said:?}");
    let folder = stage.config.paths.store().join("programs");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1, "it has a folder of its own");
    let sleeping = || sleepers(written.dir.path());
    assert!(sleeping() > 0, "it runs");
    stage.ask(Request::AssistStop { column: column.clone() }).await;
    let (said, _) = whole(&stage, &column).await;
    assert!(said.ended == Some(Ended::Stopped) && said.text.as_str().starts_with("First words."), "{said:?}");
    until("nobody runs", || sleeping() == 0 && std::fs::read_dir(&folder).unwrap().count() == 0);
    stage.end().await;
}

/// Processes whose command line, or whose parent's, names a program in this folder.
fn sleepers(dir: &Path) -> usize {
    let of = |pid: &str, what: &str| std::fs::read(format!("/proc/{pid}/{what}")).unwrap_or_default();
    let pids: Vec<String> = std::fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name.bytes().all(|b| b.is_ascii_digit()))
        .collect();
    let needle = dir.to_string_lossy().into_owned();
    pids.iter().filter(|pid| String::from_utf8_lossy(&of(pid, "cmdline")).contains(&needle)).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_fails_takes_too_long_says_too_much_or_is_not_there_ends_in_a_sentence() {
    for (script, limit, ended, words) in [
        ("echo 'no login' >&2; exit 3", 60, Ended::Failed, "exit code 3: no login"),
        ("echo begun; sleep 600", 1, Ended::Cut, "its time (limit) was over"),
        ("yes 'words and words' | head -c 3000000", 60, Ended::Cut, "more than an answer may have"),
    ] {
        let written = Written::new();
        let mut tool = written.assistant(script);
        tool.limit = Duration::from_secs(limit);
        let stage = stage(vec![tool]).await;
        let id = claimed(&stage, "tagline", &[AiRule::Allowed, AiRule::Disclose]).await;
        save(&stage, &id, "Loud words!!!\n").await;
        let (asking, _) = agree(&stage, &id, rewrite()).await;
        let (said, _) = whole(&stage, &asking.columns[0]).await;
        assert_eq!(said.ended, Some(ended), "{script}: {said:?}");
        assert!(said.note.as_str().contains(words), "{script}: {said:?}");
        stage.end().await;
    }
    let mut tool = AssistantConfig::of("tool", AssistantKind::Command);
    tool.program = Some(ProgramConfig { argv: vec!["/nowhere/agent".to_owned()], ..ProgramConfig::default() });
    let stage = stage(vec![tool]).await;
    let id = claimed(&stage, "tagline", &[AiRule::Allowed, AiRule::Disclose]).await;
    save(&stage, &id, "Loud words!!!\n").await;
    let (asking, _) = agree(&stage, &id, rewrite()).await;
    let (said, _) = whole(&stage, &asking.columns[0]).await;
    assert!(said.ended == Some(Ended::Failed) && said.note.as_str().contains("neither a file that can be run"), "{said:?}");
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_job_for_people_nothing_is_started() {
    let written = Written::new();
    let marker = written.place("ran");
    let tool = written.assistant(&format!("touch {}", marker.display()));
    let stage = stage(vec![tool]).await;
    let id = stage.claim(|row| row.ai == AiRule::HumanOnly).await.assignment.id;
    save(&stage, &id, "My own words.\n").await;
    for agreed in [None, Some("anything".to_owned())] {
        let request = Request::Assist { assignment: id.clone(), wish: rewrite(), agreed };
        let refused = stage.try_ask(request).await.unwrap_err();
        assert!(refused.what.contains("no assistant is asked"), "{refused:?}");
    }
    assert!(!marker.exists() && !stage.config.paths.store().join("programs").exists());
    stage.end().await;
}
