//! Pairs wanted and live objects by natural key. Several for one key is a result, not an error.

use gangplank_model::mark::entry_of;
use gangplank_model::{
    AccountSpec, CycleStatus, LibraryTemplate, LiveAccount, LiveConnector, LiveCycle, Presence,
    TemplateSpec,
};

/// What stands in the instance for an entry.
#[derive(Debug)]
pub(crate) enum Pair<'a, T> {
    /// Nothing.
    None,
    /// One object that is known to be it.
    One(&'a T),
    /// One object that fits and is claimed by nobody else.
    Unmarked(&'a T),
    /// More than one, or one that contradicts the entry: why nothing may be touched.
    Ambiguous(String),
}

/// The account connector of this name.
pub(crate) fn connector<'a>(account: &'a LiveAccount, name: &str) -> Pair<'a, LiveConnector> {
    let fits = |connector: &&LiveConnector| connector.name == name;
    let found: Vec<&LiveConnector> = account.connectors.iter().flatten().filter(fits).collect();
    match found.as_slice() {
        [] => Pair::None,
        [only] => Pair::One(only),
        several => {
            let ids: Vec<String> = several.iter().map(|one| one.id.to_string()).collect();
            Pair::Ambiguous(format!(
                "{} account connectors have this name (ids {}); rename all but one in the Console",
                several.len(),
                ids.join(", ")
            ))
        }
    }
}

/// The cycle of an entry: the marked one; else an unmarked one of the template with the entry's
/// name; else one that an install left behind before it was named.
pub(crate) fn cycle<'a>(
    account: &AccountSpec,
    live: &'a LiveAccount,
    spec: &TemplateSpec,
    template: &LibraryTemplate,
) -> Pair<'a, LiveCycle> {
    let cycles = || live.cycles.iter().flatten();
    let of_template = |cycle: &LiveCycle| is_of(cycle, template);
    let marked: Vec<&LiveCycle> = cycles()
        .filter(|cycle| entry_of(&cycle.tags) == Some(spec.name.as_str()))
        .collect();
    match marked.as_slice() {
        [] => {}
        [only] if of_template(only) => return Pair::One(only),
        [only] => {
            return Pair::Ambiguous(format!(
                "cycle {:?} is marked for this entry and comes from another template; remove its \
                 tag in the Console, or give the entry another `name:`",
                only.name
            ));
        }
        several => return ambiguous(several, "are marked for this entry"),
    }
    let unmarked: Vec<&LiveCycle> = cycles()
        .filter(|cycle| of_template(cycle) && entry_of(&cycle.tags).is_none())
        .collect();
    let named: Vec<&LiveCycle> = unmarked
        .iter()
        .copied()
        .filter(|cycle| cycle.name == spec.name)
        .collect();
    match named.as_slice() {
        [] => {}
        [only] => return Pair::Unmarked(only),
        several => return ambiguous(several, "have this entry's template and name"),
    }
    // What an entry that is to go never named is not its own to remove.
    if spec.presence == Presence::Absent {
        return Pair::None;
    }
    // Killed between install and naming (reliability.md 1.3): copies that nobody has named go to
    // the entries that have no cycle, in their order.
    let copies = nameless(account, live, template);
    let unmade: Vec<&TemplateSpec> = entries(account, template)
        .filter(|entry| !has_cycle(live, entry, template))
        .collect();
    if copies.len() > unmade.len() {
        return ambiguous(
            &copies,
            "of this template are paused, never ran and bear its name",
        );
    }
    let place = unmade.iter().position(|entry| entry.name == spec.name);
    match place.and_then(|place| copies.get(place)) {
        Some(copy) => Pair::Unmarked(copy),
        None => Pair::None,
    }
}

/// The entries that want a cycle of a template, in their order.
fn entries<'a>(
    account: &'a AccountSpec,
    template: &'a LibraryTemplate,
) -> impl Iterator<Item = &'a TemplateSpec> {
    account
        .templates
        .iter()
        .map(AsRef::as_ref)
        .filter(|entry: &&TemplateSpec| {
            entry.presence == Presence::Present && entry.template.value.means(template)
        })
}

fn is_of(cycle: &LiveCycle, template: &LibraryTemplate) -> bool {
    let id = cycle.template_id.as_deref();
    id.is_some_and(|id| id.eq_ignore_ascii_case(&template.id))
}

/// Whether a cycle is an entry's by its mark, or by its name while nobody has marked it.
fn has_cycle(live: &LiveAccount, entry: &TemplateSpec, template: &LibraryTemplate) -> bool {
    live.cycles.iter().flatten().any(|cycle| {
        let mark = entry_of(&cycle.tags);
        mark == Some(entry.name.as_str())
            || (mark.is_none() && is_of(cycle, template) && cycle.name == entry.name)
    })
}

/// The cycles of a template that nobody marked.
fn unmarked<'a>(
    live: &'a LiveAccount,
    template: &LibraryTemplate,
) -> impl Iterator<Item = &'a LiveCycle> {
    let cycles = live.cycles.iter().flatten();
    cycles.filter(|cycle| is_of(cycle, template) && entry_of(&cycle.tags).is_none())
}

/// Cycles of a template that an install left behind before they were named: paused, never run, under
/// the name that the vendor gave them, and not an entry's own name.
fn nameless<'a>(
    account: &AccountSpec,
    live: &'a LiveAccount,
    template: &LibraryTemplate,
) -> Vec<&'a LiveCycle> {
    let marked = |entry: &TemplateSpec| {
        let mut cycles = live.cycles.iter().flatten();
        cycles.any(|cycle| entry_of(&cycle.tags) == Some(entry.name.as_str()))
    };
    let named = |cycle: &LiveCycle| {
        entries(account, template).any(|entry| entry.name == cycle.name && !marked(entry))
    };
    unmarked(live, template)
        .filter(|cycle| {
            cycle.status == CycleStatus::Paused
                && !cycle.has_run
                && default_name(&cycle.name, &template.name)
                && !named(cycle)
        })
        .collect()
}

/// Copies that no entry is left for: told by the first entry of their template (reliability.md 1.2).
pub(crate) fn spare<'a>(
    account: &AccountSpec,
    live: &'a LiveAccount,
    spec: &TemplateSpec,
    template: &LibraryTemplate,
) -> Vec<&'a LiveCycle> {
    let first = entries(account, template).next();
    let all_made = entries(account, template).all(|entry| has_cycle(live, entry, template));
    if all_made && first.is_some_and(|first| first.name == spec.name) {
        nameless(account, live, template)
    } else {
        Vec::new()
    }
}

/// Cycles of a template that nobody marked and no entry names: made by hand, or renamed by somebody.
pub(crate) fn strangers<'a>(
    account: &AccountSpec,
    live: &'a LiveAccount,
    template: &LibraryTemplate,
) -> Vec<&'a LiveCycle> {
    let left_behind = nameless(account, live, template);
    let named = |cycle: &LiveCycle| account.templates.iter().any(|it| it.name == cycle.name);
    unmarked(live, template)
        .filter(|cycle| !named(cycle) && !left_behind.iter().any(|copy| copy.id == cycle.id))
        .collect()
}

/// Whether a name is the template's own, or that with a number behind it (cyclr-api.md 4, U21).
pub(crate) fn default_name(name: &str, template: &str) -> bool {
    name.strip_prefix(template).is_some_and(|rest| {
        let number = rest
            .trim_start()
            .trim_start_matches('(')
            .trim_end_matches(')');
        rest.is_empty() || (rest != number && number.chars().all(|c| c.is_ascii_digit()))
    })
}

fn ambiguous<'a>(several: &[&LiveCycle], what: &str) -> Pair<'a, LiveCycle> {
    let ids: Vec<&str> = several.iter().map(|cycle| cycle.id.as_str()).collect();
    Pair::Ambiguous(format!(
        "{} cycles {what} (ids {}); remove or rename all but one in the Console",
        several.len(),
        ids.join(", ")
    ))
}

/// The cycle that is marked for an entry, whether its template is still published or not.
pub(crate) fn cycle_by_mark<'a>(live: &'a LiveAccount, spec: &TemplateSpec) -> Pair<'a, LiveCycle> {
    let found: Vec<&LiveCycle> = live
        .cycles
        .iter()
        .flatten()
        .filter(|cycle| entry_of(&cycle.tags) == Some(spec.name.as_str()))
        .collect();
    match found.as_slice() {
        [] => Pair::None,
        [only] => Pair::One(only),
        several => ambiguous(several, "are marked for this entry"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_the_vendor_gives() {
        for (name, expected) in [
            ("A > B", true),
            ("A > B 2", true),
            ("A > B (2)", true),
            ("A > Bee", false),
            ("A > B2", false),
            ("Other", false),
        ] {
            assert_eq!(default_name(name, "A > B"), expected, "{name}");
        }
    }
}
