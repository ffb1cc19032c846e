//! What may not be removed: said by a line of the manifest, or kept in the account's mark.

use crate::diff::Pass;
use gangplank_model::{
    AccountMark, AccountSpec, Action, Address, Change, Diagnostic, FieldChange, LiveCycle,
    ObjectPath, Origin, Protection, Reason, Shown, Sourced, code,
};

/// What protects one object.
#[derive(Clone, Copy, Debug)]
enum By<'a> {
    Line(&'a Origin),
    Mark,
}

/// What is protected in one account.
#[derive(Clone, Debug)]
pub(crate) struct Guard<'a> {
    spec: Option<&'a AccountSpec>,
    held: Protection,
}

impl<'a> Guard<'a> {
    /// The mark by the names that objects will have; an account that nobody declares has no lines.
    pub(crate) fn of(
        pass: &Pass<'_>,
        spec: Option<&'a AccountSpec>,
        mark: Option<&AccountMark>,
    ) -> Self {
        let mark = mark.filter(|_| pass.context.marks);
        let held = mark.map(|mark| mark.protected.clone());
        Self {
            spec,
            held: held.unwrap_or_default(),
        }
    }

    fn line(&self, object: &ObjectPath) -> Option<&'a Sourced<bool>> {
        let spec = self.spec?;
        match object {
            ObjectPath::Account => spec.protect.as_ref(),
            ObjectPath::Connector(name) => {
                let entry = spec.connectors.iter().find(|it| it.name == *name)?;
                entry.protect.as_ref()
            }
            ObjectPath::Template(name) => {
                let entry = spec.templates.iter().find(|it| it.name == *name)?;
                entry.protect.as_ref()
            }
        }
    }

    fn is_held(&self, object: &ObjectPath) -> bool {
        match object {
            ObjectPath::Account => self.held.account,
            ObjectPath::Connector(name) => self.held.connectors.contains(name),
            ObjectPath::Template(name) => self.held.templates.contains(name),
        }
    }

    /// A line has the last word; without one the mark counts.
    fn by(&self, object: &ObjectPath) -> Option<By<'a>> {
        match self.line(object) {
            Some(line) if line.value => Some(By::Line(&line.origin)),
            Some(_) => None,
            None => self.is_held(object).then_some(By::Mark),
        }
    }

    /// Refuses every removal of what is protected.
    pub(crate) fn check(&self, pass: &mut Pass<'_>, changes: &[Change]) {
        for change in changes.iter().filter(|it| it.action == Action::Remove) {
            if let Some(by) = self.by(&change.address.object) {
                let what = format!("{} is protected, and would be removed", change.address);
                self.refuse(pass, change, (by, &change.address, &what));
            }
        }
    }

    /// Refuses a removal that may take a cycle along (cyclr-api.md 4, U4).
    pub(crate) fn check_along(&self, pass: &mut Pass<'_>, change: &Change, cycle: &LiveCycle) {
        let name = crate::moves::key(cycle);
        let address = Address::template(&change.address.account, name);
        if let Some(by) = self.by(&address.object) {
            let what = format!(
                "{address} is protected, and may go along with {}",
                change.address
            );
            self.refuse(pass, change, (by, &address, &what));
        }
    }

    fn refuse(
        &self,
        pass: &mut Pass<'_>,
        change: &Change,
        (by, address, what): (By<'_>, &Address, &str),
    ) {
        let mut problem = Diagnostic::error(code::PROTECTED, what);
        if let Some(origin) = &change.origin {
            problem = problem.at(origin, asked(change));
        }
        problem = match by {
            By::Line(line) => problem.at(line, "protected here"),
            By::Mark => problem.detail(
                "The protection is kept in the account's mark: taking its line away does not lift it.",
            ),
        };
        let lift = if self.is_declared(&address.object) {
            "lift it first, with `protect: false` on that entry".to_owned()
        } else {
            format!("lift it first: declare {address} with `protect: false`")
        };
        pass.problems.push(problem.hint(lift));
    }

    fn is_declared(&self, object: &ObjectPath) -> bool {
        self.spec.is_some_and(|spec| match object {
            ObjectPath::Account => true,
            ObjectPath::Connector(name) => spec.connectors.iter().any(|it| it.name == *name),
            ObjectPath::Template(name) => spec.templates.iter().any(|it| it.name == *name),
        })
    }

    /// The field of a change that sets or lifts protection; `None` where nothing changes.
    pub(crate) fn field(&self, pass: &mut Pass<'_>, object: &ObjectPath) -> Option<FieldChange> {
        let line = self.line(object)?;
        if !pass.context.marks {
            pass.unkept += usize::from(line.value);
            return None;
        }
        let held = self.is_held(object);
        (line.value != held).then(|| FieldChange {
            field: "protect".into(),
            before: Shown::Text(held.to_string()),
            after: Shown::Text(line.value.to_string()),
            origin: Some(line.origin.clone()),
        })
    }

    /// Puts that into the change of an object, or makes one of it; says whether it did.
    pub(crate) fn say(
        &self,
        pass: &mut Pass<'_>,
        object: &ObjectPath,
        (change, blank): (&mut Option<Change>, &dyn Fn() -> Change),
    ) -> bool {
        let is_blocked = |it: &Change| it.action == Action::Block;
        if change.as_ref().is_some_and(is_blocked) {
            return false;
        }
        let Some(field) = self.field(pass, object) else {
            return false;
        };
        let change = change.get_or_insert_with(blank);
        if change.action == Action::Wait {
            change.action = Action::Update;
            change.reasons.insert(0, Reason::Differs);
        }
        change.fields.push(field);
        true
    }
}

/// Writes down what is protected from now on.
pub(crate) fn set(protected: &mut Protection, object: &ObjectPath, protect: bool) {
    let (names, name) = match object {
        ObjectPath::Account => {
            protected.account = protect;
            return;
        }
        ObjectPath::Connector(name) => (&mut protected.connectors, name),
        ObjectPath::Template(name) => (&mut protected.templates, name),
    };
    if protect {
        names.insert(name.clone());
    } else {
        names.remove(name);
    }
}

/// What asked for a removal, as a label says it.
pub(crate) fn asked(change: &Change) -> &'static str {
    let undeclared = |reason: &Reason| matches!(reason, Reason::Undeclared(_));
    if change.reasons.iter().any(undeclared) {
        "`exclusive: true`"
    } else {
        "`state: absent`"
    }
}
