//! A plan and its diagnostics as a few lines, so that an expected plan is easily written and read.

use super::operation::operation;
use gangplank_model::{
    Change, Diagnostics, FieldChange, ObjectPath, Plan, Reason, Severity, Shown, Summary,
};

/// Everything that a plan decides: lanes with changes and calls, counts, notes, diagnostics.
pub(crate) fn text(plan: &Plan, diagnostics: &Diagnostics) -> String {
    let mut lines = Vec::new();
    for lane in &plan.lanes {
        let after = lane.after.as_ref();
        let after = after.map_or_else(String::new, |parent| format!(" after {parent}"));
        lines.push(format!("lane {}{after}", lane.account));
        lines.extend(lane.changes.iter().map(change));
        let calls = lane.operations.iter().enumerate();
        lines.extend(calls.map(|(index, call)| format!("{index} {}", operation(call))));
    }
    lines.push(summary(&plan.summary));
    lines.extend(plan.notes.iter().map(|note| format!("note {note}")));
    lines.extend(told(diagnostics));
    lines.join("\n")
}

/// Diagnostics alone.
pub(crate) fn diagnostics(diagnostics: &Diagnostics) -> String {
    told(diagnostics).join("\n")
}

fn told(diagnostics: &Diagnostics) -> Vec<String> {
    let mut lines = Vec::new();
    for found in diagnostics.iter() {
        let severity = match found.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let place = found.labels.first().map(|label| label.origin.line);
        let place = place.map_or_else(String::new, |line| format!(" at {line}"));
        let hints: String = found
            .hints
            .iter()
            .map(|hint| format!(" ({hint})"))
            .collect();
        lines.push(format!("{severity} {}{place}{hints}", found.code).replace('"', "'"));
    }
    lines
}

/// `~ connector Crm [differs] description: a > b`.
fn change(change: &Change) -> String {
    let codes: Vec<&str> = change.reasons.iter().map(Reason::code).collect();
    let fields: Vec<String> = change.fields.iter().map(field).collect();
    let line = format!(
        "{} {} [{}] {}",
        change.action.symbol(),
        object(&change.address.object),
        codes.join(" "),
        fields.join(", ")
    );
    line.trim_end().to_owned()
}

/// `connector Crm`.
pub(super) fn object(object: &ObjectPath) -> String {
    match object {
        ObjectPath::Account => "account".to_owned(),
        ObjectPath::Connector(name) => format!("connector {name}"),
        ObjectPath::Template(name) => format!("template {name}"),
    }
}

/// `description: a > b`, with `-` for nothing, `?` for what nobody knows, `(...)` for a secret.
fn field(change: &FieldChange) -> String {
    let shown = |value: &Shown| match value {
        Shown::Absent => "-".to_owned(),
        Shown::Text(text) => text.clone(),
        Shown::Secret(from) => format!("({from})"),
        Shown::Unknown => "?".to_owned(),
    };
    let (before, after) = (shown(&change.before), shown(&change.after));
    format!("{}: {before} > {after}", change.field)
}

/// The counts that are not zero: `1 add 2 unchanged`.
fn summary(summary: &Summary) -> String {
    let Summary {
        add,
        change,
        remove,
        adopt,
        moved,
        waiting,
        blocked,
        unchanged,
        accounts,
    } = *summary;
    let counts = [
        (add, "add"),
        (change, "change"),
        (remove, "remove"),
        (adopt, "adopt"),
        (moved, "moved"),
        (waiting, "waiting"),
        (blocked, "blocked"),
        (unchanged, "unchanged"),
    ];
    let said = counts.iter().filter(|(count, _)| *count > 0);
    let said: String = said
        .map(|(count, what)| format!("{count} {what} "))
        .collect();
    format!("{said}of {accounts}")
}
