//! An answer as far as it came: kept whatever happens, with what it cost.

use super::{Ask, Piece, Told, Why, tokens};
use crate::config::AssistantConfig;
use crate::domain::Text;
use crate::domain::draft::FileItem;
use crate::domain::spend::{Spent, Tariff, Tokens, Usage};

/// What came of a question so far. Whoever reads the stream puts every piece in; whoever drops the stream calls [`Answer::stop`].
#[derive(Clone, Debug)]
pub struct Answer {
    assistant: String,
    model: Text,
    tariff: Option<Tariff>,
    reckoned: u64,
    words: String,
    files: Vec<FileItem>,
    aside: Text,
    remark: Text,
    thoughts: u64,
    told: Told,
    began: bool,
    why: Option<Why>,
}

impl Answer {
    /// Nothing yet.
    pub fn new(config: &AssistantConfig, ask: &Ask) -> Answer {
        Answer {
            assistant: config.name.clone(),
            model: Text::title(config.model.as_deref().unwrap_or_default()),
            tariff: config.tariff,
            reckoned: ask.reckoned(),
            words: String::new(),
            files: Vec::new(),
            aside: Text::default(),
            remark: Text::default(),
            thoughts: 0,
            told: Told::default(),
            began: false,
            why: None,
        }
    }

    /// Takes a piece in.
    pub fn take(&mut self, piece: Piece) {
        match piece {
            Piece::Began => self.began = true,
            Piece::By(model) => self.model = model,
            Piece::Thinking => self.thoughts += 1,
            Piece::Words(words) => self.words.push_str(words.as_str()),
            Piece::Aside(aside) => self.aside = aside,
            Piece::Remark(remark) => self.remark = remark,
            Piece::Kept(file) => self.files.push(*file),
            // Whoever reads the stream keeps it; here there is nowhere to.
            Piece::Left { .. } => {}
            Piece::Told(told) => self.told.and(told),
            Piece::End(why) => self.why = Some(why),
        }
    }

    /// The stream was dropped before its end.
    pub fn stop(&mut self) {
        self.began = true;
        self.why.get_or_insert(Why::Stopped);
    }

    /// The words so far.
    pub fn words(&self) -> &str {
        &self.words
    }

    /// Files that came with it.
    pub fn files(&self) -> &[FileItem] {
        &self.files
    }

    /// What goes on; once it is over, what is to be known of it.
    pub fn aside(&self) -> &Text {
        if self.why.is_none() { &self.aside } else { &self.remark }
    }

    /// The words.
    pub fn text(&self) -> Text {
        Text::own(&self.words)
    }

    /// Why it ended; `None` while it goes on.
    pub fn why(&self) -> Option<&Why> {
        self.why.as_ref()
    }

    /// Tokens: as told, else reckoned. What no provider took cost nothing.
    pub fn usage(&self) -> Usage {
        if !self.began {
            return Usage::default();
        }
        // No question is of no tokens, and no words are: a server that says so does not count.
        let told_output = self.told.output.filter(|n| *n > 0 || self.words.is_empty());
        let told_input = self.told.input.filter(|n| *n > 0);
        // Anthropic tells a first count of the output at the start, which only counts as told when it was told again at the end.
        let output = match told_output {
            Some(n) if self.is_whole() => Tokens::told(n),
            told => Tokens::estimated(told.unwrap_or(0).max(tokens::reckon(&self.words) + self.thoughts)),
        };
        let input = told_input.map_or(Tokens::estimated(self.reckoned), Tokens::told);
        Usage { input, cached: self.told.cached.unwrap_or(0), output }
    }

    /// What was spent so far.
    pub fn spent(&self) -> Spent {
        let usage = self.usage();
        let cost = self.tariff.map(|tariff| tariff.cost(&usage));
        Spent { assistant: self.assistant.clone(), model: self.model.clone(), usage, tariff: self.tariff, cost }
    }

    /// The provider brought it to its end, so what it told is the whole.
    fn is_whole(&self) -> bool {
        matches!(self.why, Some(Why::Done | Why::Length | Why::Declined | Why::Tool))
    }
}
