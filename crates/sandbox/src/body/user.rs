//! Bodies about users and their sign-in (cyclr-api.md 2.2).

use schemars::JsonSchema;

use super::lenient::{Name, Text};

/// A user to let in.
#[derive(JsonSchema)]
#[schemars(rename_all = "PascalCase")]
pub(crate) struct NewUser {
    /// Sign-in name. A name that nobody has makes a user; it is compared without regard to case.
    user_name: Name,
    /// The user's password from now on; left out or empty, it stays as it is.
    password: Option<Text>,
}

/// A user who is to lose the access to an account.
#[derive(JsonSchema)]
#[schemars(rename_all = "PascalCase")]
pub(crate) struct FormerUser {
    /// Sign-in name.
    user_name: Name,
}

/// A new password.
#[derive(JsonSchema)]
#[schemars(rename_all = "PascalCase")]
pub(crate) struct NewPassword {
    /// Sign-in name.
    user_name: Name,
    /// The password.
    password: Name,
}

/// Who is to be signed in.
#[derive(JsonSchema)]
#[schemars(rename_all = "PascalCase")]
pub(crate) struct SignInRequest {
    /// Sign-in name. A name that nobody has makes a user.
    username: Name,
}
