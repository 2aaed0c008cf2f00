//! The plain front end: lines only, for screen readers, dumb terminals and pipes.
//!
//! Nothing is drawn and nothing is drawn again: every answer is appended as sentences, choices have numbers, commands are typed
//! words. News is told before the next prompt. What should not wait (a deadline, a verdict, money, a failure) is told at once where a
//! command is wanted, as whole lines with the prompt again behind them: what was typed so far still counts. It is never told into a
//! question or a text; there the bell rings. Lines that others wrote begin with a bar, so that none passes for one of ours.
//!
//! ```text
//! a line ─► command ─► engine (asked) ─► sentences      events ─► news ─► sentences before the next prompt, or at once
//! ```

mod command;
mod console;
mod feed;
mod figures;
mod files;
mod jobs;
mod news;
mod outbox;
mod words;
mod work;

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::{broadcast, mpsc};

use crate::config::Config;
use crate::domain::view::View;
use crate::domain::work::{Span, Spent};
use crate::domain::{AssignmentId, JobKey, SubmissionId, Text, Time};
use crate::engine::Handle;
use crate::engine::api::{Event, JobRow, Reply, Request};
use crate::error::{Class, Failure, Result};
use command::Command;
pub use console::Console;
use news::{News, When};

/// Sends a request and takes the one answer that fits it.
macro_rules! ask {
    ($handle:expr, $request:expr, $pattern:pat => $value:expr) => {
        match $handle.ask($request).await? {
            $pattern => $value,
            _ => return Err($crate::plain::strange()),
        }
    };
}
use ask;

/// The person's editor on a text: what came back and the file it is in, or nothing when it is as it was. Blocks.
pub type Editor = Box<dyn Fn(&str) -> Result<Option<(Text, PathBuf)>> + Send + Sync>;

/// Everything that a session of lines remembers.
pub struct Plain {
    handle: Handle,
    config: Arc<Config>,
    console: Console,
    editor: Editor,
    events: broadcast::Receiver<Event>,
    /// What is said of the engine as a whole, in sentences.
    notes: mpsc::UnboundedReceiver<String>,
    news: News,
    /// What the numbers of the last list of jobs stand for, and how many of them were read out.
    view: View,
    rows: Vec<JobRow>,
    total: usize,
    shown: usize,
    /// What the numbers of the hand and the outbox stand for.
    hand: Vec<AssignmentId>,
    outbox: Vec<SubmissionId>,
    /// A draft that is being typed: saved even when the session ends in the middle of it.
    typing: Option<(AssignmentId, String)>,
    last_line: Option<Time>,
}

impl Plain {
    /// A session on an engine.
    pub fn new(handle: Handle, config: Arc<Config>, console: Console, editor: Editor) -> Plain {
        Plain {
            events: handle.events(),
            notes: mpsc::unbounded_channel().1,
            handle,
            config,
            console,
            editor,
            news: News::default(),
            view: View::default(),
            rows: Vec::new(),
            total: 0,
            shown: 0,
            hand: Vec::new(),
            outbox: Vec::new(),
            typing: None,
            last_line: None,
        }
    }

    /// Tells these sentences as they come.
    #[must_use]
    pub fn hearing(self, notes: mpsc::UnboundedReceiver<String>) -> Plain {
        Plain { notes, ..self }
    }

    /// Goes on until the person leaves or the input ends. Everything said is on the console when it returns.
    ///
    /// # Errors
    /// Only when nobody can be spoken to any more; what a command could not do is said, and the session goes on.
    pub async fn run(&mut self, greeting: Option<&Text>) -> Result<()> {
        self.console.say("Juggler, plain mode. Type help for the commands, quit to leave.");
        if let Some(greeting) = greeting {
            self.console.say(greeting.as_str());
        }
        if let Err(failure) = self.begin().await {
            self.console.failed(&failure);
        }
        while !self.console.is_closed() {
            self.tell_news().await;
            let Some(line) = self.line(console::PROMPT).await else { break };
            self.spent(Spent::Triage).await;
            match Command::parse(&line) {
                Ok(None) => {}
                Ok(Some(Command::Quit)) => {
                    if self.may_leave().await {
                        break;
                    }
                }
                Ok(Some(command)) => {
                    if let Err(failure) = self.carry_out(command).await {
                        self.console.failed(&failure);
                    }
                }
                Err(why) => self.console.say(why),
            }
        }
        Ok(())
    }

    /// Saves what is half typed. To be called at the end, however it came.
    pub async fn leave(&mut self) {
        // It was told to end, and a line of the text may just have come.
        if let (Some((_, text)), Some(line)) = (&mut self.typing, self.console.came()) {
            text.push_str(&line);
            text.push('\n');
        }
        // Where no word was typed nothing is changed.
        self.typing = self.typing.take().filter(|(_, text)| !text.trim().is_empty());
        if let Err(failure) = self.save_typed().await {
            self.console.failed(&failure);
        }
        self.console.say("Good bye.");
    }

    async fn begin(&mut self) -> Result<()> {
        let (jobs, total) =
            ask!(self.handle, Request::Jobs { view: View::default(), limit: 1 }, Reply::Jobs { jobs, total } => (jobs, total));
        drop(jobs);
        let hand = ask!(self.handle, Request::Hand, Reply::Hand(hand) => hand);
        let sent = ask!(self.handle, Request::Outbox, Reply::Outbox { submissions } => submissions);
        let mut parts = vec![words::count(total, "open job"), format!("{} in hand", hand.items.len())];
        if !sent.is_empty() {
            parts.push(format!("{} in the outbox", sent.len()));
        }
        self.console.say(format!("{}.", parts.join(", ")));
        if total == 0 {
            self.console.say("The sources are being asked; type list in a moment, or wait to be told.");
        }
        Ok(())
    }

    async fn carry_out(&mut self, command: Command) -> Result<()> {
        match command {
            Command::Help(about) => {
                for line in command::help(&about) {
                    self.console.say(line);
                }
                Ok(())
            }
            Command::List => self.list().await,
            Command::More => self.more(),
            Command::Filter(query) => self.filter(&query).await,
            Command::Views => self.views().await,
            Command::ShowView(which) => self.show_view(&which).await,
            Command::Sort(order) => self.sort(&order).await,
            Command::Read(n) => self.read(n).await,
            Command::Why(n) => self.why(n).await,
            Command::Mark(n, mark) => self.mark(n, mark).await,
            Command::Undo => self.undo(false).await,
            Command::Redo => self.undo(true).await,
            Command::Claim(n) => self.claim(n).await,
            Command::Hand => self.read_hand().await,
            Command::Draft(n) => self.read_draft(n).await,
            Command::Brief(n) => self.read_brief(n).await,
            Command::Files(n) => self.read_files(n).await,
            Command::File(n, m, page) => self.read_file(n, m, page).await,
            Command::Fetch(n, m) => self.fetch_file(n, m).await,
            Command::Type(n) => self.type_draft(n).await,
            Command::Edit(n) => self.edit_draft(n).await,
            Command::Load(n, path) => self.load_draft(n, &path).await,
            Command::LayOut(n) => self.lay_out(n).await,
            Command::Attach(n, path) => self.attach(n, &path).await,
            Command::Check(n) => self.check(n).await,
            Command::Submit(n) => self.submit(n).await,
            Command::Declare(n) => self.declare(n).await,
            Command::Release(n) => self.release(n).await,
            Command::Outbox => self.read_outbox().await,
            Command::Decide(n) => self.decide(n).await,
            Command::Earnings => self.earnings().await,
            Command::Sources => self.sources().await,
            Command::Poll => self.poll().await,
            Command::Wait(limit) => self.wait(limit).await,
            Command::Reload => self.reload().await,
            Command::Quit => Ok(()),
        }
    }

    /// The next line of the person's. News that comes meanwhile is kept, unless it should not wait and a command is wanted. `None` at
    /// the end of the input.
    async fn line(&mut self, prompt: &str) -> Option<String> {
        self.console.ask(prompt);
        loop {
            let when = tokio::select! {
                biased;
                line = self.console.answer() => {
                    // A person is here: rules that may claim only then know it.
                    let _ = self.handle.try_send(Request::Present);
                    return line;
                }
                Some(note) = self.notes.recv() => self.news.note(note),
                event = self.events.recv() => self.hear(event),
            };
            match when {
                When::Never => continue,
                When::AtOnce if prompt == console::PROMPT => self.tell_at_once(),
                When::AtOnce | When::Later => {}
            }
            self.console.ring(self.config.alert.bell);
        }
    }

    /// A yes, typed whole; anything else is a no.
    async fn yes(&mut self, question: &str) -> bool {
        let answer = self.line(question).await.unwrap_or_default();
        answer.trim().eq_ignore_ascii_case("yes")
    }

    /// Time since the line before went into this, unless it was a pause.
    async fn spent(&mut self, on: Spent) {
        let now = chrono::Utc::now();
        let from = self.last_line.replace(now).unwrap_or(now);
        let passed = (now - from).to_std().unwrap_or_default();
        let seconds = u32::try_from(passed.as_secs()).unwrap_or(0);
        if seconds > 0 && passed <= self.config.idle_after {
            let spans = vec![Span { spent: on, from, seconds }];
            // Measured time is nice to have; nobody waits for it.
            let _ = self.handle.try_send(Request::Spent { spans });
        }
    }

    /// The job that a number of the last list stands for.
    fn job(&self, n: usize) -> Result<(JobKey, Text)> {
        let row = n.checked_sub(1).filter(|n| *n < self.shown).and_then(|n| self.rows.get(n));
        row.map(|row| (row.key.clone(), row.title.clone())).ok_or_else(|| {
            Failure::new(Class::NotFound, format!("there is no job {n} in the list"))
                .why(if self.shown == 0 {
                    "no list was read yet".to_owned()
                } else {
                    format!("it goes from 1 to {}", self.shown)
                })
                .hint("list reads it")
        })
    }
}

/// An answer that does not belong to the question.
fn strange() -> Failure {
    Failure::new(Class::Internal, "the engine answered another question").hint("is another version of juggler running?")
}
