//! Rows to accounts, one at a time.

use super::absent::{is_empty, leave_out};
use super::capped::Capped;
use super::load::{Roster, empty};
use super::row::Row;
use super::rows::rows;
use crate::argument::Given;
use crate::decode::{Decode, Field};
use crate::entry::{BodyEntry, RosterAccountEntry, RosterEntry, Typed};
use crate::expression::{Scope, is_expression};
use crate::ids::Ids;
use crate::lower::{Head, Hints, Lowering, account};
use crate::node::{Key, Kind, Node};
use crate::profile::Profiles;
use crate::shared::{Part, Parts};
use gangplank_model::{AccountSpec, Origin, Sourced};
use minijinja::Value;
use std::collections::HashMap;
use std::rc::Rc;

/// What rows are expanded with.
pub(crate) struct Expansion<'a, 'm> {
    pub(crate) profiles: &'a mut Profiles<'m>,
    pub(crate) lowering: &'a mut Lowering<'m>,
    pub(crate) ids: &'a mut Ids,
    /// What expressions may say of the instance.
    pub(crate) instance: &'a Value,
    pub(crate) keep: &'a mut dyn FnMut(AccountSpec),
    capped: Capped,
}

/// Bodies by their profile and by the keys that are left out of them.
type Bodies = HashMap<(String, Vec<bool>), Rc<BodyEntry>>;

/// Bodies that are kept for the rows to come.
const MOST_BODIES: usize = 1000;

/// One roster on its way.
struct Template<'e> {
    account: &'e RosterAccountEntry,
    /// Where the account is written.
    written: &'e Origin,
    condition: Option<&'e Sourced<String>>,
    /// Keys that a row may leave out, by their expressions.
    optional: Vec<String>,
    /// The body for each profile that rows have named, and for the keys that they left out; `None`
    /// where it differs from row to row.
    bodies: Option<Bodies>,
}

impl<'a, 'm> Expansion<'a, 'm> {
    pub(crate) fn new(
        profiles: &'a mut Profiles<'m>,
        lowering: &'a mut Lowering<'m>,
        ids: &'a mut Ids,
        instance: &'a Value,
        keep: &'a mut dyn FnMut(AccountSpec),
    ) -> Self {
        Self {
            profiles,
            lowering,
            ids,
            instance,
            keep,
            capped: Capped::default(),
        }
    }

    /// Makes an account of each row that is kept.
    pub(crate) fn roster(&mut self, roster: &Roster, entry: &RosterEntry) {
        let Some(Sourced {
            value: account,
            origin: written,
        }) = &entry.account.0
        else {
            return;
        };
        let body = &account.body;
        let from_row = is_computed(&body.connectors) || is_computed(&body.templates);
        let mut optional = Vec::new();
        leave_out(&mut body.clone(), &mut |text| {
            optional.push(text.to_owned());
            false
        });
        let mut template = Template {
            account,
            written,
            optional,
            condition: entry.r#where.0.as_ref(),
            bodies: (!from_row).then(HashMap::new),
        };
        let sources = self.lowering.sources;
        let mut kept = false;
        let before = self.lowering.problems.found();
        for file in &roster.files {
            let source = &sources.files()[file.file];
            rows(source, file.format, &file.columns, &mut |row| {
                kept |= self.row(row, &mut template);
            });
        }
        if let Some(condition) = template.condition
            && roster.rows > 0
            && !kept
            && !entry.may_be_empty()
            && self.lowering.problems.found() == before
        {
            let problem = empty(&condition.origin, "it keeps none of the rows");
            self.lowering.problems.push(problem);
        }
    }

    /// Tells of what was too much to tell.
    pub(crate) fn finish(self) {
        self.lowering.hints = Hints::Sought;
        self.capped.finish(self.lowering.problems);
    }

    /// Whether the row is kept. Its problems are collected for themselves first, to be counted.
    fn row(&mut self, row: Row, template: &mut Template<'_>) -> bool {
        let all = std::mem::take(self.lowering.problems);
        self.lowering.scope = Scope::of_row(row, self.instance);
        if self.capped.is_full() {
            self.lowering.hints = Hints::Omitted;
        }
        let condition = template.condition;
        let kept = condition.is_none_or(|condition| self.lowering.condition(condition));
        if kept && let Some(account) = self.account(template) {
            (self.keep)(account);
        }
        let problems = std::mem::replace(self.lowering.problems, all);
        self.capped.merge(problems, self.lowering.problems);
        kept
    }

    fn account(&mut self, template: &mut Template<'_>) -> Option<AccountSpec> {
        let entry = template.account;
        let id = self.lowering.text(entry.id.0.as_ref()?)?;
        if let Some(problem) = self.ids.add(&id) {
            self.lowering.problems.push(problem);
        }
        self.lowering.scope.id(&id.value);
        let complete = self.lowering.complete;
        let profile = match &entry.profile.0 {
            Some(profile) if is_expression(&profile.value) => {
                let profile = self.lowering.optional(profile);
                if let Some(profile) = &profile
                    && !self.profiles.knows(profile, self.lowering.problems)
                {
                    // The rest of the row is checked as far as it goes without.
                    self.lowering.complete = false;
                }
                profile
            }
            // A fixed one was looked up when the manifest was read.
            fixed => fixed.clone(),
        };
        let body = self.body(template, profile.as_ref());
        let given = Given {
            under: self.profiles.arguments(profile.as_ref()),
            own: entry.arguments.get(),
            defaults: self.profiles.default_arguments(),
            written: template.written,
        };
        let row = self.lowering.scope.row();
        let origin = row.map_or_else(|| id.origin.clone(), |row| row.origin());
        let head = Head {
            id: &id,
            origin: &origin,
            parent: entry.parent.0.as_ref(),
            state: entry.state.0.as_ref(),
            arguments: &given,
        };
        let account = account(&head, &body, self.lowering);
        self.lowering.complete = complete;
        Some(account)
    }

    /// What the account says, on top of its profile; made once for all rows that are alike.
    fn body(
        &mut self,
        template: &mut Template<'_>,
        profile: Option<&Sourced<String>>,
    ) -> Rc<BodyEntry> {
        let lowering = &mut *self.lowering;
        let empty = |text: &String| is_empty(text, lowering.expressions, &lowering.scope);
        let left_out: Vec<bool> = template.optional.iter().map(empty).collect();
        let name = profile.map_or("", |profile| profile.value.as_str());
        let key = (name.to_owned(), left_out);
        let known = template.bodies.as_ref().and_then(|it| it.get(&key));
        if let Some(known) = known {
            return known.clone();
        }
        let mut body = template.account.body.clone();
        let mut left_out = key.1.iter();
        leave_out(&mut body, &mut |_| left_out.next() == Some(&true));
        body.connectors = lowering.list_of_row(body.connectors, "connector");
        body.templates = lowering.list_of_row(body.templates, "template");
        let mut body = self.profiles.under(&body, profile);
        let Some(bodies) = template.bodies.as_mut().filter(|it| it.len() < MOST_BODIES) else {
            return Rc::new(body);
        };
        body.share();
        let body = Rc::new(body);
        bodies.insert(key, body.clone());
        body
    }
}

/// A list that may have to be computed.
type ListField<T> = Field<Typed<Parts<T>>>;

fn is_computed<T: Part>(field: &ListField<T>) -> bool {
    matches!(field.get(), Some(Typed::Expression(_)))
}

impl Lowering<'_> {
    /// Whether a row is kept: the condition with or without `{{ }}`.
    fn condition(&mut self, condition: &Sourced<String>) -> bool {
        let braced = braced(&condition.value);
        let computed = Sourced::new(Typed::Expression(braced), condition.origin.clone());
        let kept = self.typed::<bool>(Some(&computed));
        kept.is_some_and(|kept| kept.value)
    }

    /// A list that a row gives: entries as they would be written, or names. In a CSV file these
    /// stand in one cell with `;` between them.
    fn list_of_row<T: Decode + Part>(&mut self, field: ListField<T>, key: &str) -> ListField<T> {
        let Some(Sourced {
            value: Typed::Expression(text),
            origin,
        }) = field.0
        else {
            return field;
        };
        let Some(mut node) = self.node(&Sourced::new(text, origin)) else {
            return Field(None);
        };
        if let Some(text) = node.scalar() {
            let names = text.split(';').map(str::trim).filter(|it| !it.is_empty());
            let entries = names.map(|name| Node {
                origin: node.origin.clone(),
                kind: Kind::Text(name.to_owned()),
            });
            node.kind = Kind::List(entries.collect());
        }
        if let Kind::List(items) = &mut node.kind {
            for item in items {
                name_entry(item, key);
            }
        }
        let origin = node.origin.clone();
        let list = Parts::decode(node, self.problems);
        Field(list.map(|list| Sourced::new(Typed::Given(list), origin)))
    }
}

/// A condition as an expression.
pub(crate) fn braced(condition: &str) -> String {
    let text = condition.trim();
    if text.starts_with("{{") {
        text.to_owned()
    } else {
        format!("{{{{ {text} }}}}")
    }
}

/// A name becomes an entry that says no more than its name.
fn name_entry(item: &mut Node, key: &str) {
    if let Kind::Text(name) = &item.kind {
        let name = Node {
            origin: item.origin.clone(),
            kind: Kind::Text(name.clone()),
        };
        let key = Key {
            origin: item.origin.clone(),
            text: key.to_owned(),
        };
        item.kind = Kind::Map(vec![(key, name)]);
    }
}

impl std::fmt::Debug for Expansion<'_, '_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Expansion").finish_non_exhaustive()
    }
}
