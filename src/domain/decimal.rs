//! Decimal numbers that are no money: shares, minutes. Read without floats.

/// A decimal number in millionths ("2.5" is 2 500 000); more places are cut. `None` for anything else, exponents included.
pub fn millionths(written: &str) -> Option<i64> {
    let written = written.trim();
    let (negative, digits) = written.strip_prefix('-').map_or((false, written), |rest| (true, rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() || !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
        return None;
    }
    let places = fraction.bytes().chain(std::iter::repeat(b'0')).take(6);
    let value =
        whole.bytes().chain(places).try_fold(0_i64, |sum, digit| sum.checked_mul(10)?.checked_add(i64::from(digit - b'0')))?;
    Some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_read_without_floats() {
        assert_eq!(millionths("10"), Some(10_000_000));
        assert_eq!(millionths("0.1"), Some(100_000));
        assert_eq!(millionths("12.3456789"), Some(12_345_678));
        assert_eq!(millionths("-1.5"), Some(-1_500_000));
        for bad in ["", ".", "1e5", "NaN", "1,5", "99999999999999999999"] {
            assert_eq!(millionths(bad), None, "{bad}");
        }
    }
}
