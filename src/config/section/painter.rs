//! The keys of an `[[assistant]]` that paints, and those of `[assist]` about pictures.

use std::path::{Path, PathBuf};

use super::Section;
use crate::config::assistant::AssistantKind;
use crate::config::painter::{ArtConfig, PainterConfig};
use crate::config::resolve::expand;
use crate::domain::Asset;
use crate::domain::art::{Operation, Size};
use crate::domain::spend::price;

/// As written.
pub(super) struct Raw {
    pub size: Option<String>,
    pub quality: Option<String>,
    pub price_image: Option<String>,
    pub steps: Option<u32>,
    pub guidance: Option<f64>,
    pub sampler: Option<String>,
    pub upscaler: Option<String>,
    pub workflows: [(Operation, &'static str, Option<String>); 5],
}

/// Reads them.
pub(super) fn take(
    raw: Raw,
    kind: AssistantKind,
    section: &mut Section,
    base: &Path,
    home: Option<&Path>,
) -> Option<PainterConfig> {
    let said: [(&str, bool); 7] = [
        ("size", raw.size.is_some()),
        ("quality", raw.quality.is_some()),
        ("price_image", raw.price_image.is_some()),
        ("steps", raw.steps.is_some()),
        ("guidance", raw.guidance.is_some()),
        ("sampler", raw.sampler.is_some()),
        ("upscaler", raw.upscaler.is_some()),
    ];
    let workflows = raw.workflows.iter().map(|(_, key, path)| (*key, path.is_some()));
    if !kind.paints() {
        for (key, _) in said.into_iter().chain(workflows).filter(|(_, said)| *said) {
            let hint = "it is for the kinds openai-images, sd-webui and comfyui";
            section.wrong(key, format!("an assistant of kind \"{}\" does not paint", kind.word()), hint);
        }
        return None;
    }
    let size = raw.size.and_then(|written| {
        let read: Result<Size, String> = written.parse();
        read.map_err(|what| section.wrong("size", what, "")).ok()
    });
    let price_image = raw.price_image.and_then(|written| one_price(section, &written));
    if raw.steps == Some(0) {
        section.wrong("steps", "a picture takes at least one step", "write it like 25");
    }
    if raw.guidance.is_some_and(|guidance| !(0.0..=100.0).contains(&guidance)) {
        section.wrong("guidance", "it is not between 0 and 100", "write it like 7.0");
    }
    let mut own = Vec::new();
    for (operation, key, path) in raw.workflows {
        let Some(path) = path else { continue };
        if kind != AssistantKind::ComfyUi {
            section.wrong(key, "only ComfyUI has workflows", "take it away");
        }
        own.push((operation, expand(&path, base, home)));
    }
    Some(PainterConfig {
        size,
        quality: raw.quality,
        price_image,
        steps: raw.steps,
        guidance: raw.guidance,
        sampler: raw.sampler,
        upscaler: raw.upscaler,
        workflows: own,
    })
}

fn one_price(section: &mut Section, written: &str) -> Option<crate::domain::Money> {
    let mut parts = written.split_whitespace();
    let read = match (parts.next(), parts.next().map(str::parse::<Asset>), parts.next()) {
        (Some(amount), Some(Ok(asset)), None) => price(amount, asset).ok().filter(|money| money.minor >= 0),
        _ => None,
    };
    if read.is_none() {
        let what = format!("\"{written}\" is not an amount with a currency");
        section.wrong("price_image", what, "write what one picture costs: \"0.04 USD\"");
    }
    read
}

/// What `[assist]` says about pictures.
pub(in crate::config) fn settings(
    painter: Option<String>,
    watch: Option<&str>,
    sheet: Option<String>,
    section: &mut Section,
    painters: &[&str],
    (base, home): (&Path, Option<&Path>),
) -> ArtConfig {
    if let Some(name) = &painter
        && !painters.contains(&name.as_str())
    {
        let hint = match painters {
            [] => "add [[assistant]] with kind = \"openai-images\", \"sd-webui\" or \"comfyui\"".to_owned(),
            some => format!("there are {}", some.join(", ")),
        };
        section.wrong("painter", format!("there is no painter \"{name}\""), hint);
    }
    if sheet.as_ref().is_some_and(|sheet| !sheet.contains("{prompt}")) {
        section.wrong("sheet", "the prompt has no place in it", format!("write it like \"{}\"", ArtConfig::SHEET));
    }
    let watch: Option<PathBuf> = watch.map(|folder| expand(folder, base, home));
    ArtConfig { painter, watch, sheet: sheet.unwrap_or_else(|| ArtConfig::SHEET.to_owned()) }
}
