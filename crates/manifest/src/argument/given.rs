//! The values that one account gives.

use super::declared::{Declarations, Declared};
use super::value::{Arguments, Slot, computed, parse};
use crate::entry::{ArgumentType, ArgumentValue, GivenArguments};
use crate::expression::{Expanded, UNKNOWN_PROFILE, is_expression};
use crate::lower::Lowering;
use gangplank_model::suggest::{listed, nearest};
use gangplank_model::{Diagnostic, Origin, Sourced, code};
use minijinja::Value;
use std::sync::Arc;

/// What is under an account, as far as arguments go.
#[derive(Clone, Debug)]
pub(crate) enum Under {
    /// No profile.
    Nothing,
    /// A profile that is not there, which is told of elsewhere.
    Unknown,
    /// A profile with its arguments.
    Profile(Arc<Declarations>),
}

/// The arguments of an account as they were written.
#[derive(Clone, Debug)]
pub(crate) struct Given<'a> {
    pub(crate) under: Under,
    /// Those of the account.
    pub(crate) own: Option<&'a GivenArguments>,
    /// Those of the defaults.
    pub(crate) defaults: Option<&'a GivenArguments>,
    /// Where the account is written in a manifest.
    pub(crate) written: &'a Origin,
}

/// What became of a value.
enum Outcome {
    Value(Value, Origin),
    /// It reads an empty cell, so that it is not given.
    Empty(Origin),
    /// It was told of.
    Broken,
}

impl Given<'_> {
    /// Whether a value may read the account's name or labels.
    pub(crate) fn read_account(&self) -> bool {
        let all = self.own.into_iter().chain(self.defaults);
        all.flat_map(|given| &given.values.0).any(
            |(_, value)| matches!(&value.value, ArgumentValue::Text(text) if text.contains("{{")),
        )
    }
}

impl Lowering<'_> {
    /// Finds the value of each argument, for expressions to read.
    pub(crate) fn arguments(&mut self, given: &Given<'_>) {
        let declarations = match &given.under {
            Under::Profile(declarations) => declarations,
            Under::Unknown => {
                self.scope.without_arguments(UNKNOWN_PROFILE);
                return;
            }
            Under::Nothing => {
                self.scope
                    .without_arguments("an account without a profile has no arguments");
                if let Some((key, _)) = given.own.and_then(|own| own.values.0.first()) {
                    let summary = "arguments of an account without a profile";
                    self.problems.push(
                        Diagnostic::error(code::ARGUMENT_WITHOUT_PROFILE, summary)
                            .at(&key.origin, "no profile declares this")
                            .hint("name the profile: `profile: NAME`; or take the arguments out"),
                    );
                }
                return;
            }
        };
        for (key, _) in given.own.into_iter().flat_map(|own| &own.values.0) {
            if declarations.find(&key.text).is_none() {
                self.undeclared(&key.text, &key.origin, declarations);
            }
        }
        let values = declarations.list.iter();
        let values = values
            .map(|declared| self.argument(declared, given))
            .collect();
        let arguments = Arguments::new(declarations.clone(), values);
        self.scope.arguments(arguments);
    }

    fn undeclared(&mut self, name: &str, origin: &Origin, declarations: &Declarations) {
        let summary = "an argument that is not declared";
        let problem = Diagnostic::error(code::UNKNOWN_ARGUMENT, summary)
            .at(origin, "no argument of this name")
            .detail(declarations.told());
        let meant = nearest(name, declarations.names()).and_then(|name| declarations.find(name));
        self.problems.push(match meant {
            Some(at) => {
                let declared = &declarations.list[at];
                problem
                    .at(&declared.origin, "declared here")
                    .hint(format!("did you mean \"{}\"?", declared.name))
            }
            None => problem,
        });
    }

    /// The value for one argument, and where it was given.
    fn argument(&mut self, declared: &Declared, given: &Given<'_>) -> Slot {
        let mut empty = None;
        let maps = [given.own, given.defaults];
        let written = maps.into_iter().flatten().filter_map(|map| {
            let found = map
                .values
                .0
                .iter()
                .find(|(key, _)| key.text == declared.name);
            found.map(|(_, value)| value)
        });
        for value in written.chain(&declared.default) {
            match self.value_of(declared, value) {
                Outcome::Value(value, origin) => {
                    return Slot {
                        value,
                        origin: Some(origin),
                        broken: false,
                    };
                }
                Outcome::Empty(origin) => empty = empty.or(Some(origin)),
                Outcome::Broken => {
                    return Slot {
                        broken: true,
                        ..Slot::default()
                    };
                }
            }
        }
        let broken = maps.into_iter().flatten().any(|map| map.broken);
        if declared.required && !self.rehearsal && !broken {
            self.missing_argument(declared, empty.as_ref(), given.written);
        }
        Slot {
            broken: declared.required,
            ..Slot::default()
        }
    }

    fn value_of(&mut self, declared: &Declared, written: &Sourced<ArgumentValue>) -> Outcome {
        let (value, origin) = match &written.value {
            ArgumentValue::Text(text) if is_expression(text) => {
                let text = Sourced::new(text.clone(), written.origin.clone());
                let Some(Expanded { value, read }) = self.computed_argument(&text, declared.kind)
                else {
                    return Outcome::Broken;
                };
                let origin = self.place(read, &written.origin);
                let Some(value) = value else {
                    return Outcome::Empty(origin);
                };
                (computed(&value, declared.kind), origin)
            }
            value => (parse(value, declared.kind), written.origin.clone()),
        };
        if let Some(problem) = declared.misfit(value.as_ref(), &origin) {
            // A default that does not fit was told of with its declaration.
            let is_default = declared
                .default
                .as_ref()
                .is_some_and(|it| it.origin == origin);
            if !is_default {
                self.problems.push(problem);
            }
            return Outcome::Broken;
        }
        match value {
            Some(value) => Outcome::Value(value, origin),
            None => Outcome::Broken,
        }
    }

    fn missing_argument(&mut self, declared: &Declared, cell: Option<&Origin>, account: &Origin) {
        let summary = format!("the argument \"{}\" is not given", declared.name);
        let problem = Diagnostic::error(code::MISSING_ARGUMENT, summary);
        let problem = match cell {
            Some(cell) => problem.at(cell, "nothing stands here"),
            None => problem.at(account, "not given in here"),
        };
        let mut problem = problem.at(&declared.origin, "declared here, without a default");
        if let Some(allowed) = &declared.one_of {
            let names: Vec<String> = allowed.value.iter().map(Value::to_string).collect();
            let names = listed(names.iter().map(String::as_str));
            problem = problem.detail(format!("It is one of {names}."));
        }
        let example = match declared.kind {
            ArgumentType::Text => "...",
            ArgumentType::Number => "1",
            ArgumentType::Boolean => "true",
        };
        let name = &declared.name;
        self.problems.push(problem.hint(format!(
            "add `arguments: {{ {name}: {example} }}` to the account, or a default to the declaration"
        )));
    }
}
