//! One account with all that is in it.

use super::Lowering;
use crate::entry::{AccountEntry, BodyEntry, StateEntry};
use gangplank_model::{
    AccountFields, AccountId, AccountSpec, Diagnostic, Origin, Presence, Sourced,
};
use std::collections::BTreeMap;

/// The account, or as much of it as could be made; problems are told. `None` without an id.
pub(crate) fn account(
    entry: &Sourced<AccountEntry>,
    body: &BodyEntry,
    lowering: &mut Lowering<'_>,
) -> Option<AccountSpec> {
    let id = entry.value.id.0.as_ref()?;
    lowering.check_id(id);
    let labels = lowering.labels(body);
    lowering.scope.labels(&labels);
    let name = lowering.maybe(&body.name);
    if let Some(name) = &name {
        lowering.check_name("an account's name", name);
        lowering.scope.name(&name.value);
    }
    let fields = AccountFields {
        name,
        ..lowering.fields(body)
    };
    lowering.check_webhook(body, &fields);
    let parent = entry.value.parent.0.as_ref();
    if let Some(parent) = parent
        && parent.value == id.value
    {
        let problem = Diagnostic::error("own-parent", "an account that is its own parent");
        lowering.problems.push(problem.at(&parent.origin, ""));
    }
    let connectors = body.connectors.get().into_iter().flat_map(|list| &list.0);
    let connectors: Vec<_> = connectors
        .filter_map(|entry| lowering.connector(entry))
        .collect();
    let places = connectors
        .iter()
        .map(|spec| (spec.name.as_str(), &spec.origin));
    lowering.check_unique("connector", places);
    let templates = body.templates.get().into_iter().flat_map(|list| &list.0);
    let templates: Vec<_> = templates
        .filter_map(|entry| lowering.template(entry))
        .collect();
    let places = templates
        .iter()
        .map(|spec| (spec.name.as_str(), &spec.origin));
    lowering.check_unique("template", places);
    Some(AccountSpec {
        id: AccountId::new(&id.value),
        origin: entry.origin.clone(),
        presence: presence(entry.value.state.get()),
        fields,
        parent: parent.map(|parent| parent.clone().map(AccountId::new)),
        labels,
        connectors,
        templates,
    })
}

pub(super) fn presence(state: Option<&StateEntry>) -> Presence {
    match state {
        Some(StateEntry::Absent) => Presence::Absent,
        Some(StateEntry::Present) | None => Presence::Present,
    }
}

impl Lowering<'_> {
    fn check_id(&mut self, id: &Sourced<String>) {
        if !self.check_name("an account id", id) {
            return;
        }
        if !id.value.is_ascii() {
            let problem = Diagnostic::error("bad-name", "an account id that no call can name");
            self.problems.push(
                problem
                    .at(&id.origin, "expected letters, digits and signs of ASCII")
                    .detail("The id is sent in the header X-Cyclr-Account, which takes no others."),
            );
        } else if matches!(&*id.value, "." | "..") || id.value.contains("{{") {
            let problem = Diagnostic::error("bad-name", "an account id that cannot be used");
            self.problems
                .push(problem.at(&id.origin, "expected an id such as acme-001"));
        }
    }

    fn labels(&mut self, body: &BodyEntry) -> BTreeMap<String, String> {
        let labels = body.labels.get().into_iter().flat_map(|labels| &labels.0);
        labels
            .filter_map(|(key, label)| {
                let text = Sourced::new(label.value.0.clone(), label.origin.clone());
                Some((key.text.clone(), self.text(&text)?.value))
            })
            .collect()
    }

    fn fields(&mut self, body: &BodyEntry) -> AccountFields {
        let timezone = self.maybe(&body.timezone);
        let next_bill_date_utc = self.maybe(&body.next_bill_date_utc);
        let url = self.maybe(&body.transaction_error_webhook_url);
        AccountFields {
            name: None,
            description: self.maybe(&body.description),
            timezone: timezone.and_then(|zone| self.timezone(zone)),
            audit_info: self.maybe(&body.audit_info),
            task_audit_info: self.maybe(&body.task_audit_info),
            next_bill_date_utc: next_bill_date_utc.and_then(|time| self.time(time)),
            step_data_success_retention_hours: self
                .retention(body.step_data_success_retention_hours.0.as_ref()),
            step_data_errored_retention_hours: self
                .retention(body.step_data_errored_retention_hours.0.as_ref()),
            transaction_error_webhook_enabled: body.transaction_error_webhook_enabled.0.clone(),
            transaction_error_webhook_url: url.and_then(|url| self.webhook(url)),
            transaction_error_webhook_include_warnings: body
                .transaction_error_webhook_include_warnings
                .0
                .clone(),
        }
    }

    /// Enabled without a URL is refused by the vendor, whatever is stored (cyclr-api.md 2.1).
    fn check_webhook(&mut self, body: &BodyEntry, fields: &AccountFields) {
        if let Some(enabled) = &fields.transaction_error_webhook_enabled
            && enabled.value
            && body.transaction_error_webhook_url.0.is_none()
            && self.complete
        {
            self.problems.push(
                Diagnostic::error(
                    "webhook-without-url",
                    "a webhook that is enabled needs a URL",
                )
                .at(&enabled.origin, "")
                .hint("add `transaction_error_webhook_url: https://...`"),
            );
        }
    }

    fn check_unique<'a>(
        &mut self,
        what: &str,
        entries: impl Iterator<Item = (&'a str, &'a Origin)>,
    ) {
        let mut seen: BTreeMap<String, &Origin> = BTreeMap::new();
        for (name, origin) in entries {
            // Whether the vendor minds case is not known (cyclr-api.md 5, U23), so names must differ in more.
            let Some(first) = seen.insert(name.to_lowercase(), origin) else {
                continue;
            };
            let summary = format!("two {what}s of one name in an account");
            self.problems.push(
                Diagnostic::error("duplicate-name", summary)
                    .at(origin, "again here")
                    .at(first, "first here")
                    .hint(format!("give one of them another name: `name: {name} (2)`")),
            );
        }
    }
}
