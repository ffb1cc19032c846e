//! `Core`: the sandbox without sockets. A request goes in, an answer comes out.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use bytes::Bytes;

use crate::admission::{ACCOUNT_HEADER, segments};
use crate::api;
use crate::clock::Clock;
use crate::error::SandboxError;
use crate::fault::{Bucket, FaultEffect, FaultRule, Faults};
use crate::ledger::{LedgerCommit, LedgerRequest, digest};
use crate::reply::{Outcome, Refusal, Reply};
use crate::request::{Answer, Query, Request};
use crate::route;
use crate::sandbox::SandboxOptions;
use crate::state::{self, Instance};
use crate::store::Store;
use crate::token::Tokens;
use crate::variant::Switch;

/// The sandbox's state and rules, without sockets and without threads.
#[derive(Debug)]
pub struct Core {
    pub(crate) instance: Instance,
    pub(crate) clock: Clock,
    pub(crate) tokens: Tokens,
    faults: Faults,
    bucket: Option<Bucket>,
    latency: Duration,
    pub(crate) store: Option<Store>,
    /// Rows of the ledger that are not in the store; all of them when there is none.
    pub(crate) requests: Vec<LedgerRequest>,
    pub(crate) commits: Vec<LedgerCommit>,
    last_request: u64,
    pub(crate) last_commit: u64,
    pub(crate) stored_counter: u64,
}

impl Core {
    /// Opens the instance: what the database holds, or else the world.
    pub fn open(options: SandboxOptions) -> Result<Self, SandboxError> {
        let now = options.clock.now();
        let store = options.database.as_deref().map(Store::open).transpose()?;
        let stored = store.as_ref().map(Store::load).transpose()?.flatten();
        let is_new = stored.is_none();
        let mut core = Self {
            instance: match &stored {
                Some(stored) => {
                    let mut instance =
                        state::load(stored.world.clone(), &options.variants, stored.seed)?;
                    instance.counter = instance.counter.max(stored.counter);
                    instance
                }
                None => state::load(options.world, &options.variants, options.seed)?,
            },
            clock: options.clock,
            tokens: Tokens::default(),
            faults: Faults::new(options.faults),
            bucket: options.rate_limit.map(|rate| Bucket::new(rate, now)),
            latency: options.latency.unwrap_or_default(),
            store,
            requests: Vec::new(),
            commits: Vec::new(),
            last_request: 0,
            last_commit: 0,
            stored_counter: 0,
        };
        if let Some(stored) = stored {
            core.tokens = Tokens::new(stored.tokens);
            core.last_request = stored.last_request;
            core.last_commit = stored.last_commit;
            core.stored_counter = stored.counter;
        }
        if is_new && let Some(store) = &mut core.store {
            store.begin(&core.instance)?;
        }
        Ok(core)
    }

    /// Answers one request. What it changed is stored when this returns.
    pub fn handle(&mut self, request: &Request) -> Answer {
        let path = request.uri.path();
        if path.starts_with("/_sandbox") {
            let outcome = api::control::handle(self, request);
            return self.answer(outcome, Duration::ZERO);
        }
        let now = self.clock.now();
        let segments = segments(path);
        let found = segments
            .as_ref()
            .and_then(|one| route::find(&request.method, one));
        let is_token = path == "/oauth/token" && request.method == Method::POST;
        let name = match &found {
            Some((route, _)) => route.name,
            None if is_token => "POST /oauth/token",
            None => "unmatched",
        };
        let account = request.header(ACCOUNT_HEADER).to_owned();
        let fault = self.faults.meet(request.method.as_str(), name, &account);
        let mut entry = LedgerRequest {
            number: self.last_request + 1,
            method: request.method.to_string(),
            path: path.to_owned(),
            route: name.to_owned(),
            account: Some(account).filter(|account| !account.is_empty()),
            status: None,
            write: found.as_ref().is_some_and(|(route, _)| route.is_write()),
            committed: false,
            body_digest: digest(&request.body),
            fault: fault.as_ref().map(FaultEffect::name),
        };
        self.last_request += 1;

        let mut drafts = Vec::new();
        let mut delay = self.latency;
        let limited = self.bucket.as_mut().and_then(|bucket| bucket.take(now));
        let mut retry_after = None;
        let outcome = if let Some(wait) = limited {
            entry.fault = Some("rate_limit".to_owned());
            retry_after = Some(wait.as_secs_f64().ceil().to_string());
            Err(Refusal::new(
                StatusCode::TOO_MANY_REQUESTS,
                "Too many requests.",
            ))
        } else {
            match &fault {
                Some(FaultEffect::StatusBefore {
                    code,
                    retry_after: after,
                }) => {
                    retry_after.clone_from(after);
                    Err(pretend(*code))
                }
                Some(FaultEffect::DropBefore) => Ok(Reply::empty()),
                _ if is_token => {
                    let form = String::from_utf8_lossy(&request.body);
                    self.tokens
                        .grant(&mut self.instance, &Query::parse(&form), now)
                }
                _ => match found {
                    Some((route, values)) => self.call(request, route, values, &mut drafts),
                    None => Err(self.unmatched(request)),
                },
            }
        };
        let outcome = match &fault {
            Some(FaultEffect::StatusAfter { code }) => Err(pretend(*code)),
            Some(FaultEffect::Delay { milliseconds }) => {
                delay += Duration::from_millis(*milliseconds);
                outcome
            }
            _ => outcome,
        };
        entry.committed = !drafts.is_empty();
        let mut answer = self.answer(outcome, delay);
        if let Some(value) = retry_after.and_then(|value| HeaderValue::try_from(value).ok()) {
            answer.headers.insert(header::RETRY_AFTER, value);
        }
        let is_limited = limited.is_some();
        answer.is_dropped = !is_limited
            && matches!(
                fault,
                Some(FaultEffect::DropBefore | FaultEffect::DropAfter)
            );
        entry.status = (!answer.is_dropped).then(|| answer.status.as_u16());
        match self.note(entry, drafts) {
            Ok(()) => answer,
            Err(error) => {
                tracing::error!(%error, "a commit could not be stored");
                self.answer(Err(pretend(500)), delay)
            }
        }
    }

    /// Makes an answer of an outcome: headers, and the bodies of U14.
    fn answer(&self, outcome: Outcome, delay: Duration) -> Answer {
        let mut headers = HeaderMap::with_capacity(4);
        // On every reply, errors as well (cyclr-api.md 1.4).
        headers.insert(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        );
        let mut content_type = HeaderValue::from_static("application/json; charset=utf-8");
        let (status, body) = match outcome {
            Ok(reply) => {
                if let Some(pages) = reply.total_pages {
                    let name = HeaderName::from_static("total-pages");
                    headers.insert(name, HeaderValue::from(pages));
                }
                (reply.status, Bytes::from(reply.body))
            }
            Err(refusal) => {
                let is_open = matches!(refusal.status.as_u16(), 401 | 404 | 409);
                let body = match self.instance.variants.position(Switch::U14) {
                    "empty" if is_open => Bytes::new(),
                    "html" if is_open => {
                        content_type = HeaderValue::from_static("text/html");
                        let page = format!("<html><body><h1>{}</h1></body></html>", refusal.status);
                        Bytes::from(page)
                    }
                    _ => Bytes::from(refusal.body.to_string()),
                };
                (refusal.status, body)
            }
        };
        if !body.is_empty() {
            headers.insert(header::CONTENT_TYPE, content_type);
        }
        Answer {
            status,
            headers,
            body,
            delay,
            is_dropped: false,
        }
    }

    /// Replaces the rules of mischief.
    pub fn set_faults(&mut self, rules: Vec<FaultRule>) {
        self.faults = Faults::new(rules);
    }
}

impl Drop for Core {
    fn drop(&mut self) {
        if let Err(error) = self.flush() {
            tracing::error!(%error, "the ledger could not be stored");
        }
    }
}

/// An error that a fault rule asks for.
fn pretend(code: u16) -> Refusal {
    let status = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let message = match code {
        500 => "An error has occurred.",
        _ => status
            .canonical_reason()
            .unwrap_or("An error has occurred."),
    };
    Refusal::new(status, message)
}
