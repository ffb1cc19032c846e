//! The stable codes of diagnostics: one table, so that every code is known, documented and told once.
//!
//! `gangplank explain CODE` prints the page `docs/problems/CODE.md`; a test finds codes without one.

/// How a code that can be changed is treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// It is not told.
    Allow,
    /// It is told; nothing stops.
    Warn,
    /// It is told, and nothing is done.
    Error,
}

/// The code of a problem that always stops: what was written has no meaning, or none that is safe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code(&'static str);

/// The code of a lint: what was written has a meaning, and is likely not what was meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lint(&'static str);

impl Code {
    /// As it is shown: `unknown-key`.
    pub const fn name(self) -> &'static str {
        self.0
    }
}

impl Lint {
    /// As it is shown: `url-scheme`.
    pub const fn name(self) -> &'static str {
        self.0
    }
}

/// What a code speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Area {
    /// Arguments and files as such.
    Files,
    /// YAML.
    Yaml,
    /// What the keys of a manifest say.
    Manifest,
    /// Rosters and their files.
    Rosters,
    /// Secrets and the references to them.
    Secrets,
    /// What the instance offers and holds.
    Instance,
    /// Lints.
    Lints,
}

impl Area {
    /// The heading of a list.
    pub fn title(self) -> &'static str {
        match self {
            Self::Files => "Files",
            Self::Yaml => "YAML",
            Self::Manifest => "Manifests",
            Self::Rosters => "Rosters",
            Self::Secrets => "Secrets",
            Self::Instance => "The instance",
            Self::Lints => "Lints",
        }
    }
}

/// What is known of a code.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// As it is shown: `unknown-key`.
    pub name: &'static str,
    /// What it speaks of.
    pub area: Area,
    /// What it says, in one line: lower case, no final dot.
    pub summary: &'static str,
    /// How a lint is treated unless somebody says otherwise; none where that cannot be changed.
    pub default: Option<Level>,
}

/// Finds a code by its name.
pub fn find(name: &str) -> Option<&'static Known> {
    ALL.iter().find(|known| known.name == name)
}

macro_rules! codes {
    (
        errors { $( $area:ident { $( $code:ident = $name:literal: $summary:literal; )* } )* }
        lints { $( $lint:ident = $lint_name:literal, $level:ident: $lint_summary:literal; )* }
    ) => {
        $( $(
            #[doc = concat!("`", $name, "`: ", $summary, ".")]
            pub const $code: Code = Code($name);
        )* )*
        $(
            #[doc = concat!("`", $lint_name, "`: ", $lint_summary, ".")]
            pub const $lint: Lint = Lint($lint_name);
        )*

        /// Every code, by area and name.
        pub const ALL: &[Known] = &[
            $( $(
                Known {
                    name: $code.0,
                    area: Area::$area,
                    summary: $summary,
                    default: None,
                },
            )* )*
            $(
                Known {
                    name: $lint.0,
                    area: Area::Lints,
                    summary: $lint_summary,
                    default: Some(Level::$level),
                },
            )*
        ];
    };
}

codes! {
    errors {
        Files {
            EMPTY_FILE = "empty-file": "a manifest that says nothing";
            FILE_TWICE = "file-twice": "a manifest that is given twice";
            NO_PATH = "no-path": "a path argument that is empty";
            NOT_TEXT = "not-text": "a file that is no UTF-8 text";
            TOO_LONG_TO_FORMAT = "too-long-to-format": "a file that `fmt` does not lay out for its length";
            UNREADABLE = "unreadable": "a file or directory that cannot be read";
        }
        Yaml {
            DUPLICATE_KEY = "duplicate-key": "a key that is given twice";
            KEY_NOT_TEXT = "key-not-text": "a key that is no text";
            MERGE_KEY = "merge-key": "a YAML merge key, `<<`";
            NOT_FORMATTED = "not-formatted": "a way to write YAML that `fmt` cannot lay out";
            SEVERAL_DOCUMENTS = "several-documents": "a second YAML document in one file";
            TAG = "tag": "a YAML tag, such as `!env`";
            TOO_DEEP = "too-deep": "maps and lists in each other beyond 64 levels";
            TOO_LARGE = "too-large": "one account, row or section of too many values";
            TOO_MANY_ALIASES = "too-many-aliases": "YAML aliases that repeat too much";
            UNKNOWN_ANCHOR = "unknown-anchor": "a YAML alias to an anchor that is not complete above it";
            YAML_SYNTAX = "yaml-syntax": "a text that is no YAML";
        }
        Manifest {
            ACCOUNT_CASE = "account-case": "two account ids that differ in upper and lower case only";
            ARGUMENT_DEFAULT = "argument-default":
                "a default that the argument's own declaration does not allow";
            ARGUMENT_FORM = "argument-form": "a declaration of an argument that contradicts itself";
            ARGUMENT_TYPE = "argument-type": "a value of another type than the argument is declared";
            ARGUMENT_VALUE = "argument-value": "a value that is not among those of an argument";
            ARGUMENT_WITHOUT_PROFILE = "argument-without-profile":
                "arguments of an account without a profile";
            AUTH_FORM = "auth-form": "an `auth` that has none, or several, of its forms";
            BAD_API_URL = "bad-api-url": "an `api_url` that cannot be used";
            BAD_EXPRESSION = "bad-expression": "an expression `{{ ... }}` that has no value";
            BAD_INTERVAL = "bad-interval": "an interval at which the vendor runs nothing";
            BAD_NAME = "bad-name": "a name or id that no call can carry";
            BAD_TIME = "bad-time": "a text that is no point in time";
            BAD_URL = "bad-url": "a text that is no URL";
            DUPLICATE_ACCOUNT = "duplicate-account": "an account that is given twice";
            DUPLICATE_NAME = "duplicate-name": "two connectors or templates of one name in an account";
            ID_AND_VERSION = "id-and-version": "a connector's release by its id and by its version";
            MAPPING_FORM = "mapping-form": "a mapping that has none, or several, of its forms";
            MISSING_ARGUMENT = "missing-argument": "an argument that is needed and not given";
            MISSING_KEY = "missing-key": "a key that is needed and not there";
            MOVED_AWAY = "moved-away": "a former name that another entry still bears";
            MOVED_FROM_ITSELF = "moved-from-itself": "an entry that is moved from its own name";
            MOVED_TWICE = "moved-twice": "a former name that is given twice";
            NO_REGION = "no-region": "an instance without a region or URL";
            OWN_PARENT = "own-parent": "an account that is its own parent";
            PARENT_CIRCLE = "parent-circle": "accounts that are each other's parents";
            PROFILE_CIRCLE = "profile-circle": "profiles that extend each other";
            PROPERTY_TWICE = "property-twice": "a property that `auth` and `properties` both give";
            REGION_AND_URL = "region-and-url": "an instance with a region and a URL";
            RESERVED_ACCOUNT = "reserved-account": "an account id that Gangplank keeps for itself";
            RUN_FORM = "run-form": "a `run` that is not one of its forms";
            TEMPLATE_CHOICE = "template-choice": "a template by its tag and by its id, or by neither";
            TWO_DEFAULTS = "two-defaults": "two instances that say `default: true`";
            UNKNOWN_ARGUMENT = "unknown-argument": "an argument that is not declared";
            UNKNOWN_INSTANCE = "unknown-instance": "an instance that is not declared";
            UNKNOWN_KEY = "unknown-key": "a key that the language does not have";
            UNKNOWN_PROFILE = "unknown-profile": "a profile that is not declared";
            UNKNOWN_REGION = "unknown-region": "a region that the vendor does not have";
            UNKNOWN_TIMEZONE = "unknown-timezone": "a text that is not the name of a time zone";
            UNKNOWN_VERSION = "unknown-version":
                "a version of the language, or of a connector, that is not known";
            WEBHOOK_WITHOUT_URL = "webhook-without-url": "events for a webhook that has no URL";
            WHICH_INSTANCE = "which-instance": "several instances of which none is chosen";
            WRONG_NUMBER = "wrong-number": "a number outside of what can be said";
            WRONG_TYPE = "wrong-type": "a value of another kind than the key takes";
        }
        Rosters {
            BAD_COLUMN = "bad-column": "a column's name that cannot be used";
            CSV_QUOTE = "csv-quote": "a quote in a CSV file that does not end or does not fit";
            DUPLICATE_COLUMN = "duplicate-column": "two columns of one name";
            EMPTY_CELL = "empty-cell": "an empty cell whose value is needed";
            EMPTY_COLUMN = "empty-column": "a column without a name";
            EMPTY_ROSTER = "empty-roster": "a roster without an account";
            JSON_SYNTAX = "json-syntax": "a text that is no JSON";
            MORE_PROBLEMS = "more-problems": "more errors than are told one by one";
            NO_ROSTER = "no-roster": "a roster whose path leads to no file";
            RAGGED_ROW = "ragged-row": "a row with more or fewer cells than there are columns";
            ROSTER_FORMAT = "roster-format": "a roster of an unknown kind of file";
            ROSTER_PATH = "roster-path": "a roster's path that leads out of the manifest's folder";
            TOO_MANY_COLUMNS = "too-many-columns": "a roster with too many columns";
            WRONG_DELIMITER = "wrong-delimiter": "a CSV file whose columns no comma separates";
        }
        Secrets {
            BAD_REFERENCE = "bad-reference": "a secret reference that cannot lead anywhere";
            COMMAND_NOT_ALLOWED = "command-not-allowed": "a program that this run may not start";
            LITERAL_SECRET = "literal-secret": "a secret that is written out";
            MISSING_SECRET = "missing-secret": "a secret reference that gave no value";
            SECRET_REFERENCE = "secret-reference":
                "a secret reference that has none, or several, of its forms";
            VAULT_AUTH = "vault-auth": "a login to the vault that cannot be used";
            VAULT_ENGINE = "vault-engine": "a version that the key-value engine does not have";
        }
        Instance {
            AMBIGUOUS_AUTHENTICATION = "ambiguous-authentication":
                "several authentication methods that fit";
            AMBIGUOUS_CONNECTOR = "ambiguous-connector": "several releases of a connector that fit";
            AMBIGUOUS_TEMPLATE = "ambiguous-template": "several templates that fit";
            DRAFT_CONNECTOR = "draft-connector": "a connector that is a draft";
            EXCLUSIVE_EMPTY = "exclusive-empty": "an exclusive instance for which no account is declared";
            LIBRARY_UNREADABLE = "library-unreadable": "connectors that could not be read";
            MISSING_NAME = "missing-name": "a new account without a name";
            MISSING_PROPERTY = "missing-property": "a property that a new connector needs";
            NOT_AN_ACCOUNT_PROPERTY = "not-an-account-property":
                "a property that is not set in an account";
            PARENT_REMOVED = "parent-removed": "a sub-account whose parent is to go";
            PROTECTED = "protected": "a removal of what is protected";
            SWAP_UNMARKED = "swap-unmarked": "names that are exchanged where no marks are kept";
            TEMPLATES_UNREADABLE = "templates-unreadable": "templates that could not be read";
            TOO_MANY_REMOVALS = "too-many-removals": "more removals than are allowed";
            UNFIT_AUTHENTICATION = "unfit-authentication":
                "an `auth` of a form that the connector does not take";
            UNKNOWN_AUTHENTICATION = "unknown-authentication":
                "an authentication method that the connector does not have";
            UNKNOWN_CONNECTOR = "unknown-connector": "a connector that the instance does not have";
            UNKNOWN_MAPPING = "unknown-mapping":
                "a parameter or field that the template's step does not have";
            UNKNOWN_PROPERTY = "unknown-property": "a property that the connector does not have";
            UNKNOWN_STEP = "unknown-step": "a step that the template does not have";
            UNKNOWN_TEMPLATE = "unknown-template": "a template that the instance does not have";
            UNKNOWN_VARIABLE = "unknown-variable": "a variable that the template does not have";
            VALUE_NOT_ALLOWED = "value-not-allowed": "a value that a property does not take";
        }
    }
    lints {
        ACCOUNT_BLANKS = "account-blanks", Warn: "two account ids that differ in blanks only";
        EMPTY_ACCOUNT = "empty-account", Warn:
            "an account without a profile and with nothing of its own";
        ID_IN_OTHER_LETTERS = "id-in-other-letters", Warn:
            "an account that the instance knows by other upper and lower case";
        INSECURE_URL = "insecure-url", Warn: "a webhook's URL without encryption";
        LOOK_ALIKE = "look-alike", Warn: "two ids or names that look alike";
        MAYBE_SECRET = "maybe-secret", Warn: "a property that sounds like a secret, as literal text";
        MORE_WARNINGS = "more-warnings", Warn: "more warnings than are told one by one";
        NEVER_RUN = "never-run", Warn: "a template that is installed and never started";
        ONLY_IF_NEW = "only-if-new", Warn:
            "a connector that is installed, and would be refused if it were new";
        RETENTION_CLAMPED = "retention-clamped", Warn: "a retention beyond the vendor's limit";
        SAME_NAME = "same-name", Warn: "two accounts of one name";
        SHARED_CREDENTIAL = "shared-credential", Warn: "a customer's credential in several accounts";
        TWIN_CONNECTOR = "twin-connector", Warn:
            "one connector under two names, with the same credential";
        UNCHECKED_CONNECTORS = "unchecked-connectors", Warn:
            "connectors that could not be checked";
        UNCHECKED_NAMES = "unchecked-names", Warn:
            "names inside a template that could not be checked";
        UNCONFIRMED_NAME = "unconfirmed-name", Warn:
            "a name that a template does not seem to have";
        UNDECLARED_CONNECTOR = "undeclared-connector", Warn:
            "a connector that a template needs and its account does not declare";
        UNKNOWN_IN_CYCLE = "unknown-in-cycle", Warn:
            "a name that an installed cycle does not have; its entry is blocked";
        UNPINNED_VERSION = "unpinned-version", Allow: "a connector whose version is not given";
        UNUSED_ARGUMENT = "unused-argument", Warn: "an argument that no expression reads";
        UNUSED_PROFILE = "unused-profile", Warn: "a profile that no account has";
        URL_SCHEME = "url-scheme", Warn: "a URL without a scheme";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_in_order_and_none_is_there_twice() {
        let order: Vec<_> = ALL.iter().map(|it| (it.area, it.name)).collect();
        assert!(order.is_sorted(), "{order:?}");
        let mut names: Vec<_> = ALL.iter().map(|known| known.name).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn codes_and_summaries_look_alike() {
        for Known { name, summary, .. } in ALL {
            let is_kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            assert!(name.chars().all(is_kebab), "{name}");
            assert!(!summary.ends_with('.'), "{name}: {summary}");
            assert!(summary.chars().count() <= 72, "{name}: {summary}");
        }
    }
}
