//! The `AuthValue` of each kind of authentication (cyclr-api.md 2.6).

use crate::Secrets;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gangplank_model::{AuthSpec, Secret, Value};
use std::fmt::Write as _;
use zeroize::Zeroizing;

/// Gives the text of a value: plain as it stands, a secret from those resolved.
pub(crate) fn text_of<'a>(value: &'a Value, secrets: &'a Secrets) -> Option<&'a str> {
    match value {
        Value::Text(text) => Some(text),
        Value::Secret(reference) => secrets.get(reference).map(Secret::expose),
    }
}

/// Makes the `AuthValue`; `None` when the form sends none, or a secret was not resolved.
pub fn auth_value(auth: &AuthSpec, secrets: &Secrets) -> Option<Secret> {
    match auth {
        AuthSpec::None | AuthSpec::SignInOAuth2 | AuthSpec::SignInOAuth1 | AuthSpec::Fields(_) => {
            None
        }
        AuthSpec::ApiKey(key) => secrets.get(key).cloned(),
        AuthSpec::Basic { username, password } => {
            let username = text_of(username, secrets)?;
            let password = secrets.get(password)?.expose();
            let pair = Zeroizing::new(format!("{username}:{password}"));
            Some(Secret::new(STANDARD.encode(pair.as_bytes())))
        }
        AuthSpec::OAuth2Tokens {
            access_token,
            refresh_token,
            expires,
            refresh_expires,
        } => {
            let access_token = secrets.get(access_token)?.expose();
            let refresh_token = match refresh_token {
                Some(reference) => Some(secrets.get(reference)?.expose()),
                None => None,
            };
            Some(Secret::new(json_object(&[
                ("AccessToken", Some(access_token)),
                ("RefreshToken", refresh_token),
                ("Expires", expires.as_deref()),
                ("RefreshExpires", refresh_expires.as_deref()),
            ])))
        }
        AuthSpec::OAuth2Client { .. } => Some(Secret::new("{}".to_owned())),
    }
}

/// Writes a JSON object of texts, leaving out what is not given. By hand, so that no copy of a
/// secret stays in a serialiser's buffer.
fn json_object(fields: &[(&str, Option<&str>)]) -> String {
    let room = fields
        .iter()
        .map(|(name, value)| name.len() + value.map_or(0, str::len) * 6 + 8);
    let mut json = String::with_capacity(room.sum::<usize>() + 2);
    json.push('{');
    for (name, value) in fields {
        let Some(value) = value else { continue };
        if json.len() > 1 {
            json.push(',');
        }
        json.push('"');
        json.push_str(name);
        json.push_str("\":\"");
        for c in value.chars() {
            match c {
                '"' | '\\' => json.extend(['\\', c]),
                c if c.is_control() => {
                    write!(json, "\\u{:04x}", u32::from(c)).expect("a String takes all");
                }
                c => json.push(c),
            }
        }
        json.push('"');
    }
    json.push('}');
    json
}

#[cfg(test)]
mod tests {
    use super::*;
    use gangplank_model::SecretRef;

    fn env(name: &str) -> SecretRef {
        SecretRef::Env(name.into())
    }

    #[test]
    fn each_kind_has_its_own_form() {
        let secrets: Secrets = [
            (env("KEY"), Secret::new("k\"1".into())),
            (env("USER"), Secret::new("ann".into())),
        ]
        .into_iter()
        .collect();
        let tokens = |refresh_token, expires: Option<&str>| AuthSpec::OAuth2Tokens {
            access_token: env("KEY"),
            refresh_token,
            expires: expires.map(str::to_owned),
            refresh_expires: None,
        };
        let client = AuthSpec::OAuth2Client {
            client_id: Value::Text("c".into()),
            client_secret: env("KEY"),
        };
        let basic = |username| AuthSpec::Basic {
            username,
            password: env("USER"),
        };
        for (auth, expected) in [
            (AuthSpec::None, None),
            (AuthSpec::SignInOAuth2, None),
            (AuthSpec::ApiKey(env("KEY")), Some("k\"1")),
            (AuthSpec::ApiKey(env("OTHER")), None),
            (basic(Value::Text("bob".into())), Some("Ym9iOmFubg==")),
            (basic(Value::Secret(env("USER"))), Some("YW5uOmFubg==")),
            (tokens(None, None), Some(r#"{"AccessToken":"k\"1"}"#)),
            (
                tokens(Some(env("USER")), Some("2026-01-01T00:00:00Z")),
                Some(
                    r#"{"AccessToken":"k\"1","RefreshToken":"ann","Expires":"2026-01-01T00:00:00Z"}"#,
                ),
            ),
            (client, Some("{}")),
        ] {
            let value = auth_value(&auth, &secrets);
            assert_eq!(value.as_ref().map(Secret::expose), expected, "{auth:?}");
        }
    }
}
