//! Nothing that can be written makes the loader panic, hang, or repeat a secret.

use crate::support::{read, read_rosters};
use gangplank_model::SourceText as _;
use proptest::prelude::*;
use std::fmt::Write as _;

const MANIFEST: &str = include_str!("../../../../manifests/quickstart.yaml");
const CANARY: &str = "q7RzKx2mVw9LbT4nYc8HdJ3sGf6PaE5u";

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_answered(text in "\\PC{0,200}") {
        read(&[("m.yaml", &text)]);
    }

    #[test]
    fn any_yamlish_text_is_answered(text in "[ \\n\\t:\\-{}\\[\\],'\"&*!|>#%@a-c1]{0,200}") {
        read(&[("m.yaml", &text)]);
        read(&[("m.yaml", &format!("version: 1\naccounts:\n{text}"))]);
    }

    #[test]
    fn a_spoilt_manifest_is_answered(at in 0..MANIFEST.len(), cut in 0..40usize, put in "[ \\n:{}\\[\\]'\"&*-]{0,3}") {
        let start = (0..=at).rev().find(|at| MANIFEST.is_char_boundary(*at)).unwrap();
        let end = (start..=(start + cut).min(MANIFEST.len())).rev().find(|at| MANIFEST.is_char_boundary(*at)).unwrap();
        let text = format!("{}{put}{}", &MANIFEST[..start], &MANIFEST[end..]);
        let (manifest, _, diagnostics) = read(&[("m.yaml", &text)]);
        for label in diagnostics.iter().flat_map(|diagnostic| &diagnostic.labels) {
            let Some(line) = manifest.sources().line("m.yaml", label.origin.line) else {
                continue;
            };
            let end = usize::try_from(label.origin.column).unwrap();
            prop_assert!(!label.show_line || end <= line.chars().count() + 2, "{label:?} beyond {line:?}");
        }
    }

    /// A reference is replaced by a literal, and one more thing is spoilt on any line.
    #[test]
    fn a_literal_secret_is_never_shown(
        which in 0..6usize,
        form in prop::sample::select(vec!["S", "\"S\"", "'S'", "{ value: S }", "{ env: S= }", "[S]", "|\n            S", "{ S }", "S: 1"]),
        at in 0..MANIFEST.len(),
        put in "[ \\n:{}\\[\\]'\"&*-]{0,2}",
    ) {
        let places: Vec<(usize, &str)> = MANIFEST.match_indices("{ file:").collect();
        let (start, _) = places[which % places.len()];
        let end = start + MANIFEST[start..].find(" }\n").or(MANIFEST[start..].find(" }")).unwrap() + 2;
        let secret = form.replace('S', CANARY);
        let mut text = format!("{}{secret}{}", &MANIFEST[..start], &MANIFEST[end..]);
        let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap();
        if !(start..start + secret.len()).contains(&at) {
            text.insert_str(at, &put);
        }
        let (manifest, _, diagnostics) = read(&[("m.yaml", &text)]);
        for diagnostic in diagnostics.iter() {
            prop_assert!(!format!("{diagnostic:?}").contains(CANARY), "{diagnostic:?}");
            for label in diagnostic.labels.iter().filter(|label| label.show_line) {
                let line = manifest.sources().line("m.yaml", label.origin.line).unwrap_or_default();
                prop_assert!(!line.contains(CANARY), "{diagnostic:?} shows {line:?}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// A property may be a secret as well: where the text is so broken that nobody can tell, its
    /// line is not shown. Tabs hide where a line belongs.
    #[test]
    fn a_line_that_is_broken_by_a_tab_shows_no_value(
        secret in prop::sample::select(vec![CANARY, "correct-horse-battery-staple", "q$7L-W2m.v9R_Y4b~c8D=1Hg"]),
        under in prop::sample::select(vec!["properties", "auth", "instances", "fields"]),
        before in prop::sample::select(vec!["", "          Domain: x\n", "          Other:\n            deep: x\n"]),
        indentation in "[ \t]{0,12}",
        key in prop::sample::select(vec!["Hidden: ", "Hidden:\t", "\tHidden: ", "- Hidden: ", "? "]),
        after in "[ \t\n:\"{}]{0,3}",
    ) {
        let text = format!(
            "version: 1\naccounts:\n  - id: a\n    connectors:\n      - connector: X\n        {under}:\n\
             {before}{indentation}{key}{secret}{after}\n"
        );
        let (manifest, _, diagnostics) = read(&[("m.yaml", &text)]);
        for diagnostic in diagnostics.iter().filter(|it| it.code == "yaml-syntax") {
            prop_assert!(!format!("{diagnostic:?}").contains(secret), "{diagnostic:?}");
            for label in diagnostic.labels.iter().filter(|label| label.show_line) {
                let line = manifest.sources().line("m.yaml", label.origin.line).unwrap_or_default();
                prop_assert!(!line.contains(secret), "{diagnostic:?} shows {line:?}\n{text}");
            }
        }
    }
}

/// A roster of one of the kinds of files, with a manifest that reads every way of using a cell.
fn read_roster(ending: &str, rows: &[u8]) {
    let manifest = format!(
        "version: 1\nprofiles: {{ a: {{ name: \"{{{{ row.b }}}}\" }} }}\nrosters:\n  - from: r.{ending}\n    \
         where: row.a\n    account: {{ id: \"{{{{ row.a }}}}\", profile: \"{{{{ row.b }}}}\", connectors: \"{{{{ row.c }}}}\", \
         step_data_success_retention_hours: \"{{{{ row['a'] }}}}\", description: \"{{{{ row.b | upper }}}}!\" }}\n"
    );
    let file = format!("r.{ending}");
    let (manifest, _, diagnostics) = read_rosters(&manifest, &[(&file, rows)]);
    for label in diagnostics.iter().flat_map(|it| &it.labels) {
        manifest
            .sources()
            .line(&label.origin.file, label.origin.line);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_roster_is_answered(
        ending in prop::sample::select(vec!["csv", "json", "jsonl", "yaml"]),
        rows in prop::collection::vec(any::<u8>(), 0..60),
    ) {
        read_roster(ending, &rows);
    }

    #[test]
    fn any_csv_is_answered(rows in "a,b,c\n[abä01,;\"\r\n ]{0,80}") {
        read_roster("csv", rows.as_bytes());
    }

    #[test]
    fn any_json_is_answered(rows in "\\[?[abtruenl01,:\"\\[\\]{}\\\\\n ]{0,80}", ending in prop::sample::select(vec!["json", "jsonl", "yaml"])) {
        read_roster(ending, rows.as_bytes());
    }

    /// Cells are read where they were written, whatever stands in them.
    #[test]
    fn a_cell_is_what_was_written(cell in "[ -~äß,\"\n]{1,20}") {
        let quoted = cell.replace('"', "\"\"");
        let rows = format!("id,note\nx,\"{quoted}\"\ny,after\n");
        let manifest = "version: 1\nrosters: [{ from: r.csv, account: { id: \"{{ row.id }}\", description: \"{{ row.note }}\" } }]\n";
        let (_, desired, _) = read_rosters(manifest, &[("r.csv", rows.as_bytes())]);
        let note = |at: usize| desired.accounts[at].fields.description.as_ref().unwrap();
        prop_assert_eq!(&note(0).value, &cell);
        prop_assert_eq!(note(0).origin.to_string(), "r.csv:2:3");
        let lines = u32::try_from(cell.matches('\n').count()).unwrap();
        prop_assert_eq!(note(1).origin.line, 3 + lines);
    }
}

#[test]
fn bombs_are_refused() {
    let mut aliases = "version: 1\nprofiles:\n  a: &a { labels: { x: y } }\n".to_owned();
    aliases += "  b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n";
    for (from, to) in "bcdefgh".chars().zip("cdefghi".chars()) {
        let list = vec![format!("*{from}"); 10].join(",");
        aliases.push_str(
            &[
                "  ",
                &to.to_string(),
                ": &",
                &to.to_string(),
                " [",
                &list,
                "]\n",
            ]
            .concat(),
        );
    }
    let deep = format!("version: 1\nprofiles: {}", "[".repeat(100_000));
    let deep_block: String = (0..2000)
        .map(|depth| format!("{}- \n", " ".repeat(depth)))
        .collect();
    let deep_block = format!("version: 1\nprofiles:\n{deep_block}");
    let long = format!(
        "version: 1\ndefaults: {{ name: {} }}",
        "x".repeat(1_000_000)
    );
    for text in [aliases, deep, deep_block] {
        let (_, _, diagnostics) = read(&[("m.yaml", &text)]);
        assert!(diagnostics.has_errors());
    }
    read(&[("m.yaml", &long)]);
}

#[test]
fn many_accounts_are_read_in_a_moment() {
    let accounts: String = (0..20_000)
        .map(|n| format!("  - {{ id: a{n}, name: Customer {n}, profile: p }}\n"))
        .collect();
    let text = format!(
        "version: 1\nprofiles: {{ p: {{ timezone: Europe/London }} }}\naccounts:\n{accounts}"
    );
    let (_, desired, diagnostics) = read(&[("m.yaml", &text)]);
    assert!(diagnostics.is_empty());
    assert_eq!(desired.accounts.len(), 20_000);
}

/// What was refused, as told; each with a place.
fn refused(text: &str) -> Vec<String> {
    let (_, _, diagnostics) = read(&[("m.yaml", text)]);
    assert!(diagnostics.iter().all(|it| !it.labels.is_empty()));
    crate::support::told(&diagnostics)
}

/// Levels that aliases bring along count as those that are written out.
#[test]
fn chains_of_aliases_are_as_deep_as_what_they_repeat() {
    for (links, levels, code) in [(170, 60, "3:69 too-deep"), (2000, 2, "33:13 too-deep")] {
        let (open, close) = ("[".repeat(levels), "]".repeat(levels));
        let mut text = format!("version: 1\nx0: &x0 {open}1{close}\n");
        for link in 1..links {
            let before = link - 1;
            writeln!(text, "x{link}: &x{link} {open}*x{before}{close}").unwrap();
        }
        assert_eq!(refused(&text), [code]);
    }
}

/// What few lines make large is refused, whether it is values or text that grows.
#[test]
fn copies_are_counted_by_their_weight() {
    let text = "x".repeat(1_000_000);
    let long = format!("version: 1\na: &a {text}\nb: [{}]\n", "*a,".repeat(1000));
    let values = "1,".repeat(100_000);
    let anchors: String = (0..60).map(|n| format!("&n{n} [")).collect();
    let nested = format!(
        "version: 1\nb: {anchors}{values}{}\n",
        "]".repeat(anchors.matches('[').count())
    );
    for (text, place) in [(long, "3:195"), (nested, "2:328")] {
        let told = refused(&text);
        assert_eq!(told.len(), 1);
        assert!(told[0].ends_with(" too-many-aliases"), "{place}: {told:?}");
    }
}

/// Chains of names take time in proportion to their length.
#[test]
fn long_chains_are_followed_in_a_moment() {
    const LINKS: usize = 5000;
    for close in ["x0", "none"] {
        let mut profiles = String::new();
        let mut accounts = String::new();
        for link in 1..=LINKS {
            let next = if link == LINKS {
                close.to_owned()
            } else {
                format!("x{link}")
            };
            let here = link - 1;
            writeln!(profiles, "  x{here}: {{ extends: {next} }}").unwrap();
            writeln!(accounts, "  - {{ id: x{here}, name: A, parent: {next} }}").unwrap();
        }
        let text = format!("version: 1\nprofiles:\n{profiles}accounts:\n{accounts}");
        let expected: &[&str] = match close {
            "x0" => &[
                "3:18 4:18 5:18 6:18 7:18 8:18 9:18 10:18 11:18 12:18 profile-circle",
                "5004:32 parent-circle",
            ],
            _ => &["5002:21 unknown-profile"],
        };
        assert_eq!(refused(&text), expected);
    }
}

/// What is told of each key that is given twice does not take the whole file each time.
#[test]
fn many_duplicates_are_told_in_a_moment() {
    let keys: String = (0..30_000)
        .map(|n| format!("      k{n}: x\n      k{n}: y\n"))
        .collect();
    let told = refused(&format!(
        "version: 1\naccounts:\n  - id: a\n    labels:\n{keys}"
    ));
    let of_keys = told.iter().filter(|it| it.ends_with(" duplicate-key"));
    assert_eq!(of_keys.count(), 1000);
    assert!(told.iter().any(|it| it.ends_with(" more-problems")));
    assert_eq!(told.len(), 1001);
}
