//! Authentication methods of connectors, made from the catalogue's kinds.

use super::catalogue::{Kind, Row};
use super::identifier::guid;
use crate::world::{AuthType, Authentication, OAuth2Type};

/// Makes the authentication method of a kind.
pub(super) fn authentication(row: &Row, kind: Kind) -> Authentication {
    let (auth_name, auth_type, oauth2_type, description) = match kind {
        Kind::ApiKey => (
            "API Key",
            AuthType::ApiKey,
            None,
            "An API key of your account.",
        ),
        Kind::Basic => (
            "Basic",
            AuthType::Basic,
            None,
            "A user name and a password.",
        ),
        Kind::OAuth1 => (
            "OAuth 1.0",
            AuthType::OAuth1,
            None,
            "Sign in and allow access.",
        ),
        Kind::OAuth2Code => (
            "OAuth 2.0",
            AuthType::OAuth2,
            Some(OAuth2Type::AuthorisationCode),
            "Sign in and allow access.",
        ),
        Kind::OAuth2Client => (
            "OAuth 2.0",
            AuthType::OAuth2,
            Some(OAuth2Type::ClientCredentials),
            "A client id and a client secret.",
        ),
        Kind::OAuth2Password => (
            "OAuth 2.0",
            AuthType::OAuth2,
            Some(OAuth2Type::PasswordCredentials),
            "A client id and secret, and a user name and password.",
        ),
        Kind::AuthFields => (
            "Auth Fields",
            AuthType::AuthFields,
            None,
            "The fields of this connector.",
        ),
        Kind::None => ("None", AuthType::None, None, ""),
    };
    Authentication {
        id: guid(&[
            "authentication",
            row.name,
            row.version.unwrap_or_default(),
            auth_name,
        ]),
        auth_name: auth_name.to_owned(),
        auth_description: description.to_owned(),
        auth_type,
        oauth2_type,
        auth_scheme: oauth2_type.map(|_| "Bearer".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::connectors;

    #[test]
    fn every_kind_of_authentication_and_every_grant_occurs() {
        let all = connectors();
        let authentications = || all.iter().flat_map(|it| &it.authentication);
        for wanted in [
            AuthType::ApiKey,
            AuthType::Basic,
            AuthType::OAuth1,
            AuthType::OAuth2,
            AuthType::None,
            AuthType::AuthFields,
        ] {
            assert!(
                authentications().any(|it| it.auth_type == wanted),
                "{wanted:?}"
            );
        }
        for wanted in [
            OAuth2Type::AuthorisationCode,
            OAuth2Type::ClientCredentials,
            OAuth2Type::PasswordCredentials,
        ] {
            assert!(
                authentications().any(|it| it.oauth2_type == Some(wanted)),
                "{wanted:?}"
            );
        }
    }

    /// A grant without a sign-in takes its secrets from properties (cyclr-api.md 2.6).
    #[test]
    fn a_kind_that_needs_properties_has_them() {
        for connector in connectors() {
            let name = &connector.name;
            let requires = |target: &str| {
                let found = connector
                    .parameters
                    .iter()
                    .find(|it| it.target_name == target);
                let found = found.map(|it| (it.is_account_connector_property, it.is_sensitive));
                assert_eq!(
                    found,
                    Some((true, target != "ClientId")),
                    "{name}: {target}"
                );
            };
            for authentication in &connector.authentication {
                match (authentication.auth_type, authentication.oauth2_type) {
                    (_, Some(OAuth2Type::ClientCredentials)) => {
                        requires("ClientId");
                        requires("ClientSecret");
                    }
                    (_, Some(OAuth2Type::PasswordCredentials)) => requires("Password"),
                    (AuthType::AuthFields, _) => assert!(
                        connector
                            .parameters
                            .iter()
                            .any(|it| it.is_sensitive && it.is_account_connector_property),
                        "{name}"
                    ),
                    _ => {}
                }
            }
        }
    }
}
