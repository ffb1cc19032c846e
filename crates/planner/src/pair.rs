//! Pairs wanted and live objects by natural key. Several for one key is a result, not an error.

use gangplank_model::mark::entry_of;
use gangplank_model::{
    AccountSpec, CycleStatus, LibraryTemplate, LiveAccount, LiveConnector, LiveCycle, Presence,
    TemplateChoice, TemplateSpec,
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
    let of_template = |cycle: &LiveCycle| {
        cycle
            .template_id
            .as_deref()
            .is_some_and(|id| id.eq_ignore_ascii_case(&template.id))
    };
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
    // Killed between install and naming (reliability.md 1.3): paused, never run, and under the name
    // that the vendor gave it.
    let left_behind: Vec<&LiveCycle> = unmarked
        .iter()
        .copied()
        .filter(|cycle| {
            cycle.status == CycleStatus::Paused
                && !cycle.has_run
                && default_name(&cycle.name, &template.name)
        })
        .collect();
    let claimed = |cycle: &LiveCycle| {
        let other = |other: &&TemplateSpec| other.name != spec.name;
        account
            .templates
            .iter()
            .filter(other)
            .any(|other| other.name == cycle.name)
    };
    let rivals = account.templates.iter().filter(|other| {
        other.presence == Presence::Present
            && means(&other.template.value, template)
            && !cycles().any(|cycle| {
                entry_of(&cycle.tags) == Some(other.name.as_str())
                    || (of_template(cycle) && cycle.name == other.name)
            })
    });
    match (left_behind.as_slice(), rivals.count()) {
        ([only], 1) if !claimed(only) => Pair::Unmarked(only),
        _ => Pair::None,
    }
}

/// Whether a choice fits a template; one template can be chosen in several ways.
pub(crate) fn means(choice: &TemplateChoice, template: &LibraryTemplate) -> bool {
    match choice {
        TemplateChoice::Name(name) => template.name == *name,
        TemplateChoice::Tag(tag) => template.tags.contains(tag),
        TemplateChoice::Id(id) => template.id.eq_ignore_ascii_case(id),
    }
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
