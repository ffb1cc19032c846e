//! What a plan looked at in the accounts that it changes.

use crate::scope::{AccountScope, Scope};
use gangplank_model::{
    AccountFields, AccountId, AccountSpec, CycleWatch, Desired, Lane, Live, LiveAccount, LiveStep,
    OperationKind, Plan, Precondition, Preconditions, StepWatch, Watch,
};
use std::collections::{BTreeMap, BTreeSet};

/// What has to hold before the first write of each lane of a plan. A lane that makes its account needs
/// nothing: whoever is there first gets the id.
pub fn preconditions(desired: &Desired, live: &Live, plan: &Plan) -> Preconditions {
    let scope = Scope::of(desired);
    let removal = AccountScope::removal();
    let declared = desired.accounts.iter().map(|it| (&it.id, it));
    let declared: BTreeMap<&AccountId, &AccountSpec> = declared.collect();
    let removed: BTreeSet<AccountId> = plan.lanes.iter().filter_map(removed).collect();
    let mut all = Preconditions::new();
    for lane in plan.lanes.iter().filter(|it| !it.operations.is_empty()) {
        let id = &lane.account;
        let Some(held) = live.accounts.get(id).or_else(|| live.undeclared.get(id)) else {
            continue;
        };
        let spec = declared.get(id).copied();
        let scope = scope.accounts.get(id).unwrap_or(&removal);
        let watch = watch((spec, held), scope, &removed);
        let seen = watch.see(held);
        all.insert(id.clone(), Precondition { watch, seen });
    }
    all
}

/// The account that a lane removes.
fn removed(lane: &Lane) -> Option<AccountId> {
    let mut operations = lane.operations.iter();
    let removes = operations.any(|it| matches!(it.kind, OperationKind::DeleteAccount));
    removes.then(|| lane.account.clone())
}

fn watch(
    (spec, held): (Option<&AccountSpec>, &LiveAccount),
    scope: &AccountScope,
    removed: &BTreeSet<AccountId>,
) -> Watch {
    let spec = spec.filter(|spec| spec.presence == gangplank_model::Presence::Present);
    let variables = spec.iter().flat_map(|spec| &spec.templates);
    let variables = variables.flat_map(|template| template.variables.keys().cloned());
    Watch {
        fields: fields(spec.map(|spec| &spec.fields)),
        sub_accounts: held.sub_accounts.as_ref().map(|all| {
            let going = all.iter().filter(|id| goes(id, removed));
            going.cloned().collect()
        }),
        connectors: held.connectors.is_some(),
        properties: scope.plain_properties.clone(),
        cycles: held.cycles.is_some(),
        variables: variables.collect(),
        details: details(held),
    }
}

/// Whether an account, in whatever letters, goes by the same plan.
fn goes(id: &AccountId, removed: &BTreeSet<AccountId>) -> bool {
    let lower = id.as_str().to_lowercase();
    let mut removed = removed.iter();
    removed.any(|it| it.as_str().to_lowercase() == lower)
}

/// The account's own fields that are compared; of one that goes, the name that is shown.
fn fields(fields: Option<&AccountFields>) -> BTreeSet<String> {
    let Some(fields) = fields else {
        return ["name", "audit_info"].map(str::to_owned).into();
    };
    let AccountFields {
        name,
        description,
        timezone,
        audit_info: _,
        task_audit_info,
        next_bill_date_utc,
        step_data_success_retention_hours,
        step_data_errored_retention_hours,
        transaction_error_webhook_enabled,
        transaction_error_webhook_url,
        transaction_error_webhook_include_warnings,
    } = fields;
    let all = [
        ("name", name.is_some()),
        ("description", description.is_some()),
        ("timezone", timezone.is_some()),
        // The mark is looked at always.
        ("audit_info", true),
        ("task_audit_info", task_audit_info.is_some()),
        ("next_bill_date_utc", next_bill_date_utc.is_some()),
        (
            "step_data_success_retention_hours",
            step_data_success_retention_hours.is_some(),
        ),
        (
            "step_data_errored_retention_hours",
            step_data_errored_retention_hours.is_some(),
        ),
        (
            "transaction_error_webhook_enabled",
            transaction_error_webhook_enabled.is_some(),
        ),
        // The vendor asks for the URL with `true` even where one is stored (cyclr-api.md 2.1).
        (
            "transaction_error_webhook_url",
            transaction_error_webhook_url.is_some() || transaction_error_webhook_enabled.is_some(),
        ),
        (
            "transaction_error_webhook_include_warnings",
            transaction_error_webhook_include_warnings.is_some(),
        ),
    ];
    let looked_at = all.into_iter().filter(|(_, declared)| *declared);
    looked_at.map(|(name, _)| name.to_owned()).collect()
}

/// What was read of cycles besides the list of them.
fn details(held: &LiveAccount) -> Vec<CycleWatch> {
    let step = |step: &LiveStep| StepWatch {
        step: step.id.clone(),
        parameters: step.parameters.is_some(),
        fields: step.fields.is_some(),
    };
    let cycles = held.cycles.iter().flatten();
    let details = cycles.map(|cycle| CycleWatch {
        cycle: cycle.id.clone(),
        variables: cycle.variables.is_some(),
        steps: cycle.steps.as_ref().map(|steps| {
            let read = steps.iter().map(step);
            read.filter(|it| it.parameters || it.fields).collect()
        }),
    });
    details
        .filter(|it| it.variables || it.steps.is_some())
        .collect()
}
