//! The keys of an `[[assistant]]` that is a program.

use std::path::Path;

use super::Section;
use crate::config::ProgramConfig;
use crate::config::resolve::expand;

/// As written.
pub(super) struct Said {
    pub argv: Option<Vec<String>>,
    pub home: Option<String>,
    pub pass_env: Option<Vec<String>>,
    pub read: Option<Vec<String>>,
    pub network: Option<bool>,
}

/// The program; `None` for an assistant that is none, which may have none of its keys.
pub(super) fn take(
    said: Said,
    is_program: bool,
    section: &mut Section,
    base: &Path,
    user: Option<&Path>,
) -> Option<ProgramConfig> {
    if !is_program {
        let there = [
            ("argv", said.argv.is_some()),
            ("home", said.home.is_some()),
            ("pass_env", said.pass_env.is_some()),
            ("read", said.read.is_some()),
            ("network", said.network.is_some()),
        ];
        for (key, _) in there.iter().filter(|(_, there)| *there) {
            section.wrong(key, "only a program has it", "take it away, or write kind = \"command\"");
        }
        return None;
    }
    let mut argv = said.argv.unwrap_or_default();
    // No shell reads it, and a home folder is written that way all the same.
    if let Some(program) = argv.first_mut().filter(|program| program.starts_with("~/")) {
        *program = expand(program, base, user).to_string_lossy().into_owned();
    }
    if argv.first().is_none_or(|program| program.trim().is_empty()) {
        section.wrong("argv", "no program is named", "write it like argv = [\"llm\", \"-m\", \"gpt-5\"]; no shell reads it");
    }
    if argv.iter().any(|part| part.contains('\0')) {
        section.wrong("argv", "no argument can hold a NUL", "take it away");
    }
    let pass_env = said.pass_env.unwrap_or_default();
    if let Some(odd) = pass_env.iter().find(|name| name.is_empty() || name.contains(['=', '\0'])) {
        section.wrong("pass_env", format!("\"{odd}\" is not the name of a variable"), "write names alone: [\"OPENAI_API_KEY\"]");
    }
    let read = said.read.unwrap_or_default();
    Some(ProgramConfig {
        argv,
        home: said.home.map(|written| expand(&written, base, user)),
        pass_env,
        read: read.iter().map(|written| expand(written, base, user)).collect(),
        network: said.network.unwrap_or(true),
    })
}
