//! The vendor's endpoints, one file an object, and the sandbox's own under `/_sandbox`.

#![expect(
    clippy::unnecessary_wraps,
    reason = "every handler has the type that a route wants"
)]

pub(crate) mod account;
pub(crate) mod account_connector;
pub(crate) mod activation;
pub(crate) mod control;
pub(crate) mod custom_connector;
pub(crate) mod custom_field;
pub(crate) mod cycle;
pub(crate) mod edge;
pub(crate) mod install;
pub(crate) mod launch;
pub(crate) mod launch_connector;
pub(crate) mod library;
pub(crate) mod lookup;
pub(crate) mod mapping;
pub(crate) mod method_call;
pub(crate) mod prefill;
pub(crate) mod prerequisite;
pub(crate) mod property;
pub(crate) mod run;
pub(crate) mod sign_in;
pub(crate) mod step;
pub(crate) mod step_body;
pub(crate) mod template;
pub(crate) mod template_file;
pub(crate) mod user;
pub(crate) mod variable;

use crate::openapi::Operation;

/// What the OpenAPI document says of all routes, file by file.
pub(crate) const OPERATIONS: &[&[Operation]] = &[
    crate::token::OPERATIONS,
    account::OPERATIONS,
    account_connector::OPERATIONS,
    activation::OPERATIONS,
    custom_connector::OPERATIONS,
    custom_field::OPERATIONS,
    cycle::OPERATIONS,
    edge::OPERATIONS,
    install::OPERATIONS,
    launch::OPERATIONS,
    library::OPERATIONS,
    lookup::OPERATIONS,
    mapping::OPERATIONS,
    method_call::OPERATIONS,
    prerequisite::OPERATIONS,
    property::OPERATIONS,
    sign_in::OPERATIONS,
    run::OPERATIONS,
    step::OPERATIONS,
    template::OPERATIONS,
    template_file::OPERATIONS,
    user::OPERATIONS,
    variable::OPERATIONS,
];
