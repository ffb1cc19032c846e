//! What a profile and those under it declare.

use super::value::parse;
use crate::decode::{Layer as _, Map};
use crate::entry::{ArgumentEntry, ArgumentType, ArgumentValue};
use crate::expression::is_expression;
use crate::merge::Merged;
use gangplank_model::suggest::{listed, nearest};
use gangplank_model::{Diagnostic, Origin, Problems, Sourced, code};
use minijinja::Value;
use std::collections::BTreeMap;

/// The arguments of a profile, in the order in which they were first declared.
#[derive(Debug, Default)]
pub(crate) struct Declarations {
    /// The profile.
    pub(crate) profile: String,
    pub(crate) list: Vec<Declared>,
}

/// One argument.
#[derive(Debug)]
pub(crate) struct Declared {
    pub(crate) name: String,
    /// The key of its last declaration.
    pub(crate) origin: Origin,
    pub(crate) kind: ArgumentType,
    pub(crate) default: Option<Sourced<ArgumentValue>>,
    pub(crate) one_of: Option<Sourced<Vec<Value>>>,
    pub(crate) required: bool,
}

/// What each profile and those under it declare, put together once.
#[derive(Debug, Default)]
pub(crate) struct DeclaredMaps {
    known: BTreeMap<String, Map<ArgumentEntry>>,
}

impl DeclaredMaps {
    pub(crate) fn of(&mut self, merged: &Merged, profile: &str) -> Map<ArgumentEntry> {
        let mut chain = Vec::new();
        let mut next = Some(profile);
        let mut all = Map::default();
        while let Some((name, (_, profile))) =
            next.and_then(|name| merged.profiles.get_key_value(name))
            && chain.len() <= merged.profiles.len()
        {
            if let Some(known) = self.known.get(name) {
                all = known.clone();
                break;
            }
            chain.push((name, profile));
            next = profile.extends.get().map(String::as_str);
        }
        for (name, profile) in chain.into_iter().rev() {
            if let Some(own) = profile.arguments.get() {
                all = own.clone().over(all);
            }
            self.known.insert(name.clone(), all.clone());
        }
        all
    }
}

impl Declarations {
    /// Those of a profile, of what it and those under it declare.
    pub(crate) fn of(profile: &str, all: Map<ArgumentEntry>) -> Self {
        let list = all.0.into_iter().map(|(key, entry)| {
            let form = entry.value.0;
            let default = form.default.0;
            let values = form.one_of.0;
            let first = values.as_ref().and_then(|list| list.value.0.first());
            let inferred = default.as_ref().or(first);
            // An expression gives text as well as anything else.
            let inferred = inferred.map_or(ArgumentType::Text, |value| value.value.kind());
            let kind = form.r#type.get().copied().unwrap_or(inferred);
            let one_of = values.map(|list| {
                let values = list.value.0.iter();
                let values = values.filter_map(|it| parse(&it.value, kind)).collect();
                Sourced::new(values, list.origin)
            });
            Declared {
                required: form.required.get().copied().unwrap_or(default.is_none()),
                name: key.text,
                origin: key.origin,
                kind,
                default,
                one_of,
            }
        });
        Self {
            profile: profile.to_owned(),
            list: list.collect(),
        }
    }

    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        self.list.iter().position(|it| it.name == name)
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.list.iter().map(|it| it.name.as_str())
    }

    /// What to write instead of a name that is not declared.
    pub(crate) fn instead_of(&self, name: &str) -> String {
        if let Some(name) = nearest(name, self.names()) {
            return format!("did you mean \"argument.{name}\"?");
        }
        match self.profile.as_str() {
            "" => "an account without a profile has no arguments".to_owned(),
            profile => format!(
                "declare it in the profile: `profiles: {{ {profile}: {{ arguments: {{ {name}: ... }} }} }}`"
            ),
        }
    }

    /// For a detail: what can be given.
    pub(crate) fn told(&self) -> String {
        if self.list.is_empty() {
            return format!("The profile \"{}\" declares no arguments.", self.profile);
        }
        let names = listed(self.names());
        format!("The profile \"{}\" declares {names}.", self.profile)
    }
}

impl Declared {
    /// What is wrong with a value; told with the place of the declaration.
    pub(crate) fn misfit(&self, value: Option<&Value>, origin: &Origin) -> Option<Diagnostic> {
        let Some(value) = value else {
            let summary = "an argument's value of another type than it is declared";
            let expected = format!("expected {}", self.kind.described());
            let problem = Diagnostic::error(code::ARGUMENT_TYPE, summary)
                .at(origin, expected)
                .at(&self.origin, "declared here");
            return Some(match self.kind {
                ArgumentType::Text => problem.hint("put it in quotes to make it text"),
                ArgumentType::Number => {
                    problem.hint("write digits without quotes, or declare it with `type: text`")
                }
                ArgumentType::Boolean => problem.hint("write `true` or `false`, without quotes"),
            });
        };
        let allowed = self.one_of.as_ref()?;
        // Where none of them can be read, that was told.
        if allowed.value.is_empty() || allowed.value.contains(value) {
            return None;
        }
        let names: Vec<String> = allowed.value.iter().map(Value::to_string).collect();
        let names = || names.iter().map(String::as_str);
        let problem = Diagnostic::error(
            code::ARGUMENT_VALUE,
            "a value that an argument does not take",
        )
        .at(origin, "not among its values")
        .at(&allowed.origin, "these are they")
        .detail(format!("\"{}\" is one of {}.", self.name, listed(names())));
        let hint = value
            .as_str()
            .and_then(|value| gangplank_model::suggest::did_you_mean(value, names()));
        Some(match hint {
            Some(hint) => problem.hint(hint),
            None => problem,
        })
    }

    /// What is wrong with the declaration itself, as one profile wrote it.
    pub(super) fn check(&self, written: &ArgumentEntry, problems: &mut Problems) {
        let form = &written.0;
        if let (Some(required), Some(default)) = (&form.required.0, &form.default.0)
            && required.value
        {
            let summary = "an argument that is required and has a default";
            problems.push(
                Diagnostic::error(code::ARGUMENT_FORM, summary)
                    .at(&required.origin, "every account has to give it")
                    .at(&default.origin, "so that this is never used")
                    .hint("leave one of the two out"),
            );
        }
        if let Some(list) = &form.one_of.0 {
            if list.value.0.is_empty() {
                let problem = Diagnostic::error(code::ARGUMENT_FORM, "an argument without a value");
                let problem = problem.at(&list.origin, "expected at least one value");
                problems.push(problem.hint("leave `one_of` out to take any value"));
            }
            for value in &list.value.0 {
                if let Some(problem) = self.unfit_declaration(value) {
                    problems.push(problem);
                }
            }
        }
        // A child that narrows the type or the values has to change the default too.
        if let Some(default) = &self.default
            && !is_computed(&default.value)
        {
            let parsed = parse(&default.value, self.kind);
            if let Some(misfit) = self.misfit(parsed.as_ref(), &default.origin) {
                let summary = "a default that its own declaration does not allow";
                let mut problem = Diagnostic::error(code::ARGUMENT_DEFAULT, summary);
                problem.labels = misfit.labels;
                problem.detail = misfit.detail;
                problem.hints = misfit.hints;
                problems.push(problem);
            }
        }
    }

    fn unfit_declaration(&self, value: &Sourced<ArgumentValue>) -> Option<Diagnostic> {
        if is_computed(&value.value) {
            let summary = "a value of an argument that would have to be computed";
            let problem = Diagnostic::error(code::ARGUMENT_FORM, summary);
            return Some(
                problem
                    .at(&value.origin, "expected text without `{{`")
                    .hint("write each value down; an expression can be the default, or what an account gives"),
            );
        }
        if parse(&value.value, self.kind).is_some() {
            return None;
        }
        self.misfit(None, &value.origin)
    }
}

fn is_computed(value: &ArgumentValue) -> bool {
    matches!(value, ArgumentValue::Text(text) if is_expression(text))
}
