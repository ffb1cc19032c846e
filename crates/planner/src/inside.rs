//! The names inside a template that a manifest uses, against those that are known. A plan and a check
//! without a plan ask here, so that they agree.

use gangplank_model::code;
use gangplank_model::code::{Code, Lint};
use gangplank_model::suggest::{listed, nearest};
use gangplank_model::{
    Diagnostic, Live, MappingSpec, Origin, Sourced, StepShape, StepSpec, TemplateShape,
    TemplateSpec,
};
use std::collections::{BTreeMap, BTreeSet};

/// A name that is not there.
#[derive(Debug)]
pub(crate) struct Unknown<'a> {
    code: Code,
    origin: Option<&'a Origin>,
    /// What has no such name: lower case, no final dot.
    pub(crate) summary: String,
    detail: String,
    hint: Option<String>,
    /// Whether it is there as the other kind: a field that is written as a parameter.
    pub(crate) misplaced: bool,
}

impl Unknown<'_> {
    /// As an error.
    pub(crate) fn error(self) -> Diagnostic {
        let problem = Diagnostic::error(self.code, &*self.summary);
        self.told(problem)
    }

    /// As a warning.
    pub(crate) fn warning(self, lint: Lint) -> Diagnostic {
        let problem = Diagnostic::warning(lint, &*self.summary);
        self.told(problem)
    }

    /// What is wrong and where, in one line.
    pub(crate) fn plainly(&self) -> String {
        match self.origin {
            Some(origin) => format!("{} ({origin})", self.summary),
            None => self.summary.clone(),
        }
    }

    fn told(self, problem: Diagnostic) -> Diagnostic {
        let problem = problem.detail(self.detail);
        let problem = match self.origin {
            Some(origin) => problem.at(origin, "for a name that is not there"),
            None => problem,
        };
        match self.hint {
            Some(hint) => problem.hint(hint),
            None => problem,
        }
    }
}

/// Whether an entry uses names of its template's inside.
pub(crate) fn names_any(spec: &TemplateSpec) -> bool {
    !spec.variables.is_empty() || spec.steps.values().any(uses)
}

fn uses(step: &StepSpec) -> bool {
    !step.parameters.is_empty() || !step.fields.is_empty()
}

/// The names of an entry that are not in a shape; what the shape does not know is not judged.
/// `subject` has them or not: `cycle "Sync"`.
pub(crate) fn unknown<'a>(
    spec: &'a TemplateSpec,
    subject: &str,
    shape: &TemplateShape,
) -> Vec<Unknown<'a>> {
    let mut found = Vec::new();
    if let Some(known) = &shape.variables {
        for (name, value) in &spec.variables {
            if !known.contains(name) {
                found.push(Unknown {
                    code: code::UNKNOWN_VARIABLE,
                    origin: Some(&value.origin),
                    summary: format!("{subject} has no variable {name:?}"),
                    detail: format!("Its variables: {}.", listed(names(known))),
                    hint: meant(name, names(known)),
                    misplaced: false,
                });
            }
        }
    }
    let Some(steps) = &shape.steps else {
        return found;
    };
    for (name, wanted) in spec.steps.iter().filter(|(_, step)| uses(step)) {
        let Some(step) = steps.iter().find(|step| step.name == *name) else {
            let names = || steps.iter().map(|step| step.name.as_str());
            found.push(Unknown {
                code: code::UNKNOWN_STEP,
                origin: first_origin(wanted),
                summary: format!("{subject} has no step {name:?}"),
                detail: format!("Its steps: {}.", listed(names())),
                hint: meant(name, names()),
                misplaced: false,
            });
            continue;
        };
        found.extend(targets(wanted, subject, step));
    }
    found
}

fn targets<'a>(wanted: &'a StepSpec, subject: &str, step: &StepShape) -> Vec<Unknown<'a>> {
    let parameters = Kind {
        word: "parameter",
        other: ("field", "mappings", step.fields.as_ref()),
    };
    let fields = Kind {
        word: "field",
        other: ("parameter", "parameters", step.parameters.as_ref()),
    };
    let sides = [
        (parameters, &wanted.parameters, step.parameters.as_ref()),
        (fields, &wanted.fields, step.fields.as_ref()),
    ];
    let mut found = Vec::new();
    for (kind, wanted, known) in sides {
        let Some(known) = known else { continue };
        let missing = wanted.iter().filter(|(name, _)| !known.contains(*name));
        found.extend(missing.map(|it| kind.unknown(it, (subject, &step.name), known)));
    }
    found
}

/// Parameters or fields.
struct Kind<'s> {
    word: &'static str,
    /// The other kind: its word, the key that it is written under, and its names.
    other: (&'static str, &'static str, Option<&'s BTreeSet<String>>),
}

impl Kind<'_> {
    fn unknown<'a>(
        &self,
        (name, value): (&String, &'a Sourced<MappingSpec>),
        (subject, step): (&str, &str),
        known: &BTreeSet<String>,
    ) -> Unknown<'a> {
        let word = self.word;
        let (other, key, others) = self.other;
        let is_other = others.is_some_and(|others| others.contains(name));
        Unknown {
            code: code::UNKNOWN_MAPPING,
            origin: Some(&value.origin),
            summary: format!("step {step:?} of {subject} has no {word} {name:?}"),
            detail: format!("Its {word}s: {}.", listed(names(known))),
            hint: if is_other {
                Some(format!("it is a {other}: write it under `{key}:`"))
            } else {
                meant(name, names(known))
            },
            misplaced: is_other,
        }
    }
}

fn names(known: &BTreeSet<String>) -> impl Iterator<Item = &str> {
    known.iter().map(String::as_str)
}

fn meant<'a>(written: &str, names: impl Iterator<Item = &'a str>) -> Option<String> {
    nearest(written, names).map(|near| format!("did you mean {near:?}?"))
}

fn first_origin(step: &StepSpec) -> Option<&Origin> {
    let all = step.parameters.values().chain(step.fields.values());
    all.map(|mapping| &mapping.origin).min()
}

/// What the cycles that were read tell of their templates, by the templates' ids in lower case. It is
/// read for the cycles' own sake, and speaks of the steps that are declared there.
pub(crate) fn of_cycles(live: &Live) -> BTreeMap<String, TemplateShape> {
    let mut shapes: BTreeMap<String, TemplateShape> = BTreeMap::new();
    let cycles = live.accounts.values().flat_map(|it| it.cycles.iter());
    for cycle in cycles.flatten() {
        if let (Some(id), true) = (
            &cycle.template_id,
            cycle.steps.is_some() || cycle.variables.is_some(),
        ) {
            let shape = shapes.entry(id.to_lowercase()).or_default();
            shape.merge(TemplateShape::of(cycle));
        }
    }
    shapes
}
