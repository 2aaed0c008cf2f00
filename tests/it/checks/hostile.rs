//! The scrubber against hostile and against ordinary text.

use juggler::domain::Text;
use juggler::domain::text::Cap;
use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

/// Characters that attacks and legitimate writing are made of, in one bag.
fn nasty() -> impl Strategy<Value = String> {
    let special = prop::sample::select(
        "\u{1b}\u{7}\u{0}\u{9b}\u{9d}\u{85}\r\n\t\u{200b}\u{200c}\u{200d}\u{200e}\u{202e}\u{2066}\u{2069}\u{feff}\u{ad}\u{34f}\u{fe0e}\u{fe0f}\u{fe01}\u{e0067}\u{e007f}\u{e0100}\u{301}\u{e47}\u{64b}\u{5b0}\u{94d}\u{915}\u{937}\u{628}\u{5d0}a1#*©\u{20e3}👩🏽❤🏴🇩🇪👨\u{1f3fd}한\u{1160}\u{1100}\u{3164}\u{2800}ﷺ\u{e000}\u{10ffff}\u{fffe}\u{600}中ア "
            .chars()
            .collect::<Vec<char>>(),
    );
    prop::collection::vec(prop_oneof![6 => special, 1 => any::<char>()], 0..80).prop_map(|c| c.into_iter().collect())
}

/// What must never come out, whatever goes in.
fn forbidden(c: char, lines: bool) -> bool {
    match c {
        '\n' => !lines,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' => true,
        '\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => true,
        '\u{feff}' | '\u{34f}' | '\u{3164}' | '\u{2800}' | '\u{ffa0}' | '\u{e000}'..='\u{f8ff}' | '\u{e0100}'..='\u{10ffff}' => {
            true
        }
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, ..ProptestConfig::default() })]

    #[test]
    fn the_beginning_of_a_clean_text_is_clean(raw in nasty(), bytes in 0usize..80) {
        let text = Text::body(&raw);
        let head = text.head(bytes);
        prop_assert!(head.as_str().len() <= bytes && text.as_str().starts_with(head.as_str()));
        prop_assert_eq!(&Text::body(head.as_str()), &head);
        let next = text.as_str()[head.as_str().len()..].graphemes(true).next();
        prop_assert!(next.is_none_or(|g| head.as_str().len() + g.len() > bytes), "no shorter than need be");
    }

    #[test]
    fn scrubbing_twice_is_scrubbing_once(raw in nasty(), graphemes in 1usize..40, bytes in 1usize..200) {
        let cap = Cap { graphemes, bytes };
        let once = Text::line(&raw, cap);
        prop_assert_eq!(&Text::line(once.as_str(), cap), &once);
        let body = Text::body(&raw);
        prop_assert_eq!(&Text::body(body.as_str()), &body);
        prop_assert!(!Text::is_suspicious(body.as_str()), "{:?}", body);
    }

    #[test]
    fn nothing_forbidden_comes_out_and_caps_hold(raw in nasty(), graphemes in 1usize..40, bytes in 1usize..200) {
        let line = Text::line(&raw, Cap { graphemes, bytes });
        prop_assert!(line.as_str().len() <= bytes);
        prop_assert!(line.as_str().graphemes(true).count() <= graphemes);
        prop_assert!(!line.as_str().chars().any(|c| forbidden(c, false)), "{:?}", line);
        prop_assert!(!Text::body(&raw).as_str().chars().any(|c| forbidden(c, true)));
    }

    #[test]
    fn reading_back_gives_the_same_text(raw in nasty()) {
        let text = Text::body(&raw);
        let json = serde_json::to_string(&text).unwrap();
        prop_assert_eq!(serde_json::from_str::<Text>(&json).unwrap(), text);
    }
}

#[test]
fn ordinary_writing_survives_byte_for_byte() {
    for text in [
        "مرحبا بالعالم، كيف حالك؟ می‌خواهم کتاب‌ها را بخوانم",
        "بِسْمِ ٱللَّهِ ٱلرَّحْمَٰنِ",
        "שָׁלוֹם עוֹלָם, מה שלומך?",
        "नमस्ते दुनिया, क्ष क्‍ष र्‍य ज्ञान",
        "বাংলা লিপি, র‍্যাব",
        "ภาษาไทย น้ำ ก็ที่",
        "한국어 텍스트, 日本語のテキスト、中文文本。",
        "Ђурђевдан, Ελληνικά, Tiếng Việt, Å é ñ e\u{301}",
        "👩‍👩‍👧‍👦 👨🏽‍🚀 🧑🏻‍❤️‍💋‍🧑🏿 🏳️‍🌈 🏴‍☠️ ❤️‍🔥 👁️‍🗨️",
        "🇩🇪🇯🇵🇧🇷 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🏴󠁧󠁢󠁳󠁣󠁴󠁿 🏴󠁧󠁢󠁷󠁬󠁳󠁿",
        "1️⃣ #️⃣ *️⃣ ©️ ☎️ ☎︎ ™️",
        "“Quotes” – dashes — and … 5 000 €, ½ × 2 ≠ 3",
    ] {
        assert_eq!(Text::body(text).as_str(), text);
        assert!(!Text::is_suspicious(text), "{text}");
    }
}

#[test]
fn attacks_are_shown_not_hidden() {
    for (raw, shown) in [
        ("\u{1b}[2J\u{1b}]0;title\u{7}", "^[[2J^[]0;title^G"),
        ("\u{9b}31m", "<U+009B>31m"),
        ("pay\u{202e}gnp.exe", "pay<RLO>gnp.exe"),
        ("pass\u{200b}word", "pass<ZWSP>word"),
        ("a\u{200d}b", "a<ZWJ>b"),
        ("あ\u{200d}い", "あ<ZWJ>い"),
        ("a\u{fe0f}", "a<U+FE0F>"),
        ("❤\u{fe0f}\u{fe0f}", "❤\u{fe0f}<U+FE0F>"),
        ("x\u{e0041}\u{e0042}", "x<U+E0041><U+E0042>"),
        ("🏴\u{e0075}\u{e0073}\u{e007f}", "🏴<U+E0075><U+E0073><U+E007F>"),
        ("end\u{ffff}", "end<U+FFFF>"),
    ] {
        assert_eq!(Text::body(raw).as_str(), shown);
        assert!(Text::is_suspicious(raw), "{raw:?}");
    }
    let flood = format!("z{}", "\u{301}".repeat(500));
    assert_eq!(Text::body(&flood).as_str().chars().count(), 9);
    let thai = format!("ก{}", "\u{e47}".repeat(500));
    assert!(Text::body(&thai).as_str().chars().count() <= 9);
}

#[test]
fn ten_megabytes_take_no_time_to_speak_of() {
    for raw in
        ["lorem ipsum dolor ".repeat(600_000), "\u{301}".repeat(5_000_000), "👩‍👩‍👧‍👦".repeat(400_000), "\u{202e}".repeat(3_400_000)]
    {
        let begin = std::time::Instant::now();
        let text = Text::own(&raw);
        assert!(text.as_str().len() <= Cap::OWN.bytes);
        // Half a second with room for slow machines and debug builds; the square of the length would take hours.
        assert!(begin.elapsed().as_secs() < 20, "{:?}", begin.elapsed());
    }
}

/// Found by chance once: a skin tone behind a mark.
#[test]
fn a_joiner_behind_a_mark_is_shown() {
    let once = Text::body("👨\u{fe01}🏽\u{200d}👩");
    assert_eq!(once.as_str(), "👨<U+FE01>🏽<ZWJ>👩");
    assert_eq!(Text::body(once.as_str()), once);
}

/// Found by a million inputs: marks without a base behind a character that is shown as a mark.
#[test]
fn marks_that_hang_on_to_a_mark_are_counted_with_it() {
    for before in ["\0", "\t", "\u{200b}", "\u{1b}"] {
        let once = Text::body(&format!("{before}{}", "\u{cc3}".repeat(400)));
        assert_eq!(Text::body(once.as_str()), once);
    }
}
