//! What is delivered of a judgement: one JSON object a line.

use serde_json::{Value, json};

use crate::domain::Text;

/// Which of two answers is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// The first, as the job counts.
    A,
    /// The second.
    B,
    /// Neither.
    Tie,
}

impl Better {
    /// As it is delivered.
    pub fn word(self) -> &'static str {
        match self {
            Better::A => "a",
            Better::B => "b",
            Better::Tie => "tie",
        }
    }
}

/// One judgement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Of which pair.
    pub id: Text,
    /// The choice.
    pub better: Better,
    /// From 1 to 7.
    pub rating: u8,
    /// Why.
    pub reason: Text,
    /// How long it took, where the job wants to know.
    pub seconds: Option<u32>,
}

impl Record {
    /// Reads one line; `None` where it is no judgement.
    pub fn read(line: &str) -> Option<Record> {
        let record: Value = serde_json::from_str(line.trim()).ok()?;
        let id = id_in(&record)?;
        let better = match record.get("better")?.as_str()? {
            "a" => Better::A,
            "b" => Better::B,
            "tie" => Better::Tie,
            _ => return None,
        };
        let rating = record.get("rating")?.as_u64().and_then(|n| u8::try_from(n).ok()).filter(|n| (1..=7).contains(n))?;
        let reason = record.get("reason").and_then(Value::as_str).unwrap_or_default();
        let seconds = record.get("seconds").and_then(Value::as_u64).and_then(|n| u32::try_from(n).ok());
        Some(Record { id, better, rating, reason: Text::title(reason), seconds })
    }

    /// The line, without its end.
    pub fn line(&self) -> String {
        let mut record = json!({ "id": self.id, "better": self.better.word(), "rating": self.rating, "reason": self.reason });
        if let (Some(seconds), Some(record)) = (self.seconds, record.as_object_mut()) {
            record.insert("seconds".to_owned(), seconds.into());
        }
        record.to_string()
    }
}

/// Where the record of `id` goes in a draft: its place, what stands there, and what takes its place. The line that has it is replaced, else
/// it is put where the order of `ids` has it.
pub fn put(draft: &str, record: &Record, ids: &[Text]) -> (usize, String, String) {
    let rank = |id: &Text| ids.iter().position(|known| known == id);
    let mut at = 0;
    let mut before_it = None;
    for line in draft.split_inclusive('\n') {
        let body = line.trim_end_matches('\n');
        if let Some(known) = Record::read(body).map(|known| known.id).or_else(|| id_of(body)) {
            if known == record.id {
                return (at, body.to_owned(), record.line());
            }
            if before_it.is_none() && rank(&known).zip(rank(&record.id)).is_some_and(|(known, own)| known > own) {
                before_it = Some(at);
            }
        }
        at += line.len();
    }
    match before_it {
        Some(at) => (at, String::new(), format!("{}\n", record.line())),
        None if draft.is_empty() || draft.ends_with('\n') => (at, String::new(), format!("{}\n", record.line())),
        None => (at, String::new(), format!("\n{}\n", record.line())),
    }
}

/// The id of a line that is not a whole judgement yet.
fn id_of(line: &str) -> Option<Text> {
    id_in(&serde_json::from_str(line.trim()).ok()?)
}

/// The id of a record, which may be a number.
pub(super) fn id_in(record: &Value) -> Option<Text> {
    let id = record.get("id")?;
    Some(id.as_str().map_or_else(|| Text::title(&id.to_string()), Text::title))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn record() -> impl Strategy<Value = Record> {
        let better = prop_oneof![Just(Better::A), Just(Better::B), Just(Better::Tie)];
        (0_usize..8, better, 1_u8..=7, "[ -~äß🥤\"\\\\]{0,40}", proptest::option::of(0_u32..999)).prop_map(
            |(n, better, rating, reason, seconds)| Record {
                id: Text::title(&format!("t{n}")),
                better,
                rating,
                reason: Text::title(&reason),
                seconds,
            },
        )
    }

    proptest! {
        /// What is written is read again, each id has one line, in the order asked for, and other lines stay.
        #[test]
        fn records_find_their_places(records in prop::collection::vec(record(), 0..20), stray in "[a-z ]{0,12}") {
            let ids: Vec<Text> = (0..8).map(|n| Text::title(&format!("t{n}"))).collect();
            let mut draft = stray.clone();
            let mut last = std::collections::BTreeMap::new();
            for record in records {
                let (at, old, new) = put(&draft, &record, &ids);
                prop_assert_eq!(&draft[at..at + old.len()], old.as_str());
                draft.replace_range(at..at + old.len(), &new);
                last.insert(record.id.to_string(), record);
            }
            let read: Vec<Record> = draft.lines().filter_map(Record::read).collect();
            prop_assert_eq!(read, last.into_values().collect::<Vec<_>>());
            prop_assert!(draft.starts_with(stray.as_str()) || stray.is_empty());
        }
    }
}
