//! `/_sandbox`: the sandbox's own endpoints, in `snake_case` and without a token.

use axum::http::StatusCode;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use crate::browser;
use crate::clock::Clock;
use crate::engine::Core;
use crate::error::SandboxError;
use crate::fault::{FaultRule, Span};
use crate::openapi;
use crate::reply::{Outcome, Refusal, Reply};
use crate::request::{Query, Request};
use crate::variant::Variants;

/// Body of `POST /_sandbox/sign-in`.
#[derive(Debug, Deserialize)]
struct SignIn {
    account: String,
    connector: String,
}

/// Body of `POST /_sandbox/clock`; what is named is done in this order.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockOrder {
    #[serde(default)]
    hold: bool,
    #[serde(default)]
    set: Option<String>,
    #[serde(default)]
    advance: Option<Span>,
    #[serde(default)]
    release: bool,
}

impl ClockOrder {
    fn obey(self, clock: &Clock) -> Result<(), Refusal> {
        let set = self.set.map(|text| text.parse::<Timestamp>()).transpose();
        let set = set.map_err(|error| Refusal::bad_request(error.to_string()))?;
        if self.hold {
            clock.hold();
        }
        if let Some(time) = set {
            clock.set(time);
        }
        if let Some(by) = self.advance {
            clock.advance(by.0);
        }
        if self.release {
            clock.release();
        }
        Ok(())
    }
}

fn clock_reply(clock: &Clock) -> Reply {
    Reply::json(&json!({ "now": clock.now().to_string(), "held": clock.is_held() }))
}

/// Answers a request below `/_sandbox`.
pub(crate) fn handle(core: &mut Core, request: &Request) -> Outcome {
    let path = request
        .uri
        .path()
        .trim_start_matches("/_sandbox")
        .trim_matches('/');
    match (request.method.as_str(), path) {
        ("GET", "ledger") => {
            let query = Query::parse(request.uri.query().unwrap_or_default());
            let since = query.get("since").and_then(|text| text.parse().ok());
            let commits_only = query.boolean("commits_only").unwrap_or(false);
            let ledger = core.ledger().map_err(|error| explain(&error))?;
            Ok(Reply::json(&ledger.since(since.unwrap_or(0), commits_only)))
        }
        ("DELETE", "ledger") => done(core.reset_ledger()),
        ("GET", "world") => Ok(Reply::json(&core.instance.world())),
        ("GET", "variants") => {
            let rows = Variants::table().iter().map(|one| {
                json!({ "id": one.id, "meaning": one.meaning, "positions": one.positions,
                        "default": one.default_position() })
            });
            Ok(Reply::json(&rows.collect::<Vec<_>>()))
        }
        ("GET", "openapi.json") => Ok(Reply::json(&openapi::document(&core.instance.variants))),
        ("GET", "consent") => Ok(browser::consent(core, request)),
        ("POST", "sign-in") => {
            let body: SignIn = serde_json::from_slice(&request.body)
                .map_err(|error| Refusal::bad_request(error.to_string()))?;
            done(core.sign_in(&body.account, &body.connector))
        }
        ("POST", "faults") => {
            let text = std::str::from_utf8(&request.body)
                .map_err(|error| Refusal::bad_request(error.to_string()))?;
            core.set_faults(FaultRule::list(text).map_err(|error| explain(&error))?);
            done(Ok(()))
        }
        ("GET", "faults") => Ok(Reply::json(core.faults())),
        ("GET", "clock") => Ok(clock_reply(&core.clock)),
        ("POST", "clock") => {
            let order: ClockOrder = serde_json::from_slice(&request.body)
                .map_err(|error| Refusal::bad_request(error.to_string()))?;
            order.obey(&core.clock)?;
            core.catch_up();
            Ok(clock_reply(&core.clock))
        }
        ("DELETE", "faults") => {
            core.set_faults(Vec::new());
            done(Ok(()))
        }
        _ => Err(Refusal::missing("Sandbox endpoint")),
    }
}

fn done(result: Result<(), SandboxError>) -> Outcome {
    result
        .map(|()| Reply::json(&json!({ "done": true })))
        .map_err(|error| explain(&error))
}

fn explain(error: &SandboxError) -> Refusal {
    let status = match error {
        SandboxError::Missing { .. } => StatusCode::NOT_FOUND,
        SandboxError::Faults { .. } => StatusCode::BAD_REQUEST,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    };
    Refusal::new(status, error.to_string())
}
