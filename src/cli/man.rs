//! `juggler man`: the manual from the definition that also parses: one page a command.

use std::path::Path;

use clap::{Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::Out;
use super::args::{Args, ENVIRONMENT, EXIT_CODES, FILES};
use crate::error::{Class, Failure, Result};

/// Prints the page of the whole or of one command; with `dir`, writes every page into it.
pub fn run(name: Option<&str>, dir: Option<&Path>, out: &mut Out) -> Result<()> {
    let pages = pages();
    if let Some(dir) = dir {
        let failed = |path: &Path, error: std::io::Error| {
            Failure::new(Class::Store, format!("{} cannot be written", path.display())).why(error).hint("name another folder")
        };
        std::fs::create_dir_all(dir).map_err(|error| failed(dir, error))?;
        for (name, page) in &pages {
            let path = dir.join(format!("{name}.1"));
            std::fs::write(&path, page).map_err(|error| failed(&path, error))?;
        }
        out.line(format!("{} are in {}", super::words::count(pages.len(), "page"), dir.display()));
        return Ok(());
    }
    let wanted = name.map_or_else(|| "juggler".to_owned(), |name| format!("juggler-{name}"));
    let Some((_, page)) = pages.iter().find(|(name, _)| *name == wanted) else {
        return Err(Failure::new(Class::NotFound, format!("there is no command {}", name.unwrap_or_default()))
            .hint("juggler --help lists the commands"));
    };
    out.raw(page);
    Ok(())
}

/// Every page: its name and its text.
fn pages() -> Vec<(String, Vec<u8>)> {
    let mut whole = Args::command();
    whole.build();
    let mut pages = vec![("juggler".to_owned(), page(&whole, "juggler"))];
    for command in whole.get_subcommands().filter(|command| !command.is_hide_set()) {
        let name = format!("juggler-{}", command.get_name());
        pages.push((name.clone(), page(command, &name)));
    }
    pages
}

fn page(command: &Command, name: &str) -> Vec<u8> {
    let man = Man::new(command.clone()).title(name);
    let mut text = Vec::new();
    // Writing to memory does not fail.
    let _ = man.render_title(&mut text);
    let _ = man.render_name_section(&mut text);
    let _ = man.render_synopsis_section(&mut text);
    let _ = man.render_description_section(&mut text);
    let _ = examples(command).to_writer(&mut text);
    let _ = man.render_options_section(&mut text);
    if command.has_subcommands() {
        let _ = man.render_subcommands_section(&mut text);
    }
    let _ = closing().to_writer(&mut text);
    text
}

/// The examples that help leads with, word for word.
fn examples(command: &Command) -> Roff {
    let mut roff = Roff::new();
    let Some(help) = command.get_before_help().map(ToString::to_string) else { return roff };
    roff.control("SH", ["EXAMPLES"]);
    for line in help.lines().skip(1).map(str::trim).filter(|line| !line.is_empty()) {
        roff.control("PP", []);
        roff.text([roman(line)]);
    }
    roff
}

fn closing() -> Roff {
    let mut roff = Roff::new();
    let mut list = |title: &str, entries: Vec<(String, &str)>| {
        roff.control("SH", [title]);
        for (term, what) in entries {
            roff.control("TP", []);
            roff.text([bold(term)]);
            roff.text([roman(what)]);
        }
    };
    list("EXIT CODES", EXIT_CODES.iter().map(|(code, what)| (code.to_string(), *what)).collect());
    list("ENVIRONMENT", ENVIRONMENT.iter().map(|(name, what)| ((*name).to_owned(), *what)).collect());
    list("FILES", FILES.iter().map(|(path, what)| ((*path).to_owned(), *what)).collect());
    roff
}
