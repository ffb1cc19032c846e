//! Filters, export and import of templates: cyclr-api.md 2.7, conformance lines 13 and 14.

use serde_json::{Value, json};

use crate::support::{TEMPLATE, Twin, reopened};

const FOLDER: &str = "0c9a1d7e-6f0b-4a59-8f43-93a7d0a5a111";

fn world() -> String {
    let world = include_str!("world.yaml");
    format!("{world}Folders: [{{ Id: {FOLDER}, Name: Ours }}]\n")
}

#[test]
fn an_export_has_what_an_import_needs() {
    let twin = Twin::of(&world());
    let file = twin.get(&format!("/templates/{TEMPLATE}/export"));
    assert_eq!(file["Name"], "Pipedrive > MailChimp");
    assert_eq!(
        file["VersionedCycle"],
        json!({ "Published": true, "Tags": ["crm-test"] })
    );
    let step = &file["Steps"][0];
    assert_eq!(step["ActionType"], 4);
    assert_eq!(step["Fields"][0]["MappingType"], 1);
    assert_eq!(step["Fields"][0]["DataType"], 1);
    assert_eq!(step["Id"].as_str().unwrap().len(), 36);
    assert_eq!(file["Edges"], json!([]));
    assert_eq!(file["Variables"][0]["DisplayName"], "Region");
    assert_eq!(file["ExportedConnectors"][0]["Name"], "Pipedrive");
    // Properties of installed connectors are not carried.
    assert!(!file.to_string().contains("AccountConnectorId"));
    let unpublished = "11111111-2ff0-477b-b913-cae1dfde2ea9";
    for (id, expected) in [(unpublished, 404), ("nonsense", 400)] {
        let call = format!("GET /templates/{id}/export");
        assert_eq!(twin.status(&call, Value::Null), expected);
    }
}

#[test]
fn an_import_is_refused_in_the_vendors_words() {
    let twin = Twin::of(&world());
    let check = |query: &str, given: Value, message: &str| {
        twin.refuses(
            &format!("POST /templates/import{query}"),
            given,
            400,
            message,
        );
    };
    let invalid = "Folder ID is invalid.";
    let unknown = "Folder with provided ID could not be found.";
    let failed = "Failed to import template.";
    // The folder is checked before the body.
    check("?folderid=nonsense", Value::Null, invalid);
    check(
        "?folderid=0c9a1d7e-6f0b-4a59-8f43-93a7d0a5a112",
        Value::Null,
        unknown,
    );
    check(&format!("?folderid={FOLDER}"), Value::Null, failed);
    check("", Value::Null, failed);
    for given in [
        json!({}),
        json!([]),
        json!({ "Name": null }),
        json!({ "Name": "x", "Edges": 1 }),
    ] {
        check("", given, failed);
    }
    let broken = twin.call_as("acme-001", "POST /templates/import", "{ not json");
    assert_eq!(crate::support::body(&broken)["Message"], failed);
    assert!(twin.sandbox.ledger().commits.is_empty());
}

#[test]
fn an_exported_template_imports_to_an_equal_one() {
    let text = "
Partner: { Credentials: [{ ClientId: demo, ClientSecret: demo-secret }] }
Connectors: [{ Id: 7, Name: Shop, Version: '2', Methods: [{ Name: List Orders }] }]
Templates:
  - Id: 7ad2265e-2ff0-477b-b913-cae1dfde2ea8
    Name: Branches
    Description: d
    Tags: [a, B]
    Connectors: [{ Name: Shop, Version: '2', Installation: Fresh }]
    Variables: [{ DisplayName: Region, Value: eu, MappingType: StaticValue }]
    Edges: [{ From: One, To: Two }, { From: One, To: Three }]
    Steps:
      - { Name: One, Connector: Shop, Method: List Orders, Fields: [{ Name: Hook, Key: Webhook, MappingType: StaticValue, Value: gone }] }
      - { Name: Two, ActionType: Decision }
      - { Name: Three, Connector: Shop, Method: List Orders,
          Parameters: [{ Name: P, MappingType: ValueList, Value: x, Values: [{ Name: X, Value: x }] }],
          Fields: [{ Name: From one, MappingType: StepOutput, SourceStepId: One, SourceFieldId: 3, IsLaunchVisible: true }] }
Folders: [{ Name: Ours }]
Accounts: [{ Id: acme-001, Name: Acme }]";
    let twin = Twin::of(text);
    let file = twin.get(&format!("/templates/{TEMPLATE}/export"));
    assert_eq!(file["Steps"][0]["Fields"][0].get("Value"), None);
    assert_eq!(
        file["Steps"][2]["Fields"][0]["SourceStepId"],
        file["Steps"][0]["Id"]
    );
    assert_eq!(file["Connectors"][0]["Installation"], 1);
    let folder = &twin.sandbox.world().folders[0].id;
    let made = twin.ok(
        &format!("POST /templates/import?folderid={folder}"),
        file.clone(),
    );
    assert_ne!(made["Id"], TEMPLATE);
    assert_eq!(made["Name"], "Branches");
    let id = made["Id"].as_str().unwrap();
    assert_eq!(twin.get(&format!("/templates/{id}/export")), file);
    let world = twin.sandbox.world();
    assert_eq!(world.templates[1].edges, world.templates[0].edges);
    assert_eq!(
        world.templates[1].folder_id.as_deref(),
        Some(folder.as_str())
    );
    let fields = |place: usize| &world.templates[place].steps[2].fields;
    assert_eq!(fields(0), fields(1));
    twin.ok(&format!("POST /templates/{id}/install"), json!({}));
    assert_eq!(reopened(&twin).sandbox.world(), twin.sandbox.world());
}

#[test]
fn an_import_brings_the_releases_that_are_missing_and_stays() {
    let source = Twin::of(
        "
Partner: { Credentials: [{ ClientId: demo, ClientSecret: demo-secret }] }
Connectors: [{ Id: 2550, Name: Rare, Version: '9' }]
Templates: [{ Id: 7ad2265e-2ff0-477b-b913-cae1dfde2ea8, Name: T, Connectors: [{ Name: Rare }] }]
Accounts: [{ Id: acme-001, Name: Acme }]",
    );
    let file = source.get(&format!("/templates/{TEMPLATE}/export"));
    let directory = tempfile::tempdir().unwrap();
    let options = || gangplank_sandbox::SandboxOptions {
        world: gangplank_sandbox::World::from_yaml(&world()).unwrap(),
        database: Some(directory.path().join("one.db")),
        ..Default::default()
    };
    let twin = Twin::open(options());
    let shipped = "Harbour CRM > Mailchimp";
    let id = twin.get("/templates?tag=harbour&orderBy=Name")[0]["Id"].clone();
    let own = twin.get(&format!("/templates/{}/export", id.as_str().unwrap()));
    for file in [&file, &own] {
        twin.ok("POST /templates/import", file.clone());
    }
    let rare = twin.get("/connectors/Rare/9");
    // Its own id is taken here.
    assert_ne!(rare[0]["Id"], 2550);
    let names = |twin: &Twin| -> Vec<String> {
        let rows = twin.get("/templates?pageSize=1000");
        let rows = rows.as_array().unwrap().iter();
        rows.map(|row| row["Name"].as_str().unwrap().to_owned())
            .collect()
    };
    let before = names(&twin);
    drop(twin);
    let twin = Twin::open(options());
    assert_eq!(names(&twin), before);
    assert_eq!(twin.get("/connectors/Rare/9"), rare);
    // The shipped one is still there beside its copy.
    let copied = own["Name"].as_str().unwrap();
    assert!(before.iter().any(|name| name == shipped));
    assert_eq!(before.iter().filter(|name| *name == copied).count(), 2);
}

#[test]
fn every_filter_of_the_list_works() {
    let twin = Twin::of(&world());
    let list = |query: &str| {
        twin.get(&format!(
            "/templates/?tag=crm-test&pageSize=100&page=1&orderBy=Id&sortOrderAsc=true{query}"
        ))
    };
    let one = list("")[0].clone();
    assert!(one.get("Prerequisites").is_none(), "{one}");
    let open = |query: &str| -> Vec<(String, Value)> {
        let rows = list(&format!("&includePrerequisites=true{query}"));
        let rows = rows[0]["Prerequisites"].as_array().unwrap().clone();
        let rows = rows.iter();
        rows.map(|row| {
            (
                row["Name"].as_str().unwrap().to_owned(),
                row["ReasonCode"].clone(),
            )
        })
        .collect()
    };
    let required = vec![
        ("List ID".to_owned(), json!(40)),
        ("Email".to_owned(), json!(41)),
    ];
    assert_eq!(open(""), required);
    let with_optional = open("&includeOptional=true");
    assert_eq!(with_optional[..2], required);
    assert_eq!(with_optional[2].0, "Heat");
    let field = json!({ "ConnectorField": "c", "DisplayName": "Own", "ForRequestFormat": true });
    twin.ok("POST /account/connectors/51/fields", field);
    let looked_up = open("&includeOptional=true&lookupCustomFields=true");
    assert_eq!(looked_up[3], ("Own".to_owned(), json!(41)));
    assert_eq!(open("&includeOptional=true").len(), 3);
    assert_eq!(
        list("&connectorName=Pipedrive&connectorVersion=1.0"),
        json!([one])
    );
    assert_eq!(list("&connectorVersion=2.0"), json!([]));
    let single = twin.get(&format!("/templates/{TEMPLATE}?includePrerequisites=true"));
    assert_eq!(single["Prerequisites"][0]["ObjectId"], 16017);
}

#[test]
fn mappings_given_with_an_install_follow_u22() {
    let given = json!({
        "Prerequisites": [
            { "StepName": "Get Deals", "ObjectType": "Parameter", "ObjectId": 16017, "Value": "l" },
            { "StepName": "Get Deals", "ObjectType": "ConnectorFieldMapping", "Name": "Email", "MappingType": "StaticValue", "Value": "e" },
        ],
        "Variables": [{ "SystemName": "Region", "Value": "us" }],
    });
    let install = format!("POST /templates/{TEMPLATE}/install");
    let left = |position: &str| {
        let twin = Twin::of_with(&world(), &[("U22", position)]);
        let (status, cycle) = twin.call(&install, &given);
        if status != 200 {
            assert!(twin.sandbox.ledger().commits.is_empty());
            return (status, 0, Value::Null);
        }
        let path = format!("/cycles/{}", cycle["Id"].as_str().unwrap());
        let open = twin.get(&format!("{path}/prerequisites"));
        let region = twin.get(&format!("{path}/variables/Region"));
        (
            status,
            open.as_array().unwrap().len(),
            region["Value"].clone(),
        )
    };
    assert_eq!(left("ignored"), (200, 2, json!("eu")));
    assert_eq!(left("honoured"), (200, 0, json!("us")));
    assert_eq!(left("400"), (400, 0, Value::Null));

    let honours = Twin::of_with(&world(), &[("U22", "honoured")]);
    let unknown = json!({ "Prerequisites": [{ "StepName": "None" }] });
    assert_eq!(honours.status(&install, unknown), 400);
    let mut file = honours.get(&format!("/templates/{TEMPLATE}/export"));
    file["Prerequisites"] = given["Prerequisites"].clone();
    let made = honours.ok("POST /templates/import", file.clone());
    let again = honours.get(&format!(
        "/templates/{}/export",
        made["Id"].as_str().unwrap()
    ));
    assert_eq!(again["Steps"][0]["Parameters"][0]["Value"], "l");
    let refuses = Twin::of_with(&world(), &[("U22", "400")]);
    assert_eq!(refuses.status("POST /templates/import", file), 400);
}
