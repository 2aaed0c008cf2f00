//! A walk over the text of a query: words with escapes, quotes, regexes. Positions are byte offsets at starts of characters.

use super::ast::Pattern;

/// Where the reading stands.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'t> {
    pub(super) text: &'t str,
    pub(super) pos: usize,
}

/// A piece of text read.
pub(super) struct Piece {
    /// Without escapes.
    pub(super) text: String,
    /// A `*` stood in it unescaped.
    pub(super) wild: bool,
    /// It had its end, and the text did not end first.
    pub(super) closed: bool,
    /// The text ended in it: more of it may come.
    pub(super) open: bool,
    /// Then: it ends with a `\\` that nothing follows.
    pub(super) dangling: bool,
}

impl Piece {
    /// Without a `\\` at the end that waits for what it is before.
    pub(super) fn without_dangling(mut self) -> Piece {
        if std::mem::take(&mut self.dangling) {
            self.text.pop();
        }
        self
    }

    pub(super) fn bare(self) -> Pattern {
        if self.wild { Pattern::Wild(self.text) } else { Pattern::Plain(self.text) }
    }

    pub(super) fn quoted(self) -> Pattern {
        if self.wild { Pattern::Wild(self.text) } else { Pattern::Exact(self.text) }
    }
}

/// Ends every word and value.
pub(super) fn ends_term(c: char) -> bool {
    c.is_whitespace() || matches!(c, '(' | ')' | '|')
}

/// Stands between a field and its value.
pub(super) fn is_op(c: char) -> bool {
    matches!(c, ':' | '<' | '>' | '=')
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str) -> Cursor<'t> {
        Cursor { text, pos: 0 }
    }

    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.pos..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn at_end(&self) -> bool {
        self.pos >= self.text.len()
    }

    /// At the end of a word or value.
    pub(super) fn at_edge(&self) -> bool {
        self.peek().is_none_or(ends_term)
    }

    pub(super) fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.pos += c.len_utf8();
        Some(c)
    }

    pub(super) fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.pos += wanted.len_utf8();
        }
        found
    }

    pub(super) fn skip_space(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.bump();
        }
    }

    /// The characters up to one that `stops`, as they stand.
    pub(super) fn raw(&mut self, stops: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let end = rest.find(stops).unwrap_or(rest.len());
        self.pos += end;
        &rest[..end]
    }

    /// The characters up to one that `stops`, with `\` before a character that is meant as itself.
    pub(super) fn bare(&mut self, stops: impl Fn(char) -> bool) -> Piece {
        let mut piece = Piece { text: String::new(), wild: false, closed: true, open: false, dangling: false };
        while let Some(c) = self.peek().filter(|c| !stops(*c)) {
            self.bump();
            piece.dangling = c == '\\' && self.at_end();
            let meant = if c == '\\' { self.bump().unwrap_or(c) } else { c };
            piece.wild |= c == '*';
            piece.text.push(meant);
        }
        piece.open = self.at_end();
        piece
    }

    /// From one `"` to the next; `\` makes `"`, `\` and `*` mean themselves.
    pub(super) fn quotes(&mut self) -> Piece {
        let mut piece = Piece { text: String::new(), wild: false, closed: false, open: true, dangling: false };
        self.bump();
        while let Some(c) = self.bump() {
            match c {
                '"' => {
                    (piece.closed, piece.open) = (true, false);
                    break;
                }
                '\\' if matches!(self.peek(), Some('"' | '\\' | '*')) => piece.text.extend(self.bump()),
                c => {
                    piece.wild |= c == '*';
                    piece.dangling = c == '\\' && self.at_end();
                    piece.text.push(c);
                }
            }
        }
        piece
    }

    /// From one `/` to the next; `\/` is a slash in it, every other escape is the regex's own.
    pub(super) fn slashes(&mut self) -> Piece {
        let mut piece = Piece { text: String::new(), wild: false, closed: false, open: true, dangling: false };
        self.bump();
        while let Some(c) = self.bump() {
            match c {
                '/' => {
                    (piece.closed, piece.open) = (true, false);
                    break;
                }
                '\\' if self.peek() == Some('/') => piece.text.extend(self.bump()),
                '\\' => {
                    piece.text.push('\\');
                    piece.text.extend(self.bump());
                }
                c => piece.text.push(c),
            }
        }
        piece
    }

    /// `or`, `and` as a word of its own here.
    pub(super) fn at_word(&self, word: &str) -> bool {
        let rest = self.rest();
        rest.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word))
            && rest[word.len()..].chars().next().is_none_or(ends_term)
    }
}
