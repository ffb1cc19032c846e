//! What to write of the account itself.

use super::mark::Memory;
use crate::diff::{Pass, account};
use crate::moves::Ground;
use gangplank_model::{
    AccountMark, AccountSpec, AccountWrite, Action, Address, Change, ConnectorWrite, MarkWrite,
    Reason,
};

/// What to write of the account itself, and when.
#[derive(Debug, Default)]
pub(super) struct Writes {
    /// Before anything else.
    pub(super) first: Option<AccountWrite>,
    /// While connectors exchange their names.
    pub(super) between: Option<AccountWrite>,
    /// After the connectors.
    pub(super) last: Option<AccountWrite>,
}

/// Compares the account's own fields.
pub(super) fn own_fields(
    spec: &AccountSpec,
    ground: &Ground<'_>,
) -> (AccountWrite, Option<Change>) {
    let live = ground.original;
    let (write, fields) = account::fields(&spec.fields, live, &ground.text);
    let new = live.is_none();
    let change = (new || !fields.is_empty()).then(|| Change {
        action: if new { Action::Create } else { Action::Update },
        reasons: vec![if new {
            Reason::Missing
        } else {
            Reason::Differs
        }],
        fields,
        ..blank(spec, ground)
    });
    (write, change)
}

/// A change of the account that says nothing but that it differs.
pub(super) fn blank(spec: &AccountSpec, ground: &Ground<'_>) -> Change {
    Change {
        address: Address::account(&spec.id),
        action: Action::Update,
        title: match (&spec.fields.name, ground.original) {
            (Some(name), _) => name.value.clone(),
            (None, Some(live)) => live.name.clone(),
            (None, None) => spec.id.to_string(),
        },
        reasons: vec![Reason::Differs],
        fields: Vec::new(),
        origin: Some(spec.origin.clone()),
    }
}

/// Connectors whose fingerprints are made anew.
#[derive(Debug, Default)]
pub(super) struct Remade {
    /// Their secrets are sent by this plan.
    pub(super) sent: Vec<ConnectorWrite>,
    /// Nothing of theirs changes but the name, to which a fingerprint is bound.
    pub(super) renamed: Vec<ConnectorWrite>,
}

/// Puts the account's marks beside its fields, each in its time: fingerprints and new names are
/// remembered after what they speak of, everything else before.
pub(super) fn writes(
    pass: &Pass<'_>,
    spec: &AccountSpec,
    ground: &Ground<'_>,
    (mut write, memory, remade): (AccountWrite, &Memory, Remade),
) -> Writes {
    let wanted = spec.fields.audit_info.as_ref();
    let wanted = wanted.map_or(&*ground.text, |wanted| wanted.value.as_str());
    let is_new = ground.original.is_none();
    let exchanges = memory.exchanges && !is_new;
    let Remade { sent, renamed } = remade;
    let by_name = memory.renames || !renamed.is_empty();
    let last = !sent.is_empty() || (by_name && !exchanges);
    let mut writes = Writes::default();
    let mut made = renamed;
    if exchanges && last {
        // The fingerprints of what is sent follow later.
        writes.between = Some(AccountWrite {
            audit_info: Some(MarkWrite {
                text: ground.text.clone(),
                kept: kept(pass, &memory.mark, &[]),
                made: made.clone(),
            }),
            ..AccountWrite::default()
        });
    }
    if wanted != ground.text || memory.changes || by_name || !sent.is_empty() {
        let kept = kept(pass, &memory.mark, &sent);
        made.extend(sent);
        write.audit_info = Some(MarkWrite {
            text: wanted.to_owned(),
            kept,
            made,
        });
    }
    if !is_new && write == AccountWrite::default() {
        return writes;
    }
    if is_new {
        writes.first = Some(write);
    } else if last {
        writes.last = Some(write);
    } else if exchanges {
        writes.between = Some(write);
    } else {
        writes.first = Some(write);
    }
    writes
}

/// What stays of a mark beside what is made anew of secrets that are sent. Fingerprints that were made under another key say
/// nothing any more.
fn kept(pass: &Pass<'_>, mark: &AccountMark, sent: &[ConnectorWrite]) -> Option<AccountMark> {
    let mut kept = mark.clone();
    let made = pass.context.made_marks.as_ref();
    if made.is_some_and(|made| made.key != kept.key) {
        kept.connectors.clear();
    }
    kept.connectors
        .retain(|name, _| sent.iter().all(|write| write.name != *name));
    (!kept.is_empty()).then_some(kept)
}
