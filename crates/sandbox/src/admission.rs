//! Who may make a call, and for which account (cyclr-api.md 1.3).

use std::borrow::Cow;
use std::time::Duration;

use axum::http::{Method, StatusCode};
use jiff::Timestamp;
use percent_encoding::percent_decode_str;

use crate::call::{Call, Draft};
use crate::engine::Core;
use crate::fault::Paging;
use crate::reply::{Outcome, Refusal};
use crate::request::{Query, Request};
use crate::route::{self, Level, Route};
use crate::token::Token;
use crate::variant::Switch;

/// Name of the header that says which account a call is for.
pub(crate) const ACCOUNT_HEADER: &str = "x-cyclr-account";

/// For whom and how a handler is called.
#[derive(Debug)]
pub(crate) struct Visit {
    pub(crate) now: Timestamp,
    /// Key of the account that the call is for; empty without one.
    pub(crate) account: String,
    pub(crate) paging: Paging,
    /// How long writes stay unseen.
    pub(crate) stale: Option<Duration>,
}

impl Core {
    /// Checks who calls; gives the key of the account that the call is for, empty for none.
    pub(crate) fn admit(
        &self,
        request: &Request,
        route: &Route,
        path: &[Cow<'_, str>],
        now: Timestamp,
    ) -> Result<String, Refusal> {
        let token = request
            .bearer()
            .and_then(|token| self.tokens.valid(token, now));
        let token = token.ok_or_else(|| self.denied())?;
        self.admit_token(request, route.level, token, path)
    }

    /// Why a call without a valid token is not made (`BAD_TOKEN`; cyclr-api.md 1.5, inferred).
    fn denied(&self) -> Refusal {
        let mut refusal = Refusal::unauthorized();
        if self.instance.variants.is(Switch::BadToken, "403") {
            refusal.status = StatusCode::FORBIDDEN;
        }
        refusal
    }

    /// Has the handler of a route do its work for whom [`Core::admit`] let in.
    pub(crate) fn call(
        &mut self,
        request: &Request,
        (route, path): (&Route, Vec<Cow<'_, str>>),
        visit: Visit,
        drafts: &mut Vec<Draft>,
    ) -> Outcome {
        if !visit.account.is_empty() {
            self.instance.open(&visit.account);
            self.instance.settle(&visit.account, visit.now);
        }
        let stale = visit.stale.filter(|_| !route.is_write());
        let unseen = stale.map(|by| self.hide_writes(by, visit.now));
        let mut query = Query::parse(request.uri.query().unwrap_or_default());
        query.paging = visit.paging;
        let mut call = Call {
            instance: &mut self.instance,
            path,
            query,
            body: &request.body,
            now: visit.now,
            host: request.header("host"),
            account: visit.account,
            commits: Vec::new(),
        };
        let mut outcome = (route.handler)(&mut call);
        if let (Ok(reply), &Method::DELETE) = (&mut outcome, &request.method) {
            // No source says what a DELETE answers (cyclr-api.md 1.4).
            match call.instance.variants.position(Switch::DeleteBody) {
                "empty" => reply.body.clear(),
                "null" => reply.body = b"null".to_vec(),
                _ => {}
            }
        }
        drafts.append(&mut call.commits);
        if let Some(unseen) = unseen {
            self.show_writes(unseen);
        }
        outcome
    }

    /// The key of the account that the call is for, or why it may not be made (U1).
    fn admit_token(
        &self,
        request: &Request,
        level: Level,
        token: &Token,
        path: &[Cow<'_, str>],
    ) -> Result<String, Refusal> {
        let foreign = || {
            let message = "The account is unknown or not yours.";
            match self.instance.variants.position(Switch::U1) {
                "404" => Refusal::new(StatusCode::NOT_FOUND, message),
                "403" => Refusal::new(StatusCode::FORBIDDEN, message),
                _ => Refusal::new(StatusCode::UNAUTHORIZED, message),
            }
        };
        if matches!(level, Level::Partner | Level::Unrestricted) {
            // A restricted token sees its own account alone, and opens no LAUNCH at all.
            let own = path.first().filter(|_| level == Level::Partner);
            let own = own.map(|id| self.instance.key(id));
            return match &token.account {
                Some(account) if own.as_ref() != Some(account) => Err(foreign()),
                _ => Ok(String::new()),
            };
        }
        let given = request.header(ACCOUNT_HEADER);
        if given.is_empty() {
            let is_needed = level == Level::Account
                || (self.instance.variants.is(Switch::LibraryHeader, "required")
                    && request
                        .uri
                        .path()
                        .to_ascii_lowercase()
                        .starts_with("/v1.0/connectors"));
            return if is_needed {
                Err(Refusal::unauthorized())
            } else {
                Ok(String::new())
            };
        }
        let key = self.instance.key(given);
        let is_foreign = token
            .account
            .as_ref()
            .is_some_and(|account| *account != key);
        if is_foreign || !self.instance.accounts.contains_key(&key) {
            return Err(foreign());
        }
        Ok(key)
    }

    /// 404 of the stack for a path that has no route (cyclr-api.md 1.5, inferred), or 405 for one that has
    /// (`WRONG_METHOD`).
    pub(crate) fn unmatched(&self, request: &Request) -> Refusal {
        let path = request.uri.path();
        let allowed = match segments(path) {
            _ if path == "/oauth/token" => vec!["POST"],
            Some(segments) => route::methods(&segments),
            None => Vec::new(),
        };
        if !allowed.is_empty() && self.instance.variants.is(Switch::WrongMethod, "405") {
            return Refusal::wrong_method(request.method.as_str(), &allowed);
        }
        let host = match request.header("host") {
            "" => &self.instance.partner.service_domain,
            host => host,
        };
        let message = format!(
            "No HTTP resource was found that matches the request URI 'http://{host}{}'.",
            request.uri
        );
        Refusal::new(StatusCode::NOT_FOUND, message)
    }
}

/// The decoded segments below `/v1.0`; a slash at the end does not count.
pub(crate) fn segments(path: &str) -> Option<Vec<Cow<'_, str>>> {
    let rest = path
        .strip_prefix("/v1.0/")
        .or_else(|| path.strip_prefix("/V1.0/"))?;
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    Some(
        rest.split('/')
            .map(|one| percent_decode_str(one).decode_utf8_lossy())
            .collect(),
    )
}
