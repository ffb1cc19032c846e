//! One template to install.

use super::Lowering;
use crate::decode::Map;
use crate::entry::{MappingEntry, RunEntry, Scalar, TemplateEntry, TemplateName, Typed};
use gangplank_model::code;
use gangplank_model::{
    ByName, Diagnostic, MappingSpec, Run, Schedule, Sourced, StepSpec, TemplateChoice,
    TemplateSpec, by_name,
};

impl Lowering<'_> {
    pub(super) fn template(&mut self, entry: &Sourced<TemplateEntry>) -> Option<TemplateSpec> {
        let written = &entry.value;
        let Some(template) = &written.template.0 else {
            self.missing("template", &entry.origin);
            return None;
        };
        let choice = self.template_choice(template)?;
        let name = match (&written.name.0, &choice) {
            (Some(name), _) => self.text(name)?,
            (None, TemplateChoice::Name(name)) => {
                Sourced::new(name.clone(), template.origin.clone())
            }
            (None, TemplateChoice::Tag(_) | TemplateChoice::Id(_)) => {
                self.needs_name("a template that is chosen by its tag or id", &entry.origin);
                return None;
            }
        };
        self.check_name("a template's name", &name);
        let marks = [("run=", "a schedule"), ("moved=", "a former name")];
        for (start, what) in marks {
            if name.value.starts_with(start) {
                let problem =
                    Diagnostic::error(code::BAD_NAME, "a template's name that cannot be used");
                let reason = format!("`{start}` starts the mark that remembers {what}");
                let problem = problem.at(&name.origin, reason);
                self.problems
                    .push(problem.hint("choose a name that starts otherwise"));
            }
        }
        let mut steps: ByName<StepSpec> = ByName::new();
        for (step, parameters) in self.steps(written.parameters.get()) {
            steps.entry(step).or_default().parameters = parameters;
        }
        for (step, fields) in self.steps(written.mappings.get()) {
            steps.entry(step).or_default().fields = fields;
        }
        Some(TemplateSpec {
            name: name.value,
            origin: entry.origin.clone(),
            presence: self.presence(written.state.0.as_ref()),
            template: Sourced::new(choice, template.origin.clone()),
            steps: by_name(steps),
            variables: self.variables(written.variables.get()),
            run: self.run(written.run.0.as_ref()),
            moved: self.moved(written.moved.get()),
            protect: self.typed(written.protect.0.as_ref()),
        })
    }

    fn template_choice(&mut self, template: &Sourced<TemplateName>) -> Option<TemplateChoice> {
        let mut expanded = |text: &String| {
            let text = self.text(&Sourced::new(text.clone(), template.origin.clone()))?;
            self.check_name("a template's name", &text);
            Some(text.value)
        };
        Some(match &template.value {
            TemplateName::Name(name) => TemplateChoice::Name(expanded(name)?),
            TemplateName::Tag(tag) => TemplateChoice::Tag(expanded(tag)?),
            TemplateName::Id(id) => TemplateChoice::Id(expanded(id)?),
        })
    }

    fn steps(
        &mut self,
        steps: Option<&Map<Map<MappingEntry>>>,
    ) -> Vec<(String, ByName<Sourced<MappingSpec>>)> {
        let steps = steps.into_iter().flat_map(|steps| &steps.0);
        steps
            .map(|(step, targets)| {
                let targets = targets.value.0.iter();
                let targets = targets.filter_map(|(target, entry)| {
                    let origin = Self::entry_origin(target, &entry.origin);
                    Some((
                        target.text.clone(),
                        Sourced::new(self.mapping(entry)?, origin),
                    ))
                });
                (step.text.clone(), by_name(targets))
            })
            .collect()
    }

    fn mapping(&mut self, entry: &Sourced<MappingEntry>) -> Option<MappingSpec> {
        let value = match &entry.value.value {
            Some(value) => {
                let text = Sourced::new(value.clone(), entry.origin.clone());
                Some(self.optional(&text)?.value)
            }
            None => None,
        };
        let mapping_type = entry.value.mapping_type.clone();
        Some(MappingSpec {
            mapping_type,
            value,
        })
    }

    fn variables(&mut self, variables: Option<&Map<Scalar>>) -> ByName<Sourced<String>> {
        let variables = variables.into_iter().flat_map(|variables| &variables.0);
        by_name(variables.filter_map(|(key, entry)| {
            let text = Sourced::new(entry.value.0.clone(), entry.origin.clone());
            let text = self.optional(&text)?.value;
            let origin = Self::entry_origin(key, &entry.origin);
            Some((key.text.clone(), Sourced::new(text, origin)))
        }))
    }

    fn run(&mut self, run: Option<&Sourced<Typed<RunEntry>>>) -> Option<Sourced<Run>> {
        let run = self.typed(run)?;
        let value = match &run.value {
            RunEntry::Paused => Run::Paused,
            RunEntry::Once => Run::Active(Schedule::Once),
            RunEntry::Every { every, start } => {
                let minutes = self.typed(Some(every))?.value.0;
                let start = match start {
                    Some(start) => {
                        let start = self.optional(start);
                        match start {
                            Some(start) => Some(self.time(start)?.value),
                            None => None,
                        }
                    }
                    None => None,
                };
                Run::Active(Schedule::Every { minutes, start })
            }
        };
        Some(Sourced::new(value, run.origin.clone()))
    }
}
