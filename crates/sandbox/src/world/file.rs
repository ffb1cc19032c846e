//! `World`: the file as a whole, in YAML or JSON.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Account, Connector, Folder, Hidden, Marketplace, PartnerUser, Template, is_default};

/// What an instance holds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct World {
    /// The partner's own settings.
    #[serde(default)]
    pub partner: Partner,
    /// Switches between what the vendor might do, such as `U2: masked`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub variants: BTreeMap<String, String>,
    /// Puts the shipped catalogue under what is listed here (same name and version: this wins).
    #[serde(default, skip_serializing_if = "is_default")]
    pub standard_library: bool,
    /// The connector library.
    #[serde(default, skip_serializing_if = "is_default")]
    pub connectors: Vec<Connector>,
    /// Folders that a template can be imported into.
    #[serde(default, skip_serializing_if = "is_default")]
    pub folders: Vec<Folder>,
    /// The template library.
    #[serde(default, skip_serializing_if = "is_default")]
    pub templates: Vec<Template>,
    /// Marketplaces; when none is listed, any `MarketplaceId` is taken.
    #[serde(default, skip_serializing_if = "is_default")]
    pub marketplaces: Vec<Marketplace>,
    /// People of all accounts; those that only accounts list are added.
    #[serde(default, skip_serializing_if = "is_default")]
    pub users: Vec<PartnerUser>,
    /// The customers.
    #[serde(default, skip_serializing_if = "is_default")]
    pub accounts: Vec<Account>,
}

/// The partner's own settings.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Partner {
    /// Host that customers' browsers see, such as `demo-h.cyclr.test`, with a port if need be; left
    /// out: the host that the API is called at. LAUNCH, Marketplace and ORBIT URLs start with it:
    /// with `http` on a loopback host, and with `https` on any other, which a browser has to be
    /// brought from to the sandbox.
    #[serde(default, skip_serializing_if = "is_default")]
    pub service_domain: String,
    /// The console's switch that opens OAuth pages in the same window; it holds where a call does
    /// not give `InlineOAuth`.
    #[serde(default, rename = "InlineOAuth", skip_serializing_if = "is_default")]
    pub inline_oauth: bool,
    /// Credentials of the API, at most five at the vendor (cyclr-api.md 1.2).
    #[serde(default, skip_serializing_if = "is_default")]
    pub credentials: Vec<Credential>,
}

/// One credential of the API.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Credential {
    /// Client id.
    pub client_id: String,
    /// Client secret.
    pub client_secret: Hidden,
}

/// Why a world could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum WorldError {
    /// The text is not YAML, or not a world.
    #[error("the world cannot be read{}", place(.0))]
    Yaml(#[source] serde_yaml::Error),
    /// The text is not JSON, or not a world.
    #[error("the world is not valid JSON")]
    Json(#[source] serde_json::Error),
}

/// Where it cannot be read, and why as far as no value is told: it may be a secret.
fn place(error: &serde_yaml::Error) -> String {
    let told = error.to_string();
    let place = error
        .location()
        .map(|at| format!(" at line {}, column {}", at.line(), at.column()))
        .unwrap_or_default();
    let harmless = ["unknown field", "missing field", "duplicate field"];
    let start = harmless.iter().find_map(|word| told.find(word));
    let why = start.map(|start| &told[start..]);
    let why = why.map(|why| why.split(" at line ").next().unwrap_or(why));
    match why {
        Some(why) => format!("{place}: {why}"),
        None => format!("{place}: it is not YAML, or a value of another kind is expected there"),
    }
}

impl World {
    /// The world of `--sandbox`: credentials `demo`/`demo-secret`, the shipped catalogue, no
    /// accounts.
    pub fn demo() -> Self {
        Self {
            partner: Partner {
                service_domain: "demo-h.cyclr.test".to_owned(),
                credentials: vec![Credential {
                    client_id: "demo".to_owned(),
                    client_secret: "demo-secret".into(),
                }],
                ..Partner::default()
            },
            standard_library: true,
            ..Self::default()
        }
    }

    /// Reads a world from YAML.
    pub fn from_yaml(text: &str) -> Result<Self, WorldError> {
        serde_yaml::from_str(text).map_err(WorldError::Yaml)
    }

    /// Reads a world from JSON.
    pub fn from_json(text: &str) -> Result<Self, WorldError> {
        serde_json::from_str(text).map_err(WorldError::Json)
    }

    /// Writes the world as YAML.
    pub fn to_yaml(&self) -> Result<String, WorldError> {
        serde_yaml::to_string(self).map_err(WorldError::Yaml)
    }

    /// Writes the world as JSON.
    pub fn to_json(&self) -> Result<String, WorldError> {
        serde_json::to_string_pretty(self).map_err(WorldError::Json)
    }

    /// The JSON schema of a world file.
    pub fn schema() -> serde_json::Value {
        schemars::schema_for!(Self).to_value()
    }
}

#[cfg(test)]
mod tests {
    use super::World;

    #[test]
    fn the_example_of_the_design_loads_and_dumps_to_itself() {
        let text = include_str!("../../tests/conformance/world.yaml");
        let world = World::from_yaml(text).unwrap();
        assert_eq!(world.accounts[0].connectors[0].connector.name, "Pipedrive");
        let dumped = world.to_yaml().unwrap();
        let again = World::from_yaml(&dumped).unwrap();
        assert_eq!(again, world);
        assert_eq!(again.to_yaml().unwrap(), dumped);
        assert_eq!(World::from_json(&world.to_json().unwrap()).unwrap(), world);
        let schema = World::schema();
        let instance = serde_json::to_value(&world).unwrap();
        assert!(
            jsonschema::validator_for(&schema)
                .unwrap()
                .is_valid(&instance)
        );
    }

    #[test]
    fn unknown_keys_are_errors_and_secrets_are_not_shown() {
        for text in [
            "Acounts: []",
            "Accounts: [{Name: a, Colour: red}]",
            "Templates: [{Nme: x}]",
        ] {
            let told = World::from_yaml(text).unwrap_err().to_string();
            assert!(told.contains("at line 1, column "), "{told}");
            assert!(told.contains("unknown field `"), "{told}");
        }
        let wrong = "Accounts: [{Name: a, Connectors: s3cret}]";
        let told = World::from_yaml(wrong).unwrap_err().to_string();
        assert!(
            told.contains("at line 1") && !told.contains("s3cret"),
            "{told}"
        );
        assert!(!format!("{:?}", World::demo()).contains("demo-secret"));
    }
}
