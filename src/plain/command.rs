//! What can be typed: one table for reading it and for the help.

use std::path::PathBuf;
use std::time::Duration;

use crate::config::{nearest, span};

/// A mark on a job.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    Star(bool),
    Hide(bool),
    Snooze(Duration),
}

/// A typed command.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    Help(String),
    List,
    More,
    Filter(String),
    Views,
    ShowView(String),
    Sort(String),
    Read(usize),
    Why(usize),
    Mark(usize, Mark),
    Undo,
    Redo,
    Claim(usize),
    Hand,
    Brief(usize),
    Files(usize),
    File(usize, usize, Option<u32>),
    Fetch(usize, usize),
    Draft(usize),
    Type(usize),
    Edit(usize),
    Load(usize, PathBuf),
    LayOut(usize),
    Attach(usize, PathBuf),
    Check(usize),
    Submit(usize),
    Declare(usize),
    Release(usize),
    Outbox,
    Decide(usize),
    Earnings,
    Sources,
    Poll,
    Wait(Option<Duration>),
    Reload,
    Quit,
}

/// Word, what stands behind it, and what it does. Numbers are those of the list, the hand or the outbox that was read last.
const WORDS: [(&str, &str, &str); 39] = [
    ("list", "", "reads the open jobs, ten at a time; each gets a number"),
    ("more", "", "reads the next ten"),
    ("filter", "QUERY", "only jobs that fit, such as: filter pay>=1 mins<=20 tagline; filter alone takes it away"),
    ("views", "", "reads the named views with their numbers"),
    ("view", "NUMBER or NAME", "goes to a view and reads its list"),
    ("sort", "ORDER", "newest, pay, rate, expiring, fit or requester; a minus before it turns it round"),
    ("read", "NUMBER", "reads a job of the list whole"),
    ("why", "NUMBER", "says where the expected rate comes from, and what fits you or does not"),
    ("star", "NUMBER", "keeps a job in sight"),
    ("unstar", "NUMBER", "takes the star away"),
    ("hide", "NUMBER", "puts a job out of sight"),
    ("unhide", "NUMBER", "brings it back"),
    ("snooze", "NUMBER TIME", "puts a job out of sight for a while, such as: snooze 2 3h"),
    ("undo", "", "takes the latest star, hide or snooze back"),
    ("redo", "", "does it again"),
    ("claim", "NUMBER", "says what claiming a job of the list means, then asks for a yes"),
    ("hand", "", "reads the work in hand with its numbers, the tightest deadline first"),
    ("brief", "NUMBER", "reads the brief of work in hand"),
    ("files", "NUMBER", "reads the list of what comes with work in hand"),
    ("file", "NUMBER FILE PAGE", "reads a file of that list by its number, or one page of it"),
    ("fetch", "NUMBER FILE", "fetches a file of that list; from another host after a yes"),
    ("draft", "NUMBER", "reads the draft of work in hand"),
    ("type", "NUMBER", "takes the draft as typed lines; a line with one dot ends it"),
    ("edit", "NUMBER", "opens the draft in your editor, by VISUAL or EDITOR"),
    ("load", "NUMBER FILE", "takes the draft from a file"),
    ("layout", "NUMBER", "lays the draft out by the built-in scaffold; no model is asked"),
    ("attach", "NUMBER FILE", "adds a file to the draft"),
    ("check", "NUMBER", "tests the draft against what the job demands"),
    ("submit", "NUMBER", "says exactly what will be sent, then asks for a yes"),
    ("declare", "NUMBER", "says that what was loaded or came from outside are your own words, after a yes"),
    ("release", "NUMBER", "gives the job back, after a yes"),
    ("outbox", "", "reads submissions that were not acknowledged, with their numbers"),
    ("decide", "NUMBER", "settles a submission of the outbox that got no answer"),
    ("earnings", "", "reads the money: today, this week, in all"),
    ("sources", "", "reads how each source is"),
    ("poll", "", "asks every source for news now"),
    (
        "wait",
        "TIME",
        "waits for news and reads it, such as a verdict, a payment or a deadline; ends after the time, or when you press Enter",
    ),
    ("reload", "", "reads the config file again"),
    ("quit", "", "leaves"),
];
/// Shorter ways to say it.
const SHORT: [(&str, &str); 8] = [
    ("l", "list"),
    ("m", "more"),
    ("f", "filter"),
    ("r", "read"),
    ("c", "claim"),
    ("q", "quit"),
    ("exit", "quit"),
    ("?", "help"),
];

impl Command {
    /// What a line means; nothing for an empty one. The error is a sentence for the person.
    pub fn parse(line: &str) -> Result<Option<Command>, String> {
        let line = line.trim();
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let (typed, rest) = (word.to_lowercase(), rest.trim());
        let word = SHORT.iter().find(|(short, _)| *short == typed).map_or(typed.as_str(), |(_, word)| word);
        let number = || number(word, rest).map(|(n, _)| n);
        Ok(Some(match word {
            "" => return Ok(None),
            "help" => Command::Help(rest.to_lowercase()),
            "list" => Command::List,
            "more" => Command::More,
            "filter" => Command::Filter(rest.to_owned()),
            "views" => Command::Views,
            "view" => Command::ShowView(needed(word, rest)?),
            "sort" => Command::Sort(needed(word, rest)?),
            "read" => Command::Read(number()?),
            "why" => Command::Why(number()?),
            "star" => Command::Mark(number()?, Mark::Star(true)),
            "unstar" => Command::Mark(number()?, Mark::Star(false)),
            "hide" => Command::Mark(number()?, Mark::Hide(true)),
            "unhide" => Command::Mark(number()?, Mark::Hide(false)),
            "snooze" => {
                let (n, time) = number_and(word, rest)?;
                Command::Mark(
                    n,
                    Mark::Snooze(span::parse(&time).map_err(|what| format!("{what}. Write it like: snooze {n} 3h"))?),
                )
            }
            "undo" => Command::Undo,
            "redo" => Command::Redo,
            "claim" => Command::Claim(number()?),
            "hand" => Command::Hand,
            "brief" => Command::Brief(number()?),
            "files" => Command::Files(number()?),
            "file" => {
                let (n, rest) = number_and(word, rest)?;
                let (m, page) = self::number(word, &rest)?;
                let page = if page.is_empty() { None } else { Some(page.parse().map_err(|_| usage(word))?) };
                Command::File(n, m, page)
            }
            "fetch" => {
                let (n, rest) = number_and(word, rest)?;
                Command::Fetch(n, self::number(word, &rest)?.0)
            }
            "draft" => Command::Draft(number()?),
            "type" => Command::Type(number()?),
            "edit" => Command::Edit(number()?),
            "load" => number_and(word, rest).map(|(n, path)| Command::Load(n, path.into()))?,
            "layout" => Command::LayOut(number()?),
            "attach" => number_and(word, rest).map(|(n, path)| Command::Attach(n, path.into()))?,
            "check" => Command::Check(number()?),
            "submit" => Command::Submit(number()?),
            "declare" => Command::Declare(number()?),
            "release" => Command::Release(number()?),
            "outbox" => Command::Outbox,
            "decide" => Command::Decide(number()?),
            "earnings" => Command::Earnings,
            "sources" => Command::Sources,
            "poll" => Command::Poll,
            "wait" if rest.is_empty() => Command::Wait(None),
            "wait" => Command::Wait(Some(span::parse(rest).map_err(|what| format!("{what}. Write it like: wait 2m"))?)),
            "reload" => Command::Reload,
            "quit" => Command::Quit,
            other => {
                let meant = nearest(other, WORDS.iter().map(|(word, ..)| *word));
                let meant = meant.map_or_else(String::new, |meant| format!(" Did you mean {meant}?"));
                return Err(format!("There is no command {other}.{meant} Type help for all of them."));
            }
        }))
    }
}

fn needed(word: &str, rest: &str) -> Result<String, String> {
    if rest.is_empty() { Err(usage(word)) } else { Ok(rest.to_owned()) }
}

fn number(word: &str, rest: &str) -> Result<(usize, String), String> {
    let (first, more) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    // The only one, or the first, needs no number.
    let n = if first.is_empty() { return Err(usage(word)) } else { first.trim_end_matches('.').parse() };
    n.map(|n| (n, more.trim().to_owned())).map_err(|_| format!("\"{first}\" is not a number. {}", usage(word)))
}

fn number_and(word: &str, rest: &str) -> Result<(usize, String), String> {
    let (n, more) = number(word, rest)?;
    if more.is_empty() { Err(usage(word)) } else { Ok((n, more)) }
}

fn usage(word: &str) -> String {
    let found = WORDS.iter().find(|(known, ..)| *known == word);
    found.map_or_else(String::new, |(word, rest, what)| format!("Type {word} {rest}: it {what}."))
}

/// Everything that can be typed, or what is known of one word.
pub fn help(about: &str) -> Vec<String> {
    let line = |(word, rest, what): &(&str, &str, &str)| {
        if rest.is_empty() { format!("{word}: {what}.") } else { format!("{word} {rest}: {what}.") }
    };
    let one: Vec<String> = WORDS.iter().filter(|(word, ..)| *word == about).map(line).collect();
    if !one.is_empty() {
        return one;
    }
    if matches!(about, "filter query" | "query") {
        return crate::domain::query::help_text().lines().map(str::to_owned).collect();
    }
    let mut all: Vec<String> = WORDS.iter().map(line).collect();
    all.push("help query: the language that filter understands.".to_owned());
    all.push(
        "News is read before the next prompt; press Enter to hear it. What should not wait is read at once: what you have typed so far \
         still counts, and Ctrl-R shows it again."
            .to_owned(),
    );
    all.push(
        "Lines that others wrote begin with a bar, and their words within a line stand in quotation marks. Nothing is claimed or sent \
         without a typed yes."
            .to_owned(),
    );
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_help_can_be_typed() {
        for (word, rest, _) in WORDS {
            let line = format!(
                "{word} {}",
                rest.replace("NUMBER or NAME", "1")
                    .replace("NUMBER", "1")
                    .replace("TIME", "3h")
                    .replace("FILE", "1")
                    .replace("PAGE", "1")
            );
            assert!(matches!(Command::parse(&line), Ok(Some(_))), "{line}: {:?}", Command::parse(&line));
        }
        for (short, _) in SHORT {
            assert!(!Command::parse(&format!("{short} 1")).is_err_and(|why| why.contains("no command")), "{short}");
        }
    }

    #[test]
    fn what_is_meant_is_guessed_and_what_is_missing_is_said() {
        assert!(Command::parse("clam 3").is_err_and(|why| why.contains("Did you mean claim?")));
        assert!(Command::parse("read").is_err_and(|why| why.starts_with("Type read NUMBER")));
        assert!(Command::parse("read two").is_err_and(|why| why.contains("not a number")));
        assert_eq!(Command::parse("  SNOOZE 2. 90m "), Ok(Some(Command::Mark(2, Mark::Snooze(Duration::from_secs(5400))))));
        assert_eq!(Command::parse("   "), Ok(None));
    }
}
