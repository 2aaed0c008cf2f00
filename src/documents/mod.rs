//! To come.
pub fn facts(_bytes: &[u8]) -> crate::domain::draft::FileFacts {
    Default::default()
}
