//! Defaults, profiles and accounts on top of each other; every form of every entry.

use crate::support::{desired, read};
use gangplank_model::{
    AuthSpec, ConnectorChoice, MappingSpec, Presence, Run, Schedule, SecretRef, TemplateChoice,
    Value,
};

const LAYERS: &str = r#"version: 1
instances:
  x: { region: uk, client_id: me, client_secret: { file: s/cret } }
defaults: { timezone: Europe/London, labels: { tier: none }, profile: small }
profiles:
  small:
    description: small
    connectors:
      - { connector: A, properties: { P: p, Q: q } }
      - { connector: B }
  large:
    extends: small
    timezone: Europe/Paris
    connectors:
      - { connector: A, properties: { Q: "{{ account.labels.tier }}" } }
      - { connector: A, name: A (2) }
    templates:
      - { template: T, parameters: { S: { one: 1, two: 2 } }, run: { every: 1h } }
accounts:
  - { id: a }
  - id: b
    name: "B of {{ instance.region }}"
    profile: large
    labels: { tier: gold }
    description: "{{ account.name }}!"
    connectors:
      - { connector: B, description: mine }
    templates:
      - { template: T, parameters: { S: { two: deux } }, run: paused }
"#;

#[test]
fn the_nearest_word_wins_and_maps_are_merged() {
    let desired = desired(LAYERS);
    let [a, b] = desired.accounts.as_slice() else {
        unreachable!()
    };
    assert_eq!(a.fields.description.as_ref().unwrap().value, "small");
    assert_eq!(a.fields.timezone.as_ref().unwrap().value, "Europe/London");
    assert_eq!(b.fields.name.as_ref().unwrap().value, "B of uk");
    assert_eq!(b.fields.description.as_ref().unwrap().value, "B of uk!");
    assert_eq!(b.fields.timezone.as_ref().unwrap().value, "Europe/Paris");
    let names: Vec<&str> = b.connectors.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["A", "B", "A (2)"]);
    let properties: Vec<_> = b.connectors[0]
        .properties
        .iter()
        .map(|(key, value)| (key.as_str(), &value.value))
        .collect();
    let (p, gold) = (Value::Text("p".into()), Value::Text("gold".into()));
    assert_eq!(properties, [("P", &p), ("Q", &gold)]);
    assert_eq!(b.connectors[1].description.as_ref().unwrap().value, "mine");
    let template = &b.templates[0];
    assert_eq!(template.run.as_ref().unwrap().value, Run::Paused);
    let parameters = &template.steps.get("S").unwrap().parameters;
    assert_eq!(
        parameters.get("one").unwrap().value,
        MappingSpec::fixed("1")
    );
    assert_eq!(
        parameters.get("two").unwrap().value,
        MappingSpec::fixed("deux")
    );
}

#[test]
fn every_value_knows_where_it_was_written() {
    let desired = desired(LAYERS);
    let b = &desired.accounts[1];
    for (origin, expected) in [
        (&b.origin, "m.yaml:21:5"),
        (&b.fields.timezone.as_ref().unwrap().origin, "m.yaml:13:15"),
        (
            &b.connectors[0].properties.get("P").unwrap().origin,
            "m.yaml:9:39",
        ),
        (
            &b.connectors[0].properties.get("Q").unwrap().origin,
            "m.yaml:15:39",
        ),
        (&b.connectors[1].origin, "m.yaml:27:9"),
        (
            &b.templates[0]
                .steps
                .get("S")
                .unwrap()
                .parameters
                .get("two")
                .unwrap()
                .origin,
            "m.yaml:29:43",
        ),
    ] {
        assert_eq!(origin.to_string(), expected);
    }
}

#[test]
fn the_instance_is_as_it_was_declared() {
    let instance = desired(LAYERS).instance.unwrap();
    assert_eq!(instance.api_url, "https://api.cyclr.uk");
    assert_eq!(instance.client_id, Value::Text("me".into()));
    let secret = SecretRef::File {
        folder: String::new(),
        path: "s/cret".into(),
    };
    assert_eq!(instance.client_secret, secret);
    assert!(instance.marks);
}

#[test]
fn every_form_of_auth() {
    let env = |name: &str| SecretRef::Env(name.into());
    for (text, expected) in [
        ("none", AuthSpec::None),
        ("oauth2", AuthSpec::SignInOAuth2),
        ("oauth1", AuthSpec::SignInOAuth1),
        (
            "{ api_key: { env: \"K_{{ account.id | upper }}\" } }",
            AuthSpec::ApiKey(env("K_A")),
        ),
        (
            "{ basic: { username: u, password: { env: P } } }",
            AuthSpec::Basic {
                username: Value::Text("u".into()),
                password: env("P"),
            },
        ),
        (
            "{ basic: { username: { env: U }, password: { env: P } } }",
            AuthSpec::Basic {
                username: Value::Secret(env("U")),
                password: env("P"),
            },
        ),
        (
            "{ oauth2: { access_token: { env: A }, refresh_token: { env: R }, expires: 2026-01-31 } }",
            AuthSpec::OAuth2Tokens {
                access_token: env("A"),
                refresh_token: Some(env("R")),
                expires: Some("2026-01-31".into()),
                refresh_expires: None,
            },
        ),
        (
            "{ oauth2_client: { client_id: 7, client_secret: { env: S } } }",
            AuthSpec::OAuth2Client {
                client_id: Value::Text("7".into()),
                client_secret: env("S"),
            },
        ),
        (
            "{ fields: { Key: k, Secret: { env: S } } }",
            AuthSpec::Fields(
                [
                    ("Key".into(), Value::Text("k".into())),
                    ("Secret".into(), Value::Secret(env("S"))),
                ]
                .into(),
            ),
        ),
    ] {
        let text = format!(
            "version: 1\naccounts: [{{ id: a, connectors: [{{ connector: X, auth: {text} }}] }}]\n"
        );
        let desired = desired(&text);
        assert_eq!(
            desired.accounts[0].connectors[0]
                .auth
                .as_ref()
                .unwrap()
                .value,
            expected
        );
    }
}

#[test]
fn every_form_of_run_and_mapping() {
    let every = |minutes, start: Option<&str>| {
        Run::Active(Schedule::Every {
            minutes,
            start: start.map(str::to_owned),
        })
    };
    for (text, expected) in [
        ("paused", Run::Paused),
        ("{ once: true }", Run::Active(Schedule::Once)),
        ("{ every: 15m }", every(15, None)),
        (
            "{ every: 1w, start: 2026-01-31T06:00:00Z }",
            every(10_080, Some("2026-01-31T06:00:00Z")),
        ),
    ] {
        let text = format!(
            "version: 1\naccounts: [{{ id: a, templates: [{{ template: X, run: {text} }}] }}]\n"
        );
        assert_eq!(
            desired(&text).accounts[0].templates[0]
                .run
                .as_ref()
                .unwrap()
                .value,
            expected
        );
    }
    for (text, mapping_type, value) in [
        ("text", "StaticValue", Some("text")),
        ("2.10", "StaticValue", Some("2.10")),
        ("true", "StaticValue", Some("true")),
        ("\"\"", "StaticValue", Some("")),
        ("{ value_list: Colours }", "ValueList", Some("Colours")),
        ("{ ignore: true }", "Ignore", None),
        (
            "{ type: CycleVariable, value: region }",
            "CycleVariable",
            Some("region"),
        ),
    ] {
        let text = format!(
            "version: 1\naccounts: [{{ id: a, templates: [{{ template: X, mappings: {{ S: {{ F: {text} }} }} }}] }}]\n"
        );
        let desired = desired(&text);
        let mapping = &desired.accounts[0].templates[0]
            .steps
            .get("S")
            .unwrap()
            .fields
            .get("F")
            .unwrap();
        assert_eq!(mapping.value.mapping_type, mapping_type);
        assert_eq!(mapping.value.value.as_deref(), value);
    }
}

#[test]
fn choices_and_removals() {
    let desired = desired(
        "version: 1\naccounts:\n  - id: a\n    state: absent\n    connectors:\n      \
         - { connector: { id: 2550 }, name: Own, state: absent }\n      - { connector: N, version: \"2.1\" }\n    \
         templates:\n      - { template: { tag: crm }, name: One }\n      - { template: { id: abc }, name: Two }\n",
    );
    let account = &desired.accounts[0];
    assert_eq!(account.presence, Presence::Absent);
    let [own, named] = account.connectors.as_slice() else {
        unreachable!()
    };
    assert_eq!(
        (own.presence, &own.connector.value),
        (Presence::Absent, &ConnectorChoice::Id(2550))
    );
    let choice = ConnectorChoice::Name {
        name: "N".into(),
        version: Some("2.1".into()),
    };
    assert_eq!(named.connector.value, choice);
    let choices: Vec<_> = account
        .templates
        .iter()
        .map(|it| it.template.value.clone())
        .collect();
    assert_eq!(
        choices,
        [
            TemplateChoice::Tag("crm".into()),
            TemplateChoice::Id("abc".into())
        ]
    );
}

#[test]
fn files_are_joined_in_their_order() {
    let first = "version: 1\naccounts: [{ id: a, profile: p }]\n";
    let second = "version: 1\nprofiles: { p: { name: P } }\naccounts: [{ id: b }]\n";
    let (_, desired, diagnostics) = read(&[("dir/1.yaml", first), ("dir/2.yaml", second)]);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let ids: Vec<&str> = desired
        .accounts
        .iter()
        .map(|account| account.id.as_str())
        .collect();
    assert_eq!(ids, ["a", "b"]);
    assert_eq!(desired.accounts[0].fields.name.as_ref().unwrap().value, "P");
}

#[test]
fn anchors_repeat_what_they_name() {
    let desired = desired(
        "version: 1\naccounts:\n  - &first\n    id: a\n    labels: &labels { tier: gold }\n  - { id: b, labels: *labels }\n",
    );
    assert_eq!(desired.accounts[0].labels, desired.accounts[1].labels);
}
