//! What each painter can do, by its kind and model; what it cannot is said before anything is sent.
//!
//! The models of OpenAI come and go: what is known here is known by the beginnings of their names, and a name that is not known is
//! taken at the provider's word.

use crate::config::{AssistantConfig, AssistantKind};
use crate::domain::art::{ArtWish, Backdrop, Operation, Size};
use crate::error::{Class, Failure, Result};

/// Pixels of a picture, where nobody says.
const USUAL: u64 = 1024 * 1024;
/// What models of the GPT Image family up to 1.5 paint.
const GPT_ONE: [Size; 3] =
    [Size { width: 1024, height: 1024 }, Size { width: 1536, height: 1024 }, Size { width: 1024, height: 1536 }];
/// What DALL·E 3 painted, and those who took its name over.
const DALL_E_3: [Size; 3] =
    [Size { width: 1024, height: 1024 }, Size { width: 1792, height: 1024 }, Size { width: 1024, height: 1792 }];
/// What DALL·E 2 painted.
const DALL_E_2: [Size; 3] =
    [Size { width: 1024, height: 1024 }, Size { width: 512, height: 512 }, Size { width: 256, height: 256 }];

/// Which sizes there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sizes {
    /// These and no others.
    Fixed(&'static [Size]),
    /// Any with sides that `step` divides, no side longer than `longest`, at most `stretch` hundredths as long as broad.
    Free { step: u32, longest: u32, stretch: u32 },
}

/// What a painter can.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Able {
    /// What it does.
    pub operations: Vec<Operation>,
    /// Chance can be told where to begin, so that a picture can be made again.
    pub seeds: bool,
    /// What to keep out can be said apart.
    pub negative: bool,
    /// How much may change can be said.
    pub strength: bool,
    /// It paints on nothing.
    pub transparent: bool,
    /// It has a word for quality.
    pub quality: bool,
    /// Pictures of one order.
    pub most: u8,
    /// Sizes.
    pub sizes: Sizes,
}

/// What this one can.
pub fn able(config: &AssistantConfig) -> Able {
    use Operation as O;
    let stable = Able {
        operations: vec![O::Generate, O::Edit, O::Inpaint],
        seeds: true,
        negative: true,
        strength: true,
        transparent: false,
        quality: false,
        most: 8,
        sizes: Sizes::Free { step: 8, longest: 4096, stretch: 800 },
    };
    match config.kind {
        AssistantKind::SdWebui => Able { operations: vec![O::Generate, O::Edit, O::Inpaint, O::Upscale], ..stable },
        AssistantKind::ComfyUi => {
            let own = |operation: &O| config.paints.as_ref().is_some_and(|paints| paints.workflow(*operation).is_some());
            let more = [O::Upscale, O::Cutout].into_iter().filter(own);
            Able { operations: stable.operations.iter().copied().chain(more).collect(), ..stable }
        }
        _ => images(config.model.as_deref().unwrap_or_default()),
    }
}

/// The models behind OpenAI's Images.
fn images(model: &str) -> Able {
    let is = |opening: &str| model.starts_with(opening);
    let (sizes, transparent) = match model {
        _ if is("dall-e-3") => (Sizes::Fixed(&DALL_E_3), false),
        _ if is("dall-e-2") => (Sizes::Fixed(&DALL_E_2), false),
        _ if is("gpt-image-1") || is("chatgpt-image") => (Sizes::Fixed(&GPT_ONE), true),
        // gpt-image-2 itself lost the see-through ground; its successors have it.
        _ if is("gpt-image-2") => (Sizes::Free { step: 16, longest: 3840, stretch: 300 }, is("gpt-image-2.")),
        _ => (Sizes::Free { step: 8, longest: 4096, stretch: 800 }, true),
    };
    let mut operations = vec![Operation::Generate];
    if !is("dall-e-3") {
        operations.extend([Operation::Edit, Operation::Inpaint]);
        operations.extend(transparent.then_some(Operation::Cutout));
    }
    Able {
        operations,
        seeds: false,
        negative: false,
        strength: false,
        transparent,
        quality: !is("dall-e-2"),
        most: if is("dall-e-3") { 1 } else { 10 },
        sizes,
    }
}

/// Whether a painter can what is wished; `all` are those in the config, to name one that can.
///
/// # Errors
/// What it cannot, and what can.
pub fn judge(config: &AssistantConfig, wish: &ArtWish, all: &[&AssistantConfig]) -> Result<()> {
    let (able, name) = (able(config), &config.name);
    let who = |can: &dyn Fn(&Able) -> bool| {
        let names: Vec<&str> = all.iter().filter(|one| can(&self::able(one))).map(|one| one.name.as_str()).collect();
        match names.as_slice() {
            [] => "no painter in the config can".to_owned(),
            names => format!("{} can: choose it with --by, or in the sheet", names.join(", ")),
        }
    };
    let cannot = |what: String, hint: String| Failure::new(Class::Refused, what).why("nothing was sent").hint(hint);
    let operation = wish.operation;
    if !able.operations.contains(&operation) {
        let hint = match (config.kind, operation) {
            (AssistantKind::ComfyUi, _) => {
                format!("name a workflow of yours as workflow_{} in [[assistant]] \"{name}\"", operation.word())
            }
            (_, Operation::Cutout) if !able.transparent => format!(
                "{}; gpt-image-1.5 and gpt-image-2.5-flare paint on a see-through ground",
                who(&|able| able.operations.contains(&operation))
            ),
            _ => who(&|able| able.operations.contains(&operation)),
        };
        return Err(cannot(format!("\"{name}\" cannot {}", operation.label()), hint));
    }
    if wish.backdrop == Backdrop::Transparent && !able.transparent {
        let model = config.model.as_deref().unwrap_or_default();
        let what = match config.kind {
            AssistantKind::OpenAiImages => format!("{model} paints no see-through ground"),
            _ => format!("\"{name}\" paints no see-through ground"),
        };
        let hint = match config.kind {
            AssistantKind::OpenAiImages => {
                "write model = \"gpt-image-2.5-flare\" or \"gpt-image-1.5\", or paint it on one flat colour and cut it out"
                    .to_owned()
            }
            _ => format!("{}; or paint it on one flat colour and cut it out", who(&|able| able.transparent)),
        };
        return Err(cannot(what, hint));
    }
    let unheard = [
        (
            wish.seed.is_some() && !able.seeds,
            "has no seeds: what it paints cannot be painted again exactly",
            "leave the seed out",
        ),
        (!wish.negative.is_empty() && !able.negative, "is not told apart what to keep out", "say it in the prompt: without …"),
        (wish.strength.is_some() && !able.strength, "cannot be told how much may change", "say it in the prompt: change only …"),
        (!wish.quality.is_empty() && !able.quality, "has no word for quality", "leave the quality out"),
        (wish.count > able.most, "does not paint so many at once", "order fewer"),
    ];
    if let Some((_, what, hint)) = unheard.into_iter().find(|(unheard, ..)| *unheard) {
        let more = if wish.count > able.most { format!(": {} at most", able.most) } else { String::new() };
        return Err(cannot(format!("\"{name}\" {what}{more}"), hint.to_owned()));
    }
    match wish.size {
        Some(size) => fits(config, able.sizes, size),
        None => Ok(()),
    }
}

fn fits(config: &AssistantConfig, sizes: Sizes, size: Size) -> Result<()> {
    let hint = match sizes {
        Sizes::Fixed(all) if all.contains(&size) => return Ok(()),
        Sizes::Fixed(all) => format!("it paints {}", all.iter().map(Size::to_string).collect::<Vec<_>>().join(", ")),
        Sizes::Free { step, longest, stretch } => {
            let fits = size.width.is_multiple_of(step) && size.height.is_multiple_of(step);
            if fits && size.width.max(size.height) <= longest && size.stretch() <= stretch {
                return Ok(());
            }
            let near = near(sizes, size, size.pixels());
            format!("it paints sides that {step} divides, up to {longest}, at most {}:1; the nearest is {near}", stretch / 100)
        }
    };
    let model = config.model.as_deref().unwrap_or("its model");
    Err(Failure::new(Class::Refused, format!("{model} does not paint {size}")).why("nothing was sent").hint(hint))
}

/// The size to paint a picture of these proportions in: what the config says, turned to the proportions, as far as the painter can.
pub fn size(config: &AssistantConfig, wanted: Option<Size>) -> Option<Size> {
    let sizes = able(config).sizes;
    let set = config.paints.as_ref().and_then(|paints| paints.size);
    match (wanted, set) {
        (None, None) if config.kind == AssistantKind::OpenAiImages => None,
        (None, set) => set.or(Some(Size::new(1024, 1024))),
        (Some(wanted), set) => Some(near(sizes, wanted, set.map_or(USUAL, Size::pixels))),
    }
}

fn near(sizes: Sizes, wanted: Size, pixels: u64) -> Size {
    match sizes {
        Sizes::Fixed(all) => {
            let ratio = |size: Size| f64::from(size.width.max(1)) / f64::from(size.height.max(1));
            let off = |size: &Size| (ratio(*size) / ratio(wanted)).ln().abs();
            all.iter().copied().min_by(|a, b| off(a).total_cmp(&off(b))).unwrap_or(wanted)
        }
        Sizes::Free { step, longest, stretch } => {
            let (long, short) = (wanted.width.max(wanted.height), wanted.width.min(wanted.height).max(1));
            let held = long.min(short.saturating_mul(stretch) / 100).max(1);
            let wanted = if wanted.width >= wanted.height { Size::new(held, short) } else { Size::new(short, held) };
            let mut near = wanted.about(pixels, step);
            let most = longest / step * step;
            near.width = near.width.min(most);
            near.height = near.height.min(most);
            // Rounding to steps must not stretch it beyond what it may be.
            while near.stretch() > stretch {
                if near.width > near.height { near.width -= step } else { near.height -= step }
            }
            near
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn painter(kind: AssistantKind, model: &str) -> AssistantConfig {
        AssistantConfig { model: Some(model.to_owned()), ..AssistantConfig::of("it", kind) }
    }

    #[test]
    fn what_cannot_be_is_said_with_the_cure() {
        let two = painter(AssistantKind::OpenAiImages, "gpt-image-2");
        let clear = ArtWish { backdrop: Backdrop::Transparent, count: 1, ..ArtWish::default() };
        let failure = judge(&two, &clear, &[&two]).unwrap_err();
        assert!(
            failure.what.contains("gpt-image-2 paints no see-through ground") && failure.hint.contains("gpt-image-2.5-flare")
        );
        for fine in ["gpt-image-1.5", "gpt-image-2.5-flare", "some-other-model"] {
            assert_eq!(judge(&painter(AssistantKind::OpenAiImages, fine), &clear, &[]), Ok(()), "{fine}");
        }
        let webui = painter(AssistantKind::SdWebui, "");
        let larger = ArtWish { operation: Operation::Upscale, ..ArtWish::default() };
        assert!(judge(&two, &larger, &[&two, &webui]).unwrap_err().hint.contains("it can"));
        assert!(judge(&painter(AssistantKind::ComfyUi, ""), &larger, &[]).unwrap_err().hint.contains("workflow_upscale"));
        assert_eq!(judge(&webui, &larger, &[]), Ok(()));
        let seeded = ArtWish { seed: Some(7), ..ArtWish::default() };
        assert!(judge(&two, &seeded, &[]).unwrap_err().what.contains("no seeds"));
        let odd = ArtWish { size: Some(Size::new(1000, 1000)), ..ArtWish::default() };
        assert!(judge(&two, &odd, &[]).unwrap_err().hint.contains("16 divides"));
        let sized = judge(&painter(AssistantKind::OpenAiImages, "gpt-image-1"), &odd, &[]).unwrap_err();
        assert!(sized.hint.contains("1024x1024, 1536x1024"), "{sized:?}");
    }

    #[test]
    fn the_job_decides_the_proportions() {
        let shirt = Some(Size::new(4500, 5400));
        assert_eq!(size(&painter(AssistantKind::OpenAiImages, "gpt-image-1"), shirt), Some(Size::new(1024, 1024)));
        assert_eq!(
            size(&painter(AssistantKind::OpenAiImages, "gpt-image-1"), Some(Size::new(2400, 3200))),
            Some(Size::new(1024, 1536))
        );
        assert_eq!(size(&painter(AssistantKind::OpenAiImages, "gpt-image-2"), shirt), Some(Size::new(928, 1120)));
        assert_eq!(size(&painter(AssistantKind::OpenAiImages, "gpt-image-2"), None), None);
        assert_eq!(size(&painter(AssistantKind::SdWebui, ""), None), Some(Size::new(1024, 1024)));
    }

    proptest! {
        /// Whatever a job wants, what is asked for is something that the model paints.
        #[test]
        fn sizes_are_always_possible(width in 1_u32..12_000, height in 1_u32..12_000, model in 0_usize..6) {
            let models = ["gpt-image-1", "gpt-image-2", "gpt-image-2.5-flare", "dall-e-3", "dall-e-2", "other"];
            let config = painter(AssistantKind::OpenAiImages, models[model]);
            let size = size(&config, Some(Size::new(width, height))).unwrap();
            prop_assert!(judge(&config, &ArtWish { size: Some(size), ..ArtWish::default() }, &[]).is_ok(), "{size}");
        }
    }
}
