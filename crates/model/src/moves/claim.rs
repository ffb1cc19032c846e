//! Entries and objects in, claims out.

use super::held::Held;
use super::names::{Names, circles, temporary};
use std::collections::{BTreeMap, BTreeSet};

/// What belongs to an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// What stands under its own name, or nothing.
    Own,
    /// An object that is to be renamed.
    Moved {
        /// Which one.
        object: usize,
        /// Under which former name it stands; `None` where its rename was cut off.
        from: Option<String>,
    },
    /// One of several objects; nobody can tell which.
    Ambiguous(Vec<usize>),
    /// Its own name was taken while a rename to it was cut off: by whom, and what was to be renamed.
    Taken {
        /// What stands under its own name.
        own: usize,
        /// What was on its way there.
        object: usize,
    },
}

/// Works out what belongs to each entry.
pub fn resolve(entries: &[Names<'_>], held: &dyn Held) -> Vec<Claim> {
    let mut finding = Finding {
        entries,
        held,
        own: each(entries, |index, entry| held.at(index, entry.name)),
        temporary: each(entries, |index, entry| {
            held.at(index, &temporary(entry.name))
        }),
        claims: vec![None; entries.len()],
        taken: BTreeSet::new(),
    };
    finding.cut_off();
    finding.settled();
    finding.moving();
    finding.finish()
}

fn each<'a, T>(entries: &[Names<'a>], make: impl Fn(usize, &Names<'a>) -> T) -> Vec<T> {
    let all = entries.iter().enumerate();
    all.map(|(index, entry)| make(index, entry)).collect()
}

struct Finding<'a> {
    entries: &'a [Names<'a>],
    held: &'a dyn Held,
    /// By entry: what stands under its own name.
    own: Vec<Vec<usize>>,
    /// By entry: what is on its way there.
    temporary: Vec<Vec<usize>>,
    claims: Vec<Option<Claim>>,
    /// Objects that are known to belong to an entry.
    taken: BTreeSet<usize>,
}

impl Finding<'_> {
    /// What was on its way to an entry is the entry's.
    fn cut_off(&mut self) {
        for (index, found) in self.temporary.iter().enumerate() {
            self.claims[index] = match found.as_slice() {
                [] => continue,
                [object] => Some(Claim::Moved {
                    object: *object,
                    from: None,
                }),
                several => Some(Claim::Ambiguous(several.to_vec())),
            };
            self.taken.extend(found);
        }
    }

    /// What has no former name, what is not clear anyway, and what is known to have come.
    fn settled(&mut self) {
        let circles = circles(self.entries);
        // In the midst of an exchange the memory of it speaks of how it will be.
        let busy: BTreeSet<usize> = (0..self.entries.len())
            .filter(|index| !self.temporary[*index].is_empty())
            .filter_map(|index| circles[index])
            .collect();
        for (index, entry) in self.entries.iter().enumerate() {
            let own = &self.own[index];
            let came = |object: &usize| {
                let from = self.held.came_from(*object);
                from.is_some_and(|from| entry.was(from))
            };
            let known = match own.as_slice() {
                [object] => !circles[index].is_some_and(|it| busy.contains(&it)) && came(object),
                _ => false,
            };
            if self.claims[index].is_none() && (entry.from.is_empty() || own.len() > 1 || known) {
                self.claims[index] = Some(Claim::Own);
                self.taken.extend(own);
            }
        }
    }

    /// An entry whose name is free, or becomes free, takes what stands under its former name.
    fn moving(&mut self) {
        let wishes = each(self.entries, |index, entry| {
            let all = entry.from.iter().flat_map(|from| {
                let found = self.held.at(index, &from.value).into_iter();
                found.map(|object| (object, from.value.clone()))
            });
            let all = all.filter(|(object, _)| !self.taken.contains(object));
            all.collect::<BTreeMap<usize, String>>()
        });
        let open = |index: &usize| self.claims[*index].is_none();
        let mut moving: BTreeSet<usize> = (0..self.entries.len())
            .filter(|index| open(index) && wishes[*index].len() == 1)
            .collect();
        loop {
            let is_free = |index: &usize| {
                self.own[*index]
                    .iter()
                    .all(|own| moving.iter().any(|other| wishes[*other].contains_key(own)))
            };
            let still: BTreeSet<usize> = moving.iter().copied().filter(is_free).collect();
            if still == moving {
                break;
            }
            moving = still;
        }
        for (index, wish) in wishes.into_iter().enumerate() {
            if self.claims[index].is_some() {
                continue;
            }
            let only = wish.first_key_value().filter(|_| moving.contains(&index));
            self.claims[index] = Some(match only {
                Some((object, from)) => Claim::Moved {
                    object: *object,
                    from: Some(from.clone()),
                },
                None if wish.len() > 1 && self.own[index].is_empty() => {
                    Claim::Ambiguous(wish.into_keys().collect())
                }
                None => Claim::Own,
            });
        }
    }

    fn finish(self) -> Vec<Claim> {
        let leaving: BTreeSet<usize> = self.claims.iter().flatten().filter_map(moved).collect();
        let claims = self.claims.into_iter().zip(self.own);
        claims
            .map(|(claim, own)| match (claim, own.first()) {
                (Some(Claim::Moved { object, from: None }), Some(own))
                    if !leaving.contains(own) =>
                {
                    Claim::Taken { own: *own, object }
                }
                (claim, _) => claim.unwrap_or(Claim::Own),
            })
            .collect()
    }
}

/// The object that a claim renames.
pub fn moved(claim: &Claim) -> Option<usize> {
    match claim {
        Claim::Moved { object, from: _ } => Some(*object),
        Claim::Own | Claim::Ambiguous(_) | Claim::Taken { .. } => None,
    }
}
