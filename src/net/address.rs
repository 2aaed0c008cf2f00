//! Addresses of servers: parsed once, shown without query strings.

use std::fmt;
use std::net::IpAddr;

use reqwest::Url;
use reqwest::header::HeaderValue;

/// An absolute `http` or `https` address without credentials in it.
#[derive(Clone, PartialEq, Eq)]
pub struct Address(Url);

impl Address {
    /// Reads one; the error is a sentence without the address.
    pub fn parse(raw: &str) -> Result<Address, String> {
        let url = Url::parse(raw.trim()).map_err(|error| format!("it is not a URL ({error})"))?;
        Address::check(url)
    }

    fn check(mut url: Url) -> Result<Address, String> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err("only http and https addresses are used".into());
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err("it has no host".into());
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("it carries a name or a password; keys belong into the source's key setting".into());
        }
        url.set_fragment(None);
        Ok(Address(url))
    }

    /// This address with `path` behind its own path. `path` must be percent-encoded already; one that climbs (`..`) is refused.
    pub fn with_path(&self, path: &str) -> Result<Address, String> {
        let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
        let climbs = |part: &str| {
            let plain = part.to_ascii_lowercase().replace("%2e", ".");
            plain == "." || plain == ".."
        };
        if path.split(['/', '\\']).any(climbs) {
            return Err("the path would climb out of the platform's base address".into());
        }
        let mut url = self.0.clone();
        url.set_path(&format!("{}/{}", self.0.path().trim_end_matches('/'), path.trim_start_matches('/')));
        url.set_query(query);
        Ok(Address(url))
    }

    /// Adds query parameters; names and values are encoded here.
    #[must_use]
    pub fn with_query(mut self, pairs: &[(String, String)]) -> Address {
        if !pairs.is_empty() {
            self.0.query_pairs_mut().extend_pairs(pairs);
        }
        self
    }

    /// What a reference found in an answer means, seen from here: absolute, or relative to this address.
    pub fn resolve(&self, reference: &str) -> Result<Address, String> {
        let url = self.0.join(reference.trim()).map_err(|error| format!("it is not a URL ({error})"))?;
        Address::check(url)
    }

    /// `host:port`, the port always shown.
    pub fn host(&self) -> String {
        format!("{}:{}", self.0.host_str().unwrap_or_default(), self.0.port_or_known_default().unwrap_or(0))
    }

    /// `scheme://host:port`, the port always shown.
    pub fn origin(&self) -> String {
        format!("{}://{}", self.0.scheme(), self.host())
    }

    /// Same scheme, host and port.
    pub fn same_origin(&self, other: &Address) -> bool {
        self.0.origin() == other.0.origin()
    }

    /// On this very machine.
    pub fn is_loopback(&self) -> bool {
        match self.ip() {
            Some(ip) => ip.is_loopback(),
            None => self.0.host_str().is_some_and(|host| host == "localhost" || host.ends_with(".localhost")),
        }
    }

    /// Encrypted on the way.
    pub fn is_encrypted(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// The host when it is written as numbers.
    pub(super) fn ip(&self) -> Option<IpAddr> {
        self.0.host_str()?.trim_start_matches('[').trim_end_matches(']').parse().ok()
    }

    pub(super) fn url(&self) -> &Url {
        &self.0
    }

    /// Where a `Location` header leads.
    pub(super) fn follow(&self, location: &HeaderValue) -> Result<Address, String> {
        self.resolve(location.to_str().map_err(|_| "its Location header is not text")?)
    }
}

impl fmt::Display for Address {
    /// Scheme, host, port and path; never the query.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = self.0.clone();
        shown.set_query(None);
        f.write_str(shown.as_str())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
