//! Adds a source to the person's file and leaves every comment and blank line of it as it was.

use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, value};

use super::{Adapter, Config, KeyFrom, SourceConfig, load, resolve, span};
use crate::error::{Class, Failure, Result};

/// Appends `[[source]]` to the config file, making it when there is none.
///
/// # Errors
/// `Config` when the name is taken or the file cannot be parsed; `Store` when it cannot be written. Then the file is as it was.
pub fn add_source(config: &Config, source: &SourceConfig) -> Result<()> {
    let file = &config.paths.config_file;
    let bad = |what: String| Failure::new(Class::Usage, what).hint("juggler sources add --help shows examples");
    resolve::source_name(source.name.as_str()).map_err(bad)?;
    if let Some(url) = &source.base_url {
        resolve::base_url(url).map_err(bad)?;
    }
    if config.sources.iter().any(|known| known.name == source.name) {
        let hint = format!("change it in {}, or give this one another name", file.display());
        return Err(bad(format!("there is a source called \"{}\" already", source.name)).hint(hint));
    }
    let text = load::read(file, false)?.unwrap_or_default();
    let mut document: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| {
        Failure::new(Class::Config, format!("{} cannot be parsed", file.display()))
            .why(error.message())
            .hint("juggler config check says where")
    })?;
    let tables = document
        .as_table_mut()
        .entry("source")
        .or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()))
        .as_array_of_tables_mut()
        .ok_or_else(|| {
            Failure::new(Class::Config, format!("{} has its sources in one line", file.display()))
                .hint("write each as a [[source]] section, then add this one again")
        })?;
    tables.push(table_of(source));
    replace(file, document.to_string().as_bytes())
}

fn table_of(source: &SourceConfig) -> Table {
    let mut table = Table::new();
    table["name"] = value(source.name.as_str());
    match (source.adapter, &source.path) {
        (Adapter::Inbox, Some(path)) => {
            table["adapter"] = value("inbox");
            table["path"] = value(path.display().to_string());
        }
        _ => table["recipe"] = value(source.recipe.as_str()),
    }
    if let Some(url) = &source.base_url {
        table["base_url"] = value(url.as_str());
    }
    match &source.key {
        KeyFrom::Command(argv) => table["key_cmd"] = value(argv.iter().map(String::as_str).collect::<Array>()),
        KeyFrom::File(path) => table["key_file"] = value(path.display().to_string()),
        KeyFrom::Env(name) => table["key_env"] = value(name.as_str()),
        KeyFrom::None | KeyFrom::Given(_) => {}
    }
    if let Some(every) = source.poll_every {
        table["poll_every"] = value(span::write(every));
    }
    if !source.enabled {
        table["enabled"] = value(false);
    }
    table
}

/// Writes beside the file, syncs, renames: a crash leaves the old file or the new one. A link is followed, not replaced.
fn replace(file: &Path, bytes: &[u8]) -> Result<()> {
    let file = &file.canonicalize().unwrap_or_else(|_| file.to_owned());
    let failed = |error: std::io::Error| {
        Failure::new(Class::Store, format!("{} cannot be written", file.display()))
            .why(error)
            .hint("check the folder's permissions and the space left")
    };
    let dir = file.parent().unwrap_or(Path::new("/"));
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(failed)?;
    let beside = file.with_extension(format!("toml.{}", std::process::id()));
    let written = (|| {
        let mut out = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
        if let Ok(meta) = std::fs::metadata(file) {
            out.set_permissions(meta.permissions())?;
        }
        out.write_all(bytes)?;
        out.sync_all()?;
        std::fs::rename(&beside, file)?;
        std::fs::File::open(dir)?.sync_all()
    })();
    written.map_err(|error| {
        // The error that stopped the writing is the one to tell.
        let _ = std::fs::remove_file(&beside);
        failed(error)
    })
}
