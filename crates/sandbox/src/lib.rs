//! A faithful local twin of the Cyclr REST API.
//!
//! It answers over HTTP what the vendor's API would, as far as public sources tell, with the same
//! paths, shapes, error strings and quirks. Where no source tells, [`Variants`] switch between what
//! it might do. It keeps a [`Ledger`] of every request and every commit, and does mischief on
//! demand ([`FaultRule`]). Beside the vendor's paths there are its own:
//!
//! | path | what it does |
//! | --- | --- |
//! | `GET /_sandbox/ledger` | the ledger, after `?since=NUMBER`, with `?commits_only=true`; `DELETE` forgets it |
//! | `GET /_sandbox/world` | what the instance holds, as a [`World`] |
//! | `GET /_sandbox/variants` | every switch and its positions |
//! | `GET /_sandbox/openapi.json` | the vendor's endpoints as an OpenAPI 3.1 document |
//! | `POST /_sandbox/sign-in` | plays the customer: `{"account": ..., "connector": installed name}` |
//! | `GET /_sandbox/consent` | the pretend third party, where a browser allows or denies access |
//! | `POST /_sandbox/faults` | replaces the rules of mischief; `GET` lists them, `DELETE` clears them |
//! | `POST /_sandbox/clock` | `{"hold": true}`, `{"advance": "90s"}`, `{"set": "2026-02-01T00:00:00Z"}`, `{"release": true}`; `GET` reads it |
//!
//! ```
//! use gangplank_sandbox::{Sandbox, SandboxOptions};
//!
//! # async fn start() -> Result<(), gangplank_sandbox::SandboxError> {
//! let sandbox = Sandbox::open(SandboxOptions::default())?;
//! let listening = sandbox.listen(([127, 0, 0, 1], 0).into()).await?;
//! println!("{} for {}", listening.url(), sandbox.credentials().0);
//! listening.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! Customers' browsers are served too: the sign-in link of a connector leads to a pretend third
//! party and back, and LAUNCH, Marketplace and ORBIT URLs show what they would open. The vendor does
//! this on the partner's service domain, which the world names (`Partner.ServiceDomain`). Either the
//! browser is told that the domain is here (`/etc/hosts` and a proxy that speaks TLS), or the world
//! names the sandbox's own address, such as `127.0.0.1:8070`, or none: URLs then begin with `http`
//! and with the host that the API was called at.
//!
//! [`Core`] is the same without sockets: a [`Request`] in, an [`Answer`] out.

mod admission;
mod api;
mod body;
mod browser;
mod call;
mod clock;
mod date;
mod duplicate;
mod engine;
mod error;
mod evidence;
mod fault;
mod http;
mod input;
mod ledger;
mod lenient;
mod library;
mod openapi;
mod page;
mod relaxed;
mod reply;
mod request;
mod route;
mod sandbox;
mod state;
mod store;
mod token;
mod variant;
mod view;
mod world;

pub use clock::Clock;
pub use engine::Core;
pub use error::SandboxError;
pub use fault::{
    Close, FaultEffect, FaultRule, Latency, PageShift, RateLimit, Revoked, Span, TotalPages,
};
pub use http::Listening;
pub use ledger::{Action, Duplicate, Ledger, LedgerCommit, LedgerRequest};
pub use request::{Answer, Cut, Filler, Request};
pub use sandbox::{Sandbox, SandboxOptions};
pub use variant::{Variant, VariantError, Variants};
pub use world::{
    Account, AccountConnector, AuthType, Authentication, Connector, ConnectorReference,
    ConnectorStatus, Credential, Criterion, CustomConnector, CustomField, Cycle, CycleConnector,
    CycleStatus, Delay, Edge, Field, Folder, Generate, GenerateError, Hidden, Incident,
    IncidentLevel, Installation, Marketplace, Method, NamedValue, OAuth2Type, Parameter, Partner,
    PartnerUser, Property, Step, Target, TargetKey, TargetTrigger, Template, TemplateConnector,
    TemplateEdge, Transaction, TransactionStatus, Trigger, TriggerValue, User, Variable, WaitUntil,
    World, WorldError,
};
