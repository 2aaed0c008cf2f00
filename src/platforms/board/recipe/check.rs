//! What TOML cannot say: that fields exist, that words are ours, that templates only name what there is and make JSON.

use serde_json::{Value, json};

use super::{AssetFrom, CallSpec, Field, Fields, Part, Path, Recipe, Repeat, Template, Word, render, words};
use crate::net::Address;
use crate::platforms::board::map::slots::{self, Holds, Slot};

/// Key and reason.
type Wrong = (String, String);

/// Checks a whole recipe.
pub fn check(recipe: &Recipe) -> Result<(), Wrong> {
    if let Some(base) = &recipe.base_url {
        Address::parse(base).map_err(|why| ("base_url".to_owned(), why))?;
    }
    check_auth(recipe)?;
    if recipe.defaults.limit == 0 || recipe.defaults.timeout == 0 {
        return Err(("defaults".into(), "limit and timeout must be at least 1".into()));
    }
    for code in recipe.assets.keys() {
        words::asset(code, &recipe.assets).map_err(|why| (format!("assets.{code}"), why))?;
    }
    for status in recipe.errors.statuses.keys() {
        if !status.parse::<u16>().is_ok_and(|status| (400..600).contains(&status)) {
            return Err((format!("errors.statuses.{status}"), "a status is a number from 400 to 599".into()));
        }
    }
    for word in Word::ALL {
        for (native, ours) in recipe.words.table(word) {
            word.knows(ours).map_err(|why| (format!("words.{}.{native}", word.table()), why))?;
        }
    }
    check_maps(recipe)?;
    check_calls(recipe)
}

fn check_auth(recipe: &Recipe) -> Result<(), Wrong> {
    let Some(auth) = &recipe.auth else { return Ok(()) };
    if auth.query.is_some() {
        let why = "keys are never sent in an address, where logs and proxies keep them; use header = \"…\"";
        return Err(("auth.query".into(), why.into()));
    }
    if auth.header.is_empty() || !auth.header.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)) {
        return Err(("auth.header".into(), format!("\"{}\" is not a header's name", auth.header)));
    }
    if let Some(exchange) = &auth.token {
        check_template(&exchange.path, Part::Path, &json!({}), "auth.token.path")?;
        check_template(&exchange.body, Part::Json, &json!({ "key": "k\"ey" }), "auth.token.body")?;
        if exchange.renew_before >= exchange.lifetime {
            return Err(("auth.token.renew_before".into(), "it must be less than the lifetime".into()));
        }
    }
    Ok(())
}

fn check_maps(recipe: &Recipe) -> Result<(), Wrong> {
    let maps = &recipe.map;
    let calls = &recipe.calls;
    check_fields(recipe, &maps.job, slots::JOB, "map.job", true)?;
    let inner: [(&str, &Option<Path>, &Fields, &[Slot]); 2] = [
        ("map.attachment", &maps.attachments, &maps.attachment, slots::ATTACHMENT),
        ("map.requirement", &maps.requirements, &maps.requirement, slots::REQUIREMENT),
    ];
    for (key, list, fields, slots) in inner {
        check_fields(recipe, fields, slots, key, list.is_some())?;
    }
    let assignments = calls.assignments.is_some() || calls.assignment.is_some();
    check_fields(recipe, &maps.assignment, slots::ASSIGNMENT, "map.assignment", assignments)?;
    if calls.claim.as_ref().is_some_and(|claim| !claim.fields.contains_key("id") && !maps.assignment.contains_key("id")) {
        let why = "a granted claim needs the assignment's id; where the platform gives none: id = { from = \"job\" }";
        return Err(("map.assignment.id".into(), why.into()));
    }
    check_fields(recipe, &maps.payment, slots::PAYMENT, "map.payment", calls.payments.is_some())?;
    check_fields(recipe, &maps.receipt, slots::RECEIPT, "map.receipt", false)
}

fn check_fields(recipe: &Recipe, fields: &Fields, slots: &[Slot], key: &str, whole: bool) -> Result<(), Wrong> {
    for (name, field) in fields {
        let here = format!("{key}.{name}");
        let Some(slot) = slots.iter().find(|slot| slot.name == name) else {
            let near = slots.iter().min_by_key(|slot| strsim::damerau_levenshtein(slot.name, name));
            let near = near.map_or_else(String::new, |slot| format!("; the nearest is \"{}\"", slot.name));
            return Err((here, format!("there is no such field{near}")));
        };
        check_field(recipe, field, slot.holds).map_err(|why| (here, why))?;
    }
    match slots.iter().find(|slot| whole && slot.required && !fields.contains_key(slot.name)) {
        Some(slot) => Err((format!("{key}.{}", slot.name), "this field is required and missing".into())),
        None => Ok(()),
    }
}

fn check_field(recipe: &Recipe, field: &Field, holds: Holds) -> Result<(), String> {
    if let Some(read) = field.read
        && !holds.reads().contains(&read)
    {
        let known = serde_names(holds);
        return Err(format!("as = … does not fit here; {known}"));
    }
    match (&field.asset, holds) {
        (None, Holds::Money) => return Err("an amount needs asset = \"USD\" or asset = \"$.path.to.currency\"".into()),
        (Some(AssetFrom::Fixed(code)), Holds::Money) => drop(words::asset(code, &recipe.assets)?),
        (Some(_), holds) if holds != Holds::Money => return Err("asset = … belongs to amounts only".into()),
        _ => {}
    }
    match holds {
        Holds::Word(word) => field.map.values().try_for_each(|ours| word.knows(ours)),
        _ if !field.map.is_empty() => Err("map = … belongs to words such as status only".into()),
        _ => Ok(()),
    }
}

fn serde_names(holds: Holds) -> String {
    let names: Vec<String> = holds.reads().iter().map(|read| snake(&format!("{read:?}"))).collect();
    if names.is_empty() { "leave it away".into() } else { format!("use one of {}", names.join(", ")) }
}

fn snake(camel: &str) -> String {
    let mut out = String::new();
    for (at, c) in camel.char_indices() {
        if c.is_ascii_uppercase() && at > 0 {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

fn check_calls(recipe: &Recipe) -> Result<(), Wrong> {
    let calls = &recipe.calls;
    // Recipes may take composite ids apart.
    let id = "1:2:3:4/5/6/7";
    let about_job = json!({ "id": id, "title": "t", "url": "u" });
    let about_assignment = json!({ "id": id, "job": id });
    let base = json!({ "limit": 10, "now": "2026-01-01T00:00:00Z" });
    let with = |more: Value| {
        let mut context = base.clone();
        if let (Value::Object(context), Value::Object(more)) = (&mut context, more) {
            context.extend(more);
        }
        context
    };
    let lists = [("jobs", Some(&calls.jobs)), ("assignments", calls.assignments.as_ref()), ("payments", calls.payments.as_ref())];
    for (name, call) in lists {
        let Some(call) = call else { continue };
        if call.items.is_none() {
            return Err((format!("calls.{name}.items"), "a list needs the JSONPath of its items, such as $.jobs[*]".into()));
        }
        let fields = if name == "jobs" {
            slots::JOB
        } else if name == "payments" {
            slots::PAYMENT
        } else {
            slots::ASSIGNMENT
        };
        check_call(recipe, call, &with(json!({})), fields, &format!("calls.{name}"))?;
    }
    let of_job = with(json!({ "job": about_job }));
    let of_assignment = with(json!({ "job": about_job, "assignment": about_assignment }));
    let singles = [
        ("job", calls.job.as_ref(), &of_job, slots::JOB),
        ("claim", calls.claim.as_ref(), &of_job, slots::ASSIGNMENT),
        ("release", calls.release.as_ref(), &of_assignment, slots::ASSIGNMENT),
        ("assignment", calls.assignment.as_ref(), &of_assignment, slots::ASSIGNMENT),
        ("attachment", calls.attachment.as_ref(), &base, &[]),
        ("stream", calls.stream.as_ref(), &base, &[]),
    ];
    for (name, call, context, fields) in singles {
        if let Some(call) = call {
            check_call(recipe, call, context, fields, &format!("calls.{name}"))?;
        }
    }
    check_submit(recipe, &of_assignment)
}

fn check_submit(recipe: &Recipe, of_assignment: &Value) -> Result<(), Wrong> {
    let Some(submit) = &recipe.calls.submit else { return Ok(()) };
    let mut context = of_assignment.clone();
    context["submission"] =
        json!({ "id": "k", "attempt": 1, "text": "a \"b\"\nc", "lines": ["a"], "disclosure": "", "hash": "0" });
    context["files"] = json!([{ "name": "a.png", "mime": "image/png", "size": 1, "sha256": "0" }]);
    context["steps"] = json!({});
    for (at, step) in submit.steps.iter().enumerate() {
        let key = format!("calls.submit.steps[{at}] ({})", step.name);
        let captured: serde_json::Map<String, Value> = step.capture.keys().map(|name| (name.clone(), json!("c"))).collect();
        let check_step = |context: &Value| match &step.to {
            None => check_call(recipe, &step.call, context, &[], &key),
            Some(to) => check_template(to, Part::Plain, context, &format!("{key}.to"))
                .and_then(|()| check_rest(recipe, &step.call, context, &[], &key)),
        };
        match step.for_each {
            Repeat::Files => {
                let mut file_context = context.clone();
                file_context["file"] = context["files"][0].clone();
                check_step(&file_context)?;
                if let Value::Object(file) = &mut context["files"][0] {
                    file.extend(captured);
                }
            }
            Repeat::Once if step.file_body => return Err((key, "file_body needs for_each = \"files\"".into())),
            Repeat::Once => {
                check_step(&context)?;
                context["steps"][&step.name] = Value::Object(captured);
            }
        }
    }
    check_call(recipe, &submit.send, &context, slots::RECEIPT, "calls.submit.send")
}

fn check_call(recipe: &Recipe, call: &CallSpec, context: &Value, slots: &[Slot], key: &str) -> Result<(), Wrong> {
    if call.path.source().is_empty() {
        return Err((format!("{key}.path"), "the path is missing".into()));
    }
    check_template(&call.path, Part::Path, context, &format!("{key}.path"))?;
    check_rest(recipe, call, context, slots, key)
}

fn check_rest(recipe: &Recipe, call: &CallSpec, context: &Value, slots: &[Slot], key: &str) -> Result<(), Wrong> {
    for (name, template) in &call.query {
        check_template(template, Part::Plain, context, &format!("{key}.query.{name}"))?;
    }
    for (name, template) in &call.headers {
        check_template(template, Part::Plain, context, &format!("{key}.headers.{name}"))?;
    }
    if let Some(body) = &call.body {
        check_template(body, Part::Json, context, &format!("{key}.body"))?;
    }
    check_fields(recipe, &call.fields, slots, &format!("{key}.fields"), false)
}

fn check_template(template: &Template, part: Part, context: &Value, key: &str) -> Result<(), Wrong> {
    let names = || match context {
        Value::Object(members) => members.keys().cloned().collect::<Vec<_>>().join(", "),
        _ => String::new(),
    };
    let made = render(template, part, context).map_err(|why| {
        (key.to_owned(), format!("the template {template:?} cannot be filled in ({why}); it may use {}", names()))
    })?;
    if part == Part::Json && serde_json::from_str::<Value>(&made).is_err() {
        return Err((
            key.to_owned(),
            "filled in, it is not JSON; values write their own quotes: {\"text\": {{ submission.text }}}".into(),
        ));
    }
    Ok(())
}
