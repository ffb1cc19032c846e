//! `/_sandbox`: the sandbox's own endpoints, in `snake_case` and without a token.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use crate::browser;
use crate::engine::Core;
use crate::error::SandboxError;
use crate::fault::FaultRule;
use crate::openapi;
use crate::reply::{Outcome, Refusal, Reply};
use crate::request::Request;
use crate::variant::Variants;

/// Body of `POST /_sandbox/sign-in`.
#[derive(Debug, Deserialize)]
struct SignIn {
    account: String,
    connector: String,
}

/// Answers a request below `/_sandbox`.
pub(crate) fn handle(core: &mut Core, request: &Request) -> Outcome {
    let path = request
        .uri
        .path()
        .trim_start_matches("/_sandbox")
        .trim_matches('/');
    match (request.method.as_str(), path) {
        ("GET", "ledger") => Ok(Reply::json(
            &core.ledger().map_err(|error| explain(&error))?,
        )),
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
