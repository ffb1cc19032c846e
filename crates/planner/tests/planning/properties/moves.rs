//! Entries that were moved, in whatever way, by runs that are cut off wherever.

use super::instance::{Instance, step, templates};
use crate::support::{context, shop, text};
use gangplank_model::testing::{
    account, connector, desired, live_account, live_connector, live_cycle, template,
};
use gangplank_model::{
    AccountSpec, ConnectorChoice, Live, OperationKind, Plan, Presence, TemplateChoice,
};
use gangplank_planner::{check, plan};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

const NAMES: [&str; 6] = ["A", "B", "C", "D", "X", "Y"];
const ENTRIES: usize = 4;

/// By entry: whether it is declared, and from which name it was moved; then the names that are there.
pub(crate) type Recipe = (Vec<(bool, Option<usize>)>, Vec<bool>, bool);

pub(crate) fn recipe() -> impl Strategy<Value = Recipe> {
    let from = prop::option::weighted(0.7, 0..NAMES.len());
    let entries = vec((prop::bool::weighted(0.9), from), ENTRIES);
    (entries, vec(any::<bool>(), NAMES.len()), any::<bool>())
}

/// What the manifest's own checks leave of the moves: distinct names, of nobody who stays.
fn moves(recipe: &Recipe) -> BTreeMap<usize, Option<usize>> {
    let declared = recipe.0.iter().enumerate().filter(|(_, it)| it.0);
    let mut moves: BTreeMap<usize, Option<usize>> = BTreeMap::new();
    for (index, (_, from)) in declared {
        let known = |from: &usize| *from != index && !moves.values().any(|it| *it == Some(*from));
        moves.insert(index, from.filter(known));
    }
    loop {
        let stays = |from: usize| moves.get(&from).is_some_and(Option::is_none);
        let wrong = moves.iter().find(|(_, from)| from.is_some_and(stays));
        let Some((index, _)) = wrong.map(|(index, from)| (*index, *from)) else {
            return moves;
        };
        moves.insert(index, None);
    }
}

fn wants(recipe: &Recipe) -> AccountSpec {
    let mut spec = account("a");
    for (index, from) in moves(recipe) {
        let from: Vec<&str> = from.into_iter().map(|from| NAMES[from]).collect();
        let open = ConnectorChoice::Name {
            name: "Open".into(),
            version: None,
        };
        spec = spec.connector(connector(NAMES[index], None).of(open).moved(&from));
        let clock = TemplateChoice::Name("Clock".into());
        let entry = template(NAMES[index]).of(clock).moved(&from);
        spec = spec.template(if index % 2 == 0 {
            entry.every(60)
        } else {
            entry
        });
    }
    if recipe.2 {
        spec.connectors.reverse();
        spec.templates.reverse();
    }
    spec
}

fn held(recipe: &Recipe) -> Live {
    let mut held = live_account("a").connector(live_connector(90, "Util"));
    for (index, name) in NAMES
        .iter()
        .enumerate()
        .filter(|(index, _)| recipe.1[*index])
    {
        let id = 10 + i64::try_from(index).expect("there are few");
        held = held.connector(live_connector(id, "Open").named(name));
        let tag = format!("gangplank:{name}");
        let cycle = live_cycle(&format!("c{index}"), name, "T-3").bound("Util", 90, true);
        let cycle = cycle.tags(&[&tag]).step(step(false));
        held = held.cycle(cycle);
    }
    let mut live = Live {
        templates: Some(templates()),
        ..shop()
    };
    live.accounts
        .insert(gangplank_model::AccountId::new("a"), held);
    live
}

/// A plan with renames, of an account that is exclusive or not, and what it was made for.
pub(crate) fn drawn(recipe: &Recipe, exclusive: bool) -> (Plan, Live) {
    let spec = wants(recipe);
    let spec = if exclusive { spec.exclusive() } else { spec };
    let live = held(recipe);
    (planned(&spec, &live), live)
}

fn planned(spec: &AccountSpec, live: &Live) -> Plan {
    let (plan, diagnostics) = plan(&desired(vec![spec.clone()]), live, &context());
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    assert_eq!(
        check(&plan),
        Vec::<String>::new(),
        "{}",
        text(&plan, &diagnostics)
    );
    plan
}

/// Applies the first calls of a plan.
fn applied(live: &Live, mut plan: Plan, calls: usize) -> Live {
    for lane in &mut plan.lanes {
        lane.operations.truncate(calls);
    }
    let mut instance = Instance::of(live, false);
    instance.apply(&plan);
    instance.live.connectors.clone_from(&live.connectors);
    instance.live
}

/// What was there, by the names that it bears by now.
fn names(live: &Live) -> (BTreeMap<String, String>, Vec<String>) {
    let held = live.accounts.values().next().expect("one account");
    let connectors = held.connectors.iter().flatten();
    let connectors = connectors.map(|it| (it.id.to_string(), format!("connector {}", it.name)));
    let cycles = held.cycles.iter().flatten();
    let cycles = cycles.map(|it| {
        (
            it.id.clone(),
            format!(
                "cycle {} {:?}",
                it.name,
                it.tags
                    .iter()
                    .find(|tag| *tag == &format!("gangplank:{}", it.name))
            ),
        )
    });
    let all: Vec<(String, String)> = connectors.chain(cycles).collect();
    let is_old = |id: &str| id.starts_with('c') || id.len() == 2;
    let mut every: Vec<String> = all.iter().map(|(_, name)| name.clone()).collect();
    every.sort();
    let old = all.into_iter().filter(|(id, _)| is_old(id)).collect();
    (old, every)
}

fn installs(plan: &Plan) -> usize {
    let calls = plan.lanes.iter().flat_map(|lane| &lane.operations);
    let kinds = calls.map(|call| &call.kind);
    kinds
        .filter(|kind| {
            matches!(
                kind,
                OperationKind::InstallConnector { .. } | OperationKind::InstallTemplate { .. }
            )
        })
        .count()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 300,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// Wherever a run is cut off, and the next one once more, in the end everything is as if none had
    /// been: nothing is installed in the place of what was there.
    #[test]
    fn a_run_that_is_cut_off_changes_nothing_in_the_end(recipe in recipe(), second in 0_usize..9) {
        let spec = wants(&recipe);
        let live = held(&recipe);
        let first = planned(&spec, &live);
        let calls = first.operation_count();
        let whole = applied(&live, first.clone(), usize::MAX);
        prop_assert_eq!(planned(&spec, &whole).operation_count(), 0);
        let expected = names(&whole);
        for cut in 0..calls {
            let partly = applied(&live, first.clone(), cut);
            let next = planned(&spec, &partly);
            let again = applied(&partly, next.clone(), second);
            let last = planned(&spec, &again);
            prop_assert!(installs(&last) <= installs(&first));
            let end = applied(&again, last, usize::MAX);
            prop_assert_eq!(&names(&end), &expected, "cut off after {} and {} calls", cut, second);
            prop_assert_eq!(planned(&spec, &end).operation_count(), 0);
        }
        // Once it is done, the lines can go.
        let mut plain = spec.clone();
        for entry in &mut plain.connectors {
            Arc::make_mut(entry).moved.clear();
        }
        for entry in &mut plain.templates {
            Arc::make_mut(entry).moved.clear();
        }
        prop_assert_eq!(planned(&plain, &whole).operation_count(), 0);
    }

    /// An exclusive account ends up with what its entries name, and the connectors that these need.
    #[test]
    fn an_exclusive_account_holds_what_is_declared(recipe in recipe()) {
        let spec = wants(&recipe).exclusive();
        let live = held(&recipe);
        let end = applied(&live, planned(&spec, &live), usize::MAX);
        prop_assert_eq!(planned(&spec, &end).operation_count(), 0);
        let present = spec.templates.iter().filter(|it| it.presence == Presence::Present);
        let util = (present.count() > 0).then(|| "Util".to_owned());
        let mut expected: Vec<String> = spec.connectors.iter().map(|it| it.name.clone()).collect();
        expected.extend(util);
        expected.sort();
        let held = end.accounts.values().next().expect("one account");
        let mut found: Vec<String> =
            held.connectors.iter().flatten().map(|it| it.name.clone()).collect();
        found.sort();
        prop_assert_eq!(found, expected);
        let mut cycles: Vec<String> = held.cycles.iter().flatten().map(|it| it.name.clone()).collect();
        cycles.sort();
        let mut entries: Vec<String> = spec.templates.iter().map(|it| it.name.clone()).collect();
        entries.sort();
        prop_assert_eq!(cycles, entries);
    }
}
