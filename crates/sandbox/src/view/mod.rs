//! The objects as responses show them: `PascalCase`, in the vendor's order, borrowed from the state.

mod account;
mod account_connector;
mod connector;
mod custom_connector;
mod custom_field;
mod cycle;
mod export;
mod mapping;
mod method_answer;
mod refusal;
mod run;
mod sign_in;
mod step;
mod template;
mod template_prerequisite;
mod token;
mod trigger;
mod user;

pub(crate) use account::{AccountView, UsageView};
pub(crate) use account_connector::{AccountConnectorView, PropertyView};
pub(crate) use connector::{ConnectorView, Found, MethodView};
pub(crate) use custom_connector::CustomConnectorView;
pub(crate) use custom_field::CustomFieldView;
pub(crate) use cycle::{CycleView, VariableView};
pub(crate) use export::{TemplateExportView, named_enumerations, step_id};
pub(crate) use mapping::{CandidateView, LookupView, MappingKind, MappingView, Prerequisite};
pub(crate) use method_answer::MethodAnswerView;
pub(crate) use refusal::{MessageView, RefusalView};
pub(crate) use run::{IncidentView, TransactionView};
pub(crate) use sign_in::{LaunchView, MarketplaceView, OrbitView, SignInTokenView};
pub(crate) use step::{EdgeView, StepView};
pub(crate) use template::{TemplateOptions, TemplateView};
pub(crate) use token::{TokenRefusalView, TokenView};
pub(crate) use trigger::{TargetTriggerView, TriggerValueView, TriggerView};
pub(crate) use user::{UserNameView, UserView};
