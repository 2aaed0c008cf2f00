//! Files made to break whoever reads them end in a sentence: no panic, no hang, no memory.

use std::io::Write as _;
use std::time::{Duration, Instant};

use super::extraction::read;
use super::made::{archive, docx, of_bytes, paragraph, pdf, whole};

/// What is said of such a file; it has no text, and was done with in time.
async fn said(bytes: &[u8], name: &str) -> String {
    let begin = Instant::now();
    let found = read(bytes, name).await;
    println!("{name}: {:?}: {} {}", begin.elapsed(), found.note, found.text.as_ref().map_or(0, |text| text.as_str().len()));
    assert!(begin.elapsed() < Duration::from_secs(60), "{name}");
    assert!(found.text.is_none(), "{name} has a text: {:?}", found.text.map(|text| text.head(200)));
    let note = found.note.to_string();
    assert!(!note.is_empty() && note.len() < 400 && !note.contains("panicked"), "{note}");
    note
}

#[tokio::test]
async fn a_zip_bomb_is_not_unpacked() {
    // 300 MB of one paragraph in 300 kB.
    let mut xml = b"<w:document><w:body>".to_vec();
    xml.resize(300 << 20, b' ');
    let bomb = archive(&[("word/document.xml", &xml)]);
    assert!(bomb.len() < 1 << 20, "{}", bomb.len());
    let note = said(&bomb, "bomb.docx").await;
    assert!(note.contains("unpacks to more than 64 MiB"), "{note}");
}

#[tokio::test]
async fn nested_and_defining_documents_are_refused() {
    let deep = format!("{}{}", "<w:a>".repeat(1_000_000), "</w:a>".repeat(1_000_000));
    assert!(said(&docx(&deep), "deep.docx").await.contains("nested deeper"));
    let laughs = "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY l \"ha\"><!ENTITY m \"&l;&l;&l;\">]><w:document><w:t>&m;</w:t></w:document>";
    assert!(said(&archive(&[("word/document.xml", laughs.as_bytes())]), "laughs.docx").await.contains("defines words"));
    assert!(said(&archive(&[("word/document.xml", b"<w:p><w:t>cut")]), "cut.docx").await.contains("damaged"));
    let whole = docx(&paragraph("words"));
    assert!(said(&whole[..whole.len() / 2], "half.docx").await.contains("damaged"));
}

#[tokio::test]
async fn a_million_nested_tags_are_no_page() {
    let page = format!("<!doctype html>{}words", "<div>".repeat(1_000_000));
    assert!(said(page.as_bytes(), "deep.html").await.contains("nested deeper"));
    // Tags that need no end nest as deep without being counted.
    for tag in ["<li><ul>", "<p><b>", "<td><table>", "<font><a>"] {
        let page = format!("<!doctype html>{}words", tag.repeat(300_000));
        let begin = Instant::now();
        let found = read(page.as_bytes(), "formats.html").await;
        println!("{tag}: {:?} {} {:?}", begin.elapsed(), found.note, found.text.map(|t| t.as_str().len()));
        assert!(begin.elapsed() < Duration::from_secs(60));
    }
}

#[tokio::test]
async fn broken_and_locked_pdfs_end_in_a_sentence() {
    let good = pdf(&["words of a page"]);
    for cut in [9, 60, good.len() / 2] {
        said(&good[..cut], "cut.pdf").await;
    }
    said(b"%PDF-1.7 \0\xff", "no.pdf").await;
    // Its pages are their own parents.
    let catalogue = "<< /Type /Catalog /Pages 2 0 R >>".to_owned();
    said(&whole(&[catalogue.clone(), "<< /Type /Pages /Count 3 /Kids [2 0 R 2 0 R] >>".into()], ""), "loop.pdf").await;
    // Encrypted with a password nobody has.
    let locked = whole(
        &[
            catalogue,
            "<< /Type /Pages /Count 1 /Kids [3 0 R] >>".into(),
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>".into(),
            format!("<< /Filter /Standard /V 1 /R 2 /O <{0}> /U <{0}> /P -4 >>", "11".repeat(32)),
        ],
        "/Encrypt 4 0 R /ID [<00> <00>]",
    );
    let note = said(&locked, "locked.pdf").await;
    assert!(note.contains("password"), "{note}");
}

#[tokio::test]
async fn a_pdf_that_unpacks_to_gigabytes_is_stopped() {
    // A stream of 1.5 GB in a few MB, as the content of a page.
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    let blank = vec![b' '; 1 << 20];
    for _ in 0..1500 {
        packed.write_all(&blank).unwrap();
    }
    let packed = packed.finish().unwrap();
    let mut content = format!("<< /Filter /FlateDecode /Length {} >>\nstream\n", packed.len()).into_bytes();
    content.extend(packed);
    content.extend(b"\nendstream");
    let objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>".to_vec(),
        content,
    ];
    let out = of_bytes(&objects, "");
    // By the library alone too: pdftotext reads it as it unpacks.
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("bomb"), &out).unwrap();
    let run = std::process::Command::new(env!("CARGO_BIN_EXE_juggler"))
        .args(["read-document", "pdf"])
        .arg(folder.path().join("bomb"))
        .env("PATH", folder.path())
        .output()
        .unwrap();
    println!("bomb.pdf without pdftotext: {} {}", run.status, String::from_utf8_lossy(&run.stdout));
    assert!(!run.status.success() || run.stdout.len() < 1000);
    let begin = Instant::now();
    let found = read(&out, "bomb.pdf").await;
    println!("bomb.pdf: {:?} {}", begin.elapsed(), found.note);
    assert!(begin.elapsed() < Duration::from_secs(60));
    assert!(!found.note.is_empty() && found.text.is_none_or(|text| text.as_str().len() < 1000));
}

#[tokio::test]
async fn ten_thousand_pages_are_cut_and_it_is_said() {
    let pages: Vec<String> =
        (0..10_000).map(|n| format!("Page number {n} with enough words to be more than a picture.")).collect();
    let found = read(&pdf(&pages.iter().map(String::as_str).collect::<Vec<_>>()), "long.pdf").await;
    assert!(found.note.as_str().contains("first 2000 pages"), "{}", found.note);
    assert!(found.text.unwrap().as_str().contains("number 1999"));
}
