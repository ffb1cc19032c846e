//! A connector to install in an account.

use crate::decode::{Decode, Keyed};
use crate::entry::{AuthEntry, MovedEntry, Properties, StateEntry, Typed, entry, replaces};
use crate::node::{Kind, Node};
use crate::parse::wrong;
use crate::pattern::NAME;
use crate::shared::Part;
use gangplank_model::{ConnectorSpec, Problems};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

entry! {
    /// A connector to install in the account.
    #[schemars(rename = "connector", extend("allOf" = crate::schema::named("connector", &["version"])))]
    ConnectorEntry ("a connector") {
        /// The connector of the library: its name, or `{ id: 2550 }` for one release.
        #[schemars(extend("examples" = ["HubSpot"]))]
        connector: ConnectorName,
        /// The connector's API version, where the library has several; in quotes.
        #[schemars(extend("examples" = ["2.1"]))]
        version: String,
        /// The installed connector's own name, unique in its account; default: the connector's name.
        #[schemars(extend("pattern" = crate::pattern::NAME))]
        #[schemars(extend("examples" = ["HubSpot (sales)"]))]
        name: String,
        /// A description for people.
        #[schemars(extend("examples" = ["The sales team's own"]))]
        description: String,
        /// `true` for the partner's own connector, hidden from the customer.
        #[schemars(extend("x-default" = false))]
        partner: Typed<bool>,
        /// The authentication method's name, where the connector offers several.
        #[schemars(extend("examples" = ["API Key"]))]
        authentication: String,
        /// How the connector authenticates: `oauth2` or `oauth1` when the customer signs in, `none`, or
        /// a map with one of `api_key`, `basic`, `oauth2`, `oauth2_client` and `fields`.
        auth: AuthEntry,
        /// Properties by their key: text or secret references.
        #[schemars(extend("examples" = [{"Subdomain": "acme"}]))]
        properties: Properties,
        /// `absent` removes the connector from the account.
        #[schemars(extend("x-default" = "present"))]
        state: Typed<StateEntry>,
        /// Former names of the installed connector: it is renamed, and not installed anew.
        #[schemars(extend("examples" = [{"from": "HubSpot"}]))]
        moved: MovedEntry,
        /// `true` refuses every removal of the connector, also after this line is gone; `false` lifts that.
        protect: Typed<bool>,
    }
}

impl Part for ConnectorEntry {
    type Spec = ConnectorSpec;
}

impl Keyed for ConnectorEntry {
    fn key(&self) -> Option<&str> {
        match (self.name.get(), self.connector.get()) {
            (Some(name), _) | (None, Some(ConnectorName::Name(name))) => Some(name),
            (None, Some(ConnectorName::Id(_)) | None) => None,
        }
    }
}

/// A connector of the library.
#[derive(Clone, Debug)]
pub(crate) enum ConnectorName {
    Name(String),
    Id(i64),
}

replaces!(ConnectorName, Number);

entry! {
    /// One release of a connector; ids differ per console and change with releases.
    #[schemars(rename = "connector_id")]
    IdEntry ("\"connector\"") requires ["id"] {
        /// The id of the connector's release.
        #[schemars(extend("examples" = [2550]))]
        id: Number,
    }
}

/// A whole number.
#[derive(Clone, Debug)]
pub(crate) struct Number(i64);

impl Decode for Number {
    fn decode(node: Node, problems: &mut Problems) -> Option<Self> {
        if let Kind::Number(text) = &node.kind
            && let Ok(number) = text.parse()
        {
            return Some(Self(number));
        }
        let hint = "write the id in digits, without quotes: `{ id: 2550 }`";
        problems.push(wrong(&node, "a whole number", hint));
        None
    }
}

impl JsonSchema for Number {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "number".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": i64::MIN, "maximum": i64::MAX })
    }
}

impl Decode for ConnectorName {
    fn decode(node: Node, problems: &mut Problems) -> Option<Self> {
        match node.kind {
            Kind::Text(text) => Some(Self::Name(text)),
            Kind::Map(_) => IdEntry::decode(node, problems)?
                .id
                .0
                .map(|id| Self::Id(id.value.0)),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::List(_) => {
                let hint =
                    "a name that looks like a number is put in quotes; an id is `{ id: 2550 }`";
                problems.push(wrong(&node, "a connector's name or `{ id: ... }`", hint));
                None
            }
        }
    }
}

impl JsonSchema for ConnectorName {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "connector_name".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let id = generator.subschema_for::<IdEntry>();
        json_schema!({ "anyOf": [{ "type": "string", "pattern": NAME }, id] })
    }
}
