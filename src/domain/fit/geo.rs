//! Countries: by ISO 3166 code in capitals, by a few names, by the European Union, or by a place of the profile.

use super::Patterns;
use super::need::tokens;
use crate::domain::Profile;
use crate::domain::job::Met;

/// Codes by their English names, as requirements write them.
const NAMES: [(&str, &str); 34] = [
    ("AR", "argentina"),
    ("AT", "austria"),
    ("AU", "australia"),
    ("BE", "belgium"),
    ("BR", "brazil"),
    ("CA", "canada"),
    ("CH", "switzerland"),
    ("CN", "china"),
    ("CZ", "czechia"),
    ("DE", "germany"),
    ("DK", "denmark"),
    ("EG", "egypt"),
    ("ES", "spain"),
    ("FI", "finland"),
    ("FR", "france"),
    ("GB", "britain"),
    ("GR", "greece"),
    ("ID", "indonesia"),
    ("IE", "ireland"),
    ("IN", "india"),
    ("IT", "italy"),
    ("JP", "japan"),
    ("KE", "kenya"),
    ("MX", "mexico"),
    ("NG", "nigeria"),
    ("NL", "netherlands"),
    ("NO", "norway"),
    ("PH", "philippines"),
    ("PK", "pakistan"),
    ("PL", "poland"),
    ("PT", "portugal"),
    ("SE", "sweden"),
    ("TR", "turkey"),
    ("UA", "ukraine"),
];
/// Codes that are taken for a country when they stand in capitals and are none of the profile's.
const CODES: &str = "AD AE AF AG AI AL AM AO AR AS AT AU AW AZ BA BB BD BE BF BG BH BI BJ BM BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CK CL CM CN CO CR CU CV CW CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FM FO FR GA GB GD GE GF GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR HT HU ID IE IL IM IN IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MH MK ML MM MN MO MQ MR MS MT MU MV MW MX MY MZ NA NC NE NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SI SK SL SM SN SO SR SS ST SV SY SZ TC TD TG TH TJ TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VI VN VU WS YE YT ZA ZM ZW";
const EU: &str = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK";
const ANYWHERE: [&str; 6] = ["worldwide", "anywhere", "global", "international", "any", "all"];
const EXCEPT: [&str; 5] = ["not", "except", "excluding", "outside", "no"];

/// The code that a word means, if it means a country. Two letters count in capitals only: "in" and "it" are words too.
fn code(word: &str) -> Option<&str> {
    match word.len() {
        2 if word == "UK" => Some("GB"),
        2 => listed(CODES, word).then_some(word),
        3 if word == "USA" => Some("US"),
        3 => None,
        _ => NAMES.iter().find(|(_, name)| name.eq_ignore_ascii_case(word)).map(|(code, _)| *code),
    }
}

/// Whether a code stands in a sorted list with one blank between each two.
fn listed(codes: &str, code: &str) -> bool {
    let (mut from, mut to) = (0, codes.len().div_ceil(3));
    while from < to {
        let middle = usize::midpoint(from, to);
        match codes.get(middle * 3..middle * 3 + 2).map(|one| one.cmp(code)) {
            Some(std::cmp::Ordering::Equal) => return true,
            Some(std::cmp::Ordering::Less) => from = middle + 1,
            _ => to = middle,
        }
    }
    false
}

pub(super) fn decide(text: &str, profile: &Profile, patterns: &Patterns) -> (Met, &'static str) {
    let country = profile.country.as_ref().map_or("", |country| country.as_str());
    let is = |word: &str, words: &[&str]| words.iter().any(|one| word.eq_ignore_ascii_case(one));
    let (mut anywhere, mut named, mut among) = (false, false, false);
    let mut before = "";
    for word in tokens(text) {
        if is(word, &EXCEPT) {
            return (Met::Unknown, "it says where not to be");
        }
        anywhere |= is(word, &ANYWHERE);
        let two = |first: &str, second: &str| before.eq_ignore_ascii_case(first) && word.eq_ignore_ascii_case(second);
        if word == "EU" || is(word, &["EEA"]) || two("european", "union") {
            named = true;
            among |= listed(EU, country);
        } else {
            let code = if two("united", "states") {
                Some("US")
            } else if two("united", "kingdom") {
                Some("GB")
            } else {
                code(word)
            };
            named |= code.is_some();
            among |= code == Some(country);
        }
        before = word;
    }
    if anywhere {
        (Met::Yes, "it is open to all countries")
    } else if among || patterns.place_in_prose(text) {
        (Met::Yes, "your country is among them")
    } else if country.is_empty() {
        (Met::Unknown, "your profile names no country")
    } else if named {
        (Met::No, "your country is not among them")
    } else {
        (Met::Unknown, "it names no country that is known here")
    }
}
