//! Fitting text into cells: by display width, whole graphemes, with an ellipsis where something is missing.

use ratatui::text::{Line, Span};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Cells `text` takes.
pub fn width(text: &str) -> usize {
    if is_plain(text) { text.len() } else { text.width() }
}

/// One byte is one cell.
pub fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// `text` in at most `cells`, ending in `…` when cut. Line breaks become blanks.
pub fn fit(text: &str, cells: usize) -> String {
    if is_plain(text) {
        return match text.get(..cells.saturating_sub(1)) {
            _ if text.len() <= cells => text.to_owned(),
            Some(begin) if cells > 0 => format!("{begin}…"),
            _ => String::new(),
        };
    }
    let mut out = String::new();
    let mut used = 0;
    let mut graphemes = text.graphemes(true).peekable();
    while let Some(grapheme) = graphemes.next() {
        let shown = if grapheme.starts_with(['\n', '\r', '\t']) { " " } else { grapheme };
        let wide = shown.width();
        let last = graphemes.peek().is_none();
        if used + wide > cells || (used + wide == cells && !last) {
            if used < cells {
                out.push('…');
            }
            return out;
        }
        out.push_str(shown);
        used += wide;
    }
    out
}

/// [`fit`], filled up with blanks on the right.
pub fn left(text: &str, cells: usize) -> String {
    let mut out = fit(text, cells);
    out.extend(std::iter::repeat_n(' ', cells.saturating_sub(width(&out))));
    out
}

/// [`fit`], filled up with blanks on the left.
pub fn right(text: &str, cells: usize) -> String {
    let out = fit(text, cells);
    let blanks = cells.saturating_sub(width(&out));
    if blanks == 0 { out } else { " ".repeat(blanks) + &out }
}

/// A count with its thousands parted: `61,309`.
pub fn thousands(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A count in five cells: `9,999`, `61k`, `1.2M`.
pub fn short_count(n: usize) -> String {
    match n {
        0..10_000 => thousands(n),
        10_000..1_000_000 => format!("{}k", n / 1_000),
        _ => format!("{}.{}M", n / 1_000_000, n % 1_000_000 / 100_000),
    }
}

/// Cells a line takes.
pub fn line_width(line: &Line<'_>) -> usize {
    line.spans.iter().map(|span| width(&span.content)).sum()
}

/// `line` cut to `cells`.
pub fn clip(line: Line<'static>, cells: usize) -> Line<'static> {
    if line_width(&line) <= cells {
        return line;
    }
    let mut spans = Vec::new();
    let mut left = cells;
    for span in line.spans {
        let wide = span.content.width();
        if wide <= left && (wide < left || left == 0) {
            left -= wide;
            spans.push(span);
        } else {
            spans.push(Span::styled(fit(&format!("{} ", span.content), left), span.style));
            break;
        }
    }
    Line::from(spans)
}

/// Wraps a styled line at blanks into lines of at most `cells`; a word longer than a line is cut.
pub fn wrap_line(line: &Line<'static>, cells: usize) -> Vec<Line<'static>> {
    let mut out: Vec<Line<'static>> = vec![Line::default()];
    let mut used = 0;
    for span in &line.spans {
        for word in span.content.split_inclusive(' ') {
            let wide = word.trim_end().width();
            if used > 0 && used + wide > cells {
                out.push(Line::default());
                used = 0;
            }
            let word = if used == 0 { fit(word.trim_start(), cells) } else { word.to_owned() };
            used += word.width();
            if let Some(last) = out.last_mut().filter(|_| !word.is_empty()) {
                last.spans.push(Span::styled(word, span.style));
            }
        }
    }
    out
}

/// Wraps `text` at blanks into lines of at most `cells`; keeps empty lines.
pub fn wrap(text: &str, cells: usize) -> Vec<String> {
    if cells == 0 {
        return Vec::new();
    }
    text.split('\n')
        .flat_map(|line| {
            let wrapped = textwrap::wrap(line, cells);
            wrapped.into_iter().map(std::borrow::Cow::into_owned).collect::<Vec<String>>()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_by_cells_and_says_so() {
        assert_eq!(fit("taglines", 8), "taglines");
        assert_eq!(fit("taglines", 5), "tagl…");
        assert_eq!(fit("日本語", 4), "日…");
        assert_eq!([fit("ab", 0), fit("ab", 1), fit("", 0), fit("日", 1)], ["", "…", "", "…"]);
        assert_eq!(left("ab", 4), "ab  ");
        assert_eq!(right("ab", 4), "  ab");
        assert_eq!(fit("a\nb", 3), "a b");
    }

    #[test]
    fn counts() {
        let all = [0, 999, 1_000, 61_309, 1_234_567].map(thousands);
        assert_eq!(all, ["0", "999", "1,000", "61,309", "1,234,567"]);
        assert_eq!([9_999, 61_309, 1_234_567].map(short_count), ["9,999", "61k", "1.2M"]);
    }
}
