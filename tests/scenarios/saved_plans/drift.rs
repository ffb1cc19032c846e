//! F14: what somebody else changes between plan and apply leaves out the account that it is in, and no
//! other.

use super::{apply_saved, changed, meddle, planned, save, saved, seen};
use crate::support::{Bench, scene};
use gangplank_sandbox::{SandboxOptions, Variants};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Saves, lets somebody meddle, applies: nothing is written to `acme-001`, everything to the other.
#[track_caller]
fn check(what: &str, told: &str, drift: impl Fn(&Bench)) {
    let bench = changed();
    save(&bench, &[]);
    let mut plan = planned(&saved(&bench));
    assert_eq!(plan.len(), 2, "{what}");
    drift(&bench);
    bench.sandbox.reset_ledger();
    let ended = apply_saved(&bench, &["--format", "json"]).expect(3);
    plan.remove("acme-001");
    assert_eq!(seen(&bench), plan, "{what}");
    let applied = ended.json();
    let receipts = applied["receipts"].as_array().unwrap();
    let of_acme: Vec<&Value> = receipts
        .iter()
        .filter(|it| it["address"].as_str().unwrap().contains("acme-001"))
        .collect();
    assert_eq!(of_acme[0]["outcome"], "diverged", "{what}");
    let why = of_acme[0]["explanation"].as_str().unwrap();
    assert!(why.contains(told), "{what}: {why}");
    for receipt in &of_acme[1..] {
        assert_eq!(receipt["outcome"], "skipped", "{what}");
    }
}

/// Changes the account behind everybody's back.
fn edit(edit: impl Fn(&mut Account)) -> impl Fn(&Bench) {
    move |bench| {
        bench
            .sandbox
            .edit_account("acme-001", |it| edit(it))
            .unwrap();
    }
}

type Account = gangplank_sandbox::Account;

const CYCLE: &str = "Pipedrive > Harbour CRM";

#[track_caller]
fn cycle(account: &mut Account) -> &mut gangplank_sandbox::Cycle {
    account
        .cycles
        .iter_mut()
        .find(|it| it.name == CYCLE)
        .unwrap()
}

#[test]
fn f14_the_account_itself() {
    let name = |it: &mut Account| it.name = "Acme Inc".into();
    check("renamed", "its own fields changed", edit(name));
    let zone = |it: &mut Account| it.timezone = "Asia/Tokyo".into();
    check("changed", "its own fields changed", edit(zone));
    let mark = |it: &mut Account| it.audit_info = Some("nothing is remembered".into());
    check("its mark gone", "its own fields changed", edit(mark));
    check("removed", "the account is gone", |bench| {
        meddle(bench, "DELETE /v1.0/accounts/acme-001", &Value::Null);
    });
}

/// An account that is to be made is there by now: the one call that says so is refused.
#[test]
fn f14_an_account_that_somebody_else_made() {
    let bench = scene::bench();
    save(&bench, &[]);
    let body = json!({ "Id": "acme-001", "Name": "Theirs", "Timezone": "UTC" });
    meddle(&bench, "POST /v1.0/accounts", &body);
    apply_saved(&bench, &[]).expect(3);
    let ledger = bench.ledger();
    let committed = ledger
        .commits
        .iter()
        .filter(|it| it.key.starts_with("acme-001"));
    assert_eq!(committed.count(), 0);
    assert_eq!(ledger.count("POST /accounts"), 2);
    let world = bench.sandbox.world();
    let names: Vec<(&str, &str)> = world
        .accounts
        .iter()
        .map(|it| (it.id.as_str(), it.name.as_str()))
        .collect();
    assert_eq!(names, [("acme-001", "Theirs"), ("bolt-002", "Bolt GmbH")]);
}

#[test]
fn f14_connectors() {
    check(
        "added",
        "connector \"Another\" is new",
        edit(|account| {
            let mut another = account.connectors[0].clone();
            (another.id, another.name) = (987_654, "Another".into());
            account.connectors.push(another);
        }),
    );
    check(
        "removed",
        "connector \"Mailchimp\" is gone",
        edit(|account| account.connectors.retain(|it| it.name != "Mailchimp")),
    );
    check(
        "renamed",
        "connector \"Pipedrive\" is called \"Sales\" now",
        edit(|account| {
            let mut all = account.connectors.iter_mut();
            let connector = all.find(|it| it.name == "Pipedrive").unwrap();
            connector.name = "Sales".into();
        }),
    );
    check(
        "changed",
        "connector \"Harbour CRM\" changed",
        edit(|account| {
            let mut all = account.connectors.iter_mut();
            let connector = all.find(|it| it.name == "Harbour CRM").unwrap();
            connector.is_partner_integration_connector ^= true;
        }),
    );
    check(
        "signed in",
        "connector \"Mailchimp\" changed",
        |bench: &Bench| bench.sandbox.sign_in("acme-001", "Mailchimp").unwrap(),
    );
}

#[test]
fn f14_properties() {
    let properties = |account: &mut Account, change: fn(&mut Vec<gangplank_sandbox::Property>)| {
        let mut all = account.connectors.iter_mut();
        let connector = all.find(|it| it.name == "Harbour CRM").unwrap();
        change(&mut connector.properties);
    };
    let told = "connector \"Harbour CRM\" changed";
    check(
        "changed",
        told,
        edit(|it| properties(it, |all| all[0].value = Some("other".into()))),
    );
    check(
        "removed",
        told,
        edit(|it| properties(it, |all| drop(all.pop()))),
    );
    check(
        "renamed",
        told,
        edit(|it| properties(it, |all| all[0].name = "Other".into())),
    );
    check(
        "added",
        told,
        edit(|it| {
            properties(it, |all| {
                let mut another = all[0].clone();
                (another.id, another.name) = (987_654, "Another".into());
                all.push(another);
            });
        }),
    );
}

#[test]
fn f14_cycles() {
    let changed = format!("cycle {CYCLE:?} changed");
    check(
        "added",
        "cycle \"Another\" is new",
        edit(|account| {
            let mut another = cycle(account).clone();
            another.id = "11111111-2222-3333-4444-555555555555".into();
            another.name = "Another".into();
            account.cycles.push(another);
        }),
    );
    check(
        "removed",
        &format!("cycle {CYCLE:?} is gone"),
        edit(|account| account.cycles.retain(|it| it.name != CYCLE)),
    );
    check(
        "DeleteScheduled",
        &format!("cycle {CYCLE:?} is gone"),
        |bench: &Bench| bench.sandbox.delete_cycle("acme-001", CYCLE).unwrap(),
    );
    check(
        "renamed",
        "is called \"Mine\" now",
        edit(|account| cycle(account).name = "Mine".into()),
    );
    check(
        "stopped",
        &changed,
        edit(|account| cycle(account).status = gangplank_sandbox::CycleStatus::Paused),
    );
    check(
        "unmarked",
        &changed,
        edit(|account| cycle(account).tags = None),
    );
    check(
        "a variable",
        &changed,
        edit(|account| {
            let mut all = cycle(account).variables.iter_mut();
            let variable = all.find(|it| it.value.as_deref() == Some("GBP"));
            variable.unwrap().value = Some("USD".into());
        }),
    );
}

fn map(all: &mut [gangplank_sandbox::Target], name: &str) {
    let target = all.iter_mut().find(|it| it.name == name).unwrap();
    target.value = Some("theirs".into());
}

#[test]
fn f14_parameters_and_fields() {
    let told = format!("cycle {CYCLE:?} changed");
    let create = |account: &mut Account, change: fn(&mut gangplank_sandbox::Step)| {
        let mut steps = cycle(account).steps.iter_mut();
        change(steps.find(|it| it.name == "Create Opportunity").unwrap());
    };
    check(
        "a parameter",
        &told,
        edit(|it| create(it, |step| map(&mut step.parameters, "Pipeline"))),
    );
    check(
        "a field",
        &told,
        edit(|it| create(it, |step| map(&mut step.fields, "Title"))),
    );
    check(
        "a parameter that is gone",
        &told,
        edit(|it| {
            create(it, |step| {
                step.parameters.retain(|it| it.name != "Pipeline");
            });
        }),
    );
}

/// What moves by itself, and what the plan did not look at, leaves nobody out.
#[test]
fn f14_what_moves_by_itself_does_not_count() {
    let bench = changed();
    save(&bench, &[]);
    let plan = planned(&saved(&bench));
    bench
        .sandbox
        .edit_account("acme-001", |account| {
            account.next_bill_date_utc = "2031-01-01T00:00:00Z".into();
            account.task_audit_info = Some("theirs".into());
            let cycle = cycle(account);
            cycle.tasks_used += 40;
            cycle.error_count += 1;
            cycle.last_successful_run_date = Some("2026-11-26T06:00:00Z".into());
        })
        .unwrap();
    apply_saved(&bench, &[]).expect(0);
    assert_eq!(seen(&bench), plan);
    bench.expect_converged();
}

/// Whatever the vendor does where nobody knows: what nobody changed does not seem to have changed.
#[test]
fn f14_no_switch_makes_an_account_seem_changed() {
    let positions = Variants::table().iter().flat_map(|variant| {
        let positions = variant.positions.iter();
        positions.map(move |position| (variant.id, *position))
    });
    let positions: Vec<(&str, &str)> = positions.collect();
    assert!(positions.len() > 40);
    // Two at a time: each has a server and a process of its own.
    std::thread::scope(|scope| {
        for half in positions.chunks(positions.len().div_ceil(2)) {
            scope.spawn(move || {
                for (id, position) in half {
                    unchanged(id, position);
                }
            });
        }
    });
}

fn unchanged(id: &str, position: &str) {
    let what = format!("{id}={position}");
    let bench = scene::with(Bench::with(SandboxOptions {
        variants: vec![(id.to_owned(), position.to_owned())],
        ..SandboxOptions::default()
    }));
    assert_eq!(bench.apply().code, 0, "{what}");
    scene::edit(&bench, "timezone: Europe/London", "timezone: Europe/Paris");
    save(&bench, &[]);
    let plan = planned(&saved(&bench));
    assert!(!plan.is_empty(), "{what}");
    let ended = apply_saved(&bench, &[]);
    assert_eq!(ended.code, 0, "{what}: {ended:?}");
    assert_eq!(seen(&bench), plan, "{what}");
}

/// A plan that removes an account, to which somebody gave a sub-account meanwhile.
#[test]
fn f14_sub_accounts() {
    let text = "accounts:\n  - { id: top, name: Top }\n  - { id: below, name: Below, parent: top }\n  \
                - { id: other, name: Other }\n";
    let gone = text.replace("name: Top", "name: Top, state: absent");
    let gone = gone.replace("name: Below", "name: Below, state: absent");
    let gone = gone.replace("name: Other", "name: Another");
    for meddled in [false, true] {
        let bench = Bench::with(SandboxOptions::default());
        bench.manifest(text);
        bench.apply().expect(0);
        bench.manifest(&gone);
        save(&bench, &["--max-removals", "2"]);
        let mut plan = planned(&saved(&bench));
        if meddled {
            let body = json!({ "Id": "theirs", "Name": "Theirs", "Timezone": "UTC",
                "ParentAccountId": "top" });
            meddle(&bench, "POST /v1.0/accounts", &body);
            let ended = apply_saved(&bench, &[]).expect(3);
            let said: Vec<&str> = ended.stdout.split_whitespace().collect();
            let said = said.join(" ");
            assert!(said.contains("sub-account \"theirs\" is new"), "{said}");
            plan.remove("top");
        } else {
            apply_saved(&bench, &[]).expect(0);
        }
        assert_eq!(seen(&bench), plan);
        let world = bench.sandbox.world();
        let left: Vec<&str> = world.accounts.iter().map(|it| it.id.as_str()).collect();
        let expected: &[&str] = if meddled {
            &["other", "theirs", "top"]
        } else {
            &["other"]
        };
        assert_eq!(left, expected);
    }
}

/// Of 200 accounts three move: these are reported, the others are done.
#[test]
fn f14_three_of_two_hundred() {
    const MOVED: [&str; 3] = ["a0007", "a0100", "a0199"];
    let manifest = |zone: &str| {
        let mut text = format!("defaults: {{ timezone: {zone} }}\naccounts:\n");
        for number in 0..200 {
            writeln!(text, "  - {{ id: a{number:04}, name: Customer {number} }}").unwrap();
        }
        text
    };
    let bench = Bench::new();
    bench.manifest(&manifest("Europe/London"));
    bench.apply().expect(0);
    bench.manifest(&manifest("Europe/Paris"));
    save(&bench, &[]);
    for id in MOVED {
        let moved = bench
            .sandbox
            .edit_account(id, |it| it.name = "Theirs".into());
        moved.unwrap();
    }
    let ended = apply_saved(&bench, &[]).expect(3);
    let written = bench.writes();
    assert_eq!(written.len(), 197);
    assert!(written.iter().all(|(id, _)| !MOVED.contains(&id.as_str())));
    for id in MOVED {
        assert!(ended.stdout.contains(&format!("account[\"{id}\"]")), "{id}");
    }
    assert!(
        ended
            .last_line()
            .starts_with("Applied: 197 done, 3 failed, 0 skipped"),
        "{}",
        ended.last_line()
    );
    let counts: BTreeMap<_, _> = bench.ledger().counts.into_iter().collect();
    assert_eq!(counts["GET /accounts/{id}"], 200);
}
