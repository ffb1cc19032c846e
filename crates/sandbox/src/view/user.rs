//! A user as responses show it.

use schemars::JsonSchema;
use serde::Serialize;

use crate::state::Instance;
use crate::variant::Switch;
use crate::world::User;

/// An element of an account's list of users; no source tells what it is (U20).
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum UserView<'a> {
    /// The sign-in name, or the e-mail address.
    Text(&'a str),
    /// An object with the sign-in name.
    Object(UserNameView<'a>),
}

/// A user by sign-in name; a password is never shown.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct UserNameView<'a> {
    /// Sign-in name.
    pub(crate) user_name: &'a str,
}

impl<'a> UserView<'a> {
    pub(crate) fn new(instance: &'a Instance, user: &'a User) -> Self {
        let user_name = user.user_name.as_str();
        match instance.variants.position(Switch::U20) {
            "object" => Self::Object(UserNameView { user_name }),
            "email" => {
                let known = instance.people.user(user_name);
                let email = known.and_then(|known| known.email.as_deref());
                Self::Text(email.unwrap_or(user_name))
            }
            _ => Self::Text(user_name),
        }
    }
}
