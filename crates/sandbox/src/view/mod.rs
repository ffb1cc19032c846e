//! The objects as responses show them: `PascalCase`, in the vendor's order, borrowed from the state.

mod account;
mod account_connector;
mod connector;
mod cycle;
mod mapping;
mod refusal;
mod sign_in;
mod template;
mod token;
mod user;

pub(crate) use account::{AccountView, UsageView};
pub(crate) use account_connector::{AccountConnectorView, PropertyView};
pub(crate) use connector::{ConnectorView, Found, MethodView};
pub(crate) use cycle::{CycleView, StepView, VariableView};
pub(crate) use mapping::{MappingKind, MappingView, Prerequisite, TargetView};
pub(crate) use refusal::{MessageView, RefusalView};
pub(crate) use sign_in::{LaunchView, MarketplaceView, OrbitView, SignInTokenView};
pub(crate) use template::TemplateView;
pub(crate) use token::{TokenRefusalView, TokenView};
pub(crate) use user::{UserNameView, UserView};
