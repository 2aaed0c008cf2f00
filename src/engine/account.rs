//! Which account a source's lists were read with: places in them are good for that account alone, under whatever name.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::config::{KeyFrom, SourceConfig};
use crate::platforms::Cursor;

/// What tells one account from another, as far as the configuration says: where it is and where its key comes from. The key itself is
/// not looked at.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Account(Vec<String>);

/// A place in a list as the store keeps it. The account is told by a salted digest: a store that is handed around says nothing about
/// where keys are.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    account: String,
    salt: String,
    at: Cursor,
}

impl Account {
    /// The account of a configured source.
    pub fn of(source: &SourceConfig) -> Account {
        let path = |path: &std::path::Path| path.display().to_string();
        let key = match &source.key {
            KeyFrom::None => vec!["none".to_owned()],
            KeyFrom::Command(argv) => ["command".to_owned()].into_iter().chain(argv.iter().cloned()).collect(),
            KeyFrom::File(file) => vec!["file".to_owned(), path(file)],
            KeyFrom::Credential(name) => vec!["credential".to_owned(), name.clone()],
            KeyFrom::Env(name) => vec!["env".to_owned(), name.clone()],
            KeyFrom::Given(_) => vec!["given".to_owned()],
        };
        let place = [
            source.kind().to_owned(),
            source.base_url.clone().unwrap_or_default(),
            source.path.as_deref().map(path).unwrap_or_default(),
        ];
        Account(place.into_iter().chain(key).collect())
    }

    fn digest(&self, salt: &str) -> String {
        let mut hash = Sha256::new_with_prefix(salt);
        for part in &self.0 {
            hash.update(part.len().to_le_bytes());
            hash.update(part);
        }
        hash.finalize().iter().take(16).fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
    }

    /// A place in a list of this account, for the store.
    pub fn seal(&self, at: Cursor) -> serde_json::Value {
        let salt = uuid::Uuid::new_v4().simple().to_string();
        let kept = Kept { account: self.digest(&salt), salt, at };
        serde_json::to_value(kept).unwrap_or_default()
    }

    /// The place that was kept; none where it is another account's. Stores of older versions do not say whose it is.
    pub fn open(&self, kept: &serde_json::Value) -> Cursor {
        match serde_json::from_value::<Kept>(kept.clone()) {
            Ok(kept) if kept.account == self.digest(&kept.salt) => kept.at,
            Ok(_) => Cursor::Null,
            Err(_) => kept.clone(),
        }
    }
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Account")
    }
}
