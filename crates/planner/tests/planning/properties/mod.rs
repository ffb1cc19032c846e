//! Properties of whatever can be wanted of whatever there may be.

mod cycle;
mod instance;
mod moves;
mod recipe;
mod saved;
mod world;

use crate::support::{operation, text};
use gangplank_model::testing::desired;
use gangplank_model::{
    Action, Diagnostics, Live, LiveConnector, LiveCycle, Plan, Presence, Reason,
};
use gangplank_planner::{check, plan};
use instance::Instance;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use recipe::{Recipe, recipe};
use std::collections::BTreeSet;
use world::World;

fn planned(world: &World) -> (Plan, Diagnostics) {
    plan(&desired(world.wants.clone()), &world.live, &world.context)
}

/// The world of a recipe; its library has one connector more than the tables' shop.
fn world(recipe: &Recipe) -> World {
    let mut world = World::of(recipe);
    world.live = Instance::of(&world.live, false).live;
    world
}

/// The world after its plan was applied.
fn applied(world: &World, plan: &Plan, lazy: bool) -> World {
    let mut instance = Instance::of(&world.live, lazy);
    instance.apply(plan);
    let mut live = instance.live;
    live.connectors.clone_from(&world.live.connectors);
    World {
        live,
        ..world.clone()
    }
}

/// Objects that nobody may touch, as text: of others, and ambiguous ones.
fn untouchable(world: &World, live: &Live) -> Vec<String> {
    let removed: BTreeSet<_> = world
        .wants
        .iter()
        .filter(|account| account.presence == Presence::Absent)
        .map(|account| &account.id)
        .collect();
    let mut found = Vec::new();
    for (id, account) in live.accounts.iter().filter(|(id, _)| !removed.contains(id)) {
        let connectors = account.connectors.iter().flatten();
        let theirs = |it: &&LiveConnector| (700..800).contains(&it.id);
        found.extend(connectors.filter(theirs).map(|it| format!("{id} {it:?}")));
        let cycles = account.cycles.iter().flatten();
        let theirs = |it: &&LiveCycle| it.id.starts_with("not-");
        found.extend(cycles.filter(theirs).map(|it| format!("{id} {it:?}")));
    }
    let stranger = gangplank_model::AccountId::new("stranger");
    found.push(format!("{:?}", live.accounts.get(&stranger)));
    found
}

/// Whether anything in a plan waits for a person or is blocked.
fn is_held_up(plan: &Plan) -> bool {
    let changes = plan.lanes.iter().flat_map(|lane| &lane.changes);
    let mut reasons = changes.flat_map(|change| &change.reasons);
    reasons.any(|reason| matches!(reason, Reason::Waiting(_) | Reason::Blocked(_)))
}

/// The same manifest, with every list of entries the other way round.
fn reordered(world: &World) -> World {
    let mut world = world.clone();
    world.wants.reverse();
    for account in &mut world.wants {
        account.connectors.reverse();
        account.templates.reverse();
    }
    world
}

/// The same instance, listed the other way round.
fn relisted(world: &World) -> World {
    let mut world = world.clone();
    let live = &mut world.live;
    live.connectors.get_or_insert_default().reverse();
    live.templates.get_or_insert_default().reverse();
    for account in live.accounts.values_mut() {
        let connectors = account.connectors.get_or_insert_default();
        connectors.reverse();
        for connector in connectors {
            connector.properties.reverse();
        }
        let cycles = account.cycles.get_or_insert_default();
        cycles.reverse();
        for cycle in cycles {
            cycle.connectors.reverse();
            cycle.steps.iter_mut().for_each(|steps| steps.reverse());
        }
    }
    world
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 400,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_plan_keeps_the_rules(recipe in recipe()) {
        let world = world(&recipe);
        let (plan, diagnostics) = planned(&world);
        prop_assert!(diagnostics.is_empty(), "{diagnostics:?}");
        prop_assert_eq!(check(&plan), Vec::<String>::new());
        for lane in &plan.lanes {
            for (index, call) in lane.operations.iter().enumerate() {
                prop_assert!(call.depends_on.iter().all(|earlier| *earlier < index));
            }
            for change in lane.changes.iter().filter(|it| it.action == Action::Block) {
                let touches = lane.operations.iter().find(|it| it.address == change.address);
                prop_assert!(touches.is_none(), "{}", operation(touches.unwrap()));
            }
        }
    }

    #[test]
    fn applied_once_there_is_nothing_left_to_do(recipe in recipe(), lazy: bool) {
        let world = world(&recipe);
        let (first, _) = planned(&world);
        let after = applied(&world, &first, lazy && recipe.marks);
        let (second, diagnostics) = planned(&after);
        let both = || format!("{}\n---\n{}", text(&first, &diagnostics), text(&second, &diagnostics));
        prop_assert!(diagnostics.is_empty(), "{}", both());
        prop_assert_eq!(second.operation_count(), 0, "{}", both());
        if !is_held_up(&first) {
            prop_assert!(second.summary.is_empty() && second.lanes.is_empty(), "{}", both());
        }
        let (reordered, _) = planned(&reordered(&after));
        prop_assert_eq!(reordered.operation_count(), 0);
        prop_assert_eq!(reordered.summary, second.summary);
    }

    #[test]
    fn nobody_elses_objects_are_touched(recipe in recipe()) {
        let world = world(&recipe);
        let (plan, _) = planned(&world);
        let after = applied(&world, &plan, false);
        prop_assert_eq!(untouchable(&world, &world.live), untouchable(&world, &after.live));
    }

    #[test]
    fn equal_inputs_give_equal_plans(recipe in recipe()) {
        let world = world(&recipe);
        prop_assert_eq!(planned(&world), planned(&world.clone()));
        // A whole account is removed in the order in which it is listed.
        if recipe.accounts.iter().all(|it| it.wanted == recipe::Wanted::Here) {
            let texts = [&world, &relisted(&world)].map(|world| {
                let (plan, diagnostics) = planned(world);
                text(&plan, &diagnostics)
            });
            prop_assert_eq!(&texts[0], &texts[1]);
        }
    }
}

/// A property says nothing of what is never generated.
#[test]
fn everything_is_generated() {
    let mut runner = TestRunner::deterministic();
    let (mut actions, mut reasons, mut routes) =
        (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut clean = 0;
    for _ in 0..600 {
        let recipe = recipe().new_tree(&mut runner).unwrap().current();
        let (plan, _) = planned(&world(&recipe));
        clean += usize::from(!is_held_up(&plan));
        for lane in &plan.lanes {
            actions.extend(lane.changes.iter().map(|change| change.action));
            let all = lane.changes.iter().flat_map(|change| &change.reasons);
            reasons.extend(all.map(Reason::code));
            routes.extend(
                lane.operations
                    .iter()
                    .map(gangplank_model::Operation::route),
            );
        }
    }
    assert_eq!(actions.len(), 6, "{actions:?}");
    assert_eq!(reasons.len(), 14, "{reasons:?}");
    assert_eq!(routes.len(), 14, "{routes:?}");
    assert!(clean > 20, "only {clean} plans wait for nobody");
}
