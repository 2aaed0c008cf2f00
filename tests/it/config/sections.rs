//! The sections about showing, judging, watching, telling and keeping.

use std::fs;
use std::time::Duration;

use juggler::config::alert::{Osc, Shape};
use juggler::config::{Config, KeyFrom, Overrides, Retention, remove_view, save_view};
use juggler::domain::rule::{Action, Automation, Limit};
use juggler::domain::view::SortKey;
use juggler::domain::{Asset, Costs, Money, NamedView, Query, Text, View};
use juggler::error::Class;

use super::{env, load, with_file, wrong};

fn texts(words: &[&str]) -> Vec<Text> {
    words.iter().map(|word| Text::title(word)).collect()
}

#[test]
fn every_key_of_every_section_is_read() {
    let config = load(
        r#"
[[source]]
name = "one"
recipe = "practice"
terms = "automation-allowed"

[profile]
skills = ["poetry"]
languages = ["en", "pt-BR"]
country = "de"
places = ["Berlin"]
devices = ["phone"]
likes = ["tag*"]
refuses = ["adult*"]
refused_costs = ["stake", "id"]
floor_rate = ["12.00 USD", "11 EUR"]
max_minutes = 45
hours = "mon-fri 09:00-18:00"
cost_per_job = "0.02 USD"

[[view]]
name = "Good"
query = "kind:tagline -source:x"
sort = ["rate", "-pay"]
group = true

[[view]]
name = "Rest"

[[rule]]
name = "all of it"
query = "pay>=0.50 is:starred"
actions = ["alert", "star", "pin", "hide", "snooze 1h30m", "snooze until 18:00", "snooze until reopens", "snooze until pays 2 USD", "claim"]
cooldown = "10m"
quiet_hours = "22:00-07:00"
expires = "2030-01-01T00:00:00Z"
max_per_day = 5

[[rule]]
name = "once"
query = ""
actions = ["alert"]
once = true
expires = "2030-01-01"
enabled = false

[claiming]
automatic = true
per_day = 4
per_requester = 2
in_hand = 1
key_within = "5m"

[alert]
deadline = [5, 30, 5]
revision = false
paid = false
bell = false
osc = "777"
title = false
command = ["notify-send", "juggler"]
bundle_every = "1m"
cooldown = "2m"
quiet_hours = "23:00-06:00"
deadlines_pass_quiet = false

[alert.webhook]
shape = "telegram"
to = "1234"
key_env = "BOT"

[retention]
days = 3
max_jobs = 50000
max_disk = "500MB"
"#,
    )
    .unwrap();
    assert_eq!(config.sources[0].automation, Automation::Allowed);

    let profile = &config.profile;
    assert_eq!((&profile.skills, &profile.languages), (&texts(&["poetry"]), &texts(&["en", "pt-BR"])));
    assert_eq!((profile.country.as_ref().map(Text::as_str), profile.max_minutes), (Some("DE"), Some(45)));
    assert_eq!(profile.refused_costs, Costs::STAKE.and(Costs::ID));
    assert_eq!(profile.floor.iter().map(|floor| floor.minor).collect::<Vec<_>>(), [1_200, 1_100]);
    assert_eq!(
        (profile.cost_per_job, profile.hours.to_string()),
        (Some(Money::new(2, Asset::USD)), "mon-fri 09:00-18:00".into())
    );

    let [good, rest] = &config.views[..] else { panic!("{:?}", config.views) };
    assert_eq!(good.view.query, Query::parse("kind:tagline -source:x").unwrap());
    assert_eq!(
        good.view.sort.iter().map(|level| (level.by, level.reversed)).collect::<Vec<_>>(),
        [(SortKey::Rate, false), (SortKey::Pay, true)]
    );
    assert!(good.view.group && rest.view == View::default());

    let [all, once] = &config.rules[..] else { panic!("{:?}", config.rules) };
    let words: Vec<String> = all.actions.iter().map(ToString::to_string).collect();
    assert_eq!(words[..4], ["alert", "star", "pin", "hide"]);
    assert_eq!(words[4..], ["snooze 1h30m", "snooze until 18:00", "snooze until reopens", "snooze until pays 2.00 USD", "claim"]);
    assert_eq!((all.limit, once.limit, once.enabled), (Limit::PerDay(5), Limit::Once, false));
    assert_eq!(all.expires, Some("2030-01-01T00:00:00Z".parse().unwrap()));
    assert!(once.expires > all.expires, "a day counts to its end");
    assert!(!all.actions.contains(&Action::SnoozePays(Money::new(2, Asset::USD))));

    assert!(config.claiming.automatic);
    assert_eq!((config.claiming.per_day, config.claiming.per_requester, config.claiming.in_hand), (4, 2, 1));
    assert_eq!(config.claiming.key_within, Duration::from_secs(300));

    let alert = &config.alert;
    assert_eq!((&alert.deadline[..], alert.osc), (&[30, 5][..], Osc::SevenSevenSeven));
    assert!(!alert.on.revision && !alert.on.paid && alert.on.rejected && !alert.bell && !alert.title);
    assert_eq!((alert.command.len(), alert.bundle_every, alert.cooldown), (2, Duration::from_secs(60), Duration::from_secs(120)));
    assert!(!alert.deadlines_pass_quiet && !alert.quiet_hours.is_empty());
    let hook = alert.webhook.as_ref().unwrap();
    assert_eq!((hook.shape, hook.to.as_deref(), &hook.key), (Shape::Telegram, Some("1234"), &KeyFrom::Env("BOT".into())));
    assert!(hook.url.starts_with("https://api.telegram.org/bot{key}/"));

    let kept = Retention { after: Duration::from_secs(3 * 86_400), max_jobs: 50_000, max_disk: 500 << 20 };
    assert_eq!(config.retention, kept);
}

#[test]
fn without_views_there_are_four() {
    let config = load("").unwrap();
    let names: Vec<&str> = config.views.iter().map(|view| view.name.as_str()).collect();
    assert_eq!(names, ["Open", "Starred", "Away", "All"]);
    let queries: Vec<Query> = config.views.iter().map(|view| view.view.query.clone()).collect();
    assert_eq!(queries, ["", "is:starred", "is:away", "is:any"].map(|text| Query::parse(text).unwrap()));
    assert!(!config.claiming.automatic, "nothing claims by itself unless it was asked for");
}

#[test]
fn mistakes_point_at_the_place() {
    // text, place, path, part of why, part of hint
    let cases = [
        ("[profil]\n", ":1:2", "profil", "unknown key", "did you mean `profile`?"),
        ("[profile]\nskils = []\n", ":2:1", "profile.skils", "keys in [profile] are", "did you mean `skills`?"),
        ("[[view]]\nname = \"a\"\nqeury = \"\"\n", ":3:1", "view[0].qeury", "unknown key", "did you mean `query`?"),
        ("[alert.webhook]\nurll = \"\"\n", ":2:1", "alert.webhook.urll", "unknown key", "did you mean `url`?"),
        ("[alert.webhook]\ntoken = \"s3cret\"\n", ":2:1", "alert.webhook.token", "unknown key", "key_cmd"),
        ("[claiming]\nautomatic = \"yes\"\n", ":2:13", "claiming.automatic", "expected a boolean", ""),
        // The offset in the query counts from behind the quotes, past what is escaped.
        ("[[view]]\nname = \"a\"\nquery = \"pya>=1\"\n", ":3:10", "view[0].query", "", "pay"),
        ("[[view]]\nname = \"a\"\nquery = \"good pya>=1\"\n", ":3:15", "view[0].query", "", "pay"),
        ("[[view]]\nname = \"a\"\nquery = 'good pya>=1'\n", ":3:15", "view[0].query", "", "pay"),
        ("[[view]]\nname = \"a\"\nquery = \"\\\"ü\\\" pya>=1\"\n", ":3:16", "view[0].query", "", "pay"),
        ("[[view]]\nname = \"a\"\nquery = \"\\u00fc pya>=1\"\n", ":3:17", "view[0].query", "", "pay"),
        ("[[view]]\nname = \"a\"\nquery = \"\"\"\ngood\n pya>=1\"\"\"\n", ":5:2", "view[0].query", "", "pay"),
        ("[[view]]\nquery = \"\"\n", ":1:", "view[0]", "needs a name", "add name"),
        ("[[view]]\nname=\"a\"\n[[view]]\nname=\"a\"\n", ":4:1", "view[1].name", "two views are called", "of its own"),
        ("[[view]]\nname=\"a\"\nsort=[\"rate\",\"-expire\"]\n", ":3:14", "view[0].sort[1]", "not an order", "\"-expiring\""),
        ("[[view]]\nname=\"a\"\nsort=\"rate\"\n", ":3:6", "view[0].sort", "", "sort = ["),
        ("[view]\nname=\"a\"\n", ":1:", "view", "", "[[view]]"),
        ("[[rule]]\nname=\"a\"\nactions=[\"alert\"]\n", ":1:", "rule[0]", "needs a query", "add query"),
        ("[[rule]]\nname=\"a\"\nquery=\"x\"\n", ":1:", "rule[0]", "something to do", "actions"),
        ("[[rule]]\nname=\"a\"\nquery=\"x\"\nactions=[\"alart\"]\n", ":4:10", "rule[0].actions[0]", "is no action", "\"alert\""),
        ("[[rule]]\nname=\"a\"\nquery=\"x\"\nactions=[\"snooze\"]\n", ":4:10", "rule[0].actions[0]", "how long", "snooze 2h"),
        ("[[rule]]\nname=\"a\"\nquery=\"x\"\nactions=[\"snooze soon\"]\n", ":4:10", "rule[0].actions[0]", "length of time", ""),
        ("[[rule]]\nname=\"a\"\nquery=\"\"\nactions=[\"claim\"]\n", ":3:1", "rule[0].query", "every job", "which jobs"),
        ("[[rule]]\nname=\"a\"\nquery=\"brief:x\"\nactions=[\"star\"]\n", ":3:1", "rule[0].query", "briefs", "title"),
        (
            "[[rule]]\nname=\"a\"\nquery=\"x\"\nactions=[\"star\"]\nonce=true\nmax_per_day=2\n",
            ":6:1",
            "rule[0].max_per_day",
            "once",
            "one of",
        ),
        (
            "[[rule]]\nname=\"a\"\nquery=\"x\"\nactions=[\"star\"]\nexpires=\"soon\"\n",
            ":5:1",
            "rule[0].expires",
            "neither",
            "2026",
        ),
        ("[claiming]\nkey_within = \"2d\"\n", ":2:1", "claiming.key_within", "while you are there", "4h"),
        ("[claiming]\nper_day = 0\n", ":2:1", "claiming.per_day", "nothing", "automatic = false"),
        ("[profile]\ncountry = \"Germany\"\n", ":2:1", "profile.country", "not a country's code", "DE"),
        ("[profile]\nrefuses = [\"*\"]\n", ":2:12", "profile.refuses[0]", "every kind", ""),
        ("[profile]\nrefused_costs = [\"fees\"]\n", ":2:18", "profile.refused_costs[0]", "none of", "\"fee\""),
        ("[profile]\nfloor_rate = [\"1 USD\", \"2 USD\"]\n", ":2:24", "profile.floor_rate[1]", "floor in USD", "one of"),
        ("[profile]\nfloor_rate = \"12\"\n", ":2:1", "profile.floor_rate", "not an amount", "12.00 USD"),
        ("[profile]\nhours = \"9 to 5\"\n", ":2:1", "profile.hours", "window of hours", ""),
        ("[alert]\nosc = \"8\"\n", ":2:1", "alert.osc", "none of auto, 9, 777, 99, off", ""),
        ("[alert]\ndeadline = [200]\n", ":2:13", "alert.deadline[0]", "per cent", "1 to 99"),
        ("[alert]\nquiet_hours = \"night\"\n", ":2:1", "alert.quiet_hours", "window of hours", "juggler config check"),
        ("[alert.webhook]\nurl = \"http://example.org/x\"\n", ":2:1", "alert.webhook.url", "not encrypted", "https"),
        ("[alert.webhook]\nshape = \"telegram\"\nkey_env = \"K\"\n", ":1:", "alert.webhook", "chat", "to ="),
        ("[alert.webhook]\nurl = \"https://x/{key}\"\n", ":1:", "alert.webhook", "wants a key", "key_cmd"),
        ("[retention]\nmax_disk = \"lots\"\n", ":2:1", "retention.max_disk", "not a size", "2GB"),
        ("[retention]\nmax_jobs = 5\n", ":2:1", "retention.max_jobs", "too few", "1000"),
        ("[[source]]\nname=\"a\"\nrecipe=\"r\"\nterms=\"fine\"\n", ":4:1", "source[0].terms", "automation-allowed", "read them"),
    ];
    let mut wrongly = Vec::new();
    for (text, place, path, why, hint) in cases {
        let failure = wrong(text);
        let said = failure.what.contains(&format!("config.toml{place}"))
            && failure.what.contains(&format!("`{path}`"))
            && failure.why.contains(why)
            && failure.hint.contains(hint);
        // A key must not be repeated.
        if !said || format!("{failure:?}").contains("s3cret") {
            wrongly.push(format!("{text}: {failure:?}"));
        }
    }
    assert!(wrongly.is_empty(), "{}", wrongly.join("\n"));
}

fn named(name: &str, query: &str, sort: &[&str]) -> NamedView {
    let sort = sort.iter().map(|level| level.parse().unwrap()).collect();
    NamedView { name: Text::title(name), view: View { query: Query::parse(query).unwrap(), sort, group: false } }
}

#[test]
fn saving_a_view_keeps_every_comment() {
    let text = "# mine\n[general]\nmouse=false # really\n\n# the good ones\n[[view]] # first\nname = 'Good'\nquery = \"pay>=1\" # enough\ngroup = true\n\n# the rest\n[[view]]\nname=\"Rest\"\n";
    let (dir, file) = with_file(text);
    let load = || Config::load_with(&Overrides::default(), &env(dir.path(), &[])).unwrap();
    save_view(&load(), &named("Good", "pay>=2", &["rate", "-pay"])).unwrap();
    let after = fs::read_to_string(&file).unwrap();
    for kept in
        ["# mine", "mouse=false # really", "# the good ones", "[[view]] # first", "name = 'Good'", "# enough", "# the rest"]
    {
        assert!(after.contains(kept), "{kept} is gone from\n{after}");
    }
    assert_eq!(load().views[0], named("Good", "pay>=2", &["rate", "-pay"]));

    save_view(&load(), &named("New", "kind:art \"two words\"", &[])).unwrap();
    assert_eq!(load().views.iter().map(|view| view.name.as_str()).collect::<Vec<_>>(), ["Good", "Rest", "New"]);
    assert_eq!(load().views[2], named("New", "kind:art \"two words\"", &[]));

    assert_eq!(remove_view(&load(), &Text::title("Nobody")), Ok(false));
    assert_eq!(remove_view(&load(), &Text::title("Rest")), Ok(true));
    let after = fs::read_to_string(&file).unwrap();
    assert!(after.contains("# the good ones") && !after.contains("Rest"), "{after}");
    assert_eq!(load().views.len(), 2);
    let failure = save_view(&load(), &named(" ", "", &[])).unwrap_err();
    assert_eq!((failure.class, fs::read_to_string(&file).unwrap()), (Class::Usage, after));
}

#[test]
fn the_first_view_of_ones_own_does_not_cost_the_built_in_ones() {
    let dir = tempfile::tempdir().unwrap();
    let load = || Config::load_with(&Overrides::default(), &env(dir.path(), &[])).unwrap();
    save_view(&load(), &named("Mine", "kind:art", &[])).unwrap();
    let names = |config: Config| config.views.iter().map(|view| view.name.to_string()).collect::<Vec<_>>();
    assert_eq!(names(load()), ["Open", "Starred", "Away", "All", "Mine"]);
    assert_eq!(remove_view(&load(), &Text::title("Away")), Ok(true));
    assert_eq!(names(load()), ["Open", "Starred", "All", "Mine"]);
    let fresh = tempfile::tempdir().unwrap();
    let load = || Config::load_with(&Overrides::default(), &env(fresh.path(), &[])).unwrap();
    assert_eq!(remove_view(&load(), &Text::title("All")), Ok(true));
    assert_eq!(names(load()), ["Open", "Starred", "Away"]);
}
