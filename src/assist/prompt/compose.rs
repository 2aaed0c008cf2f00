//! From a wish to a question: what goes along, cut to what the model can take.

use std::collections::BTreeMap;
use std::sync::Arc;

use minijinja::{Environment, UndefinedBehavior, context};

use super::answer::Shape;
use super::template::{Part, Template};
use crate::assist::provider::{Ask, Quote, tokens};
use crate::assist::textrank;
use crate::config::AssistantConfig;
use crate::domain::ai::{Action, Pass, Place, Wish};
use crate::domain::check::{Finding, Verdict};
use crate::domain::deliverable::Rule;
use crate::domain::draft::FileItem;
use crate::domain::{Job, Text};
use crate::error::{Class, Failure, Result};

/// Tokens that question and answer may have where nobody says.
const CONTEXT: u64 = 32_000;
/// Tokens that are left over for what reckoning misses.
const SPARE: u64 = 256;
/// A source is worth sending from so many tokens on.
const WORTH: u64 = 200;
/// Temperatures of alternatives, one after the other.
const HEATS: [f64; 4] = [0.7, 1.0, 0.4, 1.2];

/// Everything that a question is made of.
pub struct Order<'a> {
    /// Leave to ask it.
    pub pass: &'a Pass,
    /// How it is put.
    pub template: &'a Template,
    /// What is wanted.
    pub wish: &'a Wish,
    /// The job, with the texts of its attachments.
    pub job: &'a Job,
    /// The draft.
    pub draft: &'a str,
    /// What the checks say of it.
    pub findings: &'a [Finding],
    /// Who is asked.
    pub assistant: &'a AssistantConfig,
    /// Which alternative it is, from 0.
    pub number: usize,
}

/// A question, and what its answer is for.
#[derive(Clone, Debug)]
pub struct Composed {
    /// The question.
    pub ask: Arc<Ask>,
    /// What the answer has to be.
    pub shape: Shape,
    /// Where it belongs.
    pub place: Place,
    /// What is wanted.
    pub action: Action,
    /// The draft that it is about.
    pub draft: Text,
    /// What goes along, for the person: `brief, source (cut to 3,000 of 12,000 tokens)`.
    pub sent: Vec<String>,
    /// Tokens of it, reckoned.
    pub tokens: u64,
}

impl Composed {
    /// A program is handed the draft's files as well.
    pub fn lay_out(&mut self, files: &[FileItem], sandboxed: bool) {
        let ask = Arc::make_mut(&mut self.ask);
        (ask.files, ask.sandboxed) = (files.to_vec(), sandboxed);
        self.sent.extend(files.iter().map(|file| format!("file {}", file.name)));
    }
}

/// Puts a question together.
///
/// # Errors
/// The template cannot be filled in, or the question does not fit the model.
pub fn compose(order: &Order<'_>) -> Result<Composed> {
    let Order { template, wish, job, draft, assistant, .. } = *order;
    if order.pass.job() != &job.key || order.pass.action() != wish.action {
        return Err(Failure::new(Class::Internal, "the leave to ask is for something else"));
    }
    let shape = Shape::of(template, job);
    let selection =
        wish.selection.filter(|(from, to)| from < to && draft.get(*from..*to).is_some_and(|part| !part.trim().is_empty()));
    let place = match (wish.action, selection) {
        (Action::Draft | Action::Alternatives, _) => Place::Whole,
        (Action::Continue, _) => Place::End,
        (Action::Critique, _) => Place::Nowhere,
        (_, Some((from, to))) => Place::Range(from, to),
        (_, None) => Place::Whole,
    };
    let task = render(template, &values(wish, template, job, selection.is_some()))
        .map_err(|why| Failure::new(Class::Config, format!("the template {} cannot be filled in", template.name)).why(why))?;
    let mut ask = Ask {
        system: template.system.trim().to_owned(),
        task: Text::body(task.trim()),
        data: Vec::new(),
        max_output: None,
        temperature: (wish.action == Action::Alternatives).then(|| heat(assistant, order.number)),
        schema: shape.schema(),
        ..Ask::default()
    };
    let mut sent = Vec::new();
    for part in template.with.iter().filter(|part| **part != Part::Sources) {
        let text = match part {
            Part::Brief => brief(job),
            Part::Demands => demands(&job.deliverable.rules),
            Part::Draft => draft.to_owned(),
            Part::Selection => selection.and_then(|(from, to)| draft.get(from..to)).unwrap_or_default().to_owned(),
            Part::Findings => findings(order.findings),
            Part::Sources => String::new(),
        };
        if !text.trim().is_empty() {
            sent.push(part.word().to_owned());
            ask.data.push(Quote { label: part.word(), text: Text::body(&text) });
        }
    }
    if template.with.contains(&Part::Sources) {
        let context = assistant.context.map_or(CONTEXT, u64::from);
        let taken = ask.reckoned() + u64::from(assistant.max_output) + SPARE;
        sources(job, context.saturating_sub(taken), &mut ask, &mut sent);
    }
    let tokens = ask.reckoned();
    Ok(Composed { ask: Arc::new(ask), shape, place, action: wish.action, draft: Text::own(draft), sent, tokens })
}

impl Composed {
    /// No more than so many tokens come back.
    pub fn limit(&mut self, tokens: u32) {
        let mut ask = (*self.ask).clone();
        ask.max_output = Some(tokens);
        self.ask = Arc::new(ask);
    }
}

/// The same question again, since the answer was not what was asked for.
pub fn again(composed: &Composed, answer: &str, why: &str) -> Composed {
    let mut ask = (*composed.ask).clone();
    ask.data.retain(|quote| quote.label != "answer");
    ask.data.push(Quote { label: "answer", text: Text::body(answer) });
    let task =
        format!("{}\n\nYour last answer, quoted as \"answer\", cannot be used: {why}. Answer again, mended.", composed.ask.task);
    ask.task = Text::body(&task);
    let tokens = ask.reckoned();
    Composed { ask: Arc::new(ask), tokens, ..composed.clone() }
}

/// Fills a template in with nothing said, to see whether it can be.
pub(super) fn try_out(template: &Template) -> std::result::Result<String, String> {
    let wish = Wish::of(*template.actions.first().unwrap_or(&Action::Draft));
    let job = Job::new(&crate::domain::SourceName::new("a"), "1", "", crate::domain::Time::default());
    render(template, &values(&wish, template, &job, false))
}

/// Numbers, switches, and words of the person's own: nothing of the job's.
fn values(wish: &Wish, template: &Template, job: &Job, selected: bool) -> minijinja::Value {
    let inputs: BTreeMap<&str, &str> = template
        .inputs
        .iter()
        .map(|input| {
            let given = wish.inputs.iter().find(|(name, _)| name.as_str() == input.name).map(|(_, value)| value.as_str());
            (input.name.as_str(), given.filter(|value| !value.trim().is_empty()).unwrap_or(&input.default))
        })
        .collect();
    let (mut items, mut seconds, mut words) = (None, None, None);
    for rule in &job.deliverable.rules {
        match rule {
            Rule::Items { min, max } if min == max => items = Some(*min),
            Rule::Rank { ids, .. } | Rule::Label { ids, .. } => items = u32::try_from(ids.len()).ok(),
            Rule::Spoken { seconds: s, wpm, .. } => {
                seconds = Some(*s);
                words = Some(s.saturating_mul(*wpm) / 60);
            }
            Rule::Words { max, .. } => words = words.or(Some(*max)),
            _ => {}
        }
    }
    // A language's tag is the only word of the job's, and a short one of letters.
    let tag = job
        .language
        .as_ref()
        .map(|tag| tag.as_str())
        .filter(|tag| (2..=12).contains(&tag.len()) && tag.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'));
    context! {
        action => wish.action.word(),
        instruction => wish.instruction.as_str().trim(),
        inputs => inputs,
        items => items,
        seconds => seconds,
        words => words,
        language => tag,
        selected => selected,
    }
}

fn render(template: &Template, values: &minijinja::Value) -> std::result::Result<String, String> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_trim_blocks(true);
    environment.set_lstrip_blocks(true);
    environment.render_str(&template.task, values).map_err(|error| format!("{error:#}"))
}

fn heat(assistant: &AssistantConfig, number: usize) -> f64 {
    match (assistant.temperature, number) {
        (Some(own), 0) => own,
        _ => HEATS.get(number % HEATS.len()).copied().unwrap_or(0.7),
    }
}

fn brief(job: &Job) -> String {
    let mut text = format!("{}\n\n{}", job.title, job.brief);
    if let Some(language) = &job.language {
        text.push_str(&format!("\n\nLanguage: {language}"));
    }
    text
}

/// What the checks look for, as they say it of an empty draft.
fn demands(rules: &[Rule]) -> String {
    let lines = rules.iter().map(|rule| match rule {
        Rule::Advice { text } => text.to_string(),
        Rule::Schema { schema } => format!("JSON by this schema: {schema}"),
        rule => labels(rule),
    });
    lines.filter(|line| !line.is_empty()).map(|line| format!("- {line}")).collect::<Vec<_>>().join("\n")
}

/// A rule in words: the label of its check.
fn labels(rule: &Rule) -> String {
    let spec = crate::domain::Deliverable { rules: vec![rule.clone()], ..Default::default() };
    let judged = crate::domain::check::Judged::default();
    let found = crate::domain::check::check(&spec, &judged);
    let label = found.first().map_or_else(String::new, |finding| finding.label.to_string());
    let list = |texts: &[Text]| {
        texts.iter().map(Text::as_str).filter(|term| !label.contains(&format!("\"{term}\""))).collect::<Vec<_>>().join(", ")
    };
    let more = match rule {
        Rule::MustInclude { terms } | Rule::MustNot { terms } => list(terms),
        Rule::Label { ids, labels } => format!("ids {}; labels {}", list(ids), list(labels)),
        Rule::Rank { ids, .. } => format!("ids {}", list(ids)),
        _ => String::new(),
    };
    if more.is_empty() { label } else { format!("{label}: {more}") }
}

fn findings(findings: &[Finding]) -> String {
    let lines = findings.iter().filter(|finding| matches!(finding.verdict, Verdict::Fail | Verdict::Warn)).map(|finding| {
        let line = finding.line.map_or_else(String::new, |line| format!(" (line {})", line + 1));
        format!("- {}: {}{line}", finding.label, finding.sentence())
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Puts the attachments in, each with its name; what does not fit is cut to the sentences that the others speak of most.
fn sources(job: &Job, room: u64, ask: &mut Ask, sent: &mut Vec<String>) {
    let texts: Vec<(&str, &str)> = job
        .attachments
        .iter()
        .filter_map(|attachment| Some((attachment.name.as_str(), attachment.text.as_ref()?.as_str())))
        .filter(|(_, text)| !text.trim().is_empty())
        .collect();
    let whole: u64 = texts.iter().map(|(_, text)| tokens::reckon(text)).sum();
    if whole == 0 {
        return;
    }
    let mut left = room;
    for (n, (name, text)) in texts.iter().enumerate() {
        let size = tokens::reckon(text);
        // What is left is shared by those that still come, by their size.
        let rest: u64 = texts[n..].iter().map(|(_, text)| tokens::reckon(text)).sum();
        let share = if rest <= left { size } else { left.saturating_mul(size) / rest.max(1) };
        if share < WORTH.min(size) {
            sent.push(format!("not the source {name}: there is no room for it"));
            continue;
        }
        let cut = if share >= size { (*text).to_owned() } else { extract(text, share) };
        let kept = tokens::reckon(&cut);
        left = left.saturating_sub(kept);
        sent.push(match kept < size {
            true => format!("source {name} (cut to about {kept} of {size} tokens)"),
            false => format!("source {name}"),
        });
        let note = if kept < size { " (an extract; what is left out is not known)" } else { "" };
        ask.data.push(Quote { label: Part::Sources.word(), text: Text::body(&format!("{name}{note}\n\n{cut}")) });
    }
}

/// The most central sentences that fit, in the order of the text, with the pages they stand on.
fn extract(text: &str, room: u64) -> String {
    let pages = crate::documents::pages(text);
    let mut ranked = textrank::rank(text);
    ranked.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    let mut left = room;
    let mut chosen = Vec::new();
    for sentence in ranked {
        let size = tokens::reckon(sentence.text) + 4;
        if size <= left {
            left -= size;
            chosen.push(sentence);
        }
    }
    chosen.sort_by_key(|sentence| sentence.start);
    let lines = chosen.iter().map(|sentence| {
        let page = crate::documents::page_at(&pages, sentence.start).map_or_else(String::new, |page| format!("[p. {page}] "));
        format!("{page}{}", sentence.text)
    });
    lines.collect::<Vec<_>>().join("\n")
}
