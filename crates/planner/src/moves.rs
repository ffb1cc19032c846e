//! The entries of one account that were moved, and the account as it will be once they are renamed.
//!
//! Everything else is planned against that account, so that a renamed object is compared like any other.

use crate::diff::Pass;
use gangplank_model::mark::entry_of;
use gangplank_model::moves::{
    Claim, Connectors, Cycles, Names, bound_for, circles, moved, resolve,
};
use gangplank_model::{
    AccountMark, AccountSpec, LiveAccount, LiveCycle, Origin, Sourced, TemplateChoice,
};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// How an entry stands that was moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Its object is renamed.
    Renamed {
        /// The name that the object bears now.
        from: String,
        /// Whether its rename was cut off.
        cut_off: bool,
    },
    /// Nobody can tell what is its.
    Blocked(String),
}

/// An entry and what becomes of it, as far as others wait for that.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Taking<'a> {
    pub(crate) names: Names<'a>,
    /// Whether a call gives its name to an object.
    pub(crate) takes_name: bool,
    pub(crate) is_blocked: bool,
}

/// The moves of one kind of objects.
#[derive(Debug, Default)]
pub(crate) struct Moves {
    standing: BTreeMap<String, Standing>,
    /// Entries whose own name is borne by their own object.
    settled: BTreeSet<String>,
    /// Entries that exchange names, by name: the number of their circle.
    circles: BTreeMap<String, usize>,
    /// The places of objects of which nobody can tell whose they are.
    pub(crate) unclear: BTreeSet<usize>,
}

impl Moves {
    fn of(entries: &[Names<'_>], claims: &[Claim], names: &[&str]) -> Self {
        let name = |object: usize| names[object].to_owned();
        let mut moves = Self::default();
        for (index, circle) in circles(entries).into_iter().enumerate() {
            let circle = circle.map(|circle| (entries[index].name.to_owned(), circle));
            moves.circles.extend(circle);
        }
        for (entry, claim) in entries.iter().zip(claims) {
            let standing = match claim {
                Claim::Own => {
                    let is_there = names.contains(&entry.name);
                    moves
                        .settled
                        .extend(is_there.then(|| entry.name.to_owned()));
                    continue;
                }
                Claim::Moved { object, from } => Standing::Renamed {
                    from: name(*object),
                    cut_off: from.is_none(),
                },
                Claim::Ambiguous(several) => {
                    moves.unclear.extend(several);
                    let names: Vec<String> = several
                        .iter()
                        .map(|it| format!("{:?}", name(*it)))
                        .collect();
                    Standing::Blocked(format!(
                        "it was moved from several that are there: {}; rename or remove all but one \
                         in the Console",
                        names.join(", ")
                    ))
                }
                Claim::Taken { own, object } => {
                    moves.unclear.extend([own, object]);
                    Standing::Blocked(format!(
                        "{:?} was on its way to this name, which is taken; rename one of the two in \
                         the Console",
                        name(*object)
                    ))
                }
            };
            moves.standing.insert(entry.name.to_owned(), standing);
        }
        moves
    }

    /// How an entry stands that was moved; `None` for any other.
    pub(crate) fn standing(&self, name: &str) -> Option<&Standing> {
        self.standing.get(name)
    }

    /// Finds an entry that may not have its name yet, since another one that bore it before is blocked
    /// and has nothing of its own: it would take the new object for its old one.
    pub(crate) fn stuck(&self, entries: &[Taking<'_>]) -> Option<(usize, String)> {
        entries.iter().enumerate().find_map(|(index, entry)| {
            let is_before = |other: &&Taking<'_>| {
                other.is_blocked
                    && other.names.was(entry.names.name)
                    && !self.settled.contains(other.names.name)
            };
            let other = entries
                .iter()
                .find(is_before)
                .filter(|_| entry.takes_name)?;
            let why = format!(
                "{:?} bore this name before, and is blocked: it comes first",
                other.names.name
            );
            Some((index, why))
        })
    }

    /// The circle in which an entry exchanges names, if it does.
    pub(crate) fn circle(&self, name: &str) -> Option<usize> {
        self.circles.get(name).copied()
    }

    /// The name that an entry's object bears now, where it is renamed.
    pub(crate) fn renamed(&self, name: &str) -> Option<&str> {
        match self.standing(name)? {
            Standing::Renamed { from, cut_off: _ } => Some(from),
            Standing::Blocked(_) => None,
        }
    }
}

/// One account as it is, as it will be called, and what was moved in it.
#[derive(Debug)]
pub(crate) struct Ground<'a> {
    /// As it is; `None` when it is not there.
    pub(crate) original: Option<&'a LiveAccount>,
    /// With the names that its objects will have.
    pub(crate) live: Option<Cow<'a, LiveAccount>>,
    /// Its own text in `AuditInfo`.
    pub(crate) text: String,
    /// What it remembers.
    pub(crate) held: Option<AccountMark>,
    /// The same by the names that its objects will have.
    pub(crate) mark: Option<AccountMark>,
    pub(crate) connectors: Moves,
    pub(crate) templates: Moves,
    /// By the names of connector entries: under which other name they are remembered.
    pub(crate) remembered: BTreeMap<String, String>,
}

impl<'a> Ground<'a> {
    pub(crate) fn of(
        pass: &Pass<'_>,
        spec: &AccountSpec,
        original: Option<&'a LiveAccount>,
    ) -> Self {
        let (text, held) = original
            .and_then(|live| live.audit_info.as_deref())
            .map_or_else(Default::default, AccountMark::parse);
        let mut ground = Self {
            original,
            live: original.map(Cow::Borrowed),
            text,
            mark: held.clone(),
            held,
            connectors: Moves::default(),
            templates: Moves::default(),
            remembered: BTreeMap::new(),
        };
        if !is_concerned(spec, original) {
            return ground;
        }
        let Some(original) = original else {
            ground.new_circles(spec);
            return ground;
        };
        ground.move_connectors(spec, original);
        ground.move_templates(pass, spec, original);
        if pass.context.marks {
            ground.remember(spec);
            let all = ground.remembered.clone();
            if let Some(mark) = &mut ground.mark {
                rekey(mark, &all, &renames(spec, &ground.templates));
            }
        }
        ground
    }

    /// In a new account nothing is renamed, but who exchanges names is told for later.
    fn new_circles(&mut self, spec: &AccountSpec) {
        let names = connector_names(spec);
        self.connectors = Moves::of(&names, &vec![Claim::Own; names.len()], &[]);
        let names = template_names(spec);
        self.templates = Moves::of(&names, &vec![Claim::Own; names.len()], &[]);
    }

    fn move_connectors(&mut self, spec: &AccountSpec, original: &LiveAccount) {
        let names = connector_names(spec);
        let all = original.connectors.as_deref().unwrap_or_default();
        let claims = resolve(
            &names,
            &Connectors {
                all,
                mark: self.held.as_ref(),
            },
        );
        let held: Vec<&str> = all.iter().map(|it| it.name.as_str()).collect();
        self.connectors = Moves::of(&names, &claims, &held);
        if claims.iter().all(|claim| moved(claim).is_none()) {
            return;
        }
        let Some(live) = &mut self.live else { return };
        let renamed = live.to_mut().connectors.get_or_insert_default();
        for (entry, claim) in names.iter().zip(&claims) {
            if let Some(object) = moved(claim) {
                entry.name.clone_into(&mut renamed[object].name);
            }
        }
    }

    fn move_templates(&mut self, pass: &Pass<'_>, spec: &AccountSpec, original: &LiveAccount) {
        let names = template_names(spec);
        let choices: Vec<&TemplateChoice> =
            spec.templates.iter().map(|it| &it.template.value).collect();
        let cycles = Cycles {
            all: original.cycles.as_deref().unwrap_or_default(),
            choices: &choices,
            templates: pass.templates,
        };
        let claims = resolve(&names, &cycles);
        let held: Vec<&str> = cycles.all.iter().map(key).collect();
        self.templates = Moves::of(&names, &claims, &held);
        if claims.iter().any(|claim| moved(claim).is_some())
            && let Some(live) = &mut self.live
        {
            live.to_mut().cycles = Some(cycles.renamed(&names, &claims));
        }
    }

    /// A cycle as it is, by one as it will be called.
    pub(crate) fn cycle<'b>(&'b self, renamed: &'b LiveCycle) -> &'b LiveCycle {
        let cycles = self.original.and_then(|it| it.cycles.as_deref());
        let mut cycles = cycles.unwrap_or_default().iter();
        cycles.find(|it| it.id == renamed.id).unwrap_or(renamed)
    }

    /// Finds under which other names the account remembers connectors that were moved, in this plan
    /// or by a run that was cut off before it could remember them anew.
    fn remember(&mut self, spec: &AccountSpec) {
        let Some(held) = &self.held else { return };
        let live = self.original.and_then(|it| it.connectors.as_deref());
        let is_known = |name: &str| {
            let declared = spec.connectors.iter().any(|it| it.name == name);
            declared || live.unwrap_or_default().iter().any(|it| it.name == name)
        };
        let holds = |name: &str| {
            held.connectors.contains_key(name) || held.protected.connectors.contains(name)
        };
        for entry in spec.connectors.iter().filter(|it| !it.moved.is_empty()) {
            let mut from = entry.moved.iter().map(|from| from.value.as_str());
            let settled = held.moved.get(&entry.name);
            if settled.is_some_and(|settled| entry.moved.iter().any(|it| it.value == *settled)) {
                continue;
            }
            let old = match self.connectors.standing(&entry.name) {
                Some(Standing::Renamed {
                    from,
                    cut_off: false,
                }) => Some(from.as_str()),
                Some(Standing::Renamed { cut_off: true, .. }) => from.find(|name| holds(name)),
                None if !holds(&entry.name) => from.find(|name| holds(name) && !is_known(name)),
                Some(Standing::Blocked(_)) | None => None,
            };
            if let Some(old) = old.filter(|old| holds(old)) {
                self.remembered.insert(entry.name.clone(), old.to_owned());
            }
        }
    }
}

/// Whether anything was moved, or was on its way when a run was cut off. Most accounts know neither.
fn is_concerned(spec: &AccountSpec, original: Option<&LiveAccount>) -> bool {
    let connectors = original.and_then(|it| it.connectors.as_deref());
    let cycles = original.and_then(|it| it.cycles.as_deref());
    let mut connectors = connectors.unwrap_or_default().iter();
    let mut cycles = cycles.unwrap_or_default().iter();
    spec.connectors.iter().any(|it| !it.moved.is_empty())
        || spec.templates.iter().any(|it| !it.moved.is_empty())
        || connectors.any(|it| bound_for(&it.name).is_some())
        || cycles.any(|it| bound_for(key(it)).is_some())
}

/// The entry that a cycle names, or its name.
pub(crate) fn key(cycle: &LiveCycle) -> &str {
    entry_of(&cycle.tags).unwrap_or(&cycle.name)
}

pub(crate) fn connector_names(spec: &AccountSpec) -> Vec<Names<'_>> {
    let all = spec.connectors.iter();
    all.map(|it| Names {
        name: &it.name,
        from: &it.moved,
    })
    .collect()
}

pub(crate) fn template_names(spec: &AccountSpec) -> Vec<Names<'_>> {
    let all = spec.templates.iter();
    all.map(|it| Names {
        name: &it.name,
        from: &it.moved,
    })
    .collect()
}

/// The names of one of these entries.
pub(crate) fn names_of<'a>(entries: &[Names<'a>], name: &'a str) -> Names<'a> {
    let found = entries.iter().find(|it| it.name == name).copied();
    found.unwrap_or(Names { name, from: &[] })
}

/// The cycles that are renamed: by the entry's name, the former one.
pub(crate) fn renames(spec: &AccountSpec, moves: &Moves) -> BTreeMap<String, String> {
    let all = spec.templates.iter();
    all.filter_map(|it| {
        let from = match moves.standing(&it.name)? {
            Standing::Renamed {
                from,
                cut_off: false,
            } => from,
            Standing::Renamed { cut_off: true, .. } => &it.moved.first()?.value,
            Standing::Blocked(_) => return None,
        };
        Some((it.name.clone(), from.clone()))
    })
    .collect()
}

/// Lets a mark speak of objects by their new names; says whether that changes it.
pub(crate) fn rekey(
    mark: &mut AccountMark,
    connectors: &BTreeMap<String, String>,
    templates: &BTreeMap<String, String>,
) -> bool {
    let before = mark.clone();
    let taken: Vec<_> = connectors
        .iter()
        .map(|(name, old)| {
            let held = mark.connectors.get(old).cloned();
            (name, old, held, mark.protected.connectors.contains(old))
        })
        .collect();
    for (_, old, ..) in &taken {
        mark.connectors.remove(*old);
        mark.protected.connectors.remove(*old);
    }
    for (name, _, held, protected) in taken {
        match held {
            Some(held) => mark.connectors.insert(name.clone(), held),
            None => mark.connectors.remove(name),
        };
        if protected {
            mark.protected.connectors.insert(name.clone());
        }
    }
    let protected: Vec<bool> = templates
        .values()
        .map(|old| mark.protected.templates.contains(old))
        .collect();
    for old in templates.values() {
        mark.protected.templates.remove(old);
    }
    let protected = templates.keys().zip(protected).filter(|(_, it)| *it);
    mark.protected
        .templates
        .extend(protected.map(|(name, _)| name.clone()));
    *mark != before
}

/// Where a former name was written.
pub(crate) fn origin_of<'a>(from: &'a [Sourced<String>], name: &str) -> Option<&'a Origin> {
    let found = from.iter().find(|it| it.value == name);
    found.or(from.first()).map(|it| &it.origin)
}
