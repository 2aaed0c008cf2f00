//! The grammar of expressions: `or` between `and` between terms, negation, parentheses. Terms are read in [`super::term`].
//!
//! ```text
//! query = arm { ("or" | "|") arm }        arm  = { ["and"] item }
//! item  = { "-" | "!" } ( "(" query ")" | term )
//! ```
//!
//! One walk over the text; nesting is capped, so neither a long nor a deep text can hurt.

use super::Query;
use super::ast::Expr;
use super::error::{Fault, QueryError};
use super::lex::{Cursor, ends_term};

/// Deepest nesting of parentheses.
const DEPTH: usize = 50;
/// Longest query, in bytes.
const LENGTH: usize = 64 * 1024;

pub(super) struct Parser<'t> {
    pub(super) cursor: Cursor<'t>,
    /// The text is still being typed: what is unfinished at its end is no error.
    pub(super) typing: bool,
    trouble: Option<QueryError>,
    depth: usize,
}

impl Query {
    /// Reads a query; the empty text is everything.
    ///
    /// # Errors
    /// [`QueryError`] points at the character that makes no sense and says what to write instead.
    pub fn parse(text: &str) -> Result<Query, QueryError> {
        let (expr, trouble) = Parser::new(text, false).whole();
        trouble.map_or(Ok(Query { expr }), Err)
    }

    /// Reads a query that is being typed. A value at the end of the text counts as the beginning of one (`begin`):
    /// `kind:ta` is `kind:ta*` and `is:st` every state that begins so, until a space or a quote ends it. Of what may still become
    /// right with more letters (`pay>`, `rate>=12/`, `"abc`, `(`) the part that means something stays and the rest is left out
    /// without a word; what cannot (an unknown field) is left out and told.
    pub fn parse_typing(text: &str) -> (Query, Option<QueryError>) {
        let (expr, trouble) = Parser::new(text, true).whole();
        (Query { expr }, trouble)
    }
}

impl<'t> Parser<'t> {
    fn new(text: &'t str, typing: bool) -> Parser<'t> {
        Parser { cursor: Cursor::new(text), typing, trouble: None, depth: 0 }
    }

    /// The whole text. The first error is told; without `typing` nothing is read behind it.
    fn whole(mut self) -> (Expr, Option<QueryError>) {
        if self.cursor.text.len() > LENGTH {
            let at = self.cursor.text.floor_char_boundary(LENGTH);
            let fault = Fault::at(at, "a query may have 64 KiB at most", "make several rules or views of it");
            return (Expr::default(), Some(fault.error));
        }
        let mut all = Vec::new();
        loop {
            all.extend(self.any());
            if self.cursor.at_end() {
                break;
            }
            // Only a closing parenthesis ends an expression before the end of the text.
            let at = self.cursor.pos;
            self.cursor.bump();
            self.tell(Fault::at(at, "this `)` closes nothing", "take it out, or write \"…\" around it to search for it"));
        }
        (Expr::And(all).normal(), self.trouble)
    }

    /// Keeps an error, the first one. In a finished text that is the end of reading.
    fn tell(&mut self, fault: Fault) {
        if !(self.typing && fault.unfinished) {
            self.trouble.get_or_insert(fault.error);
        }
        if !self.typing {
            self.cursor.pos = self.cursor.text.len();
        }
    }

    /// Arms with `or` between them; `None` when nothing was written, or nothing of it could be read.
    fn any(&mut self) -> Option<Expr> {
        let mut arms = Vec::new();
        let mut before = None;
        loop {
            let (arm, wrote) = self.all();
            if !arm.is_empty() {
                arms.push(Expr::And(arm));
            }
            let at = self.cursor.pos;
            let here = self.eat_or();
            let lonely =
                |at, side| Fault::at(at, format!("nothing stands {side} this `or`"), "write \"or\" to search for the word");
            match (wrote, before, here) {
                (false, Some(or), _) => {
                    let unfinished = self.cursor.at_end();
                    self.tell(lonely(or, "behind").unfinished_if(unfinished));
                }
                (false, None, true) => {
                    let unfinished = self.cursor.at_end();
                    self.tell(lonely(at, "before").unfinished_if(unfinished));
                }
                _ => {}
            }
            if !here {
                break;
            }
            before = Some(at);
        }
        (!arms.is_empty()).then_some(Expr::Or(arms))
    }

    fn eat_or(&mut self) -> bool {
        if self.cursor.at_word("or") {
            self.cursor.pos += 2;
            return true;
        }
        let found = self.cursor.eat('|');
        if found {
            // `||`, as programmers write it.
            self.cursor.eat('|');
        }
        found
    }

    /// Items up to an `or`, a `)` or the end; whether any was written, even one that could not be read.
    fn all(&mut self) -> (Vec<Expr>, bool) {
        let mut items = Vec::new();
        let mut wrote = false;
        let mut and = None;
        loop {
            self.cursor.skip_space();
            let done = matches!(self.cursor.peek(), None | Some(')' | '|')) || self.cursor.at_word("or");
            let at = self.cursor.pos;
            if !done && self.cursor.at_word("and") {
                self.cursor.pos += 3;
                if !wrote || and.is_some() {
                    let unfinished = self.cursor.at_end();
                    let fault = Fault::at(at, "nothing stands before this `and`", "write \"and\" to search for the word");
                    self.tell(fault.unfinished_if(unfinished));
                }
                and = Some(at);
                wrote = true;
            } else if !done {
                items.extend(self.item());
                (wrote, and) = (true, None);
            } else {
                if let Some(at) = and {
                    let unfinished = self.cursor.at_end();
                    let fault = Fault::at(at, "nothing stands behind this `and`", "write \"and\" to search for the word");
                    self.tell(fault.unfinished_if(unfinished));
                }
                return (items, wrote);
            }
        }
    }

    /// A term or parenthesis with its negations.
    fn item(&mut self) -> Option<Expr> {
        let mut negated = false;
        let mut sign = None;
        while let Some(c @ ('-' | '!')) = self.cursor.peek() {
            sign = Some((self.cursor.pos, c));
            negated = !negated;
            self.cursor.bump();
        }
        let bare_sign = self.cursor.peek().is_none_or(|c| c != '(' && ends_term(c));
        if let (Some((at, c)), true) = (sign, bare_sign) {
            let unfinished = self.cursor.at_end();
            let hint = format!("put it right before what must not be, as in {c}kind:survey, or write \"{c}\" to search for it");
            self.tell(Fault::at(at, format!("this `{c}` negates nothing"), hint).unfinished_if(unfinished));
            return None;
        }
        let start = self.cursor.pos;
        let read = if self.cursor.peek() == Some('(') { self.parentheses() } else { self.term().map(Some) };
        match read {
            Ok(expr) => expr.map(|expr| if negated { Expr::Not(Box::new(expr)) } else { expr }),
            Err(fault) => {
                self.tell(fault);
                self.skip_item(start);
                None
            }
        }
    }

    /// Past what could not be read.
    fn skip_item(&mut self, start: usize) {
        if self.cursor.pos == start {
            self.cursor.bump();
        }
        self.cursor.raw(ends_term);
    }

    fn parentheses(&mut self) -> Result<Option<Expr>, Fault> {
        let open = self.cursor.pos;
        if self.depth >= DEPTH {
            self.cursor.pos = self.cursor.text.len();
            return Err(Fault::at(open, format!("parentheses are nested deeper than {DEPTH}"), "say it with fewer"));
        }
        self.cursor.bump();
        let inside = self.cursor.pos;
        self.depth += 1;
        let expr = self.any();
        self.depth -= 1;
        let nothing = self.cursor.text[inside..self.cursor.pos].trim().is_empty();
        if !self.cursor.eat(')') {
            if self.trouble.is_none() {
                let fault =
                    Fault::at(open, "this parenthesis is never closed", "end it with `)`, or write \"(\" to search for it");
                self.tell(fault.unfinished_if(true));
            }
            return Ok(expr);
        }
        // `()` is everything, and `-()` nothing.
        Ok(expr.or_else(|| nothing.then(|| Expr::And(Vec::new()))))
    }
}
