//! URLs on the service domain (cyclr-api.md 1.1).

use std::net::IpAddr;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::world::Partner;

/// What may stand in a query's value as it is.
const VALUE: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A value for a query string.
pub(crate) fn encode(text: &str) -> String {
    utf8_percent_encode(text, VALUE).to_string()
}

/// The URL that signs a browser in and leads it on (cyclr-api.md 2.10).
pub(crate) fn sign_in_url(partner: &Partner, host: &str, token: &str, place: &str) -> String {
    let base = service_url(partner, host);
    let token = encode(token);
    format!("{base}/account/signinwithtoken?token={token}&returnUrl={place}")
}

/// The service domain: `https`, except on a loopback host and where it is the host called.
fn service_url(partner: &Partner, host: &str) -> String {
    let domain = partner.service_domain.as_str();
    if domain.is_empty() {
        let host = if host.is_empty() { "localhost" } else { host };
        return format!("http://{host}");
    }
    let scheme = if is_loopback(domain) { "http" } else { "https" };
    format!("{scheme}://{domain}")
}

fn is_loopback(domain: &str) -> bool {
    let host = match domain.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => domain.split(':').next().unwrap_or_default(),
    };
    let address = host.parse::<IpAddr>();
    host == "localhost"
        || host.ends_with(".localhost")
        || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::{service_url, sign_in_url};
    use crate::world::Partner;

    #[test]
    fn the_service_domain_is_https_unless_it_is_this_machine() {
        let check = |domain: &str, expected: &str| {
            let partner = Partner {
                service_domain: domain.to_owned(),
                ..Partner::default()
            };
            assert_eq!(service_url(&partner, "127.0.0.1:9"), expected);
        };
        check("acme-h.cyclr.com", "https://acme-h.cyclr.com");
        check("127.0.0.1:8070", "http://127.0.0.1:8070");
        check("[::1]:8070", "http://[::1]:8070");
        check("localhost", "http://localhost");
        check("acme.localhost:1", "http://acme.localhost:1");
        check("127.evil.example", "https://127.evil.example");
        check("", "http://127.0.0.1:9");
        let url = sign_in_url(&Partner::default(), "h", "a+/=", "/launch");
        let expected = "http://h/account/signinwithtoken?token=a%2B%2F%3D&returnUrl=/launch";
        assert_eq!(url, expected);
    }
}
