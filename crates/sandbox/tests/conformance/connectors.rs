//! The library, installs, installed connectors, properties: conformance lines 8 to 12.

use serde_json::{Value, json};

use crate::support::Twin;

#[test]
fn the_library_is_listed_and_looked_up() {
    let twin = Twin::new();
    let rows = twin.get("/connectors?query=mailchimp&includeCustomConnectors=false");
    assert_eq!(rows.as_array().unwrap().len(), 1, "{rows}");
    let by_id = twin.get("/connectors/2550");
    assert_eq!(by_id["Name"], "Pipedrive");
    assert_eq!(by_id["Authentication"][0]["AuthType"], "ApiKey");
    assert_eq!(by_id["Parameters"][0]["TargetName"], "Subdomain");
    // The world's Pipedrive 1.0 wins over a shipped one of that version.
    let named = twin.get("/connectors/pipedrive/1.0");
    assert_eq!(named, json!([by_id]));
    let category = twin.get("/connectors?category=crms&pageSize=1000");
    assert!(category.as_array().unwrap().contains(&by_id));
    let methods = twin.get("/connectors/2550/methods?category=deals&query=list");
    assert_eq!(
        methods[0]["MethodUniqueIdentifier"],
        "9afbeecc-6019-49c6-ade9-721874d81c5a"
    );
    assert_eq!(
        twin.get("/connectors/2550/methods?category=none"),
        json!([])
    );
    assert_eq!(twin.get("/methods/36666"), methods[0]);
    assert_eq!(twin.status("GET /connectors/1", Value::Null), 404);
    assert_eq!(
        twin.status("GET /connectors/Nothing%20At%20All", Value::Null),
        404
    );
    assert_eq!(twin.get("/connectors?page=9999"), json!([]));
}

#[test]
fn connectors_are_installed_by_id_name_and_version() {
    let twin = Twin::new();
    let cases = [
        (
            "2550",
            json!({ "Name": "A", "AuthValue": "k", "Properties": [{ "Name": "Subdomain", "Value": "s", "Id": 0 }] }),
            true,
        ),
        (
            "Pipedrive/1.0",
            json!({ "Name": "B", "IsPartnerIntegrationConnector": true }),
            false,
        ),
        ("Quiet%20Utility", json!({}), true),
    ];
    for (path, given, authenticated) in cases {
        let made = twin.ok(&format!("POST /connectors/{path}/install"), given.clone());
        assert_eq!(made["Authenticated"], authenticated, "{path}");
        assert_eq!(made["AuthValue"], given["AuthValue"], "{path}");
        let id = made["Id"].as_u64().unwrap();
        assert_eq!(twin.get(&format!("/account/connectors/{id}")), made);
    }
    let rows = twin.get("/account/connectors?page=1&pageSize=100");
    let rows = rows.as_array().unwrap();
    assert_eq!(rows.len(), 4);
    assert_eq!(rows[1]["Properties"][0]["Value"], "s");
    assert_eq!(
        rows[1]["Properties"][0]["AccountConnectorId"],
        rows[1]["Id"]
    );
    assert_eq!(rows[2]["IsPartnerIntegrationConnector"], true);
    assert_eq!(rows[3]["Name"], "Quiet Utility");
    assert_eq!(rows[3]["Connector"]["IsSystemConnector"], true);
}

#[test]
fn installs_are_refused_in_the_vendors_words() {
    let twin = Twin::new();
    let property = |name: &str| json!({ "Properties": [{ "Name": name, "Value": "v" }] });
    let check = |path: &str, given: Value, status: u16, message: &str| {
        twin.refuses(
            &format!("POST /connectors/{path}/install"),
            given,
            status,
            message,
        );
    };
    let unknown = "There is not a connector property that matches name 'Dont exist'.";
    check("2550", property("Dont exist"), 400, unknown);
    let foreign = "Connector property name 'EndpointUrl' is not an account connector property.";
    check("2550", property("EndpointUrl"), 400, foreign);
    check(
        "5122",
        json!({}),
        400,
        "Connector 5122 is a draft and cannot be installed.",
    );
    check(
        "2550",
        json!({}),
        400,
        "Account connector name 'Pipedrive' is in use.",
    );
    check(
        "2550",
        json!({ "Name": "PIPEDRIVE" }),
        400,
        "Account connector name 'PIPEDRIVE' is in use.",
    );
    check("2550", Value::Null, 400, "The request is invalid.");
    check("1", json!({}), 404, "Connector not found.");
    assert_eq!(twin.get("/account/connectors").as_array().unwrap().len(), 1);
    assert!(twin.sandbox.ledger().commits.is_empty());
}

#[test]
fn an_installed_connector_is_merged_into() {
    let twin = Twin::new();
    let path = "/account/connectors/51";
    let put = |given: Value| twin.ok(&format!("PUT {path}"), given);
    assert_eq!(put(json!({ "Description": "d" }))["AuthValue"], "key");
    let properties = json!({ "Properties": [{ "Name": "Subdomain", "Value": "one" }] });
    let id = put(properties)["Properties"][0]["Id"].clone();
    let again =
        put(json!({ "AuthValue": "new", "Properties": [{ "Name": "subdomain", "Value": "two" }] }));
    assert_eq!(
        again["Properties"],
        json!([{ "Id": id, "Name": "Subdomain", "Value": "two", "AccountConnectorId": 51 }])
    );
    assert_eq!(
        (&again["AuthValue"], &again["Description"]),
        (&json!("new"), &json!("d"))
    );
    let renamed = put(
        json!({ "Name": "Own", "IsPartnerIntegrationConnector": "true", "AuthenticationId": "12ABC345-1a2b-123a-1ab2-1234ab5c6d7e" }),
    );
    assert_eq!(
        (&renamed["Name"], &renamed["IsPartnerIntegrationConnector"]),
        (&json!("Own"), &json!(true))
    );
    assert_eq!(
        twin.status(&format!("PUT {path}"), json!({ "AuthenticationId": "x" })),
        400
    );
    assert_eq!(twin.status("PUT /account/connectors/52", json!({})), 404);
    assert_eq!(twin.status("GET /account/connectors/x", Value::Null), 400);
    assert_eq!(twin.status(&format!("DELETE {path}"), Value::Null), 200);
    assert_eq!(twin.status(&format!("DELETE {path}"), Value::Null), 404);
}

#[test]
fn deauthenticating_stops_running_cycles() {
    let twin = Twin::new();
    let cycle = twin.ready_cycle();
    twin.ok(
        &format!("PUT /cycles/{cycle}/activate"),
        json!({ "Interval": 60 }),
    );
    twin.refuses(
        "PUT /account/connectors/51/deauthenticate",
        json!({}),
        200,
        "Connector 'Pipedrive' successfully de-authenticated.",
    );
    assert_eq!(twin.get("/account/connectors/51")["Authenticated"], false);
    assert_eq!(twin.get(&format!("/cycles/{cycle}"))["Status"], "Paused");
    let left = twin.get(&format!("/cycles/{cycle}/prerequisites"));
    assert_eq!(left[0]["ReasonCode"], 20);
    assert_eq!(
        (&left[0]["ObjectType"], &left[0]["ObjectId"]),
        (&json!("AccountConnector"), &json!(51))
    );
    twin.sandbox.sign_in("acme-001", "Pipedrive").unwrap();
    assert_eq!(twin.get("/account/connectors/51")["Authenticated"], true);
}

#[test]
fn properties_are_a_resource() {
    let twin = Twin::new();
    let path = "/account/connectors/51/properties";
    let made = twin.ok(
        &format!("POST {path}"),
        json!({ "Name": "Made up", "Value": "v", "Id": 0 }),
    );
    let one = format!("{path}/{}", made["Id"]);
    assert_eq!(twin.get(&one), made);
    twin.ok(&format!("POST {path}"), json!({ "Name": "A", "Value": 1 }));
    let rows = twin.get(&format!("{path}?orderBy=Name&sortOrderAsc=true"));
    assert_eq!(
        (&rows[0]["Name"], &rows[0]["Value"]),
        (&json!("A"), &json!("1"))
    );
    let changed = twin.ok(
        &format!("PUT {one}"),
        json!({ "Name": "Made up", "Value": "w", "Id": 0 }),
    );
    assert_eq!(
        (&changed["Value"], &changed["Id"]),
        (&json!("w"), &made["Id"])
    );
    assert_eq!(twin.status(&format!("DELETE {one}"), Value::Null), 200);
    for call in [
        format!("GET {one}"),
        format!("PUT {one}"),
        format!("DELETE {one}"),
    ] {
        assert_eq!(twin.status(&call, json!({})), 404, "{call}");
    }
    assert_eq!(
        twin.status("GET /account/connectors/9/properties", Value::Null),
        404
    );
}
