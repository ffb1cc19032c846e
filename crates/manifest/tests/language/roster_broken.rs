//! What is wrong with rosters: each problem with its code and its places in both files.

use crate::support::read_rosters;
use gangplank_model::{Diagnostics, Severity, SourceText as _};
use std::fmt::Write as _;

/// Every problem as `place code`, places of later labels after the first.
fn told(diagnostics: &Diagnostics) -> Vec<String> {
    let told = diagnostics.iter().map(|diagnostic| {
        let places = diagnostic.labels.iter().map(|it| it.origin.to_string());
        let places: Vec<String> = places.collect();
        format!("{} {}", places.join(" "), diagnostic.code)
    });
    told.collect()
}

const MANIFEST: &str = r#"version: 1
rosters:
  - from: c.csv
    account:
      id: "{{ row.id }}"
      name: "{{ row.name }}"
"#;

/// What is wrong with a file, given the manifest above and more keys of the account.
#[track_caller]
fn check(more: &str, file: &str, rows: &[u8], expected: &[&str]) {
    let manifest = format!("{}{more}", MANIFEST.replace("c.csv", file));
    let (_, _, diagnostics) = read_rosters(&manifest, &[(file, rows)]);
    assert_eq!(told(&diagnostics), expected, "{diagnostics:#?}");
    for diagnostic in diagnostics.iter() {
        let first = diagnostic.summary.chars().next().unwrap();
        assert!(!first.is_uppercase() && !diagnostic.summary.ends_with('.'));
        let said = !diagnostic.detail.is_empty() || !diagnostic.hints.is_empty();
        let labelled = diagnostic.labels.iter().any(|label| !label.text.is_empty());
        assert!(said || labelled, "{diagnostic:?} says no more than that");
    }
}

#[test]
fn csv_files_with_a_wrong_form() {
    for (rows, expected) in [
        (&b"id;name\na;A\n"[..], &["c.csv:1:3 wrong-delimiter"][..]),
        (b"id\tname\na\tA\n", &["c.csv:1:3 wrong-delimiter"]),
        (
            b"id,name,id\na,A,b\n",
            &["c.csv:1:9 c.csv:1:1 duplicate-column"],
        ),
        (b"id,,name\na,,A\n", &["c.csv:1:4 empty-column"]),
        (b"id, name\na,A\n", &["c.csv:1:4 bad-column"]),
        (b"id,name\ra,A\rb,B", &["c.csv:1:4 bad-column"]),
        (
            b"id,name\na\nb,B,x\nc,C\n",
            &["c.csv:2:1 ragged-row", "c.csv:3:5 ragged-row"],
        ),
        (b"id,name\na,\"A\nb,B\n", &["c.csv:2:3 csv-quote"]),
        (
            b"id,name\na,A\"x\"\nb,\"B\"x\n",
            &["c.csv:2:4 csv-quote", "c.csv:3:6 csv-quote"],
        ),
        (b"id,name\na,\xC3\xA4\xFF\n", &["c.csv:2:4 not-text"]),
        (b"id,name\na,A\0\n", &["c.csv:2:4 not-text"]),
        (b"\xFF\xFEi\0d\0", &["c.csv:1:1 not-text"]),
        (b"", &["m.yaml:3:11 empty-roster"]),
        (b"id,name\n,\n", &["m.yaml:3:11 empty-roster"]),
    ] {
        check("", "c.csv", rows, expected);
    }
}

#[test]
fn other_files_with_a_wrong_form() {
    for (file, rows, expected) in [
        ("c.json", "{\"id\": 1}", &["c.json:1:1 json-syntax"][..]),
        (
            "c.json",
            "[{\"id\": \"a\" \"name\": \"A\"}]",
            &["c.json:1:13 json-syntax"],
        ),
        (
            "c.json",
            "[{\"id\": \"a\", \"name\": \"A\"}] x",
            &["c.json:1:28 json-syntax"],
        ),
        ("c.json", "[[1]]", &["c.json:1:2 wrong-type"]),
        (
            "c.jsonl",
            "{\"id\": \"a\",\n \"name\": \"A\"}",
            &["c.jsonl:1:1 json-syntax"],
        ),
        (
            "c.jsonl",
            "{\"id\": \"a\"} {\"id\": \"b\"}",
            &["c.jsonl:1:13 json-syntax", "m.yaml:6:14 bad-expression"],
        ),
        ("c.yaml", "id: a\n", &["c.yaml:1:1 wrong-type"]),
        (
            "c.yaml",
            "- {id: a, id: b, name: A}\n",
            &["c.yaml:1:11 c.yaml:1:4 duplicate-key"],
        ),
        ("c.yaml", "- text\n", &["c.yaml:1:3 wrong-type"]),
        ("c.txt", "id\n", &["m.yaml:3:11 roster-format"]),
    ] {
        check("", file, rows.as_bytes(), expected);
    }
}

#[test]
fn columns_have_an_end() {
    let names: Vec<String> = (0..1001).map(|n| format!("c{n}")).collect();
    let csv = format!("{}\n", names.join(","));
    check(
        "",
        "c.csv",
        csv.as_bytes(),
        &["c.csv:1:4891 too-many-columns"],
    );
    let keys: Vec<String> = names
        .iter()
        .map(|it| format!("{{\"{it}\": 1}}\n"))
        .collect();
    check(
        "",
        "c.jsonl",
        keys.concat().as_bytes(),
        &["c.jsonl:1001:2 too-many-columns"],
    );
}

#[test]
fn paths_that_lead_nowhere() {
    for (path, expected) in [
        ("../c.csv", "m.yaml:3:11 roster-path"),
        ("/c.csv", "m.yaml:3:11 roster-path"),
        ("\"a\\\\c.csv\"", "m.yaml:3:11 roster-path"),
        ("d.csv", "m.yaml:3:11 no-roster"),
        ("\"d*.csv\"", "m.yaml:3:11 no-roster"),
    ] {
        let manifest = MANIFEST.replace("c.csv", path);
        let (_, _, diagnostics) = read_rosters(&manifest, &[("c.csv", b"id,name\na,A\n")]);
        assert_eq!(told(&diagnostics), [expected], "{path}");
    }
}

#[test]
fn cells_that_cannot_be_used() {
    let more = r#"      timezone: "{{ row.zone }}"
      step_data_success_retention_hours: "{{ row.hours }}"
      transaction_error_webhook_include_warnings: "{{ row.flag }}"
      description: "Since {{ row.since }}"
"#;
    let rows = "id,name,zone,hours,flag,since\n\
                a,A,Europe/Lodnon,soon,yes,2020\n\
                ,B,,,,2020\n\
                c, C,,24.5,TRUE,\n\
                \u{fc}d,D,,-1,1,2020\n";
    check(
        more,
        "c.csv",
        rows.as_bytes(),
        &[
            "c.csv:2:5 unknown-timezone",
            "c.csv:2:19 wrong-type",
            "c.csv:2:24 wrong-type",
            "c.csv:3:1 m.yaml:5:11 empty-cell",
            "c.csv:4:3 bad-name",
            "c.csv:4:7 wrong-number",
            "c.csv:4:17 m.yaml:10:27 bad-expression",
            "c.csv:5:1 bad-name",
            "c.csv:5:7 wrong-number",
            "c.csv:5:10 wrong-type",
        ],
    );
}

#[test]
fn names_that_are_not_there() {
    for (more, expected, hint) in [
        (
            "      description: \"{{ row.nmae }}\"\n",
            "m.yaml:7:21 bad-expression",
            "row.name",
        ),
        (
            "      description: \"{{ row.colour }}\"\n",
            "m.yaml:7:21 bad-expression",
            "the columns are \"id\" and \"name\"",
        ),
        (
            "      profile: \"{{ row.name }}\"\n",
            "c.csv:2:3 unknown-profile",
            "did you mean \"Ax\"",
        ),
        (
            "      profile: Axx\n",
            "m.yaml:7:16 unknown-profile",
            "did you mean \"Ax\"",
        ),
        (
            "    where: row.nmae == 'A'\n",
            "m.yaml:7:12 bad-expression",
            "row.name",
        ),
        ("    where: row.name\n", "c.csv:2:3 wrong-type", "true"),
        ("    where: row.name ==\n", "m.yaml:7:12 bad-expression", ""),
        (
            "    where: row.name == 'B'\n",
            "m.yaml:7:12 empty-roster",
            "empty: allow",
        ),
        ("    empty: yes\n", "m.yaml:7:12 wrong-type", ""),
        ("    format: cvs\n", "m.yaml:7:13 wrong-type", "csv"),
        (
            "      connectors: \"{{ [7] }}\"\n",
            "m.yaml:7:19 wrong-type",
            "",
        ),
    ] {
        let manifest = format!("{MANIFEST}{more}profiles: {{ Ax: {{ name: x }} }}\n");
        let (_, _, diagnostics) = read_rosters(&manifest, &[("c.csv", b"id,name\na,A\n")]);
        let list = told(&diagnostics);
        assert!(list.contains(&expected.to_owned()), "{more}: {list:?}");
        let text = format!("{diagnostics:?}").replace("\\\"", "\"");
        assert!(text.contains(hint), "{more}: {text}");
    }
}

/// One wrong cell does not keep another one of its row from being told.
#[test]
fn every_wrong_cell_of_a_row_is_told() {
    let more = "      profile: \"{{ row.tier }}\"\n      timezone: \"{{ row.zone }}\"\n      connectors: [{ name: X }]\n";
    let rows = b"id,name,tier,zone\na,A ,glod,Nowhere\n";
    check(
        more,
        "c.csv",
        rows,
        &[
            "c.csv:2:3 bad-name",
            "c.csv:2:6 unknown-profile",
            "c.csv:2:11 unknown-timezone",
        ],
    );
}

#[test]
fn profiles_see_a_row_only_from_rosters() {
    let manifest = format!(
        "{MANIFEST}      profile: p\naccounts: [{{ id: z, profile: p }}]\nprofiles: {{ p: {{ description: \"{{{{ row.name }}}}\" }} }}\n"
    );
    let (_, desired, diagnostics) = read_rosters(&manifest, &[("c.csv", b"id,name\na,A\n")]);
    assert_eq!(told(&diagnostics), ["m.yaml:9:32 bad-expression"]);
    let of_row = &desired.accounts[1].fields.description;
    assert_eq!(of_row.as_ref().unwrap().value, "A");
}

#[test]
fn ids_are_unique_across_files_and_accounts() {
    let manifest = format!(
        "{}accounts: [{{ id: z }}]\n",
        MANIFEST.replace("c.csv", "\"*.csv\"")
    );
    let files: [(&str, &[u8]); 2] = [
        ("c.csv", b"id,name\na,A\nz,Z\na b,C\n"),
        ("d.csv", b"id,name\na,A\nA,B\nab,D\n"),
    ];
    let (_, _, diagnostics) = read_rosters(&manifest, &files);
    assert_eq!(
        told(&diagnostics),
        [
            "c.csv:3:1 m.yaml:7:18 duplicate-account",
            "d.csv:2:1 c.csv:2:1 duplicate-account",
            "d.csv:3:1 c.csv:2:1 account-case",
            "d.csv:4:1 c.csv:4:1 account-blanks",
        ]
    );
    let blanks = diagnostics.iter().find(|it| it.code == "account-blanks");
    assert_eq!(blanks.unwrap().severity, Severity::Warning);
}

#[test]
fn a_hundred_problems_are_told_and_the_rest_is_counted() {
    let mut rows = "id,name,zone\n".to_owned();
    for n in 0..150 {
        writeln!(rows, "a{n},A,Nowhere/{n}").unwrap();
    }
    let manifest = format!("{MANIFEST}      timezone: \"{{{{ row.zone }}}}\"\n");
    let (_, _, diagnostics) = read_rosters(&manifest, &[("c.csv", rows.as_bytes())]);
    let zones = diagnostics
        .iter()
        .filter(|it| it.code == "unknown-timezone");
    assert_eq!(zones.count(), 100);
    let more = diagnostics.iter().find(|it| it.code == "more-problems");
    let more = more.unwrap();
    assert_eq!(more.summary, "50 more problems in rosters");
    assert_eq!(more.labels[0].origin.to_string(), "c.csv:102:8");
    assert_eq!(more.severity, Severity::Error);
}

const CANARY: &str = "correct-horse-battery-staple";

/// A roster may hold secrets by mistake: a column that sounds like one is shown to nobody, and what
/// stands in the place of a reference is not repeated.
#[test]
fn secrets_in_rows_are_not_shown() {
    let reference =
        "      connectors: [{ connector: X, auth: { api_key: { env: \"{{ row.COLUMN }}\" } } }]\n";
    for (column, secret) in [
        ("api_key", CANARY),
        ("zzz", "q7RzKx2mVw9LbT4nYc8HdJ3sGf6PaE5u"),
        ("zzz", "s3cret!"),
    ] {
        for after in ["", "b,\"B,x\n"] {
            let rows = format!("id,name,{column}\na, A,{secret}\n{after}");
            let more = reference.replace("COLUMN", column);
            let manifest = format!("{MANIFEST}{more}");
            let (manifest, _, diagnostics) = read_rosters(&manifest, &[("c.csv", rows.as_bytes())]);
            let text = format!("{diagnostics:?}");
            assert!(diagnostics.has_errors());
            assert!(!text.contains(secret), "{text}");
            for label in diagnostics.iter().flat_map(|it| &it.labels) {
                let line = manifest
                    .sources()
                    .line(&label.origin.file, label.origin.line);
                let shown = line.filter(|_| label.show_line).unwrap_or_default();
                assert!(!shown.contains(secret), "{text}");
            }
        }
    }
}

/// A line that holds no secret is there to be shown.
#[test]
fn lines_of_rosters_are_shown() {
    let (manifest, _, diagnostics) = read_rosters(MANIFEST, &[("c.csv", b"id,name\na, A\n")]);
    let label = &diagnostics.iter().next().unwrap().labels[0];
    assert!(label.show_line);
    assert_eq!(manifest.sources().line("c.csv", 2), Some("a, A"));
}

/// The condition has no braces; those of the next text on the line are not its.
#[test]
fn a_broken_condition_is_told_where_it_stands() {
    let manifest = "version: 1\nrosters:\n  \
                    - { from: c.csv, where: row.id = 'a', account: { id: \"{{ row.id }}\" } }\n";
    let (_, _, diagnostics) = read_rosters(manifest, &[("c.csv", b"id\na\n")]);
    assert_eq!(told(&diagnostics), ["m.yaml:3:27 bad-expression"]);
    let hint = &diagnostics.iter().next().unwrap().hints[0];
    assert!(hint.contains("`==` compares"), "{hint}");
}
