//! The facts of cyclr-api.md, proved on the sandbox: in process, and some over HTTP.

#![expect(
    clippy::unwrap_used,
    reason = "a test may panic, in its support as well"
)]
#![expect(
    clippy::needless_pass_by_value,
    reason = "json!(..) reads best where it is passed"
)]

mod accounts;
mod authentication;
mod browser;
mod chromium;
mod concurrency;
mod connectors;
mod consistency;
mod conventions;
mod crowd;
mod custom_connectors;
mod custom_fields;
mod cycles;
mod deductions;
mod durability;
mod faults;
mod kill;
mod launch;
mod ledger;
mod lookups;
mod method_calls;
mod mischief;
mod openapi;
mod pages;
mod prerequisites;
mod runs;
mod shapes;
mod speed;
mod standard_library;
mod steps;
mod sub_accounts;
mod support;
mod table;
mod template_files;
mod templates;
mod transport;
mod users;
mod variants;
mod wire;
mod worlds;
