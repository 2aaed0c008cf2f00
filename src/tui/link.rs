//! A job's page as a link: shown with its host first, and only when it is a plain https address.

/// The host of `url`, when it can be handed to a person: https, a host without user or tricks, and nothing but printable ASCII.
///
/// # Errors
/// Why not, in words.
pub fn host(url: &str) -> Result<&str, &'static str> {
    let Some(rest) = url.strip_prefix("https://") else { return Err("it is not an https address") };
    if !url.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("it has characters that do not belong into an address");
    }
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if host.contains('@') {
        return Err("it has a user's name before the host");
    }
    let name = host.rsplit_once(':').map_or(host, |(name, port)| if port.parse::<u16>().is_ok() { name } else { host });
    let plain = |label: &str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if name.contains('.') && name.split('.').all(plain) { Ok(host) } else { Err("its host is no plain name") }
}

#[cfg(test)]
mod tests {
    use super::host;

    #[test]
    fn only_plain_https() {
        assert_eq!(host("https://example.com/jobs/1?x=%20"), Ok("example.com"));
        assert_eq!(host("https://example.com:8443"), Ok("example.com:8443"));
        for bad in [
            "http://example.com",
            "javascript:alert(1)",
            "https://bank.com@evil.example/",
            "https://exa mple.com",
            "https://ex\u{430}mple.com",
            "https://localhost/",
            "https:///x",
            "https://a..b/",
        ] {
            assert!(host(bad).is_err(), "{bad}");
        }
    }
}
