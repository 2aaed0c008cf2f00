//! Where in a text something stands: pages, cut at anchors (lines such as `--- page 3 ---`), else sections, cut at headings (`# …`).

/// Most marks of one text; what comes behind belongs to the last.
const MARKS: usize = 10_000;
/// Most bytes of a heading that name its section.
const NAMED: usize = 80;

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

/// The beginning of a page or a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Byte where it begins: that of its anchor or heading.
    pub at: usize,
    /// Its number, from 1 or as its anchor says.
    pub number: u32,
    /// The heading of a section; none for a page.
    pub heading: Option<String>,
}

impl Mark {
    /// "page 3", "section 2: Results".
    pub fn name(&self) -> String {
        match &self.heading {
            None => format!("page {}", self.number),
            Some(heading) => format!("section {}: {heading}", self.number),
        }
    }
}

/// The marks of a text, in order: its pages where it has anchors, else its sections where it has headings.
pub fn marks(text: &str) -> Vec<Mark> {
    let (mut at, mut sections) = (0, 0);
    let (mut anchors, mut headings) = (Vec::new(), Vec::new());
    // A fence keeps what begins like a heading: a comment in a script is none.
    let mut fenced = false;
    for line in text.split_inclusive('\n') {
        fenced ^= line.starts_with("```");
        if let Some(number) = anchor(line) {
            anchors.push(Mark { at, number, heading: None });
        } else if let Some(heading) = heading(line).filter(|_| !fenced && headings.len() < MARKS) {
            sections += 1;
            headings.push(Mark { at, number: sections, heading: Some(heading) });
        }
        at += line.len();
        if anchors.len() == MARKS {
            break;
        }
    }
    if anchors.is_empty() { headings } else { anchors }
}

/// The mark under which byte `at` stands; none before the first.
pub fn mark_at(marks: &[Mark], at: usize) -> Option<&Mark> {
    marks.get(marks.partition_point(|mark| mark.at <= at).checked_sub(1)?)
}

/// The words of a heading: up to six `#`, a blank, and something behind it.
fn heading(line: &str) -> Option<String> {
    let rest = line.trim_start_matches('#');
    let level = line.len() - rest.len();
    let words = rest.strip_prefix(' ').filter(|_| (1..=6).contains(&level))?.trim().trim_end_matches('#').trim_end();
    let mut end = words.len().min(NAMED);
    while !words.is_char_boundary(end) {
        end -= 1;
    }
    (end > 0).then(|| words[..end].to_owned())
}

/// The number of a page's anchor, if the line is one. It belongs to no sentence and proves no number.
pub fn anchor(line: &str) -> Option<u32> {
    let inner = line.trim().strip_prefix("---")?.strip_suffix("---")?.trim();
    let number = inner.get(..4).filter(|w| w.eq_ignore_ascii_case("page")).and_then(|_| inner.get(4..))?.trim();
    number.bytes().all(|b| b.is_ascii_digit()).then(|| number.parse().ok()).flatten()
}
