//! A form with files (RFC 7578), for calls that want pictures sent as such.

use crate::net::Body;

/// A form that is being filled in.
pub(super) struct Form {
    boundary: String,
    bytes: Vec<u8>,
}

impl Form {
    /// An empty one. The boundary is of chance, so that no picture can hold it on purpose.
    pub fn new() -> Form {
        Form { boundary: format!("juggler-{:032x}", rand::random::<u128>()), bytes: Vec::new() }
    }

    /// A field.
    #[must_use]
    pub fn field(mut self, name: &str, value: &str) -> Form {
        self.part(&format!("name=\"{name}\""), None, value.as_bytes());
        self
    }

    /// A field, where there is a value.
    #[must_use]
    pub fn maybe(self, name: &str, value: Option<String>) -> Form {
        match value {
            Some(value) => self.field(name, &value),
            None => self,
        }
    }

    /// A file. Its name is ours: letters, digits, `-`, `_` and `.`.
    #[must_use]
    pub fn file(mut self, name: &str, file: &str, mime: &str, bytes: &[u8]) -> Form {
        self.part(&format!("name=\"{name}\"; filename=\"{file}\""), Some(mime), bytes);
        self
    }

    fn part(&mut self, disposition: &str, mime: Option<&str>, bytes: &[u8]) {
        let mime = mime.map_or_else(String::new, |mime| format!("Content-Type: {mime}\r\n"));
        let head = format!("--{}\r\nContent-Disposition: form-data; {disposition}\r\n{mime}\r\n", self.boundary);
        self.bytes.extend_from_slice(head.as_bytes());
        self.bytes.extend_from_slice(bytes);
        self.bytes.extend_from_slice(b"\r\n");
    }

    /// As it is sent.
    pub fn body(mut self) -> Body {
        self.bytes.extend_from_slice(format!("--{}--\r\n", self.boundary).as_bytes());
        Body { mime: format!("multipart/form-data; boundary={}", self.boundary), bytes: self.bytes }
    }
}
