//! The language as it is written: what reads as what, what is refused and how.

mod meaning;
mod properties;

use super::*;

fn same(text: &str, printed: &str) {
    let query = Query::parse(text).unwrap_or_else(|e| panic!("{text}: {e}\n{}", e.pointed(text)));
    assert_eq!(query.to_string(), printed, "{text}");
    assert_eq!(Query::parse(printed).as_ref(), Ok(&query), "{text}");
}

#[test]
fn reads_and_prints() {
    for line in [
        "pay>=0.50 rate>=12/h mins<=20 kind:tagline,caption source:x requester:\"Acme*\" ai:allowed,assist slots>=3",
        "age<10m expires<2h tag:summar* is:new,starred seen:no",
        "-survey (art or logo) ~tgln \"short story\" /^cap.*s$/",
        "-(kind:survey or pay<0.10) title:~abc key:practice:j-1",
        "pay=2EUR rate>12USD/h pay<5USDC pay<5ABC:4",
        "brief:haiku -brief:\"no rhyme\" lang:en,de needs:geo costs:no mode:race time>=1h30m age<1w",
    ] {
        same(line, line.replace("requester:\"Acme*\"", "requester:Acme*").as_str());
    }
    same("", "");
    same("  \t ", "");
    same("()", "");
    same("-()", "-()");
    same("a and b", "a b");
    same("a | b||c OR d", "a or b or c or d");
    same("is:new|starred|snoozed|hidden|claimed|reopened", "is:new,starred,snoozed,hidden,claimed,reopened");
    same("kind:art|pay>2", "kind:art or pay>2");
    same("kind:art|logo|pay>2", "kind:art,logo or pay>2");
    same("--a", "a");
    same("!-a !(b)", "a -b");
    same("kind!=art", "-kind:art");
    same("pay:0.5..2 age:..1d fit:50..", "pay>=0.5 pay<=2 age<=1d fit>=50");
    same("-pay:1..2", "-(pay>=1 pay<=2)");
    same("$0.50", "$0.50");
    same("pay>=$0.50 rate>=€12/h pay<3£", "pay>=0.50USD rate>=12EUR/h pay<3GBP");
    same("mins<=1h time>90s age<1.5h expires<2w", "mins<=1h time>1m30s age<1h30m expires<2w");
    same("KIND:Art Is:NEW", "kind:Art is:new");
    same(r#"\or \-x a\:b 50 c++ "a \"b\" c" "a\*b" /a\/b/ \~x"#, r#"\or \-x a\:b 50 c++ "a \"b\" c" "a\*b" /a\/b/ \~x"#);
    same(r#"requester:"Acme, \"Inc\"*""#, r#"requester:"Acme, \"Inc\"*""#);
    same("\"\" a", "a");
    same("brief:a,b", "brief:a or brief:b");
}

fn refused(text: &str, at: usize, words: &str) {
    let error = Query::parse(text).expect_err(text);
    let said = error.to_string();
    assert!(said.contains(words), "{text}: {said}");
    assert_eq!(error.at, at, "{text}: {said}\n{}", error.pointed(text));
}

#[test]
fn errors_point_and_suggest() {
    refused("art requestor:x", 4, "unknown field `requestor`; did you mean `requester`?");
    refused("tga:x", 0, "did you mean `tag`?");
    refused("http://x", 0, "unknown field `http`");
    refused("is:stared", 3, "`is` knows no `stared`; did you mean `starred`?");
    refused("is:new,-hidden", 7, "-is:hidden");
    refused("is:unseen", 3, "seen:no");
    refused("ai:alowed", 3, "did you mean `allowed`?");
    refused("age<10", 6, "`10` has no unit; write 10m");
    refused("pay>=", 5, "`pay` needs a value right behind it; as in pay>=0.50");
    refused("pay>=0,50", 5, "a decimal point is `.`");
    refused("pay>=5USX", 6, "`USX` is no currency; did you mean USD?");
    refused("pay=>5", 3, "write >=");
    refused("kind<5", 4, "`kind` is no number");
    refused(">5", 0, "has no field before it");
    refused("a (b", 2, "never closed");
    refused("a b) c", 3, "closes nothing");
    refused("a or", 2, "nothing stands behind this `or`");
    refused("or a", 0, "nothing stands before this `or`");
    refused("a or or b", 2, "nothing stands behind");
    refused("(a or ) b", 3, "nothing stands behind");
    refused("a and", 2, "behind this `and`");
    refused("a - b", 2, "this `-` negates nothing");
    refused("\"abc", 0, "never closed; end it with `\"`");
    refused("kind:/ab", 5, "never closed");
    refused("\"a\"b", 3, "too close");
    refused("/a(b/", 2, "unclosed group");
    refused("é /a\\/b[z/", 8, "unclosed character class");
    refused("kind:,a", 5, "no value stands before");
    refused("kind:a, b", 6, "no value stands behind");
    refused("~", 0, "no word behind it");
    refused("pay:..", 4, "no ends");
    refused("pay>1..2", 4, "write pay:1..2");
    refused(&"(".repeat(1000), 50, "nested deeper than 50");
    refused(&"a ".repeat(40_000), 65_536, "64 KiB");
    assert_eq!(Query::parse("é requestor:x").unwrap_err().pointed("é requestor:x"), "é requestor:x\n  ^");
}

#[test]
fn typing_never_flickers() {
    let whole = "art pay>=0.50USD -kind:tagline,caption is:new|starred (\"short story\" or /ab[cd]/ or ~tgl) rate>=12/h age<1h30m seen:no ai:allowed";
    for end in (0..=whole.len()).filter(|end| whole.is_char_boundary(*end)) {
        let (query, trouble) = Query::parse_typing(&whole[..end]);
        assert_eq!(trouble, None, "{}", &whole[..end]);
        assert!(Query::parse(&query.to_string()).is_ok());
    }
    let typed = |text: &str| Query::parse_typing(text).0.to_string();
    assert_eq!(typed("art pay>"), "art");
    assert_eq!(typed("art or pay>"), "art");
    assert_eq!(typed("art ("), "art");
    assert_eq!(typed("art -"), "art");
    assert_eq!(typed("kind:a,"), "kind:a");
    assert_eq!(typed("\"ab c"), "ab\\ c");
    assert_eq!(typed("/ab"), "/ab/");
    assert_eq!(typed("/a["), "/a/");
    assert_eq!(typed("/["), "");
    assert_eq!(typed("pay:1.."), "pay>=1");
    assert_eq!(typed("(a or b"), "a or b");
    let (query, trouble) = Query::parse_typing("requestor:x art");
    assert_eq!((query.to_string().as_str(), trouble.map(|e| e.at)), ("art", Some(0)));
    assert!(Query::parse_typing("is:zzz").1.is_some());
    assert!(Query::parse_typing("pay>abc").1.is_some());
    assert!(Query::parse_typing("age<10 art").1.is_some());
}

#[test]
fn what_is_being_typed_counts_as_a_beginning() {
    for (text, meant) in [
        ("kind:ta", "kind:ta*"),
        ("kind:art,ta", "kind:art,ta*"),
        ("(kind:ta", "kind:ta*"),
        ("-kind:ta", "-kind:ta*"),
        ("source:pr", "source:pr*"),
        ("requester:ac", "requester:ac*"),
        ("requester:\"Acme In", "requester:\"Acme In*\""),
        ("tag:su*ar", "tag:su*ar*"),
        ("lang:e", "lang:e*"),
        ("needs:ge", "needs:ge,ge*"),
        ("key:practice:j", "key:practice:j*"),
        ("title:sho", "title:sho"),
        ("title:\"short st", "title:short\\ st"),
        ("is:st", "is:starred"),
        ("is:s", "is:starred,snoozed,suspicious,risky"),
        ("is:new|hi", "is:new,hidden"),
        ("ai:al", "ai:allowed"),
        ("mode:l", "mode:instant,link"),
        ("costs:s", "costs:stake"),
        ("seen:n", "seen:no"),
        ("rate>=12/", "rate>=12/h"),
        ("pay>=12E", "pay>=12"),
        ("pay>=0.", "pay>=0"),
        ("pay:1..2E", "pay>=1 pay<=2"),
        ("age<1h3", "age<1h"),
        ("age<10mi", "age<10m"),
        ("fit:5", "fit=5"),
        // What cannot mean anything yet is left out, and so is what would mean everything.
        ("art pay>", "art"),
        ("art pay>=", "art"),
        ("art expires<2", "art"),
        ("art -", "art"),
        ("art (", "art"),
        ("art /", "art"),
        ("art \"", "art"),
        ("art kind:", "art"),
        ("art is:", "art"),
        // A space or a quote ends a value: then it is the one that was written.
        ("kind:ta ", "kind:ta"),
        ("requester:\"Acme\"", "requester:\"Acme\""),
        ("kind:ta art", "kind:ta art"),
        ("(kind:ta)", "kind:ta"),
    ] {
        let (query, trouble) = Query::parse_typing(text);
        assert_eq!((query.to_string().as_str(), trouble), (meant, None), "{text}");
    }
    assert!(Query::parse_typing("kind:tag").0.refines(&Query::parse_typing("kind:ta").0));
    assert!(Query::parse_typing("kind:tag ").0.refines(&Query::parse_typing("kind:tag").0));
}

/// Long texts of every sign that opens, joins or nests something are read in one walk: this test ends.
#[test]
fn the_longest_texts_are_read() {
    for part in [
        "(", ")", "-", "\"", "/", "~", "a ", "a|", "a,", "kind:a,", "is:new|", "x:", "\\", "a or ", "a and ", "(a ", "-(",
        "kind:\"", "1..", "é",
    ] {
        let text = part.repeat(60_000 / part.len());
        let (query, _) = Query::parse_typing(&text);
        let printed = query.to_string();
        if printed.len() <= 64 * 1024 {
            assert_eq!(Query::parse(&printed), Ok(query), "{part}");
        }
        let _ = Query::parse(&text);
        let _ = complete(&text, text.len(), &KnownLists::default());
    }
}
