//! `/accounts/{id}/users` and `/users` (cyclr-api.md 2.2).

use super::account::find;
use crate::body::{FormerUser, NewPassword, NewUser};
use crate::call::{Call, Draft};
use crate::input::Input;
use crate::ledger::Action;
use crate::openapi::{Need, Operation, PAGED, Parameter, When};
use crate::page::page;
use crate::reply::{Outcome, Refusal, Reply};
use crate::variant::Switch;
use crate::view::{UserNameView, UserView};
use crate::world::User;

const ID: Parameter = Parameter::text("id", "The account's id.");

const UNNAMED: &[(u16, &str)] = &[(400, "There is no `UserName`.")];

/// What the OpenAPI document says of the routes below.
pub(crate) const OPERATIONS: &[Operation] = &[
    Operation::new(
        "GET /accounts/{id}/users",
        "listUsers",
        "Lists the users who may enter an account.",
        "2.2",
    )
    .says("What an element is, is switch U20.")
    .path(&[ID])
    .query(&[PAGED])
    .lists::<UserView<'_>>("A page of users."),
    Operation::new(
        "PUT /accounts/{id}/users",
        "addUser",
        "Lets a user into an account.",
        "2.2",
    )
    .says("Users are the partner's: one may enter several accounts.")
    .path(&[ID])
    .reads::<NewUser>(
        Need::Required,
        r#"{"UserName": "ann@example.com", "Password": "a long one"}"#,
    )
    .answers::<UserNameView<'_>>("The user.")
    .refuses(UNNAMED),
    Operation::new(
        "DELETE /accounts/{id}/users",
        "removeUser",
        "Takes a user's access to an account.",
        "2.2",
    )
    .says("The user is named in the body, and stays a user of the partner.")
    .path(&[ID])
    .reads::<FormerUser>(Need::Required, r#"{"UserName": "ann@example.com"}"#)
    .answers::<UserNameView<'_>>("The user.")
    .refuses(UNNAMED),
    Operation::new(
        "PUT /users",
        "setPassword",
        "Sets a user's password.",
        "2.2",
    )
    .says("What a name that nobody has does is switch `UNKNOWN_USER`.")
    .reads::<NewPassword>(
        Need::Required,
        r#"{"UserName": "ann@example.com", "Password": "a long one"}"#,
    )
    .answers::<UserNameView<'_>>("The user.")
    .refuses(&[(400, "There is no `UserName`, or no `Password`.")])
    .switched(&[When::refuses(
        Switch::UnknownUser,
        "404",
        404,
        "There is no such user.",
    )]),
];

pub(crate) fn list(call: &mut Call<'_>) -> Outcome {
    find(call)?;
    let instance = &*call.instance;
    let rows: Vec<&User> = call.account()?.users.iter().collect();
    let render = |user| UserView::new(instance, user);
    Ok(page(&call.query, &instance.variants, rows, render))
}

pub(crate) fn add(call: &mut Call<'_>) -> Outcome {
    find(call)?;
    let input = Input::parse_or_empty(call.body)?;
    let name = user_name(&input)?;
    let password = input.text("Password")?.value();
    let is_there = call.account()?.has_user(&name);
    if is_there && call.instance.variants.is(Switch::UserAgain, "400") {
        return Err(Refusal::bad_request("The user has access already."));
    }
    let is_new = let_in(call, &name)?;
    if let Some(password) = password.filter(|password| !password.is_empty()) {
        call.instance.people.set_password(&name, password);
        if !is_new {
            call.record(Action::Updated, "user", &name, &name);
        }
    }
    Ok(Reply::json(&UserNameView { user_name: &name }))
}

/// Takes the access to this account; the user and other accounts are left alone.
pub(crate) fn remove(call: &mut Call<'_>) -> Outcome {
    find(call)?;
    let input = Input::parse_or_empty(call.body)?;
    let name = user_name(&input)?;
    let account = call.account_mut()?;
    if !account.has_user(&name) {
        return Err(Refusal::missing("User"));
    }
    let lower = name.to_lowercase();
    account
        .users
        .retain(|one| one.user_name.to_lowercase() != lower);
    call.record(Action::Deleted, "user", &name, &name);
    Ok(Reply::json(&UserNameView { user_name: &name }))
}

pub(crate) fn set_password(call: &mut Call<'_>) -> Outcome {
    let input = Input::parse_or_empty(call.body)?;
    let name = user_name(&input)?;
    let password = input.text("Password")?.value().unwrap_or_default();
    if password.is_empty() {
        return Err(Refusal::bad_request("Password is required"));
    }
    let is_new = call.instance.people.user(&name).is_none();
    if is_new && call.instance.variants.is(Switch::UnknownUser, "404") {
        return Err(Refusal::missing("User"));
    }
    call.instance.people.add(&name);
    call.instance.people.set_password(&name, password);
    let action = if is_new {
        Action::Created
    } else {
        Action::Updated
    };
    // A user is the partner's, not an account's: the key is the name alone.
    call.commits.push(Draft {
        action,
        kind: "user",
        key: name.clone(),
        id: name.clone(),
    });
    Ok(Reply::json(&UserNameView { user_name: &name }))
}

/// The sign-in name in a body; some calls spell it `Username`.
pub(super) fn user_name(input: &Input) -> Result<String, Refusal> {
    let name = input.text("UserName")?.value().unwrap_or_default();
    if name.trim().is_empty() {
        return Err(Refusal::bad_request("UserName is required"));
    }
    Ok(name)
}

/// Makes the user if nobody has the name, and lets it into the call's account; says whether that is
/// new.
pub(super) fn let_in(call: &mut Call<'_>, name: &str) -> Result<bool, Refusal> {
    let account = call.account_mut()?;
    if account.has_user(name) {
        return Ok(false);
    }
    account.users.push(User {
        user_name: name.to_owned(),
    });
    call.instance.people.add(name);
    call.record(Action::Created, "user", name, name);
    Ok(true)
}
