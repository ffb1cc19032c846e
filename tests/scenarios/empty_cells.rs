//! `gangplank explain` says of empty cells and of arguments what the plan does with them.

use crate::support::{Bench, scene};
use serde_json::Value;

const MANIFEST: &str = r#"version: 1
profiles:
  gold:
    labels: { wave: fromprofile }
    description: "w {{ account.labels.wave }}"
    timezone: Europe/Paris
    arguments: { segment: small, note: { required: false } }
    audit_info: "{{ argument.segment }}"
    task_audit_info: "{{ argument.note }}"
rosters:
  - from: rows.csv
    where: row.live == 'yes'
    account:
      id: "{{ row.id }}"
      name: "{{ row.name }}"
      profile: gold
      state: "{{ row.state }}"
      timezone: "{{ row.zone }}"
      labels: { wave: "{{ row.wave }}" }
      arguments:
        segment: "{{ row.segment }}"
accounts:
  - { id: acme, name: Acme, profile: gold, arguments: { segment: large } }
"#;
const ROWS: &str = "id,name,live,state,zone,wave,segment\n\
                    empty,Empty,yes,,,,\n\
                    full,Full,yes,present,Europe/Rome,two,middle\n\
                    gone,Gone,no,,,,\n";

fn bench() -> Bench {
    let bench = scene::bench();
    let folder = bench.folder.path();
    std::fs::write(folder.join("m.yaml"), MANIFEST).unwrap();
    std::fs::write(folder.join("rows.csv"), ROWS).unwrap();
    bench
}

fn explained(bench: &Bench, account: &str) -> Vec<Value> {
    let subject = format!("account[\"{account}\"]");
    let ended = bench.run(&["explain", &subject, "m.yaml", "--format", "json"]);
    let json: Value = serde_json::from_str(&ended.expect(0).stdout).unwrap();
    json["objects"][0]["values"].as_array().unwrap().clone()
}

fn field<'a>(values: &'a [Value], name: &str) -> &'a Value {
    let found = values.iter().find(|value| value["field"] == name);
    found.unwrap_or_else(|| panic!("{name} is not in {values:#?}"))
}

/// Which layer counts, if any.
fn counts(value: &Value) -> Option<&str> {
    let words = ["counts", "computed", "normalised"];
    let given = value["given"].as_array().unwrap();
    let mut counting = given
        .iter()
        .filter(|given| words.contains(&given["standing"].as_str().unwrap()));
    let first = counting
        .next()
        .map(|given| given["layer"].as_str().unwrap());
    assert!(counting.next().is_none(), "{value:#}");
    first
}

#[test]
fn the_layer_that_counts_is_the_one_that_is_planned() {
    let bench = bench();
    for (account, layer, wave, segment) in [
        ("empty", "profile gold", "fromprofile", "small"),
        ("full", "roster", "two", "middle"),
    ] {
        let values = explained(&bench, account);
        for (name, expected) in [("labels.wave", wave), ("arguments.segment", segment)] {
            let value = field(&values, name);
            assert_eq!(value["value"], expected, "{value:#}");
            assert_eq!(counts(value), Some(layer), "{value:#}");
        }
        assert_eq!(counts(field(&values, "timezone")), Some(layer));
        let state = field(&values, "state");
        assert_eq!(state["value"], "present");
        assert_eq!(counts(state), Some("roster").filter(|_| account == "full"));
        // A profile's key that reads nothing is left out, and stands in no plan.
        let left_out = field(&values, "task_audit_info");
        assert_eq!(left_out["value"], Value::Null);
        assert_eq!(counts(left_out), None);
    }
}

#[test]
fn what_is_explained_is_what_is_planned() {
    let bench = bench();
    let plan = bench
        .run(&["plan", "--sandbox", "--format", "json", "m.yaml"])
        .expect(0)
        .json();
    let lanes = plan["lanes"].as_array().unwrap();
    assert_eq!(lanes.len(), 3);
    for lane in lanes {
        let values = explained(&bench, lane["account"].as_str().unwrap());
        let fields = lane["changes"][0]["fields"].as_array().unwrap();
        let mut compared = 0;
        for planned in fields {
            let name = planned["field"].as_str().unwrap();
            let value = field(&values, name);
            assert_eq!(value["value"], planned["after"]["text"], "{name}");
            for key in ["file", "line"] {
                let own = &planned["origin"][key];
                assert_eq!(&value["at"][key], own, "{name} {planned:#}");
            }
            compared += 1;
        }
        assert!(compared >= 4, "{lane:#}");
        assert!(fields.iter().all(|it| it["field"] != "task_audit_info"));
    }
}

#[test]
fn an_argument_is_told_with_its_layers_and_where_it_was_given() {
    let bench = bench();
    let ended = bench.run(&["explain", "account[\"acme\"].arguments.segment", "m.yaml"]);
    let told = ended.expect(0).stdout;
    for text in [
        "arguments.segment = large\n",
        "> account",
        "large",
        "m.yaml:7:27",
        "small  (overridden)",
    ] {
        assert!(told.contains(text), "no {text:?} in {told}");
    }
    let ended = bench.run(&["explain", "account[\"acme\"].audit_info", "m.yaml"]);
    let told = ended.expect(0).stdout;
    assert!(
        told.contains("argument.segment = large  m.yaml:23:"),
        "{told}"
    );
    let ended = bench.run(&["explain", "account[\"full\"].audit_info", "m.yaml"]);
    let told = ended.expect(0).stdout;
    assert!(
        told.contains("argument.segment = middle  rows.csv:3:"),
        "{told}"
    );
    let ended = bench.run(&["explain", "account[\"acme\"].task_audit_info", "m.yaml"]);
    let told = ended.expect(0).stdout;
    assert!(told.contains("task_audit_info is not set\n"), "{told}");
    assert!(told.contains("argument.note has no value"), "{told}");
}

#[test]
fn what_is_no_address_is_told_in_two_lines() {
    let bench = bench();
    for (subject, said) in [
        (&["acme", "m.yaml"][..], "did you mean account[\"acme\"]?"),
        (&["instance[\"x\"]"], "looks like account[\"acme\"]"),
        (
            &["instance[\"x\"]", "m.yaml"],
            "looks like account[\"acme\"]",
        ),
        (
            &["nothing-of-the-kind-at-all"],
            "looks like account[\"acme\"]",
        ),
        (
            &["account[\"gone\"]", "m.yaml"],
            "rows.csv:4 has this id, and `where` drops it",
        ),
    ] {
        let ended = bench.run(&[&["explain"], subject].concat()).expect(5);
        assert!(ended.stderr.contains(said), "{subject:?}: {}", ended.stderr);
        assert_eq!(ended.stderr.lines().count(), 2, "{}", ended.stderr);
        assert_eq!(ended.stdout, "");
    }
}
