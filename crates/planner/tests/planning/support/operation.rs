//! One call as a line: what it works on, what it writes, and what it needs.

use super::text::object;
use gangplank_model::{
    AccountWrite, AuthSpec, ConnectorWrite, CycleTarget, MappingSpec, MarkWrite, Operation,
    OperationKind, Retention, Value, WantedBinding,
};

/// `template Sync: activate c1 60 <- 0 1`.
pub(crate) fn operation(operation: &Operation) -> String {
    let needs: Vec<String> = operation.depends_on.iter().map(usize::to_string).collect();
    let needs = match needs.as_slice() {
        [] => String::new(),
        needs => format!(" <- {}", needs.join(" ")),
    };
    let what = object(&operation.address.object);
    format!("{what}: {}{needs}", kind(&operation.kind))
}

fn kind(kind: &OperationKind) -> String {
    match kind {
        OperationKind::CreateAccount { write, parent } => {
            let parent = parent.as_ref();
            let parent = parent.map_or_else(String::new, |parent| format!(" below {parent}"));
            format!("create{parent}{}", account(write))
        }
        OperationKind::UpdateAccount { write } => format!("update{}", account(write)),
        OperationKind::DeleteAccount => "delete".to_owned(),
        OperationKind::InstallConnector {
            release_id,
            connector,
            version,
            write,
        } => {
            let version = version.as_deref().unwrap_or("-");
            let sent = connector_write(write);
            format!(
                "install {release_id} {connector} {version} as {}{sent}",
                write.name
            )
        }
        OperationKind::UpdateConnector { id, write, rename } => {
            let verb = match rename {
                Some(name) => format!("rename {id} to {name}"),
                None => format!("update {id}"),
            };
            format!("{verb}{}", connector_write(write))
        }
        OperationKind::DeleteConnector { id } => format!("delete {id}"),
        OperationKind::InstallTemplate {
            template_id,
            known_cycles,
            bindings,
        } => {
            let known = match known_cycles.as_slice() {
                [] => String::new(),
                known => format!(" beside {}", known.join(" ")),
            };
            let bindings: String = bindings.iter().map(binding).collect();
            format!("install {template_id}{bindings}{known}")
        }
        OperationKind::UpdateCycle {
            cycle,
            name,
            marks,
            tags,
        } => {
            let name = name
                .as_ref()
                .map_or_else(String::new, |name| format!(" name={name}"));
            let tags = tags.as_ref();
            let tags = tags.map_or_else(String::new, |tags| format!(" tags={}", tags.join("|")));
            format!(
                "name {}{name} marks={}{tags}",
                target(cycle),
                marks.join("|")
            )
        }
        OperationKind::DeleteCycle { id } => format!("delete {id}"),
        OperationKind::SetVariables { cycle, values } => {
            let values: String = values
                .iter()
                .map(|(name, value)| format!(" {name}={value}"))
                .collect();
            format!("variables {}{values}", target(cycle))
        }
        OperationKind::SetParameter {
            cycle,
            step,
            parameter,
            ids,
            mapping,
        } => format!(
            "parameter {} {step}.{parameter}{}",
            target(cycle),
            mapped(ids.as_ref(), mapping)
        ),
        OperationKind::SetField {
            cycle,
            step,
            field,
            ids,
            mapping,
        } => format!(
            "field {} {step}.{field}{}",
            target(cycle),
            mapped(ids.as_ref(), mapping)
        ),
        OperationKind::Deactivate { id } => format!("stop {id}"),
        OperationKind::Activate { cycle, schedule } => {
            format!("activate {} {schedule}", target(cycle))
        }
    }
}

fn target(cycle: &CycleTarget) -> &str {
    match cycle {
        CycleTarget::Existing(id) => id,
        CycleTarget::Installed => "new",
    }
}

fn binding(binding: &WantedBinding) -> String {
    format!(" {}={}", binding.connector, binding.allowed.join("|"))
}

/// ` (step/7) StaticValue=x`: the ids are there for a cycle that exists.
fn mapped(ids: Option<&(String, i64)>, mapping: &MappingSpec) -> String {
    let ids = ids.map_or_else(String::new, |(step, id)| format!(" ({step}/{id})"));
    let value = mapping.value.as_ref();
    let value = value.map_or_else(String::new, |value| format!("={value}"));
    format!("{ids} {}{value}", mapping.mapping_type)
}

fn account(write: &AccountWrite) -> String {
    let hours = |retention: Retention| match retention {
        Retention::ConsoleDefault => "null".to_owned(),
        Retention::Hours(hours) => hours.to_string(),
    };
    let flag = |flag: bool| flag.to_string();
    let AccountWrite {
        name,
        description,
        timezone,
        audit_info,
        task_audit_info,
        next_bill_date_utc,
        step_data_success_retention_hours,
        step_data_errored_retention_hours,
        transaction_error_webhook_enabled,
        transaction_error_webhook_url,
        transaction_error_webhook_include_warnings,
    } = write.clone();
    let fields = [
        ("name", name),
        ("description", description),
        ("timezone", timezone),
        ("audit", audit_info.as_ref().map(audit)),
        ("task_audit", task_audit_info),
        ("bill", next_bill_date_utc),
        ("success", step_data_success_retention_hours.map(hours)),
        ("errored", step_data_errored_retention_hours.map(hours)),
        ("webhook", transaction_error_webhook_enabled.map(flag)),
        ("url", transaction_error_webhook_url),
        (
            "warnings",
            transaction_error_webhook_include_warnings.map(flag),
        ),
    ];
    sent(
        fields
            .into_iter()
            .filter_map(|(field, value)| Some((field.to_owned(), value?))),
    )
}

/// `text (kept Crm under k1) (made Mail)`.
fn audit(write: &MarkWrite) -> String {
    let kept = write.kept.as_ref().map_or_else(String::new, |kept| {
        let names: Vec<&str> = kept.connectors.keys().map(String::as_str).collect();
        let mut said = format!(" (kept {} under {})", names.join("|"), kept.key);
        for (name, from) in &kept.moved {
            said = format!("{said} ({name} was {from})");
        }
        let protected = &kept.protected;
        let account = protected.account.then_some("account");
        let names = protected.connectors.iter().chain(&protected.templates);
        let names: Vec<&str> = account
            .into_iter()
            .chain(names.map(String::as_str))
            .collect();
        if !names.is_empty() {
            said = format!("{said} (protected {})", names.join("|"));
        }
        said
    });
    let made: Vec<&str> = write.made.iter().map(|made| made.name.as_str()).collect();
    let made = match made.as_slice() {
        [] => String::new(),
        made => format!(" (made {})", made.join("|")),
    };
    format!("{}{kept}{made}", write.text)
}

fn connector_write(write: &ConnectorWrite) -> String {
    let auth = write.auth.as_ref().map(|auth| {
        let secrets: Vec<String> = auth.secrets().iter().map(ToString::to_string).collect();
        match auth {
            AuthSpec::None | AuthSpec::SignInOAuth1 | AuthSpec::SignInOAuth2 => format!("{auth:?}"),
            AuthSpec::ApiKey(_)
            | AuthSpec::Basic { .. }
            | AuthSpec::OAuth2Tokens { .. }
            | AuthSpec::OAuth2Client { .. }
            | AuthSpec::Fields(_) => format!("({})", secrets.join("|")),
        }
    });
    let fields = [
        ("description", write.description.clone()),
        ("method", write.method.clone()),
        ("method_id", write.authentication_id.clone()),
        ("auth", auth),
        ("partner", write.partner.map(|partner| partner.to_string())),
    ];
    let fields = fields
        .into_iter()
        .filter_map(|(field, value)| Some((field.to_owned(), value?)));
    let properties = write.properties.iter().map(|(key, value)| match value {
        Value::Text(text) => (key.clone(), text.clone()),
        Value::Secret(reference) => (key.clone(), format!("({reference})")),
    });
    sent(fields.chain(properties))
}

fn sent(fields: impl Iterator<Item = (String, String)>) -> String {
    let fields: Vec<String> = fields
        .map(|(field, value)| format!("{field}={value}"))
        .collect();
    match fields.as_slice() {
        [] => String::new(),
        fields => format!(" {}", fields.join(", ")),
    }
}
