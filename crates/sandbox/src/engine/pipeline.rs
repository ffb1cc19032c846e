//! The way of a request: noted, limited, met by mischief, dispatched, answered.

use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use jiff::Timestamp;

use super::Core;
use super::target::Target;
use crate::admission::ACCOUNT_HEADER;
use crate::api;
use crate::call::Draft;
use crate::fault::FaultEffect;
use crate::ledger::{LedgerRequest, digest};
use crate::reply::{Outcome, Refusal, Reply};
use crate::request::{Answer, Query, Request};
use crate::store::Receipt;

/// What mischief does to one request, and what it says with it.
#[derive(Debug, Default)]
struct Mischief {
    fault: Option<FaultEffect>,
    /// Stands for the handler, if it may not do its work.
    instead: Option<Outcome>,
    retry_after: Option<String>,
}

impl Core {
    /// Answers one request. What it changed is stored when this returns.
    pub fn handle(&mut self, request: &Request) -> Answer {
        let answer = self.answer_to(request);
        match self.receipt().map_or(Ok(()), Receipt::wait) {
            Ok(()) => answer,
            Err(_) => self.not_stored(&answer),
        }
    }

    /// The answer when what came before it could not be stored, which is said in the log.
    pub(crate) fn not_stored(&self, instead_of: &Answer) -> Answer {
        self.answer(Err(pretend(500)), instead_of.delay)
    }

    /// Answers one request. Nobody may see the answer before the receipt says that all is stored.
    pub(crate) fn answer_to(&mut self, request: &Request) -> Answer {
        if request.uri.path().starts_with("/_sandbox") {
            let outcome = api::control::handle(self, request);
            return self.answer(outcome, Duration::ZERO);
        }
        let now = self.clock.now();
        let target = Target::of(request);
        let mut entry = self.entry(request, &target);
        let mut mischief = self.meet(&mut entry, now);

        let mut drafts = Vec::new();
        let outcome = match mischief.instead.take() {
            Some(outcome) => outcome,
            None => self.dispatch(request, target, now, &mut drafts),
        };

        let answer = self.finish(&mischief, outcome);
        entry.committed = !drafts.is_empty();
        entry.status = (!answer.is_dropped).then(|| answer.status.as_u16());
        self.note(entry, drafts);
        answer
    }

    /// The ledger's row of a request, as far as it is known before anything is done.
    fn entry(&mut self, request: &Request, target: &Target<'_>) -> LedgerRequest {
        self.last_request += 1;
        let account = request.header(ACCOUNT_HEADER);
        LedgerRequest {
            number: self.last_request,
            method: request.method.to_string(),
            path: request.uri.path().to_owned(),
            route: target.name().to_owned(),
            account: (!account.is_empty()).then(|| account.to_owned()),
            status: None,
            write: target.is_write(),
            committed: false,
            body_digest: digest(&request.body),
            fault: None,
        }
    }

    /// Counts a request against the rules and the limit, and says what happens to it.
    fn meet(&mut self, entry: &mut LedgerRequest, now: Timestamp) -> Mischief {
        let account = entry.account.as_deref().unwrap_or_default();
        let fault = self.faults.meet(&entry.method, &entry.route, account);
        entry.fault = fault.as_ref().map(FaultEffect::name);
        if let Some(wait) = self.bucket.as_mut().and_then(|bucket| bucket.take(now)) {
            entry.fault = Some("rate_limit".to_owned());
            let refusal = Refusal::new(StatusCode::TOO_MANY_REQUESTS, "Too many requests.");
            return Mischief {
                fault: None,
                instead: Some(Err(refusal)),
                retry_after: Some(wait.as_secs_f64().ceil().to_string()),
            };
        }
        let (instead, retry_after) = match &fault {
            Some(FaultEffect::StatusBefore { code, retry_after }) => {
                (Some(Err(pretend(*code))), retry_after.clone())
            }
            Some(FaultEffect::DropBefore) => (Some(Ok(Reply::empty())), None),
            _ => (None, None),
        };
        Mischief {
            fault,
            instead,
            retry_after,
        }
    }

    /// Has the work done by whoever it is for.
    fn dispatch(
        &mut self,
        request: &Request,
        target: Target<'_>,
        now: Timestamp,
        drafts: &mut Vec<Draft>,
    ) -> Outcome {
        match target {
            Target::Token => {
                let form = String::from_utf8_lossy(&request.body);
                let form = Query::parse(&form);
                self.tokens.grant(&mut self.instance, &form, now)
            }
            Target::Route(route, values) => self.call(request, route, values, drafts),
            Target::Page(page) => Ok(self.browse(page, request, drafts)),
            Target::Unmatched => Err(self.unmatched(request)),
        }
    }

    /// Makes the answer of an outcome, and does to it what mischief asks for.
    fn finish(&self, mischief: &Mischief, outcome: Outcome) -> Answer {
        let mut delay = self.latency;
        let outcome = match &mischief.fault {
            Some(FaultEffect::StatusAfter { code }) => Err(pretend(*code)),
            Some(FaultEffect::Delay { milliseconds }) => {
                delay += Duration::from_millis(*milliseconds);
                outcome
            }
            _ => outcome,
        };
        let mut answer = self.answer(outcome, delay);
        let retry_after = mischief.retry_after.as_deref();
        if let Some(Ok(value)) = retry_after.map(HeaderValue::try_from) {
            answer.headers.insert(header::RETRY_AFTER, value);
        }
        answer.is_dropped = matches!(
            mischief.fault,
            Some(FaultEffect::DropBefore | FaultEffect::DropAfter)
        );
        answer
    }
}

/// An error that a rule of mischief asks for.
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
