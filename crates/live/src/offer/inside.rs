//! What is inside of templates: a cycle tells it for certain, an export perhaps.

use super::{Reading, export, is_missing, present, stops_all, templates_with_names};
use crate::convert;
use crate::error::ReadError;
use crate::fetch;
use crate::scope::StepScope;
use gangplank_cyclr::resource::{cycle, step, template};
use gangplank_cyclr::{Client, Error};
use gangplank_model::{
    AccountId, CycleInside, Inside, LiveCycle, Offer, StepShape, StepSpec, TemplateShape,
    TemplateSpec,
};
use std::collections::{BTreeMap, BTreeSet};

/// In how many accounts a cycle of one template is looked for.
const MOST_ACCOUNTS: usize = 2;

/// The names that all accounts together declare of one template.
#[derive(Debug, Default)]
struct Names<'a> {
    /// Accounts that declare it, in their order.
    accounts: Vec<&'a AccountId>,
    variables: BTreeSet<&'a str>,
    steps: BTreeMap<&'a str, StepNames<'a>>,
}

/// The names that all accounts together declare of one step.
#[derive(Debug, Default)]
struct StepNames<'a> {
    parameters: BTreeSet<&'a str>,
    fields: BTreeSet<&'a str>,
}

impl<'a> Names<'a> {
    fn add(&mut self, account: &'a AccountId, spec: &'a TemplateSpec) {
        self.accounts.push(account);
        self.variables
            .extend(spec.variables.keys().map(String::as_str));
        for (name, step) in &spec.steps {
            let StepSpec { parameters, fields } = step;
            if !parameters.is_empty() || !fields.is_empty() {
                let names = self.steps.entry(name).or_default();
                names
                    .parameters
                    .extend(parameters.keys().map(String::as_str));
                names.fields.extend(fields.keys().map(String::as_str));
            }
        }
    }

    /// Whether a shape knows all of them.
    fn are_in(&self, shape: &TemplateShape) -> bool {
        let has = |known: Option<&BTreeSet<String>>, wanted: &BTreeSet<&str>| {
            known.is_none_or(|known| wanted.iter().all(|name| known.contains(*name)))
        };
        let steps = shape.steps.as_deref();
        has(shape.variables.as_ref(), &self.variables)
            && self.steps.iter().all(|(name, wanted)| {
                let Some(steps) = steps else { return true };
                steps.iter().any(|step| {
                    step.name == *name
                        && has(step.parameters.as_ref(), &wanted.parameters)
                        && has(step.fields.as_ref(), &wanted.fields)
                })
            })
    }
}

impl Reading<'_> {
    /// Looks into the templates of which names are declared, by their ids.
    pub(super) async fn insides(
        &mut self,
        offer: &Offer,
    ) -> Result<BTreeMap<String, Inside>, ReadError> {
        let mut wanted: BTreeMap<&str, Names<'_>> = BTreeMap::new();
        for account in present(self.desired) {
            for spec in templates_with_names(account) {
                let choice = &spec.template.value;
                let listed = offer.templates.iter().flatten();
                let mut found = listed.filter(|template| choice.means(template));
                if let (Some(template), None) = (found.next(), found.next()) {
                    let names = wanted.entry(&template.id).or_default();
                    names.add(&account.id, spec);
                }
            }
        }
        let mut cycles = Cycles::default();
        let mut insides = BTreeMap::new();
        for (id, names) in &wanted {
            let mut inside = Inside {
                cycle: self.cycle(id, names, &mut cycles).await?,
                export: None,
            };
            let known = inside.cycle.as_ref();
            if !known.is_some_and(|cycle| names.are_in(&cycle.shape)) {
                inside.export = match self.client.call(template::export(id)).await {
                    Ok(file) => export::shape(&file),
                    Err(error) if stops_all(&error) => return Err(ReadError::templates(error)),
                    // It is a help and no more: what it does not tell is not checked.
                    Err(_) => None,
                };
            }
            insides.insert((*id).to_owned(), inside);
        }
        Ok(insides)
    }

    /// Looks into one cycle of a template, in an account that declares it.
    async fn cycle(
        &mut self,
        template: &str,
        names: &Names<'_>,
        cycles: &mut Cycles,
    ) -> Result<Option<CycleInside>, ReadError> {
        let known = self.accounts().await?;
        let there: BTreeSet<&AccountId> = known.ids.iter().collect();
        let whole = known.whole;
        // Those that are known to be there first, and of these the ones that were asked already.
        let mut candidates: Vec<&AccountId> = names.accounts.clone();
        candidates.retain(|id| !whole || there.contains(*id));
        candidates.sort_by_key(|id| (!cycles.0.contains_key(*id), !there.contains(*id)));
        let client = self.client;
        for account in candidates.into_iter().take(MOST_ACCOUNTS) {
            let listed = cycles.of(client, account).await?;
            let is_of = |cycle: &&LiveCycle| {
                let id = cycle.template_id.as_deref();
                id.is_some_and(|id| id.eq_ignore_ascii_case(template))
            };
            if let Some(cycle) = listed.iter().find(is_of) {
                return match shape(client, account, &cycle.id, names).await {
                    Ok(shape) => Ok(Some(CycleInside {
                        account: account.clone(),
                        name: cycle.name.clone(),
                        shape,
                    })),
                    Err(error) if is_missing(&error) => Ok(None),
                    Err(error) => Err(ReadError::account(error)),
                };
            }
        }
        Ok(None)
    }
}

/// The cycles of the accounts that were asked.
#[derive(Default)]
struct Cycles(BTreeMap<AccountId, Vec<LiveCycle>>);

impl Cycles {
    async fn of(
        &mut self,
        client: &Client,
        account: &AccountId,
    ) -> Result<&[LiveCycle], ReadError> {
        if !self.0.contains_key(account) {
            let listed = match fetch::cycles(client, account).await {
                Ok(listed) => listed,
                Err(error) if is_missing(&error) => Vec::new(),
                Err(error) => return Err(ReadError::account(error)),
            };
            self.0.insert(account.clone(), listed);
        }
        Ok(self.0.get(account).map_or(&[], Vec::as_slice))
    }
}

/// The names in a cycle. What its list of steps does not show of a declared step is asked of that step.
async fn shape(
    client: &Client,
    account: &AccountId,
    id: &str,
    names: &Names<'_>,
) -> Result<TemplateShape, Error> {
    let mut shape = TemplateShape::default();
    if !names.variables.is_empty() {
        let variables = client.call(cycle::variables(account.as_str(), id)).await?;
        let known = variables.into_iter().map(|variable| variable.system_name);
        shape.variables = Some(known.collect());
    }
    if names.steps.is_empty() {
        return Ok(shape);
    }
    let steps = client.call(step::list(account.as_str(), id)).await?;
    let mut known = Vec::with_capacity(steps.len());
    for step in steps.into_iter().map(convert::step) {
        let listed = |targets: &Option<Vec<gangplank_model::LiveMapping>>| -> BTreeSet<String> {
            let targets = targets.iter().flatten();
            targets.map(|target| target.name.clone()).collect()
        };
        let (mut parameters, mut fields) = (listed(&step.parameters), listed(&step.fields));
        if let Some(wanted) = names.steps.get(step.name.as_str()) {
            let scope = StepScope {
                parameters: wanted.parameters.iter().any(|it| !parameters.contains(*it)),
                fields: wanted.fields.iter().any(|it| !fields.contains(*it)),
            };
            let (more, others) = fetch::mappings(client, account, &step.id, scope).await?;
            let name = |mapping: gangplank_model::LiveMapping| mapping.name;
            parameters.extend(more.into_iter().flatten().map(name));
            fields.extend(others.into_iter().flatten().map(name));
        }
        known.push(StepShape {
            name: step.name,
            parameters: Some(parameters),
            fields: Some(fields),
        });
    }
    shape.steps = Some(known);
    Ok(shape)
}
