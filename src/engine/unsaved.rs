//! Words that could not be given to any engine on the way out: into files, and said where.

use std::fs::{DirBuilder, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use crate::domain::Text;

/// Keeps `texts` (title and text) in files of their own under `data`; a sentence for each.
pub fn keep(data: &Path, texts: &[(Text, Text)]) -> Vec<String> {
    let folder = data.join("unsaved");
    let stamp = chrono::Utc::now().format("%Y%m%dT%H%M%S");
    let kept = |at: usize, text: &Text| {
        DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
        let path = folder.join(format!("{stamp}-{}-{at}.txt", std::process::id()));
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        file.write_all(text.as_str().as_bytes())?;
        file.sync_all()?;
        std::io::Result::Ok(path)
    };
    let say = |(at, (title, text)): (usize, &(Text, Text))| match kept(at, text) {
        Ok(path) => format!("the text for \"{title}\" is in {}", path.display()),
        Err(why) => format!("the text for \"{title}\" could not be kept either ({why}):\n{text}"),
    };
    texts.iter().enumerate().map(say).collect()
}
