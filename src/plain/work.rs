//! Work in hand: briefs, drafts, checks, submissions.

use std::path::Path;

use super::{Plain, ask, feed, words};
use crate::domain::check::Verdict;
use crate::domain::draft::{Cause, FileItem};
use crate::domain::text::Cap;
use crate::domain::work::Spent;
use crate::domain::{AssignmentId, Text};
use crate::engine::api::{AssignmentView, Reply, Request};
use crate::engine::keep_unsaved;
use crate::error::{Class, Failure, Result};

impl Plain {
    pub(super) async fn read_hand(&mut self) -> Result<()> {
        let hand = ask!(self.handle, Request::Hand, Reply::Hand(hand) => hand);
        self.hand = hand.items.iter().map(|view| view.assignment.id.clone()).collect();
        if hand.items.is_empty() {
            self.console.say("Nothing is in hand. list reads what can be claimed.");
        }
        let now = chrono::Utc::now();
        for (n, view) in hand.items.iter().enumerate() {
            self.console.say(feed::numbered(n, &words::mine(view, now)));
        }
        if let Some(late) = hand.overcommitted {
            self.console.say(format!("Too much at once: at this pace the worst deadline is missed by {}.", words::span(late)));
        }
        let waiting = ask!(self.handle, Request::Waiting, Reply::Assignments { assignments } => assignments);
        for view in &waiting {
            self.console.say(format!("Elsewhere: {}", words::mine(view, now)));
        }
        Ok(())
    }

    /// The number of an assignment; the hand is numbered anew for it.
    pub(super) async fn number_in_hand(&mut self, id: &AssignmentId) -> Result<usize> {
        let hand = ask!(self.handle, Request::Hand, Reply::Hand(hand) => hand);
        self.hand = hand.items.iter().map(|view| view.assignment.id.clone()).collect();
        Ok(self.hand.iter().position(|known| known == id).map_or(1, |n| n + 1))
    }

    /// The work that a number of the hand stands for, as it is now.
    pub(super) async fn mine(&mut self, n: usize) -> Result<AssignmentView> {
        if self.hand.is_empty() {
            let hand = ask!(self.handle, Request::Hand, Reply::Hand(hand) => hand);
            self.hand = hand.items.iter().map(|view| view.assignment.id.clone()).collect();
        }
        let Some(id) = n.checked_sub(1).and_then(|n| self.hand.get(n)).cloned() else {
            return Err(Failure::new(Class::NotFound, format!("there is no work {n} in the hand")).hint("hand reads it"));
        };
        Ok(*ask!(self.handle, Request::Assignment { id }, Reply::Assignment(view) => view))
    }

    async fn editable(&mut self, n: usize) -> Result<AssignmentView> {
        let view = self.mine(n).await?;
        if view.assignment.state.is_editable() {
            return Ok(view);
        }
        let why = format!("it is {}", view.assignment.state.word());
        Err(Failure::new(Class::Refused, "this draft cannot be changed now").why(why).hint("hand reads how things stand"))
    }

    pub(super) async fn read_brief(&mut self, n: usize) -> Result<()> {
        let view = self.mine(n).await?;
        self.read_job(&view.assignment.job);
        Ok(())
    }

    pub(super) async fn read_draft(&mut self, n: usize) -> Result<()> {
        let view = self.mine(n).await?;
        let Some(draft) = &view.draft else {
            self.console.say(format!("There is no draft yet. type {n}, edit {n}, load {n} FILE or layout {n} makes one."));
            return Ok(());
        };
        self.console.say(format!("The draft, version {}:", draft.version));
        self.console.quote(draft.text.as_str());
        for file in &draft.files {
            self.console.say(format!("With the file {}, {} bytes.", file.name, file.size));
            for fact in crate::domain::picture::facts_in_words(&file.facts) {
                self.console.say(format!("  {fact}"));
            }
        }
        let made = draft.made().words();
        self.console.say("End of the draft.");
        if !view.type_there.is_empty() {
            self.console.say(&view.type_there);
        }
        if !made.is_empty() {
            self.console.say(format!("Where it came from: {made}."));
        }
        Ok(())
    }

    pub(super) async fn type_draft(&mut self, n: usize) -> Result<()> {
        let view = self.editable(n).await?;
        let id = view.assignment.id.clone();
        let before = view.draft.as_ref().map_or("", |draft| draft.text.as_str()).trim_end().to_owned();
        let mut text = String::new();
        if !before.is_empty() {
            self.console.say("There is a draft already.");
            ["1. Write it anew.", "2. Add to its end.", "3. Leave it."].iter().for_each(|choice| self.console.say(choice));
            match self.line("Type 1, 2 or 3:").await.as_deref().map(str::trim) {
                Some("1") => {}
                Some("2") => text = before + "\n",
                _ => {
                    self.console.say("Left as it was.");
                    return Ok(());
                }
            }
        }
        self.console.say("Type the text. A line with one dot ends it; two dots at the beginning of a line are one.");
        self.typing = Some((id.clone(), text));
        while let Some(line) = self.line("").await {
            self.spent(Spent::Assignment { id: id.clone() }).await;
            if line == "." {
                break;
            }
            let line = if line.starts_with("..") { &line[1..] } else { &line };
            if let Some((_, text)) = &mut self.typing {
                text.push_str(line);
                text.push('\n');
            }
        }
        self.save_typed().await?;
        self.check(n).await
    }

    /// Saves what was typed, if there is anything. Where that fails it goes into a file, which is said.
    pub(super) async fn save_typed(&mut self) -> Result<()> {
        let Some((id, text)) = self.typing.clone() else { return Ok(()) };
        // Nobody knows who writes into a pipe.
        let cause = if self.console.is_terminal() { Cause::Typed } else { Cause::Program };
        // Until then it is kept: the session may end in the middle of it.
        let saved = self.save(&id, &text, cause).await;
        self.typing = None;
        if saved.is_err() {
            let texts = [(Text::title(id.as_str()), Text::own(&text))];
            for line in keep_unsaved(&self.config.paths.data, &texts) {
                self.console.say(format!("It is not saved: {line}."));
            }
        }
        saved
    }

    pub(super) async fn edit_draft(&mut self, n: usize) -> Result<()> {
        let view = self.editable(n).await?;
        if !self.console.is_terminal() {
            return Err(Failure::new(Class::Usage, "an editor needs a terminal").hint(format!("type {n} or load {n} FILE")));
        }
        let before = view.draft.as_ref().map_or("", |draft| draft.text.as_str()).to_owned();
        let id = view.assignment.id.clone();
        self.console.say("Your editor has the draft.");
        let edited = tokio::task::block_in_place(|| (self.editor)(&before))?;
        let Some((text, file)) = edited else {
            self.console.say("Nothing was changed.");
            return Ok(());
        };
        if let Err(failure) = self.save(&id, text.as_str(), Cause::File).await {
            self.console.say(format!("What you wrote is still in {}.", file.display()));
            return Err(failure);
        }
        // It holds nothing that is not saved.
        let _ = std::fs::remove_file(file);
        self.check(n).await
    }

    pub(super) async fn load_draft(&mut self, n: usize, path: &Path) -> Result<()> {
        let view = self.editable(n).await?;
        let bad = |why: String| Failure::new(Class::Usage, format!("{} cannot be read", path.display())).why(why);
        let size = std::fs::metadata(path).map_err(|error| bad(error.to_string()))?.len();
        if size > Cap::OWN.bytes as u64 {
            return Err(bad("it is larger than 8 MiB".to_owned()).hint(format!("attach {n} {}", path.display())));
        }
        let bytes = std::fs::read(path).map_err(|error| bad(error.to_string()))?;
        let text = String::from_utf8(bytes)
            .map_err(|_| bad("it is not text in UTF-8".to_owned()).hint(format!("attach {n} {}", path.display())))?;
        self.save(&view.assignment.id, &text, Cause::File).await?;
        self.check(n).await
    }

    pub(super) async fn lay_out(&mut self, n: usize) -> Result<()> {
        let view = self.editable(n).await?;
        let id = view.assignment.id.clone();
        let written = view.draft.as_ref().is_some_and(|draft| !draft.text.as_str().trim().is_empty());
        if written && !self.yes("There is a draft already. Type yes to lay it out anew, anything else to leave it:").await {
            self.console.say("Left as it was.");
            return Ok(());
        }
        let laid = ask!(self.handle, Request::Scaffold { assignment: id.clone() }, Reply::Scaffold(laid) => laid);
        let mut files = files(&view);
        files.retain(|file| laid.files.iter().all(|new| new.name != file.name));
        files.extend(laid.files);
        let request = Request::SaveDraft { assignment: id, text: laid.text, files, cause: Cause::Scaffold, origins: None };
        let version = ask!(self.handle, request, Reply::Saved { version, .. } => version);
        self.console.say(format!("{}. Saved as version {version}.", laid.label.as_str().trim_end_matches('.')));
        self.check(n).await
    }

    pub(super) async fn attach(&mut self, n: usize, path: &Path) -> Result<()> {
        let view = self.editable(n).await?;
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let request = Request::AddFile { assignment: view.assignment.id, path, content: None };
        let draft = ask!(self.handle, request, Reply::Saved { draft, .. } => draft);
        self.console.say(format!("Added; the draft has {} now.", words::count(draft.files.len(), "file")));
        self.check(n).await
    }

    pub(super) async fn save(&mut self, id: &AssignmentId, text: &str, cause: Cause) -> Result<()> {
        let view = ask!(self.handle, Request::Assignment { id: id.clone() }, Reply::Assignment(view) => view);
        let request =
            Request::SaveDraft { assignment: id.clone(), text: Text::own(text), files: files(&view), cause, origins: None };
        let version = ask!(self.handle, request, Reply::Saved { version, .. } => version);
        self.console.say(format!("Saved as version {version}, {}.", words::count(text.lines().count(), "line")));
        Ok(())
    }

    pub(super) async fn check(&mut self, n: usize) -> Result<()> {
        let id = self.mine(n).await?.assignment.id;
        let request = Request::Check { assignment: id };
        let (findings, passes) = ask!(self.handle, request, Reply::Checked { findings, passes } => (findings, passes));
        for finding in findings.iter().filter(|finding| finding.verdict != Verdict::Pass) {
            let word = match finding.verdict {
                Verdict::Pass => "Passes",
                Verdict::Warn => "Look at this",
                Verdict::Fail => "Fails",
                Verdict::Advice => "For you to judge",
            };
            let line = finding.line.map(|line| format!(", line {}", line + 1)).unwrap_or_default();
            let told = finding.sentence();
            let detail = if told.is_empty() { told } else { format!(": {told}") };
            let said = format!("{}{detail}", words::capital(finding.label.as_str()));
            self.console.say(words::sentences([format!("{word}{line}"), said]));
        }
        let passed = findings.iter().filter(|finding| finding.verdict == Verdict::Pass).count();
        self.console.say(if passes {
            format!("Every check passes. submit {n} goes on.")
        } else {
            format!("{passed} of {} pass. type {n} or edit {n} changes the draft.", words::count(findings.len(), "check"))
        });
        Ok(())
    }

    pub(super) async fn submit(&mut self, n: usize) -> Result<()> {
        let view = self.mine(n).await?;
        let (id, title) = (view.assignment.id, view.assignment.job.title);
        let terms = ask!(self.handle, Request::SubmitTerms { assignment: id.clone() }, Reply::Terms(terms) => terms);
        self.read_terms(&terms, &title);
        let agreed = match terms.word.is_empty() {
            true => self.yes("Type yes to submit it, anything else to keep it:").await,
            false => {
                let question = format!(
                    "Checks fail. Type {} to submit it all the same, which is recorded, anything else to keep it:",
                    terms.word
                );
                self.line(&question).await.unwrap_or_default().trim().eq_ignore_ascii_case(terms.word.as_str())
            }
        };
        if !agreed {
            self.console.say("Not submitted.");
            return Ok(());
        }
        let request = Request::Submit { assignment: id.clone(), agreed: terms.digest, word: terms.word };
        ask!(self.handle, request, Reply::Assignment(_) => ());
        self.news.submitted(&id);
        self.console.say("It is safe in the outbox and on its way. You are told what comes of it; wait waits for that.");
        Ok(())
    }

    /// Says that the unknown parts of a draft are the person's own words.
    pub(super) async fn declare(&mut self, n: usize) -> Result<()> {
        let view = self.editable(n).await?;
        let declared = view.draft.as_ref().and_then(|draft| Some((draft, draft.declared()?)));
        let Some((draft, (origins, files))) = declared else {
            self.console.say("Nothing in it was loaded or came from outside: there is nothing to declare.");
            return Ok(());
        };
        self.console.say(format!("Of it, {} came from outside.", draft.made().unknown()));
        self.console.say("Declaring says, as your own statement, that you made those parts yourself and without AI.");
        if !self.yes("Type yes to declare it, anything else to leave it:").await {
            self.console.say("Left as it was.");
            return Ok(());
        }
        let (id, text, cause) = (view.assignment.id.clone(), draft.text.clone(), draft.cause);
        let request = Request::SaveDraft { assignment: id, text, files, cause, origins: Some(origins) };
        let draft = ask!(self.handle, request, Reply::Saved { draft, .. } => draft);
        self.console.say(format!("Declared. Where it came from: {}.", draft.made().words()));
        Ok(())
    }

    pub(super) async fn release(&mut self, n: usize) -> Result<()> {
        let view = self.mine(n).await?;
        let title = words::theirs(&view.assignment.job.title);
        self.console.say(format!("Give back {title}? The platform may give it to somebody else at once."));
        if !self.yes("Type yes to give it back, anything else to keep it:").await {
            self.console.say("Kept.");
            return Ok(());
        }
        ask!(self.handle, Request::Release { assignment: view.assignment.id }, Reply::Assignment(_) => ());
        self.console.say("Given back.");
        Ok(())
    }
}

fn files(view: &AssignmentView) -> Vec<FileItem> {
    view.draft.as_ref().map(|draft| draft.files.clone()).unwrap_or_default()
}
