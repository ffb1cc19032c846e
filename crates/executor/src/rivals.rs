//! Two applies at once: a template's install has no guard against a second one in the instance.
//!
//! Whoever has installed looks at the account's cycles before anything is made of the new one. Both of
//! two see both, or the later one sees the earlier one's: so at least one of them gives way, and never
//! both. A cycle that bears a mark or a name of its own is ahead; between two bare ones the lower id
//! stays, and its owner waits until the other is gone or is ahead after all (`reliability.md` 1.4). Where
//! neither comes, since the other is dead, the owner gives way too, and the next apply adopts what is left.

use crate::explain::{is_throttled, plainly};
use crate::lane::{LaneMachine, Next};
use crate::learned::InstalledCycle;
use crate::look::{Look, Why};
use gangplank_cyclr::resource::cycle;
use gangplank_cyclr::{Certainty, Error, Request, Response};
use gangplank_live::Question;
use gangplank_model::mark::entry_of;
use gangplank_model::{CycleStatus, LiveCycle, ObjectPath, Operation, OperationKind, Outcome};

/// Cycles that this lane installed, and that are to go again: somebody else's stays.
#[derive(Clone, Debug)]
pub(crate) struct Retraction {
    /// The one to delete next is the last.
    ids: Vec<String>,
    /// How often that was sent.
    pub(crate) tries: u32,
    /// The entries that they were installed for.
    entries: Vec<String>,
}

impl Retraction {
    /// The cycle that is to be deleted next.
    pub(crate) fn id(&self) -> &str {
        self.ids.last().map_or("", String::as_str)
    }

    pub(crate) fn request(&self, account: &str) -> Request {
        cycle::delete(account, self.id())
    }
}

/// An entry whose cycle stands beside somebody else's.
#[derive(Clone, Debug)]
pub(crate) struct Contested {
    entry: String,
    id: String,
    standing: Standing,
    /// Whether the cycle may be deleted.
    is_bare: bool,
}

/// What becomes of one installed cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    /// Nobody else installed the same.
    Alone,
    /// The list does not show ours yet, so it may hide theirs as well.
    Unseen,
    /// Somebody did, and has to give way.
    Waits,
    /// Somebody did, and theirs stays.
    Loses,
}

/// Whether a cycle may go: what was only found after an answer was lost may be somebody else's, and so may be
/// what bears a mark by now.
fn is_bare(ours: &InstalledCycle, cycles: &[LiveCycle]) -> bool {
    let shown = cycles
        .iter()
        .find(|it| it.id.eq_ignore_ascii_case(&ours.id));
    let idle = shown.is_some_and(|it| {
        it.status == CycleStatus::Paused && !it.has_run && entry_of(&it.tags).is_none()
    });
    ours.certain && idle
}

impl LaneMachine {
    /// Whether somebody else installed the same has to be looked up before the current operation.
    pub(crate) fn contest(&self) -> Option<Look> {
        let needed =
            self.operation().kind.is_on_installed() && self.learned.unchecked().next().is_some();
        let account = self.operation().address.account.clone();
        needed.then(|| Look::new(Question::Cycles(account), Why::Rivals))
    }

    /// Judges the account's cycles after this lane installed some.
    pub(crate) fn rivals(&mut self, cycles: &[LiveCycle]) -> Next {
        let judged: Vec<Contested> = self
            .learned
            .unchecked()
            .map(|(entry, ours)| Contested {
                entry: entry.clone(),
                id: ours.id.clone(),
                standing: self.standing(entry, ours, cycles),
                is_bare: is_bare(ours, cycles),
            })
            .collect();
        let worst = judged.iter().map(|it| it.standing).max();
        let at_least = |standing| -> Vec<Contested> {
            let found = judged.iter().filter(|it| it.standing >= standing);
            found.cloned().collect()
        };
        self.current.contested = at_least(Standing::Waits);
        if self.stopped || !self.may_begin() {
            return self.contest_over();
        }
        if worst == Some(Standing::Loses) {
            return self.give_way(&at_least(Standing::Loses));
        }
        if worst > Some(Standing::Alone)
            && let Some(next) = self.look_for_rivals_again()
        {
            return next;
        }
        // Nobody is at work on theirs any more: the next apply takes it for the entry's.
        let waits = std::mem::take(&mut self.current.contested);
        if !waits.is_empty() {
            return self.give_way(&waits);
        }
        self.learned.check();
        self.prepare()
    }

    /// Nothing more is made of what was installed, and nobody waits: where somebody else's was seen, ours goes.
    pub(crate) fn contest_over(&mut self) -> Next {
        let contested = std::mem::take(&mut self.current.contested);
        self.learned.looked_in_vain = true;
        if contested.is_empty() {
            return Next::End(Outcome::Skipped, None);
        }
        self.give_way(&contested)
    }

    /// What was installed beside somebody else's goes.
    fn give_way(&mut self, contested: &[Contested]) -> Next {
        let (mut ids, mut entries) = (Vec::new(), Vec::new());
        for one in contested {
            let theirs = "somebody else installed the same at the same time, and theirs stays";
            let outcome = if one.is_bare {
                ids.push(one.id.clone());
                entries.push(one.entry.clone());
                Outcome::Diverged(format!(
                    "{theirs}: this run's cycle {}, which had never run, was deleted again; apply again",
                    one.id
                ))
            } else {
                Outcome::Unknown(format!(
                    "{theirs}; cycle {} may be this run's, whose answer was lost, or somebody else's: look \
                     at it, then apply again",
                    one.id
                ))
            };
            self.learned.lose(&one.entry, outcome);
        }
        let retraction = Retraction {
            ids,
            tries: 0,
            entries,
        };
        if retraction.ids.is_empty() {
            return self.gave_way();
        }
        Next::Retract(retraction)
    }

    /// Goes on with what is uncontested.
    fn gave_way(&mut self) -> Next {
        match self.lost() {
            Some(outcome) => Next::End(outcome, None),
            None if self.stopped || !self.may_begin() => Next::End(Outcome::Skipped, None),
            None => self.prepare(),
        }
    }

    /// How the current operation ends if its entry's cycle gave way: the first is told why.
    pub(crate) fn lost(&mut self) -> Option<Outcome> {
        let entry = match &self.operation().address.object {
            ObjectPath::Template(entry) if self.operation().kind.is_on_installed() => entry.clone(),
            ObjectPath::Template(_) | ObjectPath::Account | ObjectPath::Connector(_) => {
                return None;
            }
        };
        let outcome = self.learned.lost.get_mut(&entry)?;
        Some(std::mem::replace(outcome, Outcome::Skipped))
    }

    fn standing(&self, entry: &str, ours: &InstalledCycle, cycles: &[LiveCycle]) -> Standing {
        let operation = &self.lane.operations[ours.index];
        let OperationKind::InstallTemplate {
            template_id,
            known_cycles,
            ..
        } = &operation.kind
        else {
            return Standing::Alone;
        };
        // A list without ours is older than ours, and may be older than theirs.
        let Some(shown) = cycles
            .iter()
            .find(|it| it.id.eq_ignore_ascii_case(&ours.id))
        else {
            return Standing::Unseen;
        };
        let is_known = |it: &LiveCycle| {
            known_cycles.contains(&it.id) || self.learned.installed_ids().any(|id| id == it.id)
        };
        let same = |it: &&LiveCycle| {
            let template = it.template_id.as_deref();
            template.is_some_and(|id| id.eq_ignore_ascii_case(template_id)) && !is_known(it)
        };
        let theirs = cycles.iter().filter(same);
        let standings = theirs.map(|theirs| match entry_of(&theirs.tags) {
            Some(marked) if marked == entry => Standing::Loses,
            // It is another entry's.
            Some(_) => Standing::Alone,
            None if theirs.status == CycleStatus::Active || theirs.has_run => Standing::Alone,
            None if theirs.name != shown.name && theirs.name == entry => Standing::Loses,
            None if ours.id.to_lowercase() > theirs.id.to_lowercase() => Standing::Loses,
            None => Standing::Waits,
        });
        standings.max().unwrap_or(Standing::Alone)
    }

    /// `None` when it was looked for long enough.
    fn look_for_rivals_again(&mut self) -> Option<Next> {
        let (since, looks) = *self.current.contest.get_or_insert((self.now, 0));
        let settle = self.context.settings.settle;
        let waited = self.now.saturating_sub(since);
        let left = settle.checked_sub(waited).filter(|left| !left.is_zero())?;
        self.current.contest = Some((since, looks + 1));
        let account = self.operation().address.account.clone();
        let delay = self.pace.look(looks + 1).min(left);
        Some(Next::LookAfter(
            Look::new(Question::Cycles(account), Why::Rivals),
            delay,
            "somebody else seems to install the same template; looking whose stays".to_owned(),
        ))
    }

    /// The delete of one of our cycles was answered.
    pub(crate) fn retracted(
        &mut self,
        mut retraction: Retraction,
        result: Result<Response, Error>,
    ) -> Next {
        let error = match result {
            Err(error) if !error.is_not_found() => error,
            Ok(_) | Err(_) => {
                retraction.ids.pop();
                retraction.tries = 0;
                if retraction.ids.is_empty() {
                    return self.gave_way();
                }
                return Next::Retract(retraction);
            }
        };
        let refused = error.certainty() == Certainty::Refused && !is_throttled(&error);
        let spent = retraction.tries >= self.context.settings.attempts;
        let why = plainly(&error);
        if refused || spent || self.stopped {
            return self.not_retracted(&retraction, &why);
        }
        let delay = self.pace.delay(retraction.tries, error.retry_after());
        Next::RetractAfter(retraction, delay, why)
    }

    /// Copies are left behind that only a person can remove.
    pub(crate) fn not_retracted(&mut self, retraction: &Retraction, why: &str) -> Next {
        let ids = retraction.ids.join(", ");
        for entry in &retraction.entries {
            let why = format!(
                "somebody else installed the same at the same time, and theirs stays; what this run \
                 installed ({ids}), which has never run, could not be deleted ({why}): delete it, then apply again"
            );
            self.learned.lose(entry, Outcome::Unknown(why));
        }
        self.gave_way()
    }

    /// How the journal calls the delete of one of our cycles.
    pub(crate) fn retraction(operation: &Operation, id: &str) -> Operation {
        Operation {
            address: operation.address.clone(),
            kind: OperationKind::DeleteCycle { id: id.to_owned() },
            depends_on: Vec::new(),
        }
    }
}
