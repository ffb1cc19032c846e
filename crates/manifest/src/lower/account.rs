//! One account with all that is in it.

use super::Lowering;
use super::moved::Named;
use crate::alike::{Folds, told};
use crate::argument::Given;
use crate::decode::Map;
use crate::entry::{BodyEntry, Scalar, StateEntry, Typed};
use crate::expression::Scope;
use crate::shared::{Item, Part, Parts};
use gangplank_model::code;
use gangplank_model::lease::is_lease;
use gangplank_model::{
    AccountFields, AccountId, AccountSpec, ByName, Diagnostic, Origin, Presence, Sourced, by_name,
};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

/// Different labels, and different names, that are kept for accounts to come.
const MOST_KEPT: usize = 1000;

/// What an account says of itself, beside what its profile can say.
#[derive(Debug)]
pub(crate) struct Head<'a> {
    pub(crate) id: &'a Sourced<String>,
    /// Where the entry stands.
    pub(crate) origin: &'a Origin,
    pub(crate) parent: Option<&'a Sourced<String>>,
    pub(crate) state: Option<&'a Sourced<Typed<StateEntry>>>,
    pub(crate) arguments: &'a Given<'a>,
}

/// What the expressions of one account could read.
#[derive(Debug)]
pub(crate) struct Watched {
    pub(crate) id: AccountId,
    pub(crate) scope: Option<Scope>,
}

/// The account, or as much of it as could be made; problems are told.
pub(crate) fn account(
    head: &Head<'_>,
    body: &BodyEntry,
    lowering: &mut Lowering<'_>,
) -> AccountSpec {
    let id = head.id;
    lowering.check_id(id);
    if head.arguments.read_account() {
        lowering.before_arguments(body);
    }
    lowering.arguments(head.arguments);
    let labels = lowering.labels(body.labels.get());
    lowering.scope.labels(&labels);
    let name = lowering.maybe(&body.name);
    if let Some(name) = &name {
        lowering.check_name("an account's name", name);
        lowering.scope.name(&name.value);
    }
    let fields = AccountFields {
        name,
        ..lowering.fields(body)
    };
    let parent = head.parent.and_then(|parent| lowering.optional(parent));
    if let Some(parent) = &parent
        && parent.value == id.value
    {
        let problem = Diagnostic::error(code::OWN_PARENT, "an account that is its own parent");
        let problem = problem.at(&parent.origin, "");
        lowering
            .problems
            .push(problem.hint("name another account, or take `parent` away"));
    }
    if let Some(parent) = &parent {
        lowering.check_reserved(parent);
    }
    let connectors = lowering.list(body.connectors.0.as_ref());
    let connectors: Vec<_> = connectors
        .iter()
        .filter_map(|item| lowering.shared(item, Lowering::connector))
        .collect();
    let places = connectors
        .iter()
        .map(|spec| (spec.name.as_str(), &spec.origin));
    lowering.check_unique("connector", places);
    if connectors.iter().any(|it| !it.moved.is_empty()) {
        let names = connectors
            .iter()
            .map(|it| Named::connector(it))
            .collect::<Vec<_>>();
        lowering.check_moves("connector", &names);
    }
    let templates = lowering.list(body.templates.0.as_ref());
    let templates: Vec<_> = templates
        .iter()
        .filter_map(|item| lowering.shared(item, Lowering::template))
        .collect();
    let places = templates
        .iter()
        .map(|spec| (spec.name.as_str(), &spec.origin));
    lowering.check_unique("template", places);
    if templates.iter().any(|it| !it.moved.is_empty()) {
        let names = templates
            .iter()
            .map(|it| Named::template(it))
            .collect::<Vec<_>>();
        lowering.check_moves("template", &names);
    }
    let account_id = AccountId::new(&id.value);
    if let Some(watched) = &mut lowering.watched
        && watched.id == account_id
        && !lowering.rehearsal
    {
        watched.scope = Some(lowering.scope.clone());
    }
    AccountSpec {
        id: account_id,
        origin: head.origin.clone(),
        presence: lowering.presence(head.state),
        fields,
        parent: parent.map(|parent| parent.map(AccountId::new)),
        labels,
        protect: lowering.typed(body.protect.0.as_ref()),
        exclusive: lowering.typed(body.exclusive.0.as_ref()),
        connectors,
        templates,
    }
}

impl Lowering<'_> {
    pub(super) fn presence(&mut self, state: Option<&Sourced<Typed<StateEntry>>>) -> Presence {
        match self.typed(state).map(|state| state.value) {
            Some(StateEntry::Absent) => Presence::Absent,
            Some(StateEntry::Present) | None => Presence::Present,
        }
    }

    /// What the values of arguments may say of the account: all that does not read arguments itself.
    fn before_arguments(&mut self, body: &BodyEntry) {
        let reads = |text: &str| text.contains("argument");
        let mut own = body.labels.clone();
        if let Some(labels) = &mut own.0 {
            labels.value.0.retain(|(_, label)| !reads(&label.value.0));
        }
        let labels = self.labels(own.get());
        self.scope.labels(&labels);
        if let Some(name) = body.name.0.as_ref().filter(|name| !reads(&name.value))
            && let Some(name) = self.optional(name)
        {
            self.scope.name(&name.value);
        }
    }

    /// The entries of a list. One that comes from a row was put in before profiles were merged.
    fn list<'a, T: Part>(
        &mut self,
        list: Option<&'a Sourced<Typed<Parts<T>>>>,
    ) -> &'a [Arc<Item<T>>] {
        match list.map(|list| (&list.value, &list.origin)) {
            None => &[],
            Some((Typed::Given(list), _)) => list.items(),
            Some((Typed::Expression(_), origin)) => {
                let summary = "an expression that gives no list";
                self.problems.push(
                    Diagnostic::error(code::BAD_EXPRESSION, summary)
                        .at(origin, "expected a list")
                        .hint("only the account of a roster can take a list from its row"),
                );
                &[]
            }
        }
    }

    /// The lease is no customer: an account that is planned would take it away from those who wait for it.
    fn check_reserved(&mut self, id: &Sourced<String>) {
        if is_lease(&id.value) {
            let problem = Diagnostic::error(
                code::RESERVED_ACCOUNT,
                "an account id that Gangplank keeps for itself",
            );
            self.problems.push(
                problem
                    .at(&id.origin, "reserved")
                    .detail("`gangplank apply --lock` keeps its lease in the account of that id.")
                    .hint("choose another id"),
            );
        }
    }

    fn check_id(&mut self, id: &Sourced<String>) {
        if !self.check_name("an account id", id) {
            return;
        }
        self.check_reserved(id);
        if !id.value.is_ascii() {
            let problem = Diagnostic::error(code::BAD_NAME, "an account id that no call can name");
            self.problems.push(
                problem
                    .at(&id.origin, "expected letters, digits and signs of ASCII")
                    .detail("The id is sent in the header X-Cyclr-Account, which takes no others.")
                    .hint(
                        if id
                            .value
                            .contains(['\u{201c}', '\u{201d}', '\u{2018}', '\u{2019}'])
                        {
                            "type straight quotes, or none: `id: acme-001`"
                        } else {
                            "write an id such as acme-001; the name can have any letters"
                        },
                    ),
            );
        } else if matches!(&*id.value, "." | "..") || id.value.contains("{{") {
            let problem = Diagnostic::error(code::BAD_NAME, "an account id that cannot be used");
            let hint = if id.value.contains("{{") {
                "write the id out; only a roster's account has an expression for it"
            } else {
                "write an id such as acme-001"
            };
            self.problems.push(problem.at(&id.origin, "").hint(hint));
        }
    }

    fn labels(&mut self, labels: Option<&Map<Scalar>>) -> Arc<ByName<String>> {
        let labels = labels.into_iter().flat_map(|labels| &labels.0);
        let labels = by_name(labels.filter_map(|(key, label)| {
            let text = Sourced::new(label.value.0.clone(), label.origin.clone());
            Some((key.text.clone(), self.optional(&text)?.value))
        }));
        if let Some(known) = self.labels.get(&labels) {
            return known.clone();
        }
        let labels = Arc::new(labels);
        if self.labels.len() < MOST_KEPT {
            self.labels.insert(labels.clone());
        }
        labels
    }

    fn fields(&mut self, body: &BodyEntry) -> AccountFields {
        let timezone = self.maybe(&body.timezone);
        let next_bill_date_utc = self.maybe(&body.next_bill_date_utc);
        let before = self.problems.found();
        let url = self.maybe(&body.transaction_error_webhook_url);
        let enabled = self.typed(body.transaction_error_webhook_enabled.0.as_ref());
        if let Some(enabled) = &enabled
            && enabled.value
            && url.is_none()
            && self.problems.found() == before
        {
            self.no_webhook(&enabled.origin);
        }
        AccountFields {
            name: None,
            description: self.maybe(&body.description),
            timezone: timezone.and_then(|zone| self.timezone(zone)),
            audit_info: self.maybe(&body.audit_info),
            task_audit_info: self.maybe(&body.task_audit_info),
            next_bill_date_utc: next_bill_date_utc.and_then(|time| self.time(time)),
            step_data_success_retention_hours: self
                .retention(body.step_data_success_retention_hours.0.as_ref()),
            step_data_errored_retention_hours: self
                .retention(body.step_data_errored_retention_hours.0.as_ref()),
            transaction_error_webhook_enabled: enabled,
            transaction_error_webhook_url: url.and_then(|url| self.webhook(url)),
            transaction_error_webhook_include_warnings: self
                .typed(body.transaction_error_webhook_include_warnings.0.as_ref()),
        }
    }

    /// Enabled without a URL is refused by the vendor, whatever is stored (cyclr-api.md 2.1).
    fn no_webhook(&mut self, enabled: &Origin) {
        if self.complete {
            let summary = "a webhook that is enabled needs a URL";
            self.problems.push(
                Diagnostic::error(code::WEBHOOK_WITHOUT_URL, summary)
                    .at(enabled, "")
                    .hint("add `transaction_error_webhook_url: https://...`"),
            );
        }
    }

    fn check_unique<'a>(
        &mut self,
        what: &str,
        entries: impl ExactSizeIterator<Item = (&'a str, &'a Origin)>,
    ) {
        if entries.len() < 2 {
            return;
        }
        let entries: Vec<_> = entries
            .map(|(name, origin)| (self.folds(name), name, origin))
            .collect();
        let mut seen: HashMap<&str, &Origin> = HashMap::new();
        let mut alike: HashMap<&str, &Origin> = HashMap::new();
        for (folds, name, origin) in &entries {
            // Whether the vendor minds case is not known (cyclr-api.md 5, U23), so names must differ in more.
            let same = seen.insert(&folds.lower, origin);
            let looks = [&folds.folded, &folds.looks].map(|it| alike.insert(it, origin));
            if let Some(first) = same {
                let summary = format!("two {what}s of one name in an account");
                self.problems.push(
                    Diagnostic::error(code::DUPLICATE_NAME, summary)
                        .at(origin, "again here")
                        .at(first, "first here")
                        .hint(format!("give one of them another name: `name: {name} (2)`")),
                );
            } else if let Some(first) = looks.into_iter().flatten().find(|it| it != origin) {
                let problem = told(&format!("{what}s in an account"), origin, first);
                self.problems.push(problem);
            }
        }
    }

    fn folds(&mut self, name: &str) -> Rc<Folds> {
        if let Some(known) = self.folds.get(name) {
            return known.clone();
        }
        let folds = Rc::new(Folds::of(name));
        if self.folds.len() < MOST_KEPT {
            self.folds.insert(name.to_owned(), folds.clone());
        }
        folds
    }
}
