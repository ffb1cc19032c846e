//! A connector that is not there.

use super::decision::{Decision, State, blank, full, has_memory, titled};
use super::shown;
use crate::diff::{Pass, property};
use crate::library;
use gangplank_model::{AccountSpec, Action, Change, ConnectorSpec, OperationKind, Reason};

/// Installs it with name, method, properties and credential in the one call.
pub(super) fn install(
    pass: &mut Pass<'_>,
    account: &AccountSpec,
    spec: &ConnectorSpec,
) -> Option<Decision> {
    let release = pass.library.release(spec, &mut pass.problems)?;
    let properties = spec.all_properties();
    property::check(&mut pass.problems, spec, &properties, release, true);
    let method = library::method(spec, release, &mut pass.problems).ok()?;
    let write = full(spec, &properties, Some(release), method);
    let needs_none = library::needs_none(release);
    let state = match &write.auth {
        Some(auth) if auth.needs_sign_in() => State::Waiting(shown::sign_in(&release.name)),
        None if !needs_none => State::Waiting(format!("{} has no `auth` declared", spec.name)),
        Some(_) | None => State::Ready,
    };
    let mut reasons = vec![Reason::Missing];
    if let (State::Waiting(why), Some(_)) = (&state, &write.auth) {
        reasons.push(Reason::Waiting(why.clone()));
    }
    let change = Change {
        reasons,
        fields: shown::declared(spec, &properties),
        ..blank(
            account,
            spec,
            Action::Create,
            titled(&release.name, release.version.as_deref()),
        )
    };
    Some(Decision {
        name: spec.name.clone(),
        library_name: release.name.clone(),
        live_id: None,
        state,
        change: Some(change),
        operation: Some(OperationKind::InstallConnector {
            release_id: release.id,
            connector: release.name.clone(),
            version: release.version.clone(),
            write: write.clone(),
        }),
        remark: has_memory(&write),
        former: None,
        full: write,
    })
}
