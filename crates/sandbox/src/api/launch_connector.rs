//! `ConnectorAuthentications`: the partner's own connectors, ready before the customer comes
//! (cyclr-api.md 2.10).

use super::account_connector::replace;
use super::install::{add, choose_authentication, prepare, set_credential};
use super::property;
use crate::call::Call;
use crate::input::{Given, Input};
use crate::reply::Refusal;
use crate::variant::Switch;
use crate::world::{AccountConnector, Connector, ConnectorReference};

/// An installed connector as a LAUNCH call wants it: a new one, or a changed one.
pub(super) enum Wanted {
    New(AccountConnector),
    Changed(AccountConnector),
}

/// What the body says about connectors, checked before anything is changed.
pub(super) fn read(
    call: &mut Call<'_>,
    input: &Input,
    account_is_new: bool,
) -> Result<Vec<Wanted>, Refusal> {
    let mut given = input.one_or_list("ConnectorAuthentications")?;
    if account_is_new {
        // The older form counted only where the call made the account (cyclr-api.md 2.10).
        given.extend(input.one_or_list("PartnerConnector")?);
    }
    let mut wanted = Vec::new();
    for one in given {
        let reference = ConnectorReference {
            custom_id: None,
            name: one.text("Name")?.value().unwrap_or_default(),
            version: one
                .text("Version")?
                .value()
                .filter(|text| !text.is_empty() && text != "null"),
        };
        // Types are checked before anything is looked up, as binding a model does.
        one.text("AuthenticationId")?;
        one.text("AuthValue")?;
        let entry = call.instance.library.find(&reference);
        let Some(connector) = entry.map(|entry| entry.connector.clone()) else {
            if call.instance.variants.is(Switch::LaunchConnector, "400") {
                return Err(Refusal::bad_request(format!(
                    "Connector '{}' not found.",
                    reference.name
                )));
            }
            continue;
        };
        let existing = call.account().ok().and_then(|account| {
            let mut connectors = account.connectors.iter();
            connectors.find(|known| known.name.eq_ignore_ascii_case(&reference.name))
        });
        wanted.push(match existing.cloned() {
            Some(known) => Wanted::Changed(change(call, &connector, known, &one)?),
            None => Wanted::New(prepare(call, &connector, &one)?),
        });
    }
    Ok(wanted)
}

fn change(
    call: &mut Call<'_>,
    connector: &Connector,
    mut changed: AccountConnector,
    input: &Input,
) -> Result<AccountConnector, Refusal> {
    choose_authentication(&mut changed, connector, input.text("AuthenticationId")?)?;
    for given in input.list("Properties")?.value().unwrap_or_default() {
        property::upsert(call, &mut changed, &given)?;
    }
    if let Given::Value(value) = input.text("AuthValue")? {
        set_credential(call, &mut changed, value)?;
    }
    let was = changed.authenticated == Some(true);
    changed.authenticated = Some(was || call.instance.holds_credential(&changed));
    Ok(changed)
}

/// Puts them into the call's account; a name that is named twice is installed once.
pub(super) fn write(call: &mut Call<'_>, wanted: Vec<Wanted>) -> Result<(), Refusal> {
    for one in wanted {
        match one {
            Wanted::Changed(changed) => replace(call, changed)?,
            Wanted::New(new) if call.account()?.has_connector_named(&new.name, 0) => {}
            Wanted::New(new) => {
                add(call, new)?;
            }
        }
    }
    Ok(())
}
