//! `{{ ... }}`: expressions over an account and its instance, never over secrets.

use gangplank_model::suggest::{did_you_mean, listed};
use minijinja::value::ValueKind;
use minijinja::{Environment, ErrorKind, UndefinedBehavior, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Steps of one expression; an honest one takes tens.
const FUEL: u64 = 20_000;
/// The longest text that an expression may make, in bytes.
const LONGEST: usize = 64 * 1024;

/// Words and signs in one expression; an honest one has twenty. The parser below recurses for each
/// of `((`, `--` and `not not`, so this bounds how deep it goes.
const MOST_PARTS: usize = 256;

/// Evaluates expressions.
#[derive(Debug)]
pub(crate) struct Expressions {
    environment: Environment<'static>,
}

/// What expressions may speak of.
#[derive(Clone, Debug)]
pub(crate) struct Scope {
    account: BTreeMap<&'static str, Value>,
    instance: BTreeMap<&'static str, Value>,
}

/// What is wrong with an expression, and with which of the text's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ExpressionError {
    /// From 0.
    pub(crate) nth: usize,
    pub(crate) reason: String,
    pub(crate) hint: Option<String>,
}

/// Whether a text holds an expression.
pub(crate) fn is_expression(text: &str) -> bool {
    text.contains("{{")
}

/// A text without its expressions.
pub(crate) fn outside_expressions(text: &str) -> String {
    let mut outside = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("{{") {
        outside.push_str(&rest[..start]);
        let inside = &rest[start + 2..];
        let Some(end) = end_of(inside) else {
            return outside + inside;
        };
        // What stands on both sides is no single word.
        outside.push(' ');
        rest = &inside[end + 2..];
    }
    outside + rest
}

impl Scope {
    pub(crate) fn new(account: &str, instance: &[(&'static str, &str)]) -> Self {
        let instance = instance
            .iter()
            .map(|(key, value)| (*key, Value::from(*value)))
            .collect();
        Self {
            account: BTreeMap::from([("id", Value::from(account))]),
            instance,
        }
    }

    pub(crate) fn labels(&mut self, labels: &BTreeMap<String, String>) {
        let pairs = labels
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()));
        self.account.insert("labels", Value::from_pairs(pairs));
    }

    pub(crate) fn name(&mut self, name: &str) {
        self.account.insert("name", Value::from(name));
    }

    fn value(&self) -> Value {
        let map = |map: &BTreeMap<&'static str, Value>| {
            Value::from_pairs(map.iter().map(|(key, value)| (*key, value.clone())))
        };
        Value::from_pairs([
            ("account", map(&self.account)),
            ("instance", map(&self.instance)),
        ])
    }

    /// Every name that can be used.
    fn names(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for (root, map) in [("account", &self.account), ("instance", &self.instance)] {
            for (key, value) in map {
                match value.try_iter() {
                    Ok(keys) if *key == "labels" => {
                        names.extend(keys.map(|label| format!("{root}.{key}.{label}")));
                    }
                    Ok(_) | Err(_) => {
                        names.insert(format!("{root}.{key}"));
                    }
                }
            }
        }
        names
    }
}

impl Expressions {
    pub(crate) fn new() -> Self {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_fuel(Some(FUEL));
        Self { environment }
    }

    /// Replaces every expression of a text by its value.
    pub(crate) fn expand(&self, text: &str, scope: &Scope) -> Result<String, ExpressionError> {
        if text.len() > LONGEST {
            let reason = format!("a text with expressions has at most {LONGEST} bytes");
            return Err(ExpressionError {
                nth: 0,
                reason,
                hint: None,
            });
        }
        let mut expanded = String::with_capacity(text.len());
        let mut rest = text;
        for nth in 0.. {
            let Some(start) = rest.find("{{") else {
                expanded.push_str(rest);
                break;
            };
            let fail = |reason: String, hint| Err(ExpressionError { nth, reason, hint });
            expanded.push_str(&rest[..start]);
            let inside = &rest[start + 2..];
            let Some(end) = end_of(inside) else {
                return fail("`{{` has no `}}`".to_owned(), None);
            };
            let source = inside[..end].trim();
            if source.is_empty() {
                let hint = "write what it stands for, such as {{ account.id }}";
                return fail("the expression is empty".to_owned(), Some(hint.to_owned()));
            }
            if parts(source) > MOST_PARTS {
                let hint = "compute it before, and write down what comes out";
                let reason = format!("an expression has at most {MOST_PARTS} words and signs");
                return fail(reason, Some(hint.to_owned()));
            }
            match self.value(source, scope) {
                Ok(value) => expanded.push_str(&value),
                Err((reason, hint)) => return fail(reason, hint),
            }
            if expanded.len() > LONGEST {
                return fail(format!("the text grows beyond {LONGEST} bytes"), None);
            }
            rest = &inside[end + 2..];
        }
        Ok(expanded)
    }

    fn value(&self, source: &str, scope: &Scope) -> Result<String, (String, Option<String>)> {
        let told = |error: &minijinja::Error| match error.detail() {
            Some(detail) => format!("{}: {detail}", error.kind()),
            None => error.kind().to_string(),
        };
        let expression = self
            .environment
            .compile_expression(source)
            .map_err(|error| (told(&error), None))?;
        let unknown = || {
            let names = scope.names();
            let names = || names.iter().map(String::as_str);
            let used = expression.undeclared_variables(true);
            let wrong = used
                .iter()
                .filter(|used| !names().any(|name| name.starts_with(*used)));
            let hint = wrong.filter_map(|wrong| did_you_mean(wrong, names())).min();
            let hint = hint.unwrap_or_else(|| format!("there are {}", listed(names())));
            (
                "it speaks of something that is not there".to_owned(),
                Some(hint),
            )
        };
        let value = match expression.eval(scope.value()) {
            Ok(value) => value,
            Err(error) if error.kind() == ErrorKind::UndefinedError => return Err(unknown()),
            Err(error) => return Err((told(&error), None)),
        };
        if value.is_undefined() {
            return Err(unknown());
        }
        if value.is_none() || value.try_iter().is_ok() && value.as_str().is_none() {
            return Err((format!("its value is {}, not text", value.kind()), None));
        }
        // YAML's words, not Python's.
        match bool::try_from(value.clone()) {
            Ok(flag) if value.kind() == ValueKind::Bool => Ok(flag.to_string()),
            Ok(_) | Err(_) => Ok(value.to_string()),
        }
    }
}

/// Where an expression ends: the first `}}` outside quotes.
fn end_of(text: &str) -> Option<usize> {
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            _ if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(open), _) if c == open => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '}') if text[at..].starts_with("}}") => return Some(at),
            (Some(_) | None, _) => {}
        }
    }
    None
}

/// The words, and the signs outside of words and quotes, of an expression.
fn parts(source: &str) -> usize {
    let mut parts = 0;
    let mut quote = None;
    let mut escaped = false;
    let mut in_word = false;
    for c in source.chars() {
        let word = c.is_alphanumeric() || c == '_';
        match quote {
            Some(_) if escaped => escaped = false,
            Some(_) if c == '\\' => escaped = true,
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None => {
                if matches!(c, '"' | '\'') {
                    quote = Some(c);
                }
                let starts = if word { !in_word } else { !c.is_whitespace() };
                parts += usize::from(starts);
            }
        }
        in_word = word && quote.is_none();
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope() -> Scope {
        let mut scope = Scope::new("acme-1", &[("name", "test"), ("region", "eu")]);
        scope.labels(&BTreeMap::from([("tier".to_owned(), "gold".to_owned())]));
        scope.name("Acme");
        scope
    }

    #[test]
    fn expressions_are_replaced() {
        for (text, expected) in [
            ("plain } text {", "plain } text {"),
            ("{{ account.id }}", "acme-1"),
            (
                "a {{account.id | upper}} b {{ instance.region }}",
                "a ACME-1 b eu",
            ),
            ("{{ account.labels.tier }}", "gold"),
            ("{{ account.labels.owner | default('nobody') }}", "nobody"),
            ("{{ '}}' }}", "}}"),
            ("{{ 1 + 1 }}{{ account.id == 'x' }}", "2false"),
            ("{{ account.id | replace('-', '_') | upper }}", "ACME_1"),
            ("{% if true %}", "{% if true %}"),
            ("{# not a comment #}", "{# not a comment #}"),
        ] {
            assert_eq!(
                Expressions::new().expand(text, &scope()).as_deref(),
                Ok(expected),
                "{text}"
            );
        }
    }

    #[test]
    fn broken_expressions_say_what_is_wrong() {
        for (text, nth, reason, hint) in [
            ("{{ account.nmae }}", 0, "not there", "account.name"),
            ("{{ account.id }} {{ row.id }}", 1, "not there", "there are"),
            (
                "{{ account.labels.teir | upper }}",
                0,
                "not there",
                "account.labels.tier",
            ),
            ("{{ account.id", 0, "no `}}`", ""),
            ("{{ account.id | shout }}", 0, "shout", ""),
            ("{{ 1 + }}", 0, "", ""),
            ("{{ account }}", 0, "map", ""),
            ("{{ none }}", 0, "none", ""),
            ("{{ 'x' * 100000000 }}", 0, "", ""),
            ("{{ }}", 0, "empty", "account.id"),
        ] {
            let error = Expressions::new().expand(text, &scope()).unwrap_err();
            assert_eq!(error.nth, nth, "{text}");
            assert!(error.reason.contains(reason), "{text}: {error:?}");
            assert!(error.hint.unwrap_or_default().contains(hint), "{text}");
        }
    }

    /// The parser under us recurses, and a thread's stack is two megabytes or less.
    #[test]
    fn no_expression_is_too_deep_for_the_stack() {
        let around = |open: &str, middle: &str, close: &str, times: usize| {
            let (open, close) = (open.repeat(times), close.repeat(times));
            format!("{{{{ {open}{middle}{close} }}}}")
        };
        for times in [50, 120, 200, 250, 50_000] {
            for (open, middle, close) in [
                ("-", "1", ""),
                ("- ", "1", ""),
                ("not ", "true", ""),
                ("(", "1", ")"),
                ("[ ", "1", "] "),
                ("{1:", "1", "} "),
                ("", "1", "+1"),
                ("", "1", "**1"),
                ("", "account", ".id"),
                ("", "account", "[0]"),
                ("", "1", "|upper"),
                ("1 if 1 else ", "1", ""),
                ("'a'~", "'b'", ""),
                ("range(", "1", ")"),
                ("\"\\\"\"~-", "1", ""),
            ] {
                let text = around(open, middle, close, times);
                let result = Expressions::new().expand(&text, &scope());
                assert!(times < 1000 || result.is_err(), "{open}{middle}{close}");
            }
        }
        let lookup = "{{ {'eu': 'a', 'us': 'b', 'uk': 'c'}[instance.region] }}";
        assert_eq!(
            Expressions::new().expand(lookup, &scope()).as_deref(),
            Ok("a")
        );
    }
}
