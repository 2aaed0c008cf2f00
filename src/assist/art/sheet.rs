//! A prompt written down for a tool that no program speaks to.

use crate::domain::art::{ArtWish, Size};

/// The prompt with its parameters, by a template: fields in braces, and parts between `[` and `]` that are left out where one of
/// their fields is empty.
pub fn write(template: &str, prompt: &str, wish: &ArtWish, wanted: Option<Size>) -> String {
    let size = wish.size.or(wanted);
    let value = |field: &str| match field {
        "prompt" => one_line(prompt),
        "negative" => one_line(wish.negative.as_str()),
        "ratio" => size.map_or_else(|| "1:1".to_owned(), ratio),
        "width" => size.map(|size| size.width.to_string()).unwrap_or_default(),
        "height" => size.map(|size| size.height.to_string()).unwrap_or_default(),
        "seed" => wish.seed.map(|seed| seed.to_string()).unwrap_or_default(),
        "count" => wish.count.max(1).to_string(),
        other => format!("{{{other}}}"),
    };
    let mut out = String::new();
    let mut rest = template;
    while let Some(at) = rest.find('[') {
        out.push_str(&filled(&rest[..at], &value).0);
        let Some(end) = rest[at..].find(']') else {
            rest = &rest[at..];
            break;
        };
        let (part, whole) = filled(&rest[at + 1..at + end], &value);
        if whole {
            out.push_str(&part);
        }
        rest = &rest[at + end + 1..];
    }
    out.push_str(&filled(rest, &value).0);
    out
}

/// With its fields filled in, and whether none of them was empty.
fn filled(part: &str, value: &dyn Fn(&str) -> String) -> (String, bool) {
    let (mut out, mut whole, mut rest) = (String::new(), true, part);
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((field, behind)) = after.split_once('}') else {
            out.push('{');
            rest = after;
            break;
        };
        let value = value(field);
        whole &= !value.is_empty();
        out.push_str(&value);
        rest = behind;
    }
    out.push_str(rest);
    (out, whole)
}

/// A line break would send a prompt off in most tools.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `5:6` of 4500 × 5400.
fn ratio(size: Size) -> String {
    let (mut a, mut b) = (size.width.max(1), size.height.max(1));
    while b != 0 {
        (a, b) = (b, a % b);
    }
    format!("{}:{}", size.width / a, size.height / a)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ArtConfig;
    use crate::domain::Text;

    #[test]
    fn what_is_not_said_is_left_out() {
        let wanted = Some(Size::new(4500, 5400));
        let mut wish = ArtWish { count: 1, ..ArtWish::default() };
        assert_eq!(write(ArtConfig::SHEET, "a heron\n on a pole", &wish, wanted), "a heron on a pole --ar 5:6");
        wish.seed = Some(7);
        wish.negative = Text::title("letters, frames");
        assert_eq!(write(ArtConfig::SHEET, "a heron", &wish, wanted), "a heron --ar 5:6 --seed 7 --no letters, frames");
        assert_eq!(write("/imagine {prompt} {width}x{height} {odd} {", "x", &wish, wanted), "/imagine x 4500x5400 {odd} {");
        assert_eq!(write("{prompt}[ unclosed {seed}", "x", &wish, None), "x[ unclosed 7");
    }
}
