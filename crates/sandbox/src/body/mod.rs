//! The bodies of requests, for the OpenAPI document: handlers read them as [`Input`](crate::input::Input),
//! which is as lenient as the vendor, and these types say how lenient that is.

#![expect(
    dead_code,
    reason = "no value is ever made of these types: schemars reads their declarations"
)]

mod account;
mod account_connector;
mod custom;
mod cycle;
mod launch;
mod lenient;
mod mapping;
mod step;
mod token;
mod user;

pub(crate) use account::{AccountChange, NewAccount};
pub(crate) use account_connector::{
    AccountConnectorChange, Installation, NewProperty, PropertyChange,
};
pub(crate) use custom::{
    CustomConnectorChange, CustomFieldChange, MethodCall, NewCustomConnector, NewCustomField,
    RawText, TemplateFile,
};
pub(crate) use cycle::{Activation, CycleChange, NewCycle, VariableChange};
pub(crate) use launch::{
    LaunchRequest, MarketplaceRequest, OrbitRequest, UserLaunchRequest, UserMarketplaceRequest,
    UserOrbitRequest,
};
pub(crate) use lenient::AnyObject;
pub(crate) use mapping::MappingChange;
pub(crate) use step::{NewEdge, StepChange, TriggerChoice};
pub(crate) use token::TokenForm;
pub(crate) use user::{FormerUser, NewPassword, NewUser, SignInRequest};
