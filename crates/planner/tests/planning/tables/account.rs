//! Account fields: what differs, and what is written of it.

use crate::support::{Case, audit, check, mark};
use gangplank_model::testing::{account, live_account, sourced};
use gangplank_model::{AccountFields, LiveAccount, Retention};

/// Every field, as a manifest may declare it.
fn every_field(fields: &mut AccountFields) {
    let text = |text: &str| Some(sourced(text.to_owned()));
    *fields = AccountFields {
        name: text("a Ltd"),
        description: text("d"),
        timezone: text("UTC"),
        audit_info: text("owner: ann"),
        task_audit_info: text("t"),
        next_bill_date_utc: text("2026-01-01"),
        step_data_success_retention_hours: Some(sourced(Retention::Hours(24))),
        step_data_errored_retention_hours: Some(sourced(Retention::ConsoleDefault)),
        transaction_error_webhook_enabled: Some(sourced(true)),
        transaction_error_webhook_url: text("https://x"),
        transaction_error_webhook_include_warnings: Some(sourced(false)),
    };
}

fn other_fields() -> LiveAccount {
    LiveAccount {
        description: Some("e".into()),
        audit_info: Some("owner: bob".into()),
        next_bill_date_utc: Some("2026-02-01T00:00:00Z".into()),
        step_data_errored_retention_hours: Some(1),
        transaction_error_webhook_include_warnings: true,
        ..live_account("a")
    }
}

fn same_fields() -> LiveAccount {
    LiveAccount {
        description: Some("d".into()),
        timezone: Some("UTC".into()),
        audit_info: Some("owner: ann".into()),
        task_audit_info: Some("t".into()),
        next_bill_date_utc: Some("2026-01-01T00:00:00.000Z".into()),
        step_data_success_retention_hours: Some(24),
        transaction_error_webhook_enabled: true,
        transaction_error_webhook_url: Some("https://x".into()),
        ..live_account("a")
    }
}

#[test]
fn fields_of_an_account() {
    let every = || account("a").fields(every_field);
    check(
        "new, with a name only",
        Case::new(account("a")),
        "
        lane a
        + account [missing] name: - > a Ltd
        0 account: create name=a Ltd
        1 add of 1",
    );
    check("new, with every field", Case::new(every()), "
        lane a
        + account [missing] name: - > a Ltd, description: - > d, timezone: - > UTC, audit_info: - > owner: ann, task_audit_info: - > t, next_bill_date_utc: - > 2026-01-01, step_data_success_retention_hours: - > 24, transaction_error_webhook_enabled: - > true, transaction_error_webhook_url: - > https://x
        0 account: create name=a Ltd, description=d, timezone=UTC, audit=owner: ann, task_audit=t, bill=2026-01-01, success=24, webhook=true, url=https://x
        1 add of 1");
    check(
        "each field differs",
        Case::held(every(), other_fields()),
        "
        lane a
        ~ account [differs] description: e > d, timezone: - > UTC, audit_info: owner: bob > owner: ann, task_audit_info: - > t, next_bill_date_utc: 2026-02-01T00:00:00Z > 2026-01-01, step_data_success_retention_hours: null > 24, step_data_errored_retention_hours: 1 > null, transaction_error_webhook_enabled: false > true, transaction_error_webhook_include_warnings: true > false, transaction_error_webhook_url: - > https://x
        0 account: update description=d, timezone=UTC, audit=owner: ann, task_audit=t, bill=2026-01-01, success=24, errored=null, webhook=true, url=https://x, warnings=false
        1 change of 1",
    );
    check(
        "each field tallies",
        Case::held(every(), same_fields()),
        "1 unchanged of 1",
    );
    let nothing = account("a").fields(|fields| *fields = AccountFields::default());
    check(
        "nothing is declared",
        Case::held(nothing.clone(), other_fields()),
        "1 unchanged of 1",
    );
    check(
        "a new account needs a name",
        Case::new(nothing),
        "
        lane a
        + account [missing]
        0 account: create
        1 add of 1
        error missing-name at 1",
    );
    let empty = account("a").fields(|fields| fields.description = Some(sourced(String::new())));
    check(
        "a new account is told even that",
        Case::new(empty.clone()),
        "
        lane a
        + account [missing] name: - > a Ltd, description: - >
        0 account: create name=a Ltd, description=
        1 add of 1",
    );
    check(
        "missing and empty text are equal",
        Case::held(empty, live_account("a")),
        "1 unchanged of 1",
    );
}

#[test]
fn the_webhook_url_goes_along_with_true() {
    let enabled = |fields: &mut AccountFields| {
        fields.transaction_error_webhook_enabled = Some(sourced(true));
    };
    let stored = LiveAccount {
        transaction_error_webhook_url: Some("https://stored".into()),
        ..live_account("a")
    };
    check(
        "the one that is stored",
        Case::held(account("a").fields(enabled), stored.clone()),
        "
        lane a
        ~ account [differs] transaction_error_webhook_enabled: false > true
        0 account: update webhook=true, url=https://stored
        1 change of 1",
    );
    let declared = account("a").fields(enabled).fields(|fields| {
        fields.transaction_error_webhook_url = Some(sourced("https://stored".into()));
    });
    check(
        "the one that is declared",
        Case::held(declared, stored),
        "
        lane a
        ~ account [differs] transaction_error_webhook_enabled: false > true
        0 account: update webhook=true, url=https://stored
        1 change of 1",
    );
}

#[test]
fn the_partners_text_and_the_mark() {
    let held = || live_account("a").audit(audit("k", [("Crm", mark("x"))]));
    let wants = |text: &str| {
        let text = sourced(text.to_owned());
        account("a").fields(|fields| fields.audit_info = Some(text))
    };
    check(
        "the mark is no part of the text",
        Case::held(wants("owner: ann"), held()),
        "1 unchanged of 1",
    );
    check(
        "another text keeps the mark",
        Case::held(wants("owner: eve"), held()),
        "
        lane a
        ~ account [differs] audit_info: owner: ann > owner: eve
        0 account: update audit=owner: eve (kept Crm under k)
        1 change of 1",
    );
    let other_key = Case::held(wants("owner: eve"), held()).made("Crm", mark("x"));
    check(
        "a mark of another key goes",
        other_key,
        "
        lane a
        ~ account [differs] audit_info: owner: ann > owner: eve
        0 account: update audit=owner: eve
        1 change of 1",
    );
    let unmarked = Case::held(wants("owner: eve"), held()).unmarked();
    check(
        "marks: off leaves it alone",
        unmarked,
        "
        lane a
        ~ account [differs] audit_info: owner: ann > owner: eve
        0 account: update audit=owner: eve (kept Crm under k)
        1 change of 1",
    );
}
