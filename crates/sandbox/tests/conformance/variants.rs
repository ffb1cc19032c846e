//! The switches between what the vendor might do: cyclr-api.md 4.

use serde_json::{Value, json};

use crate::support::{TEMPLATE, Twin, body};

#[test]
fn statuses_follow_their_switches() {
    let cycle = |twin: &Twin| twin.install_template()["Id"].as_str().unwrap().to_owned();
    let check = |switch: &str, position: &str, call: &str, given: Value, expected: u16| {
        let twin = Twin::with(&[(switch, position)]);
        let id = if switch == "U12" || switch == "U15" {
            twin.ready_cycle()
        } else {
            cycle(&twin)
        };
        if switch == "U12" || switch == "U15" {
            twin.ok(
                &format!("PUT /cycles/{id}/activate"),
                json!({ "Interval": 60 }),
            );
        }
        let steps = twin.get(&format!("/cycles/{id}/steps"));
        let call = call
            .replace("CYCLE", &id)
            .replace("STEP", steps[0]["Id"].as_str().unwrap());
        assert_eq!(
            twin.status(&call, given),
            expected,
            "{switch}={position} {call}"
        );
    };
    let taken = || json!({ "Name": "Pipedrive" });
    check(
        "U4",
        "refuse",
        "DELETE /account/connectors/51",
        Value::Null,
        400,
    );
    check(
        "U4",
        "cascade",
        "DELETE /account/connectors/51",
        Value::Null,
        200,
    );
    check("U6", "409", "PUT /cycles/CYCLE/activate", json!({}), 409);
    check("U6", "paused", "PUT /cycles/CYCLE/activate", json!({}), 200);
    check("U8", "409", "POST /connectors/2550/install", taken(), 409);
    check(
        "U10",
        "400",
        "POST /account/connectors/51/properties",
        json!({ "Name": "x" }),
        400,
    );
    check("U12", "409", "DELETE /cycles/CYCLE", Value::Null, 409);
    check("U12", "stop", "DELETE /cycles/CYCLE", Value::Null, 200);
    check(
        "U15",
        "200",
        "PUT /steps/STEP/parameters/16017",
        json!({ "Value": "y" }),
        200,
    );
    check(
        "U16",
        "400",
        "PUT /account/connectors/51",
        json!({ "Name": "New" }),
        400,
    );
    check(
        "U17",
        "tested",
        "PUT /account/connectors/51",
        json!({ "AuthValue": "wrong" }),
        400,
    );
    check(
        "U18",
        "400",
        "PUT /accounts/acme-001",
        json!({ "Timezone": "Mars/Base" }),
        400,
    );
    check("U19", "empty", "GET /connectors/Nothing", Value::Null, 200);
    check(
        "LIBRARY_HEADER",
        "required",
        "GET /connectors",
        Value::Null,
        200,
    );
}

#[test]
fn fields_follow_their_switches() {
    let check =
        |switch: &str, position: &str, call: &str, given: Value, field: &str, expected: Value| {
            let twin = Twin::with(&[(switch, position)]);
            let (_, body) = twin.call(call, &given);
            assert_eq!(
                body.pointer(field),
                Some(&expected),
                "{switch}={position} {body}"
            );
        };
    let (get, put) = ("GET /account/connectors/51", "PUT /account/connectors/51");
    check("U2", "plain", get, Value::Null, "/AuthValue", json!("key"));
    check(
        "U2",
        "masked",
        get,
        Value::Null,
        "/AuthValue",
        json!("********"),
    );
    check(
        "U2",
        "masked",
        put,
        json!({ "AuthValue": "n" }),
        "/AuthValue",
        json!("n"),
    );
    let taken = "Account connector name Pipedrive is in use.";
    let install = "POST /connectors/2550/install";
    check("U8", "plain", install, json!({}), "/Message", json!(taken));
    check(
        "U16",
        "ignored",
        put,
        json!({ "Name": "New" }),
        "/Name",
        json!("Pipedrive"),
    );
    check(
        "U17",
        "lazy",
        install,
        json!({ "Name": "N", "AuthValue": "k" }),
        "/Authenticated",
        json!(false),
    );
    let account = "PUT /accounts/acme-001";
    let zone = || json!({ "Timezone": "Mars/Base" });
    check(
        "U18",
        "ignored",
        account,
        zone(),
        "/Timezone",
        json!("Europe/London"),
    );
    check(
        "U18",
        "stored",
        account,
        zone(),
        "/Timezone",
        json!("Mars/Base"),
    );
    let hours = || json!({ "StepDataSuccessRetentionHours": "abc" });
    check(
        "U7",
        "null",
        account,
        hours(),
        "/StepDataSuccessRetentionHours",
        Value::Null,
    );
    let again = format!("POST /templates/{TEMPLATE}/install");
    check(
        "U21",
        "suffixed",
        &again,
        json!({}),
        "/Name",
        json!("Pipedrive > MailChimp 2"),
    );
}

#[test]
fn opaque_credentials_do_not_show() {
    let twin = Twin::with(&[("U2", "opaque")]);
    let shown = twin.get("/account/connectors/51")["AuthValue"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(shown.len() > 20 && !shown.contains("key"), "{shown}");
}

#[test]
fn binding_follows_u3() {
    let check = |position: &str, expected: Option<&str>| {
        let twin = Twin::with(&[("U3", position)]);
        twin.ok("PUT /account/connectors/51/deauthenticate", json!({}));
        twin.ok(
            "POST /connectors/2550/install",
            json!({ "Name": "Second", "AuthValue": "k" }),
        );
        twin.ok("POST /connectors/2550/install", json!({ "Name": "Third" }));
        let (status, cycle) = twin.call(&format!("POST /templates/{TEMPLATE}/install"), &json!({}));
        let Some(expected) = expected else {
            assert_eq!(status, 400, "{position}");
            return;
        };
        let id = cycle["Connectors"][0]["AccountConnectorId"]
            .as_u64()
            .unwrap();
        assert_eq!(
            twin.get(&format!("/account/connectors/{id}"))["Name"],
            expected,
            "{position}"
        );
    };
    check("oldest", Some("Pipedrive"));
    check("newest", Some("Third"));
    check("authenticated", Some("Second"));
    check("fresh", Some("Pipedrive 2"));
    check("error", None);
}

#[test]
fn schedules_follow_u5() {
    let check = |position: &str, paused: Option<u64>, active: Option<u64>| {
        let twin = Twin::with(&[("U5", position)]);
        let id = twin.ready_cycle();
        let interval = |cycle: Value| cycle.get("Interval").and_then(Value::as_u64);
        let shown = twin.ok(
            &format!("PUT /cycles/{id}/activate"),
            json!({ "Interval": 30 }),
        );
        assert_eq!(interval(shown), active, "{position}");
        let shown = twin.ok(&format!("PUT /cycles/{id}/deactivate"), json!({}));
        assert_eq!(interval(shown), paused, "{position}");
    };
    check("absent", None, None);
    check("present", Some(30), Some(30));
    check("active", None, Some(30));
}

#[test]
fn accounts_follow_u1_and_u23_and_bodies_u14() {
    let check = |switch: &str, position: &str, account: &str, expected: u16| {
        let twin = Twin::with(&[(switch, position)]);
        let answer = twin.call_as(account, "GET /cycles", "");
        assert_eq!(answer.status.as_u16(), expected, "{switch}={position}");
        answer
    };
    check("U1", "404", "nobody", 404);
    check("U1", "403", "nobody", 403);
    check("U23", "sensitive", "ACME-001", 401);
    check("U23", "insensitive", "ACME-001", 200);
    assert!(check("U14", "empty", "nobody", 401).body.is_empty());
    for (position, start) in [
        ("empty", ""),
        ("html", "<html>"),
        ("message", "{\"Message\":"),
    ] {
        let twin = Twin::with(&[("U14", position)]);
        let path = format!("/cycles/{}", twin.ready_cycle());
        twin.ok(&format!("PUT {path}/activate"), json!({ "Interval": 60 }));
        for (call, expected) in [
            ("GET /accounts/nobody".to_owned(), 404),
            (format!("PUT {path}"), 409),
            ("PUT /accounts/acme-001/suspend".to_owned(), 404),
        ] {
            let answer = twin.call_as("acme-001", &call, "{}");
            assert_eq!(answer.status.as_u16(), expected, "{position} {call}");
            let text = String::from_utf8(answer.body.to_vec()).unwrap();
            assert!(text.starts_with(start), "{position} {call}: {text}");
            assert_eq!(text.is_empty(), start.is_empty(), "{call}: {text}");
        }
    }
    let html = check("U14", "html", "nobody", 401);
    assert_eq!(html.headers["content-type"], "text/html");
    assert!(body(&check("U14", "message", "nobody", 401))["Message"].is_string());
}

#[test]
fn page_sizes_follow_u13() {
    let check = |position: &str, query: &str, rows: usize, pages: &str| {
        let twin = Twin::with(&[("U13", position)]);
        for number in 0..4 {
            twin.ok(
                "POST /accounts",
                json!({ "Id": format!("a{number}"), "Name": "n" }),
            );
        }
        let answer = twin.call_as("", &format!("GET /accounts{query}"), "");
        assert_eq!(
            body(&answer).as_array().unwrap().len(),
            rows,
            "{position} {query}"
        );
        assert_eq!(answer.headers["total-pages"], pages, "{position} {query}");
    };
    check("100", "?pageSize=1000", 5, "1");
    check("2-3", "", 2, "3");
    check("2-3", "?pageSize=100", 3, "2");
}

#[test]
fn activation_bodies_can_be_empty() {
    let twin = Twin::with(&[("ACTIVATE_BODY", "empty")]);
    let id = twin.ready_cycle();
    let answer = twin.call_as(
        "acme-001",
        &format!("PUT /cycles/{id}/activate"),
        "{\"Interval\":5}",
    );
    assert_eq!((answer.status.as_u16(), answer.body.len()), (200, 0));
    assert_eq!(twin.get(&format!("/cycles/{id}"))["Status"], "Active");
    let required = Twin::with(&[("LIBRARY_HEADER", "required")]);
    assert_eq!(
        required.call_as("", "GET /connectors", "").status.as_u16(),
        401
    );
    assert_eq!(
        required.call_as("", "GET /templates", "").status.as_u16(),
        200
    );
}
