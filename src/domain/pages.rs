//! Text cut at its page anchors: lines such as `--- page 3 ---`.

/// One page of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page<'a> {
    /// Its number as the anchor says; 1 for a text without anchors, and for what stands before the first one.
    pub number: u32,
    /// What is on it, without the anchor line.
    pub text: &'a str,
    /// Byte where it begins in the whole text.
    pub start: usize,
}

/// The pages of a text, in order. Pages without any words are left out.
pub fn pages(text: &str) -> Vec<Page<'_>> {
    let mut pages = Vec::new();
    let (mut number, mut start, mut at) = (1, 0, 0);
    let mut close = |number, start: usize, end: usize| {
        if let Some(page) = text.get(start..end)
            && !page.trim().is_empty()
        {
            pages.push(Page { number, text: page, start });
        }
    };
    for line in text.split_inclusive('\n') {
        if let Some(next) = anchor(line) {
            close(number, start, at);
            (number, start) = (next, at + line.len());
        } else if line.starts_with('\u{c}') {
            // A form feed is how pdftotext ends a page.
            close(number, start, at);
            (number, start) = (u32::saturating_add(number, 1), at);
        }
        at += line.len();
    }
    close(number, start, at);
    pages
}

/// The page on which byte `at` stands; `None` without anchors or before any page.
pub fn page_at(pages: &[Page<'_>], at: usize) -> Option<u32> {
    let index = pages.partition_point(|p| p.start <= at).checked_sub(1)?;
    pages.get(index).filter(|_| pages.len() > 1).map(|p| p.number)
}

fn anchor(line: &str) -> Option<u32> {
    let inner = line.trim().strip_prefix("---")?.strip_suffix("---")?.trim();
    let number = inner.get(..4).filter(|w| w.eq_ignore_ascii_case("page")).and_then(|_| inner.get(4..))?.trim();
    number.bytes().all(|b| b.is_ascii_digit()).then(|| number.parse().ok()).flatten()
}
