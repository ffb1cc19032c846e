//! The templates of an account, held against those that are published, and the names inside them
//! against what is known of these.

use super::gather::Gather;
use crate::inside::{self, Unknown};
use crate::library::{self, Library};
use gangplank_model::code;
use gangplank_model::{
    AccountSpec, ConnectorChoice, Desired, Diagnostic, Inside, LibraryTemplate, Offer, Presence,
    Problems, TemplateChoice, TemplateSpec,
};
use std::collections::BTreeSet;

/// Tells which templates, connectors that they need, and names inside them are not there.
pub(super) fn check(
    (library, desired): (&Library<'_>, &Desired),
    account: &AccountSpec,
    offer: &Offer,
    gather: &mut Gather<'_>,
) {
    let present = Presence::Present;
    for spec in account.templates.iter().filter(|it| it.presence == present) {
        if let TemplateChoice::Id(id) = &spec.template.value
            && offer.unpublished.contains(&id.to_lowercase())
        {
            gather.problem(account, unpublished(spec, id));
            continue;
        }
        let mut problems = Problems::default();
        let found = library.template(spec, &mut problems);
        gather.problems(account, problems.finish());
        let Some(template) = found else { continue };
        if offer.connectors.is_some() {
            for needed in undeclared((library, desired), account, template) {
                gather.problem(account, not_declared(spec, template, needed));
            }
        }
        if inside::names_any(spec) {
            let inside = offer.insides.get(&template.id);
            names(account, (spec, template), inside, gather);
        }
    }
}

fn unpublished(spec: &TemplateSpec, id: &str) -> Diagnostic {
    Diagnostic::error(
        code::UNKNOWN_TEMPLATE,
        format!("no published template has id {id}"),
    )
    .at(&spec.template.origin, "there, and not published")
    .detail("A template with this id is there, and only published ones can be installed.")
    .hint("publish it in the Console, or choose another one")
}

/// The connectors that a template needs, that no entry of the account or of its parent stands for, and
/// that do not work by themselves.
fn undeclared<'t>(
    (library, desired): (&Library<'_>, &Desired),
    account: &AccountSpec,
    template: &'t LibraryTemplate,
) -> Vec<&'t str> {
    let parent = account.parent.as_ref().map(|parent| {
        let mut accounts = desired.accounts.iter();
        accounts.find(|it| it.id == parent.value)
    });
    let parent = match parent {
        None => None,
        // A sub-account uses its parent's connectors (cyclr-api.md 2.1); of this one nothing is known.
        Some(None) => return Vec::new(),
        Some(Some(parent)) => Some(parent),
    };
    let declared: BTreeSet<&str> = [Some(account), parent]
        .into_iter()
        .flatten()
        .flat_map(|account| &account.connectors)
        .filter(|it| it.presence == Presence::Present)
        .filter_map(|it| match &it.connector.value {
            ConnectorChoice::Name { name, version: _ } => Some(name.as_str()),
            ConnectorChoice::Id(id) => library.by_id(*id).map(|release| release.name.as_str()),
        })
        .collect();
    let needed = template.connectors.iter().filter(|needed| {
        let release = library.exact(&needed.name, needed.version.as_deref());
        !declared.contains(needed.name.as_str()) && !release.is_some_and(library::needs_none)
    });
    needed.map(|needed| needed.name.as_str()).collect()
}

fn not_declared(spec: &TemplateSpec, template: &LibraryTemplate, needed: &str) -> Diagnostic {
    let summary = format!(
        "template {:?} needs connector {needed:?}, which is not declared",
        template.name
    );
    Diagnostic::warning(code::UNDECLARED_CONNECTOR, summary)
        .at(&spec.template.origin, "needs it")
        .detail(
            "Where the account does not have it yet, the install of the template brings it \
             without a credential, and the cycle cannot run before somebody sets one.",
        )
        .hint(format!(
            "declare it: `- connector: {needed}` with its `auth`"
        ))
}

/// What a cycle has is certain; an export is not vouched for, so that it can only make one wonder.
fn names(
    account: &AccountSpec,
    (spec, template): (&TemplateSpec, &LibraryTemplate),
    inside: Option<&Inside>,
    gather: &mut Gather<'_>,
) {
    let subject = format!("template {:?}", template.name);
    let export = inside.and_then(|inside| inside.export.as_ref());
    let cycle = inside.and_then(|inside| inside.cycle.as_ref());
    let not_exported = export.map(|shape| inside::unknown(spec, &subject, shape));
    let Some(cycle) = cycle else {
        match not_exported {
            Some(unknown) => {
                for name in unknown {
                    gather.problem(account, name.warning(code::UNCONFIRMED_NAME));
                }
            }
            None => gather.unchecked(&template.name),
        }
        return;
    };
    // A name that the cycle lacks and the export has may be of a later release.
    let exported = |name: &Unknown<'_>| {
        let mut missing = not_exported.iter().flatten();
        export.is_some() && !name.misplaced && !missing.any(|it| it.summary == name.summary)
    };
    for name in inside::unknown(spec, &subject, &cycle.shape) {
        let place = format!("cycle {:?} of account {}", cycle.name, cycle.account);
        let problem = if exported(&name) {
            name.warning(code::UNCONFIRMED_NAME).hint(format!(
                "{place} does not have it, and the template's export does: the cycle may be of an \
                 earlier release"
            ))
        } else {
            name.error().hint(format!("this is how {place} has it"))
        };
        gather.problem(account, problem);
    }
}
