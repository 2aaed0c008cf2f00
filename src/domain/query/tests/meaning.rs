//! What queries say of jobs, by example.

use chrono::TimeDelta;

use super::super::*;
use crate::domain::job::{JobStatus, Met, Requirement};
use crate::domain::reward::Reward;
use crate::domain::triage::Marks;
use crate::domain::{AiRule, Asset, AssignmentState, Job, Money, SourceName, Time, Worth};

fn now() -> Time {
    Time::from_timestamp(1_800_000_000, 0).unwrap()
}

fn job() -> Job {
    let mut job =
        Job::new(&SourceName::new("practice"), "j-1", "Tagline for a Café (short story)", now() - TimeDelta::minutes(9));
    job.kind = "tagline".into();
    job.requester.name = "Acme, Inc".into();
    job.tags = vec!["summarise".into(), "C++".into()];
    job.language = Some("en-GB".into());
    job.requirements = vec![Requirement { kind: "geo".into(), text: "live in Norway".into(), met: Met::Unknown }];
    let pay = Some(Money::new(75, Asset::USD));
    job.reward = Reward { min: pay, max: pay, ..Reward::default() };
    job.est_seconds = Some(600);
    job.slots_left = Some(3);
    job.expires_at = Some(now() + TimeDelta::hours(1));
    job.ai.rule = AiRule::AssistOnly;
    job
}

fn said(text: &str, job: &Job, marks: Marks) -> bool {
    let worth = Worth { hourly: Some(Money::new(1250, Asset::USD)), fit: Some(70), barred: false, too_good: false };
    let ctx = Context { now: now(), new_since: now() - TimeDelta::hours(1) };
    Query::parse(text).unwrap().holds(&job.listing(marks, None, worth), &ctx)
}

#[test]
fn terms_mean_what_they_say() {
    let job = job();
    for text in [
        "",
        "tagline",
        "TAGL",
        "café",
        "CAFÉ",
        "acme",
        "c++",
        "summar",
        "\"short story\"",
        "\"a café\"",
        "\"c++\"",
        "sto*",
        "*line",
        "ta*ne",
        "\"short s*)\"",
        "~tglcf",
        "/^tag.*café/",
        "kind:TAGLINE",
        "kind:art,tagline",
        "kind:tag*",
        "kind:/lin/",
        "kind:~tgl",
        "source:practice",
        "requester:\"acme, inc\"",
        "requester:acme*",
        "requester:Acme\\,\\ Inc",
        "tag:summar*",
        "tag:c++",
        "lang:en",
        "lang:EN-gb",
        "needs:geo",
        "needs:norway",
        "key:practice:j-1",
        "title:short",
        "pay>=0.75",
        "pay=0.75USD",
        "pay:0.5..1",
        "-pay>=0.5EUR",
        "rate>=12/h",
        "mins<=10",
        "mins=10m",
        "slots>=3",
        "age<10m",
        "age=9m",
        "expires<2h",
        "expires<=1h",
        "-expires<1h",
        "fit>=70",
        "count=1",
        "ai:allowed,assist",
        "mode:instant",
        "costs:no",
        "is:open",
        "is:new",
        "seen:no",
        "is:any",
        "kind:art or tagline",
        "-(kind:art or survey)",
        "brief:x",
        "-brief:x",
    ] {
        assert!(said(text, &job, Marks::default()), "{text}");
    }
    for text in [
        "-()",
        "logo",
        "\"hort story\"",
        "\"short stor\"",
        "tory*",
        "*tor",
        "ta*st",
        "~lgat",
        "kind:tag",
        "kind:",
        "lang:e",
        "lang:en-G",
        "needs:ge",
        "requester:acme",
        "pay>0.75",
        "pay>=0.5EUR",
        "rivals<5",
        "-rivals<5 rivals<5",
        "time>1m",
        "age>=10m",
        "expires<1h",
        "is:starred",
        "is:full",
        "is:hidden",
        "seen:yes",
        "costs:yes",
        "ai:human",
        "mode:race",
        "is:gone,expired",
    ] {
        if let Ok(query) = Query::parse(text) {
            assert!(!said(&query.to_string(), &job, Marks::default()), "{text}");
        }
    }
}

#[test]
fn the_ordinary_feed_leaves_out_what_is_put_away() {
    type Change = fn(&mut crate::domain::Listing<'_>);
    let ctx = Context { now: now(), new_since: now() };
    let shown = |text: &str, change: Change| {
        let job = job();
        let mut listing = job.listing(Marks::default(), None, Worth::default());
        change(&mut listing);
        Query::parse(text).unwrap().admits(&listing, &ctx)
    };
    assert!(shown("", |_| {}));
    let changes: [(&str, Change); 8] = [
        ("is:hidden", |l| l.marks.hidden = true),
        ("is:hidden", |l| l.blocked = true),
        ("is:snoozed", |l| l.marks.snoozed_until = Some(now() + TimeDelta::seconds(1))),
        ("is:claimed", |l| l.mine = Some(AssignmentState::Claimed)),
        ("is:full", |l| l.slots_left = Some(0)),
        ("is:full", |l| l.status = JobStatus::Full),
        ("is:expired", |l| l.expires_at = Some(now())),
        ("is:gone", |l| l.status = JobStatus::Vanished),
    ];
    for (state, change) in changes {
        assert!(!shown("", change), "{state}");
        assert!(!shown("tagline", change), "{state}");
        assert!(shown(state, change), "{state}");
        assert!(shown("is:any", change), "{state}");
        assert!(!shown(&format!("tagline -{state}"), change), "{state}");
    }
}

#[test]
fn briefs_are_exact_only_when_at_hand() {
    let (job, ctx) = (job(), Context { now: now(), new_since: now() });
    let listing = job.listing(Marks::default(), None, Worth::default());
    let sieve = |text: &str| Query::parse(text).unwrap().sieve();
    assert!(sieve("brief:haiku").holds(&listing, &ctx) && sieve("-brief:haiku").holds(&listing, &ctx));
    assert!(sieve("brief:haiku").holds_with(&listing, "Write a Haiku.", &ctx));
    assert!(!sieve("-brief:haiku").holds_with(&listing, "Write a Haiku.", &ctx));
    assert!(!sieve("brief:haiku logo").holds_with(&listing, "Write a Haiku.", &ctx));
    assert!(Query::parse("-(a brief:x)").unwrap().names_brief());
    for (text, fits) in [
        ("brief:haiku,limerick kind:art", true),
        ("brief:limerick,sonnet", false),
        ("kind:art -(brief:sonnet or brief:limerick)", true),
        ("-(brief:haiku or brief:limerick) kind:art", false),
        ("(brief:sonnet or (brief:haiku brief:write)) -brief:rhyme", true),
        ("(brief:sonnet or -brief:write)", false),
    ] {
        assert!(Query::parse(text).unwrap().briefs_stand_alone(), "{text}");
        assert_eq!(sieve(text).fits_brief("Write a Haiku."), fits, "{text}");
    }
    assert!(sieve("kind:tagline").fits_brief(""));
    for text in ["(brief:poem or kind:art)", "-(kind:art brief:poem)", "a or b brief:c"] {
        assert!(!Query::parse(text).unwrap().briefs_stand_alone(), "{text}");
    }
}

#[test]
fn typing_on_narrows() {
    for (new, old) in [
        ("tagl", "tag"),
        ("tag x", "tag"),
        ("\"tag line\"", "tag"),
        ("tag", "~tg"),
        ("pay>=0.60", "pay>=0.50"),
        ("pay>1USD", "pay>=1"),
        ("is:hidden", "is:away"),
        ("kind:a", "kind:a,b"),
        ("kind:tagline", "kind:tag*"),
        ("a", "a or b"),
        ("-(a or b)", "-ab"),
        ("age<5m", "age<=10m"),
        ("title:story", "sto"),
        ("lang:en-GB", "lang:en"),
        ("costs:fee", "costs:yes"),
        ("tag pay>=2", "tag pay>=1"),
        ("anything", ""),
    ] {
        let (new, old) = (Query::parse(new).unwrap(), Query::parse(old).unwrap());
        assert!(new.refines(&old), "{new} · {old}");
        assert!(!old.refines(&new), "{old} · {new}");
    }
    assert!(!Query::parse("tag is:hidden").unwrap().refines(&Query::parse("tag").unwrap()));
    assert!(!Query::parse("-ab").unwrap().refines(&Query::parse("-a").unwrap()));
}

#[test]
fn highlights_lead_back_to_the_text() {
    let lit = |query: &str, text: &str| -> Vec<String> {
        Query::parse(query).unwrap().highlights(text).into_iter().map(|range| text[range].to_owned()).collect()
    };
    assert_eq!(lit("café é", "ÉTÉ im CAFÉ"), ["É", "É", "CAFÉ"]);
    assert_eq!(lit("stan", "İSTANBUL"), ["STAN"]);
    assert_eq!(lit("~ac", "a b ac"), ["ac"]);
    assert_eq!(lit("\"a b\"", "xa b a b"), ["a b"]);
    assert_eq!(lit("/[0-9]+/ -x", "x 12 y 3"), ["12", "3"]);
    assert_eq!(lit("logo or kind:x", "a logo"), ["logo"]);
    let by_title = Query::parse("title:lo").unwrap().highlighter();
    assert_eq!(by_title.ranges(Some(TextField::Title), "a logo").first(), Some(&(2..4)));
    assert!(by_title.ranges(Some(TextField::Requester), "a logo").is_empty());
    assert_eq!(Query::parse("~ab -~cd x").unwrap().fuzzy_words(), ["ab"]);
}

#[test]
fn every_example_of_the_help_reads() {
    for row in help() {
        let query = Query::parse(row.example).unwrap_or_else(|e| panic!("{}: {e}", row.example));
        assert_eq!(Query::parse(&query.to_string()), Ok(query), "{}", row.example);
        assert!(!row.about.is_empty());
    }
    for field in FIELDS {
        assert_eq!(Field::named(field.word), Some(field.field));
        for other in field.others {
            assert_eq!(Field::named(other), Some(field.field), "{other} is taken");
        }
        assert!(field.example.contains(field.word));
    }
    for line in help_text().lines() {
        assert!(unicode_width::UnicodeWidthStr::width(line) <= 80, "{line}");
    }
}

#[test]
fn completions_offer_what_may_be_meant() {
    let known = KnownLists {
        kinds: &["tagline", "script"],
        requesters: &["Acme, Inc", "Zenith"],
        tags: &["summary"],
        languages: &["en"],
        sources: &["practice"],
    };
    let offers = |text: &str| -> Vec<String> {
        let (text, at) = text.split_once('^').map_or((text.to_owned(), text.len()), |(a, b)| (format!("{a}{b}"), a.len()));
        let all = complete(&text, at, &known).into_iter();
        all.map(|offer| format!("{}{}{}", &text[..offer.replace.start], offer.with, &text[offer.replace.end..])).collect()
    };
    assert_eq!(offers("").len(), 12);
    assert_eq!(offers("")[0], "pay>=");
    assert_eq!(offers("art pa"), ["art pay>="]);
    assert_eq!(offers("-ki"), ["-kind:"]);
    assert_eq!(offers("is:st"), ["is:starred"]);
    assert_eq!(offers("is:new,st"), ["is:new,starred"]);
    assert_eq!(offers("is:new|st^ x"), ["is:new|starred x"]);
    assert_eq!(offers("kind:"), ["kind:tagline", "kind:script"]);
    assert_eq!(offers("(kind:tagline,s"), ["(kind:tagline,script"]);
    assert_eq!(offers("requester:ac"), ["requester:\"Acme, Inc\""]);
    assert_eq!(offers("requester:\"ac"), ["requester:\"Acme, Inc\""]);
    assert_eq!(offers("age<"), ["age<10m", "age<30m", "age<2h", "age<1d"]);
    assert_eq!(offers("zen"), ["requester:Zenith"]);
    assert_eq!(offers("requestor"), ["requester:"]);
    assert_eq!(offers("is:stard"), ["is:starred"]);
    assert!(offers("\"pa").is_empty() && offers("nofield:p").is_empty() && offers("/pa").is_empty());
    assert_eq!(offers("pa^ b"), ["pay>= b"]);
}
