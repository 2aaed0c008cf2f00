//! The reqwest clients behind [`Http`](super::Http), made when first needed: one for this machine, one for platforms, and one for
//! foreign hosts that a platform's text names.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, Once, OnceLock};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, ClientBuilder, redirect, retry};

use super::Limits;

/// Which client a call needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Loopback: no proxy.
    Loopback,
    /// A configured platform: the system's proxy.
    Platform,
    /// A host named by a platform's text: public addresses only, no proxy (a proxy would look names up behind our back).
    Foreign,
}

#[derive(Debug)]
pub(super) struct Clients {
    limits: Limits,
    made: [OnceLock<Result<Client, String>>; 3],
}

impl Clients {
    pub fn new(limits: Limits) -> Clients {
        Clients { limits, made: Default::default() }
    }

    /// The client, or why TLS could not be set up.
    pub fn get(&self, kind: Kind) -> Result<&Client, &str> {
        self.made[kind as usize].get_or_init(|| build(kind, &self.limits)).as_ref().map_err(String::as_str)
    }
}

fn build(kind: Kind, limits: &Limits) -> Result<Client, String> {
    install_ring();
    let base = || {
        let builder = ClientBuilder::new()
            .user_agent(concat!("juggler/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(limits.connect)
            // Redirects are followed by `Http`, which knows the method and the origin; retries are the engine's business.
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .referer(false)
            .gzip(true)
            .brotli(true)
            // Some servers close idle connections after five seconds; a write must not race with that.
            .pool_idle_timeout(std::time::Duration::from_secs(4));
        match kind {
            Kind::Loopback => builder.no_proxy(),
            Kind::Platform => builder,
            Kind::Foreign => builder.no_proxy().dns_resolver(Arc::new(PublicOnly)),
        }
    };
    // A machine without root certificates can still talk to its own practice market.
    base().build().or_else(|first| {
        let reason = first.without_url().to_string();
        match kind {
            Kind::Loopback => base().tls_certs_only([]).build().map_err(|_| reason),
            Kind::Platform | Kind::Foreign => Err(reason),
        }
    })
}

/// Installs rustls' provider once for the process; without it reqwest panics at the first client.
fn install_ring() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // An error means that somebody installed one before, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

/// Looks names up and keeps public addresses only, so that a job's text cannot make us fetch from this network.
struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<_> = found.filter(|at| is_public(at.ip())).collect();
            if public.is_empty() {
                return Err("the name leads to a private or local address".into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// Whether an address belongs to the public internet (IANA special-purpose registries, the ranges that reach inside).
pub(super) fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    !(ip.is_loopback()
        || ip.is_private()
        || ip.is_link_local()
        || ip.is_unspecified()
        || ip.is_broadcast()
        || ip.is_multicast()
        || ip.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (b == 18 || b == 19)))
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let parts = ip.segments();
    if let Some(v4) = ip.to_ipv4_mapped() {
        return is_public_v4(v4);
    }
    // 64:ff9b::/96 carries an IPv4 address behind a translator, 2002::/16 one behind a tunnel.
    let inner = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    if parts[..6] == [0x64, 0xff9b, 0, 0, 0, 0] {
        return is_public_v4(inner(parts[6], parts[7]));
    }
    if parts[0] == 0x2002 {
        return is_public_v4(inner(parts[1], parts[2]));
    }
    // Only 2000::/3 is handed out; documentation is inside it.
    parts[0] & 0xe000 == 0x2000 && !(parts[0] == 0x2001 && parts[1] == 0xdb8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inside_addresses_are_not_public() {
        for inside in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "192.0.0.8",
            "::1",
            "::",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "::127.0.0.1",
        ] {
            assert!(!is_public(inside.parse().unwrap()), "{inside}");
        }
        for public in ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "::ffff:8.8.8.8", "172.32.0.1"] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }
}
