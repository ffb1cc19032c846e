//! Odd values at every place that has a form of its own: schema and loader have one verdict.

use crate::support::{read, same_verdict};

#[test]
fn schema_and_loader_say_the_same() {
    const INSTANCE: &str =
        "instances: { x: { client_id: a, client_secret: { env: X }, region: eu, @ } }";
    const PRIVATE: &str = "instances: { x: { client_id: a, client_secret: { env: X }, @ } }";
    const ACCOUNT: &str = "accounts: [{ id: a, @ }]";
    const CONNECTOR: &str = "accounts: [{ id: a, connectors: [{ connector: X, @ }] }]";
    const TEMPLATE: &str = "accounts: [{ id: a, templates: [{ template: X, @ }] }]";
    let places = [
        (INSTANCE, "default service_domain marks_key"),
        (PRIVATE, "api_url region"),
        (
            ACCOUNT,
            "name description timezone next_bill_date_utc transaction_error_webhook_url state \
             step_data_success_retention_hours profile parent labels connectors templates",
        ),
        (CONNECTOR, "version name auth properties partner state"),
        (TEMPLATE, "name run parameters mappings variables state"),
    ];
    let mut forms: Vec<String> = places
        .iter()
        .flat_map(|(around, keys)| {
            let keys = keys.split_whitespace();
            keys.map(|key| around.replace('@', &format!("{key}: @")))
        })
        .collect();
    forms.extend(
        [
            (ACCOUNT, "connectors: [@]"),
            (ACCOUNT, "connectors: [{ connector: @ }]"),
            (ACCOUNT, "connectors: [{ connector: @, name: n }]"),
            (ACCOUNT, "templates: [{ template: @ }]"),
            (ACCOUNT, "templates: [{ template: @, name: n }]"),
            (ACCOUNT, "templates: [{ template: { tag: @ }, name: n }]"),
            (CONNECTOR, "auth: { api_key: { env: @ } }"),
            (CONNECTOR, "auth: { api_key: { file: @ } }"),
            (CONNECTOR, "properties: { a: @ }"),
            (CONNECTOR, "properties: { 'Client Secret': @ }"),
            (TEMPLATE, "run: { every: @ }"),
            (TEMPLATE, "run: { every: 1h, start: @ }"),
            (TEMPLATE, "mappings: { S: { F: @ } }"),
        ]
        .map(|(around, inside)| around.replace('@', inside)),
    );
    forms.push("accounts: [{ id: @ }]".to_owned());
    let mut taken = 0;
    for form in &forms {
        for value in VALUES.lines() {
            let text = format!("version: 1\n{}\n", form.replace('@', value));
            let (_, _, diagnostics) = read(&[("m.yaml", &text)]);
            taken += u32::from(!diagnostics.has_errors());
            // What an expression makes is known to the loader only.
            let finer = value.contains("{{") || FINER.contains(&value);
            if !diagnostics.has_errors() || !finer {
                same_verdict(&text, &diagnostics);
            }
        }
    }
    assert!(taken > 1000, "{taken} of them are valid");
}

/// Values of which a pattern says less than the loader does.
const FINER: [&str; 6] = [
    "1e3",
    "2026-02-31",
    "http://127.0.0.999",
    "http://127.0.0.01",
    "run=1h",
    r#""a\u2028b""#,
];

const VALUES: &str = r#"null
true
7
-1
1.5
1e3
1000
18446744073709551615
[]
{}
''
' '
' a'
'a '
a
é
"a\nb"
"\u00a0"
"a\u00a0"
"\u0085"
"\ufeffa"
"\u200ba"
"a\u2028b"
run=1h
"{{ account.id }}"
"x {{ 'y' }}"
"{{"
"}}"
.
..
../x
x/../y
x/..
a..b
"~/x"
/x
c:/x
c:x
"a\\b"
"..\\x"
absent
paused
oauth2
eu
EU
1h
01h
60m
7m
1w
0h
2026-01-31
2026-02-31
2026-01-31T06:00
2026-01-31T06:00:00
2026-01-31T06:00:00Z
2026-01-31T06:00:00.123Z
2026-01-31T06:00:00+01:00
2026-01-31T06
"2026-01-31 06:00:00"
https://h
HTTPS://h
https://h/v1.0/
https://h/v1.0//
https://h?q
https:///x
https://h:1/x
http://localhost
http://LOCALHOST
http://localhost:1/x
http://localhost:x
http://127.0.0.1
http://127.1
http://127.0.0.999
http://127.0.0.01
"http://[::1]:1"
"http://[::1]x"
http://h
ftp://h
h/x
Europe/London
A_1
1A
A-1
a=b
HARBOURAPIKEY2026
AKIA2026QXWRTYNBCDHG
Qz7LkW2mXv9RtY4bNc8Ds1Hg
"a/Qz7LkW2mXv9RtY4bNc8Ds1Hg{{ account.id }}"
[a]
{ a: b }
{ tag: a }
{ id: 7 }
{ id: a }
{ name: n }
{ name: n, state: absent }
{ env: X }
{ env: X, file: y }
{ every: 1h }
{ once: true }
{ once: false }
{ every: 1h, start: 2026-01-31 }
{ ignore: true }
{ ignore: false }
{ type: T }
{ type: T, value: 1 }
{ value_list: a }
{ api_key: { env: X } }"#;
