//! Values as bytes and back, for the image. Little-endian; what cannot be read is `None`, never a panic.

use crate::domain::triage::Wake;
use crate::domain::{Asset, Money, Text, Time};

pub(super) fn put_u32(out: &mut Vec<u8>, n: u32) {
    out.extend_from_slice(&n.to_le_bytes());
}

pub(super) fn put_len(out: &mut Vec<u8>, n: usize) {
    put_u32(out, u32::try_from(n).unwrap_or(u32::MAX));
}

pub(super) fn put_i64(out: &mut Vec<u8>, n: i64) {
    out.extend_from_slice(&n.to_le_bytes());
}

pub(super) fn put_text(out: &mut Vec<u8>, text: &str) {
    put_len(out, text.len());
    out.extend_from_slice(text.as_bytes());
}

pub(super) fn put_maybe<T>(out: &mut Vec<u8>, value: Option<T>, put: impl FnOnce(&mut Vec<u8>, T)) {
    out.push(u8::from(value.is_some()));
    if let Some(value) = value {
        put(out, value);
    }
}

pub(super) fn put_time(out: &mut Vec<u8>, time: Time) {
    put_i64(out, time.timestamp());
    put_u32(out, time.timestamp_subsec_nanos());
}

pub(super) fn put_asset(out: &mut Vec<u8>, asset: Asset) {
    put_text(out, asset.code());
    out.push(asset.exponent());
}

pub(super) fn put_money(out: &mut Vec<u8>, money: Money) {
    put_i64(out, money.minor);
    put_asset(out, money.asset);
}

pub(super) fn put_wake(out: &mut Vec<u8>, wake: Wake) {
    put_maybe(out, if let Wake::PaysOver(money) = wake { Some(money) } else { None }, put_money);
}

/// Bytes that are read from the front.
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn bytes(&mut self, len: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(head)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.bytes(N)?.try_into().ok()
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        self.array::<1>().map(|[n]| n)
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    pub(super) fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    pub(super) fn i64(&mut self) -> Option<i64> {
        self.array().map(i64::from_le_bytes)
    }

    /// A length of things that take at least `each` bytes: one that cannot be is not believed.
    pub(super) fn len(&mut self, each: usize) -> Option<usize> {
        let len = self.u32()? as usize;
        (len.checked_mul(each)? <= self.0.len()).then_some(len)
    }

    pub(super) fn str(&mut self) -> Option<&'a str> {
        let len = self.len(1)?;
        std::str::from_utf8(self.bytes(len)?).ok()
    }

    /// Text scrubbed as a title, whatever the image says.
    pub(super) fn text(&mut self) -> Option<Text> {
        self.str().map(Text::title)
    }

    pub(super) fn maybe<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        match self.u8()? {
            0 => Some(None),
            1 => read(self).map(Some),
            _ => None,
        }
    }

    pub(super) fn time(&mut self) -> Option<Time> {
        let (seconds, nanos) = (self.i64()?, self.u32()?);
        Time::from_timestamp(seconds, nanos)
    }

    pub(super) fn asset(&mut self) -> Option<Asset> {
        let code = self.str()?;
        Asset::new(code, Some(self.u8()?)).ok()
    }

    pub(super) fn money(&mut self) -> Option<Money> {
        Some(Money::new(self.i64()?, self.asset()?))
    }

    pub(super) fn wake(&mut self) -> Option<Wake> {
        Some(self.maybe(Reader::money)?.map_or(Wake::Reopens, Wake::PaysOver))
    }
}
