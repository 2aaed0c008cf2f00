//! Addresses of pages that a platform's text names: checked before a terminal or a telephone is handed one as a link.

use std::net::IpAddr;

use reqwest::Url;

use super::clients::is_public;

/// Longer ones are no links: terminals cut them.
const LONGEST: usize = 2_000;

/// An `https` address of the public internet: no user, no control character, everything beyond ASCII percent-encoded, the host as
/// it is asked for (so that look-alike letters show as `xn--…`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    url: String,
    host: String,
}

impl Page {
    /// Checks an address; the error says why it is no link.
    pub fn check(raw: &str) -> Result<Page, String> {
        let raw = raw.trim();
        if raw.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err("it holds blanks or control characters".into());
        }
        let url = Url::parse(raw).map_err(|error| format!("it is not a URL ({error})"))?;
        if url.scheme() != "https" {
            return Err("only https pages are linked to".into());
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("it carries a name or a password".into());
        }
        let host = url.host_str().unwrap_or_default();
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let inside = match bare.parse::<IpAddr>() {
            Ok(ip) => !is_public(ip),
            Err(_) => !bare.contains('.') || bare.ends_with(".localhost") || bare.ends_with(".local"),
        };
        if inside {
            return Err("it leads into a private network".into());
        }
        let shown = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        let text = url.as_str();
        if text.len() > LONGEST {
            return Err(format!("it is longer than {LONGEST} characters"));
        }
        // The parser's promise; a terminal is no place to take it on trust.
        if !text.bytes().all(|b| b.is_ascii_graphic()) {
            return Err("it holds characters that are not percent-encoded".into());
        }
        Ok(Page { url: text.to_owned(), host: shown })
    }

    /// A file of this machine, with the machine's name: a terminal at the other end of a line must not take it for one of its own.
    pub fn of_file(path: &std::path::Path) -> Option<Page> {
        let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
        let mut url = Url::from_file_path(path).ok()?;
        url.set_host(Some(&host)).ok()?;
        let text = url.as_str();
        let plain = text.len() <= LONGEST && text.bytes().all(|b| b.is_ascii_graphic());
        plain.then(|| Page { url: text.to_owned(), host })
    }

    /// The whole address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where it leads, for people: the host, with the port where it is unusual.
    pub fn host(&self) -> &str {
        &self.host
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_the_public_internet_are_links() {
        let good = Page::check("https://jobs.example.org/a b?x=é;y#part".replace(' ', "%20").as_str()).unwrap();
        assert_eq!((good.url(), good.host()), ("https://jobs.example.org/a%20b?x=%C3%A9;y#part", "jobs.example.org"));
        assert_eq!(Page::check("https://ex\u{430}mple.org:8443/").unwrap().host(), "xn--exmple-4nf.org:8443");
        for bad in [
            "http://example.org/",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "https://user:secret@example.org/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://0x7f.1/",
            "https://10.0.0.1/router",
            "https://localhost/",
            "https://intranet/",
            "https://printer.local/",
            "https://example.org/\u{1b}]8;;",
            "https://example.org/a b",
            "https://example.org/\u{7}",
            "https://",
            "",
            &format!("https://example.org/{}", "a".repeat(3000)),
        ] {
            assert!(Page::check(bad).is_err(), "{bad:?}");
        }
    }
}
