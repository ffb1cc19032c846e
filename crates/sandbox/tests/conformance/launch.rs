//! LAUNCH, Marketplace and ORBIT (cyclr-api.md 2.10).

use gangplank_sandbox::{SandboxOptions, World};
use serde_json::{Value, json};

use crate::support::{Twin, world};

/// The place that a URL leads to, with what it repeats.
fn place(url: &Value) -> String {
    let (_, place) = url.as_str().unwrap().split_once("&returnUrl=").unwrap();
    place.to_owned()
}

#[test]
fn launch_urls_repeat_what_was_asked_for() {
    let check = |body: Value, expected: &str| {
        let twin = Twin::new();
        let answer = twin.ok("POST /accounts/acme-001/launch", body.clone());
        assert_eq!(place(&answer["LaunchUrl"]), expected, "{body}");
    };
    // The console's switch is off: `inline=false` (cyclr-api.md 2.10).
    check(json!({}), "/launch?inline=false");
    check(json!({ "InlineOAuth": null }), "/launch?inline=false");
    check(json!({ "InlineOAuth": "false" }), "/launch?inline=false");
    check(json!({ "InlineOAuth": true }), "/launch");
    let inline = |more: Value| {
        let mut body = json!({ "inlineOAuth": "true" });
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        body
    };
    let check = |more: Value, expected: &str| check(inline(more), expected);
    check(json!({ "Start": true, "RunOnce": false }), "/launch");
    check(json!({ "Start": "False" }), "/launch?start=false");
    check(json!({ "RunOnce": 1 }), "/launch?once=true");
    check(json!({ "AutoInstall": true }), "/launch?auto=true");
    check(json!({ "AutoInstall": false }), "/launch?auto=false");
    check(json!({ "SingleInstall": "true" }), "/launch?single=true");
    check(json!({ "SingleInstall": false }), "/launch?single=false");
    check(json!({ "wizard": true }), "/launch?wizard=true");
    check(
        json!({ "Wizard": false, "DisplayDescriptions": false }),
        "/launch",
    );
    check(
        json!({ "DisplayDescriptions": true }),
        "/launch?descriptions=true",
    );
    check(
        json!({ "tags": ["CRM", "E mail"] }),
        "/launch?tags=CRM,E%20mail",
    );
    check(
        json!({ "completeParameter": "a&b" }),
        "/launch?complete=a%26b",
    );
    check(
        json!({ "Tags": ["x"], "Start": false, "RunOnce": true, "AutoInstall": true,
                "SingleInstall": true, "Wizard": true, "DisplayDescriptions": true,
                "CompleteParameter": "c" }),
        "/launch?tags=x&start=false&once=true&auto=true&single=true&wizard=true\
         &descriptions=true&complete=c",
    );
}

#[test]
fn the_consoles_switch_and_the_form_of_the_url_can_be_set() {
    let open = |domain: &str, position: &str| {
        let mut world = world();
        world.partner.inline_oauth = true;
        domain.clone_into(&mut world.partner.service_domain);
        Twin::open(SandboxOptions {
            world,
            variants: vec![("LAUNCH_URL".to_owned(), position.to_owned())],
            ..SandboxOptions::default()
        })
    };
    let body = json!({ "Tags": ["a"], "Start": false });
    let call = "POST /accounts/acme-001/launch";
    let plain = open("acme-h.cyclr.com", "plain").ok(call, body.clone());
    let token = crate::pages::encode(plain["Token"].as_str().unwrap());
    let start =
        format!("https://acme-h.cyclr.com/account/signinwithtoken?token={token}&returnUrl=");
    assert_eq!(
        plain["LaunchUrl"],
        format!("{start}/launch?tags=a&start=false")
    );
    let encoded = open("acme-h.cyclr.com", "encoded").ok(call, body.clone());
    let expected = format!("{start}%2Flaunch%3Ftags%3Da%26start%3Dfalse");
    assert_eq!(encoded["LaunchUrl"], expected);
    let local = open("127.0.0.1:8070", "plain").ok(call, body);
    let url = local["LaunchUrl"].as_str().unwrap();
    assert!(url.starts_with("http://127.0.0.1:8070/account/"), "{url}");
}

#[test]
fn unknown_accounts_are_created_by_a_typo() {
    let twin = Twin::new();
    let check = |call: &str, body: Value, id: &str, name: &str, url: &str| {
        let answer = twin.ok(call, body);
        assert_eq!(answer["AccountId"], id, "{call}");
        assert_eq!(answer["ExpiresAtUtc"], "2026-01-01T00:05:00Z");
        assert!(answer[url].is_string(), "{call}: {answer}");
        assert_eq!(twin.get(&format!("/accounts/{id}"))["Name"], name, "{call}");
    };
    let named = json!({ "AccountName": "Two", "AccountDescription": "d" });
    let url = "LaunchUrl";
    check("POST /accounts/one/launch", json!({}), "one", "one", url);
    check(
        "POST /accounts/two/launch",
        named.clone(),
        "two",
        "Two",
        url,
    );
    assert_eq!(twin.get("/accounts/two")["Description"], "d");
    check(
        "POST /accounts/acme-001/launch",
        named,
        "acme-001",
        "Acme Ltd",
        url,
    );
    check(
        "POST /accounts/three/orbit",
        json!({}),
        "three",
        "three",
        "OrbitUrl",
    );
    let market = json!({ "MarketplaceId": "8" });
    let call = "POST /accounts/four/marketplace";
    check(call, market, "four", "four", "MarketplaceUrl");
    let user = json!({ "AccountId": "five", "Username": "eve", "Password": "p" });
    check("POST /users/launch", user.clone(), "five", "five", url);
    check("POST /users/orbit", user, "five", "five", "OrbitUrl");
    assert_eq!(twin.get("/accounts/five/users"), json!(["eve"]));
    let without_id = twin.ok(
        "POST /users/marketplace",
        json!({ "Username": "zoe", "MarketplaceId": 1 }),
    );
    let id = without_id["AccountId"].as_str().unwrap();
    assert_eq!(twin.get(&format!("/accounts/{id}"))["Name"], "zoe");
    twin.refuses("POST /users/launch", json!({}), 400, "UserName is required");
}

#[test]
fn marketplaces_have_an_id() {
    let twin = Twin::new();
    let call = "POST /accounts/acme-001/marketplace";
    for body in [json!({}), Value::Null, json!({ "MarketplaceId": "x" })] {
        twin.refuses(call, body, 400, "MarketplaceId is required");
    }
    let call = "POST /accounts/none/marketplace";
    twin.refuses(call, json!({}), 400, "MarketplaceId is required");
    assert_eq!(twin.status("GET /accounts/none", Value::Null), 404);
    let body = json!({ "MarketplaceId": 1, "InlineOAuth": true, "CompleteParameter": "c" });
    let answer = twin.ok("POST /accounts/acme-001/marketplace", body);
    let found = place(&answer["MarketplaceUrl"]);
    assert_eq!(found, "/launch/marketplace/1?complete=c");
    // Once the world lists some, there are no others.
    let mut world = world();
    let more = "Marketplaces: [{ Id: 7, Name: Seven, Tags: [crm-test] }]";
    world.marketplaces = World::from_yaml(more).unwrap().marketplaces;
    let twin = Twin::open(SandboxOptions {
        world,
        ..SandboxOptions::default()
    });
    let status = |id: u64| {
        let body = json!({ "MarketplaceId": id });
        twin.status("POST /accounts/acme-001/marketplace", body)
    };
    assert_eq!((status(7), status(8)), (200, 404));
    assert_eq!(twin.sandbox.world().marketplaces[0].name, "Seven");
}

#[test]
fn a_restricted_token_opens_nothing() {
    let mut twin = Twin::new();
    let restricted = twin.sign("&scope=account:acme-001").1;
    twin.use_token(&restricted["access_token"]);
    for call in [
        "POST /accounts/acme-001/launch",
        "POST /accounts/acme-001/marketplace",
        "POST /accounts/acme-001/orbit",
        "POST /users/launch",
        "POST /users/marketplace",
        "POST /users/orbit",
    ] {
        let body = json!({ "MarketplaceId": 1, "Username": "u", "AccountId": "acme-001" });
        assert_eq!(twin.status(call, body), 401, "{call}");
    }
    let call = "POST /accounts/acme-001/signintoken";
    assert_eq!(twin.status(call, json!({ "Username": "u" })), 200);
}

#[test]
fn the_partners_connectors_come_ready() {
    let twin = Twin::new();
    let call = "POST /accounts/acme-001/launch";
    let given = json!({ "Name": "Mailchimp", "AuthValue": "k" });
    // Object or array (cyclr-api.md 6.2).
    twin.ok(call, json!({ "ConnectorAuthentications": given.clone() }));
    let given = [
        json!({ "Name": "Mailchimp", "AuthValue": "k2" }),
        json!({ "Name": "Pipedrive", "Version": "1.0", "AuthValue": "k3",
                "Properties": [{ "Name": "Subdomain", "Value": "s" }] }),
        json!({ "Name": "Of nobody" }),
    ];
    twin.ok(call, json!({ "connectorauthentications": given }));
    let installed = twin.get("/account/connectors");
    let shown: Vec<_> = installed.as_array().unwrap().iter().collect();
    assert_eq!(shown.len(), 2);
    let shown = shown.iter().map(|one| {
        let text = |field: &str| one[field].as_str().unwrap().to_owned();
        (
            text("Name"),
            text("AuthValue"),
            one["Authenticated"].clone(),
        )
    });
    let ready = |name: &str, value: &str| (name.to_owned(), value.to_owned(), json!(true));
    let expected = [ready("Pipedrive", "k3"), ready("Mailchimp", "k2")];
    assert_eq!(shown.collect::<Vec<_>>(), expected);
    assert_eq!(installed[0]["Properties"][0]["Value"], "s");
    // The older form counts where the call makes the account (cyclr-api.md 2.10).
    let older = json!({ "PartnerConnector": { "Name": "Squareup", "Version": "1.0" } });
    twin.ok(call, older.clone());
    assert_eq!(twin.get("/account/connectors").as_array().unwrap().len(), 2);
    twin.ok("POST /accounts/fresh/launch", older);
    let fresh = twin.sandbox.world().accounts;
    let fresh = fresh.iter().find(|one| one.id == "fresh").unwrap();
    assert_eq!(fresh.connectors[0].name, "Squareup");
    // What cannot be is refused before anything is made.
    let wrong = json!({ "ConnectorAuthentications": [{ "Name": "Pipedrive",
        "Properties": [{ "Name": "Dont exist", "Value": "x" }] }] });
    let message = "There is not a connector property that matches name 'Dont exist'.";
    twin.refuses("POST /accounts/half/launch", wrong, 400, message);
    assert_eq!(twin.status("GET /accounts/half", Value::Null), 404);
    let strict = Twin::with(&[("LAUNCH_CONNECTOR", "400")]);
    let unknown = json!({ "ConnectorAuthentications": { "Name": "Of nobody" } });
    strict.refuses(call, unknown, 400, "Connector 'Of nobody' not found.");
}
