//! Checks: a deliverable's demands against a draft. One file for each family of demands.
//!
//! The same code judges in the editor while the person types and in the practice market when the work is delivered. What the job
//! says *must* be so fails; what *should* be so, by the job or by the craft, warns.

pub mod count;
pub mod coverage;
pub mod dates;
pub mod dialogue;
pub mod distinct;
pub mod extra;
pub mod faithful;
mod finding;
pub mod format;
pub mod grounded;
pub mod json;
pub mod labels;
mod likely;
pub mod lore;
pub mod names;
pub mod parallel;
pub mod pattern;
pub mod phrases;
pub mod picture;
pub mod privacy;
pub mod ranking;
pub use ranking::kappa;
pub mod readable;
pub mod schema;
pub mod script;
pub mod sheet;
pub mod source;
pub mod terms;

use super::deliverable::{Deliverable, Form, Rule};
use super::draft::FileItem;
use super::{Job, Text};
pub use finding::{Columns, Fault, Finding, Place, Tick, Verdict, passes};
use sheet::Sheet;

/// Most rules of a specification that are judged: more is not a brief but a load.
const RULES: usize = 200;

/// What a draft is judged with.
#[derive(Clone, Default)]
pub struct Judged<'a> {
    /// The text.
    pub text: &'a str,
    /// The files.
    pub files: &'a [FileItem],
    /// Attachments' names and texts, for demands that look things up in a source.
    pub sources: Vec<(&'a str, &'a str)>,
    /// Words a minute of whoever will speak it; 0 for the usual.
    pub pace: u32,
    /// The brief: names in it are the requester's own.
    pub context: &'a str,
    /// The language asked for; empty when nobody said.
    pub language: &'a str,
}

impl<'a> Judged<'a> {
    /// A draft's text and files beside the job's attachments.
    pub fn of(job: &'a Job, text: &'a str, files: &'a [FileItem]) -> Judged<'a> {
        let sources = job.attachments.iter().filter_map(|a| Some((a.name.as_str(), a.text.as_ref()?.as_str()))).collect();
        let language = job.language.as_ref().map_or("", Text::as_str);
        Judged { text, files, sources, pace: 0, context: job.brief.as_str(), language }
    }

    /// Spoken at so many words a minute.
    pub fn at_pace(self, pace: u32) -> Judged<'a> {
        Judged { pace, ..self }
    }
}

/// Judges every demand, one finding for each, in the specification's order: what must be so, what should be so, and what the craft
/// asks for beyond ([`extra`]). An empty draft fails the first one that can fail, and nothing beyond is said of it.
///
/// Time is linear in the text but for [`Rule::Distinct`], which has a budget of comparisons. Never panics, whatever the text.
pub fn check(spec: &Deliverable, draft: &Judged<'_>) -> Vec<Finding> {
    let sheet = Sheet::new(spec.form, draft);
    let mut findings = demanded(spec, draft, &sheet);
    if !is_empty(draft) {
        let extra = extra::rules(spec, &sheet);
        findings.extend(extra.iter().map(|rule| judge(rule, &sheet).softened()).filter(extra::is_worth_telling));
        findings.extend(draft.files.iter().flat_map(picture::craft));
    }
    findings
}

/// Only what the job itself says must and should be so: what a delivery is judged by.
pub fn demands(spec: &Deliverable, draft: &Judged<'_>) -> Vec<Finding> {
    demanded(spec, draft, &Sheet::new(spec.form, draft))
}

/// A demand in words.
pub fn words(rule: &Rule) -> Text {
    judge(rule, &Sheet::new(Form::default(), &Judged::default())).label
}

fn is_empty(draft: &Judged<'_>) -> bool {
    draft.text.trim().is_empty() && draft.files.is_empty()
}

fn demanded(spec: &Deliverable, draft: &Judged<'_>, sheet: &Sheet<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = spec.rules.iter().take(RULES).map(|rule| judge(rule, sheet)).collect();
    if is_empty(draft) {
        let (detail, cure) = match spec.form {
            Form::File => ("nothing is attached yet", "attach the file"),
            _ => ("nothing is written yet", "start in the editor or lay it out with the scaffold"),
        };
        match findings.iter_mut().find(|f| f.verdict != Verdict::Advice) {
            Some(first) => *first = Finding::fail(first.label.as_str(), detail, cure),
            None => findings.push(Finding::fail("Something to deliver", detail, cure)),
        }
        findings.extend(spec.should.iter().take(RULES).map(|rule| Finding::advice(judge(rule, sheet).label)));
        return findings;
    }
    findings.extend(spec.should.iter().take(RULES).map(|rule| judge(rule, sheet).softened()));
    // A picture may be wrong in several ways at once. One finding stands for each rule above; the others follow.
    let more = |rule| picture::more(sheet.files, rule);
    findings.extend(spec.rules.iter().take(RULES).flat_map(more));
    findings.extend(spec.should.iter().take(RULES).flat_map(more).map(Finding::softened));
    findings
}

fn judge(rule: &Rule, sheet: &Sheet<'_>) -> Finding {
    match rule {
        Rule::Items { min, max } => count::items(sheet, *min, *max),
        Rule::ItemChars { min, max } => count::each(sheet, *min, *max, count::Unit::Characters),
        Rule::ItemWords { min, max } => count::each(sheet, *min, *max, count::Unit::Words),
        Rule::Words { min, max } => count::whole(sheet, *min, *max, count::Unit::Words),
        Rule::Chars { min, max } => count::whole(sheet, *min, *max, count::Unit::Characters),
        Rule::Distinct { percent } => distinct::judge(sheet, *percent),
        Rule::MustInclude { terms } => terms::must_include(sheet, terms),
        Rule::MustNot { terms } => terms::must_not(sheet, terms),
        Rule::EachIncludes { term } => terms::each_includes(sheet, term),
        Rule::Layout { layout } => format::layout(sheet, *layout),
        Rule::Quotes { quotes } => format::quotes(sheet, *quotes),
        Rule::Ascii => format::ascii(sheet),
        Rule::Fresh => phrases::fresh(sheet),
        Rule::Modest => phrases::modest(sheet),
        Rule::Spoken { seconds, wpm, tolerance } => script::spoken(sheet, *seconds, *wpm, *tolerance),
        Rule::Beats { min } => script::beats(sheet, *min),
        Rule::Hook { seconds } => script::hook(sheet, *seconds),
        Rule::CallToAction => script::call_to_action(sheet),
        Rule::OnScreen { min } => script::on_screen(sheet, *min),
        Rule::Sentences { words } => readable::sentence_words(sheet, *words),
        Rule::Grade { most } => readable::grade(sheet, *most),
        Rule::Speakable => readable::speakable(sheet),
        Rule::Grounded { source } => grounded::judge(sheet, source),
        Rule::Faithful { source } => faithful::judge(sheet, source),
        Rule::Covers { source, phrases, min } => coverage::judge(sheet, source, *phrases, *min),
        Rule::Chat { turns } => dialogue::judge(sheet, *turns),
        Rule::Preference { turns } => dialogue::preferences(sheet, *turns),
        Rule::Anonymous => privacy::anonymous(sheet),
        Rule::Sealed => privacy::sealed(sheet),
        Rule::Rank { ids, reason_words, no_ties } => ranking::judge(sheet, ids, *reason_words, *no_ties),
        Rule::Agrees { pairs, percent } => ranking::agrees(sheet, pairs, *percent),
        Rule::Unhurried { seconds } => ranking::unhurried(sheet, *seconds),
        Rule::Label { ids, labels } => labels::judge(sheet, ids, labels),
        Rule::Parallel { source } => parallel::judge(sheet, source),
        Rule::Schema { schema } => schema::judge(sheet, schema),
        Rule::Pattern { regex, each, absent, why } => pattern::judge(sheet, regex, *each, *absent, why),
        Rule::Url { host, min } => pattern::url(sheet, host, *min),
        Rule::Files { min, max, endings } => pattern::files(sheet, *min, *max, endings),
        Rule::Image { .. } => picture::judge(sheet.files, rule),
        Rule::Advice { text } => Finding::advice(text.clone()),
    }
}

fn pass(label: String) -> Finding {
    Finding::pass(label)
}

/// Fails with a sentence such as "it is 10 × 20; make it 20 × 20": what is so, and behind the last semicolon what to do.
fn fail(label: String, sentence: String, line: Option<u32>) -> Finding {
    let (what, cure) = sentence.rsplit_once("; ").unwrap_or((&sentence, ""));
    Finding::fail(label, what, cure).on(line)
}
