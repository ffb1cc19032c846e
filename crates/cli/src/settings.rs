//! Where to talk to and as whom, resolved from arguments, manifest and secrets.

use crate::args::{MOST, TargetArgs};
use crate::embedded::Embedded;
use crate::exit::Exit;
use crate::printer::{self, Printer};
use gangplank_cyclr::{Client, Config, Sensitive};
use gangplank_model::{Desired, InstanceRef, InstanceSpec, SecretRef, Value};
use gangplank_secrets::{MarkKey, Secrets};

/// A client and what belongs to it.
#[derive(Debug)]
pub(crate) struct Connection {
    /// The API client.
    pub(crate) client: Client,
    /// The key of fingerprints.
    pub(crate) mark_key: MarkKey,
    /// Whether marks may be kept.
    pub(crate) marks: bool,
    /// How the plan names the instance.
    pub(crate) instance: InstanceRef,
    /// The sandbox, when it is the instance.
    pub(crate) embedded: Option<Embedded>,
}

/// The references that have to be known before the first call.
pub(crate) fn instance_secrets(args: &TargetArgs, desired: &Desired) -> Vec<SecretRef> {
    if args.sandbox.is_some() {
        return Vec::new();
    }
    let Some(instance) = &desired.instance else {
        return Vec::new();
    };
    let InstanceSpec {
        client_id,
        client_secret,
        marks_key,
        ..
    } = instance;
    client_id
        .secret()
        .into_iter()
        .chain([client_secret])
        .chain(marks_key)
        .cloned()
        .collect()
}

/// Makes the client; no call is made yet.
pub(crate) async fn connect(
    args: &TargetArgs,
    desired: &Desired,
    secrets: &Secrets,
    printer: Printer,
) -> Result<Connection, Exit> {
    let marks = desired
        .instance
        .as_ref()
        .is_none_or(|instance| instance.marks);
    if let Some(database) = &args.sandbox {
        let embedded = match Embedded::start(database).await {
            Ok(embedded) => embedded,
            Err(error) => {
                printer.error(&format!(
                    "the sandbox in {} does not open: {}",
                    database.display(),
                    flat(&error)
                ));
                return Err(Exit::Failed);
            }
        };
        let (id, secret) = embedded.credentials.clone();
        let secret = gangplank_model::Secret::new(secret);
        return Ok(Connection {
            client: client(args, &embedded.url(), id, secret.expose(), printer)?,
            mark_key: MarkKey::derive(&secret),
            marks,
            instance: InstanceRef {
                name: "sandbox".into(),
                api_url: "embedded".into(),
            },
            embedded: Some(embedded),
        });
    }
    let Some(instance) = &desired.instance else {
        printer.error("no instance is declared");
        printer::hint(
            "declare one under `instances:` in the manifest, or try the plan on an embedded one with \
             --sandbox",
        );
        return Err(Exit::Invalid);
    };
    let secret = value(secrets, &instance.client_secret);
    let id = match &instance.client_id {
        Value::Text(text) => text.clone(),
        Value::Secret(reference) => value(secrets, reference).expose().to_owned(),
    };
    let mark_key = instance
        .marks_key
        .as_ref()
        .map_or(secret, |key| value(secrets, key));
    Ok(Connection {
        client: client(args, &instance.api_url, id, secret.expose(), printer)?,
        mark_key: MarkKey::derive(mark_key),
        marks,
        instance: InstanceRef {
            name: instance.name.clone(),
            api_url: instance.api_url.clone(),
        },
        embedded: None,
    })
}

fn value<'a>(secrets: &'a Secrets, reference: &SecretRef) -> &'a gangplank_model::Secret {
    secrets
        .get(reference)
        .expect("the instance's secrets were resolved before")
}

fn client(
    args: &TargetArgs,
    api_url: &str,
    client_id: String,
    secret: &str,
    printer: Printer,
) -> Result<Client, Exit> {
    let mut config = Config::new(api_url, client_id, Sensitive::new(secret.to_owned()));
    config.rate = args.limits.rate;
    config.concurrency = usize::from(args.limits.concurrency.unwrap_or(MOST));
    Client::new(config).map_err(|error| {
        printer.error(&flat(&error));
        Exit::Invalid
    })
}

/// An error and its causes on one line.
pub(crate) fn flat(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(source) = cause {
        text = format!("{text}: {source}");
        cause = source.source();
    }
    text
}
