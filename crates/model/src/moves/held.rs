//! What an account holds, as far as names go.

use super::claim::{Claim, moved};
use super::names::Names;
use crate::desired::TemplateChoice;
use crate::library::LibraryTemplate;
use crate::live::{LiveConnector, LiveCycle};
use crate::mark::{AccountMark, TAG, entry_of, entry_tag, moved_from};

/// The objects of one kind in an account.
pub trait Held {
    /// Those under a name, as far as they may be this entry's.
    fn at(&self, entry: usize, name: &str) -> Vec<usize>;
    /// From which name an object is known to have come to its present one.
    fn came_from(&self, object: usize) -> Option<&str>;
}

/// The connectors of an account, and what it remembers of them.
#[derive(Clone, Copy, Debug)]
pub struct Connectors<'a> {
    /// All of them.
    pub all: &'a [LiveConnector],
    /// The account's mark.
    pub mark: Option<&'a AccountMark>,
}

impl Held for Connectors<'_> {
    fn at(&self, _: usize, name: &str) -> Vec<usize> {
        places(self.all, |connector| connector.name == name)
    }

    fn came_from(&self, object: usize) -> Option<&str> {
        let mark = self.mark?;
        mark.moved.get(&self.all[object].name).map(String::as_str)
    }
}

/// The cycles of an account.
#[derive(Clone, Copy, Debug)]
pub struct Cycles<'a> {
    /// All of them.
    pub all: &'a [LiveCycle],
    /// By entry, the template that it means.
    pub choices: &'a [&'a TemplateChoice],
    /// The published templates.
    pub templates: &'a [LibraryTemplate],
}

impl Cycles<'_> {
    fn is_of(&self, choice: &TemplateChoice, cycle: &LiveCycle) -> bool {
        let Some(id) = cycle.template_id.as_deref() else {
            return false;
        };
        let mut templates = self.templates.iter();
        templates.any(|it| it.id.eq_ignore_ascii_case(id) && choice.means(it))
    }

    /// The cycles as they will be found once they are renamed.
    pub fn renamed(&self, entries: &[Names<'_>], claims: &[Claim]) -> Vec<LiveCycle> {
        let mut cycles = self.all.to_vec();
        for (entry, claim) in entries.iter().zip(claims) {
            let Some(object) = moved(claim) else { continue };
            let cycle = &mut cycles[object];
            match entry_of(&cycle.tags).map(|old| format!("{TAG}{old}")) {
                Some(old) => {
                    let tags = cycle.tags.iter_mut();
                    let old = tags.filter(|tag| **tag == old);
                    old.for_each(|tag| *tag = entry_tag(entry.name));
                }
                None => entry.name.clone_into(&mut cycle.name),
            }
        }
        cycles
    }
}

impl Held for Cycles<'_> {
    /// The marked ones; else those of the entry's template that nobody marked.
    fn at(&self, entry: usize, name: &str) -> Vec<usize> {
        let marked = places(self.all, |cycle| entry_of(&cycle.tags) == Some(name));
        if !marked.is_empty() {
            return marked;
        }
        places(self.all, |cycle| {
            cycle.name == name
                && entry_of(&cycle.tags).is_none()
                && self.is_of(self.choices[entry], cycle)
        })
    }

    fn came_from(&self, object: usize) -> Option<&str> {
        moved_from(&self.all[object].tags)
    }
}

fn places<T>(all: &[T], fits: impl Fn(&T) -> bool) -> Vec<usize> {
    let fitting = all.iter().enumerate().filter(|(_, one)| fits(one));
    fitting.map(|(index, _)| index).collect()
}
