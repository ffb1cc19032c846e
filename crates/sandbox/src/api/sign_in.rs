//! `/accounts/{id}/signintoken`: one-time tokens for browsers (cyclr-api.md 2.2).

use super::account::find;
use super::user::{let_in, user_name};
use crate::body::SignInRequest;
use crate::call::{Call, Draft};
use crate::date;
use crate::input::Input;
use crate::ledger::Action;
use crate::openapi::{Need, Operation, Parameter};
use crate::reply::{Outcome, Refusal, Reply};
use crate::state::expiry;
use crate::variant::Switch;
use crate::view::SignInTokenView;

/// What the OpenAPI document says of the route below.
pub(crate) const OPERATIONS: &[Operation] = &[Operation::new(
    "POST /accounts/{id}/signintoken",
    "createSignInToken",
    "Makes a token that signs a browser in to an account.",
    "2.2",
)
.says("It works once, and for five minutes. A user who does not exist is made.")
.path(&[Parameter::text("id", "The account's id.")])
.reads::<SignInRequest>(Need::Required, r#"{"Username": "ann@example.com"}"#)
.answers::<SignInTokenView<'_>>("The token.")
.refuses(&[(400, "There is no `Username`.")])];

/// A token that was just made.
pub(super) struct Ticket {
    pub(super) token: String,
    /// When it expires, as responses show it.
    pub(super) expires_at: String,
}

pub(crate) fn create(call: &mut Call<'_>) -> Outcome {
    find(call)?;
    let input = Input::parse_or_empty(call.body)?;
    let name = user_name(&input)?;
    // Nobody asks whether the user was known (cyclr-api.md 2.2).
    let_in(call, &name)?;
    let ticket = give(call, name)?;
    Ok(Reply::json(&SignInTokenView {
        token: &ticket.token,
        expires_at_utc: &ticket.expires_at,
    }))
}

/// Gives a token that signs a user in to the call's account.
pub(super) fn give(call: &mut Call<'_>, user: String) -> Result<Ticket, Refusal> {
    let number = call.instance.next_number();
    let token = call.instance.identity.sign_in_token(number);
    let expires_at = expiry(call.now);
    let expires_at = if call.instance.variants.is(Switch::ExpiresAt, "whole") {
        date::whole_second(expires_at)
    } else {
        date::round_trip(expires_at)
    };
    let draft = Draft {
        action: Action::Created,
        kind: "sign_in_token",
        key: format!("{}/{user}", call.account()?.id),
        id: number.to_string(),
    };
    call.commits.push(draft);
    let account = call.account.clone();
    call.instance
        .people
        .give(token.clone(), account, user, call.now);
    Ok(Ticket { token, expires_at })
}
