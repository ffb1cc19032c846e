//! LAUNCH, Marketplace and ORBIT: one-time URLs for customers (cyclr-api.md 2.10).

use super::account::blank;
use super::launch_connector;
use super::sign_in::give;
use super::user::{let_in, user_name};
use crate::body::{
    LaunchRequest, MarketplaceRequest, OrbitRequest, UserLaunchRequest, UserMarketplaceRequest,
    UserOrbitRequest,
};
use crate::browser::{encode, sign_in_url};
use crate::call::Call;
use crate::input::{Given, Input};
use crate::ledger::Action;
use crate::openapi::{Need, Operation, Parameter};
use crate::reply::{Outcome, Refusal, Reply};
use crate::variant::Switch;
use crate::view::{LaunchView, MarketplaceView, OrbitView};

const ID: Parameter = Parameter::text("id", "The account's id; an unknown one makes an account.");

const ONCE: &str = "The URL works once, and for five minutes. An account that does not exist is made, \
    and so is a user. The token of the call must not be restricted to an account.";

const REFUSED: &[(u16, &str)] = &[(400, "A connector or a property of it will not do.")];

const NO_MARKETPLACE: &[(u16, &str)] = &[
    (
        400,
        "There is no `MarketplaceId`, or a connector will not do.",
    ),
    (404, "The world lists marketplaces, and not this one."),
];

/// What the OpenAPI document says of the routes below.
pub(crate) const OPERATIONS: &[Operation] = &[
    Operation::new(
        "POST /accounts/{id}/launch",
        "launch",
        "Makes a URL at which a customer installs templates.",
        "2.10",
    )
    .says(ONCE)
    .path(&[ID])
    .reads::<LaunchRequest>(
        Need::Optional,
        r#"{"AccountName": "Acme Ltd", "Tags": ["crm"]}"#,
    )
    .answers::<LaunchView<'_>>("The URL.")
    .refuses(REFUSED),
    Operation::new(
        "POST /accounts/{id}/marketplace",
        "openMarketplace",
        "Makes a URL of a marketplace for a customer.",
        "2.10",
    )
    .says(ONCE)
    .path(&[ID])
    .reads::<MarketplaceRequest>(Need::Required, r#"{"MarketplaceId": 1}"#)
    .answers::<MarketplaceView<'_>>("The URL.")
    .refuses(NO_MARKETPLACE),
    Operation::new(
        "POST /accounts/{id}/orbit",
        "openOrbit",
        "Makes a URL at which a customer manages integrations.",
        "2.10",
    )
    .says(ONCE)
    .path(&[ID])
    .reads::<OrbitRequest>(Need::Optional, "{}")
    .answers::<OrbitView<'_>>("The URL.")
    .refuses(REFUSED),
    Operation::new(
        "POST /users/launch",
        "launchForUser",
        "Makes a URL at which a user installs templates.",
        "2.10",
    )
    .says(ONCE)
    .reads::<UserLaunchRequest>(Need::Required, USER)
    .answers::<LaunchView<'_>>("The URL.")
    .refuses(REFUSED),
    Operation::new(
        "POST /users/marketplace",
        "openMarketplaceForUser",
        "Makes a URL of a marketplace for a user.",
        "2.10",
    )
    .says(ONCE)
    .reads::<UserMarketplaceRequest>(
        Need::Required,
        r#"{"MarketplaceId": 1, "Username": "ann", "AccountId": "acme-001"}"#,
    )
    .answers::<MarketplaceView<'_>>("The URL.")
    .refuses(NO_MARKETPLACE),
    Operation::new(
        "POST /users/orbit",
        "openOrbitForUser",
        "Makes a URL at which a user manages integrations.",
        "2.10",
    )
    .says(ONCE)
    .reads::<UserOrbitRequest>(Need::Required, USER)
    .answers::<OrbitView<'_>>("The URL.")
    .refuses(REFUSED),
];

const USER: &str = r#"{"Username": "ann", "AccountId": "acme-001"}"#;

/// Who is signed in where a call names nobody; the console shows it under this name.
const API_USER: &str = "API User";

/// What is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Door {
    Launch,
    Marketplace,
    Orbit,
}

pub(crate) fn of_account(call: &mut Call<'_>) -> Outcome {
    open_account(call, Door::Launch)
}

pub(crate) fn marketplace_of_account(call: &mut Call<'_>) -> Outcome {
    open_account(call, Door::Marketplace)
}

pub(crate) fn orbit_of_account(call: &mut Call<'_>) -> Outcome {
    open_account(call, Door::Orbit)
}

pub(crate) fn of_user(call: &mut Call<'_>) -> Outcome {
    open_user(call, Door::Launch)
}

pub(crate) fn marketplace_of_user(call: &mut Call<'_>) -> Outcome {
    open_user(call, Door::Marketplace)
}

pub(crate) fn orbit_of_user(call: &mut Call<'_>) -> Outcome {
    open_user(call, Door::Orbit)
}

fn open_account(call: &mut Call<'_>, door: Door) -> Outcome {
    let input = Input::parse_or_empty(call.body)?;
    let path = path(call, &input, door)?;
    let id = call.segment(0).to_owned();
    enter(call, &input, &id, &id)?;
    answer(call, door, &path, API_USER.to_owned())
}

fn open_user(call: &mut Call<'_>, door: Door) -> Outcome {
    let input = Input::parse_or_empty(call.body)?;
    let path = path(call, &input, door)?;
    let user = user_name(&input)?;
    let password = input.text("Password")?.value();
    let id = input.text("AccountId")?.value();
    let (id, name) = match id.filter(|id| !id.trim().is_empty()) {
        Some(id) => (id.clone(), id),
        None => (call.instance.next_guid("account"), user.clone()),
    };
    let is_new = call.instance.people.user(&user).is_none();
    enter(call, &input, &id, &name)?;
    let_in(call, &user)?;
    // The password is that of a user whom the call makes (cyclr-api.md 2.10).
    if let Some(password) = password.filter(|password| is_new && !password.is_empty()) {
        call.instance.people.set_password(&user, password);
    }
    answer(call, door, &path, user)
}

/// Makes an account the call's, `name` being its name if the body gives none. An unknown one is created: a typo makes a customer
/// (cyclr-api.md 2.1).
fn enter(call: &mut Call<'_>, input: &Input, id: &str, name: &str) -> Result<(), Refusal> {
    call.account = call.instance.key(id);
    let is_new = call.account().is_err();
    let given_name = input.text("AccountName")?.value();
    let description = input.text("AccountDescription")?.value();
    let connectors = launch_connector::read(call, input, is_new)?;
    if is_new {
        let mut account = blank(id, call.now);
        account.name = given_name
            .filter(|given| !given.is_empty())
            .unwrap_or_else(|| name.to_owned());
        account.description = description;
        call.instance.accounts.insert(call.account.clone(), account);
        call.record(Action::Created, "account", id, id);
    }
    launch_connector::write(call, connectors)
}

fn answer(call: &mut Call<'_>, door: Door, path: &str, user: String) -> Outcome {
    let ticket = give(call, user)?;
    let is_encoded = call.instance.variants.is(Switch::LaunchUrl, "encoded");
    let place = if is_encoded {
        encode(path)
    } else {
        path.to_owned()
    };
    let url = sign_in_url(&call.instance.partner, call.host, &ticket.token, &place);
    let account_id = call.account()?.id.as_str();
    let (expires_at_utc, token) = (ticket.expires_at.as_str(), ticket.token.as_str());
    Ok(match door {
        Door::Launch => Reply::json(&LaunchView {
            account_id,
            expires_at_utc,
            launch_url: &url,
            token,
        }),
        Door::Marketplace => Reply::json(&MarketplaceView {
            account_id,
            expires_at_utc,
            marketplace_url: &url,
            token,
        }),
        Door::Orbit => Reply::json(&OrbitView {
            account_id,
            expires_at_utc,
            orbit_url: &url,
            token,
        }),
    })
}

/// Where the browser is led once it is signed in.
fn path(call: &Call<'_>, input: &Input, door: Door) -> Result<String, Refusal> {
    let (path, mut options) = match door {
        Door::Launch => ("/launch".to_owned(), launch_options(input)?),
        Door::Marketplace => (marketplace_path(call, input)?, Vec::new()),
        Door::Orbit => return Ok("/orbit".to_owned()),
    };
    let complete = input.text("CompleteParameter")?.value();
    if let Some(complete) = complete.filter(|text| !text.is_empty()) {
        options.push(format!("complete={}", encode(&complete)));
    }
    let is_inline = match input.boolean("InlineOAuth")? {
        Given::Value(is_inline) => is_inline,
        Given::Omitted | Given::Null => call.instance.partner.inline_oauth,
    };
    if !is_inline {
        options.push("inline=false".to_owned());
    }
    if options.is_empty() {
        return Ok(path);
    }
    Ok(format!("{path}?{}", options.join("&")))
}

fn marketplace_path(call: &Call<'_>, input: &Input) -> Result<String, Refusal> {
    let id = input.integer("MarketplaceId").unwrap_or(Given::Null);
    let Some(id) = id.value() else {
        return Err(Refusal::bad_request("MarketplaceId is required"));
    };
    let mut listed = call.instance.marketplaces.iter();
    let is_open = call.instance.marketplaces.is_empty();
    if !is_open && !listed.any(|one| u64::try_from(id) == Ok(one.id)) {
        return Err(Refusal::missing("Marketplace"));
    }
    Ok(format!("/launch/marketplace/{id}"))
}

/// The options that the URL repeats: some always, some only where they differ from the default
/// (cyclr-api.md 2.10).
fn launch_options(input: &Input) -> Result<Vec<String>, Refusal> {
    let mut options = Vec::new();
    let tags = input.texts("Tags")?.value().unwrap_or_default();
    if !tags.is_empty() {
        let tags: Vec<String> = tags.iter().map(|tag| encode(tag)).collect();
        options.push(format!("tags={}", tags.join(",")));
    }
    for (field, name, only) in [
        ("Start", "start", Some(false)),
        ("RunOnce", "once", Some(true)),
        ("AutoInstall", "auto", None),
        ("SingleInstall", "single", None),
        ("Wizard", "wizard", Some(true)),
        ("DisplayDescriptions", "descriptions", Some(true)),
    ] {
        if let Given::Value(value) = input.boolean(field)?
            && only.is_none_or(|only| only == value)
        {
            options.push(format!("{name}={value}"));
        }
    }
    Ok(options)
}
