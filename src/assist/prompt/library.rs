//! The templates there are: those of the program, and the person's own, which take the place of others with their name.

use std::path::Path;
use std::sync::Arc;

use super::Template;
use crate::domain::Job;
use crate::domain::ai::Action;
use crate::error::{Class, Failure, Result};

/// Of the program.
const BUILT_IN: [(&str, &str); 12] = [
    ("lines", include_str!("../../../assets/prompts/lines.toml")),
    ("script", include_str!("../../../assets/prompts/script.toml")),
    ("dialogues", include_str!("../../../assets/prompts/dialogues.toml")),
    ("ratings", include_str!("../../../assets/prompts/ratings.toml")),
    ("labels", include_str!("../../../assets/prompts/labels.toml")),
    ("translation", include_str!("../../../assets/prompts/translation.toml")),
    ("prose", include_str!("../../../assets/prompts/prose.toml")),
    ("rework", include_str!("../../../assets/prompts/rework.toml")),
    ("mend", include_str!("../../../assets/prompts/mend.toml")),
    ("onward", include_str!("../../../assets/prompts/onward.toml")),
    ("critique", include_str!("../../../assets/prompts/critique.toml")),
    ("art", include_str!("../../../assets/prompts/art.toml")),
];
/// A file of the person's larger than this is no template.
const CAP: u64 = 64 * 1024;
/// So many files of theirs are read.
const MOST: usize = 200;

/// All templates.
#[derive(Clone, Debug, Default)]
pub struct Library {
    templates: Vec<Arc<Template>>,
    /// What is wrong with the person's own, by file.
    pub problems: Vec<Failure>,
}

impl Library {
    /// The program's own, and those in a folder. Reads files.
    pub fn load(folder: &Path) -> Library {
        let mut library = Library::default();
        for (name, written) in BUILT_IN {
            match Template::parse(written) {
                Ok(template) => library.templates.push(Arc::new(template)),
                // A test reads them all.
                Err(why) => {
                    library.problems.push(Failure::new(Class::Internal, format!("the template {name} is broken")).why(why))
                }
            }
        }
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
            .take(MOST)
            .collect();
        files.sort();
        for file in files {
            match read(&file) {
                Ok(template) => {
                    library.templates.retain(|known| known.name != template.name);
                    library.templates.push(Arc::new(template));
                }
                Err(failure) => library.problems.push(failure),
            }
        }
        library
    }

    /// Every template.
    pub fn all(&self) -> &[Arc<Template>] {
        &self.templates
    }

    /// Those that serve, the best first.
    pub fn fitting(&self, action: Action, job: &Job) -> Vec<&Arc<Template>> {
        let mut all: Vec<(u8, &Arc<Template>)> =
            self.templates.iter().filter_map(|template| Some((template.fit(action, job)?, template))).collect();
        all.sort_by_key(|(fit, _)| std::cmp::Reverse(*fit));
        all.into_iter().map(|(_, template)| template).collect()
    }

    /// The template of a name that serves, or the best one.
    ///
    /// # Errors
    /// None serves, with what to do.
    pub fn find(&self, name: Option<&str>, action: Action, job: &Job) -> Result<Arc<Template>> {
        let fitting = self.fitting(action, job);
        let found = match name {
            Some(name) => fitting.iter().find(|template| template.name == name),
            None => fitting.first(),
        };
        found.map(|template| Arc::clone(template)).ok_or_else(|| {
            let names = fitting.iter().map(|template| template.name.as_str()).collect::<Vec<_>>().join(", ");
            match name {
                Some(name) if !names.is_empty() => {
                    Failure::new(Class::NotFound, format!("no template \"{name}\" serves for this"))
                        .why(format!("these do: {names}"))
                }
                _ => Failure::new(Class::Refused, format!("no template serves to {} this", action.label()))
                    .why("the job wants files, or no template is made for its shape")
                    .hint("juggler assist templates lists them; a file in the folder prompts beside the config adds one"),
            }
        })
    }
}

fn read(file: &Path) -> Result<Template> {
    let wrong = |why: String| {
        Failure::new(Class::Config, format!("the template {} cannot be used", file.display()))
            .why(why)
            .hint("correct it, or take it out of the folder; juggler assist templates reads it again")
    };
    let size = std::fs::metadata(file).map_err(|error| wrong(error.to_string()))?.len();
    if size > CAP {
        return Err(wrong(format!("it is over {} KiB", CAP >> 10)));
    }
    let written = std::fs::read_to_string(file).map_err(|error| wrong(error.to_string()))?;
    let template = Template::parse(&written).map_err(wrong)?;
    Ok(Template { own: true, ..template })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::domain::deliverable::Form;
    use crate::domain::{SourceName, Time};

    fn job(form: Form) -> Job {
        let mut job = Job::new(&SourceName::new("a"), "1", "A job", Time::default());
        job.deliverable.form = form;
        job
    }

    #[test]
    fn every_action_has_a_template_for_every_text() {
        let library = Library::load(Path::new("/nowhere"));
        assert_eq!(library.problems, Vec::new());
        let forms = [Form::Text, Form::Lines, Form::Script, Form::ChatJsonl, Form::RankJsonl, Form::Labels, Form::Translation];
        for form in forms {
            for action in Action::ALL {
                assert!(library.find(None, action, &job(form)).is_ok(), "{form:?} {action:?}");
            }
        }
        let none = library.find(None, Action::Draft, &job(Form::File)).unwrap_err();
        assert!(none.to_string().contains("no template serves") && !none.hint.is_empty());
    }

    #[test]
    fn ones_own_take_the_place_of_others_and_mistakes_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let own = "name = \"lines\"\ntitle = \"Mine\"\nactions = [\"draft\"]\nsystem = \"S\"\ntask = \"T {{ instruction }}\"\nwith = [\"brief\"]\n";
        std::fs::write(folder.path().join("mine.toml"), own).unwrap();
        std::fs::write(folder.path().join("bad.toml"), own.replace("{{ instruction }}", "{{ nobody }}")).unwrap();
        std::fs::write(folder.path().join("odd.toml"), own.replace("title", "titel")).unwrap();
        let library = Library::load(folder.path());
        assert_eq!(library.find(Some("lines"), Action::Draft, &job(Form::Lines)).unwrap().title, "Mine");
        let told: Vec<String> = library.problems.iter().map(ToString::to_string).collect();
        assert!(told.len() == 2 && told[0].contains("nobody") && told[1].contains("titel"), "{told:?}");
    }
}
