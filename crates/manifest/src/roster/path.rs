//! The path of a roster: below the manifest's folder, perhaps with `*` and `?` in its names.

/// What `from` names: the parts of a path, each a name or a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RosterPath {
    parts: Vec<String>,
}

impl RosterPath {
    /// Reads a path; `Err` says why it cannot be used.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        let drive = text.get(1..2) == Some(":");
        if text.is_empty() {
            return Err("it is empty");
        }
        if text.starts_with(['/', '\\', '~']) || drive {
            return Err("expected a path below the manifest's folder, not an absolute one");
        }
        if text.contains("://") {
            return Err("a roster is a file; nothing is fetched");
        }
        if text.chars().any(char::is_control) {
            return Err("it holds a control character");
        }
        if text.contains('\\') {
            return Err("expected `/` between folders, not `\\`");
        }
        let parts: Vec<String> = text
            .split('/')
            .filter(|part| !matches!(*part, "" | "."))
            .map(str::to_owned)
            .collect();
        if parts.iter().any(|part| part == "..") {
            return Err("expected a path below the manifest's folder, without `..`");
        }
        if parts.is_empty() || text.ends_with('/') {
            return Err("expected the path of a file, not of a folder");
        }
        if parts.iter().any(|part| part.contains("**")) {
            return Err("`*` stands for any part of one name, and `**` for nothing");
        }
        Ok(Self { parts })
    }

    /// Its parts from the manifest's folder on; the last one names the file.
    pub fn parts(&self) -> impl DoubleEndedIterator<Item = &str> + ExactSizeIterator {
        self.parts.iter().map(String::as_str)
    }

    /// Whether a part stands for several names.
    pub fn is_pattern(part: &str) -> bool {
        part.contains(['*', '?'])
    }

    /// Whether a part fits a name: `*` is any text and `?` any sign, but no first dot.
    pub fn fits(part: &str, name: &str) -> bool {
        if name.starts_with('.') && !part.starts_with('.') {
            return false;
        }
        let part: Vec<char> = part.chars().collect();
        let name: Vec<char> = name.chars().collect();
        // The last star and what it stands for so far: enough, since a later star does all that an
        // earlier one could.
        let (mut at, mut here) = (0, 0);
        let mut star: Option<(usize, usize)> = None;
        while here < name.len() {
            match part.get(at) {
                Some('*') => {
                    star = Some((at, here));
                    at += 1;
                }
                Some(c) if *c == '?' || *c == name[here] => {
                    at += 1;
                    here += 1;
                }
                Some(_) | None => {
                    let Some((star_at, start)) = star else {
                        return false;
                    };
                    star = Some((star_at, start + 1));
                    at = star_at + 1;
                    here = start + 1;
                }
            }
        }
        part[at..].iter().all(|c| *c == '*')
    }

    /// Whether the path fits another one, part by part.
    pub(crate) fn fits_path(&self, path: &str) -> bool {
        let names: Vec<&str> = path.split('/').collect();
        let mut pairs = self.parts.iter().zip(&names);
        names.len() == self.parts.len() && pairs.all(|(part, name)| Self::fits(part, name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_below_the_folder() {
        for (path, parts) in [
            ("customers.csv", Some(vec!["customers.csv"])),
            ("./a//b*.csv", Some(vec!["a", "b*.csv"])),
            ("a..b/c", Some(vec!["a..b", "c"])),
            ("", None),
            ("/etc/passwd", None),
            ("~/x.csv", None),
            ("C:x.csv", None),
            ("../x.csv", None),
            ("a/../../x.csv", None),
            ("a\\b.csv", None),
            ("a\0.csv", None),
            ("folder/", None),
            (".", None),
            ("**/x.csv", None),
        ] {
            let parsed = RosterPath::parse(path);
            let told = parsed
                .as_ref()
                .ok()
                .map(|it| it.parts().collect::<Vec<_>>());
            assert_eq!(told, parts, "{path}");
        }
    }

    #[test]
    fn patterns_fit_names() {
        for (part, name, expected) in [
            ("*.csv", "a.csv", true),
            ("*.csv", ".a.csv", false),
            ("*.csv", "a.csv.bak", false),
            ("a?.csv", "ab.csv", true),
            ("a?.csv", "a.csv", false),
            ("*a*b*", "xxaxxbxx", true),
            ("*a*b*", "xxbxxaxx", false),
            ("*", "", true),
            ("ä*", "äö", true),
            ("a.csv", "a.csv", true),
            ("a.csv", "A.csv", false),
        ] {
            assert_eq!(RosterPath::fits(part, name), expected, "{part} {name}");
        }
        let long = "a".repeat(5_000);
        assert!(!RosterPath::fits(&format!("{}b", "*a".repeat(500)), &long));
    }
}
