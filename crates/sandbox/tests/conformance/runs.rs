//! Running cycles: activation, draining, incidents, transactions (cyclr-api.md 2.8).

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Twin, rich};

const READY: &str = "/cycles/cccccccc-0000-4000-8000-000000000001";
const OPEN: &str = "/cycles/cccccccc-0000-4000-8000-000000000002";
const BUSY: &str = "/cycles/cccccccc-0000-4000-8000-000000000003";

#[test]
fn stopping_waits_for_transactions() {
    let check = |position: &str, shown: &str| {
        let twin = rich(&[("U24", position)]);
        assert_eq!(twin.get(BUSY)["InProgressTransactionCount"], 2);
        let finish = format!("PUT {BUSY}/deactivate?finishQueuedTransactions=true");
        assert_eq!(twin.ok(&finish, json!({}))["Status"], shown);
        assert_eq!(twin.ok(&finish, json!({}))["Status"], shown);
        assert_eq!(
            twin.status(&format!("PUT {BUSY}"), json!({ "Name": "x" })),
            409
        );
        twin.clock.advance(Duration::from_secs(4));
        assert_eq!(
            twin.status(&format!("PUT {BUSY}"), json!({ "Name": "x" })),
            409
        );
        twin.clock.advance(Duration::from_secs(2));
        let done = twin.get(BUSY);
        assert_eq!(
            (&done["Status"], &done["InProgressTransactionCount"]),
            (&json!("Paused"), &json!(0))
        );
        assert_eq!(
            twin.status(&format!("PUT {BUSY}"), json!({ "Name": "x" })),
            200
        );
    };
    check("active", "Active");
    check("paused", "Paused");
    check("stopping", "Stopping");
}

#[test]
fn stopping_at_once_waits_for_nothing() {
    let twin = rich(&[]);
    let stop = |finish: &str| {
        twin.ok(&format!("PUT {BUSY}/deactivate{finish}"), json!({}))["Status"].clone()
    };
    assert_eq!(stop("?finishQueuedTransactions=true"), "Active");
    assert_eq!(stop("?finishQueuedTransactions=false"), "Paused");
    assert_eq!(stop("?finishQueuedTransactions=true"), "Paused");
    assert_eq!(stop(""), "Paused");
    // The run of a cycle that runs once is under way until it ends.
    twin.ok(&format!("PUT {READY}/activate"), json!({ "RunOnce": true }));
    assert_eq!(twin.get(READY)["InProgressTransactionCount"], 1);
    twin.clock.advance(Duration::from_secs(2));
    twin.ok(
        &format!("PUT {READY}/deactivate?finishQueuedTransactions=true"),
        json!({}),
    );
    assert_eq!(twin.get(READY)["Status"], "Active");
    twin.clock.advance(Duration::from_secs(1));
    let done = twin.get(READY);
    assert_eq!(
        (&done["Status"], &done["TasksUsed"]),
        (&json!("Paused"), &json!(2))
    );
    assert_eq!(done["LastSuccessfulRunDate"], "2026-01-01T00:00:03Z");
}

#[test]
fn activation_follows_the_three_questions_of_u6() {
    let check = |switch: &str, position: &str, path: &str, given: Value, expected: (u16, &str)| {
        let twin = rich(&[(switch, position)]);
        let status = twin.status(&format!("PUT {path}/activate"), given);
        let shown = twin.get(path)["Status"].clone();
        assert_eq!(
            (status, shown.as_str().unwrap()),
            expected,
            "{switch}={position}"
        );
    };
    for (position, expected) in [
        ("400", (400, "Paused")),
        ("409", (409, "Paused")),
        ("paused", (200, "Paused")),
        ("200", (200, "Active")),
    ] {
        check("U6", position, OPEN, json!({ "Interval": 60 }), expected);
    }
    for (position, expected) in [
        ("400", (400, "Paused")),
        ("409", (409, "Paused")),
        ("paused", (200, "Paused")),
        ("default", (200, "Active")),
    ] {
        check(
            "U6_INTERVAL",
            position,
            READY,
            json!({ "Interval": 7 }),
            expected,
        );
    }
    for (position, status) in [("200", 200), ("409", 409), ("400", 400)] {
        let twin = rich(&[("U6_ACTIVE", position)]);
        twin.ok(&format!("PUT {READY}/activate"), json!({ "Interval": 60 }));
        assert_eq!(
            twin.status(&format!("PUT {READY}/activate"), json!({ "Interval": 5 })),
            status
        );
    }
}

#[test]
fn schedules_are_kept_or_have_a_default() {
    let twin = rich(&[("U5", "present")]);
    let activate = |given: Value| twin.ok(&format!("PUT {READY}/activate"), given);
    let shown = activate(json!({ "RunOnce": false }));
    assert_eq!(
        (&shown["Interval"], &shown["RunOnce"]),
        (&json!(60), &json!(false))
    );
    let shown = activate(json!({ "Interval": "360", "StartTime": "2026-03-01T08:00:00Z" }));
    assert_eq!(
        (&shown["Interval"], &shown["StartTime"]),
        (&json!(360), &json!("2026-03-01T08:00:00Z"))
    );
    assert_eq!(
        activate(json!({ "StartTime": "soon" }))["StartTime"],
        Value::Null
    );
    assert_eq!(activate(json!({}))["Interval"], 360);
}

#[test]
fn incidents_are_listed_and_forgotten() {
    let twin = rich(&[]);
    let cycle = twin.get(BUSY);
    assert_eq!(
        (
            &cycle["ErrorCount"],
            &cycle["WarningCount"],
            &cycle["TasksUsed"]
        ),
        (&json!(2), &json!(1), &json!(40))
    );
    let errors = twin.get("/cycles/incidents/error");
    assert_eq!(errors[0]["Message"], "It broke");
    assert_eq!(
        (&errors[0]["StepName"], &errors[0]["IncidentLevel"]),
        (&json!("Second"), &json!("Error"))
    );
    assert_eq!(errors[0]["CycleName"], "Busy");
    assert_eq!(twin.get("/cycles/incidents/warning")[0]["Message"], "Slow");
    let count = |twin: &Twin, path: &str| twin.get(path).as_array().unwrap().len();
    assert_eq!(count(&twin, &format!("{BUSY}/incidents")), 2);
    assert_eq!(
        count(&twin, &format!("{BUSY}/incidents?page=2&pageSize=1")),
        1
    );
    assert_eq!(
        count(&twin, "/cycles/incidents/error?startDate=2026-01-03"),
        0
    );
    assert_eq!(count(&twin, &format!("{READY}/incidents")), 0);
    twin.ok(&format!("DELETE {BUSY}/incidents"), Value::Null);
    let cycle = twin.get(BUSY);
    assert_eq!(
        (&cycle["ErrorCount"], &cycle["WarningCount"]),
        (&json!(0), &json!(0))
    );
    assert_eq!(twin.get("/cycles/incidents/error"), json!([]));
}

#[test]
fn transactions_are_listed_by_date() {
    let twin = rich(&[]);
    let check = |query: &str, expected: &[&str]| {
        for path in ["/cycles/transactions", &format!("{BUSY}/transactions")] {
            let rows = twin.get(&format!("{path}{query}"));
            let ids: Vec<&str> = rows
                .as_array()
                .unwrap()
                .iter()
                .map(|one| &one["Id"].as_str().unwrap()[35..])
                .collect();
            assert_eq!(ids, expected, "{path}{query}");
        }
    };
    check("", &["a", "b"]);
    check("?startDate=2026-01-03", &["b"]);
    check("?endDate=01/02/2026", &["a"]);
    check("?StartDate=01/02/2026&endDate=2026-01-03", &["a", "b"]);
    check("?startDate=2027-01-01", &[]);
    check("?startDate=nonsense&endDate=99/99/2026", &["a", "b"]);
    check("?page=2&pageSize=1", &["b"]);
    check("?sortOrderAsc=false", &["b", "a"]);
    let one = twin.get(&format!(
        "{BUSY}/transactions/ffffffff-0000-4000-8000-00000000000a"
    ));
    assert_eq!(
        (&one["Status"], &one["TasksUsed"]),
        (&json!("Errored"), &json!(2))
    );
}

#[test]
fn cycles_of_an_older_release_can_be_upgraded() {
    let twin = rich(&[]);
    let names = |twin: &Twin| {
        let rows = twin.get("/cycles/upgradeable");
        rows.as_array()
            .unwrap()
            .iter()
            .map(|one| one["Name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&twin), ["Old release"]);
    twin.ok(
        "POST /templates/bbbbbbbb-0000-4000-8000-000000000001/install",
        json!({}),
    );
    assert_eq!(names(&twin), ["Old release"]);
    twin.ok(&format!("DELETE {READY}"), Value::Null);
    assert_eq!(names(&twin), [""; 0]);
}

#[test]
fn cycles_are_filtered_and_ordered() {
    let twin = rich(&[]);
    let check = |query: &str, expected: &[&str]| {
        let rows = twin.get(&format!("/cycles?{query}"));
        let names: Vec<&str> = rows
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["Name"].as_str().unwrap())
            .collect();
        assert_eq!(names, expected, "{query}");
    };
    check("orderBy=Id", &["Old release", "All reasons", "Busy"]);
    check(
        "orderBy=Name&sortOrderAsc=true",
        &["All reasons", "Busy", "Old release"],
    );
    check(
        "orderBy=Name&sortOrderAsc=false&page=1&pageSize=2",
        &["Old release", "Busy"],
    );
    check("tag=people", &["Old release"]);
    check("tag=People", &[]);
    check(
        "connectorName=rich%20crm&connectorVersion=1.0&orderBy=Id",
        &["Old release", "All reasons", "Busy"],
    );
    check("connectorName=Rich%20CRM&connectorVersion=2", &[]);
    assert_eq!(
        twin.get(READY)["LastSuccessfulRunDate"],
        "0001-01-01T00:00:00"
    );
}

#[test]
fn a_cycle_merges_all_of_its_fields() {
    let twin = rich(&[]);
    let given = json!({
        "Name": "N", "Description": "D", "Tags": ["t"], "Shareable": true, "StepErrorAction": "Retry",
        "LogStepDataRequests": "true", "CollectionSplitType": "None",
        "StepDataSuccessRetentionHours": 5, "StepDataErroredRetentionHours": "6",
    });
    let (status, made) = twin.call("POST /cycles", &given);
    assert_eq!(status, 201);
    for field in [
        "Id",
        "CreatedOnUtc",
        "Status",
        "TemplateId",
        "TasksUsed",
        "ErrorCount",
        "WarningCount",
        "Connectors",
        "LastSuccessfulRunDate",
        "InProgressTransactionCount",
    ] {
        assert!(made.get(field).is_some(), "{field}");
    }
    let path = format!("/cycles/{}", made["Id"].as_str().unwrap());
    let check = |field: &str, given: Value, expected: Value| {
        let changed = twin.ok(&format!("PUT {path}"), json!({ field: given }));
        let mut wanted = twin.get(&path);
        assert_eq!(changed, wanted);
        wanted[field] = expected.clone();
        assert_eq!(changed, wanted, "{field}");
    };
    check("Description", Value::Null, Value::Null);
    check("Shareable", json!("false"), json!(false));
    check("StepErrorAction", json!("ignore"), json!("Ignore"));
    check("LogStepDataRequests", json!(false), json!(false));
    check("CollectionSplitType", json!("All"), json!("All"));
    check("StepDataSuccessRetentionHours", Value::Null, Value::Null);
    check("StepDataErroredRetentionHours", json!("abc"), json!(6));
    assert_eq!(twin.get(&path)["Name"], "N");
    assert_eq!(twin.get(&path)["Tags"], json!(["t"]));
}
