//! One customer's credential in another customer's account.

use super::Found;
use super::layer::{Layers, connectors};
use crate::decode::Keyed as _;
use crate::entry::{AuthEntry, ConnectorEntry, SecretEntry, Typed};
use crate::expression::is_expression;
use gangplank_model::{Diagnostic, Origin, Sourced, code};
use std::collections::{HashMap, HashSet};

const PARTNER: &str = "for your own connector, say `partner: true`";

/// A reference without an expression is the same for every account that has it. The partner's own
/// connector may well have one key for all; a customer's may not.
pub(super) fn lint(layers: &Layers<'_>, found: &mut Found<'_>) {
    if !found.wants(code::SHARED_CREDENTIAL) {
        return;
    }
    let entries = || layers.all.iter().flat_map(|layer| connectors(layer.body));
    let partner: HashSet<&str> = entries()
        .filter(|entry| !matches!(entry.value.partner.get(), None | Some(Typed::Given(false))))
        .filter_map(|entry| entry.value.key())
        .collect();
    let own = |entry: &ConnectorEntry| entry.key().is_none_or(|key| !partner.contains(key));
    let mut seen: HashMap<String, (usize, &Origin)> = HashMap::new();
    for (index, layer) in layers.all.iter().enumerate() {
        for entry in connectors(layer.body).filter(|entry| own(&entry.value)) {
            let Some(reference) = entry.value.auth.get().and_then(credential) else {
                continue;
            };
            let words = words(reference);
            if words.iter().any(|word| is_expression(&word.value)) {
                continue;
            }
            let origin = &words[0].origin;
            if layer.accounts > 1 {
                found.push(
                    shared()
                        .at(origin, "the same for every account that has this")
                        .hint("put the account into the reference: `{{ account.id }}`")
                        .hint(PARTNER),
                );
                continue;
            }
            let text: Vec<&str> = words.iter().map(|word| word.value.as_str()).collect();
            match seen.get(&text.join("\n")) {
                Some((first, _)) if *first == index => {}
                Some((_, first)) => {
                    let problem = shared().at(origin, "again here").at(first, "first here");
                    found.push(problem.hint(PARTNER));
                }
                None => {
                    seen.insert(text.join("\n"), (index, origin));
                }
            }
        }
    }
}

fn shared() -> Diagnostic {
    Diagnostic::warning(
        code::SHARED_CREDENTIAL,
        "a credential that several accounts share",
    )
    .detail(
        "Customers would work with each other's data, unless it is your own credential at the third \
         party.",
    )
}

/// What stands for one customer at the third party.
pub(super) fn credential(auth: &AuthEntry) -> Option<&SecretEntry> {
    match auth {
        AuthEntry::ApiKey(secret) => Some(secret),
        AuthEntry::Basic(basic) => basic.password.get(),
        AuthEntry::Tokens(tokens) => tokens.access_token.get(),
        // An application of the partner's at the third party may serve all.
        AuthEntry::None
        | AuthEntry::SignInOAuth2
        | AuthEntry::SignInOAuth1
        | AuthEntry::Client(_)
        | AuthEntry::Fields(_) => None,
    }
}

/// The words of a reference, at least one.
pub(super) fn words(reference: &SecretEntry) -> Vec<&Sourced<String>> {
    match reference {
        SecretEntry::Env(word) | SecretEntry::File(word) => vec![word],
        SecretEntry::Vault(path, field, _) => vec![path, field],
        SecretEntry::Sops(file, key) => vec![file, key],
        SecretEntry::Command(command) => command.value.iter().collect(),
    }
}
