//! What ships in the binary: job templates, requesters, and the files that come with jobs.

/// Job templates, one file a kind; the order is that of the trade.
pub const KINDS: &[(&str, &str)] = &[
    ("tagline", include_str!("../../assets/market/kinds/tagline.toml")),
    ("art", include_str!("../../assets/market/kinds/art.toml")),
    ("script", include_str!("../../assets/market/kinds/script.toml")),
    ("chat", include_str!("../../assets/market/kinds/chat.toml")),
    ("rank", include_str!("../../assets/market/kinds/rank.toml")),
    ("product", include_str!("../../assets/market/kinds/product.toml")),
    ("caption", include_str!("../../assets/market/kinds/caption.toml")),
    ("translation", include_str!("../../assets/market/kinds/translation.toml")),
    ("label", include_str!("../../assets/market/kinds/label.toml")),
];

/// Who posts.
pub const REQUESTERS: &str = include_str!("../../assets/market/requesters.toml");

/// Attached files by the name that templates call them.
pub const FILES: &[(&str, &[u8])] = &[
    ("reports/tidal-energy.txt", include_bytes!("../../assets/market/reports/tidal-energy.txt")),
    ("reports/tidal-energy.pdf", include_bytes!("../../assets/market/reports/tidal-energy.pdf")),
    ("reports/future-of-lending.txt", include_bytes!("../../assets/market/reports/future-of-lending.txt")),
    ("reports/future-of-lending.pdf", include_bytes!("../../assets/market/reports/future-of-lending.pdf")),
    ("images/palette.png", include_bytes!("../../assets/market/images/palette.png")),
];

/// The contract of the HTTP interface.
pub const OPENAPI: &str = include_str!("../../assets/market/openapi.yaml");

/// An attached file's bytes.
pub fn file(name: &str) -> Option<&'static [u8]> {
    FILES.iter().find(|(known, _)| *known == name).map(|(_, bytes)| *bytes)
}
