//! Files as people send them: their words come out, with marks of where they stood.

use std::time::Instant;

use juggler::documents::{Extracted, extract};
use juggler::domain::pages::{mark_at, marks, pages};

use super::made::{self, archive, docx, paragraph};

/// What is read in a file of these bytes and this name.
pub async fn read(bytes: &[u8], name: &str) -> Extracted {
    made::reader();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kept");
    std::fs::write(&path, bytes).unwrap();
    extract(&path, bytes.to_vec(), name).await
}

fn text(found: &Extracted) -> &str {
    found.text.as_ref().unwrap_or_else(|| panic!("no text: {}", found.note)).as_str()
}

#[tokio::test]
async fn a_report_of_twenty_pages_has_each_figure_on_its_page() {
    let bytes = made::report();
    let begin = Instant::now();
    let found = read(&bytes, "report.pdf").await;
    println!("a PDF of 20 pages, {} kB: {:?}", bytes.len() / 1024, begin.elapsed());
    assert_eq!((found.facts.mime.as_str(), found.note.as_str()), ("application/pdf", ""));
    let text = text(&found);
    let marks = marks(text);
    assert_eq!(pages(text).len(), 20);
    for page in 1..=20 {
        let at = text.find(&format!("the figure is {}.", 1000 + page * 37)).unwrap();
        assert_eq!(mark_at(&marks, at).unwrap().name(), format!("page {page}"));
    }
}

/// Without `pdftotext` the library reads the same pages.
#[tokio::test]
async fn a_pdf_is_read_without_pdftotext_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kept");
    std::fs::write(&path, made::pdf(&["Alpha beta 4711", "--- page 9 ---\nGamma (delta)", ""])).unwrap();
    let run = std::process::Command::new(env!("CARGO_BIN_EXE_juggler"))
        .args(["read-document", "pdf"])
        .arg(&path)
        .env("PATH", folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8(run.stdout).unwrap();
    let (head, text) = said.split_once('\n').unwrap();
    assert!(head.contains("\"read\":true") && head.contains("install poppler-utils"), "{head}");
    let found: Vec<(u32, String)> = pages(text).iter().map(|page| (page.number, page.text.trim().to_owned())).collect();
    // A line that looks like an anchor is none.
    assert_eq!(found, [(1, "Alpha beta 4711".to_owned()), (2, "· --- page 9 ---\nGamma (delta)".to_owned())], "{text}");
}

#[tokio::test]
async fn a_page_without_words_is_told() {
    let words = "A page of words, enough of them to be more than a picture would leave behind.";
    let found = read(&made::pdf(&[words, "", words]), "scan.pdf").await;
    assert!(found.note.as_str().starts_with("page 2 holds hardly any text; they may be pictures"), "{}", found.note);
    let scan = read(&made::pdf(&["", ""]), "scan.pdf").await;
    assert!(scan.note.as_str().contains("none of its pages holds more than a few words"), "{}", scan.note);
}

#[tokio::test]
async fn a_docx_keeps_paragraphs_headings_tables_and_page_breaks() {
    let heading = "<w:p><w:pPr><w:pStyle w:val=\"Heading2\"/></w:pPr><w:r><w:t>Results</w:t></w:r></w:p>";
    let table = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Town</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Cars</w:t></w:r></w:p></w:tc></w:tr></w:tbl>";
    let broken = "<w:p><w:r><w:t>Before</w:t><w:br w:type=\"page\"/><w:t>Behind &amp; after &#8364;5</w:t></w:r></w:p>";
    let body = [paragraph("First words."), heading.to_owned(), table.to_owned(), broken.to_owned()].concat();
    let found = read(&docx(&body), "brief.docx").await;
    let text = text(&found);
    assert_eq!(text, "--- page 1 ---\nFirst words.\n## Results\nTown  | Cars\nBefore\n--- page 2 ---\nBehind & after €5\n\n");
    // Without page breaks its headings are its sections.
    let found = read(&docx(&[paragraph("Intro"), heading.to_owned(), paragraph("Ten towns.")].concat()), "x.docx").await;
    let text = found.text.unwrap();
    let marks = marks(text.as_str());
    assert_eq!(mark_at(&marks, text.as_str().find("Ten").unwrap()).unwrap().name(), "section 1: Results");
    assert!(mark_at(&marks, 0).is_none());
}

#[tokio::test]
async fn a_page_of_html_is_its_words_under_its_headings() {
    let page = "<!doctype html><title>t</title><style>p{}</style><script>alert(1)</script><h1>Commuting</h1><p>Half of <b>them</b> walk.\
                <h2>Cost</h2><table><tr><td>bus<td>&euro;3</table><p>\u{1b}]52;c;x\u{7}\u{202e}";
    let found = read(page.as_bytes(), "page").await;
    let text = text(&found);
    assert!(text.contains("# Commuting") && text.contains("Half of them walk.") && text.contains("€3"), "{text}");
    assert!(!text.contains("alert") && !text.contains('\u{1b}') && !text.contains('\u{202e}'), "{text:?}");
    let names: Vec<String> = marks(text).iter().map(|mark| mark.name()).collect();
    assert_eq!(names, ["section 1: Commuting", "section 2: Cost"]);
}

#[tokio::test]
async fn ten_megabytes_of_html_are_read() {
    let row = "<div class=\"a\"><p>Some words of a long page, with <a href=\"/x\">a link</a> and the number 12.</p></div>\n";
    let page = format!("<!doctype html><body>{}", row.repeat(10 * 1024 * 1024 / row.len()));
    let begin = Instant::now();
    let found = read(page.as_bytes(), "long.html").await;
    println!("10 MB of HTML: {:?}", begin.elapsed());
    let text = text(&found);
    assert!(text.contains("the number 12") && text.len() <= 4 << 20);
    assert!(found.note.as_str().is_empty() || found.note.as_str().contains("first 4 MB"), "{}", found.note);
}

#[tokio::test]
async fn plain_text_is_read_in_its_encoding() {
    for (bytes, words, note) in [
        (&b"# Title\nwords"[..], "# Title\nwords", ""),
        ("\u{feff}Gr\u{fc}\u{df}e".as_bytes(), "Grüße", ""),
        (b"\xff\xfeG\0r\0\xfc\0", "Grü", "read as UTF-16"),
        (b"Caf\xe9 \x80 5", "Café € 5", "read as Windows-1252"),
        (b"one\x0ctwo", "--- page 1 ---\none\n\n--- page 2 ---\ntwo\n\n", ""),
        (b"", "", "it holds no text"),
    ] {
        let found = read(bytes, "notes.txt").await;
        assert_eq!((text(&found), found.note.as_str()), (words, note));
    }
}

#[tokio::test]
async fn what_has_no_text_says_what_it_is() {
    let picture = image::RgbaImage::new(30, 20);
    let mut png = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut png, image::ImageFormat::Png).unwrap();
    for (bytes, words) in [
        (png.into_inner(), "a picture of 30 × 20 pixels"),
        (b"OggS\0".to_vec(), "no text is read from audio/ogg"),
        (archive(&[("a.txt", b"x")]), "an archive and no document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0".to_vec(), "old office program"),
        (vec![0, 1, 2, 255], "nobody here knows"),
    ] {
        let found = read(&bytes, "thing.pdf").await;
        assert!(found.text.is_none() && found.note.as_str().contains(words), "{words}: {}", found.note);
    }
}
