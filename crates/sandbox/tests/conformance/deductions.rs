//! What is deduced and in no source: the switches for it beside those of cyclr-api.md 4.

use serde_json::{Value, json};

use crate::support::{TEMPLATE, Twin, body, rich};

#[test]
fn refusals_of_credentials_follow_their_switches() {
    for (position, expected) in [("401", 401), ("403", 403)] {
        let twin = Twin::with(&[("BAD_TOKEN", position)]);
        for token in ["", "Bearer nonsense"] {
            let answer = twin.raw("GET", "/v1.0/accounts", &[("authorization", token)], "");
            assert_eq!(answer.status.as_u16(), expected, "{position} {token}");
            assert_eq!(
                body(&answer)["Message"],
                "Authorization has been denied for this request."
            );
        }
        // The header of the account is another matter (cyclr-api.md 1.3).
        assert_eq!(twin.call_as("", "GET /cycles", "").status, 401);
    }
    for (position, expected) in [("400", 400), ("401", 401)] {
        let twin = Twin::with(&[("TOKEN_ERRORS", position)]);
        let form = "grant_type=client_credentials&client_id=demo&client_secret=no";
        let answer = twin.raw("POST", "/oauth/token", &[], form);
        assert_eq!(answer.status.as_u16(), expected, "{position}");
        assert_eq!(body(&answer), json!({ "error": "invalid_client" }));
    }
}

#[test]
fn model_binding_says_which_field_or_not() {
    let call = "POST /connectors/2550/install";
    let twin = Twin::new();
    let (status, told) = twin.call(call, &Value::Null);
    assert_eq!(
        (status, &told["Message"]),
        (400, &json!("The request is invalid."))
    );
    assert!(told["ModelState"]["body"][0].is_string(), "{told}");
    let twin = Twin::with(&[("BINDING_ERRORS", "message")]);
    let told = twin.call(call, &Value::Null);
    assert_eq!(told, (400, json!({ "Message": "The request is invalid." })));
}

#[test]
fn deletes_answer_an_object_nothing_or_null() {
    for (position, expected) in [("object", "{"), ("empty", ""), ("null", "null")] {
        let twin = rich(&[("DELETE_BODY", position)]);
        for call in [
            "DELETE /cycles/cccccccc-0000-4000-8000-000000000001",
            "DELETE /account/connectors/84",
            "DELETE /accounts/acme-001",
        ] {
            let answer = twin.call_as("acme-001", call, "");
            assert_eq!(answer.status, 200, "{position} {call}");
            let text = String::from_utf8(answer.body.to_vec()).unwrap();
            assert!(text.starts_with(expected), "{position} {call}: {text}");
            assert_eq!(text.is_empty(), position == "empty", "{text}");
            assert_eq!(text == "null", position == "null", "{text}");
        }
        // What is not done is refused as ever.
        let missing = twin.call("DELETE /accounts/acme-001", &Value::Null);
        assert!(missing.0 == 404 && missing.1["Message"].is_string());
    }
}

#[test]
fn queries_match_a_part_of_the_name_or_its_start() {
    let names = |position: &str, query: &str| {
        let twin = Twin::with(&[("NAME_QUERY", position)]);
        let rows = twin.get(&format!("/connectors?pageSize=1000&query={query}"));
        let mut rows = rows.as_array().unwrap().iter();
        rows.any(|row| row["Name"] == "Quiet Utility")
    };
    assert!(names("part", "utility") && names("part", "QUIET"));
    assert!(!names("start", "utility") && names("start", "QUIET"));
}

#[test]
fn installs_are_named_and_addressed_as_their_switches_say() {
    let twin = Twin::with(&[("DEFAULT_NAME", "numbered")]);
    let install = "POST /connectors/2550/install";
    for expected in ["Pipedrive 2", "Pipedrive 3"] {
        assert_eq!(twin.ok(install, json!({}))["Name"], expected);
    }
    let taken = "Account connector name 'Pipedrive' is in use.";
    twin.refuses(install, json!({ "Name": "Pipedrive" }), 400, taken);
    for (position, expected) in [("served", 200), ("404", 404)] {
        let twin = Twin::with(&[("INSTALL_BY_VERSION", position)]);
        let named = json!({ "Name": "n" });
        let call = "POST /connectors/Pipedrive/1.0/install";
        assert_eq!(twin.status(call, named.clone()), expected, "{position}");
        let by_name = twin.status("POST /connectors/Pipedrive/install", json!({ "Name": "m" }));
        assert_eq!(by_name, 200, "{position}");
    }
}

#[test]
fn properties_in_an_update_are_added_or_all_there_is() {
    for (position, expected) in [("upsert", 2), ("replace", 1)] {
        let twin = Twin::with(&[("PUT_PROPERTIES", position)]);
        let put = |name: &str| {
            let given = json!({ "Properties": [{ "Name": name, "Value": "v" }] });
            twin.ok("PUT /account/connectors/51", given)
        };
        put("Subdomain");
        let rows = put("Other")["Properties"].clone();
        assert_eq!(rows.as_array().unwrap().len(), expected, "{position}");
        let kept = twin.ok("PUT /account/connectors/51", json!({ "Description": "d" }));
        assert_eq!(kept["Properties"], rows, "{position}");
    }
}

#[test]
fn steps_are_pointed_elsewhere_or_stay() {
    let path = "/cycles/cccccccc-0000-4000-8000-000000000001/steps";
    for (position, status, bound) in [("works", 200, 82), ("ignored", 200, 81), ("400", 400, 81)] {
        let twin = rich(&[("STEP_CONNECTOR", position)]);
        let step = twin.get(path)[1]["Id"].as_str().unwrap().to_owned();
        let step = format!("{path}/{step}");
        let given = json!({ "AccountConnector": { "Id": 82 } });
        assert_eq!(
            twin.status(&format!("PUT {step}"), given),
            status,
            "{position}"
        );
        assert_eq!(
            twin.get(&step)["AccountConnector"]["Id"],
            bound,
            "{position}"
        );
        // Naming the one it has changes nothing.
        let same = json!({ "AccountConnectorId": bound });
        assert_eq!(twin.status(&format!("PUT {step}"), same), 200, "{position}");
    }
}

#[test]
fn bills_and_known_users_follow_their_switches() {
    let bill = "2027-01-01T00:00:00Z";
    for (position, is_stored) in [("stored", true), ("ignored", false)] {
        let twin = Twin::with(&[("BILL_DATE", position)]);
        let given = json!({ "NextBillDateUtc": bill });
        let shown = twin.ok("PUT /accounts/acme-001", given);
        assert_eq!(shown["NextBillDateUtc"] == bill, is_stored, "{position}");
    }
    for (position, expected) in [("200", 200), ("400", 400)] {
        let twin = Twin::with(&[("USER_AGAIN", position)]);
        let put = |name: &str| {
            let given = json!({ "UserName": name, "Password": "p" });
            twin.status("PUT /accounts/acme-001/users", given)
        };
        assert_eq!((put("ann"), put("ben")), (expected, 200), "{position}");
    }
}

#[test]
fn audit_texts_are_kept_or_not() {
    for (position, first, second) in [
        ("stored", json!("a"), json!("b")),
        ("ignored", json!(null), json!(null)),
        ("masked", json!("****"), json!("****")),
    ] {
        let twin = Twin::with(&[("AUDIT_TEXTS", position)]);
        let given = json!({ "Id": "x", "Name": "X", "AuditInfo": "a" });
        let made = twin.ok("POST /accounts", given);
        assert_eq!(made["AuditInfo"], first, "{position}");
        twin.ok("PUT /accounts/x", json!({ "TaskAuditInfo": "b" }));
        let shown = twin.ok("GET /accounts/x", json!({}));
        assert_eq!(shown["AuditInfo"], first, "{position}");
        assert_eq!(shown["TaskAuditInfo"], second, "{position}");
    }
}

#[test]
fn schedules_and_deauthentication_follow_their_switches() {
    let path = "/cycles/cccccccc-0000-4000-8000-000000000001";
    for (position, minutes) in [("60", 60), ("1440", 1440), ("1", 1)] {
        let twin = rich(&[("DEFAULT_INTERVAL", position), ("U5", "present")]);
        let shown = twin.ok(&format!("PUT {path}/activate"), json!({ "RunOnce": false }));
        assert_eq!(shown["Interval"], minutes, "{position}");
    }
    for (position, expected) in [("200", 200), ("400", 400)] {
        let twin = rich(&[("DEAUTHENTICATE_AGAIN", position)]);
        let put = |id: u32| {
            let call = format!("PUT /account/connectors/{id}/deauthenticate");
            twin.status(&call, json!({}))
        };
        assert_eq!((put(81), put(81), put(83)), (200, expected, expected));
    }
}

#[test]
fn what_the_vendor_does_not_offer_is_no_route() {
    let twin = Twin::with(&[("WRONG_METHOD", "404")]);
    for call in [
        "PUT /accounts/acme-001/suspend",
        "POST /accounts/acme-001/suspend",
        "PUT /accounts/acme-001/resume",
        "POST /accounts/acme-001/resume",
        "POST /accounts/acme-001/activate",
        "POST /accounts/acme-001/deactivate",
        "PUT /account/connectors/51/upgrade",
        "POST /account/connectors/51/upgrade",
        "PUT /cycles/cf636e9c-13dd-47ea-b0e8-88a5bf7f7b00/upgrade",
        "GET /cycles/cf636e9c-13dd-47ea-b0e8-88a5bf7f7b00/webhooks",
        "POST /data",
        "GET /settings",
    ] {
        assert_eq!(twin.status(call, json!({})), 404, "{call}");
    }
    let publish = format!("PUT /templates/{TEMPLATE}/publish");
    assert_eq!(twin.status(&publish, json!({})), 404);
}

#[test]
fn a_client_of_another_instance_gets_no_token() {
    let twin = Twin::new();
    let form = "grant_type=client_credentials&client_id=other-region&client_secret=demo-secret";
    let answer = twin.raw("POST", "/oauth/token", &[], form);
    assert_eq!(answer.status, 400);
    assert_eq!(body(&answer)["error"], "invalid_client");
}

#[test]
fn bodies_come_as_loose_as_the_vendor_takes_them() {
    let twin = Twin::new();
    let loose = "{'name': 'Loose', 'stepdatasuccessretentionhours': '8', 'transactionerrorwebhookincludewarnings': 'True'}";
    let made = body(&twin.call_as("", "POST /accounts", loose));
    assert_eq!(made["Name"], "Loose");
    assert_eq!(made["StepDataSuccessRetentionHours"], 8);
    assert_eq!(made["TransactionErrorWebhookIncludeWarnings"], true);
    // Whatever is not asked for is left alone.
    let more = json!({ "Id": "more", "Name": "More", "Unheard": { "Of": [1] } });
    assert_eq!(twin.ok("POST /accounts", more)["Id"], "more");
}

#[test]
fn every_other_position_of_the_unknowns_does_what_it_says() {
    let twin = Twin::with(&[("U19", "empty")]);
    assert_eq!(twin.get("/connectors/Nothing"), json!([]));
    let named = json!({ "Name": "Pipedrive" });
    let twin = Twin::with(&[("U8", "409")]);
    let message = "Account connector name 'Pipedrive' is in use.";
    twin.refuses("POST /connectors/2550/install", named, 409, message);
    for (position, status, left) in [
        ("stop", 200, "DeleteScheduled"),
        ("409", 409, "Active"),
        ("400", 400, "Active"),
    ] {
        let twin = Twin::with(&[("U12", position)]);
        let path = format!("/cycles/{}", twin.ready_cycle());
        twin.ok(&format!("PUT {path}/activate"), json!({ "Interval": 60 }));
        let delete = format!("DELETE {path}");
        assert_eq!(twin.status(&delete, Value::Null), status, "{position}");
        assert_eq!(twin.get(&path)["Status"], left, "{position}");
    }
    for (position, status, name) in [
        ("works", 200, "New"),
        ("ignored", 200, "Pipedrive"),
        ("400", 400, "Pipedrive"),
    ] {
        let twin = Twin::with(&[("U16", position)]);
        let given = json!({ "Name": "New" });
        let put = "PUT /account/connectors/51";
        assert_eq!(twin.status(put, given), status, "{position}");
        assert_eq!(
            twin.get("/account/connectors/51")["Name"],
            name,
            "{position}"
        );
    }
    for (position, status) in [("400", 400), ("ignored", 200), ("stored", 200)] {
        let twin = Twin::with(&[("U18", position)]);
        let given = json!({ "Timezone": "Mars/Base" });
        assert_eq!(
            twin.status("PUT /accounts/acme-001", given),
            status,
            "{position}"
        );
    }
    for (position, status) in [("409", 409), ("200", 200)] {
        let twin = Twin::with(&[("U15", position)]);
        let path = format!("/cycles/{}", twin.ready_cycle());
        twin.ok(&format!("PUT {path}/activate"), json!({ "Interval": 60 }));
        let step = twin.get(&format!("{path}/steps"))[0]["Id"].clone();
        let put = format!("PUT /steps/{}/fieldmappings/283792", step.as_str().unwrap());
        assert_eq!(
            twin.status(&put, json!({ "Value": "y" })),
            status,
            "{position}"
        );
    }
    // A token of one account does not open another one (U1).
    for (position, status) in [("401", 401), ("404", 404), ("403", 403)] {
        let mut twin = Twin::with(&[("U1", position)]);
        twin.ok("POST /accounts", json!({ "Id": "other", "Name": "Other" }));
        let token = twin.sign("&scope=account:acme-001").1;
        twin.use_token(&token["access_token"]);
        assert_eq!(
            twin.call_as("other", "GET /cycles", "").status,
            status,
            "{position}"
        );
    }
}
