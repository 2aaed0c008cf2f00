//! Whatever others say or send: texts that cheat, bytes that steer, servers that never stop, addresses that lead inside.
//!
//! Counts grow with `JUGGLER_TEST_FUZZ=N`: that many hostile inputs for the harness of sinks and for the parsers.
// Figures are told on standard error, for whoever runs the long versions with --nocapture.
#![allow(clippy::print_stderr)]

mod addresses;
mod attached;
mod bytes;
mod legitimate;
mod names;
mod parsers;
mod servers;
mod shield;
mod shield_pay;
mod sinks;
mod types;

/// How many inputs: the variable's number, else `short`.
pub fn count(short: usize) -> usize {
    std::env::var("JUGGLER_TEST_FUZZ").ok().and_then(|n| n.parse().ok()).unwrap_or(short)
}

/// A source called `odd` on a platform at `base`, by a recipe of the person's own; `more` goes into its `[defaults]`.
pub fn board(place: &crate::cli::Place, base: &str, more: &str) {
    let recipes = place.config_file().parent().unwrap().join("platforms");
    std::fs::create_dir_all(&recipes).unwrap();
    let recipe = format!(
        "name = \"odd\"\ntitle = \"Odd\"\nbase_url = \"{base}\"\n\n[defaults]\n{more}\n\n\
         [calls.jobs]\npath = \"/jobs\"\nitems = \"$.jobs[*]\"\npaging = {{ style = \"cursor\", param = \"cursor\", next = \"$.next\" }}\n\n\
         [calls.job]\npath = \"/jobs/{{{{ job.id }}}}\"\n\n\
         [calls.claim]\nmethod = \"POST\"\npath = \"/jobs/{{{{ job.id }}}}/claim\"\n\n\
         [map.job]\nid = \"$.id\"\ntitle = \"$.name\"\nbrief = \"$.text\"\nkind = \"$.kind\"\npay = {{ path = \"$.pay\", as = \"decimal\", asset = \"$.currency\" }}\n\n\
         [map.assignment]\nid = \"$.id\"\n"
    );
    std::fs::write(recipes.join("odd.toml"), recipe).unwrap();
    place.write_config("[[source]]\nname = \"odd\"\nrecipe = \"odd\"\n");
}

/// The same source, with jobs that have files and take deliveries.
pub fn with_attachments(place: &crate::cli::Place) {
    let file = place.config_file().parent().unwrap().join("platforms/odd.toml");
    let recipe = std::fs::read_to_string(&file).unwrap();
    let submit = "[calls.submit]\nidempotency_header = \"Idempotency-Key\"\n\n[calls.submit.send]\nmethod = \"POST\"\n\
                  path = \"/a/{{ assignment.id }}\"\n\n[map]\nattachments = \"$.files[*]\"\n\n";
    let recipe = recipe.replacen("[map.job]", &format!("{submit}[map.job]"), 1)
        + "job = \"$.job_id\"\n\n[map.attachment]\nname = \"$.name\"\nmime = \"$.mime\"\nurl = \"$.url\"\n";
    std::fs::write(file, recipe).unwrap();
}
