//! What a plan says besides its changes.

use crate::diff::Pass;
use gangplank_model::plan::grouped;
use gangplank_model::{Desired, Live};

/// Says what a plan could not know, and what is exclusive.
pub(crate) fn notes(
    pass: &Pass<'_>,
    desired: &Desired,
    live: &Live,
    only_accounts: bool,
) -> Vec<String> {
    let mut notes = Vec::new();
    let credentials = |count: usize| match count {
        1 => "1 credential was".to_owned(),
        count => format!("{} credentials were", grouped(count)),
    };
    if only_accounts {
        notes.push(
            "the instance shows its connector library to accounts only, and there is none yet: \
             connectors and templates are planned by the next run"
                .to_owned(),
        );
    }
    if let Some((account, _)) = live.failed.first_key_value() {
        notes.push(match live.failed.len() {
            1 => format!("account {account} could not be read and is left out"),
            count => format!(
                "{} accounts could not be read and are left out: {account} and others",
                grouped(count)
            ),
        });
    }
    if pass.uncompared > 0 && pass.context.marks {
        let count = credentials(pass.uncompared);
        notes.push(format!(
            "{count} not compared; --with-secrets compares them"
        ));
    }
    if pass.uncompared > 0 && !pass.context.marks {
        let count = credentials(pass.uncompared);
        notes.push(format!(
            "{count} not compared, since `marks: off` leaves nothing to compare with"
        ));
    }
    if pass.unknown_schedules > 0 {
        let count = match pass.unknown_schedules {
            1 => "1 cycle runs".to_owned(),
            count => format!("{} cycles run", grouped(count)),
        };
        notes.push(format!(
            "{count} on a schedule that Gangplank did not set and the API does not tell"
        ));
    }
    if pass.unkept > 0 {
        notes.push(
            "with `marks: off`, `protect: true` is not kept in the instance: it holds as long as its \
             line stands"
                .to_owned(),
        );
    }
    notes.extend(exclusive(pass, desired));
    notes
}

/// What is removed without being named.
fn exclusive(pass: &Pass<'_>, desired: &Desired) -> Vec<String> {
    let mut notes = Vec::new();
    let instance = desired.instance.as_ref();
    if let Some(instance) = instance.filter(|it| it.exclusive.is_some()) {
        notes.push(format!(
            "instance {:?} is exclusive: accounts that no manifest declares are removed",
            instance.name
        ));
    }
    if let Some(first) = pass.exclusive.first() {
        let what = match pass.exclusive.len() {
            1 => format!("account {first} is exclusive"),
            count => format!(
                "{} accounts are exclusive ({first} and others)",
                grouped(count)
            ),
        };
        notes.push(format!(
            "{what}: connectors and cycles that no entry names are removed"
        ));
    }
    notes
}
