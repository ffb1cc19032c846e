//! What customers' browsers see on the service domain (cyclr-api.md 1.1, 2.6, 2.10).
//!
//! The vendor serves these pages on the partner's service domain; here the same server does. A
//! browser is brought from the service domain to the sandbox by name resolution, or the world's
//! `ServiceDomain` is the sandbox's own address.
//!
//! | path | what it shows |
//! | --- | --- |
//! | `/connectorauth/updateaccountconnectoroauth` | nothing: leads to the third party |
//! | `/_sandbox/consent` | the pretend third party: allow or deny |
//! | `/connector/callback` | nothing, or a page that posts a message: leads back |
//! | `/account/signinwithtoken` | who is signed in, and what the URL would open |
//! | `/launch`, `/launch/marketplace/{id}`, `/orbit` | the same, by the session's cookie |

mod callback;
mod consent;
mod escape;
mod link;
mod page;
mod place;
mod return_to;
mod setup;
mod signed_in;
mod visit;

use axum::http::Method;

pub(crate) use consent::consent;
pub(crate) use link::{encode, sign_in_url};
pub(crate) use visit::Visits;

use crate::call::{Call, Draft};
use crate::engine::Core;
use crate::reply::Reply;
use crate::request::{Query, Request};
use visit::Visit;

/// One page: its path, what the ledger calls it, and what answers.
#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) name: &'static str,
    opens: fn(&mut Visit<'_>) -> Reply,
}

const ROUTES: &[Route] = &[
    Route {
        name: "GET /connectorauth/updateaccountconnectoroauth",
        opens: setup::open,
    },
    Route {
        name: "GET /connector/callback",
        opens: callback::open,
    },
    Route {
        name: "GET /account/signinwithtoken",
        opens: signed_in::open,
    },
    Route {
        name: "GET /launch",
        opens: signed_in::resume,
    },
    Route {
        name: "GET /launch/marketplace/{id}",
        opens: signed_in::resume,
    },
    Route {
        name: "GET /orbit",
        opens: signed_in::resume,
    },
];

/// Finds the page of a path.
pub(crate) fn find(method: &Method, path: &str) -> Option<&'static Route> {
    let path = path.trim_end_matches('/');
    ROUTES.iter().find(|route| {
        let pattern = route.name.split_once(" /").map_or("", |(_, path)| path);
        let mut wanted = pattern.split('/');
        let mut given = path.trim_start_matches('/').split('/');
        let fits = wanted.by_ref().all(|wanted| {
            given
                .next()
                .is_some_and(|given| wanted.starts_with('{') || wanted.eq_ignore_ascii_case(given))
        });
        *method == Method::GET && fits && given.next().is_none()
    })
}

impl Core {
    /// Shows a page. No API token is needed.
    pub(crate) fn browse(
        &mut self,
        route: &Route,
        request: &Request,
        drafts: &mut Vec<Draft>,
    ) -> Reply {
        let raw_query = request.uri.query().unwrap_or_default();
        let mut visit = Visit {
            call: Call {
                instance: &mut self.instance,
                path: Vec::new(),
                query: Query::parse(raw_query),
                body: &[],
                now: self.clock.now(),
                host: request.header("host"),
                account: String::new(),
                commits: Vec::new(),
            },
            visits: &mut self.visits,
            path: request.uri.path(),
            raw_query,
            cookies: request.header("cookie"),
        };
        let reply = (route.opens)(&mut visit);
        drafts.append(&mut visit.call.commits);
        reply
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Method;

    use super::find;

    #[test]
    fn pages_are_found_by_path() {
        let check = |path: &str, expected: Option<&str>| {
            let found = find(&Method::GET, path).map(|route| route.name);
            assert_eq!(found, expected, "{path}");
        };
        check("/launch", Some("GET /launch"));
        check("/Launch/", Some("GET /launch"));
        check(
            "/launch/marketplace/8",
            Some("GET /launch/marketplace/{id}"),
        );
        check("/launch/marketplace", None);
        check("/connector", None);
        check("/", None);
        check("", None);
        assert!(find(&Method::POST, "/launch").is_none());
    }
}
