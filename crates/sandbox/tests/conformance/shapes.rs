//! Names of every object's fields, and of the values of its enumerations: cyclr-api.md 2.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{TEMPLATE, Twin, reopened, rich};

/// An object has these fields and no others, in any order.
fn has(object: &Value, names: &str) {
    let is: BTreeSet<&str> = object
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(is, names.split_whitespace().collect(), "{object}");
}

#[test]
fn accounts_and_tokens_have_the_vendors_fields() {
    let twin = Twin::new();
    has(
        &twin.get("/accounts/acme-001"),
        "CreatedDate Id Name Description AuditInfo TaskAuditInfo Timezone NextBillDateUtc \
         StepDataSuccessRetentionHours StepDataErroredRetentionHours TransactionErrorWebhookEnabled \
         TransactionErrorWebhookUrl TransactionErrorWebhookIncludeWarnings",
    );
    has(
        &twin.sign("").1,
        "access_token token_type expires_in clientId .refresh .issued .expires",
    );
    let user = json!({ "Username": "ann" });
    has(
        &twin.ok("POST /accounts/acme-001/signintoken", user),
        "Token ExpiresAtUtc",
    );
    for (route, url) in [
        ("launch", "LaunchUrl"),
        ("marketplace", "MarketplaceUrl"),
        ("orbit", "OrbitUrl"),
    ] {
        let call = format!("POST /accounts/acme-001/{route}");
        let given = json!({ "MarketplaceId": 1 });
        has(
            &twin.ok(&call, given),
            &format!("{url} Token ExpiresAtUtc AccountId"),
        );
    }
}

const CONNECTOR: &str = "Id Name Description Status Version Icon AuthDescription AuthType OAuth2Type AuthScheme \
     Categories Triggers IsSystemConnector Parameters Authentication";

#[test]
fn connectors_have_the_vendors_fields() {
    let twin = rich(&[]);
    let connector = twin.get("/connectors/700");
    has(&connector, CONNECTOR);
    assert!(connector["Triggers"][0]["TriggerId"].is_u64());
    has(
        &connector["Authentication"][0],
        "Id AuthName AuthDescription AuthType OAuth2Type AuthScheme",
    );
    let method = &twin.get("/connectors/700/methods?query=get")[0];
    has(
        method,
        "Id Name Description Category MethodType EndPoint MethodUniqueIdentifier Parameters",
    );
    has(
        &method["Parameters"][0],
        "Id Name Description IsAccountConnectorProperty TargetType TargetName IsSensitive IsOptional DataType \
         TriggerName Values DisplayOrder Triggers",
    );
    let installed = &twin.get("/account/connectors")[0];
    has(
        installed,
        "Id Name Description AuthValue Authenticated Connector IsPartnerIntegrationConnector Properties CustomFields",
    );
    has(&installed["Connector"], CONNECTOR);
    let property = json!({ "Name": "n", "Value": "v", "Id": 0 });
    let made = twin.ok("POST /account/connectors/81/properties", property);
    has(&made, "Id Name Value AccountConnectorId");
    assert_eq!(twin.get("/account/connectors/81")["Properties"][0], made);
}

#[test]
fn cycles_and_steps_have_the_vendors_fields() {
    let twin = rich(&[]);
    let path = "/cycles/cccccccc-0000-4000-8000-000000000001";
    let cycle = twin.get(path);
    has(
        &cycle,
        "Id CreatedOnUtc Name Description Status TemplateId Tags TasksUsed ErrorCount WarningCount Connectors \
         LastSuccessfulRunDate InProgressTransactionCount Shareable StepErrorAction LogStepDataRequests \
         CollectionSplitType StepDataSuccessRetentionHours StepDataErroredRetentionHours",
    );
    has(
        &cycle["Connectors"][0],
        "Id AccountConnectorId Name Version Authenticated StepCount Icon",
    );
    let open = "/cycles/cccccccc-0000-4000-8000-000000000002/prerequisites";
    has(&twin.get(open)[0], "ReasonCode Reason ObjectType ObjectId");
    let variable = json!({ "DisplayName": "JOVar1", "Value": "1" });
    let made = twin.ok(&format!("POST {path}/variables"), variable);
    has(&made, "DisplayName SystemName Value MappingType");
    assert_eq!(made["SystemName"], "JOVar1");
    let step = &twin.get(&format!("{path}/steps"))[0];
    for name in ["Id", "Name", "Description", "ActionType"] {
        assert!(step[name].is_string(), "{name}");
    }
    assert_eq!(step["AccountConnector"]["Id"], 81);
    let method = &step["Method"];
    assert!(method["Parameters"].is_array() && method["RequestFields"].is_array());
    assert!(method["MethodUniqueIdentifier"].is_string());
}

#[test]
fn mappings_have_the_vendors_fields() {
    let twin = rich(&[]);
    let path = "/cycles/cccccccc-0000-4000-8000-000000000001/steps";
    let mapping = |method: u32, kind: &str| {
        let step = twin.ok(&format!("POST {path}"), json!({ "MethodId": method }));
        twin.get(&format!("/steps/{}/{kind}", step["Id"].as_str().unwrap()))[0].clone()
    };
    let target = "Id Name Description IsOptional DataType TriggerName Values DisplayOrder Triggers";
    let rest = "IsEntityIdentifier MappingType SourceFieldId SourceStepId TriggerValue \
                TriggerValueDisplayName Value";
    let parameter = mapping(70001, "parameters");
    has(&parameter, &format!("Parameter {rest}"));
    has(&parameter["Parameter"], target);
    has(
        &parameter["Parameter"]["Triggers"][0],
        "AccountConnectorId MethodId TriggerId Name HumanReadableKey IdentifierKey SubTriggers EntityId",
    );
    let field = mapping(70002, "fieldmappings");
    has(&field, &format!("Field IsLaunchVisible {rest}"));
    has(&field["Field"], target);
}

#[test]
fn templates_have_the_vendors_fields() {
    let twin = Twin::new();
    let template = twin.get(&format!("/templates/{TEMPLATE}"));
    has(&template, "Id Name Description Tags Connectors");
    has(&template["Connectors"][0], "Id Name Version StepCount Icon");
}

const AUTH_TYPES: [&str; 6] = ["ApiKey", "Basic", "OAuth1", "OAuth2", "None", "AuthFields"];
const GRANTS: [&str; 4] = [
    "Unknown",
    "AuthorisationCode",
    "ClientCredentials",
    "PasswordCredentials",
];
const TARGET_TYPES: [&str; 7] = [
    "HttpHeader",
    "MergeField",
    "QueryString",
    "FilterField",
    "ResponseField",
    "Script",
    "Index",
];
const DATA_TYPES: [&str; 8] = [
    "Undefined",
    "Text",
    "Integer",
    "Float",
    "Boolean",
    "DateTime",
    "Decimal",
    "File",
];

#[test]
fn enumerations_have_the_vendors_names() {
    let kinds: Vec<_> =
        AUTH_TYPES
            .iter()
            .map(|kind| json!({ "AuthName": kind, "AuthType": kind }))
            .chain(GRANTS.iter().map(
                |grant| json!({ "AuthName": grant, "AuthType": "OAuth2", "OAuth2Type": grant }),
            ))
            .collect();
    let targets = TARGET_TYPES
        .iter()
        .map(|kind| json!({ "Name": kind, "TargetType": kind }));
    let types = DATA_TYPES
        .iter()
        .map(|kind| json!({ "Name": kind, "DataType": kind }));
    let parameters: Vec<_> = targets.chain(types).collect();
    let world = json!({
        "Partner": { "Credentials": [{ "ClientId": "c", "ClientSecret": "s" }] },
        "Connectors": [{ "Id": 1, "Name": "All", "Authentication": kinds, "Parameters": parameters }],
        "Accounts": [{ "Id": "acme-001", "Name": "Acme" }],
    });
    let twin = Twin::of(&world.to_string());
    let connector = twin.get("/connectors/1");
    let column = |rows: &str, name: &str| -> Vec<Value> {
        let rows = connector[rows].as_array().unwrap().iter();
        rows.map(|row| row[name].clone()).collect()
    };
    assert_eq!(column("Authentication", "AuthType")[..6], AUTH_TYPES);
    assert_eq!(column("Authentication", "OAuth2Type")[6..], GRANTS);
    assert_eq!(column("Parameters", "TargetType")[..7], TARGET_TYPES);
    assert_eq!(column("Parameters", "DataType")[7..], DATA_TYPES);
    // Those of the first method are shown as the connector's own (cyclr-api.md 2.3).
    assert_eq!(connector["AuthType"], "ApiKey");
    reopened(&twin);
}

#[test]
fn reasons_have_words_for_every_code() {
    let twin = rich(&[]);
    let rows = twin.get("/cycles/cccccccc-0000-4000-8000-000000000002/prerequisites");
    let words = |code: u64| {
        let mut rows = rows.as_array().unwrap().iter();
        let row = rows.find(|row| row["ReasonCode"] == code);
        row.map(|row| row["Reason"].as_str().unwrap().to_owned())
    };
    for (code, expected) in [
        (0, "Unknown"),
        (20, "Unauthenticated connector"),
        (30, "Missing mapping"),
        (40, "Missing parameter mapping"),
        (41, "Missing field mapping"),
    ] {
        assert_eq!(words(code).as_deref(), Some(expected), "{code}");
    }
    for (code, part) in [
        (31, "decision criteria"),
        (32, "delay period"),
        (33, "date to wait until"),
        (42, "collection key mapping"),
        (43, "webhook key mapping"),
        (50, "left operand"),
        (51, "right operand"),
        (60, "delay unit"),
        (61, "delay interval"),
        (70, "wait until date"),
    ] {
        assert!(words(code).unwrap().ends_with(part), "{code}");
    }
}
