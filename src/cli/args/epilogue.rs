//! What stands below every help and on every page of the manual: exit codes, environment, files. Defined once.

/// What each exit code means.
pub const EXIT_CODES: [(u8, &str); 14] = [
    (0, "done"),
    (1, "a bug, or something unexpected"),
    (2, "the command line is wrong"),
    (3, "the configuration or a recipe is wrong"),
    (4, "no such job, assignment or source"),
    (5, "the platform or the state says no"),
    (6, "the platform cannot be reached"),
    (7, "sign in, or renew a key"),
    (8, "the disk or the store failed"),
    (9, "another juggler holds the store"),
    (10, "sent, and nobody answered: look first"),
    (11, "it needs a yes: read the terms, add --yes"),
    (12, "checks fail"),
    (129, "the terminal is gone; other signals: 128 and their number"),
];

/// The environment variables that count, and what for.
pub const ENVIRONMENT: [(&str, &str); 15] = [
    ("JUGGLER_CONFIG", "the config file"),
    ("JUGGLER_DATA_DIR", "the folder of the store, drafts and logs"),
    ("JUGGLER_THEME", "auto, dark, light or mono"),
    ("JUGGLER_MOUSE", "1 or 0"),
    ("JUGGLER_GOAL_DAY", "what a day should bring: \"40.00 USD\""),
    ("JUGGLER_LOG", "what goes to the log: error, warn, info, debug or trace"),
    ("JUGGLER_FENCE", "off: never ask the terminal whether it has caught up"),
    ("NO_COLOR", "no colour"),
    ("ACCESSIBLE", "lines instead of a screen, as --plain"),
    ("VISUAL", "the editor for drafts; a program and its arguments"),
    ("EDITOR", "the same, where VISUAL is not set; else vi"),
    ("TERM", "what the terminal can do; dumb: lines instead of a screen"),
    ("XDG_CONFIG_HOME", "where juggler/config.toml is looked for"),
    ("XDG_DATA_HOME", "where juggler/ is kept"),
    ("XDG_RUNTIME_DIR", "where the socket is"),
];

/// Files, and what is in them.
pub const FILES: [(&str, &str); 5] = [
    ("$XDG_CONFIG_HOME/juggler/config.toml", "the configuration; juggler config path prints where it is"),
    ("$XDG_CONFIG_HOME/juggler/platforms/*.toml", "recipes of your own"),
    ("$XDG_DATA_HOME/juggler/store/journal", "the truth: money, claims, drafts, submissions, as JSON Lines"),
    ("$XDG_DATA_HOME/juggler/logs", "what went on"),
    ("$XDG_RUNTIME_DIR/juggler/*.sock", "where commands talk to the juggler that is open"),
];

/// Below the help of the whole.
pub fn epilogue() -> String {
    let code = |(code, what): &(u8, &str)| format!("{code:<3} {what}");
    let half = EXIT_CODES.len().div_ceil(2);
    let mut out = String::from("Exit codes:\n");
    for (n, left) in EXIT_CODES.iter().take(half).enumerate() {
        let right = EXIT_CODES.get(n + half).map(code).unwrap_or_default();
        out.push_str(format!("  {:<43}{right}", code(left)).trim_end());
        out.push('\n');
    }
    out.push_str("\nEnvironment:\n");
    for (name, what) in ENVIRONMENT {
        out.push_str(&format!("  {name:<17} {what}\n"));
    }
    out.push_str("Order: defaults, then the config file, then the environment, then flags.");
    out
}
