//! Calls of methods and look-ups: cyclr-api.md 2.5, conformance line 11.

use serde_json::{Value, json};

use crate::support::Twin;

const METHOD: &str = "9afbeecc-6019-49c6-ade9-721874d81c5a";

fn world() -> String {
    format!(
        "
Partner: {{ Credentials: [{{ ClientId: demo, ClientSecret: demo-secret }}] }}
Connectors:
  - Id: 2550
    Name: Pipedrive
    Version: '1.0'
    Authentication: [{{ AuthName: API Key, AuthType: ApiKey }}]
    Triggers:
      - {{ Id: 31, Name: Lists, Values: [{{ Name: First, Value: a1 }}, {{ Value: b2 }}] }}
    Methods:
      - {{ Id: 36666, MethodUniqueIdentifier: {METHOD}, Name: List Deals,
          Parameters: [{{ Id: 9, Name: Limit }}], Response: {{ deals: [{{ id: 1 }}] }} }}
      - {{ Id: 36667, Name: Plain }}
Templates:
  - Name: T
    Connectors: [{{ Name: Pipedrive }}]
    Steps: [{{ Name: S, Connector: Pipedrive, Method: List Deals, Parameters: [{{ Id: 16017, Name: List }}] }}]
Accounts:
  - Id: acme-001
    Name: Acme
    Connectors:
      - {{ Id: 51, Name: Pipedrive, Connector: {{ Name: Pipedrive }}, AuthValue: secret-key }}
      - {{ Id: 52, Name: Bare, Connector: {{ Name: Pipedrive }} }}
      - {{ Id: 53, Name: Native, Connector: {{ Name: Pipedrive }}, AuthValue: k, IsPartnerIntegrationConnector: true }}"
    )
}

fn twin() -> Twin {
    Twin::of(&world())
}

#[test]
fn methods_and_tests_are_called_by_id_and_by_guid() {
    let twin = twin();
    let answer = json!({ "deals": [{ "id": 1 }] });
    let upper = METHOD.to_uppercase();
    for route in ["methods", "test"] {
        for id in ["36666", METHOD, &upper] {
            let path = format!("/account/connectors/51/{route}/{id}");
            assert_eq!(twin.get(&path), answer, "{path}");
            let given = json!({ "Parameters": { "9": "5" }, "Fields": { "1": "x" } });
            assert_eq!(twin.ok(&format!("POST {path}"), given), answer, "{path}");
            assert_eq!(twin.ok(&format!("POST {path}"), Value::Null), answer);
        }
    }
    // Parameters that the method's steps have are its own as well.
    let given = json!({ "Parameters": { "16017": "x" } });
    twin.ok("POST /account/connectors/51/methods/36666", given);
    let plain = twin.get("/account/connectors/51/methods/36667");
    assert_eq!(plain["Method"], "Plain");
    assert!(!plain.to_string().contains("secret-key"));
    assert!(twin.sandbox.ledger().commits.is_empty());
}

#[test]
fn calls_are_as_lenient_and_as_strict_as_the_vendors() {
    let twin = twin();
    // The vendor's own suite sends this.
    let loose = "{'Parameters': {9: 'value'}, 'Fields': {}}";
    let call = "POST /account/connectors/51/methods/36666";
    assert_eq!(twin.call_as("acme-001", call, loose).status, 200);
    for raw in ["<deal/>", "{ not json", "{}"] {
        let body = format!("{call}/body");
        assert_eq!(twin.call_as("acme-001", &body, raw).status, 200, "{raw}");
    }
    let check = |call: &str, given: Value, expected: u16| {
        assert_eq!(twin.status(call, given), expected, "{call}");
    };
    for route in ["methods", "test"] {
        let post = |id: &str| format!("POST /account/connectors/51/{route}/{id}");
        check(&post("1"), json!({}), 404);
        check(
            &post("00000000-0000-0000-0000-000000000001"),
            json!({}),
            404,
        );
        check(&post("9afbeecc-6019-49c6"), json!({}), 400);
        check(&post("99999999999999999999999"), json!({}), 400);
        check(&post("36666"), json!({ "Parameters": { "10": "x" } }), 400);
        check(&post("36666"), json!({ "Parameters": { "XXX": "x" } }), 400);
        check(&post("36666"), json!({ "Parameters": ["x"] }), 400);
        let get = format!("GET /account/connectors/9/{route}/36666");
        check(&get, Value::Null, 404);
    }
    let raw = "POST /account/connectors/51/methods/1/body";
    check(raw, json!({}), 404);
    let wrong = twin.call_as("acme-001", call, "{ not json");
    assert_eq!(wrong.status, 400);
}

#[test]
fn triggers_answer_what_the_world_declares() {
    let twin = twin();
    let call = |id: &str| format!("POST /account/connectors/51/triggers/{id}");
    let values = json!([{ "Name": "First", "Value": "a1" }, { "Value": "b2" }]);
    assert_eq!(twin.ok(&call("31"), json!({})), values);
    assert_eq!(twin.status(&call("32"), json!({})), 404);
    assert_eq!(twin.status(&call("x"), json!({})), 400);
    let unknown = "POST /account/connectors/9/triggers/31";
    assert_eq!(twin.status(unknown, json!({})), 404);
    let shown = twin.get("/account/connectors/51");
    assert_eq!(
        shown["Connector"]["Triggers"],
        json!([{ "TriggerId": 31, "Name": "Lists", "MethodId": null }])
    );
}

#[test]
fn restricted_addresses_and_missing_credentials_follow_their_switches() {
    let open = |variants: &[(&str, &str)]| Twin::of_with(&world(), variants);
    let status = |twin: &Twin, connector: u32, rest: &str| {
        twin.status(
            &format!("POST /account/connectors/{connector}/{rest}"),
            json!({}),
        )
    };
    for position in ["403", "401"] {
        let twin = open(&[("IP_RESTRICTION", position)]);
        let expected: u16 = position.parse().unwrap();
        for rest in ["methods/36666", "test/36666", "methods/36666/body"] {
            assert_eq!(status(&twin, 51, rest), expected, "{rest}");
            assert_eq!(status(&twin, 53, rest), 200, "the partner's own is exempt");
        }
        assert_eq!(status(&twin, 51, "triggers/31"), 200);
    }
    for position in ["400", "401", "200"] {
        let twin = open(&[("CALL_UNAUTHENTICATED", position)]);
        let expected: u16 = position.parse().unwrap();
        for rest in ["methods/36666", "test/36666", "triggers/31"] {
            assert_eq!(status(&twin, 52, rest), expected, "{rest}");
        }
    }
    assert_eq!(status(&twin(), 52, "test/36666"), 400);
}

#[test]
fn the_first_call_shows_whether_a_lazy_credential_is_good() {
    let twin = Twin::of_with(&world(), &[("U17", "lazy")]);
    let put = |value: &str| twin.ok("PUT /account/connectors/52", json!({ "AuthValue": value }));
    assert_eq!(put("wrong")["Authenticated"], false);
    let call = "POST /account/connectors/52/test/36666";
    assert_eq!(twin.status(call, json!({})), 400);
    assert_eq!(put("right")["Authenticated"], false);
    assert_eq!(twin.status(call, json!({})), 200);
    assert_eq!(twin.get("/account/connectors/52")["Authenticated"], true);
}

#[test]
fn method_lists_are_filtered_and_ordered() {
    let twin = twin();
    let names = |path: &str| -> Vec<String> {
        let rows = twin.get(path);
        let rows = rows.as_array().unwrap().iter();
        rows.map(|row| row["Name"].as_str().unwrap().to_owned())
            .collect()
    };
    for path in ["2550", "Pipedrive", "pipedrive/1.0"] {
        let path = format!("/connectors/{path}/methods");
        assert_eq!(names(&path), ["List Deals", "Plain"]);
        assert_eq!(names(&format!("{path}?query=LIST")), ["List Deals"]);
        assert!(names(&format!("{path}?category=Other")).is_empty());
    }
    let check = |path: &str, expected: u16| {
        assert_eq!(
            twin.status(&format!("GET {path}"), Value::Null),
            expected,
            "{path}"
        );
    };
    check("/connectors/1/methods", 404);
    check("/connectors/Nobody/methods", 404);
    check("/connectors/Pipedrive/9/methods", 404);
    check("/methods/1", 404);
    check("/methods/x", 400);
    let method = twin.get("/methods/36666");
    let parameter = &method["Parameters"][0];
    assert_eq!(parameter["Id"], 9);
    assert_eq!(parameter["DisplayOrder"], 0);
    assert!(method.get("Response").is_none(), "{method}");
}

#[test]
fn shipped_connectors_have_look_ups() {
    let twin = Twin::new();
    let made = twin.ok(
        "POST /connectors/Harbour%20CRM/install",
        json!({ "AuthValue": "k" }),
    );
    let trigger = &made["Connector"]["Triggers"][0];
    assert_eq!(trigger["Name"], "Contacts");
    let path = format!("/account/connectors/{}", made["Id"]);
    let call = format!("POST {path}/triggers/{}", trigger["TriggerId"]);
    let values = twin.ok(&call, json!({}));
    assert_eq!(values[0], json!({ "Name": "Contact 1", "Value": "1001" }));
    assert_eq!(values.as_array().unwrap().len(), 3);
}
