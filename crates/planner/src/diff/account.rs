//! Account fields.

use super::{live_text, text_change};
use gangplank_model::compare::{same_text, same_time};
use gangplank_model::{
    AccountFields, AccountWrite, FieldChange, LiveAccount, Retention, Shown, Sourced,
};

/// What to write of the declared fields, and what differs. `text` is the live `AuditInfo` without
/// the mark; the `audit_info` of the write is left to the caller.
pub(crate) fn fields(
    wanted: &AccountFields,
    live: Option<&LiveAccount>,
    text: &str,
) -> (AccountWrite, Vec<FieldChange>) {
    let absent = LiveAccount::default();
    let mut found = Comparison {
        new: live.is_none(),
        changes: Vec::new(),
    };
    let live = live.unwrap_or(&absent);
    let write = AccountWrite {
        name: found.text("name", wanted.name.as_ref(), Some(&live.name)),
        description: found.text(
            "description",
            wanted.description.as_ref(),
            live.description.as_deref(),
        ),
        timezone: found.text(
            "timezone",
            wanted.timezone.as_ref(),
            live.timezone.as_deref(),
        ),
        audit_info: None,
        task_audit_info: {
            found.text("audit_info", wanted.audit_info.as_ref(), Some(text));
            found.text(
                "task_audit_info",
                wanted.task_audit_info.as_ref(),
                live.task_audit_info.as_deref(),
            )
        },
        next_bill_date_utc: found.time(
            "next_bill_date_utc",
            wanted.next_bill_date_utc.as_ref(),
            live.next_bill_date_utc.as_deref(),
        ),
        step_data_success_retention_hours: found.retention(
            "step_data_success_retention_hours",
            wanted.step_data_success_retention_hours.as_ref(),
            live.step_data_success_retention_hours,
        ),
        step_data_errored_retention_hours: found.retention(
            "step_data_errored_retention_hours",
            wanted.step_data_errored_retention_hours.as_ref(),
            live.step_data_errored_retention_hours,
        ),
        transaction_error_webhook_enabled: found.flag(
            "transaction_error_webhook_enabled",
            wanted.transaction_error_webhook_enabled.as_ref(),
            live.transaction_error_webhook_enabled,
        ),
        transaction_error_webhook_include_warnings: found.flag(
            "transaction_error_webhook_include_warnings",
            wanted.transaction_error_webhook_include_warnings.as_ref(),
            live.transaction_error_webhook_include_warnings,
        ),
        transaction_error_webhook_url: found.text(
            "transaction_error_webhook_url",
            wanted.transaction_error_webhook_url.as_ref(),
            live.transaction_error_webhook_url.as_deref(),
        ),
    };
    (with_url(write, wanted, live), found.changes)
}

/// The vendor asks for the URL with `true` even where one is stored (cyclr-api.md 2.1).
fn with_url(mut write: AccountWrite, wanted: &AccountFields, live: &LiveAccount) -> AccountWrite {
    if write.transaction_error_webhook_enabled == Some(true)
        && write.transaction_error_webhook_url.is_none()
    {
        write.transaction_error_webhook_url = wanted
            .transaction_error_webhook_url
            .as_ref()
            .map(|url| url.value.clone())
            .or_else(|| live.transaction_error_webhook_url.clone());
    }
    write
}

/// Collects what differs; each method gives back what is to be written.
struct Comparison {
    new: bool,
    changes: Vec<FieldChange>,
}

impl Comparison {
    fn text(
        &mut self,
        field: &str,
        wanted: Option<&Sourced<String>>,
        held: Option<&str>,
    ) -> Option<String> {
        let wanted = wanted.filter(|it| self.new || !same_text(held, &it.value))?;
        Some(self.differs(field, wanted, held))
    }

    fn time(
        &mut self,
        field: &str,
        wanted: Option<&Sourced<String>>,
        held: Option<&str>,
    ) -> Option<String> {
        let same = |it: &&Sourced<String>| held.is_some_and(|held| same_time(held, &it.value));
        let wanted = wanted.filter(|it| !same(it))?;
        Some(self.differs(field, wanted, held))
    }

    fn differs(&mut self, field: &str, wanted: &Sourced<String>, held: Option<&str>) -> String {
        let change = text_change(field, live_text(held), wanted, &*wanted.value);
        self.changes.push(change);
        wanted.value.clone()
    }

    fn retention(
        &mut self,
        field: &str,
        wanted: Option<&Sourced<Retention>>,
        held: Option<i64>,
    ) -> Option<Retention> {
        let wanted = wanted?;
        let hours = match wanted.value {
            Retention::ConsoleDefault => None,
            Retention::Hours(hours) => Some(i64::from(hours)),
        };
        if hours == held {
            return None;
        }
        let said = |hours: Option<i64>| hours.map_or("null".to_owned(), |hours| hours.to_string());
        let before = self.before(said(held));
        self.changes
            .push(text_change(field, before, wanted, said(hours)));
        Some(wanted.value)
    }

    fn flag(&mut self, field: &str, wanted: Option<&Sourced<bool>>, held: bool) -> Option<bool> {
        let wanted = wanted?;
        if wanted.value == held {
            return None;
        }
        let before = self.before(held.to_string());
        let after = wanted.value.to_string();
        self.changes.push(text_change(field, before, wanted, after));
        Some(wanted.value)
    }

    fn before(&self, text: String) -> Shown {
        if self.new {
            Shown::Absent
        } else {
            Shown::Text(text)
        }
    }
}
