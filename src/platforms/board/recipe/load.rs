//! Where recipes come from: the person's own folder first, then those in the program.

use std::path::Path as FilePath;

use super::Recipe;
use crate::config::guard;
use crate::error::{Class, Failure, Result};

/// Recipes in the program.
pub const BUILT_IN: &[(&str, &str)] = &[("practice", include_str!("../../../../assets/platforms/practice.toml"))];
/// No recipe is larger.
const CAP: u64 = 1 << 20;

/// The recipe called `name`: `recipes_dir/NAME.toml`, else the built-in one. Errors are of class config and name file, line, key and
/// cure.
pub fn load_recipe(name: &str, recipes_dir: &FilePath) -> Result<Recipe> {
    let plain = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    if !plain {
        return Err(Failure::new(Class::Config, format!("\"{name}\" is not a recipe's name"))
            .why("names are made of letters, digits, - and _")
            .hint("write the file's name without .toml"));
    }
    let path = recipes_dir.join(format!("{name}.toml"));
    let shown = path.display().to_string();
    match std::fs::metadata(&path) {
        Ok(facts) if facts.len() > CAP => Err(Failure::new(Class::Config, format!("the recipe {shown} is not used"))
            .why("it is larger than 1 MiB")
            .hint("a recipe is a page of TOML; check that this is one")),
        Ok(_) => {
            let text = std::fs::read_to_string(&path).map_err(|error| {
                Failure::new(Class::Config, format!("the recipe {shown} cannot be read"))
                    .why(error)
                    .hint("check the file's owner, mode and encoding (UTF-8)")
            })?;
            let recipe = parse(name, &text, &shown)?;
            if recipe.headers().any(guard::is_secret_header) {
                guard::for_owner_only(&path, "a header in it carries a key")?;
            }
            Ok(recipe)
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            match BUILT_IN.iter().find(|(built_in, _)| *built_in == name) {
                Some((_, text)) => parse(name, text, &format!("{name} (built in)")),
                None => Err(unknown(name, &shown)),
            }
        }
        Err(error) => Err(Failure::new(Class::Config, format!("the recipe {shown} cannot be read")).why(error)),
    }
}

fn unknown(name: &str, shown: &str) -> Failure {
    let names: Vec<&str> = BUILT_IN.iter().map(|(name, _)| *name).collect();
    let near = names.iter().find(|known| strsim::damerau_levenshtein(known, name) <= 2);
    let cure = match near {
        Some(near) => format!("did you mean \"{near}\"?"),
        None => format!("write {shown}, or use a built-in one: {}", names.join(", ")),
    };
    Failure::new(Class::Config, format!("there is no recipe \"{name}\""))
        .why(format!("{shown} does not exist and none is built in"))
        .hint(cure)
}

fn parse(name: &str, text: &str, shown: &str) -> Result<Recipe> {
    let recipe: Recipe = toml::from_str(text).map_err(|error| {
        let place = error.span().map(|span| place(text, span.start));
        let at = place.as_ref().map_or_else(String::new, |(line, source)| format!(", line {line} (`{source}`)"));
        Failure::new(Class::Config, format!("the recipe {shown} is wrong{at}"))
            .why(guard::without_value(error.message()).replace('\n', " "))
            .hint("correct that line; assets/platforms/README.md and practice.toml show every key")
    })?;
    let wrong = |key: String, why: String| {
        Failure::new(Class::Config, format!("the recipe {shown} is wrong at {key}"))
            .why(why)
            .hint("correct that key; practice.toml shows every one")
    };
    if recipe.name != name {
        return Err(wrong("name".into(), format!("it says \"{}\" and the file is called \"{name}\"", recipe.name)));
    }
    super::check::check(&recipe).map_err(|(key, why)| wrong(key, why))?;
    Ok(recipe)
}

/// Line number and the line itself.
fn place(text: &str, offset: usize) -> (usize, String) {
    let before = text.get(..offset).unwrap_or(text);
    let number = before.matches('\n').count() + 1;
    let line = text.lines().nth(number - 1).unwrap_or_default().trim();
    // The value of a header with a key stays out of it.
    let line = if guard::is_secret_header(line) { line.split('=').next().unwrap_or_default().trim() } else { line };
    (number, line.chars().take(100).collect())
}
