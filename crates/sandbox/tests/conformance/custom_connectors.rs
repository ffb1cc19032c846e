//! Connectors that an account defines for itself: cyclr-api.md 2.4, conformance line 18.

use serde_json::{Value, json};

use crate::support::{Twin, body, reopened};

const CUSTOM: &str = "/account/connectors/custom/";

/// A definition, with what no list of ours knows.
fn definition() -> Value {
    json!({
        "Name": "Own CRM", "UniqueIdentifier": "5f2b1c9e-8f5d-4b8e-9a3b-0a8b8f3c1d2e", "Version": "7",
        "ProductAddon": null, "Status": "Approved", "ReleaseStatus": "Draft", "Strange": { "Deep": [1, 1.5, null] },
        "Authentication": [{ "AuthName": "Key", "AuthType": "ApiKey" }],
        "Parameters": [{ "Name": "Host", "TargetName": "Host", "IsAccountConnectorProperty": true }],
        "Triggers": [{ "TriggerId": 77, "Name": "Lists" }], "MethodCategories": [], "RateLimits": [],
        "Methods": [{ "Id": 4711, "Name": "List Things", "Category": "Things" }], "Deprecations": [],
    })
}

fn create(twin: &Twin) -> Value {
    twin.ok(&format!("POST {CUSTOM}"), definition())
}

#[test]
fn definitions_are_kept_whole() {
    let twin = Twin::new();
    assert_eq!(twin.get(CUSTOM), json!([]));
    let made = create(&twin);
    let mut expected = definition();
    expected["Id"] = made["Id"].clone();
    assert_eq!(made, expected);
    let one = format!("/account/connectors/custom/{}", made["Id"]);
    assert_eq!(twin.get(&one), made);
    assert_eq!(twin.get("/account/connectors/custom"), json!([made]));
    let put = twin.ok(
        &format!("PUT {one}"),
        json!({ "name": "Renamed", "New": 1 }),
    );
    expected["Name"] = json!("Renamed");
    expected["New"] = json!(1);
    assert_eq!(put, expected);
    let again = reopened(&twin);
    assert_eq!(again.get(&one), expected);
    // Of this account alone.
    twin.ok("POST /accounts", json!({ "Id": "other", "Name": "Other" }));
    let foreign = twin.call_as("other", &format!("GET {CUSTOM}"), "");
    assert_eq!(body(&foreign), json!([]));
    assert_eq!(twin.call_as("other", &format!("GET {one}"), "").status, 404);
    assert_eq!(twin.status(&format!("DELETE {one}"), Value::Null), 200);
    assert_eq!(twin.get(CUSTOM), json!([]));
    for call in ["GET", "PUT", "DELETE"] {
        assert_eq!(twin.status(&format!("{call} {one}"), definition()), 404);
    }
}

#[test]
fn definitions_are_refused_in_the_vendors_words() {
    let twin = Twin::new();
    let post = format!("POST {CUSTOM}");
    let without = |name: &str| {
        let mut given = definition();
        given.as_object_mut().unwrap().remove(name);
        given
    };
    let null_name = "Invalid connector: (Column 'Name' cannot be null)";
    twin.refuses(&post, without("Name"), 400, null_name);
    assert_eq!(twin.status(&post, without("UniqueIdentifier")), 400);
    let mut invalid = definition();
    invalid["UniqueIdentifier"] = json!("not a GUID");
    assert_eq!(twin.status(&post, invalid), 400);
    assert_eq!(twin.status(&post, json!({})), 400);
    assert_eq!(twin.status(&post, Value::Null), 400);
    let made = create(&twin);
    let put = format!("PUT /account/connectors/custom/{}", made["Id"]);
    twin.refuses(&put, json!({ "Name": null }), 400, null_name);
    assert_eq!(twin.status(&put, json!({ "UniqueIdentifier": "x" })), 400);
    assert_eq!(twin.status(&put, Value::Null), 400);
    for call in ["GET", "PUT", "DELETE"] {
        let unknown = format!("{call} /account/connectors/custom/99999999");
        assert_eq!(twin.status(&unknown, definition()), 404, "{call}");
        let malformed = format!("{call} /account/connectors/custom/x");
        assert_eq!(twin.status(&malformed, definition()), 400, "{call}");
    }
    // An empty account header is 401.
    let text = definition().to_string();
    assert_eq!(twin.call_as("", &post, &text).status, 401);
    let empty = twin.raw(
        "POST",
        "/v1.0/account/connectors/custom/",
        &[("x-cyclr-account", "")],
        &text,
    );
    assert_eq!(empty.status, 401);
    assert_eq!(twin.get(CUSTOM), json!([made]));
}

#[test]
fn they_are_listed_when_asked_for_and_install_like_others() {
    let twin = Twin::new();
    let made = create(&twin);
    let count = |twin: &Twin, query: &str| {
        let rows = twin.get(&format!("/connectors?query=own%20crm{query}"));
        rows.as_array().unwrap().len()
    };
    assert_eq!(count(&twin, "&includeCustomConnectors=true"), 1);
    assert_eq!(count(&twin, "&includeCustomConnectors=false"), 0);
    assert_eq!(count(&twin, ""), 0);
    let listed = Twin::with(&[("CUSTOM_LISTED", "true")]);
    create(&listed);
    assert_eq!(count(&listed, ""), 1);

    let shown = twin.get(&format!("/connectors/{}", made["Id"]));
    assert_eq!(
        (&shown["Name"], &shown["AuthType"]),
        (&json!("Own CRM"), &json!("ApiKey"))
    );
    assert_eq!(shown["Triggers"][0]["TriggerId"], 77);
    assert_eq!(twin.get("/connectors/own%20crm"), json!([shown]));
    assert_eq!(twin.get("/connectors/Own%20CRM/7"), json!([shown]));
    assert_eq!(twin.get("/connectors/Own%20CRM/methods")[0]["Id"], 4711);
    assert_eq!(twin.get("/methods/4711")["Name"], "List Things");

    let given = json!({ "AuthValue": "k", "Properties": [{ "Name": "Host", "Value": "h" }] });
    let installed = twin.ok("POST /connectors/Own%20CRM/install", given);
    assert_eq!(installed["Connector"], shown);
    assert_eq!(installed["Authenticated"], true);
    let by_id = format!("POST /connectors/{}/install", made["Id"]);
    twin.ok(&by_id, json!({ "Name": "Second" }));
    let call = format!("POST /account/connectors/{}/methods/4711", installed["Id"]);
    assert_eq!(twin.ok(&call, json!({}))["Method"], "List Things");
    // Another account has no such connector.
    twin.ok("POST /accounts", json!({ "Id": "other", "Name": "Other" }));
    let foreign = twin.call_as("other", "POST /connectors/Own%20CRM/install", "{}");
    assert_eq!(foreign.status, 404);
    // Deleted, it works on where it is installed, also after a dump.
    twin.ok(
        &format!("DELETE /account/connectors/custom/{}", made["Id"]),
        Value::Null,
    );
    assert_eq!(twin.get(CUSTOM), json!([]));
    assert_eq!(
        twin.status("POST /connectors/Own%20CRM/install", json!({})),
        404
    );
    let path = format!("/account/connectors/{}", installed["Id"]);
    assert_eq!(twin.get(&path)["Connector"], shown);
    assert_eq!(reopened(&twin).get(&path)["Connector"], shown);
}

#[test]
fn a_second_definition_of_one_identifier_follows_its_switch() {
    let check = |position: &str, status: u16, rows: usize| {
        let twin = Twin::with(&[("CUSTOM_AGAIN", position)]);
        create(&twin);
        let post = format!("POST {CUSTOM}");
        assert_eq!(twin.status(&post, definition()), status, "{position}");
        let left = twin.get(CUSTOM);
        assert_eq!(left.as_array().unwrap().len(), rows, "{position}");
    };
    check("second", 200, 2);
    check("400", 400, 1);
    check("overwrite", 200, 1);
}

#[test]
fn worlds_hold_definitions() {
    let text = "
Partner: { Credentials: [{ ClientId: demo, ClientSecret: demo-secret }] }
Accounts:
  - Id: acme-001
    Name: Acme
    CustomConnectors: [{ Definition: { Name: Own, UniqueIdentifier: 5f2b1c9e-8f5d-4b8e-9a3b-0a8b8f3c1d2e, Odd: true } }]
    Connectors: [{ Id: 5, Name: Mine, Connector: { Name: Own } }]";
    let twin = Twin::of(text);
    assert_eq!(
        twin.get("/account/connectors/5")["Connector"]["Name"],
        "Own"
    );
    assert_eq!(twin.get(CUSTOM)[0]["Odd"], true);
    let again = reopened(&twin);
    assert_eq!(again.sandbox.world(), twin.sandbox.world());
}
