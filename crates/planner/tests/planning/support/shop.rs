//! The library that the tables share, and the circumstances of a plan.

#![expect(
    clippy::unnecessary_wraps,
    reason = "a connector takes its credential as an option"
)]

use gangplank_model::testing::{library_connector, library_template, live, parameter, secret};
use gangplank_model::{
    AccountId, AccountMark, Address, AuthKind, AuthSpec, ConnectorMark, ConnectorParameter,
    Fingerprint, InstanceRef, LibraryConnector, Live, Value,
};
use gangplank_planner::{Context, Limits, MadeMarks};

/// The key under which the marks of the day are made.
pub(crate) const MADE_KEY: &str = "today";

/// An instance without accounts that offers one connector of each kind, and a few templates.
pub(crate) fn shop() -> Live {
    let flow = |flow: &str| AuthKind::OAuth2(Some(flow.to_owned()));
    let connector = library_connector;
    Live {
        connectors: Some(vec![
            connector(1, "Crm", AuthKind::ApiKey),
            connector(2, "Mail", flow("AuthorisationCode")),
            connector(3, "Shop", AuthKind::ApiKey).method("Login", AuthKind::Basic),
            LibraryConnector {
                is_system: true,
                ..connector(4, "Util", AuthKind::ApiKey)
            },
            connector(5, "Erp", flow("ClientCredentials")),
            connector(6, "Form", AuthKind::AuthFields)
                .parameter(parameter("Host"))
                .parameter(ConnectorParameter {
                    is_sensitive: true,
                    ..parameter("Token")
                }),
            connector(7, "Open", AuthKind::None),
            connector(8, "Old", AuthKind::OAuth1),
        ]),
        templates: Some(vec![
            library_template("T-1", "Sync", &["Crm"]),
            library_template("T-2", "Mails", &["Crm", "Mail"]),
            library_template("T-3", "Clock", &["Util"]),
        ]),
        ..live([])
    }
}

/// Marks are kept, the secrets were not read, and the brake is off.
pub(crate) fn context() -> Context {
    Context {
        instance: InstanceRef {
            name: "test".into(),
            api_url: "https://cyclr.test".into(),
        },
        marks: true,
        made_marks: None,
        limits: Limits { removals: Some(99) },
    }
}

/// Adds what a connector's mark would be of the secrets of the day.
pub(crate) fn made(context: &mut Context, account: &str, connector: &str, mark: ConnectorMark) {
    let made = context.made_marks.get_or_insert_with(|| MadeMarks {
        key: MADE_KEY.into(),
        ..MadeMarks::default()
    });
    let address = Address::connector(&AccountId::new(account), connector);
    made.connectors.insert(address, mark);
}

/// A mark with the fingerprint of a credential.
pub(crate) fn mark(auth: &str) -> ConnectorMark {
    ConnectorMark {
        auth: Some(Fingerprint::new(auth)),
        ..ConnectorMark::default()
    }
}

/// The `AuditInfo` `owner: ann` with marks of connectors, made under a key.
pub(crate) fn audit<const N: usize>(key: &str, marks: [(&str, ConnectorMark); N]) -> String {
    let mark = AccountMark {
        key: key.into(),
        connectors: marks
            .into_iter()
            .map(|(name, mark)| (name.to_owned(), mark))
            .collect(),
        ..AccountMark::default()
    };
    mark.render("owner: ann")
}

/// `auth: { api_key: { env: KEY } }`.
pub(crate) fn key() -> Option<AuthSpec> {
    Some(AuthSpec::ApiKey(secret("KEY")))
}

/// `auth: { basic: { username: ann, password: { env: PASSWORD } } }`.
pub(crate) fn basic() -> Option<AuthSpec> {
    Some(AuthSpec::Basic {
        username: Value::Text("ann".into()),
        password: secret("PASSWORD"),
    })
}

/// `auth: { oauth2: { access_token: ..., refresh_token: ... } }`.
pub(crate) fn tokens() -> Option<AuthSpec> {
    Some(AuthSpec::OAuth2Tokens {
        access_token: secret("ACCESS"),
        refresh_token: Some(secret("REFRESH")),
        expires: None,
        refresh_expires: None,
    })
}

/// `auth: { oauth2_client: { client_id: id, client_secret: { env: CLIENT } } }`.
pub(crate) fn oauth2_client() -> Option<AuthSpec> {
    Some(AuthSpec::OAuth2Client {
        client_id: Value::Text("id".into()),
        client_secret: secret("CLIENT"),
    })
}

/// `auth: { fields: { Host: h, Token: { env: TOKEN } } }`.
pub(crate) fn fields() -> Option<AuthSpec> {
    Some(AuthSpec::Fields(
        [
            ("Host".to_owned(), Value::Text("h".into())),
            ("Token".to_owned(), Value::Secret(secret("TOKEN"))),
        ]
        .into(),
    ))
}
