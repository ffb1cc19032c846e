//! What an instance offers: its connector library and its published templates.

/// The vendor's kinds of authentication.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthKind {
    /// `ApiKey`.
    ApiKey,
    /// `Basic`.
    Basic,
    /// `OAuth1`.
    OAuth1,
    /// `OAuth2` with its `OAuth2Type` as spelt by the vendor (`AuthorisationCode`, ...), if known.
    OAuth2(Option<String>),
    /// `None`.
    None,
    /// `AuthFields`.
    AuthFields,
    /// A word that the dossier does not know.
    Other(String),
}

/// One authentication method of a connector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthMethod {
    /// Its GUID; changes between releases. `None` where the instance only shows a default method.
    pub id: Option<String>,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: AuthKind,
}

/// One parameter of a connector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectorParameter {
    /// The display name.
    pub name: String,
    /// The property key (`TargetName`); falls back to the display name.
    pub key: String,
    /// Whether it may be set on an account connector.
    pub is_account_connector_property: bool,
    /// Whether it may be left out.
    pub is_optional: bool,
    /// Whether its value is a secret.
    pub is_sensitive: bool,
    /// The allowed values; empty when free.
    pub values: Vec<String>,
}

/// One connector release of the library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LibraryConnector {
    /// The release's id; looked up on every run, never stored.
    pub id: i64,
    /// The connector's name.
    pub name: String,
    /// The API version.
    pub version: Option<String>,
    /// `Approved`, or another word.
    pub status: String,
    /// Whether it is a utility that needs no authentication.
    pub is_system: bool,
    /// Its authentication methods.
    pub methods: Vec<AuthMethod>,
    /// Its parameters.
    pub parameters: Vec<ConnectorParameter>,
}

/// A connector that a template uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateConnector {
    /// The connector's name.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
}

/// One published template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LibraryTemplate {
    /// Its GUID; differs per console.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its tags; case-sensitive.
    pub tags: Vec<String>,
    /// The connectors that it uses.
    pub connectors: Vec<TemplateConnector>,
}
