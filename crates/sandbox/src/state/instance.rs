//! `Instance`: all that a partner's console would hold, and what changed since it was stored.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::load::draw_out;
use super::{Identity, Library, People};
use crate::variant::{Switch, Variants};
use crate::world::{
    Account, AccountConnector, AuthType, Authentication, Connector, Cycle, CycleStatus, Folder,
    Marketplace, Parameter, Partner, World,
};

/// The state of the sandbox.
#[derive(Debug)]
pub(crate) struct Instance {
    pub(crate) partner: Partner,
    /// The switches as the world gives them, for its dump.
    pub(crate) world_variants: BTreeMap<String, String>,
    pub(crate) variants: Variants,
    pub(crate) standard_library: bool,
    pub(crate) library: Library,
    /// Folders that templates can be imported into.
    pub(crate) folders: Vec<Folder>,
    /// Whether an import changed the library.
    pub(crate) library_changed: bool,
    /// Accounts by key, see [`Instance::key`].
    pub(crate) accounts: BTreeMap<String, Account>,
    /// Users of all accounts, and their one-time sign-in tokens.
    pub(crate) people: People,
    pub(crate) marketplaces: Vec<Marketplace>,
    pub(crate) identity: Identity,
    /// The last number given to a new object.
    pub(crate) counter: u64,
    /// Keys of the accounts that were changed or removed.
    pub(crate) changed: BTreeSet<String>,
    /// Keys of the accounts whose cycles are as the world gives them, with all that they leave out.
    pub(crate) sketched: BTreeSet<String>,
    /// Keys of the accounts that are to be removed (U11), and when, in milliseconds since 1970.
    pub(crate) leaving: BTreeMap<String, i64>,
}

impl Instance {
    /// How an account's id is compared (U23).
    pub(crate) fn key(&self, id: &str) -> String {
        if self.variants.is(Switch::U23, "sensitive") {
            id.to_owned()
        } else {
            id.to_lowercase()
        }
    }

    /// The next number of a new object; later objects have higher ones.
    pub(crate) fn next_number(&mut self) -> u64 {
        self.counter += 1;
        self.counter
    }

    /// A GUID for a new object.
    pub(crate) fn next_guid(&mut self, kind: &str) -> String {
        let number = self.next_number().to_string();
        self.identity.guid(&[kind, &number])
    }

    /// Fills in what the cycles of an account leave out, the first time that somebody asks for them.
    pub(crate) fn open(&mut self, key: &str) {
        if self.sketched.remove(key)
            && let Some(mut account) = self.accounts.remove(key)
        {
            draw_out(self, &mut account);
            self.accounts.insert(key.to_owned(), account);
        }
    }

    /// Takes an account away; its key is free for another.
    pub(crate) fn remove_account(&mut self, key: &str) -> Option<Account> {
        self.sketched.remove(key);
        self.leaving.remove(key);
        self.accounts.remove(key)
    }

    /// Every account in full.
    pub(crate) fn opened(&self) -> impl Iterator<Item = Cow<'_, Account>> {
        self.accounts.iter().map(|(key, account)| {
            if !self.sketched.contains(key) {
                return Cow::Borrowed(account);
            }
            let mut account = account.clone();
            draw_out(self, &mut account);
            Cow::Owned(account)
        })
    }

    /// The whole instance as a world.
    pub(crate) fn world(&self) -> World {
        World {
            users: self.people.users().cloned().collect(),
            accounts: self.opened().map(Cow::into_owned).collect(),
            ..self.world_without_accounts()
        }
    }

    /// The instance without its accounts and users, which are stored one by one.
    pub(crate) fn world_without_accounts(&self) -> World {
        World {
            partner: self.partner.clone(),
            variants: self.world_variants.clone(),
            standard_library: self.standard_library,
            folders: self.folders.clone(),
            connectors: self.library.listed_connectors(),
            templates: self.library.listed_templates(),
            marketplaces: self.marketplaces.clone(),
            users: Vec::new(),
            accounts: Vec::new(),
        }
    }

    /// Whether an installed connector counts as authenticated with what it holds.
    pub(crate) fn holds_credential(&self, installed: &AccountConnector) -> bool {
        let Some(entry) = self.library.find(&installed.connector) else {
            return false;
        };
        let connector = &entry.connector;
        if connector.is_system_connector {
            return true;
        }
        match installed.authentication(connector).map(|one| one.auth_type) {
            None | Some(AuthType::None) => true,
            // The format is undocumented; properties are presumed (cyclr-api.md 2.6).
            Some(AuthType::AuthFields) => {
                (connector.required_properties().next().is_some()
                    && installed.has_required_properties(connector))
                    || credential_is_accepted(&self.variants, installed)
            }
            Some(_) => credential_is_accepted(&self.variants, installed),
        }
    }
}

/// U17: any credential is believed at once, or none before the first call.
fn credential_is_accepted(variants: &Variants, installed: &AccountConnector) -> bool {
    !variants.is(Switch::U17, "lazy")
        && installed
            .auth_value
            .as_ref()
            .is_some_and(|value| !value.reveal().is_empty())
}

/// What an installation has to be given.
impl Connector {
    /// The parameters that an installation has to set as properties.
    pub(crate) fn required_properties(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters
            .iter()
            .filter(|one| one.is_account_connector_property && !one.is_optional)
    }
}

/// What an installation was given.
impl AccountConnector {
    /// The authentication method: the chosen one, or else the connector's first.
    pub(crate) fn authentication<'a>(
        &self,
        connector: &'a Connector,
    ) -> Option<&'a Authentication> {
        let mut methods = connector.authentication.iter();
        match &self.authentication_id {
            Some(id) => methods.find(|one| one.id.eq_ignore_ascii_case(id)),
            None => methods.next(),
        }
    }

    /// Whether all properties that the connector requires have a value.
    pub(crate) fn has_required_properties(&self, connector: &Connector) -> bool {
        connector.required_properties().all(|wanted| {
            self.properties.iter().any(|property| {
                let value = property.value.as_ref();
                property.name.eq_ignore_ascii_case(&wanted.target_name)
                    && value.is_some_and(|value| !value.reveal().is_empty())
            })
        })
    }
}

/// Finding things in an account.
impl Account {
    /// An installed connector by its id.
    pub(crate) fn connector(&self, id: u64) -> Option<&AccountConnector> {
        self.connectors.iter().find(|one| one.id == id)
    }

    /// An installed connector by its id, to be changed.
    pub(crate) fn connector_mut(&mut self, id: u64) -> Option<&mut AccountConnector> {
        self.connectors.iter_mut().find(|one| one.id == id)
    }

    /// Whether an installed connector other than `except` has the name.
    pub(crate) fn has_connector_named(&self, name: &str, except: u64) -> bool {
        let lower = name.to_lowercase();
        self.connectors
            .iter()
            .any(|one| one.id != except && one.name.to_lowercase() == lower)
    }

    /// Whether a user may enter it.
    pub(crate) fn has_user(&self, name: &str) -> bool {
        let lower = name.to_lowercase();
        self.users
            .iter()
            .any(|one| one.user_name.to_lowercase() == lower)
    }

    /// A cycle by its id, also one that is about to be deleted.
    pub(crate) fn cycle(&self, id: &str) -> Option<&Cycle> {
        self.cycles
            .iter()
            .find(|one| one.id.eq_ignore_ascii_case(id))
    }

    /// Whether a cycle is there that is not about to be deleted.
    pub(crate) fn has_live_cycle(&self) -> bool {
        let mut cycles = self.cycles.iter();
        cycles.any(|cycle| cycle.status != CycleStatus::DeleteScheduled)
    }

    /// Steps that its cycles have run.
    pub(crate) fn tasks_used(&self) -> u64 {
        let used = self.cycles.iter().map(|cycle| cycle.tasks_used);
        used.fold(0, u64::saturating_add)
    }
}
