//! Every moment of a move.

use super::*;
use crate::live::LiveConnector;
use crate::mark::AccountMark;
use crate::origin::{Origin, Sourced};

/// `B<A C` is entry B, moved from A or C; `live` are names, `A<B` one that came from B. What is
/// expected is `B=A` for a rename of A to B.
fn check(entries: &str, live: &str, expected: &str) {
    let sourced = |text: &str| {
        let origin = Origin {
            file: "m.yaml".into(),
            line: 1,
            column: 1,
            length: 1,
        };
        Sourced::new(text.to_owned(), origin)
    };
    let parsed: Vec<(&str, Vec<Sourced<String>>)> = entries
        .split(", ")
        .map(|entry| {
            let (name, from) = entry.split_once('<').unwrap_or((entry, ""));
            (name, from.split_whitespace().map(sourced).collect())
        })
        .collect();
    let names: Vec<Names<'_>> = parsed
        .iter()
        .map(|(name, from)| Names { name, from })
        .collect();
    let mut mark = AccountMark::default();
    let mut all = Vec::new();
    for one in live.split(", ").filter(|one| !one.is_empty()) {
        let (name, from) = one.split_once('<').unwrap_or((one, ""));
        let name = match name.strip_suffix('*') {
            Some(name) => temporary(name),
            None => name.to_owned(),
        };
        if !from.is_empty() {
            mark.moved.insert(name.clone(), from.to_owned());
        }
        all.push(LiveConnector {
            name,
            ..LiveConnector::default()
        });
    }
    let held = Connectors {
        all: &all,
        mark: Some(&mark),
    };
    let claims = resolve(&names, &held);
    let name = |object: usize| all[object].name.replace(" (gangplank: moving)", "*");
    let said: Vec<String> = names
        .iter()
        .zip(claims)
        .filter_map(|(entry, claim)| match claim {
            Claim::Own => None,
            Claim::Moved { object, .. } => Some(format!("{}={}", entry.name, name(object))),
            Claim::Ambiguous(several) => {
                let several: Vec<String> = several.into_iter().map(name).collect();
                Some(format!("{}?{}", entry.name, several.join("|")))
            }
            Claim::Taken { own, object } => {
                Some(format!("{}!{}|{}", entry.name, name(own), name(object)))
            }
        })
        .collect();
    assert_eq!(said.join(", "), expected, "{entries} in {live}");
}

#[test]
fn a_single_move() {
    check("B<A", "", "");
    check("B<A", "A", "B=A");
    check("B<A", "B", "");
    check("B<A", "A, B", "");
    check("B<A Z", "A, Z", "B?A|Z");
    check("B<A Z", "A, Z, B", "");
    check("B<A", "A, A", "B?A|A");
}

#[test]
fn chains_in_any_order() {
    for entries in ["B<A, C<B", "C<B, B<A"] {
        let both = if entries.starts_with('B') {
            "B=A, C=B"
        } else {
            "C=B, B=A"
        };
        check(entries, "A, B", both);
        check(entries, "A", "B=A");
        check(entries, "A, C", "B=A");
        check(entries, "B, C", "");
        check(entries, "A, B, C", "");
        check(entries, "", "");
    }
}

/// Every moment of an exchange, as a run that was cut off may leave it.
#[test]
fn exchanges_go_on_where_they_were_cut_off() {
    let swap = "A<B, B<A";
    check(swap, "", "");
    check(swap, "A, B", "A=B, B=A");
    check(swap, "B*, B", "A=B, B=B*");
    check(swap, "B*, B<A", "A=B, B=B*");
    check(swap, "B*, A<B", "B=B*");
    check(swap, "A<B, B<A", "");
    check(swap, "A<B", "");
    check(swap, "A", "B=A");
    check(swap, "B*", "B=B*");
    check(swap, "B*, A, B", "B!B|B*");
    let ring = "A<C, B<A, C<B";
    check(ring, "A, B, C", "A=C, B=A, C=B");
    check(ring, "B*, B, C", "A=C, B=B*, C=B");
    check(ring, "B*, B<A, C<B", "A=C, B=B*, C=B");
    check(ring, "B*, A<C, B<A", "B=B*, C=B");
    check(ring, "B*, A<C, C<B", "B=B*");
    check(ring, "A<C, B<A, C<B", "");
}

#[test]
fn who_exchanges_names() {
    let check = |names: &[(&str, &str)], expected: &[Option<usize>]| {
        let origin = Origin {
            file: "m.yaml".into(),
            line: 1,
            column: 1,
            length: 1,
        };
        let from: Vec<Vec<Sourced<String>>> = names
            .iter()
            .map(|(_, from)| {
                let from = from.split_whitespace();
                from.map(|it| Sourced::new(it.to_owned(), origin.clone()))
                    .collect()
            })
            .collect();
        let names = names.iter().zip(&from);
        let names: Vec<Names<'_>> = names
            .map(|((name, _), from)| Names { name, from })
            .collect();
        assert_eq!(circles(&names), expected);
    };
    check(&[("A", "B"), ("B", "A")], &[Some(0), Some(0)]);
    check(&[("B", "A"), ("C", "B")], &[None, None]);
    check(
        &[("X", ""), ("A", "C Z"), ("B", "A"), ("C", "B"), ("D", "Y")],
        &[None, Some(1), Some(1), Some(1), None],
    );
}
