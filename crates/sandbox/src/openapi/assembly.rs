//! `document`: the OpenAPI document, put together of the tables of operations.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::document::{
    Components, Content, Document, Flow, Flows, Header, Info, MediaType, OperationObject,
    ParameterObject, Part, RequestBody, Response, Security, SecurityScheme, Server, Tag,
};
use super::operation::{Body, Effect, Need, Operation};
use super::parameter::Parameter;
use super::schema::Schemas;
use crate::api;
use crate::route::{self, Level};
use crate::variant::{Switch, Variants};
use crate::view::RefusalView;

const DESCRIPTION: &str = "What a Gangplank sandbox serves: a local twin of the Cyclr API v1.0. Names of \
    properties are PascalCase in answers and may be written in any case in bodies; booleans and numbers may be \
    written as text. The document describes this very sandbox: where the vendor's behaviour is not known, it \
    follows the switches that the sandbox was started with (`GET /_sandbox/variants`). Faults that were asked \
    for answer what they were asked for, and are not described.";

const TAGS: &[(&str, &str, &str)] = &[
    // First segments of the path, name, description; the longest that fits counts.
    ("/oauth", "Token", "The token that every other call needs."),
    ("/accounts", "Accounts", "The customers of the partner."),
    ("/users", "Users", "People who sign in to accounts."),
    (
        "/connectors",
        "Connector library",
        "Connectors that can be installed.",
    ),
    (
        "/methods",
        "Connector library",
        "Connectors that can be installed.",
    ),
    (
        "/account/connectors",
        "Account connectors",
        "Connectors that are installed in an account.",
    ),
    (
        "/account/connectors/custom",
        "Custom connectors",
        "Connectors of an account's own.",
    ),
    ("/templates", "Templates", "Blueprints of integrations."),
    (
        "/cycles",
        "Cycles",
        "Templates that are installed in an account.",
    ),
    ("/steps", "Steps", "Steps of cycles and what they map."),
];

/// The document of a sandbox whose switches stand so.
pub(crate) fn document(variants: &Variants) -> Document {
    let mut schemas = Schemas::new();
    let mut paths: BTreeMap<String, BTreeMap<String, OperationObject>> = BTreeMap::new();
    for operation in api::OPERATIONS.iter().copied().flatten() {
        let (method, path) = split(operation);
        let described = describe(operation, variants, &mut schemas);
        paths.entry(path).or_default().insert(method, described);
    }
    let refusal = schemas.answered(schemars::SchemaGenerator::subschema_for::<RefusalView>);
    let mut limited = Response {
        description: "Too many calls: the sandbox was started with a rate limit (switch U25)."
            .into(),
        headers: headers(false),
        content: json_content(refusal),
    };
    limited
        .headers
        .insert("Retry-After", Part::there("headers/Retry-After"));
    let mut tags: Vec<Tag> = Vec::new();
    for (_, name, description) in TAGS {
        if tags.iter().all(|known| known.name != *name) {
            tags.push(Tag { name, description });
        }
    }
    let account = ParameterObject {
        name: "X-Cyclr-Account",
        place: "header",
        required: true,
        description: "The account that the call is for: its id, as in `GET /v1.0/accounts`.",
        schema: json!({ "type": "string", "minLength": 1 }),
    };
    Document {
        openapi: "3.1.0",
        info: Info {
            title: "Cyclr API, as the Gangplank sandbox serves it",
            version: "1.0",
            summary: "A local twin of the Cyclr REST API.",
            description: DESCRIPTION,
        },
        json_schema_dialect: "https://json-schema.org/draft/2020-12/schema",
        servers: [Server {
            url: "/",
            description: "The sandbox that this document is from.",
        }],
        paths,
        components: Components {
            schemas: schemas.components(),
            responses: [("TooManyRequests", limited)].into(),
            parameters: [("Account", account)].into(),
            headers: shared_headers(),
            security_schemes: [("oauth2", security_scheme())].into(),
        },
        security: [Security { oauth2: [] }],
        tags,
    }
}

/// Method and path, as the document has them.
fn split(operation: &Operation) -> (String, String) {
    let (method, path) = operation.name.split_once(' ').unwrap_or_default();
    let root = if path.starts_with("/oauth") {
        ""
    } else {
        "/v1.0"
    };
    (method.to_ascii_lowercase(), format!("{root}{path}"))
}

fn tag(path: &str) -> &'static str {
    let fits = TAGS.iter().filter(|(prefix, ..)| path.starts_with(prefix));
    fits.max_by_key(|(prefix, ..)| prefix.len())
        .map_or("Other", |(_, name, _)| name)
}

/// Who may make the call; nobody in particular for the token.
fn level(operation: &Operation) -> Option<Level> {
    let first = operation.routes.first().copied().unwrap_or(operation.name);
    route::named(first).map(|route| route.level)
}

fn describe(operation: &Operation, variants: &Variants, schemas: &mut Schemas) -> OperationObject {
    let level = level(operation);
    let needs_account = level == Some(Level::Account)
        || (level == Some(Level::Library)
            && operation.name.contains(" /connectors")
            && variants.is(Switch::LibraryHeader, "required"));
    let mut parameters: Vec<_> = operation
        .path
        .iter()
        .map(|one| parameter(one, "path"))
        .collect();
    let query = operation.query.iter().copied().flatten();
    parameters.extend(query.map(|one| parameter(one, "query")));
    if needs_account {
        parameters.push(Part::there("parameters/Account"));
    } else if level == Some(Level::Library) {
        parameters.push(Part::Here(ParameterObject {
            name: "X-Cyclr-Account",
            place: "header",
            required: false,
            description: "An account, which has to exist.",
            schema: json!({ "type": "string" }),
        }));
    }
    let (_, path) = operation.name.split_once(' ').unwrap_or_default();
    let source = format!("Source: cyclr-api.md {}.", operation.section);
    OperationObject {
        operation_id: operation.id,
        tags: [tag(path)],
        summary: operation.summary,
        description: [operation.description, &source]
            .join("\n\n")
            .trim_start()
            .to_owned(),
        parameters,
        request_body: operation
            .body
            .as_ref()
            .map(|body| request_body(body, schemas)),
        responses: responses(operation, level, variants, schemas),
        security: level.is_none().then_some([]),
    }
}

fn parameter(parameter: &Parameter, place: &'static str) -> Part<ParameterObject> {
    let is_path = place == "path";
    Part::Here(ParameterObject {
        name: parameter.name,
        place,
        required: is_path,
        description: parameter.description,
        schema: if is_path {
            parameter.in_path()
        } else {
            parameter.in_query()
        },
    })
}

fn request_body(body: &Body, schemas: &mut Schemas) -> RequestBody {
    let schema = schemas.read(body.schema);
    let is_needed = body.need == Need::Required;
    let schema = if is_needed {
        schema
    } else {
        json!({ "anyOf": [schema, { "type": "null" }] })
    };
    let example = serde_json::from_str(body.example).ok();
    RequestBody {
        required: is_needed,
        content: [(body.media_type, MediaType { schema, example })].into(),
    }
}

fn responses(
    operation: &Operation,
    level: Option<Level>,
    variants: &Variants,
    schemas: &mut Schemas,
) -> BTreeMap<String, Part<Response>> {
    let answers = &operation.answers;
    let stands = |switch, position| variants.is(switch, position);
    let switched = || {
        operation
            .switched
            .iter()
            .filter(|one| stands(one.switch, one.position))
    };
    let is_delete = operation.name.starts_with("DELETE ");
    let is_empty = switched().any(|one| one.effect == Effect::Empty)
        || (is_delete && stands(Switch::DeleteBody, "empty"));
    let is_null = is_delete && stands(Switch::DeleteBody, "null");
    let schema = answers.schema.filter(|_| !is_empty).map(|schema| {
        if is_null {
            json!({ "type": "null" })
        } else {
            schemas.answered(schema)
        }
    });
    let answered = Response {
        description: answers.description.to_owned(),
        headers: headers(answers.is_paged),
        content: schema.map(json_content).unwrap_or_default(),
    };
    let mut all = BTreeMap::new();
    all.insert(answers.status.to_string(), Part::Here(answered));
    let mut reasons: BTreeMap<u16, Vec<&str>> = BTreeMap::new();
    let mut note = |status, reason| reasons.entry(status).or_default().push(reason);
    if operation.path.iter().any(Parameter::is_checked) {
        note(400, "An id in the path is malformed.");
    }
    if operation.body.is_some() {
        note(400, "The body is not what is described.");
    }
    if level.is_some() {
        let denied = variants.position(Switch::BadToken).parse().unwrap_or(401);
        note(denied, "There is no token, or it is not valid any more.");
        note(401, "An account is needed.");
        let foreign = variants.position(Switch::U1).parse().unwrap_or(401);
        note(
            foreign,
            "The account is unknown, or the token is for another one.",
        );
    }
    if !operation.path.is_empty() {
        note(404, "There is no such object.");
    }
    for (status, reason) in operation.refusals {
        note(*status, reason);
    }
    for one in switched() {
        if let Effect::Refuses(status, reason) = one.effect {
            note(status, reason);
        }
    }
    for (status, reasons) in reasons {
        let response = Response {
            description: reasons.join(" "),
            headers: headers(false),
            content: refusal_content(operation, status, variants, schemas),
        };
        all.insert(status.to_string(), Part::Here(response));
    }
    all.insert("429".to_owned(), Part::there("responses/TooManyRequests"));
    all
}

/// The body of an error; that of some is not known (U14).
fn refusal_content(
    operation: &Operation,
    status: u16,
    variants: &Variants,
    schemas: &mut Schemas,
) -> Content {
    let is_open = matches!(status, 401 | 404 | 409);
    match variants.position(Switch::U14) {
        "empty" if is_open => Content::new(),
        "html" if is_open => {
            let schema = json!({ "type": "string" });
            [(
                "text/html",
                MediaType {
                    schema,
                    example: None,
                },
            )]
            .into()
        }
        _ => json_content(schemas.answered(operation.refused_with())),
    }
}

fn json_content(schema: Value) -> Content {
    [(
        "application/json",
        MediaType {
            schema,
            example: None,
        },
    )]
    .into()
}

fn headers(is_paged: bool) -> BTreeMap<&'static str, Part<Header>> {
    let mut names = vec!["X-Content-Type-Options"];
    if is_paged {
        names.push("Total-Pages");
    }
    names
        .into_iter()
        .map(|name| (name, Part::there(&format!("headers/{name}"))))
        .collect()
}

fn shared_headers() -> BTreeMap<&'static str, Header> {
    let header = |description, required, schema| Header {
        description,
        required,
        schema,
    };
    [
        (
            "X-Content-Type-Options",
            header("On every answer.", true, json!({ "const": "nosniff" })),
        ),
        (
            "Total-Pages",
            header(
                "How many pages the list has.",
                true,
                json!({ "type": "integer", "minimum": 0 }),
            ),
        ),
        (
            "Retry-After",
            header(
                "Seconds to wait, or the time to wait for.",
                false,
                json!({ "type": "string" }),
            ),
        ),
    ]
    .into()
}

fn security_scheme() -> SecurityScheme {
    SecurityScheme {
        kind: "oauth2",
        description: "A bearer token, for the partner's client id and secret.",
        flows: Flows {
            client_credentials: Flow {
                token_url: "/oauth/token",
                scopes: [(
                    "account:{AccountId}",
                    "Restricts the token to one account; without a scope it is for all of them.",
                )]
                .into(),
            },
        },
    }
}
