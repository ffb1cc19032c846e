//! Look-ups and mappings of steps: cyclr-api.md 2.9.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Twin, reopened, rich};

const CYCLE: &str = "/cycles/cccccccc-0000-4000-8000-000000000001";
const BARE: &str = "/steps/dddddddd-0000-4000-8000-000000000002";

#[test]
fn triggers_look_up_values() {
    let twin = rich(&[]);
    let made = twin.ok(
        &format!("POST {CYCLE}/steps"),
        json!({ "MethodId": 70001, "AccountConnectorId": 82 }),
    );
    let step = format!("/steps/{}", made["Id"].as_str().unwrap());
    let parameter = &twin.get(&format!("{step}/parameters"))[0]["Parameter"];
    assert_eq!(parameter["TriggerName"], "Segments");
    let trigger = &parameter["Triggers"][0];
    assert_eq!(
        (
            &trigger["AccountConnectorId"],
            &trigger["MethodId"],
            &trigger["TriggerId"]
        ),
        (&json!(82), &json!(70001), &json!(9))
    );
    assert_eq!(
        (&trigger["IdentifierKey"], &trigger["HumanReadableKey"]),
        (&json!("id"), &Value::Null)
    );
    assert_eq!(trigger["SubTriggers"][0]["Name"], "Deeper");
    let call = format!("POST {step}/parameters/701/lookup");
    let values = twin.ok(&call, json!({ "TriggerId": 9 }));
    assert_eq!(
        values,
        json!([{ "Name": "Gold", "Value": "g" }, { "Name": null, "Value": "bare" }])
    );
    assert_eq!(twin.ok(&call, json!({ "triggerid": "9" })), values);
    assert_eq!(twin.status(&call, json!({ "TriggerId": 10 })), 404);
    assert_eq!(
        twin.status(
            &format!("POST {step}/parameters/999/lookup"),
            json!({ "TriggerId": 9 })
        ),
        404
    );
    assert_eq!(
        twin.status(
            &format!("POST {step}/parameters/XXX/lookup"),
            json!({ "TriggerId": 9 })
        ),
        400
    );
    // What the third party has is asked with a credential.
    assert_eq!(
        twin.status(
            &format!("POST {BARE}/parameters/701/lookup"),
            json!({ "TriggerId": 9 })
        ),
        400
    );
}

#[test]
fn fields_of_the_customers_own_are_found_in_a_moment() {
    let twin = rich(&[]);
    let made = twin.ok(&format!("POST {CYCLE}/steps"), json!({ "MethodId": 70002 }));
    let step = format!("/steps/{}/fieldmappings", made["Id"].as_str().unwrap());
    let names = || {
        let rows = twin.get(&step);
        rows.as_array()
            .unwrap()
            .iter()
            .map(|one| one["Field"]["Name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(), ["Email", "Nickname"]);
    assert_eq!(twin.status(&format!("POST {step}/lookup"), json!({})), 200);
    assert_eq!(names(), ["Email", "Nickname"]);
    twin.clock.advance(Duration::from_secs(3));
    assert_eq!(names(), ["Email", "Nickname", "Shoe Size"]);
    assert_eq!(twin.status(&format!("POST {step}/lookup"), json!({})), 200);
    twin.clock.advance(Duration::from_secs(3));
    assert_eq!(names().len(), 3);
    let own = twin.ok(
        &format!("PUT {step}/731"),
        json!({ "MappingType": "StaticValue", "Value": "44" }),
    );
    assert_eq!(own["Value"], "44");
}

#[test]
fn fields_of_earlier_steps_can_be_mapped() {
    let twin = rich(&[]);
    let steps = twin.get(&format!("{CYCLE}/steps"));
    let path = |index: usize| format!("/steps/{}", steps[index]["Id"].as_str().unwrap());
    assert_eq!(
        twin.get(&format!("{}/fieldsformapping", path(0))),
        json!([])
    );
    let fields = twin.get(&format!("{}/fieldsformapping", path(1)));
    assert_eq!(fields.as_array().unwrap().len(), 1);
    assert_eq!(
        (&fields[0]["Id"], &fields[0]["StepId"]),
        (&json!(721), &steps[0]["Id"])
    );
    // The template names the earlier step; the cycle has its id.
    let mapped = twin.get(&format!("{}/fieldmappings/711", path(1)));
    assert_eq!(
        (&mapped["SourceStepId"], &mapped["SourceFieldId"]),
        (&steps[0]["Id"], &json!(721))
    );
    // By the edges, not by the order.
    let edges = twin.get(&format!("{CYCLE}/edges"));
    twin.ok(
        &format!("DELETE {CYCLE}/edges/{}", edges[0]["Id"].as_str().unwrap()),
        Value::Null,
    );
    let back = json!({ "FromStepId": steps[1]["Id"], "ToStepId": steps[0]["Id"] });
    twin.ok(&format!("POST {CYCLE}/edges"), back);
    assert_eq!(
        twin.get(&format!("{}/fieldsformapping", path(0)))[0]["Id"],
        722
    );
    assert_eq!(
        twin.get(&format!("{}/fieldsformapping", path(1))),
        json!([])
    );
}

#[test]
fn mappings_are_posted_as_well() {
    let twin = rich(&[]);
    let steps = twin.get(&format!("{CYCLE}/steps"));
    let path = format!(
        "/steps/{}/fieldmappings/711",
        steps[1]["Id"].as_str().unwrap()
    );
    let posted = twin.ok(
        &format!("POST {path}"),
        json!({ "MappingType": "StaticValue", "Value": "p" }),
    );
    assert_eq!(posted["Value"], "p");
    assert_eq!(twin.get(&path), posted);
    let keys: Vec<&String> = posted.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "Field",
            "IsEntityIdentifier",
            "IsLaunchVisible",
            "MappingType",
            "SourceFieldId",
            "SourceStepId",
            "TriggerValue",
            "TriggerValueDisplayName",
            "Value"
        ]
    );
}

#[test]
fn parameters_of_the_library_show_their_triggers() {
    let world = "
Partner: { Credentials: [{ ClientId: c, ClientSecret: s }] }
Connectors:
  - { Id: 700, Name: CRM, Triggers: [{ TriggerId: 9, Name: Segments, MethodId: 70001 }],
      Parameters: [{ Id: 7, Name: Pipeline, IsAccountConnectorProperty: true, IsOptional: true, TriggerName: Look it up,
                     Triggers: [{ TriggerId: 9 }] }, { Id: 8, Name: Plain, IsOptional: true }],
      Methods: [{ Id: 70001, Name: Get, Parameters: [{ Id: 701, Name: Segment,
                  Triggers: [{ TriggerId: 9, IdentifierKey: id, SubTriggers: [{ TriggerId: 9, Name: Deeper }] }] }] }] }
Accounts: [{ Id: acme-001, Name: Acme, Connectors: [{ Id: 81, Name: CRM, Connector: { Name: CRM } }] }]
";
    let twin = Twin::of(world);
    let trigger = |name: &str, key: Value, below: Value| {
        json!({ "AccountConnectorId": null, "MethodId": 70001, "TriggerId": 9, "Name": name,
                "HumanReadableKey": null, "IdentifierKey": key, "SubTriggers": below, "EntityId": null })
    };
    let below = json!([trigger("Deeper", Value::Null, json!([]))]);
    let method = twin.get("/methods/70001");
    assert_eq!(
        method["Parameters"][0]["Triggers"],
        json!([trigger("Segments", json!("id"), below)])
    );
    assert_eq!(method["Parameters"][0]["TriggerName"], "Segments");
    assert_eq!(twin.get("/connectors/CRM/methods"), json!([method]));
    let connector = twin.get("/connectors/700");
    let parameters = &connector["Parameters"];
    assert_eq!(
        (&parameters[0]["TriggerName"], &parameters[0]["Triggers"]),
        (
            &json!("Look it up"),
            &json!([trigger("Segments", Value::Null, json!([]))])
        )
    );
    assert_eq!(
        (&parameters[1]["TriggerName"], &parameters[1]["Triggers"]),
        (&Value::Null, &json!([]))
    );
    assert_eq!(twin.get("/account/connectors/81")["Connector"], connector);
    reopened(&twin);
}

#[test]
fn mappings_are_kept_whatever_their_type() {
    let twin = rich(&[]);
    let step = "/steps/dddddddd-0000-4000-8000-000000000002";
    let left = || {
        let rows = twin.get(&format!("{step}/prerequisites"));
        let rows = rows.as_array().unwrap().iter();
        rows.map(|row| row["ObjectId"].as_u64().unwrap())
            .collect::<Vec<_>>()
    };
    let put = |path: &str, given: Value| twin.ok(&format!("PUT {step}/{path}"), given);
    assert!(left().contains(&701) && left().contains(&711));
    let ignored = put("parameters/701", json!({ "MappingType": "Ignore" }));
    assert_eq!(ignored["MappingType"], "Ignore");
    assert!(!left().contains(&701));
    let looked_up = json!({ "MappingType": "OfTheVendorsOwn", "TriggerValue": "7", "TriggerValueDisplayName": "Seven" });
    let kept = put("fieldmappings/711", looked_up.clone());
    for (name, value) in looked_up.as_object().unwrap() {
        assert_eq!(&kept[name], value, "{name}");
    }
    let open = put("parameters/701", json!({ "MappingType": null }));
    assert_eq!(open["MappingType"], Value::Null);
    assert!(left().contains(&701));
    // Variables have value lists, too (cyclr-api.md 2.8).
    let given = json!({ "DisplayName": "Kind of", "MappingType": "ValueList", "Value": "a" });
    let made = twin.ok(&format!("POST {CYCLE}/variables"), given);
    assert_eq!(made["MappingType"], "ValueList");
}
