//! Looks into the MessagePack of a row without decoding it: where a field's value is, a text of it, a row put together from two.
//!
//! Only what our own codec writes is understood: a map with texts for keys at the top, anything below. Whatever does not fit is `None`,
//! and the caller decodes the row whole.

use std::ops::Range;

/// The bytes of the value of field `name` in the map at the beginning of `bytes`.
pub fn field(bytes: &[u8], name: &str) -> Option<Range<usize>> {
    fields(bytes, [name]).and_then(|[range]| range)
}

/// The bytes of the values of several fields, found in one walk; `None` when this is not a sound map.
pub fn fields<const N: usize>(bytes: &[u8], names: [&str; N]) -> Option<[Option<Range<usize>>; N]> {
    let (mut at, count) = map(bytes)?;
    let mut found = [const { None }; N];
    for _ in 0..count {
        let (start, len) = text_at(bytes, at)?;
        let key = bytes.get(start..start + len)?;
        let value = start + len;
        at = skip(bytes, value)?;
        if let Some(n) = names.iter().position(|name| name.as_bytes() == key) {
            found[n] = Some(value..at);
        }
    }
    Some(found)
}

/// The text in field `name`; `None` when there is none, or it is no text.
pub fn text<'a>(bytes: &'a [u8], name: &str) -> Option<&'a str> {
    let value = field(bytes, name)?;
    let (start, len) = text_at(bytes, value.start)?;
    std::str::from_utf8(bytes.get(start..start + len)?).ok()
}

/// `new` with the values of `names` as they are in `old`. A field that either lacks is left as `new` has it.
pub fn spliced<const N: usize>(new: &[u8], old: &[u8], names: [&str; N]) -> Option<Vec<u8>> {
    let (there, kept) = (fields(new, names)?, fields(old, names)?);
    let mut swaps: Vec<(Range<usize>, Range<usize>)> =
        there.into_iter().zip(kept).filter_map(|(to, from)| Some((to?, from?))).collect();
    swaps.sort_by_key(|(to, _)| to.start);
    let mut out = Vec::with_capacity(new.len() + old.len());
    let mut at = 0;
    for (to, from) in swaps {
        out.extend_from_slice(&new[at..to.start]);
        out.extend_from_slice(&old[from]);
        at = to.end;
    }
    out.extend_from_slice(&new[at..]);
    Some(out)
}

/// Whether two rows are the same but for the value of field `name`.
pub fn same_but_for(a: &[u8], b: &[u8], name: &str) -> bool {
    if a == b {
        return true;
    }
    let (Some(in_a), Some(in_b)) = (field(a, name), field(b, name)) else { return false };
    a[..in_a.start] == b[..in_b.start] && a[in_a.end..] == b[in_b.end..]
}

fn number(bytes: &[u8], at: usize, len: usize) -> Option<usize> {
    let digits = bytes.get(at..at + len)?;
    Some(digits.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)))
}

/// Where the first key is, and how many there are.
fn map(bytes: &[u8]) -> Option<(usize, usize)> {
    match *bytes.first()? {
        head @ 0x80..=0x8f => Some((1, usize::from(head & 0x0f))),
        0xde => Some((3, number(bytes, 1, 2)?)),
        0xdf => Some((5, number(bytes, 1, 4)?)),
        _ => None,
    }
}

/// Where a text's characters are, and how many bytes.
fn text_at(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    match *bytes.get(at)? {
        head @ 0xa0..=0xbf => Some((at + 1, usize::from(head & 0x1f))),
        0xd9 => Some((at + 2, number(bytes, at + 1, 1)?)),
        0xda => Some((at + 3, number(bytes, at + 1, 2)?)),
        0xdb => Some((at + 5, number(bytes, at + 1, 4)?)),
        _ => None,
    }
}

/// Where the value at `at` ends. Counts what is still to be skipped instead of calling itself: depth costs nothing.
fn skip(bytes: &[u8], mut at: usize) -> Option<usize> {
    let mut left = 1_usize;
    while left > 0 {
        left -= 1;
        let head = *bytes.get(at)?;
        let (head_len, payload, inner) = match head {
            0x00..=0x7f | 0xe0..=0xff | 0xc0 | 0xc2 | 0xc3 => (1, 0, 0),
            0x80..=0x8f => (1, 0, 2 * usize::from(head & 0x0f)),
            0x90..=0x9f => (1, 0, usize::from(head & 0x0f)),
            0xa0..=0xbf => (1, usize::from(head & 0x1f), 0),
            0xc4 | 0xd9 => (2, number(bytes, at + 1, 1)?, 0),
            0xc5 | 0xda => (3, number(bytes, at + 1, 2)?, 0),
            0xc6 | 0xdb => (5, number(bytes, at + 1, 4)?, 0),
            0xc7 => (3, number(bytes, at + 1, 1)?, 0),
            0xc8 => (4, number(bytes, at + 1, 2)?, 0),
            0xc9 => (6, number(bytes, at + 1, 4)?, 0),
            0xcc | 0xd0 => (2, 0, 0),
            0xcd | 0xd1 => (3, 0, 0),
            0xca | 0xce | 0xd2 => (5, 0, 0),
            0xcb | 0xcf | 0xd3 => (9, 0, 0),
            0xd4..=0xd8 => (2, 1 << (head - 0xd4), 0),
            0xdc => (3, 0, number(bytes, at + 1, 2)?),
            0xdd => (5, 0, number(bytes, at + 1, 4)?),
            0xde => (3, 0, 2 * number(bytes, at + 1, 2)?),
            0xdf => (5, 0, 2 * number(bytes, at + 1, 4)?),
            0xc1 => return None,
        };
        at = at.checked_add(head_len)?.checked_add(payload)?;
        left = left.checked_add(inner)?;
        // Every value takes a byte at least: a count beyond the end is nonsense.
        if at > bytes.len() || left > bytes.len() {
            return None;
        }
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde::Serialize;

    #[derive(Serialize, Clone)]
    struct Row {
        key: String,
        brief: String,
        list: Vec<(i64, Option<f64>)>,
        seen: u64,
        nested: std::collections::BTreeMap<String, Vec<Vec<u8>>>,
    }

    fn row(n: usize) -> Row {
        Row {
            key: format!("s:{n}"),
            brief: "ä word ".repeat(n * n),
            list: (0..n).map(|k| (-(k as i64) * 70_000_000_000, k.is_multiple_of(2).then_some(0.5))).collect(),
            seen: (n as u64) << (n % 64),
            nested: (0..n).map(|k| (k.to_string(), vec![vec![7; k]; k % 3])).collect(),
        }
    }

    fn packed(row: &Row) -> Vec<u8> {
        rmp_serde::to_vec_named(row).unwrap()
    }

    #[test]
    fn fields_are_found_whatever_is_between_them() {
        for n in [0, 1, 2, 5, 20, 40, 200] {
            let row = row(n);
            let bytes = packed(&row);
            assert_eq!(text(&bytes, "key").unwrap(), row.key);
            assert_eq!(text(&bytes, "brief").unwrap(), row.brief);
            assert_eq!(rmp_serde::from_slice::<u64>(&bytes[field(&bytes, "seen").unwrap()]).unwrap(), row.seen);
            assert!(field(&bytes, "nested").unwrap().end == bytes.len() && field(&bytes, "other").is_none());
        }
    }

    #[test]
    fn two_rows_become_one() {
        let (a, b) = (row(20), row(40));
        let want = Row { brief: b.brief.clone(), list: b.list.clone(), ..a.clone() };
        assert_eq!(spliced(&packed(&a), &packed(&b), ["list", "brief"]).unwrap(), packed(&want));
        assert!(same_but_for(&packed(&a), &packed(&Row { seen: 1, ..a.clone() }), "seen"));
        assert!(!same_but_for(&packed(&a), &packed(&want), "seen"));
    }

    #[test]
    fn nonsense_is_no_field() {
        let bytes = packed(&row(5));
        for cut in 0..bytes.len() {
            let _ = (fields(&bytes[..cut], ["brief", "seen"]), spliced(&bytes[..cut], &bytes, ["brief"]));
        }
        for at in 0..bytes.len() {
            for byte in [0xc1, 0xdd, 0xdf, 0xc6, 0xff] {
                let mut bad = bytes.clone();
                bad[at] = byte;
                let _ = (text(&bad, "brief"), field(&bad, "nested"));
            }
        }
    }
}
