//! The OpenAPI document, and every answer of every test held against it.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use bytes::Bytes;
use gangplank_sandbox::{Answer, Request, Sandbox};
use jsonschema::Validator;
use serde_json::{Value, json};

use crate::support::{Twin, body};

/// The document of a sandbox, and the validators that were made of it so far.
pub(crate) struct OpenApi {
    document: Value,
    validators: Mutex<HashMap<String, Validator>>,
}

/// Those of all sandboxes so far: most have the same.
static DOCUMENTS: LazyLock<Mutex<HashMap<Bytes, Arc<OpenApi>>>> = LazyLock::new(Mutex::default);

impl OpenApi {
    pub(crate) fn of(sandbox: &Sandbox) -> Arc<Self> {
        let answer = sandbox.handle(&Request {
            uri: "/_sandbox/openapi.json".parse().unwrap(),
            ..Request::default()
        });
        assert_eq!(answer.status, 200);
        let mut known = DOCUMENTS.lock().unwrap_or_else(PoisonError::into_inner);
        let document = known.entry(answer.body.clone()).or_insert_with(|| {
            Arc::new(Self {
                document: serde_json::from_slice(&answer.body).unwrap(),
                validators: Mutex::default(),
            })
        });
        Arc::clone(document)
    }

    /// Asserts that the answer is one that the document knows for the request, and that a request that was
    /// not refused is one that it allows. Answers that a rule of mischief gave are not held against it.
    pub(crate) fn check(&self, sandbox: &Sandbox, request: &Request, answer: &Answer) {
        let Some((place, operation)) = self.operation(request) else {
            return;
        };
        let status = answer.status.as_u16().to_string();
        let call = format!("{} {} answers {status}", request.method, request.uri);
        let Some(response) = operation["responses"].get(&status) else {
            assert!(is_mischief(sandbox), "{call}, which is not documented");
            return;
        };
        let documented = response["$ref"].as_str().map_or(response, |reference| {
            self.document.pointer(&reference[1..]).unwrap()
        });
        let content = documented["content"].as_object();
        let Some((media_type, _)) = content.and_then(|content| content.iter().next()) else {
            assert!(
                answer.body.is_empty() || is_mischief(sandbox),
                "{call} with a body"
            );
            return;
        };
        let given = answer
            .headers
            .get("content-type")
            .map(|value| value.to_str().unwrap());
        let is_right = given.is_some_and(|given| given.starts_with(media_type.as_str()));
        assert!(
            is_right || is_mischief(sandbox),
            "{call} as {given:?}, not {media_type}"
        );
        if media_type != "application/json" || !is_right {
            return;
        }
        for name in documented["headers"].as_object().unwrap().keys() {
            let is_needed = name != "Retry-After";
            assert!(
                !is_needed || answer.headers.contains_key(name) || is_mischief(sandbox),
                "{call} without {name}"
            );
        }
        if answer.filler.is_some() || (body(answer).is_null() && is_mischief(sandbox)) {
            return;
        }
        let escaped = media_type.replace('/', "~1");
        let place_of_answer = match response["$ref"].as_str() {
            Some(reference) => reference[1..].to_owned(),
            None => format!("{place}/responses/{status}"),
        };
        let place_of_schema = format!("{place_of_answer}/content/{escaped}/schema");
        if answer.cut.is_none() && !(body(answer)[0].is_array() && is_mischief(sandbox)) {
            self.validate(&place_of_schema, &body(answer), &call);
        }
        if answer.status.is_success() {
            self.check_request(&place, operation, request, &call);
        }
    }

    /// What was not refused has to be allowed.
    fn check_request(&self, place: &str, operation: &Value, request: &Request, call: &str) {
        let read = &operation["requestBody"];
        if request.body.is_empty() {
            assert_ne!(read["required"], true, "{call} without a body");
            return;
        }
        if read["content"]["application/json"].is_null() {
            return;
        }
        let Ok(given) = serde_json::from_slice::<Value>(&request.body) else {
            return; // more lenient than JSON, as the vendor's stack is
        };
        let place = format!("{place}/requestBody/content/application~1json/schema");
        self.validate(
            &place,
            &in_documented_case(&given),
            &format!("{call} to {given}"),
        );
    }

    fn validate(&self, place: &str, instance: &Value, call: &str) {
        let mut validators = self
            .validators
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let validator = validators.entry(place.to_owned()).or_insert_with(|| {
            let mut schema = json!({
                "allOf": [self.document.pointer(place).unwrap()],
                "components": self.document["components"],
            });
            if !place.contains("/requestBody/") {
                close(&mut schema);
            }
            jsonschema::draft202012::new(&schema).unwrap()
        });
        let problems: Vec<String> = validator
            .iter_errors(instance)
            .map(|one| format!("{} at {}", one, one.instance_path()))
            .collect();
        assert!(problems.is_empty(), "{call}: {problems:#?} in {instance:#}");
    }

    /// The operation of a request, and where it stands.
    fn operation(&self, request: &Request) -> Option<(String, &Value)> {
        let method = request.method.as_str().to_ascii_lowercase();
        let path = request.uri.path().trim_end_matches('/');
        let paths = self.document["paths"].as_object().unwrap();
        let fits = |pattern: &&String| {
            let (wanted, given) = (pattern.split('/'), path.split('/'));
            pattern.split('/').count() == path.split('/').count()
                && wanted.zip(given).all(|(wanted, given)| {
                    (wanted.starts_with('{') && !given.is_empty())
                        || wanted.eq_ignore_ascii_case(given)
                })
        };
        // The most concrete wins.
        let pattern = paths
            .keys()
            .filter(fits)
            .min_by_key(|one| one.matches('{').count())?;
        let operation = paths[pattern].get(&method)?;
        let escaped = pattern.replace('~', "~0").replace('/', "~1");
        Some((format!("/paths/{escaped}/{method}"), operation))
    }
}

/// Whether the last answer was given by a rule of mischief or by the rate limit.
fn is_mischief(sandbox: &Sandbox) -> bool {
    let ledger = sandbox.ledger();
    ledger
        .requests
        .last()
        .is_some_and(|last| last.fault.is_some())
}

/// Lets objects have no other fields than those that are described.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            if map.get("properties").is_some_and(Value::is_object) && map.contains_key("type") {
                map.entry("additionalProperties").or_insert(false.into());
            }
            map.values_mut().for_each(close);
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

/// Names are read in any case: the document has them in one.
fn in_documented_case(given: &Value) -> Value {
    match given {
        Value::Object(map) => {
            let upper = |name: &String| {
                let mut letters = name.chars();
                letters
                    .next()
                    .map(|first| first.to_uppercase().collect::<String>() + letters.as_str())
            };
            map.iter()
                .map(|(name, value)| (upper(name).unwrap_or_default(), value.clone()))
                .collect()
        }
        other => other.clone(),
    }
}

#[test]
fn a_null_body_is_refused_as_the_switch_says() {
    let check = |position: &str, status: u16, message: &str| {
        let twin = Twin::with(&[("NULL_BODY", position)]);
        for given in ["", "null"] {
            let answer = twin.call_as("acme-001", "POST /connectors/2550/install", given);
            let is = (answer.status.as_u16(), body(&answer)["Message"].clone());
            assert_eq!(is, (status, json!(message)), "{given}");
        }
    };
    check("400", 400, "The request is invalid.");
    check("500", 500, "An error has occurred.");
}

#[test]
fn a_wrong_method_is_refused_as_the_switch_says() {
    let check = |position: &str, call: &str, status: u16, allowed: Option<&str>| {
        let twin = Twin::with(&[("WRONG_METHOD", position)]);
        let answer = twin.call_as("acme-001", call, "{}");
        let allow = answer
            .headers
            .get("allow")
            .map(|value| value.to_str().unwrap());
        assert_eq!((answer.status.as_u16(), allow), (status, allowed), "{call}");
    };
    check("405", "PATCH /accounts", 405, Some("GET, POST"));
    check("405", "POST /cycles/upgradeable", 405, Some("GET"));
    check("405", "PATCH /connectors/5/install", 405, Some("POST"));
    check("405", "PUT /accounts/acme-001/suspend", 404, None);
    check("404", "PATCH /accounts", 404, None);
}

/// The schema of the OpenAPI Initiative, without the dialect of its schemas (Apache-2.0).
const OPENAPI_SCHEMA: &str = include_str!("openapi-3.1.json");

#[test]
fn the_document_is_valid() {
    let metaschema =
        jsonschema::draft202012::new(&serde_json::from_str(OPENAPI_SCHEMA).unwrap()).unwrap();
    for variants in [
        &[][..],
        &[("U14", "html"), ("U1", "403")],
        &[("U14", "empty"), ("NULL_BODY", "500")],
    ] {
        let twin = Twin::with(variants);
        let document = &OpenApi::of(&twin.sandbox).document;
        let problems: Vec<String> = metaschema
            .iter_errors(document)
            .map(|one| one.to_string())
            .collect();
        assert!(problems.is_empty(), "{problems:#?}");
        let mut references = Vec::new();
        find_references(document, &mut references);
        assert!(references.len() > 100);
        for reference in references {
            let place = reference.strip_prefix('#').expect(reference);
            assert!(
                document.pointer(place).is_some(),
                "{reference} leads nowhere"
            );
        }
        for schema in document["components"]["schemas"]
            .as_object()
            .unwrap()
            .values()
        {
            let schema = json!({ "allOf": [schema], "components": document["components"] });
            jsonschema::draft202012::new(&schema).unwrap();
        }
        for operation in document["paths"]
            .as_object()
            .unwrap()
            .values()
            .flat_map(|path| path.as_object().unwrap().values())
        {
            let read = &operation["requestBody"]["content"]["application/json"];
            let Some(example) = read.get("example") else {
                continue;
            };
            let schema = json!({ "allOf": [read["schema"]], "components": document["components"] });
            let validator = jsonschema::draft202012::new(&schema).unwrap();
            assert!(
                validator.is_valid(example),
                "{} {example}",
                operation["operationId"]
            );
        }
    }
}

fn find_references<'d>(value: &'d Value, found: &mut Vec<&'d str>) {
    match value {
        Value::Object(map) => {
            found.extend(map.get("$ref").and_then(Value::as_str));
            map.values().for_each(|value| find_references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| find_references(value, found)),
        _ => {}
    }
}

#[test]
fn an_answer_that_is_not_documented_is_noticed() {
    let twin = Twin::new();
    let document = OpenApi::of(&twin.sandbox);
    let request = Request {
        uri: "/v1.0/accounts/acme-001/usage".parse().unwrap(),
        ..Request::default()
    };
    let check = |status: u16, body: &'static str, is_fine: bool| {
        let mut answer = twin.call_as("", "GET /accounts/acme-001/usage", "");
        answer.status = status.try_into().unwrap();
        answer.body = body.into();
        let checked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            document.check(&twin.sandbox, &request, &answer);
        }));
        assert_eq!(checked.is_ok(), is_fine, "{status} {body}");
    };
    let usage = r#"{"Id": "a", "TasksUsed": 0, "StartTime": "", "EndTime": ""}"#;
    check(200, usage, true);
    check(
        200,
        r#"{"Id": "a", "TasksUsed": 0, "StartTime": ""}"#,
        false,
    );
    check(
        200,
        r#"{"Id": "a", "TasksUsed": 0, "StartTime": "", "EndTime": "", "More": 1}"#,
        false,
    );
    check(
        200,
        r#"{"Id": 1, "TasksUsed": 0, "StartTime": "", "EndTime": ""}"#,
        false,
    );
    check(418, usage, false);
}
