//! `fmt` keeps what a text says, whatever it was written like.

use gangplank_manifest::{LoadedFile, format};
use proptest::prelude::*;
use serde_json::Value;
use std::fmt::Write as _;

/// The layout of a text; `None` where it is told that it cannot be laid out.
fn laid_out(text: &str) -> Result<String, Vec<&'static str>> {
    let formatted = format(LoadedFile {
        name: "m.yaml".to_owned(),
        folder: String::new(),
        bytes: text.into(),
    });
    let codes = |it: gangplank_model::Diagnostics| it.iter().map(|it| it.code).collect();
    formatted.text.map_err(codes)
}

fn value(text: &str) -> Option<Value> {
    serde_yaml::from_str(text).ok()
}

/// Laid out, the text says the same to the other reader as well, and nothing moves a second time.
#[track_caller]
fn check(text: &str) {
    let neat = laid_out(text).unwrap_or_else(|codes| panic!("{codes:?}:\n{text}"));
    assert_eq!(value(text), value(&neat), "{text}\n---\n{neat}");
    assert_eq!(laid_out(&neat).as_deref(), Ok(&*neat), "{text}");
}

#[test]
fn every_valid_manifest_of_the_project_keeps_its_meaning() {
    let mut texts = crate::agree::texts();
    texts.push((
        "rows".to_owned(),
        "- { id: a, name: x }\n-   id: b\n    name: 'y'\n".to_owned(),
    ));
    for (name, text) in texts {
        check(&text);
        // And with the ends of lines of another system.
        let other = text.replace('\n', "\r\n");
        assert_eq!(laid_out(&other), laid_out(&text), "{name}");
    }
}

/// A value in one of the ways in which people write it.
#[derive(Clone, Debug)]
enum Written {
    Plain(String),
    Single(String),
    Double(String),
    Block(bool, Vec<String>),
    List(bool, Vec<Self>),
    Map(bool, Vec<(String, Self, bool)>),
}

fn written() -> impl Strategy<Value = Written> {
    let words = "[a-z]{1,6}( [a-z]{1,6}){0,3}";
    let leaf = prop_oneof![
        prop::sample::select(vec![
            "1", "1.50", "true", "~", "acme-001", "0123", "no", "a:b", "x#y"
        ])
        .prop_map(|it| Written::Plain(it.to_owned())),
        words.prop_map(Written::Plain),
        "[a-z {}#:'\\-]{0,12}".prop_map(Written::Single),
        "[a-z {}#:'\\-]{0,12}".prop_map(Written::Double),
        (
            any::<bool>(),
            prop::collection::vec("( {0,2}[a-z#:]{1,5} ?)?", 1..4)
        )
            .prop_map(|(folded, lines)| Written::Block(folded, lines)),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        let entry = ("[a-z]{1,8}", inner.clone(), any::<bool>());
        prop_oneof![
            (any::<bool>(), prop::collection::vec(inner, 0..4))
                .prop_map(|(flow, it)| Written::List(flow, it)),
            (any::<bool>(), prop::collection::vec(entry, 0..4))
                .prop_map(|(flow, it)| Written::Map(flow, it)),
        ]
    })
}

impl Written {
    /// After a key or a dash, on its line or below it.
    fn write(&self, into: &mut String, indentation: usize, flow: bool, step: usize) {
        let blanks = " ".repeat(indentation);
        match self {
            Self::Plain(text) => into.push_str(text),
            Self::Single(text) => write!(into, "'{}'", text.replace('\'', "''")).unwrap(),
            Self::Double(text) => write!(into, "\"{text}\"").unwrap(),
            Self::Block(..) if flow => into.push('x'),
            Self::Block(folded, lines) => {
                into.push_str(if *folded { ">-" } else { "|" });
                // The first line says where the text begins.
                write!(into, "\n{blanks}first").unwrap();
                for line in lines {
                    write!(
                        into,
                        "\n{}",
                        if line.trim().is_empty() {
                            String::new()
                        } else {
                            format!("{blanks}{line}")
                        }
                    )
                    .unwrap();
                }
            }
            Self::List(is_flow, items) if flow || *is_flow || items.is_empty() => {
                into.push('[');
                for (at, item) in items.iter().enumerate() {
                    into.push_str(if at > 0 { " ,  " } else { "" });
                    item.write(into, 0, true, step);
                }
                into.push(']');
            }
            Self::Map(is_flow, entries) if flow || *is_flow || entries.is_empty() => {
                into.push('{');
                for (at, (key, value, _)) in entries.iter().enumerate() {
                    write!(into, "{}{key}{at}:   ", if at > 0 { "," } else { " " }).unwrap();
                    value.write(into, 0, true, step);
                }
                into.push('}');
            }
            Self::List(_, items) => {
                for item in items {
                    write!(into, "\n{blanks}-   ").unwrap();
                    item.write(into, indentation + step, false, step);
                }
            }
            Self::Map(_, entries) => {
                for (at, (key, value, comment)) in entries.iter().enumerate() {
                    if *comment {
                        write!(into, "\n{blanks}#  about {key}\n").unwrap();
                    }
                    write!(into, "\n{blanks}{key}{at}:  ").unwrap();
                    value.write(into, indentation + step, false, step);
                    if *comment
                        && matches!(value, Self::Plain(_) | Self::Single(_) | Self::Double(_))
                    {
                        into.push_str("    # beside");
                    }
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_written_keeps_its_meaning(tree in written(), step in 1..5_usize) {
        let mut text = "top: ".to_owned();
        tree.write(&mut text, step, false, step);
        text.push('\n');
        if value(&text).is_some() {
            check(&text);
        }
    }

    /// What cannot be laid out is told; what can be says the same.
    #[test]
    fn any_text_is_answered(text in "[ \\n:\\-{}\\[\\],'\"&*|>#?a-c1]{0,60}") {
        let text = format!("{text}\n");
        if let Ok(neat) = laid_out(&text) {
            // Texts that the other reader refuses are compared by our own alone.
            let said = value(&text);
            let after = said.as_ref().and_then(|_| value(&neat));
            prop_assert_eq!(said, after, "{:?} {:?}", text, neat);
            let again = laid_out(&neat);
            prop_assert_eq!(again.as_deref(), Ok(&*neat), "{:?}", text);
        }
    }
}
