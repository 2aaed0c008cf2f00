//! A wish for a picture on its way to become an order: templates are files and sources are long, so that is done where no step waits
//! for it.

use std::path::{Path, PathBuf};

use super::attachments::Sourced;
use super::commission::closed;
use crate::assist::art::{able, sheet};
use crate::assist::prompt::{Library, picture};
use crate::config::AssistantConfig;
use crate::domain::ai::{Action, Decided, Pass, Ruling};
use crate::domain::art::{ArtWish, Operation, Original, Size, warning};
use crate::domain::deliverable::Rule;
use crate::domain::{AssignmentId, Job, Text};
use crate::error::{Class, Failure, Result};

/// What becomes of the wish.
#[derive(Clone, Debug, PartialEq)]
pub enum Use {
    /// It is ordered, on terms that were agreed to.
    Order { agreed: Option<String> },
    /// Its prompt is shown.
    Show,
    /// Its prompt is written down for this tool, which the person works by hand.
    Sheet { tool: Text },
}

/// What an order is made of. There is none without a [`Pass`].
#[derive(Clone, Debug)]
pub struct Drawing {
    pub assignment: AssignmentId,
    pub wish: ArtWish,
    pub for_what: Use,
    pub pass: Pass,
    pub decided: Decided,
    /// The job, whose fetched texts are files.
    pub sourced: Sourced,
    /// Who paints; `None` where the person does it by hand, or only looks.
    pub painter: Option<Box<AssistantConfig>>,
    /// All who paint, to name one that can what this one cannot.
    pub painters: Vec<AssistantConfig>,
    /// The picture to work on, and where it is kept.
    pub original: Option<(Original, PathBuf)>,
    pub prompts: PathBuf,
    /// How prompts are written down.
    pub sheet: String,
}

/// The order, but for its call and what it costs.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    pub prompt: Text,
    pub template: Text,
    pub size: Option<Size>,
    pub sheet: Text,
    pub warnings: Vec<Text>,
    pub notes: Vec<Text>,
}

impl Drawing {
    /// Makes the prompt, and sees whether the painter can what is wished. Blocks.
    ///
    /// # Errors
    /// No template serves, the painter cannot, or an attachment closes the gate.
    pub fn draw_up(&self, data: &Path) -> Result<Drawn> {
        let job = self.sourced.clone().read(data);
        // Attachments may say more than the brief.
        let pass = Ruling::of(&job, self.decided).pass(&job, self.pass.action()).map_err(closed)?;
        let (prompt, template) = self.prompt(&pass, &job)?;
        let wanted = wanted(&job);
        let wish = ArtWish { prompt: prompt.clone(), ..self.wish.clone() };
        let mut size = wish.size;
        if let Some(painter) = &self.painter {
            let all: Vec<&AssistantConfig> = self.painters.iter().collect();
            able::judge(painter, &wish, &all)?;
            if wish.operation != Operation::Upscale {
                let proportions = self.original.as_ref().and_then(|(original, _)| original.size).or(wanted);
                size = size.or_else(|| able::size(painter, proportions));
            }
        }
        self.areas_fit()?;
        let mut notes = Vec::new();
        if let (Some(size), Some(wanted)) = (size, wanted)
            && size != wanted
            && matches!(self.for_what, Use::Order { .. })
        {
            notes.push(Text::title(&format!("It is painted in {size}; the job wants {wanted}, so it has to be made larger.")));
        }
        let warnings = warning::sentence(prompt.as_str()).map(|words| Text::title(&words)).into_iter().collect();
        let sheet = Text::body(&sheet::write(&self.sheet, prompt.as_str(), &wish, wanted));
        Ok(Drawn { prompt, template, size, sheet, warnings, notes })
    }

    /// The person's own words, or those of a template with the brief.
    fn prompt(&self, pass: &Pass, job: &Job) -> Result<(Text, Text)> {
        let own = self.wish.prompt.as_str().trim();
        if !own.is_empty() && self.wish.template.is_none() {
            return Ok((Text::body(own), Text::default()));
        }
        if self.wish.operation != Operation::Generate {
            return match self.wish.operation.needs_prompt() {
                true => Err(Failure::new(Class::Usage, "what is to be changed?")
                    .hint("say it in a few words: the background deep blue, no shadow")),
                false => Ok((Text::default(), Text::default())),
            };
        }
        let name = self.wish.template.as_ref().map(Text::as_str);
        let template = Library::load(&self.prompts).find(name, Action::Paint, job).map_err(|failure| match name {
            Some(_) => failure,
            None => Failure::new(Class::Refused, "this job wants no picture, so none is put together from its brief")
                .hint("say in your own words what to paint"),
        })?;
        Ok((picture(pass, &template, own, job)?, template.name()))
    }

    fn areas_fit(&self) -> Result<()> {
        let size = self.original.as_ref().and_then(|(original, _)| original.size);
        let areas = &self.wish.areas;
        match (self.wish.operation, areas.is_empty(), size) {
            (Operation::Inpaint, true, _) => Err(Failure::new(Class::Usage, "which part may change?")
                .hint("give rectangles as x,y,width,height in pixels: 40,60,320,200")),
            (Operation::Inpaint, false, Some(size)) => match areas.iter().find(|area| !area.is_within(size)) {
                None => Ok(()),
                Some(area) => Err(Failure::new(Class::Usage, format!("the rectangle {area} is not inside of the picture"))
                    .why(format!("it has {size} pixels"))),
            },
            (Operation::Inpaint, false, None) => Err(Failure::new(Class::Refused, "no part of this picture can be named")
                .why("its size in pixels is not known")
                .hint("save it as PNG or JPEG")),
            (_, false, _) => Err(Failure::new(Class::Usage, "rectangles are for changing parts of a picture")
                .hint("leave them out, or say inpaint")),
            (_, true, _) => Ok(()),
        }
    }
}

/// The pixels that a job wants.
pub fn wanted(job: &Job) -> Option<Size> {
    job.deliverable.rules.iter().find_map(|rule| match rule {
        Rule::Image { width, height, .. } if *width > 0 && *height > 0 => Some(Size::new(*width, *height)),
        _ => None,
    })
}
