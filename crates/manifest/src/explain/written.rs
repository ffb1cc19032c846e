//! A value on one line, as it was written; what may be a secret is not shown.

use crate::node::{Kind, Node};
use crate::source::SourceMap;
use gangplank_model::{Origin, SourceText as _};

/// What stands for a value that is not shown.
pub(super) const NOT_SHOWN: &str = "(not shown)";

/// Signs of one value that are shown.
const MOST: usize = 200;

/// The value on one line.
pub(super) fn written(node: &Node, sources: &SourceMap) -> String {
    let mut text = String::new();
    write(node, sources, &mut text);
    if text.chars().count() > MOST {
        text = text.chars().take(MOST).chain(['…']).collect();
    }
    text
}

/// Whether the line of a place may be shown.
pub(super) fn may_show(origin: &Origin, sources: &SourceMap) -> bool {
    sources.line(&origin.file, origin.line).is_some()
}

fn write(node: &Node, sources: &SourceMap, into: &mut String) {
    match &node.kind {
        Kind::Null => into.push_str("null"),
        Kind::List(items) => {
            into.push('[');
            for (at, item) in items.iter().enumerate() {
                into.push_str(if at > 0 { ", " } else { "" });
                write(item, sources, into);
            }
            into.push(']');
        }
        Kind::Map(entries) => {
            into.push_str("{ ");
            for (at, (key, value)) in entries.iter().enumerate() {
                into.push_str(if at > 0 { ", " } else { "" });
                into.push_str(&key.text);
                into.push_str(": ");
                match &value.kind {
                    // What follows the program may be anything.
                    Kind::List(words) if key.text == "command" && words.len() > 1 => {
                        into.push('[');
                        write(&words[0], sources, into);
                        into.push_str(", …]");
                    }
                    _ => write(value, sources, into),
                }
            }
            into.push_str(" }");
        }
        Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) => {
            let text = node.scalar().unwrap_or_default();
            into.push_str(if may_show(&node.origin, sources) {
                text
            } else {
                NOT_SHOWN
            });
        }
    }
}
