//! A faithful local twin of the Cyclr REST API.

mod library;
mod world;

pub use world::{
    Account, AccountConnector, AuthType, Authentication, Connector, ConnectorReference,
    ConnectorStatus, Credential, Cycle, CycleConnector, CycleStatus, Hidden, Installation, Method,
    NamedValue, OAuth2Type, Parameter, Partner, Property, Step, Target, Template,
    TemplateConnector, User, Variable, World, WorldError,
};
