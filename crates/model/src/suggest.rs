//! Did you mean: the name nearest to what was written.

/// The longest text that is compared with names.
const LONGEST: usize = 200;

/// The name nearest to what was written, if any is near enough to be meant.
pub fn nearest<'a>(written: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Nobody meant a name by so long a text, and comparing takes room for both.
    if written.len() > LONGEST {
        return None;
    }
    let written = written.to_lowercase();
    names
        .into_iter()
        .filter(|name| name.len() <= 2 * LONGEST)
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

/// A hint, when a name is near enough.
pub fn did_you_mean<'a>(written: &str, names: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(written, names).map(|name| format!("did you mean \"{name}\"?"))
}

/// Names for a sentence: `"a", "b" and "c"`; of many only the first.
pub fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    const MOST: usize = 24;
    let mut quoted: Vec<String> = names
        .into_iter()
        .map(|name| format!("\"{name}\""))
        .collect();
    if quoted.len() > MOST {
        let more = quoted.len() - MOST;
        quoted.truncate(MOST);
        return format!("{} and {more} more", quoted.join(", "));
    }
    match quoted.pop() {
        None => "none".to_owned(),
        Some(last) if quoted.is_empty() => last,
        Some(last) => format!("{} and {last}", quoted.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_meant() {
        let names = ["description", "timezone", "name"];
        for (written, expected) in [
            ("descripton", Some("description")),
            ("Timezone", Some("timezone")),
            ("nmae", Some("name")),
            ("colour", None),
            ("", None),
        ] {
            assert_eq!(nearest(written, names), expected, "{written}");
        }
    }

    #[test]
    fn names_make_a_sentence() {
        assert_eq!(listed([]), "none");
        assert_eq!(listed(["a", "b", "c"]), "\"a\", \"b\" and \"c\"");
        assert!(listed(["x"; 30]).ends_with("and 6 more"));
    }
}
