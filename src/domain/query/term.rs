//! The grammar of single terms: words, quotes, regexes, and fields with their values.

use super::ast::{Expr, Number, NumberField, Op, Pattern, Term, TextField};
use super::begin;
use super::error::{Fault, nearest, quoted, suggestion};
use super::field::{FIELDS, Field};
use super::lex::{Piece, ends_term, is_op};
use super::matcher::Place;
use super::number;
use super::parse::Parser;
use super::regex::compile;
use super::words::{AI_RULES, COSTS, MODES, STATES, Word, YES_NO, value_of};

/// Ends one of several values.
fn ends_value(c: char) -> bool {
    ends_term(c) || c == ','
}

impl<'t> Parser<'t> {
    /// A term, not negated. The next character is no white space and no parenthesis.
    pub(super) fn term(&mut self) -> Result<Expr, Fault> {
        let start = self.cursor.pos;
        if let Some('"' | '/' | '~') = self.cursor.peek() {
            let pattern = self.pattern(Place::Prose, ends_term)?;
            self.edge()?;
            return Ok(Expr::Term(Term::Word(pattern)));
        }
        let piece = self.cursor.bare(|c| ends_term(c) || is_op(c));
        if !self.cursor.peek().is_some_and(is_op) {
            return Ok(Expr::Term(Term::Word(self.meant(piece, Piece::bare, Place::Prose))));
        }
        let at = self.cursor.pos;
        let name = &self.cursor.text[start..at];
        let (name, unlike) =
            name.strip_suffix('!').filter(|_| self.cursor.peek() == Some('=')).map_or((name, false), |n| (n, true));
        let op = self.op(name, at)?;
        let field = self.field(name, start, at)?;
        let expr = self.comparison(field, op, at)?;
        Ok(if unlike { Expr::Not(Box::new(expr)) } else { expr })
    }

    fn op(&mut self, name: &str, at: usize) -> Result<Op, Fault> {
        let first = self.cursor.bump();
        let second = self.cursor.peek();
        let shown = self.cursor.text[at..].chars().take(2).collect::<String>();
        if name.is_empty() {
            let hint = "name one, as in pay>=0.50, or write \"…\" around the text to search for it";
            return Err(Fault::at(at, format!("{} has no field before it", quoted(&shown)), hint).unfinished_if(false));
        }
        match (first, second) {
            (Some('='), Some(way @ ('<' | '>'))) => {
                Err(Fault::at(at, format!("{} is no comparison", quoted(&shown)), format!("write {way}=")))
            }
            (Some('<'), Some('>')) => Err(Fault::at(at, "`<>` is no comparison", format!("write -{name}:… for what is not so"))),
            (Some('<'), Some('=')) => Ok((self.cursor.bump(), Op::Le).1),
            (Some('>'), Some('=')) => Ok((self.cursor.bump(), Op::Ge).1),
            (Some('='), Some('=')) => Ok((self.cursor.bump(), Op::Eq).1),
            (Some('<'), _) => Ok(Op::Lt),
            (Some('>'), _) => Ok(Op::Gt),
            _ => Ok(Op::Eq),
        }
    }

    fn field(&self, name: &str, start: usize, op: usize) -> Result<Field, Fault> {
        if let Some(field) = Field::named(name) {
            return Ok(field);
        }
        let words = || FIELDS.iter().flat_map(|row| std::iter::once(row.word).chain(row.others.iter().copied()));
        let near = nearest(name, words()).and_then(Field::named);
        let what = format!("unknown field {}", quoted(name));
        Err(match near {
            Some(field) => Fault::at(start, what, format!("did you mean `{}`?", field.word())),
            None => {
                let op = self.cursor.text[op..].chars().next().unwrap_or(':');
                Fault::at(
                    start,
                    what,
                    format!("press ? for the fields, or write \"…\" around the text to search for it with its `{op}`"),
                )
            }
        })
    }

    fn comparison(&mut self, field: Field, op: Op, op_at: usize) -> Result<Expr, Fault> {
        let word = field.word();
        let help = field.help();
        if self.cursor.at_edge() {
            let unfinished = self.cursor.at_end();
            let fault =
                Fault::at(self.cursor.pos, format!("`{word}` needs a value right behind it"), format!("as in {}", help.example));
            return Err(fault.unfinished_if(unfinished));
        }
        if let Field::Number(field) = field {
            return self.number(field, op);
        }
        if op != Op::Eq {
            return Err(Fault::at(op_at, format!("`{word}` is no number to be compared so"), format!("write {}", help.example)));
        }
        let term = match field {
            Field::Text(field) => Term::Text(field, self.patterns(field.place(), field == TextField::Needs)?),
            Field::Brief => {
                let patterns = self.patterns(Place::Prose, false)?.into_iter();
                return Ok(Expr::Or(patterns.map(|pattern| Expr::Term(Term::Brief(pattern))).collect()));
            }
            Field::Is => Term::Is(self.words(field, STATES)?),
            Field::Ai => Term::Ai(self.words(field, AI_RULES)?),
            Field::Mode => Term::Mode(self.words(field, MODES)?),
            Field::Costs => Term::Costs(self.words(field, COSTS)?),
            Field::Seen | Field::Number(_) => {
                let at = self.cursor.pos;
                let said = self.words(field, YES_NO)?;
                match said.as_slice() {
                    [seen] => Term::Seen(*seen),
                    _ => return Err(Fault::at(at, "`seen` is either yes or no", "write seen:no")),
                }
            }
        };
        Ok(Expr::Term(term))
    }

    /// What a piece means; at the end of a text that is being typed it is the beginning of what will stand there.
    fn meant(&self, piece: Piece, pattern: fn(Piece) -> Pattern, place: Place) -> Pattern {
        if self.typing && piece.open { begin::pattern(pattern(piece.without_dangling()), place) } else { pattern(piece) }
    }

    /// A word, quotes, a regex or `~` with one of them behind it.
    fn pattern(&mut self, place: Place, stops: fn(char) -> bool) -> Result<Pattern, Fault> {
        let at = self.cursor.pos;
        match self.cursor.peek() {
            Some('"') => {
                let piece = self.cursor.quotes();
                self.closed(piece.closed, at, "quote", '"')?;
                Ok(self.meant(piece, Piece::quoted, place))
            }
            Some('/') => self.regex(at),
            Some('~') => {
                self.cursor.bump();
                let inside = self.cursor.pos;
                let piece = if self.cursor.peek() == Some('"') { self.cursor.quotes() } else { self.cursor.bare(stops) };
                self.closed(piece.closed, inside, "quote", '"')?;
                let piece = if self.typing { piece.without_dangling() } else { piece };
                if piece.text.is_empty() {
                    let unfinished = self.cursor.at_end();
                    let fault = Fault::at(
                        at,
                        "this `~` has no word behind it",
                        "write ~word for a fuzzy match, or \"~\" to search for it",
                    );
                    return Err(fault.unfinished_if(unfinished));
                }
                Ok(Pattern::Fuzzy(piece.text))
            }
            _ => {
                let piece = self.cursor.bare(stops);
                Ok(self.meant(piece, Piece::bare, place))
            }
        }
    }

    fn regex(&mut self, at: usize) -> Result<Pattern, Fault> {
        let piece = self.cursor.slashes();
        self.closed(piece.closed, at, "regex", '/')?;
        if let Err((inside, what)) = compile(&piece.text) {
            let place = self.place_in_regex(at + 1, inside);
            let unfinished = !piece.closed && self.cursor.at_end();
            if let (true, Some(part)) = (unfinished, begin::regex(&piece.text)) {
                return Ok(part);
            }
            return Err(Fault::at(place, what, "write \"/…\" to search for the text as it stands").unfinished_if(unfinished));
        }
        Ok(Pattern::Regex(piece.text))
    }

    /// Where the byte `inside` of a regex stands in the text: slashes lost their backslashes on the way in.
    fn place_in_regex(&self, start: usize, inside: usize) -> usize {
        let (mut place, mut seen) = (start, 0);
        let mut chars = self.cursor.text[start..].chars().peekable();
        while let Some(c) = chars.next().filter(|_| seen < inside) {
            place += c.len_utf8();
            match (c, chars.peek()) {
                ('\\', Some('/')) => {
                    place += 1;
                    seen += 1;
                    chars.next();
                }
                ('\\', Some(next)) if seen + 1 < inside => {
                    place += next.len_utf8();
                    seen += 1 + next.len_utf8();
                    chars.next();
                }
                _ => seen += c.len_utf8(),
            }
        }
        place
    }

    fn closed(&self, closed: bool, at: usize, what: &str, end: char) -> Result<(), Fault> {
        if closed || self.typing {
            return Ok(());
        }
        let hint = format!("end it with `{end}`, or write \\{end} to search for the character");
        Err(Fault::at(at, format!("this {what} is never closed"), hint))
    }

    /// Behind a quote or a regex something else must begin.
    fn edge(&mut self) -> Result<(), Fault> {
        if self.cursor.at_edge() {
            return Ok(());
        }
        let hint = "put a space between them; inside quotes write \\\" for a quote, inside a regex \\/ for a slash";
        Err(Fault::at(self.cursor.pos, "this stands too close to what is before it", hint))
    }

    /// Goes on to the next of several values, if there is one.
    fn more(&mut self) -> Result<bool, Fault> {
        if self.cursor.peek() == Some('|') {
            let mut ahead = self.cursor.clone();
            ahead.bump();
            let value = ahead.peek().is_some_and(|c| !ends_value(c) && !matches!(c, '-' | '!'));
            // `kind:art|pay>2` is an `or` between two terms.
            let word = ahead.raw(|c| ends_value(c) || is_op(c));
            let field = ahead.peek().is_some_and(is_op) && Field::named(word.trim_end_matches('!')).is_some();
            if value && !field {
                self.cursor.bump();
            }
            return Ok(value && !field);
        }
        let at = self.cursor.pos;
        if !self.cursor.eat(',') {
            self.edge()?;
            return Ok(false);
        }
        if self.cursor.peek().is_none_or(ends_value) {
            if self.typing && self.cursor.at_end() {
                return Ok(false);
            }
            return Err(Fault::at(at, "no value stands behind this comma", "put the next one right behind it, without a space"));
        }
        Ok(true)
    }

    /// Values that are looked at as `place` says, and with `prose` as words too.
    fn patterns(&mut self, place: Place, prose: bool) -> Result<Vec<Pattern>, Fault> {
        let mut patterns = Vec::new();
        loop {
            if self.cursor.peek() == Some(',') {
                return Err(Fault::at(self.cursor.pos, "no value stands before this comma", "take it out"));
            }
            let start = self.cursor.clone();
            match self.pattern(place, ends_value) {
                Ok(pattern) if prose && self.typing && self.cursor.at_end() => {
                    // The value as a beginning, and the same letters anywhere among the words.
                    self.cursor.pos = start.pos;
                    let words = self.pattern(Place::Prose, ends_value)?;
                    if words != pattern {
                        patterns.push(words);
                    }
                    patterns.push(pattern);
                }
                Ok(pattern) => patterns.push(pattern),
                // What stands before a value that is still being typed is asked already.
                Err(fault) if fault.unfinished && self.typing && !patterns.is_empty() => return Ok(patterns),
                Err(fault) => return Err(fault),
            }
            if !self.more()? {
                return Ok(patterns);
            }
        }
    }

    fn words<T: Copy + PartialEq>(&mut self, field: Field, list: &'static [Word<T>]) -> Result<Vec<T>, Fault> {
        let mut values = Vec::new();
        loop {
            let at = self.cursor.pos;
            let typed = self.cursor.raw(ends_value);
            let begun = if self.typing && self.cursor.at_end() { begin::words(list, typed) } else { Vec::new() };
            if !begun.is_empty() {
                values.extend(begun);
                return Ok(values);
            }
            match value_of(list, typed) {
                Some(value) if !values.contains(&value) => values.push(value),
                Some(_) => {}
                None => return Err(unknown_word(field, list, typed, at)),
            }
            if !self.more()? {
                return Ok(values);
            }
        }
    }

    /// One number, or two with `..` between them, or an open range.
    fn number(&mut self, field: NumberField, op: Op) -> Result<Expr, Fault> {
        let at = self.cursor.pos;
        let raw = self.cursor.raw(ends_term);
        let open_end = self.cursor.at_end();
        let typing = self.typing && open_end;
        let read = |raw: &str, at: usize| {
            let begun = open_end && number::may_become_one(raw);
            let part = |_: &Fault| begin::number(field, raw, at).filter(|_| typing && begun);
            number::read(field, raw, at).or_else(|fault| part(&fault).ok_or_else(|| fault.unfinished_if(begun)))
        };
        let term = |op: Op, number: Number| Expr::Term(Term::Number(field, op, number));
        let Some((from, to)) = raw.split_once("..") else { return Ok(term(op, read(raw, at)?)) };
        if op != Op::Eq {
            let word = Field::Number(field).word();
            return Err(Fault::at(at, "a range takes no comparison", format!("write {word}:{}", quoted(raw).trim_matches('`'))));
        }
        let to_at = at + from.len() + 2;
        let mut both = Vec::new();
        if !from.is_empty() {
            both.push(term(Op::Ge, read(from, at)?));
        }
        match (to.is_empty(), both.is_empty()) {
            (true, true) => {
                return Err(Fault::at(at, "this range has no ends", "write 1..5, 1.. or ..5").unfinished_if(open_end));
            }
            (true, false) => {}
            (false, _) => match read(to, to_at) {
                Ok(number) => both.push(term(Op::Le, number)),
                Err(fault) if fault.unfinished && self.typing && !both.is_empty() => {}
                Err(fault) => return Err(fault),
            },
        }
        Ok(Expr::And(both))
    }
}

fn unknown_word<T>(field: Field, list: &'static [Word<T>], typed: &str, at: usize) -> Fault {
    let word = field.word();
    let what =
        if typed.is_empty() { format!("`{word}` needs a value here") } else { format!("`{word}` knows no {}", quoted(typed)) };
    let positive = typed.trim_start_matches(['-', '!']);
    let hint = match (field, positive.to_ascii_lowercase().as_str()) {
        (Field::Is, "seen") => "write seen:yes".to_owned(),
        (Field::Is, "unseen") => "write seen:no".to_owned(),
        (_, name) if positive.len() < typed.len() && list.iter().any(|word| word.word == name) => {
            format!("a negation stands before the field: -{word}:{name}")
        }
        _ => suggestion(typed, list.iter().map(|word| word.word)),
    };
    Fault::at(at, what, hint)
}
