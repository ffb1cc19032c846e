//! A client of the sandbox in process, and the world it works on.

use std::sync::Arc;

use gangplank_sandbox::{Answer, Clock, Request, Sandbox, SandboxOptions, World};
use serde_json::{Value, json};

use crate::openapi::OpenApi;

pub(crate) const TEMPLATE: &str = "7ad2265e-2ff0-477b-b913-cae1dfde2ea8";

/// The world of the tests: two connectors of each quirk, one template, one account.
pub(crate) fn world() -> World {
    World::from_yaml(include_str!("world.yaml")).unwrap()
}

/// A sandbox of a world whose cycles have every kind of step.
pub(crate) fn rich(variants: &[(&str, &str)]) -> Twin {
    let own = |(id, position): &(&str, &str)| ((*id).to_owned(), (*position).to_owned());
    Twin::open(SandboxOptions {
        world: World::from_yaml(include_str!("cycles.yaml")).unwrap(),
        variants: variants.iter().map(own).collect(),
        ..SandboxOptions::default()
    })
}

/// A sandbox with a token.
pub(crate) struct Twin {
    pub(crate) sandbox: Sandbox,
    pub(crate) clock: Clock,
    /// What every answer is held against.
    document: Arc<OpenApi>,
    token: String,
}

impl Twin {
    pub(crate) fn new() -> Self {
        Self::with(&[])
    }

    pub(crate) fn with(variants: &[(&str, &str)]) -> Self {
        let own = |(id, position): &(&str, &str)| ((*id).to_owned(), (*position).to_owned());
        Self::open(SandboxOptions {
            world: world(),
            variants: variants.iter().map(own).collect(),
            ..SandboxOptions::default()
        })
    }

    /// A sandbox of a world in YAML.
    pub(crate) fn of(world: &str) -> Self {
        Self::of_with(world, &[])
    }

    /// A sandbox of a world in YAML, with switches.
    pub(crate) fn of_with(world: &str, variants: &[(&str, &str)]) -> Self {
        let own = |(id, position): &(&str, &str)| ((*id).to_owned(), (*position).to_owned());
        Self::open(SandboxOptions {
            world: World::from_yaml(world).unwrap(),
            variants: variants.iter().map(own).collect(),
            ..SandboxOptions::default()
        })
    }

    /// Opens a sandbox, and forgets the request for its token.
    pub(crate) fn open(options: SandboxOptions) -> Self {
        let twin = Self::open_with_ledger(options);
        twin.sandbox.reset_ledger();
        twin
    }

    /// Opens a sandbox with the ledger it has.
    pub(crate) fn open_with_ledger(options: SandboxOptions) -> Self {
        let clock = Clock::held();
        let sandbox = Sandbox::open(SandboxOptions {
            clock: clock.clone(),
            ..options
        })
        .unwrap();
        let mut twin = Self {
            document: OpenApi::of(&sandbox),
            sandbox,
            clock,
            token: String::new(),
        };
        let token = twin.sign("").1;
        twin.use_token(&token["access_token"]);
        twin
    }

    /// Asks for a token; `more` is added to the form.
    pub(crate) fn sign(&self, more: &str) -> (u16, Value) {
        let (client, secret) = self.sandbox.credentials();
        let form = format!(
            "grant_type=client_credentials&client_id={client}&client_secret={secret}{more}"
        );
        let answer = self.raw("POST", "/oauth/token", &[], &form);
        (answer.status.as_u16(), body(&answer))
    }

    /// Works with another token from now on.
    pub(crate) fn use_token(&mut self, token: &Value) {
        token.as_str().unwrap().clone_into(&mut self.token);
    }

    pub(crate) fn raw(
        &self,
        method: &str,
        path: &str,
        headers: &[(&'static str, &str)],
        body: &str,
    ) -> Answer {
        let mut request = Request {
            method: method.parse().unwrap(),
            uri: path.parse().unwrap(),
            body: body.to_owned().into(),
            ..Request::default()
        };
        for (name, value) in headers {
            request.headers.insert(*name, value.parse().unwrap());
        }
        let answer = self.sandbox.handle(&request);
        // Asserted of nearly every reply by the vendor's suite (cyclr-api.md 1.4).
        assert_eq!(
            answer.headers["x-content-type-options"], "nosniff",
            "{method} {path}"
        );
        self.document.check(&self.sandbox, &request, &answer);
        answer
    }

    /// A call with the token for an account (empty: none).
    pub(crate) fn call_as(&self, account: &str, call: &str, body: &str) -> Answer {
        let (method, path) = call.split_once(' ').unwrap();
        let bearer = format!("Bearer {}", self.token);
        let mut headers = vec![("authorization", bearer.as_str())];
        if !account.is_empty() {
            headers.push(("x-cyclr-account", account));
        }
        self.raw(method, &format!("/v1.0{path}"), &headers, body)
    }

    /// A call for the account `acme-001`, with or without a body.
    pub(crate) fn call(&self, call: &str, given: &Value) -> (u16, Value) {
        let given = if given.is_null() {
            String::new()
        } else {
            given.to_string()
        };
        let answer = self.call_as("acme-001", call, &given);
        (answer.status.as_u16(), body(&answer))
    }

    /// A call that has to succeed.
    pub(crate) fn ok(&self, call: &str, given: Value) -> Value {
        let (status, body) = self.call(call, &given);
        assert!((200..300).contains(&status), "{call}: {status} {body}");
        body
    }

    pub(crate) fn get(&self, path: &str) -> Value {
        self.ok(&format!("GET {path}"), Value::Null)
    }

    /// A call's status alone.
    pub(crate) fn status(&self, call: &str, given: Value) -> u16 {
        self.call(call, &given).0
    }

    /// Asserts status and `Message`.
    pub(crate) fn refuses(&self, call: &str, given: Value, status: u16, message: &str) {
        let (is, body) = self.call(call, &given);
        assert_eq!(
            (is, body["Message"].as_str().unwrap_or_default()),
            (status, message),
            "{call}"
        );
    }

    /// Installs the template, and returns the cycle.
    pub(crate) fn install_template(&self) -> Value {
        self.ok(&format!("POST /templates/{TEMPLATE}/install"), json!({}))
    }

    /// A new cycle that could run: its one required parameter and field are mapped.
    pub(crate) fn ready_cycle(&self) -> String {
        let id = self.install_template()["Id"].as_str().unwrap().to_owned();
        let steps = self.get(&format!("/cycles/{id}/steps"));
        let step = steps[0]["Id"].as_str().unwrap();
        let mapping = json!({ "MappingType": "StaticValue", "Value": "x" });
        self.ok(
            &format!("PUT /steps/{step}/parameters/16017"),
            mapping.clone(),
        );
        self.ok(&format!("PUT /steps/{step}/fieldmappings/283792"), mapping);
        id
    }
}

/// A sandbox of what another one holds, by way of a dump.
pub(crate) fn reopened(twin: &Twin) -> Twin {
    let dumped = twin.sandbox.world().to_yaml().unwrap();
    let again = Twin::of(&dumped);
    assert_eq!(again.sandbox.world().to_yaml().unwrap(), dumped);
    again
}

/// A body as JSON; null when it is not.
pub(crate) fn body(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap_or(Value::Null)
}

/// A twin with rules in the form of a file.
pub(crate) fn with_rules(rules: &str) -> Twin {
    let twin = Twin::new();
    put_rules(&twin, rules);
    twin
}

/// Replaces the rules of a twin.
pub(crate) fn put_rules(twin: &Twin, rules: &str) {
    let answer = twin.raw("POST", "/_sandbox/faults", &[], rules);
    assert_eq!(answer.status.as_u16(), 200, "{answer:?} {rules}");
}
