//! `Place`: what a signed-in browser is led to (cyclr-api.md 2.10).

use percent_encoding::percent_decode_str;

use crate::request::Query;

/// The path and the options of a `returnUrl`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) kind: PlaceKind,
    /// The query of the place itself.
    options: String,
}

/// Kinds of places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PlaceKind {
    /// The customer chooses a template and installs it.
    Launch,
    /// The customer chooses from a marketplace.
    Marketplace(u64),
    /// The customer manages what is installed.
    Orbit,
    /// Anything else: the account itself.
    Home,
}

impl Place {
    /// The `returnUrl` of a query. It may stand there as it is, its own query included, or encoded
    /// (`LAUNCH_URL`).
    pub(super) fn of_query(query: &str) -> Self {
        let is_it = |pair: &str| {
            let name = pair.split_once('=').map(|(name, _)| name);
            name.is_some_and(|name| name.eq_ignore_ascii_case("returnUrl"))
        };
        let mut pairs = query.split('&').skip_while(|pair| !is_it(pair));
        let first = pairs.next().and_then(|pair| pair.split_once('='));
        let Some((_, value)) = first else {
            return Self::of_path("/", "");
        };
        let url = if value.starts_with('/') {
            let parts: Vec<&str> = std::iter::once(value).chain(pairs).collect();
            parts.join("&")
        } else {
            percent_decode_str(value).decode_utf8_lossy().into_owned()
        };
        let (path, options) = url.split_once('?').unwrap_or((&url, ""));
        Self::of_path(path, options)
    }

    pub(super) fn of_path(path: &str, options: &str) -> Self {
        let path = path.trim_end_matches('/').to_ascii_lowercase();
        let marketplace = path.strip_prefix("/launch/marketplace/");
        let kind = match marketplace.map(str::parse) {
            Some(Ok(id)) => PlaceKind::Marketplace(id),
            _ if path == "/launch" => PlaceKind::Launch,
            _ if path == "/orbit" => PlaceKind::Orbit,
            _ => PlaceKind::Home,
        };
        Self {
            kind,
            options: options.to_owned(),
        }
    }

    /// The options of the place.
    pub(super) fn options(&self) -> Query<'_> {
        Query::parse(&self.options)
    }

    /// The place's own path and query.
    pub(super) fn path(&self) -> Option<String> {
        let path = match &self.kind {
            PlaceKind::Launch => "/launch".to_owned(),
            PlaceKind::Marketplace(id) => format!("/launch/marketplace/{id}"),
            PlaceKind::Orbit => "/orbit".to_owned(),
            PlaceKind::Home => return None,
        };
        Some(if self.options.is_empty() {
            path
        } else {
            format!("{path}?{}", self.options)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, PlaceKind};

    #[test]
    fn return_urls_are_read_plain_and_encoded() {
        let check = |query: &str, kind: PlaceKind, tags: Option<&str>, start: Option<bool>| {
            let place = Place::of_query(query);
            let options = place.options();
            assert_eq!(place.kind, kind, "{query}");
            let found = (options.get("tags"), options.boolean("start"));
            assert_eq!(found, (tags, start), "{query}");
        };
        let launch = PlaceKind::Launch;
        let plain = "token=a&returnUrl=/launch?tags=a%20b&start=false";
        check(plain, launch.clone(), Some("a b"), Some(false));
        let encoded = "returnUrl=%2Flaunch%3Ftags%3Da%2520b%26start%3Dfalse";
        check(encoded, launch.clone(), Some("a b"), Some(false));
        check("token=a&returnurl=%2Flaunch", launch, None, None);
        let marketplace = PlaceKind::Marketplace(8);
        check("returnUrl=/launch/marketplace/8", marketplace, None, None);
        check("returnUrl=%2Forbit", PlaceKind::Orbit, None, None);
        for home in [
            "",
            "returnUrl=",
            "returnUrl=https://evil.example/launch",
            "returnUrl=//evil.example",
            "returnUrl=/launch/marketplace/x",
        ] {
            check(home, PlaceKind::Home, None, None);
        }
    }
}
