//! `Mischief`: what the due rules do to one request, sorted by where on its way they do it.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use jiff::Timestamp;

use super::spoil::spoil;
use crate::fault::{Close, Due, FaultEffect, Paging, Revoked, Span, retry_after};
use crate::reply::{Outcome, Refusal, Reply};
use crate::request::{Answer, Cut, Request};

/// What the due rules do to one request. The default is that nothing happens.
#[derive(Debug, Default)]
pub(super) struct Mischief {
    /// How the ledger names it.
    pub(super) names: Option<String>,
    /// How long the response is held back.
    pub(super) delay: Duration,
    /// Tokens that are no longer valid.
    pub(super) revoked: Option<Revoked>,
    /// Stands for the handler, which is not called.
    pub(super) instead: Option<Outcome>,
    /// How long writes stay unseen.
    pub(super) stale: Option<Duration>,
    /// What happens to pages.
    pub(super) paging: Paging,
    /// When a write is to be done, and what is answered until then.
    pub(super) late: Option<(Span, Option<u16>)>,
    /// Stands for the answer, after the work is done.
    afterwards: Option<u16>,
    headers: HeaderMap,
    cut: Option<Cut>,
    /// What happens to the body, in the order of the rules.
    spoils: Vec<FaultEffect>,
}

impl Mischief {
    /// Sorts what is due. Latencies add up; of refusals, statuses, stale reads and cuts the first
    /// counts; bodies are changed in the order of the rules.
    pub(super) fn of(due: Vec<Due>, now: Timestamp, request: &Request) -> Self {
        let mut mischief = Self::default();
        for one in due {
            if one.is_told {
                let names = mischief.names.get_or_insert_default();
                if !names.is_empty() {
                    names.push_str(", ");
                }
                names.push_str(&one.effect.name());
            }
            mischief.delay = mischief.delay.saturating_add(one.delay);
            if one.effect.is_refusal() {
                mischief.refuse(one, now, request);
            } else {
                mischief.take(one, now);
            }
        }
        mischief
    }

    fn refuse(&mut self, due: Due, now: Timestamp, request: &Request) {
        let mut cut = |close| {
            self.cut.get_or_insert(Cut::at_once(close));
            Ok(Reply::empty())
        };
        let outcome = match due.effect {
            FaultEffect::StatusBefore {
                code,
                retry_after: text,
            } => {
                self.retry_after(text.as_deref(), due.wait, now);
                Err(pretend(code))
            }
            FaultEffect::Echo { code, text } => Err(echo(code, text, request)),
            FaultEffect::RateLimit(limit) => {
                self.retry_after(Some(&limit.retry_after), due.wait, now);
                let status = StatusCode::from_u16(limit.code);
                let status = status.unwrap_or(StatusCode::TOO_MANY_REQUESTS);
                Err(Refusal::new(status, "Too many requests."))
            }
            FaultEffect::Redirect { code, to } => {
                let uri = request.uri.path_and_query().map_or("/", |one| one.as_str());
                let to = HeaderValue::try_from(to.as_deref().unwrap_or(uri));
                if let Ok(to) = to {
                    self.headers.entry(header::LOCATION).or_insert(to);
                }
                let mut reply = Reply::empty();
                reply.status = StatusCode::from_u16(code).unwrap_or(StatusCode::FOUND);
                Ok(reply)
            }
            FaultEffect::ResetBefore => cut(Close::Reset),
            FaultEffect::SilenceBefore => cut(Close::Silent),
            // `is_refusal` lets nothing else in.
            _ => cut(Close::Finish),
        };
        self.instead.get_or_insert(outcome);
    }

    fn take(&mut self, due: Due, now: Timestamp) {
        let cut = match due.effect {
            FaultEffect::StatusAfter {
                code,
                retry_after: text,
            } => {
                if self.afterwards.is_none() && self.instead.is_none() {
                    self.afterwards = Some(code);
                    self.retry_after(text.as_deref(), due.wait, now);
                }
                return;
            }
            FaultEffect::RevokeTokens(revoked) => {
                if self.revoked != Some(Revoked::All) {
                    self.revoked = Some(revoked);
                }
                return;
            }
            FaultEffect::LateCommit { by, code } => {
                self.late.get_or_insert((by, code));
                return;
            }
            FaultEffect::StaleReads { by } => {
                self.stale.get_or_insert(by.0);
                return;
            }
            FaultEffect::Pages { shift, total_pages } => {
                self.paging.shift = self.paging.shift.or(shift);
                self.paging.total = self.paging.total.or(total_pages);
                return;
            }
            FaultEffect::DropAfter => Cut::at_once(Close::Finish),
            FaultEffect::ResetAfter => Cut::at_once(Close::Reset),
            FaultEffect::SilenceAfter => Cut::at_once(Close::Silent),
            FaultEffect::CutHead { bytes, close } => Cut {
                is_in_body: false,
                bytes,
                close,
            },
            FaultEffect::CutBody { .. } | FaultEffect::HangUp { .. } => {
                self.spoils.push(due.effect);
                return;
            }
            // Counted as a delay already.
            FaultEffect::Delay { .. } | FaultEffect::Latency(_) => return,
            effect => {
                self.spoils.push(effect);
                return;
            }
        };
        self.cut.get_or_insert(cut);
    }

    fn retry_after(&mut self, text: Option<&str>, wait: Duration, now: Timestamp) {
        if let Some(value) = text.and_then(|text| retry_after(text, wait, now)) {
            self.headers.entry(header::RETRY_AFTER).or_insert(value);
        }
    }

    /// Breaks the response off before anything of it, unless it breaks off elsewhere.
    pub(super) fn lose_answer(&mut self) {
        self.cut.get_or_insert(Cut::at_once(Close::Finish));
    }

    /// What is answered instead of what the handler says.
    pub(super) fn replace(&self, outcome: Outcome) -> Outcome {
        match self.afterwards {
            Some(code) => Err(pretend(code)),
            None => outcome,
        }
    }

    /// Does to an answer what happens on its way.
    pub(super) fn work_on(&self, answer: &mut Answer) {
        for (name, value) in &self.headers {
            answer.headers.insert(name, value.clone());
        }
        answer.cut = self.cut;
        for effect in &self.spoils {
            spoil(answer, effect);
        }
    }
}

/// An error that tells what was sent.
fn echo(code: u16, mut message: String, request: &Request) -> Refusal {
    let status = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let Some(header) = request.headers.get(header::AUTHORIZATION) {
        message.push(' ');
        message.push_str(&String::from_utf8_lossy(header.as_bytes()));
    }
    message.push(' ');
    message.push_str(&String::from_utf8_lossy(&request.body));
    Refusal::new(status, message)
}

/// An error that a rule of mischief asks for.
pub(super) fn pretend(code: u16) -> Refusal {
    let status = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let message = match code {
        500 => "An error has occurred.",
        _ => status
            .canonical_reason()
            .unwrap_or("An error has occurred."),
    };
    Refusal::new(status, message)
}
