//! A plan on disk is the plan that it was made of.

use super::moves;
use super::recipe::recipe;
use super::{planned, world};
use gangplank_model::file::{PlanFile, PlanProblem, Validity};
use gangplank_model::{
    Access, Live, Plan, Precondition, Preconditions, SavedPlan, SecretRef, SecretsSpec, Value,
    VaultAuth, VaultEngine, VaultSpec, Watch,
};
use gangplank_planner::check;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use std::collections::BTreeSet;

const ENGINE: &str = "1.2.3";

fn validity(plan: &Plan) -> Validity {
    Validity {
        created: "2026-01-01T00:00:00Z".into(),
        expires: "2026-01-02T00:00:00Z".into(),
        approved_removals: plan.summary.remove,
    }
}

/// With every kind of reference among what it needs.
fn saved(plan: Plan, live: &Live) -> SavedPlan {
    let watch = Watch {
        fields: ["name", "audit_info"].map(str::to_owned).into(),
        connectors: true,
        cycles: true,
        ..Watch::default()
    };
    let mut preconditions = Preconditions::new();
    for lane in plan.lanes.iter().filter(|it| !it.operations.is_empty()) {
        if let Some(held) = live.accounts.get(&lane.account) {
            let seen = watch.see(held);
            let watch = watch.clone();
            preconditions.insert(lane.account.clone(), Precondition { watch, seen });
        }
    }
    let vault = SecretRef::Vault {
        path: "kv/x".into(),
        field: "f".into(),
        engine: Some(VaultEngine::Kv2),
    };
    let file = SecretRef::File {
        folder: "m".into(),
        path: "p".into(),
    };
    SavedPlan {
        engine_version: ENGINE.into(),
        plan,
        access: Access {
            client: Some((Value::Secret(vault), command())),
            marks_key: Some(SecretRef::Sops {
                folder: String::new(),
                file: "s".into(),
                key: "a.b".into(),
            }),
            secrets: SecretsSpec {
                vault: VaultSpec {
                    address: Some("https://vault".into()),
                    auth: Some(VaultAuth::Token(file)),
                    ..VaultSpec::default()
                },
                command_env: vec!["X".into()],
                command_timeout: Some(3),
            },
        },
        preconditions,
        unread: BTreeSet::new(),
        unplanned: false,
    }
}

fn command() -> SecretRef {
    SecretRef::Command {
        folder: String::new(),
        words: vec!["op".into(), "--token".into(), "hunter2".into()],
    }
}

#[track_caller]
fn round_trips(saved: &SavedPlan) {
    let bytes = PlanFile::write(saved, &validity(&saved.plan));
    let read = PlanFile::read(&bytes, ENGINE);
    let again = read.and_then(|read| read.plan(&BTreeSet::from([command()])));
    let again = again.expect("what was written is read");
    assert_eq!(again, *saved);
    assert_eq!(check(&again.plan), Vec::<String>::new());
    assert_eq!(PlanFile::write(&again, &validity(&again.plan)), bytes);
    assert!(!String::from_utf8_lossy(&bytes).contains("hunter2"));
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 300,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn what_is_written_is_read_again(recipe in recipe()) {
        let world = world(&recipe);
        let (plan, _) = planned(&world);
        round_trips(&saved(plan, &world.live));
    }

    #[test]
    fn renames_are_read_again(recipe in moves::recipe(), exclusive: bool) {
        let (plan, live) = moves::drawn(&recipe, exclusive);
        round_trips(&saved(plan, &live));
    }
}

fn some_plan() -> SavedPlan {
    let mut runner = TestRunner::deterministic();
    loop {
        let drawn = recipe().new_tree(&mut runner);
        let recipe = drawn.expect("a recipe can be drawn").current();
        let world = world(&recipe);
        let (plan, _) = planned(&world);
        if plan.operation_count() > 4 && plan.operation_count() < 9 {
            return saved(plan, &world.live);
        }
    }
}

/// Every byte, in two ways, and every length.
#[test]
fn no_byte_may_differ() {
    let saved = some_plan();
    let bytes = PlanFile::write(&saved, &validity(&saved.plan));
    let refused = |bytes: &[u8]| {
        let known = BTreeSet::from([command()]);
        let read = PlanFile::read(bytes, ENGINE);
        read.and_then(|read| read.plan(&known)).is_err()
    };
    assert!(!refused(&bytes));
    for at in 0..bytes.len() {
        for flip in [1, 0x20] {
            let mut changed = bytes.clone();
            changed[at] ^= flip;
            assert!(refused(&changed), "byte {at} ^ {flip}");
        }
        assert!(refused(&bytes[..at]), "cut off at {at}");
    }
    let mut longer = bytes.clone();
    longer.push(b' ');
    assert!(refused(&longer));
}

/// Whoever can seal a file anew still cannot hide a removal, or say one thing and do another.
#[test]
fn a_sealed_lie_is_a_lie() {
    let honest = some_plan();
    let told = |saved: &SavedPlan, validity: &Validity| {
        let bytes = PlanFile::write(saved, validity);
        let read = PlanFile::read(&bytes, ENGINE).unwrap();
        read.plan(&BTreeSet::from([command()]))
    };
    let validity = validity(&honest.plan);
    assert!(told(&honest, &validity).is_ok());
    let mut naked = honest.clone();
    naked.preconditions.clear();
    let mut counts = honest.clone();
    counts.plan.summary.remove += 1;
    for lie in [&naked, &counts] {
        let refused = told(lie, &validity);
        assert!(
            matches!(refused, Err(PlanProblem::Unsound(_))),
            "{refused:?}"
        );
    }
    let unknown = PlanFile::read(&PlanFile::write(&honest, &validity), ENGINE).unwrap();
    assert_eq!(
        unknown.plan(&BTreeSet::new()),
        Err(PlanProblem::Command("op".into()))
    );
    assert!(unknown.shown().is_ok());
}

#[test]
fn other_versions_are_told_apart() {
    let saved = some_plan();
    let text = String::from_utf8(PlanFile::write(&saved, &validity(&saved.plan))).unwrap();
    let read = |text: &str| PlanFile::read(text.as_bytes(), ENGINE).unwrap_err();
    let other = text.replacen(
        "\"format_version\":\"1.1\"",
        "\"format_version\":\"2.0\"",
        1,
    );
    assert_eq!(read(&other), PlanProblem::Format("2.0".into()));
    let other = text.replacen(ENGINE, "1.2.4", 1);
    let expected = PlanProblem::Engine {
        made_by: "1.2.4".into(),
        here: ENGINE.into(),
    };
    assert_eq!(read(&other), expected);
    assert_eq!(read("{}"), PlanProblem::Missing("format version"));
    for broken in ["", "[", "\u{feff}{}", "null", &"[".repeat(100_000)] {
        assert!(matches!(read(broken), PlanProblem::Form(_)), "{broken:.20}");
    }
}
