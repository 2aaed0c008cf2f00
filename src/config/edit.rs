//! Changes sources and views in the person's file and leaves every comment and blank line of it as it was.

use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, Value, value};

use super::{Adapter, Config, KeyFrom, SourceConfig, load, resolve, span};
use crate::domain::rule::Automation;
use crate::domain::view::builtin;
use crate::domain::{NamedView, Text};
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
    let mut document = read(file)?;
    sections(&mut document, file, "source")?.push(table_of(source));
    replace(file, document.to_string().as_bytes())
}

/// Gives a `[[view]]` of this name this query and order, or appends one. A file without views is given the built-in ones first:
/// they hold only while it has none of its own.
///
/// # Errors
/// `Usage` for an empty name; `Config` when the file cannot be parsed; `Store` when it cannot be written. Then the file is as it
/// was.
pub fn save_view(config: &Config, named: &NamedView) -> Result<()> {
    if named.name.as_str().trim().is_empty() {
        return Err(Failure::new(Class::Usage, "a view needs a name").hint(":view save NAME"));
    }
    let file = &config.paths.config_file;
    let mut document = read(file)?;
    let views = sections(&mut document, file, "view")?;
    if views.is_empty() {
        builtin().iter().for_each(|view| views.push(view_table(view)));
    }
    let known = views.iter().position(|table| is_called(table, named));
    match known.and_then(|n| views.get_mut(n)) {
        Some(table) => fill_view(table, named),
        None => views.push(view_table(named)),
    }
    replace(file, document.to_string().as_bytes())
}

/// Takes the `[[view]]` of this name out of the file, with the comments above it; whether there was one. The last one leaves the
/// built-in views.
///
/// # Errors
/// As [`save_view`].
pub fn remove_view(config: &Config, name: &Text) -> Result<bool> {
    let file = &config.paths.config_file;
    let mut document = read(file)?;
    let views = sections(&mut document, file, "view")?;
    if views.is_empty() && builtin().iter().any(|view| view.name == *name) {
        builtin().iter().for_each(|view| views.push(view_table(view)));
    }
    let before = views.len();
    views.retain(|table| table.get("name").and_then(Item::as_str) != Some(name.as_str()));
    if views.len() == before {
        return Ok(false);
    }
    replace(file, document.to_string().as_bytes())?;
    Ok(true)
}

/// Sets `general.words_per_minute`.
///
/// # Errors
/// As [`save_view`].
pub fn save_pace(config: &Config, pace: u32) -> Result<()> {
    let file = &config.paths.config_file;
    let mut document = read(file)?;
    let general = document.as_table_mut().entry("general").or_insert_with(|| Item::Table(Table::new()));
    let Some(general) = general.as_table_mut() else {
        return Err(Failure::new(Class::Config, format!("{} has its general keys in one line", file.display()))
            .hint("write them as a [general] section, then do it again"));
    };
    set(general, "words_per_minute", i64::from(pace).into(), true);
    replace(file, document.to_string().as_bytes())
}

fn is_called(table: &Table, named: &NamedView) -> bool {
    table.get("name").and_then(Item::as_str) == Some(named.name.as_str())
}

fn view_table(named: &NamedView) -> Table {
    let mut table = Table::new();
    table["name"] = value(named.name.as_str());
    fill_view(&mut table, named);
    table
}

fn fill_view(table: &mut Table, named: &NamedView) {
    let view = &named.view;
    set(table, "query", view.query.to_string().into(), true);
    let sort: Array = view.sort.iter().map(ToString::to_string).collect();
    set(table, "sort", sort.into(), !view.sort.is_empty());
    set(table, "group", view.group.into(), view.group);
}

/// Sets a value and keeps the comment behind it; takes the key away where it says nothing.
fn set(table: &mut Table, key: &str, mut new: Value, says_something: bool) {
    if !says_something {
        table.remove(key);
        return;
    }
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) => {
            *new.decor_mut() = old.decor().clone();
            *old = new;
        }
        None => table[key] = Item::Value(new),
    }
}

fn read(file: &Path) -> Result<DocumentMut> {
    let text = load::read(file, false)?.unwrap_or_default();
    text.parse().map_err(|error: toml_edit::TomlError| {
        Failure::new(Class::Config, format!("{} cannot be parsed", file.display()))
            .why(error.message())
            .hint("juggler config check says where")
    })
}

/// The sections of one name, `[[source]]` or `[[view]]`.
fn sections<'a>(document: &'a mut DocumentMut, file: &Path, name: &str) -> Result<&'a mut ArrayOfTables> {
    let item = document.as_table_mut().entry(name).or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    item.as_array_of_tables_mut().ok_or_else(|| {
        Failure::new(Class::Config, format!("{} has its {name}s in one line", file.display()))
            .hint(format!("write each as a [[{name}]] section, then add this one again"))
    })
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
        KeyFrom::Credential(name) => table["key_credential"] = value(name.as_str()),
        KeyFrom::Env(name) => table["key_env"] = value(name.as_str()),
        KeyFrom::None | KeyFrom::Given(_) => {}
    }
    if let Some(every) = source.poll_every {
        table["poll_every"] = value(span::write(every));
    }
    if source.automation != Automation::Unread {
        table["terms"] = value(source.automation.word());
    }
    if source.watches_pasting {
        table["watches_pasting"] = value(true);
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
