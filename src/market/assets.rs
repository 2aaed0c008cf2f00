//! What ships in the binary: job templates, requesters, and the files that come with jobs.

/// Job templates, one file a kind; the order is that of the trade.
pub const KINDS: &[(&str, &str)] = &[
    ("tagline", include_str!("../../assets/market/kinds/tagline.toml")),
    ("caption", include_str!("../../assets/market/kinds/caption.toml")),
];

/// Who posts.
pub const REQUESTERS: &str = include_str!("../../assets/market/requesters.toml");

/// Attached files by the name that templates call them.
pub const FILES: &[(&str, &[u8])] = &[];

/// The contract of the HTTP interface.
pub const OPENAPI: &str = include_str!("../../assets/market/openapi.yaml");

/// An attached file's bytes.
pub fn file(name: &str) -> Option<&'static [u8]> {
    FILES.iter().find(|(known, _)| *known == name).map(|(_, bytes)| *bytes)
}
