//! Arguments of profiles: what expressions read, and every way to get them wrong.

use crate::support::{desired, read, read_rosters, same_verdict, told};
use gangplank_model::{Run, Schedule, Severity, SourceText as _};

/// Three kinds of arguments; one profile on top of another.
const PROFILES: &str = r#"version: 1
profiles:
  small:
    arguments:
      tier: { type: text, one_of: [gold, silver], description: What the customer pays for. }
      every: 1h
      hours: 24
      hidden: { type: boolean, default: false }
      note: { required: false }
    description: "{{ argument.tier | upper }}{{ ' ' ~ argument.note if argument.note is defined else '' }}"
    step_data_success_retention_hours: "{{ argument.hours }}"
    connectors: [{ connector: A, partner: "{{ argument.hidden }}" }]
    templates: [{ template: T, run: { every: "{{ argument.every }}" } }]
  large:
    extends: small
    arguments: { tier: gold, every: 15m }
"#;

#[test]
fn the_nearest_value_wins() {
    let desired = desired(&format!(
        "{PROFILES}defaults: {{ arguments: {{ hours: 48 }} }}\naccounts:\n  \
         - {{ id: a, profile: small, arguments: {{ tier: silver, hidden: true }} }}\n  \
         - {{ id: b, profile: large, arguments: {{ hours: 1, note: \"of {{{{ account.id }}}}\" }} }}\n"
    ));
    let told: Vec<String> = desired
        .accounts
        .iter()
        .map(|account| {
            let fields = &account.fields;
            let run = account.templates[0].run.as_ref().unwrap();
            let Run::Active(Schedule::Every { minutes, .. }) = run.value else {
                unreachable!()
            };
            let hours = fields.step_data_success_retention_hours.as_ref().unwrap();
            format!(
                "{} {:?} {} {minutes}",
                fields.description.as_ref().unwrap().value,
                hours.value,
                account.connectors[0].partner.as_ref().unwrap().value,
            )
        })
        .collect();
    assert_eq!(
        told,
        ["SILVER Hours(48) true 60", "GOLD of b Hours(1) false 15"]
    );
    let hours = |at: usize| {
        let fields = &desired.accounts[at].fields;
        let hours = fields.step_data_success_retention_hours.as_ref().unwrap();
        hours.origin.to_string()
    };
    assert_eq!(hours(0), "m.yaml:17:33", "a value is where it was given");
    assert_eq!(hours(1), "m.yaml:20:50");
}

#[test]
fn rows_give_arguments() {
    let manifest = format!(
        "{PROFILES}rosters:\n  - from: c.csv\n    account:\n      id: \"{{{{ row.id }}}}\"\n      profile: small\n      \
         arguments: {{ tier: \"{{{{ row.tier }}}}\", hours: \"{{{{ row.hours }}}}\", hidden: \"{{{{ row.hidden }}}}\" }}\n"
    );
    let rows = "id,tier,hours,hidden\na,gold,,true\nb,silver,7,\n";
    let (_, desired, problems) = read_rosters(&manifest, &[("c.csv", rows.as_bytes())]);
    assert!(problems.is_empty(), "{problems:#?}");
    let told: Vec<String> = desired
        .accounts
        .iter()
        .map(|account| {
            let hours = &account.fields.step_data_success_retention_hours;
            let partner = &account.connectors[0].partner;
            let (hours, partner) = (hours.as_ref().unwrap(), partner.as_ref().unwrap());
            format!("{:?} {} {}", hours.value, hours.origin, partner.value)
        })
        .collect();
    // An empty cell gives nothing, so that the default counts.
    assert_eq!(
        told,
        ["Hours(24) m.yaml:7:14 true", "Hours(7) c.csv:3:10 false"]
    );
    let rows = "id,tier,hours,hidden\na,gold,x,true\nb,bronze,7,perhaps\nc,,1,\n";
    let (_, _, problems) = read_rosters(&manifest, &[("c.csv", rows.as_bytes())]);
    let told: Vec<String> = problems
        .iter()
        .map(|it| {
            let places = it.labels.iter().map(|label| label.origin.to_string());
            format!("{} {}", places.collect::<Vec<_>>().join(" "), it.code)
        })
        .collect();
    assert_eq!(
        told,
        [
            "c.csv:2:8 m.yaml:7:7 argument-type",
            "c.csv:3:3 m.yaml:5:35 argument-value",
            "c.csv:3:12 m.yaml:8:7 argument-type",
            "c.csv:4:3 m.yaml:5:7 missing-argument",
        ]
    );
}

/// What is wrong below `version: 1`, whose line is the first.
#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let text = format!("version: 1\n{text}");
    let (_, _, diagnostics) = read(&[("m.yaml", &text)]);
    assert_eq!(told(&diagnostics), expected, "{diagnostics:#?}");
    same_verdict(&text, &diagnostics);
    for problem in diagnostics.iter() {
        let said = !problem.detail.is_empty() || !problem.hints.is_empty();
        let labelled = problem.labels.iter().any(|label| !label.text.is_empty());
        assert!(
            said && labelled || problem.code.starts_with("wrong"),
            "{problem:?}"
        );
    }
}

/// The same of a declaration that some account uses.
#[track_caller]
fn declared(form: &str, expected: &[&str]) {
    check(
        &format!(
            "profiles:\n  p:\n    arguments: {{ x: {form} }}\n    description: \"{{{{ argument.x }}}}\"\n"
        ),
        expected,
    );
}

#[test]
fn declarations_that_contradict_themselves() {
    for (form, expected) in [
        (
            "{ type: number, default: gold }",
            "4:46 4:18 argument-default",
        ),
        (
            "{ type: number, default: \"1\" }",
            "4:46 4:18 argument-default",
        ),
        (
            "{ default: bronze, one_of: [gold] }",
            "4:32 4:48 argument-default",
        ),
        (
            "{ type: boolean, one_of: [true, 1] }",
            "4:53 4:18 argument-type",
        ),
        ("{ one_of: [\"{{ row.x }}\"] }", "4:32 argument-form"),
        ("{ one_of: [] }", "4:31 argument-form"),
        ("{ required: true, default: x }", "4:33 4:48 argument-form"),
        ("{ type: flag }", "4:29 wrong-type"),
        ("{ typ: text }", "4:23 unknown-key"),
        ("{ default: [a] }", "4:32 wrong-type"),
        ("[a]", "4:21 wrong-type"),
        ("", "4:18 wrong-type"),
    ] {
        declared(form, &[expected]);
    }
    check(
        "profiles: { p: { arguments: { a-b: x } } }\n",
        &["2:31 bad-name", "2:31 unused-argument"],
    );
}

#[test]
fn values_that_do_not_fit() {
    let profile = "profiles:\n  p:\n    arguments:\n      tier: { one_of: [gold, silver], default: gold }\n      \
                   n: 1\n      must: {}\n    description: \"{{ argument.tier }} {{ argument.n }} {{ argument.must }}\"\n";
    for (account, expected) in [
        (
            "profile: p, arguments: { must: a, teir: gold }",
            &["9:55 5:7 unknown-argument"][..],
        ),
        (
            "profile: p, arguments: { must: a, colour: red }",
            &["9:55 unknown-argument"],
        ),
        ("profile: p", &["9:12 7:7 missing-argument"]),
        (
            "profile: p, arguments: { must: 1 }",
            &["9:52 7:7 argument-type"],
        ),
        (
            "profile: p, arguments: { must: a, n: \"1\" }",
            &["9:58 6:7 argument-type"],
        ),
        (
            "profile: p, arguments: { must: a, tier: glod }",
            &["9:61 5:23 argument-value"],
        ),
        (
            "profile: p, arguments: { must: \"{{ argument.n }}\" }",
            &["9:53 unknown-argument"],
        ),
        (
            "profile: p, arguments: { must: { env: X } }",
            &["9:52 wrong-type"],
        ),
        ("arguments: { must: a }", &["9:34 argument-without-profile"]),
        (
            "profile: p, arguments: { n: x, teir: gold }",
            &[
                "9:12 7:7 missing-argument",
                "9:49 6:7 argument-type",
                "9:52 5:7 unknown-argument",
            ],
        ),
        (
            "profile: p, arguments: { must: a }, name: \"{{ argument.tire }}\"",
            &["9:64 unknown-argument"],
        ),
    ] {
        check(
            &format!("{profile}accounts: [{{ id: a, {account} }}]\n"),
            expected,
        );
    }
}

#[test]
fn profiles_read_what_they_declare() {
    // The base cannot read what only the upper one declares; what nobody reads is a warning.
    check(
        "profiles:\n  base:\n    name: \"{{ argument.tier }}\"\n  top:\n    extends: base\n    \
         arguments: { tier: gold, unused: 1 }\n    description: \"{{ argument.tier }} {{ argument['unsued'] }}\"\n",
        &["4:12 unknown-argument", "7:30 unused-argument"],
    );
    // An argument is read also by what extends the profile, and by accounts.
    check(
        "profiles:\n  base:\n    arguments: { a: 1, b: 2, c: 3 }\n    name: \"{{ argument.a }}\"\n  \
         top:\n    extends: base\n    description: \"{{ argument.b }}\"\n\
         accounts: [{ id: x, profile: top, audit_info: \"{{ argument['c'] }}\" }]\n",
        &[],
    );
}

#[test]
fn a_literal_secret_is_not_echoed() {
    let text = "version: 1\nprofiles: { p: { arguments: { api_key: {} }, name: \"{{ argument.api_key }}\" } }\n\
                accounts: [{ id: a, profile: p, arguments: { api_key: hunter2hunter2 } }]\n";
    let (manifest, _, diagnostics) = read(&[("m.yaml", text)]);
    let warned: Vec<_> = diagnostics
        .iter()
        .map(|it| (it.code, it.severity))
        .collect();
    assert_eq!(warned, [("maybe-secret", Severity::Warning)]);
    assert_eq!(manifest.sources().line("m.yaml", 3), None);
}
