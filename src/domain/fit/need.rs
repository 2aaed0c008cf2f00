//! Whether a requirement is met: the platform's own word first, else the profile's where it can tell.

use super::{Patterns, geo, speech};
use crate::domain::Profile;
use crate::domain::job::{Met, Requirement};

/// Devices that requirements name; whoever lists devices and not one of these does not have it.
const DEVICES: [&str; 18] = [
    "desktop",
    "laptop",
    "phone",
    "smartphone",
    "mobile",
    "android",
    "ios",
    "iphone",
    "ipad",
    "tablet",
    "webcam",
    "camera",
    "microphone",
    "headset",
    "headphones",
    "printer",
    "scanner",
    "vr",
];

/// Met or not, and who says so.
pub(super) fn decide(requirement: &Requirement, profile: &Profile, patterns: &Patterns) -> (Met, &'static str) {
    match requirement.met {
        Met::Yes => return (Met::Yes, "the platform says so"),
        Met::No => return (Met::No, "the platform says so"),
        Met::Unknown => {}
    }
    let is = |words: &[&str]| words.iter().any(|word| requirement.kind.as_str().eq_ignore_ascii_case(word));
    let text = requirement.text.as_str();
    if is(&["geo", "country", "location", "region"]) {
        geo::decide(text, profile, patterns)
    } else if is(&["language", "languages", "locale"]) {
        speech::decide(text, profile)
    } else if is(&["device", "devices", "equipment"]) {
        device(text, profile)
    } else if is(&["skill", "skills", "qualification", "experience"]) {
        if patterns.skill_in_prose(text) {
            (Met::Yes, "a skill of your profile")
        } else {
            (Met::Unknown, "your profile names no such skill")
        }
    } else {
        (Met::Unknown, "nobody says")
    }
}

/// The words of a text: runs of letters and digits.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

fn device(text: &str, profile: &Profile) -> (Met, &'static str) {
    if profile.devices.is_empty() {
        return (Met::Unknown, "your profile names no devices");
    }
    let has =
        |word: &str| profile.devices.iter().any(|own| own.as_str().eq_ignore_ascii_case(word) || same_thing(own.as_str(), word));
    let known = |word: &&str| DEVICES.iter().any(|device| device.eq_ignore_ascii_case(word)) || has(word);
    let (mut named, mut missing) = (0, 0);
    for word in tokens(text).filter(known) {
        named += 1;
        missing += u32::from(!has(word));
    }
    let one_will_do = tokens(text).any(|word| word.eq_ignore_ascii_case("or") || word.eq_ignore_ascii_case("any"));
    let negated = tokens(text).any(|word| ["no", "not", "without"].iter().any(|no| word.eq_ignore_ascii_case(no)));
    match (named, missing) {
        _ if negated => (Met::Unknown, "nobody says"),
        (0, _) => (Met::Unknown, "it names no device of your profile"),
        (_, 0) => (Met::Yes, "a device of your profile"),
        (named, missing) if one_will_do && missing < named => (Met::Yes, "a device of your profile"),
        _ => (Met::No, "your profile does not have the device"),
    }
}

/// Two words for one device.
fn same_thing(own: &str, word: &str) -> bool {
    const SAME: [&[&str]; 4] = [
        &["phone", "smartphone", "mobile", "android", "ios", "iphone"],
        &["webcam", "camera"],
        &["headset", "headphones"],
        &["desktop", "laptop", "pc", "computer"],
    ];
    let among = |words: &[&str], word: &str| words.iter().any(|one| one.eq_ignore_ascii_case(word));
    // Who has an Android has a phone; who has a phone need not have an iPhone.
    let particular = among(&["android", "ios", "iphone"], word);
    !particular && SAME.iter().any(|words| among(words, own) && among(words, word))
}
