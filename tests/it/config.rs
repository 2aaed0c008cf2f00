//! Configuration: what a file, the environment and flags lead to, and what is said about mistakes.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use juggler::config::{
    AlertConfig, Config, Environment, KeyFrom, Overrides, Paths, Secret, SourceConfig, ThemeChoice, add_source, span,
};
use juggler::domain::{Asset, Hours, Money, Profile, SourceName};
use juggler::error::{Class, Failure};

mod sections;

/// An environment with a home and nothing else, plus `more`.
fn env(home: &Path, more: &[(&'static str, &str)]) -> Environment {
    let home = [("HOME", home.display().to_string())];
    home.into_iter().chain(more.iter().map(|(name, value)| (*name, (*value).to_owned()))).collect()
}

fn with_file(text: &str) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join(".config/juggler/config.toml");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, text).unwrap();
    (dir, file)
}

fn load(text: &str) -> Result<Config, Failure> {
    let (dir, _) = with_file(text);
    Config::load_with(&Overrides::default(), &env(dir.path(), &[]))
}

fn wrong(text: &str) -> Failure {
    let failure = load(text).unwrap_err();
    assert_eq!(failure.class, Class::Config, "{failure:?}");
    failure
}

#[test]
fn without_a_file_the_defaults_hold_and_nothing_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let config = Config::load_with(&Overrides::default(), &env(dir.path(), &[])).unwrap();
    assert_eq!(config, Config::defaults(config.paths.clone()));
    assert_eq!(config.idle_after, Duration::from_secs(60));
    assert!(config.mouse && config.auto_advance && config.week_starts_monday && config.sources.is_empty());
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn every_key_is_read() {
    let config = load(
        r#"
[general]
goal_day = "40.00 USD"
week_starts = "sunday"
mouse = false
theme = "light"
auto_advance = false
hand_limit = 9
idle_after = "1m30s"

[[source]]
name = "one"
recipe = "practice"
base_url = "http://127.0.0.1:8080/"
key_cmd = ["pass", "show", "x"]
poll_every = "45s"
enabled = false

[[source]]
name = "two"
recipe = "mine"
key_file = "~/two.key"

[[source]]
name = "three"
recipe = "mine"
key_file = "three.key"

[[source]]
name = "four"
recipe = "mine"
key_env = "FOUR"

[keys.feed]
"x" = "job.hide"
"g g" = ""
"#,
    )
    .unwrap();
    assert_eq!(config.goal, Some(Money::new(4000, Asset::USD)));
    assert!(!config.week_starts_monday && !config.mouse && !config.auto_advance);
    assert_eq!((config.theme, config.hand_limit, config.idle_after), (ThemeChoice::Light, 9, Duration::from_secs(90)));
    let one = &config.sources[0];
    assert_eq!(one.base_url.as_deref(), Some("http://127.0.0.1:8080"));
    assert_eq!(one.key, KeyFrom::Command(vec!["pass".into(), "show".into(), "x".into()]));
    assert_eq!((one.poll_every, one.enabled), (Some(Duration::from_secs(45)), false));
    let files: Vec<PathBuf> = config.sources[1..3]
        .iter()
        .map(|s| match &s.key {
            KeyFrom::File(path) => path.clone(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert!(files[0].ends_with("two.key") && !files[0].to_string_lossy().contains('~'));
    assert_eq!(files[1], config.paths.config_file.parent().unwrap().join("three.key"));
    assert_eq!(config.sources[3].key, KeyFrom::Env("FOUR".into()));
    let feed = |chord: &str, id: &str| ("feed".to_owned(), chord.to_owned(), id.to_owned());
    assert_eq!(config.keys, [feed("g g", ""), feed("x", "job.hide")]);
}

#[test]
fn the_shipped_example_is_right_commented_and_uncommented() {
    let text = include_str!("../../assets/config.toml");
    assert_eq!(load(text).unwrap().sources, []);
    // Keys and sections without their comment sign; of the origins of a key, one.
    let is_toml = |rest: &&str| {
        rest.starts_with('[') && rest.ends_with(']') || rest.split_once(" = ").is_some_and(|(key, _)| !key.contains(' '))
    };
    let uncommented: String = text
        .lines()
        .map(|line| line.strip_prefix("# ").filter(is_toml).unwrap_or(line))
        .filter(|line| !["key_cmd", "key_env", "key_credential", "adapter", "path"].iter().any(|key| line.starts_with(key)))
        .map(|line| format!("{line}\n"))
        .collect();
    let config = load(&uncommented).unwrap();
    assert_eq!(config.sources.len(), 1);
    let defaults = Config::defaults(config.paths.clone());
    let alert = AlertConfig { command: Vec::new(), webhook: None, quiet_hours: Hours::default(), ..config.alert.clone() };
    let said = Config {
        sources: Vec::new(),
        goal: None,
        keys: Vec::new(),
        profile: Profile::default(),
        views: defaults.views.clone(),
        rules: Vec::new(),
        commands: Vec::new(),
        assistants: Vec::new(),
        assist: None,
        art: juggler::config::ArtConfig { painter: None, watch: None, ..config.art.clone() },
        alert,
        ..config.clone()
    };
    assert_eq!(said, defaults, "the example shows the defaults");
    assert!(
        config.goal.is_some()
            && !config.keys.is_empty()
            && config.rules.len() == 1
            && config.views.len() == 1
            && config.commands.len() == 1
            && config.assistants.len() == 4
            && config.assist.as_deref() == Some("local")
    );
    assert!(config.alert.webhook.is_some() && !config.alert.command.is_empty() && !config.alert.quiet_hours.is_empty());
    let profile = serde_json::to_value(&config.profile).unwrap();
    let blank = serde_json::to_value(Profile::default()).unwrap();
    for (key, value) in profile.as_object().unwrap() {
        assert_ne!(Some(value), blank.get(key), "the example shows {key}");
    }
}

#[test]
fn mistakes_are_named_with_place_path_and_the_nearest_key() {
    // text, place, path, part of why, part of hint
    let cases = [
        ("[general]\ngoal_dya = \"1 USD\"\n", ":2:1", "general.goal_dya", "unknown key", "did you mean `goal_day`?"),
        ("[genral]\n", ":1:2", "genral", "unknown key", "did you mean `general`?"),
        ("mouse = true\n", ":1:1", "mouse", "unknown key", "[general]"),
        ("[[source]]\nname = \"a\"\nrecipe = \"r\"\nkey = \"s3cret\"\n", ":4:1", "source[0].key", "unknown key", "key_cmd"),
        ("[general]\nmouse = \"yes\"\n", ":2:9", "general.mouse", "expected a boolean", "mouse = true"),
        ("[general]\ngoal_day = 40\n", ":2:12", "general.goal_day", "expected a string", "\"40.00 USD\""),
        ("[general]\ngoal_day = \"40\"\n", ":2:1", "general.goal_day", "not an amount with a currency", "40.00 USD"),
        ("[general]\ngoal_day = \"4.001 USD\"\n", ":2:1", "general.goal_day", "decimal places", ""),
        ("[general]\ngoal_day = \"4 XYZW\"\n", ":2:1", "general.goal_day", "not a currency", ""),
        ("[general]\nweek_starts = \"friday\"\n", ":2:1", "general.week_starts", "neither", "monday"),
        ("[general]\ntheme = \"drak\"\n", ":2:1", "general.theme", "no theme", "did you mean \"dark\"?"),
        ("[general]\nhand_limit = 0\n", ":2:1", "general.hand_limit", "holds nothing", "1 or more"),
        ("[general]\nhand_limit = -1\n", ":2:14", "general.hand_limit", "", "hand_limit = 5"),
        ("[general]\nidle_after = \"soon\"\n", ":2:1", "general.idle_after", "not a length of time", ""),
        ("[[source]]\nrecipe = \"r\"\n", ":1:", "source[0]", "needs a name", "add name"),
        ("[[source]]\nname = \"a:b\"\nrecipe = \"r\"\n", ":2:1", "source[0].name", "cannot stand", "letters"),
        ("[[source]]\nname = \"a\"\n", ":1:", "source[0]", "needs a recipe", "add recipe"),
        ("[[source]]\nname=\"a\"\nrecipe=\"r\"\nbase_url=\"ftp://x\"\n", ":4:1", "source[0].base_url", "https://", "https"),
        ("[[source]]\nname=\"a\"\nrecipe=\"r\"\nbase_url=\"http://u:p@x\"\n", ":4:1", "source[0].base_url", "password", ""),
        ("[[source]]\nname=\"a\"\nrecipe=\"r\"\npoll_every=\"10ms\"\n", ":4:1", "source[0].poll_every", "too often", "1s"),
        ("[[source]]\nname=\"a\"\nrecipe=\"r\"\nkey_cmd=[]\n", ":4:1", "source[0].key_cmd", "no program", "pass"),
        (
            "[[source]]\nname=\"a\"\nrecipe=\"r\"\nkey_env=\"A\"\nkey_file=\"b\"\n",
            ":1:",
            "source[0]",
            "more than one",
            "keep one",
        ),
        ("[general]\nmouse = \n", ":2:", "", "", ""),
        ("[keys.feed]\nx = 1\n", ":2:5", "keys.feed.x", "expected a string", "command.id"),
    ];
    for (text, place, path, why, hint) in cases {
        let failure = wrong(text);
        assert!(failure.what.contains(&format!("config.toml{place}")), "{text}: {failure:?}");
        assert!(path.is_empty() || failure.what.contains(&format!("`{path}`")), "{text}: {failure:?}");
        assert!(failure.why.contains(why), "{text}: {failure:?}");
        assert!(failure.hint.contains(hint), "{text}: {failure:?}");
        assert!(!format!("{failure:?}").contains("s3cret"), "a key must not be repeated: {failure:?}");
    }
}

#[test]
fn two_sources_of_one_name_are_one_too_many() {
    let failure = wrong("[[source]]\nname=\"a\"\nrecipe=\"r\"\n[[source]]\nname=\"a\"\nrecipe=\"r\"\n");
    assert!(failure.what.contains(":5:1") && failure.why.contains("two sources are called \"a\""), "{failure:?}");
}

#[test]
fn all_problems_are_counted_and_listed() {
    let text = "[general]\ntheme = \"x\"\nhand_limit = 0\nidle_after = \"x\"\n";
    assert!(wrong(text).why.contains("2 more problems"));
    let (dir, file) = with_file(text);
    let (named, exists, problems) = Config::problems(&Overrides::default(), &env(dir.path(), &[])).unwrap();
    assert_eq!((named, exists, problems.len()), (file, true, 3));
    assert_eq!(problems.iter().map(|p| p.line).collect::<Vec<_>>(), [2, 3, 4]);
}

#[test]
fn columns_count_characters_not_bytes() {
    let failure = wrong("[keys.feed]\n\"ü\" = \"job.hide\"\n\"ß\" = 5\n");
    assert!(failure.what.contains(":3:7"), "{failure:?}");
}

#[test]
fn flags_go_before_environment_before_file_before_defaults() {
    let (dir, _) = with_file("[general]\ntheme = \"light\"\n");
    let theme = |flags: &Overrides, more: &[(&'static str, &str)]| {
        Config::load_with(flags, &env(dir.path(), more)).map(|config| config.theme)
    };
    let none = Overrides::default();
    assert_eq!(theme(&none, &[]), Ok(ThemeChoice::Light));
    assert_eq!(theme(&none, &[("NO_COLOR", "1")]), Ok(ThemeChoice::Mono));
    assert_eq!(theme(&none, &[("NO_COLOR", "")]), Ok(ThemeChoice::Light));
    assert_eq!(theme(&none, &[("NO_COLOR", "1"), ("JUGGLER_THEME", "dark")]), Ok(ThemeChoice::Dark));
    let auto = Overrides { theme: Some(ThemeChoice::Auto), ..Overrides::default() };
    assert_eq!(theme(&auto, &[("JUGGLER_THEME", "dark")]), Ok(ThemeChoice::Auto));
    let failure = theme(&none, &[("JUGGLER_THEME", "drak")]).unwrap_err();
    assert_eq!((failure.class, failure.what.as_str()), (Class::Config, "JUGGLER_THEME"));
}

#[test]
fn folders_follow_xdg_the_environment_and_flags() {
    let home = Path::new("/nobody/home");
    let paths = |flags: &Overrides, more: &[(&'static str, &str)]| Paths::resolve(flags, &env(home, more)).unwrap();
    let none = Overrides::default();
    let plain = paths(&none, &[]);
    assert_eq!(plain.config_file, home.join(".config/juggler/config.toml"));
    assert_eq!(plain.recipes, home.join(".config/juggler/platforms"));
    assert_eq!(plain.data, home.join(".local/share/juggler"));
    assert_eq!(plain.socket, home.join(".local/share/juggler/engine.sock"));
    let xdg = [("XDG_CONFIG_HOME", "/c"), ("XDG_DATA_HOME", "/d")];
    assert_eq!(paths(&none, &xdg).config_file, Path::new("/c/juggler/config.toml"));
    assert_eq!(paths(&none, &xdg).data, Path::new("/d/juggler"));
    assert_eq!(paths(&none, &[("XDG_DATA_HOME", "relative")]).data, plain.data, "relative ones are ignored");
    let named = [("JUGGLER_CONFIG", "/e/my.toml"), ("JUGGLER_DATA_DIR", "/e/data"), ("XDG_DATA_HOME", "/d")];
    assert_eq!(paths(&none, &named).config_file, Path::new("/e/my.toml"));
    assert_eq!(paths(&none, &named).data, Path::new("/e/data"));
    let flags = Overrides { config: Some("/f/x.toml".into()), data_dir: Some("/f/../g".into()), ..Overrides::default() };
    assert_eq!(paths(&flags, &named).config_file, Path::new("/f/x.toml"));
    assert_eq!(paths(&flags, &named).data, Path::new("/g"));
}

#[test]
fn a_config_file_that_was_named_must_exist() {
    let dir = tempfile::tempdir().unwrap();
    let flags = Overrides { config: Some(dir.path().join("none.toml")), ..Overrides::default() };
    let failure = Config::load_with(&flags, &env(dir.path(), &[])).unwrap_err();
    assert_eq!(failure.class, Class::Config);
    assert!(failure.what.contains("none.toml") && !failure.hint.is_empty());
    fs::write(dir.path().join("none.toml"), [0x66, 0xff]).unwrap();
    let failure = Config::load_with(&flags, &env(dir.path(), &[])).unwrap_err();
    assert!(failure.what.contains("is not text") && failure.why.contains("byte 1"), "{failure:?}");
}

#[test]
fn the_socket_is_named_after_the_data_folder_and_fits() {
    let dir = tempfile::tempdir().unwrap();
    let runtime = dir.path().join("run");
    fs::create_dir(&runtime).unwrap();
    let socket = |data: &Path, runtime: Option<&Path>| Paths::at(dir.path().join("c"), data.to_owned(), runtime).socket;
    let (a, b) = (dir.path().join("a"), dir.path().join("b"));
    let one = socket(&a, Some(&runtime));
    assert!(one.starts_with(runtime.join("juggler")) && one.extension().is_some_and(|e| e == "sock"));
    assert_ne!(one, socket(&b, Some(&runtime)));
    // Before and after the folder is made, and through a link: the same engine.
    fs::create_dir(&a).unwrap();
    assert_eq!(one, socket(&a, Some(&runtime)));
    std::os::unix::fs::symlink(&a, dir.path().join("link")).unwrap();
    assert_eq!(one, socket(&dir.path().join("link"), Some(&runtime)));
    assert_eq!(socket(&a, Some(&dir.path().join("no such folder"))), a.join("engine.sock"));
    let long = dir.path().join("x".repeat(120));
    let short = socket(&long, None);
    assert!(short.starts_with("/tmp") && short.as_os_str().len() <= 107, "{short:?}");
}

#[test]
fn folders_are_made_for_their_owner_only() {
    let dir = tempfile::tempdir().unwrap();
    let paths = Paths::at(dir.path().join("c/config.toml"), dir.path().join("data"), Some(dir.path()));
    paths.prepare().unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&paths.data), 0o700);
    assert_eq!(mode(paths.socket.parent().unwrap()), 0o700);
    fs::set_permissions(&paths.data, fs::Permissions::from_mode(0o755)).unwrap();
    paths.prepare().unwrap();
    assert_eq!(mode(&paths.data), 0o700, "others were let in, and are let out again");
}

#[test]
fn adding_a_source_keeps_every_comment() {
    let text = "# mine\n[general]   # odd   spacing\nmouse=false\n\n[[source]] # first\nname='a'\nrecipe=\"r\"\n\n[keys.feed]\nx = \"job.hide\"\n";
    let (dir, file) = with_file(text);
    let load = || Config::load_with(&Overrides::default(), &env(dir.path(), &[])).unwrap();
    let source = SourceConfig {
        base_url: Some("http://127.0.0.1:1".into()),
        key: KeyFrom::Command(vec!["pass".into(), "show".into()]),
        poll_every: Some(Duration::from_secs(90)),
        ..SourceConfig::of(SourceName::new("b"), "practice")
    };
    add_source(&load(), &source).unwrap();
    let after = fs::read_to_string(&file).unwrap();
    for line in text.lines().filter(|line| !line.is_empty()) {
        assert!(after.contains(line), "{line} is gone from\n{after}");
    }
    let config = load();
    assert_eq!(config.sources[1], source);
    assert_eq!((config.mouse, config.keys.len()), (false, 1));
    let again = add_source(&config, &source).unwrap_err();
    assert_eq!(again.class, Class::Usage);
    assert_eq!(fs::read_to_string(&file).unwrap(), after);
}

#[test]
fn adding_the_first_source_makes_a_file_with_nothing_else_in_it() {
    let dir = tempfile::tempdir().unwrap();
    let load = || Config::load_with(&Overrides::default(), &env(dir.path(), &[])).unwrap();
    let key = KeyFrom::Env("A_KEY".into());
    let source = SourceConfig { key, ..SourceConfig::of(SourceName::new("a"), "r") };
    let config = load();
    add_source(&config, &source).unwrap();
    let text = fs::read_to_string(&config.paths.config_file).unwrap();
    assert_eq!(text, "[[source]]\nname = \"a\"\nrecipe = \"r\"\nkey_env = \"A_KEY\"\n");
    assert_eq!(load().sources, [source]);
}

#[test]
fn the_demo_profile_holds_one_source_and_shows_no_key() {
    let dir = tempfile::tempdir().unwrap();
    let config = Config::demo(dir.path(), "http://127.0.0.1:4000/", Secret::new("s3cret".into()));
    assert_eq!(config.sources.len(), 1);
    assert_eq!(config.sources[0].base_url.as_deref(), Some("http://127.0.0.1:4000"));
    assert_eq!(config.paths.data, dir.path());
    assert!(!format!("{config:?}").contains("s3cret"));
}

#[test]
fn lengths_of_time_are_read_and_written() {
    for (text, millis) in [("500ms", 500), ("30s", 30_000), ("5m", 300_000), ("1h30m", 5_400_000), ("2d", 172_800_000)] {
        assert_eq!(span::parse(text), Ok(Duration::from_millis(millis)), "{text}");
    }
    for bad in ["", "5", "s", "1.5h", "-3s", "5 parsecs", "99999999999999999999s", "18446744073709551615d"] {
        assert!(span::parse(bad).is_err(), "{bad}");
    }
}

proptest::proptest! {
    #[test]
    fn what_is_written_is_read_back(millis in 0_u64..10_000_000_000) {
        let span = Duration::from_millis(millis);
        proptest::prop_assert_eq!(span::parse(&span::write(span)), Ok(span));
    }

    #[test]
    fn no_file_makes_the_reader_panic(text in "[ -~\n]{0,200}") {
        let _ = load(&text);
    }
}
