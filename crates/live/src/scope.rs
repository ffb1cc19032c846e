//! What must be read: the manifest decides, so that nothing is asked in vain.

use gangplank_model::moves::temporary;
use gangplank_model::{
    AccountId, AccountSpec, ConnectorSpec, Desired, Presence, Sourced, StepSpec, TemplateChoice,
    TemplateSpec, Value,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a manifest makes it necessary to read of an instance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Whether accounts that nobody declares are needed, with all that is in them.
    pub undeclared: bool,
    /// By declared account.
    pub accounts: BTreeMap<AccountId, AccountScope>,
    /// Whether the connector library is needed.
    pub library: bool,
    /// Whether the published templates are needed.
    pub templates: bool,
}

/// What must be read of one account, if it exists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountScope {
    /// Whether its sub-accounts are needed.
    pub sub_accounts: bool,
    /// Whether its connectors are needed.
    pub connectors: bool,
    /// Whether its cycles are needed.
    pub cycles: bool,
    /// By the installed connector's name, the present one or a former one: the properties declared as
    /// plain text. Only their values are kept, since any other may be a secret.
    pub plain_properties: BTreeMap<String, BTreeSet<String>>,
    /// What is needed of the cycles of declared templates.
    pub templates: Vec<TemplateScope>,
}

/// What must be read of the cycle that belongs to one declared template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateScope {
    /// The entry's name.
    pub entry: String,
    /// Its former names.
    pub from: Vec<Sourced<String>>,
    /// The template, to find an unmarked cycle.
    pub choice: TemplateChoice,
    /// Whether variables are declared.
    pub variables: bool,
    /// By step name: what is declared of it.
    pub steps: BTreeMap<String, StepScope>,
}

/// What must be read of one step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StepScope {
    /// Whether parameters are declared.
    pub parameters: bool,
    /// Whether field mappings are declared.
    pub fields: bool,
}

impl Scope {
    /// Works out what the manifest makes it necessary to read.
    pub fn of(desired: &Desired) -> Self {
        let accounts = &desired.accounts;
        Self {
            undeclared: desired
                .instance
                .as_ref()
                .is_some_and(|instance| instance.exclusive.is_some()),
            accounts: accounts
                .iter()
                .map(|account| (account.id.clone(), AccountScope::of(account)))
                .collect(),
            library: accounts.iter().any(|account| {
                account.presence == Presence::Present
                    && account.connectors.iter().any(|it| is_wanted_connector(it))
            }),
            templates: accounts.iter().any(|account| {
                account.presence == Presence::Present && !account.templates.is_empty()
            }),
        }
    }
}

fn is_removed(connector: &ConnectorSpec) -> bool {
    connector.presence == Presence::Absent
}

fn is_wanted_connector(connector: &ConnectorSpec) -> bool {
    connector.presence == Presence::Present
}

impl AccountScope {
    /// Removal runs from the inside out, so all that stands in the account must be known, and what the
    /// instance may take along with it.
    pub(crate) fn removal() -> Self {
        Self {
            sub_accounts: true,
            connectors: true,
            cycles: true,
            ..Self::default()
        }
    }

    fn of(account: &AccountSpec) -> Self {
        if account.presence == Presence::Absent {
            return Self::removal();
        }
        let exclusive = account.exclusive_at().is_some();
        let (connectors, templates) = (&account.connectors, &account.templates);
        Self {
            sub_accounts: false,
            connectors: exclusive || !connectors.is_empty() || !templates.is_empty(),
            // A connector that goes may take running cycles along.
            cycles: exclusive
                || !templates.is_empty()
                || connectors.iter().any(|it| is_removed(it)),
            plain_properties: plain_properties(connectors),
            templates: templates.iter().map(|it| TemplateScope::of(it)).collect(),
        }
    }
}

/// By name. What is a secret of any entry to which a connector of that name may belong is left out.
fn plain_properties(connectors: &[Arc<ConnectorSpec>]) -> BTreeMap<String, BTreeSet<String>> {
    let mut plain: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut secret: BTreeSet<(String, String)> = BTreeSet::new();
    for connector in connectors {
        let former = connector.moved.iter().map(|from| from.value.clone());
        let moving = (!connector.moved.is_empty()).then(|| temporary(&connector.name));
        let names = std::iter::once(connector.name.clone());
        let names: Vec<String> = names.chain(former).chain(moving).collect();
        for (property, value) in connector.all_properties() {
            for name in &names {
                if matches!(value.value, Value::Text(_)) {
                    let known = plain.entry(name.clone()).or_default();
                    known.insert(property.clone());
                } else {
                    secret.insert((name.clone(), property.clone()));
                }
            }
        }
    }
    for (name, property) in secret {
        if let Some(known) = plain.get_mut(&name) {
            known.remove(&property);
        }
    }
    plain.retain(|_, known| !known.is_empty());
    plain
}

impl TemplateScope {
    fn of(template: &TemplateSpec) -> Self {
        let wanted = template.presence == Presence::Present;
        Self {
            entry: template.name.clone(),
            from: template.moved.clone(),
            choice: template.template.value.clone(),
            variables: wanted && !template.variables.is_empty(),
            steps: template
                .steps
                .iter()
                .filter(|_| wanted)
                .map(|(name, step)| (name.clone(), StepScope::of(step)))
                .filter(|(_, scope)| scope.parameters || scope.fields)
                .collect(),
        }
    }
}

impl StepScope {
    fn of(step: &StepSpec) -> Self {
        Self {
            parameters: !step.parameters.is_empty(),
            fields: !step.fields.is_empty(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gangplank_model::testing::{account, connector, desired, sourced, template};
    use gangplank_model::{AuthSpec, MappingSpec, SecretRef, by_name};

    fn scope_of(change: impl FnOnce(&mut AccountSpec)) -> (Scope, AccountScope) {
        let mut spec = account("a");
        change(&mut spec);
        let scope = Scope::of(&desired(vec![spec]));
        let account = scope.accounts[&AccountId::new("a")].clone();
        (scope, account)
    }

    #[test]
    fn only_what_is_declared_is_read() {
        type Change = fn(&mut AccountSpec);
        let cases: [(&str, Change, [bool; 4]); 6] = [
            ("nothing", |_| {}, [false; 4]),
            (
                "a connector",
                |a| a.connectors.push(connector("x", None).into()),
                [true, false, true, false],
            ),
            (
                "a connector to remove",
                |a| {
                    a.connectors.push(connector("x", None).into());
                    std::sync::Arc::make_mut(&mut a.connectors[0]).presence = Presence::Absent;
                },
                [true, true, false, false],
            ),
            (
                "a template",
                |a| a.templates.push(template("t").into()),
                [true, true, false, true],
            ),
            (
                "both",
                |a| {
                    a.connectors.push(connector("x", None).into());
                    a.templates.push(template("t").into());
                },
                [true; 4],
            ),
            (
                "an account to remove",
                |a| {
                    a.presence = Presence::Absent;
                    a.connectors.push(connector("x", None).into());
                },
                [true, true, false, false],
            ),
        ];
        for (case, change, expected) in cases {
            let (scope, account) = scope_of(change);
            let found = [
                account.connectors,
                account.cycles,
                scope.library,
                scope.templates,
            ];
            assert_eq!(found, expected, "{case}");
        }
    }

    #[test]
    fn only_plain_properties_are_kept() {
        let (_, account) = scope_of(|account| {
            let mut spec = connector(
                "x",
                Some(AuthSpec::OAuth2Client {
                    client_id: Value::Text("id".into()),
                    client_secret: SecretRef::Env("S".into()),
                }),
            );
            spec.properties = by_name([
                ("Plain".into(), sourced(Value::Text("p".into()))),
                (
                    "Hidden".into(),
                    sourced(Value::Secret(SecretRef::Env("H".into()))),
                ),
            ]);
            account.connectors.push(spec.into());
        });
        let names: Vec<_> = account.plain_properties["x"].iter().collect();
        assert_eq!(names, ["ClientId", "Plain"]);
    }

    /// What another entry holds as a secret under that name must not come out of the instance.
    #[test]
    fn a_former_name_keeps_no_secret() {
        let (_, account) = scope_of(|account| {
            let mut new = connector("new", None).moved(&["old"]).text("Plain", "p");
            new = new.text("Either", "e");
            let mut old = connector("old", None).moved(&["new"]);
            old = old.hidden("Either", "E");
            account.connectors.extend([new, old].map(Arc::new));
        });
        for name in ["new", "old", "new (gangplank: moving)"] {
            let names: Vec<_> = account.plain_properties[name].iter().collect();
            let expected: &[&str] = match name {
                "new (gangplank: moving)" => &["Either", "Plain"],
                _ => &["Plain"],
            };
            assert_eq!(names, expected, "{name}");
        }
    }

    #[test]
    fn an_exclusive_account_is_read_whole() {
        let (scope, account) = scope_of(|spec| *spec = spec.clone().exclusive());
        assert!(account.connectors && account.cycles && !account.sub_accounts);
        assert!(!scope.undeclared && !scope.library && !scope.templates);
    }

    #[test]
    fn steps_without_declarations_are_not_read() {
        let (_, account) = scope_of(|account| {
            let mut spec = template("t");
            spec.steps = by_name([
                ("Empty".into(), StepSpec::default()),
                (
                    "Add".into(),
                    StepSpec {
                        parameters: gangplank_model::ByName::new(),
                        fields: by_name([("Email".into(), sourced(MappingSpec::fixed("x")))]),
                    },
                ),
            ]);
            account.templates.push(spec.into());
        });
        let expected = StepScope {
            parameters: false,
            fields: true,
        };
        assert_eq!(
            account.templates[0].steps,
            BTreeMap::from([("Add".to_owned(), expected)])
        );
        assert!(!account.templates[0].variables);
    }
}
