//! Does the live instance satisfy one operation? Pure judgement over what was read back.

use crate::reread::Facts;
use crate::tally::{account_tallies, connector_tallies};
use gangplank_model::mark::TAG;
use gangplank_model::{
    ConnectorWrite, CycleStatus, CycleTarget, LiveConnector, LiveCycle, Operation, OperationKind,
    Schedule, Value,
};
use std::collections::BTreeSet;

/// What reading back showed of one operation.
#[derive(Clone, Debug)]
pub enum Finding {
    /// It was done.
    Satisfied,
    /// A connector was installed: this one.
    Connector(LiveConnector),
    /// A template was installed: this cycle.
    Cycle(Box<LiveCycle>),
    /// It was not done, as far as can be seen now.
    Absent,
    /// Something else stands there: what.
    Different(String),
    /// Several stand there, of which one may be it: which, in words.
    Several(String),
    /// What was read cannot tell.
    Unclear,
}

/// Judges what was read back by the operation's natural key.
///
/// For a write of a mark, `audit_info` is the whole text that was sent. Secrets cannot be read
/// back: a connector that was to get some is judged by everything else.
pub fn satisfies(operation: &Operation, audit_info: Option<&str>, facts: &Facts) -> Finding {
    match &operation.kind {
        OperationKind::CreateAccount { write, .. } => match facts {
            Facts::Missing => Finding::Absent,
            Facts::Account(account) => account_tallies(account, write, audit_info),
            _ => Finding::Unclear,
        },
        OperationKind::UpdateAccount { write } => match facts {
            Facts::Account(account) => account_tallies(account, write, audit_info),
            _ => Finding::Unclear,
        },
        OperationKind::InstallConnector {
            connector,
            version,
            write,
            ..
        } => installed_connector(facts, connector, version.as_deref(), write),
        OperationKind::UpdateConnector { write, rename, .. } => match facts {
            // Whether a secret arrived cannot be seen.
            Facts::Connector(live) if rename.as_ref().is_some_and(|it| *it != live.name) => {
                Finding::Different("its Name differs".to_owned())
            }
            Facts::Connector(_) if sends_secret(write) => Finding::Unclear,
            Facts::Connector(live) => connector_tallies(live, write),
            _ => Finding::Unclear,
        },
        OperationKind::InstallTemplate {
            template_id,
            known_cycles,
            ..
        } => installed_template(facts, template_id, known_cycles),
        OperationKind::UpdateCycle {
            name, marks, tags, ..
        } => match facts {
            Facts::Cycle(cycle) => cycle_tallies(cycle, name.as_deref(), marks, tags.as_deref()),
            _ => Finding::Unclear,
        },
        OperationKind::DeleteAccount
        | OperationKind::DeleteConnector { .. }
        | OperationKind::DeleteCycle { .. } => match facts {
            Facts::Missing => Finding::Satisfied,
            _ => Finding::Absent,
        },
        OperationKind::Deactivate { .. } => match facts {
            Facts::Cycle(cycle) if cycle.status == CycleStatus::Active => Finding::Absent,
            Facts::Cycle(_) => Finding::Satisfied,
            _ => Finding::Unclear,
        },
        OperationKind::Activate {
            cycle: target,
            schedule,
        } => match facts {
            Facts::Cycle(cycle) => activated(cycle, target, schedule),
            _ => Finding::Unclear,
        },
        OperationKind::SetVariables { .. }
        | OperationKind::SetParameter { .. }
        | OperationKind::SetField { .. } => Finding::Unclear,
    }
}

/// Whether a cycle is running as an activation asked for. One that is to run once pauses again
/// after that: then a run is the sign, if it cannot be an older one. A cycle that was there before
/// may have run before, so that its runs tell nothing.
fn activated(cycle: &LiveCycle, target: &CycleTarget, schedule: &Schedule) -> Finding {
    if cycle.status == CycleStatus::Active {
        return Finding::Satisfied;
    }
    match (schedule, target) {
        (Schedule::Once, CycleTarget::Installed) if cycle.has_run => Finding::Satisfied,
        (Schedule::Once, CycleTarget::Existing(_)) if cycle.has_run => Finding::Unclear,
        (Schedule::Once | Schedule::Every { .. }, _) => Finding::Absent,
    }
}

fn sends_secret(write: &ConnectorWrite) -> bool {
    write
        .auth
        .as_ref()
        .is_some_and(gangplank_model::AuthSpec::sends_value)
        || write
            .properties
            .values()
            .any(|value| matches!(value, Value::Secret(_)))
}

fn installed_connector(
    facts: &Facts,
    connector: &str,
    version: Option<&str>,
    write: &ConnectorWrite,
) -> Finding {
    let Facts::Connectors(connectors) = facts else {
        return Finding::Unclear;
    };
    let Some(live) = connectors.iter().find(|live| live.name == write.name) else {
        return Finding::Absent;
    };
    let same_version = match (version, live.connector_version.as_deref()) {
        (Some(wanted), Some(found)) => wanted == found,
        (None, _) | (_, None) => true,
    };
    if live.connector_name != connector || !same_version {
        let found = live.connector_version.as_deref().unwrap_or_default();
        let found = format!("{} {found}", live.connector_name);
        return Finding::Different(format!(
            "that name belongs to a connector of {}",
            found.trim_end()
        ));
    }
    match connector_tallies(live, write) {
        Finding::Satisfied => Finding::Connector(live.clone()),
        other => other,
    }
}

/// The new cycle is of the template, was not there before, and nobody claims it.
fn installed_template(facts: &Facts, template_id: &str, known_cycles: &[String]) -> Finding {
    let Facts::Cycles(cycles) = facts else {
        return Finding::Unclear;
    };
    let new: Vec<&LiveCycle> = cycles
        .iter()
        .filter(|cycle| {
            let of_template = cycle
                .template_id
                .as_deref()
                .is_some_and(|id| id.eq_ignore_ascii_case(template_id));
            of_template
                && !known_cycles.contains(&cycle.id)
                && !cycle.tags.iter().any(|tag| tag.starts_with(TAG))
        })
        .collect();
    match new.as_slice() {
        [] => Finding::Absent,
        [cycle] => Finding::Cycle(Box::new((*cycle).clone())),
        several => {
            let ids: Vec<&str> = several.iter().map(|cycle| cycle.id.as_str()).collect();
            Finding::Several(format!(
                "{} new cycles of this template stand there: {}",
                ids.len(),
                ids.join(", ")
            ))
        }
    }
}

fn cycle_tallies(
    cycle: &LiveCycle,
    name: Option<&str>,
    marks: &[String],
    tags: Option<&[String]>,
) -> Finding {
    let name = name.is_none_or(|name| name == cycle.name);
    let marked = marks.iter().all(|mark| cycle.tags.contains(mark));
    // A mark that was to go must be gone, too.
    let ours = |tags: &[String]| -> BTreeSet<String> {
        let ours = tags.iter().filter(|tag| tag.starts_with(TAG));
        ours.cloned().collect()
    };
    let tagged = tags.is_none_or(|tags| {
        tags.iter().all(|tag| cycle.tags.contains(tag)) && ours(tags) == ours(&cycle.tags)
    });
    if name && marked && tagged {
        Finding::Satisfied
    } else {
        Finding::Absent
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gangplank_model::{AccountId, AccountWrite, Address, LiveAccount, MarkWrite, Retention};

    fn operation(kind: OperationKind) -> Operation {
        Operation {
            address: Address::account(&AccountId::new("a")),
            kind,
            depends_on: Vec::new(),
        }
    }

    fn word(finding: &Finding) -> &'static str {
        match finding {
            Finding::Satisfied => "satisfied",
            Finding::Connector(_) => "connector",
            Finding::Cycle(_) => "cycle",
            Finding::Absent => "absent",
            Finding::Different(_) => "different",
            Finding::Several(_) => "several",
            Finding::Unclear => "unclear",
        }
    }

    fn check(kind: &OperationKind, facts: &Facts, expected: &str) {
        let finding = satisfies(&operation(kind.clone()), None, facts);
        assert_eq!(word(&finding), expected, "{kind:?} {facts:?}");
    }

    #[test]
    fn an_account_is_judged_by_its_declared_fields() {
        let kind = OperationKind::CreateAccount {
            write: AccountWrite {
                name: Some("Acme".into()),
                step_data_success_retention_hours: Some(Retention::Hours(168)),
                audit_info: Some(MarkWrite {
                    text: "ours".into(),
                    ..MarkWrite::default()
                }),
                ..AccountWrite::default()
            },
            parent: None,
        };
        let account = |name: &str, hours, audit: &str| {
            Facts::Account(Box::new(LiveAccount {
                name: name.into(),
                step_data_success_retention_hours: hours,
                audit_info: Some(audit.into()),
                timezone: Some("anything".into()),
                ..LiveAccount::default()
            }))
        };
        check(&kind, &Facts::Missing, "absent");
        check(&kind, &account("Acme", Some(168), "ours"), "satisfied");
        check(&kind, &account("Acme", Some(100), "ours"), "different");
        check(&kind, &account("Acme", Some(168), "theirs"), "different");
        check(&kind, &account("Other", Some(168), "ours"), "different");
    }

    #[test]
    fn a_connector_is_found_by_its_name_and_verified() {
        let kind = OperationKind::InstallConnector {
            release_id: 1,
            connector: "Mailchimp".into(),
            version: Some("v3".into()),
            write: ConnectorWrite {
                name: "Mail".into(),
                partner: Some(true),
                ..ConnectorWrite::default()
            },
        };
        let live = |name: &str, connector: &str, version: &str, partner| {
            Facts::Connectors(vec![LiveConnector {
                name: name.into(),
                connector_name: connector.into(),
                connector_version: Some(version.into()),
                partner,
                ..LiveConnector::default()
            }])
        };
        check(&kind, &Facts::Connectors(Vec::new()), "absent");
        check(&kind, &live("Mail 2", "Mailchimp", "v3", true), "absent");
        check(&kind, &live("Mail", "Mailchimp", "v3", true), "connector");
        check(&kind, &live("Mail", "Mailchimp", "v2", true), "different");
        check(&kind, &live("Mail", "Mailgun", "v3", true), "different");
        check(&kind, &live("Mail", "Mailchimp", "v3", false), "different");
    }

    #[test]
    fn a_rename_is_seen_by_the_name() {
        let kind = OperationKind::UpdateConnector {
            id: 51,
            write: ConnectorWrite::default(),
            rename: Some("New".into()),
        };
        let live = |name: &str| {
            Facts::Connector(Box::new(LiveConnector {
                name: name.into(),
                ..LiveConnector::default()
            }))
        };
        check(&kind, &live("New"), "satisfied");
        check(&kind, &live("Old"), "different");
        check(&kind, &Facts::Missing, "unclear");
    }

    #[test]
    fn a_new_cycle_is_none_that_was_there_and_none_that_is_claimed() {
        let kind = OperationKind::InstallTemplate {
            template_id: "T".into(),
            known_cycles: vec!["old".into()],
            bindings: Vec::new(),
        };
        let cycle = |id: &str, template: &str, tag: &str| LiveCycle {
            id: id.into(),
            template_id: Some(template.into()),
            tags: vec![tag.into()],
            ..LiveCycle::default()
        };
        for (cycles, expected) in [
            (vec![], "absent"),
            (vec![cycle("old", "t", "crm")], "absent"),
            (vec![cycle("c", "u", "crm")], "absent"),
            (vec![cycle("c", "t", "gangplank:other")], "absent"),
            (
                vec![cycle("old", "t", "x"), cycle("c", "t", "crm")],
                "cycle",
            ),
            (vec![cycle("c", "t", "x"), cycle("d", "t", "x")], "several"),
        ] {
            check(&kind, &Facts::Cycles(cycles), expected);
        }
    }

    #[test]
    fn an_activation_is_seen_by_the_status_or_by_a_run() {
        let once = OperationKind::Activate {
            cycle: CycleTarget::Installed,
            schedule: Schedule::Once,
        };
        let hourly = OperationKind::Activate {
            cycle: CycleTarget::Installed,
            schedule: Schedule::Every {
                minutes: 60,
                start: None,
            },
        };
        let cycle = |status, has_run| {
            Facts::Cycle(Box::new(LiveCycle {
                status,
                has_run,
                ..LiveCycle::default()
            }))
        };
        check(&once, &cycle(CycleStatus::Active, false), "satisfied");
        check(&once, &cycle(CycleStatus::Paused, true), "satisfied");
        check(&once, &cycle(CycleStatus::Paused, false), "absent");
        let once_more = OperationKind::Activate {
            cycle: CycleTarget::Existing("c".into()),
            schedule: Schedule::Once,
        };
        check(&once_more, &cycle(CycleStatus::Active, true), "satisfied");
        check(&once_more, &cycle(CycleStatus::Paused, true), "unclear");
        check(&once_more, &cycle(CycleStatus::Paused, false), "absent");
        check(&hourly, &cycle(CycleStatus::Paused, true), "absent");
    }
}
