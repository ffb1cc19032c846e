//! Secrets are references; a literal in their place is told of and never repeated.

use crate::decode::{Decode, List};
use crate::entry::{Scalar, entry, replaces};
use crate::node::{Kind, Node};
use crate::reference::doubtful_parts;
use crate::secrecy::guarded;
use gangplank_model::code;
use gangplank_model::{Diagnostic, Origin, Problems, Sourced, VaultEngine};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

const HOW: &str = "write `{ env: NAME }` for an environment variable, `{ file: PATH }` for a file, \
    `{ vault: kv/PATH, field: NAME }`, `{ sops: FILE, key: NAME }` or `{ command: [PROGRAM, WORD] }`";

entry! {
    /// Where a secret is read from, at the last moment: one of `env`, `file`, `vault` with `field`, `sops`
    /// with `key`, or `command`.
    #[schemars(rename = "secret", extend("oneOf" = [
        { "required": ["env"], "maxProperties": 1 },
        { "required": ["file"], "maxProperties": 1 },
        {
            "required": ["vault", "field"],
            "propertyNames": { "enum": ["vault", "field", "engine"] }
        },
        { "required": ["sops", "key"], "maxProperties": 2 },
        { "required": ["command"], "maxProperties": 1 },
    ]))]
    secret ReferenceEntry ("a secret reference") {
        /// The environment variable that holds the secret, such as `ACME_API_KEY`.
        #[schemars(extend("pattern" = crate::pattern::VARIABLE))]
        #[schemars(extend("examples" = ["ACME_API_KEY"]))]
        env: String,
        /// A file that holds the secret, relative to the manifest's folder; one trailing newline is cut.
        #[schemars(extend("pattern" = crate::pattern::PATH))]
        #[schemars(extend("examples" = ["secrets/acme.key"]))]
        file: String,
        /// A secret of Vault or OpenBao: the mount of a key-value engine and the path in it, such as
        /// `kv/acme/hubspot`.
        #[schemars(extend("pattern" = crate::pattern::VAULT_PATH))]
        #[schemars(extend("examples" = ["kv/acme/hubspot"]))]
        vault: String,
        /// The field of the vault's secret.
        #[schemars(extend("pattern" = crate::pattern::WORD))]
        #[schemars(extend("examples" = ["api_key"]))]
        field: String,
        /// The version of the key-value engine; the server is asked when it is not given.
        engine: EngineEntry,
        /// A YAML or JSON file that SOPS encrypted with age, relative to the manifest's folder.
        #[schemars(extend("pattern" = crate::pattern::PATH))]
        #[schemars(extend("examples" = ["secrets.sops.yaml"]))]
        sops: String,
        /// The value in the SOPS file: keys and places in lists, joined by dots, such as `customers.acme.key`.
        #[schemars(extend("pattern" = crate::pattern::WORD))]
        #[schemars(extend("examples" = ["customers.acme.key"]))]
        key: String,
        /// A program and its arguments; what it prints is the secret. Runs only with --allow-commands.
        #[schemars(extend("minItems" = 1))]
        #[schemars(extend("examples" = [["op", "read", "op://vault/acme/key"]]))]
        command: WordsEntry,
    }
}

/// A reference to a secret.
#[derive(Clone, Debug)]
pub(crate) enum SecretEntry {
    /// An environment variable.
    Env(Sourced<String>),
    /// A file, relative to the manifest's folder.
    File(Sourced<String>),
    /// A field of a secret in a vault.
    Vault(Sourced<String>, Sourced<String>, Option<VaultEngine>),
    /// A value of an encrypted file.
    Sops(Sourced<String>, Sourced<String>),
    /// What a command prints.
    Command(Sourced<Vec<Sourced<String>>>),
}

impl SecretEntry {
    /// Where its main part is written.
    pub(crate) fn origin(&self) -> &Origin {
        match self {
            Self::Env(main) | Self::File(main) | Self::Vault(main, ..) | Self::Sops(main, _) => {
                &main.origin
            }
            Self::Command(words) => &words.origin,
        }
    }
}

/// The version of a key-value engine.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EngineEntry(pub(crate) VaultEngine);

/// The words of a command, which stand or fall together.
#[derive(Clone, Debug)]
pub(crate) struct WordsEntry(pub(crate) Vec<Sourced<String>>);

impl Decode for WordsEntry {
    fn decode(node: Node, problems: &mut Problems) -> Option<Self> {
        if matches!(node.kind, Kind::List(_)) {
            return List::decode(node, problems).map(|list| Self(list.0));
        }
        let hint = "write the program and each argument as a list: `[pass, show, hubspot]`";
        problems.push(crate::parse::wrong(&node, "a list", hint));
        None
    }
}

impl JsonSchema for WordsEntry {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "words".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "array",
            "prefixItems": [{ "type": "string", "pattern": crate::pattern::PROGRAM }],
            "items": { "type": "string", "pattern": crate::pattern::ARGUMENT },
        })
    }
}

replaces!(SecretEntry, ValueEntry, EngineEntry, WordsEntry);

impl Decode for EngineEntry {
    fn decode(node: Node, problems: &mut Problems) -> Option<Self> {
        match node.scalar() {
            Some("kv1") => Some(Self(VaultEngine::Kv1)),
            Some("kv2") => Some(Self(VaultEngine::Kv2)),
            _ => {
                problems.push(
                    Diagnostic::error(code::VAULT_ENGINE, "not a version of the key-value engine")
                        .at_hidden(&node.origin, "expected kv1 or kv2")
                        .hint("leave `engine` out, and the server is asked"),
                );
                None
            }
        }
    }
}

impl JsonSchema for EngineEntry {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "engine".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "enum": ["kv1", "kv2"] })
    }
}

impl Decode for SecretEntry {
    fn decode(node: Node, problems: &mut Problems) -> Option<Self> {
        guarded(node, problems, |node, problems| {
            if !matches!(node.kind, Kind::Map(_)) {
                problems.push(literal(&node.origin, node.described()));
                return None;
            }
            let origin = node.origin.clone();
            let before = problems.found();
            let entry = ReferenceEntry::decode(node, problems)?;
            if problems.found() > before {
                return None;
            }
            let unfinished = unfinished(&entry);
            let form = form(entry);
            // Faults in it are told when it is lowered; other problems of its line may be told before.
            for part in form.iter().flat_map(doubtful_parts) {
                problems.hide(part);
            }
            if form.is_none() {
                problems.push(match unfinished {
                    Some((summary, hint)) => Diagnostic::error(code::MISSING_KEY, summary)
                        .at_hidden(&origin, "not in here")
                        .hint(hint),
                    None => {
                        Diagnostic::error(code::SECRET_REFERENCE, "a secret reference has one form")
                            .at_hidden(&origin, "")
                            .hint(HOW)
                    }
                });
            }
            form
        })
    }
}

/// What a form that was begun lacks, with what to write.
fn unfinished(entry: &ReferenceEntry) -> Option<(&'static str, &'static str)> {
    let ReferenceEntry {
        env,
        file,
        vault,
        field,
        engine: _,
        sops,
        key,
        command,
    } = entry;
    let given = (
        [&env.0, &file.0].iter().any(|it| it.is_some()),
        vault.0.is_some() && field.0.is_none(),
        sops.0.is_some() && key.0.is_none(),
        command.get(),
    );
    match given {
        (false, true, false, None) if sops.0.is_none() && key.0.is_none() => Some((
            "a reference into the vault needs the key \"field\"",
            "write `{ vault: kv/PATH, field: NAME }`; a vault's secret has several fields",
        )),
        (false, false, true, None) if vault.0.is_none() && field.0.is_none() => Some((
            "a reference into a SOPS file needs the key \"key\"",
            "write `{ sops: FILE, key: NAME }`, with dots between the names that lead to it",
        )),
        (false, false, false, Some(words)) if words.0.is_empty() => Some((
            "a command needs a program",
            "write a list: `[PROGRAM, WORD]`, the program first, then each argument",
        )),
        _ => None,
    }
}

/// The one form that was written; `None` when it is none, or several.
fn form(entry: ReferenceEntry) -> Option<SecretEntry> {
    let ReferenceEntry {
        env,
        file,
        vault,
        field,
        engine,
        sops,
        key,
        command,
    } = entry;
    let of_vault = (vault.0, field.0, engine.0);
    let of_sops = (sops.0, key.0);
    match (env.0, file.0, of_vault, of_sops, command.0) {
        (Some(name), None, (None, None, None), (None, None), None) => Some(SecretEntry::Env(name)),
        (None, Some(path), (None, None, None), (None, None), None) => Some(SecretEntry::File(path)),
        (None, None, (Some(path), Some(field), engine), (None, None), None) => Some(
            SecretEntry::Vault(path, field, engine.map(|engine| engine.value.0)),
        ),
        (None, None, (None, None, None), (Some(file), Some(key)), None) => {
            Some(SecretEntry::Sops(file, key))
        }
        (None, None, (None, None, None), (None, None), Some(words)) => {
            let words = words.map(|words| words.0);
            (!words.value.is_empty()).then_some(SecretEntry::Command(words))
        }
        _ => None,
    }
}

/// Something other than a reference where a secret belongs.
pub(crate) fn literal(origin: &Origin, found: &str) -> Diagnostic {
    Diagnostic::error(
        code::LITERAL_SECRET,
        format!("expected a secret reference, found {found}"),
    )
    .at_hidden(origin, "a secret is never written into a manifest")
    .detail("If it was committed, treat it as known to others and replace it at its source.")
    .hint(HOW)
}

impl JsonSchema for SecretEntry {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "secret".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<ReferenceEntry>()
    }
}

/// Plain text, a number or a flag, or a reference to a secret.
#[derive(Clone, Debug)]
pub(crate) enum ValueEntry {
    /// As it was written.
    Text(String),
    /// To be read at the last moment.
    Secret(SecretEntry),
}

impl Decode for ValueEntry {
    fn decode(node: Node, problems: &mut Problems) -> Option<Self> {
        match node.scalar() {
            Some(text) => Some(Self::Text(text.to_owned())),
            None if matches!(node.kind, Kind::Map(_)) => {
                SecretEntry::decode(node, problems).map(Self::Secret)
            }
            None => guarded(node, problems, |node, problems| {
                Scalar::decode(node, problems).map(|scalar| Self::Text(scalar.0))
            }),
        }
    }
}

impl JsonSchema for ValueEntry {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "value".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let secret = generator.subschema_for::<ReferenceEntry>();
        json_schema!({ "anyOf": [{ "type": ["string", "number", "boolean"] }, secret] })
    }
}
