//! Who may make a call, and for which account (cyclr-api.md 1.3).

use std::borrow::Cow;

use axum::http::StatusCode;
use percent_encoding::percent_decode_str;

use crate::call::{Call, Draft};
use crate::engine::Core;
use crate::reply::{Outcome, Refusal};
use crate::request::{Query, Request};
use crate::route::{Level, Route};
use crate::token::Token;
use crate::variant::Switch;

/// Name of the header that says which account a call is for.
pub(crate) const ACCOUNT_HEADER: &str = "x-cyclr-account";

impl Core {
    /// Checks who calls, and calls the handler.
    pub(crate) fn call(
        &mut self,
        request: &Request,
        route: &Route,
        path: Vec<Cow<'_, str>>,
        drafts: &mut Vec<Draft>,
    ) -> Outcome {
        let now = self.clock.now();
        let token = request
            .bearer()
            .and_then(|token| self.tokens.valid(token, now));
        let Some(token) = token else {
            return Err(Refusal::unauthorized());
        };
        let key = self.admit(request, route.level, token, &path)?;
        if !key.is_empty() {
            self.instance.open(&key);
            self.instance.settle(&key, now);
        }
        let mut call = Call {
            instance: &mut self.instance,
            path,
            query: Query::parse(request.uri.query().unwrap_or_default()),
            body: &request.body,
            now,
            host: request.header("host"),
            account: key,
            commits: Vec::new(),
        };
        let outcome = (route.handler)(&mut call);
        drafts.append(&mut call.commits);
        outcome
    }

    /// The key of the account that the call is for, or why it may not be made (U1).
    fn admit(
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

    /// 404 of the stack for a path that has no route (cyclr-api.md 1.5, inferred).
    pub(crate) fn unmatched(&self, request: &Request) -> Refusal {
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
