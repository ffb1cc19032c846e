//! The way of a request: noted, met by mischief, dispatched, answered, written down.

use std::time::Duration;

use jiff::Timestamp;

use super::Core;
use super::late::LateWrite;
use super::mischief::{Mischief, pretend};
use super::target::Target;
use crate::admission::{ACCOUNT_HEADER, Visit};
use crate::api;
use crate::call::Draft;
use crate::fault::{Revoked, Sight};
use crate::ledger::{LedgerRequest, shown_query};
use crate::reply::{Outcome, Reply};
use crate::request::{Answer, Query, Request};
use crate::store::Receipt;

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
        self.catch_up();
        if request.uri.path().starts_with("/_sandbox") {
            let outcome = api::control::handle(self, request);
            return self.answer(outcome, Duration::ZERO);
        }
        let now = self.clock.now();
        let target = Target::of(request);
        let mut entry = self.entry(request, &target, now);
        let mut mischief = self.meet(request, &mut entry, now);

        let mut drafts = Vec::new();
        let outcome = if let Some(outcome) = mischief.instead.take() {
            outcome
        } else {
            let outcome = self.dispatch(request, target, &mut mischief, &entry, &mut drafts);
            mischief.replace(outcome)
        };

        let mut answer = self.answer(outcome, mischief.delay);
        mischief.work_on(&mut answer);
        entry.committed = !drafts.is_empty();
        entry.status = (!answer.is_dropped()).then(|| answer.status.as_u16());
        self.note(entry, drafts);
        answer
    }

    /// The ledger's row of a request, as far as it is known before anything is done.
    fn entry(&mut self, request: &Request, target: &Target<'_>, now: Timestamp) -> LedgerRequest {
        self.last_request += 1;
        let account = request.header(ACCOUNT_HEADER);
        let token = request.bearer().and_then(|token| self.tokens.get(token));
        LedgerRequest {
            number: self.last_request,
            time: now,
            client: token.map(|token| token.client.clone()),
            restricted: token.is_some_and(|token| token.account.is_some()),
            method: request.method.to_string(),
            path: request.uri.path().to_owned(),
            query: request.uri.query().map(shown_query),
            route: target.name().to_owned(),
            account: (!account.is_empty()).then(|| account.to_owned()),
            status: None,
            write: target.is_write(),
            committed: false,
            body_digest: self.digester.digest(&request.body),
            fault: None,
            milliseconds: 0,
        }
    }

    /// Counts a request against the rules, and says what happens to it.
    fn meet(&mut self, request: &Request, entry: &mut LedgerRequest, now: Timestamp) -> Mischief {
        let due = self.faults.meet(Sight {
            method: &entry.method,
            route: &entry.route,
            path: &entry.path,
            account: entry.account.as_deref().unwrap_or_default(),
            now,
        });
        if due.is_empty() {
            return Mischief::default();
        }
        let mut mischief = Mischief::of(due, now, request);
        entry.fault = mischief.names.take();
        entry.milliseconds = u64::try_from(mischief.delay.as_millis()).unwrap_or(u64::MAX);
        match mischief.revoked {
            None => {}
            Some(Revoked::All) => self.tokens.revoke(None, now),
            Some(Revoked::This) => {
                if let Some(token) = request.bearer() {
                    self.tokens.revoke(Some(token), now);
                }
            }
        }
        mischief
    }

    /// Has the work done by whoever it is for, now or later.
    fn dispatch(
        &mut self,
        request: &Request,
        target: Target<'_>,
        mischief: &mut Mischief,
        entry: &LedgerRequest,
        drafts: &mut Vec<Draft>,
    ) -> Outcome {
        let now = entry.time;
        match target {
            Target::Token => {
                let form = String::from_utf8_lossy(&request.body);
                let form = Query::parse(&form);
                self.tokens.grant(&mut self.instance, &form, now)
            }
            Target::Route(route, values) => {
                self.instance.remove_due(now);
                let account = self.admit(request, route, &values, now)?;
                if let Some((by, code)) = mischief.late.filter(|_| route.is_write()) {
                    self.put_off(LateWrite::new(request, account, entry), by);
                    if let Some(code) = code {
                        return Err(pretend(code));
                    }
                    mischief.lose_answer();
                    return Ok(Reply::empty());
                }
                let visit = Visit {
                    now,
                    account,
                    paging: mischief.paging,
                    stale: mischief.stale,
                };
                self.call(request, (route, values), visit, drafts)
            }
            Target::Page(page) => Ok(self.browse(page, request, drafts)),
            Target::Unmatched => Err(self.unmatched(request)),
        }
    }
}
