//! How the market says no: the code and the words of an error answer.

/// A refusal with its HTTP status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// HTTP status.
    pub status: u16,
    /// Short stable word.
    pub code: &'static str,
    /// A sentence.
    pub message: String,
}

impl Refusal {
    /// Any refusal.
    pub fn new(status: u16, code: &'static str, message: impl Into<String>) -> Refusal {
        Refusal { status, code, message: message.into() }
    }

    /// 400: the request makes no sense.
    pub fn bad(code: &'static str, message: impl Into<String>) -> Refusal {
        Refusal::new(400, code, message)
    }

    /// 404.
    pub fn not_found(what: &str) -> Refusal {
        Refusal::new(404, "not_found", format!("There is no such {what}."))
    }

    /// 409: the state of things says no.
    pub fn conflict(code: &'static str, message: impl Into<String>) -> Refusal {
        Refusal::new(409, code, message)
    }

    /// 422: well formed, and wrong.
    pub fn invalid(message: impl Into<String>) -> Refusal {
        Refusal::new(422, "invalid", message)
    }
}
