//! The problems of a pass, each told once.

use gangplank_model::{Diagnostic, Diagnostics, Origin};
use std::collections::BTreeSet;

/// Collects diagnostics. Ten thousand accounts that share a profile share its mistake, which is
/// told once.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    list: Diagnostics,
    told: BTreeSet<(&'static str, Option<Origin>, String)>,
}

impl Problems {
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        let place = diagnostic.labels.first().map(|label| label.origin.clone());
        if self
            .told
            .insert((diagnostic.code, place, diagnostic.summary.clone()))
        {
            self.list.push(diagnostic);
        }
    }

    pub(crate) fn finish(mut self) -> Diagnostics {
        self.list.sort();
        self.list
    }
}

/// The name nearest to what was written, if any is near enough to be meant.
pub(crate) fn nearest<'a>(
    written: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let written = written.to_lowercase();
    names
        .into_iter()
        .map(|name| {
            (
                strsim::damerau_levenshtein(&written, &name.to_lowercase()),
                name,
            )
        })
        .filter(|(distance, name)| *distance <= (name.chars().count() / 3).max(1))
        .min()
        .map(|(_, name)| name)
}

/// Names for a sentence: `"a", "b" and "c"`; of many only the first.
pub(crate) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    const MOST: usize = 12;
    let mut quoted: Vec<String> = names
        .into_iter()
        .map(|name| format!("\"{name}\""))
        .collect();
    let all = quoted.len();
    if all == 0 {
        return "none".to_owned();
    }
    if all > MOST {
        quoted.truncate(MOST);
        return format!("{} and {} more", quoted.join(", "), all - MOST);
    }
    let last = quoted.pop().unwrap_or_default();
    if quoted.is_empty() {
        last
    } else {
        format!("{} and {last}", quoted.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_meant() {
        let names = ["Mailchimp", "MailerLite", "Pipedrive"];
        for (written, expected) in [
            ("mailchimp", Some("Mailchimp")),
            ("Pipedriv", Some("Pipedrive")),
            ("Salesforce", None),
            ("", None),
        ] {
            assert_eq!(nearest(written, names), expected, "{written}");
        }
    }

    #[test]
    fn names_make_a_sentence() {
        assert_eq!(listed([]), "none");
        assert_eq!(listed(["a"]), "\"a\"");
        assert_eq!(listed(["a", "b", "c"]), "\"a\", \"b\" and \"c\"");
        assert!(listed(["x"; 20]).ends_with("and 8 more"));
    }
}
