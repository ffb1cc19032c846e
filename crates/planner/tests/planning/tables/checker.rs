//! Each rule of `check`, broken in turn by a plan made by hand.

use crate::support::context;
use gangplank_model::testing::secret;
use gangplank_model::{
    AccountId, AccountWrite, Action, Address, AuthSpec, Change, ConnectorWrite, CycleTarget, Lane,
    MarkWrite, Operation, OperationKind, Plan, Reason, Rollout, Schedule, Summary,
};
use gangplank_planner::check as broken;

fn plan(lanes: Vec<Lane>) -> Plan {
    Plan {
        instance: context().instance,
        manifest_digest: String::new(),
        lanes,
        summary: Summary::default(),
        notes: Vec::new(),
        rollout: Rollout::default(),
    }
}

/// Whatever is removed is shown.
fn lane(account: &str, operations: Vec<Operation>) -> Lane {
    let is_removal = |it: &&Operation| it.route().starts_with("DELETE");
    let removal = |operation: &Operation| Change {
        address: operation.address.clone(),
        action: Action::Remove,
        title: String::new(),
        reasons: vec![Reason::Absent],
        fields: Vec::new(),
        origin: None,
    };
    Lane {
        account: AccountId::new(account),
        after: None,
        changes: operations.iter().filter(is_removal).map(removal).collect(),
        operations,
        wave: None,
    }
}

fn after(account: &str, parent: &str) -> Lane {
    Lane {
        after: Some(AccountId::new(parent)),
        ..lane(account, Vec::new())
    }
}

/// A call on a template of account `a`; connectors and the account itself have their own address.
fn call(kind: OperationKind) -> Operation {
    let account = AccountId::new("a");
    let address = match &kind {
        OperationKind::CreateAccount { .. }
        | OperationKind::UpdateAccount { .. }
        | OperationKind::DeleteAccount => Address::account(&account),
        OperationKind::InstallConnector { .. }
        | OperationKind::UpdateConnector { .. }
        | OperationKind::DeleteConnector { .. } => Address::connector(&account, "Crm"),
        OperationKind::InstallTemplate { .. }
        | OperationKind::UpdateCycle { .. }
        | OperationKind::DeleteCycle { .. }
        | OperationKind::SetVariables { .. }
        | OperationKind::SetParameter { .. }
        | OperationKind::SetField { .. }
        | OperationKind::Deactivate { .. }
        | OperationKind::Activate { .. } => Address::template(&account, "Sync"),
    };
    Operation {
        address,
        kind,
        depends_on: Vec::new(),
    }
}

fn create() -> Operation {
    call(OperationKind::CreateAccount {
        write: AccountWrite::default(),
        parent: None,
    })
}

fn update(audit_info: Option<MarkWrite>) -> Operation {
    let write = AccountWrite {
        audit_info,
        ..AccountWrite::default()
    };
    call(OperationKind::UpdateAccount { write })
}

fn mark() -> Operation {
    let auth = Some(AuthSpec::ApiKey(secret("KEY")));
    let made = vec![ConnectorWrite {
        auth,
        ..ConnectorWrite::default()
    }];
    update(Some(MarkWrite {
        made,
        ..MarkWrite::default()
    }))
}

fn install_connector() -> Operation {
    call(OperationKind::InstallConnector {
        release_id: 1,
        connector: "Crm".into(),
        version: None,
        write: ConnectorWrite::default(),
    })
}

fn update_connector() -> Operation {
    call(OperationKind::UpdateConnector {
        id: 51,
        write: ConnectorWrite::default(),
        rename: None,
    })
}

fn install() -> Operation {
    call(OperationKind::InstallTemplate {
        template_id: "T-1".into(),
        known_cycles: Vec::new(),
        bindings: Vec::new(),
    })
}

fn activate(cycle: CycleTarget) -> Operation {
    call(OperationKind::Activate {
        cycle,
        schedule: Schedule::Once,
    })
}

fn delete_cycle() -> Operation {
    call(OperationKind::DeleteCycle { id: "c1".into() })
}

fn delete_connector() -> Operation {
    call(OperationKind::DeleteConnector { id: 51 })
}

fn delete_account() -> Operation {
    call(OperationKind::DeleteAccount)
}

fn check(what: &str, lanes: Vec<Lane>, expected: &[&str]) {
    assert_eq!(broken(&plan(lanes)), expected, "{what}");
}

#[test]
fn a_sound_plan() {
    let mut last = activate(CycleTarget::Installed);
    last.depends_on = vec![0, 3];
    let all = vec![
        create(),
        install_connector(),
        update_connector(),
        mark(),
        install(),
        last,
        delete_cycle(),
        delete_connector(),
        delete_account(),
    ];
    check("every phase", vec![lane("a", all)], &[]);
    check(
        "a text comes first",
        vec![lane(
            "a",
            vec![
                update(None),
                update(Some(MarkWrite::default())),
                install_connector(),
            ],
        )],
        &[],
    );
    check(
        "parents",
        vec![after("c", "b"), after("b", "a"), lane("a", Vec::new())],
        &[],
    );
}

#[test]
fn each_rule_is_held() {
    check(
        "lanes",
        vec![lane("a", Vec::new()), lane("a", Vec::new())],
        &["account a has two lanes"],
    );
    check(
        "another account",
        vec![lane("b", vec![create()])],
        &["b: call 0 (create account) is of another account"],
    );
    for (index, needs) in [(0, 0), (0, 1)] {
        let mut first = create();
        first.depends_on = vec![needs];
        check(
            "dependencies",
            vec![lane("a", vec![first, install_connector()])],
            &[&format!(
                "a: call {index} (create account) depends on a later one"
            )],
        );
    }
    check(
        "twice",
        vec![lane("a", vec![install(), install()])],
        &["a: call 1 (install template) is there twice"],
    );
    let started = activate(CycleTarget::Installed);
    check(
        "not installed",
        vec![lane("a", vec![started.clone()])],
        &["a: call 0 (activate cycle) works on a template that is not installed before"],
    );
    let mut other = install();
    other.address = Address::template(&AccountId::new("a"), "Other");
    check(
        "another one installed",
        vec![lane("a", vec![other, started])],
        &["a: call 1 (activate cycle) works on a template that is not installed before"],
    );
    check(
        "one that exists",
        vec![lane(
            "a",
            vec![activate(CycleTarget::Existing("c1".into()))],
        )],
        &[],
    );
}

/// A change that is refused must not keep a stopped cycle from running again.
#[test]
fn what_starts_a_cycle_again_needs_its_stop_alone() {
    let stop = call(OperationKind::Deactivate { id: "c1".into() });
    let start = |needs: &[usize]| Operation {
        depends_on: needs.to_vec(),
        ..activate(CycleTarget::Existing("c1".into()))
    };
    let lanes = |needs| {
        vec![lane(
            "a",
            vec![update_connector(), stop.clone(), start(needs)],
        )]
    };
    check("the stop", lanes(&[1]), &[]);
    let broken = "a: call 2 (activate cycle) starts a cycle again, and needs more than its stop";
    check("a change as well", lanes(&[0, 1]), &[broken]);
}

#[test]
fn a_blocked_object_is_not_touched() {
    let change = Change {
        address: install().address,
        action: Action::Block,
        title: String::new(),
        reasons: vec![Reason::Blocked(String::new())],
        fields: Vec::new(),
        origin: None,
    };
    let blocked = Lane {
        changes: vec![change.clone()],
        ..lane("a", vec![install()])
    };
    check(
        "blocked",
        vec![blocked],
        &["a: call 0 (install template) touches a blocked object"],
    );
    let waiting = Change {
        action: Action::Update,
        ..change
    };
    let waiting = Lane {
        changes: vec![waiting],
        ..lane("a", vec![install()])
    };
    check("only blocked ones", vec![waiting], &[]);
}

#[test]
fn nothing_is_removed_in_secret() {
    for (removal, verb) in [
        (delete_cycle(), "delete cycle"),
        (delete_connector(), "delete connector"),
        (delete_account(), "delete account"),
    ] {
        let mut hidden = lane("a", vec![removal.clone()]);
        check("shown", vec![hidden.clone()], &[]);
        hidden.changes[0].action = Action::Update;
        let expected = format!("a: call 0 ({verb}) removes what is not shown to be removed");
        check("hidden", vec![hidden], &[&expected]);
    }
}

#[test]
fn each_phase_has_its_time() {
    let phases = || {
        vec![
            vec![create(), update(None), update(Some(MarkWrite::default()))],
            vec![install_connector()],
            vec![update_connector()],
            vec![mark()],
            vec![
                install(),
                delete_cycle(),
                activate(CycleTarget::Existing("c1".into())),
            ],
            vec![delete_connector()],
            vec![delete_account()],
        ]
    };
    for (early, later) in (0..6).flat_map(|early| (early + 1..7).map(move |later| (early, later))) {
        for first in &phases()[later] {
            for second in &phases()[early] {
                let calls = vec![first.clone(), second.clone()];
                let found = broken(&plan(vec![lane("a", calls)]));
                let expected = format!("a: call 1 ({}) comes too late", second.verb());
                assert_eq!(
                    found,
                    [expected],
                    "{} before {}",
                    first.verb(),
                    second.verb()
                );
            }
        }
    }
}

#[test]
fn parents_do_not_wait_in_a_circle() {
    check(
        "for itself",
        vec![after("a", "a")],
        &["account a waits for itself"],
    );
    let circle = vec![after("a", "b"), after("b", "a"), after("c", "a")];
    check(
        "for each other",
        circle,
        &["account a waits for itself", "account b waits for itself"],
    );
}

#[test]
fn waves_are_those_of_the_plan_and_parents_come_first() {
    let found = |waves: &[&str], lanes: [(&str, Option<usize>, Option<&str>); 2]| {
        let lanes = lanes.map(|(account, wave, parent)| Lane {
            wave,
            after: parent.map(AccountId::new),
            ..lane(account, Vec::new())
        });
        let mut plan = plan(lanes.to_vec());
        plan.rollout.waves = waves.iter().map(|it| (*it).to_owned()).collect();
        broken(&plan)
    };
    let parent = Some("p");
    let sound = [("p", Some(0), None), ("c", Some(1), parent)];
    assert_eq!(found(&["1%", "100%"], sound), Vec::<String>::new());
    let left_alone = [("p", None, None), ("c", None, parent)];
    assert_eq!(found(&["1%"], left_alone), Vec::<String>::new());
    let missing = [("p", Some(0), None), ("c", Some(2), parent)];
    assert_eq!(
        found(&["1%", "100%"], missing),
        ["account c is in a wave that is not there"]
    );
    let none = [("p", None, None), ("c", Some(0), None)];
    assert_eq!(
        found(&[], none),
        ["account c is in a wave that is not there"]
    );
    let early = "account c is in an earlier wave than its parent";
    for wave in [Some(1), None] {
        let lanes = [("p", wave, None), ("c", Some(0), parent)];
        assert_eq!(found(&["1%", "100%"], lanes), [early]);
    }
}
