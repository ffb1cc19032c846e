//! What a simulation is about: an instance, what is wanted of it first, and what is wanted then.

mod wish;

use fastrand::Rng;
use gangplank_manifest::{MemorySources, load};
use gangplank_model::{Desired, Secret, SecretRef, Value};
use gangplank_sandbox::World;
use gangplank_secrets::Secrets;
use std::collections::BTreeSet;
use std::sync::LazyLock;
use wish::Wishes;

static WORLD: LazyLock<World> = LazyLock::new(|| {
    World::from_yaml(include_str!("world.yaml")).expect("the world of simulations is well-formed")
});

/// Begins every secret value, so that one that leaks is found.
pub(crate) const CANARY: &str = "canary-7f3a9c";

/// One scene.
#[derive(Debug)]
pub(crate) struct Scene {
    /// Where the instance's switches stand.
    pub(crate) variants: Vec<(String, String)>,
    /// What the instance was brought to before trouble begins; often nothing.
    pub(crate) before: Option<Wanted>,
    /// What is wanted of it.
    pub(crate) wanted: Wanted,
    /// What somebody else wants of it at the same time: the same objects, some with other values.
    pub(crate) other: Option<Wanted>,
}

/// A manifest and the values behind its references.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) text: String,
    pub(crate) desired: Desired,
    pub(crate) secrets: Secrets,
}

impl Scene {
    /// Draws a scene.
    pub(crate) fn draw(random: &mut Rng) -> Self {
        let first = Wishes::draw(random);
        let (before, wanted) = if random.bool() {
            let then = first.changed(random);
            (Some(first), then)
        } else {
            (None, first)
        };
        let text = |wishes: &Wishes| Wanted::of(wishes.text()).expect("wishes are well-formed");
        Self {
            variants: Vec::new(),
            before: before.as_ref().map(text),
            other: random.bool().then(|| text(&wanted.otherwise(random))),
            wanted: text(&wanted),
        }
    }

    /// The instance before anybody wanted anything of it.
    pub(crate) fn world() -> World {
        WORLD.clone()
    }
}

impl Wanted {
    /// Reads a manifest; every reference in it gets a value.
    pub(crate) fn of(text: String) -> Result<Self, String> {
        let files = MemorySources::default().with("simulated.yaml", text.as_str());
        let (manifest, mut problems) = load(&files, &["simulated.yaml".to_owned()]);
        let (desired, more) = manifest.desired(None);
        problems.extend(more);
        if problems.has_errors() {
            return Err(format!("{problems:?}\n{text}"));
        }
        let mut references = BTreeSet::new();
        for connector in desired.accounts.iter().flat_map(|it| &it.connectors) {
            if let Some(auth) = &connector.auth {
                references.extend(auth.value.secrets().into_iter().cloned());
            }
            let properties = connector.properties.values();
            references.extend(properties.filter_map(|it| Value::secret(&it.value).cloned()));
        }
        let secret = |reference: SecretRef| {
            let value = Secret::new(format!("{CANARY}-{reference}"));
            (reference, value)
        };
        let secrets = references.into_iter().map(secret).collect();
        Ok(Self {
            text,
            desired,
            secrets,
        })
    }
}
