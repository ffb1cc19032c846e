//! What is said of lints on the command line: which are told, and which stop.

use crate::code::{self, Known, Level, Lint};
use crate::diagnostic::{Diagnostics, Severity};
use crate::suggest::did_you_mean;

/// Several lints at once, by the names that stand for them.
const GROUPS: [(&str, Chosen); 2] = [("all", Chosen::All), ("warnings", Chosen::Warnings)];

/// What a word about lints speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// One lint.
    Lint(&'static str),
    /// Every lint, also those that are not told unless somebody asks.
    All,
    /// Every lint that is told as things stand.
    Warnings,
}

impl Chosen {
    /// Reads the name of a lint or of a group; the error says what to write instead.
    pub fn parse(name: &str) -> Result<Self, String> {
        if let Some((_, group)) = GROUPS.iter().find(|(word, _)| *word == name) {
            return Ok(*group);
        }
        match code::find(name) {
            Some(Known {
                name,
                default: Some(_),
                ..
            }) => Ok(Self::Lint(name)),
            Some(_) => Err(format!(
                "{name} is an error whose severity cannot be changed: what was written has no meaning \
                 to act on (`gangplank explain {name}`)"
            )),
            None => Err(match did_you_mean(name, Self::names()) {
                Some(hint) => format!("no lint has this name; {hint}"),
                None => "no lint has this name; `gangplank explain --list` names them all".into(),
            }),
        }
    }

    /// Every name that can be written: of lints, then of groups.
    pub fn names() -> impl Iterator<Item = &'static str> {
        let lints = code::ALL.iter().filter(|known| known.default.is_some());
        lints
            .map(|known| known.name)
            .chain(GROUPS.iter().map(|(word, _)| *word))
    }

    fn covers(self, name: &str, level: Level) -> bool {
        match self {
            Self::Lint(lint) => lint == name,
            Self::All => true,
            Self::Warnings => level > Level::Allow,
        }
    }
}

/// All that was said, in its order; what is said later wins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Levels(Vec<(Chosen, Level)>);

impl Levels {
    /// Takes what was said, in its order.
    pub fn new(said: Vec<(Chosen, Level)>) -> Self {
        Self(said)
    }

    /// How a lint is treated.
    pub fn of(&self, lint: &Known) -> Level {
        let mut level = lint.default.unwrap_or(Level::Error);
        for (chosen, said) in &self.0 {
            if chosen.covers(lint.name, level) {
                level = *said;
            }
        }
        level
    }

    /// Leaves out what is allowed, and makes errors of what is to be one.
    #[must_use]
    pub fn settle(&self, found: Diagnostics) -> Diagnostics {
        let mut settled = Diagnostics::default();
        for mut diagnostic in found {
            if diagnostic.severity == Severity::Warning {
                match self.of_code(diagnostic.code) {
                    Level::Allow => continue,
                    Level::Warn => {}
                    Level::Error => diagnostic.severity = Severity::Error,
                }
            }
            settled.push(diagnostic);
        }
        settled
    }

    fn of_code(&self, name: &str) -> Level {
        let level = code::find(name).map_or(Level::Warn, |lint| self.of(lint));
        // What is counted and not told may be of any lint: where one of them is to stop, so does it.
        let counts = name == code::MORE_WARNINGS.name();
        let said = |lint: Lint| self.0.iter().any(|it| it.0 == Chosen::Lint(lint.name()));
        if counts && level == Level::Warn && !said(code::MORE_WARNINGS) {
            let lints = code::ALL.iter().filter(|known| known.default.is_some());
            return lints.map(|lint| self.of(lint)).fold(level, Level::max);
        }
        level
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Diagnostic;
    use Level::{Allow, Error, Warn};

    fn chosen(name: &str) -> Chosen {
        Chosen::parse(name).unwrap()
    }

    #[track_caller]
    fn check(said: &[(&str, Level)], expected: Option<Severity>) {
        let levels = Levels::new(said.iter().map(|(name, it)| (chosen(name), *it)).collect());
        let mut found = Diagnostics::default();
        found.push(Diagnostic::warning(code::URL_SCHEME, "x"));
        let settled = levels.settle(found);
        assert_eq!(
            settled.iter().next().map(|it| it.severity),
            expected,
            "{said:?}"
        );
    }

    #[test]
    fn what_is_said_later_wins() {
        let (error, warning) = (Some(Severity::Error), Some(Severity::Warning));
        check(&[], warning);
        check(&[("url-scheme", Allow)], None);
        check(&[("url-scheme", Error)], error);
        check(&[("url-scheme", Error), ("url-scheme", Warn)], warning);
        check(&[("url-scheme", Allow), ("warnings", Error)], None);
        check(&[("warnings", Error), ("url-scheme", Allow)], None);
        check(&[("url-scheme", Allow), ("all", Error)], error);
        check(&[("account-blanks", Error)], warning);
    }

    #[test]
    fn errors_keep_their_severity() {
        let levels = Levels::new(vec![(Chosen::All, Allow)]);
        let mut found = Diagnostics::default();
        found.push(Diagnostic::error(code::UNKNOWN_KEY, "x"));
        assert!(levels.settle(found).has_errors());
    }

    #[test]
    fn what_is_only_counted_stops_where_a_lint_stops() {
        let of = |said: &[(Chosen, Level)]| Levels::new(said.to_vec()).of_code("more-warnings");
        assert_eq!(of(&[]), Warn);
        assert_eq!(of(&[(chosen("url-scheme"), Error)]), Error);
        let both = [
            (chosen("url-scheme"), Error),
            (chosen("more-warnings"), Warn),
        ];
        assert_eq!(of(&both), Warn);
        assert_eq!(of(&[(Chosen::All, Allow)]), Allow);
    }

    #[test]
    fn a_wrong_name_is_told_with_the_right_one() {
        assert!(
            Chosen::parse("url-shceme")
                .unwrap_err()
                .contains("\"url-scheme\"")
        );
        assert!(Chosen::parse("xyz").unwrap_err().contains("explain --list"));
        assert!(
            Chosen::parse("unknown-key")
                .unwrap_err()
                .contains("cannot be changed")
        );
    }
}
