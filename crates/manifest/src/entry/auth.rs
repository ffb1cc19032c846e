//! The forms of `auth`, one for each of the vendor's kinds (cyclr-api.md 2.6).

use crate::decode::Decode;
use crate::entry::secret::literal;
use crate::entry::{Properties, SecretEntry, ValueEntry, entry, replaces};
use crate::node::{Kind, Node};
use crate::secrecy::guarded;
use gangplank_model::code;
use gangplank_model::suggest::{listed, nearest};
use gangplank_model::{Diagnostic, Origin, Problems, Sourced};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

entry! {
    /// User name and password.
    #[schemars(rename = "basic")]
    secret BasicEntry ("\"basic\"") requires ["username", "password"] {
        /// The user name: text or a secret reference.
        #[schemars(extend("examples" = ["acme"]))]
        username: ValueEntry,
        /// The password.
        #[schemars(extend("examples" = [{"env": "ACME_PASSWORD"}]))]
        password: SecretEntry,
    }
}

entry! {
    /// OAuth 2 tokens that the partner already has.
    #[schemars(rename = "oauth2_tokens")]
    secret TokensEntry ("\"oauth2\"") requires ["access_token"] {
        /// The access token.
        #[schemars(extend("examples" = [{"env": "ACME_TOKEN"}]))]
        access_token: SecretEntry,
        /// The refresh token.
        #[schemars(extend("examples" = [{"env": "ACME_REFRESH"}]))]
        refresh_token: SecretEntry,
        /// When the access token ends, ISO 8601 in UTC.
        #[schemars(extend("pattern" = crate::pattern::TIME))]
        #[schemars(extend("examples" = ["2026-12-01T00:00:00Z"]))]
        expires: String,
        /// When the refresh token ends, ISO 8601 in UTC.
        #[schemars(extend("pattern" = crate::pattern::TIME))]
        #[schemars(extend("examples" = ["2027-12-01T00:00:00Z"]))]
        refresh_expires: String,
    }
}

entry! {
    /// OAuth 2 client credentials of this account.
    #[schemars(rename = "oauth2_client")]
    secret ClientEntry ("\"oauth2_client\"") requires ["client_id", "client_secret"] {
        /// The client id: text or a secret reference.
        #[schemars(extend("examples" = ["acme-app"]))]
        client_id: ValueEntry,
        /// The client secret.
        #[schemars(extend("examples" = [{"env": "ACME_APP_SECRET"}]))]
        client_secret: SecretEntry,
    }
}

entry! {
    /// How a connector authenticates, when there is something to give. Exactly one key.
    #[schemars(rename = "auth", extend("minProperties" = 1, "maxProperties" = 1))]
    secret FormEntry ("\"auth\"") {
        /// A plain API key.
        #[schemars(extend("examples" = [{"env": "ACME_API_KEY"}]))]
        api_key: SecretEntry,
        /// User name and password.
        basic: BasicEntry,
        /// OAuth 2 tokens that the partner already has.
        oauth2: TokensEntry,
        /// OAuth 2 client credentials of this account.
        oauth2_client: ClientEntry,
        /// Connector-specific fields, sent as properties: text or secret references.
        #[schemars(extend("examples" = [{"Token": {"env": "ACME_TOKEN"}}]))]
        fields: Properties,
    }
}

/// How a connector authenticates.
#[derive(Clone, Debug)]
pub(crate) enum AuthEntry {
    None,
    SignInOAuth2,
    SignInOAuth1,
    ApiKey(SecretEntry),
    Basic(BasicEntry),
    Tokens(TokensEntry),
    Client(ClientEntry),
    Fields(Properties),
}

replaces!(AuthEntry);

impl Decode for AuthEntry {
    fn decode(node: Node, problems: &mut Problems) -> Option<Self> {
        guarded(node, problems, |node, problems| match node.kind {
            Kind::Text(text) => match text.as_str() {
                "none" => Some(Self::None),
                "oauth2" => Some(Self::SignInOAuth2),
                "oauth1" => Some(Self::SignInOAuth1),
                text => {
                    problems.push(other_word(text, &node.origin));
                    None
                }
            },
            Kind::Map(_) => form(node, problems),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::List(_) => {
                let found = node.described();
                problems.push(literal(&node.origin, found));
                None
            }
        })
    }
}

/// A word that is none of the three: a slip for one of them, or else perhaps the secret itself.
fn other_word(text: &str, origin: &Origin) -> Diagnostic {
    let meant = match nearest(text, ["none", "oauth1", "oauth2"]) {
        // As near to both of them: OAuth 1 is nearly out of use.
        Some("oauth1") if !text.contains('1') => Some("oauth2"),
        meant => meant,
    };
    match meant {
        Some(meant) => Diagnostic::error(
            code::WRONG_TYPE,
            "expected `oauth2`, `oauth1`, `none` or a form, found another word",
        )
        .at_hidden(origin, "")
        .hint(format!("did you mean `{meant}`?")),
        None => literal(origin, "another word").hint(
            "write `auth: { api_key: { env: NAME } }`, or a word: `oauth2` and `oauth1` \
             when the customer signs in, `none` when there is nothing to do",
        ),
    }
}

fn form(node: Node, problems: &mut Problems) -> Option<AuthEntry> {
    let origin = node.origin.clone();
    let before = problems.found();
    let form = FormEntry::decode(node, problems)?;
    let value = |value: Sourced<AuthEntry>| value.value;
    let mut given: Vec<AuthEntry> = [
        form.api_key.0.map(|it| it.map(AuthEntry::ApiKey)),
        form.basic.0.map(|it| it.map(AuthEntry::Basic)),
        form.oauth2.0.map(|it| it.map(AuthEntry::Tokens)),
        form.oauth2_client.0.map(|it| it.map(AuthEntry::Client)),
        form.fields.0.map(|it| it.map(AuthEntry::Fields)),
    ]
    .into_iter()
    .flatten()
    .map(value)
    .collect();
    if problems.found() > before {
        return None;
    }
    if given.len() != 1 {
        let forms = listed(<FormEntry as crate::decode::Fields>::keys());
        problems.push(
            Diagnostic::error(code::AUTH_FORM, "\"auth\" has one form")
                .at_hidden(&origin, format!("this has {}", given.len()))
                .detail(format!("The forms are {forms}."))
                .hint("keep one of them"),
        );
        return None;
    }
    given.pop()
}

/// What an editor puts in for each form, with places to fill in.
fn snippets() -> serde_json::Value {
    let variable = |at: u8, name: &str| serde_json::json!({ "env": format!("${{{at}:{name}}}") });
    let forms = [
        ("api_key", variable(1, "API_KEY")),
        (
            "basic",
            serde_json::json!({ "username": "${1:name}", "password": variable(2, "PASSWORD") }),
        ),
        (
            "oauth2",
            serde_json::json!({ "access_token": variable(1, "ACCESS_TOKEN") }),
        ),
        (
            "oauth2_client",
            serde_json::json!({ "client_id": "${1:id}", "client_secret": variable(2, "CLIENT_SECRET") }),
        ),
    ];
    let snippets = forms.into_iter().map(|(form, body)| {
        serde_json::json!({
            "label": format!("{form}: ..."),
            "description": format!("The form `{form}`, with references to fill in."),
            "body": { form: body },
        })
    });
    snippets.collect()
}

impl JsonSchema for AuthEntry {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "auth".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let form = generator.subschema_for::<FormEntry>();
        json_schema!({ "anyOf": [
            {
                "type": "string",
                "enum": ["oauth2", "oauth1", "none"],
                "markdownEnumDescriptions": [
                    "The customer signs in with OAuth 2, in a browser.",
                    "The customer signs in with OAuth 1, in a browser.",
                    "There is nothing to authenticate.",
                ],
            },
            form,
        ], "defaultSnippets": snippets() })
    }
}
