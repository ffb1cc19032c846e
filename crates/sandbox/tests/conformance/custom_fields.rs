//! Custom fields of installed connectors: cyclr-api.md 2.4, conformance line 12.

use serde_json::{Value, json};

use crate::support::{Twin, reopened};

const FIELDS: &str = "/account/connectors/51/fields";
const ZEROS: &str = "00000000-0000-0000-0000-000000000000";

/// The body of the vendor's own suite.
fn body() -> Value {
    json!({
        "ConnectorField": "[custom_1]", "SystemField": null, "DisplayName": "Custom",
        "Description": "d", "DataType": "Text", "MethodUniqueIdentifier": ZEROS,
        "DataTypeFormat": null, "EntityIdentifier": null, "ForRequestFormat": true,
    })
}

#[test]
fn custom_fields_are_a_resource() {
    let twin = Twin::new();
    assert_eq!(twin.get(FIELDS), json!([]));
    let made = twin.ok(&format!("POST {FIELDS}"), body());
    let mut expected = body();
    expected["Id"] = made["Id"].clone();
    assert_eq!(made, expected);
    assert!(made["Id"].is_u64());
    let one = format!("{FIELDS}/{}", made["Id"]);
    assert_eq!(twin.get(&one), made);
    assert_eq!(twin.get(FIELDS), json!([made]));
    assert_eq!(
        twin.get("/account/connectors/51")["CustomFields"],
        json!([made])
    );
    let changed = twin.ok(
        &format!("PUT {one}"),
        json!({ "displayname": "New", "DataType": 3, "ForRequestFormat": "false" }),
    );
    expected["DisplayName"] = json!("New");
    expected["DataType"] = json!("Float");
    expected["ForRequestFormat"] = json!(false);
    assert_eq!(changed, expected);
    assert_eq!(reopened(&twin).get(&one), expected);
    assert_eq!(twin.status(&format!("DELETE {one}"), Value::Null), 200);
    assert_eq!(twin.get(FIELDS), json!([]));
    for call in [
        format!("GET {one}"),
        format!("PUT {one}"),
        format!("DELETE {one}"),
    ] {
        assert_eq!(twin.status(&call, json!({})), 404, "{call}");
    }
    let kinds: Vec<_> = twin.sandbox.ledger().commits;
    let keys: Vec<_> = kinds.iter().map(|one| one.key.as_str()).collect();
    assert_eq!(
        keys[0],
        format!("acme-001/Pipedrive/[custom_1]/{ZEROS}/request")
    );
    assert_eq!(keys.len(), 3);
}

#[test]
fn custom_fields_are_refused_for_what_is_not_there() {
    let twin = Twin::new();
    let check = |call: &str, given: Value, expected: u16| {
        assert_eq!(twin.status(call, given), expected, "{call}");
    };
    check("GET /account/connectors/9/fields", Value::Null, 404);
    check("POST /account/connectors/9/fields", body(), 404);
    check("GET /account/connectors/x/fields", Value::Null, 400);
    check(&format!("GET {FIELDS}/x"), Value::Null, 400);
    check(&format!("GET {FIELDS}/9"), Value::Null, 404);
    check(&format!("POST {FIELDS}"), json!({}), 400);
    for (name, value) in [("DataType", "Nothing"), ("MethodUniqueIdentifier", "x")] {
        let mut given = body();
        given[name] = json!(value);
        check(&format!("POST {FIELDS}"), given, 400);
    }
    assert!(twin.sandbox.ledger().commits.is_empty());
}

#[test]
fn a_second_custom_field_of_one_key_follows_its_switch() {
    let check = |position: &str, status: u16, rows: usize| {
        let twin = Twin::with(&[("FIELD_AGAIN", position)]);
        let first = twin.ok(&format!("POST {FIELDS}"), body());
        let (is, second) = twin.call(&format!("POST {FIELDS}"), &body());
        assert_eq!(is, status, "{position}");
        assert_eq!(
            twin.get(FIELDS).as_array().unwrap().len(),
            rows,
            "{position}"
        );
        assert_eq!(
            first["Id"] == second["Id"],
            position == "overwrite",
            "{position}"
        );
        let mut other = body();
        other["ForRequestFormat"] = json!(false);
        twin.ok(&format!("POST {FIELDS}"), other);
    };
    check("second", 200, 2);
    check("400", 400, 1);
    check("overwrite", 200, 1);
}
