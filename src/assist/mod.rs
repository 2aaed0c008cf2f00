//! To come.
pub struct Picture {
    pub name: String,
    pub png_bytes: Vec<u8>,
}
pub struct Layout {
    pub text: String,
    pub pictures: Vec<Picture>,
    pub label: String,
}
pub fn lay_out(_job: &crate::domain::Job) -> Layout {
    Layout { text: String::new(), pictures: vec![], label: String::new() }
}
