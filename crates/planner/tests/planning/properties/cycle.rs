//! What the calls on cycles do to them, and what a running cycle refuses.

use super::instance::connector;
use gangplank_model::{
    CycleStatus, CycleTarget, LiveAccount, LiveCycle, LiveProperty, MappingSpec, OperationKind,
    Schedule,
};

/// Does a call on a cycle of this account.
pub(super) fn write_cycle(
    account: &mut LiveAccount,
    kind: &OperationKind,
    installed: Option<&str>,
) {
    match kind {
        OperationKind::UpdateCycle {
            cycle,
            name,
            marks,
            tags,
        } => {
            let cycle = paused(account, cycle, installed);
            if let Some(name) = name {
                cycle.name.clone_from(name);
            }
            match tags {
                Some(tags) => cycle.tags.clone_from(tags),
                None => {
                    if !marks.is_empty() {
                        cycle.tags.retain(|tag| !tag.starts_with("gangplank:"));
                        cycle.tags.extend(marks.clone());
                    }
                }
            }
        }
        OperationKind::DeleteCycle { id } => {
            paused(account, &CycleTarget::Existing(id.clone()), None);
            account
                .cycles
                .get_or_insert_default()
                .retain(|it| it.id != *id);
        }
        OperationKind::SetVariables { cycle, values } => {
            let held = &mut paused(account, cycle, installed).variables;
            for (name, value) in values {
                held.get_or_insert_default()
                    .insert(name.clone(), Some(value.clone()));
            }
        }
        OperationKind::SetParameter {
            cycle,
            step,
            parameter,
            ids,
            mapping,
        } => {
            let cycle = paused(account, cycle, installed);
            assert_eq!(
                ids.is_some(),
                !cycle.id.starts_with("new-"),
                "ids are known once it exists"
            );
            map(cycle, (step, parameter, true), mapping);
        }
        OperationKind::SetField {
            cycle,
            step,
            field,
            ids,
            mapping,
        } => {
            let cycle = paused(account, cycle, installed);
            assert_eq!(
                ids.is_some(),
                !cycle.id.starts_with("new-"),
                "ids are known once it exists"
            );
            map(cycle, (step, field, false), mapping);
        }
        OperationKind::Deactivate { id } => {
            let cycle = cycle(account, id);
            assert_ne!(cycle.status, CycleStatus::Paused, "it does not run");
            cycle.status = CycleStatus::Paused;
        }
        OperationKind::Activate { cycle, schedule } => {
            activate(account, cycle, schedule, installed);
        }
        OperationKind::CreateAccount { .. }
        | OperationKind::UpdateAccount { .. }
        | OperationKind::DeleteAccount
        | OperationKind::InstallConnector { .. }
        | OperationKind::UpdateConnector { .. }
        | OperationKind::DeleteConnector { .. }
        | OperationKind::InstallTemplate { .. } => unreachable!("no call on a cycle"),
    }
}

fn cycle<'a>(account: &'a mut LiveAccount, id: &str) -> &'a mut LiveCycle {
    let mut all = account.cycles.iter_mut().flatten();
    all.find(|it| it.id == id).expect("404")
}

/// A cycle to be written; one that runs refuses.
fn paused<'a>(
    account: &'a mut LiveAccount,
    target: &CycleTarget,
    installed: Option<&str>,
) -> &'a mut LiveCycle {
    let id = match target {
        CycleTarget::Existing(id) => id,
        CycleTarget::Installed => installed.expect("nothing was installed"),
    };
    let cycle = cycle(account, id);
    assert_eq!(cycle.status, CycleStatus::Paused, "409: it runs");
    cycle
}

fn activate(
    account: &mut LiveAccount,
    target: &CycleTarget,
    schedule: &Schedule,
    installed: Option<&str>,
) {
    let bound = paused(account, target, installed).connectors.clone();
    for id in bound.iter().filter_map(|bound| bound.account_connector_id) {
        let connector = connector(account, id);
        // Clients and fields are tried at the first call, if they were ever given.
        let secret = |it: &LiveProperty| ["ClientSecret", "Token"].contains(&it.name.as_str());
        let tried = connector.properties.iter().any(secret);
        let name = &connector.name;
        assert!(
            connector.authenticated || tried,
            "20: Unauthenticated connector {name}"
        );
        connector.authenticated = true;
    }
    let cycle = paused(account, target, installed);
    for bound in &mut cycle.connectors {
        bound.authenticated = true;
    }
    cycle.has_run = true;
    if *schedule != Schedule::Once {
        cycle.status = CycleStatus::Active;
    }
}

fn map(cycle: &mut LiveCycle, (step, name, parameter): (&str, &str, bool), mapping: &MappingSpec) {
    let mut steps = cycle.steps.iter_mut().flatten();
    let step = steps.find(|it| it.name == step).expect("404");
    let targets = if parameter {
        &mut step.parameters
    } else {
        &mut step.fields
    };
    let mut targets = targets.iter_mut().flatten();
    let target = targets.find(|it| it.name == name).expect("404");
    target.mapping_type = Some(mapping.mapping_type.clone());
    target.value.clone_from(&mapping.value);
}
