//! What the server would change is changed before the comparison, with a warning.

use crate::support::{read, told};
use gangplank_model::{Retention, Severity};

#[test]
fn retention_and_webhook_are_what_the_server_keeps() {
    let text = "version: 1\naccounts:\n  - id: a\n    name: A\n    step_data_success_retention_hours: 9000\n    \
                step_data_errored_retention_hours: 744\n    transaction_error_webhook_enabled: true\n    \
                transaction_error_webhook_url: hooks.example/x\n";
    let (_, desired, diagnostics) = read(&[("m.yaml", text)]);
    assert_eq!(
        told(&diagnostics),
        ["5:40 retention-clamped", "8:36 url-scheme"]
    );
    assert!(
        diagnostics
            .iter()
            .all(|diagnostic| diagnostic.severity == Severity::Warning)
    );
    let fields = &desired.accounts[0].fields;
    let retention = fields.step_data_success_retention_hours.as_ref().unwrap();
    assert_eq!(retention.value, Retention::Hours(744));
    let url = fields.transaction_error_webhook_url.as_ref().unwrap();
    assert_eq!(url.value, "https://hooks.example/x");
}
