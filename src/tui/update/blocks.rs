//! Blocks: jobs that are hidden as they come, by requester, kind or words.

use super::Update;
use crate::domain::query::{Expr, Pattern, Term, TextField};
use crate::domain::{Block, Query, Text, View};
use crate::engine::api::{JobRow, Request};
use crate::tui::command::Command;
use crate::tui::message::Asked;
use crate::tui::model::{Expiry, Overlay, Prompt};
use crate::tui::widget::toast::Tone;

fn field(field: TextField, value: &str) -> Expr {
    // The same either way; quotes read better than escaped blanks.
    let pattern = if value.contains(char::is_whitespace) { Pattern::Exact } else { Pattern::Plain };
    Expr::Term(Term::Text(field, vec![pattern(value.to_owned())]))
}

/// The query of a block made from a job; `None` when the job does not tell what is asked for.
fn query_of(command: Command, row: &JobRow) -> Option<Query> {
    let (requester, kind) = (row.requester.as_str(), row.kind.as_str());
    let expr = match command {
        Command::BlockKind if !kind.is_empty() => field(TextField::Kind, kind),
        Command::BlockWords => {
            let words = row.title.as_str().split_whitespace().filter(|word| word.chars().count() > 3);
            Expr::And(words.map(|word| Expr::Term(Term::Word(Pattern::Plain(word.to_owned())))).collect())
        }
        Command::BlockRequester | Command::BlockWeek if !requester.is_empty() => field(TextField::Requester, requester),
        Command::BlockHere if !requester.is_empty() => {
            Expr::And(vec![field(TextField::Requester, requester), field(TextField::Source, row.source.as_str())])
        }
        _ => return None,
    };
    Some(Query { expr })
}

impl Update<'_> {
    /// Asks for the query of a block, with that of the job under the cursor to begin with.
    pub(super) fn open_block(&mut self, command: Command) {
        self.go_feed();
        let Some(row) = self.model.feed.row() else { return self.plain("no job is under the cursor") };
        let Some(query) = query_of(command, row) else {
            let what = if command == Command::BlockKind { "its kind" } else { "its requester" };
            let key = self.key(Command::BlockWords);
            return self.say(Tone::Plain, format!("this job does not tell {what}"), format!("{key} blocks by words"));
        };
        let from = Text::title(&format!("by hand, from \"{}\"", row.title));
        let expiry = if command == Command::BlockWeek { Expiry::Week } else { Expiry::Never };
        self.open_prompt(Prompt::Block { expiry, from, hides: None }, &query.to_string());
        self.count_hidden();
    }

    /// `:block QUERY`
    pub(super) fn open_block_query(&mut self, text: &str) {
        let from = Text::title("by hand");
        self.open_prompt(Prompt::Block { expiry: Expiry::Never, from, hides: None }, text);
        self.count_hidden();
    }

    /// How many jobs of the feed the query typed so far fits.
    pub(super) fn count_hidden(&mut self) {
        let Some(Overlay::Prompt { what: Prompt::Block { .. }, field, .. }) = &self.model.overlay else { return };
        let text = Text::title(field.text());
        if let Ok(query) = Query::parse(text.as_str())
            && !query.is_all()
            && self.model.opening.is_none()
        {
            self.ask(Asked::Hides(text), Request::Jobs { view: View { query, ..View::default() }, limit: 0 });
        }
    }

    /// That was counted.
    pub(super) fn hides_came(&mut self, of: Text, total: usize) {
        if let Some(Overlay::Prompt { what: Prompt::Block { hides, .. }, .. }) = &mut self.model.overlay {
            *hides = Some((of, total));
        }
    }

    /// Blocks.
    pub(super) fn block(&mut self, query: Query, expiry: Expiry, from: Text) {
        if query.is_all() {
            return self.say(Tone::Warn, "nothing blocked: without a query everything would be hidden", "");
        }
        let block = Block { id: 0, query, made_at: self.now, until: expiry.until(self.now), from };
        self.ask(Asked::Block, Request::Block { block });
    }

    pub(super) fn open_blocks(&mut self) {
        self.model.overlay = Some(Overlay::Blocks { list: None, at: 0 });
        self.ask(Asked::Blocks, Request::Blocks);
    }

    /// Lifts the block that is highlighted.
    pub(super) fn lift_block(&mut self) {
        if let Some(Overlay::Blocks { list: Some(list), at }) = &self.model.overlay
            && let Some(view) = list.get(*at)
        {
            let id = view.block.id;
            self.ask(Asked::Unblock, Request::Unblock { id });
        }
    }
}
