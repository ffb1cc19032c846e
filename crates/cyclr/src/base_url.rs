//! Which base URLs a client takes.

use crate::error::{Error, ErrorKind};

/// Refuses what is no URL, holds credentials, or would carry secrets in the clear. Says whether it is on
/// this machine.
pub(crate) fn check(api_url: &str) -> Result<bool, Error> {
    let bad = |why: &str| {
        Err(Error::new(
            None,
            ErrorKind::Config(format!("api_url {api_url:?} {why}")),
        ))
    };
    let Ok(url) = reqwest::Url::parse(api_url) else {
        return bad("is not a URL");
    };
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let loopback = host == "localhost"
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback());
    if !url.username().is_empty() || url.password().is_some() {
        let why = "api_url must not hold credentials".to_owned();
        return Err(Error::new(None, ErrorKind::Config(why)));
    }
    match url.scheme() {
        "https" => Ok(loopback),
        "http" if loopback => Ok(true),
        _ => bad("must begin with https:// (http:// is for the loopback only)"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_the_loopback_only() {
        for (url, good) in [
            ("https://api.cyclr.com", true),
            ("http://127.0.0.1:8070", true),
            ("http://[::1]:8070", true),
            ("http://localhost:1", true),
            ("http://api.cyclr.com", false),
            ("http://127.0.0.1.example.com", false),
            ("https://a:b@api.cyclr.com", false),
            ("ftp://x", false),
            ("nonsense", false),
        ] {
            assert_eq!(check(url).is_ok(), good, "{url}");
        }
    }
}
