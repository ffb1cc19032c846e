//! What is to become of one declared template.

use crate::diff::connector::Decision;
use crate::moves::Ground;
use gangplank_model::{
    AccountSpec, Action, Address, Change, LiveAccount, OperationKind, Reason, TemplateSpec,
};

/// What is to become of one declared template.
#[derive(Debug)]
pub(crate) struct TemplateDecision {
    pub(crate) change: Option<Change>,
    pub(crate) operations: Vec<OperationKind>,
}

impl TemplateDecision {
    /// Whether a call gives the entry's name to a cycle.
    pub(crate) fn takes_name(&self) -> bool {
        let names = |it: &OperationKind| {
            matches!(
                it,
                OperationKind::InstallTemplate { .. } | OperationKind::UpdateCycle { .. }
            )
        };
        self.operations.iter().any(names)
    }

    /// Whether nothing may be touched.
    pub(crate) fn is_blocked(&self) -> bool {
        let change = self.change.as_ref();
        change.is_some_and(|change| change.action == Action::Block)
    }
}

/// The account's side of a decision.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scene<'a> {
    pub(crate) account: &'a AccountSpec,
    /// With the names that its objects will have.
    pub(crate) live: Option<&'a LiveAccount>,
    pub(crate) ground: &'a Ground<'a>,
    pub(crate) connectors: &'a [Decision],
}

/// A change of this entry that says nothing yet.
pub(super) fn blank(scene: Scene<'_>, spec: &TemplateSpec, action: Action) -> Change {
    Change {
        address: Address::template(&scene.account.id, &spec.name),
        action,
        title: spec.template.value.to_string(),
        reasons: Vec::new(),
        fields: Vec::new(),
        origin: Some(spec.origin.clone()),
    }
}

/// Nothing may be touched, and why.
pub(super) fn blocked(scene: Scene<'_>, spec: &TemplateSpec, why: String) -> TemplateDecision {
    let reasons = vec![Reason::Blocked(why)];
    let change = Change {
        reasons,
        ..blank(scene, spec, Action::Block)
    };
    TemplateDecision {
        change: Some(change),
        operations: Vec::new(),
    }
}
