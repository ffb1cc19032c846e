//! What every format prints of a plan, in order and in words.

use crate::escape;
use crate::options::Tone;
use crate::waves;
use gangplank_model::{Action, Change, Lane, ObjectPath, Plan, Reason, Shown};

/// A plan as people see it.
#[derive(Debug)]
pub(crate) struct View {
    pub(crate) accounts: Vec<AccountView>,
    pub(crate) notes: Vec<String>,
    /// What is said of the waves; nothing where there are none.
    pub(crate) waves: Vec<String>,
    pub(crate) summary: String,
    pub(crate) empty: bool,
}

/// One account that differs.
#[derive(Debug)]
pub(crate) struct AccountView {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) calls: usize,
    /// Its wave, from 1.
    pub(crate) wave: Option<usize>,
    pub(crate) objects: Vec<ObjectView>,
}

/// One object that differs.
#[derive(Debug)]
pub(crate) struct ObjectView {
    pub(crate) symbol: &'static str,
    pub(crate) tone: Tone,
    /// `account`, `connector`, `template`.
    pub(crate) kind: &'static str,
    pub(crate) name: String,
    /// A few words on what it is, when the name does not say so already.
    pub(crate) title: String,
    /// Why, in words; what has a line of its own below is not among them.
    pub(crate) reasons: Vec<String>,
    pub(crate) fields: Vec<FieldView>,
    /// What is waited for, or in the way.
    pub(crate) warnings: Vec<(&'static str, Tone, String)>,
}

/// One field that differs.
#[derive(Debug)]
pub(crate) struct FieldView {
    pub(crate) name: String,
    pub(crate) before: Option<String>,
    pub(crate) after: String,
}

impl View {
    pub(crate) fn of(plan: &Plan, width: usize) -> Self {
        Self {
            waves: waves::lines(plan, width),
            accounts: plan.lanes.iter().map(AccountView::of).collect(),
            notes: plan.notes.iter().map(|note| escape::line(note)).collect(),
            summary: format!("Plan: {}", plan.summary),
            empty: plan.summary.is_empty(),
        }
    }
}

impl AccountView {
    fn of(lane: &Lane) -> Self {
        let is_account = |change: &&Change| change.address.object == ObjectPath::Account;
        let account = lane.changes.iter().find(is_account);
        let mut objects: Vec<ObjectView> = lane.changes.iter().map(ObjectView::of).collect();
        // What cannot be undone comes first; the rest stays in the order in which it is done.
        objects.sort_by_key(|object| object.symbol != "-");
        Self {
            id: escape::line(lane.account.as_str()),
            name: account
                .map(|change| escape::line(&change.title))
                .unwrap_or_default(),
            calls: lane.operations.len(),
            wave: lane.wave.map(|wave| wave + 1),
            objects,
        }
    }
}

impl ObjectView {
    fn of(change: &Change) -> Self {
        let (kind, name) = match &change.address.object {
            ObjectPath::Account => ("account", change.address.account.as_str()),
            ObjectPath::Connector(name) => ("connector", name.as_str()),
            ObjectPath::Template(name) => ("template", name.as_str()),
        };
        let tone = match change.action {
            Action::Create => Tone::Good,
            Action::Update | Action::Adopt | Action::Move => Tone::Change,
            Action::Remove | Action::Block => Tone::Bad,
            Action::Wait => Tone::Wait,
        };
        let mut reasons = Vec::new();
        let mut warnings = Vec::new();
        for reason in &change.reasons {
            let text = escape::line(&reason.to_string());
            match reason {
                // A `+` and the fields below say these already.
                Reason::Missing | Reason::Differs => {}
                Reason::Waiting(_) => warnings.push(("!", Tone::Wait, text)),
                Reason::Blocked(_) => warnings.push(("!", Tone::Bad, text)),
                Reason::Interrupts | Reason::Stops(_) => warnings.push(("!", Tone::Change, text)),
                _ => reasons.push(text),
            }
        }
        Self {
            symbol: change.action.symbol(),
            tone,
            kind,
            name: escape::line(name),
            title: if change.title == name {
                String::new()
            } else {
                escape::line(&change.title)
            },
            reasons,
            fields: change
                .fields
                .iter()
                .map(|field| FieldView {
                    name: escape::line(&field.field),
                    before: (field.before != Shown::Absent).then(|| shown(&field.before)),
                    after: shown(&field.after),
                })
                .collect(),
            warnings,
        }
    }
}

fn shown(value: &Shown) -> String {
    match value {
        Shown::Absent => "(none)".to_owned(),
        Shown::Unknown => "(not told)".to_owned(),
        Shown::Text(text) if text.is_empty() => "\"\"".to_owned(),
        Shown::Text(text) => escape::line(text),
        Shown::Secret(reference) => format!("(secret, {})", escape::line(reference)),
    }
}
