//! Bodies of LAUNCH, Marketplace and ORBIT calls (cyclr-api.md 2.10).

use schemars::JsonSchema;

use super::account_connector::InstalledProperty;
use super::lenient::{Flag, Name, Number, Tag, Text};

/// What LAUNCH is to offer to the customer of an account.
#[derive(JsonSchema)]
pub(crate) struct LaunchRequest {
    #[schemars(flatten)]
    account: LaunchAccount,
    #[schemars(flatten)]
    options: LaunchOptions,
}

/// What LAUNCH is to offer to a user.
#[derive(JsonSchema)]
pub(crate) struct UserLaunchRequest {
    #[schemars(flatten)]
    user: LaunchUser,
    #[schemars(flatten)]
    account: LaunchAccount,
    #[schemars(flatten)]
    options: LaunchOptions,
}

/// Which marketplace is to be opened for the customer of an account.
#[derive(JsonSchema)]
pub(crate) struct MarketplaceRequest {
    #[schemars(flatten)]
    account: LaunchAccount,
    #[schemars(flatten)]
    options: MarketplaceOptions,
}

/// Which marketplace is to be opened for a user.
#[derive(JsonSchema)]
pub(crate) struct UserMarketplaceRequest {
    #[schemars(flatten)]
    user: LaunchUser,
    #[schemars(flatten)]
    account: LaunchAccount,
    #[schemars(flatten)]
    options: MarketplaceOptions,
}

/// Whose ORBIT is to be opened.
#[derive(JsonSchema)]
pub(crate) struct OrbitRequest {
    #[schemars(flatten)]
    account: LaunchAccount,
}

/// For which user ORBIT is to be opened.
#[derive(JsonSchema)]
pub(crate) struct UserOrbitRequest {
    #[schemars(flatten)]
    user: LaunchUser,
    #[schemars(flatten)]
    account: LaunchAccount,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "PascalCase")]
struct LaunchUser {
    /// Sign-in name. A name that nobody has makes a user.
    username: Name,
    /// Password of a user who is made by the call.
    password: Option<Text>,
    /// The account's id. One that is unknown makes an account, as does none.
    account_id: Option<Text>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "PascalCase")]
struct LaunchAccount {
    /// Name of an account that is made by the call; left out or empty, its id.
    account_name: Option<Text>,
    /// Description of an account that is made by the call.
    account_description: Option<Text>,
    /// Your own connectors, so that the customer is not asked to sign in to them.
    connector_authentications: Option<ConnectorAuthentications>,
    /// The older form, of the same fields; it is read where the call makes the account.
    partner_connector: Option<serde_json::Value>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "PascalCase")]
struct LaunchOptions {
    /// Whether what is installed is started; it is unless this is `false`.
    start: Option<Flag>,
    /// Whether it pauses itself after one run.
    run_once: Option<Flag>,
    /// Tags of the templates to offer; one in common is enough.
    tags: Option<Vec<Tag>>,
    /// Whether OAuth pages open in the same window; left out, the console's switch counts.
    #[schemars(rename = "InlineOAuth")]
    inline_oauth: Option<Flag>,
    /// Whether the only template on offer is installed without asking.
    auto_install: Option<Flag>,
    /// Whether templates that are installed already are left out.
    single_install: Option<Flag>,
    /// Passed to the final page.
    complete_parameter: Option<Text>,
    /// Whether mappings are asked for step by step.
    wizard: Option<Flag>,
    /// Whether descriptions of templates are shown.
    display_descriptions: Option<Flag>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "PascalCase")]
struct MarketplaceOptions {
    /// The marketplace's id.
    marketplace_id: Number,
    /// Whether OAuth pages open in the same window; left out, the console's switch counts.
    #[schemars(rename = "InlineOAuth")]
    inline_oauth: Option<Flag>,
    /// Passed to the final page.
    complete_parameter: Option<Text>,
}

/// One connector, or several.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum ConnectorAuthentications {
    One(ConnectorAuthentication),
    Several(Vec<ConnectorAuthentication>),
}

/// A connector of yours: it is installed, or the one of that name is given the credential.
#[derive(JsonSchema)]
#[schemars(rename_all = "PascalCase")]
struct ConnectorAuthentication {
    /// The connector's name. What an unknown one does is switch `LAUNCH_CONNECTOR`.
    name: Option<Text>,
    /// The connector's version; left out, the last one.
    version: Option<Text>,
    /// One of the connector's `Authentication`; left out or empty, the first.
    authentication_id: Option<Text>,
    /// The credential.
    auth_value: Option<Text>,
    /// Values for those of the connector's parameters that are `IsAccountConnectorProperty`.
    properties: Option<LaunchProperties>,
}

/// Properties; anything is passed over where the connector is unknown.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum LaunchProperties {
    Read(Vec<InstalledProperty>),
    PassedOver(serde_json::Value),
}
