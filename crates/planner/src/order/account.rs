//! What to write of the account itself.

use crate::diff::{Pass, account};
use gangplank_model::{
    AccountMark, AccountSpec, AccountWrite, Action, Address, Change, ConnectorWrite, LiveAccount,
    MarkWrite, Reason,
};

/// What to write of the account itself, and how it reads.
pub(super) fn account_write(
    pass: &Pass<'_>,
    spec: &AccountSpec,
    live: Option<&LiveAccount>,
    text: &str,
    mark: Option<&AccountMark>,
    remarked: Vec<ConnectorWrite>,
) -> (Option<AccountWrite>, Option<Change>) {
    let (mut write, fields) = account::fields(&spec.fields, live, text);
    let wanted_text = spec
        .fields
        .audit_info
        .as_ref()
        .map(|wanted| wanted.value.as_str());
    let text_differs = wanted_text.is_some_and(|wanted| wanted != text);
    if text_differs || !remarked.is_empty() {
        let key = pass
            .context
            .made_marks
            .as_ref()
            .map(|made| made.key.as_str());
        // Marks that were made under another key say nothing any more.
        let kept = mark
            .filter(|mark| key.is_none_or(|key| key == mark.key))
            .map(|mark| {
                let mut kept = mark.clone();
                kept.connectors
                    .retain(|name, _| remarked.iter().all(|write| write.name != *name));
                kept
            });
        write.audit_info = Some(MarkWrite {
            text: wanted_text.unwrap_or(text).to_owned(),
            kept: kept.filter(|kept| !kept.connectors.is_empty()),
            made: remarked,
        });
    }
    let new = live.is_none();
    let title = match (&spec.fields.name, live) {
        (Some(name), _) => name.value.clone(),
        (None, Some(live)) => live.name.clone(),
        (None, None) => spec.id.to_string(),
    };
    let change = (new || !fields.is_empty()).then(|| Change {
        address: Address::account(&spec.id),
        action: if new { Action::Create } else { Action::Update },
        title,
        reasons: vec![if new {
            Reason::Missing
        } else {
            Reason::Differs
        }],
        fields,
        origin: Some(spec.origin.clone()),
    });
    let nothing = !new && write == AccountWrite::default();
    ((!nothing).then_some(write), change)
}

/// Whether a write makes a mark anew.
pub(super) fn makes_marks(write: &AccountWrite) -> bool {
    let audit = write.audit_info.as_ref();
    audit.is_some_and(|audit| !audit.made.is_empty())
}
