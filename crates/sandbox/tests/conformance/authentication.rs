//! Kinds of authentication and what makes an installed connector ready: cyclr-api.md 2.6.

use gangplank_sandbox::{SandboxOptions, World};
use serde_json::{Value, json};

use crate::support::{Twin, body};

const WORLD: &str = "
Partner: { Credentials: [{ ClientId: c, ClientSecret: s }] }
Connectors:
  - { Name: Key, Authentication: [{ AuthName: API Key, AuthType: ApiKey }] }
  - { Name: Basic, Authentication: [{ AuthName: Basic, AuthType: Basic }] }
  - { Name: SignIn, Authentication: [{ AuthName: OAuth, AuthType: OAuth2, OAuth2Type: AuthorisationCode }] }
  - { Name: One, Authentication: [{ AuthName: OAuth 1, AuthType: OAuth1 }] }
  - { Name: Client, Authentication: [{ AuthName: OAuth, AuthType: OAuth2, OAuth2Type: ClientCredentials }] }
  - { Name: Open, Authentication: [{ AuthName: None, AuthType: None }] }
  - { Name: Fields, Authentication: [{ AuthName: Fields, AuthType: AuthFields }],
      Parameters: [{ Name: Token, IsAccountConnectorProperty: true, IsSensitive: true }] }
  - { Name: Two ways, Authentication: [{ Id: 11111111-1111-4111-8111-111111111111, AuthName: API Key, AuthType: ApiKey },
                                       { Id: 22222222-2222-4222-8222-222222222222, AuthName: Open, AuthType: None }] }
  - { Name: Releases, Version: '1' }
  - { Name: Releases, Version: '2' }
  - { Name: Releases, Version: '3', Status: Draft }
  - { Name: Releases }
Accounts: [{ Id: acme-001, Name: Acme }]
";

fn twin(variants: &[(&str, &str)]) -> Twin {
    let own = |(id, position): &(&str, &str)| ((*id).to_owned(), (*position).to_owned());
    Twin::open(SandboxOptions {
        world: World::from_yaml(WORLD).unwrap(),
        variants: variants.iter().map(own).collect(),
        ..SandboxOptions::default()
    })
}

#[test]
fn each_kind_is_ready_when_it_has_what_it_needs() {
    let tokens = json!({ "AccessToken": "a", "RefreshToken": "r" }).to_string();
    let client =
        json!([{ "Name": "ClientId", "Value": "i" }, { "Name": "ClientSecret", "Value": "s" }]);
    let check = |connector: &str, given: Value, expected: bool| {
        let twin = twin(&[]);
        let made = twin.ok(
            &format!("POST /connectors/{connector}/install"),
            given.clone(),
        );
        assert_eq!(made["Authenticated"], expected, "{connector} {given}");
        let written = given["AuthValue"]
            .as_str()
            .filter(|value| !value.is_empty());
        assert_eq!(made["AuthValue"].as_str(), written, "{connector}");
    };
    check("Key", json!({}), false);
    check("Key", json!({ "AuthValue": "" , "Name": null }), false);
    check("Key", json!({ "AuthValue": "k" }), true);
    check("Basic", json!({ "AuthValue": "dTpw" }), true);
    check("SignIn", json!({}), false);
    check("SignIn", json!({ "AuthValue": tokens }), true);
    check("SignIn", json!({ "Properties": client }), false);
    check("One", json!({}), false);
    check("Client", json!({ "Properties": client }), false);
    check(
        "Client",
        json!({ "Properties": client, "AuthValue": "{}" }),
        true,
    );
    check("Open", json!({}), true);
    check("Fields", json!({}), false);
    check(
        "Fields",
        json!({ "Properties": [{ "Name": "Token", "Value": "t" }] }),
        true,
    );
    check("Two%20ways", json!({}), false);
    check(
        "Two%20ways",
        json!({ "AuthenticationId": "22222222-2222-4222-8222-222222222222" }),
        true,
    );
}

#[test]
fn the_chosen_method_is_never_shown_and_has_to_exist() {
    let twin = twin(&[]);
    let chosen = json!({ "AuthenticationId": "11111111-1111-4111-8111-111111111111" });
    let made = twin.ok("POST /connectors/Two%20ways/install", chosen);
    assert!(made.get("AuthenticationId").is_none());
    for id in ["33333333-3333-4333-8333-333333333333", "x"] {
        let given = json!({ "Name": "n", "AuthenticationId": id });
        assert_eq!(
            twin.status("POST /connectors/Two%20ways/install", given),
            400,
            "{id}"
        );
    }
}

#[test]
fn sensitive_properties_can_be_masked() {
    let given = json!({ "Properties": [{ "Name": "Token", "Value": "t" }] });
    let check = |position: &str, expected: &str| {
        let twin = twin(&[("U2", position)]);
        let id = twin.ok("POST /connectors/Fields/install", given.clone())["Id"].clone();
        let path = format!("/account/connectors/{id}");
        assert_eq!(
            twin.get(&path)["Properties"][0]["Value"],
            expected,
            "{position}"
        );
        assert_eq!(
            twin.get(&format!("{path}/properties"))[0]["Value"],
            expected,
            "{position}"
        );
    };
    check("plain", "t");
    check("masked", "********");
}

#[test]
fn releases_are_told_apart() {
    let twin = twin(&[]);
    let install = |path: &str, name: &str| {
        let made = twin.ok(
            &format!("POST /connectors/{path}/install"),
            json!({ "Name": name }),
        );
        let again = twin.get(&format!("/account/connectors/{}", made["Id"]));
        assert_eq!(again["Connector"]["Version"], made["Connector"]["Version"]);
        made["Connector"]["Version"].clone()
    };
    assert_eq!(install("Releases/1", "a"), "1");
    assert_eq!(install("Releases/2", "b"), "2");
    assert_eq!(install("Releases", "c"), Value::Null);
    let all = twin.get("/connectors/releases");
    assert_eq!(all.as_array().unwrap().len(), 4);
    let listed = twin.get("/connectors?query=releases");
    assert_eq!(listed.as_array().unwrap().len(), 3, "drafts are not listed");
    let (status, refused) = twin.call("POST /connectors/Releases/3/install", &json!({}));
    assert_eq!(status, 400);
    assert!(
        refused["Message"]
            .as_str()
            .unwrap()
            .ends_with(" is a draft and cannot be installed.")
    );
    assert_eq!(
        twin.status("POST /connectors/Releases/9/install", json!({})),
        404
    );
}

#[test]
fn a_second_property_of_one_name_follows_its_switches() {
    let check = |switch: (&str, &str), name: &str, status: u16, rows: usize| {
        let twin = twin(&[switch]);
        let given = json!({ "Properties": [{ "Name": "Token", "Value": "t" }] });
        let id = twin.ok("POST /connectors/Fields/install", given)["Id"].clone();
        let path = format!("/account/connectors/{id}/properties");
        let given = format!(r#"{{"Name":"{name}","Value":"u"}}"#);
        let answer = twin.call_as("acme-001", &format!("POST {path}"), &given);
        assert_eq!(
            answer.status.as_u16(),
            status,
            "{switch:?} {}",
            body(&answer)
        );
        assert_eq!(
            twin.get(&path).as_array().unwrap().len(),
            rows,
            "{switch:?}"
        );
    };
    check(("U9", "second"), "Token", 200, 2);
    check(("U9", "400"), "Token", 400, 1);
    check(("U9", "overwrite"), "Token", 200, 1);
    check(("U10", "anything"), "Else", 200, 2);
    check(("U10", "400"), "Else", 400, 1);
    check(("U10", "drop"), "Else", 200, 1);
}
