//! The desired side: what the manifests ask for, expanded, each value with its place.

use crate::address::{AccountId, Address};
use crate::library::LibraryTemplate;
use crate::origin::{Origin, Sourced};
use crate::schedule::Run;
use crate::secret::{SecretRef, SecretsSpec, Value};
use litemap::LiteMap;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What has names of the user's own, in the order of the names. There are few in each and very many
/// of these, so that a tree's nodes would take most of the memory.
pub type ByName<T> = LiteMap<String, T>;

/// A map with no room to spare. Of a name that is given twice, the last one counts.
pub fn by_name<T>(entries: impl IntoIterator<Item = (String, T)>) -> ByName<T> {
    let mut entries: Vec<_> = entries.into_iter().collect();
    entries.reverse();
    entries.sort_by(|(one, _), (other, _)| one.cmp(other));
    entries.dedup_by(|(one, _), (other, _)| one == other);
    entries.shrink_to_fit();
    LiteMap::from_sorted_store_unchecked(entries)
}

/// Everything that is wanted of one instance.
#[derive(Clone, Debug, Default)]
pub struct Desired {
    /// The instance that was chosen; `None` when the manifests declare none.
    pub instance: Option<InstanceSpec>,
    /// Accounts in manifest order; ids are unique.
    pub accounts: Vec<AccountSpec>,
    /// How references to secrets are followed.
    pub secrets: SecretsSpec,
    /// SHA-256 in hexadecimal over the files that were read.
    pub digest: String,
}

/// Where to apply, and as whom.
#[derive(Clone, Debug)]
pub struct InstanceSpec {
    /// Its name in the manifest.
    pub name: String,
    /// The base URL of the API, without `/v1.0` and without a final slash.
    pub api_url: String,
    /// The browser-facing domain, only needed for sign-in links.
    pub service_domain: Option<String>,
    /// The OAuth client id: text or a reference.
    pub client_id: Value,
    /// The OAuth client secret.
    pub client_secret: SecretRef,
    /// The key of fingerprints; derived from the client secret when not given.
    pub marks_key: Option<SecretRef>,
    /// Whether marks may be kept in the instance.
    pub marks: bool,
    /// Set where accounts that nobody declares are to go: where that was written.
    pub exclusive: Option<Origin>,
    /// Where the instance was declared.
    pub origin: Origin,
}

/// Whether an object is wanted or is to be removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It should exist.
    Present,
    /// Its removal was asked for with `state: absent`.
    Absent,
}

/// How long step data is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retention {
    /// `null`: the console's own setting.
    ConsoleDefault,
    /// Hours, 0 to 744 (the vendor's clamp, cyclr-api.md 2.1).
    Hours(u32),
}

/// The account fields that may be declared; `None` is left alone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AccountFields {
    /// `Name`; required for a new account.
    pub name: Option<Sourced<String>>,
    /// `Description`.
    pub description: Option<Sourced<String>>,
    /// `Timezone`, an IANA name.
    pub timezone: Option<Sourced<String>>,
    /// `AuditInfo` without Gangplank's mark.
    pub audit_info: Option<Sourced<String>>,
    /// `TaskAuditInfo`.
    pub task_audit_info: Option<Sourced<String>>,
    /// `NextBillDateUtc`, ISO 8601 in UTC.
    pub next_bill_date_utc: Option<Sourced<String>>,
    /// `StepDataSuccessRetentionHours`.
    pub step_data_success_retention_hours: Option<Sourced<Retention>>,
    /// `StepDataErroredRetentionHours`.
    pub step_data_errored_retention_hours: Option<Sourced<Retention>>,
    /// `TransactionErrorWebhookEnabled`.
    pub transaction_error_webhook_enabled: Option<Sourced<bool>>,
    /// `TransactionErrorWebhookUrl`, with its scheme.
    pub transaction_error_webhook_url: Option<Sourced<String>>,
    /// `TransactionErrorWebhookIncludeWarnings`.
    pub transaction_error_webhook_include_warnings: Option<Sourced<bool>>,
}

/// One wanted account.
#[derive(Clone, Debug)]
pub struct AccountSpec {
    /// Its id, the natural key.
    pub id: AccountId,
    /// Where the entry stands.
    pub origin: Origin,
    /// Wanted or to be removed.
    pub presence: Presence,
    /// Declared fields.
    pub fields: AccountFields,
    /// The parent, for a sub-account. Only used at creation: the API shows it nowhere.
    pub parent: Option<Sourced<AccountId>>,
    /// Ours, for selection; never sent.
    pub labels: Arc<ByName<String>>,
    /// Whether it may not be removed; `None` leaves that as it is.
    pub protect: Option<Sourced<bool>>,
    /// Whether what nobody declares of its connectors and cycles is to go.
    pub exclusive: Option<Sourced<bool>>,
    /// Wanted account connectors; names are unique. Accounts of a profile share those that are the
    /// same for all of them.
    pub connectors: Vec<Arc<ConnectorSpec>>,
    /// Wanted installed templates; names are unique. Shared in the same way.
    pub templates: Vec<Arc<TemplateSpec>>,
}

/// Which connector of the library is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConnectorChoice {
    /// By name, and by version when several are offered.
    Name {
        /// The connector's name in the library.
        name: String,
        /// Its API version.
        version: Option<String>,
    },
    /// By the id of a connector release; differs per console and changes with releases.
    Id(i64),
}

/// One wanted account connector.
#[derive(Clone, Debug)]
pub struct ConnectorSpec {
    /// The installed connector's own name: the natural key within its account.
    pub name: String,
    /// Where the entry stands.
    pub origin: Origin,
    /// Wanted or to be removed.
    pub presence: Presence,
    /// The library connector.
    pub connector: Sourced<ConnectorChoice>,
    /// `Description`.
    pub description: Option<Sourced<String>>,
    /// `IsPartnerIntegrationConnector`.
    pub partner: Option<Sourced<bool>>,
    /// The authentication method's name, where the connector offers several.
    pub authentication: Option<Sourced<String>>,
    /// How the connector authenticates; `None` leaves authentication alone.
    pub auth: Option<Sourced<AuthSpec>>,
    /// Properties by the vendor's property key (`TargetName`).
    pub properties: ByName<Sourced<Value>>,
    /// Former names: what is installed under one of them is renamed.
    pub moved: Vec<Sourced<String>>,
    /// Whether it may not be removed; `None` leaves that as it is.
    pub protect: Option<Sourced<bool>>,
}

impl ConnectorSpec {
    /// The properties to write: the declared ones and those that `auth` stands for.
    pub fn all_properties(&self) -> BTreeMap<String, Sourced<Value>> {
        let declared = self.properties.iter();
        let mut all: BTreeMap<_, _> = declared
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        if let Some(auth) = &self.auth {
            for (name, value) in auth.value.properties() {
                all.insert(name, Sourced::new(value, auth.origin.clone()));
            }
        }
        all
    }
}

/// The forms of `auth`, one for each of the vendor's kinds (cyclr-api.md 2.6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthSpec {
    /// Nothing to authenticate.
    None,
    /// The customer signs in with OAuth 2 in a browser.
    SignInOAuth2,
    /// The customer signs in with OAuth 1 in a browser.
    SignInOAuth1,
    /// A plain key.
    ApiKey(SecretRef),
    /// User name and password.
    Basic {
        /// The user name: text or a reference.
        username: Value,
        /// The password.
        password: SecretRef,
    },
    /// OAuth 2 tokens that the partner already has.
    OAuth2Tokens {
        /// The access token.
        access_token: SecretRef,
        /// The refresh token.
        refresh_token: Option<SecretRef>,
        /// When the access token ends, ISO 8601.
        expires: Option<String>,
        /// When the refresh token ends, ISO 8601.
        refresh_expires: Option<String>,
    },
    /// OAuth 2 client credentials of this account, sent as `ClientId` and `ClientSecret` properties.
    OAuth2Client {
        /// The client id: text or a reference.
        client_id: Value,
        /// The client secret.
        client_secret: SecretRef,
    },
    /// Connector-specific fields, sent as properties.
    Fields(BTreeMap<String, Value>),
}

impl AuthSpec {
    /// The properties that this form stands for.
    pub fn properties(&self) -> BTreeMap<String, Value> {
        match self {
            Self::OAuth2Client {
                client_id,
                client_secret,
            } => BTreeMap::from([
                ("ClientId".to_owned(), client_id.clone()),
                (
                    "ClientSecret".to_owned(),
                    Value::Secret(client_secret.clone()),
                ),
            ]),
            Self::Fields(fields) => fields.clone(),
            Self::None
            | Self::SignInOAuth2
            | Self::SignInOAuth1
            | Self::ApiKey(_)
            | Self::Basic { .. }
            | Self::OAuth2Tokens { .. } => BTreeMap::new(),
        }
    }

    /// Whether an `AuthValue` is sent for this form.
    pub fn sends_value(&self) -> bool {
        match self {
            Self::ApiKey(_)
            | Self::Basic { .. }
            | Self::OAuth2Tokens { .. }
            | Self::OAuth2Client { .. } => true,
            Self::None | Self::SignInOAuth2 | Self::SignInOAuth1 | Self::Fields(_) => false,
        }
    }

    /// Whether the customer has to sign in.
    pub fn needs_sign_in(&self) -> bool {
        matches!(self, Self::SignInOAuth2 | Self::SignInOAuth1)
    }

    /// Every secret that the `AuthValue` is made of.
    pub fn secrets(&self) -> Vec<&SecretRef> {
        match self {
            Self::None | Self::SignInOAuth2 | Self::SignInOAuth1 => Vec::new(),
            Self::ApiKey(key) => vec![key],
            Self::Basic { username, password } => {
                username.secret().into_iter().chain([password]).collect()
            }
            Self::OAuth2Tokens {
                access_token,
                refresh_token,
                ..
            } => [access_token].into_iter().chain(refresh_token).collect(),
            Self::OAuth2Client {
                client_id,
                client_secret,
            } => client_id
                .secret()
                .into_iter()
                .chain([client_secret])
                .collect(),
            Self::Fields(fields) => fields.values().filter_map(Value::secret).collect(),
        }
    }
}

/// Which template is meant; ids differ per console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TemplateChoice {
    /// By its name.
    Name(String),
    /// By a tag that only one published template has.
    Tag(String),
    /// By its GUID.
    Id(String),
}

impl TemplateChoice {
    /// Whether a template of the instance is the one that is meant.
    pub fn means(&self, template: &LibraryTemplate) -> bool {
        match self {
            Self::Name(name) => template.name == *name,
            Self::Tag(tag) => template.tags.contains(tag),
            Self::Id(id) => template.id.eq_ignore_ascii_case(id),
        }
    }
}

impl std::fmt::Display for TemplateChoice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Tag(tag) => write!(f, "tag {tag}"),
            Self::Id(id) => write!(f, "id {id}"),
        }
    }
}

/// One wanted installed template (a cycle).
#[derive(Clone, Debug)]
pub struct TemplateSpec {
    /// The entry's name: the cycle's own name, and the key of its mark.
    pub name: String,
    /// Where the entry stands.
    pub origin: Origin,
    /// Wanted or to be removed.
    pub presence: Presence,
    /// The template.
    pub template: Sourced<TemplateChoice>,
    /// Wanted parameters and field mappings by step name.
    pub steps: ByName<StepSpec>,
    /// Variables by `SystemName`.
    pub variables: ByName<Sourced<String>>,
    /// How it is to run; `None` leaves it as it is.
    pub run: Option<Sourced<Run>>,
    /// Former names of the entry: the cycle of one of them is renamed.
    pub moved: Vec<Sourced<String>>,
    /// Whether it may not be removed; `None` leaves that as it is.
    pub protect: Option<Sourced<bool>>,
}

/// What is wanted of one step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StepSpec {
    /// Parameters by name.
    pub parameters: ByName<Sourced<MappingSpec>>,
    /// Field mappings by field name.
    pub fields: ByName<Sourced<MappingSpec>>,
}

/// What a parameter or a field is mapped to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappingSpec {
    /// `StaticValue`, `ValueList`, `Ignore`, or any other of the vendor's words.
    pub mapping_type: String,
    /// The value; `None` for `Ignore`.
    pub value: Option<String>,
}

impl MappingSpec {
    /// A fixed value.
    pub fn fixed(value: impl Into<String>) -> Self {
        Self {
            mapping_type: "StaticValue".into(),
            value: Some(value.into()),
        }
    }
}

impl AccountSpec {
    /// Where `exclusive: true` was written of it, if it was.
    pub fn exclusive_at(&self) -> Option<&Origin> {
        let exclusive = self.exclusive.as_ref().filter(|it| it.value);
        exclusive.map(|it| &it.origin)
    }

    /// The account's address.
    pub fn address(&self) -> Address {
        Address::account(&self.id)
    }
}
