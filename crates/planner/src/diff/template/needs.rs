//! Whom a cycle waits for, and what is in its way.

use super::decision::Scene;
use crate::diff::Pass;
use crate::diff::connector::{Decision, State};
use crate::library;
use gangplank_model::{LibraryTemplate, LiveCycle, Reason, TemplateConnector};
use std::collections::BTreeSet;

/// What a new cycle would wait for, and what is in its way.
#[derive(Debug, Default)]
pub(super) struct Needs {
    /// Who has to act first, in words.
    pub(super) waiting: Vec<String>,
    /// Declared connectors that are blocked.
    pub(super) in_the_way: Vec<String>,
}

/// What a new cycle of this template needs.
pub(super) fn of_template(pass: &Pass<'_>, scene: Scene<'_>, template: &LibraryTemplate) -> Needs {
    let mut needs = Needs::default();
    for needed in &template.connectors {
        let declared: Vec<&Decision> = scene
            .connectors
            .iter()
            .filter(|it| it.library_name == needed.name)
            .collect();
        for decision in &declared {
            match &decision.state {
                State::Ready => {}
                State::Waiting(why) => needs.waiting.push(why.clone()),
                State::Blocked(_) => needs.in_the_way.push(decision.name.clone()),
            }
        }
        if declared.is_empty() && !served_already(pass, scene, needed) {
            needs.waiting.push(format!(
                "{} is not declared for this account and is not authenticated",
                needed.name
            ));
        }
    }
    once(&mut needs.waiting);
    needs
}

/// Says each once: several connectors may wait for the same.
fn once(waiting: &mut Vec<String>) {
    let mut told = BTreeSet::new();
    waiting.retain(|why| told.insert(why.clone()));
}

/// Whether a connector that is not declared is there all the same, or needs no authentication.
fn served_already(pass: &Pass<'_>, scene: Scene<'_>, needed: &TemplateConnector) -> bool {
    let held = scene.live.and_then(|live| live.connectors.as_deref());
    let authenticated = held
        .unwrap_or_default()
        .iter()
        .any(|live| live.connector_name == needed.name && live.authenticated);
    let release = pass.library.exact(&needed.name, needed.version.as_deref());
    authenticated || release.is_some_and(library::needs_none)
}

/// That a cycle is not activated, and why.
pub(super) fn not_activated(why: &str) -> Reason {
    Reason::Waiting(format!("not activated yet: {why}"))
}

/// The account connector that a cycle is bound to although another one is declared for it.
pub(super) fn wrong_binding(scene: Scene<'_>, cycle: &LiveCycle) -> Option<String> {
    cycle.connectors.iter().find_map(|bound| {
        let id = bound.account_connector_id?;
        let mut declared = scene
            .connectors
            .iter()
            .filter(|it| it.library_name == bound.name)
            .peekable();
        declared.peek()?;
        let names: Vec<&str> = declared.clone().map(|it| it.name.as_str()).collect();
        declared.all(|it| it.live_id != Some(id)).then(|| {
            format!(
                "the cycle is bound to account connector {id} of {}, not to {:?}; choose that one \
                 in the Console, or remove the cycle with `state: absent` and install it anew",
                bound.name,
                names.join(" or ")
            )
        })
    })
}

/// What a cycle that exists waits for before it can run.
pub(super) fn of_cycle(scene: Scene<'_>, cycle: &LiveCycle) -> Vec<String> {
    let mut waiting = Vec::new();
    for bound in &cycle.connectors {
        let decision = bound
            .account_connector_id
            .and_then(|id| scene.connectors.iter().find(|it| it.live_id == Some(id)));
        match decision.map(|decision| &decision.state) {
            Some(State::Ready) => {}
            Some(State::Waiting(why) | State::Blocked(why)) => waiting.push(why.clone()),
            None if bound.authenticated || bound.account_connector_id.is_none() => {}
            None => waiting.push(format!("{} is not authenticated", bound.name)),
        }
    }
    once(&mut waiting);
    waiting
}
