//! A sheet for translating: each source line, marked with the language it is to become. No model translates; a person does.

use crate::assist::material::Material;
use crate::domain::Text;
use crate::domain::check::parallel;
use crate::domain::deliverable::Rule;

/// The lines to be translated, by the demand that names their source.
pub fn source_lines<'a>(material: &Material<'a>) -> Vec<&'a str> {
    let job = material.job;
    let named: Option<&Text> =
        job.deliverable.rules.iter().find_map(|r| if let Rule::Parallel { source } = r { Some(source) } else { None });
    job.attachments
        .iter()
        .filter(|a| named.is_none_or(|n| n.is_empty() || a.name == *n))
        .filter_map(|a| Some(a.text.as_ref()?.as_str()))
        .flat_map(str::lines)
        .map(str::trim)
        .filter(|l| !l.is_empty())
        .collect()
}

/// The whole sheet.
pub fn lay_out(material: &Material<'_>) -> Vec<String> {
    source_lines(material).into_iter().map(|line| marked(material, line)).collect()
}

/// One line with its mark, shortened to the limits if there are any; placeholders always stay.
pub fn marked(material: &Material<'_>, line: &str) -> String {
    let tag = target(material);
    let mut kept: Vec<String> = line.split(' ').map(str::to_owned).collect();
    loop {
        let text = format!("[{tag}] {}", kept.join(" "));
        let long = crate::domain::check::sheet::graphemes(&text) > material.item_chars.1
            || crate::domain::check::sheet::words(&text) > material.item_words.1;
        let spare = kept.iter().rposition(|w| parallel::placeholders(w).is_empty() && !w.contains(['{', '}']));
        match spare {
            Some(at) if long && kept.len() > 1 => {
                kept.remove(at);
            }
            _ => return text,
        }
    }
}

/// The language to translate into: as the title or brief says ("into German"), else the job's.
fn target<'a>(material: &Material<'a>) -> &'a str {
    const NAMES: [(&str, &str); 24] = [
        ("german", "de"),
        ("french", "fr"),
        ("spanish", "es"),
        ("italian", "it"),
        ("portuguese", "pt"),
        ("dutch", "nl"),
        ("polish", "pl"),
        ("swedish", "sv"),
        ("danish", "da"),
        ("norwegian", "no"),
        ("finnish", "fi"),
        ("czech", "cs"),
        ("turkish", "tr"),
        ("greek", "el"),
        ("russian", "ru"),
        ("ukrainian", "uk"),
        ("arabic", "ar"),
        ("hebrew", "he"),
        ("hindi", "hi"),
        ("chinese", "zh"),
        ("japanese", "ja"),
        ("korean", "ko"),
        ("welsh", "cy"),
        ("english", "en"),
    ];
    let job = material.job;
    for text in [job.title.as_str(), job.brief.as_str()] {
        let text = text.to_lowercase();
        for lead in ["into ", "to "] {
            let named = text.match_indices(lead).find_map(|(at, _)| {
                let rest = &text[at + lead.len()..];
                NAMES.iter().find(|(name, _)| rest.starts_with(name)).map(|(_, tag)| *tag)
            });
            if let Some(tag) = named {
                return tag;
            }
        }
    }
    job.language.as_ref().map(Text::as_str).filter(|t| !t.is_empty()).unwrap_or("to do")
}
